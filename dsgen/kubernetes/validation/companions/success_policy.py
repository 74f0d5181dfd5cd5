"""When a Job has succeeded before all of its pods have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.companions.job import is_indexed, job_spec
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

POLICY = "pkg/apis/batch/validation: validateSuccessPolicy"
RULE = "pkg/apis/batch/validation: validateSuccessPolicyRule"
MAX_RULES: Final = 20
MAX_INDEXES_LENGTH: Final = 64 * 1024
_INTEGER: Final = "[+-]?[0-9]{1,19}"


@rule("job-spec.successPolicy", source=POLICY)
def out_of_range_success_policy_rules(policy: FieldRef) -> Iterator[FieldError]:
    """A `successPolicy` must have between 1 and 20 `rules`."""
    count = len(policy.get("rules", ()))
    if not is_indexed(job_spec(policy)):
        return
    if not count:
        yield policy.required("rules", "must have at least one rule")
    elif count > MAX_RULES:
        yield policy.error("TooMany", "rules", f"must have at most {MAX_RULES} items, got {count}")


@rule("job-spec.successPolicy.rules", source=RULE)
def missing_success_criterion(each: FieldRef) -> Iterator[FieldError]:
    """A rule of a `successPolicy` must have `succeededIndexes`, `succeededCount`, or both."""
    if not is_indexed(job_spec(each)):
        return
    if each.get("succeededCount") is None and each.get("succeededIndexes") is None:
        yield each.required((), "must have `succeededIndexes` or `succeededCount`")


@rule("job-spec.successPolicy.rules", source=RULE, when="succeededIndexes")
def invalid_succeeded_indexes(each: FieldRef) -> Iterator[FieldError]:
    """`succeededIndexes` must be numbers and ranges in ascending order, such as `0,2-4`, each below `completions`. They must
    have at most 65536 characters.
    """
    spec, text = job_spec(each), each.get("succeededIndexes")
    if text is None or not is_indexed(spec) or spec.get("completions") is None:
        return
    for message in formats.too_long(text, MAX_INDEXES_LENGTH):
        yield each.error("TooLong", "succeededIndexes", message)
    _, wrong = _count(text, int(spec.get("completions")))
    if wrong:
        yield each.invalid("succeededIndexes", wrong)


@rule("job-spec.successPolicy.rules", source=RULE, when="succeededCount")
def out_of_range_succeeded_count(each: FieldRef) -> Iterator[FieldError]:
    """`succeededCount` must be 0 or more, at most `completions`, and at most the number of `succeededIndexes`."""
    spec, number = job_spec(each), each.get("succeededCount")
    if number is None or not is_indexed(spec) or spec.get("completions") is None:
        return
    most = int(spec.get("completions"))
    if each.get("succeededIndexes") is not None:
        most = min(most, _count(each.get("succeededIndexes"), most)[0])
    if not 0 <= number <= most:
        yield each.invalid("succeededCount", f"must be between 0 and {most}, got {int(number)}")


def _count(text: str, completions: int) -> tuple[int, str]:
    """Return the number of indexes that a text such as `0,2-4` means, and what is wrong with it."""
    total, last = 0, None
    for part in text.split(",") if text else ():
        ends = part.split("-")
        if len(ends) > 2 or not all(re.fullmatch(_INTEGER, each) for each in ends):
            return 0, f"{part!r} is not a number, or a range such as `2-4`"
        first, end = int(ends[0]), int(ends[-1])
        if first >= completions or end >= completions:
            return 0, f"{part!r} is not below `completions`, which is {completions}"
        if (len(ends) == 2 and first >= end) or (last is not None and last >= first):
            return 0, f"{part!r} is not in ascending order"
        total, last = total + end - first + 1, end
    return total, ""
