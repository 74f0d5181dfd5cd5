"""Variants: one agent as several DaemonSets, each for its own nodes."""

from __future__ import annotations

from typing import Final

from dsgen.profile import companions, general, nodes, rbac
from dsgen.profile.key import Schema, key

# What all variants share: it is made once, from the profile.
SHARED: Final = frozenset({*general.KEYS, *rbac.KEYS, *companions.KEYS}) - {"values", "manifest"}
NODES: Final[Schema] = {
    **nodes.NODES,
    "rest": key(
        "Of a variant: every node that no other variant takes by what it states under `nodes`.",
        "rest: true",
        "spec.template.spec.affinity.nodeAffinity",
        kubernetes="bool",
    ),
}


def keys(profile: Schema) -> Schema:
    """Return the key `variants`: a variant states what a profile of these keys does, but what all of them share."""
    own = {name: rules for name, rules in profile.items() if name not in SHARED}
    own["nodes"] = {**own["nodes"], "schema": NODES}
    variant = key("What a variant states.", "large: {nodes: {select: {pool: large}}}", type="profile", schema=own)
    return {
        "variants": key(
            """Several DaemonSets of one profile, by name: `<name>-<variant>` each, with what is stated here as its last layer. No node may
            match two of them, which is proven. What comes with a DaemonSet is made once, for all.""",
            'variants: {large: {nodes: {require+: ["pool=large"]}}, default: {nodes: {rest: true}}}',
            type="{profile}",
            named=variant,
        )
    }
