"""The result of a run for one file, which tasks return, and which is kept for later runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dsgen.build.object_owners import OwnedObject
from dsgen.choices import Decisions
from dsgen.origin import Origin
from dsgen.problem import Problem
from dsgen.record import Record

if TYPE_CHECKING:
    from dsgen.build.output.changes import FolderChanges
    from dsgen.kubernetes.relations.excerpt import Excerpt


class Inputs(Record):
    """The inputs of a target: the digests of files by path, and the digest of all files that a config map's pattern finds, by pattern and the file that sets it."""

    files: Mapping[str, str]
    config: Mapping[tuple[str, str], str]


class Result(Record):
    """The result of one file, or why it could not be read."""

    file: str
    name: str
    problems: tuple[Problem, ...]
    claims: tuple[OwnedObject, ...] = ()
    unread: str = ""
    # How many objects were validated, and for a file of manifests the kinds of those validated only in part, or not at all.
    judged: int = 0
    in_part: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    environment: str = ""
    images: tuple[str, ...] = ()
    # The files of its config maps.
    config: tuple[str, ...] = ()
    # The rendered objects: for standard output their texts, in order; for a folder the plan, and the digest of each object by file name.
    texts: tuple[str, ...] = ()
    plan: FolderChanges | None = None
    objects: Mapping[str, str] = {}
    # What other objects can refer to, of each object.
    excerpts: tuple[Excerpt, ...] = ()
    # Kustomize changes the objects of this file, and of others, before they are applied.
    is_source: bool = False
    inputs: Inputs | None = None
    # Where problems that only a preset causes are placed.
    own: Origin | None = None
    # What the project and its comments decided about warnings.
    decisions: Decisions = Decisions()
    # The presets among its layers that the project has not locked.
    unlocked: tuple[str, ...] = ()

    def to_json(self) -> list[Any]:
        """Return what a later run needs of one profile's result, as JSON data."""
        claims = [(each.object, each.content, each.origin) for each in self.claims]
        excerpts = [each.to_json() for each in self.excerpts]
        return [
            self.file,
            self.name,
            self.problems,
            claims,
            self.images,
            self.config,
            dict(self.objects),
            excerpts,
            self.own,
            self.decisions,
            self.unlocked,
        ]

    @classmethod
    def from_json(cls, kept: Sequence[Any]) -> Result:
        """Return the result from `kept`, the parsed output of `to_json`."""
        from dsgen.kubernetes.relations.excerpt import Excerpt

        file, name, problems, claims, images, config, objects, excerpts, own, decisions, unlocked = kept
        return cls(
            file,
            name,
            tuple(Problem(*each) for each in problems),
            tuple(OwnedObject(which, content, origin and Origin(*origin)) for which, content, origin in claims),
            images=tuple(images),
            config=tuple(config),
            objects=objects,
            excerpts=tuple(map(Excerpt.from_json, excerpts)),
            own=own and Origin(*own),
            decisions=Decisions.from_json(decisions),
            unlocked=tuple(unlocked),
        )
