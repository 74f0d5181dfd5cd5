"""Expressions in CEL, which the API server compiles. dsgen compiles them if the extra `cel` is installed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.paths import field_path
from dsgen.problem import Problem, code
from dsgen.traversal import children, locate
from dsgen.tree import Map, Path

UNVALIDATED_EXPRESSION = code(
    "unvalidated-expression",
    """dsgen does not compile this expression (CEL), or does not know its cost. The API server compiles it, and rejects it if it is wrong or costs
    too much. This applies to all expressions of DeviceClasses, ResourceClaims, ResourceClaimTemplates and MutatingAdmissionPolicies. Without the
    extra `cel`, dsgen compiles no expressions.""",
    "note",
)
INVALID_EXPRESSION = code(
    "invalid-expression",
    """An expression (CEL) must compile with the types of its variables. For a rule of a CustomResourceDefinition, these are the types of the
    schema. The result of a rule must be a boolean, and that of a message must be text.""",
)
# Lines that a note names, beside its own.
SHOWN: Final = 4
# In a path: every item or field, and everything at any depth.
EACH: Final = "*"
ANYWHERE: Final = "**"
_CONDITION: Final = ("webhooks", EACH, "matchConditions", EACH, "expression")
_SELECTOR: Final = ("selectors", EACH, "cel", "expression")
_DERIVED: Final = ("derivedAttributes", EACH, "expression")
_WANTED: Final = tuple(
    ("requests", EACH, *within, *each)
    for within in ((), ("exactly",), ("firstAvailable", EACH))
    for each in (_SELECTOR, _DERIVED)
)
_RULES: Final = ("spec", "versions", EACH, "schema", "openAPIV3Schema", ANYWHERE, "x-kubernetes-validations", EACH)
# Kind → the paths of its expressions.
PLACES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "ValidatingWebhookConfiguration": (_CONDITION,),
    "MutatingWebhookConfiguration": (_CONDITION,),
    "MutatingAdmissionPolicy": (
        ("spec", "matchConditions", EACH, "expression"),
        ("spec", "variables", EACH, "expression"),
        *(("spec", "mutations", EACH, patch, "expression") for patch in ("applyConfiguration", "jsonPatch")),
    ),
    "DeviceClass": (("spec", *_SELECTOR),),
    "ResourceClaim": tuple(("spec", "devices", *each) for each in _WANTED),
    "ResourceClaimTemplate": tuple(("spec", "spec", "devices", *each) for each in _WANTED),
    "CustomResourceDefinition": ((*_RULES, "rule"), (*_RULES, "messageExpression")),
}
# Of these kinds, the variables or types of expressions are not described yet.
_UNDESCRIBED: Final = frozenset({"DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "MutatingAdmissionPolicy"})
# What is in these fields of a schema is data, whatever it is called.
_DATA: Final = frozenset({"default", "enum", "example"})


def expression_problems(root: Map, kind: str, minor: str, *, is_valid: bool) -> list[Problem]:
    """Return what is wrong with the expressions in an object of a kind, and a note of those that nobody has compiled, at the first of them.

    Like the server, dsgen compiles those of an object that is valid otherwise (`is_valid`).
    """
    kind = kind.rpartition(".")[2]
    if kind not in PLACES:
        return []
    from dsgen.kubernetes.cel.library import cel

    if kind in _UNDESCRIBED or cel() is None or not is_valid:
        return _note(root, [path for steps in PLACES[kind] for path in _paths(root, steps, ())], "")
    from dsgen.kubernetes.cel import conditions, definition_rules

    check = definition_rules.check if kind == "CustomResourceDefinition" else conditions.check
    found = list(check(root, minor_number(minor)))
    errors = [
        INVALID_EXPRESSION.at(locate(root, each.path), each.error, field=field_path(each.path))
        for each in found
        if each.error
    ]
    unknown = [each for each in found if each.unknown]
    reason = unknown[0].unknown if unknown else ""
    return errors + _note(root, [each.path for each in unknown], reason)


def _note(root: Map, paths: list[Path], reason: str) -> list[Problem]:
    origins = [origin for origin in (locate(root, path) for path in paths) if origin]
    if not origins:
        return []
    message = "dsgen does not evaluate this expression (CEL)"
    if reason:
        message = f"dsgen cannot determine whether the server accepts this expression (CEL): {reason}"
    others = sorted({origin.line for origin in origins} - {origins[0].line})
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        message += f"{';' if reason else ','} nor {'those on lines' if len(others) > 1 else 'the one on line'} {', '.join(map(str, others[:SHOWN]))}{more}"
    return [UNVALIDATED_EXPRESSION.at(origins[0], message)]


def _paths(value: Any, steps: tuple[str, ...], path: Path) -> Iterator[Path]:
    """Yield the path of every text that is not blank where some steps lead to from `value`, which is at `path`."""
    if not steps:
        if isinstance(value, str) and value.strip():
            yield path
        return
    step, rest = steps[0], steps[1:]
    if step == ANYWHERE:
        yield from _paths(value, rest, path)
    for key, child in children(value):
        if step in (EACH, key):
            yield from _paths(child, rest, (*path, key))
        elif step == ANYWHERE and key not in _DATA:
            yield from _paths(child, steps, (*path, key))
