"""Faults of a manifest that can be corrected in only one way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.schema.errors import INVALID_FIELD_TYPE, UNKNOWN_FIELD, DecodeError
from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.schema.type_checks import accepts
from dsgen.problem import Problem, code
from dsgen.tree import Boolean, Integer, List, Map, Null, Path, Text, Value, origin_of

CORRECTED_MANIFEST = code(
    "corrected-manifest",
    """Kubernetes rejects the manifest, and there is only one way to correct it: a misplaced field is moved, a value of the wrong type is
    converted by its spelling, and a missing selector or missing labels of the pods are added.""",
    severity="warning",
)
# The objects of a DaemonSet around its pod spec: a field in the wrong one usually belongs to another.
_CHAIN: Final = ((), ("spec",), ("spec", "template"), ("spec", "template", "spec"))


def corrected(root: Map, minor: str) -> tuple[Map, Map, list[Problem]]:
    """Return a DaemonSet without the faults that can be corrected in only one way, the same decoded, and a warning for each of them."""
    decoded = decode(root, minor)
    faults = [each for each in decoded.faults if each.code in (UNKNOWN_FIELD, INVALID_FIELD_TYPE)]
    if not faults and _is_labelled(root):
        return root, decoded.root, []
    result = _copy(root)
    corrections: list[Problem] = []
    for fault in faults:
        if fault.code is UNKNOWN_FIELD:
            corrections += _moved(result, fault, minor)
        elif fault.code is INVALID_FIELD_TYPE:
            corrections += _retyped(result, fault, minor)
    corrections += _labelled(result)
    if not corrections:
        return root, decoded.root, []
    return result, decode(result, minor).root, corrections


def _copy(root: Map) -> Map:
    """Return a copy whose maps and lists can be changed. What YAML aliases share is copied for each of them."""
    result = root.with_items(root)
    holders: list[Any] = [result]
    while holders:
        holder = holders.pop()
        for step, child in list(holder.items() if isinstance(holder, Map) else enumerate(holder)):
            if isinstance(child, (Map, List)):
                holder[step] = child.with_items(child) if isinstance(child, Map) else List(child, child.origin)
                holders.append(holder[step])
    return result


def _moved(root: Map, fault: DecodeError, minor: str) -> Iterator[Problem]:
    """Move a field to the one place near it that lacks such a field."""
    *path, name = fault.path
    holders = list(_holders(root, tuple(path), minor))
    if not holders or not isinstance(name, str) or name not in holders[-1][1]:
        return
    place, holder, type = holders[-1]
    value = holder[name]
    known = fields.load(minor).types
    places: dict[str, tuple[str, Map]] = {}
    near = [*holders[:-1], *(each for step in _CHAIN for each in list(_holders(root, step, minor))[len(step) :])]
    for there, other, kind in near:
        if other is not holder and name not in other and _takes(kind, name, value, minor):
            places[field_path((*there, name))] = (name, other)
    for field, inner in known[type].items():
        if isinstance(holder.get(field), Null) and inner in known and _takes(inner, name, value, minor):
            places[field_path((*place, field, name))] = (name, _filled(holder, field))
    for field in known[type]:
        if field.lower() == name.lower() and field not in holder and _takes(type, field, value, minor):
            places[field_path((*place, field))] = (field, holder)
    if len(places) != 1:
        return
    ((goal, (field, other)),) = places.items()
    key = holder.key(name)
    del holder[name]
    other[Text.at(field, origin_of(key))] = value
    yield CORRECTED_MANIFEST.at(
        origin_of(key),
        f"unknown field `{field_path(fault.path)}`",
        hint=f"imported as `{goal}`",
        field=field_path(fault.path),
    )


def _filled(holder: Map, field: str) -> Map:
    """Replace a null with an empty map, and return the map."""
    result = Map((), origin_of(holder[field]))
    holder[holder.key(field)] = result
    return result


def _takes(type: str, field: str, value: Value, minor: str) -> bool:
    notation = fields.load(minor).types[type].get(field)
    return notation is not None and accepts(notation, minor, value)


def _holders(root: Map, path: Path, minor: str) -> Iterator[tuple[Path, Map, str]]:
    """Yield the objects on the way to a path, each with its own path and type."""
    table = fields.load(minor).types
    value: Any = root
    notation = "DaemonSet"
    for index in range(len(path) + 1):
        if isinstance(value, Map) and notation in table:
            yield path[:index], value, notation
        if index == len(path):
            return
        step = path[index]
        known = table.get(notation, {})
        notation = notation[1:-1] if notation[:1] in ("[", "{") else known.get(str(step), "")
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return


def _retyped(root: Map, fault: DecodeError, minor: str) -> Iterator[Problem]:
    """Convert a scalar of the wrong type by its spelling."""
    holder: Any = root
    for step in fault.path[:-1]:
        holder = holder[step]
    last: Any = fault.path[-1]
    value = holder[last]
    notation = _notation(fault.path, minor)
    for reading in _readings(value):
        if accepts(notation, minor, reading):
            holder[last] = reading
            message = f"`{field_path(fault.path)}` {fault.message}"
            hint = (
                f"imported as the text `{reading}`"
                if isinstance(reading, str)
                else f"imported as {getattr(reading, 'text', reading)}"
            )
            yield CORRECTED_MANIFEST.at(origin_of(value), message, hint=hint, field=field_path(fault.path))
            return


def _notation(path: Path, minor: str) -> str:
    """Return the type of the value at a path of a DaemonSet; the path is one of decoding."""
    table = fields.load(minor).types
    notation = "DaemonSet"
    for step in path:
        notation = notation[1:-1] if notation[0] in "[{" else table[notation][str(step)]
    return notation


def _readings(value: Any) -> Iterator[Value]:
    """Yield what a scalar could mean."""
    origin = origin_of(value)
    if isinstance(value, str):
        if value in ("true", "false"):
            yield Boolean.at(value == "true", origin)
        octal = re.fullmatch("0o([0-7]{1,21})", value)
        if octal or re.fullmatch("0|-?[1-9][0-9]{0,17}", value):
            yield Integer.at(int(octal[1], 8) if octal else int(value), origin)
    elif isinstance(value, (int, float)) and not _is_word(value):
        yield Text.at(getattr(value, "text", str(value)), origin)


def _is_word(value: Any) -> bool:
    """Return whether a boolean is spelled `yes`, `n` or the like: it was meant as text, but the spelling is lost."""
    origin = origin_of(value)
    return isinstance(value, Boolean) and origin is not None and origin.end_column - origin.column != len(value.text)


def _is_labelled(root: Map) -> bool:
    """Return whether there is a selector, and the pods have the labels that it requires."""
    labels = root.map("spec", "template", "metadata", "labels")
    required = root.map("spec", "selector", "matchLabels")
    return isinstance(root.map("spec").get("selector"), Map) and all(key in labels for key in required)


def _labelled(root: Map) -> Iterator[Problem]:
    """Add the labels that the selector requires to the pods; or if there is no selector, add one with the labels of the pods."""
    spec = root.map("spec")
    template = spec.child("template")
    if template is None:
        return
    metadata: Any = template.get("metadata", Map((), template.origin))
    labels: Any = metadata.get("labels", Map((), template.origin)) if isinstance(metadata, Map) else None
    selector: Any = spec.get("selector")
    wanted = spec.map("selector").child("matchLabels")
    if isinstance(selector, (Null, type(None))) and isinstance(labels, Map) and labels:
        spec["selector"] = Map([("matchLabels", labels)], labels.origin)
        listed = ", ".join(f"{key}={value}" for key, value in labels.items())
        yield CORRECTED_MANIFEST.at(
            spec.origin,
            "`spec.selector` is missing",
            hint=f"imported with the pods' labels: {listed}",
            field="spec.selector",
        )
    elif wanted is not None and isinstance(labels, Map):
        missing = {key: value for key, value in wanted.items() if key not in labels}
        if missing:
            template["metadata"] = metadata.updated({"labels": labels.updated(missing)})
            listed = ", ".join(f"{key}={value}" for key, value in missing.items())
            yield CORRECTED_MANIFEST.at(
                origin_of(wanted),
                f"`spec.selector` requires labels that the pods lack: {listed}",
                hint="imported with these labels added to the pods",
                field="spec.selector",
            )
