"""Fields whose gates are off in 1.37: the server drops them, unless the object that an update replaces has one."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.validation import bind_mount_options, eviction_responders, file_owners, probe_protocols
from tests.kubernetes.examples import container
from tests.kubernetes.pods import check, refused, table, untested

PROBE = container("livenessProbe: {*}")
HOOK = container("lifecycle: {preStop: {httpGet: {port: 80, *}}}")
MOUNT = "volumes: [{name: v, emptyDir: {}}, {name: i, image: {reference: a}}]\n" + container(
    "volumeMounts: [{mountPath: /a, *}]"
)
RESPONDERS = "evictionResponders: [*]"
SOURCE = "volumes: [{name: v, *}]"
PROJECTED = "volumes: [{name: v, projected: {sources: [{*}]}}]"
# What makes the server keep and validate the fields of each table: the old object has one of them, anywhere.
OLD = {
    probe_protocols: container(
        "livenessProbe: {httpGet: {port: 80, protocol: HTTP1}}, readinessProbe: {grpc: {port: 1, mode: TLS}}"
    ),
    bind_mount_options: MOUNT.replace("*", "name: v, bindMountOptions: [nodev]"),
    eviction_responders: RESPONDERS.replace("*", "{name: a.b/c, priority: 5000}"),
    file_owners: SOURCE.replace("*", "secret: {secretName: a, defaultUser: 0}"),
}
AT = "containers[0].livenessProbe"
ROWS = {
    probe_protocols: [
        *table(
            PROBE,
            """
            invalid-http-get-protocol | httpGet: {port: 80, protocol: HTTP1, host: a} | httpGet: {port: 80, protocol: http1} | NotSupported AT.httpGet.protocol
            invalid-http-get-protocol | httpGet: {port: 80, protocol: HTTP2} | httpGet: {port: 80, protocol: ''} | NotSupported AT.httpGet.protocol
            invalid-http-get-protocol | httpGet: {port: 80, protocol: HTTP1, scheme: HTTPS} | httpGet: {port: 80, protocol: HTTP2, scheme: HTTPS, host: a} | Invalid AT.httpGet.protocol
            invalid-http-get-protocol | httpGet: {port: 80, protocol: HTTP2, host: ''} | httpGet: {port: 80, protocol: HTTP2, host: a} | Invalid AT.httpGet.host
            invalid-grpc-mode | grpc: {port: 80, mode: Plaintext} | grpc: {port: 80, mode: tls} | NotSupported AT.grpc.mode
            invalid-grpc-mode | grpc: {port: 80, mode: ~} | grpc: {port: 80, mode: ''} | NotSupported AT.grpc.mode
            """.replace(" AT", f" {AT}"),
        ),
        *table(
            HOOK,
            "invalid-http-get-protocol | protocol: HTTP2 | protocol: x | NotSupported containers[0].lifecycle.preStop.httpGet.protocol",
        ),
    ],
    bind_mount_options: table(
        MOUNT,
        """
        invalid-bind-mount-option | name: v, bindMountOptions: [nodev, noexec, nosuid] | name: v, bindMountOptions: [nodev, ro] | NotSupported AT[1]
        duplicate-bind-mount-option | name: v, bindMountOptions: [nodev] | name: v, bindMountOptions: [nodev, nodev] | Duplicate AT[1]
        forbidden-bind-mount-options | name: i, bindMountOptions: [] | name: i, bindMountOptions: [nodev] | Invalid AT
        """.replace(" AT", " containers[0].volumeMounts[0].bindMountOptions"),
    ),
    eviction_responders: table(
        RESPONDERS,
        """
        invalid-eviction-responder-name | {name: a.b/c, priority: 5000} | {name: c, priority: 5000} | Invalid evictionResponders[0].name
        invalid-eviction-responder-name | {name: ak8s.io/c, priority: 5000} | {name: a.k8s.io/c, priority: 5000} | Invalid evictionResponders[0].name
        invalid-eviction-responder-name | {name: a.b/c, priority: 5000} | {name: kubernetes.io/c, priority: 5000} | Invalid evictionResponders[0].name
        invalid-eviction-responder-name | {name: a.b/c, priority: 5000} | {priority: 5000} | Required evictionResponders[0].name
        out-of-range-eviction-responder-priority | {name: a.b/c, priority: 1000} | {name: a.b/c, priority: 999} | Invalid evictionResponders[0].priority
        out-of-range-eviction-responder-priority | {name: a.b/c, priority: 100000} | {name: a.b/c, priority: 100001} | Invalid evictionResponders[0].priority
        out-of-range-eviction-responder-priority | {name: a.b/c, priority: 100000} | {name: a.b/c} | Required evictionResponders[0].priority
        duplicate-eviction-responder | {name: a/b, priority: 1000}, {name: a/c, priority: 1000} | {name: a/b, priority: 1000}, {name: a/b, priority: 1001} | Duplicate evictionResponders[1]
        """,
    )
    + table(
        "*\nschedulingGroup: {podGroupName: a}",
        "conflicting-eviction-responders | hostPID: true | evictionResponders: [{name: a.b/c, priority: 5000}] | Forbidden schedulingGroup",
    )
    + table(
        "evictionResponders: [{name: a/a, priority: 5000}, {name: a/b, priority: 5000}, {name: a/c, priority: 5000}, "
        "{name: a/d, priority: 5000}, {name: a/e, priority: 5000}, {name: a/f, priority: 5000}, {name: a/g, priority: 5000}, "
        "{name: a/h, priority: 5000}, {name: a/i, priority: 5000}, *]",
        "too-many-eviction-responders | {name: a/j, priority: 5000} | {name: a/j, priority: 5000}, {name: x} | TooMany evictionResponders",
    ),
    file_owners: [
        *table(
            SOURCE,
            """
            out-of-range-default-user | secret: {secretName: a, defaultUser: 2147483647} | secret: {secretName: a, defaultUser: 2147483648} | Invalid volumes[0].secret.defaultUser
            out-of-range-default-user | configMap: {name: a, defaultUser: 0} | configMap: {name: a, defaultUser: -1} | Invalid volumes[0].configMap.defaultUser
            out-of-range-default-user | downwardAPI: {defaultUser: 0} | downwardAPI: {defaultUser: -1} | Invalid volumes[0].downwardAPI.defaultUser
            out-of-range-default-user | projected: {defaultUser: 0} | projected: {defaultUser: -1} | Invalid volumes[0].projected.defaultUser
            out-of-range-volume-item-user | secret: {secretName: a, items: [{key: a, path: a, user: 0}]} | secret: {secretName: a, items: [{key: a, path: a, user: -1}]} | Invalid volumes[0].secret.items[0].user
            out-of-range-downward-api-user | downwardAPI: {items: [{path: a, user: 0, fieldRef: {fieldPath: metadata.uid}}]} | downwardAPI: {items: [{path: a, user: -1, fieldRef: {fieldPath: metadata.uid}}]} | Invalid volumes[0].downwardAPI.user
            """,
        ),
        *table(
            PROJECTED,
            """
            out-of-range-volume-item-user | configMap: {name: a, items: [{key: a, path: a, user: 0}]} | configMap: {name: a, items: [{key: a, path: a, user: -1}]} | Invalid AT.configMap.items[0].user
            out-of-range-projection-user | serviceAccountToken: {path: a, user: 0} | serviceAccountToken: {path: a, user: -1} | Invalid AT.serviceAccountToken.user
            out-of-range-projection-user | clusterTrustBundle: {name: a, path: a, user: 0} | clusterTrustBundle: {name: a, path: a, user: -1} | Invalid AT.clusterTrustBundle.user
            """.replace(" AT", " volumes[0].projected.sources[0]"),
        ),
    ],
}


@pytest.mark.parametrize("module", ROWS)
def test_every_rule_has_a_row(module: object) -> None:
    assert untested(ROWS[module], module) == set()  # type: ignore[arg-type, index]


@pytest.mark.parametrize(
    ("old", "code", "passes", "refuses", "says"),
    [(OLD[module], *row.values) for module in ROWS for row in ROWS[module]],
)
def test_rule(old: str, code: str, passes: str, refuses: str, says: str) -> None:
    check(code, passes, refuses, says, old)
    assert refused(refuses) == set()


def test_responders_that_an_update_does_not_change_stay_as_they_are() -> None:
    wrong = RESPONDERS.replace("*", "{name: c, priority: 5}, {name: a/b, priority: 5000}")
    assert refused(wrong, old=wrong) == set()
    changed = RESPONDERS.replace("*", "{name: c, priority: 5}, {name: a/b, priority: 5001}")
    assert refused(changed, old=wrong) == set()
    other = RESPONDERS.replace("*", "{name: c, priority: 6}")
    assert {says for _, says in refused(other, old=wrong)} == {"Invalid evictionResponders[0].priority"}
