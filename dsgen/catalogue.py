"""The catalogue of all problems: dsgen's own codes and Kubernetes' rules, by code."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache

import dsgen
from dsgen.problem import CATALOGUE
from dsgen.record import Record


class Entry(Record):
    """A code: its severity, the rule in prose, and for one of Kubernetes' rules its source."""

    code: str
    severity: str
    prose: str
    source: str = ""
    versions: str = ""


@cache
def catalogue() -> dict[str, Entry]:
    """Return all codes, sorted. Every module is imported, since each registers its own.

    Those of the language server are not: they register none, and need libraries that only the extra `lsp` installs.
    Raises ValueError for a code that is used twice, is not kebab-case or has no prose.
    """
    for module in pkgutil.walk_packages(dsgen.__path__, "dsgen."):
        if not module.name.startswith("dsgen.lsp."):
            importlib.import_module(module.name)
    from dsgen.kubernetes.validation.rule import RULES

    entries = {entry.name: Entry(entry.name, entry.severity, entry.prose) for entry in CATALOGUE.values()}
    for rule in RULES:
        if rule.code in CATALOGUE:
            raise ValueError(f"{rule.code!r} is the code of both a rule and one of dsgen's own problems")
        known = entries.get(rule.code)
        versions = _versions(rule.since, rule.until)
        if known is not None and known.source:
            versions = "; ".join(filter(None, (known.versions, versions)))
        entries[rule.code] = Entry(rule.code, rule.severity, rule.prose, rule.source, versions)
    for entry in entries.values():
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.code) or not entry.prose:
            raise ValueError(f"{entry.code!r} is not kebab-case or has no prose")
    return dict(sorted(entries.items()))


def _versions(since: str, until: str) -> str:
    if since and until:
        return f"{since} to {until}"
    return f"from {since}" if since else f"up to {until}" if until else ""
