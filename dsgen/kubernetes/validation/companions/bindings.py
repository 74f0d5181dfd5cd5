"""RoleBindings and ClusterRoleBindings: which role they grant, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.words import RBAC_GROUP
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

ROLE_REF_SOURCE = "pkg/apis/rbac/validation: ValidateRoleBinding"
SUBJECT_SOURCE = "pkg/apis/rbac/validation: ValidateRoleBindingSubject"
SUBJECT_KINDS: Final = ("ServiceAccount", "User", "Group")
# The kind of binding → the kinds of role that it can grant.
ROLE_KINDS: Final = {"RoleBinding": ("Role", "ClusterRole"), "ClusterRoleBinding": ("ClusterRole",)}


@rule("role-ref", source=ROLE_REF_SOURCE)
def invalid_role_ref_kind(role: FieldRef) -> Iterator[FieldError]:
    """The `roleRef` of a RoleBinding must refer to a `Role` or `ClusterRole`, that of a ClusterRoleBinding to a
    `ClusterRole`.
    """
    kind = role.get("kind", "")
    if kind not in ROLE_KINDS[role.scope]:
        yield role.not_supported("kind", kind, ROLE_KINDS[role.scope])


@rule("role-ref", source="pkg/apis/rbac/validation: ValidateRoleBindingUpdate", immutable=True)
def changed_role_ref(role: FieldRef) -> Iterator[FieldError]:
    """The `roleRef` of a RoleBinding or ClusterRoleBinding cannot be changed. To grant another role, delete the binding and
    create it again.
    """
    if role.pod.old and not semantic_equal(role.value, role.pod.old.root.value.map("roleRef")):
        yield role.invalid((), "cannot be changed; delete the binding first, or choose another name")


ROLE_REF = Fields("role-ref", "`roleRef`", ROLE_REF_SOURCE)
ROLE_REF.one_of("invalid-role-ref-api-group", "apiGroup", (RBAC_GROUP,), default=RBAC_GROUP, missing=True)
ROLE_REF.required("missing-role-ref-name", "name", "must be the name of the role")
ROLE_REF.has_format("invalid-role-ref-name", "name", formats.path_segment)
SUBJECT = Fields("subject", "a subject", SUBJECT_SOURCE)
SUBJECT.one_of("invalid-subject-kind", "kind", SUBJECT_KINDS, missing=True)
SUBJECT.required("missing-subject-name", "name", "must say who gets the role")


@rule("subject", source=SUBJECT_SOURCE, when="name")
def invalid_subject_name(subject: FieldRef) -> Iterator[FieldError]:
    """The name of a ServiceAccount must be a DNS subdomain: lower-case letters, digits, and inner `-` or `.`, at most
    253 characters.
    """
    name = subject.get("name", "")
    for message in formats.dns_subdomain(name) if name and subject.get("kind") == "ServiceAccount" else ():
        yield subject.invalid("name", message)


@rule("subject", source=SUBJECT_SOURCE)
def invalid_subject_api_group(subject: FieldRef) -> Iterator[FieldError]:
    """The `apiGroup` of a User or Group must be `rbac.authorization.k8s.io`, and that of a ServiceAccount must be
    empty. Each may be left out.
    """
    kind, group = subject.get("kind", ""), subject.get("apiGroup", "")
    wanted = "" if kind == "ServiceAccount" else RBAC_GROUP
    if kind in SUBJECT_KINDS and group != wanted:
        yield subject.error("NotSupported", "apiGroup", f"{str(group)!r} is not `{wanted}`: leave it out")


@rule("subject", source=SUBJECT_SOURCE)
def missing_subject_namespace(subject: FieldRef) -> Iterator[FieldError]:
    """In a ClusterRoleBinding, the `namespace` of a ServiceAccount must be set. In a RoleBinding, it defaults to that
    of the binding.
    """
    cluster = subject.scope == "ClusterRoleBinding"
    if cluster and subject.get("kind") == "ServiceAccount" and not subject.get("namespace"):
        yield subject.required("namespace", "must be the namespace of the service account")
