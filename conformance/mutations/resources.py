"""Resources of containers and of the pod, and resource claims."""

from conformance.mutations.row import DROP, Fresh, Pool, changes, each_of, row
from conformance.mutations.values import DNS_LABEL, DNS_SUBDOMAIN, LONG, QUALIFIED_NAME, QUANTITY

R = "A.resources"
row("quantity", f"{R}.limits", QUANTITY, lambda value: {"cpu": value}, weight=2)
row("quantity-memory", f"{R}.limits", QUANTITY, lambda value: {"memory": value}, weight=1.5)
NAMES = Pool(
    ["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "x.io/a", "a/b", "kubernetes.io/a", "a.kubernetes.io/b", f"{'a' * 244}/b", "x/Y"],
    ["storage", "pods", "requests.cpu", "limits.memory", "gpu", "Cpu", "CPU", "requests.hugepages-2Mi", "requests.x.io/a", f"{'a' * 245}/b", "", "a/b/c", "-a", "services", "secrets",
     "requests.kubernetes.io/x", LONG[64], "a b", "hugepages", "nvidia.com/", "/gpu", "hugepages-"],
    noisy=True,
)  # fmt: skip
row("resource-name", R, NAMES, lambda name: {"limits": {name: "2Mi", "cpu": 1}, "requests": {name: "2Mi"}}, weight=3)
row(
    "resource-qualified",
    R,
    QUALIFIED_NAME,
    lambda name: {"limits": {name if "/" in name else f"x.io/{name}": 1}},
    weight=0.5,
)
row("resource-limit-name", f"{R}.limits", NAMES, lambda name: {name: 0, "cpu": 1})
row(
    "pod-resource-name",
    "P.resources",
    NAMES.plus(["cpu", "memory", "hugepages-1Gi"], ["ephemeral-storage"] * 3),
    lambda name: {"limits": {name: "1Gi", "cpu": "64"}},
    weight=2,
)
WHOLE = Pool(
    [
        1,
        "1",
        "0",
        "1000m",
        "1k",
        "2Ei",
        "10P",
        "9223372036854775807",
        "1e3",
        "9Ei",
        1e15,
        "0.0",
        "8Ei",
        "1000000000000000000",
        "9007199254740993",
        "1024Ti",
        "1E",
        "92E",
    ],
    [
        "1.5",
        "100m",
        "1500m",
        "0.001",
        0.5,
        "9300000000000001",
        "1Ei",
        "1n",
        "1e-3",
        "0.1Ki",
        "0.0001k",
        "9223372036854775.808k",
        "3Ei",
        "0.5Ei",
        "92233720368547758070",
    ],
)
row("whole-resource", R, WHOLE, lambda value: {"limits": {"x.io/a": value}, "requests": {"x.io/a": value}}, weight=2)
row("whole-countable", R, WHOLE, lambda value: {"limits": {"pods": value}}, weight=0.3)
PAGES = Pool(
    [
        ("2Mi", "2Mi"),
        ("2Mi", "4Mi"),
        ("2Mi", 0),
        ("1Gi", "1Gi"),
        ("1", "3"),
        ("2Mi", "1Gi"),
        ("1k", "2000"),
        ("2Mi", None),
        ("2Mi", 2097152),
        ("1.5Ki", "3Ki"),
        ("1000m", "1"),
    ],
    [
        ("2Mi", "3Mi"),
        ("2Mi", "1Mi"),
        ("1Gi", "1.5Gi"),
        ("x", "1"),
        ("0", "1"),
        ("-1", "1"),
        ("2Mi", "2M"),
        ("1.5", "3"),
        ("2MiB", "2Mi"),
        ("", "1"),
        ("2Mi", 1),
        ("500m", "1"),
        ("0", 0),
        ("2Mi", "-2Mi"),
    ],
)
row(
    "huge-pages",
    R,
    PAGES,
    lambda pair: {"limits": {f"hugepages-{pair[0]}": pair[1], "cpu": 1}, "requests": {f"hugepages-{pair[0]}": pair[1]}},
    weight=2,
)
row(
    "pod-huge-pages",
    "P.resources",
    PAGES,
    lambda pair: {"limits": {f"hugepages-{pair[0]}": pair[1], "cpu": 1}, "requests": {f"hugepages-{pair[0]}": pair[1]}},
)
row("overhead-huge-pages", "P.overhead", PAGES, lambda pair: {f"hugepages-{pair[0]}": pair[1], "cpu": 1})
HUGE = {"hugepages-2Mi": "2Mi"}
changes(
    "huge-pages-alone",
    [
        {R: {"limits": {**HUGE, **more}, "requests": {**HUGE, **other}}}
        for more, other in (({"cpu": 1}, {}), ({}, {"cpu": 1}), ({"memory": 1}, {}), ({}, {"memory": 1}))
    ]
    + [{"P.overhead": {**HUGE, "memory": "1"}}],
    [
        {R: {"limits": HUGE, "requests": HUGE}},
        {R: {"limits": HUGE}},
        {R: {"limits": {**HUGE, "ephemeral-storage": 1}}},
        {"P.overhead": HUGE},
        {"P.resources": {"limits": HUGE, "requests": HUGE}},
    ],
)
PAIRS = Pool(
    [("1", "1"), ("1", "0"), ("1", "1000m"), ("1Ki", "1024"), ("1.5", "1.4999"), ("1", None), ("0.0001", "0.001")],
    [("1", "2"), ("1", "1001m"), ("1Ki", "1025"), ("0", "1m"), ("100m", "0.1001"), (None, 1)],
)
for name in ("cpu", "memory", "ephemeral-storage", "kubernetes.io/a"):
    row(
        "request-above-limit",
        R,
        PAIRS,
        lambda pair, name=name: {"limits": {name: pair[0]}, "requests": {name: pair[1]}},
        weight=0.5,
    )
    row(
        "pod-request-above-limit",
        "P.resources",
        PAIRS,
        lambda pair, name=name: {"limits": {name: pair[0]}, "requests": {name: pair[1]}},
        weight=0.2,
    )
EQUAL = Pool(
    [("2", "2"), ("2", "2000m"), ("0", "0"), ("1k", "1000")],
    [("2", "1"), ("1", "2"), ("4", "2"), ("2", "0"), ("2Mi", "4Mi")],
)
row("request-not-limit", R, EQUAL, lambda pair: {"limits": {"x.io/a": pair[0]}, "requests": {"x.io/a": pair[1]}})
row(
    "request-not-limit-pages",
    R,
    Pool([("2Mi", "2Mi")], [("4Mi", "2Mi"), ("2Mi", "4Mi")]),
    lambda pair: {"limits": {"hugepages-2Mi": pair[0], "cpu": 1}, "requests": {"hugepages-2Mi": pair[1]}},
)
changes(
    "limit-missing",
    [{R: {"limits": {name: 2}, "requests": {name: 2}}} for name in ("x.io/a", "a/b")]
    + [{R: {"requests": {"a.kubernetes.io/b": 1}}}, {R: {"limits": {"x.io/a": 1}}}],
    [{R: {"requests": {name: 2}}} for name in ("x.io/a", "a/b")]
    + [
        {R: {"requests": {**HUGE, "cpu": 1}}},
        {"P.resources": {"requests": {**HUGE, "cpu": 1}}},
        {"P.overhead": {}, R: {"requests": {"x.io/a": 1}, "limits": {"x.io/b": 1}}},
    ],
)
changes(
    "pod-resources-windows",
    [{"P.os": {"name": "windows"}, "P.resources": None}, {"P.os": {"name": "linux"}, "P.resources": {}}],
    [
        {"P.os": {"name": "windows"}, "P.resources": value}
        for value in each_of({}, {"limits": {"x": 1}}, {"limits": {"cpu": 1}})
    ],
)
changes(
    "pod-resources-claims",
    [{"P.resources": {"claims": None}}, {"P.resources": {}}],
    [{"P.resources": {"claims": value}} for value in each_of([], [{"name": "a"}], [{}])],
)


def _pod(pod: object, containers: list[object], inits: list[tuple[object, bool]] | None = None) -> dict[str, object]:
    """Return a pod whose resources and those of its containers are given; a True marks a sidecar."""
    return {
        "P.resources": pod,
        "P.containers": [{"name": f"c{i}", "image": "a", "resources": r} for i, r in enumerate(containers)],
        "P.initContainers": [
            {"name": f"i{i}", "image": "a", "resources": r, **({"restartPolicy": "Always"} if side else {})}
            for i, (r, side) in enumerate(inits or [])
        ],
    }


ONE, HALF, TWO = {"requests": {"cpu": 1}}, {"requests": {"cpu": "500m"}}, {"requests": {"cpu": 2}}
changes(
    "pod-request-below-containers",
    [_pod(ONE, [HALF, HALF]), _pod(TWO, [ONE], [(TWO, False)]), _pod(TWO, [ONE], [(ONE, True)]), _pod(TWO, [HALF, HALF], [(ONE, True), (ONE, False)]), _pod({"requests": {"memory": 1}}, [TWO]),
     _pod({"limits": {"cpu": 1}}, [TWO]), _pod(TWO, [HALF], [(HALF, True), (ONE, False), (ONE, False)])],
    [_pod(ONE, [HALF, ONE]), _pod(ONE, [HALF], [(TWO, False)]), _pod(ONE, [HALF], [(ONE, True)]), _pod(TWO, [ONE], [(ONE, True), (HALF, True)]), _pod(ONE, [HALF], [(HALF, True), (ONE, False)]),
     _pod({"requests": {"cpu": "999m"}}, [ONE]), _pod({"requests": {"cpu": None}}, [HALF])],
    weight=1.5,
)  # fmt: skip
PAGE1, PAGE2 = (
    {"limits": {"hugepages-2Mi": size, "cpu": 1}, "requests": {"hugepages-2Mi": size}} for size in ("2Mi", "4Mi")
)
changes(
    "pod-limit-pages",
    [_pod(PAGE2, [PAGE1, PAGE1]), _pod(PAGE1, [PAGE1]), _pod(PAGE2, [PAGE1], [(PAGE2, False)])],
    [
        _pod(PAGE1, [PAGE2]),
        _pod(PAGE1, [PAGE1, PAGE1]),
        _pod(PAGE1, [PAGE1], [(PAGE1, True)]),
        _pod(PAGE1, [{}], [(PAGE2, False)]),
    ],
)
LIMIT1, LIMIT2 = {"limits": {"cpu": 1}}, {"limits": {"cpu": 2}}
changes(
    "pod-limit-below-container",
    [
        _pod(LIMIT1, [LIMIT1, LIMIT1]),
        _pod(LIMIT1, [{}], [(LIMIT2, False)]),
        _pod(LIMIT1, [LIMIT1], [(LIMIT2, True)]),
        _pod({"limits": {"memory": 1}}, [LIMIT2]),
        _pod(LIMIT2, [LIMIT1]),
    ],
    [
        _pod(LIMIT1, [LIMIT2]),
        _pod(LIMIT1, [LIMIT1, LIMIT2]),
        _pod({"limits": {"cpu": "999m", "memory": 1}}, [{"limits": {"cpu": 1, "memory": 2}}]),
        _pod({"limits": {"cpu": None}}, [LIMIT1]),
    ],
)

CLAIM = {"name": "claim", "resourceClaimName": "a"}
CLAIMS = {"P.resourceClaims": [CLAIM, {**CLAIM, "name": "second"}]}
row("claim", "P.resourceClaims[+]", DNS_LABEL.plus([], ["", None]), lambda name: {**CLAIM, "name": name})
changes(
    "claim-twice",
    [CLAIMS, {"P.resourceClaims": []}],
    [
        {"P.resourceClaims": [CLAIM, CLAIM]},
        {"P.resourceClaims": [CLAIM, {**CLAIM, "name": "b"}, CLAIM]},
        {"P.resourceClaims": [{**CLAIM, "name": "A"}] * 2},
    ],
)
changes(
    "claim-source",
    [{"P.resourceClaims": [{"name": "a", "resourceClaimTemplateName": "a"}]}, {"P.resourceClaims": [{"name": "a", "resourceClaimName": "a"}]}],
    [{"P.resourceClaims": [{"name": "a"}]}, {"P.resourceClaims": [{"name": "a", "resourceClaimTemplateName": "a", "resourceClaimName": "a"}]}, {"P.resourceClaims": [{"name": "a", "resourceClaimName": None}]},
     {"P.resourceClaims": [None]}, {"P.resourceClaims": [{"name": "a", "source": {"resourceClaimName": "a"}}]}, {"P.resourceClaims": [{"name": "a", "resourceClaimTemplateName": "", "resourceClaimName": ""}]}],
)  # fmt: skip
for field in ("resourceClaimName", "resourceClaimTemplateName"):
    row(
        f"claim-{field.lower()}",
        "P.resourceClaims[+]",
        DNS_SUBDOMAIN.plus([], [""]),
        lambda name, field=field: {"name": Fresh("c"), field: name},
    )
row(
    "claim-use",
    f"{R}.claims",
    Pool(["claim", "second"], ["", "nowhere", "Claim", None]),
    lambda name: [{"name": name}],
    also=CLAIMS,
)
row(
    "claim-request",
    f"{R}.claims",
    DNS_LABEL.plus(["", None]),
    lambda request: [{"name": "claim", "request": request}],
    also=CLAIMS,
)
changes(
    "claim-use-twice",
    [{**CLAIMS, f"{R}.claims": uses} for uses in ([{"name": "claim"}, {"name": "second"}], [{"name": "claim", "request": "a"}, {"name": "claim", "request": "b"}], [])],
    [{**CLAIMS, f"{R}.claims": uses} for uses in (
        [{"name": "claim"}, {"name": "claim"}], [{"name": "claim"}, {"name": "claim", "request": "a"}], [{"name": "claim", "request": "a"}, {"name": "claim"}],
        [{"name": "claim", "request": "a"}, {"name": "claim", "request": "a"}], [{"name": "claim", "request": "a"}, {"name": "second"}, {"name": "claim", "request": "a"}, {"name": "claim"}])],
)  # fmt: skip
changes(
    "claim-invalid-used",
    [{**CLAIMS, f"{R}.claims": DROP}],
    [
        {"P.resourceClaims": [{"name": "A", "resourceClaimName": "a"}], f"{R}.claims": [{"name": "A"}]},
        {"P.resourceClaims": None, f"{R}.claims": [{"name": "claim"}]},
    ],
    weight=0.5,
)
row(
    "warned-fraction",
    f"{R}.limits",
    Pool(["1.5", "100m", "1", "1k", "9300000000000001", "1Ei", "0.5Ki"], []),
    lambda value: {"memory": value, "ephemeral-storage": value},
    weight=0.5,
)
