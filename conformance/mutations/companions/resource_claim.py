"""What an update must not change in a ResourceClaim or a ResourceClaimTemplate."""

from __future__ import annotations

from conformance.case import Json
from conformance.mutations.companions.device_requests import claim, exactly, first
from conformance.mutations.row import at, each_of, updates

SAME: tuple[Json, ...] = ({}, {"count": 1}, {"allocationMode": ""}, {"selectors": []}, {"tolerations": None})
updates(
    "update-claim",
    [
        (claim([("a", exactly())], version), claim([("a", exactly(**fields))], other))
        for version, other in (("v1beta2", "v1beta2"), ("v1beta2", "v1beta1"), ("v1", "v1"))
        for fields in SAME
    ]
    + [at("metadata.labels", None, {"a": "b"})],
    [
        (claim([("a", exactly())], "v1beta2"), claim([("a", exactly(**fields))], version))
        for version in ("v1beta2", "v1beta1")
        for fields in each_of(
            {"count": 2},
            {"allocationMode": "All"},
            {"deviceClassName": "y"},
            {"adminAccess": False},
            {"capacity": {}},
            {"count": -1},
            {"tolerations": [{"key": "a"}]},
        )
    ]
    + [
        (claim([("a", exactly())]), claim([("a", first("b"))])),
        (claim([("a", exactly())]), claim([("b", exactly())])),
        (claim([("a", exactly())]), claim([])),
        (claim([("a", exactly(count=-1))]), claim([("a", exactly(count=-1))])),
        (claim([("A", exactly())]), claim([("A", exactly())])),
    ],
    5,
)
updates(
    "update-claim-dropped",
    [
        (claim([("a", exactly(**fields))]), claim([("a", exactly(**fields))]))
        for fields in (
            {"adminAccess": False},
            {"capacity": {"requests": {"a": 1}}},
            {"tolerations": [{"key": "a"}]},
        )
    ]
    + [(claim([("a", first("b"))]), claim([("a", first("b"))]))],
    [
        (claim([("a", exactly(**fields))]), claim([("a", exactly(**fields))]))
        for fields in ({"tolerations": [{"key": "-"}]}, {"tolerations": [{"effect": "x"}]})
    ]
    + [
        (claim([("a", first("B"))]), claim([("a", first("B"))])),
        (claim([("a", first("b"))]), claim([("a", first("b", "c"))])),
    ],
    3,
)
