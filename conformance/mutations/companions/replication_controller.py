"""ReplicationControllers: their labels and their template."""

from __future__ import annotations

from conformance.mutations.row import DROP, changes, each_of, updates

SELECTOR, LABELS, TEMPLATE = "spec.selector", "T.metadata.labels", "spec.template"
changes(
    "rc-selector",
    [
        {SELECTOR: {"a": "b"}, LABELS: {"a": "b", "c": "d"}},
        {SELECTOR: {"-": "-"}, LABELS: {"-": "-"}},
        {SELECTOR: DROP, LABELS: {"a": "b"}},
        {SELECTOR: {}, LABELS: {"a": "b"}},
        {SELECTOR: None, LABELS: {"a": "b"}, "metadata.labels": DROP},
    ],
    [
        {SELECTOR: {"a": "b"}, LABELS: {"a": "c"}},
        {SELECTOR: {"a": ""}, LABELS: {"b": "c"}},
        {SELECTOR: {"a": "b"}, LABELS: DROP},
        {SELECTOR: {}, LABELS: {}},
        {SELECTOR: DROP, LABELS: DROP},
        {SELECTOR: {}, LABELS: {"a": "-"}, "metadata.labels": DROP},
        {SELECTOR: {}, LABELS: {"a": "-"}, "metadata.labels": {}},
    ],
    weight=3,
)
changes(
    "rc-template",
    [{TEMPLATE: {"metadata": {"labels": {"app": "web", "tier": "front"}}, "spec": {"containers": [{"name": "a", "image": "a"}]}}}],
    [
        {TEMPLATE: template, SELECTOR: selector}
        for template in each_of(DROP, None, {}, {"spec": None})
        for selector in each_of(DROP, {"a": "b"}, {})
    ],
    weight=2,
)  # fmt: skip
updates(
    "update-rc-selector",
    [({SELECTOR: {"app": "web"}, LABELS: labels}, {SELECTOR: {"tier": "front"}, LABELS: labels}) for labels in each_of({"app": "web", "tier": "front"})]
    + [({SELECTOR: {}, LABELS: {"a": "b"}}, {SELECTOR: {"a": "b"}, LABELS: {"a": "b"}})],
    [({TEMPLATE: DROP}, {}), ({}, {TEMPLATE: DROP})],
)  # fmt: skip
