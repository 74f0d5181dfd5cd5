"""APIServices."""

from conformance.mutations.row import DROP, Pool, at, changes, row, updates
from conformance.mutations.values import DNS_LABEL, DNS_SUBDOMAIN, LONG

NAME, GROUP, VERSION, SERVICE = "metadata.name", "spec.group", "spec.version", "spec.service"
changes(
    "api-service-name",
    [{NAME: f"{version}.{group}", GROUP: group, VERSION: version} for version in ("v1", "v1beta1") for group in ("a.b", "metrics.k8s.io", "apps")]
    + [{NAME: "v1.", GROUP: "", VERSION: "v1"}, {NAME: "v1.", GROUP: DROP, VERSION: "v1"}],
    [{NAME: name, GROUP: "a.b", VERSION: "v1"} for name in ("a.b", "v1.a", "v1.a.b.c", "V1.a.b", "v1", "a/b", "v1.a.b%", "..", "")]
    + [{NAME: "v1", GROUP: "", VERSION: "v1"}, {NAME: "v2.", GROUP: "", VERSION: "v2"}, {NAME: ".", GROUP: DROP, VERSION: DROP}, {NAME: "a.b", "spec": DROP}, {NAME: "..", "spec": {}}]
    + [{NAME: "V1.a", GROUP: "a", VERSION: "V1"}, {NAME: "v1.A", GROUP: "A", VERSION: "v1"}, {NAME: "a/b.c", VERSION: "a/b", GROUP: "c"}],
    weight=3,
)  # fmt: skip
changes(
    "api-service-prefix",
    [{NAME: "v1.a.b", GROUP: "a.b", VERSION: "v1", "metadata.generateName": prefix} for prefix in ("", "v1.a.b", None)],
    [{NAME: name, GROUP: "a.b", VERSION: "v1", "metadata.generateName": prefix} for name in ("v1.a.b", DROP, "") for prefix in ("v1.a.b", "v1.", "a/b", "a%", "A_")],
    weight=2,
)  # fmt: skip
changes(
    "api-service-group",
    [{GROUP: group, NAME: f"v1.{group}", VERSION: "v1"} for group in DNS_SUBDOMAIN.good],
    [{GROUP: group, NAME: f"v1.{group}", VERSION: "v1"} for group in (*DNS_SUBDOMAIN.bad, "", None)],
    weight=2,
)
changes(
    "api-service-version",
    [{VERSION: version, NAME: f"{version}.a.b", GROUP: "a.b"} for version in DNS_LABEL.good],
    [{VERSION: version, NAME: f"{version}.a.b", GROUP: "a.b"} for version in (*DNS_LABEL.bad, "", None)],
    weight=2,
)
row(
    "api-service-priority",
    "spec.groupPriorityMinimum",
    Pool([1, 20000, 100], [0, -1, 20001, DROP, None, "1"]),
    weight=2,
)
row("api-service-version-priority", "spec.versionPriority", Pool([1, 1000, 100], [0, -1, 1001, DROP, None]), weight=2)
WHOLE = {"name": "a", "namespace": "b"}
changes(
    "api-service-reference",
    [{SERVICE: {**WHOLE, field: value}} for field in WHOLE for value in ("a", "A B")],
    [{SERVICE: {**WHOLE, field: value}} for field in WHOLE for value in ("", None)] + [{SERVICE: {}}],
)
row("api-service-port", SERVICE, Pool([1, 443, 65535, None], [0, -1, 65536]), lambda port: {**WHOLE, "port": port})
changes(
    "api-service-tls",
    [{SERVICE: WHOLE, "spec.caBundle": bundle, "spec.insecureSkipTLSVerify": skip} for bundle, skip in (("eA==", False), ("eA==", DROP), ("", True), (DROP, True))]
    + [{SERVICE: DROP, "spec.caBundle": "", "spec.insecureSkipTLSVerify": False}, {SERVICE: None, "spec.caBundle": None, "spec.insecureSkipTLSVerify": DROP}],
    [{SERVICE: service, "spec.caBundle": bundle, "spec.insecureSkipTLSVerify": skip} for service in (WHOLE, None, DROP) for bundle, skip in (("eA==", True), ("eA==", DROP), ("", True))],
    weight=3,
)  # fmt: skip
updates(
    "update-api-service",
    [at("spec.versionPriority", 5, 6), at("spec.versionPriority", 0, 5), at(SERVICE, None, WHOLE)],
    [
        ({}, {"spec.versionPriority": 0}),
        at("spec.versionPriority", 0, 0),
        at(GROUP, "a", "b"),
        at(NAME, "v1.a", "v1.a"),
        at(NAME, LONG[254], LONG[254]),
        at(VERSION, "v1", "v2"),
    ],
)
