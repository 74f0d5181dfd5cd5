"""ValidatingAdmissionPolicies: a small Go program around the API server's own admission plugin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from conformance import kubernetes_module
from conformance.kubernetes_module import NEWEST


class Said(NamedTuple):
    """What the server says of a new object: the object as expressions see it, or why it is `invalid` whatever policies say; why a policy
    refused it, with the reason; the warnings, and the annotations of the audit event.
    """

    object: Any
    invalid: str
    refused: str
    reason: str
    warnings: tuple[str, ...]
    audit: dict[str, str]


def ask(questions: Iterable[tuple[str, Sequence[str]]], minor: str = NEWEST) -> Iterator[list[Said]]:
    """Yield what the server says of some objects where it has a policy with its bindings, parameters and namespaces: a text of YAML each."""
    program = kubernetes_module.build(Path(__file__).parent, "policies", minor)
    asked = ({"setup": setup, "objects": list(objects)} for setup, objects in questions)
    for answer in kubernetes_module.ask([program, kubernetes_module.discovery(minor)], asked):
        if answer.get("error"):
            raise ValueError(answer["error"])
        yield [said(each) for each in answer["said"]]


def said(answer: dict[str, Any]) -> Said:
    """Return one answer of the program."""
    invalid, refused, reason = (answer.get(name, "") for name in ("invalid", "refused", "reason"))
    return Said(
        answer.get("object"), invalid, refused, reason, tuple(answer.get("warnings", ())), answer.get("audit", {})
    )
