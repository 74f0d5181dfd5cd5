"""What people type from habit is taken, or leads on: the hint is followed here, and the problem is gone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from dsgen.cli import COMMANDS, main, synonyms

Run = Callable[..., Result]

PROFILE = "name: log-agent\ncontainers: {a: {image: 'x:1'}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "profiles").mkdir()
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (tmp_path / "profiles/log-agent.yaml").write_text(PROFILE)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    return lambda *arguments, **more: CliRunner().invoke(main, arguments, **more)


class TestCommands:
    @pytest.mark.parametrize("word", synonyms.COMMANDS)
    def test_a_synonym_leads_to_a_command(self, run: Run, word: str) -> None:
        result = run(word)
        assert result.exit_code == 2
        named = re.findall(r"`dsgen (?:--\w+|(\w+))", result.stderr.partition("; ")[2])
        assert named
        assert set(named) - {"", "COMMAND"} <= COMMANDS.keys()

    def test_a_synonym_is_no_command(self) -> None:
        assert not synonyms.COMMANDS.keys() & COMMANDS.keys()

    def test_a_file_named_like_a_synonym_is_a_file(self, folder: Path, run: Run) -> None:
        (folder / "lint").write_text(PROFILE)
        assert run("validate", "./lint").exit_code == 0

    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("option", synonyms.OPTIONS)
    def test_an_option_leads_to_one_that_the_command_has(self, run: Run, option: str, command: str) -> None:
        found = main.get_command(click.Context(main), command)
        if isinstance(found, click.Group):  # without a command, `presets` means `presets show`
            found = found.get_command(click.Context(found), "show")
        assert found is not None
        known = {name for parameter in found.params for name in parameter.opts}
        if option in known:
            return
        result = run(command, option, "x")
        assert result.exit_code == 2
        _, said, hint = result.stderr.partition(f"No such option: {option}; ")
        assert said or "No such option" in result.stderr
        # `dsgen -C` is an option of dsgen itself.
        assert set(re.findall(r"`(--?[\w-]+)", hint.partition("dsgen -C")[0])) <= known

    @pytest.mark.parametrize(
        ("typed", "hint"),
        [
            ("generate --set image.tag=2", "set the value in the profile, or in a file of `environments/`"),
            ("generate --values x.yaml", "set the value in the profile, or in a file of `environments/`"),
            ("generate --out out", "use `-o`, `--output`"),
            ("generate -f x.yaml", "write the file without an option"),
            ("generate -n x", "set `namespace` in the profile"),
            ("generate --namespace x", "set `namespace` in the profile"),
            ("import -n x", "use `--namespace`"),
            ("import --preset x", "use `--extends`"),
            ("generate --env prod", "use `-e`, `--environment`"),
            ("generate --dry-run", "use `--diff`, or `--check`"),
            ("validate --dry-run", "`dsgen validate` writes no files"),
            ("validate --strict", "use `--fail-on warning`"),
            ("fmt --write", "`dsgen fmt` writes the files without an option"),
            ("new x --preset vector", "use `--from`"),
            ("validate -o json", "use `--format`"),
            ("diff --output json", "use `--format`"),
            ("generate --format sarif --output-file x.sarif", "redirect standard output to the file: `> FILE`"),
            ("explain --recursive", "use `dsgen schema`, which has the keys at every level"),
            ("explain nodes -r", "use `dsgen schema`, which has the keys at every level"),
            (
                "completion --install",
                'add `eval "$(dsgen completion bash)"` to `~/.bashrc`, or the same for zsh to `~/.zshrc`',
            ),
        ],
    )
    def test_an_option_of_another_tool(self, run: Run, typed: str, hint: str) -> None:
        assert run(*typed.split()).stderr.endswith(f"; {hint}\n")

    def test_an_option_that_a_command_has_is_its_own(self, run: Run) -> None:
        assert run("new", "x", "--from", "vector").exit_code == 0
        assert "; " not in run("validate", "--quite").stderr.partition("No such option")[2].partition("\n")[0]


class TestArguments:
    @pytest.mark.parametrize(
        ("arguments", "text", "is_said"),
        [([], b"kind: Pod", True), ([], b"", False), (["-q"], b"kind: Pod", False), (["-"], b"kind: Pod", False)],
    )
    def test_standard_input_without_a_dash(
        self, folder: Path, arguments: list[str], text: bytes, is_said: bool
    ) -> None:
        reader, writer = os.pipe()
        os.write(writer, text)
        os.close(writer)
        command = [sys.executable, "-m", "dsgen", "validate", *arguments]
        done = subprocess.run(command, stdin=reader, capture_output=True, text=True, check=False)
        os.close(reader)
        assert ("standard input is not read" in done.stderr) is is_said, done.stderr

    @pytest.mark.parametrize("version", ["1.36", "v1.36", "1.36.3", "v1.36.3", "v1.36.3-eks-1", "1.36.2+k3s1"])
    def test_versions(self, run: Run, version: str) -> None:
        assert run("validate", "--kubernetes", version).exit_code == 0

    @pytest.mark.parametrize("version", ["1.20", "2.36", "136", "x1.36", ""])
    def test_no_versions(self, run: Run, version: str) -> None:
        assert run("validate", "--kubernetes", version).exit_code == 2

    @pytest.mark.parametrize("command", ["validate", "requires"])
    def test_the_folder_of_the_project_beside_others(self, folder: Path, run: Run, command: str) -> None:
        (folder / "more").mkdir()
        (folder / "more/b.yaml").write_text(PROFILE.replace("log-agent", "b"))
        result = run(command, ".", "more")
        assert result.exit_code == 0
        assert result.output == run(command, "profiles/log-agent.yaml", "more/b.yaml").output

    @pytest.mark.parametrize("command", ["generate", "validate", "requires"])
    def test_the_folder_of_the_project_is_the_project(self, folder: Path, run: Run, command: str) -> None:
        run("generate")
        assert run(command, ".").output == run(command).output
        assert run(command, str(folder)).exit_code == 0

    def test_another_folder_is_its_files(self, folder: Path, run: Run) -> None:
        (folder / "profiles/more").mkdir()
        (folder / "profiles/more/b.yaml").write_text(PROFILE.replace("log-agent", "b"))
        assert run("validate", "profiles/more").stderr == "1 object validated, no errors\n"

    @pytest.mark.parametrize("output", ["yaml", "json"])
    def test_output_is_no_format(self, folder: Path, run: Run, output: str) -> None:
        result = run("generate", "-o", output)
        assert result.exit_code == 2
        assert "`-o -`" in result.stderr
        assert not (folder / output).exists()
        assert run("generate", "-o", f"./{output}").exit_code == 0

    @pytest.mark.parametrize(
        "output", ["profiles", "profiles/", "./profiles", "environments", "templates", "profiles/sub", "profiles/a/b"]
    )
    def test_output_is_not_among_the_input(self, folder: Path, run: Run, output: str) -> None:
        before = sorted(folder.rglob("*"))
        result = run("generate", "-o", output)
        assert result.exit_code == 2
        assert "choose another folder" in result.stderr
        assert sorted(folder.rglob("*")) == before

    @pytest.mark.parametrize("command", ["generate", "trace", "validate"])
    def test_a_variant_of_a_profile(self, run: Run, command: str) -> None:
        result = run(command, "log-agent/gpu")
        assert result.exit_code == 2
        assert "write `log-agent`, which includes all variants" in result.stderr
        assert "write `" not in run(command, "other/gpu").stderr

    @pytest.mark.parametrize("command", ["generate", "validate", "trace"])
    def test_names_of_profiles(self, run: Run, command: str) -> None:
        result = run(command, "log-agnet")
        assert result.exit_code == 2
        assert "did you mean `log-agent`?" in result.stderr

    def test_the_name_of_a_variant(self, run: Run) -> None:
        assert "did you mean `log-agent`?" in run("trace", "log-agent-gpu").stderr

    def test_an_empty_folder(self, folder: Path, run: Run) -> None:
        (folder / "profiles/log-agent.yaml").unlink()
        result = run("generate")
        assert result.exit_code == 2
        assert "begin with `dsgen init`" in result.stderr
        assert str(folder) not in result.stderr

    @pytest.mark.parametrize(("name", "hint"), [("list", "`dsgen presets NAME`"), ("nvidia", "`nvidia-device-plugin`")])
    def test_presets(self, run: Run, name: str, hint: str) -> None:
        assert hint in run("presets", name).stderr

    def test_a_new_profile_with_the_name_of_a_preset(self, run: Run) -> None:
        assert "`dsgen new vector --from vector`" in run("new", "vector").stderr


# A line of a profile, and the same as it is meant.
INTENTS = [
    ("imagePullSecrets: [regcred]", "imagePullSecrets: [{name: regcred}]"),
    ("update: 10%", "update: {maxUnavailable: 10%}"),
    ("update: 3", "update: {maxUnavailable: 3}"),
    (
        "containers: {a: {image: 'x:1', livenessProbe: {path: /healthz, port: 8080, periodSeconds: 3}}}",
        "containers: {a: {image: 'x:1', livenessProbe: {periodSeconds: 3, httpGet: {path: /healthz, port: 8080}}}}",
    ),
]


@pytest.mark.parametrize(("short", "long"), INTENTS)
def test_plain_intent_is_taken(folder: Path, run: Run, short: str, long: str) -> None:
    made = []
    for line in (short, long):
        base = "" if line.startswith("containers") else "containers: {a: {image: 'x:1'}}\n"
        (folder / "profiles/log-agent.yaml").write_text(f"name: log-agent\n{base}{line}\n")
        made.append(run("generate", "log-agent", "-o", "-"))
    assert [each.exit_code for each in made] == [0, 0]
    assert [each.stderr for each in made] == ["", ""]
    assert yaml.safe_load(made[0].stdout) == yaml.safe_load(made[1].stdout)


# A line of a profile that is wrong, and what its hint says to write; the values in capitals are filled in.
WRONG = [
    ("createNamespace: true", "namespace: {create: true}"),
    ("preset: vector", "extends: NAME"),
    ("from: vector", "extends: NAME"),
    ("imagePullSecrets: regcred", "[regcred]"),
    ("nodes: {nodeAffinity: {}}", "require: …"),
    ("nodes: {affinity: {}}", "require: …"),
    ("securityContext: privileged", "{privileged: true}"),
    ("podDisruptionBudget: {minAvailable: 1}", "templates"),
    ("pdb: {}", "templates"),
    ("vpa: {}", "templates"),
    ("prometheusRule: {}", "templates"),
    ("ingress: {}", "templates"),
]


@pytest.mark.parametrize(("line", "hint"), WRONG)
def test_a_hint_says_what_to_write(folder: Path, run: Run, line: str, hint: str) -> None:
    is_of_container = line.startswith("securityContext")
    containers = f"containers: {{a: {{image: 'x:1'{f', {line}' if is_of_container else ''}}}}}\n"
    (folder / "profiles/log-agent.yaml").write_text(f"name: log-agent\n{containers}{'' if is_of_container else line}\n")
    result = run("validate")
    assert result.exit_code == 1
    assert result.stderr.count(": error: ") == 1
    assert f"`{hint}`" in result.stderr


FOLLOWED = {
    "createNamespace: true": "namespace: {create: true}",
    "preset: vector": "extends: vector",
    "imagePullSecrets: regcred": "imagePullSecrets: [regcred]",
    "nodes: {affinity: {}}": "nodes: {require: [disk=ssd]}",
    "update: quickly": "update: OnDelete",
}


@pytest.mark.parametrize("wrong", FOLLOWED)
def test_the_hint_followed_leads_to_no_other_error(folder: Path, run: Run, wrong: str) -> None:
    profile = folder / "profiles/log-agent.yaml"
    profile.write_text(f"{PROFILE}{wrong}\n")
    assert run("validate").exit_code == 1
    profile.write_text(f"{PROFILE}{FOLLOWED[wrong]}\n")
    assert run("validate").exit_code == 0


class TestFilesOfOtherTools:
    def only(self, folder: Path, run: Run, text: str) -> str:
        (folder / "profiles/x.yaml").write_text(text)
        result = run("generate")
        assert result.exit_code == 1
        assert result.stderr.count(": error: ") == 1
        return result.stderr

    def test_a_manifest(self, folder: Path, run: Run) -> None:
        manifest = run("generate", "log-agent", "-o", "-").stdout
        said = self.only(folder, run, manifest)
        (command,) = re.findall(r"`dsgen (import [^`]+)`", said)
        assert run(*command.split()).exit_code == 0

    @pytest.mark.parametrize("arguments", [(), (".",)])
    def test_a_manifest_is_none_for_validate_either(self, folder: Path, run: Run, arguments: tuple[str, ...]) -> None:
        """Of a project. A file or a folder by itself may have manifests."""
        (folder / "profiles/x.yaml").write_text(run("generate", "log-agent", "-o", "-").stdout)
        result = run("validate", *arguments)
        assert result.exit_code == 1
        assert ": error: a manifest (DaemonSet), not a profile" in result.stderr
        assert run("validate", "profiles/x.yaml").exit_code == run("validate", "profiles").exit_code == 0

    def test_a_manifest_of_another_kind(self, folder: Path, run: Run) -> None:
        said = self.only(folder, run, "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {}\n")
        assert "a manifest (Service), not a profile" in said
        (folder / "profiles/x.yaml").rename(folder / "profiles/_x.yaml")
        assert run("generate").exit_code == 0

    def test_an_encrypted_file(self, folder: Path, run: Run) -> None:
        text = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata: {a: ENC}\nsops: {mac: x, version: 3.9.0}\n"
        assert "a file that sops encrypted" in self.only(folder, run, text)

    def test_a_file_of_kustomize(self, folder: Path, run: Run) -> None:
        said = self.only(folder, run, "namePrefix: prod-\nresources: [../base]\n")
        assert "`kustomize build profiles | dsgen validate -`" in said

    def test_a_profile_with_a_kind_is_a_profile(self, folder: Path, run: Run) -> None:
        assert "remove `kind`" in self.only(folder, run, f"{PROFILE.replace('log-agent', 'x')}kind: DaemonSet\n")


class TestExplain:
    @pytest.mark.parametrize("key", ["flux", "problems", "kubernetes", "dsgen.yaml.templates", "argocd.syncWaves"])
    def test_keys_of_the_project(self, run: Run, key: str) -> None:
        assert run("explain", key).stdout.splitlines()[0].endswith(" in dsgen.yaml")

    @pytest.mark.parametrize("key", ["dsgen.yaml", "project"])
    def test_all_keys_of_the_project(self, run: Run, key: str) -> None:
        assert "  podSecurityDefault" in run("explain", key).stdout

    @pytest.mark.parametrize(
        ("path", "key"),
        [
            ("overrides", "environment.overrides"),
            ("overrides.log-agent.containers", "environment.overrides.log-agent.containers"),
            ("all.nodes.select", "environment.all.nodes.select"),
            ("images.mirrors", "environment.images.mirrors"),
            ("environments.prod", "environment"),
            ("environments.prod.overrides.log-agent", "environment.overrides.log-agent"),
            ("environments", "environments in dsgen.yaml"),
        ],
    )
    def test_keys_of_an_environment(self, run: Run, path: str, key: str) -> None:
        assert run("explain", path).stdout.splitlines()[0] == f"KEY:     {key}"

    @pytest.mark.parametrize(
        ("field", "key"),
        [
            ("spec.template.spec.nodeSelector", "nodes.select"),
            ("spec.template.spec.containers[0].resources.requests", "containers.resources.requests"),
            ("spec.template.spec.hostNetwork", "hostNetwork"),
            ("spec.updateStrategy", "updateStrategy"),
            ("spec.template.metadata.labels", "podLabels"),
            ("metadata.annotations", "annotations"),
            ("templates", "templates"),
        ],
    )
    def test_fields_of_a_report(self, run: Run, field: str, key: str) -> None:
        assert run("explain", field).stdout.splitlines()[0] == f"KEY:     {key}"


class TestCompletion:
    def offered(self, words: str) -> list[str]:
        given = {"_DSGEN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        return CliRunner().invoke(main, [], env=given, prog_name="dsgen").stdout.splitlines()

    @pytest.mark.parametrize("command", ["generate", "validate", "plan", "requires", "trace"])
    def test_names_of_profiles_and_files(self, run: Run, command: str) -> None:
        assert self.offered(f"dsgen {command} lo") == ["file,lo", "plain,log-agent"]

    @pytest.mark.parametrize(
        ("begun", "word"), [("nodes", "nodes"), ("podSecurityD", "podSecurityDefault"), ("few-", "few-bytes")]
    )
    def test_what_can_be_explained(self, run: Run, begun: str, word: str) -> None:
        assert self.offered(f"dsgen explain {begun}") == [f"plain,{word}"]

    def test_commands_have_sentences(self) -> None:
        given = {"_DSGEN_COMPLETE": "zsh_complete", "COMP_WORDS": "dsgen vali", "COMP_CWORD": "1"}
        said = CliRunner().invoke(main, [], env=given, prog_name="dsgen").stdout
        assert (
            said == f"plain\nvalidate\n{COMMANDS['validate'].removesuffix('.')}\n"
            or COMMANDS["validate"].removesuffix(".") in said
        )
        assert "Example" not in said
