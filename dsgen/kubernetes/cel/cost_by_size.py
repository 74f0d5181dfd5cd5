"""What an expression costs the server at most, by sizes that are rounded up: the cost is planned once for many values."""

from __future__ import annotations

from collections.abc import Mapping

from dsgen.kubernetes.cel.cost import Plan
from dsgen.kubernetes.cel.reads import Steps
from dsgen.kubernetes.cel.sizes import AnySizes, Scale, rounded


class CostBySize:
    """What an expression costs at most, by sizes that are rounded up: values of about the same sizes are planned once."""

    def __init__(self, planned: Plan) -> None:
        self._planned = planned
        asked = _Asked()
        planned(asked)
        self._paths = tuple(asked.paths)
        self._known: dict[tuple[int, ...], int] = {}
        self._at_most: dict[Scale, int] = {}

    def at_most(self, scale: Scale) -> int:
        """Return what it costs at most for values of a scale."""
        if scale not in self._at_most:
            by_name = {name: both for name, *both in scale.by_name}
            whole = [scale.whole, scale.whole]
            known = {path: by_name.get(str(path[0]), whole) if path else whole for path in self._paths}
            sizes, counts = ({path: both[at] for path, both in known.items()} for at in (0, 1))
            self._at_most[scale] = self._planned(_Given(sizes, counts))[0]
        return self._at_most[scale]

    def of(self, sizes: AnySizes) -> int:
        """Return what it costs at most for some sizes."""
        key = tuple([rounded(sizes.largest if path is None else sizes.at(path)) for path in self._paths])
        if key not in self._known:
            known = dict(zip(self._paths, key, strict=True))
            self._known[key] = self._planned(_Given(known, known))[0]
        return self._known[key]


class _Given:
    """Sizes by paths, and those of lists and maps; None is that of what is at no path."""

    def __init__(self, known: Mapping[Steps | None, int], counts: Mapping[Steps | None, int]) -> None:
        self._known = known
        self._counts = counts

    @property
    def largest(self) -> int:
        return self._known[None]

    def at(self, path: Steps) -> int:
        return self._known[path]

    def count(self, path: Steps) -> int:
        return self._counts[path]


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

    count = at
