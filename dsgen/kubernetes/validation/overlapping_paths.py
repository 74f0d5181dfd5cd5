"""Files in one volume that hide each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dsgen.kubernetes.validation.projected import kind_of
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import Path

LOADED_FOR: Final = ("configMap", "downwardAPI", "projected", "secret")


@rule("volume", source="pkg/api/pod: warningsForOverlappingVirtualPaths", severity="warning")
def overlapping_paths(volume: FieldRef) -> Iterator[FieldError]:
    """The files of a volume must not overlap: of two items with the same path, or with a path inside the other's, one
    hides the other. A trailing `/` does not count.
    """
    for name in ("configMap", "secret", "downwardAPI"):
        source = volume.child(name)
        if source:
            yield from _overlaps(volume, _items(source, (name,)))
    projected = volume.child("projected")
    if projected:
        yield from _overlaps(volume, _projected(projected))


def _overlaps(volume: FieldRef, files: Iterable[tuple[Path, str]]) -> Iterator[FieldError]:
    earlier: list[str] = []
    for below, written in files:
        path = written.rstrip("/")
        if not path:
            continue
        for other in earlier:
            if f"{other}/".startswith(f"{path}/") or f"{path}/".startswith(f"{other}/"):
                yield volume.warning(below, f"`{path}` and `{other}` overlap: one hides the other")
        earlier.append(path)


def _items(source: FieldRef, below: Path) -> Iterator[tuple[Path, str]]:
    for item in source.children("items"):
        yield (*below, *item.step, "path"), item.get("path", "")


def _projected(projected: FieldRef) -> Iterator[tuple[Path, str]]:
    for projection in projected.children("sources"):
        kind = kind_of(projection)
        source = projection.child(kind) if kind else None
        if source is None:
            continue
        below = ("projected", *projection.step, kind)
        if kind in ("serviceAccountToken", "clusterTrustBundle"):
            yield (*below, "path"), source.get("path", "")
        elif kind == "podCertificate":
            for name in ("certificateChainPath", "keyPath", "credentialBundlePath"):
                yield (*below, name), source.get(name, "")
        else:
            yield from _items(source, below)
