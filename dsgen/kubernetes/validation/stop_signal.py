"""The signal that asks a container to end: `lifecycle.stopSignal`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: validateStopSignal"
WINDOWS: Final = ("SIGKILL", "SIGTERM")
LINUX: Final = (
    *("SIGABRT", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGCLD", "SIGCONT", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT", "SIGIO"),
    *("SIGIOT", "SIGKILL", "SIGPIPE", "SIGPOLL", "SIGPROF", "SIGPWR", "SIGQUIT", "SIGSEGV", "SIGSTKFLT", "SIGSTOP"),
    *("SIGSYS", "SIGTERM", "SIGTRAP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGUSR1", "SIGUSR2", "SIGVTALRM"),
    *("SIGWINCH", "SIGXCPU", "SIGXFSZ", "SIGRTMIN", *(f"SIGRTMIN+{number}" for number in range(1, 16))),
    *(f"SIGRTMAX-{number}" for number in range(14, 0, -1)),
    "SIGRTMAX",
)


@rule("missing-os-for-stop-signal", "lifecycle", source=SOURCE)
def missing_os_for_stop_signal(lifecycle: FieldRef) -> Iterator[FieldError]:
    """A pod with a `stopSignal` states its `os.name`, since signals differ between systems."""
    if lifecycle.get("stopSignal") is not None and lifecycle.pod.node.get("os") is None:
        yield lifecycle.forbidden("stopSignal", "state the pod's `os.name` too")


@rule("invalid-stop-signal", "lifecycle", source=SOURCE)
def invalid_stop_signal(lifecycle: FieldRef) -> Iterator[FieldError]:
    """`stopSignal` is a signal of the pod's operating system, such as `SIGTERM`; on Windows that or `SIGKILL`."""
    signal = lifecycle.get("stopSignal")
    allowed = {"linux": LINUX, "windows": WINDOWS}.get(lifecycle.pod.os)
    if signal is not None and allowed is not None and signal not in allowed:
        yield lifecycle.not_supported("stopSignal", signal, allowed)
