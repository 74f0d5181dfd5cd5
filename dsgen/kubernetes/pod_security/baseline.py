"""The checks of the level `baseline`: no access to the host (pod-security-admission/policy)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from dsgen.kubernetes.pod_security.check import (
    PROFILES,
    Finding,
    below,
    check,
    in_user_namespace,
    security_contexts,
)  # fmt: skip
from dsgen.kubernetes.schema.paths import HOOKS, PROBES
from dsgen.kubernetes.schema.words import APP_ARMOR, SECCOMP, SECCOMP_OF_POD
from dsgen.kubernetes.validation.pod import Pod

CAPABILITIES: Final = (
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID",
    "SETPCAP", "SETUID", "SYS_CHROOT",
)  # fmt: skip
HOST_NAMESPACES: Final = ("hostNetwork", "hostPID", "hostIPC")
SE_LINUX_TYPES: Final = {"": 0, "container_t": 0, "container_init_t": 0, "container_kvm_t": 0, "container_engine_t": 31}
# The version of the standards that allowed each.
SYSCTLS: Final = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
    "net.ipv4.tcp_slow_start_after_idle": 37,
    "net.ipv4.tcp_notsent_lowat": 37,
}


@check("appArmorProfile", "baseline")
def app_armor_profile(pod: Pod, version: int) -> Iterator[Finding]:
    """AppArmor is not disabled."""
    for context in security_contexts(pod):
        profile = context.child("appArmorProfile")
        if profile and profile.get("type", "") not in PROFILES:
            yield below(profile, "type"), str(profile.get("type", "")) or "nothing", " or ".join(PROFILES)
    for key, value in _annotations(pod).items():
        if key.startswith(APP_ARMOR) and value and value != "runtime/default" and not value.startswith("localhost/"):
            yield below(pod.template, "annotations", key), str(value), "runtime/default or localhost/PROFILE"


@check("capabilities_baseline", "baseline")
def capabilities(pod: Pod, version: int) -> Iterator[Finding]:
    """Only capabilities that containers have by default are added."""
    for context in security_contexts(pod):
        added = (context.child("capabilities") or context).get("add", ()) if context.up is not pod.node else ()
        for index, name in enumerate(added):
            if name not in CAPABILITIES:
                yield below(context, "capabilities", "add", index), str(name), f"one of {', '.join(CAPABILITIES)}"


@check("hostNamespaces", "baseline")
def host_namespaces(pod: Pod, version: int) -> Iterator[Finding]:
    """The pod shares no namespace with its node."""
    for name in HOST_NAMESPACES:
        if pod.node.get(name):
            yield below(pod.node, name), "true", "false"


@check("hostPathVolumes", "baseline")
def host_path_volumes(pod: Pod, version: int) -> Iterator[Finding]:
    """No volume is a path of the node."""
    for volume in pod.node.children("volumes"):
        source = volume.child("hostPath")
        if source:
            yield source.path, str(source.get("path", "")) or "a host path", "another kind of volume"


@check("hostPorts", "baseline")
def host_ports(pod: Pod, version: int) -> Iterator[Finding]:
    """No container uses a host port."""
    for container in pod.all_containers:
        for port in container.children("ports"):
            if port.get("hostPort"):
                yield below(port, "hostPort"), str(port.get("hostPort")), "none"


@check("hostProbesAndHostLifecycle", "baseline", since=34)
def probe_hosts(pod: Pod, version: int) -> Iterator[Finding]:
    """Probes and hooks connect to the pod itself, not to another host: they come from the kubelet, inside the network of the node."""
    for container in pod.all_containers:
        lifecycle = container.child("lifecycle")
        probes = [container.child(name) for name in PROBES]
        hooks = [lifecycle.child(name) for name in HOOKS] if lifecycle else []
        for handler in filter(None, chain(probes, hooks)):
            for name in ("httpGet", "tcpSocket"):
                action = handler.child(name)
                if action and action.get("host"):
                    yield below(action, "host"), str(action.get("host")), "none, which is the pod itself"


@check("privileged", "baseline")
def privileged(pod: Pod, version: int) -> Iterator[Finding]:
    """No container is privileged."""
    for context in security_contexts(pod):
        if context.get("privileged"):
            yield below(context, "privileged"), "true", "false"


@check("procMount", "baseline")
def proc_mount(pod: Pod, version: int) -> Iterator[Finding]:
    """The `procMount` is the default."""
    if not in_user_namespace(pod, version):
        yield from unusual_proc_mounts(pod, version)


def unusual_proc_mounts(pod: Pod, version: int) -> Iterator[Finding]:
    """Yield where the `procMount` is not the default."""
    for context in security_contexts(pod):
        value = context.get("procMount")
        if value is not None and value != "Default":
            yield below(context, "procMount"), str(value), "Default"


@check("seLinuxOptions", "baseline")
def se_linux_options(pod: Pod, version: int) -> Iterator[Finding]:
    """SELinux's user and role are unset, and the type is one for containers."""
    types = [name for name, since in SE_LINUX_TYPES.items() if since <= version]
    for context in security_contexts(pod):
        options = context.child("seLinuxOptions")
        if options is None:
            continue
        if options.get("type", "") not in types:
            yield below(options, "type"), str(options.get("type")), f"one of {', '.join(filter(None, types))}"
        for name in ("user", "role"):
            if options.get(name):
                yield below(options, name), str(options.get(name)), "none"


@check("seccompProfile_baseline", "baseline")
def seccomp_profile(pod: Pod, version: int) -> Iterator[Finding]:
    """Seccomp is not disabled."""
    if version < 19:
        annotations = _annotations(pod)
        keys = [SECCOMP_OF_POD, *(f"{SECCOMP}{each.get('name', '')}" for each in pod.all_containers)]
        for key in dict.fromkeys(keys):
            value = str(annotations.get(key, "runtime/default"))
            if value not in ("runtime/default", "docker/default") and not value.startswith("localhost/"):
                yield below(pod.template, "annotations", key), value, "runtime/default or localhost/PROFILE"
        return
    for context in security_contexts(pod):
        profile = context.child("seccompProfile")
        if profile and profile.get("type", "") not in PROFILES:
            yield below(profile, "type"), str(profile.get("type", "")) or "nothing", " or ".join(PROFILES)


@check("sysctls", "baseline")
def sysctls(pod: Pod, version: int) -> Iterator[Finding]:
    """Only sysctls that affect no other pod are set."""
    allowed = [name for name, since in SYSCTLS.items() if since <= version]
    context = pod.node.child("securityContext")
    for sysctl in context.children("sysctls") if context else ():
        if sysctl.get("name", "") not in allowed:
            yield below(sysctl, "name"), str(sysctl.get("name", "")), f"one of {', '.join(allowed)}"


@check("windowsHostProcess", "baseline")
def windows_host_process(pod: Pod, version: int) -> Iterator[Finding]:
    """No container is a Windows HostProcess container."""
    for context in security_contexts(pod):
        options = context.child("windowsOptions")
        if options and options.get("hostProcess"):
            yield below(options, "hostProcess"), "true", "false"


def _annotations(pod: Pod) -> dict[str, str]:
    return {str(key): str(value) for key, value in pod.metadata.map("annotations").items()}
