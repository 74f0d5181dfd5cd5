"""A release: what its notes require, and that the workflow runs what this repository can run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.release import ReleaseError, notes, sums

ROOT = Path(__file__).parent.parent
CHANGELOG = "# Changelog\n\n## [0.3.0] - 2027-01-31\n\n### Added\n\n- A.\n\n## [0.2.0] - 2026-11-30\n\n- B.\n"


def workflow() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/release.yaml").read_text("utf-8"))
    return found


def test_the_notes_are_the_entries_of_the_version() -> None:
    assert notes(CHANGELOG, "0.3.0", "v0.3.0") == "### Added\n\n- A.\n"
    # An empty section for what comes next may be above it.
    assert notes(CHANGELOG.replace("## [0.3.0]", "## [Unreleased]\n\n## [0.3.0]"), "0.3.0") == "### Added\n\n- A.\n"


@pytest.mark.parametrize(
    ("changelog", "version", "tag", "expected"),
    [
        (CHANGELOG, "0.3.0", "v0.3.1", r"the tag is v0\.3\.1, but dsgen/version\.py has 0\.3\.0: tag v0\.3\.0"),
        (CHANGELOG, "0.2.0", "v0.2.0", r"begins with 0\.3\.0: move its entries to `## \[0\.2\.0\] - DATE`"),
        (CHANGELOG.replace("## [0.3.0] - 2027-01-31", "## [Unreleased]"), "0.2.0", "v0.2.0", "begins with Unreleased"),
        (CHANGELOG.replace(" - 2027-01-31", ""), "0.3.0", "v0.3.0", r"has no date for 0\.3\.0"),
        ("# Changelog\n", "0.3.0", "v0.3.0", "begins with nothing"),
    ],
)
def test_what_is_not_released(changelog: str, version: str, tag: str, expected: str) -> None:
    with pytest.raises(ReleaseError, match=expected):
        notes(changelog, version, tag)


def test_a_trial_has_the_newest_entries() -> None:
    assert notes(CHANGELOG.replace("## [0.3.0] - 2027-01-31", "## [Unreleased]"), "0.2.0") == "### Added\n\n- A.\n"


def test_sums_are_those_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"")
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "SHA256SUMS").write_bytes(b"old")
    assert [line.split("  ")[1] for line in sums(tmp_path).splitlines()] == ["a", "b"]


def test_the_workflow_runs_targets_of_the_makefile() -> None:
    """`.ci/run` runs both."""
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    runs = [step["run"] for job in workflow()["jobs"].values() for step in job["steps"] if "run" in step]
    used = {line.split()[1] for line in runs if line.startswith("make ")}
    assert used == {"release", "wheel-test"}
    assert used <= targets
    script = (ROOT / ".ci/run").read_text("utf-8")
    assert all(f"make {target}" in script for target in used)


def test_every_supported_python_takes_the_wheel() -> None:
    pythons = workflow()["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert pythons[0] == "3.10"
    assert 'requires-python = ">=3.10"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_a_job_has_no_rights_that_it_does_not_need() -> None:
    assert workflow()["permissions"] == {}
    rights = {name: job["permissions"] for name, job in workflow()["jobs"].items()}
    assert [name for name, each in rights.items() if "write" in each.values()] == ["publish"]
    # The job that may write checks out nothing, and so runs no code of the repository.
    assert not any("checkout" in step.get("uses", "") for step in workflow()["jobs"]["publish"]["steps"])


def test_the_image_runs_without_rights() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert "USER 999:999" in lines
    assert lines[-1] == 'ENTRYPOINT ["dsgen"]'
