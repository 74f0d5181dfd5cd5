"""The addresses of services."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row

ADDRESSES = Pool(
    ["10.0.0.1", "255.255.255.255", "fd00::1", "2001:DB8::1", "1:2:3:4:5:6:7:8", "2001:0db8::1", "::1.2.3.4"],
    [
        "",
        "x",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "010.0.0.1",
        "::ffff:1.2.3.4",
        "fe80::1%eth0",
        "1.2.3.4/32",
        " 1.2.3.4",
        "none",
        "1::2::3",
        "::ffff:1.2.3.04",
    ],
    noisy=True,
)
NEAR = [
    "0.0.0.0",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.1.1",
    "224.0.0.1",
    "224.0.0.255",
    "::",
    "::1",
    "fe80::1",
    "febf::1",
    "ff02::1",
    "ff12::1",
    "ff32::5",
]
FAR = ["224.0.1.0", "239.1.1.1", "ff01::1", "ff05::1", "fec0::1", "128.0.0.1", "169.255.0.1", "::2", "240.0.0.1"]
CIDRS = Pool(
    [
        "10.0.0.0/8",
        "0.0.0.0/0",
        "::/0",
        "1.2.3.4/32",
        "2001:db8::/32",
        "2001:DB8::/32",
        "2001:0db8::/32",
        " 10.0.0.0/8 ",
        "::1/128",
        "\t10.0.0.0/8",
    ],
    [
        "",
        "x",
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0.0/08",
        "010.0.0.0/8",
        "2001:db8::1/32",
        "::/129",
        "::ffff:1.2.3.0/120",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "/8",
        "10.0.0.0/8/8",
        "1.2.3/24",
        "::ffff:1.2.3.4/128",
    ],
    noisy=True,
)
RANGES = "metadata.annotations{service.beta.kubernetes.io/load-balancer-source-ranges}"
ALONE: dict[str, Json] = {
    "spec.type": DROP,
    "spec.ipFamilies": DROP,
    "spec.ipFamilyPolicy": DROP,
    "spec.clusterIPs": DROP,
}

row("cluster-ip", "spec.clusterIP", ADDRESSES.plus(["None", None]), also=ALONE, weight=3)
row(
    "cluster-ips",
    "spec.clusterIPs",
    ADDRESSES.plus(["None"]),
    lambda address: [address],
    also={**ALONE, "spec.clusterIP": DROP},
)


def _both(first: Json, addresses: Json) -> Json:
    dual = {"spec.ipFamilyPolicy": "PreferDualStack"} if isinstance(addresses, list) and len(addresses) > 1 else {}
    return {**ALONE, "spec.clusterIP": first, "spec.clusterIPs": addresses, **dual}


changes(
    "cluster-ips-together",
    [
        _both("10.0.0.1", ["10.0.0.1"]), _both("10.0.0.1", ["10.0.0.1", "fd00::1"]), _both("fd00::1", ["fd00::1", "10.0.0.1"]), _both("None", ["None"]), _both(DROP, []), _both("", []),
        _both("10.0.0.1", []), _both("10.0.0.1", ["10.0.0.1", "FD00::1"]),
    ],
    [
        _both("10.0.0.1", ["10.0.0.2"]), _both("", ["10.0.0.1"]), _both("fd00::1", ["FD00::1"]), _both("None", ["None", "10.0.0.1"]), _both("None", ["None", "None"]), _both("10.0.0.1", ["None"]),
        _both("10.0.0.1", ["10.0.0.1", "None"]), _both("10.0.0.1", ["10.0.0.1", "10.0.0.2"]), _both("10.0.0.1", ["10.0.0.1", "10.0.0.1"]), _both("fd00::1", ["fd00::1", "fd00::2"]),
        _both("10.0.0.1", ["10.0.0.1", "fd00::1", "10.0.0.2"]), _both("10.0.0.1", ["10.0.0.1", "10.0.0.2", "10.0.0.3"]), _both("10.0.0.1", ["10.0.0.1", ""]), _both("", [""]), _both("", ["", "10.0.0.1"]),
    ],
    weight=4,
)  # fmt: skip
changes(
    "headless-type",
    [
        {
            **ALONE,
            "spec.type": kind,
            "spec.clusterIP": "None",
            "spec.externalTrafficPolicy": DROP,
            "spec.externalIPs": DROP,
        }
        for kind in ("ClusterIP", DROP)
    ],
    [
        {**ALONE, "spec.type": kind, "spec.clusterIP": "None"}
        for kind in ("NodePort", "LoadBalancer", "ExternalName", "x")
    ],
    weight=3,
)
changes(
    "idle-headless",
    [
        {**ALONE, "spec.clusterIP": "None", "spec.externalTrafficPolicy": DROP, **more}
        for more in each_of(
            {"spec.loadBalancerIP": "1.2.3.4"},
            {"spec.loadBalancerIP": ""},
            {"spec.externalIPs": ["1.2.3.4"]},
            {"spec.externalIPs": []},
            {"spec.sessionAffinity": "ClientIP"},
            {"spec.sessionAffinity": "None"},
        )
    ],
    [],
    weight=2,
)
FOUR, SIX = "10.0.0.1", "fd00::1"


def _families(addresses: Json, families: Json) -> Json:
    return {**_both(addresses[0] if addresses else DROP, addresses), "spec.ipFamilies": families}


changes(
    "cluster-ip-family",
    [
        _families(addresses, families)
        for addresses, families in (
            ([FOUR], ["IPv4"]), ([SIX], ["IPv6"]), ([FOUR, SIX], ["IPv4", "IPv6"]), ([FOUR, SIX], ["IPv4"]), ([FOUR], ["IPv4", "IPv6"]), (["None"], ["IPv6"]), ([], ["IPv6", "IPv4"]), ([FOUR], [])
        )
    ],
    [
        _families(addresses, families)
        for addresses, families in (
            ([FOUR], ["IPv6"]), ([SIX], ["IPv4"]), ([FOUR, SIX], ["IPv6", "IPv4"]), ([FOUR, SIX], ["IPv4", "IPv4"]), ([FOUR], ["x"]), (["x"], ["IPv6"]), ([FOUR, "x"], ["IPv6"]), ([SIX, "x"], ["IPv4"]),
            ([FOUR, FOUR], ["IPv6", "IPv6"]),
        )
    ],
    weight=4,
)  # fmt: skip
row("ip-families", "spec.ipFamilies", Pool([[], ["IPv4"], ["IPv6"], ["IPv6", "IPv4"], None], [["ipv4"], [""], ["IPv4", "IPv4"], ["IPv4", "IPv6", "IPv4"], [None], ["x", "x"]]), also={"spec.clusterIP": DROP, "spec.clusterIPs": DROP, "spec.ipFamilyPolicy": "PreferDualStack"}, weight=3)  # fmt: skip
row(
    "ip-family-policy",
    "spec.ipFamilyPolicy",
    Pool(["SingleStack", "PreferDualStack", "RequireDualStack", None], ["", "singleStack", "DualStack"]),
    weight=3,
)
changes(
    "single-stack",
    [
        {**_both(address, addresses), "spec.ipFamilies": families, "spec.ipFamilyPolicy": policy, "spec.type": "ClusterIP"}
        for policy in ("PreferDualStack", "RequireDualStack")
        for address, addresses, families in (
            (FOUR, [FOUR, SIX], DROP), (FOUR, [FOUR, SIX], ["IPv4", "IPv6"]), (DROP, DROP, ["IPv4", "IPv6"]), (DROP, DROP, ["IPv6"]), (FOUR, DROP, ["IPv4", "IPv6"]), ("None", DROP, ["IPv4", "IPv6"])
        )
    ]
    + [{**_both("None", DROP), "spec.ipFamilies": ["IPv4", "IPv6"], "spec.ipFamilyPolicy": DROP, "spec.selector": selector} for selector in each_of(DROP, None, {})]
    + [{**_both(FOUR, DROP), "spec.ipFamilies": ["IPv4"], "spec.ipFamilyPolicy": policy} for policy in ("SingleStack", DROP, None)],
    [
        {**_both(address, addresses), "spec.ipFamilies": families, "spec.ipFamilyPolicy": policy, "spec.selector": {"a": "b"}}
        for policy in each_of("SingleStack", DROP, None)
        for address, addresses, families in (
            (FOUR, [FOUR, SIX], DROP), (FOUR, [FOUR, SIX], ["IPv4", "IPv6"]), (DROP, DROP, ["IPv4", "IPv6"]), (FOUR, DROP, ["IPv4", "IPv6"]), ("None", DROP, ["IPv4", "IPv6"])
        )
    ],
    weight=4,
)  # fmt: skip
row("external-ip", "spec.externalIPs[+]", ADDRESSES.plus(FAR, NEAR), weight=4)
row("load-balancer-ip", "spec.loadBalancerIP", Pool([*ADDRESSES.good, *ADDRESSES.bad], []), weight=2)
row(
    "source-range",
    "spec.loadBalancerSourceRanges",
    CIDRS,
    lambda one: [one],
    also={"spec.type": "LoadBalancer"},
    weight=3,
)
row("source-ranges-annotation", RANGES, CIDRS.plus([" ", "10.0.0.0/8, ::/0"], ["10.0.0.0/8,", ",", "10.0.0.0/8;::/0", "x,y"]), also={"spec.type": "LoadBalancer", "spec.loadBalancerSourceRanges": DROP}, weight=3)  # fmt: skip
row("source-ranges-annotation-beside", RANGES, CIDRS, weight=2)
