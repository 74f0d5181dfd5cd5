"""Published DaemonSets: the profile of each valid one is identical, shorter, and has its comments."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from dsgen.importer.read.comments import read
from dsgen.problem import has_errors
from tests.importer.imports import CORPUS, Outcome, imports

pytestmark = pytest.mark.long

FILES = sorted(CORPUS.glob("*.yaml"))
# What only `manifest` can state, and why the language has no key for it.
MANIFEST = {
    "spec.template.metadata.name": "a name in the template is stored and means nothing: the controller names the pods",
    "spec.template.metadata.namespace": "a namespace in the template is stored and means nothing: pods are in the DaemonSet's",
}
# A line of an entry that is commented out.
OUT = re.compile(r"""#+ *(?:- )?[A-Za-z]+:(?: ["']?(?P<value>[^"'#]*?)["']?(?: +#.*)?)?""")


@cache
def outcome(path: Path) -> Outcome:
    return imports(path.read_bytes(), path.name)


def stated(text: str) -> int:
    """Return the number of lines without comments and blank lines."""
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith(("#", "---")))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])
def test_profile_reproduces_the_manifest(path: Path) -> None:
    result = outcome(path)
    assert result.imported
    for each in result.imported:
        assert each.same or has_errors(result.problems), result.problems


def test_nearly_all_manifests_are_valid() -> None:
    same = [path for path in FILES if all(each.same for each in outcome(path).imported)]
    assert len(same) > 0.97 * len(FILES)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])
def test_manifest_key_is_used_only_where_listed(path: Path) -> None:
    for each in outcome(path).imported:
        for match in re.finditer(r"^manifest:.*(?:\n .*)*", each.text, re.MULTILINE):
            words = re.findall(r"\w+(?=:)", match[0])
            assert f"{'.'.join(words[1:])}" in MANIFEST


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])
def test_comments_are_kept(path: Path) -> None:
    result = outcome(path)
    text = path.read_text("utf-8")
    if len(result.imported) == 1 and text.count("\nkind:") == 1:
        above, behind, below, end, _ = read(text, path.name)
        words = [word for part in (above, below, end) for each in part.values() for word in each] + list(
            behind.values()
        )
        lost = [word for word in words if word not in result.text]
        # Entries that are commented out are in the form of the profile, which has their names and values.
        fields = [OUT.fullmatch(word) for word in lost]
        assert [word for word, field in zip(lost, fields, strict=True) if not field] == []
        values = [field["value"] or "" for field in fields if field]
        # `readOnly: true` becomes `:ro`.
        assert [value for value in values if value not in result.text and value != "true"] == []


def test_profiles_are_less_than_half_as_long() -> None:
    ratios = []
    for path in FILES:
        text, result = path.read_text("utf-8"), outcome(path)
        if text.count("\nkind:") + text.startswith("kind:") == 1 and result.imported[0].same:
            ratios.append(stated(result.text) / stated(text))
    assert len(ratios) > 100
    assert median(ratios) <= 0.44
