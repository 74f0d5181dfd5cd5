"""Every example: its profile makes the DaemonSet that stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.factories import made, plain_daemonset

EXAMPLES = sorted(Path(__file__).with_name("examples").iterdir())


@pytest.mark.parametrize("folder", [pytest.param(folder, id=folder.name) for folder in EXAMPLES])
def test_example(folder: Path) -> None:
    expected = yaml.safe_load(folder.joinpath("expected.yaml").read_text("utf-8"))
    assert plain_daemonset(made(folder.joinpath("profile.yaml").read_text("utf-8"))) == expected


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 12
