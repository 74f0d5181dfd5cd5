"""CSIDrivers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule
from dsgen.plain import plain
from dsgen.tree import Map

SOURCE = "pkg/apis/storage/validation: validateCSIDriverSpec"
UPDATE = "pkg/apis/storage/validation: ValidateCSIDriverUpdate"
LIFECYCLE_MODES: Final = ("Persistent", "Ephemeral")
MIN_EXPIRATION_SECONDS: Final = 600
MAX_EXPIRATION_SECONDS: Final = 2**32
# As the server prints these fields.
IMMUTABLE: Final = {"attachRequired": "attachedRequired", "volumeLifecycleModes": "volumeLifecycleModes"}

DRIVER = Fields("CSIDriver.spec", "a CSIDriver", SOURCE)
DRIVER.one_of(
    "invalid-fs-group-policy",
    "fsGroupPolicy",
    ("ReadWriteOnceWithFSType", "File", "None"),
    default="ReadWriteOnceWithFSType",
    empty=True,
)
DRIVER.in_range("out-of-range-allocatable-update-period", "nodeAllocatableUpdatePeriodSeconds", 10, empty=True)


@rule("CSIDriver.spec", source=SOURCE, when="volumeLifecycleModes")
def invalid_volume_lifecycle_mode(spec: FieldRef) -> Iterator[FieldError]:
    """The `volumeLifecycleModes` of a CSIDriver must be `Persistent` (the default) or `Ephemeral`."""
    for index, mode in enumerate(spec.get("volumeLifecycleModes", ())):
        if mode not in LIFECYCLE_MODES:
            yield spec.not_supported(
                ("volumeLifecycleModes", index), mode, LIFECYCLE_MODES, field="volumeLifecycleModes"
            )


@rule("CSIDriver.spec", source=SOURCE, when="tokenRequests")
def duplicate_token_audience(spec: FieldRef) -> Iterator[FieldError]:
    """Each of the `tokenRequests` must have another `audience`. One can be empty: that of the API server."""
    for request, audience in repeated(spec.children("tokenRequests"), "audience"):
        yield request.duplicate("audience", f"another token has the audience {str(audience)!r}")


@rule("CSIDriver.spec", source=SOURCE, when="tokenRequests")
def out_of_range_csi_token_expiration(spec: FieldRef) -> Iterator[FieldError]:
    """The `expirationSeconds` of a token must be between 600 and 4294967296."""
    again = {request.step for request, _ in repeated(spec.children("tokenRequests"), "audience")}
    for request in spec.children("tokenRequests"):
        seconds = request.get("expirationSeconds")
        valid = seconds is None or MIN_EXPIRATION_SECONDS <= seconds <= MAX_EXPIRATION_SECONDS
        if not valid and request.step not in again:
            detail = f"must be between {MIN_EXPIRATION_SECONDS} and {MAX_EXPIRATION_SECONDS}, got {int(seconds)}"
            yield request.invalid("expirationSeconds", detail)


@rule("CSIDriver.spec", source=SOURCE, when="serviceAccountTokenInSecrets")
def missing_token_requests(spec: FieldRef) -> Iterator[FieldError]:
    """`serviceAccountTokenInSecrets` requires `tokenRequests`, even if it is false."""
    if spec.get("serviceAccountTokenInSecrets") is not None and not spec.get("tokenRequests", ()):
        yield spec.invalid("serviceAccountTokenInSecrets", "requires `tokenRequests`")


@rule(
    "CSIDriver.spec",
    source="pkg/registry/storage/csidriver: WarningsOnCreate",
    since="1.35",
    when="tokenRequests",
    severity="warning",
)
def missing_token_in_secrets(spec: FieldRef) -> Iterator[FieldError]:
    """A CSIDriver with `tokenRequests` should set `serviceAccountTokenInSecrets: true`, if the driver supports that, so that it does not
    write tokens to its log.
    """
    requests = spec.get("tokenRequests", ())
    if not requests or spec.get("serviceAccountTokenInSecrets") is not None:
        return
    old = spec.pod.old
    before = old.root.value.map("spec").get("tokenRequests") if old else None
    if _requests(requests) != _requests(before):
        yield spec.warning("serviceAccountTokenInSecrets", "should be `true`, if the driver supports it")


def _requests(stated: Any) -> list[Any]:
    """Return token requests to be compared: an empty audience is unset."""
    requests: list[Any] = plain(stated) or []  # type: ignore[assignment]
    return [{key: value for key, value in (each or {}).items() if value not in (None, "")} for each in requests]


@rule("CSIDriver-update", source=UPDATE, immutable=True)
def changed_csi_driver(driver: FieldRef) -> Iterator[FieldError]:
    """The `attachRequired` and `volumeLifecycleModes` of a CSIDriver cannot be changed. To change them, delete the CSIDriver and create
    it again.
    """
    new: Map = driver.value.map("spec")
    old: Map = driver.pod.old.root.value.map("spec")
    for name, printed in IMMUTABLE.items():
        if plain(new.get(name)) != plain(old.get(name)):
            detail = "cannot be changed: delete the CSIDriver first"
            yield driver.invalid(("spec", name), detail, field=f"spec.{printed}")
