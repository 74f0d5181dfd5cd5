"""Namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.ownership import STANDARD_FINALIZERS
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule


@rule("Namespace", source="pkg/apis/core/validation: ValidateNamespace", when="spec")
def invalid_namespace_finalizer(namespace: FieldRef) -> Iterator[FieldError]:
    """A finalizer of a Namespace must be a qualified name, such as `example.com/cleanup`, or one of Kubernetes' own,
    such as `kubernetes`.
    """
    # An update keeps those of the old object, whatever it says.
    spec = (namespace.pod.old.root if namespace.pod.old else namespace).child("spec")
    for index, name in enumerate(spec.get("finalizers", ()) if spec else ()):
        wrong = formats.qualified_name(name)
        if "/" not in name and name not in STANDARD_FINALIZERS:
            wrong.append(f"{str(name)!r} is not one of Kubernetes' own, and has no prefix")
        yield from namespace.invalid_each(("spec", "finalizers", index), wrong, field="spec.finalizers")
