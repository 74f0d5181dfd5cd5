"""Rules of RBAC as text, `VERBS RESOURCES`, as `kubectl create clusterrole` takes them. Nothing in them is guessed."""

from __future__ import annotations

import re
from typing import Final

from dsgen.problem import closest
from dsgen.profile.problems import NOT_PARSED, Report
from dsgen.tree import List, Map, Text, Value, origin_of, plain

_FORM: Final = "write VERBS RESOURCES, each a list with commas and without spaces: `get,list pods,daemonsets.apps`"
VERBS: Final = (
    "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "use", "bind", "escalate", "impersonate",
    "approve", "sign", "attest", "proxy", "*",
)  # fmt: skip
# What a URL can be asked for: the methods of HTTP.
METHODS: Final = ("get", "head", "post", "put", "patch", "delete", "options", "*")

# The resources of Kubernetes' own groups.
GROUPS: Final = {
    "": """bindings componentstatuses configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims
        persistentvolumes pods podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services""",
    "apps": "controllerrevisions daemonsets deployments replicasets statefulsets",
    "autoscaling": "horizontalpodautoscalers",
    "batch": "cronjobs jobs",
    "policy": "poddisruptionbudgets",
    "admissionregistration.k8s.io": """mutatingadmissionpolicies mutatingadmissionpolicybindings mutatingwebhookconfigurations
        validatingadmissionpolicies validatingadmissionpolicybindings validatingwebhookconfigurations""",
    "apiextensions.k8s.io": "customresourcedefinitions",
    "apiregistration.k8s.io": "apiservices",
    "authentication.k8s.io": "selfsubjectreviews tokenreviews",
    "authorization.k8s.io": "localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews",
    "certificates.k8s.io": "certificatesigningrequests clustertrustbundles podcertificaterequests signers",
    "coordination.k8s.io": "leasecandidates leases",
    "discovery.k8s.io": "endpointslices",
    "events.k8s.io": "events",
    "flowcontrol.apiserver.k8s.io": "flowschemas prioritylevelconfigurations",
    "metrics.k8s.io": "nodes pods",
    "networking.k8s.io": "ingressclasses ingresses ipaddresses networkpolicies servicecidrs",
    "node.k8s.io": "runtimeclasses",
    "rbac.authorization.k8s.io": "clusterrolebindings clusterroles rolebindings roles",
    "resource.k8s.io": "deviceclasses devicetaintrules resourceclaims resourceclaimtemplates resourceslices",
    "scheduling.k8s.io": "priorityclasses",
    "storage.k8s.io": "csidrivers csinodes csistoragecapacities storageclasses volumeattachments volumeattributesclasses",
}  # fmt: skip
_RESOURCES: Final = {group: frozenset(names.split()) for group, names in GROUPS.items()}
# Those of them that are in no namespace. A Namespace counts as being in itself: a role in it may allow `get namespaces`.
_CLUSTER_SCOPED: Final = {
    "": "componentstatuses nodes persistentvolumes",
    "admissionregistration.k8s.io": GROUPS["admissionregistration.k8s.io"],
    "apiextensions.k8s.io": "customresourcedefinitions",
    "apiregistration.k8s.io": "apiservices",
    "authentication.k8s.io": "selfsubjectreviews tokenreviews",
    "authorization.k8s.io": "selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews",
    "certificates.k8s.io": "certificatesigningrequests clustertrustbundles signers",
    "flowcontrol.apiserver.k8s.io": GROUPS["flowcontrol.apiserver.k8s.io"],
    "metrics.k8s.io": "nodes",
    "networking.k8s.io": "ingressclasses ipaddresses servicecidrs",
    "node.k8s.io": "runtimeclasses",
    "rbac.authorization.k8s.io": "clusterrolebindings clusterroles",
    "resource.k8s.io": "deviceclasses devicetaintrules resourceslices",
    "scheduling.k8s.io": "priorityclasses",
    "storage.k8s.io": "csidrivers csinodes storageclasses volumeattachments volumeattributesclasses",
}
CLUSTER_SCOPED: Final = {group: frozenset(names.split()) for group, names in _CLUSTER_SCOPED.items()}
# Where a resource is found, the core group first.
_HOMES: Final = {name: group for group, names in reversed(_RESOURCES.items()) for name in names}
# Subresources whose names, like those of resources, are plurals.
_PLURAL_SUBRESOURCES: Final = frozenset({"status", "finalizers", "metrics", "stats", "ephemeralcontainers", "layers"})


class _NotARule(Exception):
    """What is wrong with the text, and what to write."""

    def __init__(self, found: str, hint: str = _FORM) -> None:
        super().__init__(found)
        self.hint = hint


def expand(entries: List, report: Report) -> List:
    """Return the list with each text as the rules that it stands for: one for each group, and one for URLs."""
    result = List((), entries.origin)
    for entry in entries:
        if not isinstance(entry, Text):
            result.append(entry)
            continue
        try:
            result += _parsed(entry)
        except _NotARule as error:
            report(NOT_PARSED, entry, str(error), error.hint)
    return result


def shorten(rules: List) -> List:
    """Return the list with each rule as text where that stands for just this rule."""
    return List((_shortened(rule) if isinstance(rule, Map) else rule for rule in rules), rules.origin)


def _shortened(rule: Map) -> Value:
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
        return text if plain(List(_parsed(text))) == [plain(rule)] else rule
    except _NotARule:
        return rule


def _parsed(text: Text) -> list[Map]:
    words = text.split()
    if len(words) != 2 or any("" in word.split(",") for word in words):
        raise _NotARule(f"{str(text)!r} is not a rule")
    verbs, targets = (word.split(",") for word in words)
    groups: dict[str, list[str]] = {}
    urls = [target for target in targets if target.startswith("/")]
    for target in targets:
        if target not in urls:
            group, resource = _resource(target)
            groups.setdefault(group, []).append(resource)
    for verb in verbs:
        _check_verb(verb, VERBS if groups else (), "resources")
        _check_verb(verb, METHODS if urls else (), "URLs")

    def listed(values: list[str]) -> List:
        return List((Text.at(value, text.origin) for value in values), text.origin)

    def rule(**fields: Value) -> Map:
        return Map([*fields.items(), ("verbs", listed(verbs))], text.origin)

    made = [rule(apiGroups=listed([group]), resources=listed(names)) for group, names in groups.items()]
    return [*made, *([rule(nonResourceURLs=listed(urls))] if urls else [])]


def _check_verb(verb: str, known: tuple[str, ...], what: str) -> None:
    if known and verb not in known:
        hint = f"{what} have the verbs {', '.join(known)}; others stand in Kubernetes' form"
        raise _NotARule(f"`{verb}` is no verb of {what}", hint)


def _resource(target: str) -> tuple[str, str]:
    """Return the group and the resource, with its subresource, that a target names."""
    word, slash, below = target.partition("/")
    resource, _, group = word.partition(".")
    if "/" in below or not resource or (slash and not below) or not re.fullmatch(r"[a-z0-9.*-]+", word):
        raise _NotARule(f"`{target}` is not a resource", _meant(target.rpartition("/")[2]))
    if _is_group(word, below):
        right = below if word in ("core", "v1") else f"{below}.{word}"
        raise _NotARule(f"`{target}` states the group first", f"write RESOURCE.GROUP: `{right}`")
    if re.fullmatch(r"v[0-9]+((alpha|beta)[0-9]+)?", group.partition(".")[0]):
        raise _NotARule(f"`{target}` states a version", "rights are for all versions: leave it out")
    if resource == "*" and not group:
        hint = f"write `*.*{slash}{below}` for every group, or the core group in Kubernetes' form"
        raise _NotARule(f"`{target}` could mean two things", hint)
    known = _RESOURCES.get(group)
    if resource == "*" or (known is not None and resource in known):
        pass
    elif group == "":
        raise _NotARule(f"the core group has no resource `{resource}`", _meant(resource))
    elif known is None and "." not in group and group != "*":
        raise _NotARule(f"no group is called `{group}`", _meant(resource))
    elif known is not None and (near := closest(resource, known)):
        # One that is like none may be new in Kubernetes.
        raise _NotARule(f"`{group}` has no resource `{resource}`", f"write `{near}.{group}{slash}{below}`")
    return group, f"{resource}{slash}{below}"


def _meant(word: str) -> str:
    """Return a hint with the right spelling of the known resource that is most like a word."""
    name = closest(word.lower(), _HOMES)
    if not name:
        return "write RESOURCE.GROUP, in lower case and plural; groups of Kubernetes without a dot: apps, autoscaling, batch, policy"
    return f"write `{name}.{_HOMES[name]}`" if _HOMES[name] else f"write `{name}`"


def _is_group(word: str, below: str) -> bool:
    """Tell whether what stands before the `/` was meant as the group, and what stands behind it as the resource."""
    if not below or word in _HOMES:
        return False
    if word in _RESOURCES or word in ("core", "v1"):
        return True
    plural = below.endswith("s") and below not in _PLURAL_SUBRESOURCES
    return "." in word and plural and _HOMES.get(word.partition(".")[0]) is None
