"""Folders of Kustomize: what an overlay builds, as `kustomize` or `kubectl` print it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from typing import Final

from dsgen.cli.shell import fail
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.stream import LISTS_ONLY
from dsgen.project.paths import unreadable
from dsgen.reading import KUSTOMIZATIONS, read_file
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.tree import as_map

# What Kustomize says of plugins, functions and charts that it would have to run.
_NOT_ENABLED: Final = ("plugin", "--enable-helm", "enable-exec")


class Kustomization(Record):
    """The paths that a kustomization lists as resources, and whether Kustomize does more than put these together."""

    resources: list[str]
    is_overlay: bool


def kustomization(folder: str) -> Kustomization | None:
    """Return the kustomization of a folder, or None if it has none. Exits if the file cannot be read."""
    for name in KUSTOMIZATIONS:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            try:
                root = as_map(read_first(read_file(path), path).root)
            except OSError as error:
                fail(f"cannot read {unreadable(error, path)}")
            resources = root.texts("resources")
            more = bool(root.keys() - LISTS_ONLY) or any(map(_is_outside, resources))
            return Kustomization([os.path.join(folder, each) for each in resources], more)
    return None


def _is_outside(resource: str) -> bool:
    return ":" in resource or os.path.normpath(resource).startswith(os.pardir) or os.path.isabs(resource)


def build(folder: str, command_name: str = "import") -> File:
    """Return what Kustomize builds from a folder, without plugins. Exits with 2 if that fails, or if no tool is found.

    `command_name` is the command of dsgen that reads it.
    """
    commands = (["kustomize", "build", "--", folder], ["kubectl", "kustomize", "--", folder])
    command = next((each for each in commands if shutil.which(each[0])), None)
    if command is None:
        fail(f"{folder} is a kustomization: run `kustomize build {shlex.quote(folder)} | dsgen {command_name} -`")
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        fail(f"cannot run {command[0]}: {error.strerror or error}")
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        if any(word in said for word in _NOT_ENABLED):
            own = f"kustomize build --enable-alpha-plugins --enable-exec --enable-helm {shlex.quote(folder)}"
            said += f"\ndsgen enables no plugins; if you trust them, run: {own} | dsgen {command_name} -"
        fail(shlex.join(command), said or f"exit code {done.returncode}")
    return File(folder, done.stdout, os.path.abspath(folder))
