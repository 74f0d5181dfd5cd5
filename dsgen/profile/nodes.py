"""Which nodes run the agent."""

from __future__ import annotations

from typing import Final

from dsgen.profile.forms.nodes import require
from dsgen.profile.json_schema import notation
from dsgen.profile.key import Schema, key, with_appending
from dsgen.profile.report import Report
from dsgen.profile.typed import converter
from dsgen.tree import List, Text, Value

ONE_OR_MORE: Final = {"anyOf": [notation("str"), notation("[str]")]}


def one_or_more(value: Value, report: Report) -> Value:
    """Take one text or a list of them; always a list in the long form."""
    if isinstance(value, Text):
        return List([value], value.origin)
    return converter("[str]")(value, report)


def terms(value: Value, report: Report) -> Value:
    """Take requirements, alternatives, or Kubernetes' terms; always terms in the long form."""
    return converter("[NodeSelectorTerm]")(require(value, report), report)


NODES: Final[Schema] = with_appending(
    {
        "os": key(
            "The operating system. One value is a node selector, several are one `In` expression.",
            "os: linux",
            "spec.template.spec.nodeSelector[kubernetes.io/os]",
            form=one_or_more,
            json=ONE_OR_MORE,
            type="list",
        ),
        "arch": key(
            "The processor architecture. One value is a node selector, several are one `In` expression.",
            "arch: [amd64, arm64]",
            "spec.template.spec.nodeSelector[kubernetes.io/arch]",
            form=one_or_more,
            json=ONE_OR_MORE,
            type="list",
        ),
        "select": key(
            "Labels that a node must have.",
            "select: {disktype: ssd}",
            "spec.template.spec.nodeSelector",
            kubernetes="{str}",
        ),
        "require": key(
            """What a node must have, one requirement an entry, in Kubernetes' label selector syntax; all must hold. A list of
            lists is alternatives. Kubernetes' `{nodeSelectorTerms: ...}` is taken too.""",
            'require: ["node-type in (special, edge)", "!virtual-kubelet.io/node", "example.com/cores > 8"]',
            "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution",
            form=terms,
            json={
                "anyOf": [
                    notation("[NodeSelectorRequirement]"),
                    {"type": "array", "items": {**notation("[NodeSelectorRequirement]"), "minItems": 1}},
                    notation("[NodeSelectorTerm]"),
                    notation("NodeSelector"),
                ]
            },
            type="list",
        ),
        "prefer": key(
            "What the scheduler should prefer; a DaemonSet's pods are bound to their nodes, so it seldom matters.",
            'prefer: [{weight: 10, require: ["zone=a"]}]',
            "spec.template.spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution",
            kubernetes="[PreferredSchedulingTerm]",
        ),
        "tolerate": key(
            """The taints that the pods bear: `KEY[=VALUE][:EFFECT]`, `all[:EFFECT]`, `control-plane`, or Kubernetes' form. Without
            EFFECT: every effect. What the DaemonSet controller adds by itself is never written out.""",
            'tolerate: [control-plane, "dedicated=gpu:NoExecute"]',
            "spec.template.spec.tolerations",
            kubernetes="[Toleration]",
        ),
    }
)

KEYS: Final[Schema] = {
    "nodes": key(
        "Where the pods run: which nodes are selected, and which taints are tolerated.",
        "nodes: {select: {disktype: ssd}, tolerate: [control-plane]}",
        "spec.template.spec",
        type="nodes",
        schema=NODES,
    )
}
