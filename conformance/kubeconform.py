"""The same figures for kubeconform (`-strict`, a local schema), the best of the validators that know the schema only.

    python -m conformance.kubeconform SCHEMAS [--minor 1.36]

SCHEMAS is the folder `kubernetes-json-schema` inside the PyPI package `kubernetes-validate`. Runs on the recorded cases.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from conformance.case import Json
from conformance.compare import share
from conformance.kubernetes_module import NEWEST
from conformance.record import load

ROOT: Final = "io.k8s.api.apps.v1.DaemonSet"
BATCH: Final = 1000


def schema(folder: Path) -> Json:
    """Return the JSON schema of a DaemonSet in one piece: the definitions refer to each other by file."""
    definitions = json.loads(
        (folder / "_definitions.json").read_text(encoding="utf-8").replace("/api/_definitions.json#/", "#/")
    )["$defs"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"#/$defs/{ROOT}", "$defs": definitions}


def verdicts(program: str, texts: list[str], schemas: Path) -> Iterator[bool]:
    """Yield for each text whether kubeconform finds it valid."""
    pending = iter(texts)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema.json").write_text(json.dumps(schema(schemas)), encoding="utf-8")
        while batch := list(islice(pending, BATCH)):
            yield from _batch(program, batch, folder)


def _batch(program: str, texts: list[str], folder: Path) -> Iterator[bool]:
    files = [folder / f"{number}.yaml" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
    command = [
        program,
        "-strict",
        "-verbose",
        "-output",
        "json",
        "-schema-location",
        str(folder / "schema.json"),
        *map(str, files),
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    valid = dict.fromkeys(map(str, files), False)
    for resource in json.loads(done.stdout)["resources"]:
        valid[resource["filename"]] = resource["status"] == "statusValid"
    yield from valid.values()


def main() -> None:
    """Print how often kubeconform and the API server agree on the recorded cases."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schemas", type=Path)
    parser.add_argument("--minor", default=NEWEST)
    parser.add_argument("--program", default="kubeconform")
    chosen = parser.parse_args()
    recorded = load(chosen.minor)
    found = list(
        verdicts(chosen.program, [one.text for one in recorded], chosen.schemas / f"v{chosen.minor}.0-local-strict")
    )
    pairs = [(one.outcome, valid) for one, valid in zip(recorded, found, strict=True)]
    refused = [(outcome, valid) for outcome, valid in pairs if not outcome.accepted]
    print(f"verdict: {share(sum(outcome.accepted == valid for outcome, valid in pairs), len(pairs))}")
    print(f"refused, as they should be: {share(sum(not valid for _, valid in refused), len(refused))}")
    by_rules = [valid for outcome, valid in refused if outcome.stage == "validate"]
    print(f"of those that the rules refuse: {share(sum(not valid for valid in by_rules), len(by_rules))}")
    accepted = [valid for outcome, valid in pairs if outcome.accepted]
    print(f"accepted, as they should be: {share(sum(accepted), len(accepted))}")


if __name__ == "__main__":
    main()
