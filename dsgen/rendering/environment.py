"""The Jinja2 environment of dsgen's templates: sandboxed, strict, and made for YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from typing import Any, Final

import jinja2
from jinja2 import compiler, filters, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, Undefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace, pass_context
from markupsafe import Markup

from dsgen.kubernetes import fields
from dsgen.problem import nearest
from dsgen.rendering.expressions import Placement
from dsgen.rendering.handles import CLOSE, NOTHING, OPEN, Absent, Kept
from dsgen.source import describe
from dsgen.tree import Map, Null, Value

# What Jinja2 itself makes and templates may look into: `loop.index`, `self.block`, an imported macro, a namespace.
_OWN: Final = (
    LoopContext,
    Macro,
    BlockReference,
    jinja2.environment.TemplateModule,
    jinja2.runtime.TemplateReference,
    Namespace,
)


class TemplateError(Exception):
    """A template asks for something that cannot be; found while it is rendered."""


class StrictUndefined(jinja2.StrictUndefined):
    """A name that does not exist: using it is an error that names the nearest one that does."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name, owner = str(self._undefined_name), self._undefined_obj
        if owner is jinja2.utils.missing:
            return f"`{name}` is undefined"
        known: Iterable[str] = ()
        if isinstance(owner, (Map, Absent)) and fields.known(owner.type):
            known = fields.known(owner.type)
            what = f"`{owner.type}` has no field `{name}`"
        elif isinstance(owner, dict):
            known = owner
            what = f"the map has no key `{name}`"
        else:
            filter = f"write the filter `| {name}`" if name in FILTERS else ""
            return f"{describe(owner)} has no `{name}`; {filter or 'templates see the keys of maps, no methods'}"
        hint = nearest(name, known)
        return f"{what}; {hint}" if hint else what


@cache
def _types() -> Mapping[str, Mapping[str, str]]:
    return fields.load().types


def absent(notation: str) -> Absent | None:
    """Return what stands for a field that is not given: none; for an object one whose fields are none too, for a list or map an empty one."""
    is_object = notation in _types() or notation.startswith(tuple(fields.CUSTOM.values()))
    return Absent(notation) if is_object or notation[:1] in "[{" else None


class Template(jinja2.Template):
    """A template whose imports are rendered anew each time, since handles live for one rendering."""

    def _get_default_module(self, ctx: Context | None = None) -> Any:
        return self.make_module(ctx.get_all() if ctx is not None else None, shared=ctx is not None)


class CodeGenerator(compiler.CodeGenerator):
    """Compiles templates without escaping: `finalize` lets nothing but handles and template text through."""

    def _output_child_pre(self, node: nodes.Expr, frame: compiler.Frame, finalize: Any) -> None:
        self.write(finalize.src)

    def _output_child_post(self, node: nodes.Expr, frame: compiler.Frame, finalize: Any) -> None:
        self.write(")")


class Environment(SandboxedEnvironment):
    """Values become handles; `held` are those of the rendering that goes on, in the order of their handles."""

    template_class = Template
    code_generator_class = CodeGenerator
    intercepted_binops = frozenset({"+", "*", "%"})

    def __init__(self, loader: jinja2.BaseLoader, bytecode_cache: jinja2.BytecodeCache | None = None) -> None:
        super().__init__(
            loader=loader,
            bytecode_cache=bytecode_cache,
            autoescape=True,
            finalize=_hold,
            undefined=StrictUndefined,
            extensions=[Placement],
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.held: list[object] = []
        self.globals = {"range": self.globals["range"], "namespace": Namespace}
        self.filters = {name: _values_only(name, function) for name, function in FILTERS.items()}
        self.filters["indent"] = filters.do_indent
        self.tests = {**self.tests, "none": _is_none}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the key `attribute` of a map, and nothing else: no methods, no attributes of Python's."""
        if isinstance(obj, Map):
            found = obj.get(attribute)
            if found is not None:
                return found
            notation = fields.known(obj.type).get(attribute)
            return self.undefined(obj=obj, name=attribute) if notation is None else absent(notation)
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, Absent):
            notation = fields.known(obj.type).get(attribute)
            return self.undefined(obj=obj, name=attribute) if notation is None else absent(notation)
        if isinstance(obj, _OWN) and not attribute.startswith("_") and hasattr(obj, attribute):
            return getattr(obj, attribute)
        if isinstance(obj, Undefined):
            str(obj)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return the key of a map, or the entry of a list."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, (list, tuple)):
            try:
                return obj[argument]
            except (IndexError, TypeError):
                return self.undefined(obj=obj, name=argument)
        if isinstance(obj, Undefined):
            str(obj)
        return self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse to mix a value with what a template wrote."""
        if isinstance(left, Markup) or isinstance(right, Markup):
            raise SecurityError(f"`{operator}` on text that a template wrote: write the two side by side")
        if isinstance(left, str) and operator != "+":
            raise SecurityError(f"`{operator}` on text")
        return super().call_binop(context, operator, left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all((nodes.Concat, nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)):
            what = "`~`: write the two expressions side by side" if isinstance(node, nodes.Concat) else "`autoescape`"
            raise jinja2.TemplateSyntaxError(f"templates have no {what}", node.lineno, name, filename)
        self._check_blocks(tree, name, filename)
        return tree

    def _check_blocks(self, tree: nodes.Template, name: str | None, filename: str | None) -> None:
        """Refuse a block that replaces none of the template which this one extends: it would be ignored in silence."""
        extends = tree.find(nodes.Extends)
        if extends is None or not isinstance(extends.template, nodes.Const):
            return
        known: set[str] = set()
        parent: str | None = extends.template.value
        while parent is not None:
            source, _, _ = self.loader.get_source(self, parent) if self.loader else ("", None, None)
            above = super()._parse(source, parent, None)
            known.update(block.name for block in above.find_all(nodes.Block))
            further = above.find(nodes.Extends)
            parent = further.template.value if further and isinstance(further.template, nodes.Const) else None
        for block in tree.body:
            if isinstance(block, nodes.Block) and block.name not in known:
                hint = nearest(block.name, known) or f"there are {', '.join(sorted(known))}"
                raise jinja2.TemplateSyntaxError(
                    f"no block `{block.name}` in `{extends.template.value}`; {hint}", block.lineno, name, filename
                )


@pass_context
def _hold(context: Context, value: object) -> Markup:
    """Keep a value and return its handle. Without a context Jinja2 would fold constants past this function."""
    if isinstance(value, Markup):
        return value
    if value is None or isinstance(value, (Absent, Null)) or (isinstance(value, (dict, list, tuple)) and not value):
        return _NOTHING
    if isinstance(value, Undefined):
        str(value)  # an error, except for an `if` without `else`
        return _NOTHING
    if isinstance(value, Kept):
        value = value.value
    environment = context.environment
    assert isinstance(environment, Environment)
    held = environment.held
    held.append(value)
    return Markup(f"{OPEN}{len(held) - 1}{CLOSE}")


_NOTHING: Final = Markup(NOTHING)


def _is_none(value: object) -> bool:
    return value is None or isinstance(value, (Absent, Null))


def _values_only(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter, refusing text that a template wrote: it holds handles, which must not be cut or changed."""

    @wraps(function)
    def guarded(*arguments: Any, **named: Any) -> Any:
        if any(isinstance(argument, Markup) for argument in (*arguments, *named.values())):
            raise SecurityError(f"the filter `{name}` on text that a template wrote: only `indent` takes it")
        if name in _OF_TEXT and arguments and isinstance(arguments[0], (dict, list)):
            raise TemplateError(f"the filter `{name}` takes text, not {describe(arguments[0])}")
        result = function(*arguments, **named)
        return str(result) if isinstance(result, Markup) else result

    return guarded


def _keep(value: Any) -> Any:
    """Write the value even when it is an empty map or list."""
    return value if value is None or isinstance(value, (Absent, Undefined)) else Kept(value)


def _default(value: Any, otherwise: Any = "") -> Any:
    """Return the value, or `otherwise` where it is none or undefined."""
    return otherwise if isinstance(value, (Undefined, Absent, Null)) or value is None else value


def _items(value: Any) -> list[tuple[str, Value]]:
    """Return the pairs of a map, in its order."""
    if isinstance(value, Absent) or value is None:
        return []
    if not isinstance(value, dict):
        raise TemplateError("the filter `items` takes a map")
    return list(value.items())


def _string(value: Any) -> str:
    """Return a value as text, spelled as in the profile."""
    if isinstance(value, (dict, list)):
        raise TemplateError("the filter `string` takes one value, not a list or a map")
    return value if isinstance(value, str) else str(getattr(value, "text", value))


def _join(value: Any, separator: str = "") -> str:
    """Return the entries of a list as one text."""
    return separator.join(_string(entry) for entry in value or ())


_OF_TEXT: Final = frozenset({"capitalize", "lower", "replace", "title", "trim", "truncate", "upper", "wordcount"})
FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "default": _default,
    "d": _default,
    "items": _items,
    "join": _join,
    "keep": _keep,
    "string": _string,
    **{
        name: filters.FILTERS[name]
        for name in (
            "abs", "batch", "capitalize", "dictsort", "first", "float", "groupby", "int", "last", "length", "count", "list", "lower",
            "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "select", "selectattr", "slice", "sort", "sum",
            "title", "trim", "truncate", "unique", "upper", "wordcount",
        )
    },
}  # fmt: skip


def filter_names() -> list[str]:
    """Return the filters that templates have, for the reference."""
    return sorted([*FILTERS, "indent"])
