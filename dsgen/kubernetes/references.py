"""What an object refers to by name: accounts, config maps and secrets with their keys, classes, roles, and labels of nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dsgen.kubernetes.schema import api_resources
from dsgen.kubernetes.schema.paths import REQUIRED, pod_template
from dsgen.origin import Origin
from dsgen.record import Record
from dsgen.tree import List, Map, Value, as_map, is_boolean, origin_of

# What every cluster has.
_PRIORITY_CLASSES: Final = frozenset({"system-node-critical", "system-cluster-critical"})
_NODE_LABELS: Final = frozenset({"kubernetes.io/os", "kubernetes.io/arch", "kubernetes.io/hostname"})
# What every namespace has: kube-controller-manager creates both.
_IN_EVERY_NAMESPACE: Final = frozenset({("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")})
# The fields of a pod's spec that name an object.
_NAMED: Final = {
    "serviceAccountName": "ServiceAccount",
    "priorityClassName": "PriorityClass",
    "runtimeClassName": "RuntimeClass",
}
_CLUSTER_WIDE: Final = frozenset(
    {"PriorityClass", "RuntimeClass", "CSIDriver", "StorageClass", "API", "NodeLabel", "Namespace"}
)
# The references in `valueFrom` of a variable, and in an item of `envFrom`.
_KEY_REFERENCES: Final = (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap"))
_WHOLE_REFERENCES: Final = (("secretRef", "Secret"), ("configMapRef", "ConfigMap"))
# The fields of a volume that name no object.
_WITHOUT_REFERENCES: Final = frozenset({"name", "hostPath", "emptyDir", "downwardAPI", "image", "nfs"})


class Reference(Record):
    """A reference to an object by kind and name, with the `keys` that it must have.

    Two kinds are not objects: `API`, served where a CustomResourceDefinition is installed, and `NodeLabel`, a label that nodes must have.
    What is `optional` may be missing: nothing needs it. `origin` is where it is referred to.
    """

    kind: str
    name: str
    namespace: str = ""
    keys: tuple[str, ...] = ()
    optional: bool = False
    origin: Origin | None = None


def has_controller(metadata: Map) -> bool:
    """Return whether the object with this metadata is created by the controller of another one."""
    return "ownerReferences" in metadata and any(each.get("controller") for each in metadata.maps("ownerReferences"))


def references(object: Map) -> Iterator[Reference]:
    """Yield what an object refers to: an account or a class in its pod template, the role and the accounts of a binding, and so on."""
    version, kind, metadata = object.text("apiVersion"), object.get("kind"), object.map("metadata")
    if not api_resources.is_own(api_resources.group_of(version)):
        name = metadata.get("name")
        kind = object.text("kind")
        yield Reference("API", f"{version} {kind}", origin=origin_of(name) or object.origin)
    namespace = metadata.text("namespace")
    if namespace:
        yield Reference("Namespace", namespace, "", (), False, origin_of(metadata["namespace"]))
    template = pod_template(object)
    if template is not None:
        for each in _pod(object.map(*template, "spec")):
            yield each if each.kind in _CLUSTER_WIDE else each._replace(namespace=namespace)
    elif kind == "ServiceAccount":
        for secret in object.maps("imagePullSecrets"):
            for each in _reference("Secret", secret):
                yield each._replace(namespace=namespace)
    elif kind in ("RoleBinding", "ClusterRoleBinding"):
        yield from _binding(object, namespace)
    elif kind in ("PodMonitor", "ServiceMonitor"):
        for each in _credentials(object.map("spec")):
            yield each._replace(namespace=namespace)


def _binding(object: Map, namespace: str) -> Iterator[Reference]:
    role = object.map("roleRef")
    name = role.get("name")
    if isinstance(name, str) and not _is_built_in(name):
        kind = role.text("kind")
        yield Reference(kind, str(name), namespace if kind == "Role" else "", origin=origin_of(name))
    for subject in object.maps("subjects"):
        name = subject.get("name")
        if subject.get("kind") == "ServiceAccount" and isinstance(name, str) and name != "default":
            yield Reference("ServiceAccount", str(name), subject.text("namespace"), origin=origin_of(name))


def _is_built_in(role: str) -> bool:
    return role.startswith("system:") or role in ("cluster-admin", "admin", "edit", "view")


def _pod(pod: Map) -> Iterator[Reference]:
    # Written for speed: every profile of a project comes through here, and most set little of this.
    for field, kind in _NAMED.items():
        name = pod.get(field) or (pod.get("serviceAccount") if kind == "ServiceAccount" else None)
        if isinstance(name, str) and name and name not in _PRIORITY_CLASSES and (kind, name) not in _IN_EVERY_NAMESPACE:
            yield Reference(kind, str(name), "", (), False, origin_of(name))
    if "imagePullSecrets" in pod:
        for secret in pod.maps("imagePullSecrets"):
            yield from _reference("Secret", secret)
    for containers in ("initContainers", "containers"):
        for container in pod.maps(containers) if containers in pod else ():
            yield from _container(container)
    if "volumes" in pod:
        for volume in pod.maps("volumes"):
            for source, value in volume.children():
                if source not in _WITHOUT_REFERENCES:
                    yield from _volume(source, value)
    if "resourceClaims" in pod:
        for claim in pod.maps("resourceClaims"):
            yield from _reference("ResourceClaim", claim, "resourceClaimName")
            yield from _reference("ResourceClaimTemplate", claim, "resourceClaimTemplateName")
    yield from _nodes(pod)


def _container(container: Map) -> Iterator[Reference]:
    for field, references in (("env", _KEY_REFERENCES), ("envFrom", _WHOLE_REFERENCES)):
        for entry in container.maps(field) if field in container else ():
            source = as_map(entry.get("valueFrom")) if field == "env" else entry
            for name, kind in references if source else ():
                if name in source:
                    found = source.map(name)
                    yield from _reference(kind, found, keys=[found.get("key")] if field == "env" else ())


def _volume(source: str, value: Map) -> Iterator[Reference]:
    if source == "projected":
        for part in value.maps("sources"):
            for kind, field in (("Secret", "secret"), ("ConfigMap", "configMap")):
                yield from _reference(kind, part.map(field), keys=_keys(part.map(field)))
    elif source == "secret":
        yield from _reference("Secret", value, "secretName", _keys(value))
    elif source == "configMap":
        yield from _reference("ConfigMap", value, keys=_keys(value))
    elif source == "persistentVolumeClaim":
        yield from _reference("PersistentVolumeClaim", value, "claimName")
    elif source == "ephemeral":
        yield from _reference("StorageClass", value.map("volumeClaimTemplate", "spec"), "storageClassName")
    else:
        if source == "csi":
            yield from _reference("CSIDriver", value, "driver")
        # The fields in which storage drivers name their Secret.
        for field in ("secretRef", "nodePublishSecretRef"):
            yield from _reference("Secret", value.map(field))


def _credentials(value: Value, kind: str = "Secret") -> Iterator[Reference]:
    """Yield the credentials of a PodMonitor: anywhere in it, a name and a key."""
    fields = as_map(value)
    if isinstance(fields.get("key"), str):
        yield from _reference(kind, fields, keys=[fields["key"]])
    for key, child in fields.items():
        yield from _credentials(child, "ConfigMap" if key == "configMap" else "Secret")
    for entry in value if isinstance(value, List) else ():
        yield from _credentials(entry)


def _nodes(pod: Map) -> Iterator[Reference]:
    if "nodeSelector" in pod:
        for label, value in pod.map("nodeSelector").items():
            if label not in _NODE_LABELS:
                yield Reference("NodeLabel", f"{label}={_text(value)}", origin=origin_of(label))
    if "affinity" not in pod:
        return
    required = pod.map("affinity", "nodeAffinity", REQUIRED)
    terms = [
        list(filter(None, map(_demand, term.maps("matchExpressions")))) for term in required.maps("nodeSelectorTerms")
    ]
    if len(terms) == 1:
        yield from (Reference("NodeLabel", demand, origin=required.origin) for demand in terms[0])
    elif terms and all(terms):
        # One of the alternatives is enough.
        yield Reference("NodeLabel", " or ".join(" and ".join(term) for term in terms), origin=required.origin)


def _demand(expression: Map) -> str:
    """Return what a requirement demands of a node's labels, as `kubectl` writes it; empty if it only excludes labels."""
    key, operator, values = expression.text("key"), expression.get("operator"), expression.get("values")
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
) -> Iterator[Reference]:
    name = reference.get(field)
    if isinstance(name, str) and name and (kind, name) not in _IN_EVERY_NAMESPACE:
        optional = reference.get("optional")
        wanted = tuple(str(key) for key in keys if isinstance(key, str))
        yield Reference(kind, str(name), "", wanted, is_boolean(optional) and bool(optional), origin_of(name))


def _keys(source: Map) -> list[Value | None]:
    return [item.get("key") for item in source.maps("items")]


def _text(value: Value | None) -> str:
    return str(value) if isinstance(value, str) else ""
