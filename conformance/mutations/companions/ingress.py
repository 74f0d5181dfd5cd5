"""Ingresses: hosts, certificates, class."""

from conformance.mutations.row import DROP, Pool, changes, each_of, row, updates
from conformance.mutations.values import DNS_SUBDOMAIN, LABELS_253, LONG

HOST = DNS_SUBDOMAIN.plus(
    ["*.a", "*.a.b-c", f"*.{LONG[244]}", None, "1.2.3", "1.2.3.4.5", "1.2.3.256"],
    ["*", "*a.b", "a.*.b", "**.a", "*.", "*.A", "*." + LABELS_253, "*.-a", "*.a\n", "*.*.a"],
)
ADDRESSES = ["1.2.3.4", "01.2.3.4", "::1", "2001:db8::1", "0.0.0.0", "::ffff:1.2.3.4", "fe80::1%a"]
CLASS = "metadata.annotations{kubernetes.io/ingress.class}"
BACKEND = {"service": {"name": "a", "port": {"number": 80}}}
PATHS = {"paths": [{"pathType": "Prefix", "path": "/", "backend": BACKEND}]}

row("ingress-name", "metadata.name", DNS_SUBDOMAIN.plus([], [""]))
row("ingress-host", "spec.rules", HOST.plus([""], ADDRESSES), lambda host: [{"host": host}], weight=4)
row("ingress-host-beside", "spec.rules[?].host", HOST.plus([""], ADDRESSES), weight=2)
row(
    "ingress-tls-host",
    "spec.tls",
    HOST.plus(ADDRESSES[:1], ["", None]),
    lambda host: [{"hosts": ["a", host]}],
    weight=4,
)
row("ingress-tls-secret", "spec.tls[?].secretName", DNS_SUBDOMAIN.plus(["", None]), weight=3)
row("ingress-tls", "spec.tls", Pool([[], None, [{}], [None], [{"hosts": []}, {"hosts": None}]], [{}, "a", [[]]]))
row("ingress-class", "spec.ingressClassName", DNS_SUBDOMAIN.plus([None], [""]), weight=3)
changes(
    "ingress-class-annotation",
    [
        {CLASS: value, "spec.ingressClassName": name}
        for value, name in each_of(("a", "a"), ("A b", DROP), ("", DROP), ("a", None), (DROP, "a"), ("a.b", "a.b"))
    ],
    [{CLASS: value, "spec.ingressClassName": name} for value, name in (("a", "b"), ("", "a"), ("A", "a"), ("a ", "a"))],
    weight=4,
)
updates(
    "update-ingress-class-annotation",
    [
        ({}, {CLASS: value, "spec.ingressClassName": name})
        for value, name in each_of(("a", "b"), ("a", DROP), ("a", "a"))
    ],
    [({}, {CLASS: "a", "spec.ingressClassName": name}) for name in ("A", "")],
)
changes(
    "ingress-rules",
    [
        {"spec.rules": rules, "spec.defaultBackend": backend}
        for rules, backend in each_of(
            ([{}], DROP), ([None], DROP), ([], BACKEND), (DROP, BACKEND), (None, BACKEND), ([{"http": PATHS}], None), ([{"http": PATHS}], BACKEND)
        )
    ],
    [
        {"spec.rules": rules, "spec.defaultBackend": backend}
        for rules, backend in each_of(([], DROP), (DROP, DROP), (None, None), ([], None), ([], {}), (DROP, {}))
    ],
    weight=4,
)  # fmt: skip
changes("ingress-spec", [{"spec.rules": [{}]}], [{"spec": value} for value in each_of(DROP, None, {})], weight=2)
row(
    "ingress-status",
    "status",
    Pool([None, {}, {"loadBalancer": {"ingress": [{"ip": "x", "hostname": "1.2.3.4"}]}}], [[]]),
)


def _certificates(*names: str) -> dict[str, object]:
    return {"spec.tls": [{"secretName": name} for name in names]}


updates(
    "update-ingress-secret",
    [
        (_certificates(*old), _certificates(*new))
        for old, new in ((("A",), ("A",)), (("a", "b_"), ("_",)), (("-",), ("A", "B")), (("a",), ("b",)), ((), ("",)))
    ],
    [(_certificates(*old), _certificates(*new)) for old, new in ((("a",), ("A",)), ((), ("a", "-")), (("",), ("_",)))],
    weight=3,
)
