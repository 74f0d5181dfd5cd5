"""The rules of Roles and ClusterRoles."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/rbac/validation: ValidatePolicyRule"


POLICY_RULE = Fields("policy-rule", "a rule", SOURCE)
POLICY_RULE.required("missing-role-verbs", "verbs", "must have at least one verb, such as `[get, list, watch]`")


@rule("policy-rule", source=SOURCE)
def missing_role_api_groups(policy: FieldRef) -> Iterator[FieldError]:
    """A rule for resources must have at least one of `apiGroups`. The group of pods, nodes and other core resources is
    the empty string.
    """
    if not policy.get("apiGroups") and not policy.get("nonResourceURLs"):
        yield policy.required(
            "apiGroups", "must be the groups of the resources; for core resources such as pods: `['']`"
        )


@rule("policy-rule", source=SOURCE)
def missing_role_resources(policy: FieldRef) -> Iterator[FieldError]:
    """A rule must have `resources`, or in a ClusterRole `nonResourceURLs`."""
    if not policy.get("resources") and not policy.get("nonResourceURLs"):
        yield policy.required("resources", "must have at least one resource, such as `[pods]`")


@rule("policy-rule", source=SOURCE, when="nonResourceURLs")
def conflicting_non_resource_urls(policy: FieldRef) -> Iterator[FieldError]:
    """A rule is either for resources or for `nonResourceURLs`. With these, it must not have `apiGroups`, `resources` or
    `resourceNames`.
    """
    beside = [name for name in ("apiGroups", "resources", "resourceNames") if policy.get(name)]
    if policy.get("nonResourceURLs") and beside:
        yield policy.invalid("nonResourceURLs", f"is not allowed together with `{beside[0]}`: make two rules")


@rule("policy-rule", source=SOURCE, when="nonResourceURLs")
def forbidden_non_resource_urls(policy: FieldRef) -> Iterator[FieldError]:
    """A Role grants access to the resources of its namespace. `nonResourceURLs` are only allowed in a ClusterRole."""
    if policy.get("nonResourceURLs") and policy.scope == "Role":
        yield policy.invalid("nonResourceURLs", "is not namespaced: set it in a ClusterRole")
