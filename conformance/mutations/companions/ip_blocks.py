"""The blocks of IP addresses in network policies."""

from conformance.case import Json
from conformance.mutations.row import Pool, at, changes, each_of, row, updates

SIDES = (("ingress", "from"), ("egress", "to"))
CIDR = Pool(
    [
        "10.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32", "::/0", "2001:db8::/64", "::1/128", "192.168.0.0/16", "128.0.0.0/1", "fe80::/10", "1:2:3:4:5:6:7:8/128", "64:ff9b::1.2.3.4/128",
        "2001:DB8::/64", "2001:0db8::/64", "2001:db8:0:0::/64", "0:0:0:0:0:0:0:0/0", "1:0:0:2::/64", "1:0:2::/48", "::0/128", "::102:304/128", "::1.2.3.4/128",
    ],
    [
        "10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "10.0.0/8", "010.0.0.0/8", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0.0/a", "10.0.0.0 /8", " 10.0.0.0/8", "::/129", "::1/0", "2001:db8::1/64",
        "::ffff:1.2.3.0/120", "::ffff:1.2.3.4/128", "::ffff:1.2.3.4/64", "::ffff:0:0/96", "fe80::%eth0/64", "00001::/16", "1::00002/128", "1.2.3.0004/32", "256.0.0.0/8", "a", "1:2:3:4:5:6:7:8:9/128", "1:2:3:4::5:6:7:8/128", "10.0.0.0/008", "::/00",
        "1.2.3.4/255.255.255.0", "10.0.0.0/16777216", "10.0.0.0/+8", "１0.0.0.0/8", "10.0.0.0/8\n", ":::/0", "1.2.3.4.5/32", "::1.2.3.04/128", "::/128 ",
    ],
    noisy=True,
)  # fmt: skip
PAIRS = [
    ("10.0.0.0/8", "10.0.0.0/9"), ("10.0.0.0/8", "10.255.255.255/32"), ("0.0.0.0/0", "128.0.0.0/1"), ("2001:db8::/32", "2001:db8:ffff::/48"), ("::/0", "::1/128"), ("::/0", "8000::/1"), ("10.0.0.0/31", "10.0.0.1/32"),
]  # fmt: skip
WRONG_PAIRS = [
    ("10.0.0.0/8", "10.0.0.0/8"), ("10.0.0.0/8", "10.0.0.0/7"), ("10.0.0.0/8", "11.0.0.0/9"), ("10.0.0.0/8", "0.0.0.0/0"), ("0.0.0.0/0", "0.0.0.0/0"), ("::/0", "10.0.0.0/8"), ("0.0.0.0/0", "::1/128"), ("10.0.0.0/8", ""),
    ("::ffff:0:0/96", "10.0.0.0/8"), ("10.0.0.0/8", "::ffff:10.0.0.0/120"), ("::ffff:10.0.0.0/104", "10.1.0.0/16"), ("::ffff:10.0.0.0/104", "::ffff:10.1.0.0/112"), ("::ffff:1.2.3.4/64", "::1/128"), ("::/0", "::ffff:1.2.3.4/128"),
    ("10.0.0.1/8", "10.0.0.0/9"), ("10.0.0.0/8", "10.0.0.1/9"), ("10.0.0.0/8", "11.0.0.1/8"), ("x", "10.0.0.0/8"), ("", "10.0.0.0/8"), ("10.0.0.0/08", "10.0.0.0/09"), ("::ffff:10.0.0.0/95", "10.0.0.0/96"), ("::/0", "1::1/16"), ("", "x"), ("x", "y"),
]  # fmt: skip

for side, peers in SIDES:
    peer = f"spec.{side}[?].{peers}[+]"
    row("ip-block-cidr", peer, CIDR.plus([], ["", None]), lambda text: {"ipBlock": {"cidr": text}}, weight=2)
    row(
        "ip-block-except",
        peer,
        CIDR,
        lambda text: {"ipBlock": {"cidr": "::/0" if ":" in text else "0.0.0.0/0", "except": [text]}},
    )
    changes(
        "ip-block-part",
        [{peer: {"ipBlock": {"cidr": whole, "except": [part]}}} for whole, part in PAIRS],
        [{peer: {"ipBlock": {"cidr": whole, "except": [part]}}} for whole, part in WRONG_PAIRS],
        weight=2,
    )
    changes(
        "ip-block-empty",
        [
            {peer: {"ipBlock": {"cidr": "10.0.0.0/8", "except": value}}}
            for value in each_of([], None, ["10.0.0.0/9", "10.0.0.0/9"])
        ],
        [
            {peer: {"ipBlock": value}}
            for value in each_of(
                {},
                {"except": ["x"]},
                {"cidr": None},
                {"cidr": "", "except": ["10.0.0.0/9"]},
                {"cidr": "10.0.0.0/8", "except": [None]},
            )
        ],
    )

FROM = "spec.ingress[0].from"


def _block(*exceptions: str, cidr: str = "::/0") -> list[Json]:
    return [{"ipBlock": {"cidr": cidr, "except": list(exceptions)}}]


updates(
    "update-ip-block",
    [at(FROM, _block(old), _block(old)) for old in CIDR.bad[:12]]
    + [at(FROM, _block(old), _block("::1/128", cidr=old)) for old in ("::1/0", "::00/0", "0::/0")]
    + [({"spec.egress[0].to": _block(cidr=old)}, {FROM: _block(old)}) for old in ("2001:db8::1/64", "::00/12", "fe80::/010")],
    [at(FROM, _block(old), _block(new)) for old, new in (("2001:db8::1/64", "2001:db8::2/64"), ("fe80::/010", "fe80::/011"), ("x", "y"), ("::/0", "::00/0"))]
    + [at(FROM, _block(cidr="2001:db8::1/64"), _block("2001:db8::2/64")), at(FROM, _block("x"), _block("x", cidr="x"))],
    2,
)  # fmt: skip
