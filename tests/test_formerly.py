"""The former names of codes: for one release they are understood wherever one is written, and told wherever one is printed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from dsgen import report
from dsgen.catalogue import catalogue
from dsgen.cli import main
from dsgen.formerly import former_names, today
from dsgen.problem import Problem, did_you_mean_code

RENAMED = Problem("missing-image", "error", "must be stated", file="profiles/a.yaml", line=3, column=1)
OTHER = Problem("unknown-key", "error", "unknown `a`")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **options: CliRunner().invoke(main, arguments, **options)


class TestTable:
    def test_todays_names_are_codes_and_former_ones_are_not(self) -> None:
        assert former_names().keys() - catalogue().keys() == set()
        assert set(former_names().values()) & catalogue().keys() == set()

    def test_a_former_name_means_one_code(self) -> None:
        assert len(set(former_names().values())) == len(former_names()) > 500

    def test_today(self) -> None:
        assert (today("image-missing"), today("missing-image"), today("x")) == ("missing-image", "missing-image", "x")

    def test_nothing_reads_it_at_a_cold_start(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text("name: a\ncontainers: {a: {image: 'x:1'}}\n")
        code = "import sys\nfrom dsgen.cli import main\ntry:\n    main(['validate', 'a.yaml'])\nfinally:\n    print(*sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert "dsgen.problem" in done.stdout
        assert "dsgen.formerly" not in done.stdout.split()


class TestPrinted:
    def test_json(self) -> None:
        renamed, other = json.loads(report.as_json([RENAMED, OTHER]))["problems"]
        assert (renamed["code"], renamed["formerly"]) == ("missing-image", "image-missing")
        assert "formerly" not in other

    def test_sarif(self) -> None:
        (run,) = json.loads(report.sarif([RENAMED, OTHER]))["runs"]
        rules = {rule["id"]: rule.get("deprecatedIds") for rule in run["tool"]["driver"]["rules"]}
        assert rules == {"missing-image": ["image-missing"], "unknown-key": None}
        assert [result.get("properties") for result in run["results"]] == [{"formerly": "image-missing"}, None]

    def test_plan_diff_and_the_function_of_kustomize(self, run: Callable[..., Result], tmp_path: Path) -> None:
        (tmp_path / "agent.yaml").write_text("name: agent\ncontainers: {agent: {image: 'x:1'}}\n")
        (tmp_path / "pools.yaml").write_text("pools: {all: {count: 1}}\n")
        plan = json.loads(run("plan", "--nodes", "pools.yaml", "--format", "json", "agent.yaml").stdout)
        assert {"missing-readiness-probe": "rollout-blind"}.items() <= formerly(plan["problems"]).items()
        old = run("generate", "agent.yaml", "-o", "-").stdout
        (tmp_path / "old.yaml").write_text(old)
        (tmp_path / "new.yaml").write_text(old.replace("image: x:1", "image: x:1\n          imagePullPolicy: never"))
        (one,) = json.loads(run("diff", "old.yaml", "new.yaml", "--format", "json").stdout)["objects"]
        assert formerly(one["problems"]) == {"invalid-image-pull-policy": "image-pull-policy"}
        resources = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n"
        (result,) = yaml.safe_load(run("kustomize", input=resources).stdout)["results"]
        assert result["tags"] == {"code": "empty-resource-list", "formerly": "nothing-to-do"}


def formerly(problems: list[dict[str, Any]]) -> dict[str, str | None]:
    return {problem["code"]: problem.get("formerly") for problem in problems}


class TestWritten:
    def test_explain(self, run: Callable[..., Result]) -> None:
        former, current = run("explain", "image-missing"), run("explain", "missing-image")
        assert former.stdout == f"image-missing was renamed to missing-image.\n\n{current.stdout}"
        assert current.stdout.startswith("CODE:    missing-image (error)\n")

    @pytest.mark.parametrize("word", ["image-mising", "missing-imag"])
    def test_did_you_mean(self, run: Callable[..., Result], word: str) -> None:
        assert "did you mean `missing-image`?" in run("explain", word).stderr

    def test_only_codes_that_are_asked_for_are_proposed(self) -> None:
        assert (
            did_you_mean_code("image-without-tags", ["missing-image-tag", "unknown-key"])
            == "did you mean `missing-image-tag`?"
        )
        assert did_you_mean_code("dns-policy", ["unknown-key"]) == ""

    def test_dsgen_yaml(self, run: Callable[..., Result], tmp_path: Path) -> None:
        (tmp_path / "profiles").mkdir()
        (tmp_path / "profiles/agent.yaml").write_text("name: agent\ncontainers: {agent: {image: x}}\n")
        (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\nproblems: {image-without-tag: error}\n')
        result = run("validate", "--format", "json")
        problems = json.loads(result.stdout)["problems"]
        assert [(each["severity"], each["code"]) for each in problems] == [
            ("warning", "deprecated-code"),
            ("error", "missing-image-tag"),
        ]
        assert problems[0]["hint"] == "write `missing-image-tag`"
        (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\nproblems: {missing-image-tag: error}\n')
        assert [each["code"] for each in json.loads(run("validate", "--format", "json").stdout)["problems"]] == [
            "missing-image-tag"
        ]

    def test_both_names_in_dsgen_yaml(self, run: Callable[..., Result], tmp_path: Path) -> None:
        (tmp_path / "dsgen.yaml").write_text("problems: {image-without-tag: error, missing-image-tag: warning}\n")
        (problem,) = json.loads(run("validate", "--format", "json").stdout)["problems"]
        assert (problem["code"], problem["hint"]) == ("conflicting-keys", "remove `image-without-tag`")
