"""Files that look like profiles or environments and are read as neither: what they should make would be missing, and be removed."""

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
from dsgen.project.patterns import Patterns
from dsgen.project.project import (
    FILE,
    MISSING_PATH,
    UNREAD_FILE,
    Finder,
    Project,
    display_path,
    files_below,
    matching,
    open_file,
)
from dsgen.reading import YAML_SUFFIXES, read_file
from dsgen.resolve.file import File, NotFoundError
from dsgen.tree import Text, origin_of

# The last part of the names of templates.
_TEMPLATES: Final = frozenset({"j2", "jinja", "jinja2", "tpl", "tmpl", "yaml", "yml"})
_ASIDE: Final = "put `_` before its name"


def unread(project: Project) -> list[Problem]:
    """Return a problem for each file of a project that looks like a profile, an environment or one of dsgen's templates, and that nobody
    reads; and for what `dsgen.yaml` states and is not there. Raises OSError for what cannot be listed.
    """
    near = {**_near_profiles(project), **_near_environments(project), **_near_templates(project)}
    return [*_nobodys(project, near), *_missing(project)]


def unread_environments(project: Project) -> list[Problem]:
    """Return what `unread` does, as far as it is of environments. Raises OSError as that does."""
    return [*_nobodys(project, _near_environments(project)), *_missing_folder(project, "environments")]


def unread_below(folder: Path, project: Project) -> list[Problem]:
    """Return a problem for each file that looks like a profile below a folder of profiles, and that nobody reads. Raises OSError as `unread` does."""
    paths = list(map(str, files_below(folder, project.root, YAML_SUFFIXES)))
    near = {path: _to_rename(path, "profiles", ".yaml") for path in paths if not path.endswith(".yaml")}
    return _nobodys(project, near, paths)


def _nobodys(project: Project, near: Mapping[str, Problem], paths: Iterable[str] = ()) -> list[Problem]:
    """Return what is wrong with the files, by their paths, that are no profile, and that neither a profile, one of `paths` or of the
    project, nor an environment reads.
    """
    if not near:
        return []
    profiles = {*map(str, project.profile_files()), *(path for path in paths if path not in near)}
    read, certain = _read_by(project, [*sorted(profiles), *map(str, project.environment_files().values())])
    more = "" if certain else "; or mend the files that are no YAML: one of them may be the one that reads it"
    found = (path for path in near if path not in profiles and os.path.realpath(path) not in read)
    return [near[path]._replace(hint=near[path].hint + more) for path in found]


def _missing(project: Project) -> Iterator[Problem]:
    for key in ("templates", "environments"):
        yield from _missing_folder(project, key)
    for pattern in project.profiles if len(project.profiles) > 1 else ():
        if not any(Patterns(str(project.root), str(project.root)).find(pattern)):
            found = f"`{pattern}` matches nothing"
            yield MISSING_PATH.at(origin_of(pattern), found, hint="take it out", path="profiles")


def _missing_folder(project: Project, key: str) -> Iterator[Problem]:
    folder = getattr(project, key)
    if isinstance(folder, Text) and not os.path.isdir(project.root / folder):
        hint = f"make it, or take `{key}` out"
        yield MISSING_PATH.at(folder.origin, f"there is no folder `{folder}`", hint=hint, path=key)


def _near_environments(project: Project) -> dict[str, Problem]:
    folder = project.root / project.environments
    if not folder.is_dir():
        return {}
    hint = f"move it there, or {_ASIDE} or that of its folder"
    near = {}
    for path in map(str, files_below(folder, project.root, YAML_SUFFIXES)):
        if os.path.dirname(path) != str(folder):
            found = f"not read: environments are files directly in `{display_path(folder)}`"
            near[path] = UNREAD_FILE.at(None, found, hint=hint, file=display_path(Path(path)))
        elif not path.endswith(".yaml"):
            near[path] = _to_rename(path, "environments", ".yaml")
    return near


def _near_templates(project: Project) -> dict[str, Problem]:
    """Return what should take the place of a template of dsgen's, and has another name; unless another template names it."""
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
            found = f"not read: no profile names it, and the template of dsgen's is called `{names[stem]}`"
            hint = f"move it to `{display_path(folder / names[stem])}`, name it under `templates`, or {_ASIDE}"
            near[str(path)] = UNREAD_FILE.at(None, found, hint=hint, file=display_path(path))
    return near


def _near_profiles(project: Project) -> dict[str, Problem]:
    others = tuple(
        os.path.normpath(name) + os.sep for name in (project.output, project.templates, project.environments)
    )

    def is_near(name: str) -> bool:
        return name.lower().endswith(YAML_SUFFIXES) and not name.startswith(others) and os.path.basename(name) != FILE

    near: dict[str, Problem] = {}
    for pattern in project.profiles:
        folder, _, name = os.path.normpath(pattern).replace(os.sep, "/").rpartition("/")
        stem, ending = os.path.splitext(name)
        # The folder of a project holds much that is not dsgen's, and so may folders that a wildcard means.
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
    hint = f"{rename}add one, such as `{above}/*{ending}`, or {_ASIDE} or that of its folder"
    return UNREAD_FILE.at(None, found, hint=hint, file=display_path(Path(path)))


def _name(path: str, ending: str) -> str:
    return os.path.splitext(os.path.basename(path))[0] + ending


def _to_rename(path: str, what: str, ending: str) -> Problem:
    name = _name(path, ending)
    there = os.path.lexists(os.path.join(os.path.dirname(path), name))
    hint = (
        f"`{name}` is there too: remove one of the two, or {_ASIDE}" if there else f"rename it to `{name}`, or {_ASIDE}"
    )
    return UNREAD_FILE.at(
        None, f"not read: the names of {what} end in `{ending}`", hint=hint, file=display_path(Path(path))
    )


def _read_by(project: Project, paths: Iterable[str]) -> tuple[set[str], bool]:
    """Return the real paths of all that profiles and environments extend, take into config maps or name as templates; and whether each is YAML."""
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
