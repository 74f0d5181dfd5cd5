"""What autoscalers reserve for agents on new nodes, and what is said where they reserve something else than pods request."""

from __future__ import annotations

import json

from dsgen.plan.data import as_json
from dsgen.plan.page import as_page
from dsgen.plan.plan import Plan
from dsgen.plan.text import as_text
from dsgen.problem import Problem
from tests.plan.test_plan import daemonset, planned, requests, said

POOLS = """\
pools:
  burst:
    AUTOSCALER
    labels: {team: data}
    laterLabels: {gpu.present: "true"}
    instanceTypes:
      m7i.large: {allocatable: {cpu: 1930m, memory: 7Gi}}
      m7g.large: {labels: {kubernetes.io/arch: arm64}, allocatable: {cpu: 1930m, memory: 7Gi}}
      m7i.xlarge: {allocatable: {cpu: 3930m, memory: 14Gi}}
  fixed: {}
"""
KARPENTER = POOLS.replace("AUTOSCALER", "autoscaler: karpenter")
BOTH = POOLS.replace("    AUTOSCALER\n", "")
SIZED = requests("cpu: 100m, memory: 100Mi")


def terms(*values: str) -> str:
    each = (f"{{matchExpressions: [{{{value}}}]}}" for value in values)
    return f"affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{', '.join(each)}]}}}}}}"


ARCH = (
    "key: kubernetes.io/arch, operator: In, values: [amd64]",
    "key: kubernetes.io/arch, operator: In, values: [arm64]",
)


def overhead(made: Plan) -> list[Problem]:
    return [problem for problem in made.problems if problem.code.endswith("-node-overhead")]


def test_text() -> None:
    made = planned(daemonset("first", terms(*ARCH), SIZED), daemonset("second", container=SIZED), nodes=KARPENTER)
    text = as_text(made)
    start = text.index("what autoscalers")
    assert text[start : text.index("\n\n", start)] == (
        "what autoscalers reserve for these agents on a new node:\n"
        "instance type                             pods   cpu  memory  ephemeral-storage\n"
        "m7i.large, m7g.large of burst     needed     2  200m   200Mi                  -\n"
        "                               Karpenter     2  200m   200Mi                  -\n"
        "m7i.xlarge of burst               needed     2  200m   200Mi                  -\n"
        "                               Karpenter     1  100m   100Mi                  -\n"
        "  Karpenter reserves nothing for tools/first on m7i.xlarge of burst: it has dropped the alternative that holds there, for another instance type"
    )


def test_nothing_is_said_without_instance_types() -> None:
    made = planned(daemonset("first", terms(*ARCH), SIZED), nodes="pools: {a: {}}")
    assert "autoscaler" not in as_text(made)
    assert not overhead(made)
    assert json.loads(as_json(made, []))["instanceTypes"] == []
    assert "autoscaler" not in as_page(made, [])


def test_the_single_term_of_the_hint_helps() -> None:
    (problem,) = overhead(planned(daemonset("first", terms(*ARCH), SIZED), nodes=KARPENTER))
    assert problem.code == "ambiguous-node-overhead"
    assert problem.message == (
        "the node affinity has 2 alternatives, and Karpenter reserves nothing for tools/first on m7i.large, m7i.xlarge of burst if it gets other instance types first"
    )
    single = "{key: kubernetes.io/arch, operator: In, values: [amd64, arm64]}"
    assert problem.hint == f"write a single term: `nodeSelectorTerms: [{{matchExpressions: [{single}]}}]`"
    assert problem.line == 5
    followed = planned(daemonset("first", terms(single[1:-1]), SIZED), nodes=KARPENTER)
    assert not followed.reservations.differences
    assert not overhead(followed)


def test_alternatives_without_a_single_term() -> None:
    made = planned(
        daemonset(
            "first", terms(ARCH[1], "key: node.kubernetes.io/instance-type, operator: In, values: [m7i.large]"), SIZED
        ),
        nodes=KARPENTER,
    )
    (problem,) = overhead(made)
    assert problem.hint == "no single term selects the same nodes: write a DaemonSet for each alternative"


def test_alternatives_that_all_nodes_meet() -> None:
    made = planned(
        daemonset("first", terms(ARCH[1], "key: kubernetes.io/arch, operator: NotIn, values: [arm64]"), SIZED),
        nodes=KARPENTER,
    )
    (problem,) = overhead(made)
    assert problem.hint == "remove the terms: together they select all nodes"


def test_limits_of_the_pod() -> None:
    made = planned(daemonset("first", "resources: {limits: {cpu: 500m, memory: 1Gi}}"), nodes=BOTH)
    assert said(made)[0] == (
        "5 insufficient-node-overhead: Karpenter and cluster-autoscaler reserve 0 of 500m cpu and 0 of 1Gi memory for tools/first on "
        "m7i.large, m7g.large, m7i.xlarge of burst: limits do not count as requests until a pod of it runs"
    )
    (problem,) = overhead(made)
    assert problem.field == "spec.template.spec.resources.limits.cpu"
    assert problem.hint == "set `requests` of `cpu` and `memory` beside the limits"
    followed = "resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: 500m, memory: 1Gi}}"
    assert not overhead(planned(daemonset("first", followed), nodes=BOTH))


def test_limits_of_a_container_count_for_karpenter_only() -> None:
    made = planned(daemonset("first", container="resources: {limits: {cpu: 500m}}"), nodes=BOTH)
    (problem,) = overhead(made)
    assert problem.message.startswith("cluster-autoscaler reserves 0 of 500m cpu for tools/first")
    assert problem.field == "spec.template.spec.containers[0].resources.limits.cpu"
    only = planned(daemonset("first", container="resources: {limits: {cpu: 500m}}"), nodes=KARPENTER)
    assert not only.reservations.differences


def test_a_label_that_is_only_set_later() -> None:
    made = planned(daemonset("first", 'nodeSelector: {gpu.present: "true"}', SIZED), nodes=BOTH)
    assert len(made.placed[0].nodes) == 3
    assert [problem.message.partition(": ")[2] for problem in overhead(made)] == [
        "neither the pool nor the instance type sets the label gpu.present",
        "label gpu.present is missing, required: true",
    ]
    assert {problem.field for problem in overhead(made)} == {"spec.template.spec.nodeSelector.gpu.present"}


def test_a_taint_that_only_pods_tolerate() -> None:
    """The DaemonSet controller adds this toleration to pods, and not to the template."""
    pools = KARPENTER.replace(
        "labels:", 'taints: ["node.kubernetes.io/unschedulable:NoSchedule"], labels:'.replace(", ", "\n    "), 1
    )
    (problem,) = overhead(planned(daemonset("first", container=SIZED), nodes=pools))
    assert problem.message.endswith(
        "the template does not tolerate the taint node.kubernetes.io/unschedulable:NoSchedule"
    )
    assert problem.hint.startswith("tolerate the taint in the template")
    tolerates = "tolerations: [{key: node.kubernetes.io/unschedulable, operator: Exists}]"
    assert not overhead(planned(daemonset("first", tolerates, SIZED), nodes=pools))


def test_resource_claims() -> None:
    (problem,) = overhead(
        planned(daemonset("first", "resourceClaims: [{name: a, resourceClaimName: a}]", SIZED), nodes=KARPENTER)
    )
    assert problem.message.endswith("it ignores pods with resource claims")
    assert "--ignore-dra-requests=false" in problem.hint


def test_too_much_is_no_problem() -> None:
    """A field of the node is a condition that Karpenter ignores."""
    named = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [fixed-1]}]}]}}}"
    made = planned(daemonset("first", named, SIZED), nodes=KARPENTER)
    assert not overhead(made)
    (difference,) = made.reservations.differences
    assert not difference.less
    assert (
        "Karpenter reserves resources for tools/first on m7i.large, m7g.large, m7i.xlarge of burst, where no pod of it runs"
        in as_text(made)
    )


def test_json() -> None:
    made = planned(daemonset("first", terms(*ARCH), SIZED), nodes=BOTH)
    types = json.loads(as_json(made, []))["instanceTypes"]
    assert [each["name"] for each in types] == ["m7i.large", "m7g.large", "m7i.xlarge"]
    needed = {"pods": "1", "cpu": "100m", "memory": "100Mi"}
    assert types[2] == {
        "name": "m7i.xlarge",
        "pool": "burst",
        "needed": needed,
        "reserved": {"karpenter": {}, "cluster-autoscaler": needed},
        "differences": [
            {
                "daemonset": "tools/first",
                "autoscalers": ["karpenter"],
                "tooLittle": True,
                "reason": "it has dropped the alternative that holds there, for another instance type",
            }
        ],
    }
    assert types[0]["differences"] == []


def test_page() -> None:
    made = planned(daemonset("first", terms(*ARCH), SIZED), nodes=BOTH)
    page = as_page(made, made.problems)
    assert "What autoscalers reserve on a new node" in page
    assert "m7i.xlarge of burst" in page
    assert "Karpenter reserves nothing for tools/first" in page


def test_a_pool_of_an_autoscaler_has_nodes_for_each_value_of_a_label() -> None:
    pools = """\
pools:
  burst:
    count: 2
    instanceTypes:
      a: {labels: {zone: [x1, x2]}, allocatable: {cpu: 1}}
      b: {labels: {zone: x1}}
"""
    made = planned(
        daemonset("first", "nodeSelector: {zone: x2}", SIZED),
        daemonset("second", "nodeSelector: {zone: x1}", SIZED),
        nodes=pools,
    )
    assert [len(placed.nodes) for placed in made.placed] == [2, 4]
    assert [str(each.needed.get("pods", 0)) for each in made.reservations.types] == ["2", "1"]
    assert not made.reservations.differences


def test_of_many_pools_and_types_a_few_are_named() -> None:
    types = "{" + ", ".join(f"t{number}: {{}}" for number in range(5)) + "}"
    pools = "pools: {" + ", ".join(f"p{number}: {{instanceTypes: {types}}}" for number in range(5)) + "}"
    (problem,) = overhead(planned(daemonset("first", "resources: {limits: {cpu: 1}}"), nodes=pools))
    named = "; ".join(f"t0, t1, t2 and 2 more of p{number}" for number in range(3))
    assert f"on {named}; and of 2 more pools: limits" in problem.message
