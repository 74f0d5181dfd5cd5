"""What kinds with pods have in common, apart from the pods: names in host names, replicas, selectors, generations."""

from __future__ import annotations

from conformance.mutations.row import DROP, at, changes, each_of, row, updates
from conformance.mutations.values import NOT_NEGATIVE

row("workload-replicas", "spec.replicas", NOT_NEGATIVE, weight=1.5)
NAME = "metadata.name"
changes(
    "workload-name",
    [{NAME: name} for name in ("a", "a" * 63, "a-1")],
    [{NAME: name} for name in ("a.b", "a" * 64, "a" * 253, "a" * 254, "A")]
    + [{NAME: DROP, "metadata.generateName": name} for name in ("a.b-", "a" * 59, "a.", "A")],
    weight=2,
)
SELECTOR: str = "spec.selector"
changes(
    "workload-selector",
    [{SELECTOR: {"matchLabels": {"a": "b"}}, "T.metadata.labels": {"a": "b"}}],
    [
        {SELECTOR: selector, **more}
        for selector in each_of(
            DROP,
            None,
            {},
            {"matchLabels": {}},
            {"matchLabels": {"-": "b"}},
            {"matchLabels": {"a": "-"}},
            {"matchExpressions": [{}]},
            {"matchExpressions": [{"key": "a", "operator": "In"}]},
            {"matchExpressions": [{"key": "a", "operator": "Gt", "values": ["1"]}]},
            {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["-"]}]},
            {"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]},
        )
        for more in each_of({}, {"P.restartPolicy": "Never"}, {"P.containers": []}, {"T.metadata.labels": {"a": "-"}})
    ],
    weight=3,
)
updates(
    "update-workload-selector",
    [at(SELECTOR, old, new) for old, new in (
        ({"matchLabels": {"a": "b"}}, {"matchLabels": {"a": "b"}, "matchExpressions": []}), ({"matchLabels": {"a": "b"}}, {"matchLabels": {"a": "b"}}))],
    [at(SELECTOR, {"matchLabels": {"a": "b"}}, new) for new in each_of(DROP, None, {}, {"matchLabels": {"a": "c"}}, {"matchLabels": {}}, {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]})],
    2,
)  # fmt: skip
GENERATION: str = "metadata.generation"
NOTE: str = "metadata.annotations{example.org/note}"
IMAGELESS: dict[str, object] = {"P.volumes[+]": {"name": "twice", "secret": {"secretName": "a", "items": [{"key": "a", "path": "b"}, {"key": "c", "path": "b"}]}}}  # fmt: skip
updates(
    "update-workload-generation",
    [({GENERATION: number}, {"spec.replicas": 7}) for number in (5, 0, 2**63 - 2)]
    + [({GENERATION: 2**63 - 1}, {}), ({GENERATION: -1}, {"spec.replicas": 7})],
    [({GENERATION: 2**63 - 1}, {change: 7}) for change in ("spec.replicas", "P.terminationGracePeriodSeconds")]
    + [({GENERATION: 2**63 - 1}, {NOTE: "y"}), ({GENERATION: -2}, {"spec.replicas": 7}), ({GENERATION: -1}, {})],
    2,
)
updates(
    "update-workload-warnings",
    [(IMAGELESS, {**IMAGELESS, change: value}) for change, value in (
        ("spec.replicas", 7), (NOTE, "y"), ("metadata.labels{b}", "c"), ("P.terminationGracePeriodSeconds", 7))]
    + [(IMAGELESS, IMAGELESS), ({}, IMAGELESS), (IMAGELESS, {})],
    [],
    2,
)  # fmt: skip
