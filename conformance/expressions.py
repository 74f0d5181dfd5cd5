"""Keeps expressions in CEL that dsgen does not compile out of the comparison: the API server has an opinion of them, dsgen only a note."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conformance.case import Case, Json
from conformance.seeds import bases
from dsgen.kubernetes.manifest import read_first
from dsgen.tree import plain

KINDS: Final = frozenset(
    {
        "ValidatingWebhookConfiguration",
        "MutatingWebhookConfiguration",
        "CustomResourceDefinition",
        "DeviceClass",
        "ResourceClaim",
        "ResourceClaimTemplate",
    }
)
FIELDS: Final = frozenset({"expression", "rule", "messageExpression"})
# Whether this is right depends on what the expression beside it says.
OTHERS: Final = "optionalOldSelf"
# Expressions that are right wherever they are.
KNOWN: Final = frozenset({"true", "1 == 1"})


def are_known(case: Case, kind: str) -> bool:
    """Return whether a case of a kind has no expressions but those of its base, empty ones and a few that are right anywhere."""
    if kind not in KINDS:
        return True
    trees = bases(kind)
    known = {*KNOWN, *_expressions(trees[case.base])}
    return all(
        each in known or not str(each).strip()
        for text in case.texts(trees)
        if text
        for each in _expressions(plain(read_first(text).root))
    )


def _expressions(tree: Json) -> Iterator[Json]:
    if isinstance(tree, dict):
        for key, child in tree.items():
            if isinstance(child, str) and key in FIELDS:
                yield child.strip()
            elif key == OTHERS and child is not None:
                yield OTHERS
            else:
                yield from _expressions(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from _expressions(child)
