"""Texts put together at random from fragments of a format's grammar, right and wrong ones."""

from __future__ import annotations

from random import Random

from conformance.mutations.row import ROWS, Change, Fresh, Row, Wrap
from conformance.mutations.volumes import NEW, volume


def fragments(
    tag: str, path: str, parts: tuple[str, ...], wrap: Wrap = None, most: int = 5, also: Change | None = None
) -> None:
    """Enter: the field at `path` gets one to `most` of `parts`, put together, inside what `wrap` makes of it."""

    def draw(rng: Random, good: bool) -> Change:
        text = "".join(rng.choice(parts) for _ in range(rng.randint(1, 2 if good else most)))
        return {**(also or {}), path: wrap(text) if wrap else text}

    ROWS.append(Row(f"fragments-{tag}", draw, 0.4))


DIGITS = ("0", "1", "9", "10", "1000", "1024", "000", "12345678901234567890", "٣", "１", "²")
NAMES = (
    "a",
    "b-c",
    "a" * 31,
    "0",
    "-",
    ".",
    "_",
    "/",
    "A",
    "é",
    "x.io",
    "K",
    "İ",
    "ſ",
    "ǅ",
    "\u200d",
    "kubernetes.io",
    "k8s.io",
)
fragments(
    "quantity",
    "A.resources.limits",
    (*DIGITS, ".", "-", "+", "e", "E", "Ki", "Mi", "m", "n", "u", "k", "Ei", "P", " ", "e3", "E-3", "e+9"),
    lambda text: {"cpu": text},
)
fragments(
    "whole",
    "A.resources.limits",
    (*DIGITS, ".", "Ki", "Ei", "P", "k", "e3", "E-3", "e15", "E", "000", "5"),
    lambda text: {"example.org/a": text},
)
fragments(
    "huge-pages",
    "A.resources.limits",
    (*DIGITS, ".", "-", "+", "Ki", "Mi", "Gi", "m", " ", "e", "E2", "k", "2"),
    lambda text: {f"hugepages-{text}": 0, "cpu": 1},
)
fragments(
    "huge-page-amount",
    "A.resources.limits",
    (*DIGITS, ".", "Ki", "Mi", "Gi", "m", "2", "4", "k"),
    lambda text: {"hugepages-2Mi": text, "hugepages-1k": text, "cpu": 1},
)
fragments(
    "divisor",
    "A.env[+]",
    ("1", "0", "1", "1000", "10", "24", ".", "Ki", "Mi", "Gi", "k", "M", "m", "e3", "E0", "e", "+", "-", "8", "00"),
    lambda text: {"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory", "divisor": text}}},
)
fragments(
    "divisor-cpu",
    "A.env[+]",
    ("1", "0", "1000", ".", "m", "u", "k", "e3", "e-3", "E0", "+", "00", "001"),
    lambda text: {"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "requests.cpu", "divisor": text}}},
)
fragments(
    "size-limit",
    NEW,
    (*DIGITS, ".", "-", "Ki", "m", "n", "e", "E", " "),
    lambda text: volume(emptyDir={"sizeLimit": text}),
)
fragments(
    "storage",
    NEW,
    (*DIGITS, ".", "-", "Gi", "m", "n", "u"),
    lambda text: volume(
        ephemeral={
            "volumeClaimTemplate": {
                "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": text}}}
            }
        }
    ),
)
PERCENTS = (*DIGITS, "%", "%", "-", "+", " ", "5")
fragments(
    "max-surge",
    "spec.updateStrategy",
    PERCENTS,
    lambda text: {"rollingUpdate": {"maxSurge": text, "maxUnavailable": 0}},
    most=4,
)
fragments(
    "max-unavailable", "spec.updateStrategy", PERCENTS, lambda text: {"rollingUpdate": {"maxUnavailable": text}}, most=4
)
ADDRESS = (
    "1",
    "::",
    ":",
    "ffff",
    "0",
    "1.2.3.4",
    "2001:db8",
    ".",
    "255",
    "256",
    "01",
    "%eth0",
    "FFFF",
    "00000",
    "1:2:3:4:5:6:7:8",
    "g",
    "/24",
    "1:2:3:4:5:6",
    "0:0:0:0:0",
)
fragments("nameserver", "P.dnsConfig", ADDRESS, lambda text: {"nameservers": [text]})
fragments("alias", "P.hostAliases", ADDRESS, lambda text: [{"ip": text, "hostnames": ["a"]}])
fragments("search", "P.dnsConfig", (*NAMES, ".", "_", "a"), lambda text: {"searches": [text]})
fragments("label-key", "metadata.labels", NAMES, lambda text: {text: "a"})
fragments("label-value", "metadata.labels{a}", NAMES)
fragments("annotation-key", "metadata.annotations", NAMES, lambda text: {text: "a"})
fragments("object-name", "metadata.name", NAMES)
fragments("generate-name", "metadata.generateName", (*NAMES, "-", "-"))
fragments(
    "finalizer", "metadata.finalizers", (*NAMES, "orphan", "foregroundDeletion", "kubernetes"), lambda text: [text]
)
fragments(
    "port-name",
    "A.ports[+]",
    ("a", "0", "-", "--", "http", "A", "é", "１", "a-1", "_", "aaaaaaaa"),
    lambda text: {"name": text, "containerPort": 1},
)
fragments(
    "probe-port", "C.livenessProbe", ("a", "0", "-", "80", "http", "A", "１"), lambda text: {"httpGet": {"port": text}}
)
fragments(
    "env-name",
    "A.env[+]",
    ("A", "a", "_", "1", "=", ".", "-", " ", "é", "\x7f", "~", "!", "..", "\t"),
    lambda text: {"name": text},
)
fragments(
    "config-key",
    "A.env[+]",
    ("a", ".", "..", "-", "_", "A", "/", " ", "é", "0"),
    lambda text: {"name": Fresh("E"), "valueFrom": {"configMapKeyRef": {"name": "a", "key": text}}},
)
fragments(
    "field-path",
    "A.env[+]",
    (
        "metadata.",
        "labels",
        "annotations",
        "['a']",
        "['",
        "']",
        "[",
        "]",
        "name",
        "spec.nodeName",
        "status.podIP",
        "'",
        "x/y",
        "['x.io/a']",
        "A",
    ),
    lambda text: {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": text}}},
)
fragments(
    "field-path-subscript",
    "A.env[+]",
    (*NAMES, "'", "']", "['"),
    lambda text: {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": f"metadata.labels['{text}']"}}},
)
fragments(
    "resource",
    "A.env[+]",
    ("limits.", "requests.", "cpu", "memory", "hugepages-", "ephemeral-storage", ".", "x", "é"),
    lambda text: {"name": "A", "valueFrom": {"resourceFieldRef": {"resource": text}}},
)
PATHS = ("a", "/", "..", ".", "../", "/..", "...", "a..b", " ", "é", "\\", ":")
fragments("host-path", NEW, PATHS, lambda text: volume(hostPath={"path": text}))
fragments(
    "item-path", NEW, PATHS, lambda text: volume(secret={"secretName": "a", "items": [{"key": "a", "path": text}]})
)
fragments(
    "token-path", NEW, PATHS, lambda text: volume(projected={"sources": [{"serviceAccountToken": {"path": text}}]})
)
fragments("git-directory", NEW, PATHS, lambda text: volume(gitRepo={"repository": "a", "directory": text}))
fragments("nfs-path", NEW, PATHS, lambda text: volume(nfs={"server": "a", "path": text}))
fragments(
    "sub-path",
    "P.containers[+]",
    PATHS,
    lambda text: {
        "name": Fresh("c"),
        "image": "a",
        "volumeMounts": [{"name": "nowhere", "mountPath": text, "subPath": text, "subPathExpr": ""}],
    },
)
fragments(
    "seccomp", "P.securityContext.seccompProfile", PATHS, lambda text: {"type": "Localhost", "localhostProfile": text}
)
fragments(
    "apparmor",
    "A.securityContext.appArmorProfile",
    (*PATHS, "\u00a0", "\u2003", "\n", "\u200b", "\x85"),
    lambda text: {"type": "Localhost", "localhostProfile": text},
)
fragments(
    "iqn",
    NEW,
    (
        "iqn.",
        "2020-01",
        ".",
        "io.x",
        ":",
        "y",
        "eui.",
        "0123456789abcdef",
        "naa.",
        "0" * 32,
        ",",
        " ",
        "é",
        "iqn.2020-01.a:b",
        "\n",
    ),
    lambda text: volume(iscsi={"targetPortal": "a", "iqn": text, "lun": 0}),
)
fragments(
    "quobyte",
    NEW,
    ("a", ":", "1", ",", "[", "]", "::1", "a:1", "[::1]:1", "%", "é"),
    lambda text: volume(quobyte={"registry": text, "volume": "a"}),
)
fragments(
    "azure",
    NEW,
    ("https://", "http://", "/subscriptions/", "a", "HTTPS://", " "),
    lambda text: volume(azureDisk={"diskName": "a", "diskURI": text, "kind": "Managed"}),
)
fragments(
    "flex-option",
    NEW,
    ("kubernetes.io", "k8s.io", "/", ".", "a", "K8S.io", "K"),
    lambda text: volume(flexVolume={"driver": "a", "options": {text: "a"}}),
)
fragments("csi", NEW, (*NAMES, "A.b"), lambda text: volume(csi={"driver": text}))
fragments(
    "resource-name",
    "A.resources.limits",
    (*NAMES, "requests.", "cpu", "hugepages-", "limits."),
    lambda text: {text: 1, "cpu": 1},
    also={"A.resources": {}},
)
fragments(
    "sysctl",
    "P.securityContext.sysctls",
    ("net", "kernel", ".", "/", "a", "_", "-", "shm", "A", "0", "fs.mqueue.", "sem"),
    lambda text: [{"name": text}],
    also={"P.hostNetwork": True, "P.hostIPC": True},
)
fragments(
    "windows-user",
    "P.securityContext.windowsOptions",
    ("a", "\\", ".", " ", "-", "A", "é", "@", "a" * 15, "a" * 40, "*", "\t", "NT AUTHORITY", ":"),
    lambda text: {"runAsUserName": text},
)
fragments(
    "manager",
    "metadata.managedFields",
    (
        "a",
        " ",
        "é",
        "\u00ad",
        "\u2028",
        "\ue000",
        "\U0001f600",
        "\u200b",
        "\u0301",
        "\t",
        "\u00a0",
        "\u3000",
        "\ufffd",
        "\U000e0001",
        "~",
    ),
    lambda text: [{"manager": text, "operation": "Apply"}],
)
fragments(
    "time",
    "metadata.creationTimestamp",
    (
        "2020-01-01",
        "T",
        "00:00:00",
        "Z",
        "+01:00",
        "-24:00",
        ".5",
        ",123456789",
        ".",
        " ",
        "t",
        "1:02:03",
        "2020-02-30",
        "+1:00",
        "+00:60",
        "1",
        "-2020-01-01",
        "23:59:60",
        ".1234567890123",
    ),
)
fragments(
    "time-fraction",
    "metadata.deletionTimestamp",
    (".", ",", "5", "123456789", "0", "Z", "+01:00", "-00:00", "z", "+23:59", "+24:00", " "),
    lambda text: f"2020-01-01T00:00:00{text}",
)
fragments(
    "generation",
    "metadata.annotations{deprecated.daemonset.template.generation}",
    (*DIGITS, "-", "+", "_", " ", "0x", "1e3"),
    most=3,
)
fragments(
    "deletion-cost",
    "T.metadata.annotations{controller.kubernetes.io/pod-deletion-cost}",
    (*DIGITS, "-", "+", "0", "_", "2147483647", "8"),
    most=3,
)
fragments(
    "tolerations-json",
    "T.metadata.annotations{scheduler.alpha.kubernetes.io/tolerations}",
    ('[{"key":"a"}]', '[{"key":"a","KEY":"-"}]', '[{"Key":"a","operator":"Exists"},null]', '[{"key":null}]', '[{"key":"\\u0061"}]', '[{"tolerationSeconds":1.0,"key":"a","effect":"NoExecute"}]', '[{"tolerationSeconds":1e3,"key":"a","effect":"NoExecute"}]', '[{"key":"a",}]',
     "[]", " ", "\n", "null", "[[]]", '[{"key":"a","x":[{"key":1}]}]', '[{"tolerationSeconds":"1"}]', '[{"key":"\\ud800"}]', '{"key":"a"}', "\ufeff", '[{"key":"a","effect":true}]', '[{"tolerationSeconds":9223372036854775808,"key":"a","effect":"NoExecute"}]', "[1]", '["a"]', '[{"key":"a\tb"}]', "[{}]", "//", ","),
    most=2,
)  # fmt: skip
fragments(
    "selector-key",
    "spec.selector",
    NAMES,
    lambda text: {"matchExpressions": [{"key": text, "operator": "DoesNotExist"}]},
)
fragments("toleration", "P.tolerations", NAMES, lambda text: [{"key": text, "value": text}])
fragments(
    "topology",
    "P.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution",
    NAMES,
    lambda text: [{"topologyKey": text, "labelSelector": {}}],
)
fragments(
    "apparmor-annotation",
    "T.metadata.annotations",
    ("runtime/default", "localhost/", "unconfined", "a", "/", " ", ".."),
    lambda text: {"container.apparmor.security.beta.kubernetes.io/annotated": text},
    also={"C.name": "annotated"},
)
fragments(
    "seccomp-annotation",
    "T.metadata.annotations",
    ("runtime/default", "docker/default", "localhost/", "unconfined", "a", "/", "..", "//"),
    lambda text: {"seccomp.security.alpha.kubernetes.io/pod": text},
)
fragments(
    "header",
    "C.readinessProbe",
    ("a", "-", "_", "X", "0", ":", " ", "é", "."),
    lambda text: {"httpGet": {"port": 1, "httpHeaders": [{"name": text}]}},
)
fragments("image", "C.image", ("a", ":", "latest", "@sha256:", "/", " ", "A", "5000", "b" * 64, "é"))

fragments("namespace", "metadata.namespace", NAMES)
