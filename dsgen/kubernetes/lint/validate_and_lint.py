"""The API server's verdict on a manifest, together with dsgen's own findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dsgen.kubernetes import validate
from dsgen.kubernetes.lint import NOTHING_SAID, Checks
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.schema.paths import pod_template
from dsgen.kubernetes.validation.kinds import with_rules
from dsgen.problem import Problem, code, has_errors
from dsgen.tree import Map, as_map, origin_of

UNSERVED_VERSION = code(
    "missing-runtime-config",
    """API servers serve this version of the object's API group only if it is enabled with `--runtime-config`.""",
    severity="note",
)
UNVALIDATED_OBJECT = code(
    "unvalidated-object",
    """dsgen cannot validate this object, since it does not know its kind: the API group is not one of Kubernetes' own, and there is no
    CustomResourceDefinition for it, neither among the objects that are read with it nor under `crds` in `dsgen.yaml`. The API server may
    reject what the object contains.""",
    "note",
)
UNVALIDATED_RULES = code(
    "unvalidated-rules",
    """dsgen has validated the names and types of the fields, the metadata and, if the kind has any, the pods. It has no rules for the rest of
    the object: the API server may still reject it.""",
    "note",
)

# The fields of a pod that can keep all pods from being created or placed.
_KEEPING_PODS_AWAY: Final = frozenset({"priority", "preemptionPolicy", "overhead", "schedulingGates", "affinity"})


def validate_and_lint(
    root: Any, minor: str = fields.DEFAULT, checks: Checks = NOTHING_SAID, length: int = 0
) -> list[Problem]:
    """Return everything that is wrong with the manifest `root`: what the API server of `minor` reports, and what dsgen adds.

    `length` is the number of characters of its text, without aliases, or 0 if unknown. A note says what could not be
    validated.
    """
    is_accepted = checks.accepted is not None and checks.accepted(root)
    said, stored = ([], None) if is_accepted else validate.examined(root, minor, checks.definitions)
    identity = identify(root, minor)
    kind = identity.type
    if not identity.fault and not is_custom(root, kind, minor, checks):
        said += _unserved(root) if with_rules(kind) else [_unvalidated(root, kind)]
    if checks.policies is not None and isinstance(root, Map):
        # The server compiles the expressions of a policy whatever else is wrong with it.
        said += (
            checks.policies.faults(root, minor)
            if has_errors(said)
            else checks.policies.problems(root, minor, checks.definitions, stored)
        )
    if not kind:
        return said
    if kind != "DaemonSet":
        from dsgen.kubernetes.expressions import expression_problems

        said += expression_problems(root, kind, minor, is_valid=not has_errors(said))
    from dsgen.kubernetes.lint import apply

    found = apply.problems(root, kind, minor, checks.apply, length)
    if found:
        said, found = _reconciled(said, found)
    if kind == "DaemonSet":
        from dsgen.kubernetes.lint.pods import problems

        found += problems(root, checks.untagged)
    template = pod_template(root)
    if template is not None and not _KEEPING_PODS_AWAY.isdisjoint(root.map(*template, "spec")):
        from dsgen.kubernetes.lint import admission

        kept_away = admission.problems(root, kind, template)
        found += _reconciled(said, kept_away)[1] if kept_away else []
    return said + found


def with_objects(checks: Checks, roots: Iterable[Any]) -> Checks:
    """Return the checks with what is among some objects, alone or in lists: CustomResourceDefinitions and policies, and what the latter refer to."""
    every = [each for root in map(as_map, roots) for each in (root, *root.maps("items"))]
    kinds = {str(each.get("kind")) for each in every}
    if "CustomResourceDefinition" in kinds:
        from dsgen.kubernetes.custom.definitions import shipped_only

        checks = checks._replace(definitions=(checks.definitions or shipped_only()).above(every))
    from dsgen.kubernetes.policies.kinds import KINDS

    if checks.policies is not None or not kinds.isdisjoint(KINDS):
        from dsgen.kubernetes.policies.policies import none

        checks = checks._replace(policies=(checks.policies or none()).above(every))
    return checks


def is_custom(root: Any, type: str, minor: str, checks: Checks) -> bool:
    """Return whether an object of a `type`, which is empty if Kubernetes has none, is a custom resource that there is a definition for."""
    if type or checks.definitions is None:
        return type in fields.CUSTOM_RESOURCES.values()
    return checks.definitions.has(root, minor)


def _unserved(root: Map) -> list[Problem]:
    """Return the note that API servers do not serve the version of an object by default, if they do not."""
    version = str(root["apiVersion"])
    if "alpha" not in version and "beta" not in version:
        return []  # without loading the list of all versions
    hint = _how_to_serve(version)
    found = f"dsgen does not know whether the cluster serves `{version}`"
    return [UNSERVED_VERSION.at(origin_of(root["apiVersion"]), found, hint=hint)] if hint else []


def _how_to_serve(version: str) -> str:
    """Return how to turn on a version of Kubernetes' own groups, or an empty string if it does by default."""
    from dsgen.kubernetes.schema import api_resources

    off = api_resources.is_own(api_resources.group_of(version)) and not api_resources.serves_by_default(version)
    return f"an API server only serves `{version}` if it is enabled (`--runtime-config`)" if off else ""


def _unvalidated(root: Map, type: str) -> Problem:
    """Return the note about an object of a kind without rules, and without a schema if its `type` is unknown."""
    version, kind = str(root["apiVersion"]), root["kind"]
    hint = _how_to_serve(version)
    if type:
        found = f"dsgen has validated the fields of this {kind} of {version}, but has no rules for the rest of its spec"
        return UNVALIDATED_RULES.at(origin_of(kind), found, hint=hint)
    hint = hint or "list the file with its CustomResourceDefinition under `crds` in dsgen.yaml"
    return UNVALIDATED_OBJECT.at(
        origin_of(kind), f"{kind} of {version} is not validated: dsgen does not know its kind", hint=hint
    )


# What the server warns about for a duplicate item: `duplicate-entry` says more.
_SUPERSEDED: Final = frozenset(
    {"duplicate-env-name", "duplicate-port", "overlapping-port", "ambiguous-host-port", "duplicate-pull-secret", "duplicate-host-alias"}
)  # fmt: skip


def _reconciled(said: list[Problem], found: list[Problem]) -> tuple[list[Problem], list[Problem]]:
    """Return both without duplicates: the server's errors win, and our findings over its warnings."""
    refused = [each.field for each in said if each.severity == "error"]
    found = [each for each in found if not any(_within(field, each.field) for field in refused)]
    twice = [each.field for each in found]
    kept = [
        each for each in said if each.code not in _SUPERSEDED or not any(_within(each.field, field) for field in twice)
    ]
    return kept, found


def _within(field: str, other: str) -> bool:
    return field == other or field.startswith(f"{other}.")
