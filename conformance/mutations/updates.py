"""What only an update is asked: identity, and faults that are tolerated because the old object has them already."""

from __future__ import annotations

from typing import Final

from conformance.case import Json
from conformance.mutations.row import DROP, at, each_of, updates
from conformance.mutations.volumes import NEW, volume

SELECTOR: Final = "spec.selector"
LABELS: Final[dict[str, Json]] = {"T.metadata.labels": {"a": "b", "c": "d"}}
GENERATION: Final = "metadata.annotations{deprecated.daemonset.template.generation}"


FIRST: Final[Json] = {"matchLabels": {"a": "b"}}
EXISTS: Final[list[Json]] = [{"key": "a", "operator": "Exists"}, {"key": "c", "operator": "In", "values": ["d", "e"]}]
updates(
    "update-selector",
    [({**LABELS, SELECTOR: old}, {**LABELS, SELECTOR: new}) for old, new in (
        (FIRST, FIRST), (FIRST, {**FIRST, "matchExpressions": []}), (FIRST, {**FIRST, "matchExpressions": None}), ({"matchExpressions": EXISTS}, {"matchExpressions": EXISTS, "matchLabels": {}}))],
    [({**LABELS, SELECTOR: old}, {**LABELS, SELECTOR: new}) for old, new in (
        (FIRST, {"matchLabels": {"a": "b", "c": "d"}}), (FIRST, None), ({"matchExpressions": EXISTS}, {"matchExpressions": EXISTS[::-1]}), (FIRST, {"matchLabels": {"a": "x"}}), (FIRST, {}),
        ({"matchExpressions": EXISTS}, {"matchExpressions": [EXISTS[0], {**EXISTS[1], "values": ["e", "d"]}]}), ({}, FIRST), (None, FIRST))],
    2,
)  # fmt: skip
updates(
    "update-generation",
    [at(GENERATION, old, new) for old, new in (("3", "-5"), ("0", "1"), (None, "7"))],
    [at(GENERATION, old, "1") for old in ("-1", "-5", "-9223372036854775808")],
)
updates(
    "update-anything",
    [
        ({}, {"spec.updateStrategy": {"type": "OnDelete"}}),
        ({}, {"P.hostPID": True}),
        ({"metadata.generation": 5}, {"metadata.generation": 2}),
        ({}, {"metadata.uid": "x"}),
    ],
    [({}, {"P.containers": []}), ({}, {"metadata.labels": {"-": "a"}})],
)

COUNTED: Final = "metadata.generation"
updates(
    "update-generation-count",
    [
        ({COUNTED: old}, {"P.hostPID": False, "spec.minReadySeconds": seconds})
        for old in (5, 0, -1, 9223372036854775806)
        for seconds in (0, 3)
    ]
    + [({COUNTED: 9223372036854775807}, {})],
    [({COUNTED: old}, {"spec.minReadySeconds": 77}) for old in (9223372036854775807, -2, -9223372036854775808)]
    + [({COUNTED: -1}, {}), ({COUNTED: -5}, {COUNTED: 5})],
)

WRONG_VALUE: Final[Json] = {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["-"]}]}
WRONG_KEY: Final[Json] = {"matchExpressions": [{"key": "-", "operator": "Exists"}]}
WRONG_LABEL: Final[Json] = {"matchLabels": {"a": "-"}}


def tolerated(tag: str, wrong: Json, right: Json, fresh: Json, weight: float = 1.0) -> None:
    """Enter a fault that is tolerated when the old object has it: `fresh` is wrong all the same."""
    updates(tag, [(wrong, wrong), (wrong, right)], [(right, wrong), (wrong, fresh)], weight)


TERM: Final[Json] = {"topologyKey": "a", "labelSelector": {"matchLabels": {"a": "b"}}}
AFFINITY: Final = "P.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution"
NODES: Final = "P.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"
SPREAD: Final = "P.topologySpreadConstraints"
EVEN: Final[Json] = {
    "maxSkew": 1,
    "topologyKey": "zone",
    "whenUnsatisfiable": "DoNotSchedule",
    "labelSelector": {"matchLabels": {"a": "b"}},
}


def _affine(selector: Json) -> Json:
    return {AFFINITY: [{**TERM, "labelSelector": selector}]}


def _spread(**more: Json) -> Json:
    return {SPREAD: [{**EVEN, **more}]}


def _nodes(key: str, value: str) -> Json:
    return {NODES: [{"matchExpressions": [{"key": key, "operator": "In", "values": [value]}]}]}


tolerated("update-affinity-values", _affine(WRONG_VALUE), _affine({"matchLabels": {"a": "b"}}), _affine(WRONG_LABEL))
updates(
    "update-affinity-excuse",
    [(_affine(wrong), _affine(WRONG_VALUE)) for wrong in (WRONG_KEY, WRONG_LABEL)],
    [(_affine(WRONG_VALUE), _affine(WRONG_KEY)), (_affine({}), _affine(WRONG_VALUE))],
)
updates(
    "update-selector-values",
    [({**LABELS, SELECTOR: WRONG_VALUE}, {**LABELS, SELECTOR: WRONG_VALUE})],
    [({**LABELS, SELECTOR: wrong}, {**LABELS, SELECTOR: wrong}) for wrong in (WRONG_KEY, WRONG_LABEL)]
    + [({**LABELS, SELECTOR: FIRST}, {**LABELS, SELECTOR: WRONG_VALUE})],
)
tolerated("update-node-values", _nodes("a", "-"), _nodes("a", "b"), _nodes("-", "b"))
tolerated(
    "update-spread-selector",
    _spread(labelSelector=WRONG_LABEL),
    _spread(),
    _spread(labelSelector=WRONG_LABEL, maxSkew=0),
)
DOUBLE: Final[Json] = {"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "a", "operator": "Exists"}]}
tolerated(
    "update-spread-keys",
    _spread(labelSelector=DOUBLE, matchLabelKeys=["z"]),
    _spread(matchLabelKeys=["z"]),
    _spread(labelSelector=DOUBLE, matchLabelKeys=["a"]),
)
updates(
    "update-spread-keys-old",
    [(_spread(labelSelector=DOUBLE, matchLabelKeys=["a"]), _spread(matchLabelKeys=["z"]))],
    [(_spread(labelSelector=DOUBLE, matchLabelKeys=["a"]), _spread(matchLabelKeys=[key])) for key in ("a", "-")],
)


def _pages(value: str) -> Json:
    return {"A.resources": {"limits": {"hugepages-2Mi": value, "cpu": 1}, "requests": {"hugepages-2Mi": value}}}


tolerated("update-huge-pages", _pages("3Mi"), _pages("2Mi"), _pages("-1Mi"))
tolerated(
    "update-huge-pages-overhead",
    {"P.overhead": {"hugepages-2Mi": "3Mi", "cpu": 1}},
    {"P.overhead": None},
    {"P.overhead": {"hugepages-2Mi": "-3Mi", "cpu": 1}},
)


def _token(path: str) -> Json:
    return {NEW: volume(projected={"sources": [{"serviceAccountToken": {"path": path}}]})}


tolerated("update-token-path", _token("/a"), _token("a"), _token(""))
BARE: Final[Json] = {
    "P.containers": [{"name": "z", "image": "b"}],
    "P.initContainers": None,
    "P.hostUsers": None,
    "P.hostnameOverride": None,
    "P.os": DROP,
}
SYSCTL: Final = "P.securityContext.sysctls"
tolerated(
    "update-sysctl",
    {**BARE, "P.hostNetwork": True, SYSCTL: [{"name": "net.a"}]},
    {**BARE, "P.hostNetwork": False, SYSCTL: []},
    {**BARE, "P.hostNetwork": True, SYSCTL: [{"name": "-"}]},
)
COST: Final = "T.metadata.annotations{controller.kubernetes.io/pod-deletion-cost}"
tolerated("update-deletion-cost", {COST: "x"}, {COST: "1"}, {COST: "x", "T.metadata.labels{zz}": "-"})
BLOCK: Final[Json] = {
    NEW: {"name": "block", "persistentVolumeClaim": {"claimName": "a"}},
    "A.volumeMounts": DROP,
    "A.volumeDevices": [{"name": "block", "devicePath": "/dev/x"}],
    "P.hostNetwork": False,
    "P.hostPID": False,
    "P.hostIPC": False,
}
tolerated(
    "update-users-devices",
    {**BLOCK, "P.hostUsers": False},
    {**BLOCK, "P.hostUsers": None},
    {**BLOCK, "P.hostUsers": False, "P.hostPID": True},
)
tolerated(
    "update-users-network",
    {**BARE, "P.hostNetwork": True, "P.hostUsers": False},
    {**BARE, "P.hostNetwork": True},
    {**BARE, "P.hostNetwork": True, "P.hostUsers": False, "P.hostIPC": True},
)
CHANGE: Final = "P.securityContext.seLinuxChangePolicy"
tolerated(
    "update-selinux",
    {CHANGE: "MountOption", "P.os": DROP},
    {CHANGE: "Recursive", "P.os": DROP},
    {CHANGE: "x", "P.os": DROP},
)
updates(
    "update-selinux-any",
    [({CHANGE: old, "P.os": DROP}, {CHANGE: "MountOption", "P.os": DROP}) for old in ("Recursive", "x", "")],
    [({CHANGE: None, "P.os": DROP}, {CHANGE: "MountOption", "P.os": DROP})],
)
TOLERATIONS: Final = "P.tolerations"
COMPARED: Final[Json] = [{"key": "a", "operator": "Lt", "value": "5"}]
updates(
    "update-toleration",
    [
        ({TOLERATIONS: COMPARED}, {TOLERATIONS: [{"key": "a", "operator": operator, "value": value}]})
        for operator in ("Lt", "Gt")
        for value in ("5", "0", "-5", "9223372036854775807", "-9223372036854775808")
    ],
    [
        ({TOLERATIONS: COMPARED}, {TOLERATIONS: [{"key": "a", "operator": operator, "value": value}]})
        for operator in ("Lt", "Gt")
        for value in ("+5", "05", "-0", "", "x", "1.5", "9223372036854775808", "00", None)
    ]
    + [({}, {TOLERATIONS: COMPARED})],
    2,
)
RESTART: Final[Json] = [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]


def _init(**more: Json) -> Json:
    return {"P.initContainers": [{"name": "first", "image": "a", **more}]}


tolerated("update-resize", _init(resizePolicy=RESTART), _init(), _init(resizePolicy=RESTART * 2))
LINUX: Final[Json] = {
    "spec": {
        "selector": {"matchLabels": {"a": "b"}},
        "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "a", "image": "b"}]}},
    }
}
OLD_SIGNAL: Final[Json] = {**LINUX, "C.lifecycle.stopSignal": "SIGTERM"}


def _signal(system: Json, name: Json) -> tuple[Json, Json]:
    return OLD_SIGNAL, {**LINUX, "P.os": system, "C.lifecycle.stopSignal": name}


ON_LINUX, ON_WINDOWS = {"name": "linux"}, {"name": "windows"}
updates(
    "update-stop-signal",
    [
        _signal(ON_LINUX, name)
        for name in (
            "SIGTERM",
            "SIGRTMIN",
            "SIGRTMIN+1",
            "SIGRTMIN+15",
            "SIGRTMAX-14",
            "SIGRTMAX-1",
            "SIGRTMAX",
            "SIGUSR1",
            "SIGXFSZ",
            "SIGABRT",
        )
    ]
    + [_signal(ON_WINDOWS, name) for name in ("SIGKILL", "SIGTERM")],
    [
        _signal(ON_LINUX, name)
        for name in ("", "TERM", "SIGRTMIN+16", "SIGRTMIN+0", "SIGRTMAX-15", "SIGRTMAX-0", "sigterm", "SIGEMT", "15")
    ]
    + [_signal(ON_WINDOWS, name) for name in ("SIGINT", "", "SIGABRT")],
    2,
)
updates(
    "update-stop-signal-os",
    [_signal(None, None), _signal(ON_LINUX, None)],
    [_signal(None, "SIGTERM"), _signal(None, "x")],
)
GROUP: Final = "P.schedulingGroup"
updates(
    "update-scheduling-group",
    [({GROUP: {"podGroupName": "a"}}, {GROUP: {"podGroupName": name}}) for name in ("a", "a.b")]
    + [({}, {GROUP: {"podGroupName": "-"}})],
    [
        ({GROUP: {"podGroupName": "a"}}, {GROUP: value})
        for value in ({}, {"podGroupName": ""}, {"podGroupName": "A"}, {"podGroupName": None})
    ],
)


def _sources(*sources: Json) -> Json:
    return {NEW: volume(projected={"sources": list(sources)})}


BUNDLE: Final[Json] = {"name": "a", "path": "a"}
SIGNED: Final[Json] = {"signerName": "x.io/a", "path": "a"}
OLD_BUNDLE: Final = _sources({"clusterTrustBundle": BUNDLE})
GOOD_SIGNERS: Final = ("x.io/a", "a.b.c/d.e", f"{'a' * 63}.b/c", "x.io/a-b.c")
BAD_SIGNERS: Final = (
    "",
    "a",
    "x/a",
    "x.io/",
    "/a",
    "x.io/a/b",
    "X.io/a",
    "x.io/A",
    "x.io/-a",
    "x_y.io/a",
    f"{'a' * 64}.b/c",
    f"x.io/{'a' * 254}",
    "x..io/a",
    "x.io/a..b",
)
updates(
    "update-trust-bundle",
    [(OLD_BUNDLE, _sources({"clusterTrustBundle": value})) for value in (
        BUNDLE, {**BUNDLE, "name": "x.io:a:b"}, {**BUNDLE, "path": "a/b"}, SIGNED, {**SIGNED, "labelSelector": {"matchLabels": {"a": "b"}}}, {**SIGNED, "labelSelector": {}}, *({**SIGNED, "signerName": name} for name in GOOD_SIGNERS))],
    [(OLD_BUNDLE, _sources({"clusterTrustBundle": value})) for value in (
        {}, {"path": "a"}, {**BUNDLE, "signerName": "x.io/a"}, {**BUNDLE, "name": ""}, {**BUNDLE, "name": "A"}, {**BUNDLE, "name": "x.io:a:"}, {**BUNDLE, "name": "x.io:a:B"}, {**BUNDLE, "labelSelector": {"matchLabels": {"a": "b"}}}, {**BUNDLE, "labelSelector": {}},
        {"name": "a"}, {**BUNDLE, "path": "/a"}, {**BUNDLE, "path": ".."}, {**BUNDLE, "path": "..a"}, {**SIGNED, "labelSelector": {"matchLabels": {"-": "b"}}}, {**SIGNED, "labelSelector": {"matchLabels": {"a": "-"}}},
        *({**SIGNED, "signerName": name} for name in BAD_SIGNERS))]
    + [(OLD_BUNDLE, _sources({"clusterTrustBundle": BUNDLE}, {"clusterTrustBundle": BUNDLE})), (OLD_BUNDLE, _sources({"clusterTrustBundle": BUNDLE, "secret": {"name": "a"}}))],
    6,
)  # fmt: skip
CERTIFICATE: Final[Json] = {"signerName": "x.io/a", "keyType": "ED25519", "credentialBundlePath": "a"}
OLD_CERTIFICATE: Final = _sources({"podCertificate": CERTIFICATE})
updates(
    "update-certificate",
    [(OLD_CERTIFICATE, _sources({"podCertificate": {**CERTIFICATE, **more}})) for more in each_of(
        {}, {"maxExpirationSeconds": 3600}, {"maxExpirationSeconds": 7862400}, {"signerName": "kubernetes.io/a", "maxExpirationSeconds": 86400}, {"signerName": "x.kubernetes.io/a", "maxExpirationSeconds": 86400}, {"credentialBundlePath": "", "keyPath": "a"},
        {"keyPath": "b", "certificateChainPath": "c"}, {"userAnnotations": {"x.io/a": "b"}}, {"userAnnotations": {}}, *({"keyType": kind} for kind in ("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519")), *({"signerName": name} for name in GOOD_SIGNERS))],
    [(OLD_CERTIFICATE, _sources({"podCertificate": {**CERTIFICATE, **more}})) for more in each_of(
        {"maxExpirationSeconds": 3599}, {"maxExpirationSeconds": 7862401}, {"signerName": "kubernetes.io/a", "maxExpirationSeconds": 86401}, {"signerName": "x.kubernetes.io/a", "maxExpirationSeconds": 86401}, {"credentialBundlePath": ""},
        {"keyPath": "a"}, {"certificateChainPath": "a"}, {"keyPath": "/a"}, {"certificateChainPath": ".."}, {"credentialBundlePath": "..a"}, {"userAnnotations": {"a": "b"}}, {"userAnnotations": {"x.io/": "b"}}, {"userAnnotations": {"x.io/a": "x" * 262144}},
        *({"keyType": kind} for kind in ("", "RSA2048", "ed25519", None)), *({"signerName": name} for name in BAD_SIGNERS))],
    6,
)  # fmt: skip
IMAGELESS: Final[Json] = {NEW: volume(image={})}
tolerated(
    "update-image-reference",
    IMAGELESS,
    {NEW: volume(image={"reference": "a"})},
    {NEW: volume(image={"pullPolicy": "x"})},
)
SYS_ADMIN: Final[Json] = {
    **BARE,
    "C.securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"add": ["CAP_SYS_ADMIN"]}},
}
updates(
    "update-sys-admin",
    [
        (SYS_ADMIN, SYS_ADMIN),
        (SYS_ADMIN, {**BARE, "C.securityContext": None}),
        ({**BARE, "C.securityContext": {"capabilities": {"add": ["CAP_SYS_ADMIN"]}}}, SYS_ADMIN),
    ],
    [
        (
            {
                **BARE,
                "C.securityContext": {"allowPrivilegeEscalation": True, "capabilities": {"add": ["CAP_SYS_ADMIN"]}},
            },
            SYS_ADMIN,
        ),
        ({**BARE, "C.securityContext": {"allowPrivilegeEscalation": False}}, SYS_ADMIN),
        (SYS_ADMIN, {**BARE, "C.securityContext": {"allowPrivilegeEscalation": False, "privileged": True}}),
    ],
)


def _of_users(user: Json) -> list[Json]:
    """Return volumes that state the owner of their files, in each place that can."""
    item, file = {"key": "a", "path": "b", "user": user}, {**FILE, "user": user}
    return [
        volume(secret={"secretName": "a", "defaultUser": user}),
        volume(secret={"secretName": "a", "items": [item]}),
        volume(configMap={"name": "a", "defaultUser": user}),
        volume(configMap={"name": "a", "items": [item]}),
        volume(downwardAPI={"defaultUser": user}),
        volume(downwardAPI={"items": [file]}),
        volume(projected={"defaultUser": user}),
        *(
            volume(projected={"sources": [source]})
            for source in (
                {"secret": {"name": "a", "items": [item]}},
                {"configMap": {"name": "a", "items": [item]}},
                {"downwardAPI": {"items": [file]}},
                {"serviceAccountToken": {"path": "a", "user": user}},
                {"clusterTrustBundle": {**BUNDLE, "user": user}},
                {"podCertificate": {**CERTIFICATE, "user": user}},
            )
        ),
    ]


FILE: Final[Json] = {"path": "a", "fieldRef": {"fieldPath": "metadata.name"}}
OWNED: Final = _of_users(5)
updates(
    "update-file-owner",
    [({NEW: old}, {NEW: new}) for old in OWNED[::3] for user in (0, 2147483647) for new in _of_users(user)]
    + [({}, {NEW: new}) for new in _of_users(-1)],
    [({NEW: old}, {NEW: new}) for old in OWNED for user in (-1, 2147483648) for new in _of_users(user)],
    3,
)
updates(
    "update-empty-dir-mode",
    [({NEW: volume(emptyDir={"mode": 0})}, {NEW: volume(emptyDir={"mode": mode})}) for mode in (0, 511, 1023, None)]
    + [({}, {NEW: volume(emptyDir={"mode": -1})})],
    [({NEW: volume(emptyDir={"mode": 0})}, {NEW: volume(emptyDir={"mode": mode})}) for mode in (-1, 1024)],
)


def _mounted(options: Json, **source: Json) -> Json:
    mounts = [{"name": "bound", "mountPath": "/bound", "bindMountOptions": options}]
    return {NEW: {"name": "bound", **(source or {"emptyDir": {}})}, "A.volumeMounts": mounts}


updates(
    "update-bind-options",
    [(_mounted(["noexec"]), _mounted(options)) for options in (["noexec"], ["nodev", "nosuid", "noexec"], [], None)]
    + [({}, _mounted(["x", "x"]))],
    [(_mounted(["noexec"]), _mounted(options)) for options in (["x"], ["noexec", "noexec"], [""], ["NODEV", "NODEV"])]
    + [(_mounted(["noexec"]), _mounted(["nodev"], image={"reference": "a"}))],
)


def _asking(place: str, **action: Json) -> Json:
    return {**LINUX, f"C.{place}": action}


PLACES: Final = ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle.preStop", "lifecycle.postStart")
HTTP: Final[Json] = {"port": 80}
updates(
    "update-http-protocol",
    [
        (_asking(old, httpGet={**HTTP, "protocol": "HTTP1"}), _asking(new, httpGet={**HTTP, **more}))
        for old in PLACES
        for new in PLACES
        for more in each_of({"protocol": "HTTP1"}, {"protocol": "HTTP2"}, {"protocol": "HTTP1", "host": "a", "scheme": "HTTPS"})
    ]
    + [(_asking("livenessProbe", httpGet=HTTP), _asking(new, httpGet={**HTTP, "protocol": "x"})) for new in PLACES],
    [
        (_asking(old, httpGet={**HTTP, "protocol": "HTTP1"}), _asking(new, httpGet={**HTTP, **more}))
        for old in PLACES
        for new in PLACES
        for more in each_of(
            {"protocol": "http1"},
            {"protocol": ""},
            {"protocol": "HTTP2", "scheme": "HTTPS"},
            {"protocol": "HTTP2", "host": "a"},
            {"protocol": "HTTP2", "host": "a", "scheme": "HTTPS"},
        )
    ],
    2,
)  # fmt: skip
updates(
    "update-grpc-mode",
    [
        (_asking(old, grpc={**HTTP, "mode": "TLS"}), _asking(new, grpc={**HTTP, "mode": mode}))
        for old in PLACES[:3]
        for new in PLACES[:3]
        for mode in ("TLS", "Plaintext", None)
    ]
    + [(_asking("livenessProbe", grpc=HTTP), _asking("livenessProbe", grpc={**HTTP, "mode": "x"}))],
    [
        (_asking(old, grpc={**HTTP, "mode": "TLS"}), _asking(new, grpc={**HTTP, "mode": mode}))
        for old in PLACES[:3]
        for new in PLACES[:3]
        for mode in ("tls", "")
    ],
)
RESPONDERS: Final = "P.evictionResponders"
RESPONDER: Final[Json] = {"name": "example.com/drain", "priority": 2000}
OLD_RESPONDERS: Final[Json] = {RESPONDERS: [RESPONDER, {"name": "bad", "priority": 5}]}
updates(
    "update-eviction-responders",
    [({RESPONDERS: [RESPONDER]}, {RESPONDERS: responders}) for responders in (
        [RESPONDER], [{**RESPONDER, "priority": 1000}, {"name": "a.b/c", "priority": 100000}], [], None, [{"name": f"a.b/{number}", "priority": 1000} for number in range(10)])]
    + [({}, {RESPONDERS: [{"name": "x"}]}), (OLD_RESPONDERS, OLD_RESPONDERS), (OLD_RESPONDERS, {RESPONDERS: [{"name": "bad", "priority": 5}]})],
    [({RESPONDERS: [RESPONDER]}, {RESPONDERS: responders}) for responders in (
        [{**RESPONDER, "name": "drain"}], [{**RESPONDER, "name": ""}], [{"priority": 1000}], [{"name": "a.b/c"}], [{**RESPONDER, "priority": 999}], [{**RESPONDER, "priority": 100001}], [{**RESPONDER, "priority": -1}],
        [RESPONDER, RESPONDER], [RESPONDER] * 3, [{**RESPONDER, "name": "k8s.io/a"}], [{**RESPONDER, "name": "x.k8s.io/a"}], [{**RESPONDER, "name": "x.Kubernetes.io./a"}], [{**RESPONDER, "name": "kubernetes.io"}], [{**RESPONDER, "name": "xk8s.io/-"}],
        [{"name": f"a.b/{number}", "priority": 1000} for number in range(11)], [{"name": "x", "priority": 1}] * 11)]
    + [({RESPONDERS: [RESPONDER], GROUP: {"podGroupName": "a"}}, {RESPONDERS: [RESPONDER], GROUP: {"podGroupName": "a"}}),
       (OLD_RESPONDERS, {RESPONDERS: [RESPONDER, {"name": "bad", "priority": 6}]}), (OLD_RESPONDERS, {RESPONDERS: [RESPONDER, {"name": "worse", "priority": 5}]})],
    3,
)  # fmt: skip
