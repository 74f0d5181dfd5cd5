"""What dsgen says by policies, in the form in which it is compared with the API server's own plugin."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from conformance.kubernetes_module import NEWEST
from conformance.policies import Said
from dsgen.kubernetes.custom.definitions import Definitions
from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.policies.evaluate import PolicyDecision
from dsgen.kubernetes.policies.policies import Policies
from dsgen.kubernetes.policies.policy import Binding, Policy
from dsgen.kubernetes.policies.verdict import Judge
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.problem import Problem
from dsgen.tree import Map

# The first minor in which the audit event has all failures; before, it has one.
_ALL_FAILURES = 37
_FAILURE = "validation.policy.admission.k8s.io/validation_failure"


class Ours(NamedTuple):
    """What dsgen says: the messages that refuse an object, each with its reason; the warnings, the annotations, and what is not evaluated."""

    refused: list[tuple[str, str]]
    warnings: list[str]
    annotations: dict[str, set[str]]
    failures: list[tuple[str, str]]
    gaps: list[str]

    @property
    def is_evaluated(self) -> bool:
        """Whether everything is evaluated."""
        return not self.gaps


class Known(NamedTuple):
    """The policies of a setup, and the definitions of custom kinds."""

    policies: Policies
    definitions: Definitions


def known(text: str) -> Known:
    """Return what there is in a text of YAML."""
    roots = [each.root for each in read(text, "setup.yaml")]
    return Known(Policies().above(roots), Definitions().above(roots))


def outcome(known: Known, root: Map, minor: str = NEWEST) -> Ours:
    """Return what policies say of an object that is created in the namespace `default`, if it names no other.

    What they would say of an update is left out: the server is not asked about one.
    """
    if "namespace" not in root.map("metadata"):
        root = root.updated({"metadata": root.map("metadata").updated({"namespace": "default"})})
    found = Ours([], [], {}, [], [])
    bound = known.policies.known(minor).bound
    for each in Judge(known.policies.view, root, minor, known.definitions).said(bound) if bound else ():
        if isinstance(each, Problem):
            found.gaps.append(each.message)
            continue
        policy, binding, verdict = each.compiled.policy, each.binding, each.verdict
        found.gaps.extend(gap.why for gap in verdict.gaps if not gap.for_update)
        for decision in verdict.decisions:
            _take(found, policy, binding, decision)
        for decision in verdict.refusals:
            found.refused.append((_denied(policy, binding, decision), decision.reason))
        for key, value in verdict.annotations.items():
            found.annotations.setdefault(f"{policy.name}/{key}", set()).add(value)
    return found


def _take(found: Ours, policy: Policy, binding: Binding, decision: PolicyDecision) -> None:
    for action in binding.actions:
        if action == "Deny":
            found.refused.append((_denied(policy, binding, decision), decision.reason))
        elif action == "Warn":
            by = f"ValidatingAdmissionPolicy '{policy.name}' with binding '{binding.name}'"
            found.warnings.append(f"Validation failed for {by}: {decision.message}")
        else:
            found.failures.append((binding.name, decision.message))


def _denied(policy: Policy, binding: Binding, decision: PolicyDecision) -> str:
    return f"ValidatingAdmissionPolicy '{policy.name}' with binding '{binding.name}' denied request: {decision.message}"


def is_same(server: Said, ours: Ours, minor: str = NEWEST) -> bool:
    """Return whether both say the same. The server names the first refusal only, of bindings in any order."""
    if bool(server.refused) != bool(ours.refused):
        return False
    if server.refused and (server.refused, server.reason) not in ours.refused:
        return False
    audit: dict[str, Any] = dict(server.audit)
    failures = [(each["binding"], each["message"]) for each in json.loads(audit.pop(_FAILURE, "[]"))]
    own = sorted(ours.failures)
    if minor_number(minor) < _ALL_FAILURES and failures and failures[0] in own:
        own = failures
    annotations = {key: set(value.split(", ")) for key, value in audit.items()}
    # The API server's list of warnings has each text once.
    return (
        sorted(set(server.warnings)) == sorted(set(ours.warnings))
        and sorted(failures) == own
        and annotations == ours.annotations
    )
