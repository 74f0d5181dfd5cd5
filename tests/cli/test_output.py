"""Whose files they are: what a run writes, what it removes, and what it leaves alone."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from dsgen.build.output import index, kustomization
from tests.cli.test_commands import BAD, GOOD, Run, folder, run, written

__all__ = ["folder", "run"]

MADE = ["daemonset-{0}.yaml", index.NAME, kustomization.NAME]
MINE = "mine: true\n"


@pytest.fixture(autouse=True)
def project(folder: Path) -> Path:
    """Two profiles."""
    (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    for name in ("one", "two"):
        (folder / f"profiles/{name}.yaml").write_text(GOOD.format(name))
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, whatever its name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def codes(result: Result) -> list[tuple[str, str]]:
    said = json.loads(result.stdout)["problems"]
    return [(problem["file"], problem["code"]) for problem in said]


def change(folder: Path, name: str = "one") -> None:
    """Let a profile make something else."""
    (folder / f"profiles/{name}.yaml").write_text(GOOD.format(name) + "hostNetwork: true\n")


class TestWhatIsWritten:
    def test_a_folder_a_profile(self, folder: Path, run: Run) -> None:
        assert run("generate").exit_code == 0
        assert sorted(tree(folder / "out")) == sorted(
            f"{name}/{file.format(name)}" for name in ("one", "two") for file in MADE
        )

    def test_the_index_says_what(self, folder: Path, run: Run) -> None:
        run("generate")
        files = {name: data for name, data in tree(folder / "out/one").items() if name != index.NAME}
        found = index.parse((folder / "out/one" / index.NAME).read_bytes())
        assert found.profile == "profiles/one.yaml"
        assert found.files == {name: index.digest(data) for name, data in files.items()}

    def test_the_resources_stand_in_the_order_of_apply(self, folder: Path, run: Run) -> None:
        more = "namespace: {name: x, create: true}\nserviceAccount: {create: true}\nservice: {ports: [m]}\n"
        profile = "name: one\ncontainers: {a: {image: x, ports: {m: 1}}}\n" + more
        (folder / "profiles/one.yaml").write_text(profile)
        run("generate")
        text = (folder / "out/one/kustomization.yaml").read_text()
        kinds = ["namespace-x", "serviceaccount-one", "service-one", "daemonset-one"]
        assert re.findall("  - (.*)[.]yaml", text) == kinds

    def test_only_what_differs_is_written(self, folder: Path, run: Run) -> None:
        run("generate")
        before = {path: path.stat().st_ino for path in (folder / "out").rglob("*.yaml")}
        change(folder)
        assert run("generate").stderr == "1 file written to out, 3 unchanged\n"
        changed = [path for path, number in before.items() if path.stat().st_ino != number]
        assert changed == [folder / "out/one/daemonset-one.yaml"]

    def test_what_is_missing_is_made_again(self, folder: Path, run: Run) -> None:
        run("generate")
        before = tree(folder / "out")
        (folder / "out/one/daemonset-one.yaml").unlink()
        (folder / "out/two" / index.NAME).unlink()
        assert run("generate").stderr == "1 file written to out, 3 unchanged\n"
        assert tree(folder / "out") == before

    def test_the_same_bytes_from_any_folder_in_any_number_of_processes(
        self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(140):
            (folder / f"profiles/{number}.yaml").write_text(GOOD.format(f"a{number}"))
        run("generate", "-j", "1")
        before = tree(folder / "out")
        monkeypatch.chdir(folder / "profiles")
        assert run("generate", "-j", "3", "-o", "../other").exit_code == 0
        assert tree(folder / "other") == before

    def test_the_same_bytes_in_any_locale_and_order_of_files(self, folder: Path) -> None:
        more = "labels: {z: 1, a: 2}\npodAnnotations: {a: İıß}\nconfigMaps: {c: {files: ['*.conf'], onChange: none}}\n"
        (folder / "profiles/three.yaml").write_text(GOOD.format("three") + more, "utf-8")
        trees = []
        for number, locale in enumerate(("C", "tr_TR.UTF-8", "POSIX")):
            names = ["b.conf", "a.conf", "B.conf"]
            for name in names[number:] + names[:number]:
                (folder / f"profiles/{name}").unlink(missing_ok=True)
                (folder / f"profiles/{name}").write_text(name, "utf-8")
            env = {**os.environ, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": str(number), "TZ": f"UTC{number}"}
            command = [sys.executable, "-m", "dsgen", "generate", "-q", "-o", f"out{number}"]
            done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            trees.append(tree(folder / f"out{number}"))
        assert trees[0] == trees[1] == trees[2]


class TestWhatIsNotDsgens:
    @pytest.fixture
    def before(self, folder: Path, run: Run) -> dict[str, bytes]:
        run("generate")
        (folder / "out/one/daemonset-one.yaml").write_text(MINE)
        change(folder)
        return tree(folder / "out")

    def test_a_changed_file_stays(self, folder: Path, run: Run, before: dict[str, bytes]) -> None:
        result = run("generate", "--format", "json")
        assert (result.exit_code, codes(result)) == (1, [("out/one/daemonset-one.yaml", "changed-file")])
        assert tree(folder / "out") == before

    def test_the_others_are_made(self, folder: Path, run: Run, before: dict[str, bytes]) -> None:
        change(folder, "two")
        result = run("generate")
        assert "1 file written to out, 1 unchanged; 1 profile failed\n" in result.stderr
        assert "hostNetwork" in (folder / "out/two/daemonset-two.yaml").read_text()

    def test_until_it_is_forced(self, folder: Path, run: Run, before: dict[str, bytes]) -> None:
        assert run("generate", "--force").exit_code == 0
        assert "hostNetwork" in (folder / "out/one/daemonset-one.yaml").read_text()
        assert run("generate", "--check").exit_code == 0

    def test_a_foreign_file_in_the_way(self, folder: Path, run: Run) -> None:
        (folder / "out/one").mkdir(parents=True)
        (folder / "out/one/kustomization.yaml").write_text(MINE)
        result = run("generate", "--format", "json")
        assert (result.exit_code, codes(result)) == (1, [("out/one/kustomization.yaml", "foreign-file")])
        assert list(tree(folder / "out/one")) == ["kustomization.yaml"]

    def test_foreign_files_beside(self, folder: Path, run: Run) -> None:
        (folder / "out/one").mkdir(parents=True)
        (folder / "out/one/notes.md").write_text("x")
        (folder / "out/mine").mkdir()
        (folder / "out/mine/daemonset-one.yaml").write_text(MINE)
        assert run("generate").exit_code == 0
        assert {"one/notes.md", "one/daemonset-one.yaml", "mine/daemonset-one.yaml"} < set(tree(folder / "out"))

    @pytest.mark.parametrize("text", ["{", '{"version": 7, "files": {}}', '{\n<<<<<<< ours\n  "version": 1\n'])
    def test_a_broken_index(self, folder: Path, run: Run, text: str) -> None:
        run("generate")
        (folder / "out/one" / index.NAME).write_text(text)
        before = tree(folder / "out")
        result = run("generate", "--format", "json")
        assert (result.exit_code, codes(result)) == (1, [(f"out/one/{index.NAME}", "invalid-index")])
        assert tree(folder / "out") == before
        assert run("generate", "--force").exit_code == 0
        assert index.parse((folder / "out/one" / index.NAME).read_bytes()).files


class TestWhatGoes:
    def test_an_object(self, folder: Path, run: Run) -> None:
        profile = folder / "profiles/one.yaml"
        profile.write_text(GOOD.format("one") + "serviceAccount: {create: true}\n")
        run("generate")
        profile.write_text(GOOD.format("one"))
        # A run over one profile is enough.
        assert run("generate", "one").stderr == "2 files written to out, 1 removed\n"
        assert sorted(tree(folder / "out/one")) == sorted(file.format("one") for file in MADE)

    def test_a_profile(self, folder: Path, run: Run) -> None:
        run("generate")
        (folder / "profiles/one.yaml").unlink()
        said = "0 files written to out, 2 removed, 2 unchanged\n"
        assert run("generate").stderr == f"{said}out/one removed (no longer generated by any profile)\n"
        assert [path.name for path in (folder / "out").iterdir()] == ["two"]

    def test_a_profile_with_another_name(self, folder: Path, run: Run) -> None:
        run("generate")
        (folder / "profiles/one.yaml").write_text(GOOD.format("three"))
        run("generate")
        assert sorted(path.name for path in (folder / "out").iterdir()) == ["three", "two"]

    @pytest.mark.parametrize("arguments", [["two"], ["profiles"], ["-o", "elsewhere"]])
    def test_only_on_a_run_over_all_into_the_same_folder(self, folder: Path, run: Run, arguments: list[str]) -> None:
        run("generate")
        (folder / "profiles/one.yaml").unlink()
        run("generate", *arguments)
        assert (folder / "out/one/daemonset-one.yaml").exists()

    @pytest.mark.parametrize("text", [BAD.replace("bad", "one"), "a: [\n", "name: [\n", "name: other\nzzz: 1\n"])
    def test_not_that_of_a_profile_with_errors(self, folder: Path, run: Run, text: str) -> None:
        run("generate")
        (folder / "profiles/one.yaml").write_text(text)
        (folder / "profiles/two.yaml").unlink()
        assert run("generate").exit_code == 1
        assert [path.name for path in (folder / "out").iterdir()] == ["one"]

    def test_nothing_while_a_profile_with_errors_may_have_had_another_file(self, folder: Path, run: Run) -> None:
        run("generate")
        (folder / "profiles/one.yaml").unlink()
        (folder / "profiles/moved.yaml").write_text("name: one\nzzz: 1\n")
        assert run("generate").exit_code == 1
        assert (folder / "out/one/daemonset-one.yaml").exists()

    def test_not_what_a_person_changed_or_put_there(self, folder: Path, run: Run) -> None:
        run("generate")
        (folder / "out/one/notes.md").write_text("x")
        (folder / "out/two/daemonset-two.yaml").write_text(MINE)
        for name in ("one", "two"):
            (folder / f"profiles/{name}.yaml").unlink()
        (folder / "profiles/three.yaml").write_text(GOOD.format("three"))
        result = run("generate", "--format", "json")
        assert (result.exit_code, codes(result)) == (1, [("out/two/daemonset-two.yaml", "changed-file")])
        assert list(tree(folder / "out/one")) == ["notes.md"]
        assert (folder / "out/two/daemonset-two.yaml").read_text() == MINE
        assert run("generate", "--force").exit_code == 0
        assert not (folder / "out/two").exists()


class TestEnvironments:
    @pytest.fixture(autouse=True)
    def environments(self, folder: Path) -> None:
        (folder / "environments").mkdir()
        for name in ("prod", "test"):
            (folder / f"environments/{name}.yaml").write_text("")

    def listed(self, folder: Path, environment: str) -> list[str]:
        text = (folder / f"out/{environment}/kustomization.yaml").read_text()
        return re.findall("  - (.*)", text)

    def test_each_lists_its_profiles(self, folder: Path, run: Run) -> None:
        (folder / "environments/test.yaml").write_text("profiles: [two]\n")
        assert run("generate").exit_code == 0
        assert [self.listed(folder, name) for name in ("prod", "test")] == [["one", "two"], ["two"]]
        assert run("generate").stderr == "0 files written to out, 8 unchanged\n"

    def test_a_run_over_some_lists_what_stands_there(self, folder: Path, run: Run) -> None:
        run("generate", "one", "-e", "prod")
        assert self.listed(folder, "prod") == ["one"]
        run("generate", "two", "-e", "prod")
        assert self.listed(folder, "prod") == ["one", "two"]

    def test_what_an_environment_does_not_take_any_more_goes(self, folder: Path, run: Run) -> None:
        run("generate")
        (folder / "environments/test.yaml").write_text("profiles: [two]\n")
        run("generate", "-e", "prod")
        assert self.listed(folder, "test") == ["one", "two"]
        run("generate", "-e", "test")
        assert self.listed(folder, "test") == ["two"]
        assert sorted(path.name for path in (folder / "out/test").iterdir()) == ["kustomization.yaml", "two"]

    def test_an_environment_goes(self, folder: Path, run: Run) -> None:
        run("generate")
        (folder / "environments/test.yaml").unlink()
        run("generate", "-e", "prod")
        assert (folder / "out/test").exists()
        run("generate")
        assert [path.name for path in (folder / "out").iterdir()] == ["prod"]

    def test_a_broken_environment_keeps_its_files(self, folder: Path, run: Run) -> None:
        run("generate")
        before = tree(folder / "out/test")
        (folder / "environments/test.yaml").write_text("zzz: 1\n")
        assert run("generate").exit_code == 1
        assert tree(folder / "out/test") == before

    def test_a_first_environment_that_is_broken_removes_nothing(self, folder: Path, run: Run) -> None:
        (folder / "environments").rename(folder / "away")
        run("generate")
        before = tree(folder / "out")
        (folder / "environments").mkdir()
        (folder / "environments/prod.yaml").write_text("zzz: 1\n")
        assert run("generate").exit_code == 1
        assert tree(folder / "out") == before

    def test_the_first_and_the_last_environment(self, folder: Path, run: Run) -> None:
        (folder / "environments").rename(folder / "away")
        run("generate")
        (folder / "away").rename(folder / "environments")
        run("generate")
        assert sorted(path.name for path in (folder / "out").iterdir()) == ["prod", "test"]
        (folder / "environments").rename(folder / "away")
        run("generate")
        assert sorted(path.name for path in (folder / "out").iterdir()) == ["one", "two"]

    @pytest.mark.parametrize(
        ("text", "code"), [("resources: [one]\n", "foreign-file"), ("{}  - ../mine\n", "changed-file")]
    )
    def test_a_listing_that_is_not_dsgens(self, folder: Path, run: Run, text: str, code: str) -> None:
        run("generate")
        listing = folder / "out/prod/kustomization.yaml"
        (folder / "mine").mkdir()
        (folder / "out/mine").mkdir()
        listing.write_text(text.format(listing.read_text()) if "{}" in text else text)
        before = listing.read_bytes()
        result = run("generate", "--format", "json")
        assert (result.exit_code, codes(result)) == (1, [("out/prod/kustomization.yaml", code)])
        assert listing.read_bytes() == before
        assert run("generate", "--force").exit_code == 0
        assert self.listed(folder, "prod") == ["one", "two"]

    def test_a_folder_of_ones_own_that_was_added_to_the_list(self, folder: Path, run: Run) -> None:
        run("generate")
        (folder / "out/prod/mine").mkdir()
        listing = folder / "out/prod/kustomization.yaml"
        listing.write_text(listing.read_text().replace("  - one\n", "  - mine\n  - one\n"))
        assert codes(run("generate", "--format", "json")) == [("out/prod/kustomization.yaml", "changed-file")]

    @pytest.mark.parametrize("name", ["Prod", "a b", "a$(b)", "a;b", "a\nb", "a'b", "-a", "ä", "a" * 64])
    def test_a_name_that_no_profile_could_have(self, name: str, folder: Path, run: Run) -> None:
        """It becomes a folder, and a word on command lines; two that differ in upper and lower case would be one folder somewhere."""
        (folder / f"environments/{name}.yaml").write_text("")
        result = run("generate", "--format", "json")
        assert (result.exit_code, codes(result)) == (1, [(f"environments/{name}.yaml", "invalid-profile-name")])
        assert sorted(path.name for path in (folder / "out").iterdir()) == ["prod", "test"]

    def test_a_link_is_not_followed(self, folder: Path, run: Run) -> None:
        (folder / "elsewhere").mkdir()
        (folder / "out").mkdir()
        (folder / "out/prod").symlink_to("../elsewhere")
        result = run("generate", "-e", "prod", "--format", "json")
        assert result.exit_code == 1
        assert {code for _, code in codes(result)} == {"invalid-output-folder"}
        assert tree(folder / "elsewhere") == {}


class TestCheck:
    def test_nothing_there_yet(self, folder: Path, run: Run) -> None:
        result = run("generate", "--check", "-q")
        assert (result.exit_code, result.stdout.count("--- /dev/null\n")) == (1, 4)
        assert "out/one/daemonset-one.yaml: error: out of date: the file is missing [output-drift]" in result.stderr
        assert not (folder / "out").exists()

    def test_all_well(self, folder: Path, run: Run) -> None:
        run("generate")
        assert run("generate", "--check", "-q").output == ""

    @pytest.fixture
    def drifted(self, folder: Path, run: Run) -> dict[str, bytes]:
        (folder / "profiles/three.yaml").write_text(GOOD.format("three"))
        run("generate")
        (folder / "profiles/three.yaml").unlink()
        (folder / "out/two/kustomization.yaml").unlink()
        change(folder)
        return tree(folder / "out")

    def test_it_says_all_that_differs_and_writes_nothing(
        self, folder: Path, run: Run, drifted: dict[str, bytes]
    ) -> None:
        result = run("generate", "--check", "--format", "json")
        assert result.exit_code == 1
        assert [problem["message"] for problem in json.loads(result.stdout)["problems"]] == [
            "out of date: it differs from what profiles/one.yaml generates",
            "no profile generates this file any longer",
            "no profile generates this file any longer",
            "out of date: the file is missing",
        ]
        assert {code for _, code in codes(result)} == {"output-drift"}
        assert tree(folder / "out") == drifted

    def test_the_diff_makes_the_files_what_a_run_makes_them(
        self, folder: Path, run: Run, drifted: dict[str, bytes]
    ) -> None:
        said = run("generate", "--check")
        shown = run("generate", "--diff")
        assert (shown.exit_code, shown.stdout) == (0, said.stdout)
        summary = "2 files would be written to out, 2 would be removed, 2 unchanged\n"
        assert shown.stderr == f"{summary}out/three would be removed (no longer generated by any profile)\n"
        assert "+      hostNetwork: true\n" in shown.stdout
        assert tree(folder / "out") == drifted
        run("generate", "-o", "other")
        subprocess.run(["git", "apply"], input=shown.stdout.encode(), cwd=folder, check=True)
        assert manifests(folder / "out") == manifests(folder / "other")

    def test_an_index_alone(self, folder: Path, run: Run) -> None:
        run("generate")
        (folder / "out/one" / index.NAME).unlink()
        result = run("generate", "--check", "--format", "json")
        assert codes(result) == [(f"out/one/{index.NAME}", "output-drift")]
        assert f"+++ b/out/one/{index.NAME}" in run("generate", "--diff").stdout

    def test_a_listing(self, folder: Path, run: Run) -> None:
        (folder / "environments").mkdir()
        (folder / "environments/prod.yaml").write_text("")
        run("generate")
        listing = folder / "out/prod/kustomization.yaml"
        listing.write_text(listing.read_text().replace("  - one\n", ""))
        result = run("generate", "--check")
        assert (
            "out/prod/kustomization.yaml: error: out of date: it does not list what the profiles generate"
            in result.stderr
        )
        assert "+  - one\n" in result.stdout

    def test_a_conflict_is_told_and_shown(self, folder: Path, run: Run) -> None:
        run("generate")
        (folder / "out/one/daemonset-one.yaml").write_text(MINE)
        result = run("generate", "--check", "--format", "json")
        assert (result.exit_code, codes(result)) == (1, [("out/one/daemonset-one.yaml", "changed-file")])
        assert f"-{MINE}" in run("generate", "--diff").stdout

    def test_a_diff_is_text(self, run: Run) -> None:
        assert run("generate", "--diff", "--format", "json").exit_code == 2

    def test_values_of_secrets_are_not_shown(self, folder: Path, run: Run) -> None:
        (folder / "templates").mkdir()
        template = folder / "templates/secret.yaml.j2"
        secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: one, annotations: {copy: %s}}\ndata: {same: c2FtZQ==, a: %s}\n"
        (folder / "profiles/one.yaml").write_text(GOOD.format("one") + "templates: [secret.yaml.j2]\n")
        made = folder / "out/one/secret-one.yaml"

        def diff() -> str:
            result = run("generate", "--diff")
            assert not [word for word in ("hunter", "aHVu", "c2FtZQ") if word in result.output]
            return result.stdout

        template.write_text(secret % ("hunter2", "aHVudGVyMg=="))
        assert "+  same: '***'\n" in diff().replace('"', "'")
        run("generate")
        assert "hunter2" in made.read_text()
        template.write_text(secret % ("hunter3", "aHVudGVyMw=="))
        said = diff().replace('"', "'")
        assert "-  a: '*** (before)'\n+  a: '*** (after)'\n" in said
        assert "-    copy: '*** (before)'\n+    copy: '*** (after)'\n" in said
        assert "same: '***'" in said
        run("generate")
        for text in (f"# hunter\n{made.read_text()}", f"{made.read_text()}\tx"):
            made.write_text(text)
            assert "Secret: " in diff()
        (folder / "profiles/one.yaml").write_text(GOOD.format("one"))
        made.write_text(made.read_text().partition("\tx")[0].removeprefix("# hunter\n"))
        assert "-  a: '***'\n" in diff().replace('"', "'")

    def test_nor_in_what_is_said_of_them(self, folder: Path, run: Run) -> None:
        (folder / "templates").mkdir()
        template = "apiVersion: v1\nkind: Secret\nmetadata: {name: one}\nstringData: {a: 'hunter${HUNTER}2'}\n"
        (folder / "templates/secret.yaml.j2").write_text(template)
        (folder / "profiles/one.yaml").write_text(GOOD.format("one") + "templates: [secret.yaml.j2]\n")
        (folder / "dsgen.yaml").write_text("flux: {}\n")
        output = run("generate").output
        assert "[flux-variable]" in output
        assert "unter" not in output.lower()

    @pytest.mark.parametrize("option", ["--check", "--diff", "--force"])
    def test_not_on_standard_output(self, run: Run, option: str) -> None:
        assert run("generate", "-o", "-", option).exit_code == 2


def manifests(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(folder).items() if name.endswith(".yaml")}


class TestTheFolder:
    def test_a_link_within_the_project(self, folder: Path, run: Run) -> None:
        (folder / "made").mkdir()
        (folder / "out").symlink_to("made")
        assert run("generate").exit_code == 0
        assert (folder / "made/one/daemonset-one.yaml").exists()

    def test_a_link_out_of_the_project(self, folder: Path, run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        (folder / "out").symlink_to(elsewhere)
        result = run("generate")
        assert result.exit_code == 2
        assert "out is a symlink out of the project, to " in result.stderr
        assert tree(elsewhere) == {}
        assert run("generate", "-o", str(elsewhere)).exit_code == 0
        assert run("generate", "-o", "out").exit_code == 0

    @pytest.mark.parametrize(("link", "said"), [(True, "a broken symlink"), (False, "not a folder")])
    def test_what_is_no_folder(self, folder: Path, run: Run, link: bool, said: str) -> None:
        if link:
            (folder / "out").symlink_to("nowhere")
        else:
            (folder / "out").write_text("")
        result = run("generate")
        assert (result.exit_code, result.stderr) == (
            2,
            f"dsgen: out is {said}: remove it, or choose another folder with --output\n",
        )

    def test_none_is_made_for_nothing(self, folder: Path, run: Run) -> None:
        for name in ("one", "two"):
            (folder / f"profiles/{name}.yaml").write_text(BAD)
        assert run("generate").exit_code == 1
        assert not (folder / "out").exists()

    def test_one_run_at_a_time(self, folder: Path, run: Run) -> None:
        run("generate")
        handle = os.open(folder / "out", os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            for arguments in ([], ["--check"]):
                result = run("generate", *arguments)
                assert (result.exit_code, result.stderr) == (
                    2,
                    "dsgen: another run is writing to out: wait until it ends\n",
                )
            fcntl.flock(handle, fcntl.LOCK_SH)
            assert run("generate", "--check").exit_code == 0
            assert run("generate").exit_code == 2
        finally:
            os.close(handle)


class TestGit:
    def git(self, folder: Path, *arguments: str) -> None:
        name = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True)

    @pytest.mark.parametrize("environments", [(), ("prod", "test")])
    def test_branches_that_change_different_profiles_merge(
        self, folder: Path, run: Run, environments: tuple[str, ...]
    ) -> None:
        for environment in environments:
            (folder / "environments").mkdir(exist_ok=True)
            (folder / f"environments/{environment}.yaml").write_text("")
        for name in "defghij":
            (folder / f"profiles/{name}.yaml").write_text(GOOD.format(name))
        run("generate")
        self.git(folder, "init", "-q", "-b", "main")
        self.git(folder, "add", ".")
        self.git(folder, "commit", "-qm", "base")
        for name, new in (("one", "a-new"), ("two", "z-new")):
            self.git(folder, "checkout", "-qb", name, "main")
            change(folder, name)
            (folder / f"profiles/{new}.yaml").write_text(GOOD.format(new))
            run("generate")
            self.git(folder, "add", ".")
            self.git(folder, "commit", "-qm", name)
        self.git(folder, "merge", "-q", "one")
        assert run("generate", "--check").exit_code == 0


class TestShards:
    NAMES = tuple(f"agent-{number}" for number in range(20))

    @pytest.fixture(autouse=True)
    def profiles(self, folder: Path) -> None:
        for name in self.NAMES:
            (folder / f"profiles/{name}.yaml").write_text(GOOD.format(name))

    def all(self, run: Run) -> list[Result]:
        return [run("generate", "--shard", f"{number}/3") for number in (1, 2, 3)]

    def test_together_they_make_everything_once(self, folder: Path, run: Run) -> None:
        parts = []
        for number in (1, 2, 3):
            assert run("generate", "--shard", f"{number}/3", "-o", f"part{number}").exit_code == 0
            parts.append(set(tree(folder / f"part{number}")))
        run("generate")
        assert set().union(*parts) == set(tree(folder / "out"))
        assert sum(map(len, parts)) == len(tree(folder / "out"))
        assert all(len(part) < len(tree(folder / "out")) / 2 for part in parts)

    def test_a_new_profile_moves_no_other(self, folder: Path, run: Run) -> None:
        run("generate", "--shard", "2/3")
        before = set(tree(folder / "out"))
        (folder / "profiles/a-new.yaml").write_text(GOOD.format("a-new"))
        run("generate", "--shard", "2/3", "-o", "other")
        assert {name for name in tree(folder / "other") if not name.startswith("a-new/")} == before

    def test_each_removes_its_own_part(self, folder: Path, run: Run) -> None:
        run("generate")
        for name in self.NAMES:
            (folder / f"profiles/{name}.yaml").unlink()
        left = []
        for number in (1, 2, 3):
            run("generate", "--shard", f"{number}/3")
            left.append(len(list((folder / "out").iterdir())))
        assert 2 == left[2] < left[1] < left[0] < 22

    def test_none_removes_what_another_makes_now(self, folder: Path, run: Run) -> None:
        """Each run sees a tree of its own, in which the others have changed nothing."""
        run("generate")
        for number, name in enumerate(self.NAMES):
            (folder / f"profiles/{name}.yaml").rename(folder / f"profiles/moved-{number}.yaml")
        for number in (1, 2, 3):
            run("generate", "--shard", f"{number}/3")
            assert len(list((folder / "out").iterdir())) == 22

    def test_environments_are_not_divided(self, folder: Path, run: Run) -> None:
        (folder / "environments").mkdir()
        for number in range(12):
            (folder / f"environments/e{number}.yaml").write_text("profiles: [one, two]\n")
        (folder / "profiles/broken.yaml").write_text("name: [\n")
        assert [result.exit_code for result in self.all(run)] == [1, 1, 1]
        assert len(list((folder / "out").iterdir())) == 12
        assert all(len(list(path.iterdir())) == 3 for path in (folder / "out").iterdir())
        before = tree(folder / "out")
        self.all(run)
        assert tree(folder / "out") == before

    @pytest.mark.parametrize("shard", ["", "1", "0/3", "4/3", "a/b", "1/3/5", "-1/3"])
    def test_what_is_no_part(self, run: Run, shard: str) -> None:
        result = run("generate", "--shard", shard)
        assert (result.exit_code, "is not K/N, such as 3/16" in result.stderr) == (2, True)


class TestAFolderOfAnotherProject:
    @pytest.fixture
    def other(self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Two projects beside each other, of which the first has written to the folder `shared`; the second is where dsgen runs."""
        for name in ("first", "second"):
            (folder / name / "profiles").mkdir(parents=True)
            (folder / name / "dsgen.yaml").touch()
            (folder / name / f"profiles/{name}.yaml").write_text(GOOD.format(name))
        monkeypatch.chdir(folder / "first")
        assert run("generate", "-o", "../shared").exit_code == 0
        monkeypatch.chdir(folder / "second")
        return folder / "shared"

    @pytest.mark.parametrize("arguments", [[], ["--check"], ["--diff"]])
    def test_is_refused(self, other: Path, run: Run, arguments: list[str]) -> None:
        before = written(other)
        result = run("generate", "-o", "../shared", *arguments)
        assert result.exit_code == 2
        assert "../shared was generated from profiles/first.yaml, which is not in this project" in result.stderr
        assert written(other) == before

    def test_is_refused_by_a_folder_without_a_project_file(self, other: Path, run: Run) -> None:
        before = written(other)
        for path in ("second/dsgen.yaml", "dsgen.yaml"):
            (other.parent / path).unlink(missing_ok=True)
        assert run("generate", "-o", "../shared").exit_code == 2
        assert written(other) == before

    def test_with_environments(self, other: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("first", "second"):
            (other.parent / name / "environments").mkdir()
            (other.parent / name / "environments/prod.yaml").touch()
        monkeypatch.chdir(other.parent / "first")
        assert run("generate", "-o", "../shared").exit_code == 0
        assert written(other) == ["prod/first/daemonset-first.yaml"]
        monkeypatch.chdir(other.parent / "second")
        assert run("generate", "-o", "../shared").exit_code == 2
        assert written(other) == ["prod/first/daemonset-first.yaml"]

    def test_is_taken_by_force(self, other: Path, run: Run) -> None:
        assert run("generate", "-o", "../shared", "--force").exit_code == 0
        assert written(other) == ["second/daemonset-second.yaml"]

    def test_the_first_goes_on_as_before(self, other: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        profiles = other.parent / "first/profiles"
        monkeypatch.chdir(profiles.parent)
        (profiles / "more.yaml").write_text(GOOD.format("more"))
        assert run("generate", "-o", "../shared").exit_code == 0
        (profiles / "first.yaml").unlink()
        assert run("generate", "-o", "../shared").exit_code == 0
        assert written(other) == ["more/daemonset-more.yaml"]
