"""`Record`: `typing.NamedTuple`, made in a third of its time.

NamedTuple compiles the annotation of each field, though nobody asks for what comes of it; in a cold start that is more than
the reading of the profile takes. What is wrong with a class (a default before a field without one), mypy says.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

__all__ = ["Record"]

if TYPE_CHECKING:
    from typing import NamedTuple as Record
else:

    class _Maker(type):
        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            """Return a class of tuples whose fields are what is annotated in the body, with what else the body has."""
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body["__annotations__"]
            defaults = [body.pop(field) for field in fields if field in body]
            base = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for key, value in body.items():
                setattr(base, key, value)
            return base

    class Record(metaclass=_Maker):
        """The base of a class of tuples with named fields."""
