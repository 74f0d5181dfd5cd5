"""CustomResourceDefinitions: names, group and scope."""

from conformance.mutations.row import DROP, Pool, at, changes, row, updates
from conformance.mutations.values import DNS_LABEL, DNS_SUBDOMAIN, LONG

NAME, GROUP, NAMES, PLURAL = "metadata.name", "spec.group", "spec.names", "spec.names.plural"
ANNOTATION = "metadata.annotations"
APPROVED = "api-approved.kubernetes.io"
LABEL = Pool([text for text in DNS_LABEL.good if not text[0].isdigit()], [*DNS_LABEL.bad, "0", "1-2"], noisy=True)
changes(
    "definition-name",
    [{NAME: f"{plural}.{group}", PLURAL: plural, GROUP: group} for plural in ("agents", "a") for group in ("a.b", "example.com")],
    [{NAME: name, PLURAL: "agents", GROUP: "a.b"} for name in ("agents.a.c", "agents", "a.b", "Agents.a.b", "agents.a.b.", "", "a", "agents-a.b")]
    + [{NAME: ".", PLURAL: "", GROUP: ""}, {NAME: "a.", PLURAL: "a", GROUP: ""}, {NAME: "A.b.c", PLURAL: "A", GROUP: "b.c"}],
    weight=2,
)  # fmt: skip
changes(
    "definition-prefix",
    [{NAME: "agents.a.b", PLURAL: "agents", GROUP: "a.b", "metadata.generateName": prefix} for prefix in ("", None, "agents.a.b")],
    [{NAME: name, PLURAL: "agents", GROUP: "a.b", "metadata.generateName": prefix} for name in ("agents.a.b", DROP) for prefix in ("agents.", "A", "agents.a.b", "a-")],
)  # fmt: skip
changes(
    "definition-group",
    [{GROUP: group, NAME: f"a.{group}", PLURAL: "a"} for group in DNS_SUBDOMAIN.good if "." in group],
    [{GROUP: group, NAME: f"a.{group}", PLURAL: "a"} for group in (*DNS_SUBDOMAIN.bad, "a", LONG[64], "")]
    + [{GROUP: group} for group in (None, DROP, "other.com")],
    weight=2,
)
row(
    "definition-scope",
    "spec.scope",
    Pool(["Cluster", "Namespaced"], ["", "cluster", "Namespace", None, DROP, "*"]),
    weight=2,
)
changes(
    "definition-label-plural",
    [{PLURAL: text, NAME: f"{text}.example.com", GROUP: "example.com"} for text in LABEL.good],
    [{PLURAL: text, NAME: f"{text}.example.com", GROUP: "example.com"} for text in LABEL.bad],
)
for field in ("singular", "kind", "listKind"):
    row(f"definition-label-{field.lower()}", f"{NAMES}.{field}", LABEL)
for field in ("plural", "singular", "kind", "listKind"):
    row(f"definition-missing-{field.lower()}", f"{NAMES}.{field}", Pool([], ["", None, DROP]))
row("definition-kind-case", f"{NAMES}.kind", Pool(["Agent", "AGENT", "aG1"], ["Ägent", "A_b", "İ", "1A", "K8s.Agent"]))
for field in ("shortNames", "categories"):
    row(f"definition-{field.lower()}", f"{NAMES}.{field}", LABEL.plus([], ["", None]), lambda name: ["a", name])
changes(
    "definition-list-kind",
    [{f"{NAMES}.kind": "Agent", f"{NAMES}.listKind": kind} for kind in ("AgentList", "Agents", "agent")],
    [{f"{NAMES}.kind": "Agent", f"{NAMES}.listKind": "Agent"}, {f"{NAMES}.kind": "", f"{NAMES}.listKind": ""}, {NAMES: DROP}, {NAMES: {}}, {"spec": DROP}, {"spec": {}}],
)  # fmt: skip
BELOW = [
    {GROUP: group, NAME: f"a.{group}", PLURAL: "a"} for group in ("agents.k8s.io", "a.kubernetes.io", "x.y.k8s.io")
]
APPROVALS = ("https://example.com/pull/1", "unapproved, for now", "unapproved", "http://a", "x://a/b#c", "https://a?b")
changes(
    "definition-approval",
    [{**group, ANNOTATION: {APPROVED: text}} for group in BELOW for text in APPROVALS]
    + [{GROUP: "mk8s.io", NAME: "a.mk8s.io", PLURAL: "a", ANNOTATION: DROP}],
    [{**group, ANNOTATION: notes} for group in BELOW for notes in (DROP, {}, {APPROVED: ""}, {"a": "b"})]
    + [{**group, ANNOTATION: {APPROVED: text}} for group in BELOW for text in ("yes", "/a/b", "//a", "https:", "a unapproved", "Unapproved", "https://", "https:a", "*", "https://a b", "https://a:b")],
    weight=3,
)  # fmt: skip
row("definition-preserve", "spec.preserveUnknownFields", Pool([False, None, DROP], [True, "true"]), weight=2)


def _noted(text: object) -> dict[str, object]:
    return {ANNOTATION: {} if text is None else {APPROVED: text}, GROUP: "a.k8s.io", NAME: "a.a.k8s.io", PLURAL: "a"}


updates(
    "update-definition-approval",
    [(_noted(old), _noted(new)) for old, new in ((None, None), ("x", "y"), (None, "https://a"), ("x", "unapproved"), ("https://a", "unapproved"))],
    [(_noted(old), _noted(new)) for old, new in (("https://a", None), ("unapproved", "x"), (None, "x"), ("x", None), ("unapproved", ""))],
)  # fmt: skip
ESTABLISHED = {"conditions": [{"type": "Established", "status": "True"}]}
WAITING = {"conditions": [{"type": "Established", "status": "False"}, {"type": "NamesAccepted", "status": "True"}]}
updates(
    "update-definition-names",
    [({"status": status, path: old}, {path: new}) for status in (WAITING, None, {}) for path, old, new in (("spec.scope", "Cluster", "Namespaced"), (f"{NAMES}.kind", "A", "B"))]
    + [({"status": ESTABLISHED}, {f"{NAMES}.listKind": "Other"}), ({"status": ESTABLISHED}, {f"{NAMES}.shortNames": ["x"]})],
    [({"status": ESTABLISHED, path: old}, {path: new}) for path, old, new in (("spec.scope", "Cluster", "Namespaced"), (f"{NAMES}.kind", "A", "B"), (f"{NAMES}.kind", "Agent", "agent"))]
    + [at(GROUP, "a.b", "a.c"), at(PLURAL, "a", "b"), at(PLURAL, "", "b")],
    weight=3,
)  # fmt: skip
ACCEPTED = "status.acceptedNames"
updates(
    "update-definition-accepted",
    [({ACCEPTED: {"plural": "a", "kind": "A"}}, {}), ({}, {ACCEPTED: {"plural": "A b"}}), ({ACCEPTED: None}, {})],
    [({ACCEPTED: names}, {}) for names in ({"plural": "A"}, {"kind": "A b"}, {"listKind": "A", "kind": "A"}, {"shortNames": ["A"]}, {"categories": [""]}, {"singular": "1"})],
)  # fmt: skip
updates(
    "update-definition-preserve",
    [at("spec.preserveUnknownFields", True, True), at("spec.preserveUnknownFields", True, False)],
    [at("spec.preserveUnknownFields", False, True), at("spec.preserveUnknownFields", DROP, True)],
)
updates("update-definition-name", [at(NAME, name, name) for name in ("A_b", "a.b", "x")], [at(NAME, "a/b", "a/b")])
