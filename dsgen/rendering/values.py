"""Values that a template or a filter made: whether an object can hold them, and as what."""

from __future__ import annotations

from jinja2.runtime import Undefined
from markupsafe import Markup

from dsgen.rendering.budget import TemplateError
from dsgen.tree import Boolean, Integer, List, Map, Null, Origin, Text, Value, is_boolean, origin_of


class NotAValueError(Exception):
    """Raised for what no object can hold; with a `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def value_of(value: object, origin: Origin | None) -> Value | None:
    """Return a value as it is. Raises NotAValueError, and TemplateError at `origin` for what is undefined."""
    if isinstance(value, tuple):
        return list(value)  # type: ignore[return-value]
    if isinstance(value, Undefined):
        raise TemplateError(str(value._undefined_message), *(origin or ("", 0))[:2])
    if isinstance(value, Markup):
        raise NotAValueError(
            "text that a template wrote in a list or map",
            "a list or map takes values: write the text into the template",
        )
    if isinstance(value, float):
        found = f"the number {value} has decimals, which no field of Kubernetes takes"
        raise NotAValueError(found, "round it, or write it as text: `| string`")
    if value is not None and not isinstance(value, (str, int, dict, list, Null)):
        raise NotAValueError(
            f"a {type(value).__name__} is not a value", "write text, a number, a boolean, a list or a map"
        )
    return value  # type: ignore[return-value]


def placed(value: Value | None, origin: Origin | None) -> Value | None:
    """Return a value as one that was written at `origin`, unless it knows its place. Raises what `value_of` does."""
    if value is None or origin_of(value) is not None:
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
                raise NotAValueError(f"{str(key)[:60]} as the key of a map", "a key is text")
            inside = placed(value_of(child, origin), origin)
            result[key] = Null() if inside is None else inside
        return result
    if type(value) is list:
        inner = (placed(value_of(each, origin), origin) for each in value)
        return List((each for each in inner if each is not None), origin)
    return value
