"""Which minor versions have a field. This loads the tables of all of them, so only documentation and mistakes ask."""

from __future__ import annotations

from dsgen.kubernetes.schema import fields


def minors_with(type: str, name: str) -> list[str]:
    """Return the minor versions in which a type has the field `name`."""
    return [minor for minor in fields.MINORS if name in fields.of(type, minor).types.get(type, ())]


def versions(type: str, name: str) -> str:
    """Return which versions have a field: `since 1.34`, `until 1.35`, `1.33 to 1.35` or `only 1.35`; an empty string if all have it."""
    minors = minors_with(type, name)
    if not minors or len(minors) == len(fields.MINORS):
        return ""
    first, last = minors[0], minors[-1]
    if last == fields.MINORS[-1]:
        return f"since {first}"
    if first == fields.MINORS[0]:
        return f"until {last}"
    return f"only {first}" if first == last else f"{first} to {last}"
