"""Selectors of devices, and configuration for their drivers."""

from __future__ import annotations

from typing import Any, Final

from conformance.mutations.row import DROP, Change, Pool, changes, each_of, row
from conformance.mutations.values import LABELS_253, LONG

CONFIG: Final = "D.config"


def configured(*opaque: Any) -> Change:
    """Return the change that sets the configuration."""
    return {CONFIG: [{"opaque": each} for each in opaque]}


row(
    "device-driver",
    CONFIG,
    Pool(
        ["a", "gpu.example.com", "A.Example", "0", LONG[63]],
        ["", None, LONG[64], "a_b", "-a", "a/b", "a..b", LABELS_253, "a b", "é", "a."],
        noisy=True,
    ),
    lambda name: [{"opaque": {"driver": name, "parameters": {}}}],
    weight=4,
)
changes(
    "device-parameters",
    [configured({"driver": "a", "parameters": each}) for each in each_of({}, {"a": None}, {"a": [1, 1.5, "é", "<"]})],
    [
        *(configured({"driver": "a", "parameters": each}) for each in each_of(None, [], "a", 1, True, [{}], "", "{}")),
        *(configured({"driver": "a"}), configured({"driver": "", "parameters": "a"}), configured({})),
    ],
    weight=4,
)
changes(
    "device-parameters-size",
    [configured({"driver": "a", "parameters": {"a": each}}) for each in ("x" * 10232, "é" * 5116, "<" * 1705)],
    [configured({"driver": "a", "parameters": {"a": each}}) for each in ("x" * 10233, "é" * 5117, "<" * 1706)]
    + [configured({"driver": "a", "parameters": "x" * 10239}), configured({"driver": "", "parameters": ["x" * 11000]})],
    weight=3,
)
changes(
    "device-opaque",
    [{CONFIG: []}, {CONFIG: DROP}, configured({"driver": "a", "parameters": {}}, {"driver": "b", "parameters": {}})],
    [{CONFIG: [{}]}, {CONFIG: [None]}, configured(None), {CONFIG: [{}] * 2}],
    weight=3,
)
changes(
    "device-configs",
    [configured(*[{"driver": "a", "parameters": {}}] * count) for count in (32, 31)],
    [configured(*[{"driver": "a", "parameters": {}}] * count) for count in (33, 40)] + [{CONFIG: [{}] * 33}],
    weight=2,
)
