from __future__ import annotations

import pytest

from dsgen.kubernetes.validation.companions import ingress, ingress_backends
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, fill, said_of_update, table

FRAME = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: PART}"
SPEC = FRAME.replace("PART", "*")
RULE = FRAME.replace("PART", "{rules: [{}, *]}")
TLS = FRAME.replace("PART", "{rules: [{}], tls: [*]}")
BACKEND = FRAME.replace("PART", "{defaultBackend: *}")
SERVICE = BACKEND.replace("*", "{service: *}")
PORT = SERVICE.replace("*", "{name: a, port: *}")
RESOURCE = BACKEND.replace("*", "{resource: *}")
PATH = RULE.replace("*", "{http: {paths: [*]}}")
TO_A = "backend: {service: {name: a, port: {number: 1}}}"
ANNOTATED = "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, annotations: {kubernetes.io/ingress.class: nginx}}, spec: {rules: [{}]*}}"

ROWS = [
    *table(
        SPEC,
        """
        missing-ingress-rules | {rules: [{}]} | {} | Invalid spec
        missing-ingress-rules | {rules: [null]} | {rules: [], defaultBackend: null} | Invalid spec
        invalid-ingress-class-name | {rules: [{}], ingressClassName: null} | {rules: [{}], ingressClassName: ''} | Invalid spec.ingressClassName
        invalid-ingress-class-name | {rules: [{}], ingressClassName: a.b} | {rules: [{}], ingressClassName: a_b} | Invalid spec.ingressClassName
        """,
    ),
    *table(
        RULE,
        """
        invalid-ingress-host | {host: ''} | {host: A} | Invalid spec.rules[1].host
        invalid-ingress-host | {host: '*.a.b'} | {host: '*'} | Invalid spec.rules[1].host
        invalid-ingress-host | {host: '*.a.b'} | {host: 'a.*.b'} | Invalid spec.rules[1].host
        invalid-ingress-host | {host: 1.2.3.256} | {host: 1.2.3.4} | Invalid spec.rules[1].host
        invalid-ingress-host | {host: 1.2.3.a} | {host: 01.2.3.4} | Invalid spec.rules[1].host
        missing-ingress-paths | {http: null} | {http: {}} | Required spec.rules[1].http.paths
        """,
    ),
    *table(
        TLS,
        """
        invalid-ingress-tls-host | {hosts: ['*.a', 1.2.3.4]} | {hosts: [a, '']} | Invalid spec.tls[0].hosts[1]
        invalid-ingress-tls-secret-name | {secretName: ''} | {secretName: a_b} | Invalid spec.tls[0].secretName
        """,
    ),
    *table(
        BACKEND,
        """
        missing-ingress-backend | {resource: {kind: a, name: b}} | {} | Invalid spec.defaultBackend
        missing-ingress-backend | {service: {name: a, port: {number: 1}}} | {service: null} | Invalid spec.defaultBackend
        conflicting-ingress-backend | {service: {name: a, port: {number: 1}}} | {service: {}, resource: {}} | Invalid spec.defaultBackend
        """,
    ),
    *table(
        SERVICE,
        """
        missing-ingress-service-name | {name: a, port: {number: 1}} | {port: {number: 1}} | Required spec.defaultBackend.service.name
        invalid-ingress-service-name | {name: 1a, port: {number: 1}} | {name: a.b, port: {number: 1}} | Invalid spec.defaultBackend.service.name
        missing-ingress-service-port | {name: a, port: {name: b}} | {name: a} | Required spec.defaultBackend
        """,
    ),
    *table(
        PORT,
        """
        missing-ingress-service-port | {name: a, number: 0} | {name: '', number: 0} | Required spec.defaultBackend
        conflicting-ingress-service-port | {name: a, number: 0} | {name: A, number: -1} | Invalid spec.defaultBackend
        invalid-ingress-service-port | {name: <15>} | {name: <16>} | Invalid spec.defaultBackend.service.port.name
        invalid-ingress-service-port | {number: 65535} | {number: 65536} | Invalid spec.defaultBackend.service.port.number
        """,
    ),
    *table(
        RESOURCE,
        """
        missing-ingress-resource-field | {kind: a, name: b} | {} | Required spec.defaultBackend.resource.kind, Required spec.defaultBackend.resource.name
        invalid-ingress-resource | {kind: A b, name: ...} | {kind: a/b, name: ..} | Invalid spec.defaultBackend.resource.kind, Invalid spec.defaultBackend.resource.name
        invalid-ingress-resource | {kind: a, name: b, apiGroup: a.b} | {kind: a, name: b, apiGroup: ''} | Invalid spec.defaultBackend.resource.apiGroup
        """,
    ),
    *table(
        PATH.replace("*", "{*, TO}").replace("TO", TO_A),
        """
        missing-ingress-path-type | pathType: ImplementationSpecific | path: a | Required spec.rules[1].http.paths[0].pathType
        invalid-ingress-path-type | pathType: ImplementationSpecific | pathType: '', path: a | NotSupported spec.rules[1].http.paths[0].pathType
        invalid-ingress-path | pathType: Exact, path: / | pathType: Exact | Invalid spec.rules[1].http.paths[0].path
        invalid-ingress-path | pathType: Prefix, path: /... | pathType: Prefix, path: /.. | Invalid spec.rules[1].http.paths[0].path
        invalid-ingress-path | pathType: Prefix, path: /a%2 | pathType: Prefix, path: /a%2Fb | Invalid spec.rules[1].http.paths[0].path
        invalid-ingress-path | pathType: ImplementationSpecific, path: // | pathType: ImplementationSpecific, path: a | Invalid spec.rules[1].http.paths[0].path
        """,
    ),
    *table(
        PATH,
        """
        missing-ingress-backend | {pathType: Exact, path: /, backend: {resource: {kind: a, name: b}}} | {pathType: Exact, path: /} | Invalid spec.rules[1].http.paths[0].backend
        """,
    ),
    *table(
        ANNOTATED,
        """
        mismatched-ingress-class | , ingressClassName: nginx | , ingressClassName: other | Invalid annotations.kubernetes.io/ingress.class
        deprecated-ingress-class-annotation | , ingressClassName: nginx | , ingressClassName: null | Warning metadata.annotations[kubernetes.io/ingress.class]
        """,
    ),
]


def test_every_rule_has_a_row() -> None:
    assert untested(ROWS, ingress, ingress_backends) == set()


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


def test_a_path_without_type_is_not_looked_at_further() -> None:
    assert said(fill(PATH, "{}")) == {"missing-ingress-path-type Required spec.rules[1].http.paths[0].pathType"}


def test_an_update_does_not_compare_the_class_with_its_annotation() -> None:
    old, new = fill(ANNOTATED, ", ingressClassName: nginx"), fill(ANNOTATED, ", ingressClassName: other")
    assert said_of_update(old, new) == set()
    assert said_of_update(old, fill(ANNOTATED, "")) == set()


def test_an_update_keeps_invalid_names_of_secrets() -> None:
    wrong = {"invalid-ingress-tls-secret-name Invalid spec.tls[0].secretName"}
    assert said_of_update(fill(TLS, "{secretName: A}"), fill(TLS, "{secretName: B}")) == set()
    assert said_of_update(fill(TLS, "{secretName: a}"), fill(TLS, "{secretName: B}")) == wrong


def test_an_update_keeps_invalid_rules_for_wildcard_hosts() -> None:
    wrong, right = (RULE.replace("*", f"{{host: HOST, http: {{paths: [{each}]}}}}") for each in ("", f"{{pathType: Exact, path: /, {TO_A}}}"))  # fmt: skip
    says = {"missing-ingress-paths Required spec.rules[1].http.paths"}
    assert said_of_update(wrong.replace("HOST", "'*.a'"), wrong.replace("HOST", "'*.b'")) == set()
    assert said_of_update(wrong.replace("HOST", "'*.a'"), wrong.replace("HOST", "b.a")) == says
    assert said_of_update(wrong.replace("HOST", "b.a"), wrong.replace("HOST", "'*.a'")) == says
    assert said_of_update(right.replace("HOST", "'*.a'"), wrong.replace("HOST", "'*.a'")) == says
    digit = right.replace("HOST", "'*.a'").replace("name: a, port", "name: 1a, port")
    assert said_of_update(digit, wrong.replace("HOST", "'*.a'")) == set()  # older servers refuse the name


DIGIT = "{name: 1a, port: {number: 1}}"
REFUSED = "invalid-ingress-service-name Invalid"


def test_before_1_36_the_name_of_a_service_begins_with_a_letter() -> None:
    default = fill(SERVICE, DIGIT)
    path = fill(PATH, f"{{pathType: Exact, path: /, backend: {{service: {DIGIT}}}}}")
    assert said(default, "1.35") == {f"{REFUSED} spec.defaultBackend.service.name"}
    assert said(path, "1.33") == {f"{REFUSED} spec.rules[1].http.paths[0].backend.service.name"}
    assert said_of_update(default, path, "1.35") == said_of_update(path, default, "1.34") == set()
    assert said_of_update(default, default, "1.34") == {f"{REFUSED} spec.defaultBackend.service.name"}
    assert said_of_update(path, default, "1.33") == {f"{REFUSED} spec.defaultBackend.service.name"}
