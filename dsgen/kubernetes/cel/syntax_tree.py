"""The syntax trees of expressions, in the protocol buffers in which the library writes and reads them (cel.expr)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

# Message → its fields: number, name and type, with `*` for a repeated one.
_MESSAGES: Final = {
    "Constant": "1 null_value enum, 2 bool_value bool, 3 int64_value int64, 4 uint64_value uint64, 5 double_value double, "
    "6 string_value string, 7 bytes_value bytes",
    "Ident": "1 name string",
    "Select": "1 operand Expr, 2 field string, 3 test_only bool",
    "Call": "1 target Expr, 2 function string, 3 args *Expr",
    "CreateList": "1 elements *Expr, 2 optional_indices *int32",
    "Entry": "1 id int64, 2 field_key string, 3 map_key Expr, 4 value Expr, 5 optional_entry bool",
    "CreateStruct": "1 message_name string, 2 entries *Entry",
    "Comprehension": "1 iter_var string, 8 iter_var2 string, 2 iter_range Expr, 3 accu_var string, 4 accu_init Expr, "
    "5 loop_condition Expr, 6 loop_step Expr, 7 result Expr",
    "Expr": "2 id int64, 3 const_expr Constant, 4 ident_expr Ident, 5 select_expr Select, 6 call_expr Call, "
    "7 list_expr CreateList, 8 struct_expr CreateStruct, 9 comprehension_expr Comprehension",
    "Empty": "",
    "ListType": "1 elem_type Type",
    "MapType": "1 key_type Type, 2 value_type Type",
    "AbstractType": "1 name string, 2 parameter_types *Type",
    "Type": "1 dyn Empty, 2 null enum, 3 primitive enum, 4 wrapper enum, 5 well_known enum, 6 list_type ListType, "
    "7 map_type MapType, 9 message_type string, 10 type_param string, 11 type Type, 14 abstract_type AbstractType",
    "Reference": "1 name string, 3 overload_id *string",
    "ReferenceEntry": "1 key int64, 2 value Reference",
    "TypeEntry": "1 key int64, 2 value Type",
    "Position": "1 key int64, 2 value int32",
    "SourceInfo": "1 syntax_version string, 2 location string, 3 line_offsets *int32, 4 positions *Position",
    "CheckedExpr": "2 reference_map *ReferenceEntry, 3 type_map *TypeEntry, 4 expr Expr, 5 source_info SourceInfo",
    "ParsedExpr": "2 expr Expr, 3 source_info SourceInfo",
    "Any": "1 type_url string, 2 value bytes",
}
_PRIMITIVES: Final = {"double": 1, "int64": 3, "uint64": 4, "int32": 5, "bool": 8, "string": 9, "bytes": 12, "enum": 5}
_MESSAGE: Final = 11
# The names of the enumerations `primitive` and `well_known` of types.
_PRIMITIVE_TYPES: Final = {1: "bool", 2: "int", 3: "uint", 4: "double", 5: "string", 6: "bytes"}
_WELL_KNOWN: Final = {1: "dyn", 2: "timestamp", 3: "duration"}
_PACKAGE: Final = "dsgen.cel"


@cache
def _classes() -> dict[str, Any]:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="dsgen_cel.proto", package=_PACKAGE, syntax="proto2")
    for name, fields in _MESSAGES.items():
        described = file.message_type.add(name=name)
        for field in filter(None, fields.split(", ")):
            number, called, kind = field.split()
            added = described.field.add(name=called, number=int(number), label=3 if kind[0] == "*" else 1)
            kind = kind.removeprefix("*")
            added.type = _PRIMITIVES.get(kind, _MESSAGE)
            if kind not in _PRIMITIVES:
                added.type_name = f".{_PACKAGE}.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")) for name in _MESSAGES
    }


def checked_tree(serialized: bytes) -> Any:
    """Return the checked tree that the library wrote: `expr`, `type_map` and `reference_map`."""
    wrapped = _classes()["Any"].FromString(serialized)
    return _classes()["CheckedExpr"].FromString(wrapped.value)


def parsed_bytes(expr: Any) -> bytes:
    """Return a tree as the library reads one that is not checked."""
    tree = _classes()["ParsedExpr"]()
    tree.expr.CopyFrom(expr)
    tree.source_info.SetInParent()
    wrapped: bytes = (
        _classes()["Any"](type_url="type.googleapis.com/cel.expr.ParsedExpr", value=tree.SerializeToString())
    ).SerializeToString()
    return wrapped


def operands(call: Any) -> list[Any]:
    """Return the arguments of a call, the first of which is the target of a member."""
    return [call.target, *call.args] if call.HasField("target") else list(call.args)


def below(expr: Any) -> list[Any]:
    """Return the expressions in one, in the order of the source."""
    if expr.HasField("select_expr"):
        return [expr.select_expr.operand]
    if expr.HasField("call_expr"):
        return operands(expr.call_expr)
    if expr.HasField("list_expr"):
        return list(expr.list_expr.elements)
    if expr.HasField("struct_expr"):
        return [each for entry in expr.struct_expr.entries for each in (entry.map_key, entry.value)]
    if expr.HasField("comprehension_expr"):
        loop = expr.comprehension_expr
        return [loop.iter_range, loop.accu_init, loop.loop_condition, loop.loop_step, loop.result]
    return []


def each_below(expr: Any) -> Iterator[Any]:
    """Yield an expression and all in it, the outermost first."""
    yield expr
    for each in below(expr):
        yield from each_below(each)


def types_of(tree: Any) -> dict[int, Any]:
    """Return the type of each expression in a checked tree, by its id; what has none is dynamic."""
    return {entry.key: entry.value for entry in tree.type_map}


def name_of(type: Any) -> str:
    """Return the name of a type: `list`, `string`, `kubernetes.Quantity`, or `dyn`."""
    if type is None:
        return "dyn"
    for kind, name in (("list_type", "list"), ("map_type", "map"), ("null", "null"), ("type", "type")):
        if type.HasField(kind):
            return name
    if type.HasField("primitive"):
        return _PRIMITIVE_TYPES[type.primitive]
    if type.HasField("well_known"):
        return _WELL_KNOWN[type.well_known]
    if type.HasField("message_type"):
        return str(type.message_type)
    return str(type.abstract_type.name) if type.HasField("abstract_type") else "dyn"


def inner_types(type: Any) -> list[Any]:
    """Return the types of which a type has values in it."""
    if type.HasField("list_type"):
        return [type.list_type.elem_type]
    if type.HasField("map_type"):
        return [type.map_type.key_type, type.map_type.value_type]
    return list(type.abstract_type.parameter_types) if type.HasField("abstract_type") else []
