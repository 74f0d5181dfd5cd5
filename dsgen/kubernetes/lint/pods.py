"""What the API server accepts in the pods of a DaemonSet, but is probably a mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

from dsgen.kubernetes.scheduling import platforms
from dsgen.kubernetes.schema import images, quantity
from dsgen.kubernetes.schema.paths import CONTAINER_LISTS, POD, REQUIRED
from dsgen.kubernetes.validation.operating_system import CONTAINER_CONTEXT_FIELDS, POD_CONTEXT_FIELDS, POD_FIELDS
from dsgen.problem import Code, Problem, Severity, closest, code, dotted
from dsgen.traversal import locate, value_at
from dsgen.tree import List, Map, Null, Path, is_boolean

NODE_LABEL = code(
    "unknown-node-label-value",
    """The kubelet labels its node in Go's terms: `kubernetes.io/os` is `linux` or `windows`, `kubernetes.io/arch` is
    `amd64`, `arm64` and so on; not `Linux`, `x86_64` or `aarch64`. An agent that requires another value runs nowhere.""",
    "warning",
)
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
LINUX_SETTING = code(
    "ineffective-linux-field",
    """The pods are for Windows nodes only, by their node selector or affinity, but set what Windows does not support:
    numeric users and groups, capabilities, privileges and so on. The API server accepts this, unless `os: {name:
    windows}` is also set. On the node, the pods fail or the setting has no effect.""",
    "warning",
)
WINDOWS_SETTING = code(
    "ineffective-windows-options",
    """The pods are for Linux nodes only, by their node selector or affinity, but set `windowsOptions`, which have no
    effect there.""",
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
_TERMS: Final = ("affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms")
_MEBIBYTE: Final = quantity.parse("1Mi")

Found = Iterator[tuple[Code, Path, str, str]]


def problems(root: Map, untagged: Severity | Literal[""]) -> list[Problem]:
    """Return what is hardly meant in a DaemonSet. `untagged` is how severe an image without a tag is, empty where it is fine."""
    pod = root.map("spec", "template", "spec")
    found = [*_node_labels(pod), *_resources(pod), *_volumes(pod), *_capabilities(pod), *_systems(pod)]
    told = [_problem(root, *each) for each in found]
    if untagged:
        told += (_problem(root, *each)._replace(severity=untagged) for each in _untagged(pod))
    return told


def _problem(root: Map, kind: Code, path: Path, found: str, hint: str) -> Problem:
    path = (*POD, *path)
    return kind.at(locate(root, path), found, hint=hint, field=dotted(path))


def _containers(pod: Map) -> Iterator[tuple[Path, Map]]:
    for kind in CONTAINER_LISTS:
        for index, container in _maps(pod.get(kind)):
            yield (kind, index), container


def _maps(entries: Any) -> Iterator[tuple[int, Map]]:
    for index, entry in enumerate(entries) if isinstance(entries, List) else ():
        if isinstance(entry, Map):
            yield index, entry


def _expressions(pod: Map) -> Iterator[list[tuple[Path, Map]]]:
    """Yield the expressions of each required term."""
    for index, term in _maps(pod.map(*_TERMS[:-1]).get(_TERMS[-1])):
        path = (*_TERMS, index, "matchExpressions")
        yield [((*path, place), each) for place, each in _maps(term.get("matchExpressions"))]


def _node_labels(pod: Map) -> Found:
    stated: list[tuple[Path, str, Any]] = [
        (("nodeSelector", key), key, value) for key, value in pod.map("nodeSelector").items()
    ]
    for term in _expressions(pod):
        for path, expression in term:
            if expression.get("operator") in ("In", "NotIn"):
                values = expression.get("values")
                stated += (
                    ((*path, "values", index), str(expression.get("key")), value)
                    for index, value in enumerate(values if isinstance(values, List) else ())
                )
    for path, key, value in stated:
        label = platforms.BETA.get(key, key)
        if label in platforms.WORDS and isinstance(value, str) and not platforms.is_word(label, value):
            meant = platforms.right_word(label, value)
            if meant:  # otherwise it may be a label that somebody else sets
                yield NODE_LABEL, path, f"no kubelet labels its node `{key}: {value}`", f"write `{meant}`"


def _resources(pod: Map) -> Found:
    for path, holder in ((), pod), *_containers(pod):
        for side in ("requests", "limits") if "resources" in holder else ():
            for name, amount in holder.map("resources", side).items():
                if name in ("memory", "ephemeral-storage"):
                    yield from _few_bytes((*path, "resources", side, name), amount, name == "memory")


def _volumes(pod: Map) -> Found:
    for index, volume in _maps(pod.get("volumes")):
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
    if not re.fullmatch("[0-9]{1,7}", digits) or not (with_unit or digits == text):
        return
    try:
        amount = quantity.parse(text)
    except ValueError:
        return
    if quantity.ZERO < amount < _MEBIBYTE:
        unit = {"": "Mi", "k": "M", "Ki": "Mi"}.get(text[len(digits) :], "Mi")
        yield FEW_BYTES, path, f"`{text}` is {amount.whole:,} bytes", f"`{digits}{unit}` may be intended"


def _capabilities(pod: Map) -> Found:
    for path, container in _containers(pod):
        capabilities = container.map("securityContext", "capabilities")
        for side in ("add", "drop"):
            names: Any = capabilities.get(side)
            for index, name in enumerate(names if isinstance(names, List) else ()):
                upper = name.upper() if isinstance(name, str) else ""
                place = (*path, "securityContext", "capabilities", side, index)
                if upper.startswith("CAP_"):
                    found = f"`{name}`: the name of a capability should not begin with `CAP_`"
                    yield CAPABILITY, place, found, f"write `{upper[4:]}`"
                elif upper and upper not in CAPABILITIES and (meant := closest(upper, CAPABILITIES)):
                    yield CAPABILITY, place, f"Linux has no capability `{name}`", f"did you mean `{meant}`?"


def _systems(pod: Map) -> Found:
    system = "" if pod.map("os").get("name") else _system(pod)
    contexts = [((), pod, POD_CONTEXT_FIELDS), *((*each, CONTAINER_CONTEXT_FIELDS) for each in _containers(pod))]
    lacking: list[Path] = []
    if system == "windows":
        lacking += ((name,) for name in POD_FIELDS if pod.get(name) is not None)
        lacking += ((name,) for name in ("hostPID", "hostIPC") if pod.get(name))
    for path, holder, names in contexts:
        context = holder.map("securityContext")
        stated = [name for name in names if context.get(name) is not None] + ["sysctls"] * bool(context.get("sysctls"))
        if system == "windows":
            lacking += ((*path, "securityContext", name) for name in stated)
        elif system == "linux" and context.get("windowsOptions") is not None:
            place = (*path, "securityContext", "windowsOptions")
            yield WINDOWS_SETTING, place, "has no effect: the pods are for Linux nodes", "remove it"
    for place in lacking:
        if not isinstance(value_at(pod, place), Null):
            yield LINUX_SETTING, place, "the pods are for Windows nodes, where it does nothing, or fails", "remove it"


def _system(pod: Map) -> str:
    """Return the one operating system whose nodes the pods can run on, or an empty text."""
    selector = pod.map("nodeSelector")
    for label in (platforms.OS, f"beta.{platforms.OS}"):
        if label in selector:
            return str(selector[label])
    chosen = [_of_term(term) for term in _expressions(pod)]
    return chosen[0] if chosen and len(set(chosen)) == 1 else ""


def _of_term(term: list[tuple[Path, Map]]) -> str:
    for _, each in term:
        values: Any = each.get("values")
        key = str(each.get("key"))
        asks = platforms.BETA.get(key, key) == platforms.OS and each.get("operator") == "In"
        if asks and isinstance(values, List) and len(values) == 1:
            return str(values[0])
    return ""


def _untagged(pod: Map) -> Found:
    stated = [((*path, "image"), container.get("image")) for path, container in _containers(pod)]
    for index, volume in _maps(pod.get("volumes")):
        stated.append((("volumes", index, "image", "reference"), volume.map("image").get("reference")))
    for path, image in stated:
        found = images.reference(image) if isinstance(image, str) else None
        if found and not found.tag and not found.digest:
            yield UNTAGGED, path, f"`{image}` has no tag, so it defaults to `latest`", f"add one, such as `{image}:1.0`"
