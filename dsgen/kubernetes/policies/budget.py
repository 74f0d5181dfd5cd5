"""What the expressions of a policy may cost together (k8s.io/apiserver/pkg/apis/cel: config.go, and pkg/admission/plugin/cel: activation.go).

The server ends a policy whose expressions cost more for an object, and then the policy fails as a whole. Match conditions have a budget
of their own, and so do audit annotations. Messages get what the rules leave, and are evaluated whatever the rules say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dsgen.kubernetes.cel.cost import MOST, MOST_OF_OBJECT
from dsgen.kubernetes.policies.compiled import Compiled, CompiledExpression

MOST_OF_CONDITIONS: Final = 2_500_000
TOO_MUCH: Final = "the expressions of the policy together may cost more than the server allows"
# The server reads the value of a variable that is part of the expression here, which costs up to twice as much as a small expression.
_OF_INLINED: Final = 3


def over_conditions(compiled: Compiled, cost: Callable[[CompiledExpression], int]) -> CompiledExpression | None:
    """Return the match condition with which the budget may be spent, if there is one; `cost` returns what one costs at most."""
    return _over(iter(compiled.conditions), MOST_OF_CONDITIONS, cost)


def over_rules(compiled: Compiled, cost: Callable[[CompiledExpression], int]) -> CompiledExpression | None:
    """Return the first of all other expressions with which the budget may be spent, if there is one."""
    messages = [each for each in compiled.messages if each]
    return _over(_with_variables(compiled, compiled.validations, messages), MOST_OF_OBJECT, cost) or _over(
        _with_variables(compiled, compiled.annotations), MOST_OF_OBJECT, cost
    )


def bounded(rule: CompiledExpression, cost: int) -> int:
    """Return what an expression costs the server at most, by what it costs here: the server ends it at its limit."""
    return min(cost * _OF_INLINED if rule.inlined else cost, MOST)


def _with_variables(compiled: Compiled, *groups: list[CompiledExpression]) -> Iterator[CompiledExpression]:
    # For each group, a variable is evaluated once.
    for group in groups:
        if group:
            yield from compiled.variables.values()
            yield from group


def _over(
    rules: Iterator[CompiledExpression], most: int, cost: Callable[[CompiledExpression], int]
) -> CompiledExpression | None:
    every = list(rules)
    if len(every) * MOST <= most:
        return None
    spent = 0
    for each in every:
        spent += cost(each)
        if spent > most:
            return each
    return None
