"""What can be written at a position, and what is there: keys and words of the language, and fields of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.fields.versions import versions
from dsgen.lsp.analysis import FileKind
from dsgen.profile.environment import ENVIRONMENT
from dsgen.profile.explain import Explanation, UnknownKeyError, explain_steps
from dsgen.profile.json_schema import json_schema
from dsgen.profile.schema import PROFILE
from dsgen.profile.tables import type_name
from dsgen.project import shipped
from dsgen.project.keys import KEYS
from dsgen.project.project import Project
from dsgen.reading import read_file
from dsgen.record import Record
from dsgen.tree import Map, Path

BOOLEANS: Final = ("true", "false")


class Word(Record):
    """A word that can be written, its description, and whether it is a `key`."""

    text: str
    about: str = ""
    key: bool = False


@cache
def _schema(kind: FileKind) -> dict[str, Any]:
    return json_schema(ENVIRONMENT if kind is FileKind.ENVIRONMENT else PROFILE)


def keys_at(kind: FileKind, path: Path) -> list[Word]:
    """Return the keys of the map at a path in a profile, an environment or `dsgen.yaml`."""
    if kind is FileKind.PROJECT:
        return [] if path else [Word(name, about, key=True) for name, (about, _) in KEYS.items()]
    found: dict[str, Word] = {}
    for node in _at(_schema(kind), path):
        for name, below in node.get("properties", {}).items():
            found.setdefault(name, Word(name, str(below.get("description", "")), key=True))
    return list(found.values())


def values_at(kind: FileKind, path: Path) -> list[Word]:
    """Return the words that the value at a path in a profile or an environment can be, if they are few."""
    if kind is FileKind.PROJECT:
        return [Word(minor) for minor in fields.MINORS] if path == ("kubernetes",) else []
    if path[:1] == ("extends",):
        from dsgen.project.presets import presets

        return [Word(each.name, each.summary) for each in presets()]
    found: dict[str, Word] = {}
    for node in _at(_schema(kind), path):
        words = [each for each in node.get("enum", ()) if each not in (None, "")]
        types = node.get("type", ())
        if "boolean" in types and "string" not in types:
            words += BOOLEANS
        found |= {str(word): Word(str(word)) for word in words}
    return list(found.values())


def _at(schema: Mapping[str, Any], path: Path) -> list[Mapping[str, Any]]:
    """Return the schemas for what is at a path: one for each form in which it can be written."""
    nodes = list(_forms(schema, schema))
    for step in path:
        below: list[Mapping[str, Any]] = []
        for node in nodes:
            inner = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
            if inner is None and isinstance(step, str) and isinstance(node.get("additionalProperties"), dict):
                inner = node["additionalProperties"]
            if isinstance(inner, dict):
                below += _forms(inner, schema)
        nodes = below
    return nodes


def _forms(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "$ref" in node:
        node = schema["definitions"][node["$ref"].rpartition("/")[2]]
    yield node
    for form in (*node.get("anyOf", ()), *node.get("allOf", ())):
        if isinstance(form, dict) and "required" not in form:
            yield from _forms(form, schema)


def fields_at(root: Map, path: Path, minor: str) -> list[Word]:
    """Return the fields of the object at a path of a manifest, in a version of Kubernetes."""
    notation = _notation(root, path, minor)
    type = notation.strip("[]{}")
    if not type or notation.startswith("["):
        return []
    known = fields.of(type, minor).types.get(type, {})
    return [Word(name, type_name(of), key=True) for name, of in sorted(known.items())]


def field_about(root: Map, path: Path, minor: str) -> str:
    """Return what there is to say of the field at a path of a manifest: its type, and the versions that have it; empty if it is unknown."""
    notation = _notation(root, path, minor)
    steps = [step for step in path if isinstance(step, str)]
    if not notation or not steps:
        return ""
    above = _notation(root, path[: len(path) - path[::-1].index(steps[-1]) - 1], minor).strip("[]{}")
    only = versions(above, steps[-1])
    return f"`{steps[-1]}` {type_name(notation)}" + (f"\n\nKubernetes {only}" if only else "")


def _notation(root: Map, path: Path, minor: str) -> str:
    """Return the notation of the type at a path of an object, or an empty string."""
    stated = f"{root.get('apiVersion', '')} {root.get('kind', '')}"
    notation = fields.every_kind(minor).kinds.get(stated, "")
    for step in path:
        if isinstance(step, int) or notation[:1] == "{":
            notation = notation[1:-1]
        elif notation and notation[:1] != "[":
            notation = fields.of(notation, minor).types.get(notation, {}).get(step, "")
        else:
            return ""
    return notation


def about(kind: FileKind, path: Path) -> str:
    """Return the documentation of the key at a path, as Markdown; empty for an unknown one."""
    steps = [step for step in path if isinstance(step, str)]
    if kind is FileKind.PROJECT:
        meaning, example = KEYS.get(steps[0], ("", "")) if len(steps) == 1 else ("", "")
        return f"{meaning}\n\n```yaml\n{example}\n```" if meaning else ""
    if steps and steps[0] == "extends" and len(path) > len(steps):
        steps = steps[:1]
    try:
        found = explain_steps(["environment", *steps] if kind is FileKind.ENVIRONMENT else steps, ".".join(steps))
    except UnknownKeyError:
        return ""
    return markdown(found)


def markdown(found: Explanation) -> str:
    """Return the documentation of a key as Markdown."""
    head = f"`{found.path}`" + (f" {found.type}" if found.type else "")
    if found.kubernetes:
        head += f" (`{found.kubernetes}`)"
    parts = [head, found.description]
    if found.versions:
        parts.append(f"Kubernetes {found.versions}")
    if found.example:
        parts.append(f"```yaml\n{found.example}\n```")
    if found.short:
        parts.append(f"Short form: `{found.short.example}` means `{found.short.means}`")
    return "\n\n".join(part for part in parts if part)


def preset_about(name: str, project: Project) -> str:
    """Return the comment at the top of the preset that a profile of a project extends, or an empty string."""
    locked = next((project.root / each.file for each in project.presets if each.name == name), None)
    path = locked or shipped.profiles().get(name)
    if path is None:
        return ""
    try:
        lines = read_file(path, project.root).decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    head = [line.removeprefix("#").removeprefix(" ") for line in lines if line.startswith("#")]
    return "\n".join(head)
