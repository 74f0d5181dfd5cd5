"""The signal that stops a container: `lifecycle.stopSignal`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("lifecycle",)

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


@rule("lifecycle", source=SOURCE)
def missing_os_for_stop_signal(lifecycle: FieldRef) -> Iterator[FieldError]:
    """A pod with a `stopSignal` must set `os.name`, since signals differ between operating systems."""
    if lifecycle.get("stopSignal") is not None and lifecycle.pod.node.get("os") is None:
        yield lifecycle.forbidden("stopSignal", "requires the pod's `os.name`")


@rule("lifecycle", source=SOURCE)
def invalid_stop_signal(lifecycle: FieldRef) -> Iterator[FieldError]:
    """`stopSignal` must be a signal of the pod's operating system, such as `SIGTERM`. On Windows, only `SIGTERM` and
    `SIGKILL` are allowed.
    """
    signal = lifecycle.get("stopSignal")
    allowed = {"linux": LINUX, "windows": WINDOWS}.get(lifecycle.pod.os)
    if signal is not None and allowed is not None and signal not in allowed:
        yield lifecycle.not_supported("stopSignal", signal, allowed)
