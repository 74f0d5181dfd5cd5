"""Autoscalers, and the labels that they and clouds set on the nodes of an instance type."""

from __future__ import annotations

from typing import Final

KARPENTER: Final = "karpenter"
CLUSTER_AUTOSCALER: Final = "cluster-autoscaler"
# How messages and tables write them.
AUTOSCALERS: Final = {KARPENTER: "Karpenter", CLUSTER_AUTOSCALER: "cluster-autoscaler"}
# The label of its type, which the cloud sets on every node.
TYPE_LABEL: Final = "node.kubernetes.io/instance-type"
# The label by which Karpenter's nodes name their pool, and those that they get when they have started.
POOL_LABEL: Final = "karpenter.sh/nodepool"
STARTED_LABELS: Final = {"karpenter.sh/registered": "true", "karpenter.sh/initialized": "true"}
