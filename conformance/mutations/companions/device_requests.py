"""Requests for devices, in every version of the API."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any, Final

from conformance.mutations.row import DROP, Change, Pool, changes, each_of
from conformance.mutations.values import DNS_LABEL, DNS_SUBDOMAIN, LABEL_VALUE, QUALIFIED_NAME

VERSIONS: Final = ("v1", "v1beta2", "v1beta1", "v1beta1")
CLASS: Final[dict[str, Any]] = {"deviceClassName": "x.io"}


def exactly(**fields: Any) -> dict[str, Any]:
    """Return a request for exactly what some fields say."""
    return {"exactly": {**CLASS, **fields}}


def first(*names: Any, **fields: Any) -> dict[str, Any]:
    """Return a request for the first of several that is available."""
    return {"firstAvailable": [{"name": name, **CLASS, **fields} for name in names]}


def claim(requests: Iterable[tuple[Any, Any]], version: str = "") -> Change:
    """Return the change that makes a claim for some requests, by name, of a version of the API."""
    flat = version == "v1beta1"
    written = [{"name": name, **(_flat(request) if flat else request)} for name, request in requests]
    kept = {"apiVersion": f"resource.k8s.io/{version}"} if version else {}
    return {**kept, "D.requests": written, "D.constraints": DROP, "D.config": DROP}


def _flat(request: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key != "exactly"} | (request.get("exactly") or {})


def claims(*requests: tuple[Any, Any]) -> list[Change]:
    """Return the changes for some requests, one for each version."""
    return [claim(requests, version) for version in VERSIONS]


def with_field(tag: str, name: str, good: Iterable[Any], bad: Iterable[Any], weight: float = 4, **more: Any) -> None:
    """Enter: a field of what is wanted has a value, with `more` beside it."""
    changes(
        tag,
        [each for value in good for each in _with(name, value, more)],
        [each for value in bad for each in _with(name, value, more)],
        weight,
    )


def _with(name: str, value: Any, more: dict[str, Any]) -> list[Change]:
    fields = {**more, name: value}
    return [*claims(("a", exactly(**fields))), *claims(("a", first("b", **fields)))]


changes(
    "device-request-name",
    [claim([(name, exactly())]) for name in DNS_LABEL.good] + [claim([("a", first(*"ab"))])],
    [claim([(name, exactly())]) for name in each_of(*DNS_LABEL.bad, "", None)]
    + [claim([("a", first(name))]) for name in each_of(*DNS_LABEL.bad, "", None)],
    weight=4,
)
changes(
    "device-requests",
    [claim([(f"n{number}", exactly()) for number in range(count)]) for count in (32, 31, 0)]
    + [claim([("a", first(*(f"n{number}" for number in range(8))))]), {"D": {}}, {"D": None}, {"D": DROP}],
    [claim([(f"n{number}", exactly()) for number in range(count)]) for count in (33, 40)]
    + [claim([("a", exactly())] * 33), claim([("A", {})] * 33)]
    + [claim([("a", first(*(f"n{number}" for number in range(count))))]) for count in (9, 20)]
    + [claim([("a", first(*"A" * 9, deviceClassName=""))])],
    weight=3,
)
changes(
    "device-request-twice",
    [claim([("a", exactly()), ("b", exactly()), ("c", first("a", "b"))])],
    [
        *(
            claim([(name, exactly()) for name in names], "v1beta2")
            for names in ("aa", "aba", "aaa", ["", ""], ["A", "A"])
        ),
        *(claim([("a", first(*names))], "v1beta2") for names in ("aa", "aba", "aaa", ["", ""])),
    ],
    weight=3,
)
changes(
    "device-request-form",
    [*claims(("a", exactly())), *claims(("a", first("a"))), *claims(("a", {"firstAvailable": [], **exactly()}))],
    [
        *claims(("a", {})),
        *claims(("a", {"firstAvailable": []})),
        *claims(("a", {"exactly": None})),
        *claims(("a", {"exactly": {}})),
        *claims(("a", {"exactly": {"count": 1}})),
        *claims(("a", {"exactly": {"count": 0}})),
        *claims(("a", {"exactly": {"selectors": []}})),
        *claims(("a", {"exactly": {"adminAccess": False}})),
        *claims(("a", {"exactly": {"capacity": {}}})),
        *claims(("a", {**exactly(), **first("a")})),
        *claims(("a", {**exactly(allocationMode="x", tolerations=[{"operator": "x"}]), **first("A", "A", allocationMode="x")})),
        *claims(("a", {**exactly(deviceClassName="A", count=-1), **first("b", deviceClassName="A", count=-1)})),
        *claims(("a", {**exactly(selectors=[{}] * 33), **first("b", selectors=[{}] * 33)})),
        *claims(("a", {**exactly(selectors=[{}]), **first(*"abcdefghi")})),
        *claims(("a", {**exactly(tolerations=[{"key": "-"}, {"effect": "x", "value": "-"}]), **first("a", tolerations=[{"key": "-"}])})),
    ],
    weight=5,
)  # fmt: skip
with_field("device-class-name", "deviceClassName", DNS_SUBDOMAIN.good, [*DNS_SUBDOMAIN.bad, "", None])
with_field("device-mode", "allocationMode", ["All", "ExactCount", "", None], ["all", "x", "ExactCount "])
with_field("device-count", "count", [1, 2, 2**63 - 1, 0, None], [-1, -(2**63)])
with_field("device-count-all", "count", [0, None], [1, -1, 5], allocationMode="All")
with_field("device-count-exact", "count", [1, 0, None], [-1], allocationMode="ExactCount")
with_field("device-count-other", "count", [], [-1, 0, 1], allocationMode="x", weight=2)
with_field("device-admin-access", "adminAccess", [True, False, None], ["x"], weight=2)
with_field(
    "device-capacity",
    "capacity",
    [{}, None, {"requests": {}}, {"requests": {"memory": "1Gi", "a/b/c": "-1"}}],
    [{"requests": {"a": "x"}}, {"requests": []}],
    weight=2,
)
with_field(
    "device-derived",
    "derivedAttributes",
    [[], None, [{"name": "a", "expression": "true"}], [{}], [{"name": "x/y", "expression": "true"}] * 33],
    [[{"name": 1}], {}],
    weight=2,
)
TRUE: Final = {"cel": {"expression": "true"}}
with_field(
    "device-selectors",
    "selectors",
    [[], None, [TRUE], [TRUE, TRUE], [TRUE] * 32, [{"cel": {"expression": "1 == 1"}}]],
    [
        [{}], [None], [TRUE, {}], [{"cel": None}], [{"cel": {}}], [{"cel": {"expression": ""}}], [{"cel": {"expression": "  "}}],
        [{"cel": {"expression": None}}], [TRUE] * 33, [{}] * 33, [{"cel": {"expression": "true" + " " * 10237}}],
        [{"cel": {"expression": " " * 10241}}],
    ],
)  # fmt: skip
changes(
    "class-selectors",
    [{"D.selectors": value} for value in each_of([], None, [TRUE], [TRUE] * 32)],
    [
        {"D.selectors": value}
        for value in each_of(
            [{}], [None], [TRUE, {}], [{"cel": {}}], [{"cel": {"expression": "  "}}], [TRUE] * 33, [{}] * 33,
            [{"cel": {"expression": "true" + " " * 10237}}],
        )
    ],
    weight=3,
)  # fmt: skip
TOLERATIONS: Final = Pool(
    [
        {}, None, {"key": "a"}, {"operator": "Exists"}, {"operator": "Equal", "value": "a"}, {"operator": "", "value": ""},
        {"effect": "NoExecute"}, {"effect": "NoSchedule"}, {"effect": "None"}, {"effect": ""}, {"tolerationSeconds": -1},
    ],
    [
        {"operator": "Exists", "value": "a"}, {"operator": "exists"}, {"operator": "Gt", "value": "1"}, {"effect": "x"},
        {"effect": "PreferNoSchedule"}, {"operator": "x", "value": "-", "effect": "y", "key": "-"},
    ],
)  # fmt: skip
with_field(
    "device-toleration", "tolerations", ([each] for each in TOLERATIONS.good), ([each] for each in TOLERATIONS.bad)
)
with_field(
    "device-toleration-key",
    "tolerations",
    ([{"key": key}] for key in QUALIFIED_NAME.good),
    ([{"key": key}] for key in QUALIFIED_NAME.bad),
)
with_field(
    "device-toleration-value",
    "tolerations",
    ([{"key": "a", "value": value}] for value in LABEL_VALUE.good),
    ([{"key": "a", "value": value}] for value in LABEL_VALUE.bad),
)
with_field(
    "device-tolerations-many",
    "tolerations",
    [[{"key": "a"}] * count for count in (16, 17)],
    [[{"effect": "x"}, {"operator": operator}] for operator, _ in product(("x", "Exists "), range(2))],
    weight=1,
)
