"""Measuring commands that take turns, and printing what was found."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Measures a shell command in a folder.
Measure = Callable[[str, Path], float]


def wall(command: str, folder: Path) -> float:
    """Return how many seconds a shell command takes. Raises CalledProcessError when it fails."""
    return _measured(command, folder)[0]


def processor(command: str, folder: Path) -> float:
    """Return how many seconds of processor time a shell command takes. Raises CalledProcessError when it fails."""
    return _measured(command, folder)[1]


def peak(command: str, folder: Path) -> float:
    """Return the memory of the largest process of a shell command, in MiB. Raises CalledProcessError when it fails."""
    # In a process of its own: the kernel keeps the largest of all children.
    program = "import resource,subprocess,sys; subprocess.run(['sh','-c',sys.argv[1]],check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", program, command], cwd=folder, check=True, stdout=subprocess.PIPE, env=_environment()
    )
    return float(done.stdout.split()[-1]) / 1024


def _environment() -> dict[str, str]:
    # As after any first use, Python finds its compiled modules.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _measured(command: str, folder: Path) -> tuple[float, float]:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(["sh", "-c", command], cwd=folder, check=True, env=_environment(), stdout=subprocess.DEVNULL)
    taken, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def best(first: str, second: str, folder: Path, runs: int, measure: Measure = wall) -> tuple[float, float]:
    """Return the best of both commands, which take turns, after one run of each that does not count."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(runs + 1):
        for command, kept in zip((first, second), found, strict=True):
            value = measure(command, folder)
            if turn:
                kept.append(value)
    return min(found[0]), min(found[1])


def row(what: str, ours: float, theirs: float, wanted: float | None = None, unit: str = "s") -> None:
    """Print one comparison, with the ratio to reach."""
    reach = "" if wanted is None else f", to reach {wanted}"
    print(f"{what:<46} {ours:9.3f} {theirs:9.3f} {unit:<3} ratio {ours / theirs:5.2f}{reach}", flush=True)
