"""An object as expressions see it: in JSON as the API server writes it, with defaults, right before it is stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from dsgen.kubernetes.built_in import stored, telling
from dsgen.kubernetes.cel.activation import Shared
from dsgen.kubernetes.schema import fields, quantity
from dsgen.kubernetes.schema.decode import decode, identify
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.template_generation import GENERATION_NOTE, template_generation
from dsgen.kubernetes.validation.kinds import OLDER, kind_of
from dsgen.record import Record
from dsgen.tree import Map, Null, Path, plain

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions

_FORMS: Final = FilePath(fields.__file__).parent.parent / "json_forms.json"
# What the server sets in the metadata of a new object.
_OF_SERVER: Final = ("uid", "creationTimestamp", "managedFields", "deletionTimestamp")
# Kind → what it, or an admission plugin that is on by default, sets unless the manifest does. `*` is any item.
_FILLED: Final[dict[str, tuple[Path, ...]]] = {
    "Ingress": (("spec", "ingressClassName"),),
    "PersistentVolumeClaim": (("spec", "storageClassName"), ("metadata", "finalizers")),
    "PersistentVolume": (("metadata", "finalizers"),),
    "Pod": tuple(
        ("spec", name)
        for name in ("priority", "priorityClassName", "preemptionPolicy", "serviceAccountName", "serviceAccount", "imagePullSecrets", "runtimeClassName")
    ),
    "Service": (
        *(("spec", name) for name in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort")),
        ("spec", "ports", "*", "nodePort"),
    ),
}  # fmt: skip
# The same, whatever the manifest says.
_CHANGED: Final[dict[str, tuple[Path, ...]]] = {
    "Job": (("metadata", "labels"), ("spec", "selector"), ("spec", "template", "metadata", "labels")),
    "Namespace": (("spec",),),
    "ServiceAccount": (("secrets",),),
    "StatefulSet": (("spec", "volumeClaimTemplates"),),
    "Pod": (
        ("spec", "tolerations"),
        ("spec", "volumes"),
        *(("spec", name, "*", "volumeMounts") for name in ("containers", "initContainers")),
    ),
}


class Seen(Record):
    """An object as plain data, and the paths in it whose values are not known before it is created."""

    shared: Shared
    unknown: tuple[Path, ...]

    @property
    def value(self) -> dict[str, Any]:
        """The object."""
        found: dict[str, Any] = self.shared.value
        return found


def seen(root: Map, minor: str, definitions: Definitions | None = None, namespace: str | None = None) -> Seen | None:
    """Return a valid object as expressions see it, or None if its form is not known; `namespace` is its own: empty
    if it is in none, and None if that is not known.
    """
    type = identify(root, minor).type
    if not type or type in fields.CUSTOM_RESOURCES.values():
        from dsgen.kubernetes.custom.definitions import shipped_only
        from dsgen.kubernetes.schema.custom.numbers import json_data

        tree = (definitions or shipped_only()).stored(root, minor)
        if tree is None:
            return None
        value: dict[str, Any] = json_data(tree)
        value.setdefault("metadata", {})["generation"] = 1
    else:
        kind = kind_of(type)
        if kind is None or type in OLDER:
            return None
        value = _json(stored(decode(root, minor, telling(minor)), minor)[0], type, fields.of(type, minor).types)
        metadata = value["metadata"]
        if kind.counts_generation and minor_number(minor) >= kind.generation_since:
            metadata["generation"] = 1
        if type == "DaemonSet":
            generation = max(template_generation(root) or 0, 1)
            metadata["annotations"] = {**metadata.get("annotations", {}), GENERATION_NOTE: str(generation)}
    value["metadata"].pop("namespace", None)
    if namespace:
        value["metadata"]["namespace"] = namespace
    return Seen(Shared(value), tuple(_unknown(value, type, namespace)))


def _unknown(value: dict[str, Any], type: str, namespace: str | None) -> Iterator[Path]:
    yield ("status",)
    yield from (("metadata", name) for name in _OF_SERVER)
    if namespace is None:
        yield ("metadata", "namespace")
    if "name" not in value["metadata"]:
        yield ("metadata", "name")
    yield from _CHANGED.get(type, ())
    for path in _FILLED.get(type, ()):
        found: Any = value
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        if found is None:
            yield path


def _with_both_accounts(pod: dict[str, Any]) -> dict[str, Any]:
    """Return the spec of a pod with its service account under both names."""
    account = pod.get("serviceAccountName") or pod.get("serviceAccount")
    return {**pod, "serviceAccountName": account, "serviceAccount": account} if account else pod


def _without_affinity(service: dict[str, Any]) -> dict[str, Any]:
    """Return the spec of a Service without what only counts for another affinity."""
    if service.get("sessionAffinity") == "ClientIP":
        return service
    return {key: value for key, value in service.items() if key != "sessionAffinityConfig"}


_COMPLETED: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "PodSpec": _with_both_accounts,
    "ServiceSpec": _without_affinity,
}


@cache
def _forms() -> dict[str, tuple[frozenset[str], dict[str, Any]]]:
    table = json.loads(_FORMS.read_bytes())
    return {type: (frozenset(zeros.split()), always) for type, (zeros, always) in table.items()}


_NO_FORM: Final[tuple[frozenset[str], dict[str, Any]]] = (frozenset(), {})


def _json(value: Any, type: str, types: dict[str, dict[str, str]]) -> Any:
    """Return a decoded value of a type of the field tables as the server writes it."""
    if isinstance(value, dict):
        if type.startswith("{"):
            return {str.__str__(key): _json(child, type[1:-1], types) for key, child in value.items()}
        known = types.get(type)
        if known is None:
            return plain(value)
        zeros, always = _forms().get(type, _NO_FORM)
        value = _COMPLETED[type](value) if type in _COMPLETED else value
        result: dict[str, Any] = {}
        for key, child in value.items():
            of_child = known.get(key, "any")
            if (
                child is None
                or isinstance(child, Null)
                or (not child and key not in always and (key in zeros or of_child[0] in "[{" or of_child == "bytes"))
            ):
                continue
            result[str.__str__(key)] = _json(child, of_child, types)
        for key, zero in always.items():
            if key not in result and key in known:
                result[key] = _json({}, known[key], types) if zero == {} else zero
        return result
    if isinstance(value, list):
        return [_json(each, type[1:-1] if type[0] == "[" else "any", types) for each in value]
    if type == "Quantity" and not isinstance(value, Null):
        return str(quantity.parse(value).rounded())
    return plain(value)
