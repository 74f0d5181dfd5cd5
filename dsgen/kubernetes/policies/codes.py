"""What can be wrong with an object by the policies of a cluster, and with policies."""

from __future__ import annotations

from dsgen.problem import code

FORBIDDEN = code(
    "forbidden-by-policy",
    """A ValidatingAdmissionPolicy refuses this object, by a binding whose `validationActions` contain `Deny`, or since an expression cannot be
    evaluated and its `failurePolicy` is `Fail`. The message is that of the API server. Policies are those among the objects that are read
    together, and under `policies` in `dsgen.yaml`. Source: apiserver/pkg/admission/plugin/policy/validating: Dispatch.""",
)
WARNED = code(
    "policy-warning",
    """A ValidatingAdmissionPolicy warns about this object: a binding has `Warn` among its `validationActions`. The API server accepts the
    object, and `kubectl` prints the message.""",
    "warning",
)
AUDITED = code(
    "policy-audit",
    """A ValidatingAdmissionPolicy does not admit this object, and a binding only has `Audit` among its `validationActions`: the API server
    accepts the object, and adds the failure to the audit event.""",
    "note",
)
UNEVALUATED = code(
    "unvalidated-policy",
    """dsgen does not evaluate this part of a ValidatingAdmissionPolicy for objects that it may refuse: it reads what only a request to an API
    server has, such as the user, or something that is not in view, such as the labels of a Namespace; or the optional part of dsgen that
    evaluates expressions (CEL) is not installed. The objects do not count as admitted.""",
    "note",
)
UNAPPLIED = code(
    "unapplied-policy",
    """dsgen does not apply MutatingAdmissionPolicies. It validates objects as they are before the API server applies them.""",
    "note",
)
INVALID_EXPRESSION = code(
    "invalid-policy-expression",
    """An expression (CEL) of a ValidatingAdmissionPolicy must compile: its syntax, its variables and functions, and the type of its value,
    which is a boolean for a rule. The API server rejects the policy otherwise. Source: pkg/apis/admissionregistration/validation.""",
)
UNKNOWN_POLICY = code(
    "unknown-policy",
    """A ValidatingAdmissionPolicyBinding refers to a ValidatingAdmissionPolicy that is not in view. The API server accepts the binding, which
    has no effect until there is such a policy.""",
    "warning",
)
UNUSED_POLICY = code(
    "unused-policy",
    """No ValidatingAdmissionPolicyBinding in view refers to this ValidatingAdmissionPolicy. Without one, the policy has no effect.""",
    "warning",
)
UNUSABLE_POLICY = code(
    "invalid-policy",
    """A ValidatingAdmissionPolicy or its binding cannot be used, since the API server would reject it. No object is evaluated by it.""",
    "warning",
)
