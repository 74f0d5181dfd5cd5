"""Nobody's file but the user's: what is not read, not written and not removed, whatever a project holds; and how a run ends that cannot go on."""

from __future__ import annotations

import errno
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dsgen import reading
from dsgen.build import processes
from dsgen.build.output import files
from dsgen.build.output.files import create_file, path_below
from dsgen.cli import revisions
from dsgen.cli.revisions import Revision, export
from tests.cli.test_commands import GOOD, Run, folder, run, unreadable, written
from tests.other_user import NOBODY, needs_root, open_folder, run_as

pytestmark = pytest.mark.long

__all__ = ["folder", "run"]

SECRET = "hunter2: {swordfish"
OUT = "a symlink leads out of the project"
NO_FILE = "it is not a plain file, but a device or a pipe"


@pytest.fixture
def project(folder: Path, run: Run) -> Path:
    """A project below the current folder's, which has made `a` and `b`; beside it lies what is not its own."""
    (folder / "secret.yaml").write_text(SECRET)
    (folder / "dsgen.yaml").touch()
    for name in "ab":
        (folder / f"profiles/{name}.yaml").write_text(GOOD.format(name))
    assert run("generate").exit_code == 0
    return folder


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is not the project's, with a secret in files of all kinds."""
    folder = tmp_path_factory.mktemp("outside")
    for name in ("x.yaml", "dsgen.yaml", "daemonset.yaml.j2", "profiles/x.yaml", "environments/x.yaml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(SECRET)
    return folder


def kept(folder: Path) -> list[str]:
    """Return what stands there of `a` and `b`."""
    return [path for path in written(folder / "out") if path in ("a/daemonset-a.yaml", "b/daemonset-b.yaml")]


BOTH = ["a/daemonset-a.yaml", "b/daemonset-b.yaml"]


class TestWhatCannotBeReadIsNotGone:
    """A4. A stale mount, or a right that is missing in CI, removes nothing."""

    @pytest.mark.parametrize(
        "command",
        [
            ["generate"],
            ["generate", "--check"],
            ["generate", "--diff"],
            ["validate"],
            ["validate", "profiles"],
            ["generate", "-e", "*"],
        ],
    )
    def test_a_folder(self, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
        (project / "profiles/x").mkdir()
        (project / "profiles/b.yaml").rename(project / "profiles/x/b.yaml")
        real = os.scandir

        def scandir(path: str) -> Any:
            if Path(path).name == "x":
                raise PermissionError(errno.EACCES, "Permission denied", path)
            return real(path)

        monkeypatch.setattr(os, "scandir", scandir)
        result = run(*command)
        assert (result.exit_code, result.stderr) == (2, "dsgen: cannot read profiles/x: Permission denied\n")
        assert kept(project) == BOTH

    @needs_root
    def test_a_folder_of_somebody_who_is_not_root(self) -> None:
        for place in open_folder():
            for name in ("x/a", "b"):
                path = place / f"profiles/{name}.yaml"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(GOOD.format(name[-1]))
            (place / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
            assert run_as(NOBODY, place, "generate") == (0, "4 files written to out\n")
            (place / "profiles/x").chmod(0)
            assert run_as(NOBODY, place, "generate") == (2, "dsgen: cannot read profiles/x: Permission denied\n")
            assert kept(place) == BOTH
            (place / "profiles/x").chmod(0o755)
            (place / "profiles").chmod(0)
            assert run_as(NOBODY, place, "generate") == (2, "dsgen: cannot read profiles: Permission denied\n")
            assert kept(place) == BOTH

    @pytest.mark.parametrize("loop", [False, True])
    def test_a_link_to_a_profile(self, project: Path, run: Run, loop: bool) -> None:
        (project / "profiles/b.yaml").unlink()
        (project / "profiles/b.yaml").symlink_to("b.yaml" if loop else "nowhere")
        (project / "profiles/a.yaml").unlink()
        for command in (["generate"], ["generate", "--check"]):
            result = run(*command)
            assert result.exit_code == 2
            assert "dsgen: cannot read profiles/b.yaml: " in result.stderr
            assert kept(project) == BOTH  # nothing is removed at all

    @pytest.mark.parametrize("name", ["profiles", "profiles/x", "environments", "templates"])
    def test_a_link_to_a_folder(self, project: Path, run: Run, name: str) -> None:
        (project / "templates").mkdir()
        (project / "templates/daemonset.yaml.j2").write_text('{% extends "dsgen/daemonset.yaml.j2" %}\n')
        if name in ("profiles", "templates"):
            (project / name).rename(project / "elsewhere")
        (project / name).symlink_to("nowhere")
        result = run("generate")
        assert result.exit_code == 2
        assert f"dsgen: cannot read {name}" in result.stderr
        assert kept(project) == BOTH

    @pytest.mark.parametrize("name", ["daemonset.yaml.j2", "sub/x.yaml.j2"])
    def test_a_template(self, project: Path, run: Run, name: str) -> None:
        """The shipped one is not taken in its place."""
        (project / "templates").mkdir()
        if "/" in name:
            (project / "templates/sub").symlink_to("nowhere")
            (project / "profiles/a.yaml").write_text(GOOD.format("a") + f"templates: [{name}]\n")
        else:
            (project / "templates" / name).symlink_to("nowhere")
        result = run("generate")
        assert result.exit_code == 2
        assert result.stderr.count(f"dsgen: cannot read templates/{name}: No such file or directory\n") == 1
        assert kept(project) == BOTH

    def test_a_template_that_may_not_be_read_is_told_of_once(
        self, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """L7."""
        (project / "templates").mkdir()
        (project / "templates/daemonset.yaml.j2").write_text("")
        unreadable(monkeypatch, str(project / "templates/daemonset.yaml.j2"))
        for command in ("generate", "validate", "requires"):
            result = run(command)
            assert result.exit_code == 2
            assert result.stderr.count("cannot read templates/daemonset.yaml.j2: Permission denied") == 1

    @pytest.mark.parametrize("how", ["folder", "link", "link to a folder"])
    def test_a_part_of_the_files_of_a_config_map(
        self, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch, how: str
    ) -> None:
        for name in ("one", "two/two"):
            (project / "conf" / name).parent.mkdir(parents=True, exist_ok=True)
            (project / "conf" / name).write_text(name)
        (project / "profiles/a.yaml").write_text(GOOD.format("a") + "configMaps: {c: {files: ['../conf/**/*']}}\n")
        assert run("generate").exit_code == 0
        before = (project / "out/a/configmap-c.yaml").read_text()
        assert "two" in before
        if how == "folder":
            real = os.scandir

            def scandir(path: str) -> Any:
                if Path(path).name == "two":
                    raise PermissionError(errno.EACCES, "Permission denied", path)
                return real(path)

            monkeypatch.setattr(os, "scandir", scandir)
        else:
            (project / "conf/two").rename(project / "two")
            (project / f"conf/two{'/two' if how == 'link' else ''}").parent.mkdir(exist_ok=True)
            (project / f"conf/two{'/two' if how == 'link' else ''}").symlink_to("nowhere")
        for command in ("generate", "validate"):
            result = run(command)
            assert result.exit_code == 1
            assert "profiles/a.yaml:3:26: error: `conf/two" in result.stderr
            assert "cannot be read: " in result.stderr
        assert (project / "out/a/configmap-c.yaml").read_text() == before

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("environments: clusters\n", "dsgen.yaml:1:15: error: no such folder `clusters`"),
            ("templates: mine\n", "dsgen.yaml:1:12: error: no such folder `mine`"),
            (
                "profiles: ['profiles/*.yaml', 'more/**/*.yaml']\n",
                "dsgen.yaml:1:31: error: `more/**/*.yaml` matches nothing",
            ),
        ],
    )
    def test_what_is_stated_and_was_not_checked_out(self, project: Path, run: Run, text: str, found: str) -> None:
        (project / "dsgen.yaml").write_text(text)
        (project / "profiles/b.yaml").unlink()
        for command in (["generate"], ["generate", "--check"], ["validate"]):
            result = run(*command)
            assert result.exit_code == 1
            assert found in result.stderr
            assert "[missing-path]" in result.stderr
            assert kept(project) == BOTH

    def test_a_project_file_that_is_a_link_to_nothing(self, project: Path, run: Run) -> None:
        (project / "dsgen.yaml").unlink()
        (project / "dsgen.yaml").symlink_to("nowhere")
        result = run("generate")
        assert (result.exit_code, result.stderr) == (2, "dsgen: cannot read dsgen.yaml: No such file or directory\n")


class TestNothingStale:
    """A6."""

    @pytest.fixture
    def environments(self, project: Path, run: Run) -> Path:
        (project / "environments").mkdir()
        for name in ("e1", "e2"):
            (project / f"environments/{name}.yaml").touch()
        assert run("generate").exit_code == 0
        (project / "environments/e2.yaml").unlink()
        return project

    def test_an_environment_without_its_list(self, environments: Path, run: Run) -> None:
        (environments / "out/e2/kustomization.yaml").unlink()
        assert run("generate", "--check").exit_code == 1
        assert run("generate").exit_code == 0
        assert sorted(path.name for path in (environments / "out").iterdir()) == ["e1"]

    def test_a_list_that_somebody_changed(self, environments: Path, run: Run) -> None:
        path = environments / "out/e2/kustomization.yaml"
        path.write_text(path.read_text() + "namePrefix: x-\n")
        result = run("generate")
        assert result.exit_code == 1
        assert "out/e2/kustomization.yaml: error: modified since dsgen wrote it" in result.stderr
        assert run("generate", "--check").exit_code == 1

    def test_what_another_run_made_below_the_output_stays(self, project: Path, run: Run) -> None:
        run("generate", "-o", "out/special")
        assert run("generate").exit_code == 0
        assert written(project / "out/special") == BOTH


class TestNothingIsReadOutside:
    """A7, H3."""

    @pytest.mark.parametrize(
        "command",
        [
            ["generate"],
            ["validate"],
            ["generate", "--check"],
            ["validate", "profiles"],
            ["validate", "profiles/x.yaml"],
            ["generate", "profiles/x.yaml"],
            ["trace", "profiles/x.yaml"],
            ["import", "profiles/x.yaml"],
            ["requires"],
            ["diff", "profiles/x.yaml", "out"],
        ],
    )
    @pytest.mark.parametrize("device", [False, True])
    def test_a_profile(self, project: Path, run: Run, outside: Path, command: list[str], device: bool) -> None:
        (project / "profiles/x.yaml").symlink_to("/dev/zero" if device else outside / "x.yaml")
        result = run(*command)
        assert result.exit_code == 2
        assert f"cannot read profiles/x.yaml: {OUT}" in result.stderr
        assert "hunter2" not in result.output
        assert kept(project) == BOTH

    def test_a_link_inside_is_followed(self, project: Path, run: Run) -> None:
        (project / "shared").mkdir()
        (project / "profiles/b.yaml").rename(project / "shared/b.yaml")
        (project / "profiles/b.yaml").symlink_to("../shared/b.yaml")
        (project / "profiles/more").symlink_to("../shared")
        assert run("generate", "profiles/b.yaml").exit_code == 0

    @pytest.mark.parametrize(
        ("name", "to", "said"),
        [
            ("environments/x.yaml", "x.yaml", f"cannot read environments/x.yaml: {OUT}"),
            ("environments", "environments", f"cannot read environments: {OUT}"),
            ("templates/daemonset.yaml.j2", "daemonset.yaml.j2", f"cannot read templates/daemonset.yaml.j2: {OUT}"),
            ("templates", "", f"cannot read templates: {OUT}"),
            ("dsgen.yaml", "dsgen.yaml", f"cannot read dsgen.yaml: {OUT}"),
            ("profiles/more", "profiles", f"cannot read profiles/more: {OUT}"),
        ],
    )
    def test_links(self, project: Path, run: Run, outside: Path, name: str, to: str, said: str) -> None:
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).unlink(missing_ok=True)
        (project / name).symlink_to(outside / to)
        for command in ("generate", "validate"):
            result = run(command)
            assert result.exit_code == 2
            assert said in result.stderr
            assert "hunter2" not in result.output
        assert kept(project) == BOTH

    @pytest.mark.parametrize(
        "name",
        [
            "profiles/x.yaml",
            "environments/x.yaml",
            "templates/daemonset.yaml.j2",
            "dsgen.yaml",
            ".dsgen-cache/inputs.json",
            "out/a/daemonset-a.yaml",
            "out/a/.dsgen-index",
        ],
    )
    def test_pipes(self, project: Path, run: Run, name: str) -> None:
        """To open one is to wait for ever."""
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).unlink(missing_ok=True)
        os.mkfifo(project / name)
        for command in (["generate", "--check"], ["generate", "--diff"], ["validate"], ["generate"]):
            result = run(*command)
            if name.startswith((".dsgen-cache", "out")):
                assert result.exit_code in (0, 1)
            else:
                assert (result.exit_code, f"cannot read {name}: {NO_FILE}" in result.stderr) == (2, True)
        assert "a/daemonset-a.yaml" in kept(project) or name.startswith("out")

    @pytest.mark.parametrize("command", ["validate", "import", "requires", "generate"])
    def test_in_a_folder_of_manifests(self, folder: Path, run: Run, outside: Path, command: str) -> None:
        (folder / "m").mkdir()
        (folder / "m/a.yaml").write_text(GOOD.format("a"))
        (folder / "m/x.yaml").symlink_to("/dev/zero")
        result = run(command, "m")
        assert result.exit_code == 2
        assert f"cannot read m/x.yaml: {OUT}" in result.stderr
        # Another folder is bound by itself.
        (outside / "dsgen.yaml").unlink()
        (outside / "y.yaml").symlink_to(folder / "m/a.yaml")
        result = run(command, str(outside))
        assert (result.exit_code, f"y.yaml: {OUT}" in result.stderr) == (2, True)

    @pytest.mark.parametrize(
        "name", ["out/a/daemonset-a.yaml", "out/a/kustomization.yaml", "out/a/.dsgen-index", "out/a"]
    )
    @pytest.mark.parametrize(
        "command", [["generate", "--check"], ["generate", "--diff"], ["generate"], ["generate", "--force"]]
    )
    def test_what_stands_in_the_output(
        self, project: Path, run: Run, outside: Path, name: str, command: list[str]
    ) -> None:
        before = (outside / "x.yaml").read_text()
        (project / name).rename(project / "aside")
        (project / name).symlink_to(outside if name == "out/a" else outside / "x.yaml")
        result = run(*command)
        assert "hunter2" not in result.output
        assert "--force" in command or result.exit_code == (1 if "--diff" not in command else result.exit_code)
        assert (outside / "x.yaml").read_text() == before
        assert sorted(path.name for path in outside.iterdir()) == [
            "daemonset.yaml.j2",
            "dsgen.yaml",
            "environments",
            "profiles",
            "x.yaml",
        ]

    @pytest.mark.parametrize(
        "command",
        [["generate", "--check"], ["generate", "--diff"], ["generate"], ["generate", "--force"], ["generate", "a"]],
    )
    @pytest.mark.parametrize("name", ["out/prod/kustomization.yaml", "out/prod", "out/prod/b/daemonset-b.yaml"])
    def test_of_an_environment(self, project: Path, run: Run, outside: Path, name: str, command: list[str]) -> None:
        (project / "environments").mkdir()
        (project / "environments/prod.yaml").touch()
        assert run("generate").exit_code == 0
        run("generate", "-o", str(outside / "o"))
        before = written(outside)
        (project / "profiles/c.yaml").write_text(GOOD.format("c"))
        (project / name).rename(project / "aside")
        (project / name).symlink_to(outside / "o/prod" if name == "out/prod" else outside / "x.yaml")
        result = run(*command)
        assert "hunter2" not in result.output
        assert "Traceback" not in result.output
        assert result.exit_code in (0, 1)
        assert written(outside) == before

    @pytest.mark.parametrize("option", ["--nodes", "--pods"])
    def test_lists(self, project: Path, run: Run, outside: Path, option: str) -> None:
        (project / "nodes.yaml").write_text("pools: {a: {count: 1}}\n")
        (project / "list.yaml").symlink_to(outside / "x.yaml")
        result = run("plan", "--nodes", "nodes.yaml", option, "list.yaml")
        assert (result.exit_code, result.stderr) == (2, f"dsgen: cannot read list.yaml: {OUT}\n")

    def test_a_folder_that_is_a_link(self, project: Path, run: Run, outside: Path) -> None:
        (project / "away").symlink_to(outside)
        for command in (
            ["validate", "away"],
            ["generate", "away"],
            ["import", "away"],
            ["import", "out/a", "-o", "away"],
        ):
            result = run(*command)
            assert (result.exit_code, OUT in result.stderr) == (2, True)
            assert "hunter2" not in result.output

    @pytest.mark.parametrize("stated", [True, False])
    @pytest.mark.parametrize(
        "reference", ["{outside}/x.yaml", "../outside0/x.yaml", "/dev/zero", "/proc/self/environ", "./link.yaml"]
    )
    def test_extends(self, folder: Path, run: Run, outside: Path, stated: bool, reference: str) -> None:
        if stated:
            (folder / "dsgen.yaml").touch()
        (folder / "profiles/link.yaml").symlink_to(outside / "x.yaml")
        reference = reference.format(outside=outside).replace(
            "../outside0", os.path.relpath(outside, folder / "profiles")
        )
        (folder / "profiles/_x.yaml").write_text(f"extends: ['{reference}']\n{GOOD.format('x')}")
        for command in (["validate", "profiles/_x.yaml"], ["generate", "profiles/_x.yaml", "-o", "-"]):
            result = run(*command)
            assert result.exit_code == 1
            assert f"`{reference}` leads out of the project [unknown-parent]" in result.stderr
            assert "hunter2" not in result.output

    def test_extends_from_elsewhere(self, folder: Path, run: Run, outside: Path) -> None:
        """Outside of the current folder, the profile's own is the project."""
        (outside / "dsgen.yaml").unlink()
        (outside / "base.yaml").write_text("hostNetwork: true\n")
        (outside / "profiles/a.yaml").write_text("extends: ../base.yaml\n" + GOOD.format("a"))
        result = run("validate", str(outside / "profiles/a.yaml"))
        assert "there is no dsgen.yaml, so the project folder is" in result.stderr
        (outside / "a.yaml").write_text("extends: ./base.yaml\n" + GOOD.format("a"))
        assert run("validate", str(outside / "a.yaml")).exit_code == 0

    @pytest.mark.parametrize(
        "pattern",
        ["../../../../../../../../../../etc/passwx", "../../../../../../../../../../../**/x", "link/*", "*/../../../*"],
    )
    @pytest.mark.parametrize("stated", [True, False])
    def test_files_of_config_maps(self, folder: Path, run: Run, outside: Path, pattern: str, stated: bool) -> None:
        """Nothing is said of what is there or not, and no disk is searched."""
        if stated:
            (folder / "dsgen.yaml").touch()
        (folder / "profiles/link").symlink_to(outside)
        (folder / "profiles/sub").mkdir()
        (folder / "a.yaml").write_text(GOOD.format("a"))
        (folder / "profiles/_a.yaml").write_text(GOOD.format("a") + f"configMaps: {{c: {{files: ['{pattern}']}}}}\n")
        result = run("validate", "profiles/_a.yaml")
        assert result.exit_code == 1
        assert "out of the project" in result.stderr
        assert "did you mean" not in result.stderr

    @pytest.mark.parametrize("annotation", ["/etc/x.yaml", "../../../etc/x.yaml", "sub/x.yaml"])
    @pytest.mark.parametrize(
        ("spec", "said"),
        [
            ("configMaps: {c: {files: [hostname]}}", "no such file `hostname`"),
            ("extends: [/proc/self/environ]", "leads out of the project"),
            ("configMaps: {c: {files: ['../*']}}", "leads out of the project"),
        ],
    )
    def test_kustomize(self, folder: Path, run: Run, annotation: str, spec: str, said: str) -> None:
        """What a list says of its files decides nothing."""
        item = {
            "apiVersion": "dsgen/v1",
            "kind": "DaemonSetProfile",
            "metadata": {"name": "x", "annotations": {"config.kubernetes.io/path": annotation}},
            "spec": "SPEC",
        }
        given = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [item]}
        text = json.dumps(given).replace('"SPEC"', f"{{containers: {{a: {{image: x}}}}, {spec}}}")
        result = run("kustomize", input=text)
        assert result.exit_code == 1
        assert said in result.stderr
        assert "ConfigMap" not in result.stdout
        # It is found in the folder of the run.
        (folder / "hostname").write_text("here")
        if "hostname" in spec:
            result = run("kustomize", input=text)
            assert (result.exit_code, '"hostname": "here"' in result.stdout) == (0, True)

    def test_sizes(self, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("profiles/x.yaml", "environments/x.yaml", "templates/daemonset.yaml.j2", "dsgen.yaml"):
            path = project / name
            path.parent.mkdir(exist_ok=True)
            with open(path, "wb") as file:
                file.truncate(reading.PROJECT_FILE + 1)
            result = run("generate")
            assert result.exit_code == 2
            assert f"cannot read {name}: it has more than 16 MiB" in result.stderr
            path.unlink()

    def test_a_file_whose_size_nobody_knows_before(self, tmp_path: Path) -> None:
        if not os.path.exists("/proc/self/status"):
            pytest.skip("needs /proc")
        assert reading.read_file("/proc/self/status").startswith(b"Name:")
        with pytest.raises(OSError, match="more than"):
            reading.read_file("/proc/self/status", limit=10)

    @pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="needs /dev/fd")
    def test_a_pipe_of_the_shell_is_read(self, folder: Path) -> None:
        """Once, for all environments."""
        (folder / "environments").mkdir()
        for name in ("e1", "e2"):
            (folder / f"environments/{name}.yaml").touch()
        command = (
            f"exec {sys.executable} -m dsgen generate -o - <(printf 'name: a\\ncontainers: {{a: {{image: x}}}}\\n')"
        )
        done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, check=False)
        assert (done.returncode, done.stdout.count(b"kind: DaemonSet")) == (0, 2), done.stderr


class TestTheProjectOfSomebodyElse:
    """A11, as Git asks it."""

    @pytest.fixture
    def below(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (project / "mine").mkdir()
        monkeypatch.chdir(project / "mine")
        real = os.lstat

        def lstat(path: Any, **more: Any) -> Any:
            found = real(path, **more)
            if os.fspath(path) == str(project / "dsgen.yaml"):
                return os.stat_result([*found[:4], 4711, *found[5:]])
            return found

        monkeypatch.setattr(os, "lstat", lstat)
        return project

    @pytest.mark.parametrize("command", [["generate"], ["validate"], ["new", "x"], ["kustomize"], ["diff", "main"]])
    def test_above_the_current_folder_it_is_refused(self, below: Path, run: Run, command: list[str]) -> None:
        result = run(*command, input="")
        assert result.exit_code == 2
        assert "../dsgen.yaml: it belongs to another user (ID 4711)" in result.stderr
        assert kept(below) == BOTH

    def test_in_its_folder_it_is_meant(self, below: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(below)
        assert run("generate").exit_code == 0
        assert run("validate", "profiles/a.yaml").exit_code == 0

    def test_who_used_sudo_is_the_user(self, below: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setenv("SUDO_UID", "4711")
        assert run("validate").exit_code == 0

    @needs_root
    def test_for_another_user(self) -> None:
        for place in open_folder():
            (place / "dsgen.yaml").touch()
            (place / "mine/profiles").mkdir(parents=True)
            (place / "mine/profiles/a.yaml").write_text(GOOD.format("a"))
            (place / "mine").chmod(0o777)
            # Root's is anybody's: root could change all of it anyway.
            assert run_as(NOBODY, place / "mine", "validate", "profiles/a.yaml")[0] == 0
            os.chown(place / "dsgen.yaml", NOBODY + 1, NOBODY + 1)
            code, said = run_as(NOBODY, place / "mine", "validate", "profiles/a.yaml")
            assert (code, f"belongs to another user (ID {NOBODY + 1})" in said) == (2, True)


class TestRevisions:
    """A2, H4."""

    @pytest.fixture
    def repository(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        for name in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{name}_NAME", "Somebody")
            monkeypatch.setenv(f"GIT_{name}_EMAIL", "somebody@example.com")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        for name in (
            "shared/base.yml",
            "shared/conf/a.conf",
            "shared/conf/deep/b.conf",
            "unrelated/data.bin",
            "unrelated/x.yaml",
            "environments/prod/extra.conf",
        ):
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_text("{}")
        (project / "environments/prod.yaml").write_text("overrides: {b: {configMaps: {d: {files: [prod/*]}}}}\n")
        (project / "profiles/a.yaml").write_text(
            "extends: ../shared/base.yml\n" + GOOD.format("a") + "configMaps: {c: {files: ['../shared/conf/**/*']}}\n"
        )
        git("init", "-q", "-b", "main")
        git("add", "-A")
        git("commit", "-q", "-m", "one")
        return project

    def exported(self, repository: Path, target: Path, given: Path | None = None) -> list[str]:
        commit = subprocess.run(["git", "rev-parse", "main"], check=True, capture_output=True, text=True).stdout.strip()
        export(Revision("main", commit, repository), repository, given or repository, target)
        return sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())

    def test_what_the_project_needs(self, repository: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
        wanted = [
            "dsgen.yaml",
            "environments/prod.yaml",
            "environments/prod/extra.conf",
            "profiles/a.yaml",
            "profiles/b.yaml",
            "shared/base.yml",
            "shared/conf/a.conf",
            "shared/conf/deep/b.conf",
        ]
        assert self.exported(repository, tmp_path_factory.mktemp("target")) == wanted
        result = run("diff", "main")
        assert (result.exit_code, result.stdout) == (0, "no changes\n")

    def test_another_folder(self, repository: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
        found = self.exported(repository, tmp_path_factory.mktemp("target"), repository / "out")
        assert "out/a/daemonset-a.yaml" in found
        assert "unrelated/x.yaml" not in found
        assert run("diff", "main:out", "out").stdout == "no changes\n"

    def test_a_file_that_nobody_would_read(
        self, repository: Path, tmp_path_factory: pytest.TempPathFactory, run: Run
    ) -> None:
        with open(repository / "profiles/large.yaml", "wb") as file:
            file.truncate(reading.MANIFESTS + 1)
        git("add", "-A")
        git("commit", "-q", "-m", "two")
        target = tmp_path_factory.mktemp("target")
        self.exported(repository, target)
        large = (target / "profiles/large.yaml").stat()
        assert (large.st_size, large.st_blocks) == (reading.MANIFESTS + 1, 0)
        (repository / "profiles/large.yaml").unlink()
        result = run("diff", "main")
        assert (result.exit_code, "profiles/large.yaml: it has more than 64 MiB" in result.stderr) == (2, True)

    def test_not_more_than_a_project_can_need(
        self, repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(revisions, "_LARGEST", 10)
        result = run("diff", "main")
        assert (result.exit_code, "the project needs more than" in result.stderr) == (2, True)

    @pytest.mark.parametrize(
        "name", ["../up.yaml", "/abs.yaml", "profiles//x.yaml", "profiles/./x.yaml", "profiles/../../x.yaml", "", "."]
    )
    def test_names_that_are_no_paths_below(
        self, repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        """Git makes no such entries; somebody else may."""
        real = revisions._git

        def listed(*arguments: str) -> bytes:
            found = real(*arguments)
            if arguments[0] != "ls-tree":
                return found
            blob = found.split()[2] if found else b"0" * 40
            return found + b"100644 blob " + blob + b"       3\t" + name.encode() + b"\0"

        monkeypatch.setattr(revisions, "_git", listed)
        made: list[str] = []
        monkeypatch.setattr(Path, "mkdir", lambda self, *_, **__: made.append(str(self)))
        result = run("diff", "main")
        assert (result.exit_code, "invalid file name" in result.stderr) == (2, True)
        assert made == []

    def test_a_path_that_leads_out(self, repository: Path, run: Run) -> None:
        result = run("diff", "main:../../etc", "out")
        assert (result.exit_code, "is not in the repository" in result.stderr) == (2, True)

    def test_a_project_above_the_temporary_folder(
        self, repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        temporary = tmp_path_factory.mktemp("temporary")
        (temporary / "dsgen.yaml").write_text("profiles: [\n")
        monkeypatch.setenv("TMPDIR", str(temporary))
        monkeypatch.setattr("tempfile.tempdir", None)
        assert run("diff", "main:unrelated/x.yaml", "unrelated/x.yaml").exit_code != 2


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


MANIFEST = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: {}}}\nspec:\n  selector: {{matchLabels: {{a: b}}}}\n  template:\n    metadata: {{labels: {{a: b}}}}\n    spec: {{containers: [{{name: a, image: b}}]}}\n"


class TestNothingIsWrittenOutside:
    """A3, L9."""

    @pytest.mark.parametrize(
        "name", ["../../up", "{folder}/abs", "a/b", '"a\\nb"', ".", "..", '""', "A_B", '"a\\0b"', '"{long}"']
    )
    def test_import(self, folder: Path, run: Run, name: str) -> None:
        text = MANIFEST.format(name.format(folder=folder, long="a" * 260)) + "---\n" + MANIFEST.format("good")
        (folder / "m.yaml").write_text(text)
        result = run("import", "m.yaml", "-o", "o/p")
        assert result.exit_code == 1
        assert "m.yaml:3:18: error" in result.stderr
        assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
            "m.yaml",
            "o/p/good.yaml",
        ]

    @pytest.mark.parametrize("device", [False, True])
    def test_import_compares_with_nothing_behind_a_link(
        self, folder: Path, run: Run, outside: Path, device: bool
    ) -> None:
        (folder / "m.yaml").write_text(MANIFEST.format("a"))
        (folder / "a.yaml").symlink_to("/dev/zero" if device else outside / "x.yaml")
        result = run("import", "m.yaml", "-o", ".")
        assert result.exit_code in (1, 2)
        assert (outside / "x.yaml").read_text() == SECRET

    @pytest.mark.parametrize("name", [".github", ".github/workflows", "profiles", "environments"])
    def test_init(self, folder: Path, run: Run, outside: Path, name: str) -> None:
        before = sorted(outside.rglob("*"))
        (folder / "new" / name).parent.mkdir(parents=True)
        (folder / "new" / name).symlink_to(outside)
        result = run("init", "new")
        if name.startswith("."):
            assert (result.exit_code, result.stderr.splitlines()[-1]) == (
                2,
                f"dsgen: cannot write new/{name}: it is a symlink, and dsgen creates no files behind one",
            )
        else:
            assert (result.exit_code, f"kept new/{name} (already exists)" in result.stderr) == (0, True)
        assert sorted(outside.rglob("*")) == before

    @pytest.mark.parametrize("name", ["profiles", "profiles/sub"])
    def test_new(self, folder: Path, run: Run, outside: Path, name: str) -> None:
        before = sorted(outside.rglob("*"))
        (folder / "dsgen.yaml").write_text(f"profiles: ['{name}/*.yaml']\n")
        if name == "profiles":
            (folder / "profiles").rmdir()
        (folder / name).symlink_to(outside)
        result = run("new", "agent")
        assert (result.exit_code, result.stderr) == (
            2,
            f"dsgen: cannot write {name}: it is a symlink, and dsgen creates no files behind one\n",
        )
        assert sorted(outside.rglob("*")) == before

    @pytest.mark.parametrize("name", ["", ".", "..", "a//b", "/a", "a/../b", "a/.", "a\nb", "a\0b", "a/"])
    def test_no_name_of_a_file(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(OSError, match="not a valid file name"):
            create_file(tmp_path, name, "")
        assert list(tmp_path.iterdir()) == []

    def test_names_of_files(self, tmp_path: Path) -> None:
        for number, name in enumerate(("a", ".a", "a b", "ü", "a/b/..c")):
            assert path_below(tmp_path, name) == tmp_path / name
            assert create_file(tmp_path / str(number), name, "x")


class TestHowARunEnds:
    """L4 to L6, T5, T7."""

    def dsgen(self, folder: Path, *arguments: str, before: str = "", **more: Any) -> subprocess.CompletedProcess[bytes]:
        command = f"{before} exec {sys.executable} -m dsgen {' '.join(arguments)}"
        return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False, **more)

    def test_standard_error_is_closed(self, project: Path) -> None:
        (project / "profiles/c.yaml").write_text(GOOD.format("c"))
        assert self.dsgen(project, "generate", "2>&-").returncode == 0
        assert "c/daemonset-c.yaml" in written(project / "out")
        assert self.dsgen(project, "validate", "2>&-").returncode == 0
        (project / "profiles/c.yaml").write_text("nam: c\n")
        assert self.dsgen(project, "validate", "2>&-").returncode == 1

    def test_standard_output_is_closed(self, project: Path) -> None:
        (project / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
        done = self.dsgen(project, "validate", ">&-")
        assert (done.returncode, done.stderr) == (0, b"2 objects validated, no errors\n")
        for arguments in (["generate", "-o", "-"], ["validate", "--format", "json"], ["schema"]):
            done = self.dsgen(project, *arguments, ">&-")
            assert (done.returncode, done.stderr) == (2, b"dsgen: error: Bad file descriptor\n")

    @pytest.mark.parametrize(
        "command",
        [
            ["validate", "-"],
            ["import", "-"],
            ["plan", "-", "--nodes", "profiles/a.yaml"],
            ["diff", "-", "profiles/a.yaml"],
            ["generate", "-"],
            ["kustomize"],
        ],
    )
    def test_standard_input_is_closed(self, project: Path, command: list[str]) -> None:
        done = self.dsgen(project, *command, "<&-")
        assert done.returncode == 2
        assert b": Bad file descriptor\n" in done.stderr
        assert b"no errors\n" not in done.stderr
        assert b"Traceback" not in done.stderr

    def test_all_are_closed(self, project: Path) -> None:
        (project / "profiles/c.yaml").write_text(GOOD.format("c"))
        assert self.dsgen(project, "generate", "<&- >&- 2>&-").returncode == 0
        assert "c/daemonset-c.yaml" in written(project / "out")

    def test_out_of_memory(self, project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def work(*_: object, **__: object) -> None:
            raise MemoryError

        monkeypatch.setattr("dsgen.build.validate_files.results", work)
        result = run("validate")
        assert (result.exit_code, result.stderr) == (2, "dsgen: error: out of memory\n")

    def test_memory_that_the_system_does_not_give(self, project: Path) -> None:
        (project / "m.json").write_text(
            json.dumps({"kind": "List", "apiVersion": "v1", "items": [{"a": str(number)} for number in range(200_000)]})
        )
        limit = 220 * 1024 * 1024
        done = self.dsgen(
            project, "validate", "m.json", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        )
        assert (done.returncode, done.stderr) == (2, b"dsgen: error: out of memory\n")

    def test_an_interrupt_when_a_file_is_renamed_already(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real = os.replace

        def replace(old: str, new: str) -> None:
            real(old, new)
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            files.write_file(str(tmp_path / "a"), b"whole")
        assert [path.name for path in tmp_path.iterdir()] == ["a"]
        assert (tmp_path / "a").read_bytes() == b"whole"

    @pytest.mark.parametrize("failing", ["fork", "memfd_create"])
    def test_no_other_process(self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
        for number in range(130):
            (folder / f"profiles/{number}.yaml").write_text(GOOD.format(f"a{number}"))

        def refused(*_: object) -> int:
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

        monkeypatch.setattr(os, "cpu_count", lambda: 3)
        monkeypatch.setattr(os, failing, refused, raising=False)
        assert run("generate").stderr == "260 files written to out\n"
        assert run("validate").stderr == "130 objects validated, no errors\n"

    def test_one_other_process_of_two(self, monkeypatch: pytest.MonkeyPatch) -> None:
        forked: list[int] = []
        real = os.fork

        def fork() -> int:
            if forked:
                raise OSError(errno.ENOMEM, "Cannot allocate memory")
            forked.append(1)
            return real()

        monkeypatch.setattr(os, "fork", fork)
        items = list(range(3 * processes.MIN_ITEMS_PER_PROCESS))
        assert list(processes.results(items, lambda item: item * item, 3)) == [item * item for item in items]

    @pytest.mark.parametrize(
        "locale", [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"LC_ALL": "C.UTF-8"}]
    )
    def test_the_same_bytes_in_every_locale(self, folder: Path, locale: dict[str, str]) -> None:
        """L6."""
        (folder / "dsgen.yaml").touch()
        (folder / "profiles/ünï.yaml").write_text(GOOD.format("a"))
        environment = {**os.environ, **locale}
        for arguments in (
            ["generate"],
            ["generate", "--check"],
            ["generate", "-o", "../other"],
            ["generate", "-o", "../other"],
        ):
            done = self.dsgen(folder, *arguments, env=environment)
            assert done.returncode == 0, done.stderr
        head = (folder / "out/a/daemonset-a.yaml").read_bytes().split(b"\n")[0]
        assert head == "# Generated by dsgen from profiles/ünï.yaml. Change the profile, not this file.".encode()

    def test_the_current_folder_is_gone(self, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        gone = tmp_path / "gone"
        gone.mkdir()
        monkeypatch.chdir(gone)
        gone.rmdir()
        result = run("validate")
        assert (result.exit_code, result.stderr) == (
            2,
            "dsgen: the current folder no longer exists: change to another one\n",
        )


@pytest.mark.parametrize("key", ["profiles", "templates", "environments", "output"])
def test_no_path_has_a_nul(key: str, project: Path, run: Run) -> None:
    (project / "dsgen.yaml").write_text(f'{key}: "a\\0b"\n')
    for command in ("generate", "validate"):
        result = run(command)
        assert result.exit_code == 1
        assert "error: expected a path, got 'a\\x00b' [invalid-type]" in result.stderr
    assert len(list(project.glob("out/*"))) == 2


@pytest.mark.parametrize("pattern", ['""', ".", "./"])
def test_the_projects_folder_is_no_profile(pattern: str, project: Path, run: Run) -> None:
    (project / "dsgen.yaml").write_text(f"profiles: {pattern}\n")
    result = run("generate")
    assert result.exit_code == 2
    assert "matches nothing" in result.stderr
    assert len(list(project.glob("out/*"))) == 2
