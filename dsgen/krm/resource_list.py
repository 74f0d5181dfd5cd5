"""`ResourceList`, in which orchestrators such as Kustomize hand objects to functions and take them back.

https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
"""

from __future__ import annotations

from typing import Final

from dsgen import source
from dsgen.kubernetes import manifest
from dsgen.problem import Problem, code
from dsgen.record import Record
from dsgen.tree import List, Map, Value, origin_of

INVALID_RESOURCE_LIST = code(
    "invalid-resource-list",
    "`dsgen kustomize` reads one `ResourceList` of `config.kubernetes.io`, with the objects under `items`, as Kustomize and kpt write it.",
)
_HINT: Final = "Kustomize calls `dsgen kustomize` by itself; for files there are `dsgen generate` and `dsgen validate`"
_VERSIONS: Final = ("v1", "v1beta1", "v1alpha1")
# Annotations of these groups tell an orchestrator which file an object belongs to; they stay when it is made anew.
_ORCHESTRATORS: Final = ("config.kubernetes.io", "config.k8s.io")


class Item(Record):
    """An object of the list, or its `functionConfig`; `spelling` is the same as a profile would be read, scalars as they are written."""

    root: Map
    spelling: Map

    @property
    def kind(self) -> str:
        """Its kind; it may be empty."""
        return str(self.root.get("kind") or "")

    @property
    def metadata(self) -> Map:
        """Its metadata; it may be empty."""
        return self.root.map("metadata")

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells it from all others."""
        own = self.metadata
        return (*(str(self.root.get(key) or "") for key in ("apiVersion", "kind")), *_name(own))

    @property
    def annotations(self) -> Map:
        """Its annotations; there may be none."""
        return self.metadata.map("annotations")

    def place(self, name: str) -> str:
        """Return what an orchestrator says of the file it is from, `path` or `index`, or an empty text."""
        found = (self.annotations.get(f"{prefix}config.kubernetes.io/{name}") for prefix in ("internal.", ""))
        return next((str(value) for value in found if value), "")

    @property
    def shown(self) -> str:
        """How a problem names it: by its file if that is known."""
        return self.place("path") or f"{self.kind}/{_name(self.metadata)[1]}"

    @property
    def is_local(self) -> bool:
        """Whether it is configuration of the orchestrator, which leaves it out of what is applied."""
        return self.annotations.get("config.kubernetes.io/local-config") == "true"


class ResourceList(Record):
    """A list that was read, with its `text`."""

    text: str
    root: Map
    items: tuple[Item, ...]
    config: Item | None


def read(data: bytes, file: str) -> tuple[ResourceList | None, list[Problem]]:
    """Return the list in `data`, or None and what is wrong; `file` is the name to show."""
    documents = manifest.read(data, file)
    problems = [problem for document in documents for problem in document.problems]
    root = documents[0].root if documents else None
    if problems or len(documents) != 1:
        what = f"{len(documents)} documents" if documents else "nothing"
        return None, problems or [INVALID_RESOURCE_LIST.at(None, f"{what} on standard input", hint=_HINT, file=file)]
    wrong = _wrong(root)
    spelling, faults = source.read(data, file)
    if wrong or not isinstance(root, Map) or not isinstance(spelling, Map):
        return None, [INVALID_RESOURCE_LIST.at(origin_of(root), wrong, hint=_HINT)] if wrong else faults
    items = tuple(map(Item, root.maps("items"), spelling.maps("items")))
    config, spelled = root.get("functionConfig"), spelling.get("functionConfig")
    stated = Item(config, spelled) if isinstance(config, Map) and isinstance(spelled, Map) else None
    return ResourceList(data.decode("utf-8-sig"), root, items, stated), []


def _wrong(root: Value | None) -> str:
    if not isinstance(root, Map):
        return f"{source.describe(root)} on standard input"
    if root.get("kind") != "ResourceList" or root.get("apiVersion") not in [
        f"config.kubernetes.io/{version}" for version in _VERSIONS
    ]:
        return f"{root.get('kind') or 'no kind'} of {root.get('apiVersion') or 'no apiVersion'} is no ResourceList of config.kubernetes.io/v1"
    items = root.get("items")
    if isinstance(items, List) and len(root.maps("items")) < len(items):
        return "not every one of `items` is an object"
    for key, wanted in (("items", List), ("functionConfig", Map)):
        if root.get(key) and not isinstance(root[key], wanted):
            return f"`{key}` is {source.describe(root[key])}"
    return ""


def _name(metadata: Map) -> tuple[str, str]:
    return str(metadata.get("namespace") or ""), str(metadata.get("name") or "")


def in_place_of(made: Map, old: Item) -> Map:
    """Return `made` with the annotations of an orchestrator that the object has which it replaces."""
    kept = {key: value for key, value in old.annotations.items() if key.partition("/")[0].endswith(_ORCHESTRATORS)}
    metadata = made.map("metadata")
    both = Map({**metadata.map("annotations"), **kept})
    return Map({**made, "metadata": Map({**metadata, "annotations": both})} if both else made)
