"""The key `presets` of `dsgen.yaml`: packs, which are presets of your own in a folder, a Git repository or a Python package."""

from __future__ import annotations

import re
from typing import Final

from dsgen.problem import Problem, code, did_you_mean
from dsgen.profile.shape_problems import INVALID_TYPE, UNKNOWN_KEY
from dsgen.record import Record
from dsgen.source import describe
from dsgen.tree import Map, Text, Value, origin_of

INVALID_PACK = code(
    "invalid-preset-pack",
    """A pack of presets in `dsgen.yaml` does not say where it is, or in a way that is not safe: a pack is one of a `folder`, a `git` repository
    with its full `commit`, or a Python `package`. A commit is required, because it is the only name whose content never changes.""",
)
# The keys: the description and an example of each.
KEYS: Final = {
    "presets": (
        "Packs of presets of your own, by name: `{folder: PATH}`, `{git: URL, commit: HASH}` or `{package: NAME}`, each with an optional `path` of the "
        "folder in it. `dsgen presets lock` copies what your profiles extend; only the commands `presets` and `new` read packs.",
        "presets: {house: {folder: ../presets}, acme: {package: acme-presets}}",
    )
}
FOLDER, GIT, PACKAGE = KINDS = ("folder", "git", "package")
_KEYS: Final = (*KINDS, "commit", "path")
NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# The transports that Git may use. Others run commands, or are not encrypted.
SCHEMES: Final = ("https", "ssh", "file")
_URL: Final = re.compile(rf"({'|'.join(SCHEMES)})://[^\s\x00-\x1f]+")
_LIKE_SSH: Final = re.compile(r"(?:[\w.-]+@)?[\w.-]+:[^/\s][^\s]*")
_PACKAGE: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")


class Pack(Record):
    """A pack: its name, which of `KINDS` it is, and where: a path relative to the project, a URL or the name of a package.

    `commit` is that of a Git repository, and `path` the folder in the pack.
    """

    name: str
    kind: str
    where: str
    commit: str = ""
    path: str = ""


def read(value: Value, problems: list[Problem]) -> tuple[Pack, ...]:
    """Return the packs of a `dsgen.yaml`; problems are added to `problems`."""
    if not isinstance(value, Map):
        found = f"expected a map of packs by name, got {describe(value)}"
        problems.append(INVALID_TYPE.at(origin_of(value), found, hint=f"write `{KEYS['presets'][1]}`", path="presets"))
        return ()
    packs = (_pack(name, stated, problems) for name, stated in value.items())
    return tuple(pack for pack in packs if pack)


def _pack(name: str, stated: Value, problems: list[Problem]) -> Pack | None:
    path, before = f"presets.{name}", len(problems)

    def wrong(at: object, found: str, hint: str, key: str = "") -> None:
        where = f"{path}.{key}" if key else path
        problems.append(INVALID_PACK.at(origin_of(at) or origin_of(name), found, hint=hint, path=where))

    if not NAME.fullmatch(name):
        wrong(name, f"'{name}' is not a valid name of a pack", "write lower-case letters, digits and inner `-`")
    if not isinstance(stated, Map):
        wrong(stated, f"expected a map, got {describe(stated)}", "write `{folder: PATH}`, `{git: URL, commit: HASH}` or `{package: NAME}`")  # fmt: skip
        return None
    for key in stated:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS) or f"known keys: {', '.join(_KEYS)}"
            found = f"unknown key `{key}` under `{path}`"
            problems.append(UNKNOWN_KEY.at(origin_of(key), found, hint=hint, path=f"{path}.{key}"))
    for key, text in stated.items():
        if key in _KEYS and not (isinstance(text, Text) and text):
            wrong(text, f"expected text, got {describe(text)}", f"write `{key}: {_EXAMPLES[key]}`", key)
    kinds = [kind for kind in KINDS if kind in stated]
    if len(kinds) != 1:
        found = f"`{kinds[0]}` and `{kinds[1]}` of one pack" if kinds else "the pack does not say where it is"
        wrong(stated, found, "set one of `folder`, `git` and `package`")
    if len(problems) > before:
        return None
    (kind,) = kinds
    pack = Pack(name, kind, str(stated[kind]), str(stated.get("commit", "")), str(stated.get("path", "")).strip("/"))
    if ".." in pack.path.split("/") or "\\" in pack.path:
        wrong(stated["path"], f"`{pack.path}` leads out of the pack", "write a path below the pack's folder", "path")
    if kind != GIT and "commit" in stated:
        wrong(stated["commit"], f"`commit` is not allowed for a {kind}", "remove it", "commit")
    check = {FOLDER: _check_folder, GIT: _check_git, PACKAGE: _check_package}[kind]
    for key, found, hint in check(pack):
        wrong(stated.get(key, stated[kind]), found, hint, key)
    return pack if len(problems) == before else None


_EXAMPLES: Final = {
    "folder": "../presets",
    "git": "https://git.example.com/platform/presets.git",
    "package": "acme-presets",
    "commit": "HASH",
    "path": "presets",
}


def _check_folder(pack: Pack) -> list[tuple[str, str, str]]:
    if pack.where.startswith("/") or "\\" in pack.where or "\0" in pack.where:
        return [(FOLDER, f"`{pack.where}` is not a relative path", "write a path relative to the project's folder")]
    return []


def _check_git(pack: Pack) -> list[tuple[str, str, str]]:
    if not _URL.fullmatch(pack.where):
        known = f"write a URL that begins with {', '.join(f'`{each}://`' for each in SCHEMES)}"
        user, _, rest = pack.where.partition(":")
        hint = f"write `ssh://{user}/{rest}`" if _LIKE_SSH.fullmatch(pack.where) and "::" not in pack.where else known
        return [(GIT, f"'{pack.where}' is not a URL that Git may fetch", hint)]
    if not pack.commit:
        hint = f"add `commit: HASH`; `git ls-remote {pack.where} HEAD` prints that of the default branch"
        return [("commit", "a Git repository requires a commit", hint)]
    if not COMMIT.fullmatch(pack.commit):
        hint = "write the full hash; a branch or a tag can move"
        return [("commit", f"'{pack.commit}' is not a full commit hash of 40 or 64 digits", hint)]
    return []


def _check_package(pack: Pack) -> list[tuple[str, str, str]]:
    if not _PACKAGE.fullmatch(pack.where):
        return [(PACKAGE, f"'{pack.where}' is not a name of a Python package", "write a name such as `acme-presets`")]
    return []
