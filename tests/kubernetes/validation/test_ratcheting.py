"""What an update may keep because the old object has it already: wrong amounts, clashes, and fields behind gates."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate_update
from tests.kubernetes.examples import container, init
from tests.kubernetes.pods import POD, manifest

PLAIN = container()
HUGE = container("resources: {limits: {cpu: 1, hugepages-2Mi: %s}}")
OVERHEAD = PLAIN + "overhead: {cpu: 1, hugepages-2Mi: 3Mi}\n"
WHOLE = PLAIN + "resources: {limits: {cpu: 1, hugepages-2Mi: 3Mi}}\n"
SYSCTL = PLAIN + "hostNetwork: true\nsecurityContext: {sysctls: [{name: net.core.somaxconn}]}\n"
MOUNT_OPTION = PLAIN + "securityContext: {seLinuxChangePolicy: MountOption}\n"
NO_HOST_USERS = PLAIN + "hostUsers: false\nhostNetwork: true\n"
DEVICES = (
    container("volumeDevices: [{name: disk, devicePath: /dev/disk}]")
    + "hostUsers: false\nvolumes: [{name: disk, persistentVolumeClaim: {claimName: disk}}]\n"
)
RESIZE = PLAIN + init("resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]")
ALL = container("restartPolicy: Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In}}]")
SIDECAR = PLAIN + init("restartPolicy: Always, restartPolicyRules: [{action: Restart, exitCodes: {operator: In}}]")
SECOND = PLAIN + init("restartPolicy: Always, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {}}]")
ADMIN = container("securityContext: {capabilities: {add: [CAP_SYS_ADMIN]}}")
SYS_ADMIN = ADMIN.replace("{capabilities", "{allowPrivilegeEscalation: false, capabilities")
ESCALATING = ADMIN.replace("{capabilities", "{allowPrivilegeEscalation: true, capabilities")
NEVER = container("restartPolicy: Never")
BOGUS = container("restartPolicy: Sometimes")

ROWS = [
    ("1.36", PLAIN, HUGE.replace("%s", "3Mi"), "Invalid containers[0].resources.limits[hugepages-2Mi]"),
    ("1.36", HUGE.replace("%s", "5Mi"), HUGE.replace("%s", "3Mi"), ""),
    ("1.36", OVERHEAD, HUGE.replace("%s", "3Mi"), ""),
    # The whole pod's own are excused by those of its containers, and excuse none.
    ("1.36", OVERHEAD, WHOLE, ""),
    ("1.36", WHOLE, WHOLE, "Invalid resources.limits[hugepages-2Mi]"),
    ("1.36", PLAIN, SYSCTL, "Invalid securityContext.sysctls[0].name"),
    ("1.36", SYSCTL, SYSCTL, ""),
    ("1.36", PLAIN, MOUNT_OPTION, "NotSupported securityContext.seLinuxChangePolicy"),
    ("1.36", PLAIN + "securityContext: {seLinuxChangePolicy: Recursive}\n", MOUNT_OPTION, ""),
    ("1.36", PLAIN, NO_HOST_USERS, "Forbidden hostNetwork"),
    ("1.36", NO_HOST_USERS, NO_HOST_USERS, ""),
    ("1.34", NO_HOST_USERS, NO_HOST_USERS, "Forbidden hostNetwork"),
    ("1.36", PLAIN, DEVICES, "Forbidden containers[0].volumeDevices"),
    ("1.36", DEVICES, DEVICES, ""),
    ("1.36", PLAIN, RESIZE, "Invalid initContainers[0].resizePolicy[0].restartPolicy"),
    ("1.36", RESIZE, RESIZE, ""),
    ("1.35", PLAIN, ALL, "NotSupported containers[0].restartPolicyRules[0].action"),
    ("1.35", ALL, ALL, ""),
    ("1.35", PLAIN, SIDECAR, "Forbidden initContainers[0].restartPolicyRules"),
    ("1.35", ALL, SIDECAR, ""),
    ("1.35", SIDECAR, SECOND, "NotSupported initContainers[0].restartPolicyRules[0].exitCodes.operator"),
    # 1.34 drops a container's own policy, unless the old object has one.
    ("1.34", PLAIN, BOGUS, ""),
    ("1.34", NEVER, BOGUS, "NotSupported containers[0].restartPolicy"),
    ("1.34", container("restartPolicyRules: [{}]"), BOGUS, ""),
    ("1.34", NEVER, ALL, "NotSupported containers[0].restartPolicyRules[0].action"),
    # Since 1.37, what matters is that a container of the old object has the capability, and does not set it to true.
    ("1.37", PLAIN, SYS_ADMIN, "Invalid containers[0].securityContext"),
    ("1.36", SYS_ADMIN, SYS_ADMIN, "Invalid containers[0].securityContext"),
    ("1.37", SYS_ADMIN, SYS_ADMIN, ""),
    ("1.37", ADMIN, SYS_ADMIN, ""),
    ("1.37", ESCALATING, SYS_ADMIN, "Invalid containers[0].securityContext"),
    # 1.33 keeps resources of the whole pod, and never looks at them.
    ("1.33", WHOLE, WHOLE, ""),
]


@pytest.mark.parametrize(("minor", "old", "new", "errors"), ROWS)
def test_update(minor: str, old: str, new: str, errors: str) -> None:
    found = validate_update(read_first(manifest(old)).root, read_first(manifest(new)).root, minor)
    said = {f"{one.type} {one.field.removeprefix(f'{POD}.')}" for one in found if one.severity == "error"}
    assert said == set(filter(None, [errors]))
