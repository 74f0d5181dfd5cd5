"""A service account and its permissions, from a ServiceAccount, roles and their bindings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dsgen.importer.fold.companion import KEEP, TRUE, Fold, ImportedAgent, ImportedCompanion, LeftOut, Reason, at
from dsgen.importer.fold.related import BINDINGS
from dsgen.importer.shorten.short import short, short_rules
from dsgen.kubernetes.validation.kinds import is_namespaced
from dsgen.plain import plain
from dsgen.profile.rbac import ACCOUNT
from dsgen.resolve.companions.rbac import OF_ACCOUNT
from dsgen.tree import List, Map, Text, Value, origin_of

# The key of the profile for the rules of a role, by the kind of the role.
KEYS: Final = {"ClusterRole": "clusterRules", "Role": "namespaceRules"}
RBAC_KINDS: Final = frozenset({"ServiceAccount", *KEYS, *BINDINGS})


def service_account(agent: ImportedAgent, others: list[ImportedCompanion]) -> Iterator[Fold | LeftOut]:
    """Yield the service account of the pods with the permissions that only it has, and which of the `others` are left out."""
    accounts = [each for each in others if each.given.kind == "ServiceAccount"]
    rbac = [each for each in others if each.given.kind != "ServiceAccount"]
    misfits = [_misfit(agent, each) for each in accounts]
    yield from filter(None, misfits)
    account = next((each for each, misfit in zip(accounts, misfits, strict=True) if misfit is None), None)
    if account is None:
        name = agent.pod.get("serviceAccountName")
        reason = Reason(
            f"a profile sets RBAC rules together with their account, but ServiceAccount {name} is not imported",
            f"import it together with ServiceAccount {name}, or {KEEP}",
        )
        yield from (LeftOut(each, reason) for each in rbac)
        return
    entry = Map([("create", TRUE), *agent.named(account)], account.tree.origin)
    used = [account]
    for each in _granted(agent, rbac, entry):
        if isinstance(each, LeftOut):
            yield each
        else:
            used.append(each)
    entry.update(
        (key, short(value, ACCOUNT[key]["kubernetes"])) for key, value in account.tree.items() if key in OF_ACCOUNT
    )
    entry.update(agent.own(account))
    yield Fold("serviceAccount", entry, tuple(used))


def _misfit(agent: ImportedAgent, account: ImportedCompanion) -> LeftOut | None:
    """Return why a profile cannot generate a service account, or None if it can."""
    known = {"apiVersion", "kind", "metadata", *OF_ACCOUNT}
    for key in account.tree:
        if key not in known:
            return LeftOut(account, Reason(f"profiles have no key for `{key}` of a service account"))
    return agent.misfit(account)


def _granted(agent: ImportedAgent, rbac: list[ImportedCompanion], entry: Map) -> Iterator[ImportedCompanion | LeftOut]:
    """Add the permissions of the account to its `entry`; yield the roles and bindings that grant them, and those that are left out."""
    account = agent.pod["serviceAccountName"]
    # The roles with their bindings, by the key of their rules.
    pairs: dict[str, tuple[ImportedCompanion, ImportedCompanion]] = {}
    roles = [each for each in rbac if each.given.kind in KEYS]
    by_name: dict[tuple[str, str], list[ImportedCompanion]] = {}
    for each in roles:
        by_name.setdefault((each.given.kind, str(each.metadata["name"])), []).append(each)
    metadata = _Metadata(agent)
    done: set[int] = set()
    elsewhere: list[ImportedCompanion] = []
    for binding in [each for each in rbac if each.given.kind not in KEYS]:
        reason = _no_binding(agent, binding)
        if reason:
            yield LeftOut(binding, reason)
            continue
        kind, name = _reference(binding)
        known = by_name.get((kind, name))
        if not known:
            elsewhere.append(binding)
            continue
        role = next((each for each in known if agent.misfit(each) is None), known[0])
        reason = _no_role(agent, role)
        if reason and id(role) not in done:
            done.add(id(role))
            yield LeftOut(role, reason)
        if reason:
            yield LeftOut(binding, Reason(f"{kind} {name}, which it binds, is not imported"))
            continue
        reason = metadata.misfit(role, binding)
        if KEYS[kind] in pairs:
            first = pairs[KEYS[kind]][0].metadata["name"]
            reason = Reason(f"a profile has only one {kind} with one binding", f"move all rules to {kind} {first}")
        if reason:
            yield LeftOut(binding, reason)
            if id(role) not in done:
                done.add(id(role))
                yield LeftOut(role, reason)
            continue
        metadata.take(role)
        pairs[KEYS[kind]] = role, binding
        rules: Any = role.tree["rules"]
        entry[at(KEYS[kind], role.tree.key("rules"))] = short_rules(rules)
        done.add(id(role))
        yield from (role, binding)
    for role in roles:
        if id(role) not in done:
            yield agent.misfit(role) or LeftOut(role, Reason("its binding is not imported"))
    names = _names(pairs, account)
    yield from _bound_elsewhere(elsewhere, str(names.get("bindingName", account)), entry, metadata)
    entry.update(names)
    entry.update(metadata.keys())


def _names(pairs: Mapping[str, tuple[ImportedCompanion, ImportedCompanion]], account: Value) -> dict[str, Value]:
    """Return the names of roles and bindings, by their keys, that are not those that a profile gives them."""
    result: dict[str, Value] = {}
    for place, key, own in ((0, "roleName", "namespaceRoleName"), (1, "bindingName", "namespaceBindingName")):
        given = [pairs[rules][place].metadata["name"] for rules in KEYS.values() if rules in pairs]
        if given and given[0] != account:
            result[key] = given[0]
        if given[1:] and given[1] != given[0]:
            result[own] = given[1]
    return result


class _Metadata:
    """The labels and annotations that roles and bindings have in addition to those of the profile: the same in one scope."""

    def __init__(self, agent: ImportedAgent) -> None:
        self._agent = agent
        # The first role or binding of the cluster, and of the namespace.
        self._first: dict[bool, ImportedCompanion] = {}

    def misfit(self, *companions: ImportedCompanion) -> Reason | None:
        """Return why roles and bindings of one scope cannot be in the profile too, or None if they can."""
        first = self._first.get(_in_namespace(companions[0]), companions[0])
        for each in companions:
            if self._own(each) != self._own(first):
                scope = "in the namespace" if _in_namespace(first) else "in the cluster"
                why = (
                    f"{each.given.kind} {each.metadata['name']} has other labels or annotations than {first.given.kind} "
                    f"{first.metadata['name']}, but a profile sets them for all roles and bindings {scope}"
                )
                return Reason(why, "give both the same labels and annotations")
        return None

    def take(self, companion: ImportedCompanion) -> None:
        """Let the profile set the labels and annotations of a role or a binding."""
        self._first.setdefault(_in_namespace(companion), companion)

    def _own(self, companion: ImportedCompanion) -> dict[str, Map]:
        return dict(self._agent.own(companion))

    def keys(self) -> Iterator[tuple[str, Map]]:
        """Yield the keys of the account that set them: for both scopes, and for the namespace if there they differ."""
        first, *more = [self._own(each) for _, each in sorted(self._first.items())] or [{}]
        for key, own in first.items():
            yield at(f"rbac{key.capitalize()}", key), own
        for each in more:
            for key in ("labels", "annotations"):
                own = each.get(key, Map())
                if own != first.get(key, Map()):
                    yield at(f"namespaceRbac{key.capitalize()}", own), own


def _in_namespace(companion: ImportedCompanion) -> bool:
    return is_namespaced(companion.given.kind)


def _bound_elsewhere(
    bindings: list[ImportedCompanion], base: str, entry: Map, metadata: _Metadata
) -> Iterator[ImportedCompanion | LeftOut]:
    """Add roles that are not in the input to the `entry` of the account, if their bindings have the names that a profile gives them."""
    existing = List()
    for binding in bindings:
        kind, name = _reference(binding)
        wanted = f"{base}-{name.replace(':', '-')}"
        if kind == "Role":
            why = f"Role {name}, which it binds, is not in the input"
            yield LeftOut(binding, Reason(why, f"import it together with Role {name}, or {KEEP}"))
        elif binding.metadata["name"] != wanted:
            why = f"ClusterRole {name} is not in the input, and in a profile its binding would be called {wanted}"
            yield LeftOut(
                binding, Reason(why, f"rename the binding to {wanted}, or import it together with ClusterRole {name}")
            )
        elif reason := metadata.misfit(binding):
            yield LeftOut(binding, reason)
        else:
            metadata.take(binding)
            existing.append(Text.at(name, origin_of(binding.tree.map("roleRef").get("name")), plain=True))
            yield binding
    if existing:
        entry["clusterRoles"] = existing


def _reference(binding: ImportedCompanion) -> tuple[str, str]:
    """Return the kind and the name of the role that a binding refers to."""
    reference = binding.tree.map("roleRef")
    return str(reference.get("kind", "")), str(reference.get("name", ""))


def _no_binding(agent: ImportedAgent, binding: ImportedCompanion) -> Reason | None:
    """Return why a profile cannot generate a binding, or None if it can: one for the service account alone."""
    own = str(agent.pod["serviceAccountName"])
    subjects: Any = binding.tree.get("subjects", List())
    namespace = next((str(each.get("namespace", "")) for each in subjects if each.get("name") == own), "")
    if not agent.namespace:
        why = "it contains the namespace of the service account, but the DaemonSet sets none"
        return Reason(why, f"pass `--namespace {namespace}`, if that is where the DaemonSet is applied")
    misfit = agent.misfit(binding)
    if misfit:
        return misfit.reason
    subject = {"kind": "ServiceAccount", "name": own, "namespace": agent.namespace}
    others = [each for each in subjects if plain(each) != subject]
    if others:
        listed = ", ".join(
            " ".join(str(each[key]) for key in ("kind", "namespace", "name") if key in each) for each in others
        )
        return Reason(f"it binds other subjects than ServiceAccount {own} of {agent.namespace}: {listed}")
    if len(subjects) > 1:
        return Reason("it binds its subject twice", "remove the duplicate subject")
    kind, name = _reference(binding)
    if kind != BINDINGS[binding.given.kind]:
        return Reason(f"it binds {kind} {name} in one namespace, for which a profile has no key")
    return None


def _no_role(agent: ImportedAgent, role: ImportedCompanion) -> Reason | None:
    """Return why a profile cannot generate a role, or None if it can."""
    for key in role.tree:
        if key not in ("apiVersion", "kind", "metadata", "rules"):
            return Reason(f"profiles have no key for `{key}` of a role")
    if "rules" not in role.tree:
        return Reason("it has no rules")
    misfit = agent.misfit(role)
    return misfit.reason if misfit else None
