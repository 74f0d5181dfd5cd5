"""What policies say if an object exists, so that it is updated: whether it does is not known, so nothing is refused for this reason."""

from __future__ import annotations

from collections.abc import Iterable

from dsgen.kubernetes.policies.evaluate import SILENT, Gap, PolicyDecision, Verdict


def only_updated(verdict: Verdict) -> Verdict:
    """Return what is not known of an object by a policy that is about updates only, by the verdict on an update."""
    gaps = [*verdict.gaps, *_gaps((*verdict.decisions, *verdict.refusals), ())]
    return Verdict([], gaps, {}, []) if gaps else SILENT


def also_updated(created: Verdict, updated: Verdict) -> Verdict:
    """Return the verdict on a new object, with what the same policy says besides if the object is updated."""
    known = [*created.decisions, *created.refusals]
    more = _gaps((*updated.decisions, *updated.refusals), {id(each.rule) for each in known})
    gaps = list(dict.fromkeys([*created.gaps, *updated.gaps, *more]))
    return created._replace(gaps=gaps) if gaps else created


def _gaps(decisions: Iterable[PolicyDecision], known: Iterable[int]) -> list[Gap]:
    """Return the expressions that fail, but for those of some identities."""
    return [
        Gap(each.rule.source, each.message, for_update=True)
        for each in decisions
        if each.rule is not None and id(each.rule) not in known
    ]
