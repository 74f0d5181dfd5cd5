"""kubectl-validate, with the OpenAPI documents that Kubernetes publishes for the minor version, or with those that it contains."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from conformance.kubernetes_module import VERSIONS, source
from conformance.peers import Check


def checker(program: str, minor: str, folder: Path) -> Check:
    """Return the check by the documents of a minor version, which are written to `folder`."""
    write_documents(minor, folder)
    return _check([program, "--output", "json", "--local-schemas", str(folder)])


def built_in_checker(program: str, minor: str) -> Check:
    """Return the check by the documents of a minor version that the program contains."""
    return _check([program, "--output", "json", "--version", minor])


def write_documents(minor: str, folder: Path) -> None:
    """Copy the documents of the release, `apis__apps__v1_openapi.json`, to where the program looks for them, `apis/apps/v1.json`."""
    for document in (source(VERSIONS[minor]) / "api" / "openapi-spec" / "v3").glob("api*__v*_openapi.json"):
        target = folder / (document.name.removesuffix("_openapi.json").replace("__", "/") + ".json")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(document, target)


def _check(command: list[str]) -> Check:
    # Without a configuration, it asks no cluster.
    environment = {**os.environ, "KUBECONFIG": os.devnull}

    def check(paths: list[str]) -> Mapping[str, bool] | None:
        done = subprocess.run([*command, *paths], capture_output=True, check=False, env=environment, encoding="utf-8")
        try:
            said = json.loads(done.stdout)
        except ValueError:
            return None
        return {path: all(status.get("status") == "Success" for status in each) for path, each in said.items()}

    return check
