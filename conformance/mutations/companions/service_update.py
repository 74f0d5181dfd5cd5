"""Changes of Services: their types, addresses, families and ports."""

from conformance.case import Json
from conformance.mutations.row import DROP, at, each_of, updates

NO_ADDRESS: Json = {
    "spec.clusterIP": DROP,
    "spec.clusterIPs": DROP,
    "spec.ipFamilies": DROP,
    "spec.ipFamilyPolicy": DROP,
}
PORTS: Json = [{"name": "a", "port": 80}]
PLAIN: Json = {
    "spec.type": DROP, **NO_ADDRESS, "spec.externalIPs": DROP, "spec.externalTrafficPolicy": DROP, "spec.healthCheckNodePort": DROP, "spec.loadBalancerClass": DROP,
    "spec.loadBalancerSourceRanges": DROP, "spec.allocateLoadBalancerNodePorts": DROP, "spec.externalName": DROP, "spec.ports": PORTS,
}  # fmt: skip
FOUR, SIX = "10.0.0.1", "fd00::1"


def _pairs(*pairs: tuple[Json, Json]) -> list[tuple[Json, Json]]:
    """Return changes of plain Services; keys are fields of the spec."""
    return [tuple({**PLAIN, **{f"spec.{key}": value for key, value in one.items()}} for one in pair) for pair in pairs]  # type: ignore[misc]


ONE: Json = {"clusterIP": FOUR, "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack"}
TWO: Json = {"clusterIP": FOUR, "clusterIPs": [FOUR, SIX], "ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack"}  # fmt: skip
HEADLESS: Json = {"clusterIP": "None"}
BOTH: Json = {"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "PreferDualStack"}
EXTERNAL: Json = {"type": "ExternalName", "externalName": "a.b"}
updates(
    "update-cluster-ip",
    _pairs(
        (ONE, ONE), (ONE, {}), ({}, ONE), ({"clusterIP": FOUR}, {"clusterIP": FOUR}), (HEADLESS, HEADLESS), (HEADLESS, {}), (TWO, TWO), (TWO, {}), (TWO, {"ipFamilyPolicy": "SingleStack"}), (TWO, {**TWO, "ipFamilyPolicy": "SingleStack"}),
        (TWO, ONE), (ONE, TWO), (ONE, {"ipFamilyPolicy": "PreferDualStack"}), ({"clusterIP": FOUR}, {"clusterIP": FOUR, "clusterIPs": [FOUR]}), (TWO, {"clusterIP": FOUR, "ipFamilyPolicy": "SingleStack"}), ({}, BOTH), (BOTH, {}), (BOTH, {"ipFamilyPolicy": "SingleStack"}), (HEADLESS, {**HEADLESS, **BOTH}),
        ({"clusterIP": "010.0.0.1"}, {"clusterIP": "010.0.0.1"}), (BOTH, {"ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack"}), ({**HEADLESS, **BOTH}, {**HEADLESS, "ipFamilies": ["IPv6"], "ipFamilyPolicy": "SingleStack"}),
    ),
    _pairs(
        *((ONE, value) for value in each_of({"clusterIP": "10.0.0.2"}, HEADLESS, {"clusterIP": SIX}, {"clusterIP": SIX, "ipFamilies": ["IPv6"]}, {"ipFamilies": ["IPv6"]}, BOTH | {"ipFamilies": ["IPv6", "IPv4"]}, {"clusterIP": "10.0.0.2", "clusterIPs": ["10.0.0.2", SIX], "ipFamilyPolicy": "PreferDualStack"}, {"clusterIPs": ["10.0.0.2"]}, {"clusterIP": "x"}, BOTH | {"ipFamilyPolicy": "SingleStack"})),
        *((TWO, value) for value in each_of({**TWO, "clusterIPs": [FOUR, "fd00::2"]}, {**TWO, "clusterIPs": [FOUR]}, {**TWO, "ipFamilies": ["IPv4"]}, {**TWO, "clusterIP": SIX, "clusterIPs": [SIX, FOUR], "ipFamilies": ["IPv6", "IPv4"]}, {"ipFamilies": ["IPv6"], "ipFamilyPolicy": "SingleStack"}, {"clusterIP": SIX, "clusterIPs": [SIX], "ipFamilyPolicy": "SingleStack"}, {"clusterIP": FOUR, "clusterIPs": [FOUR], "ipFamilyPolicy": "PreferDualStack"}, HEADLESS)),
        ({}, HEADLESS), (HEADLESS, {"clusterIP": FOUR}), (BOTH, HEADLESS), (BOTH, {"ipFamilies": ["IPv6", "IPv4"]}), (BOTH, {"ipFamilies": ["IPv4"]}), ({"ipFamilies": ["IPv4"]}, {"ipFamilies": ["IPv6"]}), ({"clusterIP": "010.0.0.1"}, {"clusterIP": "010.0.0.2"}), ({}, {"clusterIP": FOUR, "ipFamilies": ["IPv6"]}),
    ),
    6,
)  # fmt: skip
NODE: Json = {"type": "NodePort", "ports": [{"name": "a", "port": 80, "nodePort": 30080}]}
BALANCER: Json = {"type": "LoadBalancer", "loadBalancerClass": "a.b/c", "allocateLoadBalancerNodePorts": False, "externalTrafficPolicy": "Local", "healthCheckNodePort": 32100, "ports": NODE["ports"]}  # fmt: skip
updates(
    "update-service-type",
    _pairs(
        (NODE, {}), (NODE, {"ports": NODE["ports"]}), (NODE, {"type": "NodePort"}), (NODE, {**NODE, "type": "LoadBalancer"}), ({}, NODE), (BALANCER, {}), (BALANCER, {**BALANCER, "type": "ClusterIP"}), (BALANCER, {**BALANCER, "type": "NodePort"}),
        (EXTERNAL, {}), (EXTERNAL, ONE), (EXTERNAL, TWO), (EXTERNAL, HEADLESS), ({}, EXTERNAL), (ONE, {**ONE, **EXTERNAL}), (TWO, {**TWO, **EXTERNAL}), (BALANCER, {**BALANCER, **EXTERNAL}), (NODE, {**NODE, **EXTERNAL}), ({**NODE, "externalTrafficPolicy": "Local"}, {"externalTrafficPolicy": "Local"}),
        (HEADLESS, EXTERNAL), (EXTERNAL, EXTERNAL),
    ),
    _pairs(
        (NODE, {"ports": [{"port": 80, "nodePort": 30081}]}), (BALANCER, {**BALANCER, "type": "ClusterIP", "healthCheckNodePort": 32101}), (BALANCER, {**BALANCER, "type": "ClusterIP", "loadBalancerClass": "x.y/z"}), (BALANCER, {**BALANCER, "type": "NodePort", "allocateLoadBalancerNodePorts": True}),
        (BALANCER, {**BALANCER, "type": "ClusterIP", "externalTrafficPolicy": "Cluster"}), (ONE, {**EXTERNAL, "clusterIP": "10.0.0.2"}), (ONE, {**EXTERNAL, "ipFamilyPolicy": "PreferDualStack"}), (TWO, {**EXTERNAL, "ipFamilies": ["IPv4"]}), ({**NODE, "externalTrafficPolicy": "Local"}, {"externalTrafficPolicy": "Cluster"}),
        (HEADLESS, {"type": "NodePort"}), (HEADLESS, NODE), ({}, {**EXTERNAL, "clusterIP": FOUR}), (ONE, {**EXTERNAL, "clusterIP": "None"}), ({"loadBalancerSourceRanges": ["10.0.0.0/8"], **BALANCER}, {"loadBalancerSourceRanges": ["10.0.0.0/8"]}),
    ),
    6,
)  # fmt: skip
updates(
    "update-balancer",
    _pairs(
        (BALANCER, BALANCER), (BALANCER, {**BALANCER, "healthCheckNodePort": 0}), (BALANCER, {**BALANCER, "externalTrafficPolicy": "Cluster"}), (BALANCER, {**BALANCER, "externalTrafficPolicy": "Cluster", "healthCheckNodePort": DROP}), ({"type": "LoadBalancer"}, {"type": "LoadBalancer", "externalTrafficPolicy": "Local"}),
        ({**BALANCER, "healthCheckNodePort": DROP}, BALANCER), ({**BALANCER, "loadBalancerSourceRanges": ["10.0.0.1/8"]}, {**BALANCER, "loadBalancerSourceRanges": ["10.0.0.1/8 ", "10.0.0.0/8"]}), ({}, BALANCER),
    ),
    _pairs(
        *((BALANCER, {**BALANCER, "loadBalancerClass": value}) for value in each_of("x.y/z", None, "", "A b")), ({**BALANCER, "loadBalancerClass": DROP}, BALANCER), (BALANCER, {**BALANCER, "healthCheckNodePort": 32101}), (BALANCER, {**BALANCER, "healthCheckNodePort": -1}),
        ({"type": "LoadBalancer"}, {**BALANCER, "loadBalancerClass": DROP, "healthCheckNodePort": 30080}), (BALANCER, {**BALANCER, "loadBalancerSourceRanges": ["10.0.0.1/8", "x"]}), ({**BALANCER, "loadBalancerSourceRanges": ["x"]}, {**BALANCER, "loadBalancerSourceRanges": ["y", "x"]}),
    ),
    5,
)  # fmt: skip


def _numbered(*numbers: Json) -> Json:
    return {"type": "NodePort", "ports": [{"name": f"p{index}", "port": index + 1, "nodePort": number} for index, number in enumerate(numbers)]}  # fmt: skip


updates(
    "update-node-ports",
    _pairs(
        (_numbered(30001, 30002), _numbered(30002, 30001)), (_numbered(30001), _numbered(0, 30001)), (_numbered(30001, 30002), _numbered(0)), (_numbered(30001), _numbered(30002)), (_numbered(0), _numbered(30001)), (_numbered(-5), _numbered(-5)),
        (_numbered(30001), {"type": "LoadBalancer", "ports": [{"name": "p0", "port": 9}]}),
    ),
    _pairs(
        (_numbered(30001), _numbered(-1)), (_numbered(30001), _numbered(30001, 65536)), (_numbered(30001), _numbered(30002, 30002)), (_numbered(30001, 30002), _numbered(30001, 30001)), ({}, _numbered(70000, 70001)), ({}, _numbered(30001, 30001)),
        (BALANCER, _numbered(32100)),
    ),
    4,
)  # fmt: skip
RANGES = "metadata.annotations{service.beta.kubernetes.io/load-balancer-source-ranges}"
updates(
    "update-service-kept",
    [at("spec.externalIPs", [old], [old, "192.0.2.1"]) for old in ("192.0.2.010", "x", "::ffff:1.2.3.4")]
    + [({RANGES: "x", "spec.type": "LoadBalancer", "spec.clusterIP": DROP, "spec.clusterIPs": DROP}, {RANGES: "x", "spec.type": "LoadBalancer", "spec.clusterIP": DROP, "spec.clusterIPs": DROP})],
    [at("spec.externalIPs", [old], [new]) for old, new in (("192.0.2.010", "192.0.2.011"), ("x", "y"), ("127.0.0.1", "127.0.0.1"))]
    + [({RANGES: "x"}, {RANGES: "y"}), ({RANGES: "x", "spec.type": DROP}, {RANGES: "x", "spec.type": DROP})],
    3,
)  # fmt: skip
PREFERRED: Json = {
    "spec.type": "ClusterIP",
    "spec.ipFamilyPolicy": "PreferDualStack",
    "spec.externalName": DROP,
    "spec.clusterIP": "10.0.0.1",
}
TWO_ADDRESSES: Json = {**PREFERRED, "spec.ipFamilies": ["IPv4", "IPv6"], "spec.clusterIPs": ["10.0.0.1", "fd00::1"]}
updates(
    "update-second-address",
    [
        (TWO_ADDRESSES, TWO_ADDRESSES),
        (
            TWO_ADDRESSES,
            {
                **TWO_ADDRESSES,
                "spec.ipFamilyPolicy": "SingleStack",
                "spec.ipFamilies": ["IPv4"],
                "spec.clusterIPs": ["10.0.0.1"],
            },
        ),
    ],
    [
        (TWO_ADDRESSES, {**TWO_ADDRESSES, "spec.ipFamilies": ["IPv4"], "spec.clusterIPs": ["10.0.0.1"]}),
        (TWO_ADDRESSES, {**TWO_ADDRESSES, "spec.clusterIPs": ["10.0.0.1"]}),
    ],
)
