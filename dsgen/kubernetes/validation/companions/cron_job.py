"""CronJobs: when their jobs are started."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import cron
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.metadata import given_name
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SPEC = "pkg/apis/batch/validation: validateCronJobSpec"
SCHEDULE = "pkg/apis/batch/validation: validateScheduleFormat"
TEMPLATE = "pkg/apis/batch/validation: ValidateJobTemplateSpec"
# That of a DNS label, without the `-` and the 10 digits that the controller appends.
MAX_NAME_LENGTH: Final = 52

CRON_JOB = Fields("CronJob.spec", "a CronJob", SPEC)
CRON_JOB.required("missing-schedule", "schedule", "must say when jobs are started, such as `0 3 * * *` or `@daily`")
CRON_JOB.in_range(
    "out-of-range-cron-job-number",
    ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"),
    0,
)
CRON_JOB.one_of("invalid-concurrency-policy", "concurrencyPolicy", ("Allow", "Forbid", "Replace"), default="Allow")


@rule("CronJob.spec", source=SCHEDULE, when="schedule")
def invalid_schedule(spec: FieldRef) -> Iterator[FieldError]:
    """A `schedule` must have five fields: minute, hour, day of the month, month, and day of the week (0 is Sunday). Each is
    `*`, a number, a range (`1-5`), a list (`1,15`), or one with a step (`*/15`). Or it must be one of `@yearly`,
    `@monthly`, `@weekly`, `@daily`, `@hourly`, or such as `@every 90m`.
    """
    schedule = spec.get("schedule", "")
    wrong = cron.schedule_error(schedule) if schedule else ""
    if wrong:
        yield spec.invalid("schedule", wrong)


@rule("CronJob.spec", source=SCHEDULE, when="schedule")
def forbidden_schedule_time_zone(spec: FieldRef) -> Iterator[FieldError]:
    """A `schedule` must not contain `TZ` or `CRON_TZ`. Use `timeZone` instead. The update of an old CronJob that has one can
    keep it, but cannot have a `timeZone` beside it.
    """
    old = spec.pod.old and spec.pod.old.root.child("spec")
    if "TZ" not in spec.get("schedule", ""):
        return
    if not (old and "TZ" in old.get("schedule", "")):
        yield spec.invalid("schedule", "must not contain TZ or CRON_TZ: use `timeZone`")
    elif spec.get("timeZone") is not None:
        yield spec.invalid("schedule", "must not contain TZ or CRON_TZ beside `timeZone`")


@rule("CronJob-update", source="pkg/registry/batch/cronjob: WarningsOnUpdate", severity="warning")
def deprecated_schedule_time_zone(cron_job: FieldRef) -> Iterator[FieldError]:
    """A `schedule` should not contain `TZ` or `CRON_TZ`. Use `timeZone` instead."""
    spec = cron_job.child("spec")
    if spec and "TZ" in spec.get("schedule", ""):
        yield spec.warning("schedule", "should not contain TZ or CRON_TZ: use `timeZone`")


@rule("CronJob.spec", source="pkg/apis/batch/validation: validateTimeZone", when="timeZone")
def invalid_time_zone(spec: FieldRef) -> Iterator[FieldError]:
    """`timeZone` must be the name of a time zone in the tz database, such as `Europe/Berlin` or `Etc/UTC`; not `Local`. dsgen
    knows the names in the database that the API server has built in. An update can keep the old one.
    """
    zone = spec.get("timeZone")
    old = spec.pod.old and spec.pod.old.root.child("spec")
    if zone is not None and not (old and old.get("timeZone") == zone):
        wrong = cron.time_zone_error(zone)
        if wrong:
            yield spec.invalid("timeZone", wrong)


@rule("CronJob-create", source="pkg/apis/batch/validation: ValidateCronJobCreate")
def too_long_cron_job_name(cron_job: FieldRef) -> Iterator[FieldError]:
    """The name of a CronJob must have at most 52 characters. The controller appends 11 to make the name of a Job, which
    must have at most 63.
    """
    metadata = cron_job.child("metadata")
    length = len(given_name(metadata).encode()) if metadata else 0
    if length > MAX_NAME_LENGTH:
        yield cron_job.invalid(("metadata", "name"), f"must have at most {MAX_NAME_LENGTH} characters, got {length}")


@rule("CronJob.spec.jobTemplate", source=TEMPLATE, when="spec")
def forbidden_cron_job_selector(template: FieldRef) -> Iterator[FieldError]:
    """The jobs of a CronJob must not have a `selector`, or `manualSelector: true`: their selectors are generated."""
    spec = template.child("spec")
    if spec and spec.get("selector") is not None:
        yield spec.invalid("selector", "is generated for each Job: leave it out")
    if spec and spec.get("manualSelector"):
        yield spec.error("NotSupported", "manualSelector", "must be false, or left out, in a CronJob")
