"""`dsgen kustomize` by the specification of KRM functions: a list in, a list out, and what is wrong under `results`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given

from dsgen.cli import main
from dsgen.krm.resource_list import read
from tests.test_no_traceback import damaged

HEAD = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
PROFILE = """\
apiVersion: dsgen/v1
kind: DaemonSetProfile
metadata: {name: agent}
spec: {containers: {agent: {image: "x:1"}}}
"""
DAEMONSET = """\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: mine # by hand
  annotations:
    internal.config.kubernetes.io/path: agents/mine.yaml
    internal.config.kubernetes.io/index: '3'
spec:
  selector: {matchLabels: {app: mine}}
  template:
    metadata: {labels: {app: mine}}
    spec:
      containers:
      - {name: a, image: x, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(text: str | bytes) -> Result:
    return CliRunner().invoke(main, ["kustomize"], input=text)


def listed(*items: str, config: str = "") -> str:
    text = HEAD + ("items:\n" if items else "items: []\n")
    for item in items:
        lines = item.splitlines()
        text += f"- {lines[0]}\n" + "".join(f"  {line}\n" for line in lines[1:])
    return text + ("functionConfig:\n" + "".join(f"  {line}\n" for line in config.splitlines()) if config else "")


def made(result: Result) -> list[tuple[str, str]]:
    return [(item["kind"], item["metadata"]["name"]) for item in yaml.safe_load(result.stdout)["items"]]


def told(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(result.stdout).get("results", [])
    return found


class TestGenerator:
    def test_the_function_config_becomes_its_objects(self) -> None:
        config = PROFILE.replace("spec: {", "spec: {serviceAccount: {create: true}, ")
        result = run(listed(config=config))
        assert result.exit_code == 0, result.output
        assert made(result) == [("ServiceAccount", "agent"), ("DaemonSet", "agent")]
        assert result.stderr == ""
        assert yaml.safe_load(result.stdout)["functionConfig"] == yaml.safe_load(config)

    @pytest.mark.parametrize("path", ["", "krm/agent.yaml"])
    def test_files_of_config_maps_are_found_where_the_function_runs(self, path: str, folder: Path) -> None:
        """Whatever file an orchestrator says that the profile is from."""
        (folder / "conf").mkdir()
        (folder / "conf/a.conf").write_text("text")
        config = PROFILE.replace("spec: {", "spec: {configMaps: {c: {files: ['conf/*']}}, ")
        if path:
            config = config.replace(
                "{name: agent}", f"{{name: agent, annotations: {{config.kubernetes.io/path: {path}}}}}"
            )
        for result in (run(listed(config=config)), run(listed(config))):
            assert result.exit_code == 0, result.output
            assert yaml.safe_load(result.stdout)["items"][0]["data"] == {"a.conf": "text"}

    def test_an_answer_in_json_has_no_letters_that_yaml_takes_for_line_breaks(self) -> None:
        item = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "a"},
            "data": {"a": "\x7f\x85\u2028\u2029é"},
        }
        text = json.dumps({"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": [item]})
        answer = run(text).stdout
        assert all(letter.isprintable() or letter == "\n" for letter in answer)
        assert yaml.safe_load(answer)["items"] == json.loads(answer)["items"] == [item]

    def test_profiles_among_the_items(self) -> None:
        other = PROFILE.replace("agent}\n", "other}\n")
        assert made(run(listed(PROFILE, other))) == [("DaemonSet", "agent"), ("DaemonSet", "other")]

    def test_the_configuration_of_another_function_is_left_alone(self) -> None:
        local = PROFILE.replace("agent}\n", "agent, annotations: {config.kubernetes.io/local-config: 'true'}}\n")
        result = run(listed(local, config="kind: Validator\n"))
        assert made(result) == [("DaemonSetProfile", "agent")]

    @pytest.mark.parametrize("stated", ["", "apiVersion: v1\n", "kind: Kustomization\n"])
    def test_the_file_of_a_folder_of_kustomize_needs_no_kind(self, stated: str) -> None:
        """`kustomize fn run DIR` passes it on with the objects. With one of the two, it is not legal in Kustomize either."""
        path = "metadata: {annotations: {config.kubernetes.io/path: base/kustomization.yaml}}\n"
        result = run(listed(f"{stated}resources: [a.yaml]\n{path}", config="kind: Validator\n"))
        assert (result.exit_code == 0) == (not stated)
        if not stated:
            assert yaml.safe_load(result.stdout)["items"][0]["resources"] == ["a.yaml"]
        other = run(
            listed(f"resources: [a.yaml]\n{path}".replace("kustomization", "other"), config="kind: Validator\n")
        )
        assert other.exit_code == 1

    def test_the_function_config_among_the_items_stays(self) -> None:
        assert made(run(listed(PROFILE, config=PROFILE))) == [("DaemonSetProfile", "agent"), ("DaemonSet", "agent")]
        local = PROFILE.replace("agent}\n", "agent, annotations: {config.kubernetes.io/local-config: 'true'}}\n")
        assert made(run(listed(local, config=local))) == [("DaemonSetProfile", "agent"), ("DaemonSet", "agent")]

    def test_a_name_of_its_own(self) -> None:
        assert made(run(listed(config=PROFILE.replace("spec: {", "spec: {name: own, ")))) == [("DaemonSet", "own")]

    def test_text_keeps_its_spelling(self) -> None:
        env = "{A: yes, B: 010, C: 1e3, D: '{x}: [y', E: \"1\\n2\", F: 12:30, G: 😀}"
        result = run(listed(config=PROFILE.replace('"x:1"', f'"x:1", env: {env}')))
        (daemonset,) = yaml.safe_load(result.stdout)["items"]
        stated = {each["name"]: each["value"] for each in daemonset["spec"]["template"]["spec"]["containers"][0]["env"]}
        assert stated == {"A": "yes", "B": "010", "C": "1e3", "D": "{x}: [y", "E": "1\n2", "F": "12:30", "G": "😀"}

    def test_run_again_it_replaces_what_it_made(self) -> None:
        old = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: agent\n  annotations: {config.kubernetes.io/path: a.yaml, other: x}\n"
        result = run(listed(DAEMONSET, old, config=PROFILE))
        assert made(result) == [("DaemonSet", "mine"), ("DaemonSet", "agent")]
        assert yaml.safe_load(result.stdout)["items"][1]["metadata"]["annotations"] == {
            "config.kubernetes.io/path": "a.yaml"
        }

    def test_what_a_profile_extends_is_found_from_where_it_runs(self, folder: Path) -> None:
        (folder / "base.yaml").write_text("hostNetwork: true\n")
        result = run(listed(config=PROFILE.replace("spec: {", "spec: {extends: ./base.yaml, ")))
        (daemonset,) = yaml.safe_load(result.stdout)["items"]
        assert daemonset["spec"]["template"]["spec"]["hostNetwork"] is True

    def test_a_faulty_profile_makes_nothing(self) -> None:
        result = run(listed(config=PROFILE.replace("spec: {", "spec: {hostNetwrok: true, ")))
        assert result.exit_code == 1
        assert made(result) == []
        assert told(result) == [
            {
                "message": "unknown key `hostNetwrok` in a profile (did you mean `hostNetwork`?)",
                "severity": "error",
                "tags": {"code": "unknown-key"},
                "resourceRef": {"apiVersion": "dsgen/v1", "kind": "DaemonSetProfile", "name": "agent"},
                "field": {"path": "spec.hostNetwrok", "currentValue": "true"},
            }
        ]
        assert result.stderr.startswith("DaemonSetProfile/agent: error: spec.hostNetwrok: unknown key")

    @pytest.mark.parametrize(
        ("config", "found"),
        [
            pytest.param("kind: DaemonSetProfile\nmetadata: {name: a}\n", "has no map under `spec`", id="no spec"),
            pytest.param("kind: DaemonSetProfile\nspec: {}\n", "has no `metadata.name`", id="no name"),
            pytest.param(
                "kind: DaemonsetProfile\nspec: {}\n", "unknown kind `DaemonsetProfile`", id="a kind that is nearly it"
            ),
        ],
    )
    def test_a_function_config_that_is_none(self, config: str, found: str) -> None:
        result = run(listed(config=config))
        assert result.exit_code == 1
        assert found in told(result)[0]["message"]


class TestValidator:
    def test_every_item_is_judged(self) -> None:
        result = run(listed("apiVersion: v1\nkind: Node\nmetadata: {name: x}\n", DAEMONSET))
        assert result.exit_code == 1
        other, only = told(result)
        assert (other["severity"], other["resourceRef"]["kind"]) == ("info", "Node")
        assert only["severity"] == "error"
        assert only["field"]["path"] == "spec.template.spec.containers[0].resources.requests"
        assert only["file"] == {"path": "agents/mine.yaml", "index": 3}
        assert only["resourceRef"] == {"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "mine"}
        assert result.stderr.startswith(
            "agents/mine.yaml: error: spec.template.spec.containers[0].resources.requests: Invalid"
        )

    def test_an_unknown_kind_of_kubernetes(self) -> None:
        (only,) = told(run(listed("apiVersion: v1\nkind: Configmap\nmetadata: {name: x}\n")))
        assert (only["severity"], only["field"]) == ("error", {"path": "kind", "currentValue": "Configmap"})

    @pytest.mark.parametrize(
        "note", ["config.kubernetes.io/function: 'exec: {path: x}'", "config.kubernetes.io/local-config: 'true'"]
    )
    def test_what_is_for_another_function_may_be_of_any_group(self, note: str) -> None:
        result = run(listed(f"apiVersion: any/v1\nkind: Thing\nmetadata: {{name: x, annotations: {{{note}}}}}\n"))
        assert (result.exit_code, result.stderr) == (0, "")
        assert told(result) == []

    def test_without_a_function_config(self) -> None:
        result = run(listed(DAEMONSET.replace("cpu: 2", "cpu: 1")))
        assert (result.exit_code, result.stderr) == (0, "")

    def test_with_one_of_another_kind(self) -> None:
        text = listed(DAEMONSET.replace("cpu: 2", "cpu: 1"), config="kind: ConfigMap\ndata: {a: b}\n")
        result = run(text)
        assert (result.exit_code, result.stdout) == (0, text)

    def test_a_warning_fails_nothing(self) -> None:
        text = DAEMONSET.replace("cpu: 2", "cpu: 1").replace(
            "spec:\n      c", "spec:\n      volumes: [{name: v, emptyDir: {}}]\n      c"
        )
        result = run(listed(text.replace("emptyDir: {}", "gitRepo: {repository: x}")))
        assert result.exit_code == 0
        assert {each["severity"] for each in told(result)} == {"warning"}


class TestText:
    def test_what_came_stands_as_it_came(self) -> None:
        text = "---\n" + listed(DAEMONSET, config=PROFILE) + "results: [{message: old}]\n"
        result = run(text)
        assert "  metadata:\n    name: mine # by hand\n" in result.stdout
        assert result.stdout.startswith("---\n" + listed(DAEMONSET))
        assert "old" not in result.stdout

    @pytest.mark.parametrize("comment", ["- # above\n  api", "# above\n- api"])
    def test_comments_above_an_item(self, comment: str) -> None:
        given = listed(DAEMONSET.replace("cpu: 2", "cpu: 1"), config=PROFILE).replace("- api", comment, 1)
        result = run(given)
        assert result.stdout.startswith(given.partition("functionConfig")[0])
        assert made(result) == [("DaemonSet", "mine"), ("DaemonSet", "agent")]

    def test_indented_items(self) -> None:
        items = "".join(f"    {line}\n" for line in listed(DAEMONSET).partition("items:\n")[2].splitlines())
        assert made(run(HEAD + "items:\n" + items + listed(config=PROFILE).partition("items: []\n")[2])) == [
            ("DaemonSet", "mine"),
            ("DaemonSet", "agent"),
        ]

    def test_json_stays_json(self) -> None:
        result = run(json.dumps(yaml.safe_load(listed(DAEMONSET, config=PROFILE))))
        assert [item["kind"] for item in json.loads(result.stdout)["items"]] == ["DaemonSet", "DaemonSet"]

    def test_no_items_at_all(self) -> None:
        assert made(run(listed(config=PROFILE).replace("items: []\n", ""))) == [("DaemonSet", "agent")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("a: [", "[invalid-yaml]", id="broken YAML"),
        pytest.param("", "nothing", id="nothing"),
        pytest.param(
            PROFILE,
            "expected a ResourceList of config.kubernetes.io/v1, got DaemonSetProfile of dsgen/v1",
            id="another kind",
        ),
        pytest.param("items: []\n", "[invalid-resource-list]", id="no kind"),
        pytest.param("- a\n", "a list", id="a list"),
        pytest.param(HEAD.replace("v1", "v9"), "ResourceList of config.kubernetes.io/v9", id="another version"),
        pytest.param(HEAD + "items: {a: b}\n", "`items` must be a list, got a map", id="items that are no list"),
        pytest.param(HEAD + "items: [a]\n", "each of `items` must be an object", id="an item that is no object"),
        pytest.param(
            HEAD + "functionConfig: x\n", "`functionConfig` must be a map, got", id="a functionConfig that is no map"
        ),
        pytest.param(HEAD + "---\n" + HEAD, "2 documents", id="two documents"),
        pytest.param(b"\xff\xfe\x00", "[", id="no text"),
    ],
)
def test_what_is_no_resource_list(text: str | bytes, found: str) -> None:
    result = run(text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert found in result.stderr


def test_nothing_to_do() -> None:
    result = run(listed())
    assert result.exit_code == 0
    assert [(each["severity"], each["tags"]["code"]) for each in told(result)] == [("warning", "empty-resource-list")]


def test_a_misspelt_function_config() -> None:
    result = run(listed(DAEMONSET.replace("cpu: 2", "cpu: 1"), config=PROFILE.replace("SetProfile", "SetsProfile")))
    assert (result.exit_code, [each["tags"]["code"] for each in told(result)]) == (1, ["unknown-function-config"])


WHOLE = listed(DAEMONSET, PROFILE, config=PROFILE.replace("agent}\n", "other}\n"))


@given(damaged([WHOLE]))
def test_no_list_ends_in_a_traceback(text: str) -> None:
    result = run(text)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code in (0, 1)
    if result.stdout:
        assert read(result.stdout_bytes, "out")[0] is not None
    else:
        assert "error" in result.stderr


class TestRelations:
    ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reader, namespace: default}\n"
    NAMESPACE = (
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: agents, labels: {pod-security.kubernetes.io/enforce: %s}}\n"
    )
    IN_NAMESPACE = PROFILE.replace(
        "containers:", "namespace: agents, serviceAccount: reader, hostPID: true, containers:"
    )

    def test_between_items_and_what_profiles_generate(self) -> None:
        done = run(listed(self.ACCOUNT, self.NAMESPACE % "baseline", config=self.IN_NAMESPACE))
        rejected, misplaced = yaml.safe_load(done.stdout)["results"]
        assert done.exit_code == 1
        assert (rejected["tags"]["code"], rejected["severity"]) == ("forbidden-by-pod-security", "error")
        assert rejected["field"] == {"path": "spec.template.spec.hostPID", "currentValue": "true"}
        assert rejected["resourceRef"]["kind"] == "DaemonSet"
        assert "which Namespace agents (Namespace/agents) enforces" in rejected["message"]
        assert misplaced["tags"]["code"] == "mismatched-reference-namespace"
        assert "is in the namespace default (ServiceAccount/reader), not in agents" in misplaced["message"]

    def test_good_ones(self) -> None:
        account = self.ACCOUNT.replace("default", "agents")
        done = run(listed(account, self.NAMESPACE % "privileged", config=self.IN_NAMESPACE))
        assert (done.exit_code, done.stderr, "results" in done.stdout) == (0, "", False)

    def test_the_default_of_the_cluster(self, folder: Path) -> None:
        (folder / "dsgen.yaml").write_text("podSecurityDefault: baseline\n")
        without = self.NAMESPACE.replace("pod-security.kubernetes.io/enforce: %s", "")
        account = self.ACCOUNT.replace("default", "agents")
        (rejected,) = yaml.safe_load(run(listed(account, without, config=self.IN_NAMESPACE)).stdout)["results"]
        assert rejected["tags"]["code"] == "forbidden-by-pod-security"
        (unknown,) = yaml.safe_load(run(listed(account, config=self.IN_NAMESPACE)).stdout)["results"]
        assert (unknown["tags"]["code"], unknown["severity"]) == ("unknown-pod-security-level", "warning")


class TestMetadata:
    """What Kustomize sets on a profile holds for its objects."""

    META = "metadata:\n  name: agent\n  namespace: prod\n  labels: {a: b, team: x}\n  annotations: {c: d, config.kubernetes.io/path: x.yaml}"

    def objects(self, spec: str) -> tuple[Result, list[dict[str, Any]]]:
        profile = f"apiVersion: dsgen/v1\nkind: DaemonSetProfile\n{self.META}\nspec:\n  containers: {{a: {{image: 'x:1'}}}}\n{spec}"
        result = run(listed(profile))
        return result, yaml.safe_load(result.stdout)["items"]

    def test_it_holds_for_the_objects(self) -> None:
        result, (daemonset,) = self.objects("")
        assert result.exit_code == 0
        metadata = daemonset["metadata"]
        assert metadata["namespace"] == "prod"
        assert {"a": "b", "team": "x"}.items() <= metadata["labels"].items()
        assert metadata["annotations"]["c"] == "d"

    def test_the_spec_wins(self) -> None:
        _, (daemonset,) = self.objects("  namespace: prod\n  labels: {team: y}\n")
        assert daemonset["metadata"]["namespace"] == "prod"
        assert {"a": "b", "team": "y"}.items() <= daemonset["metadata"]["labels"].items()

    def test_two_namespaces(self) -> None:
        result, _ = self.objects("  namespace: other\n")
        assert result.exit_code == 1
        assert "[conflicting-profile-namespace]" in result.stderr


class TestChecksums:
    """An overlay changes a config map that dsgen generated; as a transformer, dsgen updates the hash in the pods' annotations."""

    PROFILE = PROFILE.replace("{containers:", "{configMaps: {agent: {data: {a: x}}}, containers:")

    def generated(self, **data: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = yaml.safe_load(run(listed(config=self.PROFILE)).stdout)["items"]
        next(each for each in items if each["kind"] == "ConfigMap")["data"] |= data
        return items

    def hash_of(self, items: list[dict[str, Any]]) -> str:
        daemonset = next(each for each in items if each["kind"] == "DaemonSet")
        return str(daemonset["spec"]["template"]["metadata"]["annotations"]["checksum/agent"])

    def through(self, items: list[dict[str, Any]]) -> tuple[str, Result]:
        text = HEAD + yaml.safe_dump({"items": items})
        return text, run(text)

    def test_what_is_current_stays_as_it_is(self) -> None:
        text, result = self.through(self.generated())
        assert (result.exit_code, result.stdout) == (0, text)

    def test_a_stale_hash_is_updated(self) -> None:
        items = self.generated(a="new", b="more")
        _, result = self.through(items)
        assert (result.exit_code, result.stderr) == (0, "")
        updated = yaml.safe_load(result.stdout)["items"]
        assert self.hash_of(updated) != self.hash_of(items)
        expected = self.PROFILE.replace("{a: x}", "{a: new, b: more}")
        assert self.hash_of(updated) == self.hash_of(yaml.safe_load(run(listed(config=expected)).stdout)["items"])
        (note,) = told(result)
        assert (note["severity"], note["tags"]["code"]) == ("info", "updated-checksum")
        # Nothing else has changed.
        for each in (items, updated):
            next(one for one in each if one["kind"] == "DaemonSet")["spec"]["template"]["metadata"].pop("annotations")
        assert updated == items


class TestKpt:
    """kpt runs a function of a Kptfile with every resource of the package, among them the Kptfile and the function's own configuration."""

    KPTFILE = (
        "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: agents # the package\n  annotations:\n"
        "    config.kubernetes.io/local-config: 'true'\n    internal.config.kubernetes.io/path: Kptfile\n"
        "pipeline: {mutators: [{exec: dsgen kustomize, configPath: agent.yaml}]}\n"
    )
    AGENT = PROFILE.replace("{name: agent}", "{name: agent, annotations: {internal.config.kubernetes.io/path: agent.yaml}}")  # fmt: skip

    def test_the_package_keeps_its_profile_and_gets_the_objects(self) -> None:
        result = run(listed(self.KPTFILE, self.AGENT, config=self.AGENT))
        assert (result.exit_code, result.stderr) == (0, "")
        assert made(result) == [("Kptfile", "agents"), ("DaemonSetProfile", "agent"), ("DaemonSet", "agent")]
        assert "name: agents # the package" in result.stdout
        assert told(result) == []

    @pytest.mark.parametrize(
        ("item", "found"),
        [
            ("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: a}\n", []),
            ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {name: a}\n", []),
            ("apiVersion: example.com/v1\nkind: A\nmetadata: {name: a, annotations: {config.kubernetes.io/local-config: 'true'}}\n", []),
            ("apiVersion: example.com/v1\nkind: A\nmetadata: {name: a}\n", ["unvalidated-object"]),
            ("apiVersion: config.kpt.dev/v1\nkind: A\nmetadata: {name: a}\n", ["unvalidated-object"]),
        ],
    )  # fmt: skip
    def test_what_no_cluster_gets_is_not_reported_as_unvalidated(self, item: str, found: list[str]) -> None:
        assert [each["tags"]["code"] for each in told(run(listed(item, self.AGENT)))] == found

    def test_again_it_changes_nothing(self) -> None:
        once = run(listed(self.KPTFILE, self.AGENT, config=self.AGENT)).stdout
        again = run(once).stdout
        assert yaml.safe_load(again) == yaml.safe_load(once)

    def test_a_problem_names_the_file_of_the_package(self) -> None:
        faulty = self.AGENT.replace("{containers:", "{hostNetwrok: true, containers:")
        result = run(listed(self.KPTFILE, faulty, config=faulty))
        assert result.exit_code == 1
        assert "agent.yaml: error: spec.hostNetwrok: unknown key" in result.stderr
        errors = [each for each in told(result) if each["severity"] == "error"]
        assert [each["file"] for each in errors] == [{"path": "agent.yaml"}]


@pytest.mark.skipif(not shutil.which("kpt"), reason="there is no kpt")
class TestRealKpt:
    """The packages of docs/how-to/use-kustomize.md; what kpt wrote is written again as it is."""

    KPTFILE = (
        "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {name: agents}\n"
        "pipeline:\n  mutators:\n    - exec: dsgen kustomize\n      configPath: agent.yaml\n"
    )
    PROFILE = PROFILE.replace("spec: {", "spec: {serviceAccount: {create: true}, # mine\n  ")

    @staticmethod
    def kpt(*words: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
        return subprocess.run(
            ["kpt", *words], capture_output=True, text=True, check=False, env={**os.environ, "PATH": path}
        )

    @staticmethod
    def files(folder: Path) -> dict[str, str]:
        return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}

    def package(self, folder: Path, *named: tuple[str, str]) -> Path:
        package = folder / "package"
        package.mkdir()
        for name, text in named:
            (package / name).write_text(text)
        return package

    def test_render(self, folder: Path) -> None:
        package = self.package(folder, ("Kptfile", self.KPTFILE), ("agent.yaml", self.PROFILE))
        done = self.kpt("fn", "render", "--allow-exec", str(package))
        assert done.returncode == 0, done.stderr
        assert "[info]" not in done.stderr
        first = self.files(package)
        assert {"Kptfile", "agent.yaml", "daemonset_agent.yaml", "serviceaccount_agent.yaml"} == first.keys()
        assert "# mine" in first["agent.yaml"]
        assert self.kpt("fn", "render", "--allow-exec", str(package)).returncode == 0
        assert self.files(package) == first

    def test_render_with_an_error(self, folder: Path) -> None:
        faulty = self.PROFILE.replace("image: ", "hostPID: true, image: ")
        package = self.package(folder, ("Kptfile", self.KPTFILE), ("agent.yaml", faulty))
        before = self.files(package)
        done = self.kpt("fn", "render", "--allow-exec", str(package))
        assert done.returncode == 1
        assert "agent.yaml: error: spec.containers.agent.hostPID" in done.stderr
        assert self.files(package) == before

    def test_eval(self, folder: Path) -> None:
        package = self.package(folder, ("agent.yaml", self.PROFILE))
        done = self.kpt("fn", "eval", str(package), "--exec", "dsgen kustomize")
        assert done.returncode == 0, done.stderr
        assert self.files(package).keys() == {"daemonset_agent.yaml", "serviceaccount_agent.yaml"}

    def test_the_output_of_generate_stays_as_it_is(self, folder: Path) -> None:
        (folder / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
        (folder / "profiles").mkdir()
        (folder / "profiles/agent.yaml").write_text("name: agent\ncontainers: {agent: {image: 'x:1'}}\n")
        assert CliRunner().invoke(main, ["generate"]).exit_code == 0
        before = self.files(folder)
        done = self.kpt("fn", "eval", "out/agent", "--exec", "dsgen kustomize")
        assert done.returncode == 0, done.stderr
        assert "[info]" not in done.stderr
        assert self.files(folder) == before
