"""When two parts of a manifest mean the same to Kubernetes."""

from __future__ import annotations

from typing import Any

from dsgen.tree import List, Map


def same(one: Any, other: Any) -> bool:
    """Tell whether two values mean the same to Kubernetes: what is absent, null or empty is all one, but for `{}`."""
    if isinstance(one, Map) and isinstance(other, Map):
        return all(same(one.get(key), other.get(key)) for key in {**one, **other})
    if isinstance(one, List) and isinstance(other, List):
        return len(one) == len(other) and all(map(same, one, other))
    blank, other_blank = (not each and not isinstance(each, Map) for each in (one, other))
    return bool(one == other) or (blank and other_blank)
