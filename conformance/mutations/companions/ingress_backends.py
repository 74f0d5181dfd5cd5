"""Ingresses: paths and backends."""

from conformance.case import Json
from conformance.mutations.row import DROP, Pool, changes, each_of, row, updates
from conformance.mutations.values import DNS_LABEL, DNS_SUBDOMAIN, LONG, PORT_NAME, PORT_NUMBER

SERVICE = {"name": "a", "port": {"number": 80}}
BACKEND = {"service": SERVICE}
RESOURCE = {"kind": "A", "name": "b"}
# Where a backend can be.
PLACES = {"": "spec.defaultBackend", "-path": "spec.rules[+].http.paths"}
SEGMENT = Pool(["a", "A b", "...", ".a", "ä", LONG[257]], [".", "..", "a/b", "%", "/", "a%2f", ""])


def _path(**fields: Json) -> Json:
    return {"spec.rules": [{"http": {"paths": [{"pathType": "Prefix", "path": "/", "backend": BACKEND, **fields}]}}]}


def _as_it_is(backend: Json) -> Json:
    return backend


def _at_path(backend: Json) -> Json:
    return [{"path": "/a", "pathType": "Exact", "backend": backend}]


changes(
    "ingress-http",
    [{"spec.rules": [{"http": http}, {"http": {"paths": [{"pathType": "Exact", "path": "/", "backend": BACKEND}]}}]} for http in (None,)],
    [{"spec.rules": [{"host": host, "http": http}]} for host in ("a", "*.a", "") for http in each_of({}, {"paths": []}, {"paths": None}, {"paths": [None]}, {"paths": [{}]})],
    weight=3,
)  # fmt: skip
changes(
    "ingress-path-type",
    [_path(pathType=kind) for kind in ("Exact", "Prefix", "ImplementationSpecific")],
    [_path(pathType=kind) for kind in each_of("", "exact", "Regex", None, "Prefix ")]
    + [
        _path(pathType=None, backend=backend, path=path)
        for backend in each_of({}, {"service": {}})
        for path in ("", "a")
    ],
    weight=4,
)
TEXTS = Pool(
    ["/", "/a", "/a/", "/...", "/a/..b", "/.a", "/a%20", "/%2e", "/%2", "/a/b.", "/é", "/ "],
    ["", "a", "//", "/a//b", "/a/./b", "/../a", "/a/..", "/.", "/..", "/%2f", "/%2F", "/a%2Fb", "//.", " /", "/a/.", None, "a/..", "//%2f/./../."],
    noisy=True,
)  # fmt: skip
changes(
    "ingress-path",
    [_path(pathType=kind, path=text) for kind in ("Exact", "Prefix") for text in TEXTS.good],
    [_path(pathType=kind, path=text) for kind in ("Exact", "Prefix") for text in TEXTS.bad],
    weight=4,
)
changes(
    "ingress-path-free",
    [_path(pathType="ImplementationSpecific", path=text) for text in each_of("", None, "/", "//", "/%2f", "/..", "/a/./b", "/*")],
    [_path(pathType="ImplementationSpecific", path=text) for text in ("a", " ", "*", "../a", "%2f")],
    weight=3,
)  # fmt: skip
changes(
    "ingress-path-unknown-type",
    [_path(pathType="Exact")],
    [_path(pathType="x", path=text, backend=backend) for text in ("a", "//", "") for backend in (BACKEND, {})],
)
PORTS = each_of(
    {"number": 1}, {"number": 65535}, {"name": "a"}, {"name": "http", "number": 0}, {"name": "", "number": 80}
)
WRONG_PORTS = each_of(
    {}, None, {"name": "a", "number": 80}, {"name": "A b", "number": -1}, {"number": 0}, {"name": ""}, {"number": 65536}, {"number": -1}, {"name": "80"}, {"name": LONG[16]},
)  # fmt: skip
for tag, place in PLACES.items():
    wrap = _at_path if tag else _as_it_is
    changes(
        f"ingress-backend{tag}",
        [{place: wrap(backend)} for backend in each_of(BACKEND, {"resource": RESOURCE}, {"service": SERVICE, "resource": None})],
        [
            {place: wrap(backend)}
            for backend in each_of(
                {}, {"service": None}, {"service": {}}, {"resource": {}}, {"service": SERVICE, "resource": RESOURCE}, {"service": {}, "resource": {}},
                {"service": {"name": "a"}}, {"service": {"port": {"number": 1}}},
            )
        ]
        + ([{place: wrap(None)}] if tag else []),
        weight=3,
    )  # fmt: skip
    row(
        f"ingress-service-name{tag}",
        place,
        DNS_LABEL.plus([], ["1a", "0", "", None]),
        lambda name, wrap=wrap: wrap({"service": {"name": name, "port": {"number": 80}}}),
        weight=4,
    )
    changes(
        f"ingress-service-port{tag}",
        [{place: wrap({"service": {"name": "a", "port": port}})} for port in PORTS],
        [{place: wrap({"service": {"name": "a", "port": port}})} for port in WRONG_PORTS],
        weight=3,
    )
    row(
        f"ingress-port-name{tag}",
        place,
        PORT_NAME,
        lambda name, wrap=wrap: wrap({"service": {"name": "a", "port": {"name": name}}}),
        weight=2,
    )
    row(
        f"ingress-port-number{tag}",
        place,
        PORT_NUMBER,
        lambda number, wrap=wrap: wrap({"service": {"name": "a", "port": {"number": number}}}),
        weight=2,
    )
    for field, pool in {
        "apiGroup": DNS_SUBDOMAIN.plus([None], [""]),
        "kind": SEGMENT.plus([], [None]),
        "name": SEGMENT.plus([], [None]),
    }.items():
        row(
            f"ingress-resource-{field.lower()}{tag}",
            place,
            pool,
            lambda value, wrap=wrap, field=field: wrap({"resource": {**RESOURCE, field: value}}),
            weight=1.5,
        )


def _wildcard(backend: Json, host: str = "*.a") -> Json:
    return {"spec.rules": [{"host": host, "http": {"paths": _at_path(backend)}}]}


INVALID = each_of(
    {},
    {"service": {}},
    {"service": {"name": "A", "port": {"number": 1}}},
    {"service": {"name": "1a", "port": {"number": 1}}},
    {"resource": {"kind": "a"}},
)
updates(
    "update-ingress-wildcard",
    [(_wildcard(old), _wildcard(new)) for old in INVALID for new in INVALID] + [(_wildcard(BACKEND), _wildcard(BACKEND))],
    [(_wildcard(old), _wildcard(new)) for old in (BACKEND, {"service": {"name": "a", "port": {"name": "http"}}}) for new in INVALID]
    + [(_wildcard(each), _wildcard(each, "b.a")) for each in INVALID]
    + [(_wildcard(each, "b.a"), _wildcard(each)) for each in INVALID],
    weight=4,
)  # fmt: skip


def _named(name: str, where: str) -> Json:
    backend = {"service": {"name": name, "port": {"number": 1}}}
    if where == "default":
        return {"spec.defaultBackend": backend, "spec.rules": DROP}
    return {"spec.rules": [{"host": "b", "http": {"paths": _at_path(backend)}}], "spec.defaultBackend": DROP}


updates(
    "update-ingress-service-name",
    [(_named(old, a), _named(new, b)) for old, new in (("1a", "1a"), ("0", "2-b"), ("a", "b")) for a in ("default", "path") for b in ("default", "path")],
    [(_named(old, a), _named(new, b)) for old, new in (("a", "1a"), ("A", "1a"), ("1a", "1A"), ("1_", "1a")) for a in ("default", "path") for b in ("default", "path")],
    weight=4,
)  # fmt: skip
