"""The kinds of Kubernetes' own API groups in each minor version, and what to report about a kind that does not exist.

`api_resources.json`, which `scripts/make_api_resources.py` generates, lists the kinds of every apiVersion: `Kind` is
served by all minor versions, `Kind:34-36` from 1.34 to 1.36. `parts` are the kinds that belong to requests and
responses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.errors import REMOVED_KIND, UNKNOWN_GROUP, UNKNOWN_KIND, DecodeError
from dsgen.problem import Code, closest
from dsgen.record import Record

# What the API server serves by default: no alpha, and no beta but this one, before it was removed.
_STABLE: Final = r"v[0-9]+"
_SERVED_BETA: Final = "flowcontrol.apiserver.k8s.io/v1beta3"
_MOST: Final = 12
# Valid names of a CustomResourceDefinition: its group, its versions and its kind.
_VERSION: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
_KIND: Final = "[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?"


class Resource(Record):
    """A kind of an apiVersion, served from the minor version `since` (0: all that dsgen knows) to `until` (0: still)."""

    version: str
    kind: str
    since: int
    until: int

    def served(self, minor: int) -> bool:
        """Return whether a minor version has the kind."""
        return self.since <= minor and not 0 < self.until <= minor


class ResourceTable(Record):
    """Every kind by its apiVersion, and the kinds that are not resources."""

    resources: dict[str, dict[str, Resource]]
    parts: dict[str, list[str]]

    @property
    def groups(self) -> set[str]:
        """The API groups."""
        return {group_of(version) for version in (*self.resources, *self.parts)}

    def every(self, minor: int) -> Iterator[Resource]:
        """Yield everything that a minor version serves."""
        yield from (each for kinds in self.resources.values() for each in kinds.values() if each.served(minor))


@cache
def load() -> ResourceTable:
    """Return the table."""
    data = json.loads(Path(__file__).with_name("api_resources.json").read_bytes())
    resources = {version: dict(_resources(version, text)) for version, text in data["kinds"].items()}
    return ResourceTable(resources, {version: text.split() for version, text in data["parts"].items()})


def _resources(version: str, text: str) -> Iterator[tuple[str, Resource]]:
    for word in text.split():
        kind, _, when = word.partition(":")
        since, _, until = when.partition("-")
        yield kind, Resource(version, kind, int(since or 0), int(until or 0))


def group_of(version: str) -> str:
    """Return the API group of an `apiVersion`: the core group is an empty string."""
    return version.rpartition("/")[0]


@lru_cache(maxsize=1_024)
def is_own(group: str) -> bool:
    """Return whether a group is Kubernetes' own: that of a custom resource has a dot."""
    return "." not in group or group in load().groups


def serves_by_default(version: str) -> bool:
    """Return whether an API server serves an `apiVersion` of Kubernetes without a flag that turns it on."""
    return bool(re.fullmatch(_STABLE, version.rpartition("/")[2])) or version == _SERVED_BETA


def fault(version: str, kind: str, minor: str) -> DecodeError | None:
    """Return what is wrong with a kind that dsgen has no rules for, or None for one that can be applied."""
    if not re.fullmatch("[^/]+(/[^/]+)?", version):
        return _unknown(
            "apiVersion", f"`{version}` is not a valid apiVersion", "write GROUP/VERSION, such as `apps/v1`"
        )
    own = is_own(group_of(version))
    return _Asked(version, kind, minor).fault() if own else _fault_of_custom(version, kind, minor)


def fault_of_list(version: str, kind: str, minor: str) -> DecodeError | None:
    """Return what is wrong with the kind of a list of objects, such as `List` or `DaemonSetList`."""
    if kind != "List":
        return fault(version, kind.removesuffix("List"), minor) if is_own(group_of(version)) else None
    asked = _Asked(version, kind, minor)
    return asked.unknown_version() if is_own(group_of(version)) and not asked.served else None


def _unknown(field: str, message: str, hint: str = "", code: Code = UNKNOWN_KIND) -> DecodeError:
    return DecodeError(code, "decode", (field,), message, hint)


class _Asked:
    """A kind of one of Kubernetes' groups, which may not exist."""

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
            said = f"`{self.kind}` cannot be applied: the API server creates no objects of this kind"
            return _unknown("kind", said, "leave it out")
        if self.served and self.kind.removesuffix("List") in (*self.served, ""):
            return _unknown(
                "kind", f"`{self.kind}` is a list, not an object", "write its objects under `items`, in no other list"
            )
        return self._misspelt() if self.served else self.unknown_version()

    def _of_another_minor(self, known: Resource) -> DecodeError:
        what = f"`{self.kind}` of `{self.version}`"
        if known.since > self.number:
            hint = self._instead(self.kind) or f"select Kubernetes 1.{known.since}, or leave it out"
            return _unknown(
                "apiVersion", f"Kubernetes {self.minor} has no {what}; it was added in 1.{known.since}", hint
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
        """Return the kind that is probably intended, or an empty string."""
        names = list(dict.fromkeys(known))
        plain = {_plain(name): name for name in names}
        return plain.get(_plain(self.kind)) or closest(self.kind, names)

    def _instead(self, kind: str) -> str:
        """Return what to write for a kind that exists: if several APIs have it, that of the same group, and the newest that is on."""
        found = [each.version for each in self.every if each.kind == kind]
        if not found:
            return ""
        best = max(found, key=lambda version: (group_of(version) == self.group, *_age(version)))
        return f"write `apiVersion: {best}`" + (f" and `kind: {kind}`" if kind != self.kind else "")


def _plain(kind: str) -> str:
    """Return a kind without common mistakes in its spelling: case, hyphens and plural."""
    return re.sub("[-_. ]", "", kind).lower().removesuffix("s")


def _age(version: str) -> tuple[bool, int, str]:
    """Return a key that sorts a version of an API that is on after the others, and 2 after 1."""
    name = version.rpartition("/")[2]
    number = re.match("v([0-9]+)", name)
    return serves_by_default(version), int(number[1]) if number else 0, name


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(f"`{word}`" for word in words[:-1]), f"`{words[-1]}`"]))


def _fault_of_custom(version: str, kind: str, minor: str) -> DecodeError | None:
    """Return what is wrong with an object of another group: an invalid name, or a typo of a known group."""
    if not re.fullmatch(_VERSION, version):
        return _unknown("apiVersion", f"`{version}` is not a valid apiVersion", "write GROUP/VERSION in small letters")
    if not re.fullmatch(_KIND, kind):
        return _unknown("kind", f"{kind!r} is not a valid kind", "a kind is letters, digits and hyphens")
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
    """Return whether the words differ by one letter: missing, extra or different, or two swapped."""
    if abs(len(word) - len(known)) > 1 or word == known or not known:
        return False
    start = next(
        (place for place, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), min(len(word), len(known))
    )
    a, b = word[start:], known[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
