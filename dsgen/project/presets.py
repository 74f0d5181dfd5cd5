"""The presets: shipped profiles, each with a comment at the top that says what it is, what it needs and what to change."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from dsgen.project.shipped import profiles

_NEEDS: Final = "Needs from the node: "
_SECURITY: Final = "Pod Security: "
_CHANGE: Final = "Change: "
_DIFFERS: Final = "Differs from "
_UNCONFIRMED: Final = "Not confirmed: "
_CHANGED: Final = "Changed in "
_VERSION: Final = re.compile(r" (v?[0-9][0-9A-Za-z.+-]*)")


@dataclass(frozen=True)
class Preset:
    """A shipped profile, or one of a `pack`: its text, and the parts of its head comment.

    `version` is empty if the preset does not package a project's releases. `level` is the Pod Security level at the start of
    `security`, before the reason; `differs` is by the name of the project's own manifest. `unconfirmed` is what could not be compared with the current release.
    `changes` are what a version of dsgen changed, by that version.
    """

    name: str
    text: str
    summary: str
    project: str
    version: str
    about: str
    needs: str
    level: str
    security: str
    change: tuple[str, ...]
    differs: dict[str, str]
    unconfirmed: tuple[str, ...] = ()
    changes: dict[str, str] = field(default_factory=dict)
    pack: str = ""

    @property
    def body(self) -> str:
        """The text below the head."""
        return self.text[len(_head(self.text)) :].lstrip("\n")


def presets() -> tuple[Preset, ...]:
    """Return all presets by name."""
    return tuple(read(name, path.read_text("utf-8")) for name, path in profiles().items())


def shipped_preset(name: str) -> Preset:
    """Return a preset that is shipped with dsgen."""
    return read(name, profiles()[name].read_text("utf-8"))


def read(name: str, text: str) -> Preset:
    """Parse a preset with this name and text. Raises ValueError if its head is malformed."""
    summary, *lines = [line.removeprefix("#").strip() for line in _head(text).splitlines()] or [""]
    title, colon, about = summary.partition(": ")
    entries: list[str] = []
    for line in filter(None, lines):
        if line.startswith((_NEEDS, _SECURITY, _CHANGE, _DIFFERS, _UNCONFIRMED, _CHANGED)):
            entries.append(line)
        elif entries:
            entries[-1] += f" {line}"
        else:
            raise ValueError(f"{name}: {line!r} has no label")

    def said(label: str) -> list[str]:
        return [entry.removeprefix(label) for entry in entries if entry.startswith(label)]

    if not colon or not all(map(said, (_NEEDS, _SECURITY, _CHANGE, _DIFFERS))):
        raise ValueError(f"{name}: malformed head; docs/development.md shows the form")
    version = _VERSION.search(title)
    changes = {of: what for of, _, what in (entry.partition(": ") for entry in said(_CHANGED))}
    security = " ".join(said(_SECURITY))
    return Preset(
        name=name,
        text=text,
        summary=summary,
        project=_VERSION.sub("", title),
        version=version[1] if version else "",
        about=about,
        needs=" ".join(said(_NEEDS)),
        level=re.split("[^a-z]", security)[0],
        security=security,
        change=tuple(said(_CHANGE)),
        differs={upstream: how for upstream, _, how in (entry.partition(": ") for entry in said(_DIFFERS))},
        unconfirmed=tuple(said(_UNCONFIRMED)),
        changes=changes,
    )


def read_own(name: str, text: str, pack: str) -> Preset:
    """Return a preset of a pack, whose head may also be any comment."""
    try:
        return replace(read(name, text), pack=pack)
    except ValueError:
        summary = " ".join(_head(text).partition("\n")[0].removeprefix("#").split())
        title, _, about = summary.partition(": ")
        project = _VERSION.sub("", title) if about else name
        return Preset(name, text, summary, project, title_version(text), about, "", "", "", (), {}, pack=pack)


def title_version(text: str) -> str:
    """Return the version in the first line of a preset, whatever else that says, or an empty string."""
    found = _VERSION.search(_head(text).partition("\n")[0].partition(": ")[0])
    return found[1] if found else ""


def _head(text: str) -> str:
    found = re.match(r"(?:#.*\n)*", text)
    return found[0] if found else ""
