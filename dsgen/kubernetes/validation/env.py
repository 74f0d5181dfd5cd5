"""Environment variables: their names, and where each takes its value from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation import downward_api
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "pkg/apis/core/validation: ValidateEnv"
VALUE_FROM = "pkg/apis/core/validation: validateEnvVarValueFrom"
SOURCES: Final = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
FIELDS: Final = (
    *("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"),
    *("status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
)


@rule("missing-env-name", "env", source=SOURCE)
def missing_env_name(env: FieldRef) -> Iterator[FieldError]:
    """Each environment variable has a `name`."""
    if not env.get("name", ""):
        yield env.required("name")


@rule("invalid-env-name", "env", source=SOURCE, when="name")
def invalid_env_name(env: FieldRef) -> Iterator[FieldError]:
    """The name of an environment variable is printable ASCII without `=`."""
    name = env.get("name", "")
    for message in formats.env_name(name, env.pod.minor) if name else ():
        yield env.invalid("name", message)


@rule("missing-env-source", "value-from", source=VALUE_FROM)
def missing_env_source(value_from: FieldRef) -> Iterator[FieldError]:
    """`valueFrom` states a source: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`."""
    if not _sources(value_from):
        yield value_from.invalid((), f"states no source: one of {', '.join(SOURCES)}")


@rule("conflicting-env-value", "value-from", source=VALUE_FROM)
def conflicting_env_value(value_from: FieldRef) -> Iterator[FieldError]:
    """An environment variable has a `value` or a `valueFrom`, not both."""
    if _has_value(value_from) and _sources(value_from):
        yield value_from.invalid((), "`value` is stated too: keep one of the two")


@rule("conflicting-env-sources", "value-from", source=VALUE_FROM)
def conflicting_env_sources(value_from: FieldRef) -> Iterator[FieldError]:
    """`valueFrom` states one source only."""
    sources = _sources(value_from)
    if len(sources) > 1 and not _has_value(value_from):
        yield value_from.invalid((), f"states {' and '.join(sources)}: keep one of them")


@rule("invalid-env-field-path", "field-ref", source="pkg/apis/core/validation: validateObjectFieldSelector")
def invalid_env_field_path(ref: FieldRef) -> Iterator[FieldError]:
    """
    `fieldRef.fieldPath` of an environment variable is the pod's `metadata.name`, `metadata.namespace`, `metadata.uid`,
    `metadata.labels['KEY']`, `metadata.annotations['KEY']`, `spec.nodeName`, `spec.serviceAccountName`,
    `status.hostIP`, `status.hostIPs`, `status.podIP` or `status.podIPs`.
    """
    yield from downward_api.field_path_errors(ref, FIELDS)


@rule("invalid-env-field-subscript", "field-ref", source="pkg/apis/core/validation: validateObjectFieldSelector")
def invalid_env_field_subscript(ref: FieldRef) -> Iterator[FieldError]:
    """The key in `metadata.labels['KEY']` or `metadata.annotations['KEY']` is the key of a label or annotation."""
    yield from downward_api.subscript_errors(ref)


@rule(
    "invalid-env-resource",
    "resource-field-ref",
    source="pkg/apis/core/validation: validateContainerResourceFieldSelector",
)
def invalid_env_resource(ref: FieldRef) -> Iterator[FieldError]:
    """
    `resourceFieldRef.resource` is `limits.` or `requests.` and `cpu`, `memory`, `ephemeral-storage` or
    `hugepages-SIZE`.
    """
    yield from downward_api.resource_errors(ref)


@rule("invalid-env-divisor", "resource-field-ref", source="pkg/apis/core/validation: validateContainerResourceDivisor")
def invalid_env_divisor(ref: FieldRef) -> Iterator[FieldError]:
    """`resourceFieldRef.divisor` is one unit: `1m` or `1` for cpu; `1`, `1k`, `1Ki`, `1M`, `1Mi` and so on for bytes."""
    yield from downward_api.divisor_errors(ref)


@rule("invalid-env-key-ref-name", "key-ref", source="pkg/apis/core/validation: validateConfigMapKeySelector")
def invalid_env_key_ref_name(ref: FieldRef) -> Iterator[FieldError]:
    """`configMapKeyRef` and `secretKeyRef` have the `name` of a ConfigMap or Secret: a DNS subdomain."""
    for message in formats.dns_subdomain(ref.get("name", "")):
        yield ref.invalid("name", message)


@rule("invalid-env-key-ref-key", "key-ref", source="pkg/apis/core/validation: validateConfigMapKeySelector")
def invalid_env_key_ref_key(ref: FieldRef) -> Iterator[FieldError]:
    """`configMapKeyRef` and `secretKeyRef` have a `key`: at most 253 letters, digits, `-`, `_` and `.`."""
    key = ref.get("key", "")
    if not key:
        yield ref.required("key")
    for message in formats.config_key(key) if key else ():
        yield ref.invalid("key", message)


@rule(
    "duplicate-env-name", "container", source="pkg/api/pod: warningsForPodSpecAndMeta", when="env", severity="warning"
)
def duplicate_env_name(container: FieldRef) -> Iterator[FieldError]:
    """
    A variable is stated once. A second one hides the first, merging tools may drop either, and server-side apply refuses
    both (`duplicate-entry`), also where the second builds on the first. One `value` can hold all of it.
    """
    taken: set[str] = set()
    for env in container.children("env"):
        name = env.get("name", "")
        if name in taken and not _builds_on(env, f"$({name})"):
            yield env.warning((), f"hides the {name} above: state it once")
        taken.add(name)


def _builds_on(env: FieldRef, reference: str) -> bool:
    value = env.get("value", "")
    return reference in value and value != reference and env.get("valueFrom") is None


def _sources(value_from: FieldRef) -> list[str]:
    return [name for name in SOURCES if value_from.get(name) is not None]


def _has_value(value_from: FieldRef) -> bool:
    assert value_from.up is not None
    return bool(value_from.up.get("value", ""))
