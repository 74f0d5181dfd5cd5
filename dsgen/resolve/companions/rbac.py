"""The namespace, the service account with its RBAC rules, and the priority class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema.words import NAME, POD_SECURITY, RBAC_GROUP
from dsgen.problem import code
from dsgen.resolve.companions.companion import Companion, DescribedAgent, text
from dsgen.tree import List, Map, Text, Value, origin_of

NOT_MADE = code(
    "missing-create",
    """A namespace or a service account that is not generated has only a name; `create: true` generates it. An existing service account
    can be granted permissions.""",
)
MISSING_ACCOUNT = code(
    "missing-service-account",
    """A profile grants permissions to a service account that it does not generate. If nothing else creates the account, no pods are created.
    `create: true` generates it, and `create: false` says that it exists.""",
    severity="warning",
)
MISSING_NAMESPACE = code(
    "missing-namespace",
    "A role binding contains the namespace of the service account, so a profile with RBAC rules must set `namespace`.",
)
PRIORITY_TWICE = code(
    "conflicting-priority-class",
    "`priorityClass` generates a class and uses it, so `priorityClassName` must not name another one.",
)
IDLE_RULE = code(
    "ineffective-namespace-rule",
    """`namespaceRules` generate a Role, and a Role grants no permissions on cluster-scoped resources, such as nodes. Use `clusterRules`
    for those.""",
    severity="warning",
)


def namespace(agent: DescribedAgent) -> Iterator[Companion]:
    """Yield the Namespace, if one is generated."""
    stated = agent.merged.child("namespace")
    if stated is None or not _is_made(agent, stated, "namespace", ("podSecurity", "labels", "annotations")):
        return
    made = agent.companion("Namespace", stated, text(agent.metadata.get("namespace"), agent.name), {}, namespaced=False)
    metadata = made.object.map("metadata")
    labels = metadata.map("labels")
    labels.type = "{str}"
    if NAME in labels and origin_of(labels.key(NAME)) is None:
        # Several agents may share the namespace.
        del labels[NAME]
    for mode, level in stated.map("podSecurity").items():
        labels.setdefault(f"{POD_SECURITY}{mode}", level)
    if labels:
        metadata["labels"] = labels
    else:
        metadata.pop("labels", None)
    yield made


def priority_class(agent: DescribedAgent) -> Iterator[Companion]:
    """Yield the PriorityClass, if one is generated."""
    stated = agent.merged.child("priorityClass")
    if stated is None:
        return
    name = text(stated.get("name"), agent.name)
    used = agent.merged.get("priorityClassName")
    if used is not None and used != name:
        found = f"`priorityClassName` is {used}, but `priorityClass` generates {name}"
        hint = "remove one of the two; `priorityClass: null` removes that of a lower layer"
        agent.report(PRIORITY_TWICE.at(origin_of(used), found, hint=hint, path="priorityClassName"))
    fields = {
        key: stated[key] for key in ("value", "globalDefault", "preemptionPolicy", "description") if key in stated
    }
    yield agent.companion("PriorityClass", stated, name, fields, namespaced=False)


# The fields of a ServiceAccount that a profile sets.
OF_ACCOUNT: Final = ("automountServiceAccountToken", "imagePullSecrets")


def service_account(agent: DescribedAgent) -> Iterator[Companion]:
    """Yield the ServiceAccount, if one is generated, and its roles and bindings."""
    stated = agent.merged.child("serviceAccount")
    if stated is None:
        return
    made = _is_made(agent, stated, "serviceAccount", (*OF_ACCOUNT, "labels", "annotations"))
    name = text(stated.get("name"), agent.name)
    if made:
        fields = {key: stated[key] for key in OF_ACCOUNT if key in stated}
        yield agent.companion("ServiceAccount", stated, name, fields)
    elif "name" not in stated:
        return
    elif "create" not in stated and name != "default":
        _check_account(agent, stated, name)
    _check_scope(agent, stated.maps("namespaceRules"))
    for key, prefix in (("clusterRules", "Cluster"), ("namespaceRules", "")):
        rules = stated.get(key)
        if rules:
            yield from _role(agent, stated, name, key, f"{prefix}Role", rules)
    for role in stated.texts("clusterRoles"):
        yield from _binding(agent, stated, name, "clusterRoles", "ClusterRole", role, f"-{role.replace(':', '-')}")


def _check_account(agent: DescribedAgent, stated: Map, name: str) -> None:
    """Warn about permissions for an account that is not generated, unless the profile says so."""
    grants = next((key for key in ("clusterRules", "namespaceRules", "clusterRoles") if stated.get(key)), None)
    if grants:
        found = f"`{grants}` grants permissions to the service account `{name}`, which is not generated"
        hint = "add `create: true` to generate it, or `create: false` if it exists"
        place = origin_of(stated.key(grants))
        agent.report(MISSING_ACCOUNT.at(place, found, hint=hint, path=f"serviceAccount.{grants}"))


def _check_scope(agent: DescribedAgent, rules: list[Map]) -> None:
    """Warn about rules of a Role for Kubernetes' cluster-scoped resources."""
    if not rules:
        return
    from dsgen.profile.shorthand.rules import CLUSTER_SCOPED

    for rule in rules:
        groups, resources, verbs = map(rule.texts, ("apiGroups", "resources", "verbs"))
        for group in groups:
            for resource in resources:
                name = resource.partition("/")[0]
                # The permission to bind a ClusterRole in a namespace is checked in that namespace.
                if name not in CLUSTER_SCOPED.get(group, ()) or (name == "clusterroles" and {"bind", "*"} & {*verbs}):
                    continue
                found = (
                    f"`{name}{group and '.'}{group}` are cluster-scoped, and rules for a namespace do not apply to them"
                )
                hint = "move them to `clusterRules`"
                agent.report(IDLE_RULE.at(origin_of(resource), found, hint=hint, path="serviceAccount.namespaceRules"))


def _role(agent: DescribedAgent, stated: Map, account: str, key: str, kind: str, rules: Value) -> Iterator[Companion]:
    plain = _metadata(stated, origin_of(rules), kind == "Role")
    role = Text.at(_name(stated, "roleName", kind == "Role") or _own(agent, stated, account), plain.origin)
    bound = list(_binding(agent, stated, account, key, kind, role))
    if bound:
        yield agent.companion(kind, plain, role, {"rules": rules}, kind == "Role")
    yield from bound


def _name(stated: Map, key: str, namespaced: bool) -> str:
    """Return the name of a role or binding, or an empty string if the profile does not set it."""
    return text(stated.get(_key(stated, key, namespaced)), "")


def _key(stated: Map, key: str, namespaced: bool) -> str:
    """Return the key for roles and bindings: for those in the namespace, that of their own, if it is set."""
    own = f"namespace{key[0].upper()}{key[1:]}"
    return own if namespaced and own in stated else key


def _metadata(stated: Map, origin: Any, namespaced: bool) -> Map:
    """Return the labels and annotations of roles and bindings. Those of the account, such as a cloud role, do not apply to them."""
    keys = (("labels", "rbacLabels"), ("annotations", "rbacAnnotations"))
    own = ((key, _key(stated, both, namespaced)) for key, both in keys)
    return Map(((key, stated[each]) for key, each in own if each in stated), origin)


def _own(agent: DescribedAgent, stated: Map, account: str) -> str:
    """Return the name of roles and bindings. An existing account, such as `default`, may have others; these are the agent's."""
    return account if stated.get("create") else agent.name


def _binding(
    agent: DescribedAgent, stated: Map, account: str, key: str, kind: str, role: str, suffix: str = ""
) -> Iterator[Companion]:
    """Yield the binding of the service account to a role."""
    plain = _metadata(stated, origin_of(role), kind == "Role")
    if "namespace" not in agent.metadata:
        found = f"`{key}` requires the namespace of the service account"
        hint = "set `namespace: …` in the profile"
        agent.report(MISSING_NAMESPACE.at(plain.origin, found, hint=hint, path=f"serviceAccount.{key}"))
        return
    reference = Map([("apiGroup", RBAC_GROUP), ("kind", kind), ("name", role)], plain.origin, "RoleRef")
    subject = Map(
        [("kind", "ServiceAccount"), ("name", account), ("namespace", agent.metadata["namespace"])],
        plain.origin,
        "Subject",
    )
    binding = (_name(stated, "bindingName", kind == "Role") or _own(agent, stated, account)) + suffix
    bound: dict[str, Value] = {"roleRef": reference, "subjects": List([subject], plain.origin)}
    yield agent.companion(f"{kind}Binding", plain, binding, bound, kind == "Role")


def _is_made(agent: DescribedAgent, stated: Map, key: str, parts: tuple[str, ...]) -> bool:
    """Return whether the namespace or service account is generated; if not, it may have only a name, and none of `parts`."""
    if stated.get("create"):
        return True
    idle = [part for part in parts if part in stated] if "create" not in stated else []
    for part in idle:
        place = stated.key(part)
        found = f"`{part}` is not allowed for a {_CALLED[key]} that is not generated"
        agent.report(
            NOT_MADE.at(origin_of(place), found, hint=f"add `create: true`, or remove `{part}`", path=f"{key}.{part}")
        )
    if "name" not in stated and not idle:
        found = f"`{key}` must have `name` or `create: true`"
        agent.report(NOT_MADE.at(stated.origin, found, hint="add `name`, or `create: true`", path=key))
    return False


_CALLED: Final = {"namespace": "namespace", "serviceAccount": "service account"}
