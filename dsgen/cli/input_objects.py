"""The objects that commands work on: rendered from profiles, or read from manifests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dsgen.build.selection import default_version
from dsgen.build.targets import read, targets
from dsgen.build.tasks import make as made_of_target
from dsgen.build.tasks import maker
from dsgen.cli.progress import counted
from dsgen.diff.key import key_of
from dsgen.krm import is_profile
from dsgen.krm.profile import made_of
from dsgen.kubernetes.manifest import Document
from dsgen.kubernetes.manifest import read as read_manifests
from dsgen.kubernetes.schema.decode import decode, identify
from dsgen.kubernetes.stream import manifests, unfold_list
from dsgen.kubernetes.validate import validate
from dsgen.origin import Origin
from dsgen.problem import Problem, has_errors
from dsgen.project.paths import unreadable
from dsgen.project.project import Project
from dsgen.reading import MANIFESTS
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.tree import Map

if TYPE_CHECKING:
    from dsgen.generate.result import GenerateResult


class InputObject(Record):
    """A decoded object; if it was rendered from a profile, also its environment, the version of that, and where problems that only a preset
    causes are placed.
    """

    root: Map
    minor: str
    environment: str = ""
    own: Origin | None = None


class InputObjects(Record):
    """Objects without errors; manifests with errors, and those errors; other problems; and unreadable files.

    A document that is not an object, or that cannot be identified, is among the other problems. The `unlisted` kinds of a cluster, as `kubectl`
    takes them, are unknown.
    """

    objects: list[InputObject]
    refused: list[tuple[Map, list[Problem]]]
    others: list[Problem]
    unread: list[str]
    unlisted: frozenset[str] = frozenset()

    @property
    def problems(self) -> list[Problem]:
        """All problems."""
        return [*self.others, *(problem for _, problems in self.refused for problem in problems)]

    @property
    def roots(self) -> list[Map]:
        """All objects and manifests, those with errors too."""
        return [*(each.root for each in self.objects), *(root for root, _ in self.refused)]

    def changed(self, change: Callable[[Map], Map | None]) -> InputObjects:
        """Return the objects and manifests as `change` returns them, without those of which it returns None."""
        objects = [each._replace(root=root) for each in self.objects if (root := change(each.root)) is not None]
        refused = [(root, wrong) for given, wrong in self.refused if (root := change(given)) is not None]
        return self._replace(objects=objects, refused=refused)

    @property
    def environments(self) -> list[str]:
        """The environments that have objects."""
        return list(dict.fromkeys(each.environment for each in self.objects if each.environment))


def find_objects(
    paths: Sequence[Path], project: Project, chosen: Sequence[str], minor: str | None, every: bool
) -> InputObjects:
    """Return the objects of some files: those of manifests, and those rendered from profiles for the `chosen` environments.

    `every` means that `paths` are all profiles of the project.
    """
    found = InputObjects([], [], [], [])
    make = maker(project, minor)
    work, problems = targets(paths, project, chosen, minor, every, make)
    found.others.extend((*problems, *default_version(project, minor, (each.environment for each in work))))
    for target in counted(work, len(work), "files"):
        path, environment = target.path, target.environment
        version = environment.kubernetes if environment else minor or project.kubernetes
        try:
            if target.manifests:
                _add(found, made_of_target(make(), target), version)
                continue
            file = read(path, target.root, MANIFESTS)
            documents = manifests(file.text, file.name) if environment is None else None
            if documents is None:
                _add(found, make().make(file, environment), version)
                continue
            for root in _take(found, documents, version):
                made, wrong = made_of(root, file, lambda profile: make().make(profile))
                if made is not None:
                    _add(found, made._replace(problems=tuple(wrong)), version)
                else:
                    found.others.extend(wrong)
        except OSError as error:
            found.unread.append(unreadable(error, error.filename or path))
    return found


def _add(found: InputObjects, made: GenerateResult, minor: str) -> None:
    found.others.extend(made.problems)
    for each in made.objects:
        root = decode(each.tree, minor).root or each.tree
        found.objects.append(InputObject(root, minor, made.environment, made.own))


def objects_in(file: File, minor: str) -> InputObjects:
    """Return the objects in a stream of manifests."""
    found = InputObjects([], [], [], [])
    _take(found, read_manifests(file.text, file.name), minor)
    return found


def live_objects_in(file: File, minor: str) -> InputObjects:
    """Return the objects in a stream from a cluster, which has them, even those that it would reject as new."""
    found = objects_in(file, minor)
    old = [InputObject(decode(root, minor).root, minor) for root, _ in found.refused]
    return found._replace(objects=[*found.objects, *old], refused=[])


def _take(found: InputObjects, documents: Sequence[Document], minor: str) -> list[Map]:
    """Add the objects of some documents, and return the profiles among them that are written as objects."""
    profiles = []
    for document in documents:
        roots, problems = unfold_list(document, minor)
        if not roots:
            found.others.extend(problems)
        for index, root in enumerate(roots):
            # Problems in the text of a document are reported with its first object.
            wrong = [*([] if index else problems), *validate(root, minor)]
            if is_profile(root):
                profiles.append(root)
                found.others.extend([] if index else problems)
            elif not has_errors(wrong):
                found.others.extend(wrong)
                found.objects.append(InputObject(decode(root, minor).root, minor))
            elif identify(root, minor).type and key_of(root):
                found.refused.append((root, wrong))
            else:
                found.others.extend(wrong)
    return profiles
