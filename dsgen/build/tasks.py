"""What is done with each file of a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from dsgen.build.object_owners import OwnedObject, claims_of
from dsgen.build.targets import Target, read
from dsgen.kubernetes.lint import Checks
from dsgen.problem import Problem
from dsgen.project.project import Project, display_path, unreadable
from dsgen.reading import MANIFESTS
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.tree import Origin

if TYPE_CHECKING:
    from dsgen.build.output.changes import FolderChanges
    from dsgen.build.output.folder import Folder
    from dsgen.generate.generator import GenerateResult, Generator
    from dsgen.kubernetes.manifest import Document


class Inputs(Record):
    """What a target was made from: the digests of files by path; and the digest of all that a config map's pattern finds, by pattern and stating file."""

    files: Mapping[str, str]
    config: Mapping[tuple[str, str], str]


class Result(Record):
    """What came of one file, or why it could not be read."""

    file: str
    name: str
    problems: tuple[Problem, ...]
    claims: tuple[OwnedObject, ...] = ()
    unread: str = ""
    # How many objects were judged, and of a file of manifests the kinds of those that there are no rules for.
    judged: int = 0
    others: tuple[str, ...] = ()
    environment: str = ""
    images: tuple[str, ...] = ()
    # The files that its config maps took in.
    config: tuple[str, ...] = ()
    # The objects that were made: for standard output their texts, in order; for a folder what is to be done there, and the digest of
    # each by the name of its file.
    texts: tuple[str, ...] = ()
    plan: FolderChanges | None = None
    objects: Mapping[str, str] = {}
    inputs: Inputs | None = None

    def to_json(self) -> list[Any]:
        """Return what a later run needs to know of what one profile made, in the terms of JSON."""
        claims = [(each.object, each.content, each.origin) for each in self.claims]
        return [self.file, self.name, self.problems, claims, self.images, self.config, dict(self.objects)]

    @classmethod
    def from_json(cls, kept: Sequence[Any]) -> Result:
        """Return the result that `to_json` made `kept` of, once that was read."""
        file, name, problems, claims, images, config, objects = kept
        return cls(
            file,
            name,
            tuple(Problem(*each) for each in problems),
            tuple(OwnedObject(which, content, origin and Origin(*origin)) for which, content, origin in claims),
            images=tuple(images),
            config=tuple(config),
            objects=objects,
        )


Work = Callable[[Target], Result]


def maker(project: Project, minor: str | None, defaults: bool = False) -> Callable[[], Generator]:
    """Return what loads the generator of a project, once, when it is first asked: not every run needs templates and all that."""

    @cache
    def make() -> Generator:
        from dsgen.generate.for_project import generator

        return generator(project, minor, defaults)

    return make


def generate(generator: Callable[[], Generator]) -> Work:
    """Return what makes the objects of one profile, for an environment if there is one."""

    @_tell_what_cannot_be_read
    def work(target: Target) -> Result:
        made = generator().make(read(target.path, target.root), target.environment)
        return _result(made)._replace(texts=tuple(each.text for each in made.objects))

    return work


def generate_into(folder: str, force: bool, generator: Callable[[], Generator]) -> Work:
    """Return what makes the objects of one profile, and plans what is to be done in its folder below `folder`."""
    from dsgen.build.output.changes import plan

    @_tell_what_cannot_be_read
    def work(target: Target) -> Result:
        made = generator().make(read(target.path, target.root), target.environment)
        result = _result(made)
        if not made.objects:
            return result
        files = _files(made)
        todo = plan(_look(folder, made, files, force), made.profile, files, force)
        digests = (claim.content for claim in result.claims)
        objects = dict(zip((each.filename for each in made.objects), digests, strict=True))
        return result._replace(plan=todo, objects=objects, inputs=_inputs(made))

    return work


def _files(made: GenerateResult) -> dict[str, bytes]:
    from dsgen.build.output import kustomization
    from dsgen.generate.header import header

    texts = {each.filename: each.text for each in made.objects}
    texts[kustomization.NAME] = kustomization.of_profile(header(made.profile), texts)
    return {name: text.encode() for name, text in texts.items()}


def _inputs(made: GenerateResult) -> Inputs:
    from dsgen.build.output.file_stats import digest, digest_of_files

    config = {(each.pattern, each.stated_in): digest_of_files(each.files) for each in made.config}
    return Inputs({file.key: digest(file.text) for file in made.files}, config)


def _look(folder: str, made: GenerateResult, files: Mapping[str, bytes], force: bool) -> Folder:
    from dsgen.build.output.folder import Folder, in_the_way, look

    above = os.path.join(folder, made.environment) if made.environment else folder
    path = os.path.join(above, made.name)
    problem = in_the_way(above) if made.environment else None
    return Folder(path, problem=problem) if problem else look(path, files, force)


def validate(generator: Callable[[], Generator], minor: str, checks: Checks) -> Work:
    """Return what judges one file, of manifests (by the version `minor` and what the project has checked) or a profile."""
    from dsgen.kubernetes.stream import manifests

    @_tell_what_cannot_be_read
    def work(target: Target) -> Result:
        file = read(target.path, target.root, MANIFESTS)
        documents = manifests(file.text, file.name) if target.environment is None else None
        if documents is not None:
            return _validated(documents, file, lambda profile: generator().make(profile), minor, checks)
        made = generator().make(file, target.environment)
        # With errors, a profile has no objects: it counts as one.
        return _result(made)._replace(judged=len(made.objects) or 1)

    return work


def _validated(
    documents: Sequence[Document], file: File, make: Callable[[File], GenerateResult], minor: str, checks: Checks
) -> Result:
    """Return what is wrong with the objects of a file, and with the profiles that have the shape of one."""
    from dsgen.krm.profile import is_profile, made_of
    from dsgen.kubernetes.stream import validate_documents

    found = validate_documents(documents, minor, checks, is_profile)
    judged = found.judged
    for root in found.apart:
        made, problems = made_of(root, file, make)
        judged += len(made.objects) or 1 if made else 1
        found.problems.extend(problems)
    return Result(file.name, "", tuple(found.problems), judged=judged, others=tuple(found.others))


def _result(made: GenerateResult) -> Result:
    claims = claims_of(made)
    config = tuple(name for each in made.config for name, _ in each.files)
    return Result(
        made.file, made.name, made.problems, claims, environment=made.environment, images=made.images, config=config
    )


def _tell_what_cannot_be_read(work: Work) -> Work:
    @wraps(work)
    def tell(target: Target) -> Result:
        try:
            return work(target)
        except OSError as error:
            # A template that cannot be read is named, not the profile.
            return Result(display_path(target.path), "", (), unread=unreadable(error, error.filename or target.path))

    return tell
