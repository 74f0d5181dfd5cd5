"""Write dsgen/kubernetes/validation/modules.json: which modules hold the rules for each kind, and for which fields they are loaded.

    python -m scripts.make_rule_modules

The scopes of a module's rules say which kinds it is for, and its constant `LOADED_FOR` which fields.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Final

from dsgen.kubernetes import validation
from dsgen.kubernetes.validation.kinds import ANY_OTHER, KINDS
from dsgen.kubernetes.validation.rule import RULES
from dsgen.kubernetes.validation.scopes import Child, children
from dsgen.kubernetes.validation.volumes import SOURCES

# These read the file, and hold no rules: it must be possible to write it again when it is broken.
READERS: Final = ("modules", "walk")
TARGET: Final = Path(validation.__path__[0]) / "modules.json"
# Where the walk over the pods of an object begins.
PODS: Final = (
    *("template-metadata", "template", "pod", "pod-lifetime", "container", "long-running", "volume", "volume-source"),
    *SOURCES,
)


WITH_PODS: Final = {kind.name for kind in KINDS.values() if kind.template is not None}


def table() -> dict[str, dict[str, list[str] | None]]:
    """Return what the file should hold.

    Raises ValueError for a rule whose scope is in no object.
    """
    prefix = f"{validation.__name__}."
    names = [module.name.removeprefix(prefix) for module in walk_packages(validation.__path__, prefix)]
    modules = {name: import_module(prefix + name) for name in names if name not in READERS}
    scopes = {name: {rule.scope for rule in RULES if rule.check.__module__ == prefix + name} for name in modules}
    parts = children(scope for of_module in scopes.values() for scope in of_module)
    found: dict[str, dict[str, list[str] | None]] = {}
    known: set[str] = set()
    for kind in (*KINDS, ANY_OTHER):
        within = reachable(kind, parts)
        known |= within
        found[kind] = {
            name: sorted(module.LOADED_FOR) if hasattr(module, "LOADED_FOR") else None
            for name, module in sorted(modules.items())
            if scopes[name] & within
        }
    if lost := set().union(*scopes.values()) - known:
        raise ValueError(f"no object has the scopes {', '.join(sorted(lost))}")
    return found


def reachable(kind: str, parts: dict[str, list[Child]]) -> set[str]:
    """Return the scopes of the parts of objects of a kind."""
    pods: tuple[str, ...] = PODS if kind in WITH_PODS else ()
    more = (*KINDS[kind].scopes, *KINDS[kind].inner) if kind in KINDS else ()
    roots = ("metadata", kind, *more, "update", f"{kind}-create", f"{kind}-update", *pods)
    return set().union(*(_below(root, parts) for root in roots))


def of_pods(parts: dict[str, list[Child]]) -> set[str]:
    """Return the scopes of what every kind with pods has."""
    return set().union(*(_below(root, parts) for root in ("metadata", "update", *PODS)))


def _below(scope: str, parts: dict[str, list[Child]]) -> set[str]:
    return {scope}.union(*(_below(name, parts) for child in parts.get(scope, ()) for name in child.scopes))


def text() -> str:
    """Return the text of the file, a line for each module."""
    kinds = [
        f" {json.dumps(kind)}: {{\n"
        + ",\n".join(f"  {json.dumps(name)}: {json.dumps(fields)}" for name, fields in modules.items())
        + "\n }"
        for kind, modules in table().items()
    ]
    return "{\n" + ",\n".join(kinds) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
