"""Affinity, tolerations, topology spread, DNS and host aliases."""

from __future__ import annotations

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import (
    DNS_LABEL,
    DNS_SUBDOMAIN,
    IP_ADDRESS,
    LABEL_VALUE,
    LONG,
    POSITIVE,
    QUALIFIED_NAME,
    SELECTOR,
)

NODE = "P.affinity.nodeAffinity"
REQUIRED, PREFERRED = (
    "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution",
)


def _required(*terms: Json) -> Json:
    return {REQUIRED: {"nodeSelectorTerms": list(terms)}}


def _preferred(term: Json, weight: Json = 1) -> Json:
    return {PREFERRED: [{"weight": weight, "preference": term}]}


def _terms(tag: str, good: list[Json], bad: list[Json], weight: float = 1.0) -> None:
    """Enter node selector terms, required and preferred."""
    changes(tag, good, bad, weight, each=lambda term: [{NODE: _required(term)}, {NODE: _preferred(term)}])


def expression(operator: Json, *values: Json, key: str = "a", field: str = "matchExpressions") -> Json:
    """Return a node selector term."""
    return {field: [{"key": key, "operator": operator, "values": list(values)}]}


_terms(
    "node-operator",
    [expression("In", "a"), expression("NotIn", "a"), expression("Gt", "1"), expression("Lt", "x")],
    [expression(operator, "a") for operator in ("", "in", "Equals", "gt", None)],
)
_terms(
    "node-values",
    [expression("In", "a", "b", ""), expression("Exists"), expression("DoesNotExist"), expression("Gt", "5")],
    [
        expression("In"),
        expression("NotIn"),
        expression("Exists", "a"),
        expression("DoesNotExist", ""),
        expression("Gt"),
        expression("Lt", "1", "2"),
        expression("Gt", "-1"),
    ],
    weight=1.5,
)
_terms(
    "node-key",
    [expression("Exists", key=key) for key in QUALIFIED_NAME.good],
    [expression("Exists", key=key) for key in [*QUALIFIED_NAME.bad, ""]],
)
row("node-value", NODE, LABEL_VALUE, lambda value: _required(expression("In", "a", value)))
row("node-value-preferred", NODE, LABEL_VALUE, lambda value: _preferred(expression("In", "a", value)), weight=0.7)
_terms(
    "node-field",
    [expression("In", name, key="metadata.name", field="matchFields") for name in DNS_SUBDOMAIN.good]
    + [expression("NotIn", "a", key="metadata.name", field="matchFields")],
    [expression("In", name, key="metadata.name", field="matchFields") for name in DNS_SUBDOMAIN.bad]
    + [expression(operator, "a", key="metadata.name", field="matchFields") for operator in ("Exists", "Gt", "", "in")]
    + [expression("In", *values, key="metadata.name", field="matchFields") for values in ((), ("a", "b"))]
    + [
        expression("In", "a", key=key, field="matchFields")
        for key in ("", "name", "metadata.namespace", "Metadata.name")
    ],
    weight=2,
)
changes(
    "node-terms",
    [
        {NODE: _required({})},
        {NODE: _required({"matchExpressions": [], "matchFields": []})},
        {NODE: {REQUIRED: None}},
        {NODE: {}},
        {"P.affinity": {}},
        {NODE: _required(None)},
    ],
    [{NODE: _required()}, {NODE: {REQUIRED: {}}}, {NODE: {REQUIRED: {"nodeSelectorTerms": None}}}],
)
WEIGHT = Pool([1, 100, 50], [0, -1, 101, None, 2147483647])
row("node-weight", NODE, WEIGHT, lambda weight: _preferred(expression("Exists"), weight))
row("node-preference-empty", NODE, Pool([{}, None], [[]]), lambda term: _preferred(term), weight=0.4)

HOST = "kubernetes.io/hostname"
TERM = {"topologyKey": HOST, "labelSelector": {"matchLabels": {"a": "b"}}}


def _affinities(term: Json) -> list[Json]:
    """Return the term at the four places where it may stand."""
    values: list[Json] = [{REQUIRED: [term]}, {PREFERRED: [{"weight": 1, "podAffinityTerm": term}]}]
    return [{f"P.affinity.{kind}": value} for kind in ("podAffinity", "podAntiAffinity") for value in values]


def _pod_terms(tag: str, good: list[Json], bad: list[Json], weight: float = 1.0) -> None:
    """Enter pod affinity terms."""
    changes(tag, good, bad, weight, each=_affinities)


_pod_terms(
    "pod-affinity-selector",
    [{**TERM, "labelSelector": selector} for selector in SELECTOR.good],
    [{**TERM, "labelSelector": selector} for selector in SELECTOR.bad],
)
_pod_terms(
    "pod-affinity-namespaces-selector",
    [{**TERM, "namespaceSelector": selector} for selector in SELECTOR.good],
    [{**TERM, "namespaceSelector": selector} for selector in SELECTOR.bad],
)
_pod_terms(
    "pod-affinity-namespace",
    [{**TERM, "namespaces": ["a", name]} for name in DNS_LABEL.good],
    [{**TERM, "namespaces": ["a", name]} for name in [*DNS_LABEL.bad, ""]],
)
_pod_terms(
    "pod-affinity-topology",
    [{**TERM, "topologyKey": key} for key in QUALIFIED_NAME.good],
    [{**TERM, "topologyKey": key} for key in [*QUALIFIED_NAME.bad, "", None]],
)
changes(
    "pod-affinity-weight",
    [
        {f"P.affinity.{kind}.{PREFERRED}": [{"weight": weight, "podAffinityTerm": TERM}]}
        for kind in ("podAffinity", "podAntiAffinity")
        for weight in WEIGHT.good
    ],
    [
        {f"P.affinity.{kind}.{PREFERRED}": [{"weight": weight, "podAffinityTerm": TERM}]}
        for kind in ("podAffinity", "podAntiAffinity")
        for weight in WEIGHT.bad
    ],
)
for field in ("matchLabelKeys", "mismatchLabelKeys"):
    _pod_terms(
        f"pod-affinity-{field.lower()}",
        [{**TERM, field: [key, "c"]} for key in QUALIFIED_NAME.good if key != "a"],
        [{**TERM, field: [key]} for key in [*QUALIFIED_NAME.bad, ""]],
        weight=0.8,
    )
    _pod_terms(
        f"pod-affinity-{field.lower()}-alone",
        [
            {**TERM, field: []},
            {**TERM, field: ["z", "z"]},
            {"topologyKey": HOST, field: []},
            {**TERM, "labelSelector": {}, field: ["z"]},
        ],
        [{"topologyKey": HOST, field: ["z"]}, {**TERM, "labelSelector": None, field: ["z", "y"]}],
    )
_pod_terms(
    "pod-affinity-keys-both",
    [{**TERM, "matchLabelKeys": ["x"], "mismatchLabelKeys": ["y"]}, {**TERM, "mismatchLabelKeys": ["a"]}],
    [
        {**TERM, "matchLabelKeys": ["x"], "mismatchLabelKeys": ["x"]},
        {**TERM, "matchLabelKeys": ["x", "y", "x"], "mismatchLabelKeys": ["y", "x"]},
    ],
)
KEY_A = {"key": "a", "operator": "Exists"}
SINGLE: list[Json] = [
    {"matchLabels": {"a": "b"}},
    {"matchExpressions": [KEY_A]},
    {"matchLabels": {"c": "d"}, "matchExpressions": [KEY_A]},
]
DOUBLE: list[Json] = [
    {"matchLabels": {"a": "b"}, "matchExpressions": [KEY_A]},
    {"matchExpressions": [KEY_A, KEY_A]},
    {"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "x", "operator": "Exists"}, KEY_A, KEY_A]},
]
_pod_terms("pod-affinity-key-selected", [{**TERM, "labelSelector": selector, field: ["a"]} for selector in SINGLE for field in ("matchLabelKeys", "mismatchLabelKeys")], [{**TERM, "labelSelector": selector, "matchLabelKeys": ["z", "a"]} for selector in DOUBLE]
           + [{**TERM, "labelSelector": selector, "mismatchLabelKeys": ["a"]} for selector in DOUBLE])  # fmt: skip

TOLERATIONS = "P.tolerations"
row("toleration-key", TOLERATIONS, QUALIFIED_NAME, lambda key: [{"key": key, "operator": "Exists"}])
row(
    "toleration-operator",
    TOLERATIONS,
    Pool(["Exists", "Equal", "", None], ["exists", "Lt", "Gt", "x", "In"]),
    lambda operator: [{"key": "a", "operator": operator}],
)
changes(
    "toleration-no-key",
    [{TOLERATIONS: [{"operator": "Exists", **more}]} for more in ({}, {"effect": "NoSchedule"}, {"key": ""})],
    [
        {TOLERATIONS: [more]}
        for more in (
            {},
            {"operator": "Equal"},
            {"key": "", "value": "a"},
            {"effect": "NoSchedule"},
            None,
            {"operator": "x"},
        )
    ],
)
row(
    "toleration-effect",
    TOLERATIONS,
    Pool(["", "NoSchedule", "PreferNoSchedule", "NoExecute", None], ["noSchedule", "x", "NoSchedule "]),
    lambda effect: [{"key": "a", "effect": effect}],
)
changes(
    "toleration-seconds",
    [
        {TOLERATIONS: [{"key": "a", "effect": effect, "tolerationSeconds": seconds}]}
        for effect, seconds in (("NoExecute", 5), ("NoExecute", -1), ("NoExecute", 0), ("NoSchedule", None))
    ],
    [
        {TOLERATIONS: [{"key": "a", "effect": effect, "tolerationSeconds": seconds}]}
        for effect in ("NoSchedule", "", "PreferNoSchedule", "x")
        for seconds in (5, 0, -1)
    ],
)
for operator in ("", "Equal"):
    row(
        "toleration-value",
        TOLERATIONS,
        LABEL_VALUE,
        lambda value, operator=operator: [{"key": "a", "operator": operator, "value": value}],
    )
row(
    "toleration-exists-value",
    TOLERATIONS,
    Pool(["", None], ["a", " ", "true"]),
    lambda value: [{"key": "a", "operator": "Exists", "value": value}],
)

SPREAD = "P.topologySpreadConstraints"
EVEN: dict[str, Json] = {
    "maxSkew": 1,
    "topologyKey": "zone",
    "whenUnsatisfiable": "DoNotSchedule",
    "labelSelector": {"matchLabels": {"a": "b"}},
}
for field, pool in {
    "maxSkew": POSITIVE.plus([], [None]),
    "topologyKey": Pool(["a", "_ /", HOST], ["", None]),
    "whenUnsatisfiable": Pool(["DoNotSchedule", "ScheduleAnyway"], ["", "x", None, "doNotSchedule"]),
    "minDomains": POSITIVE.plus([None], [-5]),
    "nodeAffinityPolicy": Pool(["Honor", "Ignore", None], ["", "honor", "x"]),
    "nodeTaintsPolicy": Pool(["Honor", "Ignore", None], ["", "honor", "x"]),
    "labelSelector": SELECTOR,
}.items():
    row(f"spread-{field.lower()}", SPREAD, pool, lambda value, field=field: [{**EVEN, field: value}])
changes(
    "spread-domains-anyway",
    [{SPREAD: [{**EVEN, "minDomains": 2}]}],
    [
        {SPREAD: [{**EVEN, "minDomains": count, "whenUnsatisfiable": when}]}
        for when in ("ScheduleAnyway", "", "x")
        for count in (1, 0)
    ],
)
changes(
    "spread-twice",
    [{SPREAD: [EVEN, {**EVEN, "whenUnsatisfiable": "ScheduleAnyway"}]}, {SPREAD: [EVEN, {**EVEN, "topologyKey": "b"}]}],
    [
        {SPREAD: [EVEN, EVEN]},
        {SPREAD: [EVEN, {**EVEN, "topologyKey": "b"}, {**EVEN, "maxSkew": 2}]},
        {SPREAD: [EVEN] * 3},
        {SPREAD: [{**EVEN, "whenUnsatisfiable": "x"}] * 2},
    ],
)
row(
    "spread-key",
    SPREAD,
    QUALIFIED_NAME,
    lambda key: [{**EVEN, "labelSelector": {"matchLabels": {"zz": "b"}}, "matchLabelKeys": [key, "c"]}],
)
changes(
    "spread-key-selected",
    [{SPREAD: [{**EVEN, "labelSelector": selector, "matchLabelKeys": ["a"]}]} for selector in SINGLE]
    + [
        {SPREAD: [{**EVEN, "matchLabelKeys": ["z", "z"]}]},
        {SPREAD: [{**EVEN, "labelSelector": {}, "matchLabelKeys": ["z"]}]},
    ],
    [{SPREAD: [{**EVEN, "labelSelector": selector, "matchLabelKeys": ["z", "a"]}]} for selector in DOUBLE],
)
changes(
    "spread-key-alone",
    [{SPREAD: [{**EVEN, "labelSelector": None, "matchLabelKeys": []}]}],
    [
        {SPREAD: [{**EVEN, "labelSelector": selector, "matchLabelKeys": ["z"]}]}
        for selector in (None, DROP)
        if selector is None
    ],
)

CONFIG = "P.dnsConfig"
NAMESERVERS = {"P.dnsPolicy": "None"}
changes(
    "dns-none",
    [
        {**NAMESERVERS, CONFIG: {"nameservers": ["1.2.3.4"]}},
        {"P.dnsPolicy": "Default", CONFIG: {}},
        {"P.dnsPolicy": "ClusterFirst", CONFIG: None},
    ],
    [
        {**NAMESERVERS, CONFIG: value}
        for value in each_of(
            None,
            DROP,
            {},
            {"nameservers": []},
            {"searches": ["_ _"]},
            {"nameservers": None, "options": [{}]},
        )
    ],
)
row("dns-nameserver", CONFIG, IP_ADDRESS, lambda address: {"nameservers": ["1.1.1.1", address]})
row("dns-nameservers", CONFIG, Pool([3, 2, 0], [4, 5]), lambda count: {"nameservers": ["1.1.1.1"] * count})
SEARCH = Pool(
    [*DNS_SUBDOMAIN.good, ".", "a.", "_a", "_a._b-c.d_e", "a_b"],
    ["", "..", "-a", "A", "a..b", LONG[254], "a b", "_", "__a", "a-.b", ".a"],
    noisy=True,
)
row("dns-search", CONFIG, SEARCH, lambda name: {"searches": ["a", name]}, weight=1.5)
row("dns-searches", CONFIG, Pool([["a"] * 32, [], ["a"]], [["a"] * 33, ["a"] * 40]), lambda names: {"searches": names})
row(
    "dns-searches-long",
    CONFIG,
    Pool(
        [[LONG[253]] * 8, [LONG[253]] * 8 + ["a" * 16]],
        [[LONG[253]] * 8 + ["a" * 17], [LONG[253]] * 9, [LONG[253]] * 8 + ["a", "a" * 15]],
    ),
    lambda names: {"searches": names},
    weight=0.6,
)
row(
    "dns-option",
    CONFIG,
    Pool(
        [{"name": "a"}, {"name": " ", "value": ""}, {"name": "a", "value": None}],
        [{}, {"name": ""}, {"value": "a"}, None],
    ),
    lambda option: {"options": [{"name": "x"}, option]},
)
row("alias-ip", "P.hostAliases", IP_ADDRESS.plus([], [None]), lambda address: [{"ip": address, "hostnames": ["a"]}])
row(
    "alias-name",
    "P.hostAliases",
    DNS_SUBDOMAIN.plus([], ["", None]),
    lambda name: [{"ip": "1.2.3.4", "hostnames": ["a", name]}],
)
row(
    "alias-free",
    "P.hostAliases",
    Pool([[], [{"ip": "1.2.3.4"}], [{"ip": "1.2.3.4"}, {"ip": "1.2.3.4", "hostnames": []}]], [[{}], [None], {}]),
    weight=0.5,
)
OLD = ("beta.kubernetes.io/arch", "failure-domain.beta.kubernetes.io/zone", "node-role.kubernetes.io/master", "beta.kubernetes.io/os", "beta.kubernetes.io/instance-type", "failure-domain.beta.kubernetes.io/region",
       "app.kubernetes.io/created-by", "scheduler.alpha.kubernetes.io/preferAvoidPods", "kubernetes.io/arch")  # fmt: skip
changes(
    "warned-node-label",
    [
        change
        for key in OLD
        for change in (
            {"P.nodeSelector": {key: "a"}},
            {NODE: _required(expression("Exists", key=key))},
            {NODE: _preferred(expression("Exists", key=key))},
            {SPREAD: [{**EVEN, "topologyKey": key}]},
        )
    ],
    [],
)
