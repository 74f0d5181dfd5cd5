"""What all policies say of an object, as problems at the fields that their expressions read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from dsgen.kubernetes.cel.library import INSTALL, cel
from dsgen.kubernetes.cel.missing_keys import remedy
from dsgen.kubernetes.policies.bound import Asked, Asking, Bound
from dsgen.kubernetes.policies.codes import AUDITED, FORBIDDEN, INVALID_EXPRESSION, UNEVALUATED, WARNED
from dsgen.kubernetes.policies.compiled import Compiled, CompiledExpression, compile_policy
from dsgen.kubernetes.policies.evaluate import SILENT, PolicyDecision, Verdict, evaluate
from dsgen.kubernetes.policies.evaluator import PolicyInputs
from dsgen.kubernetes.policies.matching import CREATE, UPDATE, Request, may_match
from dsgen.kubernetes.policies.params import NotFound, parameters
from dsgen.kubernetes.policies.places import blamed
from dsgen.kubernetes.policies.policy import Binding, Policy, place
from dsgen.kubernetes.policies.prune import Kept, kept
from dsgen.kubernetes.policies.request import is_exempt, request_of
from dsgen.kubernetes.policies.seen import Seen, seen
from dsgen.kubernetes.policies.updates import also_updated, only_updated
from dsgen.kubernetes.policies.values import Values
from dsgen.kubernetes.policies.view import LayeredObjects
from dsgen.kubernetes.relations.selector import labels_in
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.schema.paths import field_path, pod_template
from dsgen.kubernetes.semantics.conversion import AUTOSCALER, AUTOSCALER_V1
from dsgen.origin import Origin
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.traversal import locate
from dsgen.tree import Map, Path, origin_of

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions

EXTRA: Final = "policies are not evaluated, because the library for expressions (CEL) is not installed"
# Action of a binding → what it is reported as, the strictest first.
_REPORTED: Final = {"Deny": FORBIDDEN, "Warn": WARNED, "Audit": AUDITED}
_NO_PARAMETERS: Final[list[Seen | None]] = [None]
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
        # As for objects, so that it is reported once.
        yield UNEVALUATED.at(None, EXTRA, hint=INSTALL)
        return
    for expression, why in _compilations().of(policy, minor).faults:
        origin, field = place(policy.root, expression.path), field_path(expression.path)
        yield INVALID_EXPRESSION.at(origin, why, field=field)._replace(type="Invalid")


def problems(bound: Bound, judge: Judge) -> Iterator[Problem]:
    """Yield what policies say of a valid object."""
    for each in judge.said(bound):
        yield from [each] if isinstance(each, Problem) else judge.problems(each)
    yield from judge.of_pods(bound)


class Said(Record):
    """What a policy says of an object by a binding."""

    compiled: Compiled
    binding: Binding
    verdict: Verdict
    inputs: PolicyInputs | None = None


class Judge:
    """Evaluates policies for one object. Their parameters and namespaces are in `view`; `stored` is the object as it is validated."""

    def __init__(
        self, view: LayeredObjects, root: Map, minor: str, definitions: Definitions | None, stored: Map | None = None
    ) -> None:
        self._view = view
        self._root = root
        self._minor = minor
        self._definitions = definitions
        self._stored = stored
        self._seen: Seen | None = None
        # In another version than its own.
        self._other: Seen | None = None
        self._places: dict[Path, tuple[Origin | None, str]] = {}
        self._values: dict[tuple[str, tuple[str, ...]], Values] = {}
        self._inputs: dict[tuple[int, str, tuple[str, ...]], PolicyInputs] = {}

    def said(self, bound: Bound) -> Iterator[Said | Problem]:
        """Yield what each policy says by each binding, unless it admits the object, and what is not evaluated."""
        if is_exempt(self._root):
            return
        request = self._request
        if request is None:
            found = f"objects of {self._shown} are not evaluated: its resource is not known"
            version = str(self._root["apiVersion"])
            yield from (
                _gap(policy, ("metadata", "name"), found) for policy, _ in bound if may_match(policy.match, version)
            )
        else:
            asking = bound.asked(request)
            for each in asking.policies:
                if each.is_sure and self._seen is not None:
                    compiled = _compilations().of(each.policy, self._minor)
                    if not compiled.faults:
                        for binding in each.bindings:
                            yield from self._of_binding(compiled, binding, request, each, self._seen)
                else:
                    yield from self._of_policy(each, request, asking)

    def problems(self, said: Said) -> Iterator[Problem]:
        """Yield what a policy says as problems, at the fields that it reads."""
        policy, binding, verdict = said.compiled.policy, said.binding, said.verdict
        for gap in verdict.gaps:
            if gap.for_update:
                found = f"this expression fails for an update of {self._named}, and dsgen cannot determine whether that exists: {gap.why}"
            else:
                found = f"this expression is not evaluated: {gap.why}"
            yield _gap(policy, gap.expression.path, found)
        for actions, decisions in ((binding.actions, verdict.decisions), (("Deny",), verdict.refusals)):
            # Of several actions, the strictest is reported.
            action = next((action for action in _REPORTED if action in actions), "") if decisions else ""
            for each in decisions if action else ():
                path = blamed(said.compiled, each, said.inputs) if said.inputs and each.rule else ()
                yield self._problem(said.compiled, binding, each, path, action)

    def of_pods(self, bound: Bound) -> Iterator[Problem]:
        """Yield a note for each policy that is about the pods that are created for the object, none of which is evaluated."""
        template = pod_template(self._root)
        own = self._request if template else None
        if own is None or template is None:
            return
        labels = labels_in(self._root.map(*template, "metadata", "labels"))
        pods = own._replace(group="", version="v1", kind="Pod", resource="pods", others=(), name=None, labels=labels)
        for each in bound.asked(pods).policies:
            if CREATE in each.operations and (each.bindings or each.unknown):
                found = "dsgen does not evaluate policies for pods that a controller creates, so this policy may deny the pods of an object that it admits"
                yield _gap(each.policy, _CONSTRAINTS, found)

    @cached_property
    def _request(self) -> Request | None:
        return request_of(self._root, self._minor, self._definitions, self._view.namespace)

    @property
    def _shown(self) -> str:
        return f"{self._root['kind']} of {self._root['apiVersion']}"

    @property
    def _named(self) -> str:
        metadata = self._root.map("metadata")
        return f"{self._root['kind']} {metadata.get('name') or metadata.get('generateName')}"

    def _of_policy(self, asked: Asked, request: Request, asking: Asking) -> Iterator[Said | Problem]:
        policy, matched, bindings, unknown, *_ = asked
        if matched.answer is None:
            yield _gap(policy, _CONSTRAINTS, f"dsgen cannot determine whether this matches an object: {matched.why}")
            return
        for binding, why in unknown:
            found = f"dsgen cannot determine whether this matches an object: {why}"
            yield UNEVALUATED.at(place(binding.root, ("spec", "matchResources")), found)
        if not bindings:
            return
        if cel() is None:
            yield UNEVALUATED.at(None, EXTRA, hint=INSTALL)
            return
        is_own = matched.version == request.version or self._is_same_in_all_versions()
        if not is_own and not self._is_autoscaler():
            found = f"objects of {self._shown} are not evaluated: the API server converts them to `{matched.version}`"
            yield _gap(policy, _CONSTRAINTS, found)
            return
        compiled = _compilations().of(policy, self._minor)
        if compiled.faults:
            return  # the API server does not accept the policy
        object = self._own_form(request, asking) if is_own else self._converted(request, matched.version)
        if object is None:
            yield _gap(policy, _CONSTRAINTS, f"objects of {self._shown} are not evaluated: their form is not known")
            return
        for binding in bindings:
            yield from self._of_binding(compiled, binding, request, asked, object)

    def _own_form(self, request: Request, asking: Asking) -> Seen | None:
        if self._seen is None:
            namespace = request.namespace if request.is_namespaced else ""
            kept = self._kept(asking)
            self._seen = seen(self._root, self._minor, self._definitions, namespace, self._stored, kept)
        return self._seen

    def _converted(self, request: Request, version: str) -> Seen | None:
        if self._other is None:
            self._other = seen(self._root, self._minor, None, request.namespace, self._stored, version=version)
        return self._other

    def _kept(self, asking: Asking) -> Kept | None:
        """Return what the expressions of some policies read of the object."""
        if self._minor not in asking.kept:
            every = (_compilations().of(each.policy, self._minor) for each in asking.policies if each.bindings)
            asking.kept[self._minor] = kept(rule.whole.get("object", {}) for each in every for rule in each.rules)
        return asking.kept[self._minor]

    def _of_binding(
        self, compiled: Compiled, binding: Binding, request: Request, asked: Asked, object: Seen
    ) -> Iterator[Said | Problem]:
        found: list[Seen | None] | NotFound = _NO_PARAMETERS
        if compiled.policy.param_kind is not None and binding.parameters is not None:
            found = parameters(self._view, compiled.policy, binding, request, self._minor, self._definitions)
        if isinstance(found, NotFound):
            if found.unknown or CREATE not in asked.operations:
                yield UNEVALUATED.at(place(binding.root, ("spec", "paramRef")), found.why, hint=found.hint)
            elif compiled.policy.fails:
                refusal = PolicyDecision(None, f"failed to configure binding: {found.why}", error=True, hint=found.hint)
                yield Said(compiled, binding, Verdict([], [], {}, [refusal]))
            return
        version, operations = asked.matched.version, asked.operations
        for parameter in found:
            inputs = self._inputs_of(object, parameter, request, version, operations)
            verdict = evaluate(compiled, inputs)
            if UPDATE in operations:
                if CREATE not in operations:
                    verdict = only_updated(verdict)
                elif compiled.of_operation:
                    other = self._inputs_of(object, parameter, request, version, (UPDATE,))
                    verdict = also_updated(verdict, evaluate(compiled, other))
            if verdict is not SILENT:
                yield Said(compiled, binding, verdict, inputs)

    def _inputs_of(
        self, object: Seen, parameter: Seen | None, request: Request, version: str, operations: tuple[str, ...]
    ) -> PolicyInputs:
        # By the identity of a parameter, which is kept.
        key = id(parameter), version, operations
        inputs = self._inputs.get(key)
        if inputs is None:
            of = version, operations
            if of not in self._values:
                self._values[of] = Values(object, request, self._view.namespace, version, operations)
            inputs = self._inputs[key] = self._values[of].inputs(parameter)
        return inputs

    def _problem(
        self, compiled: Compiled, binding: Binding, decision: PolicyDecision, path: Path, action: str
    ) -> Problem:
        origin, field = self._place(path)
        by = f"ValidatingAdmissionPolicy '{compiled.policy.name}' with binding '{binding.name}'"
        found = f"{by} denied request: " if action == "Deny" else f"Validation failed for {by}: "
        of_rule = decision.rule.source.path if decision.rule else ("metadata", "name")
        if of_rule not in compiled.places:
            compiled.places[of_rule] = place(compiled.policy.root, of_rule)
        at = compiled.places[of_rule]
        hint = decision.hint or (f"see the rule in {at.file}:{at.line}" if at else "")
        if decision.error and decision.rule:
            hint = "; ".join(filter(None, (_remedy(compiled, decision.rule, decision.message), hint)))
        return _REPORTED[action].at(origin, found + decision.message, hint=hint, field=field)

    def _place(self, path: Path) -> tuple[Origin | None, str]:
        """Return where a field of the object is, and its path as text; policies mostly read the same fields."""
        if path not in self._places:
            origin = locate(self._root, path) if path else origin_of(self._root["kind"]) or origin_of(self._root)
            self._places[path] = origin, field_path(path)
        return self._places[path]

    def _is_autoscaler(self) -> bool:
        """Return whether the object is of the only kind that the server has in two versions by default, and converts."""
        return identify(self._root, self._minor).type in (AUTOSCALER, AUTOSCALER_V1)

    def _is_same_in_all_versions(self) -> bool:
        """Return whether the object is one of a custom kind that no webhook converts."""
        found = self._definitions.defines(self._root, self._minor) if self._definitions else None
        return found is not None and not found.is_converted


def _remedy(compiled: Compiled, rule: CompiledExpression, message: str) -> str:
    """Return what to do if an expression, or a variable that it reads, needs a key that is missing."""
    every = (rule, *compiled.variables.values())
    return remedy(message, [each.program.tree.expr for each in every if each.program])


def _gap(policy: Policy, path: Path, found: str) -> Problem:
    return UNEVALUATED.at(place(policy.root, path), found, field=field_path(path))
