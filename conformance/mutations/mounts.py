"""Volume mounts and volume devices."""

from __future__ import annotations

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import LOCAL_PATH, TEXTS

VOLUMES: dict[str, Json] = {
    "P.volumes[+]": {"name": "v-dir", "emptyDir": {}}, "P.volumes[+] ": {"name": "v-claim", "persistentVolumeClaim": {"claimName": "a"}},
    "P.volumes[+]  ": {"name": "v-own", "ephemeral": {"volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": 1}}}}}}, "P.hostUsers": None,
}  # fmt: skip
VOLUMES["P.os"] = DROP
MOUNT = {"name": "v-dir", "mountPath": "/v"}
DEVICE = {"name": "v-claim", "devicePath": "/v"}


def mounts(tag: str, good: list[Json], bad: list[Json], weight: float = 1.0) -> None:
    """Enter lists of mounts."""
    changes(
        tag, good, bad, weight, each=lambda mounted: [{**VOLUMES, "A.volumeDevices": DROP, "A.volumeMounts": mounted}]
    )


def devices(tag: str, good: list[Json], bad: list[Json], mounted: Json = DROP) -> None:
    """Enter lists of devices."""
    changes(tag, good, bad, each=lambda listed: [{**VOLUMES, "A.volumeMounts": mounted, "A.volumeDevices": listed}])


mounts(
    "mount-name",
    [[{**MOUNT, "name": name}] for name in ("v-dir", "v-claim", "v-own")],
    [[{**MOUNT, "name": name}] for name in ("", None, "nowhere", "V-dir", "v-dir ")],
)
mounts(
    "mount-path",
    [[{**MOUNT, "mountPath": path}] for path in ("/a", "a", "..", "a:b", " ", "/")],
    [[{**MOUNT, "mountPath": path}] for path in ("", None)] + [[{"name": "v-dir"}]],
)
mounts(
    "mount-path-twice",
    [[MOUNT, {**MOUNT, "mountPath": path}] for path in ("/v/", "/w", "v", "/V")],
    [
        [MOUNT, MOUNT],
        [MOUNT, {**MOUNT, "name": "v-own"}],
        [MOUNT, {**MOUNT, "mountPath": "/w"}, MOUNT],
        [{"name": "v-dir"}, {"name": "v-dir"}],
    ],
)
for field in ("subPath", "subPathExpr"):
    mounts(
        f"mount-{field.lower()}",
        [[{**MOUNT, field: path}] for path in (*LOCAL_PATH.good, "", None)],
        [[{**MOUNT, field: path}] for path in LOCAL_PATH.bad],
    )
mounts(
    "mount-both-subpaths",
    [[{**MOUNT, "subPath": a, "subPathExpr": b}] for a, b in (("", "a"), ("a", ""), ("", ""))],
    [[{**MOUNT, "subPath": a, "subPathExpr": b}] for a, b in (("a", "a"), ("a", "$(A)"), ("/", "a"))],
)
PROPAGATION = Pool(["None", "HostToContainer", None], ["", "none", "Shared", "Bidirectional"])
mounts(
    "mount-propagation",
    [[{**MOUNT, "mountPropagation": value}] for value in PROPAGATION.good],
    [[{**MOUNT, "mountPropagation": value}] for value in PROPAGATION.bad],
)
BOTH = [{**MOUNT, "mountPropagation": "Bidirectional"}]
changes(
    "mount-bidirectional",
    [{**VOLUMES, "A.volumeDevices": DROP, "A.securityContext": {"privileged": True}, "A.volumeMounts": BOTH}],
    [
        {**VOLUMES, "A.volumeDevices": DROP, "A.securityContext": context, "A.volumeMounts": BOTH}
        for context in ({"privileged": False}, {}, None, DROP, {"privileged": None})
    ],
)
mounts(
    "mount-recursive",
    [
        [{**MOUNT, "recursiveReadOnly": value, **more}]
        for value, more in (
            ("Disabled", {}),
            ("IfPossible", {"readOnly": True}),
            ("Enabled", {"readOnly": True, "mountPropagation": "None"}),
            (None, {}),
            ("Disabled", {"mountPropagation": "HostToContainer"}),
        )
    ],
    [[{**MOUNT, "readOnly": True, "recursiveReadOnly": value}] for value in ("", "enabled", "x")]
    + [
        [{**MOUNT, "recursiveReadOnly": value, **more}]
        for value in ("IfPossible", "Enabled")
        for more in (
            {},
            {"readOnly": False},
            {"readOnly": True, "mountPropagation": "HostToContainer"},
            {"mountPropagation": "HostToContainer"},
            {"readOnly": None},
        )
    ],
    weight=1.5,
)
devices(
    "device-name",
    [[{**DEVICE, "name": name}] for name in ("v-claim", "v-own")],
    [[{**DEVICE, "name": name}] for name in ("", None, "nowhere", "v-dir", "V-claim")],
)
devices(
    "device-path",
    [[{**DEVICE, "devicePath": path}] for path in ("/a", "a", "/a..b", " ")],
    [[{**DEVICE, "devicePath": path}] for path in ("", None, "..", "/a/../b", "/..")],
)
devices(
    "device-twice",
    [[DEVICE, {"name": "v-own", "devicePath": "/w"}]],
    [
        [DEVICE, DEVICE],
        [DEVICE, {**DEVICE, "devicePath": "/w"}],
        [DEVICE, {**DEVICE, "name": "v-own"}],
        [DEVICE, {"name": "v-own", "devicePath": "/w"}, {"name": "v-claim", "devicePath": "/x"}],
    ],
)
devices(
    "device-and-mount",
    [[{"name": "v-claim", "devicePath": "/w"}], [{"name": "v-own", "devicePath": "/x"}]],
    [
        [{"name": "v-claim", "devicePath": "/v"}],
        [{"name": "v-own", "devicePath": "/v"}, {"name": "v-claim", "devicePath": "/z"}],
    ],
    mounted=[MOUNT],
)
devices(
    "device-volume-mounted",
    [[{"name": "v-claim", "devicePath": "/w"}]],
    [[{"name": "v-own", "devicePath": "/w"}], [{"name": "v-own", "devicePath": "/v"}]],
    mounted=[{**MOUNT, "name": "v-own"}],
)
devices(
    "device-last-mount",
    [[{"name": "v-claim", "devicePath": "/v"}], [{"name": "v-claim", "devicePath": "/w"}]],
    [[{"name": "v-claim", "devicePath": "/w2"}]],
    mounted=[{"name": "v-dir", "mountPath": "/v"}, {"name": "v-dir", "mountPath": "/w2"}],
)
changes(
    "mount-broken-volume",
    [{**VOLUMES, "P.volumes[+]   ": {"name": "fine", "hostPath": {"path": "/a"}}, "A.volumeMounts": [{"name": "fine", "mountPath": "/a"}], "A.volumeDevices": DROP}],
    [{**VOLUMES, "P.volumes[+]   ": {"name": "broken", **source}, "A.volumeMounts": [{"name": "broken", "mountPath": "/a"}], "A.volumeDevices": DROP} for source in each_of(
        {"hostPath": {}}, {"emptyDir": {}, "hostPath": {"path": "/a"}}, {"secret": {"defaultMode": 512, "secretName": "a"}}, {"emptyDir": {"sizeLimit": -1}})],
)  # fmt: skip
row("mount-free", "A.volumeMounts", Pool(TEXTS, [1]), lambda path: [{"name": "nowhere", "mountPath": path}], weight=0.2)
changes(
    "image-mount",
    [
        {
            **VOLUMES,
            "P.volumes[+]   ": {"name": "img", "image": {"reference": "a"}},
            "A.volumeDevices": DROP,
            "A.volumeMounts": [{"name": "img", "mountPath": "/a", **more}],
        }
        for more in ({}, {"subPath": "a"}, {"readOnly": True}, {"mountPropagation": "None"})
    ],
    [
        {
            **VOLUMES,
            "P.volumes[+]   ": {"name": "img", "image": {"pullPolicy": "x"}},
            "A.volumeDevices": DROP,
            "A.volumeMounts": [{"name": "img", "mountPath": "/a"}],
        }
    ],
)
