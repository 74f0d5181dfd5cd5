"""Warnings about agents for which an autoscaler reserves too little, or may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from dsgen.generate.own_line import at_own_line
from dsgen.kubernetes.scheduling.instance_types import AUTOSCALERS
from dsgen.kubernetes.scheduling.karpenter import DROPPED, TERMS
from dsgen.kubernetes.scheduling.node_selection import Term
from dsgen.kubernetes.scheduling.placement import InstanceType, origin_at
from dsgen.kubernetes.scheduling.single_term import single_term
from dsgen.kubernetes.schema.paths import REQUIRED, field_path
from dsgen.plan.reserve import LIMITS, OverheadDifference, Reservations, Risk
from dsgen.problem import Problem, code, plural
from dsgen.yaml_writer import scalar

INSUFFICIENT_NODE_OVERHEAD = code(
    "insufficient-node-overhead",
    """In a pool with `instanceTypes`, an autoscaler reserves less for the agent on a new node than its pod requests there. It may choose a node that is
    too small: then the agent, or the pod that the node is for, stays pending.""",
    "warning",
)
AMBIGUOUS_NODE_OVERHEAD = code(
    "ambiguous-node-overhead",
    """Karpenter drops an alternative of the required node affinity at the first instance type that it does not match, for all instance types that
    follow. So whether it reserves anything for the agent depends on the order in which it gets the instance types. A single term does not have this problem.""",
    "warning",
)
_MOST: Final = 3
# What helps if an autoscaler does not count an agent, by the field of the pod.
_HINTS: Final = {
    "tolerations": "tolerate the taint in the template: an autoscaler does not know what the DaemonSet controller adds",
    "resourceClaims": "start Karpenter with `--ignore-dra-requests=false`, or leave room for the agent",
}


def problems(found: Reservations) -> Iterator[Problem]:
    """Yield the warnings for the agents of a plan."""
    for risk in found.risks:
        yield _at_risk(risk)
    for each in found.differences:
        # This is reported as a risk.
        if each.less and each.reason != DROPPED:
            yield _insufficient(each)


def described(difference: OverheadDifference) -> str:
    """Describe in a sentence what is reserved instead, on which new nodes, and why."""
    names = " and ".join(AUTOSCALERS[each] for each in difference.autoscalers)
    reserve = "reserves" if len(difference.autoscalers) == 1 else "reserve"
    shown, where = difference.agent.shown, types_of(difference.types)
    if not difference.less:
        return f"{names} {reserve} resources for {shown} on {where}, where no pod of it runs: {difference.reason}"
    parts = (f"{reserved} of {needed} {name}" for name, reserved, needed in difference.less)
    little = " and ".join(parts) if difference.reason == LIMITS else "nothing"
    return f"{names} {reserve} {little} for {shown} on {where}: {difference.reason}"


def types_of(types: Sequence[InstanceType]) -> str:
    """Return a few instance types by their names, with their pools."""
    by_pool: dict[str, list[str]] = {}
    for each in types:
        by_pool.setdefault(each.pool, []).append(each.name)
    shown = [f"{_some(names)} of {pool}" for pool, names in islice(by_pool.items(), _MOST)]
    more = len(by_pool) - len(shown)
    return "; ".join([*shown, f"and of {plural(more, 'more pool')}"] if more else shown)


def _some(names: Sequence[str]) -> str:
    """Return the first names, and the number of the others."""
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"{', '.join(names[:_MOST])}{more}"


def _insufficient(each: OverheadDifference) -> Problem:
    if each.reason == LIMITS:
        missing = " and ".join(f"`{name}`" for name, _, _ in each.less)
        hint = f"set `requests` of {missing} beside the limits"
    else:
        hint = _HINTS.get(str(each.path[3]), "select only labels that the pool or its instance types set")
    problem = INSUFFICIENT_NODE_OVERHEAD.at(
        origin_at(each.agent.root, each.path), described(each), hint=hint, field=field_path(each.path)
    )
    return at_own_line(problem, each.agent.own)


def _at_risk(risk: Risk) -> Problem:
    selection = risk.agent.placement.selection
    single = single_term(selection.terms or ())
    if single:
        hint = f"write a single term: `nodeSelectorTerms: [{_written(single)}]`"
    elif single is not None:
        hint = "remove the terms: together they select all nodes"
    else:
        hint = "no single term selects the same nodes: write a DaemonSet for each alternative"
    pod = risk.agent.root.map("spec", "template", "spec")
    terms = pod.map("affinity", "nodeAffinity", REQUIRED).entries("nodeSelectorTerms")
    said = (
        f"the node affinity has {len(terms)} alternatives, and Karpenter reserves nothing for {risk.agent.shown} on {types_of(risk.types)} "
        "if it gets other instance types first"
    )
    problem = AMBIGUOUS_NODE_OVERHEAD.at(origin_at(risk.agent.root, TERMS), said, hint=hint, field=field_path(TERMS))
    return at_own_line(problem, risk.agent.own)


def _written(term: Term) -> str:
    """Return a term in Kubernetes' form."""
    kinds: dict[str, list[str]] = {}
    for each in term:
        values = f", values: [{', '.join(map(scalar, each.values))}]" if each.values else ""
        written = f"{{key: {each.key}, operator: {each.operator}{values}}}"
        kinds.setdefault("matchFields" if each.is_field else "matchExpressions", []).append(written)
    lists = [f"{kind}: [{', '.join(texts)}]" for kind, texts in kinds.items()]
    return f"{{{', '.join(lists)}}}"
