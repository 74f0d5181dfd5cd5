"""Files that look like profiles or environments but are read as neither: their objects would be missing, and so be removed."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from glob import escape, has_magic
from pathlib import Path
from typing import Final

from dsgen import source
from dsgen.problem import Problem
from dsgen.project import shipped
from dsgen.project.config_files import find_config
from dsgen.project.mentions import mentions
from dsgen.project.paths import MISSING_PATH, display_path, files_below, matching
from dsgen.project.patterns import Patterns
from dsgen.project.project import FILE, UNREAD_FILE, Finder, Project, open_file
from dsgen.reading import YAML_SUFFIXES, is_manifest, read_file
from dsgen.resolve.file import File, NotFoundError
from dsgen.tree import Text, origin_of

# The suffix of templates.
_TEMPLATES: Final = frozenset({"j2", "jinja", "jinja2", "tpl", "tmpl", "yaml", "yml"})
_ASIDE: Final = "prefix its name with `_`"


def unread(project: Project) -> list[Problem]:
    """Return a problem for each file of a project that looks like a profile, an environment or a shipped template, but is not
    read; and for each path in `dsgen.yaml` that does not exist. Raises OSError for a folder that cannot be listed.
    """
    near = {**_near_profiles(project), **_near_environments(project), **_near_templates(project)}
    return [*_nobodys(project, near), *_missing(project)]


def unread_environments(project: Project) -> list[Problem]:
    """Return the problems of `unread` that concern environments. Raises OSError like that."""
    return [*_nobodys(project, _near_environments(project)), *_missing_folder(project, "environments")]


def unread_below(folder: Path, project: Project) -> list[Problem]:
    """Return a problem for each file below a folder of profiles that looks like a profile, but is not read. Raises OSError like `unread`."""
    paths = list(map(str, files_below(folder, project.root, YAML_SUFFIXES)))
    near = {path: _to_rename(path, "profiles", ".yaml") for path in paths if not path.endswith(".yaml")}
    return _nobodys(project, near, paths)


def _nobodys(project: Project, near: Mapping[str, Problem], paths: Iterable[str] = ()) -> list[Problem]:
    """Return a problem for each of these files, by path, that is not a profile, and that no environment and no profile (of `paths` or of
    the project) reads.
    """
    if not near:
        return []
    profiles = {*map(str, project.profile_files()), *(path for path in paths if path not in near)}
    read, certain = _read_by(project, [*sorted(profiles), *map(str, project.environment_files().values())])
    more = "" if certain else "; or fix the files that are not valid YAML: one of them may read it"
    found = (path for path in near if path not in profiles and os.path.realpath(path) not in read)
    return [near[path]._replace(hint=near[path].hint + more) for path in found]


def _missing(project: Project) -> Iterator[Problem]:
    for key in ("templates", "environments"):
        yield from _missing_folder(project, key)
    for pattern in project.profiles if len(project.profiles) > 1 else ():
        if not any(Patterns(str(project.root), str(project.root)).find(pattern)):
            found = f"`{pattern}` matches nothing"
            yield MISSING_PATH.at(origin_of(pattern), found, hint="remove the pattern", path="profiles")


def _missing_folder(project: Project, key: str) -> Iterator[Problem]:
    folder = getattr(project, key)
    if isinstance(folder, Text) and not os.path.isdir(project.root / folder):
        hint = f"create it, or remove `{key}`"
        yield MISSING_PATH.at(folder.origin, f"no such folder `{folder}`", hint=hint, path=key)


def _near_environments(project: Project) -> dict[str, Problem]:
    folder = project.root / project.environments
    if not folder.is_dir():
        return {}
    hint = f"move it there, or {_ASIDE}, or the name of its folder"
    near = {}
    for path in map(str, files_below(folder, project.root, YAML_SUFFIXES)):
        if os.path.dirname(path) != str(folder):
            found = f"not read: environments must be directly in `{display_path(folder)}`"
            near[path] = UNREAD_FILE.at(None, found, hint=hint, file=display_path(Path(path)))
        elif not path.endswith(".yaml"):
            near[path] = _to_rename(path, "environments", ".yaml")
    return near


def _near_templates(project: Project) -> dict[str, Problem]:
    """Return a problem for each file that should probably override a shipped template but has another name, unless a template uses it."""
    folder = project.root / project.templates
    if not folder.is_dir():
        return {}
    names = {name.partition(".")[0]: name for name in os.listdir(shipped.templates())}
    paths = {
        path: str(path.relative_to(folder)).replace(os.sep, "/") for path in files_below(folder, project.root, ("",))
    }
    near = {}
    for path, name in paths.items():
        stem, *endings = path.name.lower().split(".")
        if stem in names and name != names[stem] and endings and endings[-1] in _TEMPLATES:
            named = f"[\"']{re.escape(name)}[\"']".encode()
            if any(re.search(named, read_file(other, project.root)) for other in paths):
                continue
            found = f"not read: no profile uses it, and the shipped template is called `{names[stem]}`"
            hint = f"move it to `{display_path(folder / names[stem])}`, name it under `templates`, or {_ASIDE}"
            near[str(path)] = UNREAD_FILE.at(None, found, hint=hint, file=display_path(path))
    return near


def _near_profiles(project: Project) -> dict[str, Problem]:
    others = tuple(
        os.path.normpath(name) + os.sep for name in (project.output, project.templates, project.environments)
    )

    def is_near(name: str) -> bool:
        if not is_manifest(name) or name.startswith(others) or os.path.basename(name) == FILE:
            return False
        return not (project.presets and project.is_locked(os.path.join(project.root, name)))

    near: dict[str, Problem] = {}
    for pattern in project.profiles:
        folder, _, name = os.path.normpath(pattern).replace(os.sep, "/").rpartition("/")
        stem, ending = os.path.splitext(name)
        # The project folder contains much besides dsgen's files, and so may folders that a wildcard matches.
        own = bool(folder) and not has_magic(folder.partition("/")[0])
        if ending and not has_magic(ending) and (own or not has_magic(stem)):
            for path in matching(project.root, project.root, [f"{folder}/{stem}.*"], is_near):
                if not path.endswith(ending):
                    near[path] = _to_rename(path, "profiles", ending)
        if has_magic(name) and own and not has_magic(folder):
            for path in matching(project.root, project.root, [f"{folder}/**/*"], is_near):
                near.setdefault(path, _unmatched(path, project, ending))
    return near


def _unmatched(path: str, project: Project, ending: str) -> Problem:
    above = escape(os.path.relpath(os.path.dirname(path), project.root).replace(os.sep, "/"))
    rename = "" if has_magic(ending) or path.endswith(ending) else f"rename it to `{_name(path, ending)}`, and "
    found = f"not read: no pattern of `profiles` in {FILE} matches it"
    hint = f"{rename}add one, such as `{above}/*{ending}`, or {_ASIDE}, or the name of its folder"
    return UNREAD_FILE.at(None, found, hint=hint, file=display_path(Path(path)))


def _name(path: str, ending: str) -> str:
    return os.path.splitext(os.path.basename(path))[0] + ending


def _to_rename(path: str, what: str, ending: str) -> Problem:
    name = _name(path, ending)
    there = os.path.lexists(os.path.join(os.path.dirname(path), name))
    hint = (
        f"`{name}` exists too: remove one of the two, or {_ASIDE}" if there else f"rename it to `{name}`, or {_ASIDE}"
    )
    return UNREAD_FILE.at(
        None, f"not read: the names of {what} must end in `{ending}`", hint=hint, file=display_path(Path(path))
    )


def _read_by(project: Project, paths: Iterable[str]) -> tuple[set[str], bool]:
    """Return the real paths of all parents, config map files and templates of profiles and environments; and whether each text is valid YAML."""
    find = Finder(project)
    found: set[str] = set()
    certain = True
    todo: list[File] = []
    for path in paths:
        try:
            todo.append(open_file(Path(path), project.root))
        except OSError:
            certain = False
    while todo:
        file = todo.pop()
        root, problems = source.read(file.text, file.name)
        certain = certain and (root is not None or [each.code for each in problems] == [source.EMPTY_FILE.name])
        named = mentions(root)
        found.update(os.path.realpath(project.root / project.templates / name) for name in named.templates)
        for reference in named.parents:
            with contextlib.suppress(NotFoundError):
                parent = find(reference, file)
                todo += [parent] if parent.key not in found else []
                found.add(parent.key)
        for pattern in named.files:
            with contextlib.suppress(NotFoundError):
                found.update(os.path.realpath(name) for name, _ in find_config(project, pattern, file.name))
    return found, certain
