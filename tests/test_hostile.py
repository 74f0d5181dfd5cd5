"""A small part of the campaign of hostile inputs and killed runs; `python -m conformance.hostile` is the whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.long
@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--count", "2000"], id="inputs"),
        pytest.param(["--count", "500", "--seed", "2000", "--pure"], id="without libyaml"),
        pytest.param(["--count", "0", "--kills", "24"], id="kills"),
    ],
)
def test_nothing_goes_wrong(options: list[str]) -> None:
    """No traceback, no hang, no file lost or changed, none left that is stale: what goes wrong is printed.

    What counts as a hang is many times the limit: how long an input takes on a busy machine says nothing.
    """
    command = [sys.executable, "-m", "conformance.hostile", *options, "--limit", "300"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_goes_wrong_is_found() -> None:
    """In a dsgen whose reader of profiles raises, which all readers of profiles use."""
    script = (
        "import sys, dsgen.source, conformance.hostile.__main__ as campaign\n"
        "def broken(*_):\n    raise KeyError('broken')\n"
        "dsgen.source.read = broken\n"
        "sys.exit(campaign.inputs(20, 0, 60.0, 'profile') != 20)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 times: KeyError" in done.stdout
