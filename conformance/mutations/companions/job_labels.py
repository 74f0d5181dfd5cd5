"""The selector of a Job, and the labels of its pods, that the server generates."""

from conformance.mutations.row import DROP, changes, each_of

AUTOMATIC = {"J.manualSelector": DROP}
UID = "11111111-2222-3333-4444-555555555555"
NAMES = ("job-name", "batch.kubernetes.io/job-name", "controller-uid", "batch.kubernetes.io/controller-uid")
changes(
    "job-generated-label",
    [{**AUTOMATIC, "J.selector": DROP, "metadata.name": "a", "T.metadata.labels": labels} for labels in each_of({}, None, DROP, {"app": "a"}, {"job-name": "a"}, {NAMES[1]: "a", "b": "c"})],
    [{**AUTOMATIC, "J.selector": DROP, "metadata.name": "a", "T.metadata.labels": {name: value}} for name in NAMES for value in ("b", UID, "", "-")],
    3,
)  # fmt: skip
changes(
    "job-generated-selector",
    [{**AUTOMATIC, "metadata.name": "a", "T.metadata.labels": {"app": "a"}, "J.selector": selector} for selector in each_of(None, DROP, {}, {"matchLabels": {"job-name": "a"}}, {"matchExpressions": [{"key": "job-name", "operator": "Exists"}]}, {"matchExpressions": [{"key": "x", "operator": "DoesNotExist"}]})],
    [{**AUTOMATIC, "metadata.name": "a", "T.metadata.labels": {"app": "a"}, "J.selector": selector} for selector in each_of({"matchLabels": {"app": "a"}}, {"matchLabels": {"app": "b"}}, {"matchLabels": {"job-name": "b"}}, {"matchLabels": {NAMES[3]: UID}}, {"matchLabels": {"-": "b"}}, {"matchExpressions": [{"key": "app", "operator": "x"}]})],
    3,
)  # fmt: skip
