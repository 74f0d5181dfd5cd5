"""Whether two DaemonSets are the same to Kubernetes once the API server has stored them, and where they are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from dsgen.kubernetes.admission.rule import write
from dsgen.kubernetes.equality import same
from dsgen.tree import List, Map, Path, Value, plain


class Difference(NamedTuple):
    """A field whose value is another one: what the given object has there, and what the profile makes; None for nothing."""

    path: Path
    given: Any
    made: Any

    @property
    def field(self) -> str:
        """The field, as Kubernetes writes it."""
        return write(self.path)

    def __str__(self) -> str:
        return f"was {_shown(self.given)} and is {_shown(self.made)}"


def _shown(value: Any) -> str:
    import json

    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def differences(given: Value | None, made: Value | None, path: Path = ()) -> Iterator[Difference]:
    """Yield the fields in which two tidy objects with defaults differ."""
    field = str(path[-1]) if path else ""
    if isinstance(given, Map) and isinstance(made, Map):
        for key in {**given, **made}:
            yield from differences(given.get(key), made.get(key), (*path, str(key)))
    elif isinstance(given, List) and isinstance(made, List) and len(given) == len(made):
        for index, (one, other) in enumerate(zip(given, made, strict=True)):
            yield from differences(one, other, (*path, index))
    elif not same(given, made, field):
        yield Difference(path, None if given is None else plain(given), None if made is None else plain(made))
