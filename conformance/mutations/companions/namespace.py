"""Namespaces."""

from conformance.mutations.row import Pool, row
from conformance.mutations.values import DNS_LABEL, LONG

row("namespace-name", "metadata.name", DNS_LABEL.plus([], ["a.b", "", None]))
NAMES = Pool(
    ["kubernetes", "orphan", "foregroundDeletion", "a/b", "example.com/cleanup", f"a/{LONG[63]}"],
    ["", "a", "Kubernetes", "a/b/c", "/a", "a/", "a_b/c", "A/b", "-/a", f"a/{LONG[64]}", "a b"],
    noisy=True,
)
row("namespace-finalizer", "spec.finalizers", NAMES, lambda name: [name])
row("namespace-finalizer-beside", "spec.finalizers[+]", NAMES)
