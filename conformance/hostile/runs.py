"""Commands that run in folders of hostile files."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from click.testing import CliRunner, Result

from conformance.hostile import require
from conformance.hostile.seeds import VARIANTS, shipped_templates, text_of
from conformance.hostile.templates import template
from dsgen.build.output import index
from dsgen.cli import main, shell


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="dsgen-hostile-"))
    before = os.getcwd()
    try:
        os.chdir(folder)
        shell._lines.cache_clear()
        yield folder
    finally:
        os.chdir(before)
        shutil.rmtree(folder)


def _call(call: list[str], given: bytes = b"") -> Result:
    """Run a command. Its messages may have no letters that a terminal should not get."""
    result = CliRunner().invoke(main, call, input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    require(result.exit_code in (0, 1, 2), f"{call}: exit code {result.exit_code}")
    said = result.stderr if call[0] in ("import", "kustomize") or "-" in call else result.output
    require(all(letter.isprintable() or letter in "\n\t" for letter in said), f"{call}: a letter for a terminal")
    return result


def commands(chance: Random) -> None:
    """Run commands in a project of hostile files, which none of them may change."""
    with _folder() as folder:
        for name, kind in _FILES.items():
            if chance.random() < 0.8:
                (folder / name).parent.mkdir(exist_ok=True)
                if kind in _SOUND and chance.random() < 0.5:
                    data = _SOUND[kind].encode()
                elif kind == "template":
                    data = template(shipped_templates(), chance).encode("utf-8", "surrogatepass")
                else:
                    data = text_of(kind, chance)
                (folder / name).write_bytes(data)
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for _ in range(chance.choice((1, 2))):
            call = chance.choice(_CALLS)
            _call(call, text_of("resources" if call[0] == "kustomize" else "manifest", chance))
            for path, data in before.items():
                require(path.is_file() and path.read_bytes() == data, f"{call}: {path.name} is not as it was")


def outputs(chance: Random) -> None:
    """Generate into a folder of which parts were damaged, replaced or added, while a profile came or went."""
    with _folder() as folder:
        shutil.copytree(_generated(), folder, dirs_exist_ok=True)
        secret = folder.parent / f"{folder.name}.secret"
        secret.write_text("not for you")
        try:
            _try_outputs(folder, secret, chance)
        finally:
            require(secret.read_text() == "not for you", "a file beside the project was written to")
            secret.unlink()


def _try_outputs(folder: Path, secret: Path, chance: Random) -> None:
    made = sorted(path for path in folder.rglob("out/**/*") if path.is_file())
    own: dict[Path, bytes] = {}
    damaged = set()
    for _ in range(chance.choice((1, 1, 2, 4))):
        path = chance.choice(made)
        damaged.add(path)
        if chance.random() < 0.2:
            path = path.with_name(chance.choice(("notes.txt", ".mine", "daemonset-x.yaml", "kustomization.yml")))
        own.pop(path, None)
        with contextlib.suppress(OSError):
            _remove(path)
            _damage(path, secret, chance)
            if path.is_file() and not path.is_symlink() and path.name not in (index.NAME, "kustomization.yaml"):
                own[path] = path.read_bytes()
    if chance.random() < 0.4:
        (folder / "profiles" / chance.choice(("a.yaml", "b.yaml"))).unlink()
    if chance.random() < 0.2:
        (folder / "environments/prod.yaml").unlink()
    for call in ["generate", "--check"], ["generate"], ["generate", "--check"]:
        result = _call(call)
        require("not for you" not in result.output, f"{call}: a file beside the project is shown")
        for path, data in own.items():
            require(os.path.lexists(path) and path.read_bytes() == data, f"{call}: {path.name} is not as it was")
        if result.exit_code == 0:
            _require_fresh(folder, made, damaged)


def _require_fresh(folder: Path, made: list[Path], damaged: set[Path]) -> None:
    """Require that out/ holds what a run in a new folder makes, and nothing else of dsgen's."""
    with _folder() as other:
        for name in ("dsgen.yaml", "profiles", "environments"):
            (shutil.copytree if (folder / name).is_dir() else shutil.copy)(folder / name, other / name)
        require(_call(["generate"]).exit_code == 0, "a run in a new folder ends badly")
        fresh = {path.relative_to(other): path.read_bytes() for path in other.rglob("out/**/*") if path.is_file()}
    for relative, data in fresh.items():
        path = folder / relative
        require(path.is_file() and path.read_bytes() == data, f"{relative} is stale")
    for path in made:
        # A folder whose index was damaged is its user's.
        if path.relative_to(folder) not in fresh and damaged.isdisjoint({path, path.parent / index.NAME}):
            require(not path.exists(), f"{path.name} is left")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _damage(path: Path, secret: Path, chance: Random) -> None:
    """Put something where no file is."""
    how = chance.randrange(8)
    if how == 0:
        path.symlink_to(chance.choice((secret, Path("nowhere"), Path("/dev/zero"), secret.parent, Path("."))))
    elif how == 1:
        path.mkdir()
        (path / "notes.txt").write_text("mine")
    elif how == 2:
        os.mkfifo(path)
    elif how < 6:
        path.write_bytes(text_of("index" if path.name == index.NAME else "manifest", chance))
    elif how == 6:
        path.write_bytes(chance.choice((b"", b"\xff\xfe", b"# Generated by dsgen\n", b"mine")))


@cache
def _generated() -> Path:
    """Return a project of two profiles and an environment, which is generated."""
    with _folder() as folder:
        for name, text in _PROJECT.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        require(_call(["generate"]).exit_code == 0, "a run in a new folder ends badly")
        kept = Path(tempfile.mkdtemp(prefix="dsgen-hostile-"))
        return Path(shutil.copytree(folder, kept, dirs_exist_ok=True))


_PROJECT: Final = {
    "dsgen.yaml": "",
    "profiles/a.yaml": VARIANTS,
    "profiles/b.yaml": "name: b\nnamespace: {name: b, create: true}\ncontainers: {b: {image: x}}\n",
    "environments/prod.yaml": "all: {labels: {environment: prod}}\n",
    "environments/test.yaml": "profiles: [b]\n",
}
_SOUND: Final = {
    "profile": VARIANTS,
    "environment": "",
    "project": "",
    "template": '{% extends "dsgen/daemonset.yaml.j2" %}\n',
}
_FILES: Final = {
    "conf/a.conf": "manifest", "dsgen.yaml": "project", "profiles/a.yaml": "profile", "profiles/b.yaml": "profile", "environments/prod.yaml": "environment", "templates/daemonset.yaml.j2": "template",
    "m.yaml": "manifest", "n.yaml": "manifest", "nodes.json": "nodes", "pools.yaml": "pools", "pods.json": "pods",
}  # fmt: skip
_CALLS: Final = (
    ["generate"], ["generate", "-o", "-"], ["generate", "--check"], ["generate", "--diff"], ["generate", "--defaults", "profiles/a.yaml"], ["validate"], ["validate", "m.yaml"], ["validate", "."],
    ["validate", "-", "--format", "json"], ["requires"], ["explain", "containers"], ["new", "other", "--from", "plain"], ["init"], ["requires", "--format", "json"], ["trace", "profiles/a.yaml"], ["trace", "agent", "containers", "--format", "json"], ["trace", "agent", "spec"],
    ["diff", "m.yaml", "n.yaml"], ["diff", "m.yaml", "n.yaml", "--format", "markdown"], ["diff", "m.yaml", "n.yaml", "--format", "json", "--nodes", "nodes.json"], ["diff", "-", "."], ["kustomize"],
    ["plan", "--nodes", "nodes.json", "--pods", "pods.json"], ["plan", "m.yaml", "--nodes", "pools.yaml", "--format", "json"], ["plan", "--nodes", "pools.yaml", "--html", "plan.html"],
    ["import", "m.yaml", "n.yaml"], ["import", "m.yaml", "-o", "imported"], ["import", "-", "--extends", "node-exporter"], ["import", "m.yaml", "n.yaml", "--variants", "agent"],
)  # fmt: skip
