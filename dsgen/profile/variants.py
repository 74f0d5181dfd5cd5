"""The key `variants`: one agent as several DaemonSets, each for its own nodes."""

from __future__ import annotations

from typing import Final

from dsgen.profile import companions, general, nodes, rbac
from dsgen.profile.key import Schema, key

# Keys that all variants share: their objects are generated once, from the profile.
SHARED: Final = frozenset({*general.KEYS, *rbac.KEYS, *companions.KEYS}) - {"values", "manifest"}
NODES: Final[Schema] = {
    **nodes.NODES,
    "rest": key(
        "In a variant: selects every node that no other variant selects under `nodes`.",
        "rest: true",
        "spec.template.spec.affinity.nodeAffinity",
        kubernetes="bool",
    ),
}


def keys(profile: Schema) -> Schema:
    """Return the key `variants`: a variant has the keys of a profile, except those that all variants share."""
    own = {name: rules for name, rules in profile.items() if name not in SHARED}
    own["nodes"] = {**own["nodes"], "schema": NODES}
    variant = key("The layer of a variant.", "large: {nodes: {select: {pool: large}}}", type="profile", schema=own)
    return {
        "variants": key(
            """Several DaemonSets from one profile, by name: each is called `<name>-<variant>`, and has the values here as its last layer. dsgen
            proves that no node matches two of them. Companion objects are generated once, for all variants.""",
            'variants: {large: {nodes: {require+: ["pool=large"]}}, default: {nodes: {rest: true}}}',
            type="{profile}",
            named=variant,
        )
    }
