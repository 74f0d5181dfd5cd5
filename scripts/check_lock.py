"""Tell where requirements.lock does not fit pyproject.toml, for each Python that dsgen supports.

python -m scripts.check_lock
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT: Final = Path(__file__).parent.parent
LOCK: Final = ROOT / "requirements.lock"
PYTHONS: Final = ("3.10", "3.11", "3.12", "3.13", "3.14")


def pyproject() -> dict[str, Any]:
    """Return what pyproject.toml says."""
    read: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return read


def wanted(project: dict[str, Any]) -> list[Requirement]:
    """Return what the build, dsgen and the work on it ask for, by the content of a `pyproject.toml`."""
    return [
        Requirement(line)
        for lines in (
            project["build-system"]["requires"],
            project["project"]["dependencies"],
            *project["project"]["optional-dependencies"].values(),
        )
        for line in lines
    ]


def locked(lock: str) -> list[Requirement]:
    """Return what the lines of a lock name, without their hashes."""
    return [Requirement(line) for line in re.findall(r"^(\w.*?)(?: \\)?$", lock, re.MULTILINE)]


def applies(requirement: Requirement, python: str) -> bool:
    """Return whether a requirement concerns a Python such as `3.10`, on this system."""
    there = {"python_version": python, "python_full_version": f"{python}.0"}
    return requirement.marker is None or requirement.marker.evaluate(there)


def misfits(project: dict[str, Any], lock: str) -> Iterator[str]:
    """Yield a line for each requirement of a `pyproject.toml` that a lock does not meet, with the first Python concerned."""
    named = locked(lock)
    for requirement in wanted(project):
        for python in filter(lambda python: applies(requirement, python), PYTHONS):
            name = canonicalize_name(requirement.name)
            found = [each for each in named if canonicalize_name(each.name) == name and applies(each, python)]
            versions = [specifier.version for each in found for specifier in each.specifier]
            if len(versions) != 1 or not requirement.specifier.contains(versions[0], prereleases=True):
                text = " and ".join(f"{name} {version}" for version in versions) or f"no {name}"
                yield f"pyproject.toml asks for `{requirement}`, requirements.lock has {text} for Python {python}"
                break


def main() -> int:
    """Return 1 when the lock does not fit."""
    found = list(misfits(pyproject(), LOCK.read_text("utf-8")))
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print("run `make lock`, and commit requirements.lock", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
