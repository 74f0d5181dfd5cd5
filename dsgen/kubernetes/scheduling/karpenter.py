"""For which instance types Karpenter reserves resources for a DaemonSet: pkg/controllers/provisioning/scheduling of 1.15.

Karpenter does not ask whether the pod will run. It asks whether the requirements of the pod can hold on some node of the type, one
alternative of the node affinity after the other, and removes each alternative that fails, for all instance types that follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dsgen.kubernetes.scheduling.instance_types import POOL_LABEL, STARTED_LABELS
from dsgen.kubernetes.scheduling.node_selection import conditions, text
from dsgen.kubernetes.scheduling.placement import InstanceType, own_tolerations
from dsgen.kubernetes.scheduling.requirement_values import LabelValues, allowed
from dsgen.kubernetes.schema.paths import NODE_SELECTOR_TERMS, POD, REQUIRED
from dsgen.record import Record
from dsgen.tree import Map, Path, as_map

Requirements = dict[str, LabelValues]
# Why a DaemonSet is not counted, and the place of the condition in it; an empty text if it is.
Answer = tuple[str, Path]
DROPPED: Final = "it has dropped the alternative that holds there, for another instance type"
TERMS: Final[Path] = (*POD, *NODE_SELECTOR_TERMS)
# Labels that a pool need not set (WellKnownLabels in pkg/apis/v1). A cloud's provider adds the labels of its instance types.
WELL_KNOWN: Final = frozenset(
    {
        POOL_LABEL,
        "topology.kubernetes.io/zone",
        "topology.kubernetes.io/region",
        "node.kubernetes.io/instance-type",
        "kubernetes.io/arch",
        "kubernetes.io/os",
        "karpenter.sh/capacity-type",
        "node.kubernetes.io/windows-build",
    }
)
# Former names of labels, and what Karpenter reads for them (NormalizedLabels).
NORMALIZED: Final = {
    "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
    "beta.kubernetes.io/arch": "kubernetes.io/arch",
    "beta.kubernetes.io/os": "kubernetes.io/os",
    "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
    "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
}


class Counted(Record):
    """For each instance type, why Karpenter does not count the DaemonSet, with the place of the condition in it, or an empty text.

    `at_risk` are the types where it does not count it in some order of the types, though an alternative holds there.
    """

    reasons: list[Answer]
    at_risk: list[int]


class Karpenter:
    """Karpenter's decisions for instance types, in the order in which their provider lists them."""

    def __init__(self, types: Sequence[InstanceType]) -> None:
        self.types = types
        keys = {_name(key) for type in types for key in type.labels}
        self._known = WELL_KNOWN | keys
        pools = {type.pool: _of_pool(type) for type in types}
        # Its providers set every label for every type, as `DoesNotExist` where a type does not have it.
        absent = {key: allowed("DoesNotExist", ()) for key in keys}
        self._requirements = [(pools[type.pool], {**absent, **_all_of(type.labels)}) for type in types]

    def count(self, pod: Map) -> Counted:
        """Return for which types Karpenter counts the pods of the (decoded) pod spec `pod`."""
        if uses_claims(pod):
            return Counted([("it ignores pods with resource claims", (*POD, "resourceClaims"))] * len(self.types), [])
        terms = list(_alternatives(pod))
        keys = list(dict.fromkeys(key for asked in terms for key in asked))
        tolerations = list(own_tolerations(pod))
        first, last = 0, len(terms) - 1
        reasons: list[Answer] = []
        # For each type the numbers of the terms that hold there; None if Karpenter does not get as far as the terms.
        holding: list[tuple[int, ...] | None] = []
        known: dict[tuple[LabelValues | None, ...], list[tuple[str, str]]] = {}
        for type, both in zip(self.types, self._requirements, strict=True):
            # A preference of the node does not keep a DaemonSet away.
            blocking = (each for each in type.taints if each.effect != "PreferNoSchedule")
            taint = next((each for each in blocking if not any(own.covers(each) for own in tolerations)), None)
            if taint:
                holding.append(None)
                reasons.append((f"the template does not tolerate the taint {taint}", (*POD, "tolerations")))
                continue
            alike = tuple(part.get(key) for key in keys for part in both)
            if alike not in known:
                known[alike] = [self._failure(asked, *both) for asked in terms]
            failures = known[alike]
            holds = tuple(number for number, failure in enumerate(failures) if not failure[0])
            holding.append(holds)
            following = next((number for number in holds if number >= first), None)
            first = last if following is None else following
            if following is not None:
                reasons.append(("", ()))
            elif holds:
                reasons.append((DROPPED, TERMS))
            else:
                reason, label = failures[-1]
                selected = next((key for key in pod.map("nodeSelector") if _name(str(key)) == label), None)
                reasons.append((reason, TERMS if selected is None else (*POD, "nodeSelector", selected)))
        return Counted(reasons, list(_at_risk(holding, last)))

    def _failure(self, asked: Requirements, of_pool: Requirements, of_type: Requirements) -> tuple[str, str]:
        """Return why a type does not meet the requirements of a pod, with the label, or empty texts (Compatible in pkg/scheduling)."""
        for key, values in asked.items():
            if key not in self._known and key not in of_pool and not values.is_negative:
                return f"neither the pool nor the instance type sets the label {key}", key
        for known in (of_pool, of_type):
            for key, values in asked.items():
                if key in known and not known[key].meets(values):
                    return f"the label {key} of the instance type does not match", key
        return "", ""


def uses_claims(pod: Map) -> bool:
    """Return whether pods use dynamic resources, for which Karpenter counts nothing unless `--ignore-dra-requests=false` is set."""
    containers = [each for kind in ("initContainers", "containers") for each in pod.maps(kind)]
    return bool(pod.get("resourceClaims")) or any(each.map("resources").get("claims") for each in containers)


def _at_risk(holding: Sequence[tuple[int, ...] | None], last: int) -> Iterator[int]:
    """Yield each type where an alternative holds that Karpenter can have dropped when it gets there."""
    alike = Counter(each for each in holding if each is not None)
    furthest = {
        each: _furthest([other for other in alike if other != each or alike[each] > 1], last) for each in alike if each
    }
    yield from (index for index, each in enumerate(holding) if each and furthest[each] > each[-1])


def _furthest(holding: Sequence[tuple[int, ...]], last: int) -> int:
    """Return the last alternative that can be the first one left after types of these kinds, in the worst order."""
    first = 0
    while True:
        following = max((next((number for number in each if number >= first), last) for each in holding), default=first)
        if following == first:
            return first
        first = following


def _alternatives(pod: Map) -> Iterator[Requirements]:
    """Yield what each term of the node affinity requires together with `nodeSelector`. Karpenter ignores `matchFields`."""
    always: dict[str, LabelValues] = {}
    for key, value in pod.map("nodeSelector").items():
        _add(always, str(key), allowed("In", (text(value),)))
    required = pod.map("affinity", "nodeAffinity").child(REQUIRED)
    terms = list(required.entries("nodeSelectorTerms")) if required is not None else []
    for term in terms or [Map()]:
        asked = dict(always)
        for each in conditions(as_map(term), "matchExpressions", ()):
            _add(asked, each.key, allowed(each.operator, each.values))
        yield asked


def _of_pool(type: InstanceType) -> Requirements:
    labels = {**type.pool_labels, POOL_LABEL: type.pool, **STARTED_LABELS}
    return _all_of({key: (value,) for key, value in labels.items()})


def _all_of(labels: Mapping[str, tuple[str, ...]]) -> Requirements:
    found: Requirements = {}
    for key, values in labels.items():
        _add(found, key, allowed("In", values))
    return found


def _add(requirements: Requirements, key: str, values: LabelValues) -> None:
    name = _name(key)
    requirements[name] = requirements[name].intersection(values) if name in requirements else values


def _name(key: str) -> str:
    return NORMALIZED.get(key, key)
