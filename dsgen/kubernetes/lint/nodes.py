"""What the API server accepts, but is probably a mistake, in how a DaemonSet chooses its nodes by their operating system and architecture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsgen.kubernetes.lint.parts import Containers, Found, maps
from dsgen.kubernetes.scheduling import platforms
from dsgen.kubernetes.schema.paths import NODE_SELECTOR_TERMS
from dsgen.kubernetes.schema.words import OS
from dsgen.kubernetes.validation.operating_system import CONTAINER_CONTEXT_FIELDS, POD_CONTEXT_FIELDS, POD_FIELDS
from dsgen.problem import code
from dsgen.traversal import value_at
from dsgen.tree import List, Map, Null, Path

NODE_LABEL = code(
    "unknown-node-label-value",
    """The kubelet labels its node in Go's terms: `kubernetes.io/os` is `linux` or `windows`, `kubernetes.io/arch` is
    `amd64`, `arm64` and so on; not `Linux`, `x86_64` or `aarch64`. An agent that requires another value runs nowhere.""",
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


def problems(pod: Map, containers: Containers) -> Found:
    """Yield what is hardly meant in a pod that is only for some nodes."""
    yield from _node_labels(pod)
    yield from _systems(pod, containers)


def _expressions(pod: Map) -> Iterator[list[tuple[Path, Map]]]:
    """Yield the expressions of each required term."""
    for index, term in maps(value_at(pod, NODE_SELECTOR_TERMS)):
        path = (*NODE_SELECTOR_TERMS, index, "matchExpressions")
        yield [((*path, place), each) for place, each in maps(term.get("matchExpressions"))]


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


def _systems(pod: Map, containers: Containers) -> Found:
    system = "" if pod.map("os").get("name") else _system(pod)
    if not system:
        return
    contexts = [((), pod, POD_CONTEXT_FIELDS), *((*each, CONTAINER_CONTEXT_FIELDS) for each in containers)]
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
    for label in (OS, f"beta.{OS}"):
        if label in selector:
            return str(selector[label])
    chosen = [_of_term(term) for term in _expressions(pod)]
    return chosen[0] if chosen and len(set(chosen)) == 1 else ""


def _of_term(term: list[tuple[Path, Map]]) -> str:
    for _, each in term:
        values: Any = each.get("values")
        key = str(each.get("key"))
        asks = platforms.BETA.get(key, key) == OS and each.get("operator") == "In"
        if asks and isinstance(values, List) and len(values) == 1:
            return str(values[0])
    return ""
