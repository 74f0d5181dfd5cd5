"""Names that others chose, wherever a command shows them: nothing a terminal or a CI system obeys, and no link or mention in Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner, Result

from dsgen import harmless
from dsgen.cli import COMMANDS, main, shell

# Bold letters, a carriage return, a bell, the other direction, and what GitHub, Azure and TeamCity take for commands of a log.
NAME = "n\n::notice::a\r\x1b[1mb\x07\x9b1m\u202ec\u2028 ##[group]d ##vso[e] | `f` [g](http://example.com) ![h](i) @example *j* <b>k</b>"
QUOTED = json.dumps(NAME)
COMMAND = re.compile(r"(?m)^\s*::|##(vso|teamcity)?\[")

Run = Callable[..., Result]


def manifest(kind: str, name: str, more: str = "") -> str:
    return f"apiVersion: example.com/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n{more}"


DAEMONSET = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, annotations: {%s: a}}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      nodeSelector: {pool: %s}
      imagePullSecrets: [{name: %s}]
      containers: [{name: agent, image: "x:1", args: [%s]}]
"""
PROFILE = f"""\
name: agent
values: {{{QUOTED}: {QUOTED}}}
imagePullSecrets: [{{name: {QUOTED}}}]
nodes: {{select: {{pool: {QUOTED}}}}}
containers: {{agent: {{image: "x:1", args: [{QUOTED}]}}}}
"""
NODES = {
    "kind": "List",
    "items": [
        {
            "kind": "Node",
            "metadata": {"name": name, "labels": {"pool": pool, "node.kubernetes.io/instance-type": NAME}},
            "spec": {"taints": [{"key": NAME, "value": NAME, "effect": "NoSchedule"}]},
            "status": {"allocatable": {"cpu": "4", "memory": "8Gi"}},
        }
        for name, pool in ((NAME, "a"), ("b", "a"), ("c", NAME))
    ],
}
RESOURCES = f"""\
apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- {{apiVersion: example.com/v1, kind: {QUOTED}, metadata: {{name: {QUOTED}}}}}
- {{apiVersion: v1, kind: Service, metadata: {{name: {QUOTED}, annotations: {{config.kubernetes.io/path: {QUOTED}}}}}, spec: {{}}}}
"""
# How each is called; a name that is not there is one that is shown.
CALLS = {
    "init": [["init", "new\x1b[1m"]],
    "new": [["new", NAME], ["new", "a", "--from", NAME]],
    "presets": [["presets", NAME]],
    "fmt": [["fmt"], ["fmt", "agent.yaml", "--check"], ["fmt", "agent.yaml", "--diff"], ["fmt", NAME]],
    "generate": [
        ["generate"], ["generate", "profiles/good.yaml", "--diff"], ["generate", "profiles/good.yaml", "--check"], ["generate", NAME],
        ["generate", "-e", NAME], ["generate", "profiles/good.yaml", "-o", f"out/{NAME.replace('/', '')}"], ["generate", "-o", "-"],
    ],
    "import": [["import", "objects.yaml"], ["import", "agent.yaml"], ["import", "agent.yaml", "-o", "imported"], ["import", NAME]],
    "validate": [["validate"], ["validate", "objects.yaml"], ["validate", "kinds.yaml"], ["validate", "agent.yaml"], ["validate", NAME], ["validate", "objects.yaml", "--format", "json"],
                 ["validate", "agent.yaml", "--format", "sarif"], ["validate", "agent.yaml", "--format", "junit"]],
    "test": [["test"], ["test", NAME]],
    "requires": [["requires"], ["requires", "profiles/good.yaml"], ["requires", NAME], ["requires", "--format", "json"]],
    "trace": [["trace", "agent"], ["trace", "agent", NAME], ["trace", NAME], ["trace", "agent", "--format", "json"], ["trace", "agent", "-e", NAME]],
    "diff": [["diff", "objects.yaml", "kinds.yaml"], ["diff", "objects.yaml", "changed.yaml"], ["diff", "objects.yaml", "changed.yaml", "--format", "markdown"], ["diff", NAME, "objects.yaml"],
             ["diff", "objects.yaml", "changed.yaml", "--format", "json"], ["diff", "agent.yaml", "other.yaml", "--nodes", "nodes.json"],
             ["diff", "agent.yaml", "other.yaml", "--nodes", "nodes.json", "--format", "markdown"]],
    "plan": [["plan", "agent.yaml", "--nodes", "nodes.json"], ["plan", "agent.yaml", "--nodes", "nodes.json", "--format", "json"],
             ["plan", "agent.yaml", "--nodes", NAME], ["plan", "--nodes", "kubectl"], ["plan", "--nodes", f"kubectl:{NAME}"]],
    "kustomize": [["kustomize"]],
    "explain": [["explain", NAME], ["explain", f"values.{NAME}"]],
    "schema": [["schema", NAME]],
    "completion": [["completion", NAME]],
    "lsp": [["lsp", NAME]],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shell._lines.cache_clear()
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles/agent.yaml").write_text(PROFILE)
    good = PROFILE.replace(f"imagePullSecrets: [{{name: {QUOTED}}}]\nnodes: {{select: {{pool: {QUOTED}}}}}\n", "")
    (tmp_path / "profiles/good.yaml").write_text(good.replace("name: agent", "name: good", 1))
    data = f"data: {{a: {QUOTED}, {QUOTED}: b, lines: {json.dumps(NAME + chr(10))}}}\n"
    objects = [manifest("Thing", QUOTED, data), manifest("Thing", "b", data), manifest("Other", QUOTED, data)]
    (tmp_path / "kinds.yaml").write_text(manifest(QUOTED, QUOTED))
    (tmp_path / "objects.yaml").write_text("---\n".join(objects))
    (tmp_path / "changed.yaml").write_text(
        "---\n".join(objects[:2]).replace("data: {", "data: {b: c, ").replace("::notice", "::other")
    )
    (tmp_path / "agent.yaml").write_text(DAEMONSET % ((QUOTED,) * 4))
    for name, argument in (("agent", QUOTED), ("other", '"new"')):
        text = DAEMONSET % ("a", "a", "s", argument)
        (tmp_path / f"{name}.yaml").write_text(
            text if name == "other" else text + "---\n" + DAEMONSET % ((QUOTED,) * 4)
        )
    (tmp_path / "nodes.json").write_text(json.dumps(NODES))
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("kubectl", "git"):
        (tools / name).write_text(f"#!/bin/sh\nprintf '%s' '{NAME}' >&2\nexit 1\n")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    return tmp_path


def test_every_command_is_called() -> None:
    assert CALLS.keys() == COMMANDS.keys()


@pytest.mark.parametrize(
    "call", [pytest.param(call, id=f"{name} {i}") for name, calls in CALLS.items() for i, call in enumerate(calls)]
)
def test_what_is_shown_is_harmless(call: list[str], folder: Path) -> None:
    if "--diff" in call or "--check" in call:
        CliRunner().invoke(main, ["generate", "profiles/good.yaml"])
        (folder / "out/good/daemonset-good.yaml").write_text(f"{NAME}\n")
    result = CliRunner().invoke(main, call, input=RESOURCES if call == ["kustomize"] else "")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    # Manifests and profiles are data: they say what they say, in YAML.
    data = call[0] in ("kustomize", "import") or call[-2:] == ["-o", "-"]
    shown = result.stderr if data else result.stdout + result.stderr
    assert [letter for letter in shown if not letter.isprintable() and letter not in "\n\t"] == []
    assert COMMAND.findall(shown) == []
    assert len(shown) > 1 or call[0] == "requires"
    if "markdown" in call:
        # What is left without code is dsgen's own.
        own = re.sub(r"(?s)```+diff\n.*?\n```+\n|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|<code>[^<]*</code>", "", result.stdout)
        assert re.findall(r"[\[\]@!`]|http|<b>", own) == []
        assert "http" in result.stdout


@pytest.mark.parametrize("name", ["prod$(echo)", "prod;echo", "prod echo", "prod\necho", "prod`echo`", "Prod", "prod*"])
def test_completion_offers_no_name_that_a_shell_would_run(name: str, folder: Path) -> None:
    (folder / "dsgen.yaml").write_text("")
    (folder / "environments").mkdir()
    for each in ("prod-eu", name):
        (folder / f"environments/{each}.yaml").write_text("")
    completer = ShellComplete(main, {}, "dsgen", "_DSGEN_COMPLETE")
    for command in ("generate", "trace", "validate", "diff", "plan", "requires"):
        assert [item.value for item in completer.get_completions([command, "-e"], "")] == ["prod-eu"], command


class TestOneFunctionAMedium:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("a::b # c", "a::b # c"),
            ("::add-mask::x", r"\x3a:add-mask::x"),
            ("  ::x", r"  \x3a:x"),
            ("a ##[x] ##vso[y] ##teamcity[z] ## [w]", r"a #\x23[x] #\x23vso[y] #\x23teamcity[z] ## [w]"),
            ("a\tb\nc\x1b", r"a\tb\nc\x1b"),
            ("é😀\u202e\ud800", r"é😀\u202e\ud800"),
        ],
    )
    def test_a_line(self, text: str, shown: str) -> None:
        assert harmless.line(text) == shown
        assert harmless.line(shown) == shown

    def test_lines(self) -> None:
        assert harmless.lines("+a\tb\r\n ::c\n") == "+a\tb\\r\n \\x3a:c\n"

    @pytest.mark.parametrize(
        ("text", "shown"), [("a", "`a`"), ("", "`   `"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a|b\n", r"`a\|b\n`")]
    )
    def test_code_in_markdown(self, text: str, shown: str) -> None:
        assert harmless.code(text) == shown

    def test_html_in_markdown(self) -> None:
        assert harmless.html("<a> & \x1b") == "<code>&lt;a&gt; &amp; \\x1b</code>"

    def test_json(self) -> None:
        data = {"a": "é\x7f\x85\u2028😀\n"}
        text = harmless.as_json(data)
        assert json.loads(text) == data
        assert text == '{\n  "a": "é\\u007f\\u0085\\u2028😀\\n"\n}\n'

    def test_what_is_long_is_cut(self) -> None:
        assert (
            harmless.shortened(f"unknown key `{'k' * 5_000_000}` in a profile")
            == f"unknown key `{'k' * 199}…` in a profile"
        )
        assert len(harmless.shortened("word " * 10_000)) == 2001


def test_many_problems_are_counted(tmp_path: Path) -> None:
    """Errors come first."""
    path = tmp_path / "a.yaml"
    env = "".join(f"      'a{i}=': b\n" for i in range(1_200))
    path.write_text(f"name: a\nvolumes: {{v: {{emptyDir: {{}}}}}}\ncontainers:\n  a:\n    image: x\n    env:\n{env}")
    result = CliRunner().invoke(main, ["validate", str(path)])
    assert result.stderr.count(": error: ") == 1_000
    assert "\nand 201 more problems\n" in result.stderr
    assert (
        len(json.loads(CliRunner().invoke(main, ["validate", str(path), "--format", "json"]).stdout)["problems"])
        >= 1_200
    )


def test_a_long_key_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"name: a\ncontainers: {{a: {{image: x}}}}\n? {'k' * 100_000}\n: 1\n")
    for form in ("text", "json", "github", "gitlab", "sarif", "junit"):
        result = CliRunner().invoke(main, ["validate", str(path), "--format", form])
        assert len(result.output) < 10_000, form
