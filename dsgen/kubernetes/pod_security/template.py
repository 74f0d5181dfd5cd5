"""The pods of any object with a pod template, as the checks see them: those of a decoded DaemonSet."""

from __future__ import annotations

from typing import Any

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.schema.paths import pod_template
from dsgen.record import Record
from dsgen.traversal import value_at
from dsgen.tree import Map, Path


class Pods(Record):
    """The pod template of an object: as a decoded DaemonSet, and its path in the object."""

    root: Map
    template: Path


def pods_of(root: Map, minor: str = fields.DEFAULT, is_valid: bool = False) -> Pods | None:
    """Return the pods that the object `root` creates, or None if it is of another kind.

    What does not fit the pod template's type is left out, as in decoding. A DaemonSet that `is_valid` need not be decoded.
    """
    path = pod_template(root)
    if path is None:
        return None
    if root["kind"] == "DaemonSet":
        return Pods(root if is_valid else decode(root, minor).root, path)
    from dsgen.kubernetes.schema.decode_errors import ErrorCollector, Mismatch

    found: Any = value_at(root, path)
    # A pod has fields that its template has not.
    stated = found.with_items({key: found[key] for key in ("metadata", "spec") if key in found}) if found else Map()
    try:
        read = ErrorCollector("DaemonSet", minor).read("PodTemplateSpec", stated, path)
    except Mismatch:
        read = Map()
    template = read if isinstance(read, Map) else Map()
    return Pods(Map({"spec": Map({"template": template}, root.map("spec").origin)}, root.origin), path)
