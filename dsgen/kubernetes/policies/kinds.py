"""The kinds of admission policies and their bindings."""

from __future__ import annotations

from typing import Final

POLICY: Final = "ValidatingAdmissionPolicy"
BINDING: Final = "ValidatingAdmissionPolicyBinding"
MUTATING: Final = ("MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding")
KINDS: Final = (POLICY, BINDING, *MUTATING)
GROUP: Final = "admissionregistration.k8s.io"
