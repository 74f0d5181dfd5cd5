"""What is said about a value that a schema does not allow."""

from __future__ import annotations

import json
from typing import Any, Final

from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.kubernetes.schema.decode_errors import described
from dsgen.problem import did_you_mean
from dsgen.tree import spelling

_TYPES: Final = {
    "string": "a string",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a map",
}
# Patterns that many fields of monitors have, and what they mean.
_MEANINGS: Final = {
    "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$": "a duration, such as `30s`, `1m30s` or `0`",
    "^(http|https|socks5)://.+$": "a URL that begins with `http://`, `https://` or `socks5://`",
    "^[a-zA-Z_][a-zA-Z0-9_]*$": "a name of letters, digits and `_`, not beginning with a digit",
    "(^0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$": "a size, such as `10MB` or `512KiB`",
    r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$": "a quantity, such as `100m`, `0.5` or `128Mi`",
}
_FORMATS: Final = {
    "byte": "base64",
    "cidr": "a CIDR, such as `10.0.0.0/8`",
    "date": "a date, such as `2026-01-31`",
    "datetime": "a time, such as `2026-01-31T12:00:00Z`",
    "duration": "a duration, such as `30s` or `5m`",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "k8slongname": "a DNS subdomain",
    "k8sshortname": "a DNS label",
    "uri": "a URI",
}
_SHORT: Final = 60


def mistyped(value: Any, types: tuple[str, ...]) -> tuple[str, str]:
    """Return the message about a value of the wrong type, and a hint."""
    wanted = " or ".join(_TYPES.get(each, each) for each in types) or "a string"
    hint = ""
    if types == ("string",) and isinstance(value, (int, float)):
        hint = f"quote it: `'{spelling(value)}'`"
    elif types == ("boolean",) and isinstance(value, str):
        hint = "write `true` or `false`, without quotes"
    elif types == ("integer",) and isinstance(value, str) and value.strip("-").isdecimal():
        hint = f"write `{value}` without quotes"
    elif types == ("array",) and isinstance(value, str) and value and "\n" not in value:
        hint = f"write a list: `- {value}`"
    return f"must be {wanted}, got {described(value)}", hint


def not_one_of(stated: object, allowed: list[Any]) -> tuple[str, str]:
    """Return the message about a value that is not one of those `allowed`, and a hint."""
    words = ", ".join(each if isinstance(each, str) else json.dumps(each) for each in allowed)
    shown = repr(stated) if isinstance(stated, str) else json.dumps(stated)
    texts = [each for each in allowed if isinstance(each, str)]
    hint = did_you_mean(stated, texts) if isinstance(stated, str) else ""
    return f"{short(shown)} is not one of {words}", hint


def too_short(value: str, least: int) -> tuple[str, str]:
    """Return the message about a text with fewer characters than the schema wants, and a hint."""
    if not value:
        return "must not be empty", "leave it out, if it is not required"
    return f"must have at least {least} characters, got {len(value)}", ""


def unmatched(value: str, pattern: str) -> str:
    """Return the message about a text that its pattern does not match."""
    return f"{short(repr(str(value)))} must be {_MEANINGS.get(pattern) or f'text that matches `{pattern}`'}"


def misformatted(value: str, format: str) -> str:
    """Return the message about a text that is not of its format."""
    wanted = _FORMATS.get(format.replace("-", "")) or f"of the format `{format}`"
    return f"{short(repr(str(value)))} must be {wanted}"


def no_option(options: list[Schema], what: str) -> str:
    """Return the message about a value that fits none of the `options`, or too many: by the fields that they require, if that is all."""
    fields = [tuple(option.required) for option in options]
    if all(fields) and all(set(option.raw) <= {"required"} for option in options):
        named = ", ".join(" and ".join(f"`{name}`" for name in each) for each in fields)
        return f"must set {'exactly' if 'exactly' in what else 'at least'} one of {named}"
    return f"must fit {what}"


def forbidden(schema: Schema) -> str:
    """Return the message about a value that fits what its schema excludes."""
    if set(schema.raw) == {"required"}:
        return f"must not set {' and '.join(f'`{name}`' for name in schema.required)}" + (
            " together" if len(schema.required) > 1 else ""
        )
    return "must not fit what its schema excludes"


def number(value: Any) -> str:
    """Write a number as it was written."""
    text = getattr(value, "text", None)
    return str(text) if text else json.dumps(int(value) if float(value).is_integer() and abs(value) < 1e21 else value)


def short(text: str) -> str:
    """Return the beginning of a long text."""
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
