"""The presets that a project can lock: those of its packs, and those that are shipped with dsgen."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from dsgen import source
from dsgen.build.error import BuildError
from dsgen.build.pack_files import PackFiles, open_pack
from dsgen.project import shipped
from dsgen.project.mentions import mentions
from dsgen.project.packs import GIT, NAME
from dsgen.project.preset_lock import PATH, LockedPreset, locked
from dsgen.project.presets import Preset, read_own, shipped_preset, title_version
from dsgen.project.project import Project
from dsgen.version import __version__

# The most bytes of one preset with its files.
_LARGEST: Final = 16 * 1024 * 1024
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,99}")


class Available:
    """The presets that a project can lock, by name, within `with`. Packs are read when they are first needed, and once.

    With `fetches` off, those in Git repositories are left out.
    """

    def __init__(self, project: Project, fetches: bool = True) -> None:
        self._project = project
        self._fetches = fetches
        self._opened: dict[str, PackFiles] = {}
        self._found: dict[str, str] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Available:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def _folder(self) -> Path:
        """A temporary folder for the files of presets."""
        return Path(self._stack.enter_context(TemporaryDirectory(prefix="dsgen-presets-")))

    def pack(self, name: str) -> str | None:
        """Return the name of the pack that has a preset, an empty string if it is shipped, or None if there is no such preset."""
        return self._packs().get(name, "" if name in shipped.profiles() else None)

    def names(self) -> list[str]:
        """Return the names of all presets, sorted."""
        return sorted({*self._packs(), *shipped.profiles()})

    def preset(self, name: str) -> Preset:
        """Return a preset. Raises BuildError."""
        pack = self.pack(name)
        if not pack:
            return shipped_preset(name)
        return read_own(name, self._opened[pack].read(f"{name}.yaml").decode("utf-8", "replace"), pack)

    def files(self, name: str) -> list[tuple[str, bytes]]:
        """Return the files of a preset by their paths below its folder. Raises BuildError."""
        pack = self.pack(name)
        return _files(self._opened[pack], pack, name) if pack else shipped.preset_files(name)

    def current(self, name: str) -> LockedPreset:
        """Return what locking a preset writes. Its version is that of the project that it packages, or else that of dsgen or of the pack."""
        files = self.files(name)
        pack = self.pack(name) or ""
        own = title_version(files[0][1].decode("utf-8", "replace"))
        version = own or (self._opened[pack].version if pack else __version__)
        return locked(name, version, files, pack)

    def instead(self, project: Project, names: Iterable[str]) -> Project:
        """Return a project that extends these presets as they are available now, whether it has locked them or not. Raises BuildError."""
        names = set(names)
        others = [each for each in project.presets if each.name not in names]
        return project._replace(presets=(*others, *(self._unpacked(name) for name in sorted(names) if self.pack(name))))

    def _unpacked(self, name: str) -> LockedPreset:
        """Return a preset of a pack, with its files in a temporary folder."""
        folder = self._folder / name
        for path, data in () if folder.exists() else self.files(name):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return self.current(name)._replace(at=str(folder))

    def _packs(self) -> dict[str, str]:
        if self._found is None:
            found: dict[str, str] = {}
            # Git is the slowest, and may not be needed to report what is wrong with another.
            packs = (each for each in self._project.packs if self._fetches or each.kind != GIT)
            for pack in sorted(packs, key=lambda each: each.kind == GIT):
                opened = self._opened[pack.name] = open_pack(pack, self._project.root, self._stack)
                for name in _presets(opened):
                    if name in found:
                        raise BuildError(
                            f"the packs `{found[name]}` and `{pack.name}` in dsgen.yaml both have a preset `{name}`: rename one of the two, "
                            "or set `path` to another folder"
                        )
                    found[name] = pack.name
            self._found = found
        return self._found


def _presets(pack: PackFiles) -> Iterator[str]:
    for path in pack.names():
        name = path.removesuffix(".yaml")
        if path.endswith(".yaml") and NAME.fullmatch(name):
            yield name


def _files(opened: PackFiles, pack: str, name: str) -> list[tuple[str, bytes]]:
    """Return the profile of a preset, the parents that it extends by path, and the files and templates in the folders of its name."""
    known = set(opened.names())
    wanted = deque([f"{name}.yaml"])
    wanted += sorted(path for path in known if path.startswith((f"files/{name}/", f"templates/{name}/")))
    found: dict[str, bytes] = {}
    size = 0
    while wanted:
        path = wanted.popleft()
        if path in found:
            continue
        if not PATH.fullmatch(path):
            raise BuildError(
                f"the pack `{pack}`: the name of the file {path!r} is not allowed; use letters, digits, `.`, `_` and `-`"
            )
        data = found[path] = opened.read(path)
        size += len(data)
        if size > _LARGEST:
            raise BuildError(f"the pack `{pack}`: the preset `{name}` has more than 16 MiB")
        if path.endswith(".yaml") and not path.startswith(("files/", "templates/")):
            wanted += _parents(path, data, known, pack)
    return list(found.items())


def _parents(path: str, data: bytes, known: set[str], pack: str) -> Iterator[str]:
    for reference in mentions(source.read(data, path)[0]).parents:
        if "/" in reference or reference.endswith(".yaml"):
            parent = posixpath.normpath(posixpath.join(posixpath.dirname(path), reference))
            if parent not in known:
                why = "leads out of the pack" if parent.startswith(("../", "/")) else "does not exist there"
                raise BuildError(f"the pack `{pack}`: {path} extends `{reference}`, which {why}")
            yield parent
