"""RBAC rules as text, `VERBS RESOURCES`, as in `kubectl create clusterrole`. Nothing in them is guessed."""

from __future__ import annotations

import re
from typing import Final

from dsgen.plain import plain
from dsgen.problem import closest
from dsgen.profile.shape_problems import NOT_PARSED, ReportPart
from dsgen.profile.shorthand.form import LONGEST
from dsgen.tree import List, Map, Text, Value, origin_of

_FORM: Final = "write VERBS RESOURCES, each a comma-separated list without spaces: `get,list pods,daemonsets.apps`"
VERBS: Final = (
    "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "use", "bind", "escalate", "impersonate",
    "approve", "sign", "attest", "proxy", "*",
)  # fmt: skip
# The verbs of URLs are HTTP methods.
METHODS: Final = ("get", "head", "post", "put", "patch", "delete", "options", "*")

# The resources of Kubernetes' own groups, with a `*` behind those that are cluster-scoped. A Namespace counts as being in itself: a
# role in it may allow `get namespaces`.
_GROUPS: Final = {
    "": """bindings componentstatuses* configmaps endpoints events limitranges namespaces nodes* persistentvolumeclaims
        persistentvolumes* pods podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services""",
    "apps": "controllerrevisions daemonsets deployments replicasets statefulsets",
    "autoscaling": "horizontalpodautoscalers",
    "batch": "cronjobs jobs",
    "policy": "poddisruptionbudgets",
    "admissionregistration.k8s.io": """mutatingadmissionpolicies* mutatingadmissionpolicybindings* mutatingwebhookconfigurations*
        validatingadmissionpolicies* validatingadmissionpolicybindings* validatingwebhookconfigurations*""",
    "apiextensions.k8s.io": "customresourcedefinitions*",
    "apiregistration.k8s.io": "apiservices*",
    "authentication.k8s.io": "selfsubjectreviews* tokenreviews*",
    "authorization.k8s.io": "localsubjectaccessreviews selfsubjectaccessreviews* selfsubjectrulesreviews* subjectaccessreviews*",
    "certificates.k8s.io": "certificatesigningrequests* clustertrustbundles* podcertificaterequests signers*",
    "coordination.k8s.io": "leasecandidates leases",
    "discovery.k8s.io": "endpointslices",
    "events.k8s.io": "events",
    "flowcontrol.apiserver.k8s.io": "flowschemas* prioritylevelconfigurations*",
    "metrics.k8s.io": "nodes* pods",
    "networking.k8s.io": "ingressclasses* ingresses ipaddresses* networkpolicies servicecidrs*",
    "node.k8s.io": "runtimeclasses*",
    "rbac.authorization.k8s.io": "clusterrolebindings* clusterroles* rolebindings roles",
    "resource.k8s.io": "deviceclasses* devicetaintrules* resourceclaims resourceclaimtemplates resourceslices*",
    "scheduling.k8s.io": "priorityclasses*",
    "storage.k8s.io": "csidrivers* csinodes* csistoragecapacities storageclasses* volumeattachments* volumeattributesclasses*",
}  # fmt: skip
_RESOURCES: Final = {group: frozenset(names.replace("*", "").split()) for group, names in _GROUPS.items()}
CLUSTER_SCOPED: Final = {group: frozenset(re.findall(r"(\S+)\*", names)) for group, names in _GROUPS.items()}
# The group of each resource; the core group has precedence.
_HOMES: Final = {name: group for group, names in reversed(_RESOURCES.items()) for name in names}
# Subresources whose names, like those of resources, are plurals.
_PLURAL_SUBRESOURCES: Final = frozenset({"status", "finalizers", "metrics", "stats", "ephemeralcontainers", "layers"})


class _NotARule(Exception):
    """The message and the hint for an invalid rule."""

    def __init__(self, found: str, hint: str = _FORM) -> None:
        super().__init__(found)
        self.hint = hint


def expand(entries: List, report: ReportPart) -> List:
    """Return the list with each text replaced by the rules that it means: one for each group, and one for URLs."""
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
    """Return the list with each rule as text if the text means exactly this rule."""
    return rules.with_maps(_shortened)


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
    if len(text) > LONGEST:
        return rule
    try:
        return text if plain(List(_parsed(text))) == [plain(rule)] else rule
    except _NotARule:
        return rule


def _parsed(text: Text) -> list[Map]:
    words = text.split()
    if len(words) != 2 or any("" in word.split(",") for word in words):
        raise _NotARule(f"{str(text)!r} is not a valid rule")
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
        hint = f"the verbs of {what} are {', '.join(known)}; for others, use Kubernetes' form"
        raise _NotARule(f"unknown verb `{verb}` for {what}", hint)


def _resource(target: str) -> tuple[str, str]:
    """Return the group and the resource, with its subresource, of a target."""
    word, slash, below = target.partition("/")
    resource, _, group = word.partition(".")
    if "/" in below or not resource or (slash and not below) or not re.fullmatch(r"[a-z0-9.*-]+", word):
        raise _NotARule(f"`{target}` is not a valid resource", _meant(target.rpartition("/")[2], target))
    if _is_group(word, below):
        right = below if word in ("core", "v1") else f"{below}.{word}"
        raise _NotARule(f"`{target}` has the group first", f"write `{right}` instead of `{target}`: RESOURCE.GROUP")
    if re.fullmatch(r"v[0-9]+((alpha|beta)[0-9]+)?", group.partition(".")[0]):
        raise _NotARule(f"`{target}` contains a version", "remove the version: permissions apply to all versions")
    if resource == "*" and not group:
        hint = f"write `*.*{slash}{below}` for every group, or the core group in Kubernetes' form"
        raise _NotARule(f"`{target}` is ambiguous", hint)
    known = _RESOURCES.get(group)
    if resource == "*" or (known is not None and resource in known):
        pass
    elif group == "":
        raise _NotARule(f"the core group has no resource `{resource}`", _meant(resource, target))
    elif known is None and "." not in group and group != "*":
        raise _NotARule(f"unknown group `{group}`", _meant(resource, target))
    elif known is not None and (near := closest(resource, known)):
        # One that resembles none may be new in Kubernetes.
        raise _NotARule(
            f"`{group}` has no resource `{resource}`", f"write `{near}.{group}{slash}{below}` instead of `{target}`"
        )
    return group, f"{resource}{slash}{below}"


def _meant(word: str, target: str) -> str:
    """Return a hint with the correct spelling of the known resource that is closest to a word of the `target`."""
    name = closest(word.lower(), _HOMES)
    if not name:
        return "write RESOURCE.GROUP, in lower case and plural; groups of Kubernetes without a dot: apps, autoscaling, batch, policy"
    return f"write `{name}{'.' if _HOMES[name] else ''}{_HOMES[name]}` instead of `{target}`"


def _is_group(word: str, below: str) -> bool:
    """Return whether the part before the `/` was meant as the group, and the part after it as the resource."""
    if not below or word in _HOMES:
        return False
    if word in _RESOURCES or word in ("core", "v1"):
        return True
    plural = below.endswith("s") and below not in _PLURAL_SUBRESOURCES
    return "." in word and plural and _HOMES.get(word.partition(".")[0]) is None
