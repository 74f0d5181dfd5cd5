"""Where services send their traffic."""

from conformance.mutations.row import DROP, Pool, changes, row

TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName", "x", DROP)
POLICIES = Pool(["Cluster", "Local", None], ["", "local", "Global", "cluster "])

row("internal-traffic-policy", "spec.internalTrafficPolicy", POLICIES, weight=3)
row(
    "traffic-distribution",
    "spec.trafficDistribution",
    Pool(["PreferClose", "PreferSameZone", "PreferSameNode", None], ["", "preferClose", "Close", "PreferSameRegion"]),
    weight=3,
)
changes(
    "external-traffic-policy",
    [{"spec.type": kind, "spec.clusterIP": DROP, "spec.clusterIPs": DROP, "spec.externalTrafficPolicy": policy} for kind in ("NodePort", "LoadBalancer") for policy in ("Cluster", "Local", "", None)]
    + [{"spec.type": DROP, "spec.externalIPs": ["192.0.2.1"], "spec.externalTrafficPolicy": policy} for policy in ("Cluster", "Local", DROP)],
    [{"spec.type": kind, "spec.externalTrafficPolicy": policy} for kind in TYPES for policy in ("Cluster", "Local", "local", "x")]
    + [{"spec.type": DROP, "spec.externalIPs": [], "spec.externalTrafficPolicy": "Cluster"}],
    weight=4,
)  # fmt: skip
changes(
    "health-check-node-port",
    [{"spec.type": "LoadBalancer", "spec.clusterIP": DROP, "spec.clusterIPs": DROP, "spec.externalTrafficPolicy": "Local", "spec.healthCheckNodePort": port} for port in (0, 1, 65535, 32000, None)]
    + [{"spec.healthCheckNodePort": 0}],
    [{"spec.type": "LoadBalancer", "spec.externalTrafficPolicy": "Local", "spec.healthCheckNodePort": port} for port in (-1, 65536)]
    + [{"spec.type": kind, "spec.externalTrafficPolicy": policy, "spec.healthCheckNodePort": 32000} for kind in TYPES for policy in ("Cluster", "Local", DROP, "x")],
    weight=4,
)  # fmt: skip
