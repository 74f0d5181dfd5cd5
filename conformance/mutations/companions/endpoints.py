"""Endpoints."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row, updates
from conformance.mutations.values import DNS_LABEL, DNS_SUBDOMAIN, ENDPOINT_IP, PORT_NUMBER, QUALIFIED_NAME

MANAGED = "metadata.labels{endpoints.kubernetes.io/managed-by}"


def subset(**fields: Json) -> Json:
    """Return the subsets of Endpoints: one with these fields, and an address if there is none."""
    return [
        {
            **({} if "addresses" in fields or "notReadyAddresses" in fields else {"addresses": [{"ip": "1.2.3.4"}]}),
            **fields,
        }
    ]


for field in ("addresses", "notReadyAddresses"):
    row(
        f"endpoint-ip-{field[:3].lower()}",
        "subsets",
        ENDPOINT_IP,
        lambda ip, field=field: subset(**{field: [{"ip": ip}]}),
        weight=2,
    )
row("endpoint-ip-beside", "subsets[?].addresses[+].ip", ENDPOINT_IP)
row(
    "endpoint-ip-managed",
    "subsets",
    ENDPOINT_IP,
    lambda ip: subset(addresses=[{"ip": ip}]),
    also={MANAGED: "endpoint-controller"},
)
row(
    "endpoint-hostname",
    "subsets",
    DNS_LABEL.plus(["", None]),
    lambda name: subset(addresses=[{"ip": "1.2.3.4", "hostname": name}]),
    weight=2,
)
row(
    "endpoint-node",
    "subsets",
    DNS_SUBDOMAIN.plus([None], [""]),
    lambda name: subset(notReadyAddresses=[{"ip": "1.2.3.4", "nodeName": name}]),
    weight=2,
)
changes(
    "endpoint-addresses",
    [{"subsets": value} for value in each_of([], None, DROP, subset(addresses=[{"ip": "1.2.3.4"}], notReadyAddresses=[]), subset(notReadyAddresses=[{"ip": "1.2.3.4"}]))],
    [{"subsets": value} for value in each_of([{}], [None], [{"ports": []}], [{"addresses": [], "notReadyAddresses": None}], [{"addresses": [{}]}], [{"addresses": [None]}])],
    weight=3,
)  # fmt: skip
changes(
    "endpoint-port-names",
    [{"subsets": subset(ports=ports)} for ports in each_of([], None, [{"port": 1}], [{"port": 1, "name": "a"}, {"port": 1, "name": "a"}], [{"port": 1, "name": ""}])],
    [{"subsets": subset(ports=ports)} for ports in each_of([{"port": 1}, {"port": 2}], [{"port": 1, "name": "a"}, {"port": 2}], [{"port": 1, "name": None}, {"port": 2, "name": "A"}], [None], [{}])],
    weight=3,
)  # fmt: skip
row(
    "endpoint-port-name",
    "subsets",
    DNS_LABEL.plus(["", "80", "a" * 16]),
    lambda name: subset(ports=[{"port": 1, "name": name}]),
    weight=2,
)
row("endpoint-port", "subsets", PORT_NUMBER.plus([], [None]), lambda port: subset(ports=[{"port": port}]), weight=2)
row(
    "endpoint-protocol",
    "subsets",
    Pool(["TCP", "UDP", "SCTP", "", None], ["tcp", "HTTP", " "]),
    lambda name: subset(ports=[{"port": 1, "protocol": name}]),
    weight=2,
)
row(
    "endpoint-app-protocol",
    "subsets",
    QUALIFIED_NAME.plus([None, "kubernetes.io/h2c"], [""]),
    lambda name: subset(ports=[{"port": 1, "appProtocol": name}]),
    weight=2,
)
WRONG = each_of(
    [{}],
    subset(addresses=[{"ip": "127.0.0.1"}]),
    subset(ports=[{"port": 0}]),
    subset(addresses=[{"ip": "01.2.3.4", "hostname": "A"}]),
    subset(addresses=[{"ip": "1.2.3.4", "nodeName": ""}]),
)
updates(
    "update-endpoints",
    [({"subsets": wrong}, {"subsets": wrong, "metadata.labels": {"a": "b"}}) for wrong in WRONG]
    + [({"subsets": wrong}, {"subsets": subset()}) for wrong in WRONG]
    + [({"subsets": []}, {"subsets": None})],
    [({"subsets": subset()}, {"subsets": wrong}) for wrong in WRONG]
    + [({"subsets": wrong}, {"subsets": [*wrong, *subset()]}) for wrong in WRONG]
    + [({"subsets": subset(addresses=[{"ip": "0.0.0.0", "nodeName": None}])}, {"subsets": subset(addresses=[{"ip": "0.0.0.0", "nodeName": ""}])})],
    weight=4,
)  # fmt: skip
