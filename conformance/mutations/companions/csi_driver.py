"""CSIDrivers."""

from __future__ import annotations

from typing import Final

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates

row(
    "csi-fs-group",
    "spec.fsGroupPolicy",
    Pool(["ReadWriteOnceWithFSType", "File", "None", None], ["", "file", "Always", "None "]),
    weight=3,
)
changes(
    "csi-modes",
    [
        {"spec.volumeLifecycleModes": value}
        for value in each_of(["Persistent"], ["Ephemeral"], ["Ephemeral", "Persistent"], ["Ephemeral"] * 2, [], None)
    ],
    [
        {"spec.volumeLifecycleModes": value}
        for value in each_of([""], ["persistent"], ["Ephemeral", "x"], [None], ["x", "y"])
    ],
    weight=3,
)
for name in ("attachRequired", "podInfoOnMount", "storageCapacity", "requiresRepublish", "seLinuxMount"):
    row("csi-flags", f"spec.{name}", Pool([True, False, None], ["true", 1, []]), weight=0.5)
row(
    "csi-expiration",
    "spec.tokenRequests",
    Pool([600, 601, 4294967296, 4294967295, None], [599, 0, -1, 4294967297, 9223372036854775807]),
    lambda seconds: [{"audience": "a", "expirationSeconds": seconds}],
    weight=3,
)
changes(
    "csi-audiences",
    [
        {"spec.tokenRequests": [{"audience": audience} for audience in audiences]}
        for audiences in (["a", "b"], ["", "a"], ["a"], ["a", "A"], ["a b"], [None])
    ],
    [
        {"spec.tokenRequests": [{"audience": audience} for audience in audiences]}
        for audiences in (["a", "a"], ["", "a", ""], ["", None], ["a", "b", "a", "b", "a"])
    ]
    + [{"spec.tokenRequests": [{"audience": "a", "expirationSeconds": 1}, {"audience": "a", "expirationSeconds": 1}]}],
    weight=3,
)
PERIOD: Final = "spec.nodeAllocatableUpdatePeriodSeconds"
IN_SECRETS: Final = "spec.serviceAccountTokenInSecrets"
row("csi-period", PERIOD, Pool([10, 11, 9223372036854775807, None], [9, 0, -1]), weight=3)
changes(
    "csi-in-secrets",
    [{"spec.tokenRequests": [{"audience": "a"}], IN_SECRETS: value} for value in each_of(True, False, None, DROP)]
    + [{"spec.tokenRequests": DROP, IN_SECRETS: None}],
    [
        {"spec.tokenRequests": requests, IN_SECRETS: value}
        for requests in each_of(DROP, [], None)
        for value in (True, False)
    ],
    weight=3,
)
row("csi-prevent-scheduling", "spec.preventPodSchedulingIfMissing", Pool([True, False, None], ["true", 1]))
changes("csi-spec", [{"spec": {}}, {"spec": None}, {"spec": DROP}], [])
TOKENS: Final = "spec.tokenRequests"
NO_MODES: Final = "spec.volumeLifecycleModes"
updates(
    "update-csi-driver",
    [
        at("spec.attachRequired", None, True),
        at("spec.attachRequired", False, False),
        at(NO_MODES, ["Ephemeral"], ["Ephemeral"]),
        at(NO_MODES, None, ["Persistent"]),
        at("spec.podInfoOnMount", True, False),
        at("spec.fsGroupPolicy", None, "File"),
        at("spec.seLinuxMount", True, None),
        at("spec.storageCapacity", True, False),
    ],
    [
        at("spec.attachRequired", None, False),
        at("spec.attachRequired", False, True),
        at(NO_MODES, ["Ephemeral"], ["Persistent"]),
        at(NO_MODES, ["Ephemeral"], None),
        at(NO_MODES, ["Ephemeral", "Persistent"], ["Persistent", "Ephemeral"]),
        at(NO_MODES, ["Ephemeral"], ["x"]),
        at("spec.fsGroupPolicy", "File", ""),
    ],
    4,
)
updates(
    "update-csi-tokens",
    [
        ({IN_SECRETS: DROP, TOKENS: old}, {IN_SECRETS: new_flag, TOKENS: new})
        for old, new, new_flag in (
            *(
                (None, [{"audience": "a"}], DROP),
                ([{"audience": "a"}], [{"audience": "a"}], DROP),
                ([{"audience": "a"}], [{"audience": "b"}], DROP),
            ),
            *(
                ([{"audience": "a"}], [{"audience": "b"}], False),
                ([{"audience": ""}], [{}], None),
                ([{"audience": "a"}], [], None),
            ),
        )
    ],
    [
        ({IN_SECRETS: DROP, TOKENS: DROP}, {IN_SECRETS: True, TOKENS: DROP}),
        ({IN_SECRETS: True, TOKENS: [{"audience": "a"}]}, {IN_SECRETS: True, TOKENS: DROP}),
        ({IN_SECRETS: True, TOKENS: DROP}, {IN_SECRETS: True, TOKENS: DROP}),
        at(PERIOD, 60, 5),
        at(PERIOD, None, 5),
    ],
    3,
)
