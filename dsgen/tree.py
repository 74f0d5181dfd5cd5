"""Values with the position where they were written.

A tree consists of `Map`, `List` and leaves. Every part has an `Origin`, and keeps it through layers,
short forms and templates, so that a problem in the rendered object points to the line of the profile.
Plain `str`, `int` and so on are added by dsgen itself, and have no origin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias, TypeGuard, Union

from dsgen.origin import Located, Origin


class Text(str, Located):
    """A scalar as it is spelled in the file.

    `plain` is True for an unquoted scalar, the only kind that can mean a number, a boolean or null.
    """

    __slots__ = ("place", "plain")
    plain: bool

    @classmethod
    def at(cls, text: str, origin: Any, plain: bool = False) -> Text:
        """Return `text` as a leaf with the position `origin`, or the `place` of another value."""
        self = cls(text)
        self.place = origin
        self.plain = plain
        return self


class Integer(int):
    """A whole number, with the `text` it was written as."""

    origin: Origin | None
    text: str

    @classmethod
    def at(cls, number: int, origin: Origin | None, text: str | None = None) -> Integer:
        """Return `number` as a leaf with the position `origin`."""
        self = int.__new__(cls, number)
        self.origin = origin
        self.text = str(number) if text is None else text
        return self

    def __eq__(self, other: object) -> bool:
        return int.__eq__(self, other) is True and not is_boolean(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = int.__hash__


class Float(float):
    """A number with a fraction or exponent, with the `text` it was written as."""

    origin: Origin | None
    text: str

    @classmethod
    def at(cls, number: float, origin: Origin | None, text: str) -> Float:
        """Return `number` as a leaf with the position `origin`."""
        self = float.__new__(cls, number)
        self.origin = origin
        self.text = text
        return self


class Boolean(int):
    """A boolean; `bool` itself cannot be subclassed. Unlike in Python, true is not equal to 1.

    `spelling` is the word that it was written as, such as `on`, if that is known.
    """

    origin: Origin | None
    spelling: str

    @classmethod
    def at(cls, truth: bool, origin: Origin | None, spelling: str = "") -> Boolean:
        """Return `truth` as a leaf with the position `origin`."""
        self = int.__new__(cls, 1 if truth else 0)
        self.origin = origin
        self.spelling = spelling
        return self

    @property
    def text(self) -> str:
        """The boolean as YAML and JSON write it."""
        return "true" if self else "false"

    def __eq__(self, other: object) -> bool:
        return is_boolean(other) and int.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = int.__hash__

    def __repr__(self) -> str:
        return self.text


class Null:
    """An explicit null: it removes what a lower layer sets."""

    __slots__ = ("origin",)

    def __init__(self, origin: Origin | None = None) -> None:
        self.origin = origin

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "null"


class Map(dict[str, "Value"], Located):
    """A mapping in the order of the file. Its keys are `Text`, so each key has its own position.

    `type` is the type of the map: one of the field tables (`Probe`), or one of the profile language.
    """

    __slots__ = ("place", "type")
    type: str

    def __init__(self, items: Items = (), origin: Any = None, type: str = "") -> None:
        """Create a map with the position `origin`, or the `place` of another value."""
        dict.__init__(self, items)
        self.place = origin
        self.type = type

    def map(self, key: str, *below: str) -> Map:
        """Return the map under a key, or at a path of keys; an empty one if there is none."""
        # Tests of exact types, here and below, take a third of the time of `isinstance`; there are no subclasses.
        found = self.get(key)
        if type(found) is not Map:
            return new_map("", None)
        return found.map(*below) if below else found

    def child(self, key: str) -> Map | None:
        """Return the map under a key, or None if there is none."""
        found = self.get(key)
        return found if type(found) is Map else None

    def is_null(self, key: str) -> bool:
        """Return whether a key has an explicit null."""
        return type(self.get(key)) is Null

    def is_set(self, key: str) -> bool:
        """Return whether a key has a value, and that is not null."""
        found = self.get(key)
        return found is not None and type(found) is not Null

    def entries(self, key: str) -> List:
        """Return the list under a key; an empty one if there is none."""
        found = self.get(key)
        return found if type(found) is List else List()

    def maps(self, key: str) -> list[Map]:
        """Return the maps in the list under `key`, or nothing if there is no list."""
        found = self.get(key)
        return maps_in(found) if type(found) is List else []

    def text(self, key: str) -> str:
        """Return the text under a key, or an empty string."""
        found = self.get(key)
        return str(found) if isinstance(found, str) else ""

    def texts(self, key: str) -> list[str]:
        """Return the texts in the list under `key`, or nothing if there is no list."""
        return [entry for entry in self.entries(key) if isinstance(entry, str)]

    def named(self, key: str) -> list[tuple[str, Map]]:
        """Return the maps in the map under `key`, with their keys, or nothing if there is no map."""
        return found.children() if type(found := self.get(key)) is Map else []

    def children(self) -> list[tuple[str, Map]]:
        """Return the maps among the values, with their keys."""
        return [(name, value) for name, value in self.items() if type(value) is Map]

    def with_items(self, items: Items = ()) -> Map:
        """Return a map with other items, and the position and type of this one."""
        other = new_map(self.type, self.place)
        other.update(items)
        return other

    def updated(self, items: Mapping[str, Value]) -> Map:
        """Return a copy with some values replaced. Existing keys keep their order, new ones come last."""
        other = self.with_items(self)
        other.update(items)
        return other

    def replaced(self, key: str, value: Value) -> Map:
        """Return a copy with one value replaced, like `updated`, or the map itself if the value is the same."""
        return self if self.get(key) is value else self.updated({key: value})

    def without(self, *keys: str) -> Map:
        """Return a copy without some keys; missing ones are ignored."""
        other = self.with_items(self)
        for key in keys:
            other.pop(key, None)
        return other

    def key(self, name: str) -> str:
        """Return the key equal to `name` as it is in the map, with its origin.

        Raises KeyError when there is none.
        """
        sought = _Sought(name)
        if sought not in self:
            raise KeyError(name)
        return sought.found


def new_map(type: str, place: Any) -> Map:
    """Return an empty map of a type, at the place of another value. It bypasses the constructor, which takes twice as long."""
    result: Map = dict.__new__(Map)
    result.type, result.place = type, place
    return result


class _Sought(Text):
    """A key for a lookup that finds out which key of the map it equals; there is no other way to get that."""

    __slots__ = ("found",)
    found: str

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str) and str.__eq__(self, other):
            self.found = other
            return True
        return False

    __hash__ = str.__hash__


class List(list["Value"], Located):
    """A list and its position."""

    __slots__ = ("place",)

    def __init__(self, items: Iterable[Value] = (), origin: Any = None) -> None:
        """Create a list with the position `origin`, or the `place` of another value."""
        list.__init__(self, items)
        self.place = origin

    def with_maps(self, change: Callable[[Map], Value]) -> List:
        """Return the list with each of its maps changed."""
        return List((change(each) if isinstance(each, Map) else each for each in self), self.place)


Value: TypeAlias = Union[str, int, Null, Map, List]
Items: TypeAlias = Union[Mapping[str, Value], Iterable[tuple[str, Value]]]
Path: TypeAlias = tuple[Union[str, int], ...]

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})


def as_map(value: object) -> Map:
    """Return `value` if it is a map, or else an empty one."""
    return value if isinstance(value, Map) else new_map("", None)


def maps_in(values: Iterable[Value]) -> list[Map]:
    """Return those of the values that are maps."""
    return [value for value in values if type(value) is Map]


def place_of(value: object) -> Any:
    """Return what another value takes over as its position, without computing that: few positions are used."""
    return value.place if isinstance(value, Located) else origin_of(value)


def origin_of(value: object) -> Origin | None:
    """Return the origin of `value`, or None if dsgen added it."""
    return getattr(value, "origin", None)


def spelling(value: object) -> str:
    """Return a number or a boolean as it is written."""
    return getattr(value, "spelling", "") or str(getattr(value, "text", value))


def is_boolean(value: object) -> TypeGuard[bool | Boolean]:
    """Return whether `value` is a boolean, dsgen's own or Python's."""
    return isinstance(value, (bool, Boolean))


def is_integer(value: object) -> TypeGuard[int]:
    """Return whether `value` is an integer; unlike in Python, a boolean is not."""
    return isinstance(value, int) and not isinstance(value, (bool, Boolean))
