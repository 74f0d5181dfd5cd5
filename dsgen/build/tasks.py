"""The tasks of a run: what to do with each file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from dsgen.build.file_result import Inputs, Result
from dsgen.build.object_owners import claims_of
from dsgen.build.targets import Target, read
from dsgen.choices import settled
from dsgen.kubernetes.lint import Checks
from dsgen.problem import has_errors, is_preset
from dsgen.project.paths import display_path, unreadable
from dsgen.project.project import Project
from dsgen.reading import MANIFESTS
from dsgen.resolve.file import File
from dsgen.tree import as_map

if TYPE_CHECKING:
    from dsgen.build.output.folder import Folder
    from dsgen.generate.generator import Generator
    from dsgen.generate.result import GenerateResult
    from dsgen.kubernetes.manifest import Document
    from dsgen.kubernetes.relations.excerpt import Excerpt
    from dsgen.resolve.environment import Environment


Work = Callable[[Target], Result]


def maker(project: Project, minor: str | None, defaults: bool = False) -> Callable[[], Generator]:
    """Return a function that loads the generator of a project on its first call: not every run needs it."""

    @cache
    def make() -> Generator:
        from dsgen.generate.for_project import generator

        return generator(project, minor, defaults)

    return make


def make(generator: Generator, target: Target) -> GenerateResult:
    """Return the objects of a target: of its profile, or of its manifests. Raises OSError."""
    if not target.manifests:
        return _of_profile(generator, read(target.path, target.root), target.environment)
    files = [read(path, target.root, MANIFESTS) for path in target.manifests]
    folder = File(display_path(target.path), b"", os.path.abspath(target.path))
    return generator.pass_on(files, folder, target.environment)


def _of_profile(generator: Generator, file: File, environment: Environment | None) -> GenerateResult:
    made = generator.make(file, environment)
    if environment is None:
        # Hardly ever does another profile extend it, and the layers of thousands of profiles take more memory than everything else.
        generator.forget(file)
    return made


def generate(generator: Callable[[], Generator], several: bool) -> Work:
    """Return a task that renders the objects of one profile, for an environment if there is one.

    `several` means that there are others, or a default of the cluster, that its objects may be related to.
    """

    @_tell_what_cannot_be_read
    def work(target: Target) -> Result:
        made = make(generator(), target)
        return _result(made, several, tuple(each.text for each in made.objects))

    return work


def generate_into(folder: str, force: bool, generator: Callable[[], Generator], several: bool) -> Work:
    """Return a task that renders the objects of one profile, and plans the changes to its folder below `folder`; `several` is as for `generate`."""
    from dsgen.build.output.changes import folder_changes

    @_tell_what_cannot_be_read
    def work(target: Target) -> Result:
        made = make(generator(), target)
        result = _result(made, several)
        if not made.objects:
            return result
        files = _files(made)
        todo = folder_changes(_look(folder, made, files, force), made.profile, files, force)
        digests = (claim.content for claim in result.claims)
        objects = dict(zip((each.filename for each in made.objects), digests, strict=True))
        # Manifests are read by every run: a new file may match their patterns.
        inputs = None if target.manifests else _inputs(made)
        return result._replace(plan=todo, objects=objects, inputs=inputs)

    return work


def _files(made: GenerateResult) -> dict[str, bytes]:
    from dsgen.build.output import kustomization
    from dsgen.generate.header import header

    texts = {each.filename: each.text for each in made.objects}
    texts[kustomization.NAME] = kustomization.of_profile(header(made.profile, made.what), texts)
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


def validate(
    generator: Callable[[], Generator], minor: str, checks: Checks, several: bool, only_profiles: bool = False
) -> Work:
    """Return a task that validates one file: manifests (against the version `minor` and the project's `checks`) or a profile.

    `several` is as for `generate`. With `only_profiles`, manifests are not expected: they are not profiles, as for `generate`.
    """
    from dsgen.kubernetes.stream import manifests

    @_tell_what_cannot_be_read
    def work(target: Target) -> Result:
        if target.manifests:
            return _counted(make(generator(), target), several)
        file = read(target.path, target.root, MANIFESTS)
        expected = target.environment is None and not only_profiles
        documents = manifests(file.text, file.name) if expected else None
        if documents is not None:
            return _validated(documents, file, lambda profile: generator().make(profile), minor, checks, several)
        made = _of_profile(generator(), file, target.environment)
        # A profile with errors has no objects, and counts as one.
        return _result(made, several)._replace(judged=len(made.objects) or 1, in_part=_in_part(made))

    return work


def _counted(made: GenerateResult, several: bool) -> Result:
    """Return the result of manifests that are passed on, with how many of them were validated, and which kinds only in part or not at all."""
    result = _result(made, several)
    if not made.objects:
        return result._replace(judged=1)
    judged = len(made.objects) - len(made.others)
    return result._replace(judged=judged, in_part=made.in_part, others=made.others)


def _in_part(made: GenerateResult) -> tuple[str, ...]:
    """Return the kinds of the objects of a profile that were validated only in part."""
    return tuple(each.kind for each in made.objects if each.in_part)


def _validated(
    documents: Sequence[Document],
    file: File,
    make: Callable[[File], GenerateResult],
    minor: str,
    checks: Checks,
    several: bool,
) -> Result:
    """Return the problems of the objects in a file, and of the profiles that are written as objects."""
    from dsgen.krm import is_profile
    from dsgen.kubernetes.stream import validate_documents

    found = validate_documents(documents, minor, checks, is_profile)
    judged = found.judged
    for root in found.apart:
        from dsgen.krm.profile import made_of

        made, problems = made_of(root, file, make)
        judged += len(made.objects) or 1 if made else 1
        found.in_part.extend(_in_part(made) if made else ())
        found.problems.extend(problems)
        found.objects.extend(each.tree for each in (made.objects if made else ()))
    related = _excerpts(found.objects, file.name, minor, several, are_valid=not has_errors(found.problems))
    problems, _ = settled(found.problems, checks.choices, {file.name: file.text})
    return Result(
        file.name,
        "",
        tuple(problems),
        judged=judged,
        in_part=tuple(found.in_part),
        others=tuple(found.others),
        excerpts=related,
        is_source=found.is_source,
    )


def objects(generator: Callable[[], Generator], minor: str) -> Callable[[Target], list[Any]]:
    """Return a function that returns the objects of a file again, those of manifests and those generated from profiles."""

    def found(target: Target) -> list[Any]:
        from dsgen.krm import is_profile
        from dsgen.krm.profile import made_of
        from dsgen.kubernetes.stream import manifests, unfold_list

        if target.manifests:
            return [each.tree for each in make(generator(), target).objects]
        file = read(target.path, target.root, MANIFESTS)
        documents = manifests(file.text, file.name) if target.environment is None else None
        if documents is None:
            return [each.tree for each in generator().make(file, target.environment).objects]
        roots = [root for document in documents for root in unfold_list(document, minor)[0]]
        profiles = (
            made_of(root, file, lambda profile: generator().make(profile))[0] for root in filter(is_profile, roots)
        )
        made = [each.tree for one in profiles if one for each in one.objects]
        return [*(root for root in roots if not is_profile(root)), *made]

    return found


def _result(made: GenerateResult, several: bool, texts: tuple[str, ...] = ()) -> Result:
    claims = claims_of(made)
    config = tuple(name for each in made.config for name, _ in each.files)
    return Result(
        made.file,
        str(made.name),
        made.problems,
        claims,
        environment=made.environment,
        images=made.images,
        config=config,
        texts=texts,
        excerpts=_excerpts(
            [each.tree for each in made.objects], made.file, made.minor, several, generated=True, are_valid=True
        ),
        own=made.own,
        decisions=made.decisions,
        unlocked=tuple(each.name for each in made.files if is_preset(each.name) and "@" not in each.name),
    )


def _excerpts(
    roots: Sequence[Any], file: str, minor: str, several: bool, generated: bool = False, are_valid: bool = False
) -> tuple[Excerpt, ...]:
    if not several and len(roots) < 2 and not any(as_map(each).get("kind") == "Namespace" for each in roots):
        return ()  # a single object has no relations; a Namespace is rejected for its labels
    from dsgen.kubernetes.relations.excerpt import excerpts

    return tuple(excerpts(roots, file, minor, several, generated, are_valid))


def _tell_what_cannot_be_read(work: Work) -> Work:
    @wraps(work)
    def tell(target: Target) -> Result:
        try:
            return work(target)
        except OSError as error:
            # The unreadable template is named, not the profile.
            return Result(display_path(target.path), "", (), unread=unreadable(error, error.filename or target.path))

    return tell
