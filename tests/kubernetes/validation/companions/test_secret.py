from __future__ import annotations

import base64

import pytest

from conformance.mutations.companions import key_pairs
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.semantics.prepare import prepared
from dsgen.kubernetes.validate import validate
from dsgen.kubernetes.validation.companions import secret
from dsgen.kubernetes.validation.key_pair import fault
from tests.kubernetes.manifests import said, untested
from tests.kubernetes.objects import check, said_of_update, table

FRAME = "{apiVersion: v1, kind: Secret, metadata: {name: a}, *}"
TYPE = FRAME.replace("*", "type: kubernetes.io/*")
ACCOUNT = "kubernetes.io/service-account.name"
TLS_FIELDS = "Required data[tls.crt], Required data[tls.key]"
LARGEST = 1024 * 1024
BLOCK = "-----BEGIN CERTIFICATE-----"

ROWS = [
    *table(
        FRAME,
        f"""
        invalid-secret-key | data: {{.a: eA==}} | data: {{..a: eA==}} | Invalid data[..a]
        invalid-secret-key | stringData: {{'-': x}} | stringData: {{a/b: x}} | Invalid data[a/b]
        too-large-secret | stringData: {{a: <{LARGEST}>}} | stringData: {{a: <{LARGEST}>, b: c}} | TooLong data
        """,
    ),
    *table(
        TYPE,
        """
        missing-secret-key | ssh-auth, data: {ssh-privatekey: eA==} | ssh-auth, data: {ssh-privatekey: ''} | Required data[ssh-privatekey]
        missing-secret-key | basic-auth, stringData: {password: ''} | basic-auth, stringData: {user: a} | Required data[username], Required data[password]
        missing-secret-key | dockercfg, data: {.dockercfg: e30=} | dockercfg | Required data[.dockercfg]
        invalid-docker-config | dockercfg, stringData: {.dockercfg: 'null'} | dockercfg, stringData: {.dockercfg: '[]'} | Invalid data[.dockercfg]
        invalid-docker-config | dockerconfigjson, stringData: {.dockerconfigjson: '{}'} | dockerconfigjson, stringData: {.dockerconfigjson: '{a: 1}'} | Invalid data[.dockerconfigjson]
        """,
    ),
    *table(
        TYPE.replace("name: a", "name: a, annotations: {note: x, *}").replace("/*", "/service-account-token"),
        f"""
        missing-service-account-annotation | {ACCOUNT}: agent | {ACCOUNT}: '' | Required metadata.annotations[{ACCOUNT}]
        """,
    ),
]
UPDATES = [
    ("changed-secret-type", "type: Opaque", "data: {}", "type: a", "Invalid type"),
    ("changed-immutable-secret", "immutable: true", "immutable: true, metadata: {name: a, labels: {a: b}}", "immutable: false", "Forbidden immutable"),
    ("changed-immutable-secret", "immutable: true, data: {a: eA==}", "immutable: true, stringData: {a: x}", "immutable: true, data: {a: eQ==}", "Forbidden data"),
    ("changed-immutable-secret", "data: {a: eA==}", "data: {}", "immutable: true, type: a", "Invalid type"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "right", "wrong", "says"), ROWS)
def test_rule(code: str, right: str, wrong: str, says: str) -> None:
    check(code, right, wrong, says)


@pytest.mark.parametrize(("code", "old", "right", "wrong", "says"), UPDATES)
def test_update(code: str, old: str, right: str, wrong: str, says: str) -> None:
    before, passes, refused = (FRAME.replace("*", part) for part in (old, right, wrong))
    assert said_of_update(before, passes) == set()
    assert {each.partition(" ")[2] for each in said_of_update(before, refused)} == {says}


def pair(certificate: str, key: str) -> str:
    first, second = (base64.b64encode(text.encode()).decode() for text in (certificate, key))
    return TYPE.replace("*", f"tls, data: {{tls.crt: {first}, tls.key: {second}}}")


CERTIFICATE = key_pairs.pem("CERTIFICATE", key_pairs.certificate(0))
KEY = key_pairs.pem("PRIVATE KEY", key_pairs.private_key(0, wrapped=True))
OTHER = key_pairs.pem("RSA PRIVATE KEY", key_pairs.private_key(1, wrapped=False))


def test_every_rule_has_a_row() -> None:
    codes = {update[0] for update in UPDATES} | {"invalid-tls-key-pair"}
    assert untested(ROWS, secret) == codes


@pytest.mark.parametrize(
    ("certificate", "key", "where"),
    [
        (CERTIFICATE, KEY, ""),
        (f"first\n{CERTIFICATE}", OTHER.replace("RSA PRIVATE", "RSA") + KEY, ""),
        (CERTIFICATE, OTHER, "tls.key"),
        (CERTIFICATE, CERTIFICATE, "tls.key"),
        (CERTIFICATE, KEY[:200], "tls.key"),
        (CERTIFICATE, key_pairs.pem("PRIVATE KEY", b"x"), "tls.key"),
        (KEY, KEY, "tls.crt"),
        (CERTIFICATE.replace("-----\n", "----- x\n"), KEY, "tls.crt"),
        (key_pairs.pem("CERTIFICATE", key_pairs.certificate(0, key_pairs.RSA_PSS)), KEY, "tls.crt"),
        ("", "", "tls.crt"),
    ],
)
def test_a_certificate_and_its_key(certificate: str, key: str, where: str) -> None:
    assert fault(certificate.encode(), key.encode())[0] == where
    expected = {f"invalid-tls-key-pair Warning data[{where}]"} if where else set()
    assert said(pair(certificate, key)) == expected


def test_the_keys_of_a_certificate_are_required() -> None:
    assert {each.partition(" ")[2] for each in said(TYPE.replace("*", "tls"))} == set(TLS_FIELDS.split(", "))


def test_string_data_is_merged_into_data() -> None:
    document = read_first(FRAME.replace("*", "data: {a: eA==, b: eQ==}, stringData: {b: z, c: ''}"))
    assert prepared(document.root, "Secret", "1.37").root.map("data") == {"a": "eA==", "b": "eg==", "c": ""}


def test_a_wrong_key_is_reported_where_it_is() -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  b: eA==\nstringData:\n  ..a: b\n"
    (problem,) = validate(read_first(text).root)
    assert problem.line == 7


@pytest.mark.parametrize(
    "part",
    [
        "data: {a: 424242}", "data: {a: '424242!'}", "data: '424242'", "data: ['424242']", "stringData: {a: 424242}", "stringData: {a: [424242]}",
        "stringData: '424242'", "immutable: true, stringdata: {a: '424242'}", "type: kubernetes.io/dockercfg, stringData: {.dockercfg: '424242'}",
        "type: kubernetes.io/tls, stringData: {tls.crt: '424242', tls.key: '424242'}", "metadata: {name: a, annotations: {a: 424242}}",
    ],
)  # fmt: skip
def test_no_message_has_a_value(part: str) -> None:
    frame = FRAME.replace("metadata: {name: a}, ", "") if "metadata" in part else FRAME
    problems = validate(read_first(frame.replace("*", part)).root)
    assert problems
    assert [each for each in problems if "424242" in each.message + each.hint] == []


def test_string_data_means_the_same_as_data() -> None:
    texts, stored = (read_first(FRAME.replace("*", part)).root for part in ("stringData: {a: x}", "data: {a: eA==}"))
    assert normalized(texts) == normalized(stored)
