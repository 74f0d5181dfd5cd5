"""Environments of the library: one that compiles with types, one per set of variables, and one that evaluates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from dsgen.kubernetes.cel.functions import FUNCTIONS
from dsgen.kubernetes.cel.library import loaded
from dsgen.kubernetes.cel.signatures import OPAQUE, PARAMETERS, signatures
from dsgen.kubernetes.cel.types import Type

# The library's extensions with macros. Its functions for strings differ from those of the version that Kubernetes has.
_EXTENSIONS: Final = ("two-var-comprehensions", "sets", "optional")
_SORTING_SINCE: Final = 34
# What evaluates: functions that the library has as Kubernetes does.
_EVALUATED: Final = (
    "extensions: ["
    + ", ".join(
        f"{{name: {name}, version: 2}}" if name in ("strings", "lists") else f"{{name: {name}}}"
        for name in (*_EXTENSIONS, "strings", "lists")
    )
    + "]"
)
_PACKAGE: Final = "kubernetes"


def checked(source: str, variables: Mapping[str, Type], minor: int) -> bytes:
    """Return the checked tree of an expression, as a minor version compiles it. Raises RuntimeError with the compiler's messages."""
    library = loaded()
    objects = Objects()
    declared = [{"name": name} | _described(objects.named(each)) for name, each in variables.items()]
    # It takes long to read all functions.
    functions = [each for name, each in _functions(minor).items() if name.rpartition(".")[2] in source]
    extensions: list[dict[str, Any]] = [{"name": name} for name in _EXTENSIONS]
    if minor >= _SORTING_SINCE:
        extensions.append({"name": "lists", "version": 2})
    config = json.dumps({"extensions": extensions, "functions": functions, "variables": declared})
    environment = library.NewEnv(config=library.NewEnvConfigFromYaml(config), descriptor_pool=objects.pool())
    serialized: bytes = environment.compile(source).serialize()
    return serialized


class Objects:
    """The types of objects, as messages of protocol buffers: the library knows the fields of nothing else."""

    def __init__(self) -> None:
        from google.protobuf import descriptor_pb2

        self._kinds = descriptor_pb2.FieldDescriptorProto
        self._file = descriptor_pb2.FileDescriptorProto(name="objects.proto", package=_PACKAGE, syntax="proto2")
        self._file.dependency.extend(f"google/protobuf/{name}.proto" for name in ("struct", "timestamp", "duration"))
        self._known: dict[int, str] = {}
        # The types are kept: their identities are the keys.
        self._types: list[Type] = []

    def named(self, type: Type) -> Type:
        """Return a type in which objects have names."""
        if type.fields is not None:
            return Type(f"{_PACKAGE}.{self._message(type)}")
        return Type(type.name, tuple(map(self.named, type.parameters)))

    def pool(self) -> Any:
        """Return the pool of all types."""
        from google.protobuf import descriptor_pool, duration_pb2, struct_pb2, timestamp_pb2

        pool = descriptor_pool.DescriptorPool()
        for file in (struct_pb2, timestamp_pb2, duration_pb2):
            pool.AddSerializedFile(file.DESCRIPTOR.serialized_pb)
        pool.AddSerializedFile(self._file.SerializeToString())
        return pool

    def _message(self, type: Type) -> str:
        name = self._known.get(id(type))
        if name is None:
            name = self._known[id(type)] = f"Object{len(self._known)}"
            self._types.append(type)
            message = self._file.message_type.add(name=name)
            message.options.deprecated_legacy_json_field_conflicts = True
            for number, (field, below) in enumerate((type.fields or {}).items(), 1):
                # Numbers from 19000 to 19999 are reserved.
                added = message.field.add(
                    name=field, number=number if number < 19000 else number + 1000, json_name=f"_{number}"
                )
                self._describe(added, below, message, type.fields or {})
        return name

    def _describe(self, field: Any, type: Type, message: Any, fields: Mapping[str, Type]) -> None:
        """Set the type of a field. Of lists of lists, of maps of lists and the like, the items are dynamic."""
        field.label = self._kinds.LABEL_OPTIONAL
        # A map is a list of messages whose name depends on that of the field.
        entry_name = "".join(part[:1].upper() + part[1:] for part in field.name.split("_")) + "Entry"
        taken = {each.name for each in message.nested_type}
        if type.name == "list" and type.parameters[0].name not in ("list", "map", "dyn"):
            field.label = self._kinds.LABEL_REPEATED
            self._scalar(field, type.parameters[0])
        elif (
            type.name == "map"
            and type.parameters[1].name not in ("list", "map", "dyn")
            and entry_name not in {*fields, *taken}
        ):
            entry = message.nested_type.add(name=entry_name)
            entry.options.map_entry = True
            entry.field.add(name="key", number=1, label=1, type=self._kinds.TYPE_STRING)
            self._scalar(entry.field.add(name="value", number=2, label=1), type.parameters[1])
            field.label = self._kinds.LABEL_REPEATED
            field.type, field.type_name = self._kinds.TYPE_MESSAGE, f".{_PACKAGE}.{message.name}.{entry.name}"
        else:
            self._scalar(field, type)

    def _scalar(self, field: Any, type: Type) -> None:
        kinds = self._kinds
        simple = {"bool": kinds.TYPE_BOOL, "int": kinds.TYPE_INT64, "double": kinds.TYPE_DOUBLE}
        simple |= {"string": kinds.TYPE_STRING, "bytes": kinds.TYPE_BYTES}
        known = {"list": "ListValue", "map": "Struct", "timestamp": "Timestamp", "duration": "Duration"}
        if type.fields is not None:
            field.type, field.type_name = kinds.TYPE_MESSAGE, f".{_PACKAGE}.{self._message(type)}"
        elif type.name in simple:
            field.type = simple[type.name]
        else:
            field.type, field.type_name = kinds.TYPE_MESSAGE, f".google.protobuf.{known.get(type.name, 'Value')}"


def own_name(function: str) -> str:
    """Return the name that a function of dsgen's own has in trees: that in expressions may be one of the library's."""
    return "dsgen_" + function.replace(".", "_").replace("@", "")


@cache
def evaluating() -> Any:
    """Return the environment that evaluates trees: each function of dsgen's own takes its arguments as one list."""
    library = loaded()
    types = library.Type
    functions = [
        library.FunctionDecl(
            own_name(name),
            [library.Overload(own_name(name), return_type=types.DYN, parameters=[types.List(types.DYN)], impl=each)],
        )
        for name, each in FUNCTIONS.items()
    ]
    return library.NewEnv(config=library.NewEnvConfigFromYaml(_EVALUATED), functions=functions)


def _described(type: Type) -> dict[str, Any]:
    """Return the form of a type in the library's configuration."""
    if type.name in PARAMETERS:
        return {"type_name": type.name, "is_type_param": True}
    name = {"optional": "optional_type", **OPAQUE}.get(type.name, type.name)
    return {"type_name": name, "params": list(map(_described, type.parameters))}


@cache
def _functions(minor: int) -> dict[str, Any]:
    overloads: dict[str, list[Any]] = {}
    for number, each in enumerate(signatures(minor)):
        arguments = list(map(_described, each.parameters))
        target = {"target": arguments.pop(0)} if each.is_member else {}
        overload = {"id": f"{each.name}_{number}", **target, "args": arguments, "return": _described(each.result)}
        overloads.setdefault(each.name, []).append(overload)
    return {name: {"name": name, "overloads": each} for name, each in overloads.items()}
