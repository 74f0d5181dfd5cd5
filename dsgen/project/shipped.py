"""Paths of the shipped templates, presets and starter files: in the wheel, or next to the package in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dsgen.problem import TEMPLATE, is_shipped

_PACKAGE = Path(__file__).parents[1]
# The presets that only exchange the output of another: its profiles are not generated, because they have the same name.
_OUTPUTS = "_outputs"


def _folder(name: str) -> Path:
    packed = _PACKAGE / "shipped" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def templates() -> Path:
    """Return the folder of the shipped templates."""
    return _folder("templates")


def file_of(shown: str) -> Path:
    """Return the path of the file that problems call `shown`, such as `preset fluent-bit` or `profiles/agent.yaml`."""
    if not is_shipped(shown):
        return Path(shown)
    kind, _, name = shown.partition(" ")
    return templates() / name if f"{kind} " == TEMPLATE else profiles().get(name, Path(shown))


def folder() -> Path:
    """Return the folder of the presets."""
    return _folder("profiles")


@cache
def profiles() -> dict[str, Path]:
    """Return the presets by name, which is their file name. Those with another output are in a folder; other profiles in folders are examples."""
    found = sorted([*folder().glob("*.yaml"), *folder().glob(f"{_OUTPUTS}/*.yaml")], key=lambda path: path.stem)
    return {path.stem: path for path in found if not path.name.startswith("_")}


def preset_files(name: str) -> list[tuple[str, bytes]]:
    """Return the files of a preset: its profile, and the files of its config maps, by their path below the folder of the presets."""
    profile = profiles()[name]
    files = sorted(path for path in (folder() / "files" / name).rglob("*") if path.is_file())
    return [
        (profile.name, profile.read_bytes()),
        *((path.relative_to(folder()).as_posix(), path.read_bytes()) for path in files),
    ]


def starter() -> dict[str, str]:
    """Return the files of a new project: their texts, by path below the project folder."""
    folder = _folder("starter")
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}
