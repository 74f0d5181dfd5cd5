"""Expressions, as Kubernetes' own environment for CEL evaluates them: a small Go program around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from conformance import kubernetes_module
from conformance.kubernetes_module import NEWEST


class Question(NamedTuple):
    """An expression, and the value of `self` with its type: the schema of a CustomResourceDefinition, or any without one."""

    expression: str
    data: Any = None
    schema: Any = None


def build(minor: str = NEWEST) -> Path:
    """Return the program of a minor version, built if it is out of date. Raises CalledProcessError if Go fails."""
    return kubernetes_module.build(Path(__file__).parent, "cel", minor)


def ask(questions: Iterable[Question], minor: str = NEWEST) -> Iterator[dict[str, Any]]:
    """Yield the answer to each question, as the Go program describes it."""
    yield from kubernetes_module.ask([build(minor), minor], (each._asdict() for each in questions))
