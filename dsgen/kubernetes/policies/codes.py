"""What can be wrong with an object by the policies of a cluster, and with policies."""

from __future__ import annotations

from dsgen.problem import code

FORBIDDEN = code(
    "forbidden-by-policy",
    """A ValidatingAdmissionPolicy denies this object. Either a rule fails and the `validationActions` of the binding contain `Deny`, or an
    expression results in an error and the `failurePolicy` is `Fail`. The message is the one of the API server. dsgen uses the policies among the
    objects and those under `policies` in `dsgen.yaml`. Source: apiserver/pkg/admission/plugin/policy/validating: Dispatch.""",
)
WARNED = code(
    "policy-warning",
    """A ValidatingAdmissionPolicy warns about this object, because the `validationActions` of its binding contain `Warn`. The API server accepts
    the object, and kubectl prints the message.""",
    "warning",
)
AUDITED = code(
    "policy-audit",
    """A rule of a ValidatingAdmissionPolicy fails for this object, and the only one of the binding's `validationActions` is `Audit`. The API server
    accepts the object, and adds the failure to the audit event. Before 1.37, it adds only the first one.""",
    "note",
)
UNEVALUATED = code(
    "unvalidated-policy",
    """dsgen cannot evaluate this part of a ValidatingAdmissionPolicy, so the policy may deny objects that dsgen accepts. It may read what only a
    request to an API server has, such as the user or the old object, or what is not among the objects, such as the labels of a Namespace. It may
    deny updates, and dsgen does not know whether the object exists. Or the extra `cel`, which evaluates expressions, is not installed. The objects
    do not count as admitted.""",
    "note",
)
UNAPPLIED = code(
    "unapplied-policy",
    """dsgen does not apply MutatingAdmissionPolicies. It validates objects without their changes.""",
    "note",
)
INVALID_EXPRESSION = code(
    "invalid-policy-expression",
    """An expression (CEL) of a ValidatingAdmissionPolicy must compile: its syntax, its variables and functions, and the type of its result,
    which is a boolean for a rule. Otherwise, the API server rejects the policy. Source: pkg/apis/admissionregistration/validation.""",
)
UNKNOWN_POLICY = code(
    "unknown-policy",
    """A ValidatingAdmissionPolicyBinding refers to a ValidatingAdmissionPolicy that is not among the objects. The API server accepts the binding,
    but it has no effect until the policy exists.""",
    "warning",
)
UNUSED_POLICY = code(
    "unused-policy",
    """No ValidatingAdmissionPolicyBinding among the objects refers to this ValidatingAdmissionPolicy. Without one, the policy has no effect.""",
    "warning",
)
UNUSABLE_POLICY = code(
    "invalid-policy",
    """A ValidatingAdmissionPolicy or its binding is not used, because the API server would reject it.""",
    "warning",
)
