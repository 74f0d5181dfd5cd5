"""Compiles an expression, and evaluates it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from dsgen.kubernetes.cel.activation import Activation
from dsgen.kubernetes.cel.compiler_errors import one_line
from dsgen.kubernetes.cel.cost import MOST, UNBOUNDED, plan
from dsgen.kubernetes.cel.cost_by_size import CostBySize
from dsgen.kubernetes.cel.environment import checked, evaluating
from dsgen.kubernetes.cel.functions.values import UNKNOWN
from dsgen.kubernetes.cel.library import MISSING, cel, loaded
from dsgen.kubernetes.cel.literals import wrong_literal
from dsgen.kubernetes.cel.masked import may_hide_another
from dsgen.kubernetes.cel.outcomes import FALSE, TRUE, CompileError, Evaluated, Failed, Outcome, Unevaluated
from dsgen.kubernetes.cel.reads import compared, reads
from dsgen.kubernetes.cel.rewriting import rewritten
from dsgen.kubernetes.cel.schema_sizes import SchemaSizes
from dsgen.kubernetes.cel.sizes import AnySizes, Scale, Sizes, rounded
from dsgen.kubernetes.cel.syntax_tree import checked_tree, name_of, parsed_bytes, types_of
from dsgen.kubernetes.cel.types import Type
from dsgen.kubernetes.cel.unlike import is_unlike, what_is_unlike
from dsgen.kubernetes.cel.values import converted

_LIMITS: Final = ("recursion limit", "recursion depth", "size limit", "code points")
_CODE: Final = re.compile(r"[A-Z_]+: ")
# Errors of the library that are none of the server's → why the expression is not evaluated.
_OF_LIBRARY: Final = (
    # The server finds no key of a type that keys do not have.
    (re.compile(".*No matching overloads found : @in", re.DOTALL), "the library does not look for such a key in a map"),
    # The server takes the field of such a value for one that is missing: `has` is false, and an optional value is none.
    (
        re.compile(
            r"([A-Z_]+: )?(Applying SELECT to non-message type|Invalid container type"
            r"|Index error: expected integer type|No matching overloads found : _(\?\._|\[\?_\])\()"
        ),
        "it reads a field of a value that is not a map",
    ),
    # The server names the type of the value.
    (re.compile(".*No matching overloads found : <iter_range>"), "it loops over a value that is not a list or a map"),
    # The server has such a number of a schema as data of the wrong type, or else as a double.
    (
        re.compile(r"([A-Z_]+: )?Integer value '-?\d+' out of range for '"),
        "the library does not take so large a number",
    ),
)
# The library's words → those of the server.
_WORDS: Final = (
    (re.compile(r'Key not found in map : "?(.*?)"?$'), r"no such key: \1"),
    (re.compile(r"Index error: index=(-?\d+) size=\d+"), r"index out of bounds: \1"),
    (re.compile(r"^divide by zero"), "division by zero"),
    (re.compile(r"^No matching overloads found : (size\(|.*\.size\()"), "no such overload: size"),
    (re.compile(r"^No matching overloads found.*", re.DOTALL), "no such overload"),
)


class Expression:
    """An expression that the server compiles.

    `result` is the name of its type, and `types` has those of the variables. `unevaluated` is why it cannot be evaluated, whatever the values. `reads` has the paths that it reads, from the names of variables: fields as they are called in objects, numbers of items, and `*`
    for each item or field. Of paths of which one begins as another, there is the longer one.
    """

    def __init__(self, tree: Any, variables: Mapping[str, Type]) -> None:
        self._tree = self.tree = tree
        self.types = variables
        self._plan: Any = None
        self._cost_by_size: CostBySize | None = None
        self._optional = frozenset(name for name, type in variables.items() if type.name == "optional")
        self.result = name_of(types_of(tree).get(tree.expr.id))
        self.reads = reads(tree.expr)
        self.variables = frozenset(str(path[0]) for path in self.reads)
        self.comparisons = compared(tree.expr, types_of(tree))
        unlike = what_is_unlike(tree)
        self.unevaluated = Unevaluated(unlike) if unlike else None

    def cost(self, data: Mapping[str, Any]) -> int:
        """Return a cost above which the server's is not, for some values of variables as `evaluate_plain` takes them."""
        found: int = self._planned()(Sizes(data, self._optional))[0]
        return found

    def is_cheap(self, sizes: AnySizes, scale: Scale) -> bool:
        """Return whether the server's cost is surely below its limit for values of some sizes, of a scale; `cost` is nearer to it."""
        return self.is_always_cheap(scale) or self._by_size.of(sizes) <= MOST

    def is_always_cheap(self, scale: Scale) -> bool:
        """Return whether the server's cost is surely below its limit for all values of a scale."""
        return self.at_most(scale) <= MOST

    def at_most(self, scale: Scale) -> int:
        """Return a cost above which the server's is not, for all values of a scale."""
        return self._by_size.at_most(scale)

    @property
    def _by_size(self) -> CostBySize:
        if self._cost_by_size is None:
            self._cost_by_size = CostBySize(self._planned())
        return self._cost_by_size

    def _planned(self) -> Any:
        if self._plan is None:
            self._plan = plan(self._tree.expr, types_of(self._tree))
        return self._plan

    def estimate(self, sizes: SchemaSizes) -> int:
        """Return a cost above which the server's estimate is not, by the sizes that a schema allows."""
        found: int = plan(self._tree.expr, types_of(self._tree), UNBOUNDED)(sizes)[0]
        return found

    def evaluate_plain(self, data: Mapping[str, Any]) -> Outcome:
        """Return what the expression is for some values of its variables, as plain data of their types.

        The value of an optional variable is a list of one item, or of none.
        """
        if self.unevaluated:
            return self.unevaluated
        sizes = Sizes(data, self._optional)
        if not self.is_cheap(sizes, Scale((), rounded(sizes.largest))) and self.cost(data) > MOST:
            return Unevaluated("it may cost more than the server allows")
        return self._outcome(data, data=data)

    def evaluate_cheap(self, values: Activation | Mapping[str, Any]) -> Outcome:
        """Return what the expression is for some values, for which it `is_cheap`: an activation, or plain data."""
        if self.unevaluated:
            return self.unevaluated
        if isinstance(values, Activation):
            return self._outcome(values, activation=values.values)
        return self._outcome(values, data=values)

    @cached_property
    def evaluator(self) -> Any:
        """The expression as the library evaluates it."""
        tree = rewritten(self._tree.expr, types_of(self._tree), self._optional)
        return evaluating().deserialize(parsed_bytes(tree))

    def _outcome(self, read: Activation | Mapping[str, Any], **values: Any) -> Outcome:
        try:
            result = self.evaluator.eval(**values)
            value = result.plain_value()
            if value is True or value is False:
                return TRUE if value else FALSE
        except (RuntimeError, ValueError, TypeError) as error:
            return _of_library(str(error)) or Unevaluated(f"the library reports: {error}")
        if result.type() == loaded().Type.ERROR:
            unlike = _of_library(value)
            if unlike:
                return unlike
            message = _message(value)
            if message.startswith(UNKNOWN):
                return Unevaluated(message.removeprefix(UNKNOWN))
            if may_hide_another(self._tree, read.data if isinstance(read, Activation) else read):
                return Unevaluated("one of its errors may hide another one")
            return Failed(message)
        return Evaluated(value)

    def evaluate(self, values: Mapping[str, Any]) -> Outcome:
        """Return what the expression is for some values of its variables: trees, or plain data."""
        data = {name: converted(value, self.types[name]) for name, value in values.items() if name in self.types}
        return self.evaluate_plain(data)


def compiled(source: str, variables: Mapping[str, Type], minor: int) -> Expression | CompileError | Unevaluated:
    """Return an expression of some variables as a minor version compiles it, such as 37 for `1.37`."""
    if cel() is None:
        return MISSING
    try:
        tree = checked_tree(checked(source, variables, minor))
    except RuntimeError as error:
        message = str(error)
        if is_unlike(message):
            return Unevaluated("the library does not compile it, and the server may")
        if any(limit in message for limit in _LIMITS):
            return Unevaluated("it is nested too deeply or too long for the library")
        return CompileError(one_line(message, source))
    expression = Expression(tree, variables)
    # What the library evaluates otherwise says nothing of literals.
    wrong = "" if expression.unevaluated else wrong_literal(tree)
    return CompileError(wrong) if wrong else expression


def _of_library(message: str) -> Unevaluated | None:
    """Return why an expression is not evaluated whose error in the library is none of the server's."""
    return next((Unevaluated(why) for pattern, why in _OF_LIBRARY if pattern.match(message)), None)


def _message(text: str) -> str:
    message = _CODE.sub("", text, count=1)
    for pattern, words in _WORDS:
        message = pattern.sub(words, message)
    return message
