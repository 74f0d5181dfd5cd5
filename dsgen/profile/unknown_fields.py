"""What is said about a key that a type of Kubernetes does not have."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from dsgen.problem import did_you_mean
from dsgen.profile.shape_problems import MISPLACED_KEY, UNKNOWN_KEY, ReportPart
from dsgen.profile.tables import fields_of, readable, types


def unknown_field(key: str, type: str, known: Collection[str], report: ReportPart) -> None:
    """Report an unknown key of `type`, with the closest known one, or with the place of the field in Kubernetes."""
    plain = key.removesuffix("+")
    if plain in known:
        report_append(key, report)
        return
    near = did_you_mean(plain, known)
    home = "" if near else elsewhere(plain)
    if home:
        report(MISPLACED_KEY, key, f"`{key}` is not a field of {readable(type)}", home)
    else:
        hint = near or _known(type, known)
        report(UNKNOWN_KEY, key, f"unknown field `{key}` in {readable(type)}", hint)


# A list with more names helps nobody.
_LONGEST_LIST: Final = 16
# The volume sources that agents use.
_USUAL_SOURCES: Final = (
    "hostPath",
    "configMap",
    "secret",
    "emptyDir",
    "projected",
    "downwardAPI",
    "persistentVolumeClaim",
)
MORE: Final = "and more"


def _known(type: str, known: Collection[str]) -> str:
    """Return a hint with the known fields of a type: all of them, or those that are used."""
    if len(known) <= _LONGEST_LIST:
        return f"known: {', '.join(known)}"
    sources = fields_of("Volume")
    own = [name for name in known if name not in sources or (type == "Volume" and name == "name")]
    usual = [name for name in _USUAL_SOURCES if name in known]
    return f"known: {', '.join([*own, *usual][:_LONGEST_LIST])}, {MORE}"


def report_append(key: str, report: ReportPart) -> None:
    """Report a `KEY+` whose key takes no list."""
    found = f"`{key}` cannot append: `{key[:-1]}` is not a list"
    report(UNKNOWN_KEY, key, found, f"write `{key[:-1]}`; maps are merged key by key")


def elsewhere(field: str) -> str:
    """Return a hint with the places where Kubernetes has a field, or an empty string."""
    places = [place for type, place in _PLACES.items() if field in types()[type]]
    return f"Kubernetes has it in {' and in '.join(places)}" if places else ""


_PLACES: Final = {
    "Container": "a container",
    "PodSpec": "the pod: the top level of the profile",
    "SecurityContext": "a container's `securityContext`",
    "PodSecurityContext": "the pod's `securityContext`",
    "ResourceRequirements": "`resources`",
    "Probe": "a probe",
    "ContainerPort": "a port",
    "VolumeMount": "a mount",
    "Volume": "a volume",
}
