"""The filters and tests of templates: dsgen's own, and Jinja2's adapted to values and to the budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, Final

from jinja2 import filters, tests
from jinja2.environment import Environment
from jinja2.exceptions import SecurityError
from jinja2.runtime import Undefined
from jinja2.utils import pass_environment
from markupsafe import Markup

from dsgen.rendering.budget import TemplateError, compared, counted, spend, spend_on_letters, spend_on_operator
from dsgen.rendering.placeholders import Absent, KeepEmpty
from dsgen.source import describe
from dsgen.tree import Null, Value


def guarded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that takes its steps, and rejects template text: it contains handles, which must not be cut or changed."""
    spend_on = _cost(name)

    @wraps(function)
    def filter(*arguments: Any, **named: Any) -> Any:
        for argument in (*arguments, *named.values()):
            if isinstance(argument, Markup):
                raise SecurityError(f"the filter `{name}` on template text: only `indent` accepts it")
            if spend_on is not None:
                spend_on(argument)
        if name in _OF_TEXT and arguments and isinstance(arguments[0], (dict, list)):
            raise TemplateError(f"the filter `{name}` expects text, got {describe(arguments[0])}")
        result = function(*arguments, **named)
        if isinstance(result, Iterator):
            return counted(result)
        return str(result) if isinstance(result, Markup) else result

    return filter


def guarded_test(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a test that takes the steps for its operands."""

    @wraps(function)
    def test(*arguments: Any) -> Any:
        return function(*map(compared, arguments))

    return test


def _cost(name: str) -> Callable[[Any], object] | None:
    if name in _AT_ONCE:
        return None
    if name in _ORDERING:
        return compared
    return _look_through if name in _OF_TEXT else _walk


def _look_through(argument: Any) -> None:
    if isinstance(argument, str):
        spend_on_letters(len(argument))


def _walk(argument: Any) -> None:
    if isinstance(argument, (str, dict, list, tuple, range)):
        spend(len(argument))


def _keep(value: Any) -> Any:
    """Write the value even if it is an empty map or list."""
    return value if value is None or isinstance(value, (Absent, Undefined)) else KeepEmpty(value)


def _default(value: Any, otherwise: Any = "") -> Any:
    """Return the value, or `otherwise` if it is none or undefined."""
    return otherwise if isinstance(value, (Undefined, Absent, Null)) or value is None else value


def _items(value: Any) -> list[tuple[str, Value]]:
    """Return the pairs of a map, in its order."""
    if isinstance(value, Absent) or value is None:
        return []
    if not isinstance(value, dict):
        raise TemplateError("the filter `items` expects a map")
    return list(value.items())


def _string(value: Any) -> str:
    """Return a value as text, spelled as in the profile."""
    if isinstance(value, (dict, list)):
        raise TemplateError("the filter `string` expects one value, not a list or a map")
    return value if isinstance(value, str) else str(getattr(value, "text", value))


def _join(value: Any, separator: str = "") -> str:
    """Return the entries of a list as one text."""
    entries = [_string(entry) for entry in value or ()]
    spend_on_letters(sum(map(len, entries)) + len(separator) * len(entries))
    return separator.join(entries)


# Jinja2's own, except that their results are limited by the budget.


def _batch(value: Iterable[Any], linecount: int, fill_with: Any = None) -> Iterator[list[Any]]:
    spend(max(int(linecount), 0) if fill_with is not None else 0)
    return filters.do_batch(value, linecount, fill_with)


def _replace(text: Any, old: Any, new: Any, count: int | None = None) -> str:
    text, old, new = str(text), str(old), str(new)
    spend_on_letters(len(text) + text.count(old) * len(new))
    return str(text.replace(old, new, -1 if count is None else count))


def _round(value: float, precision: int = 0, method: Any = "common") -> float:
    if abs(precision) > 300:
        raise TemplateError("the filter `round` expects a precision of at most 300 digits")
    return filters.do_round(value, precision, method)


@pass_environment
def _sum(environment: Environment, values: Iterable[Any], attribute: str | int | None = None, start: Any = 0) -> Any:
    if isinstance(start, str):
        raise TemplateError("the filter `sum` expects numbers or lists: for text, use `join`")
    for each in values if attribute is None else map(filters.make_attrgetter(environment, attribute), values):
        spend_on_operator("+", start, each)
        start = start + each
    return start


def indent(text: Any, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    """Return text, including template text, with its lines indented."""
    if not isinstance(width, int) and (not isinstance(width, str) or width.strip(" ")):
        raise TemplateError(f"the filter `indent` expects a number of spaces, got {describe(width)}")
    spaces = width if isinstance(width, int) else len(width)
    spend_on_letters(len(text) + max(spaces, 0) * (1 + text.count("\n")))
    return filters.do_indent(text, spaces, first, blank)


_OF_TEXT: Final = frozenset({"capitalize", "lower", "replace", "title", "trim", "truncate", "upper", "wordcount"})
# These take constant time, or take their own steps.
_AT_ONCE: Final = frozenset({"abs", "count", "d", "default", "first", "float", "int", "keep", "last", "length", "round", "string"})  # fmt: skip
_ORDERING: Final = frozenset({"dictsort", "groupby", "max", "min", "sort", "unique"})
FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "default": _default,
    "d": _default,
    "items": _items,
    "join": _join,
    "keep": _keep,
    "string": _string,
    **{
        name: filters.FILTERS[name]
        for name in (
            "abs", "capitalize", "dictsort", "first", "float", "groupby", "int", "last", "length", "count", "list", "lower",
            "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "slice", "sort",
            "title", "trim", "truncate", "unique", "upper", "wordcount",
        )
    },
    "batch": _batch,
    "replace": _replace,
    "round": _round,
    "sum": _sum,
}  # fmt: skip
_COMPARING: Final = ("in", "==", "eq", "equalto", "!=", "ne", ">", "gt", "greaterthan", ">=", "ge", "<", "lt", "lessthan", "<=", "le", "lower", "upper")  # fmt: skip


def _is_none(value: object) -> bool:
    return value is None or isinstance(value, (Absent, Null))


def guarded_filters() -> dict[str, Callable[..., Any]]:
    """Return the filters of templates, by name."""
    return {**{name: guarded(name, function) for name, function in FILTERS.items()}, "indent": indent}


def guarded_tests() -> dict[str, Callable[..., Any]]:
    """Return the tests of templates, by name."""
    known: dict[str, Any] = {**tests.TESTS}
    return {**known, **{name: guarded_test(known[name]) for name in _COMPARING}, "none": _is_none}


def filter_names() -> list[str]:
    """Return the filters of templates, for the reference."""
    return sorted([*FILTERS, "indent"])
