"""The stop signal of a container: the server keeps and judges one only where the old object has one already."""

import pytest

from tests.kubernetes.examples import container
from tests.kubernetes.pods import found

LINUX = "os: {name: linux}\n"
WINDOWS = "os: {name: windows}\n"
SIGNAL = container("lifecycle: {stopSignal: %s}")
FIELD = "containers[0].lifecycle.stopSignal"


def judged(system: str, signal: str) -> set[tuple[str, str]]:
    return found(system + SIGNAL.replace("%s", signal), old=LINUX + SIGNAL.replace("%s", "SIGTERM"))


@pytest.mark.parametrize(
    ("system", "signal"),
    [(LINUX, "SIGTERM"), (LINUX, "SIGRTMIN+15"), (LINUX, "SIGRTMAX-14"), (LINUX, "SIGRTMAX"), (WINDOWS, "SIGKILL")],
)
def test_accepted(system: str, signal: str) -> None:
    assert judged(system, signal) == set()


@pytest.mark.parametrize(
    ("system", "signal"),
    [(LINUX, "TERM"), (LINUX, "''"), (LINUX, "SIGRTMIN+16"), (LINUX, "SIGRTMAX-15"), (WINDOWS, "SIGHUP")],
)
def test_refused(system: str, signal: str) -> None:
    assert judged(system, signal) == {("invalid-stop-signal", f"NotSupported {FIELD}")}


def test_without_system() -> None:
    assert judged("", "SIGTERM") == {("missing-os-for-stop-signal", f"Forbidden {FIELD}")}
