"""What the API server accepts in the pods of a DaemonSet, but is probably a mistake."""

from __future__ import annotations

from typing import Any, Final, Literal

from dsgen.kubernetes.lint.parts import Containers, Found, maps
from dsgen.kubernetes.schema import images, quantity
from dsgen.kubernetes.schema.paths import CONTAINER_LISTS, POD
from dsgen.problem import Code, Problem, Severity, closest, code, dotted
from dsgen.traversal import locate
from dsgen.tree import List, Map, Null, Path, is_boolean

FEW_BYTES = code(
    "few-bytes",
    """Memory and storage without a unit are in bytes: `128` is 128 bytes, but `128Mi` is intended. No process fits into
    less than a mebibyte.""",
    "warning",
)
CAPABILITY = code(
    "invalid-capability-name",
    """The name of a capability should not begin with `CAP_`: `NET_ADMIN`. Some container runtimes add `CAP_` to every
    name, and do not find `CAP_CAP_NET_ADMIN`; Pod Security does not know it either. The API server accepts any string.""",
    "warning",
)
UNTAGGED = code(
    "missing-image-tag",
    """An image without a tag or a digest is `latest`, which changes under a running agent: nodes run different versions,
    and there is no way back. It is only reported if dsgen.yaml sets `problems: {missing-image-tag: warning}`, or
    `error`.""",
    "warning",
)

# man 7 capabilities, and the name of all of them.
CAPABILITIES: Final = frozenset([
    "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN",
    "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE",
    "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST",
    "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT",
    "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME",
    "SYS_TTY_CONFIG", "WAKE_ALARM",
])  # fmt: skip
_MEBIBYTE: Final = quantity.parse("1Mi")


def problems(root: Map, untagged: Severity | Literal[""]) -> list[Problem]:
    """Return what is hardly meant in a DaemonSet. `untagged` is how severe an image without a tag is, empty where it is fine."""
    pod = root.map("spec", "template", "spec")
    containers = _containers(pod)
    found = [*_resources(pod, containers), *_volumes(pod), *_capabilities(containers)]
    if "nodeSelector" in pod or "affinity" in pod:
        # Imported only for what may need it.
        from dsgen.kubernetes.lint import nodes

        found += nodes.problems(pod, containers)
    told = [_problem(root, *each) for each in found]
    if untagged:
        told += (_problem(root, *each)._replace(severity=untagged) for each in _untagged(pod, containers))
    return told


def _problem(root: Map, kind: Code, path: Path, found: str, hint: str) -> Problem:
    path = (*POD, *path)
    return kind.at(locate(root, path), found, hint=hint, field=dotted(path))


def _containers(pod: Map) -> Containers:
    return [((kind, index), container) for kind in CONTAINER_LISTS for index, container in maps(pod.get(kind))]


def _resources(pod: Map, containers: Containers) -> Found:
    for path, holder in ((), pod), *containers:
        for side in ("requests", "limits") if "resources" in holder else ():
            for name, amount in holder.map("resources", side).items():
                if name in ("memory", "ephemeral-storage"):
                    yield from _few_bytes((*path, "resources", side, name), amount, name == "memory")


def _volumes(pod: Map) -> Found:
    for index, volume in maps(pod.get("volumes")):
        if "emptyDir" in volume:
            yield from _few_bytes(("volumes", index, "emptyDir", "sizeLimit"), volume.map("emptyDir").get("sizeLimit"))
        if "ephemeral" in volume:
            path = ("ephemeral", "volumeClaimTemplate", "spec", "resources")
            for side in ("requests", "limits"):
                storage = volume.map(*path, side).get("storage")
                yield from _few_bytes(("volumes", index, *path, side, "storage"), storage)


def _few_bytes(path: Path, stated: Any, with_unit: bool = False) -> Found:
    """Yield a problem for less than a mebibyte; if that may be intended, only without a unit."""
    if stated is None or isinstance(stated, Null) or is_boolean(stated):
        return
    text = str(getattr(stated, "text", stated))
    digits = text.rstrip("kKi")
    if not (digits.isdecimal() and digits.isascii() and len(digits) < 8 and (with_unit or digits == text)):
        return
    try:
        amount = quantity.parse(text)
    except ValueError:
        return
    if quantity.ZERO < amount < _MEBIBYTE:
        unit = {"": "Mi", "k": "M", "Ki": "Mi"}.get(text[len(digits) :], "Mi")
        yield FEW_BYTES, path, f"`{text}` is {amount.whole:,} bytes", f"`{digits}{unit}` may be intended"


def _capabilities(containers: Containers) -> Found:
    for path, container in containers:
        for side in ("add", "drop") if "securityContext" in container else ():
            names = container.map("securityContext", "capabilities").get(side)
            for index, name in enumerate(names if isinstance(names, List) else ()):
                upper = name.upper() if isinstance(name, str) else ""
                place = (*path, "securityContext", "capabilities", side, index)
                if upper.startswith("CAP_"):
                    found = f"`{name}`: the name of a capability should not begin with `CAP_`"
                    yield CAPABILITY, place, found, f"write `{upper[4:]}`"
                elif upper and upper not in CAPABILITIES and (meant := closest(upper, CAPABILITIES)):
                    yield CAPABILITY, place, f"Linux has no capability `{name}`", f"did you mean `{meant}`?"


def _untagged(pod: Map, containers: Containers) -> Found:
    stated = [((*path, "image"), container.get("image")) for path, container in containers]
    for index, volume in maps(pod.get("volumes")):
        stated.append((("volumes", index, "image", "reference"), volume.map("image").get("reference")))
    for path, image in stated:
        found = images.reference(image) if isinstance(image, str) else None
        if found and not found.tag and not found.digest:
            yield UNTAGGED, path, f"`{image}` has no tag, so it defaults to `latest`", f"add one, such as `{image}:1.0`"
