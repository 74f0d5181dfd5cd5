"""The policies in `docs/policies`: each refuses its refused profile at the marked line, and nothing of its accepted one."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsgen import api
from dsgen.project.project import find_project
from tests.kubernetes.policies.setups import needs_cel

LIBRARY = Path(__file__).parents[3] / "docs" / "policies"
NAMES = sorted(path.parent.name for path in LIBRARY.glob("*/policy.yaml"))


def test_there_are_policies() -> None:
    assert len(NAMES) == 8


@needs_cel
@pytest.mark.parametrize("name", NAMES)
def test_a_policy_refuses_what_it_should_and_nothing_else(name: str, tmp_path: Path) -> None:
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\npolicies: [policy.yaml]\n')
    (tmp_path / "policy.yaml").write_text((LIBRARY / name / "policy.yaml").read_text())
    project, problems = find_project(tmp_path)
    assert problems == []
    for case in ("accepted", "refused"):
        text = (LIBRARY / name / f"{case}.yaml").read_text()
        marked = [number for number, line in enumerate(text.splitlines(), 1) if line.endswith("# refused")]
        found = api.validate(api.loads(text, str(tmp_path / f"{case}.yaml"), project))
        assert [(each.code, each.line) for each in found if each.severity != "note"] == [
            ("forbidden-by-policy", line) for line in marked
        ]
        assert [each for each in found if each.code == "unvalidated-policy"] == []
        assert bool(marked) == (case == "refused")


@needs_cel
@pytest.mark.parametrize("name", NAMES)
def test_a_policy_itself_is_valid(name: str) -> None:
    assert [
        each for each in api.validate_manifest((LIBRARY / name / "policy.yaml").read_text()) if each.severity != "note"
    ] == []
