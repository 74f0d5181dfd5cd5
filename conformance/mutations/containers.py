"""Containers of all three kinds, their restarts, ports and environment."""

from conformance.case import Json
from conformance.mutations.row import DROP, Fresh, Pool, changes, each_of, row
from conformance.mutations.values import (
    CONFIG_KEY,
    DNS_LABEL,
    DNS_SUBDOMAIN,
    ENV_NAME,
    PORT_NAME,
    PORT_NUMBER,
    PREFIX_NAME,
    QUALIFIED_NAME,
    RELAXED_ENV_NAME,
    TEXTS,
)

SIDECAR = {"name": Fresh("side"), "image": "a", "restartPolicy": "Always"}
INIT = {"name": Fresh("init"), "image": "a"}

changes(
    "no-containers",
    [{"P.containers": [{"name": "a", "image": "b"}]}],
    [{"P.containers": value} for value in each_of([], None, DROP)],
)
row("container-name", "A.name", DNS_LABEL.plus([], ["", None]))
row("container-image", "A.image", Pool(["a", " ", " a", "a:b:c", "é", "a@sha256:x"], ["", None, DROP]))
row(
    "init-image", "P.initContainers[+]", Pool(["a", " a ", "x/y:z"], ["", None]), lambda image: {**INIT, "image": image}
)
row(
    "termination-message",
    "A.terminationMessagePolicy",
    Pool(["File", "FallbackToLogsOnError", "", None], ["file", "x", "FallbackToLogsOnErrors"]),
)
row(
    "pull-policy",
    "A.imagePullPolicy",
    Pool(["Always", "IfNotPresent", "Never", "", None], ["always", "ifNotPresent", "x"]),
)
changes(
    "container-name-twice",
    [
        {"P.containers[+]": {"name": Fresh("c"), "image": "a"}},
        {"P.containers": [{"name": "a", "image": "b"}, {"name": "b", "image": "b"}]},
    ],
    [{"P.containers": [{"name": name, "image": "b"}] * 2} for name in ("a", "b1")]
    + [
        {"P.containers": [{"image": "b"}, {"image": "b"}]},
        {"P.containers": [{"name": "a", "image": "a"}, {"name": "b", "image": "a"}, {"name": "a", "image": "a"}]},
    ],
)
changes(
    "init-name-twice",
    [{"P.initContainers": [INIT, {**INIT, "name": "other"}]}, {"P.initContainers": [INIT]}],
    [{"P.initContainers": [INIT, INIT]}, {"C.name": "a", "P.initContainers": [{"name": "a", "image": "b"}]}, {"P.initContainers": [{"image": "a"}, {"image": "a"}]},
     {"C.name": "", "P.initContainers": [{"image": "a"}]}],
)  # fmt: skip
row(
    "resize-resource",
    "C.resizePolicy",
    Pool(["cpu", "memory"], ["", "x", "storage", "CPU", None]),
    lambda name: [{"resourceName": name, "restartPolicy": "NotRequired"}],
)
row(
    "resize-policy",
    "C.resizePolicy",
    Pool(["NotRequired", "RestartContainer"], ["", "x", "notRequired", None]),
    lambda policy: [{"resourceName": "cpu", "restartPolicy": policy}],
)
CPU, MEMORY = (
    {"resourceName": "cpu", "restartPolicy": "NotRequired"},
    {"resourceName": "memory", "restartPolicy": "RestartContainer"},
)
changes(
    "resize-twice",
    [{"A.resizePolicy": [CPU, {**MEMORY, "restartPolicy": "NotRequired"}]}, {"C.resizePolicy": [MEMORY]}],
    [{"A.resizePolicy": [CPU, CPU]}, {"C.resizePolicy": [CPU, MEMORY, MEMORY]}],
)
changes(
    "resize-never",
    [{"P.restartPolicy": "Always", "C.resizePolicy": [MEMORY]}],
    [{"P.restartPolicy": "Never", "C.resizePolicy": [MEMORY]}, {"P.restartPolicy": "Never", "C.resizePolicy": [CPU]}],
)
changes(
    "resize-init",
    [
        {"P.initContainers[+]": {**SIDECAR, "resizePolicy": [MEMORY]}},
        {"P.initContainers[+]": {**INIT, "resizePolicy": [CPU]}},
    ],
    [
        {"P.initContainers[+]": {**INIT, "resizePolicy": [MEMORY]}},
        {"P.initContainers[+]": {**INIT, "resizePolicy": [CPU, MEMORY]}},
    ],
)

RESTARTS = Pool(["Always", "Never", "OnFailure", None], ["", "always", "x"])
row("container-restart", "C.restartPolicy", RESTARTS)
row("init-restart", "P.initContainers[+]", RESTARTS, lambda policy: {**INIT, "restartPolicy": policy})
RULE = {"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}


def _rules(rules: Json) -> Json:
    return {"name": Fresh("c"), "image": "a", "restartPolicy": "Never", "restartPolicyRules": rules}


row(
    "restart-action",
    "P.containers[+]",
    Pool(["Restart", "RestartAllContainers"], ["", "restart", None]),
    lambda action: _rules([{**RULE, "action": action}]),
)
row(
    "restart-operator",
    "P.containers[+]",
    Pool(["In", "NotIn"], ["", "in", "Exists"]),
    lambda operator: _rules([{**RULE, "exitCodes": {"operator": operator, "values": [1]}}]),
)
row(
    "restart-codes",
    "P.containers[+]",
    Pool([0, 1, 254, 255], [256, 300]),
    lambda count: _rules([{**RULE, "exitCodes": {"operator": "In", "values": [1] * count}}]),
    weight=0.6,
)
row(
    "restart-no-codes",
    "P.containers[+]",
    Pool([{"operator": "In"}, {"operator": "NotIn", "values": [-5, 2147483647]}], [None, {}]),
    lambda codes: _rules([{**RULE, "exitCodes": codes}]),
)
row(
    "restart-rules", "P.containers[+]", Pool([0, 1, 20, 19], [21, 25]), lambda count: _rules([RULE] * count), weight=0.6
)
changes(
    "restart-rules-alone",
    [{"P.containers[+]": {**_rules([RULE]), "restartPolicy": policy}} for policy in ("Always", "OnFailure")],
    [
        {"P.containers[+]": {**_rules([RULE]), "restartPolicy": None}},
        {"P.initContainers[+]": {**INIT, "restartPolicyRules": [RULE]}},
    ],
)
changes(
    "restart-rules-init",
    [{"P.initContainers[+]": {**INIT, "restartPolicy": "Never", "restartPolicyRules": [RULE]}}, {"P.initContainers[+]": {**SIDECAR, "restartPolicyRules": [RULE]}},
     {"P.initContainers[+]": {**SIDECAR, "restartPolicyRules": [{**RULE, "action": "RestartAllContainers"}]}}],
    [{"P.initContainers[+]": {**INIT, "restartPolicy": "Never", "restartPolicyRules": [{**RULE, "action": "x"}]}}, {"P.initContainers[+]": {**SIDECAR, "restartPolicyRules": [{}]}}],
)  # fmt: skip
EPHEMERAL = {"name": Fresh("debug"), "image": "a"}
changes(
    "ephemeral",
    [{"P.ephemeralContainers": []}, {"P.ephemeralContainers": None}],
    [{"P.ephemeralContainers": [{**EPHEMERAL, field: value}]} for field, value in (
        ("image", " a"), ("image", ""), ("name", "A"), ("name", ""), ("targetContainerName", "nowhere"), ("ports", []), ("ports", [{"containerPort": 1}]),
        ("resources", {}), ("resources", {"limits": {"cpu": 1}}), ("livenessProbe", {}), ("readinessProbe", {"exec": {"command": ["a"]}}), ("startupProbe", {}),
        ("lifecycle", {}), ("resizePolicy", []), ("restartPolicy", "Always"), ("restartPolicyRules", []), ("restartPolicyRules", [RULE]), ("env", [{"name": ""}]),
        ("volumeMounts", [{"name": "nowhere", "mountPath": "/a", "subPath": "a"}]), ("securityContext", {"runAsUser": -1}), ("imagePullPolicy", "x"),
        ("terminationMessagePolicy", "x"), ("envFrom", [{}]), ("tty", True), ("volumeDevices", [{"name": "x", "devicePath": "/a"}]), ("command", ["a"]))]
    + [{"C.name": "same", "P.ephemeralContainers": [{"name": "same", "image": "a"}]}, {"P.ephemeralContainers": [EPHEMERAL, EPHEMERAL]},
       {"C.name": "same", "P.ephemeralContainers": [{**EPHEMERAL, "targetContainerName": "same"}]}, {"P.ephemeralContainers": [None]},
       {"P.volumes[+]": {"name": "em", "emptyDir": {}}, "P.ephemeralContainers": [{**EPHEMERAL, "volumeMounts": [{"name": "em", "mountPath": "/a", "subPathExpr": "a"}]}]},
       {"P.volumes[+]": {"name": "em", "emptyDir": {}}, "P.ephemeralContainers": [{**EPHEMERAL, "volumeMounts": [{"name": "em", "mountPath": "/a", "subPath": "a"}]}]}],
    weight=3,
)  # fmt: skip
changes(
    "ephemeral-image",
    [{"P.ephemeralContainers": None, "C.image": image} for image in (" a", "a ", " ")],
    [{"P.ephemeralContainers": [{**EPHEMERAL, "image": image}]} for image in (" a", "a ", " ", "", "a\n")],
)
changes(
    "ephemeral-target",
    [{"P.ephemeralContainers": [], "C.name": name} for name in ("a", "b")],
    [
        {"C.name": "a", "P.ephemeralContainers": [{**EPHEMERAL, "targetContainerName": name}]}
        for name in ("nowhere", "A", "a ", "debug", "a")
    ],
)
for field, pool in {
    "command": Pool([["a", ""], [], None, [None]], ["a", {}, [1], [True]]), "args": Pool([[], ["-v"], None], ["a", [1.5]]),
    "workingDir": Pool(TEXTS, [1, []]), "terminationMessagePath": Pool(["", "a", "/x"], [1]), "stdin": Pool([True, False, None], ["true", 1]),
    "stdinOnce": Pool([True, None], [0]), "tty": Pool([True, False], ["yes", {}]),
}.items():  # fmt: skip
    row("container-untouched", f"A.{field}", pool, weight=0.3)

PORT = {"containerPort": 8080}
row("port-name", "A.ports[+]", PORT_NAME.plus(["", None]), lambda name: {**PORT, "name": name})
row("container-port", "A.ports[+]", PORT_NUMBER.plus([], [None, "80", 80.5]), lambda port: {"containerPort": port})
row(
    "host-port",
    "C.ports",
    PORT_NUMBER.plus([0, None], []),
    lambda port: [{"containerPort": port if isinstance(port, int) and 0 < port < 65536 else 80, "hostPort": port}],
)
row(
    "port-protocol",
    "A.ports[+]",
    Pool(["TCP", "UDP", "SCTP", "", None], ["tcp", "HTTP", "udp", "ICMP"]),
    lambda protocol: {**PORT, "protocol": protocol},
)
row(
    "host-ip",
    "A.ports[+]",
    Pool(["", "1.2.3.4", "any text", "::1"], [1]),
    lambda ip: {**PORT, "hostIP": ip},
    weight=0.4,
)
changes(
    "port-name-twice",
    [
        {"A.ports": [{**PORT, "name": "a"}, {**PORT, "name": "b"}]},
        {"A.ports": [PORT, PORT]},
        {"A.ports": [{**PORT, "name": ""}, {**PORT, "name": ""}]},
    ],
    [
        {"A.ports": [{**PORT, "name": "a"}, {**PORT, "name": "a"}]},
        {"A.ports": [{**PORT, "name": "a"}, PORT, {"containerPort": 1, "name": "a"}]},
        {"A.ports": [{**PORT, "name": "A"}, {**PORT, "name": "A"}]},
    ],
)
TWO = {"P.hostNetwork": False}
changes(
    "host-port-twice",
    [{**TWO, "C.ports": [{"containerPort": 1, "hostPort": 77, **a}, {"containerPort": 2, "hostPort": 77, **b}]} for a, b in (
        ({"protocol": "UDP"}, {}), ({"hostIP": "1.1.1.1"}, {}), ({"hostIP": "1.1.1.1"}, {"hostIP": "1.1.1.2"}), ({"hostPort": 78}, {}), ({"hostPort": 0}, {"hostPort": 0}))],
    [{**TWO, "C.ports": [{"containerPort": 1, "hostPort": 77, **a}, {"containerPort": 2, "hostPort": 77, **b}]} for a, b in (
        ({}, {}), ({"protocol": "TCP"}, {"protocol": ""}), ({"hostIP": "1.1.1.1"}, {"hostIP": "1.1.1.1"}), ({"hostPort": 70000}, {"hostPort": 70000}))]
    + [{**TWO, "C.ports": [{"containerPort": 1, "hostPort": 77}], "P.containers[+]": {"name": Fresh("c"), "image": "a", "ports": [{"containerPort": 5, "hostPort": 77}]}}],
)  # fmt: skip
changes(
    "host-port-init",
    [{**TWO, "P.initContainers": [{**INIT, "ports": [{"containerPort": 1, "hostPort": 77}]}, {**SIDECAR, "ports": [{"containerPort": 1, "hostPort": 77}]}]},
     {**TWO, "C.ports": [{"containerPort": 1, "hostPort": 77}], "P.initContainers": [{**INIT, "ports": [{"containerPort": 1, "hostPort": 77}]}]},
     {"P.hostNetwork": True, "P.hostUsers": None, "P.hostnameOverride": None, "P.containers": [{"name": "z", "image": "b"}], "P.initContainers": [{**INIT, "ports": [{"containerPort": 1, "hostPort": 77}]}]}],
    [{**TWO, "P.initContainers": [*before, {**INIT, "ports": [{"containerPort": 1, "hostPort": 77}, {"containerPort": 2, "hostPort": 77}]}]} for before in ([], [SIDECAR])],
)  # fmt: skip
NET = {
    "P.hostUsers": None,
    "P.hostNetwork": True,
    "P.hostnameOverride": None,
    "P.containers": [{"name": "z", "image": "b"}],
}
changes(
    "host-network-port",
    [{**NET, "C.ports": [{"containerPort": 80, **port}]} for port in ({}, {"hostPort": 80}, {"hostPort": 0})]
    + [{"P.hostNetwork": False, "C.ports": [{"containerPort": 80, "hostPort": 90}]}],
    [{**NET, "C.ports": [{"containerPort": 80, "hostPort": port}]} for port in (81, 8080, 1, 70000)]
    + [{**NET, "C.ports": [{"hostPort": 80}]}],
)
changes(
    "warned-ports",
    [{"A.ports": ports} for ports in (
        [{**PORT, "hostIP": "1.1.1.1"}], [PORT, PORT], [{**PORT, "hostPort": 8080}, PORT], [{**PORT, "hostPort": 8080}, {**PORT, "hostPort": 8080, "hostIP": "1.2.3.4"}],
        [{**PORT, "hostPort": 8080}, {**PORT, "hostPort": 8081}], [{**PORT, "protocol": "UDP"}, PORT])]
    + [{"P.containers": [{"name": "a", "image": "a", "ports": [{**PORT, "name": "a"}]}, {"name": "b", "image": "a", "ports": [{"containerPort": 2, "name": "a"}]}]}],
    [],
)  # fmt: skip

row(
    "env-name",
    "A.env[+]",
    ENV_NAME.plus(RELAXED_ENV_NAME.good, [None]),
    lambda name: {"name": name, "value": "x"},
    weight=1.5,
)
row(
    "env-value",
    "A.env[+]",
    Pool([*TEXTS, None], [1, True, 1.5, [], {}]),
    lambda value: {"name": Fresh("E"), "value": value},
)
SOURCES: dict[str, dict[str, object]] = {
    "fieldRef": {"fieldPath": "spec.nodeName"}, "resourceFieldRef": {"resource": "limits.cpu"}, "configMapKeyRef": {"name": "a", "key": "b"}, "secretKeyRef": {"name": "a", "key": "b"},
}  # fmt: skip


def _from(**sources: object) -> object:
    return {"name": Fresh("E"), "valueFrom": sources}


changes(
    "env-source",
    [{"A.env[+]": _from(**{name: source})} for name, source in SOURCES.items()],
    [{"A.env[+]": _from()}, *({"A.env[+]": _from(**{name: None})} for name in SOURCES)],
)
changes(
    "env-value-and-source",
    [
        {"A.env[+]": {"name": "A", "value": value, "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}}
        for value in ("", None)
    ],
    [
        {"A.env[+]": {"name": "A", "value": value, "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}}
        for value in ("a", " ")
    ]
    + [
        {"A.env[+]": {"name": "A", "value": "a", "valueFrom": SOURCES}},
        {"A.env[+]": {"name": "A", "value": "a", "valueFrom": {}}},
    ],
)
changes(
    "env-two-sources",
    [{"A.env[+]": _from(**{a: SOURCES[a], b: None})} for a in SOURCES for b in SOURCES if a != b],
    [{"A.env[+]": _from(**{a: SOURCES[a], b: SOURCES[b]})} for a in SOURCES for b in SOURCES if a < b],
)
ENV_PATHS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.host",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
BAD_PATHS = ("metadata.labels", "metadata.annotations", "spec.restartPolicy", "spec.schedulerName", "status.phase")
VOLUME_PATHS = ("metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid")
SUBSCRIPTS = ("metadata.labels['a']", "metadata.annotations['A.b/C']", "metadata.labels['x.io/a']")
BAD_SUBSCRIPTS = (
    "metadata.labels['']",
    "metadata.labels['a b']",
    "metadata.labels[a]",
    "metadata.labels['a'",
    "spec.nodeName['a']",
    "metadata.labels['X.io/a']",
    "metadata.annotations['a b']",
    "metadata.annotations['']",
)
UNKNOWN_PATHS = (
    "",
    "name",
    "Metadata.name",
    "spec.nodename",
    "status.podIp",
    "metadata.labels.a",
    "spec",
    "status.startTime",
    "metadata.name ",
    ".metadata.name",
)
FIELD_PATHS = Pool([*ENV_PATHS, *SUBSCRIPTS], [*BAD_PATHS, *BAD_SUBSCRIPTS, *UNKNOWN_PATHS, None])
row("env-field", "A.env[+]", FIELD_PATHS, lambda path: _from(fieldRef={"fieldPath": path}), weight=1.5)
row(
    "env-field-version",
    "A.env[+]",
    Pool(["v1", "", None], ["v2", "V1", "apps/v1"]),
    lambda version: _from(fieldRef={"fieldPath": "metadata.name", "apiVersion": version}),
)
KINDS = ("cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "hugepages-", "hugepages-x y")
RESOURCES = Pool(
    [f"{kind}.{name}" for kind in ("limits", "requests") for name in KINDS],
    ["", "cpu", "limits.", "limits.storage", "limits.CPU", "request.cpu", "limits.x.io/a", "limits.hugepages", None],
)
row("env-resource", "A.env[+]", RESOURCES, lambda resource: _from(resourceFieldRef={"resource": resource}))
WRITTEN = (
    "0",
    None,
    0,
    "1",
    1,
    "01",
    "+1",
    "1.0",
    "1000m",
    "0.001",
    "1m",
    "1024Ki",
    "1Mi",
    "1e3",
    1000,
    "1000",
    "1024",
    "1k",
    "1M",
    "1G",
    "1T",
    "1P",
    "1E",
    "1Ki",
    "1Gi",
    "1Ti",
    "1Pi",
    "1Ei",
    "2",
    "10m",
    "1e0",
    "1E3",
    "0.5",
    "8Ki",
    "1u",
    "1000k",
    "1e21",
    "-1",
    "1e6",
    "100e-2",
    "1.0Ki",
    "1048576",
)
for resource in ("limits.cpu", "requests.memory", "limits.ephemeral-storage", "requests.hugepages-1Gi"):
    right = [
        text
        for text in WRITTEN
        if text
        in (
            ("0", None, 0, "1", 1, "1m", "1.0", "1000m", "0.001")
            if "cpu" in resource
            else ("0", None, 0, "1", 1, "1Mi", "1k", "1M", "1000", 1000, "1024Ki", "1E", "1Ei")
        )
    ]
    row(
        "divisor-" + resource.split(".")[1],
        "A.env[+]",
        Pool(right, WRITTEN),
        lambda value, resource=resource: _from(resourceFieldRef={"resource": resource, "divisor": value}),
        weight=0.7,
    )
for source in ("configMapKeyRef", "secretKeyRef"):
    row(
        f"env-{source.lower()}-name",
        "A.env[+]",
        DNS_SUBDOMAIN.plus([], ["", None]),
        lambda name, source=source: _from(**{source: {"name": name, "key": "a"}}),
    )
    row(
        f"env-{source.lower()}-key",
        "A.env[+]",
        CONFIG_KEY.plus([], ["", None]),
        lambda key, source=source: _from(**{source: {"name": "a", "key": key}}),
    )
FILE = {"key": "A", "volumeName": "env-files", "path": "a"}
FILES = {"P.volumes[+]": {"name": "env-files", "emptyDir": {}}}
for field, pool in {
    "key": ENV_NAME.plus(RELAXED_ENV_NAME.good, ["", None]),
    "path": Pool(["a", "/a", "a/..b", "."], ["", "..", "../a", "a/../b", None]),
    "volumeName": Pool(["env-files"], ["", "nowhere", "A", "a.b", None]),
}.items():
    row(
        f"env-file-{field.lower()}",
        "A.env[+]",
        pool,
        lambda value, field=field: _from(fileKeyRef={**FILE, field: value}),
        also=FILES,
    )
changes(
    "env-file-volume",
    [
        {"P.volumes[+]": {"name": "env-files", **source}, "A.env[+]": _from(fileKeyRef=FILE)}
        for source in ({}, {"emptyDir": {"medium": "Memory"}})
    ],
    [
        {"P.volumes[+]": {"name": "env-files", **source}, "A.env[+]": _from(fileKeyRef=FILE)}
        for source in each_of(
            {"hostPath": {"path": "/a"}}, {"secret": {"secretName": "a"}}, {"hostPath": {}, "emptyDir": {}}
        )
    ]
    + [{"A.env[+]": _from(fileKeyRef={**FILE, "volumeName": "elsewhere"})}],
)
row(
    "env-from-prefix",
    "A.envFrom[+]",
    ENV_NAME.plus([None, *RELAXED_ENV_NAME.good], []),
    lambda prefix: {"prefix": prefix, "configMapRef": {"name": "a"}},
)
for source in ("configMapRef", "secretRef"):
    row(
        f"env-from-{source.lower()}",
        "A.envFrom[+]",
        PREFIX_NAME.plus([], ["", None]),
        lambda name, source=source: {source: {"name": name}},
    )
changes(
    "env-from-sources",
    [
        {"A.envFrom": [{"configMapRef": {"name": "a", "optional": True}}, {"secretRef": {"name": "b"}}]},
        {"A.envFrom": []},
    ],
    [
        {"A.envFrom": [value]}
        for value in (
            {},
            None,
            {"prefix": "A"},
            {"configMapRef": {"name": "a"}, "secretRef": {"name": "b"}},
            {"configMapRef": None},
        )
    ],
)
changes(
    "warned-env",
    [{"A.env": [{"name": "A", "value": "x"}, {"name": "A", **second}]} for second in (
        {"value": "y"}, {"value": "$(A)"}, {"value": "$(A) more"}, {"valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}, {"value": "more $(A)$(A)"}, {"value": "$$(A)"})],
    [],
)  # fmt: skip
row("resource-name-noise", "C.resources.limits", QUALIFIED_NAME, lambda name: {name: 1}, weight=0.3)
