"""Environment variables: their names, and the sources of their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.words import ENV_SOURCES
from dsgen.kubernetes.validation import downward_api
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule

LOADED_FOR: Final = ("env",)

SOURCE = "pkg/apis/core/validation: ValidateEnv"
VALUE_FROM = "pkg/apis/core/validation: validateEnvVarValueFrom"
FIELDS: Final = (
    *("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"),
    *("status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
)


VARIABLE = Fields("container.env", "an environment variable", SOURCE)
VARIABLE.required("missing-env-name", "name")


@rule("container.env", source=SOURCE, when="name")
def invalid_env_name(env: FieldRef) -> Iterator[FieldError]:
    """The name of an environment variable must be printable ASCII without `=`."""
    name = env.get("name", "")
    for message in formats.env_name(name, env.pod.minor) if name else ():
        yield env.invalid("name", message)


@rule("container.env.valueFrom", source=VALUE_FROM)
def missing_env_source(value_from: FieldRef) -> Iterator[FieldError]:
    """`valueFrom` must have a source: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`."""
    if not _sources(value_from):
        yield value_from.invalid((), f"must have one of {', '.join(ENV_SOURCES)}")


@rule("container.env.valueFrom", source=VALUE_FROM)
def conflicting_env_value(value_from: FieldRef) -> Iterator[FieldError]:
    """An environment variable must not have both a `value` and a `valueFrom`."""
    if _has_value(value_from) and _sources(value_from):
        yield value_from.invalid((), "is not allowed together with `value`: remove one of the two")


@rule("container.env.valueFrom", source=VALUE_FROM)
def conflicting_env_sources(value_from: FieldRef) -> Iterator[FieldError]:
    """`valueFrom` must have only one source."""
    sources = _sources(value_from)
    if len(sources) > 1 and not _has_value(value_from):
        yield value_from.invalid((), f"must have only one source, got {' and '.join(sources)}")


@rule("container.env.valueFrom.fieldRef", source="pkg/apis/core/validation: validateObjectFieldSelector")
def invalid_env_field_path(ref: FieldRef) -> Iterator[FieldError]:
    """The `fieldRef.fieldPath` of an environment variable must be `metadata.name`, `metadata.namespace`,
    `metadata.uid`, `metadata.labels['KEY']`, `metadata.annotations['KEY']`, `spec.nodeName`, `spec.serviceAccountName`,
    `status.hostIP`, `status.hostIPs`, `status.podIP` or `status.podIPs`.
    """
    yield from downward_api.field_path_errors(ref, FIELDS)


@rule("container.env.valueFrom.fieldRef", source="pkg/apis/core/validation: validateObjectFieldSelector")
def invalid_env_field_subscript(ref: FieldRef) -> Iterator[FieldError]:
    """The key in `metadata.labels['KEY']` or `metadata.annotations['KEY']` must be a valid label or annotation key."""
    yield from downward_api.subscript_errors(ref)


@rule(
    "container.env.valueFrom.resourceFieldRef",
    source="pkg/apis/core/validation: validateContainerResourceFieldSelector",
)
def invalid_env_resource(ref: FieldRef) -> Iterator[FieldError]:
    """`resourceFieldRef.resource` must be `limits.` or `requests.` followed by `cpu`, `memory`, `ephemeral-storage` or
    `hugepages-SIZE`.
    """
    yield from downward_api.resource_errors(ref)


@rule("container.env.valueFrom.resourceFieldRef", source="pkg/apis/core/validation: validateContainerResourceDivisor")
def invalid_env_divisor(ref: FieldRef) -> Iterator[FieldError]:
    """`resourceFieldRef.divisor` must be one unit: `1m` or `1` for cpu; `1`, `1k`, `1Ki`, `1M`, `1Mi` and so on for bytes."""
    yield from downward_api.divisor_errors(ref)


KEY_REF = Fields(
    "key-ref", "a `configMapKeyRef` or `secretKeyRef`", "pkg/apis/core/validation: validateConfigMapKeySelector"
)
KEY_REF.has_format("invalid-env-key-ref-name", "name", formats.dns_subdomain, missing=True)
KEY_REF.has_format("invalid-env-key-ref-key", "key", formats.config_key, required=True)


@rule("container", source="pkg/api/pod: warningsForPodSpecAndMeta", when="env", severity="warning")
def duplicate_env_name(container: FieldRef) -> Iterator[FieldError]:
    """The names of environment variables should be unique. A second variable hides the first, merging tools may drop
    either, and server-side apply rejects both (`duplicate-entry`), even if the second refers to the first. Put
    everything into one `value`.
    """
    for env, name in repeated(container.children("env"), "name"):
        if not _builds_on(env, f"$({name})"):
            yield env.warning((), f"hides the {name} above: remove one of the two")


def _builds_on(env: FieldRef, reference: str) -> bool:
    value = env.get("value", "")
    return reference in value and value != reference and env.get("valueFrom") is None


def _sources(value_from: FieldRef) -> list[str]:
    return [name for name in ENV_SOURCES if value_from.get(name) is not None]


def _has_value(value_from: FieldRef) -> bool:
    assert value_from.up is not None
    return bool(value_from.up.get("value", ""))
