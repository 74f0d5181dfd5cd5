"""The CustomResourceDefinitions of a project: the key `crds` of dsgen.yaml and of environments, and the files of a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dsgen.problem import Problem
from dsgen.project.paths import MISSING_PATH, display_path, files_below, is_path, matching, unreadable
from dsgen.reading import MANIFESTS, YAML_SUFFIXES, is_below, is_manifest, read_named
from dsgen.tree import List, Value, origin_of

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions
    from dsgen.resolve.environment import Environment

# What the text of a file with a definition has.
_NAMED: Final = b"CustomResourceDefinition"


def read(value: Value, root: Path, problems: list[Problem]) -> tuple[str, ...]:
    """Return the files that a key `crds` names: files, folders and patterns below the project folder `root`, in order."""
    found: list[str] = []
    for entry in value if isinstance(value, List) else List([value]):
        if not is_path(entry, "crds", problems):
            continue
        try:
            files = _files(str(entry), root)
        except OSError as error:
            problems.append(MISSING_PATH.at(origin_of(entry), f"cannot read {unreadable(error)}", path="crds"))
            continue
        if not files:
            wrong = f"`{entry}` matches no file" if _is_pattern(entry) else f"no such file or folder `{entry}`"
            hint = "write the path of a file or folder with CustomResourceDefinitions, below the project folder"
            problems.append(MISSING_PATH.at(origin_of(entry), wrong, hint=hint, path="crds"))
        found += files
    return tuple(dict.fromkeys(found))


def with_files(environment: Environment, root: Path, problems: list[Problem]) -> Environment:
    """Return an environment with the files that its own key `crds` names; problems are added to `problems`."""
    if "crds" not in environment.stated:
        return environment
    return environment._replace(crds=read(environment.stated["crds"], root, problems))


def _is_pattern(entry: str) -> bool:
    return not set("*?[").isdisjoint(entry)


def _files(entry: str, root: Path) -> list[str]:
    path = root / entry
    if _is_pattern(entry):
        return matching(root, root, [entry], is_manifest)
    if path.is_dir():
        return list(map(str, files_below(path, root, YAML_SUFFIXES)))
    return [str(path)] if path.exists() else []


def definitions(
    root: Path, stated: Sequence[str], environment: Sequence[str] = (), given: Iterable[Path] = ()
) -> Definitions | None:
    """Return the definitions of the project in the folder `root`, or None if there are none but the shipped ones.

    Those among the files `given` to a run come first, then those of an `environment`.
    """
    layers = [tuple(str(path) for path in given if str(path) != "-"), tuple(environment), tuple(stated)]
    if not any(layers):
        return None
    from dsgen.kubernetes.custom.definitions import Definitions

    return Definitions([_layer(files, root) for files in layers if files])


def _layer(files: tuple[str, ...], root: Path) -> Callable[[str], Iterable[Any]]:
    """Return a function that returns the objects in some files that may define a kind. It raises OSError for a file that cannot be read."""

    @cache
    def defining() -> list[tuple[str, bytes]]:
        return [(file, text) for file in files if _NAMED in (text := _text(file, str(root)))]

    def objects(kind: str) -> Iterable[Any]:
        for file, text in defining():
            if kind.encode() in text:
                yield from _parsed(file, text)

    return objects


def _text(file: str, root: str) -> bytes:
    return read_named(file, root if is_below(os.path.abspath(file), root) else "", MANIFESTS)


@lru_cache(maxsize=64)
def _parsed(file: str, text: bytes) -> list[Any]:
    from dsgen.kubernetes.manifest import read
    from dsgen.kubernetes.stream import unfold_list

    found: list[Any] = []
    for document in read(text, display_path(Path(file))):
        roots, problems = unfold_list(document)
        found += problems or roots
    return found
