"""What a check of the Pod Security Standards is, and what the checks share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal

from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldRef
from dsgen.record import Record
from dsgen.tree import Path

Level = Literal["privileged", "baseline", "restricted"]
LEVELS: Final[tuple[Level, ...]] = ("privileged", "baseline", "restricted")
PROFILES: Final = ("RuntimeDefault", "Localhost")


class Violation(Record):
    """One thing that a level does not allow: the `check` by Kubernetes' name, its place, what is there and what would be right."""

    check: str
    path: Path
    found: str
    right: str


Finding = tuple[Path, str, str]
Function = Callable[[Pod, int], Iterator[Finding]]


class Check(Record):
    """A check: the `level` that asks for it, from which version of the standards on, and the baseline check that it replaces."""

    name: str
    level: Level
    since: int
    replaces: str
    find: Function


CHECKS: Final[list[Check]] = []


def check(name: str, level: Level, since: int = 0, replaces: str = "") -> Callable[[Function], Function]:
    """Enter the decorated function: of a pod and a version of the standards (35 for `v1.35`) it yields what is not allowed."""

    def enter(function: Function) -> Function:
        CHECKS.append(Check(name, level, since, replaces, function))
        return function

    return enter


def security_contexts(pod: Pod) -> Iterator[FieldRef]:
    """Yield the security contexts that are stated: the pod's, then those of all its containers."""
    for node in (pod.node, *pod.all_containers):
        context = node.child("securityContext")
        if context is not None:
            yield context


def below(node: FieldRef, *steps: str | int) -> Path:
    """Return the path of something below `node`."""
    return (*node.path, *steps)


def stated(value: object) -> str:
    """Say what stands there: a boolean as YAML writes it, a text as it is."""
    return "nothing" if value is None else "true" if value is True else "false" if value is False else str(value)


def names(containers: list[FieldRef]) -> str:
    """Name some containers."""
    listed = ", ".join(f"`{container.get('name', '')}`" for container in containers)
    return f"container {listed}" if len(containers) == 1 else f"containers {listed}"


def is_windows(pod: Pod, version: int) -> bool:
    """Tell whether the pod is one of Windows, which from version 1.25 on is spared what Windows does not have."""
    return version >= 25 and pod.os == "windows"


def in_user_namespace(pod: Pod, version: int) -> bool:
    """Tell whether the pod is in a user namespace, where from version 1.35 on its root is nobody."""
    host_users = pod.node.get("hostUsers")
    return version >= 35 and host_users is not None and not host_users
