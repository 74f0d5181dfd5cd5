"""The pod of an object as its rules see it, with what they need from other parts of the pod."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.paths import CONTAINER_LISTS, ContainerList, field_path
from dsgen.kubernetes.validation.kinds import KINDS, Kind
from dsgen.kubernetes.validation.labels import selector_errors
from dsgen.kubernetes.validation.rule import FieldRef
from dsgen.problem import Suggestions
from dsgen.tree import Map


class Pod:
    """The pod template of an object of a `kind`, and what several rules look up in it.

    `minor` is the number of the minor version, 36 for `1.36`. `old` is the pod of the `old` object that an update
    replaces: the server tolerates some errors that it already has.
    """

    def __init__(self, root: Map, minor: str, old: Map | None = None, kind: Kind = KINDS["DaemonSet"]) -> None:
        self.kind = kind
        self.minor = minor_number(minor)
        self.old = None if old is None else Pod(old, minor, kind=kind)
        path = kind.template or ()
        template = root.map(*path) if path else root
        self.root = FieldRef(root, None, (), self)
        self.metadata = template.map("metadata")
        # The server leaves `metadata` out of the paths in the template's metadata.
        self.template = FieldRef(
            self.metadata, self.root, (*path, "metadata"), self, printed=field_path(path) or "metadata"
        )
        self.spec = template.map("spec")
        # The claims of a StatefulSet, by name, with their place. Its controller adds a volume for each, instead of those with their names.
        self.claims: dict[str, int] = {}
        if kind.name == "StatefulSet":
            # The controller overwrites these, so the server does not validate them.
            self.spec = self.spec.without("hostname", "subdomain")
            claims = root.map("spec").maps("volumeClaimTemplates")
            self.claims = {str(each.map("metadata").get("name") or ""): index for index, each in enumerate(claims)}
        self.node = FieldRef(self.spec, self.root, (*path, "spec"), self)
        # The volumes by name, as far as the walk finds them valid: for mounts and devices the others do not exist.
        self.volumes: dict[str, Map] = {}
        self.suggestions = Suggestions()
        self.answers: dict[object, Any] = {}
        self._containers: dict[str, list[FieldRef]] = {}

    def containers(self, kind: ContainerList) -> list[FieldRef]:
        """Return a node for each container of one kind; its `scope` is the kind."""
        if kind not in self._containers:
            found = enumerate(self.node.get(kind, ()))
            self._containers[kind] = [FieldRef(each, self.node, (kind, index), self, kind) for index, each in found]
        return self._containers[kind]

    @cached_property
    def all_containers(self) -> list[FieldRef]:
        """A node for each container: init containers first, ephemeral ones last."""
        return [container for kind in CONTAINER_LISTS for container in self.containers(kind)]

    @cached_property
    def stated_volumes(self) -> dict[str, None]:
        """The names of all volumes, valid or not."""
        return dict.fromkeys(
            filter(None, (*self.claims, *(volume.get("name", "") for volume in self.node.children("volumes"))))
        )

    @cached_property
    def stated_claims(self) -> dict[str, None]:
        """The names of all claims of devices, sorted."""
        return dict.fromkeys(sorted(claim.get("name", "") for claim in self.node.children("resourceClaims")))

    @cached_property
    def is_validated(self) -> bool:
        """Whether the server validates the pods: not without a template, nor those of most controllers before it can read the selector.

        Of a StatefulSet, some fields are validated all the same.
        """
        if self.kind.name == "ReplicationController":
            return self.root.child("spec", "template") is not None
        if self.kind.selector_first:
            return not any(selector_errors(self.root.child("spec", "selector")))
        return True

    @property
    def host_network(self) -> bool:
        """Whether the pod uses the network namespace of its node."""
        return bool(self.spec.get("hostNetwork"))

    @property
    def os(self) -> str:
        """The operating system of the pod: `linux`, `windows`, or empty."""
        return str(self.spec.map("os").get("name") or "")


def is_long_running(container: FieldRef) -> bool:
    """Return whether a container runs as long as its pod: not an ephemeral container, and of init containers only a sidecar."""
    if container.scope == "initContainers":
        return bool(container.get("restartPolicy") == "Always")
    return container.scope == "containers"
