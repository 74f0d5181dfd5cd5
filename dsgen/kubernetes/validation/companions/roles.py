"""What the rules of roles and cluster roles allow."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/rbac/validation: ValidatePolicyRule"


@rule("missing-role-verbs", "policy-rule", source=SOURCE)
def missing_role_verbs(policy: FieldRef) -> Iterator[FieldError]:
    """Each rule of a role states at least one of its `verbs`, such as `get`, `list` or `watch`."""
    if not policy.get("verbs"):
        yield policy.required("verbs", "state what the rule allows, such as `[get, list, watch]`")


@rule("missing-role-api-groups", "policy-rule", source=SOURCE)
def missing_role_api_groups(policy: FieldRef) -> Iterator[FieldError]:
    """
    A rule about resources states at least one of its `apiGroups`; that of pods, nodes and other core resources is the
    empty text.
    """
    if not policy.get("apiGroups") and not policy.get("nonResourceURLs"):
        yield policy.required("apiGroups", "state the group of the resources; for core resources such as pods: `['']`")


@rule("missing-role-resources", "policy-rule", source=SOURCE)
def missing_role_resources(policy: FieldRef) -> Iterator[FieldError]:
    """A rule states the `resources` that it is about, or in a cluster role the `nonResourceURLs`."""
    if not policy.get("resources") and not policy.get("nonResourceURLs"):
        yield policy.required("resources", "state what the rule is about, such as `[pods]`")


@rule("conflicting-non-resource-urls", "policy-rule", source=SOURCE, when="nonResourceURLs")
def conflicting_non_resource_urls(policy: FieldRef) -> Iterator[FieldError]:
    """One rule is about resources or about `nonResourceURLs`: beside these, it states no `apiGroups`, `resources` or `resourceNames`."""
    beside = [name for name in ("apiGroups", "resources", "resourceNames") if policy.get(name)]
    if policy.get("nonResourceURLs") and beside:
        yield policy.invalid("nonResourceURLs", f"stands beside `{beside[0]}`; make two rules of the one")


@rule("forbidden-non-resource-urls", "policy-rule", source=SOURCE, when="nonResourceURLs")
def forbidden_non_resource_urls(policy: FieldRef) -> Iterator[FieldError]:
    """A Role is about the resources of its namespace; `nonResourceURLs` belong in a ClusterRole."""
    if policy.get("nonResourceURLs") and policy.scope == "Role":
        yield policy.invalid("nonResourceURLs", "belongs to no namespace; state it in a ClusterRole")
