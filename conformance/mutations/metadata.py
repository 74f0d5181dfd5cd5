"""`metadata` of the DaemonSet and of the pod template."""

from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    LABEL_VALUE,
    LONG,
    PREFIX_NAME,
    QUALIFIED_NAME,
    SELECTOR,
    TEXTS,
)

MIRROR = "T.metadata.annotations{kubernetes.io/config.mirror}"
COST = "T.metadata.annotations{controller.kubernetes.io/pod-deletion-cost}"
GENERATION = "metadata.annotations{deprecated.daemonset.template.generation}"
TOLERATIONS = "T.metadata.annotations{scheduler.alpha.kubernetes.io/tolerations}"
SECCOMP_POD = "T.metadata.annotations{seccomp.security.alpha.kubernetes.io/pod}"
SECCOMP = "container.seccomp.security.alpha.kubernetes.io/"
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
OWNER = {"apiVersion": "v1", "kind": "Node", "name": "a", "uid": "1"}

row("name", "metadata.name", DNS_SUBDOMAIN.plus([], ["", None]))
changes(
    "generated-name",
    [
        {"metadata.name": name, "metadata.generateName": prefix}
        for name in (DROP, "a")
        for prefix in ("a-", "ab", LONG[253], "a.b-", "0")
    ],
    [
        {"metadata.name": name, "metadata.generateName": prefix}
        for name in (DROP, "a")
        for prefix in ("a.", "A", "a_", "-", "--", "a.-", LONG[254], "")
    ],
)
row("generation", "metadata.generation", Pool([0, 1, 2**63 - 1, None], [-1, -(2**63)]), weight=0.5)
row("generate-name", "metadata.generateName", PREFIX_NAME)
row("namespace", "metadata.namespace", DNS_LABEL.plus(["", None, "default"]))
row("label-key", "metadata.labels", QUALIFIED_NAME, lambda key: {key: "a"})
row("label-value", "metadata.labels{a}", LABEL_VALUE.plus([None]))
row(
    "annotation-key",
    "metadata.annotations",
    QUALIFIED_NAME.plus(["A/b", "X.Io/Y"], [""]),
    lambda key: {key: "any text"},
)
row("annotation-value", "metadata.annotations{a}", Pool([*TEXTS, None], [1, True, [], {}]))
ANNOTATION_SIZE = Pool([262142, 262143, 200000], [262144, 262145, 300000])
row("annotation-size", "metadata.annotations", ANNOTATION_SIZE, lambda size: {"a": "x" * size}, weight=0.3)
row(
    "annotation-size-bytes",
    "metadata.annotations",
    Pool([131071], [131072, 131073]),
    lambda size: {"a": "é" * size},
    weight=0.3,
)
row(
    "template-generation",
    GENERATION,
    Pool(
        ["1", "0", "-1", "+5", "007", "9223372036854775807"],
        ["", "x", "1_0", "1.0", " 1", "9223372036854775808", "0x1"],
    ),
)
OWNER_VERSIONS = Pool(["v1", "apps/v1", "a/b", "x"], ["a/b/c", "apps/", "", "/", "a/b/"])
row("owner-version", "metadata.ownerReferences", OWNER_VERSIONS, lambda version: [{**OWNER, "apiVersion": version}])
for field in ("kind", "name", "uid"):
    row(
        f"owner-{field}",
        "metadata.ownerReferences",
        Pool(["a", " ", "A b"], ["", None]),
        lambda text, field=field: [{**OWNER, field: text}],
    )
changes(
    "owner-event",
    [
        {"metadata.ownerReferences": [{**OWNER, "kind": "Event", "apiVersion": version}]}
        for version in ("events.k8s.io/v1", "apps/v1", "v2")
    ],
    [
        {"metadata.ownerReferences": [{**OWNER, "kind": "Event"}]},
        {"metadata.ownerReferences": [OWNER, {**OWNER, "kind": "Event"}]},
    ],
)
changes(
    "owner-controllers",
    [
        {"metadata.ownerReferences": [{**OWNER, "controller": a}, {**OWNER, "controller": b}]}
        for a, b in ((True, False), (False, False), (None, True))
    ],
    [{"metadata.ownerReferences": [{**OWNER, "controller": True}] * count} for count in (2, 3)],
)
row(
    "finalizer",
    "metadata.finalizers",
    QUALIFIED_NAME.plus(["x.io/a", "kubernetes", "orphan", "foregroundDeletion"], ["", "Orphan", "x"]),
    lambda name: [name],
)
changes(
    "finalizer-pair",
    [
        {"metadata.finalizers": names}
        for names in (["orphan", "orphan"], ["kubernetes", "orphan"], ["a/b", "a/b"], ["foregroundDeletion"], [])
    ],
    [
        {"metadata.finalizers": names}
        for names in (["orphan", "foregroundDeletion"], ["foregroundDeletion", "kubernetes", "orphan"], [None])
    ],
)
MANAGED = {"manager": "m", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {}}
for field, pool in {
    "operation": Pool(["Apply", "Update"], ["", "apply", "Create", None]),
    "fieldsType": Pool(["", "FieldsV1", None], ["fieldsV1", "V1"]),
    "manager": Pool(["", LONG[128], "é ", "a b"], [LONG[129], "a\n", "a\tb", "é" * 65, "\u200b"]),
    "subresource": Pool(["", LONG[256], "status"], [LONG[257]]),
    "time": Pool(
        ["2020-01-01T00:00:00Z", "2020-01-01T1:00:00+01:00", None, "2020-02-29T00:00:00.5Z"],
        ["2020-01-01", "", "2021-02-29T00:00:00Z", 1],
    ),
    "fieldsV1": Pool([None, {}, {"f:a": {}}], []),
}.items():
    row(f"managed-{field}", "metadata.managedFields", pool, lambda value, field=field: [{**MANAGED, field: value}])
TIMES = Pool(
    ["2020-01-01T00:00:00Z", "2020-01-01T23:59:59+23:59", "2020-02-29T00:00:00,25Z", "2020-01-01T1:00:00Z", None, "0000-01-01T00:00:00Z"],
    ["", "2020-01-01", "2020-01-01t00:00:00Z", "2020-01-01T00:00:00z", "2020-01-01T00:00:60Z", "2019-02-29T00:00:00Z", "2020-01-01 00:00:00Z",
     "2020-01-01T00:00:00", "2020-13-01T00:00:00Z", "2020-01-01T24:00:00Z", 5, True, "2020-01-01T00:00:00+24:00", "x"],
)  # fmt: skip
row("creation-time", "metadata.creationTimestamp", TIMES, weight=0.6)
row("deletion-time", "metadata.deletionTimestamp", TIMES, weight=0.3)
for field, pool in {
    "selfLink": Pool(["a"], [1]), "uid": Pool(["a", ""], [1]), "resourceVersion": Pool(["1", "x"], [1]),
    "generation": Pool([0, -5, 9223372036854775807], ["1", 1.5, 9223372036854775808]),
    "deletionGracePeriodSeconds": Pool([0, -1, None], ["1", True]),
}.items():  # fmt: skip
    row("metadata-untouched", f"metadata.{field}", pool, weight=0.2)

row(
    "template-label-key",
    "T.metadata.labels",
    QUALIFIED_NAME,
    lambda key: {key: "a"},
    also={"spec.selector": {"matchExpressions": [{"key": "zz", "operator": "DoesNotExist"}]}},
)
row("template-label-value", "T.metadata.labels{another}", LABEL_VALUE)
row(
    "template-annotation-key",
    "T.metadata.annotations",
    QUALIFIED_NAME.plus(["A/b", "X.Io/Y"], [""]),
    lambda key: {key: "any text"},
)
row("template-annotation-size", "T.metadata.annotations", ANNOTATION_SIZE, lambda size: {"a": "x" * size}, weight=0.3)
changes(
    "mirror",
    [{MIRROR: text, "P.nodeName": "a"} for text in ("a", "", "x y")],
    [{MIRROR: text, "P.nodeName": node} for text in ("a", "") for node in (DROP, "")],
)
row(
    "deletion-cost",
    COST,
    Pool(
        ["0", "-1", "5", "-0", "-08", "2147483647", "-2147483648"],
        ["+1", "008", "", "2147483648", "a", "00", "1.5", " 1", "1_0"],
    ),
)
row(
    "tolerations-annotation",
    TOLERATIONS,
    Pool(
        ["", "[]", "null", '[{"key": "a"}]', '[{"KEY": "a", "x": 1}]', '[{"operator": "Exists"}]', '[{"key":"a","operator":"Exists","effect":"NoExecute","tolerationSeconds":5}]'],
        ["[", "{}", "a", '[{"key": 1}]', "[{}]", '[{"key": "-a"}]', '[{"key": "a", "effect": "x"}]', '[{"key": "a", "operator": "Exists", "value": "b"}]',
         '[{"key": "a", "operator": "in"}]', '[{"key":"a","tolerationSeconds":5}]', '[{"key":"a","value":"-"}]', '[{"key": "a"}] x'],
    ),
)  # fmt: skip
SECCOMP_VALUES = Pool(
    ["runtime/default", "docker/default", "unconfined", "localhost/a", "localhost/", "localhost/..a"],
    ["", "Unconfined", "localhost", "localhost/../a", "localhost//a", "x"],
)
row("seccomp-annotation", SECCOMP_POD, SECCOMP_VALUES)
row("seccomp-annotation-container", "T.metadata.annotations", SECCOMP_VALUES, lambda value: {SECCOMP + "any": value})
APPARMOR_VALUES = Pool(
    ["", "runtime/default", "unconfined", "localhost/", "localhost/a"],
    ["x", "Unconfined", "localhost", "runtime/", "docker/default"],
)
NAMED = {"C.name": "annotated"}
row(
    "apparmor-annotation",
    "T.metadata.annotations",
    APPARMOR_VALUES,
    lambda value: {APPARMOR + "annotated": value},
    also=NAMED,
)
row(
    "apparmor-annotation-name",
    "T.metadata.annotations",
    Pool(["annotated"], ["another", "Annotated", "annotate"]),
    lambda name: {APPARMOR + name: "unconfined"},
    also=NAMED,
)
PROFILES = {
    "unconfined": {"type": "Unconfined"},
    "runtime/default": {"type": "RuntimeDefault"},
    "localhost/a": {"type": "Localhost", "localhostProfile": "a"},
}
AGREE = list(PROFILES.items())
DISAGREE = [(text, profile) for text in PROFILES for other, profile in PROFILES.items() if other != text] + [
    ("localhost/b", PROFILES["localhost/a"])
]
changes(
    "seccomp-agreement",
    [
        {SECCOMP_POD: text, "P.securityContext.seccompProfile": profile}
        for text, profile in [*AGREE, ("docker/default", PROFILES["runtime/default"])]
    ],
    [{SECCOMP_POD: text, "P.securityContext.seccompProfile": profile} for text, profile in DISAGREE],
)
for tag, family, field in (("seccomp", SECCOMP, "seccompProfile"), ("apparmor", APPARMOR, "appArmorProfile")):
    changes(
        f"{tag}-agreement-container",
        [
            {**NAMED, "T.metadata.annotations": {family + "annotated": text}, f"C.securityContext.{field}": profile}
            for text, profile in AGREE
        ],
        [
            {**NAMED, "T.metadata.annotations": {family + "annotated": text}, f"C.securityContext.{field}": profile}
            for text, profile in DISAGREE
        ],
    )
changes(
    "apparmor-agreement-pod",
    [
        {
            **NAMED,
            "T.metadata.annotations": {APPARMOR + "annotated": text},
            "P.securityContext.appArmorProfile": profile,
        }
        for text, profile in AGREE
    ],
    [
        {
            **NAMED,
            "T.metadata.annotations": {APPARMOR + "annotated": text},
            "P.securityContext.appArmorProfile": profile,
        }
        for text, profile in DISAGREE
    ],
)
for field in ("name", "namespace", "generateName", "finalizers", "ownerReferences"):
    value = ["-x"] if field == "finalizers" else [{**OWNER, "kind": ""}] if field == "ownerReferences" else "_Wrong"
    row("template-metadata-untouched", f"T.metadata.{field}", Pool([value], [1]), weight=0.2)
for annotation in (
    "scheduler.alpha.kubernetes.io/critical-pod",
    "security.alpha.kubernetes.io/sysctls",
    "pod.beta.kubernetes.io/init-containers",
    "pod.alpha.kubernetes.io/init-container-statuses",
):
    row("warned-annotation", f"T.metadata.annotations{{{annotation}}}", Pool(["", "a"], []), weight=0.3)

row("selector", "spec.selector", SELECTOR, also={"T.metadata.labels": {"a": "b", "x.io/c": ""}}, weight=2)
changes(
    "selector-empty",
    [
        {"spec.selector": {"matchExpressions": [{"key": "nowhere", "operator": "DoesNotExist"}]}},
        {"spec.selector": {"matchExpressions": [{"key": "nowhere", "operator": "NotIn", "values": ["a"]}]}},
    ],
    [
        {"spec.selector": value}
        for value in each_of({}, {"matchLabels": {}}, {"matchLabels": None, "matchExpressions": []}, None, DROP)
    ],
)
changes(
    "selector-mismatch",
    [{"spec.selector": {"matchLabels": {"a": "b"}}, "T.metadata.labels": {"a": "b", "c": "d"}},
     {"spec.selector": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["x", "b"]}]}, "T.metadata.labels": {"a": "b"}},
     {"spec.selector": {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["x"]}]}, "T.metadata.labels": {}},
     {"spec.selector": {"matchLabels": {"a": ""}}, "T.metadata.labels": {"a": None}}],
    [{"spec.selector": {"matchLabels": {"a": "b"}}, "T.metadata.labels": labels} for labels in ({"a": "c"}, {}, None, DROP, {"A": "b"}, {"c": "d"})]
    + [{"spec.selector": {"matchExpressions": [expression]}, "T.metadata.labels": {"a": "b"}} for expression in (
        {"key": "a", "operator": "NotIn", "values": ["b"]}, {"key": "a", "operator": "DoesNotExist"}, {"key": "c", "operator": "Exists"},
        {"key": "c", "operator": "In", "values": ["b", ""]}, {"key": "a", "operator": "In", "values": ["c"]})],
    weight=1.5,
)  # fmt: skip
