"""The defaults of admission policies and their bindings, in each version (pkg/apis/admissionregistration: SetDefaults…)."""

from __future__ import annotations

from typing import Any, Final

from dsgen.tree import Map

_KINDS: Final = tuple(f"{kind}AdmissionPolicy" for kind in ("Validating", "Mutating"))
_MATCH: Final[dict[str, Any]] = {"matchPolicy": "Equivalent", "namespaceSelector": Map(), "objectSelector": Map()}
_OF_VERSION: Final[dict[str, dict[str, Any]]] = {
    "MatchResources": _MATCH,
    "NamedRuleWithOperations": {"scope": "*"},
    **{f"{kind}{what}": {"spec": Map()} for kind in _KINDS for what in ("", "Binding")},
    **{f"{kind}Spec": {"failurePolicy": "Fail"} for kind in _KINDS},
}
# The tables name the types of `v1` without their version.
_PREFIXES: Final = ("", "admissionregistration.v1beta1.", "admissionregistration.v1alpha1.")
ABSENT: Final[dict[str, dict[str, Any]]] = {
    **{f"{prefix}{type}": defaults for prefix in _PREFIXES for type, defaults in _OF_VERSION.items()},
    "admissionregistration.v1alpha1.ParamRef": {"parameterNotFoundAction": "Deny"},
}
