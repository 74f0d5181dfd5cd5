"""How a probe or a hook speaks HTTP and gRPC: behind gates that are off, so it is only validated if an old object sets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.handlers import action_of
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

# The server drops these fields of a new object.
LOADED_FOR: Final = ()

PROTOCOLS: Final = ("HTTP1", "HTTP2")
GRPC_MODES: Final = ("Plaintext", "TLS")


@rule(
    "handler",
    source="pkg/apis/core/validation: validateHTTPGetAction",
    since="1.37",
    when="httpGet",
)
def invalid_http_get_protocol(handler: FieldRef) -> Iterator[FieldError]:
    """
    `httpGet.protocol` must be `HTTP1` or `HTTP2`, and `HTTP2` requires the scheme `HTTP`, and no `host`. The field needs
    a feature gate that is off by default.
    """
    action = action_of(handler, "httpGet")
    protocol = action.get("protocol") if action else None
    if action is None or protocol is None:
        return
    if protocol not in PROTOCOLS:
        yield action.not_supported("protocol", protocol, PROTOCOLS)
    elif protocol == "HTTP2" and action.get("scheme", "HTTP") != "HTTP":
        yield action.invalid("protocol", "`HTTP2` is only allowed with `scheme: HTTP`")
    elif protocol == "HTTP2" and action.get("host", ""):
        yield action.invalid("host", "must be empty when `protocol` is `HTTP2`")


@rule("handler", source="pkg/apis/core/validation: validateGRPCAction", since="1.37", when="grpc")
def invalid_grpc_mode(handler: FieldRef) -> Iterator[FieldError]:
    """`grpc.mode` must be `Plaintext` or `TLS`. The field needs a feature gate that is off by default."""
    action = action_of(handler, "grpc")
    mode = action.get("mode") if action else None
    if action is not None and mode is not None and mode not in GRPC_MODES:
        yield action.not_supported("mode", mode, GRPC_MODES)
