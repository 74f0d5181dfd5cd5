"""Hashes of config maps in annotations of pods: `checksum/NAME`, as dsgen writes them so that pods restart when the data changes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dsgen.kubernetes.schema.names import QUALIFIED_NAME_MAX_LENGTH
from dsgen.kubernetes.schema.words import MANAGED_BY
from dsgen.tree import Map

PREFIX: Final = "checksum/"
# Where the annotations of a DaemonSet's pods are.
PATH: Final = ("spec", "template", "metadata", "annotations")
# In text for Flux, each run of `$` that Flux would change is written twice; the hash is that of the text in the cluster.
_ESCAPED: Final = re.compile(r"(\$+)\1(?!\$)")


def annotation(name: str) -> str:
    """Return the annotation key for a config map; if its name is too long, the end is replaced by a hash."""
    if len(name) > QUALIFIED_NAME_MAX_LENGTH:
        name = f"{name[:54]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return PREFIX + name


def checksum(config_map: Map) -> str:
    """Return the hash of a config map's data: the order of keys, and metadata, do not matter."""
    files: dict[str, bytes] = {}
    for key, value in config_map.map("data").items():
        files[key] = str(value).encode("utf-8", "surrogatepass")
    for key, value in config_map.map("binaryData").items():
        try:
            files[key] = base64.b64decode(str(value))
        except (binascii.Error, ValueError):
            files[key] = b""  # the API server rejects it
    whole = hashlib.sha256()
    for key in sorted(files):
        whole.update(f"{key}\0{len(files[key])}\0".encode("utf-8", "surrogatepass") + files[key])
    return whole.hexdigest()


def hashes(config_map: Map) -> tuple[str, ...]:
    """Return the hashes that pods may have for a config map in a manifest: first that of its data, then that of its text before it was escaped for Flux."""
    own, data = checksum(config_map), config_map.map("data")
    plain = Map({key: _ESCAPED.sub(r"\1", str(value)) for key, value in data.items()})
    return (own,) if plain == data else (own, checksum(config_map.replaced("data", plain)))


def annotations_of_pods(object: Map) -> Iterator[tuple[str, str]]:
    """Yield the hashes in the annotations of a DaemonSet's pods, if dsgen generated it: key and value."""
    if object.get("kind") == "DaemonSet" and object.map("metadata", "labels").get(MANAGED_BY) == "dsgen":
        for key, value in object.map(*PATH).items():
            if key.startswith(PREFIX) and isinstance(value, str):
                yield key, value


def with_annotations(object: Map, changes: Mapping[str, str], path: Sequence[str] = PATH) -> Map:
    """Return a DaemonSet with other hashes in the annotations of its pods."""
    if not path:
        return object.updated(dict(changes))
    return object.replaced(path[0], with_annotations(object.map(path[0]), changes, path[1:]))
