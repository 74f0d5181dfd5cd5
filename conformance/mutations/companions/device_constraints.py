"""Constraints of a claim for devices, and references to its requests."""

from __future__ import annotations

from typing import Any, Final

from conformance.mutations.companions.device_requests import claim, exactly, first
from conformance.mutations.row import Change, Pool, changes, each_of, row
from conformance.mutations.values import LONG

CONSTRAINTS: Final = "D.constraints"
ATTRIBUTES: Final = Pool(
    ["a/b", "gpu.example.com/model", "A.b/C_d1", f"{LONG[63]}/a", f"a/{'b' * 32}", "a/_"],
    [
        *("", "b", "/b", "a/", "/", "a/1b", "a/b-c", "a/b.c", f"{LONG[64]}/a", f"a/{'b' * 33}", "a_b/c", "a..b/c"),
        *("é", "a/é", "b" * 33, "1", f"{LONG[64]}/{'1' * 33}"),
    ],
    noisy=True,
)
for name in ("matchAttribute", "distinctAttribute"):
    row(
        f"device-{name.lower()}",
        CONSTRAINTS,
        ATTRIBUTES.plus(["a/b/c", "/b/c"], ["a/b/c "] if name == "matchAttribute" else []),
        lambda text, name=name: [{name: text}],
        weight=4,
    )
changes(
    "device-attributes",
    [
        {CONSTRAINTS: []},
        {CONSTRAINTS: None},
        {CONSTRAINTS: [{"matchAttribute": "a/b"}] * 32},
        {CONSTRAINTS: [{"matchAttribute": "a/b", "distinctAttribute": "a/b"}]},
    ],
    [
        *({CONSTRAINTS: [each]} for each in each_of({}, None, {"matchAttribute": None}, {"distinctAttribute": None})),
        *({CONSTRAINTS: [each] * 33} for each in each_of({"matchAttribute": "a/b"}, {"matchAttribute": ""}, {})),
        {CONSTRAINTS: [{"matchAttribute": "a/b", "distinctAttribute": "a"}]},
        {CONSTRAINTS: [{"matchAttribute": "a", "distinctAttribute": "a/b"}]},
    ],
    weight=4,
)
REQUESTS: Final = [("a", exactly()), ("b", first("x", "y")), ("c", exactly())]


def referring(names: Any, which: str, requests: Any = REQUESTS) -> Change:
    """Return the change that refers to some requests, in a constraint or a configuration."""
    one = {"matchAttribute": "a/b"} if which == "constraints" else {"opaque": {"driver": "a", "parameters": {}}}
    other = "config" if which == "constraints" else "constraints"
    return {**claim(requests), f"D.{which}": [{**one, "requests": names}], f"D.{other}": []}


for which in ("constraints", "config"):
    changes(
        f"device-references-{which}",
        [
            referring(names, which)
            for names in each_of(["a"], ["a", "b"], ["b/x"], ["b", "b/x", "b/y", "c"], [], None)
        ],
        [
            referring(names, which)
            for names in each_of(
                ["d"], ["a", "a"], ["A"], [""], [None], ["b/z"], ["a/x"], ["b/x/y"], ["a", "b", "a", "b"], ["b/x"] * 3,
                ["/"], ["b/"], ["/x"], ["d", "d"], ["a"] * 33, [f"n{number}" for number in range(33)],
            )
        ]
        + [
            referring(["A"], which, [("A", exactly())]),
            referring(["b/X", "b"], which, [("b", first("X"))]),
            referring(["", "/"], which, [("", first(""))]),
            referring(["a/b"], which, [("a/b", exactly())]),
            referring(["a"], which, [("a", {})]),
        ],
        weight=4,
    )  # fmt: skip
