"""Which kinds Kubernetes' own API groups have in which minor version, and what is to say of one that they have not.

`api_resources.json`, which `scripts/make_api_resources.py` writes, lists the kinds of every apiVersion: `Kind` is served by all minors,
`Kind:34-36` from 1.34 on until 1.36, which no longer has it. Under `parts` stand kinds that belong to requests and answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.errors import REMOVED_KIND, UNKNOWN_GROUP, UNKNOWN_KIND, DecodeError
from dsgen.problem import Code, closest
from dsgen.record import Record

# What the API server serves without being asked for: no alpha, and no beta but this one, before it was removed.
_STABLE: Final = r"v[0-9]+"
_SERVED_BETA: Final = "flowcontrol.apiserver.k8s.io/v1beta3"
_MOST: Final = 12
# What a CustomResourceDefinition may be called: its group, its versions and its kind.
_VERSION: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
_KIND: Final = "[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?"


class Resource(Record):
    """A kind of an apiVersion, served from the minor version `since` on (0: all that dsgen knows) until `until` (0: still)."""

    version: str
    kind: str
    since: int
    until: int

    def served(self, minor: int) -> bool:
        """Tell whether a minor version has it."""
        return self.since <= minor and not 0 < self.until <= minor


class Table(Record):
    """Every kind by its apiVersion, and the kinds that are no resources."""

    resources: dict[str, dict[str, Resource]]
    parts: dict[str, list[str]]

    @property
    def groups(self) -> set[str]:
        """The API groups."""
        return {group_of(version) for version in (*self.resources, *self.parts)}

    def every(self, minor: int) -> Iterator[Resource]:
        """Yield all that a minor version serves."""
        yield from (each for kinds in self.resources.values() for each in kinds.values() if each.served(minor))


@cache
def load() -> Table:
    """Return the table."""
    data = json.loads(Path(__file__).with_name("api_resources.json").read_bytes())
    resources = {version: dict(_resources(version, text)) for version, text in data["kinds"].items()}
    return Table(resources, {version: text.split() for version, text in data["parts"].items()})


def _resources(version: str, text: str) -> Iterator[tuple[str, Resource]]:
    for word in text.split():
        kind, _, when = word.partition(":")
        since, _, until = when.partition("-")
        yield kind, Resource(version, kind, int(since or 0), int(until or 0))


def group_of(version: str) -> str:
    """Return the API group of an `apiVersion`: that of Kubernetes' core is an empty text."""
    return version.rpartition("/")[0]


def is_own(group: str) -> bool:
    """Tell whether a group is Kubernetes' own: that of a custom resource has a dot."""
    return "." not in group or group in load().groups


def serves_by_default(version: str) -> bool:
    """Tell whether an API server serves an `apiVersion` of Kubernetes without a flag that turns it on."""
    return bool(re.fullmatch(_STABLE, version.rpartition("/")[2])) or version == _SERVED_BETA


def fault(version: str, kind: str, minor: str) -> DecodeError | None:
    """Return what is wrong with a kind that dsgen has no rules for, or None for one that may be applied as it is."""
    if not re.fullmatch("[^/]+(/[^/]+)?", version):
        return _unknown("apiVersion", f"`{version}` is no apiVersion", "write GROUP/VERSION, such as `apps/v1`")
    own = is_own(group_of(version))
    return _Asked(version, kind, minor).fault() if own else _fault_of_custom(version, kind, minor)


def fault_of_list(version: str, kind: str, minor: str) -> DecodeError | None:
    """Return what is wrong with a list of objects, `List` or `DaemonSetList`, by what it says it is."""
    if kind != "List":
        return fault(version, kind.removesuffix("List"), minor) if is_own(group_of(version)) else None
    asked = _Asked(version, kind, minor)
    return asked.unknown_version() if is_own(group_of(version)) and not asked.served else None


def _unknown(field: str, message: str, hint: str = "", code: Code = UNKNOWN_KIND) -> DecodeError:
    return DecodeError(code, "decode", (field,), message, hint)


class _Asked:
    """A kind of one of Kubernetes' groups, or what somebody takes for one."""

    def __init__(self, version: str, kind: str, minor: str) -> None:
        self.version, self.kind, self.minor = version, kind, minor
        self.number = int(minor.split(".")[1])
        self.group = group_of(version)
        self.every = list(load().every(self.number))
        self.served = [each.kind for each in self.every if each.version == version]

    def fault(self) -> DecodeError | None:
        """Return what is wrong with it."""
        if self.kind in self.served:
            return None
        known = load().resources.get(self.version, {}).get(self.kind)
        if known:
            return self._of_another_minor(known)
        parts = load().parts
        if self.kind in parts["*"] or self.kind in parts.get(self.version, ()):
            said = f"`{self.kind}` is nothing to apply: the API server creates no object of this kind"
            return _unknown("kind", said, "leave it out")
        if self.served and self.kind.removesuffix("List") in (*self.served, ""):
            return _unknown(
                "kind", f"`{self.kind}` is a list and no object", "write its objects under `items`, in no other list"
            )
        return self._misspelt() if self.served else self.unknown_version()

    def _of_another_minor(self, known: Resource) -> DecodeError:
        what = f"`{self.kind}` of `{self.version}`"
        if known.since > self.number:
            hint = self._instead(self.kind) or f"choose Kubernetes 1.{known.since}, or leave it out"
            return _unknown(
                "apiVersion", f"Kubernetes {self.minor} has no {what}: it exists since 1.{known.since}", hint
            )
        hint = self._instead(self.kind) or "leave it out: no other API has this kind"
        return _unknown("apiVersion", f"Kubernetes 1.{known.until} removed {what}", hint, REMOVED_KIND)

    def _misspelt(self) -> DecodeError:
        message = f"`{self.version}` has no kind `{self.kind}`"
        meant = self._meant(self.served) or self._meant(each.kind for each in self.every)
        if not meant:
            own = f"it has {', '.join(self.served)}"
            return _unknown("kind", message, own if len(self.served) <= _MOST else "see `kubectl api-resources`")
        if meant in self.served:
            return _unknown("kind", message, f"did you mean `{meant}`?")
        return _unknown("apiVersion" if meant == self.kind else "kind", message, self._instead(meant))

    def unknown_version(self) -> DecodeError:
        """Return what is wrong with an apiVersion that the API server does not serve."""
        versions = sorted({each.version for each in self.every if group_of(each.version) == self.group})
        if self.group in load().groups:
            others = f": its group has {_listed(versions)}" if versions else ""
            message = f"Kubernetes {self.minor} serves no `{self.version}`{others}"
            code = UNKNOWN_KIND
        else:
            message, code = f"Kubernetes has no API group `{self.group}`", UNKNOWN_GROUP
        meant = self._meant(each.kind for each in self.every)
        near = closest(self.group, {group_of(each.version) for each in self.every if each.version != "v1"})
        hint = self._instead(meant) if meant else f"did you mean `{near}`?" if near and not versions else ""
        return _unknown("apiVersion", message, hint, code)

    def _meant(self, known: Iterable[str]) -> str:
        """Return the kind that is meant, or an empty text."""
        names = list(dict.fromkeys(known))
        plain = {_plain(name): name for name in names}
        return plain.get(_plain(self.kind)) or closest(self.kind, names)

    def _instead(self, kind: str) -> str:
        """Return what to write for a kind, in the API that it has: of several the same group's, the newest that is on."""
        found = [each.version for each in self.every if each.kind == kind]
        if not found:
            return ""
        best = max(found, key=lambda version: (group_of(version) == self.group, *_age(version)))
        return f"write `apiVersion: {best}`" + (f" and `kind: {kind}`" if kind != self.kind else "")


def _plain(kind: str) -> str:
    """Return a kind without what people get wrong in its spelling: case, hyphens and a plural."""
    return re.sub("[-_. ]", "", kind).lower().removesuffix("s")


def _age(version: str) -> tuple[bool, int, str]:
    """Return a key by which a version of an API that is on comes after the others, and 2 after 1."""
    name = version.rpartition("/")[2]
    number = re.match("v([0-9]+)", name)
    return serves_by_default(version), int(number[1]) if number else 0, name


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(f"`{word}`" for word in words[:-1]), f"`{words[-1]}`"]))


def _fault_of_custom(version: str, kind: str, minor: str) -> DecodeError | None:
    """Return what is wrong in a group of somebody else: what no kind is called, and what resembles a known one so much that it is no other."""
    if not re.fullmatch(_VERSION, version):
        return _unknown("apiVersion", f"`{version}` is no apiVersion", "write GROUP/VERSION in small letters")
    if not re.fullmatch(_KIND, kind):
        return _unknown("kind", f"{kind!r} is no kind", "a kind is letters, digits and hyphens")
    for known in fields.CUSTOM_RESOURCES:
        its_version, name = known.split()
        if group_of(version) == group_of(its_version) and kind.lower() == name.lower():
            field = "apiVersion" if kind == name else "kind"
            message = (
                f"`{group_of(version)}` has no kind `{kind}`" if field == "kind" else f"`{name}` has no `{version}`"
            )
            return _unknown(field, message, f"write `apiVersion: {its_version}` and `kind: {name}`")
    number = int(minor.split(".")[1])
    for each in load().every(number):
        if _is_a_slip(group_of(version), group_of(each.version)) and _plain(each.kind) == _plain(kind):
            message = f"Kubernetes has no API group `{group_of(version)}`"
            return _unknown("apiVersion", message, f"did you mean `{each.version}`?", UNKNOWN_GROUP)
    return None


def _is_a_slip(word: str, known: str) -> bool:
    """Tell whether one letter is missing, too much or another one, or two have changed places."""
    if abs(len(word) - len(known)) > 1 or word == known or not known:
        return False
    start = next(
        (place for place, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), min(len(word), len(known))
    )
    a, b = word[start:], known[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
