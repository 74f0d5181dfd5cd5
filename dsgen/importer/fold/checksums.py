"""Hashes of configuration that other tools write so that pods restart when it changes. In a profile, nothing would update them.

Helm charts put them in annotations of the pods, such as `checksum/config`. Kustomize appends them to the names of config maps and
secrets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from dsgen.importer.fold.companion import ImportedCompanion
from dsgen.importer.read.objects import SourceObject
from dsgen.kubernetes.checksums import PREFIX, annotation, checksum
from dsgen.problem import Problem, code
from dsgen.traversal import values_in
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
# Kustomize writes ten characters from an alphabet of sixteen: api/hasher, Encode.
_HASHED: Final = re.compile(r".+-[24-9bcdfghkmt]{10}")
# Where a pod refers to config maps and secrets: the key, and below it the key with the name.
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
# With several environments, nothing adopts them.
_BY_HAND: Final = "in the profile, remove the hash, and `onChange: none` of the config map: this restarts the pods once, and then whenever it changes"
KEPT: Final = (
    "the hash is kept, because other objects use the config map too, or because the pods neither mount nor read it"
)


def ineffective(given: SourceObject, folded: Collection[ImportedCompanion]) -> Iterator[Problem]:
    """Yield a warning for each hash in a DaemonSet that its profile would never update; `folded` are the companions in the profile."""
    config_maps = [each for each in folded if each.given.kind == "ConfigMap"]
    annotations = _annotations(given.root)
    for key in _ineffective(annotations, _own_hashes(config_maps)):
        message = f"`{key}` is a hash written by another tool, and would be constant in a profile"
        if _is_of_secret(key):
            hint = "profiles do not generate Secrets: change the annotation whenever the Secret changes"
        elif config_maps:
            hint = ADOPT
        else:
            hint = "import it together with its ConfigMap, and pass `--adopt-checksums`"
        yield INEFFECTIVE_CHECKSUM.at(
            origin_of(key), message, hint=hint, field=f"spec.template.metadata.annotations[{key}]"
        )
    own = {each.metadata["name"] for each in config_maps}
    seen: set[str] = set()
    for key, name in _references(given.root.map("spec", "template").get("spec")):
        if name in seen or not _HASHED.fullmatch(name):
            continue
        seen.add(name)
        kind = "Secret" if key.startswith("secret") else "ConfigMap"
        message = (
            f"the name of {kind} {name} ends in a hash, as written by Kustomize, and would be constant in a profile"
        )
        if kind == "Secret":
            hint = "profiles do not generate Secrets: change the name whenever the Secret changes"
        elif name in own:
            hint = ADOPT
        else:
            hint = f"import it together with ConfigMap {name}, and pass `--adopt-checksums`"
        yield INEFFECTIVE_CHECKSUM.at(origin_of(name), message, hint=hint)


def without_adoption(problem: Problem) -> Problem:
    """Return a problem whose hint does not need `--adopt-checksums`."""
    if problem.code != INEFFECTIVE_CHECKSUM.name:
        return problem
    return problem._replace(
        hint=_BY_HAND if problem.hint == ADOPT else problem.hint.removesuffix(", and pass `--adopt-checksums`")
    )


class Adoption:
    """Replaces the hashes of other tools in the DaemonSets `given`, and in the config maps of their profile, with dsgen's own.

    `others` are the other objects of the input. A config map that they refer to keeps its name.
    """

    def __init__(
        self,
        given: Collection[SourceObject],
        config_maps: Collection[ImportedCompanion],
        others: Iterable[SourceObject],
    ) -> None:
        self._own = _own_hashes(config_maps)
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
        in_annotations = any(self._replaced(each) for each in given)
        self._hashed = own if in_annotations else [each for each in own if each.metadata["name"] in self._names]
        self.companions = {id(each): self._renamed(each) for each in config_maps}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to replace."""
        return not self._hashed

    def _replaced(self, given: SourceObject) -> list[str]:
        return [key for key in _ineffective(_annotations(given.root), self._own) if not _is_of_secret(key)]

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
        """Return a DaemonSet with dsgen's hashes, and a warning for each hash that was replaced."""
        annotations, replaced = _annotations(given.root), self._replaced(given)
        annotations = annotations.without(*replaced)
        for each in self._hashed:
            renamed = self.companions[id(each)]
            annotations[annotation(str(renamed.metadata["name"]))] = checksum(renamed.tree)
        spec = given.root.map("spec")
        template = spec.map("template")
        metadata = template.map("metadata").replaced("annotations", annotations)
        pod = self._rewritten(template.get("spec"))
        spec = spec.replaced("template", template.replaced("metadata", metadata).replaced("spec", pod))
        return given._replace(root=given.root.replaced("spec", spec)), list(self._warnings(given, replaced))

    def _warnings(self, given: SourceObject, replaced: list[str]) -> Iterator[Problem]:
        restart = f"applying this restarts the pods of DaemonSet {given.name} once"
        listed = ", ".join(sorted(str(each.metadata["name"]) for each in self._hashed))
        for key in replaced:
            message = f"`{key}` is replaced with dsgen's own hash of ConfigMap {listed}"
            field = f"spec.template.metadata.annotations[{key}]"
            yield ADOPTED_CHECKSUM.at(origin_of(key), message, hint=restart, field=field)
        for each in self._hashed:
            name = each.metadata["name"]
            if name in self._names:
                message = f"ConfigMap {name} is renamed to {self._names[str(name)]}, and its hash moves from the name to the pods"
                hint = f"{restart}; delete {name} after that"
                yield ADOPTED_CHECKSUM.at(origin_of(name), message, hint=hint, field="metadata.name")

    def _rewritten(self, value: Any) -> Any:
        """Return a value of a pod with the new names of the config maps."""
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


def _own_hashes(config_maps: Iterable[ImportedCompanion]) -> dict[str, str]:
    """Return the hashes that dsgen writes for a profile's own config maps, by annotation."""
    return {annotation(str(each.metadata["name"])): checksum(each.tree) for each in config_maps}


def _ineffective(annotations: Map, own: dict[str, str]) -> list[str]:
    """Return the annotations with hashes of other tools: those that differ from the profile's own."""
    return [key for key, text in annotations.items() if key.startswith(PREFIX) and own.get(key) != text]


def _is_of_secret(key: str) -> bool:
    return "secret" in key.lower()


def _references(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the key and the name of each reference of a pod to a config map or a secret."""
    for key, child in as_map(value).items():
        if key in _REFERENCES or key == "secret":
            name = as_map(child).get(_REFERENCES[key]) if key in _REFERENCES else None
            name = name or (as_map(child).get("name") if key == "secret" else None)
            if isinstance(name, str):
                yield key, name
    for child in values_in(value):
        if isinstance(child, (Map, List)):
            yield from _references(child)
