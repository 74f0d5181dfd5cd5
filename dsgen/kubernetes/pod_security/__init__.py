"""The Pod Security Standards: the level that a DaemonSet's pods meet, and what a level does not allow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from dsgen.kubernetes.pod_security import baseline, restricted
from dsgen.kubernetes.pod_security.check import CHECKS, Check, Violation
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.paths import ENFORCE_LABEL, field_path
from dsgen.kubernetes.schema.words import LEVELS, MODES, POD_SECURITY, Level
from dsgen.kubernetes.validation.kinds import KINDS, Kind
from dsgen.kubernetes.validation.pod import Pod
from dsgen.problem import Problem, code
from dsgen.record import Record
from dsgen.traversal import locate
from dsgen.tree import Map, Path

__all__ = [
    "LEVELS",
    "Enforced",
    "Level",
    "Violation",
    "admitted",
    "enforced",
    "invalid_labels",
    "level",
    "problems",
    "violations",
]

FORBIDDEN_BY_POD_SECURITY = code(
    "forbidden-by-pod-security",
    """The namespace enforces a level of the Pod Security Standards that the pods do not meet: by its label
    `pod-security.kubernetes.io/enforce`, or if it has none, by the default of the cluster, which `podSecurityDefault` in
    dsgen.yaml declares. The API server accepts the DaemonSet, and rejects all its pods.""",
)
_VERSION: Final = r"v1\.(0|[1-9][0-9]{0,17})"
_MODULES: Final = (baseline, restricted)


class Enforced(Record):
    """What a namespace enforces: a level, and the version of the standards as a number, 35 for `v1.35`."""

    level: Level
    version: int


def level(root: Map, minor: str = fields.DEFAULT, version: int | None = None, kind: Kind = KINDS["DaemonSet"]) -> Level:
    """Return the strictest level that the pods of the decoded object `root`, of a `kind`, meet.

    The standards are those of `version`, 35 for `v1.35`, or of `minor`; no server knows later ones than its own.
    """
    for wanted in reversed(LEVELS):
        if next(_found(Pod(root, minor, kind=kind), wanted, _known(version, minor)), None) is None:
            return wanted
    raise AssertionError("everything is privileged")


def violations(
    root: Map,
    wanted: Level,
    minor: str = fields.DEFAULT,
    version: int | None = None,
    kind: Kind = KINDS["DaemonSet"],
) -> list[Violation]:
    """Return everything that the level `wanted` does not allow the pods of the decoded object `root`, of a `kind`."""
    return list(_found(Pod(root, minor, kind=kind), wanted, _known(version, minor)))


def admitted(root: Map, minor: str, kind: Kind) -> tuple[Level, ...]:
    """Return the levels of the newest standards that admit the pods of the decoded object `root`, of a `kind`."""
    # Most agents use the host, and so meet neither of the stricter levels: the checks say which they violate, at ten times the cost.
    spec = root.map(*(kind.template or ()), "spec")
    if any(type(volume.get("hostPath")) is Map for volume in spec.maps("volumes")) or any(
        spec.get(each) for each in baseline.HOST_NAMESPACES
    ):
        return LEVELS[:1]
    newest, pod = _known(None, minor), Pod(root, minor, kind=kind)
    return tuple(each for each in LEVELS if next(_found(pod, each, newest), None) is None)


def enforced(labels: Mapping[str, Any], minor: str = fields.DEFAULT, default: str = "") -> Enforced | None:
    """Return what a namespace with these `labels` enforces, or None if it admits all pods.

    `default` is the cluster's level for a namespace without a label. An invalid version counts as the newest, as on the server
    (pod-security-admission/api: PolicyToEvaluate).
    """
    stated = labels.get(ENFORCE_LABEL, default)
    wanted = next((each for each in LEVELS if each == stated), None)
    if wanted is None or wanted == LEVELS[0]:
        return None
    version = re.fullmatch(_VERSION, str(labels.get(f"{ENFORCE_LABEL}-version", "latest")))
    return Enforced(wanted, _known(int(version[1]) if version else None, minor))


def invalid_labels(labels: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each label with which the server rejects a new namespace, and what the label must be.

    Source: pod-security-admission/admission: ValidateNamespace.
    """
    for name in (f"{POD_SECURITY}{mode}" for mode in MODES):
        if labels.get(name, LEVELS[0]) not in LEVELS:
            yield name, ", ".join(f"`{each}`" for each in LEVELS[:-1]) + f" or `{LEVELS[-1]}`"
        version = str(labels.get(f"{name}-version", "latest"))
        if version != "latest" and not re.fullmatch(_VERSION, version):
            yield f"{name}-version", "`latest` or a version such as `v1.37`"


def problems(
    root: Map,
    wanted: Enforced,
    minor: str = fields.DEFAULT,
    by: str = "which the namespace enforces",
    kind: Kind = KINDS["DaemonSet"],
) -> list[Problem]:
    """Return why the pods of the decoded object `root`, of a `kind`, are rejected; `by` says who enforces the level."""
    met = level(root, minor, wanted.version, kind)
    hint = f"every pod will be rejected: change them, or let the namespace enforce `{met}`, which they meet"
    return [
        FORBIDDEN_BY_POD_SECURITY.at(
            locate(root, each.path),
            f"`{_name(each.path)}` is {each.found}; the level `{wanted.level}`, {by}, requires {each.right}",
            hint=hint,
            field=field_path(each.path),
        )
        for each in violations(root, wanted.level, minor, wanted.version, kind)
    ]


def _name(path: Path) -> str:
    return next(step for step in reversed(path) if isinstance(step, str))


def _known(version: int | None, minor: str) -> int:
    newest = minor_number(minor)
    return newest if version is None else min(version, newest)


def _found(pod: Pod, wanted: Level, version: int) -> Iterator[Violation]:
    for check in _checks(wanted, version):
        for path, found, right in check.find(pod, version):
            yield Violation(check.name, path, found, right)


@cache
def _checks(wanted: Level, version: int) -> tuple[Check, ...]:
    """Return the checks of a level in the server's order: those of baseline first."""
    asked = LEVELS[: LEVELS.index(wanted) + 1]
    known = [check for check in CHECKS if check.level in asked and check.since <= version]
    replaced = {check.replaces for check in known}
    return tuple(check for check in known if check.name not in replaced)
