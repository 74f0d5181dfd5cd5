"""The schema of an environment: a cluster or a class of clusters, and its differences."""

from __future__ import annotations

import re
from typing import Final

from dsgen.kubernetes.schema import fields
from dsgen.profile import images
from dsgen.profile.key import Rules, Schema, key
from dsgen.profile.schema import PROFILE
from dsgen.profile.shape_problems import UNKNOWN_VERSION, ReportPart
from dsgen.source import describe
from dsgen.tree import Text, Value


def version_hint(value: object) -> str:
    """Return the hint for an unknown version: the minor version of a release, or all that are known."""
    found = re.fullmatch(r"v?(\d+\.\d+)(?:\.\d+.*)?", value) if isinstance(value, Text) else None
    if found and found[1] in fields.MINORS:
        return f'write `"{found[1]}"`'
    return f"known versions: {', '.join(fields.MINORS)}"


def version(value: Value, report: ReportPart) -> Value:
    """Accept a minor version of Kubernetes that dsgen knows."""
    if not isinstance(value, Text) or value not in fields.MINORS:
        found = f"unknown Kubernetes version {describe(value)}"
        report(UNKNOWN_VERSION, value, found, version_hint(value))
    return value


# All keys of a profile but `extends`: an environment is a layer above a profile, and does not choose the layers below.
_LAYER: Final[Schema] = {name: rules for name, rules in PROFILE["schema"].items() if name != "extends"}
_OVERRIDE: Final = key("A layer over the profile.", "node-exporter: {hostNetwork: true}", type="profile", schema=_LAYER)

KEYS: Final[Schema] = {
    "kubernetes": key(
        "The version of Kubernetes to validate against. Default: the project's.",
        'kubernetes: "1.34"',
        form=version,
        # Without quotes, it is a number for other readers.
        json={"enum": [*fields.MINORS, *map(float, fields.MINORS)]},
    ),
    "profiles": key(
        """The profiles of this environment: names and patterns (`log-*`); those with `!` are excluded. Default: all. An entry
        that matches nothing is an error.""",
        'profiles: [node-exporter, "log-*", "!windows-*"]',
        kubernetes="[str]",
    ),
    "manifests": key(
        """Manifests to pass on in this environment, in addition to the project's: paths of files and folders, or patterns, below the project
        folder.""",
        "manifests: [manifests/prod-eu]",
        kubernetes="[str]",
    ),
    "crds": key(
        """Files, folders and patterns of files with CustomResourceDefinitions of this environment, below the project folder. They come before
        those that `dsgen.yaml` names.""",
        "crds: [crds/prod]",
        kubernetes="[str]",
    ),
    "policies": key(
        """Files, folders and patterns of files with this environment's ValidatingAdmissionPolicies, their bindings and parameters, below the
        project folder. They are added to those in `dsgen.yaml`, and replace those with the same name.""",
        "policies: [policies/prod]",
        kubernetes="[str]",
    ),
    **images.KEYS,
    "all": key(
        "A layer over every profile: any keys of a profile.",
        "all: {nodes: {tolerate+: [control-plane]}}",
        type="profile",
        schema=_LAYER,
    ),
    "overrides": key(
        "Layers over single profiles, by name, and over `all`. To change a variant, override `variants.<name>`.",
        "overrides: {node-exporter: {containers: {node-exporter: {env: {LOG_LEVEL: debug}}}}}",
        type="{profile}",
        named=_OVERRIDE,
    ),
}
ENVIRONMENT: Final[Rules] = {
    "meta": {"description": "An environment: a cluster, or a class of clusters.", "type": "environment"},
    "schema": KEYS,
}
