"""Where the shipped templates, profiles and the files of a new project are: in the wheel, or beside the package in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def _folder(name: str) -> Path:
    packed = _PACKAGE / "shipped" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def templates() -> Path:
    """Return the folder of the shipped templates."""
    return _folder("templates")


def folder() -> Path:
    """Return the folder of the presets."""
    return _folder("profiles")


@cache
def profiles() -> dict[str, Path]:
    """Return the presets by name, which is the name of their file; those in folders are examples."""
    found = sorted(folder().glob("*.yaml"))
    return {path.stem: path for path in found if not path.name.startswith("_")}


def starter() -> dict[str, str]:
    """Return the files that a new project begins with: their texts, by path below the project's folder."""
    folder = _folder("starter")
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}
