"""A large plan: 60 agents on 5,000 nodes of 12 pools, with problems of several kinds."""

from __future__ import annotations

from functools import cache

from dsgen.plan.plan import Plan
from tests.plan.test_plan import daemonset, planned, requests

AGENTS = 60
NODES = 5_000
POOLS = (
    "general-purpose-a", "general-purpose-b", "spot-eu-west-1a", "spot-eu-west-1b", "memory-optimized-2", "memory-optimized-10",
    "gpu-a100-training", "gpu-l4-inference", "arm64-batch", "control-plane", "ingress-edge", "windows-legacy",
)  # fmt: skip
_EVERYWHERE = "tolerations: [{operator: Exists}]"
# What follows each other among the agents: what they need of the nodes, and how they are rolled out.
_PLACES = (
    "",
    _EVERYWHERE,
    "nodeSelector: {tier: gpu}, tolerations: [{key: dedicated, operator: Exists}]",
    "",
    "nodeSelector: {kubernetes.io/arch: arm64}",
    "nodeSelector: {tier: nowhere}",
    f"{_EVERYWHERE}, priorityClassName: system-node-critical",
)


def _pools() -> str:
    share, more = divmod(NODES, len(POOLS))
    lines = ["pools:"]
    for number, name in enumerate(POOLS):
        extra = []
        if name.startswith("gpu"):
            extra.append('labels: {tier: gpu}, taints: ["dedicated=gpu:NoSchedule"]')
        elif name == "control-plane":
            extra.append('taints: ["node-role.kubernetes.io/control-plane:NoSchedule"]')
        elif name == "arm64-batch":
            extra.append("labels: {kubernetes.io/arch: arm64}")
        if number % 5 == 0:
            extra.append("down: 1")
        extra.append(f"allocatable: {{cpu: {4 + 4 * number}, memory: {16 + 8 * number}Gi, pods: 110}}")
        lines.append(f"  {name}: {{count: {share + (number < more)}, {', '.join(extra)}}}")
    return "\n".join(lines) + "\n"


@cache
def large() -> Plan:
    """Return the plan."""
    texts = []
    for number in range(1, AGENTS + 1):
        amounts = requests(f"cpu: {20 + 37 * number % 190}m, memory: {64 + 53 * number % 700}Mi")
        text = daemonset(f"agent-{number}", _PLACES[number % len(_PLACES)], amounts)
        update = "" if number % 4 == 0 else f"rollingUpdate: {{maxUnavailable: {'1' if number % 4 == 1 else '10%'}}}"
        texts.append(text.replace("spec:\n", f"spec:\n  updateStrategy: {{type: RollingUpdate, {update}}}\n", 1))
    return planned(*texts, nodes=_pools())
