"""The specs of Jobs and CronJobs, apart from their pods."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema import cron
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.update_effect import replacement
from dsgen.kubernetes.validate import validate_update
from dsgen.kubernetes.validation.companions import (
    cron_job,
    job,
    job_labels,
    job_update,
    pod_failure_policy,
    success_policy,
)
from dsgen.plain import plain
from dsgen.tree import Map
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, table

PODS = "restartPolicy: Never, containers: [{name: main, image: a}]"
JOB = "{apiVersion: batch/v1, kind: Job, metadata: {name: NAME}, spec: {SPECtemplate: {METADATAspec: {PODS}}}}"
FRAME = JOB.replace("PODS", PODS).replace("NAME", "a")
SPEC = FRAME.replace("METADATA", "").replace("SPEC", "*, ")
INDEXED = SPEC.replace("*", "completionMode: Indexed, completions: 5, *")
MANY = SPEC.replace("*", "completionMode: Indexed, completions: 100001, backoffLimitPerIndex: 1, *")
RULE = SPEC.replace("*", "podFailurePolicy: {rules: [*]}")
CODES = RULE.replace("*", "{action: Ignore, onExitCodes: *}")
CONDITION = RULE.replace("*", "{action: Ignore, onPodConditions: [*]}")
SUCCESS = INDEXED.replace("*", "successPolicy: {rules: [*]}")
MANUAL = FRAME.replace("METADATA", "metadata: {labels: {a: b}}, ").replace("SPEC", "manualSelector: true, *")
LABELS = FRAME.replace("METADATA", "metadata: {labels: *}, ").replace("SPEC", "")
CRON = f"{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: NAME}}, spec: {{SCHEDULEjobTemplate: {{spec: {{JOBtemplate: {{spec: {{{PODS}}}}}}}}}}}}}"
CRON_SPEC = CRON.replace("JOB", "").replace("NAME", "a")
SCHEDULE = CRON_SPEC.replace("SCHEDULE", "schedule: *, ")
DAILY = CRON_SPEC.replace("SCHEDULE", "schedule: '@daily', *, ")
LONG_RULES = ", ".join(["{action: Count, onExitCodes: {operator: In, values: [1]}}"] * 20)
LONG_CONDITIONS = ", ".join(["{type: a}"] * 20)
LONG_COUNTS = ", ".join(["{succeededCount: 1}"] * 20)
CODE_LIST = ", ".join(map(str, range(1, 256)))

ROWS = [
    *table(
        SPEC,
        """
        out-of-range-job-number | backoffLimit: 0 | backoffLimit: -1 | Invalid spec.backoffLimit
        out-of-range-job-number | ttlSecondsAfterFinished: 0 | ttlSecondsAfterFinished: -1 | Invalid spec.ttlSecondsAfterFinished
        invalid-completion-mode | completionMode: NonIndexed | completionMode: '' | NotSupported spec.completionMode
        missing-completions | completions: 1, completionMode: Indexed | completionMode: Indexed, parallelism: 1 | Required spec.completions
        invalid-managed-by | managedBy: a.b/c | managedBy: a | Invalid spec.managedBy
        invalid-managed-by | managedBy: a/b | managedBy: '' | Required spec.managedBy
        invalid-managed-by | managedBy: a/<61> | managedBy: a/<62> | TooLong spec.managedBy
        forbidden-index-limit | backoffLimitPerIndex: 1, completionMode: Indexed, completions: 1 | backoffLimitPerIndex: 1 | Invalid spec.backoffLimitPerIndex
        invalid-pod-replacement-policy | podReplacementPolicy: Failed | podReplacementPolicy: failed | NotSupported spec.podReplacementPolicy
        invalid-pod-replacement-policy | podFailurePolicy: {rules: []} | podFailurePolicy: {rules: []}, podReplacementPolicy: TerminatingOrFailed | NotSupported spec.podReplacementPolicy
        """,
    ),
    *table(
        INDEXED,
        """
        missing-backoff-limit-per-index | maxFailedIndexes: 1, backoffLimitPerIndex: 1 | maxFailedIndexes: 1 | Required spec.backoffLimitPerIndex
        out-of-range-parallelism | parallelism: 100000 | parallelism: 100001 | Invalid spec.parallelism
        out-of-range-max-failed-indexes | backoffLimitPerIndex: 1, maxFailedIndexes: 5 | backoffLimitPerIndex: 1, maxFailedIndexes: 6 | Invalid spec.maxFailedIndexes
        out-of-range-success-policy-rules | successPolicy: {rules: [{succeededCount: 1}]} | successPolicy: {} | Required spec.successPolicy.rules
        """,
    ),
    *table(
        MANY,
        """
        missing-max-failed-indexes | maxFailedIndexes: 1 | backoffLimit: 1 | Required spec.maxFailedIndexes
        out-of-range-max-failed-indexes | maxFailedIndexes: 10000 | maxFailedIndexes: 10001 | Invalid spec.maxFailedIndexes
        too-many-indexes | maxFailedIndexes: 1, parallelism: 10000 | maxFailedIndexes: 1, parallelism: 10001 | Warning spec, Invalid spec.parallelism
        """,
    )[:2],
    *table(
        RULE,
        f"""
        invalid-pod-failure-policy-action | {{action: FailJob, onPodConditions: [{{type: a}}]}} | {{onPodConditions: [{{type: a}}]}} | Required spec.podFailurePolicy.rules[0].action
        invalid-pod-failure-policy-action | {{action: Count, onPodConditions: [{{type: a}}]}} | {{action: FailIndex, onPodConditions: [{{type: a}}]}} | Invalid spec.podFailurePolicy.rules[0].action
        conflicting-pod-failure-requirements | {{action: Ignore, onPodConditions: [{{type: a}}]}} | {{action: Ignore}} | Invalid spec.podFailurePolicy.rules[0]
        too-many-pod-failure-policy-rules | {LONG_RULES} | {LONG_RULES}, {LONG_RULES[:59]} | TooMany spec.podFailurePolicy.rules
        """,
    ),
    *table(
        CODES,
        f"""
        invalid-exit-code-operator | {{operator: In, values: [1]}} | {{values: [1]}} | Required spec.podFailurePolicy.rules[0].onExitCodes.operator
        unknown-exit-code-container | {{operator: In, values: [1], containerName: main}} | {{operator: In, values: [1], containerName: other}} | Invalid spec.podFailurePolicy.rules[0].onExitCodes.containerName
        out-of-range-exit-code-values | {{operator: NotIn, values: [0]}} | {{operator: NotIn, values: []}} | Invalid spec.podFailurePolicy.rules[0].onExitCodes.values
        out-of-range-exit-code-values | {{operator: NotIn, values: [{CODE_LIST}]}} | {{operator: NotIn, values: [{CODE_LIST}, 256]}} | TooMany spec.podFailurePolicy.rules[0].onExitCodes.values
        invalid-exit-code-values | {{operator: NotIn, values: [0]}} | {{operator: In, values: [0]}} | Invalid spec.podFailurePolicy.rules[0].onExitCodes.values[0]
        invalid-exit-code-values | {{operator: In, values: [1, 2]}} | {{operator: In, values: [2, 1]}} | Invalid spec.podFailurePolicy.rules[0].onExitCodes.values
        duplicate-exit-code | {{operator: In, values: [1, 2]}} | {{operator: In, values: [1, 1]}} | Duplicate spec.podFailurePolicy.rules[0].onExitCodes.values[1]
        """,
    ),
    *table(
        CONDITION,
        f"""
        invalid-pod-condition-type | {{type: a.b/c}} | {{status: 'True'}} | Invalid spec.podFailurePolicy.rules[0].onPodConditions[0].type
        invalid-pod-condition-status | {{type: a}} | {{type: a, status: 'true'}} | NotSupported spec.podFailurePolicy.rules[0].onPodConditions[0].status
        too-many-pod-conditions | {LONG_CONDITIONS} | {LONG_CONDITIONS}, {{type: a}} | TooMany spec.podFailurePolicy.rules[0].onPodConditions
        """,
    ),
    *table(
        SUCCESS,
        f"""
        missing-success-criterion | {{succeededIndexes: ''}} | {{}} | Required spec.successPolicy.rules[0]
        invalid-succeeded-indexes | {{succeededIndexes: '0,2-4'}} | {{succeededIndexes: '0,2-5'}} | Invalid spec.successPolicy.rules[0].succeededIndexes
        invalid-succeeded-indexes | {{succeededIndexes: '0-1,2'}} | {{succeededIndexes: '0-1,1'}} | Invalid spec.successPolicy.rules[0].succeededIndexes
        out-of-range-succeeded-count | {{succeededCount: 5}} | {{succeededCount: 6}} | Invalid spec.successPolicy.rules[0].succeededCount
        out-of-range-succeeded-count | {{succeededCount: 2, succeededIndexes: '0,4'}} | {{succeededCount: 3, succeededIndexes: '0,4'}} | Invalid spec.successPolicy.rules[0].succeededCount
        out-of-range-success-policy-rules | {LONG_COUNTS} | {LONG_COUNTS}, {{succeededCount: 1}} | TooMany spec.successPolicy.rules
        """,
    ),
    *table(
        MANUAL,
        """
        missing-job-selector | selector: {matchLabels: {a: b}}, | | Required spec.selector, Invalid spec.template.metadata.labels
        mismatched-job-selector | selector: {}, | selector: {matchLabels: {a: c}}, | Invalid spec.template.metadata.labels
        invalid-job-selector | selector: {matchLabels: {a: b}}, | selector: {matchLabels: {a: '-'}}, | Invalid spec.selector.matchLabels
        """.replace(" | | ", " | suspend: false, | "),
    ),
    *table(
        LABELS,
        """
        conflicting-job-label | {job-name: a} | {job-name: b} | Invalid spec.template.metadata.labels[job-name]
        """,
    ),
    *table(
        SPEC,
        """
        forbidden-job-selector | selector: {matchLabels: {job-name: a}} | selector: {matchLabels: {job-name: b}} | Invalid spec.selector, Invalid spec.template.metadata.labels
        """,
    ),
    *table(
        SCHEDULE,
        """
        missing-schedule | '@hourly' | '' | Required spec.schedule
        invalid-schedule | '*/5 0-6,22 1 jan mon-fri' | '* * * *' | Invalid spec.schedule
        invalid-schedule | '@every 1h30m' | '@every 1d' | Invalid spec.schedule
        forbidden-schedule-time-zone | '0 0 * * *' | 'TZ=UTC 0 0 * * *' | Invalid spec.schedule
        """,
    ),
    *table(
        DAILY,
        """
        invalid-time-zone | timeZone: Europe/Berlin | timeZone: Europe/Berlim | Invalid spec.timeZone
        invalid-time-zone | timeZone: UTC | timeZone: Local | Invalid spec.timeZone
        out-of-range-cron-job-number | startingDeadlineSeconds: 0 | startingDeadlineSeconds: -1 | Invalid spec.startingDeadlineSeconds
        invalid-concurrency-policy | concurrencyPolicy: '' | concurrencyPolicy: Never | NotSupported spec.concurrencyPolicy
        """,
    ),
    *table(
        CRON.replace("SCHEDULE", "schedule: '@daily', ").replace("NAME", "a").replace("JOB", "*, "),
        """
        forbidden-cron-job-selector | manualSelector: false | manualSelector: true | NotSupported spec.jobTemplate.spec.manualSelector
        forbidden-cron-job-selector | suspend: true | selector: {} | Invalid spec.jobTemplate.spec.selector
        missing-completions | completionMode: Indexed, completions: 1 | completionMode: Indexed | Required spec.jobTemplate.spec.completions
        """,
    ),
    *table(
        CRON.replace("SCHEDULE", "schedule: '@daily', ").replace("NAME", "*").replace("JOB", ""),
        "too-long-cron-job-name | <52> | <53> | Invalid metadata.name",
    ),
    *table(
        JOB.replace("PODS", PODS)
        .replace("NAME", "*")
        .replace("METADATA", "")
        .replace("SPEC", "completionMode: Indexed, completions: 11, "),
        "too-long-indexed-job-name | <60> | <61> | Invalid metadata.name",
    ),
    *table(
        JOB.replace("NAME", "a").replace("METADATA", "").replace("SPEC", "").replace(
            "PODS", "*, containers: [{name: main, image: a}]"
        ),
        """
        invalid-job-restart-policy | restartPolicy: OnFailure | restartPolicy: Always | Required spec.template.spec.restartPolicy
        invalid-job-restart-policy | restartPolicy: Never | hostPID: false | Required spec.template.spec.restartPolicy
        """,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_every_rule_has_a_row() -> None:
    modules = (cron_job, job, job_labels, job_update, pod_failure_policy, success_policy)
    elsewhere = {"changed-job-field", "changed-completions", "changed-job-template", "deprecated-schedule-time-zone"}
    older = {"missing-pod-condition-status", "too-many-indexes"}
    assert untested(ROWS, *modules) == elsewhere | older


def test_many_indexes_are_a_warning() -> None:
    job = fill(SPEC, "completionMode: Indexed, completions: 100001, parallelism: 10001")
    assert said(job) == {"too-many-indexes Warning spec"}
    assert said(job.replace("100001", "100000")) == set()


def test_a_condition_without_a_status_in_an_old_cron_job() -> None:
    condition = fill(CONDITION, "{type: a}")
    frame = CRON.replace("SCHEDULE", "schedule: '@daily', ").replace("NAME", "a")
    inner = "podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: a}]}]}, "
    assert said(condition, "1.33") == set()
    assert {each.split()[0] for each in said(frame.replace("JOB", inner), "1.33")} == {"missing-pod-condition-status"}
    assert said(frame.replace("JOB", inner), "1.34") == set()


def test_a_job_loses_its_scheduling() -> None:
    """The server has dropped it before it validates the number of pods."""
    group = "scheduling: {schedulingPolicy: {gang: {minCount: -5}}}, "
    scheduled = FRAME.replace("SPEC", group).replace("METADATA", "")
    assert said(scheduled) == {"dropped-field spec.scheduling"}
    frame = CRON.replace("SCHEDULE", "schedule: '@daily', ").replace("NAME", "a")
    assert said(frame.replace("JOB", group)) == {"dropped-field spec.jobTemplate.spec.scheduling"}
    assert said(frame.replace("JOB", "scheduling: null, ")) == set()
    old, new = read_first(scheduled).root, read_first(scheduled.replace(group, "")).root
    assert validate_update(old, old) == validate_update(new, new) == []


TEMPLATE = "spec: {containers: [{name: main, image: IMAGE, resources: {limits: {cpu: CPU}}}], restartPolicy: Never}"


def update(old: str, new: str, minor: str = "1.37", kind: str = "Job") -> set[str]:
    before, after = (
        read_first(f"{{apiVersion: batch/v1, kind: {kind}, metadata: {{name: a}}, {part}}}").root for part in (old, new)
    )
    return {f"{each.code} {each.type} {each.field}" for each in validate_update(before, after, minor)}


def running(spec: str = "", image: str = "a", cpu: str = "1", more: str = "") -> str:
    return f"spec: {{{spec}template: {{{more}{TEMPLATE.replace('IMAGE', image).replace('CPU', cpu)}}}}}"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (running(), running("parallelism: 4, suspend: true, backoffLimit: 0, "), ""),
        (running(), running(cpu="1000m"), ""),
        (running(), running("completions: 2, "), "changed-completions Invalid spec.completions"),
        (running("completionMode: Indexed, completions: 2, "), running("completionMode: Indexed, completions: 3, parallelism: 3, "), ""),
        (running(), running("completionMode: Indexed, completions: 1, "), "changed-job-field Invalid spec.completionMode"),
        (running(), running("managedBy: a/b, "), "changed-job-field Invalid spec.managedBy"),
        (running(), running(image="b"), "changed-job-template Invalid spec.template"),
        (running(), running(cpu="2"), "changed-job-template Invalid spec.template"),
        (running("suspend: true, "), running("suspend: true, ", cpu="2"), ""),
        (running("suspend: true, "), running(more="metadata: {labels: {a: b}}, "), ""),
        (running("suspend: true, "), running("suspend: true, ", image="b"), "changed-job-template Invalid spec.template.spec"),
    ],
)  # fmt: skip
def test_update(old: str, new: str, says: str) -> None:
    assert update(old, new) == set(filter(None, [says]))


def test_what_a_suspended_job_can_change_since_1_36() -> None:
    old, new = running("suspend: true, "), running("suspend: true, ", cpu="2")
    assert update(old, new, "1.35") == {"changed-job-template Invalid spec.template"}
    started = f"{old}, status: {{startTime: '2020-01-01T00:00:00Z'}}"
    assert update(started, new) == {"changed-job-template Invalid spec.template"}


def test_update_of_a_cron_job() -> None:
    job = f"jobTemplate: {{{running()}}}"
    zoned = "TZ=UTC 0 0 * * *"
    kept = f"spec: {{schedule: '{zoned}', {job}}}"
    warned = "deprecated-schedule-time-zone Warning spec.schedule"
    assert update(kept, kept, kind="CronJob") == {warned}
    both = f"spec: {{schedule: '{zoned}', timeZone: UTC, {job}}}"
    assert update(kept, both, kind="CronJob") == {"forbidden-schedule-time-zone Invalid spec.schedule", warned}
    unknown = f"spec: {{schedule: '@daily', timeZone: Nowhere, {job}}}"
    assert update(unknown, unknown.replace("@daily", "@hourly"), kind="CronJob") == set()


def test_what_a_change_of_a_job_does() -> None:
    def root(text: str) -> Map:
        found = read_first(f"{{apiVersion: batch/v1, kind: Job, metadata: {{name: a}}, {text}}}").root
        assert isinstance(found, Map)
        return found

    assert replacement(root(running()), root(running("parallelism: 2, completions: 1, "))).outcome == "kept"
    assert replacement(root(running()), root(running(image="b"))).outcome == "recreated"


def test_defaults() -> None:
    job = read_first(fill(SPEC, "backoffLimitPerIndex: 1")).root
    assert isinstance(job, Map)
    spec = plain(defaulted(job, "1.37", "Job"))["spec"]  # type: ignore[index]
    assert {name: value for name, value in spec.items() if name != "template"} == {
        "backoffLimitPerIndex": 1,
        "parallelism": 1,
        "completions": 1,
        "completionMode": "NonIndexed",
        "suspend": False,
        "manualSelector": False,
        "backoffLimit": 2147483647,
        "podReplacementPolicy": "TerminatingOrFailed",
    }


@pytest.mark.parametrize(
    "text",
    ["@every 2562047h", "@every -5s", "@every .5s1ms", ", * * * *", "*-x * * * *", "+5 * * * *", "0\u00a00 * * *"],
)
def test_schedules_that_the_server_reads(text: str) -> None:
    assert not cron.schedule_error(text)


@pytest.mark.parametrize(
    "text",
    [
        "@every 2562048h",
        "@every 1h 5m",
        "@every",
        "@Daily",
        " @daily",
        "* * * * 7",
        "*/0 * * * *",
        "5-1 * * * *",
        "1-2-3 * * * *",
        "²  * * * *",
        "TZ=Nowhere @daily",
    ],
)
def test_schedules_that_it_does_not(text: str) -> None:
    assert cron.schedule_error(text)
