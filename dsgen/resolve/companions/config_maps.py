"""Config maps from texts and files, and the annotations that restart pods when the data changes."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from dsgen.kubernetes.checksums import annotation, checksum
from dsgen.problem import code
from dsgen.resolve.companions.companion import Companion, DescribedAgent, text
from dsgen.resolve.file import NotFoundError
from dsgen.tree import Map, Text, Value, origin_of

INVALID_CONFIG_MAP_FILE = code(
    "invalid-config-map-file",
    """A path under `files` matches no file, leads out of the project (symlinks are followed), or matches what a config map cannot
    contain: two files with the same name, or more than 1 MiB.""",
)


def config_maps(agent: DescribedAgent) -> Iterator[Companion]:
    """Yield the ConfigMaps, in the order of the profile."""
    for name, stated in agent.merged.named("configMaps"):
        found = _files(agent, name, stated)
        given = {key: stated.map(key) for key in found}
        fields: dict[str, Value] = {}
        for key, files in found.items():
            # Data in the profile overrides a file of the same name.
            left = ((file, text) for file, text in files.items() if not any(file in each for each in given.values()))
            whole = Map([*left, *given[key].items()], stated.origin, files.type)
            if whole:
                fields[key] = whole
        if "immutable" in stated:
            fields["immutable"] = stated["immutable"]
        yield agent.companion("ConfigMap", stated, text(stated.get("name"), name), fields)


def checksums(agent: DescribedAgent, made: list[Companion]) -> Map:
    """Return the annotations of the pods: the data's hash of each ConfigMap that restarts them."""
    result = Map((), None, "{str}")
    for (name, stated), companion in zip(agent.merged.named("configMaps"), made, strict=True):
        if stated.get("onChange") != "none":
            own = text(stated.get("name"), name)
            result[Text.at(annotation(own), origin_of(own))] = checksum(companion.object)
    return result


def _files(agent: DescribedAgent, name: str, stated: Map) -> dict[str, Map]:
    """Return `data` and `binaryData` from the files of a config map, by key."""
    patterns = stated.entries("files")
    data = Map((), patterns.origin or stated.origin, "{str}")
    binary = Map((), patterns.origin or stated.origin, "{bytes}")
    seen: dict[str, str] = {}
    for pattern in stated.texts("files"):
        origin = origin_of(pattern)
        path = f"configMaps.{name}.files"
        try:
            found = agent.find(str(pattern), origin.file if origin else "")
        except NotFoundError as error:
            agent.report(INVALID_CONFIG_MAP_FILE.at(origin, str(error), hint=error.hint, path=path))
            continue
        for file, content in found:
            key = Text.at(file.rpartition("/")[2], origin)
            if seen.setdefault(key, file) != file:
                twice = f"duplicate key `{key}`: from `{file}` and `{seen[key]}`"
                hint = "rename one of the files, or move it to another config map"
                agent.report(INVALID_CONFIG_MAP_FILE.at(origin, twice, hint=hint, path=path))
            try:
                data[key] = Text.at(content.decode("utf-8"), origin)
            except UnicodeDecodeError:
                binary[key] = Text.at(base64.b64encode(content).decode("ascii"), origin)
    return {"data": data, "binaryData": binary}
