"""Which profile makes which object: no two may make one object differently."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dsgen.generate.header import digest_below
from dsgen.problem import Problem, code
from dsgen.record import Record
from dsgen.tree import Origin, origin_of

if TYPE_CHECKING:
    from dsgen.generate.generator import GenerateResult

CONFLICT = code(
    "conflicting-objects",
    """Two profiles make one object (of the same kind, namespace and name) with different content: whichever is applied last would win.""",
)
_LET_ONE = "give one of the two another name, or let one of the profiles make it"
_CONFIG_MAP = (
    "to have two, write `configMaps: {{{name}: null, OTHER: …}}` in one of the profiles and mount OTHER there, or give it another "
    "`namespace`; to share one, make it alike: `configMaps: {{{name}: {{labels: {{app.kubernetes.io/name: {name}}}}}}}` in both"
)


class OwnedObject(Record):
    """An object that a profile makes: which one, the digest of its content, and where it is named."""

    object: str
    content: str
    origin: Origin | None


def claims_of(made: GenerateResult) -> tuple[OwnedObject, ...]:
    """Return what a profile makes, to be held against the others."""
    found = []
    for each in made.objects:
        metadata = each.tree.map("metadata")
        content = digest_below(each.text)
        which = f"{each.kind} {metadata.get('namespace', '')}/{each.name}"
        found.append(OwnedObject(which, content, origin_of(metadata["name"]) or origin_of(metadata)))
    return tuple(found)


class ObjectOwners:
    """What all profiles make: no object may be made twice, unless with the same content."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[str, str]] = {}

    def conflicts(self, environment: str, file: str, made: Iterable[OwnedObject]) -> list[Problem]:
        """Take in what the profile in `file` makes, and return a problem for each object that another makes differently.

        Each environment is a cluster of its own.
        """
        problems = []
        for claim in made:
            content, other = self._known.setdefault((environment, claim.object), (claim.content, file))
            if content != claim.content:
                # Where it is stated may be a layer that both extend.
                found = f"{claim.object.replace(' /', ' ')} of {file} is made by {other} too, with other content"
                problems.append(CONFLICT.at(claim.origin, found, hint=_hint(claim), file=file))
        return problems


def _hint(claim: OwnedObject) -> str:
    kind, _, name = claim.object.partition(" ")
    # The name of a config map is stated, and that of what extends the same parent is the same.
    return _CONFIG_MAP.format(name=name.rpartition("/")[2]) if kind == "ConfigMap" else _LET_ONE
