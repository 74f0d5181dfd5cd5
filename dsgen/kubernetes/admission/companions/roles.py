"""Roles and cluster roles: what their rules allow, and from which other cluster roles rules are gathered."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.admission.rule import Error, Node, rule
from dsgen.kubernetes.labels import selector_errors

SOURCE = "pkg/apis/rbac/validation: ValidatePolicyRule"
AGGREGATION = "pkg/apis/rbac/validation: ValidateClusterRole"


@rule("role-verbs-missing", "policy-rule", source=SOURCE)
def role_verbs_missing(policy: Node) -> Iterator[Error]:
    """Each rule of a role states at least one of its `verbs`, such as `get`, `list` or `watch`."""
    if not policy.get("verbs"):
        yield policy.required("verbs", "state what the rule allows, such as `[get, list, watch]`")


@rule("role-api-groups-missing", "policy-rule", source=SOURCE)
def role_api_groups_missing(policy: Node) -> Iterator[Error]:
    """
    A rule about resources states at least one of its `apiGroups`; that of pods, nodes and other core resources is the
    empty text.
    """
    if not policy.get("apiGroups") and not policy.get("nonResourceURLs"):
        yield policy.required("apiGroups", "state the group of the resources; for core resources such as pods: `['']`")


@rule("role-resources-missing", "policy-rule", source=SOURCE)
def role_resources_missing(policy: Node) -> Iterator[Error]:
    """A rule states the `resources` that it is about, or in a cluster role the `nonResourceURLs`."""
    if not policy.get("resources") and not policy.get("nonResourceURLs"):
        yield policy.required("resources", "state what the rule is about, such as `[pods]`")


@rule("role-urls-beside-resources", "policy-rule", source=SOURCE, when="nonResourceURLs")
def role_urls_beside_resources(policy: Node) -> Iterator[Error]:
    """One rule is about resources or about `nonResourceURLs`: beside these, it states no `apiGroups`, `resources` or `resourceNames`."""
    beside = [name for name in ("apiGroups", "resources", "resourceNames") if policy.get(name)]
    if policy.get("nonResourceURLs") and beside:
        yield policy.invalid("nonResourceURLs", f"stands beside `{beside[0]}`; make two rules of the one")


@rule("role-urls-in-namespace", "policy-rule", source=SOURCE, when="nonResourceURLs")
def role_urls_in_namespace(policy: Node) -> Iterator[Error]:
    """A Role is about the resources of its namespace; `nonResourceURLs` belong in a ClusterRole."""
    if policy.get("nonResourceURLs") and policy.scope == "Role":
        yield policy.invalid("nonResourceURLs", "belongs to no namespace; state it in a ClusterRole")


@rule("empty-aggregation-rule", "aggregation-rule", source=AGGREGATION)
def empty_aggregation_rule(aggregation: Node) -> Iterator[Error]:
    """An `aggregationRule` states at least one of its `clusterRoleSelectors`; without one, it gathers nothing."""
    if not aggregation.get("clusterRoleSelectors"):
        yield aggregation.required("clusterRoleSelectors", "state at least one selector, or no `aggregationRule`")


@rule("aggregation-selector", "aggregation-rule", source=AGGREGATION, when="clusterRoleSelectors")
def aggregation_selector(aggregation: Node) -> Iterator[Error]:
    """
    Each of the `clusterRoleSelectors` is a label selector: valid labels in `matchLabels`, and expressions with a known
    operator and fitting values.
    """
    for selector in aggregation.children("clusterRoleSelectors"):
        wrong = list(selector_errors(selector))
        yield from wrong
        if wrong:
            # The server says so once more, of the selector as a whole.
            yield selector.invalid((), "is no label selector")
