"""The pods that an object creates, of any kind that creates pods."""

from __future__ import annotations

from dsgen.kubernetes.schema.decode import decode, identify
from dsgen.kubernetes.schema.paths import pod_template
from dsgen.kubernetes.validation.kinds import Kind, kind_of
from dsgen.record import Record
from dsgen.tree import Map


class Pods(Record):
    """The decoded object that creates them, and its kind."""

    root: Map
    kind: Kind


def pods_of(root: Map, minor: str, is_valid: bool = False) -> Pods | None:
    """Return the pods that the object `root` creates, or None if it creates none.

    What does not fit its type is left out, as in decoding. An object that `is_valid` need not be decoded.
    """
    kind = kind_of(identify(root, minor).type) if pod_template(root) is not None else None
    return kind and Pods(root if is_valid else decode(root, minor).root, kind)
