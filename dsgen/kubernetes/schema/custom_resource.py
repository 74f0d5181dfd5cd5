"""Decoding of custom resources, the kinds of CustomResourceDefinitions: the server has other rules for them.

Unknown fields are rejected as elsewhere. But a value of the wrong type is only found by the schema of the definition,
together with everything else that it requires. A null in a map counts as absent, and one in a list has the wrong type.
"""

from __future__ import annotations

from typing import Any, Final

from dsgen.kubernetes.schema.decode_errors import ErrorCollector, Mismatch
from dsgen.kubernetes.schema.errors import UNKNOWN_FIELD, DecodeError, Stage
from dsgen.tree import Float, List, Map, Null, Path, is_integer

METADATA: Final = ("metadata",)
# An integer of a schema, also int32, is first checked as one of 64 bits, and then against its limits.
_INTEGERS: Final = frozenset({"int32", "int64"})


class CustomReader(ErrorCollector):
    """Reads an object of a custom kind. Its metadata is Kubernetes' own."""

    stage: Stage = "validate"

    def read(self, type: str, value: Any, path: Path) -> Any:
        """Return `value` as one of `type`. Raises Mismatch, with a fault, if it does not fit."""
        if path == METADATA:
            plain = ErrorCollector(self.kind, self.table.minor)
            plain.faults = self.faults
            return plain.read(type, value, path)
        return super().read("int64" if type in _INTEGERS else type, value, path)

    def _item(self, type: str, item: Any, path: Path) -> Any:
        if isinstance(item, Null):
            raise self._wrong(path, "set", item, "remove the item")
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
        """Report the keys of maps in the wrong place: to the server, they are unknown fields."""
        if isinstance(value, Map):
            for name in value:
                self.faults.append(DecodeError(UNKNOWN_FIELD, "strict", (*path, name), "a map is not allowed here"))
        elif isinstance(value, List):
            for index, item in enumerate(value):
                self._stray(item, (*path, index))
