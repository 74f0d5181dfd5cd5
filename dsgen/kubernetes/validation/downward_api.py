"""References to the pod's own fields and resources, in environment variables and volumes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats, quantity
from dsgen.kubernetes.validation.rule import FieldError, FieldRef

SUBSCRIPTED: Final = ("metadata.annotations", "metadata.labels")
KNOWN_FIELDS: Final = frozenset(
    {
        *("metadata.name", "metadata.namespace", "metadata.uid", *SUBSCRIPTED),
        *("spec.nodeName", "spec.host", "spec.serviceAccountName", "spec.restartPolicy", "spec.schedulerName"),
        *("status.phase", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
    }
)
RESOURCES: Final = tuple(
    f"{side}.{resource}" for side in ("limits", "requests") for resource in ("cpu", "memory", "ephemeral-storage")
)
HUGE_PAGES: Final = ("limits.hugepages-", "requests.hugepages-")
CPU_DIVISORS: Final = ("1m", "1")
BYTE_DIVISORS: Final = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")


def field_path_errors(ref: FieldRef, allowed: tuple[str, ...]) -> Iterator[FieldError]:
    """Yield the errors of the path in `fieldRef`: it must be a field that the server knows, one of those `allowed`."""
    written = ref.get("fieldPath", "")
    if not written:
        yield ref.required("fieldPath", "must be set: a field of the pod, such as `metadata.name`")
        return
    path, subscript = split(written)
    version = ref.get("apiVersion") or "v1"
    if version != "v1":
        yield ref.invalid("fieldPath", f"`apiVersion` must be `v1`, got {version!r}")
    elif path not in (KNOWN_FIELDS if subscript is None else SUBSCRIPTED):
        yield ref.invalid("fieldPath", f"{written!r} is not one of {', '.join(allowed)}, {SUBSCRIPTED[1]}['KEY']")
    elif subscript is None and (path if path != "spec.host" else "spec.nodeName") not in allowed:
        yield ref.not_supported("fieldPath", written, allowed)


def subscript_errors(ref: FieldRef) -> Iterator[FieldError]:
    """Yield the errors of the key in `metadata.labels['KEY']`: it must be the key of a label or an annotation."""
    path, subscript = split(ref.get("fieldPath", ""))
    if subscript is not None and path in SUBSCRIPTED and (ref.get("apiVersion") or "v1") == "v1":
        for message in formats.qualified_name(
            subscript if path == "metadata.labels" else formats.lower_case(subscript)
        ):
            yield ref.error("Invalid", "fieldPath", message, field="")


def split(path: str) -> tuple[str, str | None]:
    """Return a field path without its subscript, and the subscript: `metadata.labels` and `app`, or None."""
    before, bracket, key = path.removesuffix("']").partition("['")
    return (before, key) if bracket and before and path.endswith("']") else (path, None)


def resource_errors(ref: FieldRef) -> Iterator[FieldError]:
    """Yield the errors of the resource in `resourceFieldRef`: it must be a limit or request of a container."""
    resource = ref.get("resource", "")
    if not resource:
        yield ref.required("resource", "must be set: a limit or request, such as `limits.cpu`")
    elif resource not in RESOURCES and not resource.startswith(HUGE_PAGES):
        yield ref.not_supported("resource", resource, (*RESOURCES, *(f"{start}SIZE" for start in HUGE_PAGES)))


def divisor_errors(ref: FieldRef) -> Iterator[FieldError]:
    """Yield the errors of the divisor in `resourceFieldRef`: it must be one unit of the resource, in its shortest form."""
    divisor = ref.get("divisor")
    if divisor is None or not quantity.parse(divisor):
        return
    resource = ref.get("resource", "")
    allowed = CPU_DIVISORS if resource in ("limits.cpu", "requests.cpu") else BYTE_DIVISORS
    if (resource in RESOURCES or resource.startswith(HUGE_PAGES)) and str(quantity.parse(divisor)) not in allowed:
        yield ref.invalid("divisor", f"{divisor} is not one of {', '.join(allowed)}")
