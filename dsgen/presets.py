"""The presets: shipped profiles, each with a comment at its head that says what it is, what it needs and what to change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dsgen.shipped import profiles

_FIRST: Final = re.compile(r"(?P<project>.+) (?P<version>v?[0-9][^ ]*): (?P<about>.+\.)")
_ENTRY: Final = re.compile(r"(?P<label>Needs from the node|Pod Security|Change|Differs from (?P<upstream>[^:]+)): *")
_LEVEL: Final = re.compile(r"(?P<level>privileged|baseline|restricted)\b")


@dataclass(frozen=True)
class Preset:
    """A shipped profile: its text, and what its head says.

    `level` is the Pod Security level of its pods, and `security` the line that gives it, with the reason; `differs` is by the
    name of the project's own manifest.
    """

    name: str
    text: str
    project: str
    version: str
    about: str
    needs: str
    level: str
    security: str
    change: tuple[str, ...]
    differs: dict[str, str]

    @property
    def summary(self) -> str:
        """The first line of its head."""
        return f"{self.project} {self.version}: {self.about}"

    @property
    def body(self) -> str:
        """Its text below the head."""
        return self.text[_head(self.text).end() :].lstrip("\n")


def presets() -> tuple[Preset, ...]:
    """Return all presets by name."""
    return tuple(read(name, path.read_text("utf-8")) for name, path in profiles().items())


def read(name: str, text: str) -> Preset:
    """Return the preset of this name and text. Raises ValueError when its head has not the shape of one."""
    lines = [line.removeprefix("#").strip() for line in _head(text)[0].splitlines()]
    first = _FIRST.fullmatch(lines[0]) if lines else None
    if first is None:
        raise ValueError(f"{name}: the first line of a preset is `# PROJECT VERSION: WHAT IT DOES.`")
    entries: list[tuple[re.Match[str], list[str]]] = []
    for line in lines[1:]:
        entry = _ENTRY.match(line)
        if entry is not None:
            entries.append((entry, [line[entry.end() :]]))
        elif entries:
            entries[-1][1].append(line)
        elif line:
            raise ValueError(f"{name}: {line!r} stands under no label")
    said: dict[str, list[str]] = {}
    differs: dict[str, str] = {}
    for entry, parts in entries:
        prose = " ".join(filter(None, parts))
        if entry["upstream"]:
            differs[entry["upstream"]] = prose
        else:
            said.setdefault(entry["label"], []).append(prose)
    security = " ".join(said.get("Pod Security", ()))
    level = _LEVEL.match(security)
    if level is None or "Needs from the node" not in said or "Change" not in said:
        raise ValueError(f"{name}: the head lacks `Needs from the node:`, `Pod Security: LEVEL` or `Change:`")
    needs = " ".join(said["Needs from the node"])
    return Preset(name, text, **first.groupdict(), needs=needs, level=level["level"], security=security, change=tuple(said["Change"]), differs=differs)  # fmt: skip


def _head(text: str) -> re.Match[str]:
    found = re.match(r"(?:#.*\n)*", text)
    assert found is not None
    return found
