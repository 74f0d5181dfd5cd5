"""The parameters of StorageClasses and VolumeAttributesClasses."""

from conformance.mutations.row import Pool, changes, row
from conformance.mutations.values import LONG

row("class-parameter", "parameters", Pool(["a", " ", "é", LONG[254]], [""]), lambda key: {key: "a", "b": ""}, weight=3)
row(
    "class-parameters",
    "parameters",
    Pool([512, 511], [513, 600]),
    lambda count: {f"k{number}": "" for number in range(count)},
    weight=2,
)
row(
    "class-parameters-size",
    "parameters",
    Pool([262143, 262142], [262144, 300000]),
    lambda size: {"a": "x" * size},
    weight=2,
)
changes(
    "class-parameters-both",
    [{"parameters": {"a": "x" * 262140, "b": "x"}}],
    [
        {"parameters": {"": "x" * 262150}},
        {"parameters": {"a": "é" * 131072}},
        {"parameters": {f"k{number}": "" for number in range(513)} | {"": ""}},
    ],
    weight=2,
)
