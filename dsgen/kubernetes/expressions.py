"""Expressions in CEL, which the API server compiles and dsgen does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.problem import Problem, code
from dsgen.traversal import children, locate
from dsgen.tree import Map, Path

UNVALIDATED_EXPRESSION = code(
    "unvalidated-expression",
    """dsgen does not compile expressions (CEL). The API server does, and rejects one that is wrong or costs too much.""",
    "note",
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
    "DeviceClass": (("spec", *_SELECTOR),),
    "ResourceClaim": tuple(("spec", "devices", *each) for each in _WANTED),
    "ResourceClaimTemplate": tuple(("spec", "spec", "devices", *each) for each in _WANTED),
    "CustomResourceDefinition": ((*_RULES, "rule"), (*_RULES, "messageExpression")),
}
# What is in these fields of a schema is data, whatever it is called.
_DATA: Final = frozenset({"default", "enum", "example"})


def unevaluated_expressions(root: Map, kind: str) -> list[Problem]:
    """Return a note of the expressions in an object of a type, which nobody has evaluated, at the first of them; none if there are none."""
    paths = [path for steps in PLACES.get(kind.rpartition(".")[2], ()) for path in _paths(root, steps, ())]
    origins = [origin for origin in (locate(root, path) for path in paths) if origin]
    if not origins:
        return []
    message = "dsgen does not evaluate this expression (CEL)"
    others = sorted({origin.line for origin in origins} - {origins[0].line})
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        message += f", nor those in lines {', '.join(map(str, others[:SHOWN]))}{more}"
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
