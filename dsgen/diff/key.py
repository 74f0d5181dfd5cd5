"""What identifies an object that is compared."""

from __future__ import annotations

from dsgen.kubernetes.scheduling.node_selection import text
from dsgen.kubernetes.validation.kinds import KINDS, is_namespaced
from dsgen.record import Record
from dsgen.tree import Map


class Key(Record):
    """The identity of an object. Its API version is ignored, and a namespaced object without a namespace is in `default`.

    In a project with environments, each has its own objects.
    """

    environment: str
    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        where = f"{self.environment}: " if self.environment else ""
        return f"{where}{self.kind} {self.namespace}{self.namespace and '/'}{self.name}"


def key_of(root: Map, environment: str = "") -> Key | None:
    """Return the key of an object, or None for something else, such as a kustomization."""
    metadata = root.map("metadata")
    kind, name = text(root.get("kind")), text(metadata.get("name"))
    group = text(root.get("apiVersion")).rpartition("/")[0]
    if kind in KINDS and not KINDS[kind].namespaced and (group.endswith(".k8s.io") or "." not in group):
        namespace = ""  # the server drops it
    else:
        namespace = text(metadata.get("namespace")) or ("default" if is_namespaced(kind) else "")
    return Key(environment, group, kind, namespace, name) if kind and name else None
