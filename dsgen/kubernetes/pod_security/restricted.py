"""
The checks that the level `restricted` adds: no privileges that the workload does not need
(pod-security-admission/policy).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.pod_security.baseline import unusual_proc_mounts
from dsgen.kubernetes.pod_security.check import (
    PROFILES,
    Finding,
    below,
    check,
    in_user_namespace,
    is_windows,
    names,
    stated,
)  # fmt: skip
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldRef
from dsgen.tree import Null

VOLUMES: Final = (
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
)  # fmt: skip


@check("allowPrivilegeEscalation", "restricted", since=8)
def allow_privilege_escalation(pod: Pod, version: int) -> Iterator[Finding]:
    """Each container disallows privilege escalation."""
    for container in () if is_windows(pod, version) else pod.all_containers:
        value = _security(container, "allowPrivilegeEscalation")
        if value is None or value:
            yield below(container, "securityContext", "allowPrivilegeEscalation"), stated(value), "false"


@check("capabilities_restricted", "restricted", since=22, replaces="capabilities_baseline")
def capabilities(pod: Pod, version: int) -> Iterator[Finding]:
    """Each container drops ALL capabilities and adds at most NET_BIND_SERVICE."""
    for container in () if is_windows(pod, version) else pod.all_containers:
        stated_ones = _security(container, "capabilities") or {}
        dropped, added = (stated_ones.get(name) or () for name in ("drop", "add"))
        path = below(container, "securityContext", "capabilities")
        if "ALL" not in dropped:
            yield (*path, "drop"), ", ".join(map(str, dropped)) or "nothing", "[ALL]"
        for index, name in enumerate(added):
            if name != "NET_BIND_SERVICE":
                yield (*path, "add", index), str(name), "at most NET_BIND_SERVICE"


@check("procMount_restricted", "restricted", since=35, replaces="procMount")
def proc_mount(pod: Pod, version: int) -> Iterator[Finding]:
    """The `procMount` is the default, in a user namespace too."""
    yield from unusual_proc_mounts(pod, version)


@check("restrictedVolumes", "restricted", replaces="hostPathVolumes")
def volumes(pod: Pod, version: int) -> Iterator[Finding]:
    """Volumes only have sources that Kubernetes provides, not the node or a server that the pod names."""
    for volume in pod.node.children("volumes"):
        sources = [name for name, value in volume.value.items() if name != "name" and type(value) is not Null]
        if sources and not any(name in VOLUMES for name in sources):
            yield below(volume, sources[0]), "set", f"one of {', '.join(VOLUMES)}"


@check("runAsNonRoot", "restricted")
def run_as_non_root(pod: Pod, version: int) -> Iterator[Finding]:
    """The pod or each container sets `runAsNonRoot: true`, and none sets it to false."""
    if in_user_namespace(pod, version):
        return
    values = [(node, _security(node, "runAsNonRoot")) for node in (pod.node, *pod.all_containers)]
    wrong = [node for node, value in values if value is not None and not value]
    for node in wrong:
        yield below(node, "securityContext", "runAsNonRoot"), "false", "true"
    silent = [node for node, value in values[1:] if value is None]
    if not wrong and silent and not values[0][1]:
        yield below(pod.node, "securityContext", "runAsNonRoot"), f"nothing, nor in {names(silent)}", "true"


@check("runAsUser", "restricted", since=23)
def run_as_user(pod: Pod, version: int) -> Iterator[Finding]:
    """Nothing runs as user 0."""
    for node in () if in_user_namespace(pod, version) else (pod.node, *pod.all_containers):
        if _security(node, "runAsUser") == 0:
            yield below(node, "securityContext", "runAsUser"), "0", "another user, or unset"


@check("seccompProfile_restricted", "restricted", since=19, replaces="seccompProfile_baseline")
def seccomp_profile(pod: Pod, version: int) -> Iterator[Finding]:
    """The pod or each container sets a seccomp profile, and none disables it."""
    if is_windows(pod, version):
        return
    profiles = [(node, _security(node, "seccompProfile")) for node in (pod.node, *pod.all_containers)]
    wrong = [(node, each) for node, each in profiles if each is not None and (each.get("type") or "") not in PROFILES]
    for node, profile in wrong:
        path = below(node, "securityContext", "seccompProfile", "type")
        yield path, str(profile.get("type") or "nothing"), " or ".join(PROFILES)
    silent = [node for node, profile in profiles[1:] if profile is None]
    if not wrong and silent and profiles[0][1] is None:
        path = below(pod.node, "securityContext", "seccompProfile", "type")
        yield path, f"nothing, nor in {names(silent)}", " or ".join(PROFILES)


def _security(node: FieldRef, name: str) -> Any:
    context = node.child("securityContext")
    return context.get(name) if context else None
