"""Keeps expressions in CEL that dsgen does not compile out of the comparison: the API server has an opinion of them, dsgen only a note."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conformance.case import Case, Json
from conformance.seeds import bases
from dsgen.kubernetes.manifest import read_first
from dsgen.plain import plain

KINDS: Final = frozenset(
    {
        "ValidatingWebhookConfiguration",
        "MutatingWebhookConfiguration",
        "CustomResourceDefinition",
        "MutatingAdmissionPolicy",
        "DeviceClass",
        "ResourceClaim",
        "ResourceClaimTemplate",
    }
)
FIELDS: Final = frozenset({"expression", "rule", "messageExpression"})
# Whether this is right depends on what the expression beside it says.
OTHERS: Final = "optionalOldSelf"
# Fields of a mutation → what is in each of its expressions, and in none elsewhere.
PATCHES: Final = {"jsonPatch": "JSONPatch{", "applyConfiguration": "Object{"}
MISPLACED: Final = "an expression that does not belong there"
# Expressions that are right wherever they are, but in a mutation.
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


def _expressions(tree: Json, within: str = "") -> Iterator[Json]:
    if isinstance(tree, dict):
        for key, child in tree.items():
            if isinstance(child, str) and key in FIELDS:
                is_patch = within in PATCHES and PATCHES[within] in child
                belongs = is_patch or (within not in PATCHES and not any(each in child for each in PATCHES.values()))
                yield child.strip() if belongs or not child.strip() else MISPLACED
            elif key == OTHERS and child is not None:
                yield OTHERS
            else:
                yield from _expressions(child, str(key))
    elif isinstance(tree, list):
        for child in tree:
            yield from _expressions(child, within)
