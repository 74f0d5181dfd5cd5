"""Two sets of objects, and what is said of them."""

from __future__ import annotations

import json

import pytest

from dsgen.diff.affected_pods import AffectedPods
from dsgen.diff.compare import Difference, compare
from dsgen.diff.key import key_of
from dsgen.diff.markdown import as_markdown
from dsgen.diff.report import as_json, as_text
from dsgen.diff.words import changed_lines, happens, value
from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.scheduling.placement import Node, Taint
from dsgen.kubernetes.semantics.field_diff import Change
from dsgen.problem import Problem
from dsgen.tree import Map

DAEMONSET = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent%s}
spec:
  selector: {matchLabels: {app: agent}}
  %s
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: agent, image: "example.com/agent:1.0"}]%s}
---
"""
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config, namespace: default}\ndata: {a.conf: %s}\n---\n"
NODES = [
    Node("a", {"disk": "ssd"}),
    Node("b", {"disk": "hdd"}),
    Node("c", {"disk": "ssd"}, (Taint("dedicated", "", "NoSchedule"),)),
]


def daemonset(metadata: str = "", spec: str = "", pod: str = "") -> str:
    return DAEMONSET % (metadata and f", {metadata}", spec, pod and f", {pod}")


def compared(old: str, new: str, nodes: list[Node] | None = None) -> list[Difference]:
    before, after = (
        {key: each.root for each in read(text) if isinstance(each.root, Map) and (key := key_of(each.root))}
        for text in (old, new)
    )
    return compare(before, after, {}, nodes, {"": "1.37"})


def said(old: str, new: str, nodes: list[Node] | None = None) -> list[str]:
    return [f"{each.what}: {happens(each)}" for each in compared(old, new, nodes)]


OTHER_IMAGE = daemonset().replace("1.0", "1.1")
ON_SSD = daemonset("", "", "nodeSelector: {disk: ssd}")
TOLERANT = daemonset("", "", "tolerations: [{key: dedicated, operator: Exists}]")
ON_DELETE = OTHER_IMAGE.replace("spec:\n", "spec:\n  updateStrategy: {type: OnDelete}\n", 1)


STATEFUL_SET = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec:
  selector: {matchLabels: {app: store}}
  updateStrategy: {type: %s}
  template:
    metadata: {labels: {app: store}}
    spec: {containers: [{name: store, image: "example.com/store:1.0"}]}
---
"""
PARTITION = "RollingUpdate, rollingUpdate: {partition: 2}"
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: agent}
spec: {containers: [{name: agent, image: "example.com/agent:1.0"}]}
---
"""
THING = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {number: %s}\n---\n"


def test_summary_of_what_is_not_known() -> None:
    found = as_text(compared(THING % 1, THING % 2))
    assert found.splitlines()[-1] == "1 configured, with unknown effect on pods"


@pytest.mark.parametrize(
    ("old", "new", "nodes", "expected"),
    [
        pytest.param(daemonset(), daemonset(), None, "same: unchanged", id="same"),
        pytest.param(daemonset(), daemonset("namespace: default"), None, "same: unchanged", id="namespace"),
        pytest.param(daemonset(), OTHER_IMAGE, None, "restarted: its pods restart", id="restart"),
        pytest.param(daemonset("uid: a") + "", OTHER_IMAGE, NODES, "restarted: 2 pods restart (on a, b)", id="nodes"),
        pytest.param(daemonset(), ON_DELETE, NODES, "restarted: a pod restarts when you delete it", id="on-delete"),
        pytest.param(daemonset(), ON_SSD, NODES, "restarted: 1 pod restarts (on a); 1 pod stops (on b)", id="fewer"),
        pytest.param(daemonset(), TOLERANT, NODES, "restarted: 2 pods restart (on a, b); 1 pod starts (on c)", id="more"),
        pytest.param(TOLERANT, daemonset(), NODES, "restarted: 2 pods restart (on a, b); 1 pod stops (on c)", id="taint"),
        pytest.param(
            STATEFUL_SET % "OnDelete",
            STATEFUL_SET.replace("1.0", "1.1") % "OnDelete",
            None,
            "restarted: a pod restarts when you delete it",
            id="stateful-set-on-delete",
        ),
        pytest.param(
            STATEFUL_SET % PARTITION,
            STATEFUL_SET.replace("1.0", "1.1") % PARTITION,
            None,
            "restarted: its pods from ordinal 2 on restart",
            id="partition",
        ),
        pytest.param(
            POD, POD.replace("1.0", "1.1"), None, "restarted: its containers with other images restart", id="pod"
        ),
        pytest.param(
            THING % 1, THING % 2, None, "unknown: configured; whether pods restart is not known", id="custom-resource"
        ),
        # A pod that was there before the taint stays.
        pytest.param(TOLERANT, ON_DELETE, NODES, "restarted: a pod restarts when you delete it", id="stays"),
        pytest.param("", daemonset(), NODES, "created: created; 2 pods start (on a, b)", id="created"),
        pytest.param(NAMESPACE, "", None, "deleted: deleted, with all objects in it", id="deleted-namespace"),
        pytest.param(daemonset(), "", NODES, "deleted: deleted; 2 pods stop (on a, b)", id="deleted"),
        pytest.param(
            daemonset(),
            daemonset().replace("app: agent", "app: other"),
            NODES,
            "recreated: must be deleted and recreated (immutable: `spec.selector`); 2 pods restart (on a, b)",
            id="selector",
        ),
        pytest.param(daemonset(), daemonset("", "minReadySeconds: 5"), NODES, "kept: configured; no pod restarts", id="kept"),
        pytest.param(CONFIG % "x", CONFIG % "z", NODES, "kept: configured; no pod restarts", id="config"),
        pytest.param("", CONFIG % "x", NODES, "created: created", id="new-config"),
    ],
)  # fmt: skip
def test_what_happens(old: str, new: str, nodes: list[Node] | None, expected: str) -> None:
    assert said(old, new, nodes) == [expected]


def test_a_live_cluster_says_how_many() -> None:
    live = daemonset("uid: a").replace("---", "status: {desiredNumberScheduled: 7}\n---")
    assert said(live, OTHER_IMAGE) == ["restarted: 7 pods restart"]
    assert said(live.replace("7", "1"), OTHER_IMAGE) == ["restarted: 1 pod restarts"]


TWO_TAINTED = [*NODES, NODES[2]._replace(name="d")]


@pytest.mark.parametrize(
    ("status", "spec", "nodes", "expected"),
    [
        # Ten pods, of which one got a taint: the status is still from before.
        ("currentNumberScheduled: 3", "", NODES, "2 pods restart (on a, b); 1 pod stops (on c)"),
        ("currentNumberScheduled: 2, numberMisscheduled: 1", "", NODES, "2 pods restart (on a, b); 1 pod stops (on c)"),
        ("currentNumberScheduled: 2", "", NODES, "2 pods restart (on a, b)"),
        ("currentNumberScheduled: 3", "updateStrategy: {type: OnDelete}", NODES, "a pod restarts when you delete it"),
        ("currentNumberScheduled: 3", "", TWO_TAINTED, "2 pods restart (on a, b); 1 more pod stops on nodes with a taint that is not tolerated"),
        ("currentNumberScheduled: 4", "", TWO_TAINTED, "2 pods restart (on a, b); 2 pods stop (on c, d)"),
    ],
)  # fmt: skip
def test_a_pod_that_stays_under_a_later_taint_is_not_created_again(
    status: str, spec: str, nodes: list[Node], expected: str
) -> None:
    old = daemonset("uid: a", spec).replace("---", f"status: {{{status}}}\n---")
    assert said(old, daemonset("", spec).replace("1.0", "1.1"), nodes) == [f"restarted: {expected}"]


def test_what_else_a_live_cluster_has_is_left_alone() -> None:
    """Only what has the label of the same project is its own: `test_left_over.py`."""
    assert said(daemonset("uid: a"), "") == []
    assert said(daemonset("uid: a, labels: {app.kubernetes.io/managed-by: dsgen}"), "") == []
    labels = "labels: {dsgen.dev/project: a}"
    other = daemonset(labels).replace("name: agent", "name: other", 1)
    assert said(daemonset(f"uid: a, {labels}"), other) == [
        "deleted: no longer generated; deleted if you prune",
        "created: created",
    ]
    assert said("kind: Kustomization\nresources: []", "") == []


@pytest.mark.parametrize(("group", "found"), [("rbac.authorization.k8s.io", 1), ("iam.example.com", 2)])
def test_a_namespace_of_an_object_that_is_in_none(group: str, found: int) -> None:
    """The server drops it. A kind of the same name in another group may be in namespaces."""
    role = f"apiVersion: {group}/v1\nkind: ClusterRole\nmetadata: {{name: a}}\nrules: []\n"
    assert len(said(role.replace("name: a", "name: a, namespace: tools"), role)) == found


def test_refused() -> None:
    root = next(iter(read(daemonset()))).root
    assert isinstance(root, Map)
    problem = Problem("x", "error", "is wrong", field="spec.a")
    key = key_of(root)
    assert key is not None
    wrong = {key: [problem, problem._replace(severity="warning")]}
    (difference,) = compare({key: root}, {}, wrong, None, {"": "1.37"})
    assert (difference.what, happens(difference)) == ("refused", "rejected by the API server")
    assert difference.problems == [problem]
    assert (
        as_text([difference])
        == "! DaemonSet default/agent: rejected by the API server\n    ! spec.a: is wrong [x]\n1 rejected\n"
    )


def test_many_nodes() -> None:
    nodes = [Node(f"n{number}", {}) for number in range(9)]
    assert said(daemonset(), OTHER_IMAGE, nodes) == ["restarted: 9 pods restart (on n0, n1, n2, n3, n4, …)"]


OLD = daemonset() + CONFIG % '"one\\ntwo\\nthree\\n"' + "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: old}\n"
NEW = (
    daemonset("labels: {a: b}").replace("1.0", "1.1")
    + CONFIG % '"one\\n2\\nthree\\n"'
    + "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: new}\n"
)


def test_text() -> None:
    assert (
        as_text(compared(OLD, NEW))
        == """\
~ ConfigMap default/config: configured; no pod restarts
      data[a.conf]:
        one
    -   two
    +   2
        three
+ ServiceAccount default/new: created
- ServiceAccount default/old: deleted
~ DaemonSet default/agent: its pods restart
    + metadata.labels: {"a": "b"}
    - spec.template.spec.containers[agent].image: example.com/agent:1.0
    + spec.template.spec.containers[agent].image: example.com/agent:1.1
1 object restarts its pods, 1 configured without restarts, 1 created, 1 deleted
"""
    )
    assert as_text(compared(OLD, OLD)) == "no changes\n"


def test_markdown() -> None:
    assert (
        as_markdown(compared(daemonset(), OTHER_IMAGE, NODES))
        == """\
**1 object restarts its pods**

| object | what happens |
| --- | --- |
| `DaemonSet default/agent` | 2 pods restart (on `a`, `b`) |

<details><summary><code>DaemonSet default/agent</code></summary>

```diff
- spec.template.spec.containers[agent].image: example.com/agent:1.0
+ spec.template.spec.containers[agent].image: example.com/agent:1.1
```

</details>
"""
    )
    assert as_markdown(compared(OLD, OLD)) == "**no changes**\n"


def test_markdown_cannot_be_broken_out_of() -> None:
    wild = CONFIG % json.dumps("a\n```\n</details> | <b>")
    shown = as_markdown(compared(CONFIG % "x", wild))
    assert "````diff\n" in shown
    assert shown.count("\n````\n") == 1


def test_json() -> None:
    data = json.loads(as_json(compared(daemonset(), OTHER_IMAGE, NODES)))
    assert data == {
        "objects": [
            {
                "environment": "",
                "kind": "DaemonSet",
                "namespace": "default",
                "name": "agent",
                "verdict": "restarted",
                "changes": [
                    {
                        "field": "spec.template.spec.containers[agent].image",
                        "old": "example.com/agent:1.0",
                        "new": "example.com/agent:1.1",
                    }
                ],
                "pods": {"restart": ["a", "b"], "start": [], "stop": [], "others": 0},
                "podCount": None,
                "onDelete": False,
                "problems": [],
            }
        ],
        "summary": "1 object restarts its pods",
    }


@pytest.mark.parametrize(
    ("stated", "text"), [("a", "a"), ("", '""'), (1, "1"), ([1], "[1]"), (None, "null"), ("x" * 300, "x" * 200 + "…")]
)
def test_values(stated: object, text: str) -> None:
    assert value(stated) == text


def test_pods_are_told_apart() -> None:
    (difference,) = compared(daemonset(), ON_SSD, NODES)
    assert difference.pods == AffectedPods(["a"], [], ["b"])


def test_of_a_long_text_some_lines_are_shown() -> None:
    old, new = ("".join(f"{line} {number}\n" for number in range(600)) for line in ("old", "new"))
    lines = list(changed_lines(Change("data[a]", old, new)))
    assert len(lines) == 502
    assert lines[-1] == (" ", "  … and 700 more lines")
