"""The jobs for GitLab, run as a runner runs them: inputs are replaced in the text, `script` ends at the first failure, `after_script` does not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[1]
TEXT: Final = (ROOT / "action/gitlab.yml").read_text("utf-8")
PROFILE: Final = "name: agent\ncontainers: {main: {image: 'example.com/agent:1'}}\n"
REPORT: Final = "gl-code-quality-report.json"


def jobs(**inputs: str) -> dict[str, Any]:
    """Return the jobs that a pipeline with these inputs has, each with what it extends."""
    head, body = TEXT.split("\n---\n")
    declared = yaml.safe_load(head)["spec"]["inputs"]
    values = {name: each["default"] for name, each in declared.items() if "default" in each}
    values |= {name.replace("_", "-"): value for name, value in inputs.items()}
    assert values.keys() == declared.keys()

    def value(match: re.Match[str]) -> str:
        found = values[match[1]]
        return str(found).lower() if isinstance(found, bool) else str(found)

    found = yaml.safe_load(re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", value, body))
    made = {name: {**found[job["extends"]], **job} for name, job in found.items() if not name.startswith(".")}
    # Each condition compares two words in quotes.
    return {name: job for name, job in made.items() if all(is_met(rule["if"]) for rule in job.get("rules", ()))}


def is_met(condition: str) -> bool:
    left, right = re.fullmatch(r'"(.*)" == "(.*)"', condition, re.DOTALL).groups()  # type: ignore[union-attr]
    return bool(left == right)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose project is in a folder, with output that is up to date."""
    project = tmp_path / "repository/infra/my agents"
    (project / "profiles").mkdir(parents=True)
    (project / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (project / "profiles/agent.yaml").write_text(PROFILE)
    subprocess.run([sys.executable, "-m", "dsgen", "generate", "-q"], cwd=project, check=True)
    (tmp_path / "repository/.git").mkdir()
    return tmp_path / "repository"


def run(repository: Path, job: dict[str, Any]) -> tuple[int, str, list[dict[str, Any]]]:
    """Run a job, and return its exit code, its log, and its report. Its `python3` only notes what it has to install."""
    tools = repository.parent / "tools"
    tools.mkdir(exist_ok=True)
    for name, text in (("dsgen", f'"{sys.executable}" -m dsgen "$@"'), ("python3", 'echo "$@" > ../installed')):
        (tools / name).write_text(f"#!/bin/sh\n{text}\n")
        (tools / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}

    def bash(lines: list[str]) -> subprocess.CompletedProcess[str]:
        script = "set -eo pipefail\n" + "\n".join(lines)
        return subprocess.run(
            ["bash", "-c", script], cwd=repository, env=environment, capture_output=True, text=True, check=False
        )

    done = bash([*job["before_script"], *job["script"]])
    bash(job["after_script"])
    assert job["artifacts"] == {"when": "always", "reports": {"codequality": REPORT}}
    return done.returncode, done.stdout + done.stderr, json.loads((repository / REPORT).read_text())


INPUTS: Final = {"package": "https://example.com/dsgen_k8s-0.1.0-py3-none-any.whl", "directory": "infra/my agents"}


def test_a_clean_repository(repository: Path) -> None:
    made = jobs(**INPUTS)
    assert list(made) == ["dsgen-validate", "dsgen-check-output"]
    for job in made.values():
        code, log, report = run(repository, job)
        assert (code, report) == (0, []), log
        assert (repository.parent / "installed").read_text() == f"-m pip install --quiet {INPUTS['package']}\n"


def test_an_error_is_in_the_log_and_in_the_report(repository: Path) -> None:
    file = "infra/my agents/profiles/agent.yaml"
    (repository / file).write_text(PROFILE.replace("image:", "imagge:"))
    code, log, report = run(repository, jobs(**INPUTS)["dsgen-validate"])
    assert code == 1
    assert "profiles/agent.yaml:2:" in log
    assert "unknown-key" in [each["check_name"] for each in report]
    assert {(each["location"]["path"], each["severity"]) for each in report} == {(file, "major")}


def test_output_that_is_out_of_date(repository: Path) -> None:
    (repository / "infra/my agents/profiles/agent.yaml").write_text(PROFILE.replace("agent:1", "agent:2"))
    assert run(repository, jobs(**INPUTS)["dsgen-validate"])[0] == 0
    code, log, report = run(repository, jobs(**INPUTS)["dsgen-check-output"])
    assert code == 1
    assert "+          image: example.com/agent:2" in log
    assert [each["check_name"] for each in report] == ["output-drift"]
    assert "dsgen-check-output" not in jobs(**INPUTS, check_output="false")


def test_arguments(repository: Path) -> None:
    wrong = repository / "infra/my agents/profiles/wrong.yaml"
    wrong.write_text("name: wrong\n")
    assert run(repository, jobs(**INPUTS, arguments="agent --fail-on warning")["dsgen-validate"])[0] == 0
    assert run(repository, jobs(**INPUTS, arguments="agent wrong")["dsgen-validate"])[0] == 1
