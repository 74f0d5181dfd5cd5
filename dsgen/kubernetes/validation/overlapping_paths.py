"""Files in one volume that hide each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
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
    """Yield a warning for each file that is inside another, or has the same path, at the later of the two."""
    written = [(f"{path}/", index, below) for index, (below, text) in enumerate(files) if (path := text.rstrip("/"))]
    around: list[tuple[str, int, Path]] = []
    found: list[tuple[int, Path, str, str]] = []
    # A path comes right after those that are around it.
    for each in sorted(written, key=itemgetter(0, 1)):
        while around and not each[0].startswith(around[-1][0]):
            around.pop()
        if around:
            (other, _, _), (path, index, below) = sorted((around[-1], each), key=itemgetter(1))
            found.append((index, below, path[:-1], other[:-1]))
        if not around or around[-1][0] != each[0]:
            around.append(each)
    for _, below, path, other in sorted(found, key=itemgetter(0)):
        yield volume.warning(below, f"`{path}` and `{other}` overlap: one hides the other")


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
