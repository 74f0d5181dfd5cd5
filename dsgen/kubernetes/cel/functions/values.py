"""What functions share: values of Kubernetes' own types, equality as CEL has it, and how a function says that it does not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

# An error of evaluation that begins with this is none of the server's: the result is not known.
UNKNOWN: Final = "dsgen: "
_PREFIX: Final = "\x01"
Function = Callable[[list[Any]], Any]


class UnknownResultError(ValueError):
    """What the server evaluates a function to is not known."""

    def __init__(self, why: str) -> None:
        super().__init__(UNKNOWN + why)


class NoOverloadError(ValueError):
    """A function has arguments of types that it does not take."""

    def __init__(self) -> None:
        super().__init__("no such overload")


def opaque(name: str, value: Any) -> dict[str, Any]:
    """Return a value of a type of Kubernetes' own, as the library takes it: a map that no data is."""
    return {_PREFIX + name: value}


def revealed(name: str, value: Any) -> Any:
    """Return what a value of a type of Kubernetes' own holds. Raises NoOverloadError for another value."""
    if isinstance(value, dict) and len(value) == 1 and _PREFIX + name in value:
        return value[_PREFIX + name]
    raise NoOverloadError


def is_opaque(name: str, value: Any) -> bool:
    """Return whether a value is of a type of Kubernetes' own."""
    return isinstance(value, dict) and _PREFIX + name in value


def text_of(value: Any) -> str:
    """Return a text. Raises NoOverloadError for another value."""
    if not isinstance(value, str):
        raise NoOverloadError
    return value


def is_valid(parse: Function) -> Function:
    """Return a function for whether another one takes its arguments, and raises no error of the server's."""

    def valid(arguments: list[Any]) -> bool:
        try:
            parse(arguments)
        except (NoOverloadError, UnknownResultError):
            raise
        except ValueError:
            return False
        return True

    return valid


def equal(a: Any, b: Any) -> bool:
    """Return whether two values are equal: numbers are, of any type, and a boolean is not a number."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return len(a) == len(b) and all(key in b and equal(value, b[key]) for key, value in a.items())
    return type(a) is type(b) and bool(a == b) if not isinstance(a, (int, float)) else bool(a == b)
