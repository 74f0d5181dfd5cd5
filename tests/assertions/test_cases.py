"""`dsgen test`: what files of tests state, and what is said of a case that does not hold."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from dsgen.cli import main
from dsgen.kubernetes.cel.library import cel

needs_cel = pytest.mark.skipif(cel() is None, reason="the extra `cel` is not installed")
PROFILE = """name: agent
hostNetwork: true
labels: {app.kubernetes.io/part-of: agents}
containers:
  agent: {image: "example.com/agent:1.0", env: {LEVEL: info}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    for name in ("profiles", "tests"):
        (tmp_path / name).mkdir()
    (tmp_path / "profiles/agent.yaml").write_text(PROFILE)
    return tmp_path


def run(project: Path, text: str, *arguments: str) -> Result:
    (project / "tests/agent.yaml").write_text(text)
    return CliRunner().invoke(main, ["test", *arguments])


def case(rest: str, profile: str = "agent") -> str:
    return f"tests:\n- name: a case\n  profile: {profile}\n  {rest}\n"


@pytest.mark.parametrize(
    "expected",
    [
        "{spec: {template: {spec: {hostNetwork: true}}}}",
        "{spec: {template: {spec: {hostPID: null}}}}",
        # A default that is not generated.
        "{spec: {updateStrategy: {type: RollingUpdate}}}",
        "{metadata: {labels: {app.kubernetes.io/part-of: agents}}}",
        '{spec: {template: {spec: {containers: [{name: agent, image: "example.com/agent:1.0"}]}}}}',
        "{spec: {template: {spec: {containers: [{name: agent, env: [{name: LEVEL, value: info}]}]}}}}",
        "{apiVersion: apps/v1, kind: DaemonSet}",
    ],
)
def test_expected_values_that_are_there(project: Path, expected: str) -> None:
    done = run(project, case(f"expect: {expected}"))
    assert (done.exit_code, done.stderr) == (0, "passed: agent: a case\n1 case, 1 passed\n")


@pytest.mark.parametrize(
    ("expected", "column", "words"),
    [
        ("{spec: {template: {spec: {hostNetwork: false}}}}", 50, "spec.template.spec.hostNetwork: DaemonSet agent: expected false, got true"),
        ("{spec: {template: {spec: {hostNetwork: null}}}}", 50, "expected nothing, got true"),
        ("{spec: {template: {spec: {hostNetwork: 1}}}}", 50, "expected 1, got true"),
        ("{spec: {minReadySeconds: 5}}", 36, "spec.minReadySeconds: DaemonSet agent: expected 5, got nothing"),
        ('{spec: {template: {spec: {containers: [{name: agent, image: "x:1"}]}}}}', 71, 'spec.template.spec.containers.agent.image: DaemonSet agent: expected "x:1", got "example.com/agent:1.0"'),
        ("{spec: {template: {spec: {containers: [{name: other}]}}}}", 57, "expected an item with the name other, got no such item"),
        ("{spec: {template: {spec: {volumes: [x]}}}}", 46, 'expected ["x"], got nothing'),
    ],
)  # fmt: skip
def test_a_value_that_differs_is_an_error_at_its_line(project: Path, expected: str, column: int, words: str) -> None:
    done = run(project, case(f"expect: {expected}"))
    assert done.exit_code == 1
    assert done.stderr.startswith(f"failed: agent: a case\ntests/agent.yaml:4:{column}: error: ")
    assert f"{words} [failed-test]" in done.stderr
    assert done.stderr.endswith("1 case, 0 passed\n")


@needs_cel
def test_rules_are_evaluated(project: Path) -> None:
    good = '"object.spec.template.spec.hostNetwork", "objects.size() == 1", "object.spec.revisionHistoryLimit == 10"'
    assert run(project, case(f"rules: [{good}]")).exit_code == 0
    bad = '{expression: "!object.spec.template.spec.hostNetwork", message: no host network}, "object.nothing == 1"'
    done = run(project, case(f"rules: [{bad}]"))
    assert done.exit_code == 1
    assert "tests/agent.yaml:4:24: error: DaemonSet agent: no host network [failed-test]" in done.stderr
    assert "DaemonSet agent: the rule results in an error: no such key: nothing [failed-test]" in done.stderr
    assert "hint: if `nothing` can be missing, test for it in the expression: `has(object." in done.stderr


@needs_cel
@pytest.mark.parametrize("rule", ["object.metadata.namespace == 'agents'", "objects.all(o, has(o.metadata.namespace))"])
def test_rules_see_the_namespace(project: Path, rule: str) -> None:
    (project / "profiles/agent.yaml").write_text(f"namespace: agents\n{PROFILE}")
    assert run(project, case(f'rules: ["{rule}"]')).exit_code == 0


def test_a_namespace_that_there_is_is_not_nothing(project: Path) -> None:
    (project / "profiles/agent.yaml").write_text(f"namespace: agents\n{PROFILE}")
    done = run(project, case("expect: {metadata: {namespace: null}}"))
    assert (done.exit_code, 'expected nothing, got "agents"' in done.stderr) == (1, True)


@needs_cel
@pytest.mark.parametrize(
    ("rule", "words"),
    [("object ==", "syntax error"), ("params.x == 1", "undeclared reference"), ("1 + 1", "must be a boolean")],
)
def test_a_rule_that_does_not_compile_is_an_error(project: Path, rule: str, words: str) -> None:
    done = run(project, case(f'rules: ["{rule}"]'))
    assert (done.exit_code, words in done.stderr) == (1, True)
    assert "[invalid-test-expression]" in done.stderr


def test_without_the_extra_a_rule_does_not_count_as_passed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsgen.kubernetes.cel.expression.cel", lambda: None)
    done = run(project, case('rules: ["true"]'))
    assert done.exit_code == 1
    assert done.stderr.startswith("not evaluated: agent: a case\n")
    assert "[unvalidated-test]" in done.stderr
    assert "pip install" in done.stderr
    assert run(project, case("expect: {kind: DaemonSet}")).exit_code == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (case("expect: {}", profile="agnt"), "tests/agent.yaml:3:12: error: the project has no profile `agnt` [unknown-test-subject]"),
        (case("object: ConfigMap\n  expect: {}"), "`agent` generates no `ConfigMap` [unknown-test-subject]"),
        (case("object: DaemonSet/agnt\n  expect: {}"), "hint: did you mean `DaemonSet/agent`?"),
        (case("environments: [prod]\n  expect: {}"), "`prod` matches no environment that uses `agent` [unknown-test-subject]"),
        (case("expects: {}"), "unknown key `expects` in a case [unknown-key]"),
        (case("expects: {}"), "did you mean `expect`?"),
        (case(""), "`expect` or `rules` is required [missing-test-key]"),
        (case("expect: []"), "expected a map, got a list [invalid-type]"),
        (case("rules: {a: b}"), "expected a list of expressions, got a map [invalid-type]"),
        (case("rules: [{message: x}]"), "expected an expression, or a map with `expression`, got a map [invalid-type]"),
        (case("environments: prod\n  expect: {}"), "expected a list of names, got 'prod' [invalid-type]"),
        ("tests:\n- {profile: agent, expect: {}}\n", "`name` is required [missing-test-key]"),
        ("test: []\n", "unknown key `test` in a test file [unknown-key]"),
        ("tests: {}\n", "expected a list of cases under `tests`, got a map [invalid-type]"),
        ("- a\n", "expected a map with the key `tests`, got a list [invalid-type]"),
        ("tests: [\n", "error: "),
    ],
)  # fmt: skip
def test_errors_in_a_file_of_tests(project: Path, text: str, words: str) -> None:
    done = run(project, text)
    assert done.exit_code == 1
    assert words in done.stderr
    assert not isinstance(done.exception, Exception) or isinstance(done.exception, SystemExit)


def test_a_profile_with_errors_fails_its_cases(project: Path) -> None:
    (project / "profiles/agent.yaml").write_text(PROFILE + "zzz: 1\n")
    done = run(project, case("expect: {kind: DaemonSet}"))
    assert done.exit_code == 1
    assert "`agent` has errors: profiles/agent.yaml:6: " in done.stderr


def test_a_case_runs_in_each_environment_of_the_profile(project: Path) -> None:
    (project / "environments").mkdir()
    for name, host in (("prod", "true"), ("test", "false")):
        (project / f"environments/{name}.yaml").write_text(f"all: {{hostNetwork: {host}}}\n")
    text = case("expect: {spec: {template: {spec: {hostNetwork: true}}}}")
    done = run(project, text)
    assert done.stderr.startswith("passed: agent: a case (prod)\nfailed: agent: a case (test)\n")
    assert run(project, text, "-e", "prod").exit_code == 0
    assert run(project, text.replace("  expect", "  environments: [pr*]\n  expect")).exit_code == 0
    wrong = run(project, text.replace("  expect", "  environments: [prd]\n  expect"))
    assert "hint: did you mean `prod`?" in wrong.stderr


def test_reports_list_each_case(project: Path) -> None:
    text = case("expect: {kind: DaemonSet}") + "- {name: other, profile: agent, expect: {kind: Pod}}\n"
    said = json.loads(run(project, text, "--format", "json").stdout)
    assert [(each["name"], each["line"], each["result"]) for each in said["cases"]] == [
        ("a case", 2, "passed"),
        ("other", 5, "failed"),
    ]
    assert [each["code"] for each in said["problems"]] == ["failed-test"]
    suite = ElementTree.fromstring(run(project, text, "--format", "junit").stdout)[0]
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("tests/agent.yaml", "2", "1")
    assert [len(each) for each in suite] == [0, 1]
    assert "::error file=tests/agent.yaml" in run(project, text, "--format", "github").stdout


def test_without_tests_there_is_nothing_to_run(project: Path) -> None:
    (project / "tests").rmdir()
    done = CliRunner().invoke(main, ["test"])
    assert (done.exit_code, done.stderr) == (
        2,
        "dsgen: no tests found: pass a file, or add files to the folder `tests` of the project\n",
    )


def test_a_file_that_is_not_there_is_named(project: Path) -> None:
    done = CliRunner().invoke(main, ["test", "tests/none.yaml"])
    assert done.exit_code == 2
    assert "tests/none.yaml" in done.stderr
