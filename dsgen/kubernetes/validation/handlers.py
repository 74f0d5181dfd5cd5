"""What a probe or a lifecycle hook does: run a command, ask over HTTP, TCP or gRPC, or sleep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.paths import PROBES
from dsgen.kubernetes.schema.words import HANDLERS
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = (*PROBES, "lifecycle")

SOURCE = "pkg/apis/core/validation: validateHandler"
# In the order in which the server validates them.
SCHEMES: Final = ("HTTP", "HTTPS")


@rule("handler", source=SOURCE)
def missing_handler(handler: FieldRef) -> Iterator[FieldError]:
    """
    A probe must have one of `exec`, `httpGet`, `tcpSocket` and `grpc`; a lifecycle hook one of `exec`, `httpGet`,
    `tcpSocket` and `sleep`.
    """
    if not _actions(handler):
        last = "grpc" if handler.scope.endswith("Probe") else "sleep"
        yield handler.required((), f"must have one of `exec`, `httpGet`, `tcpSocket` and `{last}`")


@rule("handler", source=SOURCE)
def conflicting_handlers(handler: FieldRef) -> Iterator[FieldError]:
    """A probe or lifecycle hook must have only one of `exec`, `httpGet`, `tcpSocket`, `grpc` and `sleep`."""
    first, *others = _actions(handler) or [""]
    for action in others:
        yield handler.forbidden(action, f"is not allowed together with `{first}`: remove one of the two")


@rule("handler", source="pkg/apis/core/validation: validateExecAction", when="exec")
def missing_exec_command(handler: FieldRef) -> Iterator[FieldError]:
    """`exec.command` must be set: a list of the program and its arguments."""
    action = action_of(handler, "exec")
    if action is not None and not action.get("command"):
        yield action.required("command", "must be set: a program and its arguments")


@rule("handler", source="pkg/apis/core/validation: validateHTTPGetAction", when="httpGet")
def invalid_http_get_port(handler: FieldRef) -> Iterator[FieldError]:
    """`httpGet.port` must be between 1 and 65535, or the name of a port. A number in quotes is neither."""
    yield from _port(action_of(handler, "httpGet"))


@rule("handler", source="pkg/apis/core/validation: validateHTTPGetAction", when="httpGet")
def invalid_http_get_scheme(handler: FieldRef) -> Iterator[FieldError]:
    """`httpGet.scheme` must be `HTTP` (the default) or `HTTPS`, in upper case."""
    action = action_of(handler, "httpGet")
    scheme = action.get("scheme", "") if action is not None else ""
    if action is not None and scheme and scheme not in SCHEMES:
        yield action.not_supported("scheme", scheme, SCHEMES)


@rule("handler", source="pkg/apis/core/validation: validateHTTPGetAction", when="httpGet")
def invalid_http_header_name(handler: FieldRef) -> Iterator[FieldError]:
    """The name of an HTTP header must consist of letters, digits and `-`."""
    action = action_of(handler, "httpGet")
    for header in action.children("httpHeaders") if action is not None else ():
        for message in formats.http_header_name(header.get("name", "")):
            assert action is not None
            yield action.error("Invalid", (*header.step, "name"), message, field="httpHeaders")


@rule("handler", source="pkg/apis/core/validation: validateTCPSocketAction", when="tcpSocket")
def invalid_tcp_socket_port(handler: FieldRef) -> Iterator[FieldError]:
    """`tcpSocket.port` must be between 1 and 65535, or the name of a port. A number in quotes is neither."""
    yield from _port(action_of(handler, "tcpSocket"))


@rule("handler", source="pkg/apis/core/validation: validateGRPCAction", when="grpc")
def out_of_range_grpc_port(handler: FieldRef) -> Iterator[FieldError]:
    """`grpc.port` must be between 1 and 65535."""
    yield from _port(action_of(handler, "grpc"))


@rule("handler", source="pkg/apis/core/validation: validateSleepAction", when="sleep")
def out_of_range_sleep_seconds(handler: FieldRef) -> Iterator[FieldError]:
    """`sleep.seconds` must be at least 0 (at least 1 before 1.33), and at most the pod's `terminationGracePeriodSeconds`."""
    action = action_of(handler, "sleep")
    if action is None:
        return
    least = 0 if handler.pod.minor >= 33 else 1
    most = handler.pod.node.get("terminationGracePeriodSeconds", 30)
    if not least <= action.get("seconds", 0) <= most:
        detail = f"must be between {least} and {most}, the pod's `terminationGracePeriodSeconds`"
        yield action.error("Invalid", "seconds", detail, field="")


def _actions(handler: FieldRef) -> list[str]:
    return [action for action in HANDLERS if handler.get(action) is not None]


def action_of(handler: FieldRef, name: str) -> FieldRef | None:
    """Return the action `name` of a handler if the server validates it."""
    # The server only validates the first action; the others are forbidden as a whole.
    return handler.child(name) if _actions(handler)[:1] == [name] else None


def _port(action: FieldRef | None) -> Iterator[FieldError]:
    if action is None:
        return
    port: Any = action.get("port", 0)
    if isinstance(port, str) and port.isdecimal():
        yield action.invalid("port", f"{port!r} is a string, not a number or a port name: remove the quotes")
    elif isinstance(port, str):
        for message in formats.port_name(port):
            yield action.invalid("port", message)
    elif not 1 <= port <= 65535:
        yield action.invalid("port", f"must be between 1 and 65535, or the name of a port, got {port}")
