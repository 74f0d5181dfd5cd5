"""The match conditions of webhooks: whether they compile."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.cel.admission import AUTHORIZER, VARIABLES
from dsgen.kubernetes.cel.definition_rules import ExpressionFinding
from dsgen.kubernetes.cel.expression import compiled
from dsgen.kubernetes.cel.outcomes import CompileError, Unevaluated
from dsgen.tree import Map


def check(root: Map, minor: int) -> Iterator[ExpressionFinding]:
    """Yield what is found for the conditions of a configuration of webhooks, which is valid otherwise."""
    for index, webhook in enumerate(root.maps("webhooks")):
        for number, condition in enumerate(webhook.maps("matchConditions")):
            source = condition.get("expression")
            if not isinstance(source, str) or not source.strip():
                continue
            path = ("webhooks", index, "matchConditions", number, "expression")
            found = compiled(source, {**VARIABLES, **AUTHORIZER}, minor)
            if isinstance(found, CompileError):
                yield ExpressionFinding(path, f"compilation failed: {found.message}")
            elif isinstance(found, Unevaluated):
                yield ExpressionFinding(path, unknown=found.reason)
            elif found.result != "bool":
                yield ExpressionFinding(path, f"must evaluate to bool but got {found.result}")
