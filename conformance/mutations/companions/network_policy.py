"""Whom network policies are about, and which ports and peers they allow."""

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import PORT_NAME, PORT_NUMBER, SELECTOR, selectors

SIDES = (("ingress", "from"), ("egress", "to"))
BLOCK = {"cidr": "10.0.0.0/8"}

row("policy-pod-selector", "spec.podSelector", SELECTOR, weight=1.5)
changes(
    "policy-types",
    [
        {"spec.policyTypes": value}
        for value in each_of(["Ingress"], ["Egress"], ["Egress", "Ingress"], ["Ingress", "Ingress"], [], None, DROP)
    ],
    [
        {"spec.policyTypes": value}
        for value in each_of(["ingress"], [""], [None], ["Ingress", "x"], ["Both"], ["Egress", "egress"])
    ],
)
changes(
    "policy-types-count",
    [{"spec.policyTypes": ["Ingress"] * count} for count in (1, 2)],
    [
        {"spec.policyTypes": value}
        for value in each_of(["Ingress", "Egress", "Ingress"], ["Ingress"] * 4, ["x"] * 3, ["Egress", "", "x"])
    ],
)
changes(
    "policy-spec",
    [
        {"spec": value}
        for value in each_of(
            {},
            None,
            DROP,
            {"podSelector": None},
            {"ingress": [None], "egress": [{}]},
            {"ingress": [], "egress": None},
        )
    ],
    [
        {"spec": {"ingress": [{"from": [None]}]}},
        {"spec": {"egress": [{"to": [{}]}]}},
        {"spec": {"egress": [{"to": [{}, {}]}]}},
    ],
)
for side, peers in SIDES:
    port, peer = f"spec.{side}[?].ports[+]", f"spec.{side}[?].{peers}[+]"
    row(
        "policy-protocol",
        port,
        Pool(["TCP", "UDP", "SCTP", None], ["", "tcp", "ICMP", "Tcp", "TCP "]),
        lambda protocol: {"protocol": protocol},
    )
    row("policy-port", port, PORT_NUMBER.plus([None]), lambda number: {"port": number})
    row("policy-port-name", port, PORT_NAME.plus([], ["", "8080"]), lambda name: {"port": name, "protocol": "TCP"})
    row(
        "policy-end-port",
        port,
        Pool([80, 81, 65535, 65534, None], [79, 0, -1, 65536, 1, 2147483647]),
        lambda number: {"port": 80, "endPort": number},
    )
    changes(
        "policy-end-port-alone",
        [{port: {"port": first, "endPort": None}} for first in ("http", None, 1)] + [{port: {"port": 1, "endPort": 1}}],
        [
            {port: value}
            for value in each_of(
                {"endPort": 80},
                {"port": "http", "endPort": 80},
                {"port": "", "endPort": 0},
                {"port": None, "endPort": 0},
                {"endPort": -1, "protocol": "UDP"},
            )
        ],
    )
    changes(
        "policy-both-ports",
        [{port: {"port": first, "endPort": last}} for first, last in ((1, 65535), (65535, 65535), (7, 8))],
        [
            {port: {"port": first, "endPort": last}}
            for first, last in ((0, 0), (0, 1), (-1, -2), (65536, 65536), (2, 1), (70000, 8))
        ],
    )
    for name in ("podSelector", "namespaceSelector"):
        row(
            "policy-peer-selector",
            peer,
            Pool(selectors(wrong=False), SELECTOR.bad),
            lambda selector, name=name: {name: selector},
        )
    changes(
        "policy-peer-empty",
        [
            {peer: value}
            for value in each_of(
                {"podSelector": {}},
                {"namespaceSelector": {}},
                {"ipBlock": BLOCK, "podSelector": None},
                {"podSelector": {}, "namespaceSelector": {}},
            )
        ],
        [
            {peer: value}
            for value in each_of({}, None, {"podSelector": None}, {"ipBlock": None, "namespaceSelector": None})
        ],
    )
    changes(
        "policy-peer-mixed",
        [
            {peer: value}
            for value in each_of(
                {"ipBlock": BLOCK},
                {"ipBlock": BLOCK, "namespaceSelector": None},
                {"ipBlock": None, "podSelector": {}},
            )
        ],
        [
            {peer: {"ipBlock": block, name: {}}}
            for name in ("podSelector", "namespaceSelector")
            for block in (BLOCK, {}, {"cidr": "x"})
        ],
    )
BAD_VALUES = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["-"]}]}
updates(
    "update-policy-selector",
    [at("spec.podSelector", BAD_VALUES, BAD_VALUES), at("spec.podSelector", {"matchLabels": {"-": "a"}}, BAD_VALUES), at("spec.podSelector", {}, {"matchLabels": {"a": "b"}}),
     ({"spec.podSelector": BAD_VALUES}, {"spec.podSelector": {}, "spec.ingress": [{"from": [{"namespaceSelector": BAD_VALUES}]}]})],
    [at("spec.podSelector", {}, BAD_VALUES), at("spec.podSelector", BAD_VALUES, {"matchLabels": {"a": "-"}}), at("spec.podSelector", BAD_VALUES, {"matchExpressions": [{"key": "-", "operator": "In"}]})],
)  # fmt: skip
