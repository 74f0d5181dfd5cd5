"""Compiles an expression, and evaluates it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from dsgen.kubernetes.cel.environment import checked, evaluating, own_name
from dsgen.kubernetes.cel.functions import FUNCTIONS
from dsgen.kubernetes.cel.library import MISSING, cel, loaded
from dsgen.kubernetes.cel.outcomes import CompileError, Evaluated, Failed, Outcome, Unevaluated
from dsgen.kubernetes.cel.reads import reads
from dsgen.kubernetes.cel.syntax_tree import checked_tree, each_below, parsed_bytes
from dsgen.kubernetes.cel.types import Type
from dsgen.kubernetes.cel.values import converted

_LIMITS: Final = ("recursion limit", "recursion depth", "size limit", "code points")
_CODE: Final = re.compile(r"[A-Z_]+: ")
_BLANK_LINES: Final = re.compile(r" \[[A-Z_]+\]$")
# The library's words → those of the server.
_WORDS: Final = (
    (re.compile(r'Key not found in map : "?(.*?)"?$'), r"no such key: \1"),
    (re.compile(r"Index error: index=(-?\d+) size=\d+"), r"index out of bounds: \1"),
    (re.compile(r"^divide by zero"), "division by zero"),
    (re.compile(r"^No matching overloads found.*", re.DOTALL), "no such overload"),
)


class Expression:
    """An expression that the server compiles.

    `reads` has the paths that it reads, from the names of variables: fields as they are called in objects, numbers of items, and `*`
    for each item or field. Of paths of which one begins as another, there is the longer one.
    """

    def __init__(self, tree: Any, variables: Mapping[str, Type]) -> None:
        self._tree = tree
        self._variables = variables
        self._program: Any = None
        self.reads = reads(tree.expr)

    def evaluate(self, values: Mapping[str, Any]) -> Outcome:
        """Return what the expression is for some values of its variables: trees, or plain data."""
        data = {
            name: converted(value, self._variables[name]) for name, value in values.items() if name in self._variables
        }
        if self._program is None:
            rewritten = type(self._tree.expr)()
            rewritten.CopyFrom(self._tree.expr)
            _rewrite(rewritten)
            self._program = evaluating().deserialize(parsed_bytes(rewritten))
        try:
            result = self._program.eval(data=data)
            value = result.plain_value()
        except (RuntimeError, ValueError, TypeError) as error:
            return Unevaluated(f"the library reports: {error}")
        if result.type() == loaded().Type.ERROR:
            return Failed(_message(value))
        return Evaluated(value)


def compiled(source: str, variables: Mapping[str, Type], minor: int) -> Expression | CompileError | Unevaluated:
    """Return an expression of some variables as a minor version compiles it, such as 37 for `1.37`."""
    if cel() is None:
        return MISSING
    try:
        tree = checked_tree(checked(source, variables, minor))
    except RuntimeError as error:
        message = str(error)
        if any(limit in message for limit in _LIMITS):
            return Unevaluated("it is nested too deeply or too long for the library")
        return CompileError(_BLANK_LINES.sub("", message.removeprefix("INVALID_ARGUMENT: ")))
    return Expression(tree, variables)


def _message(text: str) -> str:
    message = _CODE.sub("", text, count=1)
    for pattern, words in _WORDS:
        message = pattern.sub(words, message)
    return message


def _rewrite(tree: Any) -> None:
    """Let calls of functions of dsgen's own have their arguments as one list."""
    # The innermost first: a call copies what is in it.
    for expr in reversed(list(each_below(tree))):
        call = expr.call_expr
        if expr.HasField("call_expr") and call.function in FUNCTIONS:
            arguments = [call.target, *call.args] if call.HasField("target") else list(call.args)
            copies = [type(tree).FromString(each.SerializeToString()) for each in arguments]
            call.function = own_name(call.function)
            call.ClearField("target")
            del call.args[:]
            call.args.add().list_expr.elements.extend(copies)
