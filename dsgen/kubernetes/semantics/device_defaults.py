"""The defaults of requests for devices (pkg/apis/resource/v1: SetDefaults…), in every version of the API."""

from __future__ import annotations

from typing import Any, Final

from dsgen.tree import Map

_VERSIONS: Final = ("", "resource.v1alpha3.", "resource.v1beta1.", "resource.v1beta2.")


def _request(request: Map) -> dict[str, Any]:
    mode = request.get("allocationMode") or "ExactCount"
    changes: dict[str, Any] = {} if request.get("allocationMode") else {"allocationMode": mode}
    return {**changes, "count": 1} if mode == "ExactCount" and not request.get("count") else changes


def _flat_request(request: Map) -> dict[str, Any]:
    """A request without a class may be one for the first that is available, and gets no defaults."""
    return _request(request) if request.get("deviceClassName") else {}


EMPTY: Final[dict[str, dict[str, Any]]] = {f"{version}DeviceToleration": {"operator": "Equal"} for version in _VERSIONS}
SPECIAL: Final = {
    **{f"{version}ExactDeviceRequest": _request for version in _VERSIONS},
    **{f"{version}DeviceSubRequest": _request for version in _VERSIONS},
    "resource.v1alpha3.DeviceRequest": _flat_request,
    "resource.v1beta1.DeviceRequest": _flat_request,
}
