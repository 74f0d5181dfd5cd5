"""What somebody says of a manifest, in a form in which two can be compared: the stage that refused, and each (kind, field)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from conformance.oracle import Answer

UNKNOWN: Final = re.compile(r'unknown field "(.*)"', re.DOTALL)
REPEATED: Final = re.compile(r'key "?(.*?)"? already set in map')
MISTYPED: Final = re.compile(r"cannot unmarshal .* into Go struct field (\S+) of type")
IN_VOLUME: Final = re.compile(r"[a-zA-Z.]*spec\.volumes\[\d+\]\.(secret|configMap|downwardAPI|projected)\.")
# What Go's library says of a certificate in a Secret.
CERTIFICATE: Final = re.compile(r"(tls|x509|asn1): ")
# Some warnings have no colon behind the place that they name.
IDLE: Final = re.compile(r'(annotation )?"?([^\s"]+[^:\s"])"? is (?:ignored|deprecated|unset)')
DEPRECATED_KIND: Final = re.compile(r" is deprecated in v1\.\d+\+")
# How the server begins a warning about a ResourceQuota.
QUOTA: Final = re.compile(r"ResourceQuota (\S+) \(")
INDEX: Final = re.compile(r"\[\d+\]")
# The keys of maps of schemas, which the server leaves out of the path of a value of the wrong type.
SCHEMA_KEY: Final = re.compile(r"(?<=\.)(properties|definitions|patternProperties|dependencies)\.[^.]+")
# Two warnings of schemas say what is wrong, but not where.
OF_SCHEMA: Final = re.compile(
    r'unrecognized (format) "|.*openAPIV3Schema.*\.(format|x-kubernetes-list-type)$', re.DOTALL
)
# Embedded Go types that the server writes into the path of a value of the wrong type.
EMBEDDED: Final = (
    "VolumeSource.",
    "PersistentVolumeSource.",
    "EphemeralContainerCommon.",
    "LocalObjectReference.",
    "LifecycleHandler.",
    "ProbeHandler.",
    "PodTemplateSpec.",
    "IngressRuleValue.",
    "Rule.",
    "RuleWithOperations.",
    "DeviceConfiguration.",
)
Finding = tuple[str, str]
UNADMITTED: Final = re.compile(r"spec\.volumes\[\d+\]\.projected\.sources\[\d+\]\.serviceAccountToken")
# How the server writes no place at all.
NOWHERE: Final = "<nil>"
# In a custom kind, metadata is read by itself, and its fields are named without it.
METADATA: Final = ("ObjectMeta", "OwnerReference", "ManagedFieldsEntry")


@dataclass(frozen=True)
class Outcome:
    """`stage` is empty when the manifest is accepted, and `unsupported` when its kind is not judged. Warnings are given by their places,
    where they name one.
    """

    stage: str
    findings: frozenset[Finding] = frozenset()
    warnings: frozenset[str] = frozenset()

    @property
    def accepted(self) -> bool:
        """Whether the manifest is accepted."""
        return not self.stage

    @property
    def verdict(self) -> str:
        """The answer without its reasons: accepted, refused or not judged."""
        return "not judged" if self.stage.endswith("unsupported") else "accepted" if self.accepted else "refused"


def of_server(answer: Answer) -> Outcome:
    """Return what the API server says."""
    findings = {
        found for kind, field, detail in answer.errors for found in _findings(answer.stage, kind, field, detail)
    }
    # Before a Pod is validated, admission gives it an account, which is part of no strategy.
    findings = {found for found in findings if not UNADMITTED.fullmatch(found[1])}
    if answer.errors and not findings:
        return Outcome("", frozenset(), frozenset(map(warned, answer.warnings)))
    return Outcome(answer.stage, _once(findings), frozenset(map(warned, answer.warnings)))


def _once(findings: Iterable[Finding]) -> frozenset[Finding]:
    """Of a misfit value in a custom kind, the server says more than once that it is none, also without a place: keep what it says first."""
    misfits = {field for kind, field in findings if kind == "TypeInvalid"}
    again = {(kind, field) for kind in ("NotSupported", "Invalid") for field in (*misfits, NOWHERE)}
    return frozenset(findings) - again


def warned(text: str) -> str:
    """Return the place that a warning names. Of colliding paths in a volume, the server says no more than the volume's name, and of certificates
    not even that.
    """
    """Return the place that a warning names. Of colliding paths in a volume, the server says no more than the volume's name."""
    if text.startswith("cannot use TZ"):
        return "spec.schedule"
    if text.startswith('volume "') or IN_VOLUME.match(text):
        return "volume"
    if schema := OF_SCHEMA.match(text):
        return schema[1] or schema[2]
    if CERTIFICATE.match(text) or text.startswith("data[tls."):
        return "data"
    if idle := IDLE.match(text):
        return f"metadata.annotations[{idle[2]}]" if idle[1] else idle[2]
    if quota := QUOTA.match(text):
        return f"spec.hard[{quota[1]}]"
    if DEPRECATED_KIND.search(text):
        return "kind"
    return text.partition(": ")[0]


def _findings(stage: str, kind: str, field: str, detail: str) -> Iterable[Finding]:
    if kind == "InternalError":
        return []  # of an old service that the server would not have stored, its own code cannot make sense
    if stage == "validate":
        # Before 1.35, the server names this field of a RuntimeClass twice.
        return [(kind.removeprefix("FieldValue"), field.replace("tolerations.tolerations[", "tolerations["))]
    if stage == "strict":
        if unknown := UNKNOWN.fullmatch(detail):
            return [("unknown field", _unquoted(unknown[1]))]
        return [("duplicate field", key) for key in REPEATED.findall(detail)]
    if stage == "decode" and (mistyped := MISTYPED.search(detail)):
        root, _, path = mistyped[1].partition(".")
        if root in METADATA and "metadata" not in path.split("."):
            path = f"metadata.{path}"
        for name in EMBEDDED:
            path = path.replace(f".{name}", ".")
        return [("decode", path)]
    return [(stage, "")]


def _unquoted(text: str) -> str:
    """Take away the backslashes of a text that Go has quoted."""
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def same_findings(server: Outcome, ours: Outcome) -> bool:
    """Tell whether both refuse for the same reasons.

    A value of the wrong type, the server reports alone, by a path without indices and map keys, or by none at all;
    of texts that are no YAML it only says so.
    """
    if server.stage != ours.stage:
        return False
    if server.stage in ("", "yaml") or server.stage.startswith("old"):
        return True
    if server.stage == "decode":
        wanted = {field for _, field in server.findings}
        found = [INDEX.sub("", field) for _, field in ours.findings]
        found += [SCHEMA_KEY.sub(r"\1", field) for field in found]
        return wanted == {""} or any(
            field == path or field.startswith((f"{path}.", f"{path}[")) for path in wanted for field in found
        )
    return server.findings == _once(ours.findings)
