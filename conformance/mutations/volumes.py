"""Volumes of every source."""

from __future__ import annotations

from conformance.case import Json
from conformance.mutations.row import Fresh, Pool, changes, each_of, row
from conformance.mutations.values import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    FILE_MODE,
    LONG,
    QUALIFIED_NAME,
    QUANTITY,
    TEXTS,
    UNRESERVED_PATH,
)

NEW = "P.volumes[+]"
TEXT = Pool(["a", " ", "é"], ["", None])


def volume(**source: Json) -> Json:
    """Return a volume of a new name."""
    return {"name": Fresh("w"), **source}


def fields(source: str, whole: dict[str, Json], **pools: Pool) -> None:
    """Enter a mutation for each field of a volume's `source`; `whole` is one that passes."""
    for field, pool in pools.items():
        row(
            f"{source}-{field}".lower(),
            NEW,
            pool,
            lambda value, field=field: volume(**{source: {**whole, field: value}}),
        )


row("volume-name-missing", NEW, Pool(["a", "0"], ["", None]), lambda name: {"name": name, "hostPath": {"path": "/a"}})
row("volume-name", NEW, DNS_LABEL, lambda name: {"name": name, "emptyDir": {}})
changes(
    "volume-twice",
    [{"P.volumes": [{"name": "a"}, {"name": "b"}], "P.containers": [{"name": "a", "image": "b"}], "P.initContainers": None}],
    [{"P.volumes": volumes, "P.containers": [{"name": "a", "image": "b"}], "P.initContainers": None} for volumes in (
        [{"name": "a"}, {"name": "a"}], [{"name": "a"}, {"name": "b"}, {"name": "a"}], [{"name": "a", "hostPath": {}}, {"name": "a"}, {"name": "a"}], [{"name": "A"}, {"name": "A"}])],
)  # fmt: skip
WHOLE: dict[str, dict[str, Json]] = {
    "emptyDir": {}, "hostPath": {"path": "/a"}, "gitRepo": {"repository": "a"}, "gcePersistentDisk": {"pdName": "a"}, "awsElasticBlockStore": {"volumeID": "a"},
    "secret": {"secretName": "a"}, "nfs": {"server": "a", "path": "/a"}, "iscsi": {"targetPortal": "a", "iqn": "iqn.2020-01.io.x:y", "lun": 0},
    "glusterfs": {"endpoints": "a", "path": "b"}, "flocker": {"datasetName": "a"}, "persistentVolumeClaim": {"claimName": "a"}, "rbd": {"monitors": ["a"], "image": "a"},
    "cinder": {"volumeID": "a"}, "cephfs": {"monitors": ["a"]}, "quobyte": {"registry": "a:1", "volume": "a"}, "downwardAPI": {"items": [{"path": "a", "fieldRef": {"fieldPath": "metadata.name"}}]},
    "fc": {"targetWWNs": ["a"], "lun": 1}, "flexVolume": {"driver": "a"}, "configMap": {"name": "a"}, "azureFile": {"secretName": "a", "shareName": "a"}, "vsphereVolume": {"volumePath": "a"},
    "photonPersistentDisk": {"pdID": "a"}, "portworxVolume": {"volumeID": "a"}, "azureDisk": {"diskName": "a", "diskURI": "https://a"}, "storageos": {"volumeName": "a"},
    "projected": {"sources": [{"secret": {"name": "a"}}]}, "scaleIO": {"gateway": "a", "system": "a", "volumeName": "a", "secretRef": {"name": "a"}}, "csi": {"driver": "a"},
    "ephemeral": {"volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}}, "image": {"reference": "a"},
}  # fmt: skip
PAIRS = [(a, b) for a in WHOLE for b in WHOLE if a < b]
changes(
    "volume-sources",
    [{NEW: volume(**{source: whole})} for source, whole in WHOLE.items()]
    + [{NEW: volume()}, *({NEW: volume(**{source: None})} for source in WHOLE)],
    [{NEW: volume(**{a: WHOLE[a], b: WHOLE[b]})} for a, b in PAIRS]
    + [{NEW: volume(**{a: {}, b: {}})} for a, b in PAIRS[::7]]
    + [{NEW: volume(emptyDir={}, secret={}, nfs={})}],
    weight=4,
)
changes(
    "volume-source-empty",
    [{NEW: volume(emptyDir={})}, {NEW: volume(projected={})}, {NEW: volume(image={})}, {NEW: volume(downwardAPI={})}],
    [{NEW: volume(**{source: {}})} for source in WHOLE],
    weight=4,
)
SIZE_BAD = [*QUANTITY.bad, "-1", "-1Ki", "-1n", -5]
fields(
    "emptyDir",
    {},
    medium=Pool([*TEXTS, "Memory", "HugePages", "HugePages-2Mi"], [1]),
    sizeLimit=Pool(QUANTITY.good, SIZE_BAD),
)
fields(
    "hostPath",
    WHOLE["hostPath"],
    path=Pool(["/a", "a", "/", "/a..b", "..a", " "], ["", "..", "/a/../b", "/..", None]),
    type=Pool(
        ["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice", None],
        ["directory", "Dir", "x", " "],
    ),
)
fields(
    "gitRepo",
    WHOLE["gitRepo"],
    repository=TEXT,
    directory=Pool(["", "a", "..a", "a/b"], ["/a", "..", "../a", "a/.."]),
    revision=Pool(TEXTS, [1]),
)
PARTITION = Pool([0, 255, 1, None], [256, -1])
fields("gcePersistentDisk", WHOLE["gcePersistentDisk"], pdName=TEXT, partition=PARTITION)
fields("awsElasticBlockStore", WHOLE["awsElasticBlockStore"], volumeID=TEXT, partition=PARTITION)
NAMED = Pool(["a", "A_b", " ", "a/b"], ["", None])
fields("secret", WHOLE["secret"], secretName=NAMED, defaultMode=FILE_MODE)
fields("configMap", WHOLE["configMap"], name=NAMED, defaultMode=FILE_MODE)
for source in ("secret", "configMap"):
    for field, pool in {"key": TEXT, "path": UNRESERVED_PATH.plus([], [None]), "mode": FILE_MODE}.items():
        row(
            f"{source}-item-{field}".lower(),
            NEW,
            pool,
            lambda value, source=source, field=field: volume(
                **{source: {**WHOLE[source], "items": [{"key": "a", "path": "b", field: value}]}}
            ),
        )
fields("nfs", WHOLE["nfs"], server=TEXT, path=Pool(["/", "/a/..", "/ "], ["", "a", "./a", None, " /a"]))
IQN = Pool(
    ["iqn.2020-01.io.x:y", "iqn.2020-01.a:b:c", "iqnx iqn.0000-99.a:b", "eui.0123456789abcdef", "eui.ABCDEFGHIJKLMNOP", "naa." + "0" * 32, "iqn.2020-01.A.b-c:é", "eui/0123456789abcdef"],
    ["", "iqn", "iqn.2020-01.a", "iqn.2020-1.a:b", "iqn.2020-01.a:b,c", "iqn.2020-01.a:b c", "eui.012", "eui.0123456789abcdefg", "naa.0", "x", "IQN.2020-01.a:b", "iqn.2020-01.a:", "naa." + "0" * 33, None, "iqn.2020-01:b", "eui.0123456789abcde_",
     "naa." + "0" * 16, "iqn.2020-01.a_b:c", "iqn.2020-01.a:b|c"],
    noisy=True,
)  # fmt: skip
fields("iscsi", WHOLE["iscsi"], targetPortal=TEXT, iqn=IQN, lun=PARTITION)
row("iscsi-initiator", NEW, IQN.plus([None]), lambda name: volume(iscsi={**WHOLE["iscsi"], "initiatorName": name}))
changes(
    "iscsi-chap",
    [
        {NEW: volume(iscsi={**WHOLE["iscsi"], field: True, "secretRef": secret})}
        for field in ("chapAuthDiscovery", "chapAuthSession")
        for secret in ({}, {"name": "A"})
    ]
    + [{NEW: volume(iscsi={**WHOLE["iscsi"], "chapAuthSession": False})}],
    [
        {NEW: volume(iscsi={**WHOLE["iscsi"], field: True, "secretRef": None})}
        for field in ("chapAuthDiscovery", "chapAuthSession")
    ],
)
changes(
    "iscsi-long-name",
    [
        {NEW: {"name": name, "iscsi": {**WHOLE["iscsi"], "targetPortal": portal, "initiatorName": "iqn.2020-01.a:b"}}}
        for name, portal in ((LONG[58], "a" * 5), ("a", "a" * 62), ("ab", "é" * 30))
    ]
    + [{NEW: {"name": LONG[63], "iscsi": {**WHOLE["iscsi"], "targetPortal": "a" * 9}}}],
    [
        {NEW: {"name": name, "iscsi": {**WHOLE["iscsi"], "targetPortal": portal, "initiatorName": "iqn.2020-01.a:b"}}}
        for name, portal in ((LONG[58], "a" * 6), ("a", "a" * 63), ("ab", "é" * 31))
    ]
    + [
        {
            NEW: {
                "name": LONG[63],
                "hostPath": {"path": "/a"},
                "iscsi": {**WHOLE["iscsi"], "targetPortal": "a" * 9, "initiatorName": "x"},
            }
        }
    ],
)
fields("glusterfs", WHOLE["glusterfs"], endpoints=TEXT, path=TEXT)
fields("flocker", {}, datasetName=Pool(["a", "a.b"], ["", "a/b", "/"]), datasetUUID=Pool(["a", "a/b"], ["", None]))
row("flocker-both", NEW, Pool([""], ["a", "/"]), lambda uuid: volume(flocker={"datasetName": "a", "datasetUUID": uuid}))
fields("persistentVolumeClaim", WHOLE["persistentVolumeClaim"], claimName=NAMED)
MONITORS = Pool([["a"], [""], ["a", "b"]], [[], None])
fields("rbd", WHOLE["rbd"], monitors=MONITORS, image=TEXT, pool=Pool(["", "a"], [1]))
SECRET = Pool([None, {"name": "a"}, {"name": "A_"}], [{}, {"name": ""}])
fields("cinder", WHOLE["cinder"], volumeID=TEXT, secretRef=SECRET)
fields("cephfs", WHOLE["cephfs"], monitors=MONITORS, path=Pool(TEXTS, [1]), secretRef=Pool([None, {}], ["a"]))
fields(
    "quobyte",
    WHOLE["quobyte"],
    registry=Pool(
        ["a:1", "a:1,b:2", ":", "a:", ":1", "[::1]:5", "a:x"],
        ["", "a", "a:1,", "a:1:2", ",", "a:1,b", "::1", "[::1", None],
    ),
    tenant=Pool(["", LONG[64], LONG[63]], [LONG[65], LONG[128]]),
    volume=TEXT,
)
row(
    "quobyte-order",
    NEW,
    Pool(["a"], [LONG[65]]),
    lambda tenant: volume(quobyte={"registry": "a", "tenant": tenant, "volume": ""}),
    weight=0.3,
)
WWN = Pool([["a"], [""], ["a", "b"]], [[], None])
fields("fc", WHOLE["fc"], targetWWNs=WWN, lun=Pool([0, 255], [-1, 256, None]), wwids=Pool([None, []], [["a"], [""]]))
row("fc-wwids", NEW, Pool([None, 5, 300, -1], ["1"]), lambda lun: volume(fc={"wwids": ["a"], "lun": lun}), weight=0.6)
FLEX = Pool(
    ["a", "kubernetes.iox", "x.io/kubernetes.io", "kubernetesXio", "mykubernetes.io", "a.k8s.io.x", ""],
    ["kubernetes.io", "kubernetes.io/a", "a.kubernetes.io/b", "k8s.io", "x.k8s.io", "Kubernetes.IO/a", "K8S.io/x"],
)
fields(
    "flexVolume",
    WHOLE["flexVolume"],
    driver=TEXT,
    options=Pool([{key: "a"} for key in FLEX.good], [{key: "a"} for key in FLEX.bad]),
)
fields("azureFile", WHOLE["azureFile"], secretName=TEXT, shareName=TEXT)
fields("vsphereVolume", {}, volumePath=TEXT)
fields("photonPersistentDisk", {}, pdID=TEXT)
fields("portworxVolume", {}, volumeID=TEXT)
fields(
    "azureDisk",
    WHOLE["azureDisk"],
    diskName=TEXT,
    diskURI=Pool(["https://a", "https://"], ["", "http://a", "a", "/subscriptions/a", None, " https://a"]),
    cachingMode=Pool(["None", "ReadOnly", "ReadWrite", None], ["", "readonly", "none"]),
    kind=Pool(["Shared", "Dedicated", None], ["", "shared", "Managed", "x"]),
)
row(
    "azuredisk-managed",
    NEW,
    Pool(["/subscriptions/", "/subscriptions/a"], ["https://a", "/subscription/", "", "subscriptions/a"]),
    lambda uri: volume(azureDisk={"diskName": "a", "diskURI": uri, "kind": "Managed"}),
)
fields("scaleIO", WHOLE["scaleIO"], gateway=TEXT, system=TEXT, volumeName=TEXT, secretRef=Pool([None, {}], []))
fields(
    "storageos",
    WHOLE["storageos"],
    volumeName=DNS_LABEL.plus([], ["", None]),
    volumeNamespace=DNS_LABEL.plus([""]),
    secretRef=SECRET,
)
DRIVER = Pool(
    ["a", "A.b", "x.io", LONG[63]], ["", LONG[64], "a_b", "-a", "a..b", "a/b", None, LONG[64] + "_"], noisy=True
)
fields("csi", WHOLE["csi"], driver=DRIVER)
row(
    "csi-secret",
    NEW,
    DNS_SUBDOMAIN.plus([], ["", None]),
    lambda name: volume(csi={"driver": "a", "nodePublishSecretRef": {"name": name}}),
)
changes(
    "csi-secret-absent",
    [{NEW: volume(csi={"driver": "a", "nodePublishSecretRef": None})}],
    [{NEW: volume(csi={"driver": "a", "nodePublishSecretRef": {}})}],
    weight=0.4,
)
fields(
    "image",
    WHOLE["image"],
    pullPolicy=Pool(["Always", "Never", "IfNotPresent", "", None], ["always", "x"]),
    reference=Pool(["", "a", " a ", None, "A:B:C"], [1]),
)

ITEM = {"path": "a", "fieldRef": {"fieldPath": "metadata.name"}}
VOLUME_PATHS = Pool(
    [
        "metadata.name",
        "metadata.namespace",
        "metadata.labels",
        "metadata.annotations",
        "metadata.uid",
        "metadata.labels['a']",
        "metadata.annotations['A.b/C']",
    ],
    [
        "",
        None,
        "spec.nodeName",
        "status.podIP",
        "metadata.labels['']",
        "metadata.labels[a]",
        "name",
        "spec.host",
        "metadata.labels['a b']",
        "metadata.name['a']",
        "spec.serviceAccountName",
        "status.hostIP",
    ],
)
RESOURCES = Pool(
    ["limits.cpu", "requests.memory", "limits.ephemeral-storage", "limits.hugepages-x"],
    ["", "cpu", "limits.storage", None, "limits.x.io/a"],
)
ITEMS: dict[str, tuple[Pool, object]] = {
    "path": (UNRESERVED_PATH.plus([], [None]), lambda value: {**ITEM, "path": value}),
    "mode": (FILE_MODE, lambda value: {**ITEM, "mode": value}),
    "field": (VOLUME_PATHS, lambda value: {"path": "a", "fieldRef": {"fieldPath": value}}),
    "version": (
        Pool(["v1", "", None], ["v2", "x"]),
        lambda value: {"path": "a", "fieldRef": {"apiVersion": value, "fieldPath": "metadata.labels"}},
    ),
    "resource": (RESOURCES, lambda value: {"path": "a", "resourceFieldRef": {"containerName": "a", "resource": value}}),
    "container": (
        Pool(["a", "nowhere", " "], ["", None]),
        lambda value: {"path": "a", "resourceFieldRef": {"containerName": value, "resource": "limits.cpu"}},
    ),
    "divisor": (
        Pool(["1", "1m", 0, None, "1000m", "0.001"], ["2", "1k", "10m", "01"]),
        lambda value: {
            "path": "a",
            "resourceFieldRef": {"containerName": "a", "resource": "limits.cpu", "divisor": value},
        },
    ),
    "both": (
        Pool([None], [{"containerName": "a", "resource": "limits.cpu"}, {}]),
        lambda value: {**ITEM, "resourceFieldRef": value},
    ),
    "none": (Pool([{"fieldPath": "metadata.name"}], [None]), lambda value: {"path": "a", "fieldRef": value}),
}
row("downwardapi-mode", NEW, FILE_MODE, lambda mode: volume(downwardAPI={"items": [ITEM], "defaultMode": mode}))
for name, (pool, make) in ITEMS.items():
    row(f"downwardapi-item-{name}", NEW, pool, lambda value, make=make: volume(downwardAPI={"items": [make(value)]}))
    row(
        f"projected-downwardapi-{name}",
        NEW,
        pool,
        lambda value, make=make: volume(projected={"sources": [{"downwardAPI": {"items": [make(value)]}}]}),
        weight=0.7,
    )

row(
    "projected-mode",
    NEW,
    FILE_MODE,
    lambda mode: volume(projected={"sources": [{"secret": {"name": "a"}}], "defaultMode": mode}),
)
TOKEN = {"path": "token"}
KINDS: dict[str, Json] = {
    "secret": {"name": "a"},
    "configMap": {"name": "a"},
    "downwardAPI": {"items": [ITEM]},
    "serviceAccountToken": TOKEN,
}
changes(
    "projected-kinds",
    [
        {NEW: volume(projected={"sources": [{name: value} for name, value in KINDS.items()]})},
        {NEW: volume(projected={"sources": [{}, None]})},
        {NEW: volume(projected={})},
    ],
    [{NEW: volume(projected={"sources": [{a: KINDS[a], b: KINDS[b]}]})} for a in KINDS for b in KINDS if a < b]
    + [
        {NEW: volume(projected={"sources": [KINDS]})},
        {NEW: volume(projected={"sources": [{name: {} for name in KINDS}]})},
    ],
)
for source in ("secret", "configMap"):
    row(
        f"projected-{source}-name".lower(),
        NEW,
        NAMED,
        lambda name, source=source: volume(
            projected={"sources": [{"secret": {"name": "x"}}, {source: {"name": name}}]}
        ),
    )
    for field, pool in {"key": TEXT, "path": UNRESERVED_PATH.plus([], [None]), "mode": FILE_MODE}.items():
        row(
            f"projected-{source}-item-{field}".lower(),
            NEW,
            pool,
            lambda value, source=source, field=field: volume(
                projected={"sources": [{source: {"name": "a", "items": [{"key": "a", "path": "b", field: value}]}}]}
            ),
        )
EXPIRY = Pool([600, 4294967296, 3600, None, 601], [599, 0, -1, 4294967297, 60])
row(
    "token-expiry",
    NEW,
    EXPIRY,
    lambda seconds: volume(projected={"sources": [{"serviceAccountToken": {**TOKEN, "expirationSeconds": seconds}}]}),
)
row(
    "token-path",
    NEW,
    UNRESERVED_PATH.plus([], [None]),
    lambda path: volume(projected={"sources": [{"serviceAccountToken": {"path": path, "audience": ""}}]}),
)


def _paths(*paths: tuple[str, str]) -> Json:
    sources: list[Json] = []
    for kind, path in paths:
        item = {**ITEM, "path": path} if kind == "downwardAPI" else {"key": path, "path": path}
        named = {} if kind == "downwardAPI" else {"name": "a"}
        sources.append({kind: {"path": path}} if kind == "serviceAccountToken" else {kind: {**named, "items": [item]}})
    return {NEW: volume(projected={"sources": sources})}


changes(
    "projected-path-twice",
    [
        _paths((a, first), (b, second))
        for a, b in (("secret", "configMap"), ("secret", "downwardAPI"), ("configMap", "configMap"))
        for first, second in (("a", "b"), ("a", "a/"), ("a", "a/b"), ("a/b", "A/b"))
    ]
    + [
        _paths(("serviceAccountToken", "a"), ("serviceAccountToken", "a")),
        _paths(("secret", "a"), ("serviceAccountToken", "a")),
    ],
    [
        _paths((a, "a"), (b, "a"))
        for a in ("secret", "configMap", "downwardAPI")
        for b in ("secret", "configMap", "downwardAPI")
    ]
    + [_paths(("secret", "x/y"), ("configMap", "z"), ("secret", "x/y"))],
)
changes(
    "projected-gated",
    [
        {NEW: volume(projected={"sources": [{"clusterTrustBundle": value}]})}
        for value in (
            {},
            {"name": "a", "signerName": "b", "path": "/x"},
            {"path": "..", "labelSelector": {"matchLabels": {"-": "-"}}},
        )
    ]
    + [{NEW: volume(projected={"sources": [{"secret": {"name": "a"}, "clusterTrustBundle": {"path": "a"}}]})}],
    [
        {NEW: volume(projected={"sources": [{"clusterTrustBundle": {"path": 1}}]})},
        {NEW: volume(projected={"sources": [{"clusterTrustBundle": {}, "secret": {}}]})},
    ],
    weight=0.7,
)
changes(
    "projected-certificate",
    [
        {NEW: volume(projected={"sources": [{"podCertificate": value}]})}
        for value in ({}, {"signerName": "x", "keyType": "y", "keyPath": "/a"}, {"maxExpirationSeconds": 5})
    ],
    [
        {NEW: volume(projected={"sources": [{"podCertificate": {"keyPath": 1}}]})},
        {NEW: volume(projected={"sources": [{"podCertificate": {"path": "a"}}]})},
    ],
    weight=0.7,
)
changes(
    "warned-paths",
    [
        _paths(("secret", first), ("configMap", second))
        for first, second in (("a", "a/"), ("a", "a/b"), ("a/b", "a"), ("a", "ab"), ("a/b/c", "a/b"))
    ]
    + [
        {NEW: volume(secret={"secretName": "a", "items": [{"key": "a", "path": first}, {"key": "b", "path": second}]})}
        for first, second in (("a", "a"), ("a", "a/b"), ("a", "b"), ("./a", "a"), ("a/", "a"))
    ]
    + [
        {NEW: volume(configMap={"name": "a", "items": [{"key": "a", "path": "a"}] * 3})},
        {NEW: volume(downwardAPI={"items": [ITEM, ITEM]})},
    ],
    [],
)

CLAIM: dict[str, Json] = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}


def claim(metadata: Json = None, **spec: Json) -> Json:
    """Return an ephemeral volume whose claim has `spec`."""
    return volume(ephemeral={"volumeClaimTemplate": {"metadata": metadata, "spec": {**CLAIM, **spec}}})


row(
    "claim-template",
    NEW,
    Pool(
        [{"spec": CLAIM}, {"metadata": {}, "spec": CLAIM}],
        [None, {}, {"spec": None}, {"metadata": {"labels": {"a": "b"}}}],
    ),
    lambda template: volume(ephemeral={"volumeClaimTemplate": template}),
)
row("claim-label", NEW, QUALIFIED_NAME, lambda key: claim({"labels": {key: "a"}}), weight=0.7)
row("claim-annotation", NEW, QUALIFIED_NAME.plus(["A/b"]), lambda key: claim({"annotations": {key: "é a"}}), weight=0.7)
row(
    "claim-annotation-size",
    NEW,
    Pool([262143], [262144]),
    lambda size: claim({"annotations": {"a": "x" * size}}),
    weight=0.2,
)
META: dict[str, Json] = {
    "name": "a", "generateName": "a", "namespace": "a", "finalizers": [], "ownerReferences": [], "managedFields": [], "uid": "a", "resourceVersion": "1", "generation": 1, "selfLink": "a",
    "creationTimestamp": "2020-01-01T00:00:00Z", "deletionTimestamp": "2020-01-01T00:00:00Z", "deletionGracePeriodSeconds": 0,
}  # fmt: skip
changes(
    "claim-metadata",
    [{NEW: claim({field: None})} for field in META]
    + [{NEW: claim({"labels": {}, "annotations": {}})}, {NEW: claim({"name": "", "generation": 0})}],
    [{NEW: claim({field: value})} for field, value in META.items()],
)
MODES = Pool(
    [["ReadWriteOnce"], ["ReadOnlyMany", "ReadWriteMany"], ["ReadWriteOncePod"], ["ReadWriteOnce", "ReadWriteOnce"]],
    [
        [],
        None,
        ["x"],
        [""],
        ["ReadWriteOncePod", "ReadWriteOnce"],
        ["readWriteOnce"],
        ["ReadWriteOncePod", "ReadWriteOncePod"],
        ["ReadWriteOncePod", "x"],
    ],
)
row("claim-modes", NEW, MODES, lambda modes: claim(accessModes=modes), weight=1.5)
row(
    "claim-selector",
    NEW,
    Pool(
        [{}, {"matchLabels": {"a": "b"}}, None],
        [
            {"matchLabels": {"-": "b"}},
            {"matchLabels": {"a": "-"}},
            {"matchExpressions": [{"key": "a", "operator": "x"}]},
            {"matchExpressions": [{"key": "a", "operator": "In", "values": ["-"]}]},
        ],
    ),
    lambda selector: claim(selector=selector),
)
row(
    "claim-storage",
    NEW,
    Pool(["1", "1Gi", 1, "1m", "100n", "1.5"], ["0", "-1", None, 0, "-1n", "x", ""]),
    lambda size: claim(resources={"requests": {"storage": size}}),
)
changes(
    "claim-resources",
    [
        {NEW: claim(resources=value)}
        for value in (
            {"requests": {"storage": 1}, "limits": {"storage": "-1"}},
            {"requests": {"storage": 1, "cpu": -1, "_": 0}},
            {"requests": {"storage": "2"}, "limits": {"storage": "1"}},
        )
    ],
    [
        {NEW: claim(resources=value)}
        for value in each_of(
            None,
            {},
            {"requests": {}},
            {"limits": {"storage": 1}},
            {"requests": {"cpu": 1}},
            {"requests": {"Storage": 1}},
        )
    ],
)
for field in ("storageClassName", "volumeAttributesClassName"):
    row(f"claim-{field.lower()}", NEW, DNS_SUBDOMAIN.plus(["", None]), lambda name, field=field: claim(**{field: name}))
row(
    "claim-volume-mode",
    NEW,
    Pool(["Block", "Filesystem", None], ["", "block", "x"]),
    lambda mode: claim(volumeMode=mode),
)
row("claim-volume-name", NEW, Pool(TEXTS, [1]), lambda name: claim(volumeName=name), weight=0.2)
SOURCE = {"kind": "PersistentVolumeClaim", "name": "a"}
for field in ("dataSource", "dataSourceRef"):
    for part, pool in {
        "name": TEXT, "kind": Pool(["PersistentVolumeClaim"], ["", None, "VolumeSnapshot", "persistentvolumeclaim"]), "apiGroup": DNS_SUBDOMAIN.plus(["", None]),
    }.items():  # fmt: skip
        row(
            f"claim-{field}-{part}".lower(),
            NEW,
            pool,
            lambda value, field=field, part=part: claim(**{field: {**SOURCE, part: value}}),
        )
    row(
        f"claim-{field}-group-kind".lower(),
        NEW,
        Pool([("x.io", "Any"), ("", "PersistentVolumeClaim")], [("", "Any"), (None, "VolumeSnapshot")]),
        lambda pair, field=field: claim(**{field: {"apiGroup": pair[0], "kind": pair[1], "name": "a"}}),
    )
row(
    "claim-source-namespace",
    NEW,
    DNS_LABEL.plus(["", None]),
    lambda name: claim(dataSourceRef={**SOURCE, "namespace": name}),
)
changes(
    "claim-sources",
    [
        {NEW: claim(dataSource=SOURCE, dataSourceRef=SOURCE)},
        {NEW: claim(dataSource={**SOURCE, "apiGroup": "x.io"}, dataSourceRef={**SOURCE, "apiGroup": "x.io"})},
        {NEW: claim(dataSourceRef={**SOURCE, "namespace": "a"})},
    ],
    [
        {NEW: claim(dataSource=SOURCE, dataSourceRef={**SOURCE, **other})}
        for other in (
            {"name": "b"},
            {"apiGroup": ""},
            {"apiGroup": "x"},
            {"namespace": "a"},
            {"kind": "x"},
            {"namespace": "A"},
        )
    ],
)
