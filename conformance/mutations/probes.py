"""Probes, lifecycle hooks and what both run."""

from __future__ import annotations

from conformance.case import Json
from conformance.mutations.row import DROP, Fresh, Pool, changes, each_of, row
from conformance.mutations.values import HEADER_NAME, NOT_NEGATIVE, PORT_NAME, PORT_NUMBER, TEXTS

EXEC = {"exec": {"command": ["a"]}}
HTTP = {"httpGet": {"port": 80}}
TCP = {"tcpSocket": {"port": 80}}
GRPC = {"grpc": {"port": 80}}
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
HOOKS = ("postStart", "preStop")
PORTS = Pool(
    [*PORT_NUMBER.good, *PORT_NAME.good], [*PORT_NUMBER.bad, *PORT_NAME.bad, "", "8080", None, True, 1.5], noisy=True
)
SIDECAR = {"name": Fresh("side"), "image": "a", "restartPolicy": "Always"}


def _places(handler: Json) -> list[Json]:
    """Return the handler at each of the places where it may stand."""
    places = [{f"C.{probe}": handler} for probe in PROBES]
    places.append({"P.initContainers[+]": {**SIDECAR, "livenessProbe": handler}})
    if "grpc" not in handler:
        places += [{f"C.lifecycle.{hook}": handler} for hook in HOOKS]
        places.append({"P.initContainers[+]": {**SIDECAR, "lifecycle": {"preStop": handler}}})
    return places


def _everywhere(tag: str, good: list[Json], bad: list[Json], weight: float = 1.0) -> None:
    """Enter handlers at every place where one may stand."""
    changes(tag, good, bad, weight, each=_places)


_everywhere("handler-missing", [EXEC, HTTP, TCP, GRPC], [{}, {"exec": None}])
_everywhere(
    "handlers-several",
    [{**EXEC, "httpGet": None}, {**TCP, "exec": None}],
    [
        {**EXEC, **HTTP},
        {**HTTP, **TCP},
        {**EXEC, **HTTP, **TCP},
        {**EXEC, "httpGet": {"port": 0}},
        {**TCP, **GRPC},
        {**EXEC, **GRPC},
    ],
)
_everywhere(
    "exec-command",
    [{"exec": {"command": command}} for command in (["a"], [""], [None], ["a", "b"])],
    [{"exec": value} for value in each_of({"command": []}, {}, {"command": None})],
)
_everywhere(
    "http-port",
    [{"httpGet": {"port": port}} for port in PORTS.good],
    [{"httpGet": {"port": port}} for port in PORTS.bad],
    weight=1.5,
)
_everywhere(
    "tcp-port",
    [{"tcpSocket": {"port": port}} for port in PORTS.good],
    [{"tcpSocket": {"port": port}} for port in PORTS.bad],
    weight=1.5,
)
_everywhere(
    "http-scheme",
    [{"httpGet": {"port": 80, "scheme": scheme}} for scheme in ("HTTP", "HTTPS", "", None)],
    [{"httpGet": {"port": 80, "scheme": scheme}} for scheme in ("http", "TCP", "x")],
)
_everywhere(
    "http-header",
    [{"httpGet": {"port": 80, "httpHeaders": [{"name": name, "value": "é x"}]}} for name in HEADER_NAME.good],
    [{"httpGet": {"port": 80, "httpHeaders": [{"name": name, "value": "é x"}]}} for name in (*HEADER_NAME.bad, None)],
)
_everywhere(
    "http-free",
    [{"httpGet": {"port": 80, "path": text, "host": text}} for text in TEXTS],
    [{"httpGet": {"port": 80, "path": 1}}, {"httpGet": {"port": 80, "host": []}}],
    weight=0.5,
)
row("grpc-port", "C.livenessProbe", PORT_NUMBER.plus([], ["80", None]), lambda port: {"grpc": {"port": port}})
row(
    "grpc-service",
    "C.readinessProbe",
    Pool(["", None, "a b"], [1]),
    lambda service: {"grpc": {"port": 80, "service": service}},
    weight=0.3,
)
for hook in HOOKS:
    changes(
        f"sleep-{hook.lower()}",
        [
            {"P.terminationGracePeriodSeconds": grace, f"C.lifecycle.{hook}": {"sleep": {"seconds": seconds}}}
            for grace, seconds in ((30, 30), (30, 1), (DROP, 30), (None, 0), (5, 5), (0, 0), (5, None))
        ],
        [
            {"P.terminationGracePeriodSeconds": grace, f"C.lifecycle.{hook}": {"sleep": {"seconds": seconds}}}
            for grace, seconds in ((30, 31), (DROP, 31), (5, 6), (30, -1), (-1, 0), (-1, -1), (0, 1))
        ],
    )
changes(
    "lifecycle-empty",
    [
        {"C.lifecycle": {}},
        {"C.lifecycle": {"postStart": EXEC, "preStop": EXEC}},
        {"P.initContainers[+]": {**SIDECAR, "lifecycle": {}}},
    ],
    [{"C.lifecycle": {hook: {}}} for hook in HOOKS]
    + [{"C.lifecycle": {"preStop": GRPC}}, {"C.livenessProbe": {"sleep": {"seconds": 1}}}],
)
INIT_ONLY = {"lifecycle": {"preStop": EXEC}, "livenessProbe": EXEC, "readinessProbe": EXEC, "startupProbe": EXEC}
for field, value in INIT_ONLY.items():
    changes(
        f"init-{field.lower()}",
        [
            {"P.initContainers[+]": {**SIDECAR, field: value}},
            {"P.initContainers[+]": {"name": Fresh("init"), "image": "a", field: None}},
        ],
        [
            {"P.initContainers[+]": {"name": Fresh("init"), "image": "a", "restartPolicy": policy, field: inside}}
            for policy in (None, "Never", "OnFailure")
            for inside in (value, {})
        ],
    )
for field in ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "failureThreshold"):
    changes(
        f"probe-{field.lower()}",
        [{f"C.{probe}": {**EXEC, field: value}} for probe in PROBES for value in NOT_NEGATIVE.good],
        [{f"C.{probe}": {**EXEC, field: value}} for probe in PROBES for value in NOT_NEGATIVE.bad],
    )
changes(
    "success-threshold",
    [{f"C.{probe}": {**HTTP, "successThreshold": value}} for probe in PROBES for value in (0, 1, None)]
    + [{"C.readinessProbe": {**HTTP, "successThreshold": value}} for value in (2, 2147483647)],
    [
        {f"C.{probe}": {**HTTP, "successThreshold": value}}
        for probe in PROBES
        for value in (-1, *((2, 3) if probe != "readinessProbe" else (-5,)))
    ],
    weight=1.5,
)
changes(
    "probe-grace",
    [
        {f"C.{probe}": {**HTTP, "terminationGracePeriodSeconds": value}}
        for probe in ("livenessProbe", "startupProbe")
        for value in (1, 9223372036854775807, None)
    ],
    [
        {f"C.{probe}": {**HTTP, "terminationGracePeriodSeconds": value}}
        for probe in ("livenessProbe", "startupProbe")
        for value in (0, -1)
    ],
)
changes(
    "readiness-grace",
    [{"C.readinessProbe": {**HTTP, "terminationGracePeriodSeconds": None}}],
    [{"C.readinessProbe": {**HTTP, "terminationGracePeriodSeconds": value}} for value in (1, 0, -1, 30)],
)
changes(
    "stop-signal",
    [
        {"C.lifecycle": {"stopSignal": "SIGX"}},
        {"C.lifecycle.stopSignal": "SIGTERM"},
        {"P.initContainers[+]": {"name": Fresh("init"), "image": "a", "lifecycle": {"stopSignal": "SIGX"}}},
    ],
    [
        {"C.lifecycle": {"stopSignal": 15}},
        {
            "P.initContainers[+]": {
                "name": Fresh("init"),
                "image": "a",
                "lifecycle": {"stopSignal": "SIGTERM", "preStop": EXEC},
            }
        },
    ],
    weight=0.6,
)
