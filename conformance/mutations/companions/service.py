"""Services: types, ports, affinity."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import DNS_LABEL, DNS_SUBDOMAIN, LABEL_VALUE, PORT_NAME, QUALIFIED_NAME

PORTS = Pool([1, 80, 65535], [0, -1, 65536, 2147483647, None, "80", 1.5])

row("service-name", "metadata.name", DNS_LABEL.plus(["1a", "0"], ["a.b", None]))
changes(
    "service-generated-name",
    [{"metadata.name": DROP, "metadata.generateName": prefix} for prefix in ("a-", "1", "1-a", "a" * 63)],
    [{"metadata.name": DROP, "metadata.generateName": prefix} for prefix in ("a.", "A", "-", "a_", "a" * 64)],
)
row(
    "service-type",
    "spec.type",
    Pool(["ClusterIP", "NodePort", "LoadBalancer", None, ""], ["ExternalName", "clusterIP", "Headless", " "]),
)
row("service-selector-key", "spec.selector", QUALIFIED_NAME, lambda key: {key: "a"})
row("service-selector-value", "spec.selector{a}", LABEL_VALUE.plus([None], [1, True]))
row("service-selector", "spec.selector", Pool([{}, None, {"a": "b"}], [[], "a"]))
EXTERNAL = {
    "spec.type": "ExternalName",
    "spec.clusterIP": DROP,
    "spec.clusterIPs": DROP,
    "spec.ipFamilies": DROP,
    "spec.ipFamilyPolicy": DROP,
}
row(
    "external-name",
    "spec.externalName",
    DNS_SUBDOMAIN.plus(["a.b.", "a.", "1.2.3.4"], ["", ".", "a..", None, "A.b."]),
    also=EXTERNAL,
    weight=3,
)
row("external-name-idle", "spec.externalName", Pool(["a", "A b", "", None], []))
changes(
    "external-name-address",
    [{**EXTERNAL, "spec.externalName": "a.b", **more} for more in each_of({}, {"spec.clusterIP": ""}, {"spec.ipFamilies": []}, {"spec.ports": DROP}, {"spec.externalIPs": ["1.2.3.4"]})],
    [
        {**EXTERNAL, "spec.externalName": "a.b", **more}
        for more in (
            {"spec.clusterIP": "None"}, {"spec.clusterIP": "10.0.0.1"}, {"spec.clusterIPs": ["10.0.0.1"]}, {"spec.clusterIP": "x", "spec.clusterIPs": ["y"]},
            {"spec.ipFamilies": ["IPv4"]}, {"spec.ipFamilies": ["x", "x"]}, {"spec.ipFamilyPolicy": "SingleStack"}, {"spec.ipFamilyPolicy": "x"}, {"spec.ipFamilyPolicy": ""},
        )
    ],
    weight=3,
)  # fmt: skip
row("session-affinity", "spec.sessionAffinity", Pool(["None", "ClientIP", "", None], ["none", "Client", "Cookie"]))
changes(
    "session-affinity-timeout",
    [
        {"spec.sessionAffinity": affinity, "spec.sessionAffinityConfig": config}
        for affinity in ("ClientIP", "None", DROP)
        for config in each_of(*({"clientIP": {"timeoutSeconds": seconds}} for seconds in (1, 86400, 86399)), None, {}, {"clientIP": {}}, {"clientIP": None}, {"clientIP": {"timeoutSeconds": None}})
    ],
    [{"spec.sessionAffinity": "ClientIP", "spec.sessionAffinityConfig": {"clientIP": {"timeoutSeconds": seconds}}} for seconds in (0, -1, 86401, 2147483647)],
    weight=3,
)  # fmt: skip
row(
    "session-affinity-idle",
    "spec.sessionAffinityConfig",
    Pool([{"clientIP": {"timeoutSeconds": 0}}], [[], "a", {"clientIP": {"timeoutSeconds": "1"}}]),
)

BALANCED = ("LoadBalancer", "ClusterIP", "NodePort", "ExternalName", "x")
for field, good, bad in (
    ("allocateLoadBalancerNodePorts", each_of(True, False, None), each_of("true", 1)),
    ("loadBalancerClass", each_of("a", "a.b/c", None), each_of("", "a/b/c", "a b", "/a")),
    ("loadBalancerSourceRanges", each_of(["10.0.0.0/8"], [], None), each_of(["x"], [""], ["10.0.0.1"])),
):
    changes(
        f"balancer-{field.lower()}",
        [
            {"spec.type": "LoadBalancer", "spec.clusterIP": DROP, "spec.clusterIPs": DROP, f"spec.{field}": value}
            for value in good
        ],
        [{"spec.type": kind, f"spec.{field}": value} for kind in BALANCED for value in (*good, *bad)],
        weight=3,
    )
row("balancer-class", "spec.loadBalancerClass", QUALIFIED_NAME, also={"spec.type": "LoadBalancer"})
HINTS, MODE = (
    "metadata.annotations{service.kubernetes.io/topology-aware-hints}",
    "metadata.annotations{service.kubernetes.io/topology-mode}",
)
changes(
    "topology-mode",
    [{HINTS: value, MODE: value} for value in ("Auto", "", "x")]
    + [{HINTS: "Auto", MODE: DROP}, {MODE: "x", HINTS: DROP}],
    [{HINTS: a, MODE: b} for a, b in (("Auto", "auto"), ("", "Auto"), ("Disabled", "Auto"), ("a", ""))],
    weight=3,
)

row("service-port", "spec.ports[?].port", PORTS, weight=3)
row("service-port-name", "spec.ports[?].name", DNS_LABEL.plus(["a" * 16], ["", None]), weight=3)
row(
    "service-target-port",
    "spec.ports[?].targetPort",
    PORT_NAME.plus([1, 65535, 0, "", None], [65536, -1, "80", "8o--80"]),
    weight=3,
)
row(
    "service-protocol",
    "spec.ports[?].protocol",
    Pool(["TCP", "UDP", "SCTP", "", None], ["tcp", "HTTP", "ICMP"]),
    weight=2,
)
row("service-app-protocol", "spec.ports[?].appProtocol", QUALIFIED_NAME.plus([None, "http"], [""]), weight=2)


def _ports(*ports: Json) -> Json:
    return {"spec.ports": list(ports)}


changes(
    "service-ports",
    [
        _ports({"port": 1}),
        _ports({"port": 1, "name": "a"}, {"port": 2, "name": "b"}),
        {"spec.ports": [], "spec.clusterIP": "None", "spec.clusterIPs": DROP, "spec.type": DROP},
    ],
    [{"spec.ports": value} for value in each_of([], None, [None], [{}])]
    + [{"spec.ports": [], "spec.type": kind} for kind in BALANCED],
    weight=3,
)
changes(
    "service-ports-beside",
    [
        _ports({"port": 1, "name": "a"}, {"port": 1, "name": "b", "protocol": "UDP"}),
        _ports({"port": 1, "name": "a"}, {"port": 2, "name": "A".lower() + "a"}),
        _ports({"port": 1, "targetPort": 5, "name": "a"}, {"port": 2, "targetPort": 5, "name": "b"}),
    ],
    [
        _ports({"port": 1, "name": "a"}, {"port": 2}),
        _ports({"port": 1}, {"port": 2}),
        _ports({"port": 1, "name": "a"}, {"port": 2, "name": "a"}, {"port": 3, "name": "a"}),
        _ports({"port": 1, "name": "A"}, {"port": 2, "name": "A"}),
        _ports({"port": 1, "name": "a"}, {"port": 1, "name": "b"}),
        _ports(
            {"port": 1, "name": "a"},
            {"port": 1, "name": "b", "protocol": "TCP"},
            {"port": 1, "name": "c", "protocol": ""},
        ),
        _ports({"port": 0, "name": "a"}, {"port": 0, "name": "b"}),
        _ports({"port": 1, "name": "a", "protocol": "x"}, {"port": 1, "name": "b", "protocol": "x"}),
    ],
    weight=4,
)
changes(
    "node-port",
    [
        {"spec.type": kind, "spec.clusterIP": DROP, "spec.clusterIPs": DROP, "spec.ports": ports}
        for kind in ("NodePort", "LoadBalancer")
        for ports in (
            [{"port": 1, "nodePort": 30000, "name": "a"}, {"port": 2, "nodePort": 30001, "name": "b"}],
            [
                {"port": 1, "nodePort": 30000, "name": "a"},
                {"port": 2, "nodePort": 30000, "name": "b", "protocol": "UDP"},
            ],
            [{"port": 1, "nodePort": 0, "name": "a"}, {"port": 2, "nodePort": 0, "name": "b"}],
            [{"port": 1, "nodePort": 80}],
        )
    ],
    [
        {"spec.type": kind, "spec.ports": ports}
        for kind in ("NodePort", "ClusterIP", DROP, "ExternalName")
        for ports in (
            [{"port": 1, "nodePort": 30000, "name": "a"}, {"port": 2, "nodePort": 30000, "name": "b"}],
            [{"port": 1, "nodePort": 30000}],
            [{"port": 1, "nodePort": -1}],
        )
    ],
    weight=4,
)


def _given(*numbers: tuple[int, Json]) -> Json:
    """Return node ports: of each port its `port` and its `nodePort`, with protocols and names in turn."""
    ports = zip(numbers, ("TCP", "UDP", "SCTP"), "abc", strict=False)
    return {
        "spec.clusterIP": DROP,
        "spec.clusterIPs": DROP,
        "spec.ports": [
            {"port": port, "nodePort": given, "protocol": protocol, "name": name}
            for (port, given), protocol, name in ports
        ],
    }


changes(
    "node-port-taken",
    [
        {"spec.type": kind, **_given(*ports)}
        for kind in ("NodePort", "LoadBalancer")
        for ports in (
            [(53, 30053), (53, 30053)], [(53, 30053), (53, 30054)], [(53, 0), (53, 30053)], [(53, 30053), (53, None)], [(53, 30053), (54, 30054)], [(1, 1), (2, 65535)],
        )
    ]
    + [{"spec.type": "ClusterIP", **_given((53, 0), (54, 0))}],
    [
        {"spec.type": kind, **_given(*ports)}
        for kind in ("NodePort", "LoadBalancer")
        for ports in (
            [(53, 30053), (54, 30053)], [(53, 0), (54, 30053), (53, 30053)], [(53, 30053), (53, 30054), (54, 30054)], [(53, -1)], [(53, 65536)], [(53, 30053), (54, 30053), (55, 30053)], [(53, -1), (54, -1)], [(53, 65536), (53, 65536)],
        )
    ],
    weight=4,
)  # fmt: skip
changes(
    "health-check-taken",
    [{"spec.type": "LoadBalancer", "spec.externalTrafficPolicy": policy, "spec.healthCheckNodePort": check, **_given((53, 30053))} for policy, check in (("Local", 30054), ("Local", 0), ("Local", 65535), ("Cluster", 0))],
    [{"spec.type": "LoadBalancer", "spec.externalTrafficPolicy": policy, "spec.healthCheckNodePort": 30053, **_given((53, 30053))} for policy in ("Local", "Cluster")],
    weight=3,
)  # fmt: skip
