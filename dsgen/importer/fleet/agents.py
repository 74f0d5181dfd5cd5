"""The agents of one environment: each DaemonSet with the companions that its profile generates, and what is left."""

from __future__ import annotations

from collections.abc import Sequence

from dsgen.generate.result import GenerateResult
from dsgen.importer.daemonset import DaemonSet, Imported
from dsgen.importer.fold.companion import ImportedCompanion, Reason
from dsgen.importer.fold.companions import best
from dsgen.importer.parts import parts_of
from dsgen.importer.prove import Prover, made_objects
from dsgen.importer.read.comments import Comments
from dsgen.importer.read.objects import SourceObject
from dsgen.importer.shorten.profile import profile
from dsgen.importer.shorten.short import as_written
from dsgen.problem import Problem, has_errors
from dsgen.profile.compile import long_form
from dsgen.record import Record
from dsgen.tree import Map


class Agent(Record):
    """A DaemonSet of one environment, the profile of it alone, and the companions in that."""

    daemonset: DaemonSet
    alone: Imported
    companions: list[ImportedCompanion]

    @property
    def name(self) -> str:
        """The name of the DaemonSet."""
        return self.daemonset.name

    @property
    def has_volumes(self) -> bool:
        """Whether volumes have to stay in a list of their own."""
        pod = self.daemonset.agent.pod
        return "volumes" in self.daemonset.arranged(pod)

    @property
    def comments(self) -> Comments:
        """The comments of its manifests."""
        return self.daemonset.comments.with_those_of(each.given.comments for each in self.companions)

    def whole(self, volumes: bool) -> Map:
        """Return the whole profile in long form; with `volumes`, these are in a list of their own."""
        folding = best(self.daemonset.agent, self.companions)
        made = profile(folding.agent, folding.folds, (lambda pod: pod) if volumes else self.daemonset.arranged)
        return long_form(as_written(made))

    def is_made(self, made: GenerateResult, prover: Prover) -> bool:
        """Return whether the objects that a profile generates are those of this agent, and no others."""
        objects = made_objects(made)
        given = [self.daemonset.given, *(each.given for each in self.companions)]
        if has_errors(made.problems) or len(made.objects) != len(given):
            return False
        return all(prover.unlike(each, objects.get((each.kind, each.name))) == [] for each in given)


class Found(Record):
    """What one environment has: its agents, the problems of its manifests, and the objects in no profile with the reasons."""

    agents: list[Agent]
    problems: list[Problem]
    rest: list[tuple[SourceObject, Reason]]


def find(given: Sequence[SourceObject], prover: Prover) -> Found:
    """Return the agents among the objects of an environment."""
    parts = parts_of(given, prover.minor)
    problems = [*parts.hooks, *parts.problems]
    agents: dict[str, Agent] = {}
    for candidate in parts.daemonsets:
        daemonset = candidate.daemonset(prover)
        related = parts.others.related(daemonset.agent)
        alone = daemonset.imported(related, None)
        problems += alone.problems
        if not alone.same:
            why = "no profile generates an identical object: see the other problems"
            parts.reasons[id(candidate.given)] = Reason(why)
            parts.twins.append(candidate.given)
            continue
        own = set(map(id, alone.folded))
        parts.others.take(alone.folded)
        companions = [companion for companion in related if id(companion.given) in own]
        agents[daemonset.name] = Agent(daemonset, alone, companions)
    for left in (left for each in agents.values() for left in each.alone.left):
        parts.reasons.setdefault(id(left.companion.given), left.reason)
    folded = {id(given) for each in agents.values() for given in each.alone.folded}
    return Found(list(agents.values()), problems, parts.left_out(folded))
