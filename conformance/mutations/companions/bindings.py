"""The roles and the subjects of bindings."""

from conformance.mutations.row import DROP, Pool, at, changes, each_of, row, updates
from conformance.mutations.values import DNS_SUBDOMAIN, LONG, TEXTS

GROUP = "rbac.authorization.k8s.io"
ACCOUNT = {"kind": "ServiceAccount", "name": "a", "namespace": "b"}
PERSON = {"kind": "User", "name": "a"}
NAME = Pool(["a:b", "A b", "é", "...", LONG[254], " "], ["a/b", "%", ".", "..", "/", "a%2f", ""])

row("binding-name", "metadata.name", NAME)
row("binding-generated-name", "metadata.generateName", Pool(["a:", "A_", "...", LONG[64]], [".", "..", "a/", "%", "/"]))
row(
    "role-ref-kind",
    "roleRef.kind",
    Pool(["ClusterRole"], ["", "Role", "clusterrole", "ClusterRole ", "x", None, "RoleBinding"]),
)
row("role-ref-namespaced", "roleRef.kind", Pool(["Role", "ClusterRole"], ["", "role", "Roles", None]))
row(
    "role-ref-group",
    "roleRef.apiGroup",
    Pool([GROUP, "", None, DROP], ["rbac", "v1", f"{GROUP}/v1", GROUP.upper(), "apps"]),
)
row("role-ref-name", "roleRef.name", NAME.plus([], [None]))
changes(
    "role-ref",
    [
        {"roleRef": {"kind": "ClusterRole", "name": "a"}},
        {"roleRef": {"kind": "ClusterRole", "name": "a", "apiGroup": GROUP}},
    ],
    [{"roleRef": value} for value in each_of(None, DROP, {}, {"name": "a"}, {"kind": "ClusterRole"})],
)
row(
    "subject-kind",
    "subjects[+]",
    Pool(["ServiceAccount", "User", "Group"], ["", "user", "Groups", None, "Role"]),
    lambda kind: {**ACCOUNT, "kind": kind},
)
row(
    "subject-name",
    "subjects[+]",
    DNS_SUBDOMAIN.plus([], ["", None]),
    lambda name: {**ACCOUNT, "name": name},
    weight=1.5,
)
for kind in ("User", "Group"):
    row(
        "subject-person",
        "subjects[+]",
        Pool([text for text in TEXTS if text], ["", None]),
        lambda name, kind=kind: {"kind": kind, "name": name},
        weight=0.7,
    )
    row(
        "subject-person-group",
        "subjects[+]",
        Pool([GROUP, "", None], ["rbac", "v1", "apps", f"{GROUP} "]),
        lambda group, kind=kind: {"kind": kind, "name": "a", "apiGroup": group},
    )
row(
    "subject-account-group",
    "subjects[+]",
    Pool(["", None], [GROUP, "v1", " "]),
    lambda group: {**ACCOUNT, "apiGroup": group},
)
row(
    "subject-namespace",
    "subjects[+]",
    Pool(["a", "A_", " ", "a/b"], ["", None]),
    lambda name: {**ACCOUNT, "namespace": name},
    weight=1.5,
)
changes(
    "subjects",
    [
        {"subjects": value}
        for value in each_of([], None, DROP, [PERSON, PERSON], [{**PERSON, "namespace": "a"}], [ACCOUNT, PERSON])
    ],
    [
        {"subjects": value}
        for value in each_of(
            [{}],
            [None],
            [ACCOUNT, None],
            [{"kind": "User"}],
            [{"name": "a"}],
            [{**ACCOUNT, "kind": "x", "apiGroup": "y"}],
        )
    ],
)

ROLE = {"kind": "ClusterRole", "name": "a"}
updates(
    "update-role-ref",
    [at("roleRef", ROLE, value) for value in each_of(ROLE, {**ROLE, "apiGroup": GROUP}, {**ROLE, "apiGroup": ""}, {**ROLE, "apiGroup": None})]
    + [({"roleRef": ROLE, "subjects": [PERSON]}, {"roleRef": ROLE, "subjects": subjects}) for subjects in each_of([], None, [ACCOUNT])],
    [at("roleRef", ROLE, value) for value in each_of({**ROLE, "name": "b"}, {**ROLE, "kind": "Role"}, {**ROLE, "name": ""}, {**ROLE, "apiGroup": "apps"}, {**ROLE, "name": "A"}, {}, DROP, {"kind": "ClusterRole"})],
    2,
)  # fmt: skip
