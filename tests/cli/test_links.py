"""Whatever links, pipes and large files a project holds: no file outside of it is opened, none is changed, and every command ends with a word."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import dsgen
from dsgen.cli import main
from dsgen.reading import PROJECT_FILE
from tests.cli.test_commands import GOOD

SECRET = "hunter2: {swordfish"
NAMES = [
    "dsgen.yaml", "profiles", "profiles/a.yaml", "profiles/b.yaml", "profiles/c.yml", "profiles/sub", "profiles/sub/d.yaml", "profiles/_x.yaml",
    "profiles/conf", "profiles/conf/x.json", "environments", "environments/e1.yaml", "environments/eu/e3.yaml", "templates",
    "templates/daemonset.yaml.j2", "templates/t.yaml.j2", "out", "out/a", "out/a/daemonset-a.yaml", "out/a/.dsgen-index", "out/e1",
    "out/e1/kustomization.yaml", "out/e1/a/.dsgen-index", "out/gone/.dsgen-index", ".dsgen-cache", ".dsgen-cache/inputs.json",
]  # fmt: skip
LINKS = [
    "{outside}/secret.yaml",
    "{outside}",
    "{outside}/folder",
    "/dev/zero",
    "/proc/self/environ",
    "nowhere",
    ".",
    "..",
    "a.yaml",
    "../out",
    "/",
]
COMMANDS = [
    ["generate"], ["generate", "--check"], ["generate", "--diff"], ["generate", "--force"], ["generate", "-o", "-"], ["generate", "-e", "e1"],
    ["generate", "--shard", "1/2"], ["validate"], ["validate", "."], ["validate", "profiles"], ["requires"], ["trace", "a"],
    ["diff", ".", "out"], ["diff", "out", "."], ["import", "out", "-o", "imported"], ["new", "n"], ["init", "."],
]  # fmt: skip
MORE = [
    "", "configMaps: {c: {files: ['conf/**/*']}}\n", "extends: ./_x.yaml\n", "extends: ../../outside/folder/a.yaml\n", "templates: [t.yaml.j2]\n",
]  # fmt: skip

opened: list[str] = []
listening = False


def listen(event: str, arguments: tuple[object, ...]) -> None:
    # What is made anew is not read: where there is something, it fails.
    if listening and event == "open" and isinstance(arguments[0], str) and "x" not in str(arguments[1]):
        opened.append(arguments[0])


sys.addaudithook(listen)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    before = os.getcwd()
    folder = Path(tempfile.mkdtemp(prefix="dsgen-test-")).resolve()
    yield folder
    os.chdir(before)
    shutil.rmtree(folder)


def project(place: Path, more: str, environments: bool, template: bool) -> Path:
    """Return a project that has made its profiles, beside a folder that is not its own."""
    for name in ("project", "outside"):
        os.chdir(place)
        shutil.rmtree(place / name, ignore_errors=True)
    texts = {
        "outside/secret.yaml": SECRET, "outside/folder/a.yaml": GOOD.format("hunter2"), "project/dsgen.yaml": "",
        "project/profiles/a.yaml": GOOD.format("a"), "project/profiles/b.yaml": more + GOOD.format("b"),
        "project/profiles/_x.yaml": "hostNetwork: true\n", "project/profiles/conf/y": "y",
        **({"project/environments/e1.yaml": ""} if environments else {}),
        **({"project/templates/t.yaml.j2": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: z}\n"} if template else {}),
    }  # fmt: skip
    for name, text in texts.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    os.chdir(place / "project")
    CliRunner().invoke(main, ["generate"])
    return place / "project"


def put(path: Path, what: str) -> None:
    """Put something in the place of what is there."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        if what == "pipe":
            os.mkfifo(path)
        elif what == "large":
            with open(path, "wb") as file:
                file.truncate(PROJECT_FILE + 1)
        elif what == "text":
            path.write_text("{")
        elif what != "nothing":
            path.symlink_to(what)
    except (FileExistsError, NotADirectoryError, FileNotFoundError, OSError):
        return  # something else is in the way


@pytest.mark.long
@given(
    st.sampled_from(MORE),
    st.booleans(),
    st.booleans(),
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from([*LINKS, "pipe", "large", "text", "nothing"])),
        min_size=1,
        max_size=4,
    ),
    st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=4),
)
def test_links(
    place: Path,
    more: str,
    environments: bool,
    template: bool,
    changes: list[tuple[str, str]],
    commands: list[list[str]],
) -> None:
    global listening
    root = project(place, more, environments, template)
    for name, what in changes:
        put(root / name, what.format(outside=place / "outside"))
    before = {path: path.read_bytes() for path in (place / "outside").rglob("*") if path.is_file()}
    allowed = tuple(map(str, (root, Path(dsgen.__file__).parents[1])))
    for command in commands:
        opened.clear()
        listening = True
        try:
            result = CliRunner().invoke(main, command, input="")
        finally:
            listening = False
        assert result.exception is None or isinstance(result.exception, SystemExit), command
        assert result.exit_code in (0, 1, 2), command
        assert "hunter2" not in result.output, command
        away = [
            name
            for name in opened
            if name.startswith((str(root), "profiles", "out", "templates"))
            and not os.path.realpath(name).startswith(allowed)
        ]
        assert not away, command
        assert before == {path: path.read_bytes() for path in (place / "outside").rglob("*") if path.is_file()}, command
