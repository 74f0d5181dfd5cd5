"""Compares dsgen's judgement of Pod Security Standards with Kubernetes' own on fresh cases; `--record` keeps them for the tests.

python -m conformance.pods.levels --seed 7 --count 2000 [--minor 1.34] [--record]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from random import Random
from typing import Any, Final, NamedTuple

from conformance.case import Json, clone, set_at
from conformance.kubernetes_module import NEWEST
from conformance.pods import ask, compare_and_print, load
from conformance.seeds import bases
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.pod_security import LEVELS, violations
from dsgen.kubernetes.schema.decode import decode

FILE: Final = "pod_security.jsonl.xz"
VERSIONS: Final = ("latest", "v1.33", "v1.34", "v1.0", "v1.7", "v1.8", "v1.18", "v1.19", "v1.21", "v1.22", "v1.23", "v1.24",
    "v1.25", "v1.26", "v1.27", "v1.28", "v1.29", "v1.30", "v1.31", "v1.32", "v1.35", "v1.36", "v1.37", "v1.40")  # fmt: skip
POD: Final = ("spec", "template", "spec")

Setting = tuple[list[Any], Json]


class Case(NamedTuple):
    """A base and what is set in it."""

    base: str
    settings: list[Setting]

    def tree(self) -> Json:
        """Return the DaemonSet."""
        tree = clone(RESTRICTED if self.base == "" else bases()[self.base])
        for path, value in self.settings:
            set_at(tree, tuple(path), clone(value))
        return tree


_CONTEXT: Final = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
# The base called "": it meets the strictest level, so that one setting decides.
RESTRICTED: Final[Json] = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "agent"},
    "spec": {
        "selector": {"matchLabels": {"app": "agent"}},
        "template": {
            "metadata": {"labels": {"app": "agent"}},
            "spec": {
                "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                "initContainers": [{"name": "init", "image": "x", "securityContext": _CONTEXT}],
                "containers": [
                    {"name": each, "image": "x", "securityContext": _CONTEXT} for each in ("agent", "other")
                ],
            },
        },
    },
}
_PROFILES: Final[list[Json]] = [{"type": each} for each in ("RuntimeDefault", "Localhost", "Unconfined", "", "x")] + [
    {},
    None,
]
_SE_LINUX: Final = [
    *({"type": f"container_{each}"} for each in ("t", "init_t", "kvm_t", "engine_t", "x")),
    *({each: "s"} for each in ("user", "role", "level")),
    {"user": "", "role": ""},
    {},
]  # fmt: skip
_SYSCTLS: Final = (
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem", "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat", "net/ipv4/tcp_syncookies", "kernel.msgmax", "",
)  # fmt: skip
_SOURCES: Final = (
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
    "hostPath", "nfs", "iscsi", "gitRepo", "rbd", "cephfs", "fc", "azureFile", "flexVolume", "portworxVolume", "glusterfs",
)  # fmt: skip
_CAPABILITIES: Final = (
    "NET_BIND_SERVICE",
    "CHOWN",
    "NET_RAW",
    "SYS_ADMIN",
    "ALL",
    "CAP_CHOWN",
    "chown",
    "MKNOD",
    "SYS_CHROOT",
)
_HOSTS: Final = ("", "localhost", "127.0.0.1", "example.com")

ANY: Final[dict[str, list[Json]]] = {
    "appArmorProfile": _PROFILES,
    "seccompProfile": _PROFILES,
    "seLinuxOptions": _SE_LINUX,
    "runAsNonRoot": [True, False, None],
    "runAsUser": [0, 1, None],
    "windowsOptions": [{"hostProcess": True}, {"hostProcess": False}, {}],
}
OF_POD: Final[dict[str, list[Json]]] = {
    **{name: [True, False, None] for name in ("hostNetwork", "hostPID", "hostIPC", "hostUsers")},
    "os": [{"name": "windows"}, {"name": "linux"}, {"name": ""}, {}, None],
}
OF_CONTAINER: Final[dict[str, list[Json]]] = {
    "privileged": [True, False, None],
    "allowPrivilegeEscalation": [True, False, None],
    "procMount": ["Default", "Unmasked", "", None],
}
ANNOTATIONS: Final = (
    "container.apparmor.security.beta.kubernetes.io/agent", "container.apparmor.security.beta.kubernetes.io/none",
    "seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/agent",
    "container.seccomp.security.alpha.kubernetes.io/init", "container.seccomp.security.alpha.kubernetes.io/none",
)  # fmt: skip
VALUES: Final = ("", "runtime/default", "docker/default", "localhost/x", "localhost", "unconfined")


def cases(seed: int, count: int) -> Iterator[Case]:
    """Yield cases; the same seed gives the same ones."""
    rng = Random(seed)
    for _ in range(count):
        base = rng.choice(list(bases())) if rng.random() < 0.2 else ""
        tree = RESTRICTED if not base else bases()[base]
        chosen = [_setting(rng, tree) for _ in range(rng.choice((1, 1, 1, 2, 3, 5)))]
        yield Case(base, list({json.dumps(path): (path, value) for path, value in chosen}.values()))


def _setting(rng: Random, tree: Json) -> Setting:
    pod = tree["spec"]["template"]["spec"]
    kind = rng.choice([each for each in ("containers", "initContainers") if pod.get(each)])
    container = [*POD, kind, rng.randrange(len(pod[kind]))]
    place = rng.randrange(9)
    if place == 0:
        name = rng.choice(list(OF_POD))
        return [*POD, name], rng.choice(OF_POD[name])
    if place in (1, 2):
        name = rng.choice(list(ANY))
        return [*(POD if place == 1 else container), "securityContext", name], rng.choice(ANY[name])
    if place == 3:
        name = rng.choice(list(OF_CONTAINER))
        return [*container, "securityContext", name], rng.choice(OF_CONTAINER[name])
    if place == 4:
        lists: Json = {
            each: rng.sample(_CAPABILITIES, rng.randrange(3)) for each in ("add", "drop") if rng.random() < 0.7
        }
        return [*container, "securityContext", "capabilities"], rng.choice(
            [lists, lists, {**lists, "drop": ["ALL"]}, None]
        )
    if place == 5:
        names = rng.sample(_SYSCTLS, rng.randrange(3))
        return [*POD, "securityContext", "sysctls"], [{"name": name, "value": "1"} for name in names]
    if place == 6:
        sources: list[Json] = [{each: {}} for each in rng.sample(_SOURCES, 2)]
        more: list[Json] = [{}, {"hostPath": None}, {"hostPath": {}, "emptyDir": {}}, {"nfs": {}, "secret": {}}]
        return [*POD, "volumes"], [{"name": f"v{i}", **each} for i, each in enumerate(rng.sample([*sources, *more], 2))]
    if place == 7:
        return ["spec", "template", "metadata", "annotations"], {rng.choice(ANNOTATIONS): rng.choice(VALUES)}
    return rng.choice([_ports, _probe, _hook])(rng, container)


def _ports(rng: Random, container: list[Any]) -> Setting:
    return [*container, "ports"], [{"containerPort": 80, "hostPort": rng.choice((0, 80, None))}]


def _probe(rng: Random, container: list[Any]) -> Setting:
    action = rng.choice(
        ({"httpGet": {"port": 1, "host": rng.choice(_HOSTS)}}, {"tcpSocket": {"host": rng.choice(_HOSTS)}})
    )
    name = rng.choice(("livenessProbe", "readinessProbe", "startupProbe"))
    return [*container, name], rng.choice((action, action, {"exec": {}}, {"grpc": {"port": 1}}, None))


def _hook(rng: Random, container: list[Any]) -> Setting:
    _, action = _probe(rng, container)
    return [*container, "lifecycle"], {
        rng.choice(("postStart", "preStop")): action if action != {"grpc": {"port": 1}} else {}
    }


def failed(tree: Json, minor: str, version: str) -> dict[str, list[str]]:
    """Return the checks that dsgen finds failed, by level."""
    root = decode(read_first(json.dumps(tree)).root, minor).root
    number = None if version == "latest" else int(version.removeprefix("v1."))
    return {
        level: list(dict.fromkeys(each.check for each in violations(root, level, minor, number)))
        for level in LEVELS[1:]
    }


def differences(recorded: list[Any], minor: str = NEWEST) -> list[str]:
    """Return where dsgen and Kubernetes differ: a line for each case and version."""
    wrong = []
    for base, settings, version, answer in recorded:
        ours = failed(Case(base, settings).tree(), minor, version)
        if ours != answer:
            wrong.append(f"{base} {settings} {version}\n  Kubernetes: {answer}\n  dsgen:      {ours}")
    return wrong


def record(seed: int, count: int, minor: str) -> list[Any]:
    """Return cases with Kubernetes' answers."""
    rng = Random(seed)
    made = [(case, "latest" if rng.random() < 0.4 else rng.choice(VERSIONS)) for case in cases(seed, count)]
    answers = ask(({"yaml": json.dumps(case.tree()), "versions": [version]} for case, version in made), minor)
    lines = []
    for (case, version), answer in zip(made, answers, strict=True):
        if "error" in answer:
            print("not asked:", answer["error"], case)
            continue
        lines.append([*case, version, {level: answer["failed"][f"{level} {version}"] for level in LEVELS[1:]}])
    return lines


def recorded() -> list[Any]:
    """Return the cases under tests/, with Kubernetes' answers."""
    return load(FILE)


def main() -> int:
    """Compare and print; return 1 when something differs."""
    return compare_and_print(__doc__, 2000, FILE, record, differences, lambda lines: f"{len(lines)} cases")


if __name__ == "__main__":
    sys.exit(main())
