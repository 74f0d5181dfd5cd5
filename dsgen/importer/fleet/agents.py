"""The agents of one environment: each DaemonSet with the companions that its profile generates, and what is left."""

from __future__ import annotations

from collections.abc import Container, Sequence

from dsgen.importer.daemonset import DaemonSet
from dsgen.importer.fold.checksums import ineffective
from dsgen.importer.fold.companion import LeftOut, Reason
from dsgen.importer.fold.companions import Folding, best
from dsgen.importer.parts import Parts, parts_of
from dsgen.importer.prove import Prover, made_objects
from dsgen.importer.read.comments import Comments
from dsgen.importer.read.objects import SourceObject
from dsgen.importer.shorten.profile import profile
from dsgen.importer.shorten.short import as_written
from dsgen.problem import Problem, has_errors
from dsgen.profile.compile import long_form
from dsgen.record import Record
from dsgen.resolve.environment import Environment
from dsgen.resolve.file import File
from dsgen.tree import Map, Text


class FleetAgent(Record):
    """A DaemonSet of one environment with the companions in its profile. `left` are those that the profile leaves out.

    `name` is that of the profile: its own, or if a DaemonSet in another namespace has that, one with its namespace.
    """

    name: str
    daemonset: DaemonSet
    folding: Folding
    left: list[LeftOut]

    @property
    def has_own_name(self) -> bool:
        """Whether the profile has the name of the DaemonSet."""
        return self.name == self.daemonset.name

    @property
    def given(self) -> list[SourceObject]:
        """The objects of the manifests."""
        return [self.daemonset.given, *(each.given for each in self.folding.folded)]

    @property
    def folded(self) -> list[SourceObject]:
        """The companions among them."""
        return self.given[1:]

    @property
    def has_volumes(self) -> bool:
        """Whether volumes have to stay in a list of their own."""
        return "volumes" in self.daemonset.arranged(self.daemonset.agent.pod)

    @property
    def comments(self) -> Comments:
        """The comments of its manifests."""
        return self.daemonset.comments.with_those_of(each.given.comments for each in self.folding.folded)

    @property
    def stated(self) -> Map:
        """The fields of its manifest that are keys of a profile, with their defaults."""
        spec = self.daemonset.tidied.map("spec")
        return Map([*spec.items(), *spec.map("template", "spec").items()])

    def text(self) -> str:
        """Return the profile of it alone."""
        return self.daemonset.text(self.folding)

    def whole(self, volumes: bool) -> Map:
        """Return the whole profile in long form; with `volumes`, these are in a list of their own."""
        arranged = (lambda pod: pod) if volumes else self.daemonset.arranged
        whole = profile(self.folding.agent, self.folding.folds, arranged)
        if self.has_own_name:
            return long_form(as_written(whole))
        # Only a variant can have another name.
        whole.setdefault("selector", self.folding.agent.selector.map("matchLabels"))
        result = long_form(as_written(whole))
        own = Map([(key, result.pop(key)) for key in ("name", "selector")], None, "profile")
        return Map(
            [
                ("name", Text.at(self.name, None)),
                *result.items(),
                ("variants", Map([("default", own)], None, "{profile}")),
            ],
            None,
            "profile",
        )

    def is_made(self, file: File, environment: Environment, prover: Prover) -> bool:
        """Return whether the objects that a profile generates in an environment are those of this agent, and no others."""
        given = self.given
        made = prover.render(file, given, environment)
        if has_errors(made.problems) or len(made.objects) != len(given):
            return False
        objects = made_objects(made)
        return all(prover.unlike(each, objects.get((each.kind, each.name))) == [] for each in given)


class FleetEnvironment(Record):
    """What one environment has: its agents, the problems of its manifests, and the objects in no profile with the reasons."""

    agents: list[FleetAgent]
    problems: list[Problem]
    rest: list[tuple[SourceObject, Reason]]


class EnvironmentManifests:
    """The manifests of one environment."""

    def __init__(self, given: Sequence[SourceObject], prover: Prover) -> None:
        self._given = given
        self._prover = prover
        self._parts = parts_of(given, prover.minor, several=True)
        self._daemonsets = [(each.profile, each.daemonset(prover)) for each in self._parts.daemonsets]

    def find(self, doubtful: Container[str]) -> FleetEnvironment:
        """Return the agents among the objects.

        The profiles of the `doubtful` ones are rendered without an environment to find out which companions can be part of them: a
        profile of which that is not known yet has all that it can set.
        """
        parts = self._parts.again()
        problems = [*parts.hooks, *parts.problems]
        agents: dict[str, FleetAgent] = {}
        for name, daemonset in self._daemonsets:
            agent = self._agent(name, daemonset, parts, problems, name in doubtful or bool(daemonset.refused))
            if agent:
                parts.others.take(agent.folded)
                agents[agent.name] = agent
            else:
                why = "no profile generates an identical object: see the other problems"
                parts.reasons[id(daemonset.given)] = Reason(why)
                parts.twins.append(daemonset.given)
        return FleetEnvironment(list(agents.values()), problems, parts.left_out(agents.values()))

    def _agent(
        self, name: str, daemonset: DaemonSet, parts: Parts, problems: list[Problem], is_doubtful: bool
    ) -> FleetAgent | None:
        own_agent = daemonset.agent._replace(name=name)
        related = parts.others.related(own_agent)
        if not is_doubtful:
            folding = best(own_agent, related)
            problems += [*daemonset.problems, *ineffective(daemonset.given, folding.folded)]
            return FleetAgent(name, daemonset, folding, folding.left)
        alone = daemonset.imported(related, None)
        problems += alone.problems
        if not alone.same:
            return None
        own = set(map(id, alone.folded))
        folding = best(own_agent, [companion for companion in related if id(companion.given) in own])
        return FleetAgent(name, daemonset, folding, list(alone.left))
