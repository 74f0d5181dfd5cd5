"""Certificates and private keys in PEM, of RSA, from primes that everybody knows: nothing here is a secret."""

from __future__ import annotations

import base64
from typing import Final

# Exponents of primes of Mersenne, two for each key.
EXPONENTS: Final = ((521, 607), (521, 1279))
RSA: Final = bytes.fromhex("2a864886f70d010101")
RSA_PSS: Final = bytes.fromhex("2a864886f70d01010a")
SHA256_RSA: Final = bytes.fromhex("2a864886f70d01010b")
COMMON_NAME: Final = bytes.fromhex("550403")
E: Final = 65537


def _value(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 + len(length)]) + length + content


def _sequence(*parts: bytes) -> bytes:
    return _value(0x30, b"".join(parts))


def _integer(number: int) -> bytes:
    return _value(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _algorithm(oid: bytes) -> bytes:
    return _sequence(_value(0x06, oid), _value(0x05, b""))


def certificate(number: int, algorithm: bytes = RSA) -> bytes:
    """Return a certificate, whose signature is none, of one of the keys, in DER."""
    modulus = (2 ** EXPONENTS[number][0] - 1) * (2 ** EXPONENTS[number][1] - 1)
    key = _sequence(_algorithm(algorithm), _value(0x03, b"\0" + _sequence(_integer(modulus), _integer(E))))
    name = _sequence(_value(0x31, _sequence(_value(0x06, COMMON_NAME), _value(0x0C, b"a"))))
    validity = _sequence(_value(0x17, b"200101000000Z"), _value(0x17, b"300101000000Z"))
    version = _value(0xA0, _integer(2))
    body = _sequence(version, _integer(1), _algorithm(SHA256_RSA), name, validity, name, key)
    return _sequence(body, _algorithm(SHA256_RSA), _value(0x03, b"\0" + b"x" * 8))


def private_key(number: int, wrapped: bool) -> bytes:
    """Return one of the keys, in DER: of PKCS #8 if it is `wrapped`, else of PKCS #1."""
    p, q = (2**exponent - 1 for exponent in EXPONENTS[number])
    d = pow(E, -1, (p - 1) * (q - 1))
    numbers = (0, p * q, E, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    key = _sequence(*map(_integer, numbers))
    return _sequence(_integer(0), _algorithm(RSA), _value(0x04, key)) if wrapped else key


def pem(label: str, der: bytes) -> str:
    """Return a block of PEM."""
    return f"-----BEGIN {label}-----\n{base64.b64encode(der).decode()}\n-----END {label}-----\n"
