"""PersistentVolumeClaims."""

from __future__ import annotations

from typing import Any, Final

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import DNS_SUBDOMAIN, QUANTITY, SELECTOR

MODES: Final = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
SNAPSHOT: Final = {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "a"}
CLAIM: Final = {"kind": "PersistentVolumeClaim", "name": "a"}
OTHER: Final = {"apiGroup": "example.com", "kind": "Dump", "name": "a"}
STORAGE: Final = "spec.resources.requests.storage"
row(
    "pvc-mode",
    "spec.accessModes",
    Pool(list(MODES), ["", "readWriteOnce", "RWO", "ReadWriteOnce ", None]),
    lambda mode: [mode],
    weight=2,
)
changes(
    "pvc-modes",
    [
        {"spec.accessModes": list(value)}
        for value in (MODES[:3], MODES[:1], MODES[3:], (MODES[3], MODES[3]), (MODES[0], MODES[0]))
    ],
    [
        {"spec.accessModes": value}
        for value in each_of([], None, DROP, [*MODES], [MODES[3], MODES[0]], [MODES[3], "x"], ["x", "y"])
    ],
    weight=2,
)
row("pvc-storage", STORAGE, QUANTITY.plus([], ["0", 0, "-1Gi", "0.0", "0Gi", "-0"]), weight=3)
row("pvc-limit", "spec.resources.limits.storage", QUANTITY, weight=1.5)
changes(
    "pvc-requests",
    [{"spec.resources": {"requests": {"storage": 1, "cpu": 1, "a": -1}, "limits": {"cpu": -1}}}],
    [
        {"spec.resources": value}
        for value in each_of(
            {}, None, DROP, {"requests": {}}, {"requests": {"cpu": 1}}, {"limits": {"storage": 1}}, {"requests": None}
        )
    ],
    weight=2,
)
row("pvc-fraction", STORAGE, Pool(["100m", "1.5", "0.5Ki", "1", "1500u", "0.0001", "1n", "999m", "1000m"], []))
for name in ("storageClassName", "volumeAttributesClassName"):
    row(f"pvc-{name.lower()}", f"spec.{name}", DNS_SUBDOMAIN.plus(["", None]), weight=2)
row(
    "pvc-volume-mode", "spec.volumeMode", Pool(["Filesystem", "Block", None], ["", "block", "File", "Block "]), weight=2
)
row("pvc-selector", "spec.selector", SELECTOR, weight=1.5)
row("pvc-volume-name", "spec.volumeName", Pool(["a", "A_", "", None, "a/b"], [1, []]))
changes("pvc-spec", [], [{"spec": {}}, {"spec": None}, {"spec": DROP}])
row(
    "pvc-class-annotation",
    "metadata.annotations{volume.beta.kubernetes.io/storage-class}",
    Pool(["a", "", None, "A_"], [1]),
    weight=2,
)


def sources(source: Any, reference: Any) -> dict[str, Any]:
    """Return the changes that set both data sources."""
    return {"spec.dataSource": source, "spec.dataSourceRef": reference}


changes(
    "pvc-data-source",
    [
        sources(*pair)
        for pair in (
            *(
                (CLAIM, DROP),
                (SNAPSHOT, DROP),
                (OTHER, DROP),
                (DROP, OTHER),
                (OTHER, OTHER),
                (CLAIM, CLAIM),
                (None, None),
                ({**CLAIM, "apiGroup": ""}, DROP),
            ),
            *(
                (DROP, {**CLAIM, "apiGroup": ""}),
                ({"kind": "Pod", "name": "a"}, DROP),
                ({}, DROP),
                ({"kind": "x"}, None),
                ({**OTHER, "apiGroup": "A_"}, DROP),
            ),
            *(
                (DROP, {**OTHER, "namespace": "b"}),
                (CLAIM, {**CLAIM, "namespace": "B"}),
                (OTHER, {"namespace": "b"}),
                (DROP, {**OTHER, "namespace": ""}),
            ),
        )
    ],
    [
        sources(*pair)
        for pair in (
            *(
                (CLAIM, OTHER),
                (SNAPSHOT, CLAIM),
                ({**CLAIM, "apiGroup": ""}, CLAIM),
                (CLAIM, {**CLAIM, "apiGroup": ""}),
                (CLAIM, {**CLAIM, "name": "b"}),
            ),
            *(
                (DROP, {}),
                (DROP, {"kind": "Pod", "name": "a"}),
                (DROP, {**OTHER, "apiGroup": "A_"}),
                (DROP, {**OTHER, "name": ""}),
                ({}, {}),
                (OTHER, {}),
            ),
            *(
                ({**OTHER, "apiGroup": "A_"}, {**OTHER, "apiGroup": "A_"}),
                (DROP, {**OTHER, "kind": ""}),
                ({**CLAIM, "name": ""}, DROP),
                ({**SNAPSHOT, "name": ""}, DROP),
            ),
        )
    ],
    weight=4,
)
BOUND: Final = {"status.phase": "Bound", "status.capacity": {"storage": "5Gi"}, STORAGE: "5Gi"}
PENDING: Final = {**BOUND, "status.phase": "Pending"}


def bound(
    old: dict[str, Any], new: dict[str, Any], state: dict[str, Any] = BOUND
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an update of a bound claim."""
    return {**state, **old}, {**state, **new}


updates(
    "update-pvc-storage",
    [
        bound({}, {STORAGE: "6Gi"}),
        bound({STORAGE: "8Gi"}, {STORAGE: "5121Mi"}),
        bound({STORAGE: "5Gi"}, {STORAGE: 5368709120}),
        bound({STORAGE: "5Gi"}, {STORAGE: "5120Mi"}, PENDING),
        bound({"status": DROP, STORAGE: "5Gi"}, {STORAGE: "5Gi", "spec.volumeName": DROP}, {"spec.volumeName": DROP}),
    ],
    [
        bound({}, {STORAGE: "4Gi"}),
        bound({STORAGE: "8Gi"}, {STORAGE: "5Gi"}),
        bound({STORAGE: "8Gi"}, {STORAGE: "5119Mi"}),
        bound({}, {STORAGE: "6Gi"}, PENDING),
        bound({STORAGE: "8Gi"}, {STORAGE: "7Gi"}, PENDING),
        bound({"status.capacity": DROP}, {STORAGE: "1Gi"}),
        bound({}, {"spec.resources.limits": {"storage": "9Gi"}}),
        bound({}, {"spec.resources.requests.cpu": 1}),
    ],
    3,
)
updates(
    "update-pvc-spec",
    [
        at("spec.volumeName", "", "a"),
        at("spec.volumeName", None, "a"),
        at("spec.accessModes", ["ReadWriteOnce"], ["ReadWriteOnce"]),
        at("spec.resources.limits", None, {}),
        at("spec.volumeMode", None, "Filesystem"),
        at("spec.selector", None, DROP),
    ],
    [
        at("spec.volumeName", "b", "a"),
        at("spec.volumeName", "b", ""),
        at("spec.accessModes", ["ReadWriteOnce"], ["ReadWriteMany"]),
        at("spec.accessModes", ["ReadWriteOnce", "ReadWriteMany"], ["ReadWriteMany", "ReadWriteOnce"]),
        at("spec.volumeMode", None, "Block"),
        at("spec.volumeMode", "Block", "Filesystem"),
        at("spec.selector", None, {}),
        at("spec.selector", {"matchLabels": {"a": "b"}}, {"matchLabels": {"a": "c"}}),
        at("spec", {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": 1}}}, {}),
    ],
    3,
)
NOTE: Final = "metadata.annotations{volume.beta.kubernetes.io/storage-class}"
NAMED: Final = "spec.storageClassName"
updates(
    "update-pvc-class",
    [
        at(NAMED, None, "a"),
        at(NAMED, None, ""),
        at(NAMED, "a", "a"),
        at(NAMED, "", ""),
        ({NOTE: "a", NAMED: DROP}, {NAMED: "a"}),
        ({NOTE: "a", NAMED: DROP}, {NAMED: "a", NOTE: "a"}),
        ({NOTE: "a", NAMED: "b"}, {NAMED: "b", NOTE: "a"}),
        ({NOTE: "", NAMED: DROP}, {NAMED: ""}),
    ],
    [
        at(NAMED, "a", "b"),
        at(NAMED, "a", ""),
        at(NAMED, "", "a"),
        at(NAMED, "a", None),
        at(NAMED, "", DROP),
        ({NOTE: "a", NAMED: DROP}, {NAMED: "b"}),
        ({NOTE: "a", NAMED: DROP}, {NAMED: DROP, NOTE: "b"}),
        ({NAMED: DROP}, {NAMED: DROP, NOTE: "b"}),
        ({NOTE: "a", NAMED: DROP}, {NAMED: DROP}),
        ({NOTE: "a", NAMED: "b"}, {NAMED: "b"}),
        ({NOTE: "a", NAMED: DROP}, {NAMED: "a", NOTE: "b"}),
    ],
    3,
)
ATTRIBUTES: Final = "spec.volumeAttributesClassName"
APPLIED: Final = {**BOUND, "status.currentVolumeAttributesClassName": "a"}
updates(
    "update-pvc-attributes",
    [
        bound({ATTRIBUTES: DROP}, {ATTRIBUTES: "a"}),
        bound({ATTRIBUTES: "a"}, {ATTRIBUTES: "b"}),
        bound({ATTRIBUTES: "a"}, {ATTRIBUTES: DROP}),
        bound({ATTRIBUTES: "a"}, {ATTRIBUTES: "b"}, APPLIED),
        bound({ATTRIBUTES: "a"}, {ATTRIBUTES: "a"}, APPLIED),
        bound({ATTRIBUTES: DROP}, {ATTRIBUTES: ""}),
    ],
    [
        bound({ATTRIBUTES: "a"}, {ATTRIBUTES: DROP}, APPLIED),
        bound({ATTRIBUTES: "a"}, {ATTRIBUTES: ""}, APPLIED),
        bound({ATTRIBUTES: "a"}, {ATTRIBUTES: "b"}, PENDING),
        bound({ATTRIBUTES: "a"}, {ATTRIBUTES: DROP}, PENDING),
        bound({ATTRIBUTES: DROP}, {ATTRIBUTES: "a"}, PENDING),
        bound({ATTRIBUTES: "a"}, {ATTRIBUTES: "A_"}),
        bound({ATTRIBUTES: "A_"}, {ATTRIBUTES: "A_"}),
    ],
    3,
)
WRONG_GROUP: Final = {**OTHER, "apiGroup": "A_"}
WRONG_VALUE: Final = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["a b"]}]}
updates(
    "update-pvc-kept",
    [
        (sources(DROP, WRONG_GROUP), sources(DROP, WRONG_GROUP)),
        (sources(WRONG_GROUP, DROP), sources(DROP, WRONG_GROUP)),
        (sources(OTHER, DROP), sources(OTHER, OTHER)),
        (sources(DROP, DROP), sources(OTHER, DROP)),
        (sources(CLAIM, {**OTHER, "namespace": "b"}), sources(CLAIM, {**OTHER, "namespace": "b"})),
        (sources(DROP, DROP), sources(DROP, {**OTHER, "namespace": "b"})),
        at("spec.selector", WRONG_VALUE, WRONG_VALUE),
    ],
    [
        (sources(CLAIM, DROP), sources(WRONG_GROUP, DROP)),
        (sources(SNAPSHOT, DROP), sources(WRONG_GROUP, DROP)),
        (sources(CLAIM, DROP), sources(DROP, DROP)),
        (sources(DROP, DROP), sources(CLAIM, DROP)),
        (sources(DROP, DROP), sources(DROP, OTHER)),
        (sources(OTHER, DROP), sources(DROP, {**OTHER, "namespace": "b"})),
        at("spec.selector", {}, WRONG_VALUE),
    ],
    3,
)
