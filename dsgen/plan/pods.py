"""Pods that the controller creates and that never run on their node, and pods that run where none would be created."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dsgen.generate.own_line import at_own_line
from dsgen.kubernetes.scheduling.node_selection import text
from dsgen.kubernetes.scheduling.placement import Node, origin_at
from dsgen.kubernetes.schema.paths import POD, field_path
from dsgen.kubernetes.schema.words import OS
from dsgen.plan.agent import Agent
from dsgen.problem import Code, Problem, code
from dsgen.tree import Map, Path

MISPLACED_PODS = code(
    "misplaced-pods",
    """A pod of the agent runs on a node that has got a taint with the effect `NoSchedule` since. The pod stays there, and uses resources, until it
    is deleted: the next rolling update deletes it, and none is created again.""",
    "warning",
)
MISSING_NODE_FEATURES = code(
    "missing-node-features",
    """The pods need a feature that the kubelet of a node does not declare in `status.declaredFeatures`, since its version is older or the feature
    gate is off. This is so for `restartPolicyRules` with `RestartAllContainers`. Since Kubernetes 1.36, the scheduler places no such pod there: it stays pending.""",
)
MISMATCHED_NODE_OS = code(
    "mismatched-node-os",
    """`os.name` of the pods is another operating system than that of the node. The DaemonSet controller does not look at it, but the kubelet
    rejects the pod, and the controller creates another one, again and again.""",
)
RESTART_ALL: Final = "RestartAllContainersOnContainerExits"


def misscheduled(agent: Agent, nodes: Sequence[Node]) -> Iterator[Problem]:
    """Yield a problem if pods of an agent run on `nodes` where none would be created."""
    if nodes:
        deletes = agent.root.map("spec", "updateStrategy").get("type") != "OnDelete"
        then = "the next rollout deletes it for good" if len(nodes) == 1 else "the next rollout deletes them for good"
        pods = "a pod" if len(nodes) == 1 else f"{len(nodes)} pods"
        found = f"{pods} of {agent.shown} {'stays' if len(nodes) == 1 else 'stay'} on {_some(nodes)}, with a taint that is not tolerated{f': {then}' if deletes else ''}"
        hint = "tolerate the taint to keep the agent there, or delete the pod"
        yield _problem(MISPLACED_PODS, agent, (*POD, "tolerations"), found, hint)


def never_started(agent: Agent, nodes: Sequence[Node]) -> Iterator[Problem]:
    """Yield why pods of an agent are created for some of its `nodes`, and never run there."""
    pod = agent.root.map("spec", "template", "spec")
    path = next(_restarts_all(pod), None)
    lacking = [node for node in nodes if node.declares is not None and RESTART_ALL not in node.declares]
    if path and lacking:
        found = f"pods of {agent.shown} stay pending on {_some(lacking)}, without the feature `{RESTART_ALL}`"
        hint = "keep the agent off these nodes until they have it, or use the action `Restart`"
        yield _problem(MISSING_NODE_FEATURES, agent, (*POD, *path), found, hint)
    system = text(pod.map("os").get("name"))
    others = [node for node in nodes if system and node.labels.get(OS, system) != system]
    if others:
        found = f"the kubelet rejects the pods of {agent.shown} on {_some(others)}: `os.name` is {system}, and the node runs {others[0].labels[OS]}"
        hint = f"select nodes with the label `{OS}: {system}`"
        yield _problem(MISMATCHED_NODE_OS, agent, (*POD, "os", "name"), found, hint)


def _restarts_all(pod: Map) -> Iterator[Path]:
    """Yield the places of what needs the feature `RESTART_ALL` (k8s.io/component-helpers/nodedeclaredfeatures: InferForScheduling).

    What needs another feature is behind gates that are off, which drop or reject the field.
    """
    for group in ("initContainers", "containers"):
        for index, container in enumerate(pod.maps(group)):
            for number, rule in enumerate(container.maps("restartPolicyRules")):
                if rule.get("action") == "RestartAllContainers":
                    yield group, index, "restartPolicyRules", number, "action"


def _some(nodes: Sequence[Node]) -> str:
    return f"node {nodes[0].name}" if len(nodes) == 1 else f"{len(nodes)} nodes, such as {nodes[0].name}"


def _problem(kind: Code, agent: Agent, path: Path, found: str, hint: str) -> Problem:
    return at_own_line(kind.at(origin_at(agent.root, path), found, hint=hint, field=field_path(path)), agent.own)
