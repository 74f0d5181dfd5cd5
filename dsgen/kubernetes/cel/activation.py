"""The values of variables for which many expressions are evaluated: what takes long is done once for each value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from dsgen.kubernetes.cel.environment import evaluating
from dsgen.kubernetes.cel.reads import Steps
from dsgen.kubernetes.cel.sizes import Measured, Scale, Sizes, extent, measured, rounded


class Shared:
    """A value in one or more activations, as plain data that is not changed."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self._sizes = Sizes({"": value})
        self._extents: dict[Steps, int] = {}

    def at(self, below: Steps) -> int:
        """Return the largest size of the values at a path in it."""
        return self._sizes.at(("", *below))

    def extent(self, below: Steps) -> int:
        """Return the size of all values at a path in it together."""
        if below not in self._extents:
            self._extents[below] = extent(self.value, below)
        return self._extents[below]

    @cached_property
    def measured(self) -> Measured:
        """How large it is."""
        return measured(self.value)

    @cached_property
    def limits(self) -> tuple[int, int]:
        """What no size in it is above, and no size of a list or a map."""
        return rounded(self.measured.size), rounded(self.measured.most)


class Activation:
    """The values of variables."""

    def __init__(self, values: Mapping[str, Shared]) -> None:
        self._values = values
        self._known: dict[Steps, int] = {}
        # Expressions of which it is known whether they are cheap.
        self.cheap: dict[Any, bool] = {}

    @cached_property
    def is_usable(self) -> bool:
        """Whether the library takes all values: with one that it does not, no expression is evaluated."""
        return not any(each.measured.is_odd for each in self._values.values())

    @cached_property
    def values(self) -> Any:
        """The values as the library has them, each converted when an expression reads it first."""
        return evaluating().Activation(data={name: each.value for name, each in self._values.items()})

    def at(self, path: Steps) -> int:
        """Return the largest size of the values at a path."""
        known = self._known.get(path)
        if known is None:
            own = self._values.get(str(path[0]))
            known = self._known[path] = own.at(path[1:]) if own else 0
        return known

    count = at

    @property
    def data(self) -> dict[str, Any]:
        """The values as plain data."""
        return {name: each.value for name, each in self._values.items()}

    @cached_property
    def scale(self) -> Scale:
        """What no size is above."""
        by_name = tuple([(name, *each.limits) for name, each in self._values.items()])
        return Scale(by_name, rounded(1 + sum([each.measured.whole for each in self._values.values()])))

    def narrowed(self, paths: Iterable[Steps]) -> Narrowed:
        """Return the sizes for an expression that reads nothing but what is at some paths."""
        return Narrowed(self, paths)

    def extent(self, path: Steps) -> int:
        """Return the size of all values at a path together."""
        own = self._values.get(str(path[0]))
        return own.extent(path[1:]) if own else 0


class Narrowed:
    """The sizes of an activation; the largest is that of what is at some paths."""

    def __init__(self, activation: Activation, paths: Iterable[Steps]) -> None:
        self._activation = activation
        self._paths = paths
        self.at = self.count = activation.at

    @cached_property
    def largest(self) -> int:
        """A size that nothing at the paths has, and no part of it."""
        return 1 + sum(map(self._activation.extent, self._paths))
