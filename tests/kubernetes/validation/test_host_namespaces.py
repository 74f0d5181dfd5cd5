"""What a pod shares with its node, and with whom it cannot share."""

from dsgen.kubernetes.validation import host_namespaces
from tests.kubernetes.examples import Example, checks, container, fill, init

POD = container() + "%s\n"
DEVICES = "volumes: [{name: disk, persistentVolumeClaim: {claimName: disk}}]\nhostUsers: %s\n"
DEVICE = "volumeDevices: [{name: disk, devicePath: /dev/disk}]"

EXAMPLES = (
    Example(
        "conflicting-host-users-and-host-network",
        "Forbidden hostNetwork",
        fill(POD, "hostUsers: false\nhostNetwork: true"),
        fill(
            POD,
            "hostUsers: true\nhostNetwork: true",
            "hostUsers: false\nhostNetwork: false",
            "hostUsers: null\nhostNetwork: true",
        ),
    ),
    Example(
        "conflicting-host-users-and-host-namespace",
        "Forbidden HostPID",
        fill(POD, "hostUsers: false\nhostPID: true"),
        fill(POD, "hostUsers: true\nhostPID: true", "hostUsers: false\nhostPID: false"),
    ),
    Example(
        "conflicting-host-users-and-host-namespace",
        "Forbidden HostIPC",
        fill(POD, "hostUsers: false\nhostIPC: true"),
        fill(POD, "hostIPC: true"),
    ),
    Example(
        "conflicting-host-users-and-devices",
        "Forbidden containers[0].volumeDevices",
        fill(DEVICES + container(DEVICE), "false"),
        (*fill(DEVICES + container(DEVICE), "true", "null"), *fill(DEVICES + container("volumeDevices: []"), "false")),
    ),
    Example(
        "conflicting-host-users-and-devices",
        "Forbidden initContainers[0].volumeDevices",
        fill(DEVICES + container() + init(DEVICE), "false"),
    ),
    Example(
        "conflicting-host-users-and-host-network",
        "Forbidden hostNetwork",
        fill(POD, "hostUsers: false\nhostNetwork: true"),
        fill(DEVICES + container(DEVICE), "false"),
        minor="1.33",
    ),
    Example(
        "conflicting-process-namespace",
        "Invalid shareProcessNamespace",
        fill(POD, "hostPID: true\nshareProcessNamespace: true"),
        fill(POD, "hostPID: true\nshareProcessNamespace: false", "hostPID: false\nshareProcessNamespace: true"),
    ),
    Example(
        "conflicting-process-namespace",
        "Invalid securityContext.shareProcessNamespace",
        fill(POD, "hostPID: true\nshareProcessNamespace: true"),
        minor="1.36",
    ),
)

test_refused, test_accepted, test_each_rule_has_examples = checks(EXAMPLES, host_namespaces)
