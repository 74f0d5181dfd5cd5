"""Role bindings and cluster role bindings: which role they give, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

ROLE_REF = "pkg/apis/rbac/validation: ValidateRoleBinding"
SUBJECT = "pkg/apis/rbac/validation: ValidateRoleBindingSubject"
GROUP_NAME: Final = "rbac.authorization.k8s.io"
SUBJECT_KINDS: Final = ("ServiceAccount", "User", "Group")
# The kind of binding → the kinds of role that it may give.
ROLE_KINDS: Final = {"RoleBinding": ("Role", "ClusterRole"), "ClusterRoleBinding": ("ClusterRole",)}


@rule("invalid-role-ref-kind", "role-ref", source=ROLE_REF)
def invalid_role_ref_kind(role: FieldRef) -> Iterator[FieldError]:
    """The `roleRef` of a RoleBinding names a `Role` or `ClusterRole`, that of a ClusterRoleBinding a `ClusterRole`."""
    kind = role.get("kind", "")
    if kind not in ROLE_KINDS[role.scope]:
        yield role.not_supported("kind", kind, ROLE_KINDS[role.scope])


@rule("invalid-role-ref-api-group", "role-ref", source=ROLE_REF)
def invalid_role_ref_api_group(role: FieldRef) -> Iterator[FieldError]:
    """The `apiGroup` of a `roleRef` is `rbac.authorization.k8s.io`, or left out."""
    group = role.get("apiGroup", "")
    if group != GROUP_NAME:
        yield role.not_supported("apiGroup", group, (GROUP_NAME,))


@rule("missing-role-ref-name", "role-ref", source=ROLE_REF)
def missing_role_ref_name(role: FieldRef) -> Iterator[FieldError]:
    """A `roleRef` states the `name` of the role."""
    if not role.get("name"):
        yield role.required("name", "state the name of the role")


@rule("invalid-role-ref-name", "role-ref", source=ROLE_REF, when="name")
def invalid_role_ref_name(role: FieldRef) -> Iterator[FieldError]:
    """The `name` in a `roleRef` is one that a role can have: without `/` and `%`, and not `.` or `..`."""
    for message in formats.path_segment(role.get("name", "")):
        yield role.invalid("name", message)


@rule("invalid-subject-kind", "subject", source=SUBJECT)
def invalid_subject_kind(subject: FieldRef) -> Iterator[FieldError]:
    """A subject is of the `kind` `ServiceAccount`, `User` or `Group`."""
    kind = subject.get("kind", "")
    if kind not in SUBJECT_KINDS:
        yield subject.not_supported("kind", kind, SUBJECT_KINDS)


@rule("missing-subject-name", "subject", source=SUBJECT)
def missing_subject_name(subject: FieldRef) -> Iterator[FieldError]:
    """A subject states its `name`."""
    if not subject.get("name"):
        yield subject.required("name", "state who gets the role")


@rule("invalid-subject-name", "subject", source=SUBJECT, when="name")
def invalid_subject_name(subject: FieldRef) -> Iterator[FieldError]:
    """The name of a service account is a DNS subdomain: lower-case letters, digits, and `-` or `.` inside, at most 253 characters."""
    name = subject.get("name", "")
    for message in formats.dns_subdomain(name) if name and subject.get("kind") == "ServiceAccount" else ():
        yield subject.invalid("name", message)


@rule("invalid-subject-api-group", "subject", source=SUBJECT)
def invalid_subject_api_group(subject: FieldRef) -> Iterator[FieldError]:
    """
    The `apiGroup` of a user or group is `rbac.authorization.k8s.io`, that of a service account is empty; each may be left
    out.
    """
    kind, group = subject.get("kind", ""), subject.get("apiGroup", "")
    wanted = "" if kind == "ServiceAccount" else GROUP_NAME
    if kind in SUBJECT_KINDS and group != wanted:
        yield subject.error("NotSupported", "apiGroup", f"{str(group)!r} is not `{wanted}`; leave it out")


@rule("missing-subject-namespace", "subject", source=SUBJECT)
def missing_subject_namespace(subject: FieldRef) -> Iterator[FieldError]:
    """In a ClusterRoleBinding, a service account states its `namespace`. In a RoleBinding, it is the binding's own."""
    cluster = subject.scope == "ClusterRoleBinding"
    if cluster and subject.get("kind") == "ServiceAccount" and not subject.get("namespace"):
        yield subject.required("namespace", "state the namespace of the service account")
