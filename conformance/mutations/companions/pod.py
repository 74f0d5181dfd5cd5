"""Pods by themselves: images, gates, the resources of the whole pod, and what an update changes."""

from __future__ import annotations

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates

row("bare-image", "A.image", Pool(["a", "a b", ""], [" a", "a ", "a\n", "\u00a0a", " "]), weight=2)
GATES, NODE = "spec.schedulingGates", "spec.nodeName"
GATE: Json = {"name": "example.org/a"}
changes(
    "bare-gates",
    [{GATES: [GATE], NODE: DROP}, {GATES: [], NODE: "a"}, {GATES: [GATE], NODE: ""}],
    [{GATES: [GATE], NODE: "a"}],
    weight=2,
)
changes(
    "bare-ephemeral", [{"spec.ephemeralContainers": []}], [{"spec.ephemeralContainers": [{"name": "e", "image": "a"}]}]
)
row("bare-grace", "spec.terminationGracePeriodSeconds", Pool([0, 5, -1, -100, None], []))
WHOLE = "spec.resources"
AMOUNTS: tuple[Json, ...] = (
    {"cpu": 1}, {"cpu": "100m"}, {"memory": "1Gi"}, {"cpu": 1, "memory": "64Mi"}, {"hugepages-2Mi": "2Mi", "cpu": 1}, {"hugepages-2Mi": "4Mi"}, {"cpu": 4, "memory": "8Gi"}, {}, {"cpu": "1500u"}, {"ephemeral-storage": 1}, {"x.io/a": 1},
)  # fmt: skip
changes(
    "bare-whole",
    [],
    [
        {
            WHOLE: {side: amounts},
            "spec.containers": [
                {"name": "a", "image": "a", "resources": {of: own}},
                {"name": "b", "image": "a", "resources": other},
            ],
        }
        for side in ("limits", "requests")
        for amounts in AMOUNTS
        for of in ("limits", "requests")
        for own in AMOUNTS
        for other in each_of({}, {of: own}, {"limits": {"cpu": 2, "memory": "1Gi"}})
    ],
    weight=4,
)
changes(
    "bare-whole-init",
    [],
    [
        {WHOLE: {"limits": limits, "requests": requests}, "spec.initContainers": [{"name": "i", "image": "a", "resources": {"limits": first}}, {"name": "s", "image": "a", "restartPolicy": "Always", "resources": {"requests": second, "limits": second}}]}
        for limits in AMOUNTS[:7]
        for requests in AMOUNTS[:5]
        for first in AMOUNTS[:5]
        for second in AMOUNTS[:5]
    ],
    weight=2,
)  # fmt: skip
updates(
    "update-bare-image",
    [({}, {"C.image": "b"}), ({}, {"A.image": "b:2"}), ({"C.image": " a"}, {})],
    [({}, {"C.image": ""}), ({}, {"C.image": DROP}), ({}, {"C.image": " a"}), ({}, {"spec.containers[+]": {"name": "new", "image": "a"}}), ({}, {"spec.initContainers[+]": {"name": "new", "image": "a"}}), ({}, {"spec.containers": []})],
    3,
)  # fmt: skip
DEADLINE = "spec.activeDeadlineSeconds"
updates(
    "update-bare-deadline",
    [at(DEADLINE, *pair) for pair in each_of((None, 5), (5, 5), (5, 4), (5, 1), (None, None))],
    [
        at(DEADLINE, *pair)
        for pair in each_of((5, 6), (5, None), (5, 0), (None, 0), (None, -1), (None, 2**31), (5, 2**31))
    ],
    3,
)
TOLERATIONS = "spec.tolerations"
ONE: Json = {"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 60}
TWO: Json = {"key": "b", "operator": "Equal", "value": "c"}
updates(
    "update-bare-tolerations",
    [at(TOLERATIONS, [ONE], new) for new in each_of([ONE], [ONE, TWO], [TWO, ONE], [{**ONE, "tolerationSeconds": 5}], [{**ONE, "tolerationSeconds": None}])] + [at(TOLERATIONS, None, [TWO])],
    [at(TOLERATIONS, [ONE], new) for new in each_of([], DROP, [TWO], [{**ONE, "key": "c"}], [{**ONE, "effect": None}], [ONE, {"key": "-"}])],
    3,
)  # fmt: skip
GATED: Json = {GATES: [GATE, {"name": "b.c/d"}], NODE: DROP}
updates(
    "update-bare-gates",
    [(GATED, {GATES: [GATE], NODE: DROP}), (GATED, {GATES: [], NODE: DROP}), (GATED, GATED), (GATED, {GATES: [{"name": "b.c/d"}, GATE], NODE: DROP})],
    [({NODE: DROP, GATES: DROP}, GATED), (GATED, {GATES: [{"name": "x.y/z"}], NODE: DROP}), (GATED, {GATES: [GATE], NODE: "a"})],
    3,
)  # fmt: skip
SELECTOR, TERMS = "spec.nodeSelector", "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
IN: Json = {"key": "a", "operator": "In", "values": ["b"]}
HAS: Json = {"key": "c", "operator": "Exists"}


def _terms(*terms: Json) -> Json:
    return {"nodeSelectorTerms": list(terms)}


AFFINITY = "spec.affinity"
updates(
    "update-bare-nodes",
    [({**GATED, SELECTOR: {"a": "b"}}, {**GATED, SELECTOR: new}) for new in each_of({"a": "b"}, {"a": "b", "c": "d"})]
    + [({**GATED, SELECTOR: DROP, AFFINITY: DROP}, {**GATED, SELECTOR: {"a": "b"}, AFFINITY: DROP})]
    + [({**GATED, AFFINITY: None, TERMS: _terms({"matchExpressions": [IN]})}, {**GATED, AFFINITY: None, TERMS: _terms({"matchExpressions": [IN, HAS]})})]
    + [({**GATED, AFFINITY: DROP}, {**GATED, AFFINITY: None, TERMS: _terms({"matchExpressions": [IN]})})],
    [({**GATED, SELECTOR: {"a": "b"}}, {**GATED, SELECTOR: new}) for new in each_of({"a": "c"}, {}, DROP, {"c": "d"})]
    + [({GATES: DROP, SELECTOR: {"a": "b"}}, {GATES: DROP, SELECTOR: {"a": "b", "c": "d"}})]
    + [({**GATED, AFFINITY: None, TERMS: _terms({"matchExpressions": [IN]})}, {**GATED, AFFINITY: None, TERMS: new}) for new in (
        _terms({"matchExpressions": [HAS, IN]}), _terms({"matchExpressions": [HAS]}), _terms({"matchExpressions": [IN]}, {"matchExpressions": [HAS]}), _terms({"matchExpressions": [IN], "matchFields": [{"key": "metadata.name", "operator": "In", "values": ["n"]}]}))]
    + [({**GATED, AFFINITY: None, TERMS: _terms({"matchExpressions": [IN]})}, {**GATED, AFFINITY: DROP})]
    + [({**GATED, AFFINITY: DROP}, {**GATED, "spec.affinity": {"podAffinity": {}}})],
    4,
)  # fmt: skip
NOTE, MIRROR = (
    "metadata.annotations{container.apparmor.security.beta.kubernetes.io/a}",
    "metadata.annotations{kubernetes.io/config.mirror}",
)
updates(
    "update-bare-annotation",
    [({"C.name": "a", NOTE: "unconfined"}, {"C.name": "a", NOTE: "unconfined"}), at("metadata.annotations{x}", "a", "b"), at("metadata.labels{x}", "a", "b")],
    [({"C.name": "a", NOTE: old}, {"C.name": "a", NOTE: new}) for old, new in each_of((DROP, "unconfined"), ("unconfined", DROP), ("unconfined", "runtime/default"))]
    + [({NODE: "n", GATES: DROP, MIRROR: old}, {NODE: "n", GATES: DROP, MIRROR: new}) for old, new in each_of((DROP, "x"), ("x", DROP), ("x", "y"))],
    2,
)  # fmt: skip
updates(
    "update-bare-other",
    [({}, {}), at("spec.terminationGracePeriodSeconds", -5, 1), at("spec.enableServiceLinks", None, True), at("spec.priority", 0, 0), at(WHOLE, {"limits": {"cpu": 4, "memory": "4Gi"}}, None)],
    [at(path, *pair) for path, pair in (
        ("spec.terminationGracePeriodSeconds", (5, 6)), ("spec.nodeName", (DROP, "a")), ("spec.hostNetwork", (False, True)), ("spec.priorityClassName", (None, "a")), ("spec.enableServiceLinks", (None, False)), ("C.command", (None, ["a"])), ("C.env", (None, [{"name": "A"}])),
        ("spec.volumes", (None, [{"name": "a", "emptyDir": {}}])), ("C.resources", (None, {"limits": {"cpu": 1}})), (WHOLE, ({"limits": {"cpu": 4}}, {"limits": {"cpu": 5}})), ("spec.ephemeralContainers", (None, [{"name": "e", "image": "a"}])))],
    3,
)  # fmt: skip
EPHEMERAL: Json = {
    "volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": 1}}}}
}
changes(
    "bare-ephemeral-claim",
    [{"metadata.name": "a" * 251, "spec.volumes": [{"name": "b", "ephemeral": EPHEMERAL}]}, {"metadata.name": "a", "spec.volumes": [{"name": "b", "ephemeral": EPHEMERAL}, {"name": "c", "persistentVolumeClaim": {"claimName": "a-c"}}]}],
    [{"metadata.name": "a" * 252, "spec.volumes": [{"name": "b", "ephemeral": EPHEMERAL}]}, {"metadata.name": "a", "spec.volumes": [{"name": "c", "persistentVolumeClaim": {"claimName": "a-b"}}, {"name": "b", "ephemeral": EPHEMERAL}]}],
    weight=2,
)  # fmt: skip
CLAIMS: Json = [{"name": "gpu", "resourceClaimName": "gpu"}]
changes(
    "bare-mirror-claims",
    [{NODE: "n", GATES: DROP, "spec.resourceClaims": CLAIMS}, {NODE: "n", GATES: DROP, MIRROR: "x"}],
    [{NODE: "n", GATES: DROP, MIRROR: "x", "spec.resourceClaims": CLAIMS}],
)
OWN: Json = {"metadata.labels": {"app": "a", "x": "b"}}
SELECTORS: tuple[Json, ...] = (
    {"matchLabels": {"app": "a"}},
    {"matchExpressions": [{"key": "app", "operator": "Exists"}]},
    {"matchLabels": {"other": "a"}},
    {},
)
changes(
    "bare-label-keys",
    [
        {**OWN, **change}
        for selector in SELECTORS[2:]
        for change in (
            {"spec.affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "a", "labelSelector": selector, "matchLabelKeys": ["app"], "mismatchLabelKeys": ["x"]}]}}},
            {"spec.topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": selector, "matchLabelKeys": ["app", "none"]}]},
        )
    ],
    [
        {**OWN, **change}
        for selector in SELECTORS[:2]
        for change in (
            {"spec.affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "a", "labelSelector": selector, "matchLabelKeys": ["none", "app"]}]}}},
            {"spec.topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "a", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": selector, "matchLabelKeys": ["app"]}]},
        )
    ],
    weight=2,
)  # fmt: skip
PROFILE: Json = {"spec.securityContext": {"appArmorProfile": {"type": "RuntimeDefault"}}, "spec.os": DROP}
changes(
    "bare-app-armor",
    [{**PROFILE, "spec.containers": [{"name": "a", "image": "a"}], "spec.initContainers": DROP}],
    [
        {**PROFILE, "spec.containers": [{"name": name, "image": "a"}], "spec.initContainers": DROP}
        for name in each_of("", None, "A_", "-a", "a/b", "a" * 64)
    ],
    weight=2,
)
