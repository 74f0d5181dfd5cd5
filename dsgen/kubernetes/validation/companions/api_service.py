"""APIServices, by which another server serves the API of a group and version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "kube-aggregator/pkg/apis/apiregistration/validation: ValidateAPIService"
MAX_GROUP_PRIORITY: Final = 20000
MAX_VERSION_PRIORITY: Final = 1000


@rule("APIService", source=SOURCE)
def mismatched_api_service_name(service: FieldRef) -> Iterator[FieldError]:
    """The name of an APIService must be its version, a dot and its group: `v1beta1.metrics.k8s.io`. So it cannot be generated."""
    spec, metadata = service.value.map("spec"), service.value.map("metadata")
    wanted = f"{spec.get('version') or ''}.{spec.get('group') or ''}"
    name, prefix = (str(metadata.get(field) or "") for field in ("name", "generateName"))
    if name != wanted and (name or (prefix and not service.pod.old)) and not formats.path_segment(name):
        yield service.invalid(("metadata", "name"), f"must be the version and the group: `{wanted}`")
    if prefix not in ("", wanted) and not formats.path_segment(prefix):
        yield service.invalid(("metadata", "generateName"), f"must not be set: the name must be `{wanted}`")


SPEC = Fields("APIService.spec", "an APIService", SOURCE)


@rule("APIService.spec", source=SOURCE)
def invalid_api_service_group(spec: FieldRef) -> Iterator[FieldError]:
    """The `group` of an APIService must be a DNS subdomain. Only `v1`, the core API, has none."""
    group = spec.get("group", "")
    if not group and spec.get("version", "") != "v1":
        yield spec.required("group", "must be the API group, such as `metrics.k8s.io`")
    yield from spec.invalid_each("group", formats.dns_subdomain(group) if group else ())


SPEC.has_format("invalid-api-service-version", "version", formats.letter_label, missing=True)
SPEC.in_range("out-of-range-group-priority", "groupPriorityMinimum", 1, MAX_GROUP_PRIORITY, missing=True)
SPEC.in_range("out-of-range-version-priority", "versionPriority", 1, MAX_VERSION_PRIORITY, missing=True)


@rule("APIService.spec", source=SOURCE)
def forbidden_api_service_tls(spec: FieldRef) -> Iterator[FieldError]:
    """An APIService without a `service` is served by the API server itself: `caBundle` and `insecureSkipTLSVerify` are not allowed."""
    if spec.get("service") is None:
        for field in ("caBundle", "insecureSkipTLSVerify"):
            if spec.get(field):
                yield spec.invalid(field, "is only allowed with `service`")


@rule("APIService.spec", source=SOURCE, when="caBundle")
def conflicting_api_service_tls(spec: FieldRef) -> Iterator[FieldError]:
    """`insecureSkipTLSVerify` and `caBundle` exclude each other."""
    if spec.get("service") is not None and spec.get("caBundle") and spec.get("insecureSkipTLSVerify"):
        yield spec.invalid("insecureSkipTLSVerify", "is not allowed with `caBundle`: remove one of them")


SERVICE = Fields("APIService.spec.service", "an APIService's `service`", SOURCE)
SERVICE.required("missing-api-service-reference", ("namespace", "name"))
SERVICE.in_range("out-of-range-api-service-port", "port", 1, 65535, empty=True)
