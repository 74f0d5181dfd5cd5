"""The schema of an environment: a cluster, or a class of clusters, and what is different there."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.schema import fields
from dsgen.profile import images
from dsgen.profile.key import Rules, Schema, key
from dsgen.profile.problems import UNKNOWN_VERSION, Report
from dsgen.profile.schema import PROFILE
from dsgen.source import describe
from dsgen.tree import Text, Value


def version(value: Value, report: Report) -> Value:
    """Take a minor version of Kubernetes that dsgen knows."""
    if not isinstance(value, Text) or value not in fields.MINORS:
        found = f"{describe(value)} is no version dsgen knows"
        report(UNKNOWN_VERSION, value, found, f"there are {', '.join(fields.MINORS)}")
    return value


# What a profile says, but what it extends: an environment lies over a profile, it does not choose what lies beneath.
_LAYER: Final[Schema] = {name: rules for name, rules in PROFILE["schema"].items() if name != "extends"}
_OVERRIDE: Final = key("Over the profile.", "node-exporter: {hostNetwork: true}", type="profile", schema=_LAYER)

KEYS: Final[Schema] = {
    "kubernetes": key(
        "The version of Kubernetes to judge by. Default: the project's.",
        'kubernetes: "1.34"',
        form=version,
        json={"enum": list(fields.MINORS)},
    ),
    "profiles": key(
        """The profiles made for this environment: names and patterns (`log-*`); those with `!` are left out. Default: all. An entry
        that matches nothing is an error.""",
        'profiles: [node-exporter, "log-*", "!windows-*"]',
        kubernetes="[str]",
    ),
    **images.KEYS,
    "all": key(
        "Over every profile: any of a profile's keys, merged over it as a layer.",
        "all: {nodes: {tolerate+: [control-plane]}}",
        type="profile",
        schema=_LAYER,
    ),
    "overrides": key(
        "Over one profile, by its name, and over `all`. To change a variant, override `variants.<name>`.",
        "overrides: {node-exporter: {containers: {node-exporter: {env: {LOG_LEVEL: debug}}}}}",
        type="{profile}",
        named=_OVERRIDE,
    ),
}
ENVIRONMENT: Final[Rules] = {
    "meta": {"description": "An environment: a cluster, or a class of clusters.", "type": "environment"},
    "schema": KEYS,
}
