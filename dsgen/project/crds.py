"""What of a cluster a project knows: the keys `crds` and `policies` of dsgen.yaml and of environments, and the files of a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dsgen.problem import Problem
from dsgen.project.paths import MISSING_PATH, display_path, files_below, is_path, matching, unreadable
from dsgen.reading import MANIFESTS, YAML_SUFFIXES, is_below, is_manifest, read_named
from dsgen.tree import List, Value, origin_of

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions
    from dsgen.kubernetes.policies.policies import Policies
    from dsgen.resolve.environment import Environment

# Key → what the files have that it names.
KEYS: Final = {"crds": "CustomResourceDefinitions", "policies": "ValidatingAdmissionPolicies"}
# What the text of a file with a definition, or with a policy or a binding, has.
_DEFINING: Final = b"CustomResourceDefinition"


def read(value: Value, root: Path, problems: list[Problem], key: str = "crds") -> tuple[str, ...]:
    """Return the files that one of the keys names: files, folders and patterns below the project folder `root`, in order."""
    found: list[str] = []
    for entry in value if isinstance(value, List) else List([value]):
        if not is_path(entry, key, problems):
            continue
        try:
            files = _files(str(entry), root)
        except OSError as error:
            problems.append(MISSING_PATH.at(origin_of(entry), f"cannot read {unreadable(error)}", path=key))
            continue
        if not files:
            wrong = f"`{entry}` matches no file" if _is_pattern(entry) else f"no such file or folder `{entry}`"
            hint = f"write the path of a file or folder with {KEYS[key]}, below the project folder"
            problems.append(MISSING_PATH.at(origin_of(entry), wrong, hint=hint, path=key))
        found += files
    return tuple(dict.fromkeys(found))


def with_files(environment: Environment, root: Path, problems: list[Problem]) -> Environment:
    """Return an environment with the files that its own keys name; problems are added to `problems`."""
    for key in KEYS:
        if key in environment.stated:
            files = read(environment.stated[key], root, problems, key)
            environment = environment._replace(crds=files) if key == "crds" else environment._replace(policies=files)
    return environment


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
    layers = _layers(given, environment, stated)
    if not layers:
        return None
    from dsgen.kubernetes.custom.definitions import Definitions

    return Definitions([_layer(files, root, _DEFINING, are_given) for files, are_given in layers])


def policies(
    root: Path, stated: Sequence[str], environment: Sequence[str] = (), given: Iterable[Path] = ()
) -> Policies | None:
    """Return the policies of the project in the folder `root`, or None if there are none; in the same order as `definitions`."""
    layers = _layers(given, environment, stated)
    if not layers:
        return None
    from dsgen.kubernetes.policies.policies import Policies

    return Policies([_layer(files, root, b"", are_given) for files, are_given in layers])


def _layers(given: Iterable[Path], *named: Sequence[str]) -> list[tuple[tuple[str, ...], bool]]:
    """Return lists of files without those that are empty, and whether they are those `given`."""
    layers = [(tuple(str(path) for path in given if str(path) != "-"), True), *((tuple(each), False) for each in named)]
    return [layer for layer in layers if layer[0]]


def _layer(files: tuple[str, ...], root: Path, mark: bytes, are_given: bool) -> Callable[[str], Iterable[Any]]:
    """Return a function that returns the objects in some files with a `mark` that may be of, or define, a kind.

    It raises OSError for a file that cannot be read, unless they `are_given` to the run, which reports the file itself.
    """

    @cache
    def marked() -> list[tuple[str, bytes]]:
        return [(file, text) for file in files if mark in (text := text_of(file))]

    def text_of(file: str) -> bytes:
        with suppress(OSError) if are_given else nullcontext():
            return _text(file, str(root))
        return b""

    # Each file of a run asks for the kinds of policies: without a cache, each of a thousand files would be searched a thousand times.
    @cache
    def objects(kind: str) -> Iterable[Any]:
        found = (_parsed(file, text) for file, text in marked() if kind.encode() in text)
        return [each for objects in found for each in objects]

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
