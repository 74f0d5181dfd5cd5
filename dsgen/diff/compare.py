"""Compare two sets of objects, object by object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from dsgen.diff.affected_pods import AffectedPods, affected_pods, pod_count
from dsgen.diff.client_side_merge import wrongly_merged
from dsgen.diff.key import Key
from dsgen.diff.left_over import left_over
from dsgen.kubernetes import secrets
from dsgen.kubernetes.apply.allotted import as_applied, is_live
from dsgen.kubernetes.apply.applied import Conflict, applied
from dsgen.kubernetes.lint import SERVER_SIDE
from dsgen.kubernetes.scheduling.placement import Node
from dsgen.kubernetes.semantics.field_diff import Change
from dsgen.kubernetes.update_effect import Outcome, replacement
from dsgen.problem import Problem, code
from dsgen.record import Record
from dsgen.tree import Map

FIELD_CONFLICT = code(
    "conflicting-field-manager",
    """Another manager owns a field in the cluster, and set it to another value. Server-side apply then rejects the object with a conflict, unless
    conflicts are forced: `kubectl apply --server-side --force-conflicts`, or let the other manager give the field up.""",
    severity="warning",
)
What = Outcome | Literal["created", "deleted"]


class Difference(Record):
    """An object, what happens to it, and the fields that differ.

    `pods` is None if the nodes are unknown; then `pod_count` is the number of pods in the live cluster, if known. `on_delete` says that
    pods are replaced only when somebody deletes them, and `partition` is the first ordinal of a StatefulSet's pods that are replaced.
    `is_live` says of a deleted object that it is in a cluster, where only pruning deletes it.
    """

    key: Key
    what: What
    changes: list[Change]
    problems: list[Problem]
    pods: AffectedPods | None = None
    pod_count: int | None = None
    on_delete: bool = False
    partition: int = 0
    # The fields that differ and that cannot be changed.
    immutable: tuple[str, ...] = ()
    is_live: bool = False


def compare(
    old: Mapping[Key, Map],
    new: Mapping[Key, Map],
    refused: Mapping[Key, list[Problem]],
    nodes: Sequence[Node] | None,
    versions: Mapping[str, str],
    how: str = "",
) -> list[Difference]:
    """Return what happens when the objects `new` replace the objects `old`.

    `refused` are new objects with errors. `nodes` are those of the cluster, or None if unknown; `versions` are the minor versions
    of the environments. `how` is how objects are applied, `server-side` or `client-side`, or empty if unset. An object of a cluster keeps what
    applying the new one would not change. Of the other objects in a live cluster, only those of the same project are reported as deleted.
    """
    others = {key for key, root in old.items() if key not in new and root.map("metadata").get("uid")}
    others -= left_over(old, new) if others else set()
    return [
        difference
        for key in sorted({*old, *new, *refused} - (others - refused.keys()))
        for difference in _difference(key, old.get(key), new.get(key), refused, nodes, versions, how)
    ]


def _difference(
    key: Key,
    old: Map | None,
    new: Map | None,
    wrong: Mapping[Key, list[Problem]],
    nodes: Sequence[Node] | None,
    versions: Mapping[str, str],
    how: str,
) -> Iterator[Difference]:
    if key in wrong:
        yield Difference(key, "refused", [], [each for each in wrong[key] if each.severity == "error"])
    elif old is None:
        assert new is not None
        yield Difference(key, "created", [], [], affected_pods(None, new, False, nodes))
    elif new is None:
        pods = affected_pods(old, None, False, nodes)
        yield Difference(key, "deleted", [], [], pods, pod_count(old), is_live=is_live(old))
    else:
        problems = []
        if is_live(old) and not is_live(new):
            result = applied(old, new, versions[key.environment], how)
            if result is not None:
                new = result.root
                problems = [_conflicting(each) for each in result.conflicts]
        found = replacement(as_applied(old), as_applied(new), versions[key.environment])
        if key.kind == secrets.KIND:
            found = found._replace(changes=secrets.masked_changes(found.changes))
        strategy = new.map("spec", "updateStrategy")
        on_delete = strategy.get("type") == "OnDelete"
        partition = strategy.map("rollingUpdate").get("partition") if key.kind == "StatefulSet" else 0
        replaced = found.outcome == "recreated" or (found.outcome == "restarted" and not on_delete)
        pods = affected_pods(old, new, replaced, nodes) if found.outcome != "refused" else None
        problems += found.problems
        if found.changes and how != SERVER_SIDE:
            problems += wrongly_merged(old, new)
        yield Difference(
            key,
            found.outcome,
            found.changes,
            problems,
            pods,
            pod_count(old),
            on_delete,
            partition if isinstance(partition, int) else 0,
            found.immutable,
        )


def _conflicting(conflict: Conflict) -> Problem:
    found = f"{conflict.manager} has set another value: server-side apply reports a conflict unless it is forced, as Flux and Argo CD do"
    return FIELD_CONFLICT.at(None, found)._replace(field=conflict.field)
