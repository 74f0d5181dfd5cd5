"""Node labels that have been renamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("nodeAffinity", "nodeSelector", "topologySpreadConstraints")

SOURCE = "pkg/api/node: GetNodeLabelDeprecatedMessage"
DEPRECATED: Final = {
    "beta.kubernetes.io/arch": "deprecated since 1.14: use `kubernetes.io/arch`",
    "beta.kubernetes.io/os": "deprecated since 1.14: use `kubernetes.io/os`",
    "failure-domain.beta.kubernetes.io/region": "deprecated since 1.17: use `topology.kubernetes.io/region`",
    "failure-domain.beta.kubernetes.io/zone": "deprecated since 1.17: use `topology.kubernetes.io/zone`",
    "beta.kubernetes.io/instance-type": "deprecated since 1.17: use `node.kubernetes.io/instance-type`",
    "app.kubernetes.io/created-by": "deprecated since 1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since 1.22: use taints and tolerations",
    "node-role.kubernetes.io/master": "use `node-role.kubernetes.io/control-plane`",
}


@rule("pod", source=SOURCE, when="nodeSelector", severity="warning")
def deprecated_node_label(pod: FieldRef) -> Iterator[FieldError]:
    """`nodeSelector` should use current node labels: `kubernetes.io/os`, not `beta.kubernetes.io/os`."""
    for key in pod.get("nodeSelector", ()):
        if key in DEPRECATED:
            yield pod.warning(("nodeSelector", key), DEPRECATED[key], field=f"nodeSelector[{key}]")


@rule("node-term.matchExpressions", source=SOURCE, severity="warning")
def deprecated_affinity_label(expression: FieldRef) -> Iterator[FieldError]:
    """Node affinity should use current node labels: `kubernetes.io/os`, not `beta.kubernetes.io/os`."""
    key = expression.get("key", "")
    if key in DEPRECATED:
        yield expression.warning("key", f"`{key}`: {DEPRECATED[key]}")


@rule("pod.topologySpreadConstraints", source=SOURCE, severity="warning")
def deprecated_topology_spread_label(constraint: FieldRef) -> Iterator[FieldError]:
    """Spread constraints should use current node labels: `topology.kubernetes.io/zone`, not
    `failure-domain.beta.kubernetes.io/zone`.
    """
    key = constraint.get("topologyKey", "")
    if key in DEPRECATED:
        yield constraint.warning("topologyKey", f"`{key}`: {DEPRECATED[key]}")
