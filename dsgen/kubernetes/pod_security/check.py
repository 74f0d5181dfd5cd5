"""What a check of the Pod Security Standards is, and helpers that the checks share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dsgen.kubernetes.schema.words import Level
from dsgen.kubernetes.validation.pod import Pod
from dsgen.kubernetes.validation.rule import FieldRef
from dsgen.record import Record
from dsgen.tree import Path

PROFILES: Final = ("RuntimeDefault", "Localhost")


class Violation(Record):
    """One thing that a level does not allow: the `check` by Kubernetes' name, the path, what is there and what is allowed."""

    check: str
    path: Path
    found: str
    right: str


Finding = tuple[Path, str, str]
Function = Callable[[Pod, int], Iterator[Finding]]


class Check(Record):
    """A check: its `level`, the version of the standards from which it applies, and the baseline check that it replaces."""

    name: str
    level: Level
    since: int
    replaces: str
    find: Function


CHECKS: Final[list[Check]] = []


def check(name: str, level: Level, since: int = 0, replaces: str = "") -> Callable[[Function], Function]:
    """Register the decorated function: for a pod and a version of the standards (35 for `v1.35`) it yields what is not allowed."""

    def enter(function: Function) -> Function:
        CHECKS.append(Check(name, level, since, replaces, function))
        return function

    return enter


def security_contexts(pod: Pod) -> Iterator[FieldRef]:
    """Yield the security contexts that are set: the pod's, then those of all its containers."""
    for node in (pod.node, *pod.all_containers):
        context = node.child("securityContext")
        if context is not None:
            yield context


def below(node: FieldRef, *steps: str | int) -> Path:
    """Return the path of something below `node`."""
    return (*node.path, *steps)


def stated(value: object) -> str:
    """Return a value for a message: a boolean as in YAML, a string as it is."""
    return "nothing" if value is None else "true" if value is True else "false" if value is False else str(value)


def names(containers: list[FieldRef]) -> str:
    """Return the names of some containers for a message."""
    listed = ", ".join(f"`{container.get('name', '')}`" for container in containers)
    return f"container {listed}" if len(containers) == 1 else f"containers {listed}"


def is_windows(pod: Pod, version: int) -> bool:
    """Return whether the pod is a Windows pod, which since version 1.25 is exempt from what Windows does not support."""
    return version >= 25 and pod.os == "windows"


def in_user_namespace(pod: Pod, version: int) -> bool:
    """Return whether the pod is in a user namespace, where since version 1.35 its root is not root on the node."""
    host_users = pod.node.get("hostUsers")
    return version >= 35 and host_users is not None and not host_users
