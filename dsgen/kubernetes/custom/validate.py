"""The API server's verdict on a custom resource, by its CustomResourceDefinition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from dsgen.kubernetes.cel.library import cel
from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.custom.checking import Checker
from dsgen.kubernetes.schema.custom.codes import FORM, RANGE, UNEVALUATED, UNUSABLE
from dsgen.kubernetes.schema.custom.decoding import defaulted, read
from dsgen.kubernetes.schema.custom.definition import Definition, Version
from dsgen.kubernetes.schema.custom.embedded import embedded_objects, header_findings
from dsgen.kubernetes.schema.custom.findings import Finding, UnevaluatedSchema
from dsgen.kubernetes.schema.custom.lists import repeated_items
from dsgen.kubernetes.schema.custom.numbers import number_of
from dsgen.kubernetes.schema.errors import INVALID_FIELD_TYPE, UNKNOWN_KIND, DecodeError
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.validation.embedded_metadata import embedded_metadata
from dsgen.kubernetes.validation.kinds import ANY_OTHER, Kind
from dsgen.kubernetes.validation.rule import FieldError, Rule
from dsgen.plain import frozen
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.traversal import is_within, locate, value_at
from dsgen.tree import Map, Null, is_integer, origin_of

# With an error of these types, the server evaluates no rules in CEL.
_BLOCKING: Final = ("NotSupported", "Required", "TooLong", "TooMany", "TypeInvalid")
_MOST_REPLICAS: Final = 2**31 - 1


class Judged(Record):
    """What the server would say of an object: first of its fields (`faults`), then by the rules for metadata and by the schema.

    `unevaluated` is what dsgen cannot say, and `rules` are the rules in CEL, if it does not evaluate any. `tree` is the object with defaults.
    """

    tree: Map
    faults: list[DecodeError]
    metadata: list[tuple[Rule, FieldError]]
    findings: list[Finding]
    unevaluated: list[UnevaluatedSchema]
    rules: list[str]


@lru_cache(maxsize=4)
def _kind(is_namespaced: bool) -> Kind:
    return Kind(ANY_OTHER, formats.dns_subdomain, is_namespaced, counts_generation=True, custom=True, path_name_since=0)


def judge(root: Map, definition: Definition, version: Version, minor: str, replaced: Map | None = None) -> Judged:
    """Return the server's verdict on a new object, or on one that replaces another; neither is changed."""
    decoded = read(root, version.schema, minor)
    old = None if replaced is None else _stored(replaced, version, minor)
    tree: Map = defaulted(decoded.root, version.schema)
    if version.drops_status:
        tree = tree.without("status")
    misfits = [fault.path for fault in decoded.faults if fault.stage == "decode"]
    metadata = _metadata(tree, _kind(definition.is_namespaced), minor, old)
    checker = Checker(minor_number(minor))
    # The server adds metadata before it validates.
    findings = [
        each for each in checker.check(tree, version.schema) if each.path != ("metadata",) or each.type != "Required"
    ]
    findings += _scaled(tree, version)
    for path, field, object in embedded_objects(tree, version.schema):
        findings += header_findings(object, path, field)
        metadata += embedded_metadata(object, path, field, minor)
    if old is not None:
        # What an object has already, may stay (the feature gate CRDValidationRatcheting).
        findings = [each for each in findings if not _is_unchanged(tree, old, each)]
    if old is None or not any(repeated_items(old, version.schema)):
        findings += repeated_items(tree, version.schema)
    # Of a value of the wrong type, nothing else is said.
    mistyped = {each.path: each for each in reversed(findings) if each.code is INVALID_FIELD_TYPE}
    findings = [each for each in findings if mistyped.get(each.path, each) is each]
    unevaluated = [each for each in checker.unevaluated if not is_within(each.path, misfits)]
    is_blocked = any(each.type in _BLOCKING for each in findings) or any(
        error.type in _BLOCKING for rule, error in metadata if rule.severity == "error"
    )
    rules = [] if is_blocked else list(dict.fromkeys(checker.rules))
    if rules and cel() is not None:
        from dsgen.kubernetes.custom.rules import Rules

        evaluated = Rules(minor_number(minor))
        evaluated.check(tree, version.schema, old)
        findings += evaluated.findings
        unevaluated += evaluated.unevaluated
        rules = []
    return Judged(
        tree,
        decoded.faults,
        [each for each in metadata if not is_within(each[1].path, misfits)],
        [each for each in findings if not is_within(each.path, misfits)],
        unevaluated,
        rules,
    )


def problems(
    root: Map, definition: Definition, version: Version, minor: str, replaced: Map | None = None
) -> Iterator[Problem]:
    """Yield everything that the server would say of a new object, or of one that replaces another, and what dsgen cannot evaluate, at its line."""
    from dsgen.kubernetes.built_in import fault_problem, problem_at

    judged = judge(root, definition, version, minor, replaced)
    for fault in judged.faults:
        yield fault_problem(root, fault)
    for rule, error in judged.metadata:
        yield problem_at(root, rule.code, rule.severity, error.detail, error.path, error.field, error.type)
    for each in judged.findings:
        code = each.code
        yield problem_at(root, code.name, code.severity, each.message, each.path, each.field, each.type, each.hint)
    for path, what in dict.fromkeys(judged.unevaluated):
        yield UNEVALUATED.at(locate(root, path), f"dsgen does not evaluate {what}", field=field_path(path))
    if judged.rules:
        number = len(judged.rules)
        what = f"the {number} rules" if number > 1 else "the rule"
        found = f"dsgen does not evaluate {what} in CEL that the CustomResourceDefinition of {definition.kind} has for this object"
        yield UNEVALUATED.at(origin_of(root["kind"]), found)


def unusable(root: Map, fault: str, hint: str) -> Problem:
    """Return the warning that a custom resource is not validated, since its definition has a `fault`."""
    what = f"{root['kind']} of {root['apiVersion']} is not validated: its CustomResourceDefinition {fault}"
    return UNUSABLE.at(origin_of(root["kind"]), what, hint=hint)


def not_served(root: Map, definition: Definition) -> Problem:
    """Return the error of a custom resource of a version that its definition does not have, or that it does not serve."""
    version, kind = str(root["apiVersion"]), definition.kind
    known = version.rpartition("/")[2] in definition.versions
    has = f"does not serve `{version}`" if known else f"has no version `{version.rpartition('/')[2]}`"
    hint = f"write `apiVersion: {definition.group}/{definition.served[0]}`" if definition.served else ""
    where = f" ({definition.origin})" if definition.origin else ""
    what = f"the CustomResourceDefinition of {kind}{where} {has}"
    return UNKNOWN_KIND.at(origin_of(root["apiVersion"]), what, hint=hint, field="apiVersion")


def _stored(root: Map, version: Version, minor: str) -> Map:
    """Return an object as the server has stored it."""
    tree: Map = defaulted(read(root, version.schema, minor).root, version.schema)
    return tree.without("status") if version.drops_status else tree


def _is_unchanged(tree: Map, old: Map, finding: Finding) -> bool:
    """Return whether the value that a finding is about is the same in the old object; what is missing is missing in the value above."""
    path = finding.path[:-1] if finding.type == "Required" else finding.path
    return (
        bool(path) and value_at(old, path) is not None and frozen(value_at(old, path)) == frozen(value_at(tree, path))
    )


def _metadata(tree: Map, kind: Kind, minor: str, old: Map | None = None) -> list[tuple[Rule, FieldError]]:
    from dsgen.kubernetes.validation.walk import run

    return run(tree, minor, old, kind=kind)


def _scaled(tree: Map, version: Version) -> Iterator[Finding]:
    """Yield what is wrong with the number of replicas that the `scale` subresource has."""
    if not version.replicas:
        return
    path, field = tuple(version.replicas), f".{'.'.join(version.replicas)}"
    value: Any = tree
    for step in version.replicas:
        if value is None:
            return
        value = value.get(step) if type(value) is Map else Null()
    if value is None:
        return
    number = number_of(value) if is_integer(value) or isinstance(value, float) else None
    if not isinstance(number, int):
        yield Finding(FORM, "Invalid", path, field, "must be a whole number")
    elif not 0 <= number <= _MOST_REPLICAS:
        yield Finding(RANGE, "Invalid", path, field, f"must be between 0 and {_MOST_REPLICAS}, got {number}")
