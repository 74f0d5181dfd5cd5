"""The agents of one environment: each DaemonSet with the companions that its profile generates, and what is left."""

from __future__ import annotations

from collections.abc import Sequence

from dsgen.generate.result import GenerateResult
from dsgen.importer.daemonset import DaemonSet, Imported
from dsgen.importer.fold.companion import ImportedCompanion, Reason
from dsgen.importer.fold.companions import best
from dsgen.importer.fold.related import Others
from dsgen.importer.importing import companions_in, daemonsets_in, one_of_each_name
from dsgen.importer.prove import Prover, made_objects
from dsgen.importer.read.comments import Comments
from dsgen.importer.read.hooks import hook
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
    hooks = {id(each): problem for each in given if (problem := hook(each))}
    problems = list(hooks.values())
    objects = [each for each in given if id(each) not in hooks]
    daemonsets, twins = one_of_each_name(daemonsets_in(objects, prover, problems))
    beside = [each for each in objects if not each.is_daemonset]
    reasons: dict[int, Reason] = {}
    others = Others(companions_in(beside, prover.minor, reasons))
    agents: dict[str, Agent] = {}
    rest = twins
    for each in daemonsets:
        related = others.related(each.agent)
        alone = each.imported(related, None)
        own = set(map(id, alone.folded))
        if not alone.same:
            problems += alone.problems
            rest.append((each.given, Reason("no profile generates an identical object: see the other problems")))
        else:
            problems += alone.problems
            others.take(alone.folded)
            agents[each.name] = Agent(each, alone, [companion for companion in related if id(companion.given) in own])
    for left in (left for each in agents.values() for left in each.alone.left):
        reasons.setdefault(id(left.companion.given), left.reason)
    folded = {id(given) for each in agents.values() for given in each.alone.folded}
    rest += [(each, reasons.get(id(each)) or others.unrelated(each)) for each in beside if id(each) not in folded]
    return Found(list(agents.values()), problems, rest)
