"""The keys that select nodes."""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes.scheduling import platforms
from dsgen.kubernetes.schema.words import ARCH, OS
from dsgen.problem import code
from dsgen.profile.json_schema import notation
from dsgen.profile.key import Schema, key, with_appending
from dsgen.profile.shape_problems import ReportPart
from dsgen.profile.shorthand.nodes import require
from dsgen.profile.typed import converter
from dsgen.tree import List, Text, Value

UNKNOWN_PLATFORM = code(
    "unknown-platform",
    """`os` and `arch` must be values that the kubelet uses for the labels of its node: `linux` or `windows`; `amd64`, `arm64` and so on, as
    in Go, not `x86_64` or `aarch64`. With any other value, the agent would run nowhere. For custom labels of nodes, use `select`.""",
)
ONE_OR_MORE: Final = {"anyOf": [notation("str"), notation("[str]")]}


def one_or_more(value: Value, report: ReportPart) -> Value:
    """Accept text or a list of texts; always a list in the long form."""
    if isinstance(value, Text):
        return List([value], value.place)
    return converter("[str]")(value, report)


def _platform(label: str) -> dict[str, Any]:
    """Return the rules of a key that takes one or more of the values that a kubelet may set for a label of its node."""

    def form(value: Value, report: ReportPart) -> Value:
        stated = one_or_more(value, report)
        for each in stated if isinstance(stated, List) else ():
            if isinstance(each, Text) and not platforms.is_word(label, each):
                word = platforms.right_word(label, each)
                hint = f"write `{word}`" if word else f"if nodes have this label, write `select: {{{label}: {each}}}`"
                report(UNKNOWN_PLATFORM, each, f"no kubelet sets the label `{label}: {each}`", hint)
        return stated

    word = {"enum": list(platforms.WORDS[label])}
    return {"form": form, "json": {"anyOf": [word, {"type": "array", "items": word}]}}


def terms(value: Value, report: ReportPart) -> Value:
    """Accept requirements, alternatives, or Kubernetes' terms; always terms in the long form."""
    return converter("[NodeSelectorTerm]")(require(value, report), report)


NODES: Final[Schema] = with_appending(
    {
        "os": key(
            "The operating system. One value becomes a node selector, several become one `In` expression.",
            "os: linux",
            "spec.template.spec.nodeSelector[kubernetes.io/os]",
            **_platform(OS),
            type="list",
        ),
        "arch": key(
            "The CPU architecture. One value becomes a node selector, several become one `In` expression.",
            "arch: [amd64, arm64]",
            "spec.template.spec.nodeSelector[kubernetes.io/arch]",
            **_platform(ARCH),
            type="list",
        ),
        "select": key(
            "Labels that a node must have.",
            "select: {disktype: ssd}",
            "spec.template.spec.nodeSelector",
            kubernetes="{str}",
        ),
        "require": key(
            """Requirements on node labels, one per entry, in Kubernetes' label selector syntax; all must hold. A list of lists means
            alternatives. Kubernetes' `{nodeSelectorTerms: ...}` is accepted too.""",
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
            "Preferences for the scheduler. A DaemonSet's pods are bound to their nodes, so they seldom matter.",
            'prefer: [{weight: 10, require: ["zone=a"]}]',
            "spec.template.spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution",
            kubernetes="[PreferredSchedulingTerm]",
        ),
        "tolerate": key(
            """Taints that the pods tolerate: `KEY[=VALUE][:EFFECT]`, `all[:EFFECT]`, `control-plane`, or Kubernetes' form. Without EFFECT,
            they tolerate every effect. Tolerations that the DaemonSet controller adds are not written out.""",
            'tolerate: [control-plane, "dedicated=gpu:NoExecute"]',
            "spec.template.spec.tolerations",
            kubernetes="[Toleration]",
        ),
    }
)

KEYS: Final[Schema] = {
    "nodes": key(
        "Where pods run: node selection and tolerations.",
        "nodes: {select: {disktype: ssd}, tolerate: [control-plane]}",
        "spec.template.spec",
        type="nodes",
        schema=NODES,
    )
}
