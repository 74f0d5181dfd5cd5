"""Many objects in one import: each is looked up, and none is compared with all the others."""

from __future__ import annotations

import pytest

from dsgen.generate.result import GenerateResult
from dsgen.importer import prove
from dsgen.tree import Map
from tests.importer.imports import daemonset, imports

MANY = 60
CONFIG_MAP = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{0}}}\ndata: {{a: b}}\n"


def test_generated_objects_are_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once for each config map that is folded in."""
    lists = []
    listed = prove.made_objects

    def counted(made: GenerateResult) -> dict[tuple[str, str], Map]:
        lists.append(made)
        return listed(made)

    for module in ("fold.settle", "daemonset"):
        monkeypatch.setattr(f"dsgen.importer.{module}.made_objects", counted)
    used = "\n".join(f"- configMapRef: {{name: c{number}}}" for number in range(MANY))
    outcome = imports(daemonset(container=f"envFrom:\n{used}") + "".join(map(CONFIG_MAP.format, range(MANY))))
    assert len(outcome.imported[0].folded) == MANY
    assert len(lists) == 2
