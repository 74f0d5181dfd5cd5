"""Values at the limits of the formats that many fields share."""

from __future__ import annotations

from typing import Final

from conformance.mutations.row import Pool

LONG: Final = {
    length: "a" * length for length in (15, 16, 52, 58, 63, 64, 65, 128, 129, 236, 244, 245, 253, 254, 256, 257)
}
LABELS_253: Final = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])

DNS_LABEL: Final = Pool(
    ["a", "0", "a-b", "1-2", "x--y", LONG[63]],
    ["A", "a.b", "-a", "a-", LONG[64], "a_b", "a b", "ä", "a\n", "a/b", "-", "a:b"],
    noisy=True,
)
DNS_SUBDOMAIN: Final = Pool(
    ["a", "0.1", "a.b-c.d", LONG[64], LABELS_253, LONG[253], "1"],
    ["A", "a..b", ".a", "a.", "a_b", "-a", "a-", LONG[254], LABELS_253 + "a", "a b", "a/b", "é", "a.-b", "a\n", "a-.b"],
    noisy=True,
)
QUALIFIED_NAME: Final = Pool(
    [
        "a",
        "A.b_c-d",
        "x.io/a",
        "x/Y",
        LONG[63],
        f"{LONG[64]}/b",
        f"{LONG[253]}/b",
        f"a/{LONG[63]}",
        "1/2",
        "a..b",
        "a__b",
    ],
    [
        "-a",
        "a-",
        "_a",
        LONG[64],
        "/a",
        "a/",
        "a/b/c",
        "X.io/a",
        "a..b/c",
        f"{LONG[254]}/b",
        "a b",
        "é",
        "a_b/c",
        f"a/{LONG[64]}",
        "a\n",
    ],
    noisy=True,
)
LABEL_VALUE: Final = Pool(
    ["", "a", "A_b.c-1", LONG[63], "0"],
    ["-a", "a.", LONG[64], "a/b", "a b", "é", "_", "a\n", "-1", "a:b"],
    noisy=True,
)
PREFIX_NAME: Final = Pool(
    ["a", "a.b", "ab-", "a_-", "--", "a.-", "0"],
    ["-", "A", "a_b", "a.", "-a", "a b", "a..b", LONG[254]],
    noisy=True,
)
PORT_NAME: Final = Pool(
    ["a", "http", "a-1", "1-a", LONG[15], "0a0"],
    ["80", "A", "a--b", "-a", "a-", LONG[16], "a_b", "a.b", "ä", "1-2", "--"],
    noisy=True,
)
ENV_NAME: Final = Pool(
    ["A", "a.b-c_D", "_", "-a", ".a", "A1", "a..", "a" * 300],
    ["", "a=b", "ä", "a\tb", "a\n", "=", "a\x7f"],
    noisy=True,
)
# Right from 1.32 on only: digits first, blanks, dots.
RELAXED_ENV_NAME: Final = Pool(["1a", "a b", "..", "..a", ".", "a/b", "!", "~", "a:b", " "], ["a=b", "é", ""])
CONFIG_KEY: Final = Pool(
    ["a", "A.b_c-d", "a..b", "-", "_", LONG[253], ".a"],
    [".", "..", "..a", "...", "a b", "a/b", LONG[254], "é", "a:b"],
    noisy=True,
)
HEADER_NAME: Final = Pool(["X-A", "a", "-", "0", "Host"], ["", "a b", "a_b", "a:b", "é", "a.b"], noisy=True)
IP_ADDRESS: Final = Pool(
    [
        "1.2.3.4",
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "2001:db8::1",
        "2001:DB8::0001",
        "fe80::1",
        "1:2:3:4:5:6:7:8",
        "::ffff:0:1.2.3.4",
    ],
    [
        "",
        "1.2.3",
        "1.2.3.256",
        "1.2.3.4.5",
        "a",
        "1.2.3.4/24",
        "fe80::1%eth0",
        "::ffff:1.2.3.4",
        "01.2.3.4",
        "1.2.3.04",
        ":::",
        " 1.2.3.4",
        "1:2:3:4:5:6:7:8:9",
    ],
    noisy=True,
)
# Addresses that other machines can reach, and others.
ENDPOINT_IP: Final = IP_ADDRESS.plus(
    ["8.8.8.8", "127.0.0.0.1", "168.254.0.1", "224.0.1.0", "fec0::1", "ff05::1", "2001:DB8::1", "2001:db8:0:0::1", "126.255.255.255"],
    ["0.0.0.0", "::", "127.0.0.1", "127.255.0.1", "::1", "169.254.1.1", "fe80::1", "224.0.0.1", "224.0.0.255", "ff02::1", "febf::1", "::ffff:127.0.0.1", "0127.0.0.1", None, "fe80::1%a"],
)  # fmt: skip
LOCAL_PATH: Final = Pool(
    ["a", "a/b", "..a", "a..b", "a/..b", ".", "a/", "./a", "..."],
    ["/a", "..", "../a", "a/..", "a/../b", "/", "a/b/.."],
    noisy=True,
)
UNRESERVED_PATH: Final = Pool(
    ["a", "a/b", "a..b", "a/..b", ".", "a/", ".a"],
    ["/a", "..", "../a", "a/..", "..a", "...", "", "a/../b", "/"],
)
FILE_MODE: Final = Pool([0, 1, 420, 256, 511, None], [512, 644, 777, -1, 1000, 2147483647])
PORT_NUMBER: Final = Pool([1, 80, 65535, 65534], [0, -1, 65536, 99999, 2147483647])
PROBE_PORT: Final = PORT_NUMBER.plus(PORT_NAME.good, [*PORT_NAME.bad, "", "8080", None])
NOT_NEGATIVE: Final = Pool([0, 1, 2147483647, None], [-1, -2147483648])
POSITIVE: Final = Pool([1, 2147483647], [0, -1])
USER_ID: Final = Pool(
    [0, 1, 65534, 2147483647, 2147483646, None], [-1, 2147483648, 9223372036854775807, -9223372036854775808]
)
QUANTITY: Final = Pool(
    [
        "0", "1", "100m", "1.5", "5.", ".5", "+1", "012", "1Ki", "1.5Gi", "1E-3", "1e3", 1, 0, 0.5, 1000000, "1n", "100u", "2Ei", "1E", "10P",
        "9223372036854775807", "0.0001", "1e10", "Mi", ".", "1.Gi", None, " 1 ", "1k", 1e30, "-0",
    ],
    [
        "", "1K", "1ki", "1mi", "1MiB", "1g", "1e", "1e3Mi", "1e3.5", "--1", "1 Mi", "1.2.3", "0x10", "1:30", "1Gi1", "1Zi", "a", "e", "Pi", "Ei",
        "-1", "-0.0001", "-1n", -1, "1,5", "e-10", "1Ki1", True, [], {},
    ],
)  # fmt: skip
TEXTS: Final = (
    "",
    " ",
    "a",
    "A",
    "0",
    "é",
    "a b",
    "a" * 300,
    "$(A)",
    "\n",
    "-1",
    "true",
    "null",
    "1e3",
    "a/b",
    "..",
    "/",
    "a,b",
    "%",
    "{{ .x }}",
)


def selectors(*, wrong: bool) -> list[object]:
    """Return label selectors, all right or all wrong."""
    return _wrong_selectors() if wrong else _right_selectors()


def _right_selectors() -> list[object]:
    exists = {"key": "a", "operator": "Exists"}
    return [
        {},
        {"matchLabels": {}},
        {"matchLabels": {"a": "b", "x.io/c": ""}},
        {"matchLabels": {"a": LONG[63]}},
        {"matchExpressions": []},
        {"matchExpressions": [exists, exists]},
        {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]},
        {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["b", "c", ""]}]},
        {"matchExpressions": [{"key": "x.io/a", "operator": "DoesNotExist", "values": []}]},
    ]


def _wrong_selectors() -> list[object]:
    wrong: list[object] = [{"matchLabels": {key: "a"}} for key in ("-a", "", "a b", LONG[64], "a/b/c", "X/a")]
    wrong += [{"matchLabels": {"a": value}} for value in ("-a", "a b", LONG[64], "a.")]
    wrong += [{"matchExpressions": [{"key": key, "operator": "Exists"}]} for key in ("-a", "", LONG[64], "a/b/c")]
    wrong += [
        {"matchExpressions": [{"key": "a", "operator": "In", "values": [value]}]} for value in ("-a", "a b", LONG[64])
    ]
    wrong += [
        {"matchExpressions": [{"key": "a", "operator": operator, "values": ["b"]}]}
        for operator in ("", "in", "Gt", "Exist", "Equals")
    ]
    wrong += [{"matchExpressions": [{"key": "a", "operator": operator, "values": []}]} for operator in ("In", "NotIn")]
    wrong += [
        {"matchExpressions": [{"key": "a", "operator": operator, "values": ["b"]}]}
        for operator in ("Exists", "DoesNotExist")
    ]
    wrong += [
        {"matchExpressions": [{}]},
        {"matchExpressions": [None]},
        {"matchExpressions": [{"key": "a", "operator": "In"}]},
    ]
    return wrong


SELECTOR: Final = Pool([*selectors(wrong=False), None], selectors(wrong=True))
