"""Five projects as the build of commit 73866f3 left them: what today's dsgen makes otherwise is recorded, with the reason.

`tests/stability/NAME/` holds a project with the output of that build, `moved.md` the differences, and `answers.json` the exit
codes, the fields and the problems of the commands that answer in JSON. The projects are never changed: they stand for those of
users. `pytest --update` writes `moved.md`; give each new difference its reason there, as the changelog has it.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dsgen.build.output import index
from dsgen.cli import main
from dsgen.formerly import today
from dsgen.version import __version__

HERE = Path(__file__).with_name("stability")
OUTPUT = {"plain": "out", "environments": "out", "variants": "out", "templates": "manifests", "flux": "out"}
MOVED = HERE / "moved.md"
ANSWERS: list[dict[str, Any]] = json.loads((HERE / "answers.json").read_text("utf-8"))
# Maps whose keys are names of the user's, and values of any form.
FREE = {"value", "requests", "limits", "excluded", "differs"}
WHY = "Say why (changelog: )."

_MOVE = re.compile(r"^## (?P<file>\S+)\n\n(?P<why>.+?)\n\n```diff\n(?P<diff>.*?)^```$", re.MULTILINE | re.DOTALL)


def recorded() -> dict[str, tuple[str, str]]:
    """Return the reason and the difference of each file that moved."""
    return {move["file"]: (move["why"], move["diff"]) for move in _MOVE.finditer(MOVED.read_text("utf-8"))}


def files(folder: Path) -> dict[str, str]:
    """Return the text of each file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def moves(project: str, now: Path) -> dict[str, str]:
    """Return the difference between the output of that build and today's, by file.

    An index has another name and version since then (changelog: The index of a folder is called `.dsgen-index`), and moves with the files that
    it lists: what differs beyond that and their digests is a move of its own.
    """
    old, new = files(HERE / project / OUTPUT[project]), files(now / OUTPUT[project])
    for name in [name for name in old if name.endswith(f"/{index.FORMER_NAME}")]:
        head = f'{{\n  "version": 2,\n  "dsgen": "{__version__}",\n'
        folder = name.removesuffix(index.FORMER_NAME)
        old[folder + index.NAME] = old.pop(name).replace('{\n  "version": 1,\n', head)
        for other in old.keys() & new.keys():
            if other.startswith(folder) and old[other] != new[other]:
                old[folder + index.NAME] = old[folder + index.NAME].replace(digest(old[other]), digest(new[other]))
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    return {f"{project}/{OUTPUT[project]}/{name}": text for name in sorted(changed) if (text := diff(old, new, name))}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def diff(old: dict[str, str], new: dict[str, str], name: str) -> str:
    before, now = (side.get(name, "").splitlines(keepends=True) for side in (old, new))
    titles = ("before" if name in old else "/dev/null", "now" if name in new else "/dev/null")
    lines = difflib.unified_diff(before, now, *titles)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def copied(project: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of a project, which becomes the current folder."""
    shutil.copytree(HERE / project, tmp_path / project)
    monkeypatch.chdir(tmp_path / project)
    return tmp_path / project


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize("project", OUTPUT)
def test_every_byte_that_moves_is_recorded(
    project: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The output of that build is taken over without `--force`."""
    folder = copied(project, tmp_path, monkeypatch)
    result = run("generate", "--quiet")
    assert result.exit_code == 0, result.output
    found = moves(project, folder)
    if request.config.getoption("update"):
        update(project, found)
    assert {name: text for name, (_, text) in recorded().items() if name.startswith(f"{project}/")} == found


def update(project: str, found: dict[str, str]) -> None:
    """Write the differences of a project into `moved.md`; those that are there keep their reason."""
    known = recorded()
    kept = {name: move for name, move in known.items() if not name.startswith(f"{project}/")}
    kept |= {name: (known[name][0] if name in known else WHY, text) for name, text in found.items()}
    head = MOVED.read_text("utf-8").partition("\n## ")[0].rstrip("\n")
    parts = [f"\n## {name}\n\n{why}\n\n```diff\n{text}```\n" for name, (why, text) in sorted(kept.items())]
    MOVED.write_text(f"{head}\n{''.join(parts)}", "utf-8")


def test_every_move_has_its_reason() -> None:
    moved = recorded()
    assert len(moved) == MOVED.read_text("utf-8").count("\n## ")
    changelog = re.sub(r"\s+", " ", (HERE.parents[1] / "CHANGELOG.md").read_text("utf-8"))
    for name, (why, _) in moved.items():
        quoted = re.search(r"\(changelog: (.+)\)\.$", re.sub(r"\s+", " ", why))
        assert quoted, f"{name}: end the reason with `(changelog: WORDS OF IT).`"
        assert quoted[1] in changelog, name


@pytest.mark.parametrize("project", OUTPUT)
def test_check_names_the_files_that_move_and_no_other(
    project: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(project, tmp_path, monkeypatch)
    before = files(folder)
    result = run("generate", "--check", "--format", "json")
    drift = {problem["file"] for problem in json.loads(result.stdout)["problems"] if problem["severity"] == "error"}
    # An index that lists other files than before is not drift of its own.
    moved = (name for name in recorded() if not name.endswith(f"/{index.NAME}"))
    expected = {name.partition("/")[2] for name in moved if name.startswith(f"{project}/")}
    assert (drift, result.exit_code) == (expected, 1 if expected else 0)
    assert files(folder / OUTPUT[project]) == files(HERE / project / OUTPUT[project])
    assert before.items() <= files(folder).items()


# Warnings that are not reported any longer: Flux's is for projects that say that they use Flux (changelog: Flux's warning).
NO_LONGER = {"warning flux-variable"}


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer['project']}: {' '.join(answer['arguments'])}")
def test_answers_in_json_keep_their_fields(
    answer: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fields and problems may be added, never taken away. Output of that build is valid still."""
    copied(answer["project"], tmp_path, monkeypatch)
    result = run(*answer["arguments"])
    assert result.exit_code == answer["exit"], result.output
    now = json.loads(result.stdout) if answer["fields"] else {}
    present = fields(now)
    # An empty list of that build may have entries today.
    gone = {name for name in answer["fields"] if not any(other.startswith(name) for other in present)}
    assert gone == set()
    problems = [f"{problem['severity']} {problem['code']}" for problem in now.get("problems", ())]
    known = [f"{severity} {today(code)}" for severity, code in map(str.split, answer["problems"])]
    assert not Counter(each for each in known if each not in NO_LONGER) - Counter(problems), problems


def fields(value: Any, path: str = "") -> set[str]:
    """Return the paths of all values: `problems[].code`."""
    return set(_fields(value, path))


def _fields(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and path.rpartition(".")[2] not in FREE:
        for key, entry in value.items():
            yield from _fields(entry, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        yield from {name for entry in value for name in _fields(entry, f"{path}[]")} or {f"{path}[]"}
    else:
        yield path
