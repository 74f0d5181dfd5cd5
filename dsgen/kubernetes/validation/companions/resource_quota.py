"""ResourceQuotas: what a namespace may have of each resource, and of which objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import quantity
from dsgen.kubernetes.validation import resource_names as names
from dsgen.kubernetes.validation.labels import OPERATORS
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Path

SPEC = "pkg/apis/core/validation: ValidateResourceQuotaSpec"
SCOPES = "pkg/apis/core/validation: validateResourceQuotaScopes"
SELECTOR = "pkg/apis/core/validation: validateScopedResourceSelectorRequirement"
# What each scope can be applied to.
OF_PODS: Final = frozenset({"pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"})
OF_CLAIMS: Final = frozenset({"persistentvolumeclaims", "requests.storage"})
COUNTED_BY: Final = {
    "Terminating": OF_PODS,
    "NotTerminating": OF_PODS,
    "BestEffort": frozenset({"pods"}),
    "NotBestEffort": OF_PODS,
    "PriorityClass": OF_PODS,
    "CrossNamespacePodAffinity": OF_PODS,
    "VolumeAttributesClass": OF_CLAIMS,
}
# Scopes that an object has or has not.
WITHOUT_VALUES: Final = ("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity")
PAIRS: Final = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))
# The server compares requests and limits of these.
COMPARED: Final = ("cpu", "memory", "storage", "ephemeral-storage")
PRINTED: Final = "matchExpressions"


@rule("ResourceQuota.spec", source="pkg/apis/core/validation: ValidateResourceQuotaResourceName", when="hard")
def invalid_quota_resource(spec: FieldRef) -> Iterator[FieldError]:
    """What a quota counts must be a resource or a kind of object that Kubernetes knows, such as `requests.cpu` or `pods`,
    or have a prefix, such as `count/deployments.apps`.
    """
    for name in spec.get("hard", ()):
        yield from spec.invalid_each(("hard", name), names.quota_errors(name), field=f"hard[{name}]")


@rule("ResourceQuota.spec", source="pkg/apis/core/validation: ValidateResourceQuantityValue", when="hard")
def out_of_range_quota(spec: FieldRef) -> Iterator[FieldError]:
    """A quota must not be negative. Of objects, and of a resource with a prefix, it must be a whole number."""
    for name, value in spec.get("hard", {}).items():
        amount = quantity.parse(value)
        if amount < quantity.ZERO:
            yield spec.invalid(("hard", name), f"must be 0 or more, got {amount}", field=f"hard[{name}]")
        if names.is_counted(name) and not amount.is_whole:
            yield spec.invalid(("hard", name), f"must be a whole number, got {amount}", field=f"hard[{name}]")


@rule("ResourceQuota.spec", source=SCOPES)
def invalid_quota_scope(spec: FieldRef) -> Iterator[FieldError]:
    """A scope must be one that Kubernetes knows: `Terminating`, `NotTerminating`, `BestEffort`, `NotBestEffort`,
    `PriorityClass`, `CrossNamespacePodAffinity` or `VolumeAttributesClass`.
    """
    for node, path, scope in _scopes(spec):
        if scope not in COUNTED_BY:
            printed = "scopes" if node is spec else f"{PRINTED}.scopeName"
            yield node.invalid(path, f"{str(scope)!r} is not one of {', '.join(COUNTED_BY)}", field=printed)


@rule("ResourceQuota.spec", source=SCOPES, when="hard")
def mismatched_quota_scope(spec: FieldRef) -> Iterator[FieldError]:
    """A quota with a scope can only count what is in this scope: `BestEffort` is for `pods`, `VolumeAttributesClass` for
    `persistentvolumeclaims` and `requests.storage`, and the others are for `pods`, and `cpu` and `memory`. Make another
    quota for the rest.
    """
    for node, path, scope in _scopes(spec):
        allowed = COUNTED_BY.get(scope)
        for name in spec.get("hard", ()):
            if allowed is not None and name not in allowed and names.is_standard(name) and name != "storage":
                detail = f"{scope} does not apply to {name}"
                yield node.invalid(path, detail, field="scopes" if node is spec else PRINTED)


@rule("ResourceQuota.spec", source=SCOPES)
def conflicting_quota_scopes(spec: FieldRef) -> Iterator[FieldError]:
    """`BestEffort` and `NotBestEffort`, or `Terminating` and `NotTerminating`, must not be together: no pod is in both."""
    selector = spec.child("scopeSelector")
    stated = [(spec, "scopes", [str(scope) for scope in spec.get("scopes", ())])]
    if selector:
        scopes = [str(each.get("scopeName", "")) for each in selector.children("matchExpressions")]
        stated.append((selector, "matchExpressions", scopes))
    for node, field, found in stated:
        for one, other in PAIRS:
            if one in found and other in found:
                yield node.invalid(field, f"no pod is in both {one} and {other}")


@rule("ResourceQuota.spec.scopeSelector", source=SELECTOR, when="matchExpressions")
def invalid_quota_scope_operator(selector: FieldRef) -> Iterator[FieldError]:
    """The `operator` of a scope must be `In`, `NotIn`, `Exists` or `DoesNotExist`. Only `PriorityClass` and
    `VolumeAttributesClass` have values; for the others it must be `Exists`.
    """
    for each in selector.children("matchExpressions"):
        scope, operator = each.get("scopeName", ""), each.get("operator", "")
        below = (*each.step, "operator")
        if scope in WITHOUT_VALUES and operator != "Exists":
            yield selector.invalid(below, f"must be `Exists` for {scope}", field=f"{PRINTED}.operator")
        elif operator not in OPERATORS:
            detail = f"{str(operator)!r} is not one of {', '.join(OPERATORS)}"
            yield selector.invalid(below, detail, field=f"{PRINTED}.operator")


@rule("ResourceQuota.spec.scopeSelector", source=SELECTOR, when="matchExpressions")
def invalid_quota_scope_values(selector: FieldRef) -> Iterator[FieldError]:
    """A scope must have `values` for `In` and `NotIn`, and none for `Exists` and `DoesNotExist`."""
    for each in selector.children("matchExpressions"):
        operator, values, below = each.get("operator", ""), each.get("values", ()), (*each.step, "values")
        if operator in ("In", "NotIn") and not values:
            yield selector.required(below, f"must have at least one value for `{operator}`", field=f"{PRINTED}.values")
        elif operator in ("Exists", "DoesNotExist") and values:
            yield selector.invalid(below, f"is not allowed for `{operator}`", field=f"{PRINTED}.values")


@rule("ResourceQuota-update", source="pkg/apis/core/validation: ValidateResourceQuotaUpdate", immutable=True)
def changed_quota_scopes(quota: FieldRef) -> Iterator[FieldError]:
    """The `spec.scopes` of a quota cannot be changed. To change them, delete the quota and create it again."""
    new, old = (set(each.map("spec").texts("scopes")) for each in (quota.value, quota.pod.old.root.value))
    if new != old:
        yield quota.invalid(("spec", "scopes"), "cannot be changed; delete the quota first, or choose another name")


@rule(
    "ResourceQuota",
    source="pkg/registry/core/resourcequota: WarningsOnCreate",
    since="1.35",
    when="spec",
    severity="warning",
)
def excessive_quota_request(quota: FieldRef) -> Iterator[FieldError]:
    """The requests of `cpu`, `memory` or storage that a new quota allows should not exceed the limits that it allows."""
    hard = quota.value.map("spec", "hard")
    for resource in () if quota.pod.old else COMPARED:
        bare = resource if resource in ("cpu", "memory") else ""
        name = next((each for each in (f"requests.{resource}", bare) if each in hard), "")
        limit = f"limits.{resource}"
        if not name or limit not in hard:
            continue
        request, most = quantity.parse(hard[name]), quantity.parse(hard[limit])
        if request > most:
            detail = f"{request} exceeds the {most} of `{limit}`"
            yield quota.warning(("spec", "hard", name), detail, field=f"spec.hard[{name}]")


def _scopes(spec: FieldRef) -> Iterator[tuple[FieldRef, Path, str]]:
    """Yield each scope, also those of the selector: the part that has it, its path there, and itself."""
    for index, scope in enumerate(spec.get("scopes", ())):
        yield spec, ("scopes", index), scope
    selector = spec.child("scopeSelector")
    for each in selector.children("matchExpressions") if selector else ():
        yield selector, (*each.step, "scopeName"), each.get("scopeName", "")  # type: ignore[misc]
