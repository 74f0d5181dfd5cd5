"""Faults of a manifest that can be corrected in one way only."""

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
# The objects of a DaemonSet around its pod: a field in the wrong one is usually meant for another.
_CHAIN: Final = ((), ("spec",), ("spec", "template"), ("spec", "template", "spec"))


def corrected(root: Map, minor: str) -> tuple[Map, list[Problem]]:
    """Return a DaemonSet with what can be corrected in one way only put right, and what was."""
    faults = decode(root, minor).faults
    result = _copy(root)
    said: list[Problem] = []
    for fault in faults:
        if fault.code is UNKNOWN_FIELD:
            said += _moved(result, fault, minor)
        elif fault.code is INVALID_FIELD_TYPE:
            said += _retyped(result, fault, minor)
    said += _labelled(result)
    return (result if said else root), said


def _copy(root: Map) -> Map:
    """Return a copy that can be changed. What aliases share is there for each of them."""
    result = Map(root, root.origin, root.type)
    holders: list[Any] = [result]
    while holders:
        holder = holders.pop()
        for step, child in list(holder.items() if isinstance(holder, Map) else enumerate(holder)):
            if isinstance(child, (Map, List)):
                holder[step] = (
                    Map(child, child.origin, child.type) if isinstance(child, Map) else List(child, child.origin)
                )
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
    found: dict[str, tuple[str, Map]] = {}
    near = [*holders[:-1], *(each for step in _CHAIN for each in list(_holders(root, step, minor))[len(step) :])]
    for there, other, kind in near:
        if other is not holder and name not in other and _takes(kind, name, value, minor):
            found[field_path((*there, name))] = (name, other)
    for field, inner in known[type].items():
        if isinstance(holder.get(field), Null) and inner in known and _takes(inner, name, value, minor):
            found[field_path((*place, field, name))] = (name, _filled(holder, field))
    for field in known[type]:
        if field.lower() == name.lower() and field not in holder and _takes(type, field, value, minor):
            found[field_path((*place, field))] = (field, holder)
    if len(found) != 1:
        return
    ((goal, (field, other)),) = found.items()
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
    """Return an empty map that is put in the place of a null."""
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
    """Read a scalar of the wrong type as it is spelled."""
    holder: Any = root
    for step in fault.path[:-1]:
        holder = holder[step]
    last: Any = fault.path[-1]
    value = holder[last]
    notation = _notation(fault.path, minor)
    for reading in _readings(value):
        if accepts(notation, minor, reading):
            holder[last] = reading
            what = f"`{field_path(fault.path)}` {fault.message}"
            hint = (
                f"imported as the text `{reading}`"
                if isinstance(reading, str)
                else f"imported as {getattr(reading, 'text', reading)}"
            )
            yield CORRECTED_MANIFEST.at(origin_of(value), what, hint=hint, field=field_path(fault.path))
            return


def _notation(path: Path, minor: str) -> str:
    """Return the type of what stands at a path of a DaemonSet that decoding knows."""
    table = fields.load(minor).types
    notation = "DaemonSet"
    for step in path:
        notation = notation[1:-1] if notation[0] in "[{" else table[notation][str(step)]
    return notation


def _readings(value: Any) -> Iterator[Value]:
    """Yield what a scalar could be meant as."""
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
    """Tell whether a boolean is written as `yes`, `n` or the like: text is meant by it, but which?"""
    origin = origin_of(value)
    return isinstance(value, Boolean) and origin is not None and origin.end_column - origin.column != len(value.text)


def _labelled(root: Map) -> Iterator[Problem]:
    """Give the pods the labels that the selector asks for, or the selector those of the pods, where there are none."""
    spec: Any = root.get("spec")
    template: Any = spec.get("template") if isinstance(spec, Map) else None
    if not isinstance(template, Map):
        return
    metadata: Any = template.get("metadata", Map((), template.origin))
    labels: Any = metadata.get("labels", Map((), template.origin)) if isinstance(metadata, Map) else None
    selector: Any = spec.get("selector")
    wanted = selector.get("matchLabels") if isinstance(selector, Map) else None
    if isinstance(selector, (Null, type(None))) and isinstance(labels, Map) and labels:
        spec["selector"] = Map([("matchLabels", labels)], labels.origin)
        listed = ", ".join(f"{key}={value}" for key, value in labels.items())
        yield CORRECTED_MANIFEST.at(
            spec.origin,
            "`spec.selector` is missing",
            hint=f"imported with the pods' labels: {listed}",
            field="spec.selector",
        )
    elif isinstance(wanted, Map) and isinstance(labels, Map):
        missing = {key: value for key, value in wanted.items() if key not in labels}
        if missing:
            template["metadata"] = Map(
                {**metadata, "labels": Map({**labels, **missing}, labels.origin)}, metadata.origin
            )
            listed = ", ".join(f"{key}={value}" for key, value in missing.items())
            yield CORRECTED_MANIFEST.at(
                origin_of(wanted),
                f"`spec.selector` requires labels that the pods lack: {listed}",
                hint="imported with these labels added to the pods",
                field="spec.selector",
            )
