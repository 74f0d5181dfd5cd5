"""What an expression costs the server at most, by sizes that are rounded up: the cost is planned once for many values."""

from __future__ import annotations

from dsgen.kubernetes.cel.cost import AnySizes, Plan
from dsgen.kubernetes.cel.reads import Steps


class CostBySize:
    """What an expression costs at most, by sizes that are rounded up: values of about the same sizes are planned once."""

    def __init__(self, planned: Plan) -> None:
        self._planned = planned
        asked = _Asked()
        planned(asked)
        self._paths = tuple(asked.paths)
        self._known: dict[tuple[int, ...], int] = {}
        self._at_most: dict[int, int] = {}

    def at_most(self, largest: int) -> int:
        """Return what it costs at most if no size is larger."""
        size = _rounded(largest)
        if size not in self._at_most:
            self._at_most[size] = self._planned(_Given(dict.fromkeys((None, *self._paths), size)))[0]
        return self._at_most[size]

    def of(self, sizes: AnySizes) -> int:
        """Return what it costs at most for some sizes."""
        key = tuple([_rounded(sizes.largest if path is None else sizes.at(path)) for path in self._paths])
        if key not in self._known:
            self._known[key] = self._planned(_Given(dict(zip(self._paths, key, strict=True))))[0]
        return self._known[key]


class _Given:
    """Sizes by paths; None is that of what is at no path."""

    def __init__(self, known: dict[Steps | None, int]) -> None:
        self._known = known

    @property
    def largest(self) -> int:
        return self._known[None]

    def at(self, path: Steps) -> int:
        return self._known[path]


class _Asked:
    """Notes whose sizes are asked for: a plan always asks for the same."""

    def __init__(self) -> None:
        self.paths: dict[Steps | None, None] = {}

    @property
    def largest(self) -> int:
        self.paths[None] = None
        return 1

    def at(self, path: Steps) -> int:
        self.paths[path] = None
        return 1


def _rounded(size: int) -> int:
    """Return the next number with at most three digits other than 0 in base 2."""
    shift = max(size.bit_length() - 3, 0)
    return -(-size >> shift) << shift
