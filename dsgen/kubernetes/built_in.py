"""The API server's verdict on an object of one of Kubernetes' own kinds: every stage in order, and every problem at its line."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import Decoded, decode
from dsgen.kubernetes.schema.errors import INVALID_FIELD_TYPE, OUT_OF_RANGE, UNKNOWN_FIELD, DecodeError
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.schema.template_generation import GENERATION_NOTE, template_generation
from dsgen.kubernetes.semantics.before_validation import Update, created, updated
from dsgen.kubernetes.semantics.claim_templates import with_stored_claims
from dsgen.kubernetes.semantics.defaults import defaulted
from dsgen.kubernetes.semantics.drop_disabled_fields import Dropped, drop_disabled_fields, in_use, replaced_at
from dsgen.kubernetes.semantics.equality import differ, semantic_equal
from dsgen.kubernetes.semantics.feature_gates import NEVER_ENABLED, disabled_fields, may_drop
from dsgen.kubernetes.validation.kinds import Kind, kind_of, with_rules
from dsgen.kubernetes.validation.modules import FIELDS
from dsgen.problem import Problem, code
from dsgen.record import Record
from dsgen.traversal import is_within, locate
from dsgen.tree import Map, Path, Value

DROPPED_FIELD = code(
    "dropped-field",
    """The API server silently drops a field if its feature gate is off, as it is by default in this version, or if only an
    older version of the API has it, and some values that it cannot use. Nothing fails at once, but the field has no effect.""",
    "warning",
)
INVALID_TEMPLATE_GENERATION = code(
    "invalid-template-generation",
    """The annotation `deprecated.daemonset.template.generation` must be a 64-bit whole number. The server sets it; leave it out.""",
)
UNKNOWN: Final = "unknown field"
# Kubernetes' names of the faults that decoding finds.
_KINDS: Final = {UNKNOWN_FIELD.name: UNKNOWN, INVALID_FIELD_TYPE.name: "TypeInvalid", OUT_OF_RANGE.name: "TypeInvalid"}


class Examined(Record):
    """The problems of a manifest, and the object that is validated, with defaults: None if its kind has no rules."""

    problems: list[Problem]
    stored: Map | None = None


def validate(root: Any, minor: str = fields.DEFAULT) -> list[Problem]:
    """Return everything that the API server of `minor` would reject or warn about in the manifest `root`.

    All stages are run, so that all problems are reported at once. `root` is not changed.
    """
    return examined(root, minor).problems


def examined(root: Any, minor: str = fields.DEFAULT) -> Examined:
    """Return the problems of the manifest `root`, as `validate` does, and the object that is validated."""
    decoded = decode(root, minor, telling(minor))
    faults = decoded.faults
    problems = [fault_problem(root, fault) for fault in faults]
    kind = kind_of(decoded.kind)
    if kind is None:
        return Examined(problems)
    conversion = _conversion_fault(decoded)
    if conversion:
        problems.append(fault_problem(root, conversion))
    tree, dropped, ignored = stored(decoded, minor)
    problems += [_ignored_problem(root, *each) for each in ignored]
    problems += [_dropped_problem(root, each, minor) for each in dropped]
    misfits = [fault.path for fault in faults if fault.stage != "strict"]
    problems += [problem for problem, path in _found(tree, minor, kind, decoded.stated) if not is_within(path, misfits)]
    return Examined(problems, tree)


def stored(decoded: Decoded, minor: str) -> tuple[Map, list[Dropped], Iterable[tuple[Path, str, str]]]:
    """Return a new object as the API server validates it, with defaults, the fields that it drops, and those that it ignores."""
    kind = kind_of(decoded.kind)
    tree = defaulted(decoded.root, minor, decoded.kind)
    dropped = list[Dropped]()
    ignored: Iterable[tuple[Path, str, str]] = ()
    if kind is None:
        return tree, dropped, ignored
    if kind.template is None:
        # Imported only for kinds without pods: a DaemonSet starts without them.
        from dsgen.kubernetes.semantics.conversion import converted
        from dsgen.kubernetes.semantics.prepare import prepared

        tree, dropped, ignored = prepared(converted(tree, decoded.kind, minor), kind.name, minor)
    elif may_drop(minor, decoded.stated) or kind.name == "StatefulSet":
        tree, dropped = drop_disabled_fields(tree, minor, kind.template)
    return created(tree, kind.name, minor_number(minor)), dropped, ignored


def validate_update(old: Any, root: Any, minor: str = fields.DEFAULT) -> list[Problem]:
    """Return everything that the API server would reject or warn about when `root` replaces the accepted object `old`."""
    decoded = decode(root, minor)
    before = decode(old, minor)
    problems = [fault_problem(root, fault) for fault in decoded.faults]
    kind = with_rules(decoded.kind)
    if kind is None or with_rules(before.kind) is not kind:
        return problems
    conversion = _conversion_fault(decoded)
    if conversion:
        problems.append(fault_problem(root, conversion))
    old_tree = defaulted(before.root, minor, before.kind)
    tree = defaulted(decoded.root, minor, decoded.kind)
    if kind.template is None:
        from dsgen.kubernetes.semantics.conversion import converted
        from dsgen.kubernetes.semantics.prepare import as_stored, prepared

        old_tree, tree = converted(old_tree, before.kind, minor), converted(tree, decoded.kind, minor)
        tree, old_tree = prepared(tree, kind.name, minor, old_tree).root, as_stored(old_tree, kind.name)
    else:
        old_tree, tree = with_stored_claims(old_tree), with_stored_claims(tree)
        _, dropped = drop_disabled_fields(old_tree, minor, kind.template)
        stated = tree
        tree, _ = drop_disabled_fields(tree, minor, kind.template, in_use(dropped))
        if kind.name in ("Pod", "Job") and tree is not stated:
            old_tree = _without_same_resources(old_tree, stated, tree, (*kind.template, "spec"), minor)
    update = updated(Update(tree, old_tree, decoded.root, before.root), kind.name, minor_number(minor))
    tree, old_tree = update.new, update.old
    found = _found(tree, minor, kind, None, old_tree)
    if kind.template is not None and not differ(old_tree, tree, kind.warned):
        found = _without_warnings(found, kind)
    elif kind.name == "ReplicationController":
        # The server takes the old pods for the new ones, and the new ones for the old.
        swapped = _found(old_tree, minor, kind, None, tree)
        warnings = [one for one in swapped if one[0].severity == "warning" and _in_pods(one[1], kind)]
        found = [*_without_warnings(found, kind), *warnings]
    misfits = [fault.path for fault in decoded.faults if fault.stage == "decode"]
    return problems + [problem for problem, path in found if not is_within(path, misfits)]


def _without_same_resources(old: Map, stated: Map, tree: Map, path: tuple[str, ...], minor: str) -> Map:
    """Return an old object without the resources of its pod spec, which is at `path`, if those of the new one are the same, and left out since
    the server does not validate them.
    """
    from dsgen.kubernetes.semantics.normalize import canonical

    before, after, left = (each.map(*path).child("resources") for each in (old, stated, tree))
    if before is None or after is None or left is not None:
        return old
    one, other = (canonical(each, "ResourceRequirements", minor) for each in (before, after))
    return replaced_at(old, path, old.map(*path).without("resources")) if semantic_equal(one, other) else old


@cache
def telling(minor: str) -> frozenset[str]:
    """Return the fields of which decoding must note whether they are set: they decide what else is validated."""
    return FIELDS.union(*disabled_fields(minor))


def _found(
    tree: Map, minor: str, kind: Kind, stated: set[str] | None, old: Map | None = None
) -> list[tuple[Problem, Path]]:
    from dsgen.kubernetes.validation.walk import run

    return [
        (problem_at(tree, rule.code, rule.severity, error.detail, error.path, error.field, error.type), error.path)
        for rule, error in run(tree, minor, old, stated, kind)
    ]


def problem_at(
    root: Value, name: str, severity: Any, message: str, path: Path, field: str, type: str, hint: str = ""
) -> Problem:
    """Return a problem with what is at `path` in an object, at its position."""
    origin = locate(root, path, at_key=type == UNKNOWN)
    place = tuple(origin) if origin else ("", 0, 0, 0, 0)
    return Problem(name, severity, message, hint, *place, field=field, type=type)  # type: ignore[arg-type, misc]


def fault_problem(root: Value, fault: DecodeError) -> Problem:
    """Return a fault of the object `root` as a problem at its position."""
    kind = _KINDS.get(fault.code.name, "")
    return problem_at(
        root, fault.code.name, fault.code.severity, fault.message, fault.path, field_path(fault.path), kind, fault.hint
    )


def _dropped_problem(root: Value, dropped: Dropped, minor: str) -> Problem:
    gate, field = dropped.gate, field_path(dropped.path)
    stage = gate.stage(minor_number(minor))
    if gate.on < NEVER_ENABLED:
        hint = f"the gate has been on by default since 1.{gate.on}"
    else:
        hint = f"the gate is off by default in every version up to {fields.MINORS[-1]}"
    off = f"the feature gate {gate.name} is {stage} and off by default"
    message = f"Kubernetes {minor} silently drops this field, because {off}"
    return problem_at(root, DROPPED_FIELD.name, DROPPED_FIELD.severity, message, dropped.path, field, "", hint)


def _ignored_problem(root: Value, path: Path, why: str, hint: str) -> Problem:
    message = f"Kubernetes silently drops this field, {why}"
    return problem_at(root, DROPPED_FIELD.name, DROPPED_FIELD.severity, message, path, field_path(path), "", hint)


def _conversion_fault(decoded: Decoded) -> DecodeError | None:
    if decoded.kind != "DaemonSet" or template_generation(decoded.root) is not None:
        return None
    path = ("metadata", "annotations", GENERATION_NOTE)
    found = f"expected a 64-bit number, got {str(decoded.root.map(*path[:-1])[GENERATION_NOTE])!r}"
    return DecodeError(INVALID_TEMPLATE_GENERATION, "decode", path, found, "remove the annotation")


def _without_warnings(found: list[tuple[Problem, Path]], kind: Kind) -> list[tuple[Problem, Path]]:
    """Return what was found without the warnings about the pods."""
    return [(problem, path) for problem, path in found if problem.severity == "error" or not _in_pods(path, kind)]


def _in_pods(path: Path, kind: Kind) -> bool:
    """Return whether a path leads into the pod template."""
    template = kind.template or ()
    return path[: len(template)] == template
