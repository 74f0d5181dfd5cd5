"""DeviceClasses."""

from __future__ import annotations

from typing import Final

from conformance.mutations.row import DROP, Pool, at, changes, row, updates
from conformance.mutations.values import LONG

row(
    "class-resource-name",
    "spec.extendedResourceName",
    Pool(
        ["example.com/gpu", "a/b", "x.io/A_b", f"a/{LONG[63]}", f"{LONG[244]}/a", None],
        [
            *("", "gpu", "cpu", "example.com", "kubernetes.io/gpu", "a.kubernetes.io/b", "requests.x.io/a", "a/"),
            *("/a", "a/b/c", f"a/{LONG[64]}", f"{LONG[245]}/a", "A.io/a", "hugepages-2Mi"),
        ],
        noisy=True,
    ),
    weight=4,
)
changes("class-spec", [{"spec": {}}, {"spec": None}, {"spec": DROP}, {"spec": {"config": None}}], [{"spec": []}])
row("class-version", "apiVersion", Pool([f"resource.k8s.io/{each}" for each in ("v1", "v1beta1", "v1beta2")], []))
LONG_TEXT: Final = "true" + " " * 10300
TEXT: Final = "true"
BIG: Final = {"a": "x" * 10240}


def _selectors(*texts: str) -> list[object]:
    return [{"cel": {"expression": text}} for text in texts]


def _config(parameters: object, driver: str = "a") -> list[object]:
    return [{"opaque": {"driver": driver, "parameters": parameters}}]


updates(
    "update-class-selectors",
    [
        at("spec.selectors", _selectors(LONG_TEXT), _selectors(LONG_TEXT)),
        at("spec.selectors", _selectors(""), _selectors("")),
        at("spec.selectors", None, _selectors(TEXT)),
        at("spec.selectors", _selectors(TEXT), []),
    ],
    [
        at("spec.selectors", _selectors(LONG_TEXT), _selectors(LONG_TEXT, TEXT)),
        at("spec.selectors", _selectors(TEXT), _selectors("")),
        at("spec.selectors", [{}], [{}]),
        at("spec.selectors", _selectors(TEXT) * 33, _selectors(TEXT) * 33),
    ],
    4,
)
updates(
    "update-class-config",
    [
        at("spec.config", _config(BIG), _config(BIG)),
        at("spec.config", _config({}), _config({"a": 1})),
        at("spec.config", None, []),
    ],
    [
        at("spec.config", _config(BIG), _config(BIG) * 2),
        at("spec.config", _config({}), _config(BIG)),
        at("spec.config", _config({}, "a b"), _config({}, "a b")),
        at("spec.config", _config([]), _config([])),
        at("spec.config", [{}], [{}]),
    ],
    4,
)
updates(
    "update-class-resource-name",
    [at("spec.extendedResourceName", "x/a", "x/b"), at("spec.extendedResourceName", "x/a", None)],
    [at("spec.extendedResourceName", "a", "a"), at("spec.extendedResourceName", None, "cpu")],
    4,
)
