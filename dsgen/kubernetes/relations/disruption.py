"""PodDisruptionBudgets over the pods of DaemonSets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.relations.excerpt import Excerpt
from dsgen.kubernetes.relations.selector import Selector
from dsgen.kubernetes.relations.view import OwnedProblem, View
from dsgen.problem import code

INVALID_BUDGET = code(
    "invalid-disruption-budget",
    """A PodDisruptionBudget with `maxUnavailable` or a percentage depends on the desired number of pods. The disruption controller
    reads it from the `scale` subresource of the pods' controller, which a DaemonSet does not have. So it allows no eviction of any
    pod that the budget selects. A whole number for `minAvailable` works. Source: pkg/controller/disruption: getExpectedScale, whose
    condition is `daemonsets.apps does not implement the scale subresource`.""",
    "warning",
)

_HINT: Final = "set `minAvailable` to a whole number, or exclude the DaemonSet's pods: `kubectl drain --ignore-daemonsets` does not evict them"


def findings(view: View) -> Iterator[OwnedProblem]:
    """Yield the budgets that the disruption controller cannot compute."""
    for namespace, budgets in view.kinds.get("PodDisruptionBudget", {}).items():
        for each in budgets if "DaemonSet" in view.kinds else ():
            for field, amount, place in each.amounts if each.selector else ():
                other = _daemonset(view, each.selector, namespace) if _needs_scale(field, amount) else None
                if other:
                    found = (
                        f"`{field}: {amount}` requires a `scale` subresource, which {other.shown}{other.place} does not have, so none of its pods can "
                        "be evicted"
                    )
                    yield OwnedProblem(
                        each, INVALID_BUDGET.at(place, found, hint=_HINT, field=f"spec.{field}", file=each.file)
                    )


def _daemonset(view: View, selector: Selector | None, namespace: str) -> Excerpt | None:
    selected = view.pods.select(selector, (namespace,)) if selector else ()
    return next((each for each in selected if each.kind == "DaemonSet" and each.namespace == namespace), None)


def _needs_scale(field: str, amount: str) -> bool:
    return field == "maxUnavailable" or amount.endswith("%")
