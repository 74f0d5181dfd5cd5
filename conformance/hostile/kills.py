"""Runs of `dsgen generate` that are killed at random moments, while profiles and environments come and go."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Final

import yaml

NAMES: Final = tuple("abcdefgh")
ENVIRONMENTS: Final = ("dev", "prod", "prod-eu", "test")
# What a user put there, and dsgen may not touch.
OWN: Final = ("out/notes.txt", "out/prod/notes.txt", "out/dev/a/notes.txt", "out/b/notes.txt")

State = tuple[dict[str, int], tuple[str, ...]]


# How to start dsgen: as it is, and without libyaml.
PLAIN: Final = ("-m", "dsgen")
PURE: Final = ("-c", "import sys; sys.modules['yaml._yaml'] = None; from dsgen.__main__ import run; run()")


def kills(count: int, seed: int, seconds: float, pure: bool = False) -> int:
    """Kill so many runs, and return how many projects were not as they should be afterwards."""
    start = PURE if pure else PLAIN
    began = time.monotonic()
    failed = number = finished = 0
    while number < count and time.monotonic() - began < seconds:
        chance = Random(f"kills:{seed + number}")
        folder = Path(tempfile.mkdtemp(prefix="dsgen-killed-"))
        try:
            killed, ended = _project(folder, chance, min(8, count - number), start)
            number += killed
            finished += ended
        except AssertionError as error:
            failed += 1
            number += 1
            print(f"kills:{seed + number - 1}: {error}; see {folder}", flush=True)
            continue
        shutil.rmtree(folder)
    print(
        f"{number} runs killed (besides {finished} that were quicker) in {time.monotonic() - began:.0f} s: {failed} failed"
    )
    return failed


def _project(folder: Path, chance: Random, wanted: int, start: tuple[str, ...]) -> tuple[int, int]:
    """Kill runs in one project, which changes before each; then mend it, and hold it against one that was made at once."""
    project = folder / "project"
    (project / "profiles").mkdir(parents=True)
    (project / "dsgen.yaml").touch()
    seen: dict[str, set[bytes]] = {}
    killed = ended = 0
    state: State = ({}, ())
    for _ in range(wanted):
        state = _changed(state, chance)
        _write(project, state)
        began = time.monotonic()
        for name, data in _tree(_made(project, folder / "once", start)).items():
            seen.setdefault(f"out/{name}", set()).add(data)
        took = time.monotonic() - began
        own = _own(project, chance)
        process = subprocess.Popen(
            _command(chance, start),
            cwd=project,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(folder),
        )
        # At any moment, and more often in the second half, in which files are written: a busy machine is as slow as it was just now.
        time.sleep(took * (chance.uniform(0.05, 1) if chance.random() < 0.4 else chance.uniform(0.5, 1)))
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            killed += 1
        else:
            ended += 1
        for name, data in _tree(project / "out", "out/").items():
            if name in own:
                assert data == own[name], f"{name} of the user is not as it was"
            elif "/." in name:
                pass  # a temporary folder of dsgen's own, and its indexes
            elif name.count("/") == 2 and name.endswith("/kustomization.yaml"):
                # Of an environment: it lists what stands beside it, which a run that was killed may have left.
                assert isinstance(yaml.safe_load(data)["resources"], list), f"{name} is no list"
            else:
                assert data in seen.get(name, ()), f"{name} was never made so"
        assert all((project / name).exists() for name in own), "a file of the user is gone"
    for name in _own(project, chance, add=False):
        (project / name).unlink()
    assert _run(project, folder, start) == 0, "the run that mends ends badly"
    assert _run(project, folder, start, "--check") == 0, "nothing is mended: --check finds a difference"
    made, wanted_tree = _tree(project / "out"), _tree(_made(project, folder / "once", start))
    assert made.keys() <= wanted_tree.keys(), f"stale: {sorted(made.keys() - wanted_tree.keys())}"
    assert made.keys() >= wanted_tree.keys(), f"lost: {sorted(wanted_tree.keys() - made.keys())}"
    assert made == wanted_tree, "a file says something else"
    left = [str(path) for path in (project / "out").rglob(".*") if path.name != ".dsgen-index"]
    assert not left, f"left behind: {left}"
    return killed, ended


def _changed(state: State, chance: Random) -> State:
    """Return profiles with the versions of their images, and environments, of which some came and some went."""
    profiles, environments = dict(state[0]), set(state[1])
    for _ in range(chance.choice((1, 2, 4))):
        name = chance.choice(NAMES)
        if name in profiles and chance.random() < 0.4:
            del profiles[name]
        else:
            profiles[name] = chance.randrange(1_000)
    for _ in range(chance.choice((0, 1, 1, 2))):
        environments ^= {chance.choice(ENVIRONMENTS)}
    if chance.random() < 0.1:
        environments = set()
    return profiles or {"a": 0}, tuple(sorted(environments))


def _write(project: Path, state: State) -> None:
    profiles, environments = state
    for path in [*project.glob("profiles/*"), *project.glob("environments/*")]:
        path.unlink()
    for name, version in profiles.items():
        more = (
            "serviceAccount: {create: true}\n"
            if version % 3 == 0
            else "service: {ports: [{name: a, port: 1}]}\n"
            if version % 3 == 1
            else ""
        )
        text = f"name: {name}\nnamespace: {{name: agents-{name}, create: {'true' if version % 2 else 'false'}}}\n{more}"
        (project / f"profiles/{name}.yaml").write_text(
            f"{text}containers: {{agent: {{image: 'example.com/{name}:{version}'}}}}\n"
        )
    (project / "environments").mkdir(exist_ok=True)
    for name in environments:
        (project / f"environments/{name}.yaml").write_text(f"all: {{labels: {{environment: {name}}}}}\n")


def _own(project: Path, chance: Random, add: bool = True) -> dict[str, bytes]:
    """Return the files of the user that are there, of which some are new."""
    for name in OWN if add else ():
        path = project / name
        if path.parent.is_dir() and chance.random() < 0.2:
            path.write_text("mine")
    return {name: (project / name).read_bytes() for name in OWN if (project / name).is_file()}


def _command(chance: Random, start: tuple[str, ...]) -> list[str]:
    return [sys.executable, *start, "generate", "-q", *(["-j", "2"] if chance.random() < 0.5 else [])]


def _environment(folder: Path) -> dict[str, str]:
    root = str(Path(__file__).parent.parent.parent)
    return {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": root}


def _run(project: Path, folder: Path, start: tuple[str, ...], *more: str) -> int:
    command = [sys.executable, *start, "generate", "-q", *more]
    return subprocess.run(command, cwd=project, capture_output=True, env=_environment(folder), check=False).returncode


def _made(project: Path, once: Path, start: tuple[str, ...]) -> Path:
    """Return the folder of what the project makes where nothing stood before."""
    shutil.rmtree(once, ignore_errors=True)
    shutil.copytree(project, once, ignore=shutil.ignore_patterns("out", ".dsgen-cache"))
    assert _run(once, once.parent, start) == 0, "a run in a new folder ends badly"
    return once / "out"


def _tree(folder: Path, before: str = "") -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {before + str(path.relative_to(folder)): path.read_bytes() for path in found}
