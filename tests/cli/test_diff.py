"""`dsgen diff` on the command line: files, folders, projects, Git revisions, clusters."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from dsgen.cli import main
from dsgen.cli.kubectl import listed
from tests.cli.test_plan import NODES, kubectl
from tests.kubernetes.relations.objects import namespace

PROFILE = "name: agent\nnamespace: tools\ncontainers: {agent: {image: example.com/agent:1.0}}\n"
IMAGE = "    - spec.template.spec.containers[agent].image: example.com/agent:1.0\n    + spec.template.spec.containers[agent].image: example.com/agent:1.1\n"
RESTARTS = f"~ DaemonSet tools/agent: its pods restart\n{IMAGE}1 object restarts its pods\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("dsgen.yaml").write_text('kubernetes: "1.37"\n')
    Path("profiles").mkdir()
    Path("profiles/agent.yaml").write_text(PROFILE)
    return lambda *arguments, input=None: CliRunner().invoke(main, ["diff", *arguments], input=input)


@pytest.fixture
def repository(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "somebody@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git("init", "-q", "-b", "main")
    commit("one")
    return run


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def commit(message: str) -> None:
    git("add", "-A")
    git("commit", "-q", "-m", message)


def change(old: str, new: str) -> None:
    path = Path("profiles/agent.yaml")
    path.write_text(path.read_text().replace(old, new))


def generate(folder: str) -> None:
    assert CliRunner().invoke(main, ["generate", "-o", folder]).exit_code == 0


class TestFiles:
    def test_folders(self, run: Run) -> None:
        generate("before")
        change("1.0", "1.1")
        generate("after")
        result = run("before", "after")
        assert (result.exit_code, result.stdout, result.stderr) == (0, RESTARTS, "")

    def test_page(self, run: Run) -> None:
        generate("before")
        change("1.0", "1.1")
        result = run("before", "--html", "pages/diff.html")
        assert (result.exit_code, result.stdout) == (0, RESTARTS)
        assert "DaemonSet tools/agent</b>: its pods restart" in Path("pages/diff.html").read_text("utf-8")
        result = run("before", "--html", "dsgen.yaml/diff.html")
        assert (result.exit_code, "cannot write dsgen.yaml/diff.html" in result.stderr) == (2, True)

    def test_a_broken_symlink(self, run: Run) -> None:
        Path("broken").symlink_to("nowhere")
        result = run(".", "broken")
        assert (result.exit_code, "broken: no such file" in result.stderr) == (2, True)

    def test_a_folder_and_the_project(self, run: Run) -> None:
        generate("before")
        assert run("before").stdout == "no changes\n"
        change("1.0", "1.1")
        assert run("before").stdout == RESTARTS

    def test_profiles(self, run: Run) -> None:
        Path("old.yaml").write_text(PROFILE)
        Path("new.yaml").write_text(PROFILE.replace("1.0", "1.1"))
        assert run("old.yaml", "new.yaml").stdout == RESTARTS

    def test_standard_input(self, run: Run) -> None:
        generate("before")
        live = Path("before/agent/daemonset-agent.yaml").read_text()
        assert run("-", input=live.replace("1.0", "0.9").replace("0.9", "1.0")).stdout == "no changes\n"

    def test_nodes(self, run: Run) -> None:
        generate("before")
        change("1.0", "1.1")
        Path("nodes.json").write_text(NODES)
        assert "2 pods restart (on a, b)" in run("before", "--nodes", "nodes.json").stdout

    def test_forms(self, run: Run) -> None:
        generate("before")
        change("1.0", "1.1")
        assert json.loads(run("before", "--format", "json").stdout)["objects"][0]["verdict"] == "restarted"
        assert run("before", "--format", "markdown").stdout.startswith("**1 object restarts its pods**")

    def test_another_selector(self, run: Run) -> None:
        generate("before")
        change("namespace: tools\n", "namespace: tools\nselector: {app: agent}\n")
        result = run("before")
        assert result.exit_code == 1
        assert "must be deleted and recreated" in result.stdout

    def test_a_refused_manifest(self, run: Run) -> None:
        generate("before")
        text = Path("before/agent/daemonset-agent.yaml").read_text()
        Path("bad.yaml").write_text(text.replace("spec:\n", "spec:\n  minReadySeconds: -1\n", 1))
        result = run("before", "bad.yaml")
        assert result.exit_code == 1
        assert result.stdout.startswith(
            "! DaemonSet tools/agent: rejected by the API server\n    ! spec.minReadySeconds: "
        )
        # What was refused was never there.
        result = run("bad.yaml", "before")
        assert result.stdout.startswith("+ DaemonSet tools/agent: created")
        said, place, *_ = result.stderr.splitlines()
        assert said == "dsgen: 1 error in bad.yaml: objects with errors are treated as absent. The first:"
        assert place.startswith("bad.yaml:11:20: error: spec.minReadySeconds: "), place

    def test_pods_that_their_namespace_rejects(self, run: Run) -> None:
        enforced = namespace("pod-security.kubernetes.io/enforce: baseline", "tools")
        Path("old.yaml").write_text(f"{enforced}---\n{MANIFEST}")
        Path("new.yaml").write_text(f"{enforced}---\n{MANIFEST.replace('containers', 'hostPID: true, containers')}")
        assert run("old.yaml", "old.yaml").stdout == "no changes\n"
        result = run("old.yaml", "new.yaml")
        assert (result.exit_code, "! spec.template.spec.hostPID: " in result.stdout) == (1, True)
        assert result.stdout.startswith("! DaemonSet tools/one: ")

    def test_pods_that_the_namespace_of_another_profile_rejects(self, run: Run) -> None:
        generate("before")
        space = "name: space\nnamespace: {name: tools, create: true, podSecurity: baseline}\ncontainers: {a: {image: 'x:1'}}\n"
        Path("profiles/space.yaml").write_text(space)
        change("name: agent", "hostPID: true\nname: agent")
        for environments in ((), ("test.yaml",)):
            for name in environments:
                Path("environments").mkdir()
                Path("environments", name).write_text("{}")
            result = run("before")
            assert "which Namespace tools (profiles/space.yaml:2) enforces" in result.stdout
            assert result.exit_code == 1

    def test_a_profile_with_errors(self, run: Run) -> None:
        generate("before")
        change("name: agent", "nam: agent")
        result = run("before")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "profiles/agent.yaml:1:1" in result.stderr


MANIFEST = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: one, namespace: tools}
spec:
  selector: {matchLabels: {app: one}}
  template:
    metadata: {labels: {app: one}}
    spec: {containers: [{name: a, image: "example.com/a:1"}]}
"""


class TestWhatIsNoObject:
    """Nothing is said to be deleted because it could not be read."""

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("kind: DaemonSet\n", "", "missing-kind"),
            ("kind: DaemonSet", 'kind: ""', "missing-kind"),
            ("kind:", "Kind:", "unknown-field"),
            ("kind: DaemonSet", "kind: Daemonset", "unknown-kind"),
            ("apps/v1", "apps/v2", "unknown-kind"),
            ("apps/v1", "extensions/v1beta1", "removed-kind"),
            ("name: one, ", "", "missing-object-name"),
            ("name: one, ", "generateName: one, ", "missing-name-to-compare"),
        ],
    )
    def test_an_error(self, run: Run, old: str, new: str, code: str) -> None:
        Path("old.yaml").write_text(MANIFEST)
        Path("new.yaml").write_text(MANIFEST.replace(old, new, 1))
        result = run("old.yaml", "new.yaml")
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"[{code}]" in result.stderr

    @pytest.mark.parametrize("text", ["text\n", "- 1\n", "{}\n", "apiVersion: v1\nkind: List\nitems: [a]\n"])
    def test_a_document_that_is_none(self, run: Run, text: str) -> None:
        Path("old.yaml").write_text(MANIFEST)
        Path("new.yaml").write_text(f"{MANIFEST}---\n{text}")
        result = run("old.yaml", "new.yaml")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "[missing-kind]" in result.stderr

    def test_a_kind_of_the_same_name_is_another(self, run: Run) -> None:
        Path("old.yaml").write_text(MANIFEST)
        Path("new.yaml").write_text(MANIFEST.replace("apps/v1", "apps.kruise.io/v1alpha1"))
        Path("pools.yaml").write_text("pools: {all: {count: 3}}\n")
        result = run("old.yaml", "new.yaml", "--nodes", "pools.yaml")
        assert result.stdout.splitlines() == [
            "- DaemonSet tools/one: deleted; 3 pods stop (on all-1, all-2, all-3)",
            "+ DaemonSet tools/one: created",
            "1 created, 1 deleted",
        ]


SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: a
  labels: {team: red}
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"stringData": {"a": "hunter2"}}'
    example.com/copy: hunter2
data: {b: aHVudGVyMg==, same: aHVudGVyMQ==}
stringData: {a: hunter2}
"""


class TestSecrets:
    @pytest.mark.parametrize("form", ["text", "markdown", "json"])
    def test_values_are_not_shown(self, run: Run, form: str) -> None:
        Path("old.yaml").write_text(SECRET)
        Path("new.yaml").write_text(
            SECRET.replace("hunter2", "hunter3").replace("MTIg", "MTMg").replace("Mg==", "Mw==")
        )
        result = run("old.yaml", "new.yaml", "--format", form)
        assert result.exit_code == 0
        for field in ("data.b", "data.a", "example.com/copy"):
            assert field in result.stdout
        assert "*** (before)" in result.stdout
        assert "*** (after)" in result.stdout
        assert not [word for word in ("hunter", "aHVud") if word in result.output]

    @pytest.mark.parametrize("field", ["data", "stringData", "metadata.annotations"])
    @pytest.mark.parametrize("form", ["text", "markdown", "json"])
    def test_values_that_come_or_go(self, run: Run, form: str, field: str) -> None:
        name = field.rpartition(".")[2]
        Path("old.yaml").write_text(SECRET)
        lines = [
            line for line in SECRET.splitlines() if not line.strip().startswith((name, "kubectl", "example.com/copy"))
        ]
        Path("new.yaml").write_text("\n".join(lines) + "\n")
        for sides in (("old.yaml", "new.yaml"), ("new.yaml", "old.yaml")):
            output = run(*sides, "--format", form).output
            # What `stringData` holds is stored in `data`.
            assert field.replace("stringData", "data.a") in output
            assert "***" in output
            assert not [word for word in ("hunter", "aHVud") if word in output]

    def test_what_is_public_is_shown(self, run: Run) -> None:
        Path("old.yaml").write_text(SECRET)
        Path("new.yaml").write_text(SECRET.replace("red", "blue") + "type: example.com/x\nimmutable: true\n")
        assert run("old.yaml", "new.yaml").stdout == (
            "! Secret default/a: must be deleted and recreated (immutable: `type`)\n"
            "    - metadata.labels.team: red\n    + metadata.labels.team: blue\n"
            "    - type: Opaque\n    + type: example.com/x\n    + immutable: true\n1 to be deleted and recreated\n"
        )

    @pytest.mark.parametrize("form", ["text", "json"])
    def test_a_live_cluster(self, run: Run, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
        live = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "data": {"b": "aHVudGVyMQ=="}}
        monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
        kubectl(tmp_path, f"echo '{json.dumps({'apiVersion': 'v1', 'kind': 'List', 'items': [live]})}'")
        Path("new.yaml").write_text(SECRET)
        output = run("kubectl", "new.yaml", "--format", form).output
        assert "data.b" in output
        assert not [word for word in ("hunter", "aHVud") if word in output]

    @pytest.mark.parametrize(
        "line",
        [
            "  a: hunter3",
            "  b: !!int hunter2",
            "  b: [hunt?er]",
            "  b: *hunter2",
            "  b: 'hunter2",
            "  ? [hunter2]",
            "\thunter2",
        ],
    )
    def test_nor_where_the_text_is_faulty(self, run: Run, line: str) -> None:
        Path("new.yaml").write_text(
            f"{SECRET}{MANIFEST}".partition("stringData")[0] + f"stringData:\n  a: hunter2\n{line}\n"
        )
        for arguments in (["diff", "new.yaml", "new.yaml"], ["validate", "new.yaml"], ["import", "new.yaml"]):
            for form in ("text", "json", "github", "gitlab", "sarif", "junit") if arguments[0] == "validate" else ("",):
                output = CliRunner().invoke(main, [*arguments, *(["--format", form] if form else [])]).output
                assert [word for word in ("error", "failure", "major") if word in output]
                assert not [word for word in ("hunt", "aHVud") if word in output], output

    def test_a_kind_of_another_group(self, run: Run) -> None:
        Path("new.yaml").write_text(SECRET.replace("apiVersion: v1", "apiVersion: apps/v1"))
        output = CliRunner().invoke(main, ["validate", "new.yaml"]).output
        assert "[unknown-kind]" in output
        assert "hunter" not in output


class TestRevisions:
    def test_the_project_as_it_was(self, repository: Run) -> None:
        assert repository("main").stdout == "no changes\n"
        change("1.0", "1.1")
        assert repository("main").stdout == RESTARTS
        commit("two")
        assert repository("main~1", "main").stdout == RESTARTS

    def test_a_path_of_a_revision(self, repository: Run) -> None:
        change("1.0", "1.1")
        assert repository("main:profiles/agent.yaml", "profiles/agent.yaml").stdout == RESTARTS
        assert repository("main", "profiles/agent.yaml").stdout == RESTARTS

    def test_what_was_not_there(self, repository: Run) -> None:
        Path("profiles/other.yaml").write_text(PROFILE.replace("name: agent", "name: other"))
        assert repository("main", "profiles/other.yaml").stdout == "+ DaemonSet tools/other: created\n1 created\n"
        result = repository("main:profiles/other.yaml", "profiles/other.yaml")
        assert (result.exit_code, result.stderr) == (
            2,
            "dsgen: main:profiles/other.yaml: no such file or folder at this revision\n",
        )

    def test_in_a_folder_of_the_repository(self, repository: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        change("1.0", "1.1")
        monkeypatch.chdir("profiles")
        assert repository("main", "agent.yaml").stdout == RESTARTS

    def test_links_are_not_followed(self, repository: Run, tmp_path: Path) -> None:
        Path("profiles/link.yaml").symlink_to("/etc/hostname")
        commit("link")
        Path("profiles/link.yaml").unlink()
        assert repository("main").stdout == "no changes\n"

    @pytest.mark.parametrize(
        ("old", "path"),
        [
            ("replicas: 2\n", "main:profiles/agent.yaml:1:1"),
            ("hostPID: true\nhostUsers: false\n", "main:profiles/agent.yaml:"),
        ],
    )
    def test_an_error_in_a_revision_is_named(self, repository: Run, old: str, path: str) -> None:
        Path("profiles/agent.yaml").write_text(f"{old}{PROFILE}")
        commit("error")
        Path("profiles/agent.yaml").write_text(PROFILE)
        said, place, *_ = repository("main").stderr.splitlines()
        assert said == "dsgen: 1 error in main: objects with errors are treated as absent. The first:"
        assert place.startswith(f"{path}"), place

    @pytest.mark.parametrize(
        "config_maps", ["{settings: {files: [../settings/*]}}", "[{name: settings, files: [../settings/*]}]"]
    )
    def test_files_of_config_maps(self, repository: Run, config_maps: str) -> None:
        Path("settings").mkdir()
        Path("settings/level").write_text("info")
        Path("profiles/agent.yaml").write_text(f"{PROFILE}configMaps: {config_maps}\n")
        commit("settings")
        result = repository("main")
        assert (result.stdout, result.stderr) == ("no changes\n", "")

    def test_names_that_are_odd(self, repository: Run) -> None:
        Path("profiles/ä b.yaml").write_text(PROFILE.replace("name: agent", "name: other"))
        commit("odd")
        assert repository("main").stdout == "no changes\n"

    @pytest.mark.parametrize("name", ["gone", "--help-me", "main~9", "gone:profiles"])
    def test_no_such_revision(self, repository: Run, name: str) -> None:
        result = repository("--", name)
        assert (result.exit_code, result.stderr) == (2, f"dsgen: {name}: no such file, folder or Git revision\n")

    def test_why_there_is_no_revision(self, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        before = "dsgen: HEAD: no such file, folder or Git revision; "
        assert run().stderr.startswith(f"{before}Git says: not a git repository")
        git("init", "-q")
        assert run().stderr == f"{before}the Git repository has no commit yet\n"
        monkeypatch.setenv("PATH", str(tmp_path))
        assert run().stderr == f"{before}cannot run git: No such file or directory\n"

    def test_the_whole_project_is_compared_in_each_of_its_folders(
        self, repository: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        change("1.0", "1.1")
        Path("sub").mkdir()
        monkeypatch.chdir("sub")
        assert repository().stdout == RESTARTS
        assert repository("HEAD", ".").exit_code == 2

    def test_no_repository(self, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        assert run("main").exit_code == 2

    def test_outside_of_the_repository(self, repository: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
        other = tmp_path_factory.mktemp("other") / "agent.yaml"
        other.write_text(PROFILE)
        result = repository("main", str(other))
        assert result.exit_code == 2
        assert "is not in the repository" in result.stderr


class TestEnvironments:
    @pytest.fixture(autouse=True)
    def environments(self, repository: Run) -> None:
        Path("environments").mkdir()
        Path("environments/test.yaml").write_text("{}")
        Path("environments/prod.yaml").write_text('kubernetes: "1.34"')
        commit("environments")

    def test_each_by_itself(self, run: Run) -> None:
        change("1.0", "1.1")
        Path("environments/prod.yaml").write_text(
            "overrides: {agent: {containers: {agent: {image: example.com/agent:1.0}}}}"
        )
        assert run("HEAD").stdout == RESTARTS.replace("DaemonSet", "test: DaemonSet")
        Path("environments/prod.yaml").write_text("{}")
        assert "~ prod: DaemonSet tools/agent: its pods restart\n" in run("HEAD").stdout
        assert run("HEAD", "-e", "prod").stdout.endswith("1 object restarts its pods\n")

    def test_a_new_one(self, run: Run) -> None:
        Path("environments/new.yaml").write_text("{}")
        assert run("HEAD").stdout == "+ new: DaemonSet tools/agent: created\n1 created\n"

    def test_the_first_ones(self, run: Run) -> None:
        change("1.0", "1.1")
        result = run("HEAD~1")
        assert (result.exit_code, result.stderr) == (
            2,
            "dsgen: one side has no environments: select one of prod, test with -e\n",
        )
        assert run("HEAD~1", "-e", "test").stdout == RESTARTS

    def test_nodes_are_of_one(self, run: Run) -> None:
        Path("nodes.json").write_text(NODES)
        result = run("HEAD", "--nodes", "nodes.json")
        assert (result.exit_code, "select one of prod, test with -e" in result.stderr) == (2, True)
        assert run("HEAD", "--nodes", "nodes.json", "-e", "prod").stdout == "no changes\n"


class TestClusters:
    @pytest.fixture(autouse=True)
    def path(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")

    def test_what_the_cluster_has_may_keep_its_errors(self, run: Run, tmp_path: Path) -> None:
        """Since 1.37, an update may keep CAP_SYS_ADMIN; and a namespace may keep an invalid label."""
        context = {"allowPrivilegeEscalation": False, "capabilities": {"add": ["CAP_SYS_ADMIN"]}}
        pods = {
            "metadata": {"labels": {"a": "b"}},
            "spec": {"containers": [{"name": "c", "image": "x:1", "securityContext": context}]},
        }
        spec = {"selector": {"matchLabels": {"a": "b"}}, "template": pods}
        uid = {"uid": "e9f0a1b2-0000-4000-8000-000000000000"}
        agent = {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet",
            "metadata": {"name": "a", "namespace": "n", **uid},
            "spec": spec,
        }
        label = "pod-security.kubernetes.io/enforce"
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n", "labels": {label: "strict"}, **uid}}
        kubectl(tmp_path, f"""case "$*" in *namespace*) cat {tmp_path}/live.json ;; esac""")
        (tmp_path / "live.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [agent, space]}))
        new = json.dumps({"apiVersion": "v1", "kind": "List", "items": [agent, space]}).replace("x:1", "x:2")
        new = new.replace(json.dumps(uid)[1:-1], '"annotations": {}')
        Path("new.json").write_text(new)
        restarted = "~ DaemonSet n/a: its pods restart"
        assert restarted in run("kubectl", "new.json", "--kubernetes", "1.37").stdout
        assert "Namespace" not in run("kubectl", "new.json", "--kubernetes", "1.37").stdout
        assert "! DaemonSet n/a: rejected" in run("kubectl", "new.json", "--kubernetes", "1.36").stdout
        # What is new is rejected.
        Path("new.json").write_text(new.replace("strict", "stricter").replace("CAP_SYS", 'CAP_NET_ADMIN", "CAP_SYS'))
        assert "! Namespace n: rejected" in run("kubectl", "new.json").stdout
        (tmp_path / "live.json").write_text("{}")
        Path("new.json").write_text(new)
        output = run("kubectl", "new.json").stdout
        assert "! Namespace n: rejected" in output
        assert "! DaemonSet n/a: rejected" in output

    def test_a_live_cluster(self, run: Run, tmp_path: Path) -> None:
        generate("before")
        kubectl(
            tmp_path,
            f"""
            case "$*" in
                "get --all-namespaces --show-managed-fields -o json -- daemonset.apps") cat {tmp_path}/before/agent/daemonset-agent.yaml ;;
                "get --all-namespaces --selector=app.kubernetes.io/managed-by=dsgen --show-managed-fields -o json -- "*) ;;
                *) exit 1 ;;
            esac""",
        )
        change("1.0", "1.1")
        assert run("kubectl").stdout == RESTARTS
        assert run(".", "kubectl").stdout.startswith("~ DaemonSet tools/agent: its pods restart\n")

    def test_a_context_and_a_namespace(self, run: Run, tmp_path: Path) -> None:
        """Objects that set no namespace are in the given one, as for `kubectl apply -n`, and those of others are left out."""
        change("namespace: tools\n", "")
        Path("profiles/other.yaml").write_text(PROFILE.replace("agent", "other"))
        generate("before")
        live = Path("before/agent/daemonset-agent.yaml").read_text()
        Path("live.yaml").write_text(live.replace("metadata:\n", "metadata:\n  namespace: monitoring\n", 1))
        kubectl(
            tmp_path,
            f"""
            echo "$*" >> {tmp_path}/asked
            case "$*" in *selector*) ;; *) cat {tmp_path}/live.yaml ;; esac""",
        )
        change("1.0", "1.1")
        result = run("kubectl", "--context", "prod", "--namespace", "monitoring")
        assert result.stdout == RESTARTS.replace("tools", "monitoring")
        assert [line.split(" -o ")[0] for line in Path("asked").read_text().splitlines()] == [
            "get --namespace=monitoring --show-managed-fields --context=prod",
            "get --namespace=monitoring --selector=app.kubernetes.io/managed-by=dsgen --show-managed-fields --context=prod",
        ]
        assert run("before", "--namespace", "tools").stdout.startswith("~ DaemonSet tools/agent: its pods restart\n")
        assert run("before", "--namespace", "A").exit_code == 2

    @pytest.mark.parametrize(("said", "expected"), [("monitoring", "monitoring"), ("", "default"), ("A b", "default")])
    def test_the_namespace_of_the_context(self, said: str, expected: str, run: Run, tmp_path: Path) -> None:
        """As for `kubectl apply`, objects that set none are in it; others stay where they are."""
        change("namespace: tools\n", "")
        Path("profiles/other.yaml").write_text(PROFILE.replace("name: agent", "name: other"))
        kubectl(
            tmp_path,
            f"""
            echo "$*" >> {tmp_path}/asked
            case "$*" in config*) printf '%s' '{said}' ;; esac""",
        )
        result = run("kubectl:prod", ".")
        assert result.stdout == (
            f"+ DaemonSet {expected}/agent: created\n+ DaemonSet tools/other: created\n2 created\n"
        )
        first = Path("asked").read_text().splitlines()[0]
        assert first == "config view --minify --context=prod -o jsonpath={..namespace}"
        Path("asked").unlink()
        Path("profiles/agent.yaml").unlink()
        run("kubectl:prod", ".")
        assert "config view" not in Path("asked").read_text()

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["out"], "`--context` selects a live cluster, but no argument is `kubectl`"),
            (["kubectl:other"], "`--context prod` and `kubectl:other` name two contexts: leave one out"),
        ],
    )
    def test_a_context_that_cannot_be_used(self, arguments: list[str], said: str, run: Run) -> None:
        result = run(*arguments, "--context", "prod")
        assert (result.exit_code, result.stderr) == (2, f"dsgen: {said}\n")

    @pytest.mark.parametrize("kind", ["--help", "-o", "a b", "a,b", "a/b", "1a", ""])
    def test_a_kind_is_no_option(self, kind: str, run: Run, tmp_path: Path) -> None:
        """It comes out of a file that somebody wrote."""
        called = tmp_path / "called"
        kubectl(tmp_path, f'printf "%s\\n" "$@" > {called}; echo "{{}}"')
        text = f"apiVersion: example.com/v1\nkind: {json.dumps(kind)}\nmetadata: {{name: a}}\n"
        Path("other.yaml").write_text(text)
        assert run("kubectl", "other.yaml").exit_code
        assert called.read_text().splitlines()[1:] == [
            "--all-namespaces",
            "--show-managed-fields",
            "-o",
            "json",
            "--",
            "daemonset.apps",
        ]
        called.unlink()
        with pytest.raises(SystemExit):
            listed("kubectl", Path(), "daemonset.apps", kind)
        assert not called.exists()

    @pytest.mark.parametrize("context", ["prod", "--help", "-o=yaml", "a b"])
    def test_a_context_is_no_option(self, context: str, run: Run, tmp_path: Path) -> None:
        kubectl(tmp_path, f'printf "%s\\n" "$@" > {tmp_path}/called; echo "{{}}"')
        run(f"kubectl:{context}", ".")
        called = (tmp_path / "called").read_text().splitlines()
        assert called[:4] == [
            "get",
            "--all-namespaces",
            "--selector=app.kubernetes.io/managed-by=dsgen",
            "--show-managed-fields",
        ]
        assert called[4:8] == [f"--context={context}", "-o", "json", "--"]

    def test_only_what_a_whole_project_no_longer_has_is_deleted(self, run: Run, tmp_path: Path) -> None:
        """Nobody who asks about one profile deletes the others."""
        labels = {"app.kubernetes.io/managed-by": "dsgen", "app.kubernetes.io/name": "agent"}
        metadata = {"name": "gone", "namespace": "tools", "uid": "a", "labels": labels}
        live = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
        (tmp_path / "live.json").write_text(json.dumps(live))
        kubectl(tmp_path, f"""case "$*" in *selector*) cat {tmp_path}/live.json ;; esac""")
        assert "- ConfigMap tools/gone: no longer generated; deleted if you prune\n" in run("kubectl", ".").stdout
        assert "gone" not in run("kubectl", "profiles/agent.yaml").stdout
        generate("out")
        assert "1 no longer generated" in run("kubectl", "out").stdout
        assert "gone" not in run("kubectl", "out/agent").stdout

    def test_only_the_objects_of_this_project_are_reported(self, run: Run, tmp_path: Path) -> None:
        labels = {"app.kubernetes.io/managed-by": "dsgen", "app.kubernetes.io/name": "other"}
        metadata = {"name": "other", "uid": "a", "labels": labels}
        (tmp_path / "live.json").write_text(json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}))
        kubectl(
            tmp_path, f"""echo "$*" >> {tmp_path}/asked; case "$*" in *selector*) cat {tmp_path}/live.json ;; esac"""
        )
        result = run("kubectl", ".")
        assert result.stdout == "+ DaemonSet tools/agent: created\n1 created\n"
        assert result.stderr == (
            "dsgen: 1 other object in the cluster may be of this project or of another one: set `projectName` in dsgen.yaml to find out\n"
        )
        with Path("dsgen.yaml").open("a") as file:
            file.write("projectName: tools\n")
        metadata["labels"] = {"dsgen.dev/project": "tools"}
        (tmp_path / "live.json").write_text(json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}))
        result = run("kubectl", ".")
        assert "- Namespace other: no longer generated; deleted, with all objects in it if you prune\n" in result.stdout
        assert result.stderr == ""
        assert " --selector=dsgen.dev/project in (tools) " in Path("asked").read_text().splitlines()[-1]

    def test_the_last_object_of_a_kind_is_left_over(self, run: Run, tmp_path: Path) -> None:
        """By the label of the project, all kinds of the cluster are searched, whatever the project still has."""
        with Path("dsgen.yaml").open("a") as file:
            file.write("projectName: tools\n")

        def live(kind: str, name: str, **metadata: object) -> dict[str, object]:
            labels = {"dsgen.dev/project": "tools"}
            return {
                "kind": kind,
                "metadata": {"name": name, "namespace": "tools", "uid": name, "labels": labels, **metadata},
            }

        owner = {"apiVersion": "v1", "kind": "Service", "name": "gone", "uid": "gone", "controller": True}
        items = [
            {"apiVersion": "apps/v1", **live("Deployment", "gone")},
            {"apiVersion": "example.com/v1", **live("Widget", "gone")},
            {"apiVersion": "discovery.k8s.io/v1", **live("EndpointSlice", "gone-1", ownerReferences=[owner])},
            {"apiVersion": "apps/v1", **live("Deployment", "ending", deletionTimestamp="2026-12-01T03:00:00Z")},
        ]
        Path("live.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
        served = "daemonsets.apps deployments.apps endpoints endpointslices.discovery.k8s.io widgets.example.com"
        listing = f"""
            echo "$*" >> {tmp_path}/asked
            case "$*" in
                "api-resources --context=prod --verbs=delete,list -o name") printf '%s\\n' {served} ;;
                *"-- daemonsets.apps,deployments.apps,endpointslices.discovery.k8s.io,widgets.example.com") cat {tmp_path}/live.json ;;
            esac"""
        kubectl(tmp_path, listing)
        result = run("kubectl:prod", ".")
        assert result.stdout == (
            "+ DaemonSet tools/agent: created\n"
            "- Deployment tools/gone: no longer generated; deleted if you prune\n"
            "- Widget tools/gone: no longer generated; deleted if you prune\n"
            "1 created, 2 no longer generated\n"
        )
        assert result.stderr == ""

    def test_kinds_that_the_cluster_does_not_reveal(self, run: Run, tmp_path: Path) -> None:
        """Nothing is left over, as far as is known: warnings say what is not."""
        with Path("dsgen.yaml").open("a") as file:
            file.write("projectName: tools\n")
        forbidden = '\'Error from server (Forbidden): secrets is forbidden: User "me" cannot list resource "secrets" in API group "" at the cluster scope\''
        kubectl(
            tmp_path,
            f"""
            echo "$*" >> {tmp_path}/asked
            case "$*" in
                api-resources*) printf 'secrets\\ndeployments.apps\\n'; echo 'error: unable to retrieve the complete list of server APIs' >&2; exit 1 ;;
                *selector*secrets*) echo {forbidden} >&2; exit 1 ;;
            esac""",
        )
        result = run("kubectl", ".")
        assert result.exit_code == 0
        assert (
            "kubectl does not say which kinds it has: objects of some kinds may be left over, too (error: unable to retrieve the complete list"
            in result.stderr
        )
        assert (
            "kubectl does not let you list secrets: objects of these kinds may be left over, too [missing-list-permission]"
            in result.stderr
        )
        # What profiles generate is searched anyway.
        last = Path("asked").read_text().splitlines()[-1].split(" -- ")[1].split(",")
        assert {"daemonset.apps", "configmap", "deployments.apps"} <= set(last)
        assert not {"secrets", "secret"} & set(last)

    def test_a_dry_run_in_the_cluster(self, run: Run, tmp_path: Path) -> None:
        """A webhook adds a label, another manager has a field, and one object is rejected."""
        generate("before")
        live = yaml.safe_load(Path("before/agent/daemonset-agent.yaml").read_text())
        live["metadata"]["uid"] = "a"
        Path("live.json").write_text(json.dumps(live))
        live["metadata"]["labels"]["added"] = "by-a-webhook"
        Path("stored.json").write_text(json.dumps(live))
        Path("profiles/wrong.yaml").write_text(PROFILE.replace("agent", "wrong"))
        conflict = 'error: Apply failed with 1 conflict: conflict with "editor": .spec.template\nPlease review the fields above\n'
        Path("conflict").write_text(conflict)
        kubectl(
            tmp_path,
            f"""
            echo "$*" >> {tmp_path}/asked
            case "$*" in
                *selector*) ;;
                get*) cat {tmp_path}/live.json ;;
                *) case "$*$(cat)" in
                    *wrong*) echo 'admission webhook denied the request' >&2; exit 1 ;;
                    *force*) cat {tmp_path}/stored.json ;;
                    *) cat {tmp_path}/conflict >&2; exit 1 ;;
                esac ;;
            esac""",
        )
        result = run("kubectl", "--server", "--context", "prod")
        assert result.exit_code == 1
        assert (
            "~ DaemonSet tools/agent: configured; no pod restarts\n    + metadata.labels.added: by-a-webhook\n"
            in result.stdout
        )
        assert (
            "! DaemonSet tools/wrong: rejected by the API server\n    ! admission webhook denied the request [invalid-for-cluster]\n"
            in result.stdout
        )
        assert (
            ': DaemonSet tools/agent: 1 conflict: conflict with "editor": .spec.template [conflicting-field-manager]\n'
            in result.stderr
        )
        asked = Path("asked").read_text().splitlines()
        assert "apply --server-side --dry-run=server --context=prod -o json -f -" in asked
        assert "apply --server-side --force-conflicts --dry-run=server --context=prod -o json -f -" in asked
        with Path("dsgen.yaml").open("a") as file:
            file.write("apply: client-side\n")
        assert "editor" in run("kubectl", "--server").stdout
        assert Path("asked").read_text().splitlines()[-1] == "apply --dry-run=server -o json -f -"

    def test_a_namespace_that_is_only_created(self, run: Run, tmp_path: Path) -> None:
        change("namespace: tools", "namespace: {name: tools, create: true}")
        refusal = 'Error from server (NotFound): namespaces "tools" not found'
        space = '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "tools", "uid": "a"}}'
        kubectl(
            tmp_path,
            f"""case "$*" in get*) ;; *) if grep -q DaemonSet; then echo '{refusal}' >&2; exit 1; else echo '{space}'; fi ;; esac""",
        )
        assert run("kubectl", "--server").stdout == (
            "+ Namespace tools: created\n+ DaemonSet tools/agent: created\n2 created\n"
        )
        assert run(".", ".", "--server").stderr == "dsgen: `--server` compares with a cluster: OLD must be `kubectl`\n"

    @pytest.mark.parametrize("named", ["thing", "thing.example.com"])
    def test_a_kind_that_the_cluster_does_not_serve(self, named: str, run: Run, tmp_path: Path) -> None:
        text = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
        Path("things.yaml").write_text(text)
        refusal = f'error: the server doesn\'t have a resource type \\"{named}\\"'
        kubectl(tmp_path, f"""case "$*" in *thing*) echo "{refusal}" >&2; exit 1 ;; esac""")
        result = run("kubectl", "things.yaml")
        assert (result.exit_code, result.stdout.count("created\n")) == (0, 3)
        assert "warning: the cluster does not serve thing.example.com [missing-cluster-kind]" in result.stderr

    def test_a_boolean_instead_of_a_number(self, run: Run) -> None:
        text = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {b: 1, c: [true]}\n"
        Path("old.yaml").write_text(text)
        Path("new.yaml").write_text(text.replace("b: 1", "b: true").replace("[true]", "[1]"))
        assert "+ spec.b: true\n" in run("old.yaml", "new.yaml").stdout
        assert "+ spec.c: [1]\n" in run("old.yaml", "new.yaml").stdout

    @pytest.mark.parametrize("whole", [False, True])
    def test_a_kind_that_may_not_be_listed(self, whole: bool, run: Run, tmp_path: Path) -> None:
        """What there is of it is unknown, so its objects are neither created nor the same."""
        text = (
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n"
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}}\n"
        )
        Path("things.yaml").write_text(text)
        refusals = [
            f'Error from server (Forbidden): {resource} is forbidden: User \\"me\\" cannot list resource \\"{plural}\\" in API group \\"{group}\\" at the cluster scope'
            for resource, plural, group in (
                ("secrets", "secrets", ""),
                ("networkpolicies.networking.k8s.io", "networkpolicies", "networking.k8s.io"),
            )
        ]
        said = "; ".join(f'echo "{each}" >&2' for each in refusals)
        kubectl(tmp_path, f"""case "$*" in *secret*) {said}; exit 1 ;; *networkpolicy*) {said}; exit 1 ;; esac""")
        result = run("kubectl", "." if whole else "things.yaml")
        assert result.exit_code == 0, result.stderr
        assert "NetworkPolicy" not in result.stdout
        if not whole:
            assert result.stdout == "+ ConfigMap default/a: created\n1 created\n"
            assert "warning: kubectl does not let you list secret: its objects are not compared" in result.stderr
        assert "list networkpolicy.networking.k8s.io: its objects" in result.stderr
        assert "[missing-list-permission]" in result.stderr

    def test_a_field_of_another_manager(self, run: Run, tmp_path: Path) -> None:
        managed = [
            {"manager": name, "operation": operation, "fieldsV1": {"f:data": {"f:a": {}}}}
            for name, operation in [("kubectl", "Apply"), ("editor", "Update")]
        ]
        metadata = {"name": "a", "namespace": "default", "uid": "a", "managedFields": managed}
        live = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "b", "others": "c"}}
        (tmp_path / "live.json").write_text(json.dumps(live))
        kubectl(tmp_path, f"cat {tmp_path}/live.json")
        Path("map.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: new}\n")
        lines = run("kubectl", "map.yaml").stdout.splitlines()
        assert lines[1:3] == ["    - data.a: b", "    + data.a: new"]
        assert lines[3].startswith("    ! data.a: editor has set another value")
        assert lines[3].endswith("[conflicting-field-manager]")
        assert len(lines) == 5

    def test_attempts_to_reach_the_server_are_not_shown(self, run: Run, tmp_path: Path) -> None:
        kubectl(tmp_path, "echo 'E1130 12:00:00.000001 1 a.go:1] attempt' >&2; echo 'connection refused' >&2; exit 1")
        result = run("kubectl", ".")
        assert result.exit_code == 2
        assert "connection refused" in result.stderr
        assert "attempt" not in result.stderr

    def test_a_secret_is_not_shown(self, run: Run, tmp_path: Path) -> None:
        """Whoever writes a manifest chooses what the cluster is asked for, and sees none of its values."""
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "prod"}}
        found = {"apiVersion": "v1", "kind": "List", "items": [{**secret, "data": {"password": "aHVudGVyMg=="}}]}
        (tmp_path / "secrets.json").write_text(json.dumps(found))
        kubectl(tmp_path, f"cat {tmp_path}/secrets.json")
        Path("secret.yaml").write_text(json.dumps({**secret, "data": {"password": "eA=="}}))
        for form in ("text", "markdown", "json"):
            result = run("kubectl", "secret.yaml", "--format", form)
            assert "password" in result.stdout
            assert not any(each in result.output for each in ("aHVudGVyMg", "hunter2", "eA=="))

    def test_a_cluster_that_cannot_be_reached(self, run: Run, tmp_path: Path) -> None:
        kubectl(tmp_path, "echo refused >&2; exit 1")
        result = run("kubectl:prod")
        assert result.exit_code == 2
        assert result.stderr.endswith("refused\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-", "-"], "only one file"),
        ([], "HEAD: no such file, folder or Git revision"),
        (["profiles", "--nodes", "gone"], "cannot read gone"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], said: str) -> None:
    result = run(*arguments, input="")
    assert (result.exit_code, said in result.stderr) == (2, True)


def test_pods_that_only_stop_are_not_summed_up_as_restarts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    profile = 'name: gpu\nnodes: {{select: {{gpu: "yes"}}{}}}\ncontainers: {{a: {{image: "x:1", readinessProbe: {{exec: ["true"]}}}}}}\n'
    (tmp_path / "old.yaml").write_text(profile.format(", tolerate: [gpu]"))
    (tmp_path / "new.yaml").write_text(profile.format(""))
    (tmp_path / "pools.yaml").write_text(
        'pools: {gpu: {count: 2, labels: {gpu: "yes"}, taints: ["gpu=true:NoSchedule"]}}\n'
    )
    said = CliRunner().invoke(main, ["diff", "old.yaml", "new.yaml", "--nodes", "pools.yaml"]).stdout.splitlines()
    assert said[0].endswith("no pod restarts; 2 pods stop (on gpu-1, gpu-2)")
    assert said[-1] == "1 object starts or stops pods"
