"""An import that is shared by several processes: the same profiles, in the same order, with the same problems."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dsgen.build import processes
from dsgen.importer import each
from dsgen.importer.daemonset import Imported
from dsgen.importer.importing import import_objects
from dsgen.importer.read.objects import given_objects
from tests.factories import generator

AGENT = """\
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: a{0}, namespace: tools}}
spec:
  selector: {{matchLabels: {{app: a{0}}}}}
  template:
    metadata: {{labels: {{app: a{0}, all: agents}}}}
    spec:
      serviceAccountName: {1}
      containers: [{{name: agent, image: "example.com/agent:{0}", envFrom: [{{configMapRef: {{name: {2}}}}}]}}]
"""
SHARED = """\
---
apiVersion: v1
kind: Namespace
metadata: {name: tools}
---
apiVersion: v1
kind: Service
metadata: {name: agents, namespace: tools}
spec: {selector: {all: agents}, ports: [{port: 80}]}
"""
OBJECT = "---\napiVersion: v1\nkind: {0}\nmetadata: {{name: {1}, namespace: tools}}\n"
NUMBER = 12


def stream() -> str:
    """Return agents of which each has a config map; all could have the namespace and the Service, and some share an account."""
    agents = (AGENT.format(n, f"s{n // 5}", f"c{n if n != 9 else 2}") for n in range(NUMBER))
    accounts = (OBJECT.format("ServiceAccount", f"s{n}") for n in range(3))
    maps = (OBJECT.format("ConfigMap", f"c{n}") + "data: {a: b}\n" for n in range(NUMBER))
    return "".join([*agents, SHARED, *accounts, *maps])


def imported(text: str, jobs: int | None) -> tuple[list[object], list[object]]:
    """Return what an import returns, comparable without the identity of objects."""
    given, wrong = given_objects(text.encode(), "agents.yaml")
    made, problems = import_objects(given, generator(), "1.37", jobs=jobs)
    profiles: list[object] = [
        (
            one.name,
            one.text,
            one.problems,
            one.same,
            [(other.kind, other.name) for other in one.folded],
            [(left.companion.given.name, left.reason) for left in one.left],
        )
        for one in made
    ]
    return profiles, [*wrong, *problems]


@pytest.mark.parametrize("jobs", [2, 3, 5])
def test_processes_change_nothing(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a profile in the share of another process has taken before."""
    text = stream()
    alone = imported(text, 1)
    monkeypatch.setattr(processes, "MIN_ITEMS_PER_PROCESS", 2)
    assert imported(text, jobs) == alone


def test_a_process_does_not_know_what_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile with companions that one before its share has taken is imported again, and no other."""
    text = stream()
    again = []
    alone = each._profile

    def counted(name: str, *rest: object) -> Imported:
        again.append(name)
        return alone(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(each, "_profile", counted)
    monkeypatch.setattr(processes, "MIN_ITEMS_PER_PROCESS", 2)
    imported(text, 2)
    # The parent's share; and of the others, the one that shares its account, and the one with its config map.
    assert again == ["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a9"]


def test_small_inputs_need_no_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Forking costs more than it saves for a few."""
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    assert len(imported(stream(), None)[0]) == NUMBER
