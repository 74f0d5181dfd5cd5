"""`Record`: `typing.NamedTuple`, created in a third of the time.

NamedTuple compiles the annotation of each field, though nobody uses the result, and a constructor for each class; in a cold start
that takes longer than reading the profile. Mistakes in a class (a default before a field without one) are left to mypy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["Record"]

if TYPE_CHECKING:
    from typing import NamedTuple as Record
else:
    from collections import _tuplegetter

    # Instead of the default of a field that has none.
    _REQUIRED = object()

    class _Maker(type):
        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            """Return a tuple class whose fields are the annotated names of the body, with everything else in the body."""
            fields = tuple(body.get("__annotations__", ()))
            if fields:
                body["_fields"] = fields
                body["_defaults"] = tuple(body.get(field, _REQUIRED) for field in fields)
                body.update((field, _tuplegetter(index, None)) for index, field in enumerate(fields))
            return super().__new__(cls, name, bases, {"__slots__": (), **body})

    class Record(tuple, metaclass=_Maker):
        """The base of tuple classes with named fields."""

        def __new__(cls, *values: Any, **named: Any) -> Record:
            """Return a record of the values. Raises TypeError if one is missing, unknown or set twice."""
            given, fields = len(values), cls._fields
            if given != len(fields) or named:
                values += tuple(map(named.pop, fields[given:], cls._defaults[given:]))
                if named or _REQUIRED in values or len(values) > len(fields):
                    missing = [field for field, value in zip(fields, values, strict=False) if value is _REQUIRED]
                    wrong = (
                        f"missing {missing}" if missing else f"unknown or set twice: {[*named, *values[len(fields) :]]}"
                    )
                    raise TypeError(f"{cls.__name__}({', '.join(fields)}): {wrong}")
            return tuple.__new__(cls, values)

        def _replace(self, **changes: Any) -> Record:
            values = tuple(map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"{type(self).__name__} has no {', '.join(changes)}")
            return tuple.__new__(type(self), values)

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __reduce__(self) -> tuple[Any, ...]:
            # Bypasses the constructor above: the results of a process are many records.
            return tuple.__new__, (type(self), tuple(self))

        def __repr__(self) -> str:
            values = [f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True)]
            return f"{type(self).__name__}({', '.join(values)})"
