"""Packs: presets of one's own from a folder, a commit of a Git repository or a Python package; nothing in them is run."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import ZshComplete
from click.testing import CliRunner, Result

from dsgen.cli import main
from dsgen.project.project import read_project

Run = Callable[..., Result]
PACK = {
    "house-agent.yaml": """\
# House agent 1.2: does this.
extends: [./_base.yaml]
name: house-agent
containers: {agent: {mounts: {/etc/agent: {configMap: config}}}}
configMaps: {config: {name: $(name)-config, files: [files/house-agent/*.conf]}}
templates: [house-agent/quota.yaml.j2]
""",
    "_base.yaml": "containers: {agent: {image: example.com/agent:1.2}}\n",
    "files/house-agent/agent.conf": "level info\n",
    "templates/house-agent/quota.yaml.j2": """\
apiVersion: v1
kind: ResourceQuota
metadata: {{ metadata }}
spec: {hard: {pods: 10}}
""",
}
COPY = "presets/house-agent@1.2"
GENERATED = ["configmap-logs-config.yaml", "daemonset-logs.yaml", "kustomization.yaml", "resourcequota-logs.yaml"]


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a repository with a project, which is the current folder, and a pack beside it."""
    (tmp_path / "all/.git").mkdir(parents=True)  # a repository, as far as dsgen looks
    write(tmp_path / "all/house", PACK)
    write(
        tmp_path / "all/project",
        {
            "dsgen.yaml": project("house: {folder: ../house}"),
            "profiles/logs.yaml": "extends: house-agent\nname: logs\n",
        },
    )
    monkeypatch.chdir(tmp_path / "all/project")
    return tmp_path / "all"


def project(*packs: str) -> str:
    return 'kubernetes: "1.37"\npresets:\n' + "".join(f"  {pack}\n" for pack in packs)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def generated() -> list[str]:
    return sorted(path.name for path in Path("out/logs").iterdir() if path.name[0] != ".")


class TestFolder:
    def test_what_profiles_extend_is_copied(self, top: Path) -> None:
        result = run("presets", "lock")
        assert (result.exit_code, result.stderr) == (0, f"locked {COPY}\n")
        assert {path: Path(COPY, path).read_text() for path in PACK} == PACK
        entry = json.loads(Path("presets/lock.json").read_text())["presets"]["house-agent"]
        assert (entry["pack"], entry["version"], sorted(entry["files"])) == ("house", "1.2", sorted(PACK))

    def test_generating_reads_the_copy_alone(self, top: Path) -> None:
        run("presets", "lock")
        shutil.rmtree(top / "house")
        result = run("generate")
        assert (result.exit_code, result.stderr) == (0, "4 files written to out\n")
        assert generated() == GENERATED

    def test_what_is_not_locked_is_not_used(self, top: Path) -> None:
        result = run("generate")
        assert (result.exit_code, Path("out/logs").exists()) == (1, False)
        assert "profiles/logs.yaml:1:10: error: no such preset `house-agent`" in result.stderr
        assert "if it is in a pack (house), run `dsgen presets lock`" in result.stderr

    def test_it_is_upgraded_like_a_shipped_preset(self, top: Path) -> None:
        run("presets", "lock")
        run("generate")
        assert "up to date" in run("presets", "outdated").stderr
        (top / "house/_base.yaml").write_text("containers: {agent: {image: example.com/agent:1.3}}\n")
        assert run("presets", "outdated").stdout == "house-agent  1.2 -> 1.2, revised\n"
        (top / "house/house-agent.yaml").write_text(PACK["house-agent.yaml"].replace("1.2", "1.3"))
        assert run("presets", "outdated").stdout == "house-agent  1.2 -> 1.3\n"
        shown = run("presets", "diff", "house-agent")
        assert "its pods restart" in shown.stdout
        assert "+ spec.template.spec.containers[agent].image: example.com/agent:1.3" in shown.stdout
        assert run("generate", "--check").exit_code == 0
        assert "(was 1.2)" in run("presets", "upgrade", "house-agent").stderr
        assert run("generate", "--check").exit_code == 1

    def test_it_may_extend_a_shipped_preset(self, top: Path) -> None:
        (top / "house/house-agent.yaml").write_text("# House 2: this.\nextends: fluent-bit\n")
        assert run("presets", "lock").exit_code == 0
        assert sorted(json.loads(Path("presets/lock.json").read_text())["presets"]) == ["fluent-bit", "house-agent"]
        assert run("generate").exit_code == 0

    def test_it_is_used_instead_of_a_shipped_one_of_its_name(self, top: Path) -> None:
        (top / "house/fluent-bit.yaml").write_text("containers: {agent: {image: example.com/ours:1}}\n")
        Path("profiles/logs.yaml").write_text("extends: fluent-bit\nname: logs\n")
        assert run("presets", "lock").stderr == "locked presets/fluent-bit@local\n"
        assert "example.com/ours:1" in run("generate", "-o", "-").stdout

    def test_a_preset_that_it_lacks(self, top: Path) -> None:
        Path("profiles/logs.yaml").write_text("extends: house-agnt\nname: logs\n")
        result = run("presets", "lock")
        assert (result.exit_code, Path("presets").exists()) == (2, False)
        assert "no such preset `house-agnt`" in result.stderr
        assert "did you mean `house-agent`?" in result.stderr
        Path("profiles/logs.yaml").write_text("extends: elsewhere\nname: logs\n")
        assert "run `dsgen presets lock`" in run("validate").stderr
        assert "run `dsgen presets lock`" not in run("presets", "lock").stderr

    def test_one_that_it_no_longer_has(self, top: Path) -> None:
        run("presets", "lock")
        (top / "house/house-agent.yaml").unlink()
        assert run("presets", "outdated").stdout == "house-agent  1.2 is locked; the pack `house` does not have it\n"
        for command in ("diff", "upgrade"):
            result = run("presets", command, "house-agent")
            said = "'house-agent' is locked, and the pack `house` no longer has it: keep the copy, or extend another preset"
            assert (result.exit_code, result.stderr) == (2, f"dsgen: {said}\n")
        assert run("generate").exit_code == 0

    def test_two_with_one_preset(self, top: Path) -> None:
        write(top / "other", {"house-agent.yaml": "name: other\n"})
        Path("dsgen.yaml").write_text(project("house: {folder: ../house}", "other: {folder: ../other}"))
        result = run("presets", "lock")
        assert (result.exit_code, Path("presets").exists()) == (2, False)
        assert "the packs `house` and `other` in dsgen.yaml both have a preset `house-agent`" in result.stderr

    @pytest.mark.parametrize(
        ("pack", "why"),
        [
            ("folder: ../nothing", "there is no folder ../nothing"),
            ("folder: ../../outside", "is in another project or repository: use `git`, with a commit"),
            ("folder: ../linked", "is in another project or repository: use `git`, with a commit"),
        ],
    )
    def test_where_it_is_not(self, top: Path, pack: str, why: str) -> None:
        write(top.parent / "outside", PACK)
        (top / "linked").symlink_to(top.parent / "outside")
        Path("dsgen.yaml").write_text(project(f"house: {{{pack}}}"))
        result = run("presets", "lock")
        assert (result.exit_code, why in result.stderr) == (2, True)
        assert "`presets.house` in dsgen.yaml" in result.stderr


class TestLeaving:
    """A pack is written by somebody else."""

    @pytest.mark.parametrize("link", ["files/house-agent/agent.conf", "house-agent.yaml", "_base.yaml"])
    def test_a_symlink_out_of_its_folder(self, top: Path, link: str) -> None:
        (top / "secret").write_text("secret\n")
        (top / "house" / link).unlink()
        (top / "house" / link).symlink_to(top / "secret")
        result = run("presets", "lock")
        assert (result.exit_code, Path("presets").exists()) == (2, False)
        assert "a symlink leads out" in result.stderr

    @pytest.mark.parametrize(
        ("parent", "why"),
        [("../secret.yaml", "leads out of the pack"), ("./nothing.yaml", "does not exist there")],
    )
    def test_a_parent_out_of_its_folder(self, top: Path, parent: str, why: str) -> None:
        (top / "secret.yaml").write_text("name: secret\n")
        (top / "house/house-agent.yaml").write_text(f"extends: {parent}\nname: a\n")
        result = run("presets", "lock")
        assert (result.exit_code, f"extends `{parent}`, which {why}" in result.stderr) == (2, True)

    @pytest.mark.parametrize("pattern", ["../../profiles/*", "../../../house/_base.yaml", "/etc/passwd"])
    def test_a_file_of_a_config_map_out_of_its_folder(self, top: Path, pattern: str) -> None:
        text = PACK["house-agent.yaml"].replace("files/house-agent/*.conf", pattern)
        (top / "house/house-agent.yaml").write_text(text)
        assert run("presets", "lock").exit_code == 0
        result = run("generate")
        assert (result.exit_code, Path("out/logs").exists()) == (1, False)
        assert "[invalid-config-map-file]" in result.stderr

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("apiVersion: {{ ''.__class__.__mro__ }}\n", "invalid-template"),
            ("apiVersion: {{ cycler.__init__.__globals__ }}\n", "invalid-template"),
            ("{% include '../../../../secret' %}\n", "unknown-template"),
            ("{% include '/etc/passwd' %}\n", "unknown-template"),
            ("{% include 'house-agent/../../house-agent.yaml' %}\n", "unknown-template"),
        ],
    )
    def test_a_template_out_of_the_sandbox(self, top: Path, text: str, code: str) -> None:
        (top / "secret").write_text("secret: value\n")
        (top / "house/templates/house-agent/quota.yaml.j2").write_text(text)
        assert run("presets", "lock").exit_code == 0
        result = run("generate")
        assert (result.exit_code, Path("out/logs").exists()) == (1, False)
        assert f"[{code}]" in result.stderr
        assert "secret: value" not in result.output

    def test_a_template_does_not_replace_a_shipped_one(self, top: Path) -> None:
        (top / "house/templates/daemonset.yaml.j2").write_text("kind: ConfigMap\n")
        assert run("presets", "lock").exit_code == 0
        assert not Path(COPY, "templates/daemonset.yaml.j2").exists()
        assert run("generate").exit_code == 0

    def test_a_template_that_was_changed_is_not_used(self, top: Path) -> None:
        """Not even if an earlier run remembers what it rendered, or a profile names it without extending the preset."""
        run("presets", "lock")
        run("generate")
        write(
            top / "project",
            {
                "profiles/other.yaml": "name: other\ncontainers: {a: {image: x}}\ntemplates: [house-agent/quota.yaml.j2]\n"
            },
        )
        assert run("generate").exit_code == 0
        Path(COPY, "templates/house-agent/quota.yaml.j2").write_text(
            PACK["templates/house-agent/quota.yaml.j2"] + "# x\n"
        )
        result = run("generate")
        assert (result.exit_code, "[mismatched-preset-digest]" in result.stderr) == (2, True)
        assert "it does not match its digest in presets/lock.json" in run("generate", "other").stderr

    def test_a_file_name_that_is_not_allowed(self, top: Path) -> None:
        (top / "house/files/house-agent/a b.conf").write_text("x")
        result = run("presets", "lock")
        assert (result.exit_code, "'files/house-agent/a b.conf' is not allowed" in result.stderr) == (2, True)


class TestStated:
    @pytest.mark.parametrize(
        ("pack", "message", "hint"),
        [
            ("a: {git: 'https://example.com/a.git'}", "a Git repository requires a commit", "add `commit: HASH`; `git ls-remote https://example.com/a.git HEAD` prints that of the default branch"),
            ("a: {git: 'https://example.com/a.git', commit: main}", "'main' is not a full commit hash of 40 or 64 digits", "write the full hash; a branch or a tag can move"),
            ("a: {git: 'https://example.com/a.git', commit: abc1234}", "'abc1234' is not a full commit hash of 40 or 64 digits", "write the full hash; a branch or a tag can move"),
            ("a: {git: 'ext::sh -c id', commit: %s}" % ("0" * 40), "'ext::sh -c id' is not a URL that Git may fetch", "write a URL that begins with `https://`, `ssh://`, `file://`"),
            ("a: {git: 'http://example.com/a.git', commit: %s}" % ("0" * 40), "'http://example.com/a.git' is not a URL that Git may fetch", "write a URL that begins with `https://`, `ssh://`, `file://`"),
            ("a: {git: '--upload-pack=id', commit: %s}" % ("0" * 40), "'--upload-pack=id' is not a URL that Git may fetch", "write a URL that begins with `https://`, `ssh://`, `file://`"),
            ("a: {git: 'git@example.com:platform/a.git', commit: %s}" % ("0" * 40), "'git@example.com:platform/a.git' is not a URL that Git may fetch", "write `ssh://git@example.com/platform/a.git`"),
            ("a: {folder: /presets}", "`/presets` is not a relative path", "write a path relative to the project's folder"),
            ("a: {folder: x, path: ../y}", "`../y` leads out of the pack", "write a path below the pack's folder"),
            ("a: {folder: x, package: y}", "`folder` and `package` of one pack", "set one of `folder`, `git` and `package`"),
            ("a: {path: x}", "the pack does not say where it is", "set one of `folder`, `git` and `package`"),
            ("a: {folder: x, commit: abc}", "`commit` is not allowed for a folder", "remove it"),
            ("a: {package: 'a; b'}", "'a; b' is not a name of a Python package", "write a name such as `acme-presets`"),
            ("a: {folders: x}", "unknown key `folders` under `presets.a`", "did you mean `folder`?"),
            ("a: {folder: }", "expected text, got null", "write `folder: ../presets`"),
            ("a: ../house", "expected a map, got '../house'", "write `{folder: PATH}`, `{git: URL, commit: HASH}` or `{package: NAME}`"),
            ("A_b: {folder: x}", "'A_b' is not a valid name of a pack", "write lower-case letters, digits and inner `-`"),
        ],
    )  # fmt: skip
    def test_what_is_refused(self, tmp_path: Path, pack: str, message: str, hint: str) -> None:
        (tmp_path / "dsgen.yaml").write_text(project(pack))
        found, problems = read_project(tmp_path)
        assert (problems[0].line, problems[0].message, problems[0].hint) == (3, message, hint)
        assert problems[0].code in ("invalid-preset-pack", "unknown-key")
        assert found.packs == ()

    def test_two_of_one_name(self, tmp_path: Path) -> None:
        (tmp_path / "dsgen.yaml").write_text(project("a: {folder: x}", "a: {package: y}"))
        (problem,) = read_project(tmp_path)[1]
        assert (problem.code, problem.line) == ("duplicate-key", 4)

    def test_a_list(self, tmp_path: Path) -> None:
        (tmp_path / "dsgen.yaml").write_text("presets: [a]\n")
        (problem,) = read_project(tmp_path)[1]
        assert problem.message == "expected a map of packs by name, got a list"


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
class TestGit:
    @pytest.fixture
    def repository(self, top: Path) -> Path:
        folder = top.parent / "repository"
        write(folder / "presets", PACK)
        git(folder, "init", "--quiet")
        commit(folder)
        return folder

    def test_a_commit_is_copied(self, top: Path, repository: Path) -> None:
        head = git(repository, "rev-parse", "HEAD")
        (repository / "presets/_base.yaml").write_text("containers: {agent: {image: example.com/agent:9}}\n")
        commit(repository)
        Path("dsgen.yaml").write_text(project(f"acme: {{git: 'file://{repository}', commit: {head}, path: presets}}"))
        assert run("presets", "lock").stderr == f"locked {COPY}\n"
        assert "example.com/agent:1.2" in run("generate", "-o", "-").stdout
        Path("dsgen.yaml").write_text(
            project(
                f"acme: {{git: 'file://{repository}', commit: {git(repository, 'rev-parse', 'HEAD')}, path: presets}}"
            )
        )
        assert "revised" in run("presets", "outdated").stdout
        run("presets", "upgrade", "house-agent")
        assert "example.com/agent:9" in run("generate", "-o", "-").stdout

    def test_a_symlink_is_not_a_file_of_it(self, top: Path, repository: Path) -> None:
        (repository / "presets/files/house-agent/agent.conf").unlink()
        (repository / "presets/files/house-agent/agent.conf").symlink_to("/etc/passwd")
        Path("dsgen.yaml").write_text(
            project(f"acme: {{git: 'file://{repository}', commit: {commit(repository)}, path: presets}}")
        )
        assert run("presets", "lock").exit_code == 0
        assert not Path(COPY, "files").exists()

    def test_no_hook_runs(self, top: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Neither one of the repository, nor one that the user's templates would put into the folder of the fetch."""
        marker, templates = top / "ran", top / "templates"
        for hooks in (repository / ".git/hooks", templates / "hooks"):
            for name in ("post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc"):
                write(hooks, {name: f"#!/bin/sh\ntouch {marker}\n"})
                (hooks / name).chmod(0o755)
        head = commit(repository)
        marker.unlink(missing_ok=True)
        monkeypatch.setenv("GIT_TEMPLATE_DIR", str(templates))
        Path("dsgen.yaml").write_text(project(f"acme: {{git: 'file://{repository}', commit: {head}, path: presets}}"))
        assert run("presets", "lock").exit_code == 0
        assert not marker.exists()

    def test_no_transport_runs_a_command(self, top: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not even if the user's configuration allows it, and replaces the URL by one of that kind."""
        marker = top / "ran"
        write(
            top,
            {"config": f'[protocol]\nallow = always\n[url "ext::touch {marker} "]\ninsteadOf = https://example.com/\n'},
        )
        monkeypatch.setenv("HOME", str(top))
        (top / "config").rename(top / ".gitconfig")
        Path("dsgen.yaml").write_text(project(f"acme: {{git: 'https://example.com/a.git', commit: {'0' * 40}}}"))
        result = run("presets", "lock")
        assert (result.exit_code, marker.exists()) == (2, False)
        assert "git fetch failed" in result.stderr

    def test_a_commit_that_is_not_there(self, top: Path, repository: Path) -> None:
        Path("dsgen.yaml").write_text(
            project(f"acme: {{git: 'file://{repository}', commit: {'1' * 40}, path: presets}}")
        )
        result = run("presets", "lock")
        assert (result.exit_code, f"has no commit {'1' * 40}" in result.stderr) == (2, True)

    def test_a_folder_that_is_not_there(self, top: Path, repository: Path) -> None:
        head = git(repository, "rev-parse", "HEAD")
        Path("dsgen.yaml").write_text(project(f"acme: {{git: 'file://{repository}', commit: {head}, path: nothing}}"))
        result = run("presets", "lock")
        assert (result.exit_code, "there is no folder `nothing` in commit" in result.stderr) == (2, True)

    def test_generating_does_not_run_git(self, top: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        head = git(repository, "rev-parse", "HEAD")
        Path("dsgen.yaml").write_text(project(f"acme: {{git: 'file://{repository}', commit: {head}, path: presets}}"))
        run("presets", "lock")
        shutil.rmtree(repository)
        marker = top / "ran"
        write(top / "bin", {"git": f"#!/bin/sh\ntouch {marker}\nexit 1\n"})
        (top / "bin/git").chmod(0o755)
        monkeypatch.setenv("PATH", f"{top}/bin{os.pathsep}{os.environ['PATH']}")
        for command in ("generate", "validate", "requires"):
            assert run(command).exit_code == 0
        assert not marker.exists()
        assert run("presets", "outdated").exit_code == 2
        assert marker.exists()


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(folder: Path) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=x")
    return git(folder, "rev-parse", "HEAD")


class TestPackage:
    @pytest.fixture
    def site(self, top: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Install a package whose code must not run, and return the folder that it is in."""
        site = top.parent / "site"
        write(site / "acme_presets", {**PACK, "__init__.py": "raise SystemExit('it was imported')\n"})
        record(site)
        monkeypatch.syspath_prepend(str(site))
        Path("dsgen.yaml").write_text(project("acme: {package: acme-presets}"))
        return site

    def test_its_files_are_copied_and_its_code_does_not_run(self, top: Path, site: Path) -> None:
        assert run("presets", "lock").stderr == f"locked {COPY}\n"
        assert "acme_presets" not in sys.modules
        assert run("generate").exit_code == 0
        assert generated() == GENERATED

    def test_its_version_is_that_of_a_preset_without_one(self, top: Path, site: Path) -> None:
        write(site / "acme_presets", {"house-agent.yaml": PACK["house-agent.yaml"].replace(" 1.2", "")})
        record(site)
        assert run("presets", "lock").stderr == "locked presets/house-agent@3.1\n"

    def test_a_file_that_does_not_match_its_record(self, top: Path, site: Path) -> None:
        write(site / "acme_presets", {"_base.yaml": "name: changed\n"})
        result = run("presets", "lock")
        assert (result.exit_code, "_base.yaml does not match its digest in the record" in result.stderr) == (2, True)

    def test_one_that_is_not_installed(self, top: Path) -> None:
        Path("dsgen.yaml").write_text(project("acme: {package: no-such-presets}"))
        result = run("presets", "lock")
        assert (result.exit_code, "the Python package `no-such-presets` is not installed" in result.stderr) == (2, True)

    def test_one_without_presets(self, top: Path) -> None:
        Path("dsgen.yaml").write_text(project("acme: {package: click, path: presets}"))
        result = run("presets", "lock")
        assert (result.exit_code, "lists no files in `presets/`: set `path`" in result.stderr) == (2, True)


def record(site: Path) -> None:
    info = site / "acme_presets-3.1.dist-info"
    write(info, {"METADATA": "Metadata-Version: 2.1\nName: acme-presets\nVersion: 3.1\n"})
    lines = []
    for path in sorted((site / "acme_presets").rglob("*")):
        if path.is_file():
            value = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
            lines.append(f"{path.relative_to(site)},sha256={value},{path.stat().st_size}\n")
    write(info, {"RECORD": "".join([*lines, "../outside/house-agent.yaml,,\n"])})


class TestNames:
    """The presets of packs are presets like those of dsgen for the commands that list and extend them."""

    def names(self, *arguments: str) -> dict[str, str]:
        result = run("presets", *arguments, "--format", "json")
        assert result.exit_code == 0, result.stderr
        return {each["name"]: each["pack"] for each in json.loads(result.stdout)["presets"]}

    def test_they_are_listed(self, top: Path) -> None:
        found = self.names()
        assert (found["house-agent"], found["fluent-bit"], list(found)) == ("house", "", sorted(found))
        assert "house-agent" in run("presets").stdout
        assert "  House agent 1.2: does this. (pack house)\n" in run("presets").stdout
        assert "_base" not in found

    def test_one_is_printed(self, top: Path) -> None:
        assert run("presets", "house-agent").stdout == PACK["house-agent.yaml"]
        assert self.names("show", "house-agent") == {"house-agent": "house"}

    def test_one_instead_of_a_shipped_one(self, top: Path) -> None:
        write(top / "house", {"fluent-bit.yaml": "# Ours.\nname: fluent-bit\ncontainers: {a: {image: 'x:1'}}\n"})
        assert self.names()["fluent-bit"] == "house"
        assert run("presets", "fluent-bit").stdout.startswith("# Ours.\n")

    def test_no_head(self, top: Path) -> None:
        write(top / "house", {"bare.yaml": "name: bare\ncontainers: {a: {image: 'x:1'}}\n"})
        assert re.search(r"^bare +\(pack house\)$", run("presets").stdout, re.MULTILINE)
        assert run("new", "mine", "--from", "bare").exit_code == 0
        assert Path("profiles/mine.yaml").read_text().startswith("# bare: the preset `bare`, with the changes below.\n")

    @pytest.mark.parametrize("character", ["\x1b", "\x85", "\u2028", "\r"])
    def test_a_head_ends_no_comment_and_controls_no_terminal(self, top: Path, character: str) -> None:
        text = f"# Ours{character}x: y.\nname: bare\ncontainers: {{a: {{image: 'x:1'}}}}\n"
        (top / "house/bare.yaml").write_bytes(text.encode())
        assert "\x1b" not in run("presets").stdout + run("presets", "bare").stdout
        assert run("new", "mine", "--from", "bare").exit_code == 0
        lines = re.split("[\r\n\x85\u2028]", Path("profiles/mine.yaml").read_bytes().decode())
        assert [line for line in lines if line[:1] != "#"][:2] == ["extends: bare", "name: mine"]

    def test_a_name_that_is_none(self, top: Path) -> None:
        for arguments in (
            ("presets", "house-agnt"),
            ("new", "x", "--from", "house-agnt"),
            ("presets", "lock", "house-agnt"),
        ):
            result = run(*arguments)
            assert result.exit_code == 2
            assert result.stderr == "dsgen: no such preset 'house-agnt'; did you mean `house-agent`?\n"

    def test_a_new_profile(self, top: Path) -> None:
        result = run("new", "edge", "--from", "house-agent")
        assert (result.exit_code, result.stderr) == (
            0,
            "created profiles/edge.yaml\n"
            "house-agent is a preset of the pack `house`: run `dsgen presets lock`, then `dsgen generate`\n",
        )
        assert "extends: house-agent\nname: edge\n" in Path("profiles/edge.yaml").read_text()
        assert run("presets", "lock").exit_code == 0
        assert run("generate").exit_code == 0
        assert "pack" not in run("new", "other", "--from", "house-agent").stderr

    def test_a_plain_profile_is_never_that_of_a_pack(self, top: Path) -> None:
        write(top / "house", {"agent.yaml": "name: agent\ncontainers: {ours: {image: 'x:1'}}\n"})
        assert run("new", "plain").exit_code == 0
        assert "ours" not in Path("profiles/plain.yaml").read_text()

    def completed(self, words: str) -> list[str]:
        completion = ZshComplete(main, {}, "dsgen", "_DSGEN_COMPLETE")
        typed = words.split(" ")
        return [item.value for item in completion.get_completions(typed[1:-1], typed[-1])]

    @pytest.mark.parametrize(
        "words", ["dsgen new a --from house-", "dsgen presets house-", "dsgen presets lock house-"]
    )
    def test_they_are_completed(self, top: Path, words: str) -> None:
        assert self.completed(words) == ["house-agent"]
        assert "fluent-bit" in self.completed(words.replace("house-", "fluent-"))

    def test_completion_fetches_nothing(self, top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert run("presets", "lock").exit_code == 0
        write(
            top / "project", {"dsgen.yaml": project(f'house: {{git: "https://git.example.com/x", commit: {"0" * 40}}}')}
        )
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("Git runs"))
        assert self.completed("dsgen new a --from house-") == ["house-agent"]

    def test_a_pack_that_cannot_be_read(self, top: Path) -> None:
        write(top / "project", {"dsgen.yaml": project("house: {folder: ../nowhere}")})
        result = run("presets")
        assert result.exit_code == 2
        assert "node-exporter" in result.stdout
        assert "dsgen: the pack `house`" in result.stderr
        assert "node-exporter" in self.completed("dsgen new a --from node-")
        assert run("new", "a", "--from", "fluent-bit").exit_code == 2
