"""How many volumes can be attached to nodes: CSINodes and StorageClasses (pkg/scheduler/framework/plugins/nodevolumelimits)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dsgen.kubernetes.scheduling.kubectl_lists import BadItemError, map_in, maps_in, name_of
from dsgen.kubernetes.scheduling.node_selection import text
from dsgen.tree import Map, is_integer

CSI_NODE: Final = "CSINode"
STORAGE_CLASS: Final = "StorageClass"
# The drivers that in-tree provisioners are translated to (k8s.io/csi-translation-lib).
_MIGRATED: Final = {
    "kubernetes.io/aws-ebs": "ebs.csi.aws.com",
    "kubernetes.io/azure-disk": "disk.csi.azure.com",
    "kubernetes.io/cinder": "cinder.csi.openstack.org",
    "kubernetes.io/gce-pd": "pd.csi.storage.gke.io",
    "kubernetes.io/portworx-volume": "pxd.portworx.com",
}


class Storage:
    """The limits of the drivers on each node, and the driver of each StorageClass."""

    def __init__(self) -> None:
        self._limits: dict[str, dict[str, int]] = {}
        self._drivers: dict[str, str] = {}

    def add(self, item: Map) -> None:
        """Add a CSINode or a StorageClass. Raises BadItemError."""
        kind = text(item.get("kind"))
        name = name_of(item, kind)
        if kind == STORAGE_CLASS:
            provisioner = text(item.get("provisioner"))
            self._drivers[name] = _MIGRATED.get(provisioner, provisioner)
            return
        what = f"CSINode {name}"
        limits = self._limits.setdefault(name, {})
        for driver in maps_in(map_in(item, "spec", what), "drivers", what):
            count = map_in(driver, "allocatable", what).get("count")
            if is_integer(count):
                limits[text(driver.get("name"))] = int(count)
            elif count is not None:
                raise BadItemError(f"`count` of {what} is {count!r}, not a number")

    def attachable(self, node: str) -> Mapping[str, tuple[str, int]]:
        """Return the driver and its limit on a node for each StorageClass whose driver sets one there."""
        limits = self._limits.get(node, {})
        return {name: (driver, limits[driver]) for name, driver in self._drivers.items() if driver in limits}
