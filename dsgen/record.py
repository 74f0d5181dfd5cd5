"""`Record`: `typing.NamedTuple`, created in a third of the time.

NamedTuple compiles the annotation of each field, though nobody uses the result; in a cold start that takes longer than
reading the profile. Mistakes in a class (a default before a field without one) are left to mypy.
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
            """Return a tuple class whose fields are the annotated names of the body, with everything else in the body."""
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body["__annotations__"]
            defaults = [body.pop(field) for field in fields if field in body]
            base = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for key, value in body.items():
                setattr(base, key, value)
            return base

    class Record(metaclass=_Maker):
        """The base of tuple classes with named fields."""
