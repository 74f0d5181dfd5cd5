"""EndpointSlices."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row, updates
from conformance.mutations.values import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    ENDPOINT_IP,
    LABEL_VALUE,
    LABELS_253,
    LONG,
    PORT_NUMBER,
    QUALIFIED_NAME,
)

MANAGED = "metadata.labels{endpointslice.kubernetes.io/managed-by}"
TYPES = ("IPv4", "IPv6", "FQDN")
RIGHT = {"IPv4": "1.2.3.4", "IPv6": "2001:db8::1", "FQDN": "a.b"}


def _slice(kind: str, *addresses: Json, **fields: Json) -> Json:
    return {"addressType": kind, "endpoints": [{"addresses": list(addresses), **fields}]}


def _endpoint(**fields: Json) -> Json:
    return _slice("IPv4", "1.2.3.4", **fields)


changes(
    "slice-type",
    [{"addressType": kind, "endpoints": endpoints} for kind in TYPES for endpoints in each_of([], None, DROP)],
    [{"addressType": kind, "endpoints": endpoints} for kind in each_of("", None, DROP, "ipv4", "IP", "Hostname") for endpoints in each_of([], DROP, [{"addresses": ["x"]}], [{}])],
    weight=3,
)  # fmt: skip
for kind in TYPES[:2]:
    row(
        f"slice-{kind.lower()}",
        "endpoints",
        ENDPOINT_IP,
        lambda ip: [{"addresses": ["1.2.3.5", ip]}],
        also={"addressType": kind},
        weight=3,
    )
    row(
        f"slice-{kind.lower()}-alone",
        "endpoints",
        ENDPOINT_IP,
        lambda ip: [{"addresses": [ip]}],
        also={"addressType": kind},
        weight=3,
    )
    changes(
        f"slice-{kind.lower()}-family",
        [_slice(kind, RIGHT[kind])],
        [_slice(kind, *addresses) for addresses in (("1.2.3.4", "2001:db8::1"), ("::1",), ("127.0.0.1",), ("::ffff:1.2.3.4",), ("2001:DB8::1",), ("a.b",), ("",), ("01.2.3.4",))],
        weight=2,
    )  # fmt: skip
for manager in ("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io", "endpoint-controller"):
    row(
        "slice-managed",
        "endpoints",
        ENDPOINT_IP,
        lambda ip: [{"addresses": [ip]}],
        also={"addressType": "IPv4", MANAGED: manager},
        weight=0.5,
    )
row(
    "slice-domain",
    "endpoints",
    DNS_SUBDOMAIN.plus(
        ["a.b.", "1.2", LABELS_253], ["", ".", "a", "a.", "a..", "a.b..", f"a.{LONG[64]}", f"{LONG[64]}.a", None, "1"]
    ),
    lambda name: [{"addresses": [name]}],
    also={"addressType": "FQDN"},
    weight=4,
)
changes(
    "slice-addresses",
    [_slice("IPv4", *["1.2.3.4"] * count) for count in (1, 2, 100)],
    [_slice("IPv4"), _slice("IPv4", *["1.2.3.4"] * 101), _slice("FQDN", *["x"] * 101), {"addressType": "IPv4", "endpoints": [{}, None, {"addresses": None}]}],
    weight=3,
)  # fmt: skip
changes(
    "slice-endpoints",
    [{"addressType": "IPv4", "endpoints": [{"addresses": ["1.2.3.4"]}] * count} for count in (2, 1000)],
    [{"addressType": kind, "endpoints": [{}] * 1001} for kind in ("IPv4", "x")],
    weight=0.5,
)
row(
    "slice-hostname",
    "endpoints",
    DNS_LABEL.plus([None], [""]),
    lambda name: _endpoint(hostname=name)["endpoints"],
    also={"addressType": "IPv4"},
    weight=2,
)
row(
    "slice-node",
    "endpoints",
    DNS_SUBDOMAIN.plus([None], [""]),
    lambda name: _endpoint(nodeName=name)["endpoints"],
    also={"addressType": "IPv4"},
    weight=2,
)
TOPOLOGY = Pool(
    [{"a": "b"}, {}, None, {"-a": "b"}, {"a": "-b"}, {"topology.kubernetes.io/zone": "a"}, {f"a{n}": "" for n in range(17)}, {"kubernetes.io/hostname": "a"}, {"kubernetes.io/hostname": "A_"}],
    [[], {"a": 1}],
)  # fmt: skip
row(
    "slice-topology",
    "endpoints",
    TOPOLOGY,
    lambda labels: _endpoint(deprecatedTopology=labels)["endpoints"],
    also={"addressType": "IPv4"},
    weight=2,
)


def _hints(**fields: Json) -> Json:
    return _endpoint(hints=fields)


for field, pool in {"forZones": LABEL_VALUE.plus([None]), "forNodes": DNS_SUBDOMAIN.plus([], ["", None])}.items():
    row(
        f"slice-{field.lower()}",
        "endpoints",
        pool,
        lambda name, field=field: _hints(**{field: [{"name": name}]})["endpoints"],
        also={"addressType": "IPv4"},
        weight=2,
    )
    changes(
        f"slice-{field.lower()}-list",
        [_hints(**{field: names}) for names in each_of([], None, [{"name": "a"}, {"name": "b"}], [{"name": f"a{n}"} for n in range(8)])],
        [_hints(**{field: names}) for names in each_of([{"name": "a"}] * 2, [{"name": "a"}] * 9, [{"name": f"a{n}"} for n in range(9)], [{"name": "A_"}] * 3, [{}, {}])],
        weight=3,
    )  # fmt: skip
changes(
    "slice-hints-beside",
    [_hints(forZones=[{"name": "a"}], forNodes=[{"name": "a"}]), _endpoint(hints=None), _endpoint(hints={})],
    [
        _hints(forZones=[{"name": "a"}] * 9, forNodes=[{"name": "A"}] * 9),
        _hints(forZones=[{"name": "-"}], forNodes=[{"name": "a"}] * 9),
    ],
    weight=2,
)
row("slice-port-name", "ports", DNS_LABEL.plus(["", None, "80"]), lambda name: [{"name": name}], weight=2)
row("slice-port", "ports", PORT_NUMBER.plus([*PORT_NUMBER.bad, None], ["80"]), lambda port: [{"port": port}])
row(
    "slice-protocol",
    "ports",
    Pool(["TCP", "UDP", "SCTP", None], ["", "tcp", "HTTP"]),
    lambda name: [{"protocol": name}],
    weight=2,
)
row("slice-app-protocol", "ports", QUALIFIED_NAME.plus([None], [""]), lambda name: [{"appProtocol": name}], weight=2)
changes(
    "slice-ports",
    [{"ports": ports} for ports in each_of([], None, DROP, [{}], [{"name": "a"}, {"name": "b"}, {}], [{"port": 1, "name": "a"}, {"port": 1, "name": "b"}])],
    [{"ports": ports} for ports in each_of([{}, {}], [{}, {"name": ""}], [{"name": "a"}, {"name": "b"}, {"name": "a"}], [{"name": None}, None], [{"name": "A"}] * 3)],
    weight=3,
)  # fmt: skip
changes(
    "slice-port-number",
    [{"ports": [{"name": f"a{n}"} for n in range(3)]}],
    [{"ports": [{}] * 20001}],
    weight=0.1,
)
row(
    "slice-conditions",
    "endpoints[?].conditions",
    Pool([{}, None, {"ready": None}, {"ready": False, "terminating": True}], [[], {"ready": "true"}]),
)
updates(
    "update-slice-type",
    [({"addressType": kind, "endpoints": []}, {"addressType": kind, "endpoints": []}) for kind in (*TYPES, "x", "")],
    [({"addressType": old, "endpoints": []}, {"addressType": new, "endpoints": []}) for old, new in each_of(("IPv4", "IPv6"), ("IPv4", "x"), ("IPv6", ""), ("x", "y"), ("x", "IPv4"), ("IPv4", DROP))],
    weight=3,
)  # fmt: skip
WRONG = (
    _slice("IPv4"), _slice("IPv4", "127.0.0.1"), _slice("FQDN", "a"), _slice("FQDN", *["a.b"] * 101), _endpoint(hostname=""), _endpoint(nodeName="A_"), _hints(forZones=[{"name": "a"}] * 9),
    _hints(forNodes=[{"name": "A"}]), _slice("IPv4", "01.2.3.4"), _slice("IPv6", "2001:DB8::1"),
)  # fmt: skip
updates(
    "update-slice",
    [(wrong, {**wrong, "metadata.labels": {"a": "b"}}) for wrong in WRONG]
    + [(wrong, {**wrong, "endpoints": [{**wrong["endpoints"][0], "deprecatedTopology": {"a": "b"}}]}) for wrong in WRONG]
    + [(wrong, {**wrong, "endpoints": []}) for wrong in WRONG]
    + [(_endpoint(deprecatedTopology={"-": "-", "a": "b"}), _endpoint(deprecatedTopology={"-": "-", "a": "b"}))],
    [({**wrong, "endpoints": []}, wrong) for wrong in WRONG]
    + [(wrong, {**wrong, "endpoints": [*wrong["endpoints"], {"addresses": [RIGHT[wrong["addressType"]]]}]}) for wrong in WRONG]
    + [({**wrong, "endpoints": [{**wrong["endpoints"][0], "deprecatedTopology": {"a": "b"}}]}, wrong) for wrong in WRONG]
    + [(_endpoint(hostname=None, nodeName="A"), _endpoint(hostname="", nodeName="A"))],
    weight=5,
)  # fmt: skip
PORTS: tuple[Json, ...] = ([{"name": "A"}], [{}, {}], [{"protocol": "x"}])
updates(
    "update-slice-ports",
    [({"ports": wrong}, {"ports": []}) for wrong in PORTS],
    [({"ports": wrong}, {"ports": wrong}) for wrong in PORTS],
    weight=2,
)
