"""Kubernetes' own verdict on a DaemonSet: a small Go program around the API server's code, one for each minor.

    python -m conformance.oracle 1.36      builds it (minutes the first time) into the user's cache

Needs Go and the Go module proxy; nothing else in the project does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

VERSIONS: Final = {"1.33": "1.33.13", "1.34": "1.34.4", "1.35": "1.35.4", "1.36": "1.36.3"}
NEWEST: Final = "1.36"
BATCH: Final = 500


class Question(NamedTuple):
    """A manifest to create, or one that replaces `old`."""

    text: str
    old: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the server says: the `stage` that refused (empty: accepted), each finding, and the warnings."""

    stage: str
    errors: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Whether the server takes the manifest."""
        return not self.stage


def cache() -> Path:
    """Return the folder in the user's cache where oracles are built."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home, "dsgen-oracle")


def build(minor: str) -> Path:
    """Return the oracle for `minor`, built anew when the source is newer; raises CalledProcessError when Go fails."""
    source = Path(__file__).with_name("main.go")
    folder = cache() / minor
    program = folder / "oracle"
    if program.exists() and program.stat().st_mtime > source.stat().st_mtime:
        return program
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, folder)
    if not (folder / "go.sum").exists():
        (folder / "go.mod").write_text(_module(VERSIONS[minor]), encoding="utf-8")
        subprocess.run(["go", "mod", "tidy"], cwd=folder, check=True)
    subprocess.run(["go", "build", "-trimpath", "-o", "oracle", "."], cwd=folder, check=True)
    return program


def _module(version: str) -> str:
    """Write go.mod: Kubernetes as a module needs its staging repositories pinned one by one."""
    module = f"k8s.io/kubernetes@v{version}"
    described = subprocess.run(
        ["go", "mod", "download", "-json", module], check=True, capture_output=True, text=True
    ).stdout
    theirs = Path(json.loads(described)["GoMod"]).read_text(encoding="utf-8")
    language = re.search(r"^go .*$", theirs, re.M)
    staged = re.findall(r"^\s*(k8s\.io/\S+) => \./staging", theirs, re.M)
    pins = "\n".join(f"replace {name} => {name} v0.{version.removeprefix('1.')}" for name in staged)
    return (
        f"module oracle\n\n{language[0] if language else 'go 1.24'}\n\nrequire k8s.io/kubernetes v{version}\n\n{pins}\n"
    )


def ask(questions: Iterable[Question], minor: str = NEWEST) -> Iterator[Answer]:
    """Yield the server's answer to each question, in order."""
    program = build(minor)
    pending = iter(questions)
    while batch := list(islice(pending, BATCH)):
        lines = "".join(
            json.dumps({"yaml": q.text} if q.old is None else {"yaml": q.text, "old": q.old}) + "\n" for q in batch
        )
        done = subprocess.run([program], input=lines, check=True, capture_output=True, text=True)
        for line in done.stdout.splitlines():
            yield _answer(json.loads(line))


def _answer(said: dict[str, object]) -> Answer:
    errors = said.get("errors", [])
    warnings = said.get("warnings", [])
    assert isinstance(errors, list)
    assert isinstance(warnings, list)
    findings = tuple((e["type"], e.get("field", ""), e["detail"]) for e in errors)
    return Answer(str(said.get("stage", "")), findings, tuple(warnings))
