"""The project: the folder of `dsgen.yaml`, its profiles, its templates, and the output folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dsgen import gitops, source
from dsgen.gitops import GitOps
from dsgen.kubernetes.lint import NOTHING_SAID, Checks
from dsgen.kubernetes.schema import fields
from dsgen.problem import PRESET, Problem, code, comma_list, did_you_mean, is_shipped
from dsgen.profile.shape_problems import INVALID_TYPE, UNKNOWN_KEY, UNKNOWN_VERSION
from dsgen.project import checks, run_keys, shipped
from dsgen.project import packs as preset_packs
from dsgen.project.dsgen_version import is_required
from dsgen.project.keys import ELSEWHERE, KEYS
from dsgen.project.packs import Pack
from dsgen.project.paths import display_path, is_path, matching
from dsgen.project.patterns import literal_parts
from dsgen.project.preset_lock import FOLDER, LockedPreset, read_lock
from dsgen.project.preset_lock import NAME as LOCK
from dsgen.project.preset_lock import check as check_digests
from dsgen.project.shown_paths import FILE as FILE
from dsgen.project.shown_paths import shown
from dsgen.reading import check_owner, is_below, is_linked, read_file
from dsgen.record import Record
from dsgen.resolve.file import File, NotFoundError
from dsgen.source import describe
from dsgen.tree import List, Map, Text, origin_of

UNREAD_FILE = code(
    "unread-file",
    """A file that looks like a profile, an environment or a template, but is not read as one. A file that ends in `.yaml`, `.yml` or `.json`
    in the folders of profiles and environments must be one of them, or be used by one: as a parent, or as a file of a config map. A file
    in the templates folder whose name resembles that of a shipped template must be used by a profile or by another template. Files and
    folders whose names begin with `_` or `.` are ignored. Until this is fixed, nothing is removed from the output.""",
)

# How many patterns a `dsgen.yaml` may have, each of which is sought for by itself.
PATTERNS: Final = 1_000


class Project(Record):
    """A project. `root` is its folder; `stated` is whether it has a `dsgen.yaml`, `pinned` whether that sets the version of Kubernetes.

    `crds` are the files with CustomResourceDefinitions, `policies` those with policies, and what these refer to; `presets` are the presets
    that are locked, and `packs` are where else than from dsgen they may be from. `defaults` and `fail_on` are the options that every run has.
    """

    root: Path
    stated: bool = False
    kubernetes: str = fields.DEFAULT
    pinned: bool = False
    profiles: tuple[str, ...] = ("profiles/**/*.yaml",)
    templates: str = "templates"
    environments: str = "environments"
    manifests: tuple[str, ...] = ()
    output: str = "out"
    gitops: GitOps = GitOps()
    checks: Checks = NOTHING_SAID
    crds: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    presets: tuple[LockedPreset, ...] = ()
    packs: tuple[Pack, ...] = ()
    defaults: bool = False
    fail_on: str = ""

    def file_of(self, shown: str) -> Path:
        """Return the path of the file that problems call `shown`, such as `preset fluent-bit` or `profiles/agent.yaml`."""
        of = next((each.file for each in self.presets if each.shown == shown), None)
        return self.root / of if of else shipped.file_of(shown)

    def profile_files(self) -> list[Path]:
        """Return the project's profiles by path; files whose names begin with `_` or `.` are only parents.

        Raises OSError for a folder that cannot be listed.
        """
        # There may be thousands.
        names = matching(self.root, self.root, self.profiles)
        return [Path(name) for name in names if not (self.presets and self.is_locked(name))]

    def is_locked(self, path: str) -> bool:
        """Return whether a file is one that `dsgen presets lock` writes. The project's own may be beside those."""
        folder = os.path.join(self.root, FOLDER, "")
        copy, separator, _ = path[len(folder) :].partition(os.sep)
        return path.startswith(folder) and ("@" in copy if separator else copy == os.path.basename(LOCK))

    def profile_folder(self) -> Path:
        """Return the folder for a new profile: the part before the first wildcard of the first pattern."""
        parts = Path(self.profiles[0]).parts if self.profiles else ()
        return beginning(self.root, [Path(*parts[:-1]).as_posix()]) if parts else self.root

    def environment_files(self) -> dict[str, Path]:
        """Return the files of the environments by name, sorted; names that begin with `_` or `.` are skipped. Raises OSError."""
        folder = self.root / self.environments
        try:
            names = sorted(os.listdir(folder))
        except FileNotFoundError:
            if is_linked(folder, self.root):
                raise  # a broken symlink
            return {}
        return {name[:-5]: folder / name for name in names if name.endswith(".yaml") and name[0] not in "_."}


def beginning(root: Path, patterns: Sequence[str]) -> Path:
    """Return what the first of the patterns begins with, up to its first wildcard, below the folder `root`."""
    return root.joinpath(*literal_parts(Path(patterns[0]).parts))


def find_project(start: Path, top: Path | None = None) -> tuple[Project, list[Problem]]:
    """Return the project that `start` is in, and the problems of its `dsgen.yaml`; without one, `start` itself.

    Folders above `top` are not searched.
    Raises OSError for a `dsgen.yaml` that cannot be read, or that belongs to another user and is above both `start` and the current folder.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if top is not None and not folder.is_relative_to(top):
            break
        if os.path.lexists(folder / FILE):
            if folder not in (start, Path.cwd()):
                check_owner(folder / FILE)
            return read_project(folder)
    return Project(start), []


def read_project(folder: Path) -> tuple[Project, list[Problem]]:
    """Return the project of a folder with a `dsgen.yaml`, and the problems of that file."""
    name = display_path(folder / FILE)
    text = read_file(folder / FILE, folder)
    lock: list[Problem] = []
    presets = read_lock(folder, lock)
    if not text.strip():
        return Project(folder, stated=True, presets=presets), lock
    root, problems = source.read(text, name)
    if root is None or problems:
        return Project(folder, stated=True), problems
    if not isinstance(root, Map):
        return Project(folder, stated=True), [INVALID_TYPE.at(origin_of(root), f"expected a map, got {describe(root)}")]
    if "dsgen" in root and not is_required(root["dsgen"], problems):
        return Project(folder, stated=True), problems  # another version may have other keys
    problems += lock
    # Values keep their positions in the file.
    found: dict[str, str | bool | tuple[str, ...] | tuple[Pack, ...] | GitOps | Checks] = {}
    for key, value in root.items():
        if key not in KEYS:
            hint = ELSEWHERE.get(key) or did_you_mean(key, KEYS) or f"known keys: {', '.join(KEYS)}"
            problems.append(UNKNOWN_KEY.at(origin_of(key), f"unknown key `{key}` in {FILE}", hint=hint, path=key))
        elif key in ("profiles", "manifests"):
            entries = value if isinstance(value, List) else List([value])
            if len(entries) > PATTERNS:
                many = f"expected at most {PATTERNS:,} patterns, got {len(entries):,}"
                hint = "write patterns with wildcards, such as `profiles/**/*.yaml`"
                problems.append(INVALID_TYPE.at(origin_of(value), many, hint=hint, path=key))
            found[key] = tuple(entry for entry in entries[:PATTERNS] if is_path(entry, key, problems))
        elif key in ("crds", "policies"):
            from dsgen.project import crds

            found[key] = crds.read(value, folder, problems, key)
        elif key == "kubernetes":
            if not isinstance(value, Text) or value not in fields.MINORS:
                from dsgen.profile.environment import version_hint

                unknown = f"unknown Kubernetes version {describe(value)}"
                problems.append(UNKNOWN_VERSION.at(origin_of(value), unknown, hint=version_hint(value), path=key))
            else:
                found |= {key: str(value), "pinned": True}
        elif key == "presets":
            found["packs"] = preset_packs.read(value, problems)
        elif key not in ("dsgen", *run_keys.KEYS, *gitops.KEYS, *checks.KEYS) and is_path(value, key, problems):
            found[key] = value
    if not gitops.KEYS.keys().isdisjoint(root):
        found["gitops"] = gitops.read(root, problems)
    found["checks"] = checks.read(root, problems)
    found |= run_keys.read(root, problems)
    return Project(folder, stated=True, presets=presets, **found), problems  # type: ignore[arg-type]


def bound(project: Project, folder: str) -> str:
    """Return the real path of the folder that paths in files of `folder` may not lead out of: that of the project, of the presets or of a
    locked preset, or without a project `folder` itself.
    """
    for each in project.presets:
        if is_below(folder, str(project.root / each.folder)):
            return os.path.realpath(project.root / each.folder)
    presets = str(shipped.folder())
    if is_below(folder, presets) and not is_below(folder, str(project.root)):
        return os.path.realpath(presets)
    return os.path.realpath(project.root if project.stated else folder)


def where(project: Project, root: str) -> str:
    """Return a hint that says where the folder `root` is, for a path that leads out of it."""
    return (
        f"the project folder, with {FILE}, is {display_path(Path(root))}"
        if project.stated
        else f"there is no {FILE}, so the project folder is {display_path(Path(root))}"
    )


class Finder:
    """Finds the profiles that `extends` refers to."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._presets = {each.name: each for each in project.presets}
        self._checked: set[str] = set()

    def __call__(self, reference: str, stated_in: File) -> File:
        """Return the file that a profile extends. Raises NotFoundError."""
        if "/" not in reference and not reference.endswith(".yaml"):
            if reference in self._presets:
                return self._locked(self._presets[reference])
            path = shipped.profiles().get(reference)
            if path is None:
                raise NotFoundError(f"no such preset `{reference}`", self._hint(reference))
            return open_file(path)._replace(name=f"{PRESET}{reference}")
        path = Path(stated_in.key).parent / reference
        own = os.path.dirname(stated_in.key)
        alone = is_shipped(stated_in.name) or not is_below(own, str(self._project.root))
        root = bound(self._project, own if alone else str(self._project.root))
        try:
            # The real path identifies a file, even if symlinks lead to it.
            real = os.path.realpath(path)
            if not is_below(real, root):
                raise NotFoundError(f"`{reference}` leads out of the project", where(self._project, root))
            return open_file(path)._replace(key=real)
        except (OSError, ValueError) as error:
            hint = "" if "/" in reference else f"`{reference}` refers to a file next to this one"
            raise NotFoundError(f"`{reference}` cannot be read: {getattr(error, 'strerror', error)}", hint) from None

    def _hint(self, reference: str) -> str:
        near = did_you_mean(reference, self._presets)
        if self._project.packs and not near:
            packs = comma_list([each.name for each in self._project.packs])
            return f"if it is in a pack ({packs}), run `dsgen presets lock`, which copies it into the project"
        own = f"write a path such as `./{reference}.yaml` for a file of your own"
        return near or did_you_mean(reference, shipped.profiles()) or own

    def _locked(self, preset: LockedPreset) -> File:
        root = self._project.root
        try:
            if preset.name not in self._checked:
                check_digests(root, preset)
                self._checked.add(preset.name)
            return open_file(root / preset.file, root)._replace(name=preset.shown)
        except OSError as error:
            raise NotFoundError(f"the locked preset `{preset.name}` cannot be read: {error.strerror}") from None


def open_file(path: Path, within: Path | None = None) -> File:
    """Return the content of a project's file; no symlink may lead to it out of the folder `within`. Raises OSError."""
    absolute = os.path.abspath(path)
    return File(shown(absolute, path), read_file(path, within or ""), absolute)
