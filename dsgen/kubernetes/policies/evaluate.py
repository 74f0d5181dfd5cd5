"""What a policy says of an object (apiserver/pkg/admission/plugin/policy/validating: Validate)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dsgen.kubernetes.cel.activation import Activation
from dsgen.kubernetes.cel.expression import Expression as Program
from dsgen.kubernetes.cel.outcomes import FALSE, TRUE, Evaluated, Failed, Outcome
from dsgen.kubernetes.cel.sizes import Scale
from dsgen.kubernetes.policies.compiled import Compiled, Direct, Rule
from dsgen.kubernetes.policies.policy import Expression
from dsgen.kubernetes.policies.prune import pruned
from dsgen.kubernetes.policies.reads import Read, in_order
from dsgen.record import Record
from dsgen.tree import Path

# What no object and no file has.
_OF_REQUEST: Final[tuple[Path, ...]] = (("authorizer",), ("request", "userInfo"), ("request", "options"))
_MOST_CHARACTERS: Final = 5 * 1024


class Decision(Record):
    """That a policy does not admit an object: by which of its expressions, if by one, in the server's words.

    An `error` is one of the evaluation.
    """

    rule: Rule | None
    message: str
    reason: str = "Invalid"
    error: bool = False
    hint: str = ""


class Gap(Record):
    """An expression that is not evaluated, and why."""

    expression: Expression
    why: str


class Verdict(Record):
    """What a policy says of an object: why it does not admit it, what of it is not evaluated, and the audit annotations.

    Errors of audit annotations refuse the object, whatever a binding says.
    """

    decisions: list[Decision]
    gaps: list[Gap]
    annotations: dict[str, str]
    refusals: list[Decision]


class Inputs(Record):
    """The values of variables, and the paths in them, beginning with the name of the variable, that are not known: each with why.

    `gaps` has the same as `unknown`, as a key. `activation` has the same values as `values` for the evaluation of many expressions.
    Inputs of which the same is not known, and that have the same scale, are `alike`: the number is the same. It is 0 if the library
    does not take the values.
    """

    values: Mapping[str, Any]
    unknown: Mapping[Path, str]
    gaps: frozenset[tuple[Path, str]]
    activation: Activation | None = None
    alike: int = 0


_NO_DIRECT: Final = Direct()
# That a policy admits an object, and says nothing of it.
SILENT: Final = Verdict([], [], {}, [])


def evaluate(compiled: Compiled, inputs: Inputs) -> Verdict:
    """Return what a policy says of an object."""
    own = direct(compiled, inputs)
    known: dict[int, Outcome] = {}
    if own.rules and inputs.activation and _admits(compiled, own, inputs.activation.values, known):
        return SILENT
    evaluator = _Evaluator(compiled, inputs, own.every, known)
    found = Verdict([], [], {}, [])
    if compiled.conditions and not _admitted(compiled, inputs, evaluator, found):
        return found
    _rules(compiled, evaluator, found)
    if compiled.annotations:
        _annotations(compiled, evaluator, found)
    return found


def _admits(compiled: Compiled, own: Direct, values: Any, known: dict[int, Outcome]) -> bool:
    """Return whether all rules are true; if not, note of which it is known whether they are."""
    for rule, program in zip(compiled.validations, own.rules, strict=True):
        try:
            value = program.eval(activation=values).plain_value()
        except (RuntimeError, ValueError, TypeError):
            return False
        if value is not True:
            if value is False:
                known[id(rule)] = FALSE
            return False
        known[id(rule)] = TRUE
    return True


def _admitted(compiled: Compiled, inputs: Inputs, evaluator: _Evaluator, found: Verdict) -> bool:
    """Return whether the conditions hold, so that the rules are evaluated."""
    conditions = evaluator
    if any(read.path[0] == "namespaceObject" for each in compiled.conditions for read in each.reads):
        # The server knows no Namespace where it evaluates the conditions.
        conditions = _Evaluator(
            compiled, inputs._replace(values={**inputs.values, "namespaceObject": None}, activation=None, alike=0)
        )
    outcomes = [(each, conditions.outcome(each)) for each in compiled.conditions]
    if any(isinstance(outcome, Evaluated) and outcome.value is False for _, outcome in outcomes):
        return False
    gaps = [Gap(each.source, outcome) for each, outcome in outcomes if isinstance(outcome, str)]
    if gaps:
        found.gaps.extend(gaps)
        return False
    errors = [(each, outcome) for each, outcome in outcomes if isinstance(outcome, Failed)]
    if errors:
        if compiled.policy.fails:
            said = [_error(each, outcome) for each, outcome in errors]
            message = said[0] if len(said) == 1 else f"[{', '.join(dict.fromkeys(said))}]"
            found.decisions.append(Decision(errors[0][0], message, error=True))
        return False
    return True


def _rules(compiled: Compiled, evaluator: _Evaluator, found: Verdict) -> None:
    for validation, rule, message in zip(
        compiled.policy.validations, compiled.validations, compiled.messages, strict=True
    ):
        outcome = evaluator.outcome(rule)
        if isinstance(outcome, str):
            found.gaps.append(Gap(rule.source, outcome))
        elif isinstance(outcome, Failed):
            if compiled.policy.fails:
                found.decisions.append(Decision(rule, _error(rule, outcome), error=True))
        elif outcome.value is not True:
            own = _message(evaluator.outcome(message)) if message else ""
            words = own or validation.message.strip() or f"failed expression: {rule.source.text.strip()}"
            found.decisions.append(Decision(rule, words, validation.reason))


def _annotations(compiled: Compiled, evaluator: _Evaluator, found: Verdict) -> None:
    for each in compiled.annotations:
        outcome = evaluator.outcome(each)
        if isinstance(outcome, str):
            found.gaps.append(Gap(each.source, outcome))
        elif isinstance(outcome, Failed):
            if compiled.policy.fails:
                found.refusals.append(Decision(each, _error(each, outcome), error=True))
        elif isinstance(outcome.value, str):
            text = outcome.value.strip()
            if text:
                found.annotations[each.source.name] = text


def _message(outcome: Outcome | str) -> str:
    """Return the text of a message, or nothing if the server does not use it."""
    text = outcome.value.strip() if isinstance(outcome, Evaluated) and isinstance(outcome.value, str) else ""
    return "" if "\n" in text or len(text.encode("utf-8", "surrogatepass")) > _MOST_CHARACTERS else text


def _error(rule: Rule, failed: Failed) -> str:
    return f"expression '{rule.source.text}' resulted in error: {failed.message}"


def _of_variable(name: str, failed: Failed) -> str:
    return f'composited variable "{name}" fails to evaluate: {failed.message}'


def holds(compiled: Compiled, rule: Rule, inputs: Inputs, object: Any) -> bool:
    """Return whether an expression is true for some inputs, with a part of the object instead of it."""
    outcome = _Evaluator(compiled, inputs._replace(values={**inputs.values, "object": object}), is_part=True).outcome(
        rule
    )
    return isinstance(outcome, Evaluated) and outcome.value is True


def direct(compiled: Compiled, inputs: Inputs) -> Direct:
    """Return the expressions that are evaluated as they are."""
    if inputs.activation is None or not inputs.alike:
        return _NO_DIRECT
    found = compiled.direct.get(inputs.alike)
    if found is None:
        evaluator, scale = _Evaluator(compiled, inputs), inputs.activation.scale
        every = frozenset(id(each) for each in compiled.rules if evaluator.is_direct(each, scale))
        programs = [each.program for each in compiled.validations if each.program and id(each) in every]
        is_whole = len(programs) == len(compiled.validations) and not compiled.conditions and not compiled.annotations
        found = Direct(every, tuple(each.evaluator for each in programs) if is_whole else ())
        compiled.direct[inputs.alike] = found
    return found


class _Evaluator:
    """Evaluates expressions of a policy for some inputs. A variable is evaluated when an expression reads it, once."""

    def __init__(
        self,
        compiled: Compiled,
        inputs: Inputs,
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

    def is_direct(self, rule: Rule, scale: Scale) -> bool:
        """Return whether an expression is evaluated as it is, for all values of a scale."""
        program = rule.program
        if program is None or rule.uses or self._gap(rule) or program.unevaluated:
            return False
        return program.is_always_cheap(scale)

    def outcome(self, rule: Rule) -> Evaluated | Failed | str:
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
            found = self._variables.get(name)
            if found is None:
                found = self._variables[name] = self.outcome(self._compiled.variables[name])
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

    def _evaluated(self, rule: Rule, program: Program, variables: dict[str, Any]) -> Outcome:
        shared = self._inputs.activation
        is_cheap = shared is not None and not rule.uses and self._is_cheap(rule, program, shared)
        if shared and is_cheap and not self._is_part:
            return program.evaluate_cheap(shared)
        parts = pruned({**self._inputs.values, "variables": variables}, rule.parts)
        return program.evaluate_cheap(parts) if is_cheap else program.evaluate_plain(parts)

    def _is_cheap(self, rule: Rule, program: Program, shared: Activation) -> bool:
        found = shared.cheap.get(program)
        if found is None:
            narrowed = shared.narrowed(each.path for each in rule.reads)
            found = shared.is_usable and program.is_cheap(narrowed, shared.scale)
            shared.cheap[program] = found
        return found

    def _gap(self, rule: Rule) -> str:
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
