"""Single fields of the pod, the host's namespaces and the operating system."""

from conformance.mutations.row import DROP, Fresh, Pool, changes, row
from conformance.mutations.values import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    LABEL_VALUE,
    LABELS_253,
    LONG,
    QUALIFIED_NAME,
    QUANTITY,
    TEXTS,
)

row("restart-policy", "P.restartPolicy", Pool(["Always", "", None], ["OnFailure", "Never", "always", "x"]))
row("active-deadline", "P.activeDeadlineSeconds", Pool([None, DROP], [0, 1, -1, 2147483647, 2147483648]))
row(
    "dns-policy",
    "P.dnsPolicy",
    Pool(["ClusterFirst", "ClusterFirstWithHostNet", "Default", ""], ["default", "clusterFirst", "none", "x"]),
)
row("node-selector-key", "P.nodeSelector", QUALIFIED_NAME.plus([], [""]), lambda key: {key: "a"})
row("node-selector-value", "P.nodeSelector{a}", LABEL_VALUE)
row("node-name", "P.nodeName", DNS_SUBDOMAIN.plus([""]))
row("service-account", "P.serviceAccountName", DNS_SUBDOMAIN.plus([""]))
changes(
    "service-account-alias",
    [{"P.serviceAccount": "a"}, {"P.serviceAccount": "A", "P.serviceAccountName": "b"}, {"P.serviceAccount": ""}],
    [{"P.serviceAccountName": DROP, "P.serviceAccount": name} for name in ("A", "a_b", "a.", LONG[254])],
)
row("hostname", "P.hostname", DNS_LABEL.plus([""]))
row("subdomain", "P.subdomain", DNS_LABEL.plus([""]))
OWN_NAME = Pool(["a", LONG[64], "a.b", None], ["", "A", "a_b", LONG[65], "a.", LABELS_253])
row("hostname-override", "P.hostnameOverride", OWN_NAME, also={"P.hostNetwork": False, "P.setHostnameAsFQDN": None})
changes(
    "hostname-override-beside",
    [{"P.hostnameOverride": "a", "P.hostNetwork": False, "P.setHostnameAsFQDN": False}, {"P.setHostnameAsFQDN": True}],
    [
        {"P.hostnameOverride": "a", "P.setHostnameAsFQDN": True},
        {"P.hostnameOverride": "a", "P.hostNetwork": True},
        {"P.hostnameOverride": "", "P.setHostnameAsFQDN": True},
    ],
)
row("priority-class", "P.priorityClassName", DNS_SUBDOMAIN.plus([""]))
row("runtime-class", "P.runtimeClassName", DNS_SUBDOMAIN.plus([None], [""]))
row("preemption-policy", "P.preemptionPolicy", Pool(["PreemptLowerPriority", "Never", None], ["", "never", "x"]))
row("readiness-gate", "P.readinessGates[+]", QUALIFIED_NAME.plus([], [""]), lambda name: {"conditionType": name})
row("scheduling-gate", "P.schedulingGates[+]", QUALIFIED_NAME.plus([], [""]), lambda name: {"name": name})
changes(
    "scheduling-gate-twice",
    [
        {"P.schedulingGates": [{"name": "a"}, {"name": "A"}]},
        {"P.schedulingGates": [{"name": "a"}, {"name": "b"}, {"name": "x/a"}]},
    ],
    [
        {"P.schedulingGates": [{"name": "a"}, {"name": "b"}, {"name": "a"}]},
        {"P.schedulingGates": [{"name": "a"}] * 3},
        {"P.schedulingGates": [{"name": ""}, {"name": ""}]},
    ],
)
row(
    "pull-secret",
    "P.imagePullSecrets",
    Pool([[{"name": "a"}, {"name": "a"}], [{}], [{"name": "_A"}], [None], []], [["a"], {}, "a", [{"name": 1}]]),
    weight=0.5,
)
row(
    "grace-period",
    "P.terminationGracePeriodSeconds",
    Pool([0, -1, 30, 9223372036854775807, None], ["30", 1.5, "30s", True]),
)
for field, pool in {
    "schedulerName": Pool(["", "a", "A_b"], [1]), "priority": Pool([0, -5, 2147483647, None], [2147483648, "1"]),
    "automountServiceAccountToken": Pool([True, False, None], ["true", 1]), "enableServiceLinks": Pool([True, False, None], ["no", 0]),
    "setHostnameAsFQDN": Pool([False, None], ["yes", 1]),
}.items():  # fmt: skip
    row("pod-untouched", f"P.{field}", pool, weight=0.3)

for name in ("cpu", "memory", "ephemeral-storage", "x.io/a", "hugepages-2Mi", "storage", "pods", "gpu", "a/b/c"):
    row(
        "overhead",
        "P.overhead",
        Pool([1, "1", "10Mi", "2Mi", 0], ["-1", "1.5.2", "3Ki"]),
        lambda value, name=name: {name: value},
        weight=0.3,
    )
row("overhead-quantity", "P.overhead", QUANTITY, lambda value: {"cpu": value})

HOST_USERS = {"P.hostUsers": False, "P.hostNetwork": False, "P.hostPID": False, "P.hostIPC": False}
for field in ("hostNetwork", "hostPID", "hostIPC"):
    changes(
        f"user-namespace-{field.lower()}",
        [
            {**HOST_USERS, f"P.{field}": False},
            {**HOST_USERS, f"P.{field}": True, "P.hostUsers": True},
            HOST_USERS,
            {"P.hostUsers": True},
            {"P.hostUsers": None},
        ],
        [{**HOST_USERS, f"P.{field}": True}, {f"P.{field}": True, "P.hostUsers": False}],
    )
BLOCK = {"P.volumes[+]": {"name": "block", "persistentVolumeClaim": {"claimName": "a"}}}
changes(
    "user-namespace-devices",
    [
        {**BLOCK, "A.volumeDevices": [{"name": "block", "devicePath": "/dev/x"}], "P.hostUsers": True},
        {**BLOCK, **HOST_USERS, "A.volumeDevices": []},
    ],
    [{**BLOCK, **HOST_USERS, "A.volumeDevices": [{"name": "block", "devicePath": "/dev/x"}]}],
)
changes(
    "shared-processes",
    [
        {"P.shareProcessNamespace": True, "P.hostPID": False},
        {"P.shareProcessNamespace": False, "P.hostPID": True},
        {"P.shareProcessNamespace": None, "P.hostPID": True},
    ],
    [
        {"P.shareProcessNamespace": True, "P.hostPID": True},
        {"P.shareProcessNamespace": True, "P.hostPID": True, "P.hostUsers": False},
    ],
)

row("os-name", "P.os", Pool(["linux"], ["", None, "Linux", "windows ", "darwin"]), lambda name: {"name": name})
changes("os", [{"P.os": {"name": "linux"}}, {"P.os": None}], [{"P.os": {}}])
PLAIN = {
    "spec": {
        "selector": {"matchLabels": {"a": "b"}},
        "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "a", "image": "b"}]}},
    }
}
WINDOWS = {"spec": PLAIN["spec"], "P.os": {"name": "windows"}}
POD_FIELDS = {
    "P.securityContext.appArmorProfile": {"type": "Unconfined"}, "P.securityContext.seLinuxOptions": {}, "P.securityContext.seccompProfile": {"type": "Unconfined"},
    "P.securityContext.fsGroup": 0, "P.securityContext.fsGroupChangePolicy": "Always", "P.securityContext.sysctls": [{"name": "a", "value": "b"}],
    "P.securityContext.runAsUser": 0, "P.securityContext.runAsGroup": 1, "P.securityContext.supplementalGroups": [], "P.securityContext.supplementalGroupsPolicy": "Merge",
    "P.securityContext.seLinuxChangePolicy": "Recursive", "P.hostUsers": True, "P.hostPID": True, "P.hostIPC": True, "P.shareProcessNamespace": False,
}  # fmt: skip
for path, present in POD_FIELDS.items():
    changes(
        "windows-pod-" + path.split(".")[-1].lower(),
        [
            {**WINDOWS, path: None},
            {**WINDOWS, "P.os": {"name": "linux"}, path: present},
            {"spec": PLAIN["spec"], path: present},
        ],
        [{**WINDOWS, path: present}],
        weight=0.5,
    )
changes(
    "windows-sysctls-empty",
    [
        {**WINDOWS, "P.securityContext.sysctls": []},
        {**WINDOWS, "P.hostPID": False, "P.hostIPC": False},
        {**WINDOWS, "P.hostNetwork": True},
    ],
    [],
)
CONTAINER_FIELDS = {
    "appArmorProfile": {"type": "Unconfined"}, "seLinuxOptions": {}, "seccompProfile": {"type": "RuntimeDefault"}, "capabilities": {}, "readOnlyRootFilesystem": False,
    "privileged": False, "allowPrivilegeEscalation": True, "procMount": "Default", "runAsUser": 0, "runAsGroup": 0,
}  # fmt: skip
for field, present in CONTAINER_FIELDS.items():
    changes(
        "windows-container-" + field.lower(),
        [
            {**WINDOWS, f"C.securityContext.{field}": None},
            {**WINDOWS, "C.securityContext": {}},
            {"spec": PLAIN["spec"], f"C.securityContext.{field}": present},
        ],
        [
            {**WINDOWS, f"C.securityContext.{field}": present},
            {**WINDOWS, "P.initContainers[+]": {"name": Fresh("i"), "image": "a", "securityContext": {field: present}}},
        ],
        weight=0.5,
    )
changes(
    "linux-windows-options",
    [
        {"P.os": {"name": "linux"}, "P.securityContext.windowsOptions": None},
        {**WINDOWS, "P.securityContext.windowsOptions": {}},
        {"spec": PLAIN["spec"], "P.securityContext.windowsOptions": {}},
    ],
    [
        {"P.os": {"name": "linux"}, "P.securityContext.windowsOptions": {}},
        {"P.os": {"name": "linux"}, "A.securityContext.windowsOptions": {}},
    ],
)
row(
    "gated-scheduling-group",
    "P.schedulingGroup",
    Pool([{}, {"podGroupName": "-A"}, {"podGroupName": "a"}], [{"name": "a"}, []]),
    weight=0.3,
)
changes(
    "gated-fields",
    [
        {"P.evictionResponders": [{"name": "-"}]},
        {"P.volumes[+]": {"name": Fresh("g"), "emptyDir": {"mode": -1}}},
        {"P.volumes[+]": {"name": Fresh("g"), "secret": {"secretName": "a", "defaultUser": -1}}},
        {"P.volumes[+]": {"name": Fresh("g"), "configMap": {"name": "a", "items": [{"key": "a", "path": "a", "user": -1}]}}},
        {"P.volumes[+]": {"name": Fresh("g"), "projected": {"sources": [{"serviceAccountToken": {"path": "a", "user": -1}}]}}},
        {
            "P.volumes[+]": {"name": "bound", "emptyDir": {}},
            "A.volumeMounts[+]": {"name": "bound", "mountPath": "/bound", "bindMountOptions": ["x"]},
        },
        {"C.livenessProbe": {"httpGet": {"port": 80, "protocol": "x"}}},
        {"C.livenessProbe": {"grpc": {"port": 80, "mode": "x"}}},
        {"C.lifecycle.preStop": {"httpGet": {"port": 80, "protocol": "x"}}},
    ],
    [
        {"P.evictionResponders": [{"priority": "a"}]},
        {"P.volumes[+]": {"name": Fresh("g"), "emptyDir": {"mode": "0755"}}},
        {"P.volumes[+]": {"name": Fresh("g"), "secret": {"secretName": "a", "defaultUser": "root"}}},
        {"C.livenessProbe": {"httpGet": {"port": 80, "protocol": 2}}},
    ],
)  # fmt: skip
row("free-text", "P.schedulerName", Pool(TEXTS, [1]), weight=0.2)
