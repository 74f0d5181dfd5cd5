"""Evaluates the expressions of a policy for the values of variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dsgen.kubernetes.cel.activation import Activation
from dsgen.kubernetes.cel.cost import MOST
from dsgen.kubernetes.cel.expression import Expression as Program
from dsgen.kubernetes.cel.outcomes import Evaluated, Failed, Outcome
from dsgen.kubernetes.cel.sizes import Scale
from dsgen.kubernetes.policies import budget
from dsgen.kubernetes.policies.compiled import Compiled, CompiledExpression
from dsgen.kubernetes.policies.prune import pruned
from dsgen.kubernetes.policies.reads import Read, in_order
from dsgen.record import Record
from dsgen.tree import Path

# What no object and no file has.
_OF_REQUEST: Final[tuple[Path, ...]] = (("authorizer",), ("request", "userInfo"), ("request", "options"))


class PolicyInputs(Record):
    """The values of variables, and the paths in them, beginning with the name of the variable, that are not known: each with why.

    `gaps` has the same as `unknown`, as a key. `activation` has the same values as `values` for the evaluation of many expressions.
    PolicyInputs of which the same is not known, and that have the same scale, are `alike`: the number is the same. It is 0 if the library
    does not take the values.
    """

    values: Mapping[str, Any]
    unknown: Mapping[Path, str]
    gaps: frozenset[tuple[Path, str]]
    activation: Activation | None = None
    alike: int = 0


def _of_variable(name: str, failed: Failed) -> str:
    return f'composited variable "{name}" fails to evaluate: {failed.message}'


class Evaluator:
    """Evaluates expressions of a policy for some inputs. A variable is evaluated when an expression reads it, once."""

    def __init__(
        self,
        compiled: Compiled,
        inputs: PolicyInputs,
        direct: frozenset[int] = frozenset(),
        known: Mapping[int, Outcome] | None = None,
        is_part: bool = False,
    ) -> None:
        self._compiled = compiled
        # The activation has the whole object; its sizes hold for a part.
        self._is_part = is_part
        self._inputs = inputs
        self._unknown = inputs.gaps
        self._variables: dict[str, Evaluated | Failed | str] = {}
        # By the identity of a rule.
        self._known = known or {}
        self._direct = direct

    def is_direct(self, rule: CompiledExpression, scale: Scale) -> bool:
        """Return whether an expression is evaluated as it is, for all values of a scale."""
        program = rule.program
        if program is None or rule.uses or self._gap(rule) or program.unevaluated:
            return False
        return program.is_always_cheap(scale)

    def most(self, rule: CompiledExpression) -> int:
        """Return what an expression costs the server at most, for all values of the scale."""
        shared, program = self._inputs.activation, rule.program
        if shared is None or program is None or rule.uses or program.unevaluated or self._gap(rule):
            return MOST
        return budget.bounded(rule, program.at_most(shared.scale))

    def cost(self, rule: CompiledExpression) -> int:
        """Return what an expression costs the server at most, without the variables that it uses."""
        program = rule.program
        if program is None or program.unevaluated or self._gap(rule):
            return MOST
        found = {name: self._variable(name) for name in rule.uses}
        if any(isinstance(each, str) for each in found.values()):
            return MOST
        own = {name: each.value for name, each in found.items() if isinstance(each, Evaluated)}
        parts = pruned({**self._inputs.values, "variables": own}, rule.parts)
        return budget.bounded(rule, program.cost(parts))

    def _variable(self, name: str) -> Evaluated | Failed | str:
        found = self._variables.get(name)
        if found is None:
            found = self._variables[name] = self.outcome(self._compiled.variables[name])
        return found

    def outcome(self, rule: CompiledExpression) -> Evaluated | Failed | str:
        """Return what an expression is, or why it is not evaluated."""
        if id(rule) in self._direct and rule.program is not None and self._inputs.activation is not None:
            known = self._known.get(id(rule)) or rule.program.evaluate_cheap(self._inputs.activation)
            if isinstance(known, Evaluated):
                return known
        if rule.program is None:
            return rule.why
        why = self._gap(rule)
        if why:
            return why
        failed: dict[str, str] = {}
        own: dict[str, Any] = {}
        for name in rule.uses:
            found = self._variable(name)
            if isinstance(found, str):
                return found
            if isinstance(found, Failed):
                failed[f"no such key: {name}"] = _of_variable(name, found)
            else:
                own[name] = found.value
        outcome = self._evaluated(rule, rule.program, own)
        if isinstance(outcome, Failed):
            for name in rule.inlined:
                inner = self.outcome(self._compiled.variables[name])
                # Before its own error, the message of a variable names those that it reads.
                if isinstance(inner, Failed) and inner.message.endswith(outcome.message):
                    failed.setdefault(outcome.message, _of_variable(name, inner))
            return Failed(failed.get(outcome.message, outcome.message))
        return outcome if isinstance(outcome, Evaluated) else outcome.reason

    def _evaluated(self, rule: CompiledExpression, program: Program, variables: dict[str, Any]) -> Outcome:
        shared = self._inputs.activation
        is_cheap = shared is not None and not rule.uses and self._is_cheap(rule, program, shared)
        if shared and is_cheap and not self._is_part:
            return program.evaluate_cheap(shared)
        parts = pruned({**self._inputs.values, "variables": variables}, rule.parts)
        return program.evaluate_cheap(parts) if is_cheap else program.evaluate_plain(parts)

    def _is_cheap(self, rule: CompiledExpression, program: Program, shared: Activation) -> bool:
        found = shared.cheap.get(program)
        if found is None:
            narrowed = shared.narrowed(each.path for each in rule.reads)
            found = shared.is_usable and program.is_cheap(narrowed, shared.scale)
            shared.cheap[program] = found
        return found

    def _gap(self, rule: CompiledExpression) -> str:
        """Return what of an expression is not known, or an empty text."""
        key = id(rule), self._unknown
        why = self._compiled.gaps.get(key)
        if why is None:
            why = self._compiled.gaps[key] = next(self._gaps(rule.reads), "")
        return why

    def _gaps(self, reads: Iterable[Read]) -> Iterator[str]:
        for each in in_order(reads):
            for path in _OF_REQUEST:
                if each.overlaps(path):
                    yield f"it reads `{'.'.join(map(str, path))}`, which only a request to an API server has"
            for path, why in self._inputs.unknown.items():
                if each.overlaps(path):
                    yield f"it reads `{'.'.join(map(str, path))}`, {why}"
