"""IngressClasses."""

from __future__ import annotations

from typing import Any, Final

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import DNS_LABEL, DNS_SUBDOMAIN, LONG

row(
    "ingress-controller",
    "spec.controller",
    Pool(
        ["a/b", "example.com/my-controller", "a.b/c/d", "a/", "0/A", "a/%zz", "a/b@c:d", "a/" + "x" * 248, f"{LONG[63]}/x"],
        ["", None, DROP, "a", "/", "/a", "a/ b", "A/b", "a_b/c", "-a/b", "a./b", "a/é", "a/{b}", "a/b?c", "a/" + "x" * 249, "a/" + "x" * 248 + "é", "a//", "a/b#c"],
        noisy=True,
    ),
    weight=4,
)  # fmt: skip
REFERENCE: Final[dict[str, Any]] = {"apiGroup": "example.com", "kind": "Parameters", "name": "a"}
NAMED: Final = {**REFERENCE, "scope": "Namespace", "namespace": "b"}
PARAMETERS: Final = "spec.parameters"
row(
    "ingress-parameters-group",
    PARAMETERS,
    DNS_SUBDOMAIN.plus([None], [""]),
    lambda group: {**REFERENCE, "apiGroup": group},
    weight=2,
)
SEGMENTS: Final = Pool(["a", "A b", "é", "...", LONG[254]], ["", ".", "..", "a/b", "a%b", "/", "%", None], noisy=True)
row("ingress-parameters-kind", PARAMETERS, SEGMENTS, lambda kind: {**REFERENCE, "kind": kind}, weight=2)
row("ingress-parameters-name", PARAMETERS, SEGMENTS, lambda name: {**REFERENCE, "name": name}, weight=2)
row(
    "ingress-parameters-scope",
    PARAMETERS,
    Pool(["Cluster", None], ["", "cluster", "Namespaced", "Namespace", "*"]),
    lambda scope: {**REFERENCE, "scope": scope},
    weight=3,
)
row(
    "ingress-parameters-namespace",
    PARAMETERS,
    DNS_LABEL.plus([], ["", None]),
    lambda namespace: {**NAMED, "namespace": namespace},
    weight=3,
)
changes(
    "ingress-parameters",
    [
        {PARAMETERS: value}
        for value in each_of(None, REFERENCE, NAMED, {**NAMED, "apiGroup": None}, {**NAMED, "scope": None, "namespace": None})
    ]
    + [{PARAMETERS: DROP}],
    [
        {PARAMETERS: value}
        for value in each_of(
            {},
            {**NAMED, "scope": None},
            {**NAMED, "scope": "Cluster"},
            {**NAMED, "scope": "Cluster", "namespace": ""},
            {**NAMED, "scope": "x"},
            {"scope": "Namespace"},
            {"namespace": "a"},
        )
    ],
    weight=4,
)  # fmt: skip
changes("ingress-class-spec", [], [{"spec": None}, {"spec": {}}, {"spec": DROP}, {"spec": {"parameters": REFERENCE}}])
updates(
    "update-ingress-class",
    [
        at("spec.controller", "a/b", "a/b"),
        at(PARAMETERS, None, REFERENCE),
        at(PARAMETERS, NAMED, REFERENCE),
        at("metadata.labels", None, {"a": "b"}),
    ],
    [
        at("spec.controller", "a/b", "a/c"),
        at("spec.controller", "a/b", ""),
        at("spec.controller", "a/b", DROP),
        at("spec.controller", "", ""),
        at("spec.controller", "a", "a"),
        at("spec.controller", "", "a/b"),
        at("spec", {"controller": "a/b"}, None),
        at(PARAMETERS, {}, {}),
        at(PARAMETERS, REFERENCE, {**NAMED, "scope": None}),
    ],
    4,
)
