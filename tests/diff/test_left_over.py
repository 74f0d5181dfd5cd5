"""Which objects of a cluster are told as no longer generated: only those that are provably of the same project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from dsgen.diff.key import Key, key_of
from dsgen.diff.left_over import left_over
from dsgen.tree import Map

OF_DSGEN = {"app.kubernetes.io/managed-by": "dsgen"}


def by_key(objects: Iterable[dict[str, Any]]) -> dict[Key, Map]:
    roots = [Map({**each, "metadata": Map({**each["metadata"], "labels": Map(each["metadata"]["labels"])})}) for each in objects]  # fmt: skip
    return {key: root for root in roots if (key := key_of(root))}


def thing(kind: str, namespace: str, name: str, of: str = "", labels: dict[str, str] = OF_DSGEN) -> dict[str, Any]:
    named = {"app.kubernetes.io/name": of} if of else {}
    group = {"DaemonSet": "apps/v1", "ClusterRole": "rbac.authorization.k8s.io/v1"}.get(kind, "v1")
    where = {"namespace": namespace} if namespace else {}
    return {"apiVersion": group, "kind": kind, "metadata": {"name": name, **where, "labels": {**labels, **named}}}


def found(live: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[str]:
    return sorted(str(key) for key in left_over(by_key(live), by_key(new)))


AGENT = thing("DaemonSet", "tools", "agent", "agent")


@pytest.mark.parametrize(
    ("live", "is_ours"),
    [
        (thing("ConfigMap", "tools", "gone", "agent"), True),
        (thing("DaemonSet", "tools", "agent-arm", "agent"), True),
        (thing("ClusterRole", "", "gone", "agent"), True),
        (thing("ConfigMap", "other", "gone", "agent"), False),
        (thing("ConfigMap", "tools", "gone", "other"), False),
        (thing("ConfigMap", "tools", "gone"), False),
        (thing("Namespace", "", "tools"), False),
        (thing("ConfigMap", "tools", "gone", "agent", {"app.kubernetes.io/managed-by": "Helm"}), False),
    ],
)
def test_without_a_project(live: dict[str, Any], is_ours: bool) -> None:
    """An agent of the same name in the same namespace would have the same selector, so it is the same agent."""
    assert bool(found([AGENT, live], [AGENT])) == is_ours


def test_another_project_may_have_an_agent_of_the_same_name_elsewhere() -> None:
    role = thing("ClusterRole", "", "gone", "agent")
    assert found([AGENT, role], [AGENT]) == ["ClusterRole gone"]
    assert found([AGENT, role, thing("DaemonSet", "other", "agent", "agent")], [AGENT]) == []


@pytest.mark.parametrize(("label", "is_ours"), [("a", True), ("b", False), ("", False)])
def test_with_a_project(label: str, is_ours: bool) -> None:
    mine = {"dsgen.dev/project": "a"}
    new = thing("DaemonSet", "tools", "agent", "agent", {**OF_DSGEN, **mine})
    gone = thing("Namespace", "", "gone", "agent", {"dsgen.dev/project": label} if label else OF_DSGEN)
    assert bool(found([new, gone], [new])) == is_ours
