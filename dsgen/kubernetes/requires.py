"""What a cluster must provide for objects to work: everything that they refer to and that is not among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dsgen.kubernetes.schema import api_resources
from dsgen.kubernetes.schema.paths import REQUIRED
from dsgen.tree import List, Map, Origin, Value, as_map, is_boolean, origin_of

# What every cluster has.
_NAMESPACES: Final = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
_PRIORITY_CLASSES: Final = frozenset({"system-node-critical", "system-cluster-critical"})
_NODE_LABELS: Final = frozenset({"kubernetes.io/os", "kubernetes.io/arch", "kubernetes.io/hostname"})
# The fields of a pod's spec that name an object.
_NAMED: Final = {
    "serviceAccountName": "ServiceAccount",
    "priorityClassName": "PriorityClass",
    "runtimeClassName": "RuntimeClass",
}
_CLUSTER_WIDE: Final = frozenset(
    {"PriorityClass", "RuntimeClass", "CSIDriver", "StorageClass", "API", "NodeLabel", "Namespace"}
)


@dataclass(frozen=True)
class RequiredObject:
    """One thing that must be there: an object by kind and name, with the `keys` that it must have.

    Two kinds are not objects: `API`, served where a CustomResourceDefinition is installed, and `NodeLabel`, a label that nodes must have.
    What is `optional` may be missing: nothing needs it. `origin` is where it is first referred to, and where it may not be missing, first
    needed.
    """

    kind: str
    name: str
    namespace: str = ""
    keys: tuple[str, ...] = ()
    optional: bool = False
    origin: Origin | None = None


def requires(objects: Sequence[Map]) -> list[RequiredObject]:
    """Return what the objects need and none of them is, by kind and name."""
    made = {(_text(each.get("kind")), _namespace(each), _text(each.map("metadata").get("name"))) for each in objects}
    found: dict[tuple[str, str, str], RequiredObject] = {}
    for each in (need for object in objects for need in _needs(object)):
        if (each.kind, each.namespace, each.name) in made or (each.kind == "Namespace" and each.name in _NAMESPACES):
            continue
        key = (each.kind, each.namespace, each.name)
        known = found.get(key, each)
        if known.optional == each.optional:
            found[key] = replace(known, keys=tuple(dict.fromkeys((*known.keys, *each.keys))))
        elif known.optional:
            # A key of an optional object is not needed either.
            found[key] = each
    return [found[key] for key in sorted(found)]


def _needs(object: Map) -> Iterator[RequiredObject]:
    version = _text(object.get("apiVersion"))
    if not api_resources.is_own(api_resources.group_of(version)):
        name = object.map("metadata").get("name")
        yield RequiredObject("API", f"{version} {_text(object.get('kind'))}", origin=origin_of(name) or object.origin)
    namespace = _namespace(object)
    if namespace:
        yield RequiredObject("Namespace", namespace, origin=origin_of(object.map("metadata")["namespace"]))
    role = object.map("roleRef")
    if role and not _is_built_in(_text(role.get("name"))):
        own = namespace if role.get("kind") == "Role" else ""
        yield RequiredObject(_text(role.get("kind")), _text(role.get("name")), own, origin=origin_of(role["name"]))
    if object.get("kind") == "PodMonitor":
        for each in _credentials(object.map("spec")):
            yield replace(each, namespace=namespace)
    if object.get("kind") == "DaemonSet":
        for each in _pod(object.map("spec", "template", "spec")):
            yield each if each.kind in _CLUSTER_WIDE else replace(each, namespace=namespace)


def _is_built_in(role: str) -> bool:
    return role.startswith("system:") or role in ("cluster-admin", "admin", "edit", "view")


def _pod(pod: Map) -> Iterator[RequiredObject]:
    for field, kind in _NAMED.items():
        name = pod.get(field)
        if (
            isinstance(name, str)
            and name
            and name not in _PRIORITY_CLASSES
            and (kind, name) != ("ServiceAccount", "default")
        ):
            yield RequiredObject(kind, str(name), origin=origin_of(name))
    for secret in pod.maps("imagePullSecrets"):
        yield from _reference("Secret", secret)
    for container in (*pod.maps("initContainers"), *pod.maps("containers")):
        for variable in container.maps("env"):
            source = variable.map("valueFrom")
            yield from _reference("Secret", source.map("secretKeyRef"), keys=[source.map("secretKeyRef").get("key")])
            yield from _reference(
                "ConfigMap", source.map("configMapKeyRef"), keys=[source.map("configMapKeyRef").get("key")]
            )
        for source in container.maps("envFrom"):
            yield from _reference("Secret", source.map("secretRef"))
            yield from _reference("ConfigMap", source.map("configMapRef"))
    for volume in pod.maps("volumes"):
        yield from _volume(volume)
    for claim in pod.maps("resourceClaims"):
        yield from _reference("ResourceClaim", claim, "resourceClaimName")
        yield from _reference("ResourceClaimTemplate", claim, "resourceClaimTemplateName")
    yield from _nodes(pod)


def _volume(volume: Map) -> Iterator[RequiredObject]:
    for source, name in (
        (volume, "secretName"),
        *((part, "name") for part in volume.map("projected").maps("sources")),
    ):
        secret, config_map = source.map("secret"), source.map("configMap")
        yield from _reference("Secret", secret, name, _keys(secret))
        yield from _reference("ConfigMap", config_map, keys=_keys(config_map))
    yield from _reference("PersistentVolumeClaim", volume.map("persistentVolumeClaim"), "claimName")
    yield from _reference("CSIDriver", volume.map("csi"), "driver")
    claim = volume.map("ephemeral", "volumeClaimTemplate", "spec")
    yield from _reference("StorageClass", claim, "storageClassName")
    for driver in volume.values():
        # The fields in which storage drivers name their Secret.
        for field in ("secretRef", "nodePublishSecretRef"):
            yield from _reference("Secret", as_map(driver).map(field))


def _credentials(value: Value, kind: str = "Secret") -> Iterator[RequiredObject]:
    """Yield the credentials of a PodMonitor: anywhere in it, a name and a key."""
    fields = as_map(value)
    if isinstance(fields.get("key"), str):
        yield from _reference(kind, fields, keys=[fields["key"]])
    for key, child in fields.items():
        yield from _credentials(child, "ConfigMap" if key == "configMap" else "Secret")
    for entry in value if isinstance(value, List) else ():
        yield from _credentials(entry)


def _nodes(pod: Map) -> Iterator[RequiredObject]:
    for label, value in pod.map("nodeSelector").items():
        if label not in _NODE_LABELS:
            yield RequiredObject("NodeLabel", f"{label}={_text(value)}", origin=origin_of(label))
    required = pod.map("affinity", "nodeAffinity", REQUIRED)
    terms = [
        list(filter(None, map(_demand, term.maps("matchExpressions")))) for term in required.maps("nodeSelectorTerms")
    ]
    if len(terms) == 1:
        yield from (RequiredObject("NodeLabel", demand, origin=required.origin) for demand in terms[0])
    elif terms and all(terms):
        # One of the alternatives is enough.
        yield RequiredObject("NodeLabel", " or ".join(" and ".join(term) for term in terms), origin=required.origin)


def _demand(expression: Map) -> str:
    """Return what a requirement demands of a node's labels, as `kubectl` writes it; empty if it only excludes labels."""
    key, operator, values = _text(expression.get("key")), expression.get("operator"), expression.get("values")
    words = [_text(value) for value in values] if isinstance(values, List) else []
    if key in _NODE_LABELS:
        return ""
    if operator == "In":
        return f"{key}={words[0]}" if len(words) == 1 else f"{key} in ({', '.join(words)})"
    if operator in ("Gt", "Lt"):
        return f"{key} {'>' if operator == 'Gt' else '<'} {''.join(words)}"
    return key if operator == "Exists" else ""


def _reference(
    kind: str, reference: Map, field: str = "name", keys: Iterable[Value | None] = ()
) -> Iterator[RequiredObject]:
    name = reference.get(field)
    if isinstance(name, str) and name:
        optional = reference.get("optional")
        wanted = tuple(str(key) for key in keys if isinstance(key, str))
        yield RequiredObject(
            kind, str(name), keys=wanted, optional=is_boolean(optional) and bool(optional), origin=origin_of(name)
        )


def _keys(source: Map) -> list[Value | None]:
    return [item.get("key") for item in source.maps("items")]


def _namespace(object: Map) -> str:
    return _text(object.map("metadata").get("namespace"))


def _text(value: Value | None) -> str:
    return str(value) if isinstance(value, str) else ""
