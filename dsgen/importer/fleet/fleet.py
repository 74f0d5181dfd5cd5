"""A fleet: one profile for each agent, and for each environment a file with what differs, proved to generate the objects of the input."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from dsgen.build.processes import results
from dsgen.generate.generator import Generator
from dsgen.importer.fleet.agents import EnvironmentManifests, FleetAgent, FleetEnvironment
from dsgen.importer.fleet.layers import Group, Layered, common_layer, environment, layered, without_shared
from dsgen.importer.fleet.remarks import agreed, joined, without_repeated
from dsgen.importer.fleet.rest import folders as rest_folders
from dsgen.importer.fleet.rest import split
from dsgen.importer.fold.checksums import without_adoption
from dsgen.importer.fold.companion import Reason
from dsgen.importer.prove import Prover
from dsgen.importer.read.comments import Comments
from dsgen.importer.read.objects import SourceObject
from dsgen.importer.shorten.extension import difference
from dsgen.importer.shorten.layer import short_layer
from dsgen.importer.write.layout import begins, lines_of, write
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.resolve.environment import read_environment
from dsgen.resolve.file import File
from dsgen.resolve.images import references
from dsgen.tree import List, Map, Text, origin_of

# How profiles refer to the common layer.
HOUSE: Final = "./_house.yaml"
_NONE: Final = Comments({}, {}, {}, {}, {})


class Existing(Record):
    """A profile of the project: its file, its name, and its layer in long form."""

    file: File
    name: str
    layer: Map


class Fleet(Record):
    """The profiles and the environments of a fleet, by name, and where each profile is used; the problems; and what is in no profile.

    `common` is the layer that the profiles extend; empty if there is none.
    """

    profiles: dict[str, str]
    environments: dict[str, str]
    used: dict[str, list[str]]
    problems: list[Problem]
    rest: dict[str, list[tuple[SourceObject, Reason]]]
    common: str = ""


class Folders(Record):
    """The folders of profiles and environments, and that of other manifests as environments list it, if these pass them on."""

    profiles: Path
    environments: Path
    rest: str = ""

    @property
    def common(self) -> Path:
        """The file with what all profiles extend. Its name begins with `_`, so it is not a profile of its own."""
        return self.profiles / HOUSE


def import_fleet(
    given: Mapping[str, Sequence[SourceObject]],
    generator: Generator,
    minor: str,
    folders: Folders,
    existing: Sequence[Existing] = (),
    jobs: int | None = 1,
) -> Fleet:
    """Return the objects of several environments as profiles and environments.

    Profiles that are `existing` stay as they are: environments contain what differs from them. An agent whose objects the profile and the
    environment do not generate exactly gets a profile of its own for that environment; if that does not either, it is in the rest. At most
    `jobs` processes share the proof; None means one per core.
    """
    prover = Prover(generator, minor)
    manifests = {name: EnvironmentManifests(objects, prover) for name, objects in given.items()}
    known = {each.name: each for each in existing}
    doubtful: dict[str, set[str]] = {name: set() for name in given}
    found = {name: each.find(doubtful[name]) for name, each in manifests.items()}
    groups = _groups(found, known)
    rest = {name: list(each.rest) for name, each in found.items()}
    lift = True
    while True:
        attempt = _Attempt(groups, known, found, rest, folders, lift)
        failed = attempt.failed(prover, jobs)
        if not failed:
            break
        unknown = {(where, agent.name) for where, agent in failed.values()}
        unknown -= {(where, name) for where, names in doubtful.items() for name in names}
        if unknown:
            for where, name in unknown:
                doubtful[where].add(name)
            found |= {where: manifests[where].find(doubtful[where]) for where, _ in unknown}
            groups, lift = _groups(found, known), True
            rest = {name: list(each.rest) for name, each in found.items()}
        elif lift:
            lift = False
        else:
            groups = _apart(groups, failed.keys(), rest)
    used = {group.name: list(group.agents) for group in groups}
    problems = [without_adoption(problem) for each in found.values() for problem in each.problems]
    return Fleet(attempt.profiles, attempt.environments, used, problems, rest, attempt.common)


def _groups(found: Mapping[str, FleetEnvironment], known: Mapping[str, Existing]) -> list[Group]:
    """Return one group for each agent, with all environments that have it."""
    agents: dict[str, dict[str, FleetAgent]] = {}
    for where, each in found.items():
        for agent in each.agents:
            agents.setdefault(agent.name, {})[where] = agent
    return [Group(name, own, known[name].layer if name in known else None) for name, own in agents.items()]


def _apart(
    groups: Sequence[Group], failed: Collection[tuple[str, str]], rest: dict[str, list[tuple[SourceObject, Reason]]]
) -> list[Group]:
    """Return the groups, with each environment that failed in one of its own; what fails alone is added to the rest."""
    result: list[Group] = []
    for group in groups:
        wrong = [name for name in group.agents if (group.name, name) in failed]
        left = {name: agent for name, agent in group.agents.items() if name not in wrong}
        if left:
            result.append(group._replace(agents=left))
        for name in wrong:
            agent = group.agents[name]
            if len(group.agents) > 1 or group.base is not None:
                own = agent.name if not left and group.base is None and name == wrong[0] else f"{agent.name}-{name}"
                result.append(Group(own, {name: agent}))
                continue
            why = "no profile with its environment generates identical objects"
            rest[name] += [(each, Reason(why)) for each in agent.given]
    return result


def _comments(each: Layered) -> Comments:
    """Return the comments of an agent in all environments."""
    return _NONE.with_those_of(agent.comments for agent in each.group.agents.values())


class _Attempt:
    """The texts of profiles and environments for some groups."""

    def __init__(
        self,
        groups: Sequence[Group],
        known: Mapping[str, Existing],
        found: Mapping[str, FleetEnvironment],
        rest: Mapping[str, Sequence[tuple[SourceObject, Reason]]],
        folders: Folders,
        lift: bool,
    ) -> None:
        self.every = [layered(group) for group in groups]
        self._known = known
        self._folders = folders
        new = [each for each in self.every if each.group.base is None]
        # A common layer that is there belongs to other profiles.
        self._shared = common_layer([each.base for each in new]) if lift and not folders.common.exists() else Map()
        self._house = short_layer(self._shared)
        self._remarks = (
            agreed(self._house, [(short_layer(each.base), _comments(each)) for each in new]) if self._shared else _NONE
        )
        self.common = self._common() if self._shared else ""
        names = list(dict.fromkeys([*(group.name for group in groups), *known]))
        self._layers: dict[str, Map] = {}
        aside = split(rest)
        for name in found:
            used = {group.name for group in groups if name in group.agents}
            left_out = [f"!{each}" for each in names if each not in used]
            manifests = [f"{folders.rest}/{each}" for each in rest_folders(aside, name)] if folders.rest else []
            fixed = [image for each, _ in rest[name] for image in sorted(references(each.root))] if manifests else []
            self._layers[name] = environment(name, self.every, left_out, fixed, manifests, lift)
        self._lines = {name: set(lines_of(layer)) for name, layer in self._layers.items()}
        self.environments = {name: self._environment(name, layer) for name, layer in self._layers.items()}
        self.profiles = {each.group.name: self._profile(each) for each in self.every if each.group.base is None}

    def _environment(self, name: str, layer: Map) -> str:
        here = {each.group.name: each for each in self.every if name in each.group.agents}
        agents = [each.group.agents[name] for each in here.values()]
        comments = _NONE.with_those_of(each.comments for each in agents)
        comments = comments.at(set(lines_of(layer)))
        for profile, own in layer.named("overrides"):
            known = [agent.comments for agent in here[profile].group.agents.values()]
            comments = without_repeated(comments, short_layer(here[profile].base), own, known)
        if "all" in layer:
            # It has the lines of the first agent.
            commented = [each for each in here.values() if any(each.group.agents[name].comments[:3])]
            wholes = [(short_layer(each.wholes[name]), each.group.agents[name].comments) for each in commented]
            comments = joined(comments, layer.map("all"), wholes)
        text = write(layer, comments) if layer else ""
        return text or "# This environment uses every profile unchanged.\n"

    def _common(self) -> str:
        text = write(self._house, self._remarks)
        # What it is for is not about its first key.
        return f"# What all profiles extend.\n{chr(10) if text[0] == '#' else ''}{text}"

    def _profile(self, each: Layered) -> str:
        environments = list(each.group.agents)
        first = each.group.agents[environments[0]]
        if (
            not self._shared
            and first.has_own_name
            and each.group.name == first.name
            and not any(difference(each.base, whole) for whole in each.wholes.values())
        ):
            return first.text()
        layer = short_layer(without_shared(each.base, self._shared))
        if self._shared:
            # With the place of the whole: a licence is above it.
            extends = Text.at("extends", origin_of(first.daemonset.given.root))
            layer = Map([(extends, List([HOUSE])), *layer.items()], layer.place, layer.type)
        # Comments on values of another layer are there, and the others where the first environment has them.
        kept, apart = set(lines_of(layer)), self._lines[environments[0]]
        own = first.comments
        here = {line for part in own for line in part if line in kept or line not in apart}
        here.update(begins(first.daemonset.given.root))
        others = [agent.comments.at(kept) for agent in each.group.agents.values()]
        comments = own.at(here)._replace(columns=own.columns).with_those_of(others)
        if self._shared:
            comments = without_repeated(comments, self._house, short_layer(each.base), [self._remarks])
        heads = [words for given in first.given for words in given.head]
        return "".join(f"{words}\n" for words in heads) + write(layer, comments)

    def failed(self, prover: Prover, jobs: int | None) -> dict[tuple[str, str], tuple[str, FleetAgent]]:
        """Return the agents whose profile and environment do not generate exactly their objects, by the names of both."""
        environments = {}
        for name, text in self.environments.items():
            path = self._folders.environments / f"{name}.yaml"
            read, problems = read_environment(File(str(path), text.encode(), str(path)), name, prover.minor)
            environments[name] = None if problems else read

        if self.common:
            prover = prover.finding([File(str(self._folders.common), self.common.encode(), str(self._folders.common))])

        def proved(each: Layered) -> list[str]:
            own = self._file(each.group)
            return [
                where
                for where, agent in each.group.agents.items()
                if (read := environments[where]) is None or not agent.is_made(own, read, prover)
            ]

        every = zip(self.every, results(self.every, proved, jobs), strict=True)
        return {(each.group.name, where): (where, each.group.agents[where]) for each, wrong in every for where in wrong}

    def _file(self, group: Group) -> File:
        if group.base is not None:
            return self._known[group.name].file
        path = str(self._folders.profiles / f"{group.name}.yaml")
        return File(path, self.profiles[group.name].encode(), path)
