"""The Python API in many threads at once: each call gets what it would get alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import dsgen

COUNT = 40


def text(number: int) -> str:
    if number % 4 == 3:
        # Wrong in several ways, which Cerberus finds.
        return f"name: tenant-{number}\nzzz{number}: 1\nnodes: {{bad{number}: x}}\ncontainers: {{a: {{imag: x}}}}\n"
    if number % 4 == 2:
        return (
            f"extends: node-exporter\nname: tenant-{number}\n"
            f"variants: {{a: {{nodes: {{select: {{pool: a{number}}}}}}}, b: {{nodes: {{rest: true}}}}}}\n"
        )
    return (
        f"name: tenant-{number}\nservice: {{ports: {{p{number}: {8000 + number}}}}}\ncontainers:\n  agent-{number}:\n"
        f"    image: example.com/agent:{number}\n    args: [--tenant={number}]\n    env: {{TENANT: tenant-{number}}}\n"
    )


def outcome(number: int) -> tuple[object, ...]:
    profile = dsgen.loads(text(number), f"{number}.yaml")
    problems = dsgen.validate(profile)
    try:
        rendered = [made.text for made in dsgen.render(profile)]
    except dsgen.ProblemError as error:
        return problems, error.problems
    judged = [dsgen.validate_manifest(made) for made in rendered]
    return problems, rendered, judged


@pytest.fixture
def short_turns() -> Iterator[None]:
    """Let threads take turns a hundred times as often as they do."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.00005)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("short_turns")
def test_no_thread_gets_what_another_asked_for() -> None:
    asked = [(number * 7) % COUNT for number in range(3 * COUNT)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(outcome, asked))
    # In one thread, and after the others, so that these load and compile everything themselves.
    alone = {number: outcome(number) for number in range(COUNT)}
    assert [number for number, each in zip(asked, found, strict=True) if each != alone[number]] == []
    assert len({repr(each) for each in alone.values()}) == COUNT
