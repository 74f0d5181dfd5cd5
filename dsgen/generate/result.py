"""The result of generating the objects of one profile, or of the project's own manifests."""

from __future__ import annotations

from dsgen.choices import Decisions
from dsgen.generate.objects import GeneratedObject
from dsgen.kubernetes.schema import fields
from dsgen.origin import Origin
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.resolve.description import Description
from dsgen.resolve.file import File


class FoundConfig(Record):
    """The files that a pattern under a config map's `files` matches: the pattern, the file that sets it, and each file's path and bytes."""

    pattern: str
    stated_in: str
    files: list[tuple[str, bytes]]


class RenderedObjects(Record):
    """What a merged profile is rendered to. It `is_complete` if every template generated an object."""

    description: Description | None
    objects: tuple[GeneratedObject, ...] = ()
    images: tuple[str, ...] = ()
    is_complete: bool = False


class GenerateResult(Record):
    """The result of a profile, for an environment if there is one: its objects (none if it has errors) and its problems, in order.

    `file` is the name to show for the profile, `profile` its path in the project, which does not depend on the current folder.
    """

    file: str
    name: str
    objects: tuple[GeneratedObject, ...]
    problems: tuple[Problem, ...]
    environment: str = ""
    # The full images of the objects, if the environment pins images.
    images: tuple[str, ...] = ()
    profile: str = ""
    # All inputs besides templates: the files of its layers, and those of config maps by the pattern that finds them.
    files: tuple[File, ...] = ()
    config: tuple[FoundConfig, ...] = ()
    # The version of Kubernetes that it was validated against.
    minor: str = fields.DEFAULT
    # Where the profile extends others, or begins: the place of problems that only a preset causes.
    own: Origin | None = None
    # What the project and its comments decided about warnings.
    decisions: Decisions = Decisions()
    # What `profile` is the path of.
    what: str = "profile"
    # Of manifests, the kinds of the objects of which only a part was validated, and of those that were not.
    in_part: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
