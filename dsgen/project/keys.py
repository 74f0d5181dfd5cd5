"""The keys of `dsgen.yaml`."""

from __future__ import annotations

from typing import Final

from dsgen import gitops
from dsgen.project import checks, packs, run_keys

# The keys of dsgen.yaml, all optional: the description and an example of each.
KEYS: Final = {
    "dsgen": ("The versions of dsgen that may generate the project.", 'dsgen: ">=0.2,<0.4"'),
    "kubernetes": ("The version of Kubernetes to validate against.", 'kubernetes: "1.37"'),
    "profiles": ("Patterns of the profiles' paths.", 'profiles: ["profiles/**/*.yaml"]'),
    "templates": ("The folder of your own templates.", "templates: templates"),
    "environments": ("The folder of the environments, one file per environment.", "environments: environments"),
    "manifests": (
        "Manifests to pass on to every environment: paths of files and folders, or patterns. Their objects are validated like those of profiles, "
        "and written to `manifests` in the output.",
        "manifests: [manifests]",
    ),
    "output": ("The output folder.", "output: out"),
    "crds": (
        "Files, folders and patterns of files with CustomResourceDefinitions, by which custom resources are validated.",
        "crds: [crds]",
    ),
    "policies": (
        "Files, folders and patterns of files with ValidatingAdmissionPolicies, their bindings, parameters and namespaces. All objects are validated "
        "against them. This requires the extra `cel`.",
        "policies: [policies]",
    ),
    **packs.KEYS,
    **run_keys.KEYS,
    **gitops.KEYS,
    **checks.KEYS,
}

_IN_ENVIRONMENT: Final = "it belongs to an environment: a file in the folder `environments`"
# Keys that people guess, and the hint for each.
ELSEWHERE: Final = {
    **dict.fromkeys(("version", "k8s", "k8sVersion"), "write `kubernetes: …`"),
    **dict.fromkeys(
        ("warnings", "rules", "ignore", "ignored", "allow", "lint", "severities", "codes"),
        'write `problems: {CODE: {severity: off, reason: "…"}}`',
    ),
    **dict.fromkeys(("clusters", "envs", "overlays"), "write a file for each cluster in the folder `environments`"),
    **dict.fromkeys(("images", "all", "overrides", "mirrors"), _IN_ENVIRONMENT),
    **dict.fromkeys(("namespace", "labels", "annotations", "nodes"), "write it into the profiles, or `all` of an environment"),
    **dict.fromkeys(("strict", "warningsAsErrors"), "write `failOn: warning`"),
    "name": "write `projectName: …`",
}  # fmt: skip
