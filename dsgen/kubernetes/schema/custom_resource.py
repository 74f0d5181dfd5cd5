"""Decoding of custom kinds, those that a CustomResourceDefinition makes known: the server reads them by other rules.

What is unknown is refused as elsewhere. But a value of the wrong type is found by the definition's schema only, along
with everything else that this asks for; a null in a map counts as absent, and one in a list has the wrong type.
"""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes.schema.decode_errors import ErrorCollector, Mismatch
from dsgen.kubernetes.schema.errors import UNKNOWN_FIELD, DecodeError, Stage
from dsgen.tree import Float, List, Map, Null, Path, is_integer

METADATA: Final = ("metadata",)
# What a schema calls an integer, int32 among them, is looked at as one of 64 bits first, and then at its limits.
_INTEGERS: Final = frozenset({"int32", "int64"})


class CustomReader(ErrorCollector):
    """Reads an object of a custom kind. Its metadata is Kubernetes' own."""

    stage: Stage = "validate"

    def read(self, type: str, value: Any, path: Path) -> Any:
        """Return `value` as one of `type`. Raises Unfit, with a fault, when it is none."""
        if path == METADATA:
            plain = ErrorCollector(self.table)
            plain.faults = self.faults
            return plain.read(type, value, path)
        return super().read("int64" if type in _INTEGERS else type, value, path)

    def _item(self, type: str, item: Any, path: Path) -> Any:
        if isinstance(item, Null):
            raise self._wrong(path, "stated", item, "remove the entry")
        return self.read(type, item, path)

    def _map(self, type: str, value: Any, path: Path) -> Any:
        stated = (
            {name: child for name, child in value.items() if not isinstance(child, Null)}
            if isinstance(value, Map)
            else value
        )
        return super()._map(type, stated, path)

    def _number(self, type: str, value: Any, path: Path) -> Any:
        whole = is_integer(value) or (isinstance(value, Float) and value.is_integer())
        return super()._number("int64" if whole else type, value, path)

    def _wrong(self, path: Path, wanted: str, value: Any, hint: str = "") -> Mismatch:
        self._stray(value, path)
        return super()._wrong(path, wanted, value, hint)

    def _stray(self, value: Any, path: Path) -> None:
        """Report the keys of maps that stand where no map belongs: to the server, they are unknown fields."""
        if isinstance(value, Map):
            for name in value:
                self.faults.append(DecodeError(UNKNOWN_FIELD, "strict", (*path, name), "no map belongs here"))
        elif isinstance(value, List):
            for index, item in enumerate(value):
                self._stray(item, (*path, index))
