"""The input of templates: a frozen, Kubernetes-shaped description of one DaemonSet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from dsgen.kubernetes.schema import fields
from dsgen.problem import Reporter, Suggestions, code
from dsgen.profile.containers import FIELDS as CONTAINER_FIELDS
from dsgen.profile.pod import KEYS as POD_KEYS
from dsgen.profile.typed import to_kubernetes_list
from dsgen.record import Record
from dsgen.resolve import placement
from dsgen.resolve.file import FindConfig
from dsgen.resolve.metadata import identity, name_of, own_metadata
from dsgen.resolve.mounts import pod_volumes
from dsgen.resolve.named_ports import check_handlers, set_port_variables
from dsgen.resolve.own_names import with_own_names
from dsgen.traversal import children
from dsgen.tree import List, Map, Value, origin_of, place_of

if TYPE_CHECKING:
    from dsgen.resolve.companions.companion import Companion
    from dsgen.resolve.variants.layers import Variant

MISSING_KEY = code(
    "missing-key",
    "A profile must set `name`, at least one container, and an image for each container, in one of its layers.",
)
MANIFEST_USED = code(
    "manifest-used",
    """The profile changes the rendered DaemonSet with `manifest`, which bypasses the profile language. The result is validated as usual;
    this warning is for reviewers.""",
    severity="warning",
)

# The kinds of companion objects, in the order in which they are applied. The kind is the name of the variable in templates.
COMPANION_KINDS: Final = (
    "Namespace", "PriorityClass", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ConfigMap",
    "NetworkPolicy", "Service", "PodMonitor",
)  # fmt: skip
# There may be several config maps; `namespace` is a function in Jinja2.
OWN_TEMPLATE: Final = frozenset({"configMap", "namespace"})

# The order in which a container's fields are written, whichever layers set them.
_FIELD_ORDER: Final = {name: index for index, name in enumerate(("name", *CONTAINER_FIELDS))}


class Description(Record):
    """One DaemonSet, as templates see it. The names in `context` are Kubernetes'; `profile` is the merged profile.

    `companions` are its companion objects; `templates` are additional templates to render; `manifests` are merged over the rendered
    object, in order. If it has variants, they are the DaemonSets, each with its `key`, and this is only what they share.
    """

    name: str
    context: dict[str, Value]
    companions: list[Companion]
    templates: List
    manifests: list[Map]
    profile: Map
    key: str = ""
    variants: tuple[Description, ...] = ()


def describe(
    merged: Map,
    find: FindConfig,
    report: Reporter,
    variant: Variant | None = None,
    selector_of_all: Callable[[Map], Map] = lambda selector: selector,
) -> Description | None:
    """Return the description of the merged layers of a profile or a variant, or None if a required key is missing.

    `merged` has no nulls; `find` finds the files of config maps; `selector_of_all` converts the DaemonSet's selector to that of
    companions. Problems are passed to `report`, each at the layer that caused it.
    """
    name = merged.get("name")
    if not isinstance(name, str):
        hint = "add `name: …`, the name of the DaemonSet"
        report(MISSING_KEY.at(merged.origin, "`name` is required", hint=hint, path="name"))
    if not merged.get("containers"):
        origin, hint = origin_of(merged.get("containers")) or merged.origin, "add `containers: {NAME: {image: …}}`"
        report(MISSING_KEY.at(origin, "the profile has no containers", hint=hint, path="containers"))
    if not isinstance(name, str) or not merged.get("containers"):
        return None
    merged = with_own_names(merged, report)
    metadata, selector, pod_metadata = identity(merged, name, report, variant)
    volumes, mounts = pod_volumes(merged, report)
    pod = Map((), merged.place, "PodSpec")
    nodes = merged.child("nodes")
    if nodes is None:
        nodes = Map((), merged.place, "nodes")
    pod["nodeSelector"] = placement.node_selector(nodes, report)
    affinity = placement.affinity(merged, nodes, report)
    if affinity or "affinity" in merged:
        pod["affinity"] = affinity
    pod["tolerations"] = nodes.get("tolerate", List())
    pod["initContainers"] = _containers(merged, "initContainers", mounts, report)
    pod["containers"] = _containers(merged, "containers", mounts, report)
    pod["volumes"] = volumes
    for key, value in merged.items():
        if key not in pod and key in POD_KEYS:
            pod[key] = value
    for key, field in (("serviceAccount", "serviceAccountName"), ("priorityClass", "priorityClassName")):
        used = name_of(merged, key, name)
        if used is not None:
            pod[field] = used
    check_handlers(pod, report)
    set_port_variables(pod, report)
    companions: list[Companion] = []
    if _has_companions(merged):
        from dsgen.resolve.companions.companion import DescribedAgent
        from dsgen.resolve.companions.make import companions as make

        labels = pod_metadata.map("labels")
        agent = DescribedAgent(
            name, merged, metadata, selector_of_all(selector), labels, pod, find, report, Suggestions()
        )
        companions, annotations = make(agent)
        if annotations:
            annotations.update(pod_metadata.map("annotations"))
            pod_metadata["annotations"] = annotations
    context: dict[str, Value] = {
        "metadata": own_metadata(metadata, merged),
        "selector": selector,
        "template": Map([("metadata", pod_metadata), ("spec", pod)], merged.place, "PodTemplateSpec"),
        "pod": pod,
        "initContainers": pod["initContainers"],
        "containers": pod["containers"],
        "volumes": volumes,
        "values": merged.get("values", Map((), None, "{any}")),
    }
    for key in ("updateStrategy", "minReadySeconds", "revisionHistoryLimit"):
        if key in merged:
            context[key] = merged[key]
    context.update((each.name, each.object) for each in companions if each.name not in OWN_TEMPLATE)
    manifests = merged.maps("manifest")
    for manifest in manifests:
        found, hint = (
            "`manifest` changes the rendered DaemonSet",
            "use it only if the profile language has no key for this",
        )
        report(MANIFEST_USED.at(manifest.origin, found, hint=hint, path="manifest"))
    templates = merged.entries("templates")
    return Description(name, context, companions, templates, manifests, merged, variant.key if variant else "")


def _has_companions(merged: Map) -> bool:
    """Return whether the profile has companion objects, or sets something that only those have."""
    if not merged.keys().isdisjoint(_COMPANIONS):
        return True
    for key in ("namespace", "serviceAccount"):
        stated = merged.child(key)
        if stated is not None and (stated.get("create") or stated.keys() - {"create"} != {"name"}):
            return True
    return False


_COMPANIONS: Final = frozenset({"configMaps", "service", "podMonitor", "networkPolicy", "priorityClass"})


def _containers(merged: Map, group: str, mounts: dict[int, Map], report: Reporter) -> List:
    stated = merged.get(group)
    result = List((), place_of(stated))
    entries = [(str(container.get("name", "")), container) for container in merged.maps(group)]
    entries += [(name, container) for name, container in merged.named(group) if name != "*"]
    for name, container in entries:
        full = Map([("name", name)], container.place, "Container")
        for key in sorted(container, key=_FIELD_ORDER.__getitem__):
            full[key] = _listed(key, container[key], mounts)
        if "image" not in full:
            origin, path = origin_of(name) or container.origin, f"{group}.{name}.image"
            found, hint = f"container `{name}` has no image", "set `image: …` in one of the layers"
            report(MISSING_KEY.at(origin, found, hint=hint, path=path))
        result.append(full)
    return result


def _listed(key: str, value: Value, mounts: dict[int, Map]) -> Value:
    """Return a container's named entries as Kubernetes' list."""
    if key == "volumeMounts":
        return List((mounts[id(mount)] for _, mount in children(value) if id(mount) in mounts), place_of(value))
    if key in ("env", "ports") and isinstance(value, Map):
        return to_kubernetes_list(value)
    return value


def names() -> dict[str, str]:
    """Return the variables of all templates, and the type of each: a notation of the field tables.

    A companion that is not generated is none. Those of `OWN_TEMPLATE` exist only in the template that renders them.
    """
    spec = fields.any_version()["DaemonSetSpec"]
    return {
        "metadata": "ObjectMeta",
        "selector": "LabelSelector",
        "updateStrategy": spec["updateStrategy"],
        "minReadySeconds": "int32",
        "revisionHistoryLimit": "int32",
        "template": "PodTemplateSpec",
        "pod": "PodSpec",
        "initContainers": "[Container]",
        "containers": "[Container]",
        "volumes": "[Volume]",
        "values": "{any}",
        **{f"{kind[0].lower()}{kind[1:]}": kind for kind in COMPANION_KINDS},
    }
