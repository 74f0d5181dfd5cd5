"""Pod monitors."""

from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import DNS_SUBDOMAIN

ENDPOINT = "spec.podMetricsEndpoints[?]"
DURATION = Pool(
    ["0", "", "1s", "1m30s", "1y2w3d4h5m6s7ms", "00s", "10ms", None],
    ["1", "s", "1 s", "1s1m", "1.5s", "1S", "-1s", "1s\n", "0s0", 30, True, {}, ["1s"]],
    noisy=True,
)
URL = Pool(
    ["http://a", "https://a b", "socks5://é", "http:// "], ["", "http://", "ftp://a", "a", "HTTP://a", "http://\n"]
)
WORD = Pool([None], ["", 1, False, [], {}, {"a": 1}, ["a"], [{"a": 1}]])
NUMBERS = each_of(0, 1, -1, 2147483648, 9223372036854775807, 1.0, 1e3, None)
NO_NUMBERS = each_of("1", 1.5, 9223372036854775808, 1e20, True, [], {}, {"a": 1})
KEY = {"key": "a"}
KEYS = Pool(
    [KEY, {"key": "", "name": None}, {"key": "a", "optional": True}], [{}, {"name": "a"}, {"key": None}, {"key": 1}]
)
SELECTOR = Pool(
    [{}, {"matchLabels": None}, {"matchLabels": {"a b": "c d", "e": None}}, {"matchExpressions": [{"key": "", "operator": "x"}]}],
    [None, DROP, [], "a", {"matchLabels": {"a": 1}}, {"matchExpressions": [{"key": "a"}]}, {"matchExpressions": [{}]}, {"matchExpressions": [None]}, {"matchExpressions": {"a": 1}}, {"matchLabels": ["a"]}],
)  # fmt: skip

row("monitor-name", "metadata.name", DNS_SUBDOMAIN)
row("monitor-selector", "spec.selector", SELECTOR, weight=3)
row(
    "monitor-spec",
    "spec",
    Pool([{"selector": {}}], [None, DROP, {}, [], "a", [{"a": 1}], {"selector": None}]),
    weight=2,
)
row(
    "monitor-finalizer",
    "metadata.finalizers",
    Pool(["a", "a.b", "kubernetes", "a/b"], ["A b", "a/b/c", "", None]),
    lambda name: [name],
)
for name in ("interval", "scrapeTimeout"):
    row(f"monitor-{name.lower()}", f"{ENDPOINT}.{name}", DURATION, weight=2)
row(
    "monitor-body-size",
    "spec.bodySizeLimit",
    Pool(
        ["0", "1B", "1.5KB", ".5MiB", "a1B", "10TiB", None],
        ["", "0B0", "1", "1K", "1kB", "1b", "1B\n", 0, "00"],
        noisy=True,
    ),
    weight=2,
)
row(
    "monitor-bucket-factor",
    "spec.nativeHistogramMinBucketFactor",
    Pool(
        ["1.1", "+1.", ".5", "1e3", "1Ki", "-1n", 1, 2**40, None],
        ["", "1.1.1", "x", "1e", "1 ", "1.1\n", 1.5, True, [], {"a": 1}],
        noisy=True,
    ),
    weight=2,
)
for path in (f"{ENDPOINT}.proxyUrl", f"{ENDPOINT}.oauth2.proxyUrl"):
    row(
        f"monitor-proxy-{path.count('.')}",
        path,
        URL,
        also={f"{ENDPOINT}.oauth2": {"clientId": {}, "clientSecret": KEY, "tokenUrl": "a"}}
        if "oauth2" in path
        else None,
    )
row(
    "monitor-port-number",
    f"{ENDPOINT}.portNumber",
    Pool([1, 65535, None], [0, -1, 65536, 2**31, 2**63, "1", 1.5, True, {}]),
    weight=3,
)
row(
    "monitor-target-port",
    f"{ENDPOINT}.targetPort",
    Pool(["", "a b", 0, 2**40, None], [1.5, True, 2**64, [], {"a": 1}]),
    weight=2,
)
for name, words in (
    ("scheme", ["http", "https"]),
    ("tlsConfig.minVersion", ["TLS10", "TLS13"]),
    ("tlsConfig.maxVersion", ["TLS11", "TLS12"]),
):
    row(f"monitor-{name.lower()}", f"{ENDPOINT}.{name}", WORD.plus(words, ["HTTP", "TLS14", "tls12", "http "]))
row("monitor-mechanism", "spec.selectorMechanism", WORD.plus(["RelabelConfig", "RoleSelector"], ["relabelConfig"]))
PROTOCOLS = [
    "PrometheusProto",
    "OpenMetricsText0.0.1",
    "OpenMetricsText1.0.0",
    "PrometheusText0.0.4",
    "PrometheusText1.0.0",
]
row(
    "monitor-fallback-protocol",
    "spec.fallbackScrapeProtocol",
    WORD.plus(PROTOCOLS, ["PrometheusText", "prometheusProto"]),
)
row(
    "monitor-protocols",
    "spec.scrapeProtocols",
    Pool(
        [[], PROTOCOLS, PROTOCOLS[:1], None],
        [
            [""],
            [None],
            [1],
            ["x", "x"],
            PROTOCOLS[:1] * 2,
            PROTOCOLS[:1] * 3,
            [*PROTOCOLS, *PROTOCOLS[1:3]],
            "x",
            {"a": 1},
        ],
    ),
    weight=3,
)
for name in ("relabelings", "metricRelabelings"):
    row(
        f"monitor-{name.lower()}-action",
        f"{ENDPOINT}.{name}[+].action",
        WORD.plus(["keep", "HashMod", "Lowercase"], ["KEEP", "hashMod"]),
    )
    row(
        f"monitor-{name.lower()}-labels",
        f"{ENDPOINT}.{name}[+].sourceLabels",
        Pool([["a", "_0", "__a__"], [], None], [[""], ["0a"], ["a-b"], ["é"], ["a\n"], [None], [1], "a"]),
    )
    row(f"monitor-{name.lower()}-modulus", f"{ENDPOINT}.{name}[+].modulus", Pool(NUMBERS, NO_NUMBERS))
for name in ("sampleLimit", "targetLimit", "keepDroppedTargets", "labelLimit"):
    row(f"monitor-{name.lower()}", f"spec.{name}", Pool(NUMBERS, NO_NUMBERS))
row("monitor-scrape-class", "spec.scrapeClass", Pool(["a", " ", None], ["", 1]), weight=2)
for name in (
    "basicAuth.username",
    "authorization.credentials",
    "bearerTokenSecret",
    "tlsConfig.keySecret",
    "tlsConfig.ca.configMap",
):
    row(f"monitor-key-{name.lower()}", f"{ENDPOINT}.{name}", KEYS)
row(
    "monitor-connect-header",
    f"{ENDPOINT}.proxyConnectHeader",
    Pool([{"a": [KEY]}, {"a": None}, {"a": []}, {}], [{"a": [{}]}, {"a": [None]}, {"a": KEY}, [], {"a": "b"}]),
    weight=2,
)
row(
    "monitor-params",
    f"{ENDPOINT}.params",
    Pool([{"a": ["b"]}, {"a": None}, {}, None], [{"a": "b"}, {"a": [1]}, {"a": [None]}, {"a": {"b": "c"}}, []]),
)
changes(
    "monitor-oauth2",
    [{f"{ENDPOINT}.oauth2": {"clientId": {"secret": KEY}, "clientSecret": KEY, "tokenUrl": url, **more}} for url in ("a", " ") for more in each_of({}, {"scopes": []}, {"endpointParams": {"a": None}})],
    [
        {f"{ENDPOINT}.oauth2": value}
        for value in each_of({}, {"clientId": {}, "clientSecret": KEY}, {"clientId": {}, "clientSecret": KEY, "tokenUrl": ""}, {"clientId": {}, "clientSecret": {}, "tokenUrl": "a"}, {"clientSecret": KEY, "tokenUrl": "a"}, {"clientId": None, "clientSecret": KEY, "tokenUrl": 1}, [], "a")
    ],
    weight=3,
)  # fmt: skip
row(
    "monitor-endpoints",
    "spec.podMetricsEndpoints",
    Pool([[], [{}], None, [{"port": ""}]], [[None], {"a": 1}, "a", ["a"], [["a"]], [[{"a": 1}]], [1]]),
    weight=2,
)
