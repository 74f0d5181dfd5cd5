"""Config maps."""

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import LONG

KEYS = Pool(
    ["a", "A", "1", "a.b", "a_b", "-", "_", "-a-", ".a", "a.", "a..b", LONG[253], "a" * 252 + ".", "..a"[1:]],
    ["", ".", "..", "..a", "a b", "a/b", "é", "a:b", LONG[254], "...", "a\n", "a,b"],
    noisy=True,
)
row("config-key", "data", KEYS, lambda key: {key: "text"}, weight=2)
row("config-key-beside", "binaryData", KEYS, lambda key: {key: "eA=="}, weight=2)
row("config-value", "data{a}", Pool(["", " ", "é\n", "a: b", None], [1, True, [], {}, 1.5]))
row(
    "config-binary",
    "binaryData{z}",
    Pool(
        ["", "eA==", "eA==\n", None, [], [0, 255, None, 2.0]],
        [[256], [-1], [1.5], ["1"], "x", "eA=", "e A==", 1, "é", "eA==="],
    ),
)
SIZES = Pool([1048576, 1048575, 1000000], [1048577, 1048600, 2000000])
row("config-size", "data", SIZES, lambda size: {"a": "x" * size}, weight=0.5)
row("config-size-bytes", "data", Pool([524288, 524287], [524289, 600000]), lambda size: {"a": "é" * size}, weight=0.5)
row(
    "config-size-binary",
    "binaryData",
    Pool([1398092 // 4, 1000], [349527, 350000]),
    lambda size: {"a": "eHh4" * size},
    weight=0.5,
)
changes(
    "config-key-twice",
    [{"data": {"a": "b"}, "binaryData": {other: "eA=="}} for other in ("b", "A", "a.", "a-")],
    [{"data": {key: "b", "c": "d"}, "binaryData": {key: "eA==", "e": ""}} for key in ("a", "A.b", "-", "..")],
    weight=2,
)
row("config-immutable", "immutable", Pool([True, False, None], ["true", 1, [], ""]))


FIXED = {"immutable": True, "data": {"a": "b"}, "binaryData": {"z": "eA=="}}
updates(
    "update-config-map",
    [({**FIXED}, {**FIXED, **more}) for more in each_of({}, {"data": {"a": "b"}}, {"binaryData": {"z": "eA==\n"}}, {"metadata.labels": {"x": "y"}})]
    + [({**FIXED, "immutable": unset}, {"immutable": True, "data": {"c": "d"}, "binaryData": DROP}) for unset in (False, None, DROP)]
    + [({"immutable": True, "data": {"a": None}}, {"immutable": True, "data": {"a": ""}}), ({"immutable": True, "data": None}, {"immutable": True, "data": DROP}), ({"immutable": True, "data": DROP}, {"immutable": True, "data": {}}), ({"immutable": True, "data": {}}, {"immutable": True, "data": None})],
    [({**FIXED}, {**FIXED, **more}) for more in each_of(
        {"immutable": False}, {"immutable": None}, {"immutable": DROP}, {"data": {"a": "c"}}, {"data": {}}, {"data": DROP}, {"data": {"a": "b", "c": ""}}, {"data": {"A": "b"}},
        {"binaryData": {"z": "eQ=="}}, {"binaryData": {}}, {"binaryData": None}, {"binaryData": {"y": "eA=="}}, {"immutable": None, "data": {"c": "d"}, "binaryData": DROP})]
    + [({"immutable": True, **old}, {"immutable": True, **new}) for old, new in (at("data", {"a": None}, {}), at("data", DROP, {"a": ""}))],
    3,
)  # fmt: skip
