"""The types of values in profiles: Kubernetes' own, and those that only profiles have."""

from __future__ import annotations

from functools import cache
from typing import Final

from dsgen.kubernetes.schema import fields

# The metadata that each companion may have.
NAMES: Final = {"name": "str", "labels": "{str}", "annotations": "{str}"}
# The sources of a variable that only profiles have.
ENV_SOURCES: Final = {"portRef": "str"}
ENDPOINT: Final = "PodMonitorPodMetricsEndpoints"


@cache
def types() -> dict[str, dict[str, str]]:
    """Return the field tables for profiles: the fields of every version, and the types that only profiles have.

    Which of them the chosen version has is decided where the object is decoded. For custom kinds, use `fields_of`.
    """
    known = fields.any_version()
    mount = {**known["VolumeMount"], **{name: type for name, type in known["Volume"].items() if name != "name"}}
    priority = {
        key: known["PriorityClass"][key] for key in ("value", "globalDefault", "preemptionPolicy", "description")
    }
    return {
        **known,
        "Mount": mount,
        "EnvVarSource": {**known["EnvVarSource"], **ENV_SOURCES},
        "service": {**known["ServiceSpec"], **NAMES},
        "networkPolicy": {**known["NetworkPolicySpec"], **NAMES},
        "priorityClass": {**priority, **NAMES},
    }


def fields_of(type: str) -> dict[str, str]:
    """Return the fields of a type; empty if it is not an object."""
    found = types().get(type)
    if found is not None:
        return found
    if type == "podMonitor":
        # One endpoint without the list around it, and the settings that all endpoints share.
        return {**fields.known(ENDPOINT), **fields.known("PodMonitorSpec"), **NAMES}
    return fields.known(type)


def type_name(notation: str) -> str:
    """Return a notation of the field tables as `kubectl explain` writes types: `map[string]string`, `[]Toleration`, `integer`.

    A list of Kubernetes that a profile writes as a map is `map[KEY]TYPE`, such as `map[name]ContainerPort`.
    """
    if notation[:1] == "[":
        return f"[]{type_name(notation[1:-1])}"
    if notation[:1] == "{":
        return f"map[string]{type_name(notation[1:-1])}"
    if notation[:1] == "<":
        key, _, entry = notation[1:-1].partition(":")
        return f"map[{key}]{type_name(entry)}"
    return _SCALARS.get(notation, notation)


def versions_of(field: str) -> str:
    """Return which versions of Kubernetes have a field of a pod or of a container, by its path; an empty string if all do."""
    from dsgen.kubernetes.schema.fields.versions import versions

    above, _, name = field.rpartition(".")
    return versions(_OWNERS[above], name) if above in _OWNERS else ""


def readable(type: str) -> str:
    """Return the name of a type of the tables or of the language, for a sentence."""
    return _READABLE.get(type, type)


_SCALARS: Final = {"str": "string", "bool": "boolean", "int32": "integer", "int64": "integer"}
_OWNERS: Final = {"spec.template.spec": "PodSpec", "spec.template.spec.containers[]": "Container"}
_READABLE: Final = {
    "profile": "a profile",
    "environment": "an environment",
    "Mount": "a mount",
    "Container": "a container",
    "PodSpec": "a pod",
    "Volume": "a volume",
    "configMap": "a config map",
    **{name: f"`{name}`" for name in ("service", "podMonitor", "networkPolicy", "priorityClass")},
}
