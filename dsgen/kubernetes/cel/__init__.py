"""Expressions in CEL, compiled and evaluated as the API server does, by the library of the optional extra `dsgen-k8s[cel]`."""
