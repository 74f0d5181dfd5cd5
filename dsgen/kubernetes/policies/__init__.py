"""ValidatingAdmissionPolicies: which of them apply to an object, and what they say of it."""
