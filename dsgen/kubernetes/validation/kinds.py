"""The kinds of objects that have rules, and how they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.fields import CUSTOM_RESOURCES, minor_number
from dsgen.kubernetes.schema.paths import ALL_POD_TEMPLATES
from dsgen.kubernetes.validation.rule import FieldRef
from dsgen.record import Record
from dsgen.tree import Map

# No minor version yet.
NEVER: Final = 1000


class Kind(Record):
    """A kind of object. The rules in the scope that is called like the kind are run on the whole object.

    `counts_generation` means that the server sets the generation of a new object itself, whatever the manifest says, beginning with the minor
    version `generation_since`; a `custom` kind is defined by a CustomResourceDefinition. `template` is the path of the pod template, None for a
    kind without pods; these `restart` if they always must. With `selector_first`, the server validates no pods before it can read the selector. `path_name_since` is the first minor in which the name in an update only has to be a path segment, not of the `name_format`.
    From `any_prefix_since` on, a `generateName` only has to be a path segment, and the name that the server generates is validated.
    An update that changes something in `counted` increments the generation, and one that changes something in `warned` makes the server warn
    about the pods again.
    The rules in the `scopes` are run on the whole object too, those in the `inner` ones on parts to which its own module leads. If it takes
    `any_finalizer`, finalizers need no prefix. A new object of a kind that is `named_by_server` needs no name.
    """

    name: str
    name_format: Callable[[str], list[str]] = formats.dns_subdomain
    namespaced: bool = True
    counts_generation: bool = False
    custom: bool = False
    template: tuple[str, ...] | None = None
    restart: bool = False
    selector_first: bool = False
    path_name_since: int = 34
    any_prefix_since: int = NEVER
    counted: tuple[tuple[str, ...], ...] = (("spec",),)
    warned: tuple[tuple[str, ...], ...] = (("spec",),)
    scopes: tuple[str, ...] = ()
    any_finalizer: bool = False
    named_by_server: bool = False
    generation_since: int = 0
    inner: tuple[str, ...] = ()

    def counts(self, minor: int) -> bool:
        """Return whether the server of a minor version counts the generations of an object."""
        return self.counts_generation and minor >= self.generation_since


def _with_pods(group: str, name: str, **facts: Any) -> Kind:
    """Return a kind with pods, and what else is said of it."""
    return Kind(name, counts_generation=True, template=ALL_POD_TEMPLATES[group, name], **facts)


def _admission_policy(name: str, *scopes: str) -> Kind:
    """Return a kind of admission policies or their bindings."""
    return Kind(
        name,
        namespaced=False,
        counts_generation=True,
        path_name_since=NEVER,
        scopes=("admission-configuration", "policy-or-binding", *scopes),
        any_finalizer=True,
    )


# The sources of a PersistentVolume in the order in which the server looks for them: it validates the first, and forbids the others but `flexVolume`.
PERSISTENT_SOURCES: Final = (
    "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi", "cinder",
    "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO", "local",
    "storageos", "csi",
)  # fmt: skip
SPEC_AND_ANNOTATIONS: Final = (("spec",), ("metadata", "annotations"))
_OF_SLICES: Final = (("addressType",), ("endpoints",), ("ports",), ("metadata", "labels"))
_OF_DEVICES: Final[dict[str, Any]] = {"path_name_since": NEVER, "scopes": ("of-devices",)}
KINDS: Final = {
    kind.name: kind
    for kind in (
        _with_pods("apps", "DaemonSet", restart=True, warned=(("spec", "template"),)),
        _with_pods(
            "apps",
            "Deployment",
            restart=True,
            selector_first=True,
            path_name_since=0,
            counted=SPEC_AND_ANNOTATIONS,
            warned=SPEC_AND_ANNOTATIONS,
        ),
        _with_pods("apps", "ReplicaSet", restart=True, selector_first=True),
        _with_pods(
            "apps", "StatefulSet", name_format=formats.dns_label, restart=True, selector_first=True, path_name_since=0
        ),
        _with_pods("", "Pod", path_name_since=NEVER, warned=()),
        _with_pods("", "ReplicationController", restart=True, path_name_since=35, any_prefix_since=35),
        _with_pods("", "PodTemplate", path_name_since=0, counted=(("template",),), warned=(("template",),)),
        _with_pods("batch", "Job", path_name_since=37),
        _with_pods("batch", "CronJob", path_name_since=0),
        Kind("Namespace", formats.dns_label, namespaced=False, path_name_since=NEVER),
        Kind("ServiceAccount", path_name_since=NEVER),
        Kind("ConfigMap", path_name_since=NEVER),
        Kind("PriorityClass", namespaced=False, counts_generation=True, path_name_since=0),
        Kind("Service", formats.dns_label),
        Kind("ClusterRole", formats.path_segment, namespaced=False, path_name_since=NEVER),
        Kind("Role", formats.path_segment, path_name_since=NEVER),
        Kind("ClusterRoleBinding", formats.path_segment, namespaced=False, path_name_since=NEVER),
        Kind("RoleBinding", formats.path_segment, path_name_since=NEVER),
        Kind("NetworkPolicy", counts_generation=True, path_name_since=36),
        Kind("Ingress", counts_generation=True, path_name_since=NEVER),
        Kind("IngressClass", namespaced=False, counts_generation=True, path_name_since=NEVER),
        *(
            Kind(
                kind,
                namespaced=False,
                counts_generation=True,
                scopes=("webhook-configuration", "admission-configuration"),
                path_name_since=NEVER,
                counted=(("webhooks",),),
                any_finalizer=True,
            )
            for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
        ),
        _admission_policy("ValidatingAdmissionPolicy", "admission-policy"),
        _admission_policy("MutatingAdmissionPolicy", "admission-policy", "mutating-policy"),
        _admission_policy("ValidatingAdmissionPolicyBinding", "policy-binding"),
        _admission_policy("MutatingAdmissionPolicyBinding", "policy-binding", "mutating-policy"),
        *(
            Kind(kind, namespaced=False, counts_generation=True, path_name_since=NEVER)
            for kind in ("FlowSchema", "PriorityLevelConfiguration")
        ),
        Kind("APIService", formats.path_segment, namespaced=False, path_name_since=NEVER, any_finalizer=True),
        Kind("LimitRange", path_name_since=NEVER, named_by_server=True),
        Kind("ResourceQuota", path_name_since=0),
        Kind("EndpointSlice", counts_generation=True, path_name_since=NEVER, counted=_OF_SLICES),
        Kind("Endpoints", path_name_since=NEVER),
        Kind("Lease", path_name_since=0, any_finalizer=True),
        Kind("HorizontalPodAutoscaler", counts_generation=True, generation_since=37, path_name_since=0),
        Kind("PodDisruptionBudget", formats.any_name, counts_generation=True, any_finalizer=True),
        Kind("Secret", path_name_since=NEVER),
        Kind("PersistentVolumeClaim", path_name_since=NEVER),
        Kind("PersistentVolume", namespaced=False, path_name_since=NEVER, inner=("volume-source", *PERSISTENT_SOURCES)),
        Kind("StorageClass", namespaced=False, path_name_since=NEVER, scopes=("class-parameters",)),
        Kind("VolumeAttributesClass", namespaced=False, path_name_since=NEVER, scopes=("class-parameters",)),
        Kind("CSIDriver", namespaced=False, path_name_since=0),
        Kind("DeviceClass", namespaced=False, counts_generation=True, any_prefix_since=35, **_OF_DEVICES),
        Kind("ResourceClaim", **_OF_DEVICES),
        Kind("ResourceClaimTemplate", **_OF_DEVICES),
        Kind("RuntimeClass", namespaced=False, path_name_since=NEVER, any_finalizer=True),
        Kind(
            "CustomResourceDefinition",
            namespaced=False,
            counts_generation=True,
            path_name_since=0,
            any_finalizer=True,
            inner=("definition-schema", "structure", "schema-default", "schema", "unreadable-schema"),
        ),
    )
}
# Types of a kind with another name in the tables: of older versions, which the server converts before it validates them.
OLDER: Final = {
    "autoscaling.v1.HorizontalPodAutoscaler": "HorizontalPodAutoscaler",
    **{
        f"admissionregistration.{version}.{kind}": kind
        for version, policy in (("v1beta1", "Validating"), ("v1beta1", "Mutating"), ("v1alpha1", "Mutating"))
        for kind in (f"{policy}AdmissionPolicy", f"{policy}AdmissionPolicyBinding")
    },
    "storage.v1beta1.VolumeAttributesClass": "VolumeAttributesClass",
    "storage.v1alpha1.VolumeAttributesClass": "VolumeAttributesClass",
    **{
        f"resource.{version}.{kind}": kind
        for version in ("v1", "v1beta2", "v1beta1", "v1alpha3")
        for kind in ("DeviceClass", "ResourceClaim", "ResourceClaimTemplate")
    },
}
# The key of the modules for objects of a kind without rules of its own.
ANY_OTHER: Final = "*"
_OTHER: Final = Kind(ANY_OTHER, formats.path_segment, namespaced=False, counts_generation=True)
_OTHER_WITH_ANY_FINALIZER: Final = _OTHER._replace(any_finalizer=True)
# Which kinds without rules of their own those are: of admission policies, a version that is no longer served.
_WITH_ANY_FINALIZER: Final = frozenset(
    {"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "LeaseCandidate"}
)
# Kinds of which no object is kept, besides reviews: they ask for something, and need no name.
_NOT_KEPT: Final = ("Binding", "Eviction")


def with_rules(type: str) -> Kind | None:
    """Return the kind of objects of the type `type`, of any version, if it has all its rules."""
    return KINDS.get(OLDER.get(type, type))


def kind_of(type: str) -> Kind | None:
    """Return the kind of objects of the type `type`: for one without rules of its own, a kind of which only metadata are validated.

    None if nothing is validated but the fields, since no object of the type is kept.
    """
    known = with_rules(type)
    if known:
        return known
    name = type.rpartition(".")[2]
    if not name or name in _NOT_KEPT or name.endswith("Review"):
        return None
    return _OTHER_WITH_ANY_FINALIZER if name in _WITH_ANY_FINALIZER else _OTHER


def is_namespaced(type: str) -> bool:
    """Return whether objects of a type are in a namespace: for one without rules of its own, only if its definition is shipped."""
    return KINDS[type].namespaced if type in KINDS else type in CUSTOM_RESOURCES.values()


class Subject:
    """An object of a kind without pods: the `pod` of its nodes.

    `minor` is the number of the minor version, 36 for `1.36`. `old` is the object that an update replaces.
    """

    def __init__(self, root: Map, kind: Kind, minor: str, old: Map | None = None) -> None:
        self.kind = kind
        self.minor = minor_number(minor)
        self.old = None if old is None else Subject(old, kind, minor)
        self.root = FieldRef(root, None, (), self)
        self.answers: dict[object, Any] = {}


Answer = TypeVar("Answer")


def answered(subject: Any, question: Callable[[Any], Answer]) -> Answer:
    """Return the answer to a question about a whole object, a `Subject` or a `Pod`. It is asked once: rules need it for each part."""
    if question not in subject.answers:
        subject.answers[question] = question(subject)
    known: Answer = subject.answers[question]
    return known


def asked_once(question: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Make a question about a whole object be asked once. Of no object, the answer is no."""
    return lambda subject: subject is not None and answered(subject, question)
