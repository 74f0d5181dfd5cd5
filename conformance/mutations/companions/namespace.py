"""Namespaces."""

from conformance.mutations.row import Pool, at, row, updates
from conformance.mutations.values import DNS_LABEL, LONG

row("namespace-name", "metadata.name", DNS_LABEL.plus([], ["a.b", "", None]))
NAMES = Pool(
    ["kubernetes", "orphan", "foregroundDeletion", "a/b", "example.com/cleanup", f"a/{LONG[63]}"],
    ["", "a", "Kubernetes", "a/b/c", "/a", "a/", "a_b/c", "A/b", "-/a", f"a/{LONG[64]}", "a b"],
    noisy=True,
)
row("namespace-finalizer", "spec.finalizers", NAMES, lambda name: [name])
row("namespace-finalizer-beside", "spec.finalizers[+]", NAMES)
updates(
    "update-namespace-finalizer",
    [at("spec.finalizers", ["a/b"], new) for new in (["a"], [""], ["A b"], [], None)],
    [at("spec.finalizers", ["a"], ["a/b"]), at("spec.finalizers", ["a/b", ""], ["a/b"])],
    2,
)
