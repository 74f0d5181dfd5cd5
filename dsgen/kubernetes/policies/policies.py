"""The policies that are known, with their bindings, parameters and namespaces: of the objects that are read together, and of a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from dsgen.kubernetes.policies.codes import UNAPPLIED, UNKNOWN_POLICY, UNUSABLE_POLICY, UNUSED_POLICY
from dsgen.kubernetes.policies.kinds import BINDING, GROUP, KINDS, MUTATING, POLICY
from dsgen.kubernetes.policies.view import Layer, LayeredObjects
from dsgen.kubernetes.schema import api_resources
from dsgen.problem import Problem, has_errors
from dsgen.record import Record
from dsgen.tree import Map, maps_in

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions
    from dsgen.kubernetes.policies.bound import Bound
    from dsgen.kubernetes.policies.policy import Binding, Policy

# By the identity of a policy or a binding, which is kept, and a minor version: the first error, if there is one.
_Wrong = dict[tuple[int, str], tuple[Map, Problem | None]]


class Known(Record):
    """The policies with their bindings, if there are any, and what is reported of every object whatever they say."""

    bound: Bound | None
    notes: list[Problem]


class Policies:
    """Policies by layer; of two with the same name, that of the first layer counts. They are read when an object is validated."""

    def __init__(self, layers: Sequence[Layer] = (), wrong: _Wrong | None = None) -> None:
        self._layers = layers
        self._known: dict[str, Known] = {}
        self._wrong: _Wrong = {} if wrong is None else wrong
        self.view = LayeredObjects(layers)

    def above(self, roots: Iterable[Any]) -> Policies:
        """Return policies with those, and all else, among some objects as the first layer; these themselves, if there is nothing new for them."""
        of_kind: dict[str, list[Map]] = {}
        for root in maps_in(roots):
            if isinstance(root.get("kind"), str):
                of_kind.setdefault(str(root["kind"]), []).append(root)
        # Without a policy, it does not matter what it could refer to.
        is_new = not of_kind.keys().isdisjoint(KINDS) or (bool(of_kind) and self._are_any)
        # What is wrong with those of the layers below is found out once for all that are above them.
        wrong = self._wrong if self._layers else None
        return Policies([lambda kind: of_kind.get(kind, ()), *self._layers], wrong) if is_new else self

    @cached_property
    def _are_any(self) -> bool:
        """Whether there are policies or bindings in the layers."""
        return any(self.view.objects(kind) for kind in KINDS)

    def problems(
        self, root: Map, minor: str, definitions: Definitions | None, stored: Map | None = None
    ) -> list[Problem]:
        """Return what the policies say of a valid object, or what is wrong with a policy or a binding between it and the others.

        `stored` is the object as it is validated, if that is known.
        """
        if root.get("kind") in KINDS and api_resources.group_of(str(root.get("apiVersion"))) == GROUP:
            return list(self._own(root, minor))
        known = self.known(minor)
        if known.bound is None:
            return list(known.notes)
        from dsgen.kubernetes.policies.verdict import Judge, problems

        return [*known.notes, *problems(known.bound, Judge(self.view, root, minor, definitions, stored))]

    def faults(self, root: Map, minor: str) -> list[Problem]:
        """Return the expressions of a policy that the server does not compile; none, if the object is not a policy."""
        if root.get("kind") != POLICY or api_resources.group_of(str(root.get("apiVersion"))) != GROUP:
            return []
        from dsgen.kubernetes.policies.policy import policy
        from dsgen.kubernetes.policies.verdict import faults

        return list(faults(policy(root), minor))

    def known(self, minor: str) -> Known:
        """Return the policies that have bindings."""
        if minor not in self._known:
            self._known[minor] = self._bound(minor)
        return self._known[minor]

    def of_files(self, minor: str) -> list[Problem]:
        """Return what is wrong with the policies and bindings themselves."""
        from dsgen.kubernetes.built_in import validate

        found = [(root, validate(root, minor)) for kind in KINDS for root in self.view.objects(kind)]
        faults = self.view.faults(KINDS)
        return faults + [
            each for root, said in found for each in (*said, *([] if has_errors(said) else self._own(root, minor)))
        ]

    def _bound(self, minor: str) -> Known:
        notes = [_unapplied(root) for kind in MUTATING for root in self.view.objects(kind)]
        if not self.view.objects(POLICY):
            return Known(None, notes)
        from dsgen.kubernetes.policies.bound import Bound
        from dsgen.kubernetes.policies.policy import binding, policy

        policies: dict[str, tuple[Policy, list[Binding]]] = {}
        for root in self.view.objects(POLICY):
            name = root.map("metadata").get("name")
            # No binding can refer to one whose name the API server makes up.
            if not self._fault(root, minor, notes) and name:
                policies[str(name)] = (policy(root), [])
        for root in self.view.objects(BINDING):
            name = root.map("spec").get("policyName")
            if name in policies and not self._fault(root, minor, notes):
                policies[str(name)][1].append(binding(root))
        bound = [each for each in policies.values() if each[1]]
        return Known(Bound(bound) if bound else None, notes)

    def _fault(self, root: Map, minor: str, notes: list[Problem]) -> bool:
        """Return whether the server would not accept a policy or a binding, which is noted."""
        from dsgen.kubernetes.built_in import validate
        from dsgen.kubernetes.policies.policy import place

        key = id(root), minor
        if key not in self._wrong:
            self._wrong[key] = root, next((each for each in validate(root, minor) if each.severity == "error"), None)
        wrong = self._wrong[key][1]
        if wrong is not None:
            found = f"{_shown(root)} is not used: {wrong.message}"
            notes.append(UNUSABLE_POLICY.at(place(root), found, hint="fix it", field=wrong.field))
        return wrong is not None

    def _own(self, root: Map, minor: str) -> Iterator[Problem]:
        """Yield what is wrong with a policy or a binding, beside its fields."""
        from dsgen.kubernetes.policies.policy import place

        kind, name = root["kind"], root.map("metadata").get("name")
        if kind in MUTATING:
            yield _unapplied(root)
        elif kind == BINDING:
            wanted = root.map("spec").get("policyName")
            known = [each.map("metadata").get("name") for each in self.view.objects(POLICY)]
            if isinstance(wanted, str) and wanted not in known:
                from dsgen.problem import did_you_mean

                found = (
                    f"ValidatingAdmissionPolicy {wanted} is not among the objects, so this binding has no effect here"
                )
                hint = (
                    did_you_mean(wanted, map(str, known))
                    or "list the file with the policy under `policies` in dsgen.yaml"
                )
                yield UNKNOWN_POLICY.at(place(root, ("spec", "policyName")), found, hint=hint, field="spec.policyName")
        else:
            if not name:
                found = f"{_shown(root)} has no effect: no binding can refer to a policy without `metadata.name`"
                yield UNUSED_POLICY.at(place(root), found, hint="set `metadata.name`")
            elif all(each.map("spec").get("policyName") != name for each in self.view.objects(BINDING)):
                found = f"no ValidatingAdmissionPolicyBinding among the objects refers to policy {name}, so it has no effect"
                yield UNUSED_POLICY.at(place(root), found, hint=f"add a binding with `policyName: {name}`")
            yield from self.faults(root, minor)


def _unapplied(root: Map) -> Problem:
    from dsgen.kubernetes.policies.policy import place

    found = f"{_shown(root)} is not applied: objects are validated without its changes"
    return UNAPPLIED.at(place(root), found)


def _shown(root: Map) -> str:
    metadata = root.map("metadata")
    return f"{root['kind']} {metadata.get('name') or metadata.get('generateName') or 'without a name'}"


@cache
def none() -> Policies:
    """Return no policies."""
    return Policies()
