"""kubeconform, with `-strict` and the published schemas of every kind."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from benchmarks.peers import definitions
from conformance.case import Json
from conformance.peers import Check

# What it reports of a document that contains nothing.
EMPTY = ("", "statusEmpty")


def checker(program: str, minor: str, folder: Path) -> Check:
    """Return the check by the schemas of a minor version, which are written to `folder`."""
    write_schemas(minor, folder)
    location = f"{folder}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
    command = [program, "-strict", "-verbose", "-output", "json", "-schema-location", location]

    def check(paths: list[str]) -> Mapping[str, bool] | None:
        done = subprocess.run([*command, *paths], capture_output=True, check=False, encoding="utf-8")
        try:
            resources = json.loads(done.stdout)["resources"]
        except ValueError:
            return None
        return verdicts(resources)

    return check


def write_schemas(minor: str, folder: Path) -> None:
    """Write a schema for every kind, under the name by which kubeconform looks for it: kind, first part of the group, version."""
    known = definitions(minor)
    (folder / "definitions.json").write_text(json.dumps({"$defs": known}), encoding="utf-8")
    for name, definition in known.items():
        meant = definition.get("x-kubernetes-group-version-kind", [])
        if len(meant) == 1:  # otherwise it is of no single kind, such as DeleteOptions
            group, version, kind = meant[0]["group"].partition(".")[0], meant[0]["version"], meant[0]["kind"]
            file = "-".join(part for part in (kind, group, version) if part).lower()
            (folder / f"{file}.json").write_text(json.dumps({"$ref": f"definitions.json#/$defs/{name}"}), "utf-8")


def verdicts(resources: list[Json]) -> dict[str, bool]:
    """Return for each file whether it contains something, and nothing but valid resources."""
    found = defaultdict[str, list[str]](list)
    for resource in resources:
        found[resource["filename"]].append(resource["status"])
    said = {file: [status for status in all if status not in EMPTY] for file, all in found.items()}
    return {file: bool(each) and all(status == "statusValid" for status in each) for file, each in said.items()}
