"""Container ports: numbers, names, and ports of the node that only one container can have."""

from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation import port_overlaps, ports
from tests.kubernetes.examples import Example, checks, container, fill, init
from tests.kubernetes.manifests import daemonset

PORT = container("ports: [{containerPort: %s}]")
NAME = container("ports: [{containerPort: 80, name: %s}]")
TWO = "containers: [{name: a, image: i, ports: [%s]}, {name: b, image: i, ports: [{containerPort: 81, hostPort: 80}]}]"

EXAMPLES = (
    Example(
        "out-of-range-container-port",
        "Invalid containers[0].ports[0].containerPort",
        fill(PORT, -1, 65536),
        fill(PORT, 1, 65535),
    ),
    Example(
        "missing-container-port",
        "Required containers[0].ports[0].containerPort",
        (container("ports: [{}]"), *fill(PORT, 0, "null")),
        fill(PORT, 80),
    ),
    Example(
        "out-of-range-host-port",
        "Invalid containers[0].ports[0].hostPort",
        fill(container("ports: [{containerPort: 80, hostPort: %s}]"), -1, 65536),
        fill(container("ports: [{containerPort: 80, hostPort: %s}]"), 0, 1, 65535),
    ),
    Example(
        "invalid-port-protocol",
        "NotSupported containers[0].ports[0].protocol",
        fill(container("ports: [{containerPort: 80, protocol: %s}]"), "tcp", "HTTP"),
        fill(container("ports: [{containerPort: 80, protocol: %s}]"), "TCP", "UDP", "SCTP", "''", "null"),
    ),
    Example(
        "invalid-port-name",
        "Invalid containers[0].ports[0].name",
        fill(NAME, "a" * 16, "A", "a_b", "'80'", "a--b", "-a", "a-", "é"),
        fill(NAME, "a" * 15, "a", "8a", "a-b", "''"),
    ),
    Example(
        "duplicate-container-port-name",
        "Duplicate containers[0].ports[1].name",
        (container("ports: [{containerPort: 80, name: web}, {containerPort: 81, name: web}]"),),
        (container("ports: [{containerPort: 80, name: web}, {containerPort: 81, name: admin}]"),),
    ),
    # A wrong name takes no place.
    Example(
        "invalid-port-name",
        "Invalid containers[0].ports[0].name, Invalid containers[0].ports[1].name",
        (container("ports: [{containerPort: 80, name: A}, {containerPort: 81, name: A}]"),),
    ),
    Example(
        "duplicate-host-port",
        "Duplicate containers[1].ports[0].hostPort",
        fill(TWO, "{containerPort: 80, hostPort: 80}", "{containerPort: 80, hostPort: 80, protocol: TCP}"),
        fill(
            TWO,
            "{containerPort: 80, hostPort: 82}",
            "{containerPort: 80, hostPort: 80, protocol: UDP}",
            "{containerPort: 80, hostPort: 80, hostIP: 10.0.0.1}",
            "{containerPort: 80, hostPort: 0}, {containerPort: 90, hostPort: 0}",
        ),
    ),
    # Init containers run one by one, so each is looked at alone; the server names the first, whichever it is.
    Example(
        "duplicate-host-port",
        "Duplicate initContainers[0].ports[1].hostPort",
        (
            "initContainers: [{name: a, image: i}, {name: b, image: i, ports: "
            "[{containerPort: 80, hostPort: 80}, {containerPort: 81, hostPort: 80}]}]",
        ),
        (
            container("ports: [{containerPort: 81, hostPort: 80}]")
            + "initContainers: [{name: a, image: i, ports: [{containerPort: 80, hostPort: 80}]},"
            " {name: b, image: i, ports: [{containerPort: 82, hostPort: 80}]}]",
        ),
    ),
    Example(
        "mismatched-host-port",
        "Invalid containers[0].ports[0].hostPort",
        (f"hostNetwork: true\n{container('ports: [{containerPort: 80, hostPort: 81}]')}",),
        (
            f"hostNetwork: true\n{container('ports: [{containerPort: 80, hostPort: 80}]')}",
            f"hostNetwork: true\n{container('ports: [{containerPort: 80}]')}",
            f"hostNetwork: false\n{container('ports: [{containerPort: 80, hostPort: 81}]')}",
            f"hostNetwork: true\n{init('ports: [{containerPort: 80, hostPort: 81}]')}",
        ),
    ),
    Example(
        "ineffective-host-ip",
        "Warning containers[0].ports[0]",
        (container("ports: [{containerPort: 80, hostIP: 10.0.0.1}]"),),
        (container("ports: [{containerPort: 80, hostPort: 80, hostIP: anything goes}]"),),
    ),
    Example(
        "duplicate-port",
        "Warning containers[0].ports[1]",
        (container("ports: [{containerPort: 80}, {containerPort: 80, protocol: TCP}]"),),
        (container("ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP}]"),),
    ),
    Example(
        "overlapping-port",
        "Warning containers[0].ports[1]",
        (container("ports: [{containerPort: 80}, {containerPort: 80, hostPort: 80}]"),),
        (container("ports: [{containerPort: 80, hostPort: 80}, {containerPort: 80, hostPort: 81}]"),),
    ),
    Example(
        "ambiguous-host-port",
        "Warning containers[0].ports[1]",
        (container("ports: [{containerPort: 80, hostPort: 80}, {containerPort: 80, hostPort: 80, hostIP: 10.0.0.1}]"),),
        fill(
            container(
                "ports: [{containerPort: 80, hostPort: 80, hostIP: %s}, {containerPort: 80, hostPort: 80, hostIP: b}]"
            ),
            "a",
        ),
    ),
    Example(
        "duplicate-port-name",
        "Warning containers[0].ports[0]",
        (init("ports: [{containerPort: 80, name: web}]") + container("ports: [{containerPort: 81, name: web}]"),),
        (init("ports: [{containerPort: 80, name: web}]"),),
    ),
)

test_refused, test_accepted, test_each_rule_has_examples = checks(EXAMPLES, ports, port_overlaps)


def test_of_very_many_pairs_the_first_are_looked_at() -> None:
    containers = ", ".join(f"{{name: c{number}, image: i, ports: [{{containerPort: 80}}]}}" for number in range(60))
    assert port_overlaps.MOST < 60 * 59 // 2
    overlaps = validate(read_first(daemonset(pod=f"initContainers: [{containers}]")).root)
    assert sum(problem.code == "duplicate-port" for problem in overlaps) == port_overlaps.MOST
