"""The Jinja2 environment of dsgen's templates: sandboxed, strict, and adapted to YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import CodeType
from typing import Any, Final

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.lexer import TokenStream
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, Undefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace, pass_context
from markupsafe import Markup

from dsgen.kubernetes.schema import fields
from dsgen.problem import did_you_mean
from dsgen.rendering.budget import (
    CURRENT,
    MAX_BITS,
    TemplateError,
    compared,
    size,
    spend,
    spend_on_letters,
    spend_on_operator,
)
from dsgen.rendering.compiler import CodeGenerator, cost, line_in, line_reached
from dsgen.rendering.filters import FILTERS, guarded_filters, guarded_tests
from dsgen.rendering.placeholders import CLOSE, NOTHING, OPEN, Absent, KeepEmpty
from dsgen.source import describe
from dsgen.tree import Map, Null

NESTED: Final = "loops, conditions or brackets are nested too deeply: use macros, or variables"
MAX_PARENTS: Final = 50

# Jinja2's own objects whose attributes templates may read: `loop.index`, `self.block`, an imported macro, a namespace.
_OWN: Final = (
    LoopContext,
    Macro,
    BlockReference,
    jinja2.environment.TemplateModule,
    jinja2.runtime.TemplateReference,
    Namespace,
)


class StrictUndefined(jinja2.StrictUndefined):
    """An undefined name: using it is an error that suggests the closest one."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name, owner = str(self._undefined_name), self._undefined_obj
        if owner is jinja2.utils.missing:
            return f"`{name}` is undefined"
        known: Iterable[str] = ()
        if isinstance(owner, (Map, Absent)) and fields.known(owner.type):
            known = fields.known(owner.type)
            what = f"unknown field `{name}` in `{owner.type}`"
        elif isinstance(owner, dict):
            known = owner
            what = f"the map has no key `{name}`"
        else:
            filter = f"use the filter `| {name}`" if name in FILTERS else ""
            return f"{describe(owner)} has no `{name}`; {filter or 'templates can access keys of maps, but no methods'}"
        hint = did_you_mean(name, known)
        return f"{what}; {hint}" if hint else what


@cache
def _types() -> Mapping[str, Mapping[str, str]]:
    return fields.any_version()


@cache
def absent(notation: str) -> Absent | None:
    """Return the value of a field that is not set: none; for an object, one whose fields are none too; for a list or map, an empty one."""
    is_object = notation in _types() or notation.startswith(tuple(fields.CUSTOM_RESOURCES.values()))
    return Absent(notation) if is_object or notation[:1] in "[{" else None


class Template(jinja2.Template):
    """A template whose imports are rendered again each time, since handles are valid for one rendering only."""

    def _get_default_module(self, ctx: Context | None = None) -> Any:
        return self.make_module(ctx.get_all() if ctx is not None else None, shared=ctx is not None)


class TemplateEnvironment(SandboxedEnvironment):
    """Values become handles. The state of a rendering is in `dsgen.rendering.budget.CURRENT`, so threads may share an environment."""

    template_class = Template
    code_generator_class = CodeGenerator
    intercepted_binops = frozenset(SandboxedEnvironment.default_binop_table)
    spend = staticmethod(spend)
    compared = staticmethod(compared)

    def __init__(self, loader: jinja2.BaseLoader, bytecode_cache: jinja2.BytecodeCache | None) -> None:
        super().__init__(
            loader=loader,
            bytecode_cache=bytecode_cache,
            autoescape=True,
            # Constant folding would compute values outside of a rendering and its budget.
            optimized=False,
            finalize=_hold,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.globals = {"range": self.globals["range"], "namespace": Namespace}
        self.filters = guarded_filters()
        self.tests = guarded_tests()  # type: ignore[assignment]

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the key `attribute` of a map, and nothing else: no methods, no Python attributes."""
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
        if isinstance(argument, slice) and isinstance(obj, (str, list, tuple)):
            if isinstance(obj, Markup):
                raise SecurityError("a part of template text: only values can be sliced")
            spend(len(obj))
            return obj[argument]
        if isinstance(obj, (list, tuple)):
            try:
                return obj[argument]
            except (IndexError, TypeError):
                return self.undefined(obj=obj, name=argument)
        if isinstance(obj, Undefined):
            str(obj)
        return self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse to combine a value with template text."""
        if isinstance(left, Markup) or isinstance(right, Markup):
            raise SecurityError(f"`{operator}` on template text: write the two side by side")
        if (isinstance(left, str) or isinstance(right, str)) and operator != "+":
            raise SecurityError(f"`{operator}` on text")
        spend_on_operator(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, /, *arguments: Any, **named: Any) -> Any:
        """Call a macro or one of the few available functions."""
        # Statements of a macro take their own steps.
        known = isinstance(obj, (Macro, BlockReference))
        spend(1 + (len(arguments) + len(named) if known else sum(map(size, (*arguments, *named.values())))))
        return super().call(context, obj, *arguments, **named)

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        # A template whose code is in the cache is not parsed. `jinja2.ext`, for extensions that do the same, takes as long as five modules.
        from dsgen.rendering.expressions import marked

        stream = super()._tokenize(source, name, filename, state)
        return TokenStream(marked(stream), name, filename)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        self._check(tree, name, filename)
        self._check_blocks(tree, name, filename)
        return tree

    def compile(self, source: Any, name: str | None = None, filename: str | None = None, *more: Any) -> Any:
        """Return the code of a template. Raises TemplateSyntaxError if it is nested too deeply."""
        try:
            return super().compile(source, name, filename, *more)
        except (RecursionError, MemoryError) as error:
            raise jinja2.TemplateSyntaxError(NESTED, line_reached(error), name, filename) from None

    def _check(self, tree: nodes.Template, name: str | None, filename: str | None) -> None:
        """Reject unsupported syntax; and let filtered loops take steps for the skipped entries too."""

        def refused(node: nodes.Node, found: str) -> jinja2.TemplateSyntaxError:
            return jinja2.TemplateSyntaxError(found, node.lineno, name, filename)

        for node in tree.find_all(
            (nodes.Concat, nodes.ScopedEvalContextModifier, nodes.EvalContextModifier, nodes.Const, nodes.For)
        ):
            if isinstance(node, nodes.Concat):
                raise refused(node, "templates do not support `~`: write the two expressions side by side")
            if isinstance(node, nodes.EvalContextModifier):
                raise refused(node, "templates do not support `autoescape`")
            if isinstance(node, nodes.For) and node.test is not None:
                step = nodes.Call(nodes.EnvironmentAttribute("spend"), [nodes.Const(cost(node.test))], [], None, None)
                node.test = nodes.And(step, node.test, lineno=node.test.lineno).set_environment(self)
            if (
                isinstance(node, nodes.Const)
                and isinstance(node.value, (int, float))
                and not abs(node.value) < 2**MAX_BITS
            ):
                raise refused(node, "the number is out of range: no field accepts it")

    def _compile(self, source: str, filename: str) -> CodeType:
        try:
            return super()._compile(source, filename)
        except SyntaxError as error:
            found = NESTED if re.search("nested|indentation", error.msg) else re.sub(r"\bl_[0-9]+_", "", error.msg)
            raise jinja2.TemplateSyntaxError(found, line_in(source, error.lineno or 0), filename=filename) from None

    def _check_blocks(self, tree: nodes.Template, name: str | None, filename: str | None) -> None:
        """Reject a block that overrides no block of the extended template: it would be ignored silently."""
        extends = tree.find(nodes.Extends)
        if extends is None or not isinstance(extends.template, nodes.Const):
            return
        known: set[str] = set()
        above = [str(name)]
        parent: Any = extends.template.value
        while isinstance(parent, str) and self.loader:
            if parent in above or len(above) > MAX_PARENTS:
                itself = f"the template extends itself; the shipped one is called `dsgen/{parent}`"
                found = f"more than {MAX_PARENTS} templates extend each other" if parent not in above else itself
                raise TemplateError(found, filename or str(name), extends.lineno)
            above.append(parent)
            source, _, _ = self.loader.get_source(self, parent)
            further = super()._parse(source, parent, None)
            known.update(block.name for block in further.find_all(nodes.Block))
            next = further.find(nodes.Extends)
            parent = next.template.value if next and isinstance(next.template, nodes.Const) else None
        for block in tree.body:
            if isinstance(block, nodes.Block) and block.name not in known:
                hint = did_you_mean(block.name, known) or f"known blocks: {', '.join(sorted(known))}"
                raise jinja2.TemplateSyntaxError(
                    f"unknown block `{block.name}` in `{extends.template.value}`; {hint}", block.lineno, name, filename
                )


@pass_context
def _hold(context: Context, value: object) -> Markup:
    """Store a value and return its handle. Without a context, Jinja2 would fold constants and bypass this function."""
    if value is None or type(value) is Absent:  # most are
        return _NOTHING
    if isinstance(value, Markup):
        spend_on_letters(len(value))
        return value
    if isinstance(value, Null) or (isinstance(value, (dict, list, tuple)) and not value):
        return _NOTHING
    if isinstance(value, Undefined):
        str(value)  # an error, except for an `if` without `else`
        return _NOTHING
    if isinstance(value, KeepEmpty):
        value = value.value
    return Markup(f"{OPEN}{CURRENT.get().hold(value)}{CLOSE}")


_NOTHING: Final = Markup(NOTHING)
