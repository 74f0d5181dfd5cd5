"""The specs of Jobs, and of the jobs of a CronJob: how many pods must succeed, and how many can fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.labels import had_errors, matches, selector_errors
from dsgen.kubernetes.validation.metadata import given_name
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SPEC = "pkg/apis/batch/validation: validateJobSpec"
SELECTOR = "pkg/apis/batch/validation: ValidateJobSpec"
COUNTS: Final = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)
COMPLETION_MODES: Final = ("NonIndexed", "Indexed")
MAX_PARALLELISM_FOR_INDEXED_JOB: Final = 100_000
MAX_FAILED_INDEXES: Final = 100_000
# Above so many completions, these numbers must be smaller.
COMPLETIONS_SOFT_LIMIT: Final = 100_000
LIMIT_FOR_HIGH_COMPLETIONS: Final = 10_000
MAX_MANAGED_BY_LENGTH: Final = 63


def job_spec(node: FieldRef | None) -> FieldRef:
    """Return the spec of the Job above a part of its policies."""
    while node is not None and node.step != ("spec",):
        node = node.up
    assert node is not None
    return node


def is_indexed(spec: FieldRef) -> bool:
    """Return whether each pod of a job has an index."""
    return bool(spec.get("completionMode") == "Indexed")


def _has_many_indexes(spec: FieldRef) -> bool:
    many = spec.get("completions", 0) > COMPLETIONS_SOFT_LIMIT
    return is_indexed(spec) and many and spec.get("backoffLimitPerIndex") is not None


JOB = Fields("job-spec", "a Job", SPEC)
JOB.in_range("out-of-range-job-number", COUNTS, 0)
JOB.one_of("invalid-completion-mode", "completionMode", COMPLETION_MODES, default="NonIndexed", empty=True)


@rule("job-spec", source=SPEC, when="maxFailedIndexes")
def missing_backoff_limit_per_index(spec: FieldRef) -> Iterator[FieldError]:
    """`maxFailedIndexes` requires `backoffLimitPerIndex`."""
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        yield spec.required("backoffLimitPerIndex", "must be set beside `maxFailedIndexes`")


@rule("job-spec", source=SPEC, when="managedBy")
def invalid_managed_by(spec: FieldRef) -> Iterator[FieldError]:
    """`managedBy` must be a domain, `/` and a path, such as `example.com/my-controller`, of at most 63 characters."""
    name = spec.get("managedBy")
    if name == "":
        yield spec.required("managedBy", "must be the name of a controller, or left out")
    elif name is not None:
        yield from spec.invalid_each("managedBy", formats.domain_prefixed_path(name))
        for message in formats.too_long(name, MAX_MANAGED_BY_LENGTH):
            yield spec.error("TooLong", "managedBy", message)


@rule("job-spec", source=SPEC, when="completionMode")
def missing_completions(spec: FieldRef) -> Iterator[FieldError]:
    """A Job with `completionMode: Indexed` must have `completions`."""
    if is_indexed(spec) and spec.get("completions") is None:
        yield spec.required("completions", "must be set for `completionMode: Indexed`")


@rule("job-spec", source=SPEC, when="parallelism")
def out_of_range_parallelism(spec: FieldRef) -> Iterator[FieldError]:
    """The `parallelism` of a Job with `completionMode: Indexed` must be at most 100000. It must be at most 10000 with
    `backoffLimitPerIndex` and more than 100000 `completions`.
    """
    number = spec.get("parallelism", 0)
    limits = [MAX_PARALLELISM_FOR_INDEXED_JOB] if is_indexed(spec) else []
    limits += [LIMIT_FOR_HIGH_COMPLETIONS] if _has_many_indexes(spec) else []
    if limits and number > limits[-1]:
        yield spec.invalid("parallelism", f"must be at most {limits[-1]}, got {int(number)}")


@rule("job-spec", source=SPEC, when="maxFailedIndexes")
def out_of_range_max_failed_indexes(spec: FieldRef) -> Iterator[FieldError]:
    """`maxFailedIndexes` must be at most `completions`, and at most 100000. It must be at most 10000 with more than 100000
    `completions`.
    """
    number = spec.get("maxFailedIndexes")
    if number is None or not is_indexed(spec):
        return
    limit = LIMIT_FOR_HIGH_COMPLETIONS if _has_many_indexes(spec) else MAX_FAILED_INDEXES
    limit = min(limit, spec.get("completions", limit))
    if number > limit:
        yield spec.invalid("maxFailedIndexes", f"must be at most {int(limit)}, got {int(number)}")


@rule("job-spec", source=SPEC, when="completions")
def missing_max_failed_indexes(spec: FieldRef) -> Iterator[FieldError]:
    """With `backoffLimitPerIndex` and more than 100000 `completions`, `maxFailedIndexes` must be set."""
    if _has_many_indexes(spec) and spec.get("maxFailedIndexes") is None:
        yield spec.required("maxFailedIndexes", f"must be set for more than {COMPLETIONS_SOFT_LIMIT} `completions`")


@rule("job-spec", source=SPEC)
def forbidden_index_limit(spec: FieldRef) -> Iterator[FieldError]:
    """`backoffLimitPerIndex`, `maxFailedIndexes` and `successPolicy` require `completionMode: Indexed`."""
    mode = spec.get("completionMode", "NonIndexed")
    names = ["backoffLimitPerIndex", "maxFailedIndexes"] if mode == "NonIndexed" else []
    for name in (*names, *(["successPolicy"] if mode != "Indexed" else [])):
        if spec.get(name) is not None:
            yield spec.invalid(name, "requires `completionMode: Indexed`")


@rule("job-spec", source=SPEC)
def invalid_job_restart_policy(spec: FieldRef) -> Iterator[FieldError]:
    """The `restartPolicy` of a Job's pods must be set, to `OnFailure` or `Never`. With a `podFailurePolicy`, it must be
    `Never`.
    """
    policy = spec.pod.spec.get("restartPolicy") or ""
    path = ("template", "spec", "restartPolicy")
    if policy in ("", "Always"):
        yield spec.required(path, "must be set to `OnFailure` or `Never` in a Job; the default is `Always`")
    elif policy not in ("OnFailure", "Never"):
        yield spec.not_supported(path, policy, ("OnFailure", "Never"))
    elif policy != "Never" and spec.get("podFailurePolicy") is not None:
        yield spec.invalid(path, "must be `Never` beside `podFailurePolicy`")


@rule("job-spec", source="pkg/apis/batch/validation: validatePodReplacementPolicy", when="podReplacementPolicy")
def invalid_pod_replacement_policy(spec: FieldRef) -> Iterator[FieldError]:
    """`podReplacementPolicy` must be `Failed` or `TerminatingOrFailed`. With a `podFailurePolicy`, it must be `Failed`."""
    policy = spec.get("podReplacementPolicy")
    known = ("Failed", "TerminatingOrFailed") if spec.get("podFailurePolicy") is None else ("Failed",)
    if policy is not None and policy not in known:
        yield spec.not_supported("podReplacementPolicy", policy, known)


@rule("job-spec", source="pkg/api/job: WarningsForJobSpec", when="completions", severity="warning")
def too_many_indexes(spec: FieldRef) -> Iterator[FieldError]:
    """A Job with `completionMode: Indexed` should not have both more than 100000 `completions` and a `parallelism` above
    10000: Kubernetes might not be able to track its indexes.
    """
    many = spec.get("completions", 0) > COMPLETIONS_SOFT_LIMIT
    if is_indexed(spec) and many and spec.get("parallelism", 0) > LIMIT_FOR_HIGH_COMPLETIONS:
        detail = f"should not have more than {COMPLETIONS_SOFT_LIMIT} `completions` with a `parallelism` above {LIMIT_FOR_HIGH_COMPLETIONS}"
        yield spec.warning((), detail)


@rule("Job", source="pkg/apis/batch/validation: validateNameAllowsCompletions")
def too_long_indexed_job_name(job: FieldRef) -> Iterator[FieldError]:
    """The name of a Job with `completionMode: Indexed` is a part of host names: with `-` and the highest index behind it, it
    must be a DNS label, of at most 63 characters.
    """
    spec, metadata = job.child("spec"), job.child("metadata")
    count = spec.get("completions", 0) if spec and is_indexed(spec) else 0
    if metadata and count > 0:
        host = f"{given_name(metadata) if not job.pod.old else metadata.get('name', '')}-{count - 1}"
        if messages := formats.dns_label(host):
            yield job.invalid(("metadata", "name"), f"cannot be used in the host name of a pod: {messages[0]}")


@rule("Job.spec", source=SELECTOR)
def missing_job_selector(spec: FieldRef) -> Iterator[FieldError]:
    """A Job with `manualSelector: true` must have a `selector`."""
    if spec.get("selector") is None:
        yield spec.required("selector", "must be set beside `manualSelector: true`")


@rule("Job.spec", source=SELECTOR)
def invalid_job_selector(spec: FieldRef) -> Iterator[FieldError]:
    """The `selector` of a Job must be a valid label selector: valid labels in `matchLabels`, and expressions with a known
    operator and matching values.
    """
    yield from selector_errors(spec.child("selector"), any_values=had_errors(spec, "spec", "selector"))


@rule("Job.spec", source=SELECTOR)
def mismatched_job_selector(spec: FieldRef) -> Iterator[FieldError]:
    """The `selector` of a Job must match the labels of its pods."""
    selector = spec.child("selector")
    if selector and any(selector_errors(selector)):
        return
    if selector is None or not matches(selector.value, spec.pod.metadata.map("labels")):
        yield spec.invalid(("template", "metadata", "labels"), "must match `selector`; leave out the selector of a Job")
