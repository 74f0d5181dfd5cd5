"""The rules of roles and cluster roles."""

from conformance.mutations.row import DROP, Pool, changes, each_of, row
from conformance.mutations.values import TEXTS

RULE = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
URLS = {"nonResourceURLs": ["/metrics"], "verbs": ["get"]}
LISTS = [["a"], ["*"], ["get", "get"], [""], [None], ["a b", "é", "/"]]
NOTHING = each_of([], None, DROP)

row(
    "role-name",
    "metadata.name",
    Pool(["a:b", "A b", "é", "...", "a" * 300, "a:"], ["a/b", "%", ".", "..", "/", "a%2f", ""]),
)
row("role-generated-name", "metadata.generateName", Pool(["a:", "A_", "...", "a" * 60], [".", "..", "a/", "%", "/"]))
for field in RULE:
    changes(
        f"role-{field.lower()}",
        [{"rules[+]": RULE, f"rules[?].{field}": value} for value in LISTS],
        [
            {"rules[0]": {name: value for name, value in {**RULE, field: empty}.items() if value is not DROP}}
            for empty in NOTHING
        ],
    )
changes(
    "role-rule",
    [
        {"rules": rules}
        for rules in each_of(
            [], [RULE], [RULE, RULE], [{**RULE, "resourceNames": ["a"]}], [{**RULE, "nonResourceURLs": []}]
        )
    ],
    [
        {"rules": rules}
        for rules in each_of(
            [{}],
            [None],
            [RULE, None],
            [{"resourceNames": ["a"]}],
            [{"verbs": ["get"]}],
            [{"resources": ["a"]}],
        )
    ],
)
changes(
    "role-urls",
    [
        {"rules[+]": rule}
        for rule in each_of(
            {**URLS, "nonResourceURLs": ["*"]}, {**URLS, "resources": []}, {**URLS, "apiGroups": None}, URLS
        )
    ],
    [{"rules[+]": {**URLS, name: ["a"]}} for name in ("apiGroups", "resources", "resourceNames")]
    + [{"rules[+]": {"nonResourceURLs": ["/a"]}}, {"rules[+]": {**URLS, **RULE}}],
)
changes(
    "role-urls-alone",
    [{"rules[+]": {**RULE, "nonResourceURLs": urls}} for urls in each_of([], None)] + [{"rules[+]": RULE}],
    [{"rules[+]": {**URLS, "nonResourceURLs": urls}} for urls in (["/a"], ["*"], [""], ["/a", "/b"])],
)
row(
    "role-text",
    "rules[+]",
    Pool(TEXTS, [1, True, [], {}, None]),
    lambda text: {**RULE, "resourceNames": [text]},
    weight=0.5,
)
