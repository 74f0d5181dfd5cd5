"""Jobs, and the jobs of CronJobs: their numbers and modes."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import DNS_SUBDOMAIN, LONG, SELECTOR

NUMBERS = Pool([0, 1, 5, 2147483647, None], [-1, -2147483648, "1", 1.5])
for name in (
    "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes",
):  # fmt: skip
    row(f"job-{name.lower()}", f"J.{name}", NUMBERS, weight=0.5)
PLAIN: Json = {
    "J.completionMode": DROP, "J.backoffLimitPerIndex": DROP, "J.maxFailedIndexes": DROP, "J.successPolicy": DROP, "J.podFailurePolicy": DROP, "J.podReplacementPolicy": DROP,
    "J.completions": 3, "J.parallelism": 2,
}  # fmt: skip


def _jobs(*specs: Json) -> list[Json]:
    """Return plain jobs, each with some fields of its spec."""
    return [{**PLAIN, **{f"J.{name}": value for name, value in spec.items()}} for spec in specs]


INDEXED: Json = {"completionMode": "Indexed"}
row(
    "job-mode",
    "J.completionMode",
    Pool(["NonIndexed", None], ["Indexed", "", "indexed", "Other", 1]),
    also={"J.completions": DROP},
)
changes(
    "job-indexed",
    _jobs(INDEXED, {**INDEXED, "completions": 0}, {**INDEXED, "backoffLimitPerIndex": 0}, {**INDEXED, "backoffLimitPerIndex": 1, "maxFailedIndexes": 3}, {**INDEXED, "parallelism": 100000}, {"parallelism": 100001}, {"completions": None, "parallelism": None},
          {**INDEXED, "completions": 100001, "backoffLimitPerIndex": 1, "maxFailedIndexes": 10000, "parallelism": 10000}, {**INDEXED, "completions": 100000, "backoffLimitPerIndex": 1, "parallelism": 10001}, {**INDEXED, "completions": 200000, "parallelism": 10000},
          {**INDEXED, "completions": 100000, "backoffLimitPerIndex": 1, "maxFailedIndexes": 100000}),
    _jobs({**INDEXED, "completions": None}, {**INDEXED, "completions": DROP, "parallelism": DROP}, {**INDEXED, "maxFailedIndexes": 1}, {**INDEXED, "backoffLimitPerIndex": 1, "maxFailedIndexes": 4}, {**INDEXED, "parallelism": 100001}, {"backoffLimitPerIndex": 1}, {"maxFailedIndexes": 1},
          {"backoffLimitPerIndex": 1, "maxFailedIndexes": 1}, {**INDEXED, "completions": 100001, "backoffLimitPerIndex": 1}, {**INDEXED, "completions": 100001, "backoffLimitPerIndex": 1, "maxFailedIndexes": 10001}, {**INDEXED, "completions": 100001, "backoffLimitPerIndex": 1, "maxFailedIndexes": 5, "parallelism": 10001},
          {**INDEXED, "completions": 200000, "backoffLimitPerIndex": 1, "maxFailedIndexes": 100001}, {**INDEXED, "completions": 100001, "parallelism": 10001}, {**INDEXED, "completions": 100001, "parallelism": 100001}, {"completionMode": "x", "backoffLimitPerIndex": 1},
          {**INDEXED, "backoffLimitPerIndex": -1, "maxFailedIndexes": -1}),
    6,
)  # fmt: skip
row(
    "job-managed-by",
    "J.managedBy",
    Pool(["a/b", "kubernetes.io/job-controller", f"a/{'b' * 61}", "a.b/c/d", "a/:%", "a/b c"[:3], None], ["", "a", "/a", "a/", "A/b", "a_b/c", "a/b c", "a/é", f"a/{'b' * 62}", f"{LONG[64]}/a", "a//"]),
    weight=2,
)  # fmt: skip
row("job-restart", "P.restartPolicy", Pool(["Never", "OnFailure"], ["Always", "", None, DROP, "never", "x"]), weight=3)
changes(
    "job-restart-failure",
    [{"J.podFailurePolicy": {"rules": []}, "P.restartPolicy": "Never"}, {**PLAIN, "P.restartPolicy": "OnFailure"}],
    [{"J.podFailurePolicy": policy, "P.restartPolicy": "OnFailure"} for policy in each_of({}, {"rules": []})],
)
changes(
    "job-replacement",
    _jobs(*({"podReplacementPolicy": policy} for policy in ("Failed", "TerminatingOrFailed", None)), {"podFailurePolicy": {"rules": []}, "podReplacementPolicy": "Failed"}),
    _jobs(*({"podReplacementPolicy": policy} for policy in ("", "failed", "Other")), *({"podFailurePolicy": {"rules": []}, "podReplacementPolicy": policy} for policy in ("TerminatingOrFailed", "", "x"))),
    2,
)  # fmt: skip
row("job-suspend", "J.suspend", Pool([True, False, None], ["true", 1]), weight=0.5)
row("job-name", "metadata.name", DNS_SUBDOMAIN.plus(["a" * 63], ["a" * 64, "a.b"]), weight=1.5)
changes(
    "job-name-indexed",
    [{"metadata.name": name, **change} for name, count in (("a" * 61, 10), ("a" * 60, 100), ("a" * 60, 11)) for change in _jobs({**INDEXED, "completions": count})],
    [{"metadata.name": name, **change} for name, count in (("a" * 62, 1 + 10), ("a" * 61, 11), ("a.b", 1), ("a" * 63, 1)) for change in _jobs({**INDEXED, "completions": count}, {**INDEXED, "completions": 0})]
    + [{"metadata.name": DROP, "metadata.generateName": "a" * 57, **change} for change in _jobs({**INDEXED, "completions": 1}, {**INDEXED, "completions": 11})],
    2,
)  # fmt: skip
OWN = {"a": "b"}
changes(
    "job-manual-selector",
    [{"J.manualSelector": True, "J.selector": {"matchLabels": OWN}, "T.metadata.labels": OWN}, {"J.manualSelector": True, "J.selector": {}, "T.metadata.labels": OWN}],
    [{"J.manualSelector": True, "J.selector": selector, "T.metadata.labels": {**OWN, "c": "d"}} for selector in each_of(None, DROP, {"matchLabels": {"a": "c"}}, {"matchLabels": {"-": "a"}}, {"matchExpressions": [{"key": "z", "operator": "Exists"}]}, {})],
    2,
)  # fmt: skip
row("job-selector", "J.selector", SELECTOR, also={"J.manualSelector": True})
