"""Policies for tests."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from dsgen.kubernetes.cel.library import cel
from dsgen.kubernetes.lint import Checks
from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint, with_objects
from dsgen.kubernetes.manifest import read
from dsgen.problem import Problem

API = "admissionregistration.k8s.io/v1"
ON_AGENTS = {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["daemonsets"]}
needs_cel = pytest.mark.skipif(cel() is None, reason="the extra `cel` is not installed")

AGENT = """apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: monitoring}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      hostNetwork: true
      containers:
        - {name: one, image: "registry.example.com/one:1", resources: {limits: {memory: 1Gi}}}
        - name: two
          image: docker.io/two:1
"""


def policy(*rules: str | dict[str, Any], **spec: Any) -> dict[str, Any]:
    """Return a policy called `rules`; a rule is an expression or a validation."""
    validations = [{"expression": each} if isinstance(each, str) else each for each in rules]
    constraints = {"resourceRules": [ON_AGENTS]}
    whole = {"matchConstraints": constraints, "validations": validations, **spec}
    return {"apiVersion": API, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "rules"}, "spec": whole}


def binding(*actions: str, **spec: Any) -> dict[str, Any]:
    """Return a binding of the policy `rules`, called `all`; it denies unless it does something else."""
    whole = {"policyName": "rules", "validationActions": list(actions or ("Deny",)), **spec}
    return {"apiVersion": API, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "all"}, "spec": whole}


def said(*objects: dict[str, Any], agent: str = AGENT, minor: str = "1.37") -> list[Problem]:
    """Return the problems of an agent, the first line of which is 1 in the file `agent.yaml`, among some objects."""
    others = read("\n---\n".join(yaml.safe_dump(each, sort_keys=False) for each in objects), "policies.yaml")
    document = read(agent, "agent.yaml")[0]
    checks = with_objects(Checks(), [document.root, *(each.root for each in others)])
    return validate_and_lint(document.root, minor, checks)


def own(*objects: dict[str, Any]) -> list[Problem]:
    """Return the problems of some objects, all of which are in view."""
    documents = read("\n---\n".join(yaml.safe_dump(each, sort_keys=False) for each in objects), "policies.yaml")
    checks = with_objects(Checks(), [each.root for each in documents])
    return [problem for each in documents for problem in validate_and_lint(each.root, "1.37", checks)]
