"""StatefulSets: how their pods are numbered and replaced, and what becomes of their claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.words import UPDATE_STRATEGIES
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.validation.amounts import amount, amount_errors, rolling_update
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.update import same_selector

SPEC = "pkg/apis/apps/validation: ValidateStatefulSetSpec"
UPDATE = "pkg/apis/apps/validation: ValidateStatefulSetUpdate"
MANAGEMENT_POLICIES: Final = ("OrderedReady", "Parallel")
FIXED: Final = ("selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates")


@rule("StatefulSet.spec", source=SPEC)
def invalid_pod_management_policy(spec: FieldRef) -> Iterator[FieldError]:
    """The `podManagementPolicy` of a StatefulSet must be `OrderedReady` (the default) or `Parallel`."""
    policy = spec.get("podManagementPolicy")
    if policy not in MANAGEMENT_POLICIES:
        yield spec.invalid("podManagementPolicy", f"{policy!r} is not one of {', '.join(MANAGEMENT_POLICIES)}")


@rule("StatefulSet.spec", source=SPEC)
def invalid_service_name_of_set(spec: FieldRef) -> Iterator[FieldError]:
    """The `serviceName` of a new StatefulSet must be a DNS label: at most 63 lower-case letters, digits and inner `-`."""
    name = spec.get("serviceName", "")
    if name and not spec.pod.old:
        yield from spec.invalid_each("serviceName", formats.dns_label(name))


@rule("StatefulSet.spec.updateStrategy", source=SPEC)
def invalid_stateful_set_strategy(strategy: FieldRef) -> Iterator[FieldError]:
    """The `spec.updateStrategy.type` of a StatefulSet must be `RollingUpdate` (the default) or `OnDelete`."""
    kind = strategy.get("type")
    if kind not in UPDATE_STRATEGIES and not _was_recreated(strategy):
        yield strategy.invalid((), f"`type: {kind}` is not one of {', '.join(UPDATE_STRATEGIES)}")


@rule("StatefulSet.spec.updateStrategy", source=SPEC, when="rollingUpdate")
def forbidden_stateful_set_rolling_update(strategy: FieldRef) -> Iterator[FieldError]:
    """`spec.updateStrategy.rollingUpdate` is only allowed if the `type` is `RollingUpdate`."""
    kind = strategy.get("type")
    if strategy.get("rollingUpdate") is not None and (kind == "OnDelete" or _was_recreated(strategy)):
        yield strategy.invalid("rollingUpdate", f"is not allowed for `type: {kind}`: leave it out")


def _was_recreated(strategy: FieldRef) -> bool:
    """Return whether the type is `Recreate`, which only an old object can have (since 1.37)."""
    old = strategy.pod.old
    before = old.root.value.map("spec", "updateStrategy").get("type") if old else ""
    return bool(strategy.get("type") == before == "Recreate" and strategy.pod.minor >= 37)


@rule("StatefulSet.spec.updateStrategy", source="pkg/apis/apps/validation: validateRollingUpdateStatefulSet")
def out_of_range_partition(strategy: FieldRef) -> Iterator[FieldError]:
    """The `partition` of a rolling update must be 0 or more."""
    for rolling in rolling_update(strategy):
        if rolling.get("partition", 0) < 0:
            yield rolling.invalid("partition", f"must be 0 or more, got {int(rolling.get('partition'))}")


@rule("StatefulSet.spec.updateStrategy", source="pkg/apis/apps/validation: validateRollingUpdateStatefulSet")
def invalid_stateful_set_max_unavailable(strategy: FieldRef) -> Iterator[FieldError]:
    """The `maxUnavailable` of a StatefulSet must be a whole number, 1 or more, or a percentage in quotes, up to `'100%'`."""
    for rolling in rolling_update(strategy):
        number = rolling.get("maxUnavailable", 1)
        yield from rolling.invalid_each("maxUnavailable", amount_errors(number))
        if not amount(number):
            yield rolling.invalid("maxUnavailable", "must not be 0")


Fields("StatefulSet.spec.persistentVolumeClaimRetentionPolicy", "`persistentVolumeClaimRetentionPolicy`", SPEC).one_of(
    "invalid-claim-retention-policy", ("whenDeleted", "whenScaled"), ("Retain", "Delete"), default="Retain"
)
Fields("StatefulSet.spec.ordinals", "`ordinals`", SPEC).in_range("out-of-range-first-ordinal", "start", 0)


@rule("StatefulSet.spec", source="pkg/registry/apps/statefulset: WarningsOnCreate", severity="warning")
def ineffective_revision_history_limit(spec: FieldRef) -> Iterator[FieldError]:
    """A StatefulSet with a negative `revisionHistoryLimit` keeps all its revisions. It should be 0 or more."""
    limit = spec.get("revisionHistoryLimit", 0)
    if limit < 0:
        yield spec.warning("revisionHistoryLimit", f"should be 0 or more, got {int(limit)}: all revisions are kept")


def _changed(root: FieldRef) -> list[str]:
    new, old = (each.value.map("spec") for each in (root, root.pod.old.root))
    same = [same_selector(old.get("selector"), new.get("selector"))]
    same += [semantic_equal(old.get(name), new.get(name), name) for name in FIXED[1:]]
    return [name for name, is_same in zip(FIXED, same, strict=True) if not is_same]


@rule("StatefulSet-update", source=UPDATE, since="1.37", immutable=True)
def changed_stateful_set(root: FieldRef) -> Iterator[FieldError]:
    """The selector, `serviceName`, `podManagementPolicy` and `volumeClaimTemplates` of a StatefulSet cannot be changed. To
    change them, delete the StatefulSet, with `--cascade=orphan` to keep its pods, and create it again.
    """
    for name in _changed(root):
        yield root.invalid(("spec", name), "cannot be changed; delete the StatefulSet first")


@rule("StatefulSet-update", source=UPDATE, until="1.36", immutable=True, code="changed-stateful-set")
def changed_stateful_set_before_1_37(root: FieldRef) -> Iterator[FieldError]:
    """The selector, `serviceName`, `podManagementPolicy` and `volumeClaimTemplates` of a StatefulSet cannot be changed. To
    change them, delete the StatefulSet, with `--cascade=orphan` to keep its pods, and create it again.
    """
    names = _changed(root)
    if names:
        detail = f"cannot be changed; delete the StatefulSet first: {', '.join(names)}"
        yield root.error("Forbidden", ("spec", names[0]), detail)._replace(field="spec")
