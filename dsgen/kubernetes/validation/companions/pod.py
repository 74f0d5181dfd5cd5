"""Pods by themselves: what is asked of them and not of pod templates, and the few fields that an update can change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema.words import APP_ARMOR
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.semantics.normalize import canonical
from dsgen.kubernetes.validation.metadata import given_name
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.template_metadata import MIRROR
from dsgen.tree import List, Map

CREATE = "pkg/apis/core/validation: ValidatePodCreate"
UPDATE = "pkg/apis/core/validation: ValidatePodUpdate"
CONTAINERS: Final = ("containers", "initContainers")
# What an update of a Pod can change, each to some values only.
UPDATABLE: Final = ("activeDeadlineSeconds", "tolerations", "schedulingGates")
MAX_INT32: Final = 2**31 - 1


@rule("Pod.spec", source="pkg/apis/core/validation: validateContainerOnlyForPod")
def invalid_pod_image(spec: FieldRef) -> Iterator[FieldError]:
    """The image of a container of a Pod must not begin or end with a space. In a pod template it may, and then no pod starts."""
    for kind in CONTAINERS:
        for container in spec.children(kind):
            image = container.get("image", "")
            if image != image.strip():
                yield container.invalid("image", f"must not begin or end with a space, got {str(image)!r}")


@rule("Pod.spec", source=CREATE, when="schedulingGates")
def conflicting_scheduling_gates(spec: FieldRef) -> Iterator[FieldError]:
    """A new Pod with `schedulingGates` must not have a `nodeName`: it cannot be on a node before the gates are gone."""
    if spec.get("nodeName") and spec.get("schedulingGates") and not spec.pod.old:
        yield spec.forbidden("nodeName", "is not allowed as long as there are `schedulingGates`")


@rule("Pod.spec", source="pkg/apis/core/validation: ValidateVolumes", when="volumes")
def conflicting_ephemeral_claim(spec: FieldRef) -> Iterator[FieldError]:
    """A `persistentVolumeClaim` of a Pod must not be the claim that is created for one of its ephemeral volumes."""
    pod = given_name(spec.pod.metadata)
    created = {f"{pod}-{each.get('name', '')}" for each in spec.children("volumes") if each.child("ephemeral")}
    for volume in spec.children("volumes") if pod else ():
        claim = volume.child("persistentVolumeClaim")
        if claim and claim.get("claimName", "") in created:
            yield claim.invalid("claimName", "is the claim of an ephemeral volume of this Pod")


@rule("Pod.spec", source="pkg/apis/core/validation: validatePodResourceClaim", when="resourceClaims")
def forbidden_mirror_pod_claims(spec: FieldRef) -> Iterator[FieldError]:
    """A mirror pod, which the kubelet creates, must not have `resourceClaims`."""
    if MIRROR in spec.pod.metadata.map("annotations") and spec.get("resourceClaims"):
        yield spec.forbidden("resourceClaims", "is not allowed in a mirror pod")._replace(field="[]")


@rule("Pod-update", source="pkg/apis/core/validation: ValidatePodSpecificAnnotationUpdates")
def changed_pod_annotation(pod: FieldRef) -> Iterator[FieldError]:
    """The AppArmor annotations of a Pod, and that of a mirror pod, cannot be added, changed or removed."""
    new, old = (each.value.map("metadata", "annotations") for each in (pod, pod.pod.old.root))
    for key in {**old, **new}:
        if (key.startswith(APP_ARMOR) or key == MIRROR) and old.get(key) != new.get(key):
            yield pod.forbidden(
                ("metadata", "annotations", key), "cannot be changed", field=f"metadata.annotations[{key}]"
            )


@rule("Pod-update", source=UPDATE, immutable=True)
def changed_pod(pod: FieldRef) -> Iterator[FieldError]:
    """Of a Pod, an update can change the images of its containers, shorten `activeDeadlineSeconds`, add tolerations, and remove
    scheduling gates; while it has gates, it can narrow down its nodes too. For anything else, delete the Pod and create it again.
    """
    new, old = (each.value.map("spec") for each in (pod, pod.pod.old.root))
    spec = FieldRef(new, pod, ("spec",))
    for kind in CONTAINERS:
        if len(new.maps(kind)) != len(old.maps(kind)):
            yield spec.forbidden(kind, "cannot be added or removed")
            return
        for index, container in enumerate(new.maps(kind)):
            if not container.get("image"):
                yield spec.required((kind, index, "image"))
    deadline = list(_deadline_errors(spec, new.get("activeDeadlineSeconds"), old.get("activeDeadlineSeconds")))
    yield from deadline
    if deadline and not _unset(new.get("activeDeadlineSeconds")):
        return
    yield from _toleration_errors(spec, new.maps("tolerations"), old.maps("tolerations"))
    names = {str(gate.get("name") or "") for gate in old.maps("schedulingGates")}
    added = {str(gate.get("name") or ""): index for index, gate in enumerate(new.maps("schedulingGates"))}
    for name, index in added.items():
        if name not in names:
            yield spec.forbidden(("schedulingGates", index, "name"), f"{name!r} cannot be added, only removed")
    yield from _other_errors(spec, new, old)


def _unset(value: Any) -> bool:
    return not isinstance(value, int)


def _deadline_errors(spec: FieldRef, new: Any, old: Any) -> Iterator[FieldError]:
    name = "activeDeadlineSeconds"
    if _unset(new):
        if not _unset(old):
            yield spec.invalid(name, f"cannot be removed; it was {int(old)}")
    elif not 0 <= new <= MAX_INT32:
        yield spec.invalid(name, f"must be between 0 and {MAX_INT32}, got {int(new)}")
    elif not _unset(old) and new > old:
        yield spec.invalid(name, f"can only become less; it was {int(old)}, got {int(new)}")


def _toleration_errors(spec: FieldRef, new: list[Map], old: list[Map]) -> Iterator[FieldError]:
    for toleration in old:
        bare = toleration.without("tolerationSeconds")
        if not any(semantic_equal(bare, each.without("tolerationSeconds")) for each in new):
            yield spec.forbidden(
                "tolerations", "can only be added; of those there, only `tolerationSeconds` can be changed"
            )
            return


def _other_errors(spec: FieldRef, new: Map, old: Map) -> Iterator[FieldError]:
    """Yield an error if anything else is changed, or the nodes of a Pod with scheduling gates in a way that is not allowed."""
    same = new.without(*UPDATABLE)
    before = old.without(*UPDATABLE)
    for kind in CONTAINERS:
        if kind in new:
            same = same.replaced(kind, List(_without_image(new.maps(kind))))
        if kind in old:
            before = before.replaced(kind, List(_without_image(old.maps(kind))))
    period: Any = old.get("terminationGracePeriodSeconds")
    if isinstance(period, int) and period < 0 and new.get("terminationGracePeriodSeconds") == 1:
        same = same.replaced("terminationGracePeriodSeconds", period)
    if old.maps("schedulingGates"):
        selector = old.map("nodeSelector")
        if any(new.map("nodeSelector").get(key) != value for key, value in selector.items()):
            yield spec.invalid("nodeSelector", "can only get more labels")
        yield from _affinity_errors(spec, new, old)
        same, before = (_without_nodes(each) for each in (same, before))
    # The server compares quantities by their value, and the account under one name.
    same, before = (canonical(each, "PodSpec", f"1.{spec.pod.minor}") for each in (same, before))
    names = [
        name for name in {**before, **same} if not semantic_equal(before.get(name), same.get(name), name, "PodSpec")
    ]
    if names:
        path = names[0] if names[0] in new else ""
        yield spec.forbidden(path, f"cannot be changed in a Pod: {', '.join(names)}", field="")


def _without_image(containers: list[Map]) -> list[Map]:
    return [each.without("image") for each in containers]


def _without_nodes(spec: Map) -> Map:
    """Return a spec without what chooses its nodes."""
    affinity = spec.map("affinity").without("nodeAffinity")
    bare = spec.without("nodeSelector", "affinity")
    return bare.replaced("affinity", affinity) if affinity else bare


def _affinity_errors(spec: FieldRef, new: Map, old: Map) -> Iterator[FieldError]:
    steps = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    wanted, before = (each.map(*steps).maps("nodeSelectorTerms") for each in (new, old))
    if not before:
        return
    place = (*steps, "nodeSelectorTerms")
    if len(wanted) != len(before):
        yield spec.invalid(place, f"must keep its {len(before)} terms, got {len(wanted)}")
        return
    for index, (term, old_term) in enumerate(zip(wanted, before, strict=True)):
        if not _only_adds(term, old_term):
            yield spec.invalid((*place, index), "can only get more expressions")


def _only_adds(term: Map, old: Map) -> bool:
    names = ("matchExpressions", "matchFields")
    if not any(old.maps(name) for name in names) and any(term.maps(name) for name in names):
        return False
    return all(
        len(term.maps(name)) >= len(old.maps(name))
        and semantic_equal(List(term.maps(name)[: len(old.maps(name))]), List(old.maps(name)))
        for name in names
    )
