"""A service account and its rights, from a ServiceAccount, roles and their bindings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.importer.companion import TRUE, Agent, Companion, Fold, at, part
from dsgen.profile.accept import Refused, refuse
from dsgen.profile.rights import rules as read_rules
from dsgen.tree import List, Map, Text, Value, origin_of, plain

# The key of the profile for the rules of a role, by the kind of the role.
_KEYS: Final = {"ClusterRole": "clusterRules", "Role": "namespaceRules"}


def service_account(agent: Agent, others: list[Companion]) -> Fold | None:
    """Return the service account of the pods with its rights, as far as they belong to it alone."""
    name = agent.pod.get("serviceAccountName")
    if not name:
        return None
    account = next((each for each in others if _is_account(each, agent, name)), None)
    if account is None:
        return None
    entry = Map([("create", TRUE), *agent.named(account)], account.tree.origin)
    used = [account]
    role_name: Value | None = None
    binding_name: Value | None = None
    for binding, role in _rights(agent, others, name):
        key, made = _KEYS[role.given.kind], role.metadata["name"]
        bound = binding.metadata["name"]
        if key in entry or role_name not in (None, made) or binding_name not in (None, bound):
            continue
        role_name, binding_name = made, bound
        entry[at(key, role.tree.key("rules"))] = short_rules(role.tree["rules"])
        used += [role, binding]
    existing = List()
    for binding, reference in _bound_elsewhere(agent, others, name):
        suffix = f"-{reference.replace(':', '-')}"
        base, bound = str(binding_name or name), str(binding.metadata["name"])
        if bound == base + suffix:
            existing.append(Text.at(reference, origin_of(part(binding.tree, "roleRef").get("name")), plain=True))
            used.append(binding)
    if existing:
        entry["clusterRoles"] = existing
    for key, own in (("roleName", role_name), ("bindingName", binding_name)):
        if own not in (None, name):
            assert own is not None
            entry[key] = own
    token = account.tree.get("automountServiceAccountToken")
    if token is not None:
        entry[account.tree.key("automountServiceAccountToken")] = token
    entry.update(agent.own(account))
    return Fold("serviceAccount", entry, tuple(used))


def _is_account(companion: Companion, agent: Agent, name: Value) -> bool:
    if companion.given.kind != "ServiceAccount" or companion.metadata.get("name") != name:
        return False
    known = {"apiVersion", "kind", "metadata", "automountServiceAccountToken"}
    return agent.fits(companion) and not companion.tree.keys() - known


def _rights(agent: Agent, others: list[Companion], account: Value) -> Iterator[tuple[Companion, Companion]]:
    """Yield each binding to the service account alone, and its role."""
    for binding, kind in _bindings(agent, others, account):
        for role in others:
            if role.given.kind == kind and role.metadata.get("name") == part(binding.tree, "roleRef").get("name"):
                known = {"apiVersion", "kind", "metadata", "rules"}
                if agent.fits(role, own=False) and "rules" in role.tree and not role.tree.keys() - known:
                    yield binding, role


def _bound_elsewhere(agent: Agent, others: list[Companion], account: Value) -> Iterator[tuple[Companion, str]]:
    """Yield each binding of the service account alone to a ClusterRole that is not among the objects, and its name."""
    known = {str(role.metadata.get("name")) for role in others if role.given.kind == "ClusterRole"}
    for binding, kind in _bindings(agent, others, account):
        name = str(part(binding.tree, "roleRef").get("name"))
        if kind == "ClusterRole" and name not in known:
            yield binding, name


def _bindings(agent: Agent, others: list[Companion], account: Value) -> Iterator[tuple[Companion, str]]:
    """Yield each binding to the service account alone, and the kind of its role."""
    subject = {"kind": "ServiceAccount", "name": str(account), "namespace": agent.namespace}
    for binding in others if agent.namespace else ():
        kind = binding.given.kind.removesuffix("Binding")
        if binding.given.kind not in ("ClusterRoleBinding", "RoleBinding") or not agent.fits(binding, own=False):
            continue
        if plain(binding.tree.get("subjects")) == [subject] and part(binding.tree, "roleRef").get("kind") == kind:
            yield binding, kind


def short_rules(rules: Any) -> List:
    """Return rules as `VERBS RESOURCES` where that says the same."""
    return List(map(_rule, rules), origin_of(rules))


def _rule(rule: Map) -> Value:
    verbs, groups, resources, urls = (
        [str(each) for each in stated] if isinstance(stated, List) else []
        for stated in (rule.get(key) for key in ("verbs", "apiGroups", "resources", "nonResourceURLs"))
    )
    targets = urls
    if len(groups) == 1 and not urls:
        behind = f".{groups[0]}" if groups[0] else ""
        targets = [
            f"{resource}{behind}{slash}{below}"
            for resource, slash, below in (each.partition("/") for each in resources)
        ]
    text = Text.at(f"{','.join(verbs)} {','.join(targets)}", origin_of(next(iter(rule), None)), plain=True)
    try:
        read = read_rules(List([text]), refuse)
    except Refused:
        return rule
    return text if plain(read) == [plain(rule)] else rule
