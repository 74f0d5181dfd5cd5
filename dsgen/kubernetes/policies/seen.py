"""An object as expressions see it: in JSON as the API server writes it, with defaults, right before it is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from dsgen.kubernetes.built_in import stored, telling
from dsgen.kubernetes.cel.activation import Shared
from dsgen.kubernetes.policies.autoscalers import as_v1
from dsgen.kubernetes.policies.later import unknown
from dsgen.kubernetes.policies.prune import Kept
from dsgen.kubernetes.schema import fields, quantity
from dsgen.kubernetes.schema.decode import decode, identify
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.template_generation import GENERATION_NOTE, template_generation
from dsgen.kubernetes.semantics.conversion import AUTOSCALER, AUTOSCALER_V1
from dsgen.kubernetes.semantics.equality import TAKEN_AWAY
from dsgen.kubernetes.validation.kinds import OLDER, kind_of
from dsgen.plain import plain
from dsgen.record import Record
from dsgen.tree import Map, Null, Path

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions

_FORMS: Final = FilePath(fields.__file__).parent.parent / "json_forms.json"


class Seen(Record):
    """An object as plain data, and the paths in it whose values are not known before it is created."""

    shared: Shared
    unknown: tuple[Path, ...]

    @property
    def value(self) -> dict[str, Any]:
        """The object."""
        found: dict[str, Any] = self.shared.value
        return found


def seen(
    root: Map,
    minor: str,
    definitions: Definitions | None = None,
    namespace: str | None = None,
    tree: Map | None = None,
    kept: Kept | None = None,
    version: str = "",
) -> Seen | None:
    """Return a valid object as expressions see it, or None if its form is not known; `namespace` is its own: empty
    if it is in none, and None if that is not known. `tree` is the object as `built_in.stored` returns it, if that is known.
    What is not `kept` of an object of a built-in kind is left out. `version` is that of an autoscaler, if it is not its own.
    """
    type = identify(root, minor).type
    hidden: list[Path] = []
    if not type or type in fields.CUSTOM_RESOURCES.values():
        from dsgen.kubernetes.custom.definitions import shipped_only
        from dsgen.kubernetes.schema.custom.numbers import json_data

        own = (definitions or shipped_only()).stored(root, minor)
        if own is None:
            return None
        value: dict[str, Any] = json_data(own)
        value.setdefault("metadata", {})["generation"] = 1
    else:
        kind = kind_of(type)
        of_autoscaler = type in (AUTOSCALER, AUTOSCALER_V1)
        if of_autoscaler:
            version = version or str(root["apiVersion"]).rpartition("/")[2]
            type, kept = AUTOSCALER, None
        if kind is None or type in OLDER:
            return None
        if tree is None:
            tree = stored(decode(root, minor, telling(minor)), minor)[0]
        value = _json(tree, type, _forms_of(type, minor), kept)
        if of_autoscaler:
            value["apiVersion"] = f"autoscaling/{version}"
            if version == "v1":
                value, hidden = as_v1(value)
        elif "apiVersion" in value:
            # The server takes `/v1` for `v1`.
            value["apiVersion"] = value["apiVersion"].removeprefix("/")
        metadata = value["metadata"]
        if kind.counts_generation and minor_number(minor) >= kind.generation_since:
            metadata["generation"] = 1
        if type == "DaemonSet":
            generation = max(template_generation(root) or 0, 1)
            metadata["annotations"] = {**metadata.get("annotations", {}), GENERATION_NOTE: str(generation)}
    value["metadata"].pop("namespace", None)
    if namespace:
        value["metadata"]["namespace"] = namespace
    return Seen(Shared(value), (*unknown(root, value, type, namespace), *hidden))


def _with_both_accounts(pod: dict[str, Any]) -> dict[str, Any]:
    """Return the spec of a pod with its service account under both names."""
    account = pod.get("serviceAccountName") or pod.get("serviceAccount")
    return {**pod, "serviceAccountName": account, "serviceAccount": account} if account else pod


def _without_affinity(service: dict[str, Any]) -> dict[str, Any]:
    """Return the spec of a Service without what only counts for another affinity."""
    if service.get("sessionAffinity") == "ClientIP":
        return service
    return {key: value for key, value in service.items() if key != "sessionAffinityConfig"}


def _without_old_annotations(pod: Any) -> Any:
    """Return a pod, or the template of one, without the annotations that the server takes away."""
    annotations = pod.map("metadata", "annotations")
    if annotations.keys().isdisjoint(TAKEN_AWAY):
        return pod
    return pod.replaced("metadata", pod.map("metadata").replaced("annotations", annotations.without(*TAKEN_AWAY)))


_COMPLETED: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "Pod": _without_old_annotations,
    "PodSpec": _with_both_accounts,
    "PodTemplateSpec": _without_old_annotations,
    "ServiceSpec": _without_affinity,
}


class _Form(Record):
    """How the server writes the fields of a type: those of `zeros` are left out if they are zero, those of `always` never."""

    fields: dict[str, str]
    zeros: frozenset[str]
    always: dict[str, Any]
    completed: Callable[[dict[str, Any]], dict[str, Any]] | None


@cache
def _forms() -> dict[str, tuple[frozenset[str], dict[str, Any]]]:
    table = json.loads(_FORMS.read_bytes())
    return {type: (frozenset(zeros.split()), always) for type, (zeros, always) in table.items()}


_ALL: Final[dict[Any, Kept | None]] = {}
# A quantity in a resource list, and the types that have quantities by name that are not such lists.
_ROUNDED: Final = "RoundedQuantity"
# The types of texts that the server writes in its own way.
_WRITTEN: Final = ("Quantity", "bytes")
_EXACT: Final = ("CapacityRequirements", "DeviceRequestAllocationResult", "Overhead")
_NO_FORM: Final[tuple[frozenset[str], dict[str, Any]]] = (frozenset(), {})


@lru_cache(maxsize=256)
def _forms_of(type: str, minor: str) -> dict[str, _Form]:
    """Return the forms of the types of a kind, by their names."""
    known = fields.of(type, minor).types
    return {
        name: _Form(_with_rounded(name, each), *_forms().get(name, _NO_FORM), _COMPLETED.get(name))
        for name, each in known.items()
    }


def _with_rounded(type: str, known: dict[str, str]) -> dict[str, str]:
    """Return the fields of a type, with `_ROUNDED` as the type of quantities that the server rounds: those of resource lists."""
    if type.rpartition(".")[2] in _EXACT:
        return known
    return {name: f"{{{_ROUNDED}}}" if each == "{Quantity}" else each for name, each in known.items()}


def _json(value: Any, type: str, forms: dict[str, _Form], kept: Kept | None) -> Any:
    """Return what is kept of a decoded value of a type of the field tables, as the server writes it."""
    if isinstance(value, dict):
        below, others, counted = (_ALL, None, True) if kept is None else (kept.below, kept.others, kept.counted)
        if type[0] == "{":
            return {
                str.__str__(key): _json(child, type[1:-1], forms, below.get(key, others))
                for key, child in value.items()
                if counted or key in below
            }
        form = forms.get(type)
        if form is None:
            return plain(value)
        known, zeros, always, completed = form
        result: dict[str, Any] = {}
        for key, child in (completed(value) if completed else value).items():
            if not counted and key not in below:
                continue
            of_child = known.get(key, "any")
            if (
                child is None
                or isinstance(child, Null)
                or (not child and key not in always and (key in zeros or of_child[0] in "[{" or of_child == "bytes"))
            ):
                continue
            # Most values are texts.
            is_text = isinstance(child, str) and of_child not in _WRITTEN
            result[str.__str__(key)] = (
                str.__str__(child) if is_text else _json(child, of_child, forms, below.get(key, others))
            )
        for key, zero in always.items():
            if key not in result and key in known and (counted or key in below):
                result[key] = _json({}, known[key], forms, None) if zero == {} else zero
        return result
    if isinstance(value, list):
        of_item = type[1:-1] if type[0] == "[" else "any"
        if kept is None:
            return [_json(each, of_item, forms, None) for each in value]
        return [_json(each, of_item, forms, kept.below.get(at, kept.others)) for at, each in enumerate(value)]
    if type in ("Quantity", _ROUNDED) and not isinstance(value, Null):
        return _quantity(value if isinstance(value, str) else plain(value), type == _ROUNDED)
    if type == "bytes" and isinstance(value, str):
        # The server writes base64 without the line breaks.
        return value.replace("\n", "").replace("\r", "")
    return plain(value)


@lru_cache(maxsize=1024)
def _quantity(value: Any, is_rounded: bool) -> str:
    """Return a quantity as the server writes it."""
    found = quantity.parse(value)
    return str(found.rounded() if is_rounded else found)
