"""What a `dsgen.yaml` may state, and how much of it."""

from __future__ import annotations

from pathlib import Path

from dsgen.project.paths import LONGEST_PATH
from dsgen.project.project import PATTERNS, read_project


def test_patterns_are_not_too_many(tmp_path: Path) -> None:
    """Each is sought for by itself: those beyond are a problem, and are not sought for."""
    (tmp_path / "dsgen.yaml").write_text("profiles:\n" + "- 'a/*.yaml'\n" * (PATTERNS + 1))
    project, problems = read_project(tmp_path)
    assert [each.message for each in problems] == ["expected at most 1,000 patterns, got 1,001"]
    assert len(project.profiles) == PATTERNS
    (tmp_path / "dsgen.yaml").write_text("profiles:\n" + "- 'a/*.yaml'\n" * PATTERNS)
    assert read_project(tmp_path)[1] == []


def test_a_pattern_is_not_too_long(tmp_path: Path) -> None:
    (tmp_path / "dsgen.yaml").write_text(f"profiles: '{'*a' * LONGEST_PATH}'\ntemplates: {'t' * LONGEST_PATH}\n")
    project, problems = read_project(tmp_path)
    assert [(each.path, each.message) for each in problems] == [
        ("profiles", "expected a path of at most 4,096 characters, got 8,192")
    ]
    assert project.profiles == ()
    assert len(project.templates) == LONGEST_PATH
