"""The normal form of an object, as the API server stores it: two objects that mean the same are equal."""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes.schema import fields, quantity
from dsgen.kubernetes.schema.decode import Decoded, decode
from dsgen.kubernetes.schema.paths import ALL_POD_TEMPLATES, pod_template
from dsgen.kubernetes.schema.template_generation import GENERATION_NOTE
from dsgen.kubernetes.semantics.claim_templates import with_stored_claims
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.semantics.drop_disabled_fields import drop_disabled_fields
from dsgen.kubernetes.semantics.equality import EMPTY_COUNTS, MAY_BE_UNSET, PLAIN, TAKEN_AWAY, ZERO_IS_ABSENT, free_maps
from dsgen.kubernetes.semantics.prepare import prepared
from dsgen.plain import plain
from dsgen.tree import List, Map, Null, Text, as_map, new_map, origin_of

# What the server itself sets in the metadata, and tools in annotations.
OF_SERVER: Final = (
    "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink", "managedFields", "deletionTimestamp",
    "deletionGracePeriodSeconds",
)  # fmt: skip
NOTES: Final = TAKEN_AWAY | {
    GENERATION_NOTE,
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
}
# Type → fields that are always present, so that `{}` means unset.
BY_VALUE: Final[dict[str, tuple[str, ...]]] = {
    "Container": ("resources",),
    "EphemeralContainer": ("resources",),
    "PersistentVolumeClaimSpec": ("resources",),
    "PersistentVolumeClaimTemplate": ("metadata", "spec"),
    "PodTemplateSpec": ("metadata",),
    "Endpoint": ("conditions",),
    "JobTemplateSpec": ("metadata",),
    "PreferredSchedulingTerm": ("preference",),
    "WeightedPodAffinityTerm": ("podAffinityTerm",),
    "DaemonSet": ("metadata",),
    "NetworkPolicySpec": ("podSelector",),
    **dict.fromkeys(
        (f"{version}ResourceClaimTemplateSpec" for version in ("", "resource.v1beta1.", "resource.v1beta2.")),
        ("metadata",),
    ),
}

# Type → fields that the server keeps as they are written, also what is null in them.
_RAW: Final = {"OpaqueDeviceConfiguration": ("parameters",)}


def normalized(root: Map, minor: str = fields.DEFAULT, decoded: Decoded | None = None) -> Map:
    """Return the object `root`, of a kind that dsgen knows or of any other, as the API server keeps it.

    Defaults are written out, quantities in their canonical form; empty fields, and those that the server sets, are left out. `decoded` is
    the object if it has been decoded.
    """
    decoded = decoded or decode(root, minor)
    if not decoded.kind:
        return _without_own(_tidy(root, "any", {}))
    tree, template = defaulted(decoded.root, minor, decoded.kind), pod_template(root, ALL_POD_TEMPLATES)
    if template is None:
        # The type of an older version of a kind begins with that version.
        tree = prepared(tree, decoded.kind.rpartition(".")[2], minor).root
    else:
        tree, _ = drop_disabled_fields(with_stored_claims(tree), minor, template)
    return _without_own(_tidy(tree, decoded.kind, fields.of(decoded.kind, minor).types))


def canonical(value: Map, type: str, minor: str) -> Map:
    """Return a decoded part of an object, of a type of the field tables, without what means unset, in the canonical form."""
    return as_map(_tidy(value, type, fields.of(type, minor).types))


def _without_own(root: Map) -> Map:
    # Only the server sets the status, and an update ignores the finalizers of a Namespace, which are all of its spec.
    kind = root.get("kind")
    result = root.without("status", "spec") if kind == "Namespace" else root.without("status")
    if kind == "Service" and root.get("apiVersion") == "v1" and root.map("spec").get("sessionAffinity") == "None":
        # pkg/apis/core/v1: SetDefaults_Service
        result["spec"] = root.map("spec").without("sessionAffinityConfig")
    if kind == "ServiceAccount" and isinstance(result.get("secrets"), List):
        # pkg/registry/core/serviceaccount: cleanSecretReferences
        named = (each.without(*(key for key in each if key != "name")) for each in result.maps("secrets"))
        result["secrets"] = List(named, origin_of(result["secrets"]))
    metadata = result.child("metadata")
    if metadata is not None:
        # Objects are compared that have one name in one namespace.
        metadata = metadata.without(*OF_SERVER, "namespace")
        notes = metadata.child("annotations")
        if notes is not None:
            notes = notes.without(*NOTES)
            if kind == "HorizontalPodAutoscaler":
                from dsgen.kubernetes.semantics import conversion  # few objects need it

                notes = notes.without(*conversion.TAKEN_AWAY).updated(conversion.effective_notes(root))
            metadata = metadata.replaced("annotations", notes) if notes else metadata.without("annotations")
        result["metadata"] = metadata
    return result


def _tidy(value: Any, type: str, types: dict[str, dict[str, str]]) -> Any:
    """Return a value without nulls and empty values, in the canonical form of its type."""
    if isinstance(value, Map):
        inner = type[1:-1] if type.startswith("{") else ""
        known = types.get(type, {})
        raw = _RAW.get(type.rpartition(".")[2], ())
        result = new_map("", value.place)
        for key, child in (one_account(value) if type == "PodSpec" else value).items():
            if key in raw:
                result[key] = _raw(child)
                continue
            of_child = inner or known.get(key) or ("{any}" if child and key in free_maps() else "any")
            if child and of_child == "str" and key not in TAKEN_AWAY:
                result[key] = child  # the common case
                continue
            tidy = _tidy(child, of_child, types)
            if key not in TAKEN_AWAY and not says_nothing(tidy, of_child, key, type):
                result[key] = tidy
        return result
    if isinstance(value, List):
        inner = type[1:-1] if type.startswith("[") else "any"
        return List([_tidy(each, inner, types) for each in value], value.place)
    if type == "bytes" and isinstance(value, str):
        return _bytes(value)
    if type == "Quantity" and not isinstance(value, Null):
        return Text.at(str(quantity.parse(value).rounded()), origin_of(value))
    return value


def _bytes(value: str) -> Text:
    """Return bytes in base64 as the server writes them: without breaks, and with nothing in the bits that are left."""
    from binascii import Error, a2b_base64, b2a_base64

    try:
        return Text.at(b2a_base64(a2b_base64(value), newline=False).decode(), origin_of(value))
    except Error:
        return Text.at(value, origin_of(value))


def _raw(value: Any) -> Text:
    """Return a value that is kept as it is written, as text."""
    import json

    return Text.at(json.dumps(_with_whole_numbers(plain(value)), sort_keys=True), origin_of(value))


def _with_whole_numbers(value: Any) -> Any:
    """Return a value of JSON in which 1.0 is 1, as YAML is read."""
    if isinstance(value, dict):
        return {key: _with_whole_numbers(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_with_whole_numbers(child) for child in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def says_nothing(value: Any, type: str, key: str, within: str) -> bool:
    """Return whether a field of the type `type`, in a map of the type `within`, means the same as an absent one."""
    counts = (within, key) in MAY_BE_UNSET
    if isinstance(value, Map):
        # Kubernetes' own kinds have no `spec` that can be unset.
        return not value and (
            type.startswith("{") or key in BY_VALUE.get(within, ()) or (key == "spec" and within != "any")
        )
    if isinstance(value, int):
        return not value and key in ZERO_IS_ABSENT and not counts
    if value == "":
        is_kept = key in EMPTY_COUNTS and (within, key) not in PLAIN
        return not (counts or within.startswith("{") or is_kept)
    return value is None or isinstance(value, Null) or value == []


def one_account(pod: Map) -> Map:
    """Return a pod's spec with `serviceAccountName` instead of the old name that the server also writes."""
    if "serviceAccount" not in pod:
        return pod
    old = pod.key("serviceAccount")
    new = Text.at("serviceAccountName", origin_of(old))
    gone = old if pod.get(new) else new
    items = ((new if key == old else key, value) for key, value in pod.items() if key != gone)
    return Map(items, pod.origin, pod.type)
