"""Values that a template or a filter computes: whether an object can contain them, and in which form."""

from __future__ import annotations

from jinja2.runtime import Undefined
from markupsafe import Markup

from dsgen.origin import Origin
from dsgen.rendering.budget import TemplateError
from dsgen.tree import Boolean, Integer, List, Map, Null, Text, Value, is_boolean, place_of


class NotAValueError(Exception):
    """The value cannot be part of an object; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def value_of(value: object, origin: Origin | None) -> Value | None:
    """Return a value unchanged. Raises NotAValueError, and TemplateError at `origin` if it is undefined."""
    if isinstance(value, tuple):
        return list(value)  # type: ignore[return-value]
    if isinstance(value, Undefined):
        raise TemplateError(str(value._undefined_message), *(origin or ("", 0))[:2])
    if isinstance(value, Markup):
        raise NotAValueError(
            "template text in a list or map",
            "a list or map can only contain values: write the text into the template",
        )
    if isinstance(value, float):
        found = f"the number {value} has decimals, which no field of Kubernetes accepts"
        raise NotAValueError(found, "round it, or write it as text: `| string`")
    if value is not None and not isinstance(value, (str, int, dict, list, Null)):
        raise NotAValueError(
            f"a {type(value).__name__} is not a valid value", "write text, a number, a boolean, a list or a map"
        )
    return value  # type: ignore[return-value]


def with_origin(value: Value | None, origin: Origin | None) -> Value | None:
    """Return a value with the position `origin`, unless it has one. Raises the same errors as `value_of`."""
    if value is None or place_of(value) is not None:
        return value
    if isinstance(value, str):
        return Text.at(value, origin)
    if is_boolean(value):
        return Boolean.at(bool(value), origin)
    if isinstance(value, int):
        return Integer.at(value, origin)
    if type(value) is dict:
        result = Map((), origin)
        for key, child in value.items():
            if not isinstance(key, str) or isinstance(key, Markup):
                raise NotAValueError(f"the key {str(key)[:60]} of a map is not text", "write text as the key")
            inside = with_origin(value_of(child, origin), origin)
            result[key] = Null() if inside is None else inside
        return result
    if type(value) is list:
        inner = (with_origin(value_of(each, origin), origin) for each in value)
        return List((each for each in inner if each is not None), origin)
    return value
