"""Recorded cases with the verdict of the command, for the test that the playground has the same."""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any, Final

from conformance.dsgen_outcome import JUDGED
from conformance.kubernetes_module import VERSIONS
from conformance.record import load

COUNT: Final = 500
_DAEMONSETS: Final = 50  # of each minor; the rest are of other kinds
# As where only dsgen is installed: a browser has no library that evaluates expressions.
_EXTRA: Final = "cel_expr_python"


def cases() -> list[dict[str, Any]]:
    """Return cases: a text, the minor, and the problems that `dsgen validate` reports."""
    sys.modules[_EXTRA] = None  # type: ignore[assignment]
    found = []
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for name, text, minor in islice(_recorded(), COUNT):
                problems = _command(text, minor)
                found.append({"name": name, "text": text, "kubernetes": minor, "problems": problems})
        finally:
            os.chdir(here)
    return found


def _recorded() -> Iterator[tuple[str, str, str]]:
    """Yield the name, the text and the minor of cases that create an object."""
    chance = random.Random(24)
    kinds = [kind for kind in JUDGED if kind != "DaemonSet"]
    for minor in VERSIONS:
        others = Counter(chance.choices(kinds, k=COUNT // len(VERSIONS) - _DAEMONSETS))
        for kind, count in (("DaemonSet", _DAEMONSETS), *others.items()):
            creations = [one for one in load(minor, kind) if one.old is None]
            for one in chance.sample(creations, count):
                name = f"{kind} in {minor}: {' '.join(one.case.tags)} of {one.case.base}"
                yield name, one.text, minor


def _command(text: str, minor: str) -> list[dict[str, Any]]:
    from dsgen.cli import main

    Path("input.yaml").write_text(text, "utf-8", "surrogatepass")
    output = StringIO()
    with redirect_stdout(output), suppress(SystemExit):
        main(["validate", "input.yaml", "--kubernetes", minor, "--format", "json"], prog_name="dsgen")
    problems: list[dict[str, Any]] = json.loads(output.getvalue())["problems"]
    return problems
