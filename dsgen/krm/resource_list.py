"""`ResourceList`, the format in which orchestrators such as Kustomize exchange objects with functions.

https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
"""

from __future__ import annotations

import posixpath
from typing import Final

from dsgen import source
from dsgen.kubernetes import manifest
from dsgen.problem import Problem, code
from dsgen.reading import KUSTOMIZATIONS
from dsgen.record import Record
from dsgen.tree import List, Map, Value, as_map, origin_of

INVALID_RESOURCE_LIST = code(
    "invalid-resource-list",
    "`dsgen kustomize` expects one `ResourceList` of `config.kubernetes.io`, with the objects under `items`, as Kustomize and kpt write it.",
)
_HINT: Final = "Kustomize runs `dsgen kustomize` itself; for files, use `dsgen generate` and `dsgen validate`"
_VERSIONS: Final = tuple(f"config.kubernetes.io/{version}" for version in ("v1", "v1beta1", "v1alpha1"))
# Annotations of these groups tell an orchestrator which file an object belongs to; they are preserved when it is generated again.
_ORCHESTRATORS: Final = ("config.kubernetes.io", "config.k8s.io")


def is_orchestrators(annotation: str) -> bool:
    """Return whether an annotation is an orchestrator's own."""
    return annotation.partition("/")[0].removeprefix("internal.").endswith(_ORCHESTRATORS)


class Item(Record):
    """An object of the list, or its `functionConfig`; `spelling` is its tree as the reader of profiles would see it, with scalars as they are written."""

    root: Map
    spelling: Map

    @property
    def kind(self) -> str:
        """The kind; may be empty."""
        return str(self.root.get("kind") or "")

    @property
    def metadata(self) -> Map:
        """The metadata; may be empty."""
        return self.root.map("metadata")

    @property
    def identity(self) -> tuple[str, ...]:
        """What identifies the object."""
        own = self.metadata
        return (*(str(self.root.get(key) or "") for key in ("apiVersion", "kind")), *_name(own))

    @property
    def annotations(self) -> Map:
        """The annotations; may be empty."""
        return self.metadata.map("annotations")

    def place(self, name: str) -> str:
        """Return the orchestrator's annotation about its file, `path` or `index`, or an empty string."""
        found = (self.annotations.get(f"{prefix}config.kubernetes.io/{name}") for prefix in ("internal.", ""))
        return next((str(value) for value in found if value), "")

    @property
    def shown(self) -> str:
        """The name for problems: that of its file, if known."""
        return self.place("path") or f"{self.kind}/{_name(self.metadata)[1]}"

    @property
    def is_local(self) -> bool:
        """Whether it is local configuration, which the orchestrator does not apply."""
        return self.annotations.get("config.kubernetes.io/local-config") == "true"

    @property
    def is_kustomization(self) -> bool:
        """Whether it is the file of a Kustomize folder, which needs neither `apiVersion` nor `kind`."""
        own = posixpath.basename(self.place("path")) in KUSTOMIZATIONS
        return own and "apiVersion" not in self.root and "kind" not in self.root


class ResourceList(Record):
    """A parsed list, with its `text`."""

    text: str
    root: Map
    items: tuple[Item, ...]
    config: Item | None


def read(data: bytes, file: str) -> tuple[ResourceList | None, list[Problem]]:
    """Parse the list in `data`; return it, or None, and the problems. `file` is the name to show."""
    documents = manifest.read(data, file)
    problems = [problem for document in documents for problem in document.problems]
    root = documents[0].root if documents else None
    if problems or len(documents) != 1:
        what = f"{len(documents)} documents" if documents else "nothing"
        found = f"expected one ResourceList on standard input, got {what}"
        return None, problems or [INVALID_RESOURCE_LIST.at(None, found, hint=_HINT, file=file)]
    wrong = _wrong(root)
    spelling, faults = source.read(data, file)
    if wrong:
        return None, [INVALID_RESOURCE_LIST.at(origin_of(root), wrong, hint=_HINT)]
    root, spelling = as_map(root), as_map(spelling)
    if not spelling:
        return None, faults
    items = tuple(map(Item, root.maps("items"), spelling.maps("items")))
    config, spelled = root.child("functionConfig"), spelling.child("functionConfig")
    stated = None if config is None or spelled is None else Item(config, spelled)
    return ResourceList(data.decode("utf-8-sig"), root, items, stated), []


def _wrong(root: Value | None) -> str:
    if not isinstance(root, Map):
        return f"expected a ResourceList on standard input, got {source.describe(root)}"
    if root.get("kind") != "ResourceList" or root.get("apiVersion") not in _VERSIONS:
        return f"expected a ResourceList of config.kubernetes.io/v1, got {root.get('kind') or 'no kind'} of {root.get('apiVersion') or 'no apiVersion'}"
    if len(root.maps("items")) < len(root.entries("items")):
        return "each of `items` must be an object"
    for key, wanted, what in (("items", List, "list"), ("functionConfig", Map, "map")):
        if root.get(key) and not isinstance(root[key], wanted):
            return f"`{key}` must be a {what}, got {source.describe(root[key])}"
    return ""


def _name(metadata: Map) -> tuple[str, str]:
    return str(metadata.get("namespace") or ""), str(metadata.get("name") or "")


def in_place_of(made: Map, old: Item) -> Map:
    """Return `made` with the orchestrator's annotations of the object that it replaces."""
    kept = {key: value for key, value in old.annotations.items() if key.partition("/")[0].endswith(_ORCHESTRATORS)}
    metadata = made.map("metadata")
    both = Map({**metadata.map("annotations"), **kept})
    return Map({**made, "metadata": Map({**metadata, "annotations": both})} if both else made)
