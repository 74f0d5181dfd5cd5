"""Which modules hold the rules for an object: those for its kind, as `modules.json` lists them.

Most rules for DaemonSets are about fields that few objects set. Their module names these fields in `LOADED_FOR`: it is loaded, and its
rules are run, only for an object that sets one of them. This saves a third of the time of a cold start, and of every validation.

`make docs` generates the list from the modules, so that no module has to be loaded to learn what is in it.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Final

from dsgen.kubernetes.validation.kinds import Kind

# Kind → module → the fields without any of which its rules have nothing to say, wherever in the object; null for a module of every object,
# an empty list for one whose rules are only about updates.
MODULES: Final[dict[str, dict[str, list[str] | None]]] = json.loads(
    Path(__file__).with_name("modules.json").read_bytes()
)
# Every field that decides which rules a DaemonSet needs.
FIELDS: Final = frozenset(field for fields in MODULES["DaemonSet"].values() for field in fields or ())


def loaded(kind: Kind, fields: frozenset[str] | None = None) -> list[str]:
    """Load the rules for a kind into the catalogue, and return the names of their modules, in order.

    With `fields`, they are those for a new object of the kind that sets these of the `FIELDS`.
    """
    names = [
        name
        for name, needed in MODULES[kind.name].items()
        if fields is None or needed is None or not fields.isdisjoint(needed)
    ]
    return [import_module(f"{__package__}.{name}").__name__ for name in names]
