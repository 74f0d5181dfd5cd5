"""Comparisons with an earlier build of dsgen, with Python itself, and of one command with another, each with the ratio to reach."""

from __future__ import annotations

import shlex
import sys
import tempfile
from pathlib import Path

from benchmarks import inputs
from benchmarks.measure import Measure, best, peak, processor, row, wall

_PYTHON = shlex.quote(sys.executable)
_COMPLETION = "COMP_WORDS='dsgen gen' COMP_CWORD=1 _DSGEN_COMPLETE=bash_complete"


class Comparisons:
    """Prints comparisons: the best of `runs` turns of two commands. `before` is a folder with the earlier build."""

    def __init__(self, runs: int, dsgen: Path, before: Path) -> None:
        self._runs = runs
        self._dsgen = shlex.quote(str(dsgen))
        # The same interpreter, and neither starts by an entry point of its own.
        self._now = f"{_PYTHON} -m dsgen"
        self._earlier = f"PYTHONPATH={shlex.quote(str(before))} {_PYTHON} -m dsgen"

    def starts(self) -> None:
        """Compare what prints a few words with a Python that does nothing."""
        with tempfile.TemporaryDirectory() as name:
            for what, command in (
                ("dsgen --version", f"{self._dsgen} --version"),
                ("dsgen --help", f"{self._dsgen} --help"),
                ("completion", f"{_COMPLETION} {self._dsgen}"),
            ):
                self._row(f"{what}, python -c pass", 2.2, command, f"{_PYTHON} -c pass", Path(name), wall)

    def validating_again(self, number: int) -> None:
        """Compare validating files again, after a few of them have changed."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            inputs.write(folder, number)
            wall(f"{self._dsgen} generate -q -o made && find made -type f ! -name 'daemonset-*' -delete", folder)
            change = "for each in $(find made -type f | sort | head -n 10); do echo '# changed' >> $each; done"
            self._row(
                f"validate {number:,} again, 10 changed",
                0.15,
                f"{change}; {self._now} validate -q made",
                f"{change}; {self._earlier} validate -q made",
                folder,
                wall,
            )

    def one_changed(self, number: int) -> None:
        """Compare generating a project of which one profile has changed."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for place, dsgen in (("now", self._now), ("earlier", self._earlier)):
                inputs.write(folder / place, number)
                wall(f"cd {place} && {dsgen} generate -q", folder)
            again = "echo '# changed' >> profiles/p000000.yaml &&"
            ours = f"cd now && {again} {self._now} generate -q"
            earlier = f"cd earlier && {again} {self._earlier} generate -q"
            self._row(f"one of {number:,} profiles changed", 0.4, ours, earlier, folder, wall)

    def revisions(self, number: int) -> None:
        """Compare the processor time of `diff HEAD .` with that of generating once."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            inputs.write(folder, number)
            git = "git -c user.name=dsgen -c user.email=dsgen@example.com"
            wall(
                f"git init -q && git add profiles dsgen.yaml && {git} commit -qm one && echo >> profiles/p000000.yaml",
                folder,
            )
            ours, once = f"{self._dsgen} diff HEAD .", f"{self._dsgen} generate -q -o -"
            self._row(f"diff HEAD ., {number:,} profiles, generate", 1.3, ours, once, folder, processor)

    def nodes(self, number: int, agents: int) -> None:
        """Compare planning agents for a cluster whose nodes are in a file of YAML."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            inputs.write(folder, agents)
            inputs.write_nodes(folder / "nodes.yaml", number)
            given = "plan --nodes nodes.yaml --format json"
            self._row(
                f"{number:,} nodes, {agents} agents",
                0.3,
                f"{self._now} {given}",
                f"{self._earlier} {given}",
                folder,
                wall,
            )

    def environments(self, profiles: int, environments: int) -> None:
        """Compare generating a project of many environments: its time, and its largest process."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            inputs.write(folder, profiles)
            (folder / "environments").mkdir()
            for each in range(environments):
                text = inputs.ENVIRONMENT.format(n=each)
                (folder / "environments" / f"c{each:05}.yaml").write_text(text)
            what = f"{profiles} profiles, {environments:,} environments"
            ours, earlier = (f"{each} generate -q -o - | tail -c 1" for each in (self._now, self._earlier))
            self._row(what, 0.5, ours, earlier, folder, wall)
            self._row(f"{what}, memory", 0.7, ours, earlier, folder, peak)

    def _row(self, what: str, wanted: float, first: str, second: str, folder: Path, measure: Measure) -> None:
        found = best(first, second, folder, self._runs, measure)
        row(what, *found, wanted, "MiB" if measure is peak else "s")
