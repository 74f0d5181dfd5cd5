"""Probes and lifecycle hooks: what they do, how often, and for how long."""

from dsgen.kubernetes.validation import handlers, probes
from tests.kubernetes.examples import Example, checks, container, fill, init

PROBE = container("livenessProbe: {%s}")
READINESS = container("readinessProbe: {exec: {command: [a]}, %s}")
STARTUP = container("startupProbe: {exec: {command: [a]}, %s}")
HOOK = container("lifecycle: {preStop: {%s}}")
NUMBER = container("livenessProbe: {exec: {command: [a]}, %s}")
PORT = container("livenessProbe: {httpGet: {port: %s}}")
SIDECAR = container() + init("restartPolicy: Always, livenessProbe: {%s}")
# Numbers and names of ports.
WRONG_PORTS = ("0", "-1", "65536", "null", "'80'", "''", "A", "a_b", "a--b", "-a", "a-", "a" * 16)
RIGHT_PORTS = ("1", "65535", "http", "8a", "a" * 15)

EXAMPLES = (
    Example(
        "missing-handler",
        "Required containers[0].livenessProbe",
        fill(PROBE, "", "exec: null", "periodSeconds: 5"),
        fill(PROBE, "exec: {command: [a]}"),
    ),
    Example(
        "missing-handler", "Required containers[0].lifecycle.preStop", fill(HOOK, ""), fill(HOOK, "sleep: {seconds: 1}")
    ),
    Example(
        "missing-handler",
        "Required initContainers[0].livenessProbe",
        fill(SIDECAR, ""),
        fill(SIDECAR, "tcpSocket: {port: 80}"),
    ),
    Example(
        "conflicting-handlers",
        "Forbidden containers[0].livenessProbe.httpGet",
        fill(
            PROBE,
            "exec: {command: [a]}, httpGet: {port: 80}",
            "httpGet: {}, exec: {command: [a]}",
        ),
        fill(PROBE, "exec: {command: [a]}, httpGet: null"),
    ),
    Example(
        "conflicting-handlers",
        "Forbidden containers[0].livenessProbe.grpc, Forbidden containers[0].livenessProbe.tcpSocket",
        fill(PROBE, "httpGet: {port: 80}, tcpSocket: {port: 80}, grpc: {port: 80}"),
    ),
    Example(
        "conflicting-handlers",
        "Forbidden containers[0].lifecycle.preStop.sleep",
        fill(HOOK, "sleep: {seconds: -1}, tcpSocket: {port: 80}"),
    ),
    Example(
        "missing-exec-command",
        "Required containers[0].livenessProbe.exec.command",
        fill(PROBE, "exec: {}", "exec: {command: []}", "exec: {command: null}"),
        fill(PROBE, "exec: {command: ['']}"),
    ),
    Example(
        "invalid-http-get-port",
        "Invalid containers[0].livenessProbe.httpGet.port",
        (*fill(PORT, *WRONG_PORTS), *fill(PROBE, "httpGet: {}")),
        fill(PORT, *RIGHT_PORTS),
    ),
    Example(
        "invalid-http-get-scheme",
        "NotSupported containers[0].livenessProbe.httpGet.scheme",
        fill(PROBE, "httpGet: {port: 80, scheme: http}", "httpGet: {port: 80, scheme: FTP}"),
        fill(PROBE, *fill("httpGet: {port: 80, scheme: %s}", "HTTP", "HTTPS", "''", "null")),
    ),
    Example(
        "invalid-http-header-name",
        "Invalid containers[0].livenessProbe.httpGet.httpHeaders",
        fill(PROBE, *fill("httpGet: {port: 80, httpHeaders: [%s]}", "{}", "{name: ''}", "{name: a_b}", "{name: 'a:'}")),
        fill(
            PROBE,
            *fill("httpGet: {port: 80, httpHeaders: [%s]}", "{name: X-Test}", "{name: '-'}", "{name: a, value: é}"),
        ),
    ),
    Example(
        "invalid-tcp-socket-port",
        "Invalid containers[0].lifecycle.preStop.tcpSocket.port",
        fill(HOOK, "tcpSocket: {}", *fill("tcpSocket: {port: %s}", *WRONG_PORTS)),
        fill(HOOK, *fill("tcpSocket: {port: %s}", *RIGHT_PORTS)),
    ),
    Example(
        "out-of-range-grpc-port",
        "Invalid containers[0].livenessProbe.grpc.port",
        fill(PROBE, "grpc: {}", "grpc: {port: 0}", "grpc: {port: 65536}"),
        fill(PROBE, "grpc: {port: 1}", "grpc: {port: 65535, service: any thing}"),
    ),
    Example(
        "out-of-range-sleep-seconds",
        "Invalid containers[0].lifecycle.preStop.sleep",
        fill(HOOK, "sleep: {seconds: -1}", "sleep: {seconds: 31}"),
        fill(HOOK, "sleep: {}", "sleep: {seconds: 0}", "sleep: {seconds: 30}"),
    ),
    Example(
        "out-of-range-sleep-seconds",
        "Invalid containers[0].lifecycle.preStop.sleep",
        (
            "terminationGracePeriodSeconds: 5\n" + HOOK.replace("%s", "sleep: {seconds: 6}"),
            "terminationGracePeriodSeconds: -1\n" + HOOK.replace("%s", "sleep: {seconds: 0}"),
        ),
        (
            "terminationGracePeriodSeconds: 5\n" + HOOK.replace("%s", "sleep: {seconds: 5}"),
            "terminationGracePeriodSeconds: 0\n" + HOOK.replace("%s", "sleep: {seconds: 0}"),
        ),
    ),
    # How often and how long.
    Example(
        "out-of-range-probe-number",
        "Invalid containers[0].livenessProbe.periodSeconds",
        fill(NUMBER, "periodSeconds: -1"),
        fill(NUMBER, "periodSeconds: 0"),
    ),
    Example(
        "out-of-range-probe-number",
        "Invalid containers[0].livenessProbe.timeoutSeconds",
        fill(NUMBER, "timeoutSeconds: -1"),
        fill(NUMBER, "timeoutSeconds: 1"),
    ),
    Example(
        "out-of-range-probe-number",
        "Invalid containers[0].readinessProbe.initialDelaySeconds",
        fill(READINESS, "initialDelaySeconds: -1"),
        fill(READINESS, "initialDelaySeconds: 0"),
    ),
    Example(
        "out-of-range-probe-number",
        "Invalid containers[0].readinessProbe.failureThreshold",
        fill(READINESS, "failureThreshold: -1"),
        fill(READINESS, "failureThreshold: 0"),
    ),
    Example(
        "out-of-range-probe-number",
        "Invalid containers[0].readinessProbe.successThreshold",
        fill(READINESS, "successThreshold: -1"),
        fill(READINESS, "successThreshold: 2"),
    ),
    Example(
        "invalid-probe-success-threshold",
        "Invalid containers[0].livenessProbe.successThreshold",
        fill(NUMBER, "successThreshold: 2", "successThreshold: -1"),
        fill(NUMBER, "successThreshold: 1", "successThreshold: 0"),
    ),
    Example(
        "invalid-probe-success-threshold",
        "Invalid containers[0].startupProbe.successThreshold",
        fill(STARTUP, "successThreshold: 2"),
        fill(STARTUP, "successThreshold: 1"),
    ),
    Example(
        "out-of-range-probe-grace-period",
        "Invalid containers[0].livenessProbe.terminationGracePeriodSeconds",
        fill(NUMBER, "terminationGracePeriodSeconds: 0", "terminationGracePeriodSeconds: -1"),
        fill(NUMBER, "terminationGracePeriodSeconds: 1", "terminationGracePeriodSeconds: null"),
    ),
    Example(
        "forbidden-readiness-grace-period",
        "Invalid containers[0].readinessProbe.terminationGracePeriodSeconds",
        fill(READINESS, "terminationGracePeriodSeconds: 1", "terminationGracePeriodSeconds: 0"),
        (*fill(READINESS, "terminationGracePeriodSeconds: null"), *fill(STARTUP, "terminationGracePeriodSeconds: 1")),
    ),
)

test_refused, test_accepted, test_each_rule_has_examples = checks(EXAMPLES, handlers, probes)
