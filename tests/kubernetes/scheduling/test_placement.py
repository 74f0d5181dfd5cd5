"""Pods are placed as the DaemonSet controller places them, on recorded cases; and why not is said in words."""

from __future__ import annotations

import pytest

from conformance.pods.placements import differences, recorded
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.scheduling import node_selection, placement
from dsgen.kubernetes.scheduling.node_selection import Requirement
from dsgen.kubernetes.scheduling.placement import Node, Placement, Taint
from dsgen.kubernetes.validation import labels
from dsgen.tree import Map

NODE = Node("node-1", {"disk": "hdd", "cores": "4", "empty": ""}, (Taint("dedicated", "gpu", "NoSchedule"),))
TOLERATES = "tolerations: [{key: dedicated, operator: Exists}]"


def placed(pod: str) -> Placement:
    root = read_first(f"spec: {{template: {{spec: {{{pod}}}}}}}").root
    assert isinstance(root, Map)
    return Placement(root)


def affinity(*terms: str) -> str:
    wanted = f"requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{', '.join(terms)}]}}"
    return f"affinity: {{nodeAffinity: {{{wanted}}}}}"


def expression(text: str) -> str:
    return f"{{matchExpressions: [{{{text}}}]}}"


@pytest.mark.parametrize("index", range(9))
def test_agrees_with_kubernetes(index: int) -> None:
    assert not differences(recorded()[index])


def test_the_record_asks_much() -> None:
    runs, stays = ("".join(line for group in recorded() for line in group[part]) for part in (2, 3))
    assert len(runs) >= 50_000
    assert 0.2 < runs.count("1") / len(runs) < 0.8
    assert sum(run != stay for run, stay in zip(runs, stays, strict=True)) > 1000


def test_the_record_misses_each_toleration_that_the_controller_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in placement._CONDITIONS:
        monkeypatch.setattr(placement, "_CONDITIONS", tuple(each for each in placement._CONDITIONS if each != name))
        assert any(map(differences, recorded()))
        monkeypatch.undo()


@pytest.mark.parametrize("operator", ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"])
def test_the_record_misses_each_operator(operator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    holds = Requirement.holds
    monkeypatch.setattr(Requirement, "holds", lambda self, value: holds(self, value) != (self.operator == operator))
    assert any(map(differences, recorded()))


def test_the_record_misses_unreadable_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    readable = node_selection._is_readable
    monkeypatch.setattr(
        node_selection, "_is_readable", lambda each: each.operator in labels.OPERATORS or readable(each)
    )
    assert any(map(differences, recorded()))


@pytest.mark.parametrize(
    ("pod", "reason", "path"),
    [
        ("nodeName: other", "the node's name is node-1, required: other", "nodeName"),
        (f"nodeSelector: {{disk: ssd}}, {TOLERATES}", "label disk is hdd, required: ssd", "nodeSelector.disk"),
        ("nodeSelector: {zone: a}", "label zone is missing, required: a", "nodeSelector.zone"),
        ("nodeSelector: {empty: a}", "label empty is empty, required: a", "nodeSelector.empty"),
        ("nodeSelector: {disk: ''}", 'label disk is hdd, required: ""', "nodeSelector.disk"),
        ("", "taint dedicated=gpu:NoSchedule is not tolerated", "tolerations"),
        ("tolerations: [{key: dedicated, value: cpu}]", "taint dedicated=gpu:NoSchedule is not tolerated", "tolerations"),
        (affinity(expression("key: disk, operator: In, values: [ssd, nvme]")), "label disk is hdd, required: one of ssd, nvme", "0.matchExpressions.0"),
        (affinity(expression(f"key: disk, operator: In, values: {list('abcdefghij')}")), "label disk is hdd, required: one of a, b, c, d, e, f, g, h, i, j", "0.matchExpressions.0"),
        (affinity(expression(f"key: disk, operator: In, values: {list('abcdefghijk')}")), "label disk is hdd, required: one of 11 values", "0.matchExpressions.0"),
        (affinity(expression("key: disk, operator: NotIn, values: [hdd]")), "label disk is hdd, required: not hdd", "0.matchExpressions.0"),
        (affinity(expression("key: zone, operator: Exists")), "label zone is missing, required: any value", "0.matchExpressions.0"),
        (affinity(expression("key: disk, operator: DoesNotExist")), "label disk is hdd, required: no such label", "0.matchExpressions.0"),
        (affinity(expression("key: cores, operator: Gt, values: ['4']")), "label cores is 4, required: more than 4", "0.matchExpressions.0"),
        (affinity("{matchFields: [{key: metadata.name, operator: In, values: [a]}]}"), "the node's name is node-1, required: a", "0.matchFields.0"),
        (affinity("{}"), "the required node affinity matches no node", "nodeSelectorTerms"),
        (
            affinity(expression("key: zone, operator: Exists"), expression("key: disk, operator: In, values: [ssd]")),
            "no alternative holds: label zone is missing, required: any value; label disk is hdd, required: ssd",
            "nodeSelectorTerms",
        ),
    ],
)  # fmt: skip
def test_reasons(pod: str, reason: str, path: str) -> None:
    decision = placed(pod).decide(NODE)
    assert (decision.runs, decision.reason) == (False, reason)
    assert ".".join(map(str, decision.path)).endswith(path)


def test_a_pod_runs() -> None:
    assert placed(TOLERATES).decide(NODE) == (True, True, "", ())


def test_a_pod_stays_where_it_may_not_be_created() -> None:
    assert placed("").decide(NODE)[:2] == (False, True)
    assert placed("").decide(NODE._replace(taints=(Taint("a", "", "NoExecute"),)))[:2] == (False, False)
