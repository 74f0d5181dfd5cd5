"""What the playground asks of dsgen: a request and its answer are JSON, so the page and the tests see the same.

The commands run as in a terminal, in an empty folder, with the text as a file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, Final

# The names of the files in problems.
INPUT: Final = Path("input.yaml")
POOLS: Final = Path("pools.yaml")


def versions() -> str:
    """Return the minor versions of Kubernetes, newest first, and the default, as JSON."""
    from dsgen.kubernetes.schema import fields
    from dsgen.version import __version__

    return json.dumps({"minors": fields.MINORS[::-1], "default": fields.DEFAULT, "dsgen": __version__})


def answer(request: str) -> str:
    """Return the verdict on the `text` of a request for the minor `kubernetes`, and what its `view` shows, as JSON.

    A view is `problems`, `objects`, `plan` (with `pools`) or `import`.
    """
    asked = json.loads(request)
    INPUT.write_bytes(asked["text"].encode("utf-8", "surrogatepass"))
    minor = asked["kubernetes"]
    found = _verdict(minor)
    view: Callable[[str], dict[str, Any]] | None = {"objects": _objects, "import": _import}.get(asked["view"])
    if asked["view"] == "plan":
        POOLS.write_bytes(asked["pools"].encode("utf-8", "surrogatepass"))
        found["plan"] = _plan(minor)
    elif view:
        found[asked["view"]] = view(minor)
    return json.dumps(found)


def _verdict(minor: str) -> dict[str, Any]:
    """Return the problems that `dsgen validate` reports, and how many objects it validated."""
    from dsgen.build.error import BuildError
    from dsgen.build.validate_files import validate_files
    from dsgen.problem import in_order
    from dsgen.project.project import Project
    from dsgen.report import row, shortened

    if not INPUT.read_bytes().strip():
        return {"kind": "empty", "problems": [], "validated": 0}
    try:
        done = validate_files(Project(Path.cwd()), [str(INPUT)], minor=minor, jobs=1)
    except BuildError as error:
        return {"kind": _kind(), "problems": [], "validated": 0, "failed": str(error)}
    problems = [row(shortened(each)) for each in in_order(done.problems)]
    return {"kind": _kind(), "problems": problems, "validated": done.validated, "failed": "; ".join(done.unread)}


def _kind() -> str:
    from dsgen.kubernetes.stream import manifests

    return "profile" if manifests(INPUT.read_bytes(), str(INPUT)) is None else "manifests"


def _objects(minor: str) -> dict[str, Any]:
    """Return the objects of a profile; none if it has errors, or is not a profile."""
    import dsgen

    if not INPUT.read_bytes().strip() or _kind() != "profile":
        return {"files": []}
    try:
        made = dsgen.render(dsgen.load(INPUT), minor)
    except dsgen.ProblemError:
        return {"files": []}
    return {"files": [{"name": each.filename, "text": each.text} for each in made]}


def _plan(minor: str) -> dict[str, Any]:
    """Return what `dsgen plan` prints, and its problems."""
    words = ("plan", str(INPUT), "--nodes", str(POOLS), "--kubernetes", minor)
    text, _ = _run(*words)
    data, said = _run(*words, "--format", "json")
    problems = json.loads(data)["problems"] if data.startswith("{") else []
    return {"text": text, "problems": problems, "said": said.splitlines()}


def _import(minor: str) -> dict[str, Any]:
    """Return the profiles that `dsgen import` prints, its problems, and what it says of each profile."""
    text, said = _run("import", str(INPUT), "--kubernetes", minor, "--jobs", "1", "--format", "json")
    if not said.startswith("{"):
        return {"text": text, "problems": [], "said": said.splitlines()}
    found, end = json.JSONDecoder().raw_decode(said)
    return {"text": text, "problems": found["problems"], "said": said[end:].split("\n")[1:-1]}


def _run(*words: str) -> tuple[str, str]:
    """Run a command of dsgen, and return what it prints to standard output and standard error."""
    from dsgen.cli import main

    output, errors = io.StringIO(), io.StringIO()
    # Its exit code says that there are problems, which are in the answer.
    with redirect_stdout(output), redirect_stderr(errors), suppress(SystemExit):
        main(words, prog_name="dsgen")
    return output.getvalue(), errors.getvalue()
