"""What a policy says of an object (apiserver/pkg/admission/plugin/policy/validating: Validate)."""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes.cel.outcomes import FALSE, TRUE, Evaluated, Failed, Outcome
from dsgen.kubernetes.policies import budget
from dsgen.kubernetes.policies.compiled import Compiled, CompiledExpression, Direct
from dsgen.kubernetes.policies.evaluator import Evaluator, PolicyInputs
from dsgen.kubernetes.policies.policy import PolicyExpression
from dsgen.record import Record

_MOST_CHARACTERS: Final = 5 * 1024


class PolicyDecision(Record):
    """That a policy does not admit an object: by which of its expressions, if by one, in the server's words.

    An `error` is one of the evaluation.
    """

    rule: CompiledExpression | None
    message: str
    reason: str = "Invalid"
    error: bool = False
    hint: str = ""


class Gap(Record):
    """An expression that is not evaluated, and why; or that fails `for_update`, if the object exists, which is not known."""

    expression: PolicyExpression
    why: str
    for_update: bool = False


class Verdict(Record):
    """What a policy says of an object: why it does not admit it, what of it is not evaluated, and the audit annotations.

    Errors of audit annotations refuse the object, whatever a binding says.
    """

    decisions: list[PolicyDecision]
    gaps: list[Gap]
    annotations: dict[str, str]
    refusals: list[PolicyDecision]


_NO_DIRECT: Final = Direct()
# That a policy admits an object, and says nothing of it.
SILENT: Final = Verdict([], [], {}, [])


def evaluate(compiled: Compiled, inputs: PolicyInputs) -> Verdict:
    """Return what a policy says of an object."""
    own = direct(compiled, inputs)
    known: dict[int, Outcome] = {}
    if own.rules and inputs.activation and _admits(compiled, own, inputs.activation.values, known):
        return SILENT
    evaluator = Evaluator(compiled, inputs, own.every, known)
    found = Verdict([], [], {}, [])
    if _is_over(budget.over_conditions(compiled, evaluator.cost), found):
        return found
    if compiled.conditions and not _admitted(compiled, inputs, evaluator, found):
        return found
    if _is_over(budget.over_rules(compiled, evaluator.cost), found):
        return found
    _rules(compiled, evaluator, found)
    if compiled.annotations:
        _annotations(compiled, evaluator, found)
    return found


def _is_over(rule: CompiledExpression | None, found: Verdict) -> bool:
    """Return whether the budget of the policy may be spent, which is noted at the expression `rule`."""
    if rule is not None:
        found.gaps.append(Gap(rule.source, budget.TOO_MUCH))
    return rule is not None


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


def _admitted(compiled: Compiled, inputs: PolicyInputs, evaluator: Evaluator, found: Verdict) -> bool:
    """Return whether the conditions hold, so that the rules are evaluated."""
    conditions = evaluator
    if any(read.path[0] == "namespaceObject" for each in compiled.conditions for read in each.reads):
        # The server knows no Namespace where it evaluates the conditions.
        conditions = Evaluator(
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
            found.decisions.append(PolicyDecision(errors[0][0], message, error=True))
        return False
    return True


def _rules(compiled: Compiled, evaluator: Evaluator, found: Verdict) -> None:
    for validation, rule, message in zip(
        compiled.policy.validations, compiled.validations, compiled.messages, strict=True
    ):
        outcome = evaluator.outcome(rule)
        if isinstance(outcome, str):
            found.gaps.append(Gap(rule.source, outcome))
        elif isinstance(outcome, Failed):
            if compiled.policy.fails:
                found.decisions.append(PolicyDecision(rule, _error(rule, outcome), error=True))
        elif outcome.value is not True:
            own = _message(evaluator.outcome(message)) if message else ""
            words = own or validation.message.strip() or f"failed expression: {rule.source.text.strip()}"
            found.decisions.append(PolicyDecision(rule, words, validation.reason))


def _annotations(compiled: Compiled, evaluator: Evaluator, found: Verdict) -> None:
    for each in compiled.annotations:
        outcome = evaluator.outcome(each)
        if isinstance(outcome, str):
            found.gaps.append(Gap(each.source, outcome))
        elif isinstance(outcome, Failed):
            if compiled.policy.fails:
                found.refusals.append(PolicyDecision(each, _error(each, outcome), error=True))
        elif isinstance(outcome.value, str):
            text = outcome.value.strip()
            if text:
                found.annotations[each.source.name] = text


def _message(outcome: Outcome | str) -> str:
    """Return the text of a message, or nothing if the server does not use it."""
    text = outcome.value.strip() if isinstance(outcome, Evaluated) and isinstance(outcome.value, str) else ""
    return "" if "\n" in text or len(text.encode("utf-8", "surrogatepass")) > _MOST_CHARACTERS else text


def _error(rule: CompiledExpression, failed: Failed) -> str:
    return f"expression '{rule.source.text}' resulted in error: {failed.message}"


def holds(compiled: Compiled, rule: CompiledExpression, inputs: PolicyInputs, object: Any) -> bool:
    """Return whether an expression is true for some inputs, with a part of the object instead of it."""
    outcome = Evaluator(compiled, inputs._replace(values={**inputs.values, "object": object}), is_part=True).outcome(
        rule
    )
    return isinstance(outcome, Evaluated) and outcome.value is True


def direct(compiled: Compiled, inputs: PolicyInputs) -> Direct:
    """Return the expressions that are evaluated as they are."""
    if inputs.activation is None or not inputs.alike:
        return _NO_DIRECT
    found = compiled.direct.get(inputs.alike)
    if found is None:
        evaluator, scale = Evaluator(compiled, inputs), inputs.activation.scale
        every = frozenset(id(each) for each in compiled.rules if evaluator.is_direct(each, scale))
        programs = [each.program for each in compiled.validations if each.program and id(each) in every]
        is_whole = (
            len(programs) == len(compiled.validations)
            and not compiled.conditions
            and not compiled.annotations
            and budget.over_rules(compiled, evaluator.most) is None
        )
        found = Direct(every, tuple(each.evaluator for each in programs) if is_whole else ())
        compiled.direct[inputs.alike] = found
    return found
