"""The request that creates an object: where the API server serves its kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from dsgen.kubernetes.policies.matching import Request
from dsgen.kubernetes.relations.selector import labels_in
from dsgen.kubernetes.schema import api_resources, fields
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.words import NAMESPACE_NAME
from dsgen.kubernetes.validation.kinds import KINDS, OLDER
from dsgen.tree import Map

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions

# The kinds without rules of their own that are in no namespace.
_CLUSTER_WIDE: Final = frozenset(
    {
        "CertificateSigningRequest",
        "ClusterTrustBundle",
        "ComponentStatus",
        "CSINode",
        "DeviceClass",
        "DeviceTaintRule",
        "FlowSchema",
        "IngressClass",
        "IPAddress",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "Node",
        "PriorityLevelConfiguration",
        "ResourcePoolStatusRequest",
        "ResourceSlice",
        "ServiceCIDR",
        "StorageVersion",
        "StorageVersionMigration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "VolumeAttachment",
        "VolumeAttributesClass",
    }
)
# The kinds of requests that no policy is about.
_EXEMPT: Final = frozenset(
    {
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "TokenReview",
        "SelfSubjectReview",
        "LocalSubjectAccessReview",
        "SelfSubjectAccessReview",
        "SelfSubjectRulesReview",
        "SubjectAccessReview",
    }
)
_OWN_GROUPS: Final = ("admissionregistration.k8s.io", "authentication.k8s.io", "authorization.k8s.io")


def is_exempt(root: Map) -> bool:
    """Return whether policies are not asked about an object: the API server keeps them from being about themselves."""
    return root.get("kind") in _EXEMPT and api_resources.group_of(str(root.get("apiVersion"))) in _OWN_GROUPS


def request_of(
    root: Map, minor: str, definitions: Definitions | None, namespace: Callable[[str], Map | None]
) -> Request | None:
    """Return the request that creates an object, or None if the resource of its kind is not known.

    `namespace` returns a Namespace by its name, if it is in view.
    """
    type = identify(root, minor).type
    version, kind = str(root["apiVersion"]), str(root["kind"])
    group, number = api_resources.group_of(version), version.rpartition("/")[2]
    if not type or type in fields.CUSTOM_RESOURCES.values():
        from dsgen.kubernetes.custom.definitions import shipped_only

        found = (definitions or shipped_only()).defines(root, minor)
        if found is None:
            return None
        resource, is_namespaced = found.plural, found.is_namespaced
        others = tuple(name for name in found.served if name != number)
    else:
        own = OLDER.get(type, type)
        is_namespaced = KINDS[own].namespaced if own in KINDS else kind not in _CLUSTER_WIDE
        resource, others = plural(kind), tuple(_versions(group, kind, number, minor_number(minor)))
    metadata = root.map("metadata")
    stated, name = metadata.get("namespace"), metadata.get("name")
    called = str(name) if isinstance(name, str) and name else None
    labels = labels_in(metadata.map("labels"))
    where: str | None = str(stated) if isinstance(stated, str) and stated else None
    space: dict[str, str] | None
    if (group, kind) == ("", "Namespace"):
        labels = {**labels, **({NAMESPACE_NAME: called} if called else {})}
        where, space = called, labels
    elif not is_namespaced:
        where, space = "", {}
    else:
        known = namespace(where) if where else None
        space = None
        if known is not None and where is not None:
            space = {**labels_in(known.map("metadata", "labels")), NAMESPACE_NAME: where}
    return Request(group, number, kind, resource, others, is_namespaced, where, called, labels, space)


def plural(kind: str) -> str:
    """Return the name of the resource of one of Kubernetes' kinds (apimachinery/pkg/api/meta: UnsafeGuessKindToResource)."""
    name = kind.lower()
    if name == "endpoints":
        return name
    return f"{name}es" if name[-1] == "s" else f"{name[:-1]}ies" if name[-1] == "y" else f"{name}s"


@lru_cache(maxsize=1024)
def _versions(group: str, kind: str, but: str, minor: int) -> list[str]:
    """Return the other versions of a kind that an API server has by default."""
    found = (
        each.version
        for each in api_resources.load().every(minor)
        if each.kind == kind
        and api_resources.group_of(each.version) == group
        and api_resources.serves_by_default(each.version)
    )
    return sorted({version.rpartition("/")[2] for version in found} - {but})
