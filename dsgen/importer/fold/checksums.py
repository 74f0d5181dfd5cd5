"""Hashes of configuration that other tools write, so that pods restart with it: in a profile, nobody writes them anew.

Helm's charts put them on the pods, as `checksum/config`; Kustomize ends the names of config maps and secrets with them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from dsgen.importer.fold.companion import ImportedCompanion
from dsgen.importer.read.objects import SourceObject
from dsgen.problem import Problem, code
from dsgen.resolve.companions.config_maps import annotation, checksum
from dsgen.traversal import children
from dsgen.tree import List, Map, Text, as_map, origin_of

INEFFECTIVE_CHECKSUM = code(
    "ineffective-checksum",
    """A tool writes a hash of the configuration so that pods restart when it changes: Helm charts in an annotation of the pods, such as
    `checksum/config`, Kustomize in the names of config maps and secrets. In a profile this hash would be constant, and pods would no
    longer restart. `--adopt-checksums` replaces it with dsgen's own hash.""",
    severity="warning",
)
ADOPTED_CHECKSUM = code(
    "adopted-checksum",
    """`--adopt-checksums` has replaced another tool's hash with dsgen's own. From now on, pods restart when the profile's config map
    changes. The replacement itself restarts them once.""",
    severity="warning",
)
_PREFIX: Final = "checksum/"
# Ten characters of the sixteen that Kustomize writes hashes in: api/hasher, Encode.
_HASHED: Final = re.compile(r".+-[24-9bcdfghkmt]{10}")
# Where a pod names config maps and secrets: the key, and the key of the name below it.
_REFERENCES: Final = {
    "configMap": "name",
    "configMapRef": "name",
    "configMapKeyRef": "name",
    "secret": "secretName",
    "secretRef": "name",
    "secretKeyRef": "name",
}
ADOPT: Final = (
    "pass `--adopt-checksums`: this restarts the pods once, and then whenever the profile's config maps change"
)
STAYS: Final = (
    "the hash is kept, because other objects use the config map too, or because the pods neither mount nor read it"
)


def dead(given: SourceObject, folded: Collection[ImportedCompanion]) -> Iterator[Problem]:
    """Yield what is to say of the hashes in a DaemonSet, of which a profile has folded in some companions."""
    config_maps = [each for each in folded if each.given.kind == "ConfigMap"]
    annotations = _annotations(given.root)
    for key in _dead(annotations, _live(config_maps)):
        found = f"`{key}` is a hash written by another tool, and would be constant in a profile"
        if _is_of_secret(key):
            hint = "profiles do not generate Secrets: change the annotation whenever the Secret changes"
        elif config_maps:
            hint = ADOPT
        else:
            hint = "import it together with its ConfigMap, and pass `--adopt-checksums`"
        yield INEFFECTIVE_CHECKSUM.at(
            origin_of(key), found, hint=hint, field=f"spec.template.metadata.annotations[{key}]"
        )
    own = {each.metadata["name"] for each in config_maps}
    seen: set[str] = set()
    for key, name in _references(given.root.map("spec", "template").get("spec")):
        if name in seen or not _HASHED.fullmatch(name):
            continue
        seen.add(name)
        kind = "Secret" if key.startswith("secret") else "ConfigMap"
        found = f"the name of {kind} {name} ends in a hash, as written by Kustomize, and would be constant in a profile"
        if kind == "Secret":
            hint = "profiles do not generate Secrets: change the name whenever the Secret changes"
        elif name in own:
            hint = ADOPT
        else:
            hint = f"import it together with ConfigMap {name}, and pass `--adopt-checksums`"
        yield INEFFECTIVE_CHECKSUM.at(origin_of(name), found, hint=hint)


class Adoption:
    """DaemonSets and their config maps with dsgen's own hashes in the place of those that other tools have written.

    They are those `given`, and the config maps that are folded into their profile; `others`, objects beside it, may rely on the names
    of these.
    """

    def __init__(
        self,
        given: Collection[SourceObject],
        config_maps: Collection[ImportedCompanion],
        others: Iterable[SourceObject],
    ) -> None:
        self._live = _live(config_maps)
        referred = {name for each in given for key, name in _references(each.root) if not key.startswith("secret")}
        own = [each for each in config_maps if each.metadata["name"] in referred]
        taken = {str(each.metadata["name"]) for each in config_maps}
        hashed = [name for name in taken & referred if _HASHED.fullmatch(name)]
        used: set[str] = set()
        for other in others if hashed else ():
            used.update(name for _, name in _references(other.root))
            taken.update([other.name] if other.kind == "ConfigMap" else ())
        self._names: dict[str, str] = {}
        for name in sorted(hashed):
            plain = name.rpartition("-")[0]
            if name not in used and plain not in taken:
                taken.add(plain)
                self._names[name] = plain
        has_notes = any(self._replaced(each) for each in given)
        self._hashed = own if has_notes else [each for each in own if each.metadata["name"] in self._names]
        self.companions = {id(each): self._renamed(each) for each in config_maps}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to replace."""
        return not self._hashed

    def _replaced(self, given: SourceObject) -> list[str]:
        return [key for key in _dead(_annotations(given.root), self._live) if not _is_of_secret(key)]

    def _renamed(self, companion: ImportedCompanion) -> ImportedCompanion:
        name = companion.metadata["name"]
        if name not in self._names:
            return companion

        def with_name(root: Map) -> Map:
            metadata = root.map("metadata")
            own = Text.at(self._names[str(name)], origin_of(name), plain=True)
            return root.replaced("metadata", metadata.replaced("name", own))

        given = companion.given
        return ImportedCompanion(given._replace(root=with_name(given.root)), with_name(companion.tree))

    def of(self, given: SourceObject) -> tuple[SourceObject, list[Problem]]:
        """Return a DaemonSet with dsgen's hashes, and what has been replaced."""
        annotations, replaced = _annotations(given.root), self._replaced(given)
        notes = Map(((key, text) for key, text in annotations.items() if key not in replaced), annotations.origin)
        for each in self._hashed:
            made = self.companions[id(each)].tree
            notes[annotation(str(made.map("metadata")["name"]))] = checksum(made)
        spec = given.root.map("spec")
        template = spec.map("template")
        metadata = template.map("metadata").replaced("annotations", notes)
        pod = self._rewritten(template.get("spec"))
        spec = spec.replaced("template", template.replaced("metadata", metadata).replaced("spec", pod))
        return given._replace(root=given.root.replaced("spec", spec)), list(self._said(given, replaced))

    def _said(self, given: SourceObject, replaced: list[str]) -> Iterator[Problem]:
        restart = f"applying this restarts the pods of DaemonSet {given.name} once"
        listed = ", ".join(sorted(str(each.metadata["name"]) for each in self._hashed))
        for key in replaced:
            found = f"`{key}` is replaced with dsgen's own hash of ConfigMap {listed}"
            field = f"spec.template.metadata.annotations[{key}]"
            yield ADOPTED_CHECKSUM.at(origin_of(key), found, hint=restart, field=field)
        for each in self._hashed:
            name = each.metadata["name"]
            if name in self._names:
                found = f"ConfigMap {name} is renamed to {self._names[str(name)]}, and its hash moves from the name to the pods"
                hint = f"{restart}; delete {name} after that"
                yield ADOPTED_CHECKSUM.at(origin_of(name), found, hint=hint, field="metadata.name")

    def _rewritten(self, value: Any) -> Any:
        """Return a part of a pod with the new names of config maps."""
        if isinstance(value, List):
            return List(map(self._rewritten, value), value.origin)
        if not isinstance(value, Map):
            return value
        result = value.with_items((key, self._rewritten(child)) for key, child in value.items())
        for key in _REFERENCES.keys() & value.keys():
            reference = value.map(key)
            name = reference.get("name")
            if name in self._names and not key.startswith("secret"):
                result[key] = reference.replaced("name", Text.at(self._names[str(name)], origin_of(name), plain=True))
        return result


def _annotations(root: Map) -> Map:
    return root.map("spec", "template", "metadata", "annotations")


def _live(config_maps: Iterable[ImportedCompanion]) -> dict[str, str]:
    """Return the hashes of a profile's own config maps, by the annotations that hold them."""
    return {annotation(str(each.metadata["name"])): checksum(each.tree) for each in config_maps}


def _dead(annotations: Map, live: dict[str, str]) -> list[str]:
    """Return the keys of hashes that are not those of the profile's own config maps."""
    return [key for key, text in annotations.items() if key.startswith(_PREFIX) and live.get(key) != text]


def _is_of_secret(key: str) -> bool:
    return "secret" in key.lower()


def _references(value: Any) -> Iterator[tuple[str, str]]:
    """Yield each place in a pod that names a config map or a secret, and the name."""
    for key, child in as_map(value).items():
        name = as_map(child).get(_REFERENCES[key]) if key in _REFERENCES else None
        name = name or (as_map(child).get("name") if key == "secret" else None)
        if isinstance(name, str):
            yield key, name
    for _, child in children(value):
        yield from _references(child)
