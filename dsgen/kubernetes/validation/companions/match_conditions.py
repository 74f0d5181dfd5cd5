"""The match conditions of webhooks and of admission policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.validation.kinds import Subject, asked_once
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule
from dsgen.plain import plain

CONDITIONS = "pkg/apis/admissionregistration/validation: validateMatchConditions"
MAX_CONDITIONS: Final = 64
POLICIES: Final = ("MutatingAdmissionPolicy", "ValidatingAdmissionPolicy")


@asked_once
def _are_kept(configuration: Subject) -> bool:
    """Return whether an update leaves all conditions as they were, and the kind of a policy's parameters: they are not checked again."""
    if configuration.old is None:
        return False
    roots = (configuration.root, configuration.old.root)
    if configuration.kind.name not in POLICIES:
        new, old = (list(each.children("webhooks")) for each in roots)
    else:
        new, old = ([each.part("spec")] for each in roots)
        if not semantic_equal(new[0].get("paramKind"), old[0].get("paramKind"), "paramKind"):
            return False
    return len(new) == len(old) and all(map(_same_conditions, new, old))


def _same_conditions(one: FieldRef, other: FieldRef) -> bool:
    return [*map(plain, one.get("matchConditions", ()))] == [*map(plain, other.get("matchConditions", ()))]


@rule("conditional", source=CONDITIONS, when="matchConditions")
def too_many_match_conditions(node: FieldRef) -> Iterator[FieldError]:
    """A webhook or an admission policy must have at most 64 `matchConditions`."""
    count = len(node.get("matchConditions", ()))
    if count > MAX_CONDITIONS and not _are_kept(node.pod):
        yield node.error("TooMany", "matchConditions", f"must have at most {MAX_CONDITIONS} items, got {count}")


@rule("conditional", source=CONDITIONS, when="matchConditions")
def invalid_match_condition(node: FieldRef) -> Iterator[FieldError]:
    """Each of the `matchConditions` of a webhook or an admission policy must have an `expression` and a `name`: at most 63 characters after an optional DNS subdomain
    and `/`.
    """
    for condition in node.children("matchConditions") if not _are_kept(node.pod) else ():
        if formats.is_blank(condition.get("expression", "")):
            yield condition.required("expression", "must be an expression in CEL")
        if not condition.get("name"):
            yield condition.required("name", "must be unique")
        else:
            yield from condition.invalid_each("name", formats.qualified_name(condition.get("name")))


@rule("conditional", source=CONDITIONS, when="matchConditions")
def duplicate_match_condition(node: FieldRef) -> Iterator[FieldError]:
    """The names of the `matchConditions` of a webhook or an admission policy must be unique."""
    for condition, name in repeated(node.children("matchConditions"), "name") if not _are_kept(node.pod) else ():
        if name:
            yield condition.duplicate("name", f"another condition has the name {str(name)!r}")
