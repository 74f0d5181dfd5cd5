"""What all policies say of an object, as problems at the fields that their expressions read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from dsgen.kubernetes.cel.library import INSTALL, cel
from dsgen.kubernetes.policies.codes import AUDITED, FORBIDDEN, INVALID_EXPRESSION, UNEVALUATED, WARNED
from dsgen.kubernetes.policies.compiled import Compiled, compile_policy
from dsgen.kubernetes.policies.evaluate import Decision, Inputs, Verdict, evaluate
from dsgen.kubernetes.policies.matching import Request, matches
from dsgen.kubernetes.policies.params import NotFound, parameters
from dsgen.kubernetes.policies.places import blamed
from dsgen.kubernetes.policies.policy import Binding, Policy, place
from dsgen.kubernetes.policies.request import is_exempt, request_of
from dsgen.kubernetes.policies.seen import Seen, seen
from dsgen.kubernetes.policies.values import inputs_of
from dsgen.kubernetes.policies.view import View
from dsgen.kubernetes.relations.selector import labels_in
from dsgen.kubernetes.schema.paths import field_path, pod_template
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.traversal import locate
from dsgen.tree import Map, Path, origin_of

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions

EXTRA: Final = "policies are not evaluated, because the library for expressions (CEL) is not installed"
# Action of a binding → what it is reported as, the strictest first.
_REPORTED: Final = {"Deny": FORBIDDEN, "Warn": WARNED, "Audit": AUDITED}
_CONSTRAINTS: Final[Path] = ("spec", "matchConstraints")


class _Compilations:
    """Policies that are compiled: for each minor version once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[Map, Compiled]] = {}

    def of(self, policy: Policy, minor: str) -> Compiled:
        """Return a policy with its expressions compiled."""
        key = id(policy.root), minor
        if key not in self._known:
            # The object is kept: its identity is the key.
            self._known[key] = policy.root, compile_policy(policy, minor)
        return self._known[key][1]


@lru_cache(maxsize=1)
def _compilations() -> _Compilations:
    return _Compilations()


def faults(policy: Policy, minor: str) -> Iterator[Problem]:
    """Yield the expressions of a policy that the server does not compile."""
    if cel() is None:
        yield UNEVALUATED.at(place(policy.root), EXTRA, hint=INSTALL)
        return
    for expression, why in _compilations().of(policy, minor).faults:
        origin, field = place(policy.root, expression.path), field_path(expression.path)
        yield INVALID_EXPRESSION.at(origin, why, field=field)._replace(type="Invalid")


# Policies with their bindings.
Bound = Iterable[tuple[Policy, list[Binding]]]


def problems(bound: Bound, view: View, root: Map, minor: str, definitions: Definitions | None) -> Iterator[Problem]:
    """Yield what policies say of a valid object."""
    judge = Judge(view, root, minor, definitions)
    for each in judge.said(bound):
        yield from [each] if isinstance(each, Problem) else judge.problems(each)
    yield from judge.of_pods(bound)


class Said(Record):
    """What a policy says of an object by a binding."""

    compiled: Compiled
    binding: Binding
    verdict: Verdict
    inputs: Inputs | None = None


class Judge:
    """Evaluates policies for one object. Their parameters and namespaces are in `view`."""

    def __init__(self, view: View, root: Map, minor: str, definitions: Definitions | None) -> None:
        self._view = view
        self._root = root
        self._minor = minor
        self._definitions = definitions
        self._seen: Seen | None = None
        self._inputs: dict[tuple[int, str], Inputs] = {}

    def said(self, bound: Bound) -> Iterator[Said | Problem]:
        """Yield what each policy says by each binding, and what is not evaluated."""
        if is_exempt(self._root):
            return
        request = self._request
        for policy, bindings in bound:
            if request is None:
                found = f"objects of {self._shown} are not evaluated: its resource is not known"
                yield _gap(policy, ("metadata", "name"), found)
            else:
                yield from self._of_policy(policy, bindings, request)

    def problems(self, said: Said) -> Iterator[Problem]:
        """Yield what a policy says as problems, at the fields that it reads."""
        policy, binding, verdict = said.compiled.policy, said.binding, said.verdict
        for gap in verdict.gaps:
            yield _gap(policy, gap.expression.path, f"this expression is not evaluated: {gap.why}")
        for refuses, decisions in ((False, verdict.decisions), (True, verdict.refusals)):
            for each in decisions:
                # Of several actions, the strictest is reported.
                actions = ("Deny",) if refuses else binding.actions
                action = next((action for action in _REPORTED if action in actions), "")
                path = blamed(said.compiled, each, said.inputs) if said.inputs and each.rule else ()
                if action:
                    yield self._problem(said.compiled, binding, each, path, action)

    def of_pods(self, bound: Bound) -> Iterator[Problem]:
        """Yield a note for each policy that is about the pods that are created for the object, none of which is evaluated."""
        template = pod_template(self._root)
        own = self._request if template else None
        if own is None or template is None:
            return
        labels = labels_in(self._root.map(*template, "metadata", "labels"))
        pods = own._replace(group="", version="v1", kind="Pod", resource="pods", others=(), name=None, labels=labels)
        for policy, bindings in bound:
            if matches(policy.match, pods).answer is not False and any(
                each.match is None or matches(each.match, pods).answer is not False for each in bindings
            ):
                found = "dsgen does not evaluate policies for pods that a controller creates, so this policy may deny the pods of an object that it admits"
                yield _gap(policy, _CONSTRAINTS, found)

    @cached_property
    def _request(self) -> Request | None:
        return request_of(self._root, self._minor, self._definitions, self._view.namespace)

    @property
    def _shown(self) -> str:
        return f"{self._root['kind']} of {self._root['apiVersion']}"

    def _of_policy(self, policy: Policy, bindings: list[Binding], request: Request) -> Iterator[Said | Problem]:
        matched = matches(policy.match, request)
        if matched.answer is None:
            yield _gap(policy, _CONSTRAINTS, f"dsgen cannot determine whether this matches an object: {matched.why}")
        if not matched.answer:
            return
        bound = [(each, matches(each.match, request) if each.match else matched) for each in bindings]
        for binding, match in bound:
            if match.answer is None:
                found = f"dsgen cannot determine whether this matches an object: {match.why}"
                yield UNEVALUATED.at(place(binding.root, ("spec", "matchResources")), found)
        bindings = [binding for binding, match in bound if match.answer]
        if not bindings:
            return
        if cel() is None:
            yield UNEVALUATED.at(None, EXTRA, hint=INSTALL)
            return
        if matched.version != request.version and not self._is_same_in_all_versions():
            found = f"objects of {self._shown} are not evaluated: the API server converts them to `{matched.version}`"
            yield _gap(policy, _CONSTRAINTS, found)
            return
        compiled = _compilations().of(policy, self._minor)
        if compiled.faults:
            return  # the API server does not accept the policy
        if self._seen is None:
            namespace = request.namespace if request.is_namespaced else ""
            self._seen = seen(self._root, self._minor, self._definitions, namespace)
        if self._seen is None:
            yield _gap(policy, _CONSTRAINTS, f"objects of {self._shown} are not evaluated: their form is not known")
            return
        for binding in bindings:
            yield from self._of_binding(compiled, binding, request, matched.version, self._seen)

    def _of_binding(
        self, compiled: Compiled, binding: Binding, request: Request, version: str, object: Seen
    ) -> Iterator[Said | Problem]:
        found = parameters(self._view, compiled.policy, binding, request, self._minor, self._definitions)
        if isinstance(found, NotFound):
            if found.unknown:
                yield UNEVALUATED.at(place(binding.root, ("spec", "paramRef")), found.why, hint=found.hint)
            elif compiled.policy.fails:
                refusal = Decision(None, f"failed to configure binding: {found.why}", error=True, hint=found.hint)
                yield Said(compiled, binding, Verdict([], [], {}, [refusal]))
            return
        for parameter in found:
            # By the identity of a parameter, which is kept.
            key = id(parameter), version
            if key not in self._inputs:
                self._inputs[key] = inputs_of(object, request, self._view.namespace, parameter, version)
            inputs = self._inputs[key]
            yield Said(compiled, binding, evaluate(compiled, inputs), inputs)

    def _problem(self, compiled: Compiled, binding: Binding, decision: Decision, path: Path, action: str) -> Problem:
        origin = locate(self._root, path) if path else origin_of(self._root["kind"]) or origin_of(self._root)
        by = f"ValidatingAdmissionPolicy '{compiled.policy.name}' with binding '{binding.name}'"
        found = f"{by} denied request: " if action == "Deny" else f"Validation failed for {by}: "
        of_rule = decision.rule.source.path if decision.rule else ("metadata", "name")
        if of_rule not in compiled.places:
            compiled.places[of_rule] = place(compiled.policy.root, of_rule)
        at = compiled.places[of_rule]
        hint = decision.hint or (f"see the rule in {at.file}:{at.line}" if at else "")
        return _REPORTED[action].at(origin, found + decision.message, hint=hint, field=field_path(path))

    def _is_same_in_all_versions(self) -> bool:
        """Return whether the object is one of a custom kind that no webhook converts."""
        found = self._definitions.defines(self._root, self._minor) if self._definitions else None
        return found is not None and not found.is_converted


def _gap(policy: Policy, path: Path, found: str) -> Problem:
    return UNEVALUATED.at(place(policy.root, path), found, field=field_path(path))
