"""Whether a certificate in PEM and a private key belong together, as Go reads them (encoding/pem: Decode, crypto/tls: X509KeyPair).

Their public keys are compared if both name it: those of RSA always do, those of ECDSA nearly always, those of Ed25519 never.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Final, NoReturn

from dsgen.record import Record

BEGIN: Final = b"-----BEGIN "
END: Final = b"\n-----END "
LINE_END: Final = b"-----"
# The object identifiers of algorithms, in DER.
ALGORITHMS: Final = {
    bytes.fromhex("2a864886f70d010101"): "RSA",
    bytes.fromhex("2a8648ce3d0201"): "ECDSA",
    bytes.fromhex("2b6570"): "Ed25519",
}
INTEGER, BIT_STRING, OCTET_STRING, OBJECT_ID, SEQUENCE, FIRST = 0x02, 0x03, 0x04, 0x06, 0x30, 0xA0


class Block(Record):
    """A block of PEM: its label, such as `CERTIFICATE`, and its content."""

    label: str
    content: bytes


class PublicKey(Record):
    """The public key of a certificate or a private key: what identifies it is empty if it is unknown."""

    algorithm: str
    identity: tuple[bytes, ...]


def fault(certificate: bytes, key: bytes) -> tuple[str, str]:
    """Return which of `tls.crt` and `tls.key` is wrong, and why; two empty texts if nothing is found."""
    first = _block(certificate, lambda label: label == "CERTIFICATE")
    if first is None:
        return "tls.crt", "must contain a certificate in PEM: a block that begins with `-----BEGIN CERTIFICATE-----`"
    private = _block(key, lambda label: label == "PRIVATE KEY" or label.endswith(" PRIVATE KEY"))
    if private is None:
        return "tls.key", "must contain a private key in PEM: a block that begins with `-----BEGIN PRIVATE KEY-----`"
    try:
        public = _of_certificate(first)
    except ValueError:
        return "tls.crt", "its first certificate is not valid, or its key is not of RSA, ECDSA or Ed25519"
    try:
        own = _of_private_key(private)
    except ValueError:
        return "tls.key", "is not a valid private key of RSA, ECDSA or Ed25519; encrypted ones are not supported"
    if own.algorithm != public.algorithm:
        return "tls.key", f"is a key of {own.algorithm}, but the certificate is for one of {public.algorithm}"
    if own.identity and own.identity != public.identity:
        return "tls.key", "is not the private key of the first certificate in `tls.crt`"
    return "", ""


def _block(data: bytes, fits: Callable[[str], bool]) -> bytes | None:
    """Return the content of the first block with a label that fits."""
    return next((block.content for block in blocks(data) if fits(block.label)), None)


def blocks(data: bytes) -> Iterator[Block]:
    """Yield the blocks in a text; what is not a block is skipped."""
    rest = data
    while (end := rest.find(END)) >= 0:
        begin = rest.rfind(BEGIN, 0, end)
        behind = rest[end + len(END) :]
        if begin < 0 or (begin and rest[begin - 1 : begin] != b"\n"):
            rest = behind
            continue
        label, _, body = rest[begin + len(BEGIN) : end + 1].partition(b"\n")
        label = _line(label)
        trailer, _, after = behind.partition(b"\n")
        content = _content(body) if label.endswith(LINE_END) else None
        if content is None or _line(trailer) != label:
            rest = behind
            continue
        yield Block(label.removesuffix(LINE_END).decode("utf-8", "replace"), content)
        rest = after


def _line(text: bytes) -> bytes:
    return text.removesuffix(b"\r").rstrip(b" \t")


def _content(body: bytes) -> bytes | None:
    """Return the content behind the headers, such as `Proc-Type: 4,ENCRYPTED`; None if it is not base64."""
    lines = body.split(b"\n")
    while lines and b":" in lines[0]:
        lines.pop(0)
    try:
        return base64.b64decode(b"".join(lines).translate(None, b" \t\r"), validate=True)
    except ValueError:
        return None


def _of_certificate(der: bytes) -> PublicKey:
    """Return the public key in a certificate of X.509. Raises ValueError if it is not valid."""
    body, _, _ = _within(SEQUENCE, *_only(der))
    parts = _within(SEQUENCE, *body)
    if parts and parts[0][0] == FIRST:
        parts = parts[1:]
    if len(parts) < 6:
        _refuse()
    algorithm, key, *_ = _within(SEQUENCE, *parts[5])
    name = _algorithm(algorithm)
    bits = _expect(BIT_STRING, *key)[1:]
    return PublicKey(name, _numbers(bits) if name == "RSA" else (bits,))


def _of_private_key(der: bytes) -> PublicKey:
    """Return the public key of a private key in one of the forms PKCS #1, PKCS #8 or SEC 1. Raises ValueError if it is in none."""
    parts = _within(SEQUENCE, *_only(der))
    tags = [tag for tag, _ in parts]
    if tags[:2] == [INTEGER, INTEGER] and len(parts) > 8:
        return PublicKey("RSA", (parts[1][1], parts[2][1]))
    if tags[:3] == [INTEGER, SEQUENCE, OCTET_STRING]:
        name = _algorithm(parts[1])
        return PublicKey(name, ()) if name == "Ed25519" else _of_private_key(parts[2][1])
    if tags[:2] == [INTEGER, OCTET_STRING]:
        points = [point for tag, content in parts[2:] if tag == FIRST + 1 for point in _parts(content)]
        return PublicKey("ECDSA", tuple(_expect(BIT_STRING, *point)[1:] for point in points))
    raise ValueError("not a private key")


def _algorithm(part: tuple[int, bytes]) -> str:
    parts = _within(SEQUENCE, *part)
    name = ALGORITHMS.get(_expect(OBJECT_ID, *parts[0])) if parts else None
    return name or _refuse()


def _numbers(der: bytes) -> tuple[bytes, ...]:
    return tuple(_expect(INTEGER, *part) for part in _within(SEQUENCE, *_only(der)))


def _only(der: bytes) -> tuple[int, bytes]:
    parts = _parts(der)
    return parts[0] if len(parts) == 1 else _refuse()


def _within(wanted: int, tag: int, content: bytes) -> list[tuple[int, bytes]]:
    return _parts(_expect(wanted, tag, content))


def _expect(wanted: int, tag: int, content: bytes) -> bytes:
    return content if tag == wanted else _refuse()


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    """Return the tags and contents of the values in DER. Raises ValueError if they are cut off."""
    found = []
    while der:
        head, size = 2, der[1] if len(der) > 1 else _refuse()
        if size >= 0x80:
            head += size - 0x80
            size = int.from_bytes(der[2:head], "big")
        if head + size > len(der):
            _refuse()
        found.append((der[0], der[head : head + size]))
        der = der[head + size :]
    return found


def _refuse() -> NoReturn:
    raise ValueError("not in DER")
