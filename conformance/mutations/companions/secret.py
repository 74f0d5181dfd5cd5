"""Secrets."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from conformance.mutations.companions import key_pairs
from conformance.mutations.companions.config_map import KEYS
from conformance.mutations.row import DROP, Pool, at, changes, row, updates

PREFIX: Final = "kubernetes.io/"
row("secret-key", "data", KEYS, lambda key: {key: "eA=="}, weight=2)
row("secret-key-beside", "stringData", KEYS, lambda key: {key: "text"}, weight=2)
row("secret-value", "stringData{a}", Pool(["", " ", "é\n", "a: b", None], [1, True, [], {}, 1.5]))
row(
    "secret-binary",
    "data{z}",
    Pool(
        ["", "eA==", "eA==\n", None, [], [0, 255, None, 2.0]],
        [[256], [-1], [1.5], ["1"], "x", "eA=", "e A==", 1, "é", "eA==="],
    ),
)
SIZES: Final = Pool([1048576, 1048575, 1000000], [1048577, 1048600, 2000000])
ALONE: Final = {"data": DROP, "stringData": DROP, "type": DROP}
row("secret-size", "stringData", SIZES, lambda size: {"a": "x" * size}, also=ALONE, weight=0.5)
row(
    "secret-size-binary",
    "data",
    Pool([349525, 1000], [349526, 350000]),
    lambda size: {"a": "eHh4" * size},
    also=ALONE,
    weight=0.5,
)
changes(
    "secret-size-both",
    [{"data": {"a": "eHh4" * 349525}, "stringData": {"a": "x" * 1048576}, "type": DROP}],
    [{"data": {"b": "eA=="}, "stringData": {"a": "x" * 1048576}, "type": DROP}],
    weight=0.5,
)
row("secret-immutable", "immutable", Pool([True, False, None], ["true", 1, [], ""]))
row("secret-type", "type", Pool(["a", "Opaque", "", "a b/c", None, "kubernetes.io/other"], [1, True, []]))


def encoded(text: str) -> str:
    """Return text as `data` has it."""
    return base64.b64encode(text.encode()).decode()


def of_type(kind: str, data: Any, texts: Any = DROP) -> dict[str, Any]:
    """Return the changes that make a Secret of a type with these values."""
    return {"type": f"{PREFIX}{kind}", "data": data, "stringData": texts}


REGISTRY: Final = (("dockercfg", ".dockercfg"), ("dockerconfigjson", ".dockerconfigjson"))
OBJECTS: Final = (
    "{}",
    "null",
    ' {"a": [1, 2.5e3]}\n',
    '{"a": {}, "a": 1}',
    json.dumps({"auths": {"é": None}}),
    '{"a": -0}',
)
NO_OBJECTS: Final = (
    "", "[]", "1", '"a"', "{", '{"a": }', "{a: b}", '{"a": 01}', '{"a": NaN}', '{"a": Infinity}', '{"a": 1e400}', "{} {}", "{'a': 1}",
    '{"a": "\t"}', "nul", "true", '\ufeff{}', '{"a": 1,}', "# a", '{"a": ' + "9" * 400 + "}",
)  # fmt: skip
for kind, key in REGISTRY:
    changes(
        f"secret-{kind}",
        [of_type(kind, {key: encoded(text)}) for text in OBJECTS]
        + [of_type(kind, {key: "eA=="}, {key: "{}"}), of_type(kind, None, {key: "{}"})],
        [of_type(kind, {key: encoded(text)}) for text in NO_OBJECTS]
        + [of_type(kind, {key: encoded("{}")}, {key: "[]"})]
        + [
            of_type(kind, {"a": "eA=="}),
            of_type(kind, None),
            of_type(kind, {key.upper(): encoded("{}")}),
            of_type(kind, {}),
        ],
        weight=2,
    )
changes(
    "secret-basic-auth",
    [
        of_type("basic-auth", {"username": ""}),
        of_type("basic-auth", DROP, {"password": "a"}),
        of_type("basic-auth", {"username": "eA==", "a": ""}),
    ],
    [
        of_type("basic-auth", {"user": "eA=="}),
        of_type("basic-auth", DROP),
        of_type("basic-auth", {}, {"Password": "a"}),
    ],
    weight=2,
)
changes(
    "secret-ssh-auth",
    [
        of_type("ssh-auth", {"ssh-privatekey": "eA=="}),
        of_type("ssh-auth", {"ssh-privatekey": ""}, {"ssh-privatekey": " "}),
    ],
    [
        of_type("ssh-auth", {"ssh-privatekey": ""}),
        of_type("ssh-auth", {"ssh-privatekey": "eA=="}, {"ssh-privatekey": ""}),
        of_type("ssh-auth", {"ssh_privatekey": "eA=="}),
        of_type("ssh-auth", DROP),
    ],
    weight=2,
)


def pem(label: str, content: str = "eA==", begin: str = "-----BEGIN", end: str = "-----END", other: str = "") -> str:
    """Return a block of PEM."""
    return f"{begin} {label}-----\n{content}\n{end} {other or label}-----\n"


def key_pair(certificate: str, key: str) -> dict[str, Any]:
    """Return the changes that make a Secret with a certificate and its key."""
    return of_type("tls", DROP, {"tls.crt": certificate, "tls.key": key})


CERTIFICATE: Final = pem("CERTIFICATE")
changes(
    "secret-tls",
    [of_type("tls", {"tls.crt": "", "tls.key": ""}), key_pair("a", "b"), key_pair(pem("PRIVATE KEY"), CERTIFICATE)],
    [
        of_type("tls", {"tls.crt": "eA=="}),
        of_type("tls", {"tls.key": ""}),
        of_type("tls", DROP),
        of_type("tls", {}, {"tls.ca": "a"}),
    ],
    weight=2,
)
NO_BLOCKS: Final = (
    pem("CERTIFICATE", begin=" -----BEGIN"), pem("CERTIFICATE", begin="----BEGIN"), pem("CERTIFICATE", end="----END"), pem("CERTIFICATE", "e"),
    pem("CERTIFICATE", other="KEY"), pem("CERTIFICATE", "a: b"), CERTIFICATE.replace("-----\n", "----- x\n"), CERTIFICATE[:-3],
    pem("certificate"), pem("RSA PRIVATE KEY"), pem("CERTIFICATE", "é"), pem(""),
)  # fmt: skip
changes("secret-certificate", [key_pair(text, pem("PRIVATE KEY")) for text in NO_BLOCKS], [], weight=2)
changes(
    "secret-private-key",
    [
        key_pair(CERTIFICATE, text)
        for text in (*NO_BLOCKS, pem("PRIVATE KEYS"), pem("XPRIVATE KEY"), pem(" PRIVATE KEY"))
    ],
    [],
    weight=2,
)
FIRST, SECOND = (key_pairs.pem("CERTIFICATE", key_pairs.certificate(number)) for number in (0, 1))
OWN: Final = key_pairs.pem("PRIVATE KEY", key_pairs.private_key(0, wrapped=True))
PKCS1: Final = key_pairs.pem("RSA PRIVATE KEY", key_pairs.private_key(0, wrapped=False))
PSS: Final = key_pairs.pem("CERTIFICATE", key_pairs.certificate(0, key_pairs.RSA_PSS))
changes(
    "secret-key-pair",
    [
        key_pair(*texts)
        for texts in (
            *(
                (FIRST, OWN),
                (FIRST, PKCS1),
                (FIRST + SECOND, OWN),
                (f"a\n{FIRST}", f"{SECOND}{OWN}"),
                (FIRST, OWN.replace("\n", "\r\n")),
            ),
            *(
                (SECOND, OWN),
                (SECOND + FIRST, PKCS1),
                (OWN, FIRST),
                (FIRST, SECOND),
                (PSS, OWN),
                (FIRST, OWN[:200]),
                (FIRST, pem("PRIVATE KEY")),
            ),
        )
    ],
    [],
    weight=3,
)
ACCOUNT: Final = "metadata.annotations{kubernetes.io/service-account.name}"
changes(
    "secret-service-account-token",
    [{**of_type("service-account-token", DROP), ACCOUNT: name} for name in ("a", " ", "A_")],
    [{**of_type("service-account-token", DROP), ACCOUNT: name} for name in ("", DROP, None)]
    + [{**of_type("service-account-token", {"token": "eA=="}), "metadata.annotations": DROP}],
    weight=2,
)
updates(
    "update-secret-type",
    [at("type", DROP, "Opaque"), at("type", "", "Opaque"), at("type", "a", "a"), at("type", "Opaque", None)],
    [at("type", DROP, "a"), at("type", "a", ""), at("type", "a", DROP), at("type", "a/b", "a/B")],
    3,
)
PLAIN: Final = {"type": "Opaque", "stringData": DROP}
KEPT: Final = {**PLAIN, "immutable": True, "data": {"a": "eA=="}}
updates(
    "update-secret-immutable",
    [
        ({**KEPT}, {**KEPT}),
        ({**KEPT}, {**KEPT, "data": DROP, "stringData": {"a": "x"}}),
        ({**KEPT, "immutable": False}, {**KEPT, "data": {"a": "eQ=="}}),
        ({**KEPT, "immutable": DROP}, {**KEPT, "data": {}}),
        ({**KEPT}, {**KEPT, "metadata.labels": {"a": "b"}}),
        ({**KEPT, "data": {"a": "eA==", "b": ""}}, {**KEPT, "data": {"b": "", "a": "eA=="}}),
    ],
    [
        ({**KEPT}, {**KEPT, "immutable": False}),
        ({**KEPT}, {**KEPT, "immutable": DROP}),
        ({**KEPT}, {**KEPT, "data": {"a": "eQ=="}}),
        ({**KEPT}, {**KEPT, "data": {"a": "eA==", "b": ""}}),
        ({**KEPT}, {**KEPT, "data": DROP}),
        ({**KEPT}, {**KEPT, "stringData": {"a": "y"}}),
        ({**KEPT}, {**KEPT, "immutable": None, "data": {}}),
    ],
    3,
)
