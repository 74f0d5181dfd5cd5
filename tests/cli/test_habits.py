"""What newcomers typed and guessed wrong: each is taken as meant, or its hint is what to write, and then there is no problem left."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dsgen.cli import main, shell

Run = Callable[..., Result]

PROFILE = "name: log-agent\ncontainers: {a: {image: 'x:1'%s}}\n%s"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shell._lines.cache_clear()
    for name in ("profiles", "environments"):
        (tmp_path / name).mkdir()
    (tmp_path / "dsgen.yaml").write_text('kubernetes: "1.37"\n')
    (tmp_path / "profiles/log-agent.yaml").write_text(PROFILE % ("", ""))
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    return lambda *arguments: CliRunner().invoke(main, arguments)


def problems(run: Run) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run("validate", "--format", "json").stdout)["problems"]
    return found


# Of the container: what was written, its hint, and what the hint means here.
IN_A_CONTAINER = [
    ("mounts: {/var/log: /var/log}", "write `{hostPath: /var/log}`", "mounts: {/var/log: {hostPath: /var/log}}"),
    (
        "mounts: {/logs: '/var/log:ro'}",
        "write `{hostPath: /var/log, readOnly: true}`",
        "mounts: {/logs: {hostPath: /var/log, readOnly: true}}",
    ),
    (
        "mounts: ['/var/log:/logs:ro']",
        "write a map instead of the list: `{/logs: {hostPath: /var/log, readOnly: true}}`",
        "mounts: {/logs: {hostPath: /var/log, readOnly: true}}",
    ),
    (
        "volumeMounts: ['/var/log:/logs']",
        "write a map instead of the list: `{/logs: {hostPath: /var/log}}`",
        "mounts: {/logs: {hostPath: /var/log}}",
    ),
    (
        "volumes: ['/var/log:/logs:ro', '/run:/run']",
        "write `mounts: {/logs: {hostPath: /var/log, readOnly: true}, /run: {hostPath: /run}}`",
        "mounts: {/logs: {hostPath: /var/log, readOnly: true}, /run: {hostPath: /run}}",
    ),
    (
        "mounts: {/b: '/var/log:/logs:rw'}",
        "write `/logs: {hostPath: /var/log}`",
        "mounts: {/logs: {hostPath: /var/log}}",
    ),
    (
        "mounts: /var/log:/logs",
        "write `{/logs: {hostPath: /var/log}}`",
        "mounts: {/logs: {hostPath: /var/log}}",
    ),
    (
        "mounts: [/var/log]",
        "write a map instead of the list: `{/var/log: {hostPath: /var/log}}`, or the name of a volume",
        "mounts: {/var/log: {hostPath: /var/log}}",
    ),
    (
        "capabilities: [NET_ADMIN, SYS_TIME]",
        "write `securityContext: {capabilities: {add: [NET_ADMIN, SYS_TIME]}}`",
        "securityContext: {capabilities: {add: [NET_ADMIN, SYS_TIME]}}",
    ),
    (
        "securityContext: {capabilities: [NET_ADMIN]}",
        "write `{add: [NET_ADMIN]}`",
        "securityContext: {capabilities: {add: [NET_ADMIN]}}",
    ),
    ("ports: 9100", "write `{NAME: 9100}`, with a name for the port", "ports: {metrics: 9100}"),
    (
        "livenessProbe: /healthz",
        "write `{path: /healthz, port: PORT}`, with the number or the name of the port",
        "livenessProbe: {path: /healthz, port: 8080}",
    ),
    (
        "resources: {memory: 1Gi}",
        "write `limits: {memory: …}`, or the same under `requests`",
        "resources: {limits: {memory: 1Gi}}",
    ),
    ("readinessProbe: 8080/ready", "write `{httpGet: 8080/ready}`", "readinessProbe: {httpGet: 8080/ready}"),
    ("startupProbe: 8080", "write `{tcpSocket: 8080}`", "startupProbe: {tcpSocket: 8080}"),
]

# Of the profile.
AT_THE_TOP = [
    (
        "priority: system-node-critical",
        "write `priorityClassName: system-node-critical`",
        "priorityClassName: system-node-critical",
    ),
    ("tolerations: [{operator: Exists}]", "write `nodes: {tolerate: …}`", "nodes: {tolerate: [{operator: Exists}]}"),
    ("nodeSelector: {a: b}", "write `nodes: {select: …}`", "nodes: {select: {a: b}}"),
    ("nodes: {tolerations: [all]}", "write `tolerate: …`", "nodes: {tolerate: [all]}"),
    ("nodes: {labels: {a: b}}", "write `select: …`", "nodes: {select: {a: b}}"),
    ("configMaps: {a: {a.conf: x}}", "write `data: {a.conf: …}`", "configMaps: {a: {data: {a.conf: x}}}"),
    (
        "rbac: [get pods]",
        "permissions belong to the service account: `serviceAccount: {create: true, clusterRules: …}`",
        "namespace: x\nserviceAccount: {create: true, clusterRules: [get pods]}",
    ),
    ("nodes: {affinity: {}}", "write `require: …`", "nodes: {require: ['disk in (ssd, nvme)']}"),
]


@pytest.mark.parametrize(("wrong", "hint", "right"), IN_A_CONTAINER)
def test_in_a_container(folder: Path, run: Run, wrong: str, hint: str, right: str) -> None:
    (folder / "profiles/log-agent.yaml").write_text(PROFILE % (f", {wrong}", ""))
    assert [each["hint"] for each in problems(run)] == [hint]
    (folder / "profiles/log-agent.yaml").write_text(PROFILE % (f", {right}", ""))
    assert problems(run) == []


@pytest.mark.parametrize(("wrong", "hint", "right"), IN_A_CONTAINER[:1] + IN_A_CONTAINER[8:10])
def test_in_a_container_of_an_environment(folder: Path, run: Run, wrong: str, hint: str, right: str) -> None:
    layer = "overrides: {log-agent: {containers: {a: {%s}}}}\n"
    (folder / "environments/prod.yaml").write_text(layer % wrong)
    assert [each["hint"] for each in problems(run)] == [hint]
    (folder / "environments/prod.yaml").write_text(layer % right)
    assert problems(run) == []


@pytest.mark.parametrize(("wrong", "hint", "right"), AT_THE_TOP)
def test_at_the_top(folder: Path, run: Run, wrong: str, hint: str, right: str) -> None:
    (folder / "profiles/log-agent.yaml").write_text(PROFILE % ("", wrong))
    assert [each["hint"] for each in problems(run)] == [hint]
    (folder / "profiles/log-agent.yaml").write_text(PROFILE % ("", right))
    assert problems(run) == []


@pytest.mark.parametrize("wrong", ["capabilities: [NET_ADMIN]", "securityContext: {capabilities: [NET_ADMIN]}"])
def test_capabilities_of_a_pod(folder: Path, run: Run, wrong: str) -> None:
    """A pod has another `securityContext`, so that of a container would not help in its place."""
    (folder / "profiles/log-agent.yaml").write_text(PROFILE % ("", wrong))
    assert [each["hint"] for each in problems(run)] == ["Kubernetes has it in a container's `securityContext`"]


@pytest.mark.parametrize("wrong", ["service: {ports: 80}", "networkPolicy: {ingress: [{ports: 80}]}"])
def test_ports_of_other_objects_are_no_map(folder: Path, run: Run, wrong: str) -> None:
    (folder / "profiles/log-agent.yaml").write_text(PROFILE % ("", wrong))
    assert [each["hint"] for each in problems(run)] == ["write `[80]`"]


def test_a_comma_in_a_requirement(folder: Path, run: Run) -> None:
    (folder / "profiles/log-agent.yaml").write_text(PROFILE % ("", "nodes: {require: [disk in (ssd, nvme)]}"))
    assert {each["hint"] for each in problems(run)} == {'quote an entry that contains a comma: `"key in (a, b)"`'}


def test_a_volume_as_a_path(folder: Path, run: Run) -> None:
    """And a mount the other way round."""
    text = "name: log-agent\ncontainers: {a: {image: 'x:1', mounts: {%s}}}\nvolumes: {logs: %s}\n"
    (folder / "profiles/log-agent.yaml").write_text(text % ("/logs: logs", "/var/log"))
    assert [each["hint"] for each in problems(run)] == ["write `{hostPath: /var/log}`"]
    (folder / "profiles/log-agent.yaml").write_text(text % ("logs: /logs", "{hostPath: /var/log}"))
    assert "write `/logs: logs`" in [each["hint"] for each in problems(run)]
    (folder / "profiles/log-agent.yaml").write_text(text % ("/logs: logs", "{hostPath: /var/log}"))
    assert problems(run) == []


@pytest.mark.parametrize(
    ("line", "code", "hint"),
    [
        ("nodes: {os: Linux}", "unknown-platform", "write `linux`"),
        ("nodes: {os: linux, arch: x86_64}", "unknown-platform", "write `amd64`"),
        ("nodes: {os: linux, arch: aarch64}", "unknown-platform", "write `arm64`"),
        ("serviceAccount: true", "invalid-type", "write `serviceAccount: {create: true}`; if this is a name, quote it"),
        ("namespace: true", "invalid-type", "write `namespace: {create: true}`; if this is a name, quote it"),
    ],
)
def test_what_was_taken_for_a_name(folder: Path, run: Run, line: str, code: str, hint: str) -> None:
    (folder / "profiles/log-agent.yaml").write_text(PROFILE % ("", line))
    assert [(each["severity"], each["code"], each["hint"]) for each in problems(run)] == [("error", code, hint)]
    right = re.findall(r"`([^`]+)`", hint)[0]
    fixed = right if ":" in right else re.sub(r"\w+}$", f"{right}}}", line)
    (folder / "profiles/log-agent.yaml").write_text(PROFILE % ("", fixed))
    assert problems(run) == []


@pytest.mark.parametrize(
    ("line", "code", "right"),
    [
        ("resources: {limits: {memory: 128}}", "few-bytes", "128Mi"),
        ("securityContext: {capabilities: {add: [CAP_NET_ADMIN]}}", "invalid-capability-name", "NET_ADMIN"),
    ],
)
def test_what_the_server_accepts_and_nobody_means(folder: Path, run: Run, line: str, code: str, right: str) -> None:
    (folder / "profiles/log-agent.yaml").write_text(PROFILE % (f", {line}", ""))
    (problem,) = problems(run)
    assert (problem["severity"], problem["code"]) == ("warning", code)
    assert f"`{right}`" in problem["hint"]


class TestTolerationsOverALayer:
    """`tolerate` would drop the preset's."""

    LAYERS = (
        ("profiles/log-agent.yaml", "extends: node-exporter\nname: log-agent\n%s\n"),
        ("environments/prod.yaml", "all: {%s}\n"),
        ("environments/prod.yaml", "overrides: {log-agent: {%s}}\n"),
    )

    @pytest.mark.parametrize(("file", "layer"), LAYERS)
    @pytest.mark.parametrize("wrong", ["tolerations: [{key: x, operator: Exists}]", "nodes: {tolerations: [x=y]}"])
    def test_the_hint_appends(self, folder: Path, run: Run, file: str, layer: str, wrong: str) -> None:
        (folder / "profiles/log-agent.yaml").write_text(self.LAYERS[0][1] % "")
        (folder / file).write_text(layer % wrong)
        (problem,) = problems(run)
        assert "`tolerate+: …`" in problem["hint"] or "`nodes: {tolerate+: …}`" in problem["hint"]
        (folder / file).write_text(layer % "nodes: {tolerate+: [x=y]}")
        assert problems(run) == []

    @pytest.mark.parametrize("wrong", ["nodeAffinity: {}", "require: [gpu]", "prefer: [{gpu: 'yes'}]"])
    def test_the_hint_appends_what_nodes_must_have(self, folder: Path, run: Run, wrong: str) -> None:
        (folder / "environments/prod.yaml").write_text(self.LAYERS[2][1] % wrong)
        (problem,) = problems(run)
        key = "prefer" if "prefer" in wrong else "require"
        assert problem["hint"].startswith(f"write `nodes: {{{key}+: …}}`")

    def test_in_a_variant(self, folder: Path, run: Run) -> None:
        variants = "variants: {gpu: {nodes: {select: {gpu: 'yes'}}, %s}, rest: {nodes: {rest: true}}}\n"
        (folder / "profiles/log-agent.yaml").write_text(PROFILE % ("", variants % "tolerations: [all]"))
        assert [each["hint"] for each in problems(run)] == ["write `nodes: {tolerate+: …}`"]


class TestServicePortsByNumber:
    def test_of_a_named_port(self, folder: Path, run: Run) -> None:
        text = PROFILE % (", ports: {metrics: 9100}", "service: {ports: [%s]}\n")
        (folder / "profiles/log-agent.yaml").write_text(text % "9100")
        assert [each["hint"] for each in problems(run)] == ["write `metrics`, the name of this port"]
        (folder / "profiles/log-agent.yaml").write_text(text % "metrics")
        assert problems(run) == []

    def test_of_no_port(self, folder: Path, run: Run) -> None:
        (folder / "profiles/log-agent.yaml").write_text(PROFILE % ("", "service: {ports: [9100]}\n"))
        (problem,) = problems(run)
        assert "such as `{metrics: 9100}`, and write that name" in problem["hint"]


class TestEnvironments:
    @pytest.mark.parametrize(
        ("wrong", "hint", "right"),
        [
            (
                "images: {registry: r.example.com}",
                "write `mirrors: {docker.io: …}`, for each registry that is replaced",
                "images: {mirrors: {docker.io: r.example.com}}",
            ),
            (
                "mirrors: {docker.io: r.example.com}",
                "write `images: {mirrors: …}`",
                "images: {mirrors: {docker.io: r.example.com}}",
            ),
            (
                "images: {registries: {docker.io: r.example.com}}",
                "write `mirrors: …`",
                "images: {mirrors: {docker.io: r.example.com}}",
            ),
            (
                "registry: r.example.com",
                "write `images: {mirrors: {docker.io: …}}`, for each registry that is replaced",
                "images: {mirrors: {docker.io: r.example.com}}",
            ),
            (
                f"images: {{pins: {{'x:1': 'sha256:{'0' * 64}'}}}}",
                "write `digests: …`",
                f"images: {{digests: {{'x:1': 'sha256:{'0' * 64}'}}}}",
            ),
            ("profiles: [!x]", "quote text that begins with `!`", "profiles: ['!x*', '*']"),
        ],
    )
    def test_images(self, folder: Path, run: Run, wrong: str, hint: str, right: str) -> None:
        (folder / "environments/prod.yaml").write_text(f"{wrong}\n")
        assert [each["hint"] for each in problems(run)] == [hint]
        if "profiles" not in wrong:
            (folder / "environments/prod.yaml").write_text(f"{right}\n")
            assert problems(run) == []

    @pytest.mark.parametrize(
        ("wrong", "command"),
        [("clusterName: x", "explain environment")],
    )
    def test_hints_name_the_keys_of_environments(self, folder: Path, run: Run, wrong: str, command: str) -> None:
        (folder / "environments/prod.yaml").write_text(f"{wrong}\n")
        (problem,) = problems(run)
        assert problem["hint"] == f"`dsgen {command}` lists the keys"
        assert "  mirrors " in run(*command.split()).stdout or "  overrides " in run(*command.split()).stdout

    def test_a_star_of_an_environment_wins(self, folder: Path, run: Run) -> None:
        (folder / "profiles/log-agent.yaml").write_text(PROFILE % (", imagePullPolicy: IfNotPresent", ""))
        (folder / "environments/prod.yaml").write_text("all: {containers: {'*': {imagePullPolicy: Always}}}\n")
        assert "imagePullPolicy: Always" in run("generate", "log-agent", "-e", "prod", "-o", "-").stdout


def test_an_expression_of_helm(folder: Path, run: Run) -> None:
    (folder / "profiles/log-agent.yaml").write_text("name: {{ .Values.name }}\ncontainers: {a: {image: 'x:1'}}\n")
    (problem,) = problems(run)
    assert problem["code"] == "invalid-yaml-key"
    assert "what differs between clusters goes to environments" in problem["hint"]


class TestFiles:
    @pytest.mark.parametrize("command", ["generate", "validate", "trace", "requires"])
    @pytest.mark.parametrize("typed", ["profiles/log-agent.yml", "log-agent.yaml", "profiles/log-agnet.yaml"])
    def test_a_path_that_is_nearly_right(self, run: Run, command: str, typed: str) -> None:
        result = run(command, typed)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"dsgen: {typed}: no such file; did you mean `profiles/log-agent.yaml`?\n"

    def test_nothing_else_is_said_of_a_file_that_is_not_there(self, run: Run) -> None:
        result = run("validate", "nothing.yaml")
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)

    def test_the_other_files_are_validated(self, run: Run) -> None:
        result = run("validate", "nothing.yaml", "profiles/log-agent.yaml")
        assert result.exit_code == 2
        assert "1 object validated, no errors; 1 file not read" in result.stderr

    def test_a_url(self, run: Run) -> None:
        said = run("validate", "https://example.com/agent.yaml").stderr
        assert said.startswith("dsgen: https://example.com/agent.yaml: dsgen cannot read URLs: ")

    def test_a_folder_of_kustomize(self, folder: Path, run: Run) -> None:
        overlay = folder / "overlays/my eu"
        overlay.mkdir(parents=True)
        (overlay / "kustomization.yaml").write_text("namePrefix: eu-\nresources: [../../out/log-agent]\n")
        (problem,) = json.loads(run("validate", "overlays", "--format", "json").stdout)["problems"]
        assert problem["hint"] == "run `kustomize build 'overlays/my eu' | dsgen validate -`"

    def test_a_manifest_among_profiles(self, folder: Path, run: Run) -> None:
        (folder / "profiles/my agent.yaml").write_text("apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\n")
        said = run("generate", "profiles/my agent.yaml").stderr
        assert "convert it with `dsgen import 'profiles/my agent.yaml'`; if it belongs here" in said

    @pytest.mark.parametrize(("kind", "version"), [("DaemonSet", "apps/v1"), ("Gadget", "GROUP/VERSION")])
    def test_a_manifest_without_its_version(self, folder: Path, run: Run, kind: str, version: str) -> None:
        (folder / "m.yaml").write_text(f"kind: {kind}\nmetadata: {{name: a}}\nspec: {{}}\n")
        (problem,) = json.loads(run("validate", "m.yaml", "--format", "json").stdout)["problems"]
        assert problem["message"] == f"a manifest ({kind}) without `apiVersion`"
        assert problem["hint"] == f"add `apiVersion: {version}`"


class TestPresets:
    def test_a_word_of_the_summary(self, run: Run) -> None:
        assert "did you mean `nvidia-device-plugin`?" in run("presets", "gpu").stderr

    def test_show(self, run: Run) -> None:
        assert run("presets", "show", "vector").stdout == run("presets", "vector").stdout
        assert "`dsgen presets vector`" in run("presets", "get", "vector").stderr

    def test_a_word_of_many_is_no_suggestion(self, run: Run) -> None:
        assert run("presets", "a").stderr == "dsgen: no such preset 'a'; `dsgen presets` lists them\n"


class TestPlan:
    def test_without_nodes(self, run: Run) -> None:
        said = run("plan").stderr
        assert "Missing option '--nodes'" in said
        assert "`kubectl get nodes -o json`" in said
        assert "`dsgen explain pools`" in said

    def test_pools_as_a_list(self, folder: Path, run: Run) -> None:
        (folder / "pools.yaml").write_text("pools:\n- {name: a, count: 10}\n")
        result = run("plan", "--nodes", "pools.yaml")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "hint: write a map by name: `pools: {general: {count: 10}}`" in result.stderr
        (folder / "pools.yaml").write_text("pools: {general: {count: 10}}\n")
        assert run("plan", "--nodes", "pools.yaml").exit_code == 0

    def test_nowhere_is_a_warning(self, folder: Path, run: Run) -> None:
        (folder / "profiles/log-agent.yaml").write_text(PROFILE % ("", "nodes: {select: {a: b}}\n"))
        (folder / "pools.yaml").write_text("pools: {general: {count: 10}}\n")
        result = run("plan", "--nodes", "pools.yaml")
        assert result.exit_code == 0
        assert "[runs-nowhere]" in result.stderr

    def test_an_environment_has_the_name_of_its_file(self, folder: Path, run: Run) -> None:
        """`all: {name: …}` would rename every agent."""
        (folder / "environments/prod.yaml").write_text("name: prod\n")
        (problem,) = problems(run)
        assert problem["hint"] == "remove it: an environment is named after its file"

    def test_a_tag_by_the_name_of_an_image(self, folder: Path, run: Run) -> None:
        (folder / "environments/prod.yaml").write_text('images: {busybox: "1.37"}\n')
        (problem,) = problems(run)
        assert "another tag goes under `overrides: {PROFILE: {containers: {NAME: {image: …}}}}`" in problem["hint"]


class TestExplain:
    @pytest.mark.parametrize("key", ["pools", "pools.taints", "pools.general.down"])
    def test_pools(self, run: Run, key: str) -> None:
        assert run("explain", key).exit_code == 0

    @pytest.mark.parametrize(
        ("key", "hint"),
        [
            ("nodes.rest", "did you mean `variants.nodes.rest`?"),
            ("environment.images.registry", "`dsgen explain environment.images` lists the keys"),
        ],
    )
    def test_the_hint_leads_on(self, run: Run, key: str, hint: str) -> None:
        result = run("explain", key)
        assert result.exit_code == 2
        assert hint in result.stderr
        assert run("explain", hint.partition("`")[2].partition("`")[0].removeprefix("dsgen explain ")).exit_code == 0


class TestDiff:
    @pytest.fixture
    def repository(self, folder: Path) -> Path:
        git(folder, "init", "--quiet", "--initial-branch=main")
        for tag in ("x:1", "x:2"):
            (folder / "profiles/log-agent.yaml").write_text((PROFILE % ("", "")).replace("x:1", tag))
            git(folder, "add", "--all")
            git(folder, "commit", "--quiet", "--message", tag)
        (folder / "profiles/log-agent.yaml").write_text((PROFILE % ("", "")).replace("x:1", "x:3"))
        return folder

    def test_without_arguments(self, repository: Path, run: Run) -> None:
        assert run("diff").stdout == run("diff", "HEAD").stdout
        assert "image: x:2\n" in run("diff").stdout

    def test_the_name_of_a_profile(self, repository: Path, run: Run) -> None:
        assert run("diff", "HEAD", "log-agent").stdout == run("diff", "HEAD", "profiles/log-agent.yaml").stdout
        assert "did you mean `log-agent`?" in run("diff", "HEAD", "log-agnet").stderr

    def test_both_sides_are_looked_up_first(self, repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def unexpected(*_: object) -> None:
            raise AssertionError("a side was read")

        monkeypatch.setattr("dsgen.cli.diff_inputs._side", unexpected)
        assert run("diff", "HEAD", "nowhere").stderr == "dsgen: nowhere: no such file, folder or Git revision\n"

    def test_a_shallow_clone(self, repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        git(repository.parent, "clone", "--quiet", "--depth=1", f"file://{repository}", "shallow")
        monkeypatch.chdir(repository.parent / "shallow")
        said = run("diff", "HEAD~1").stderr
        assert "this clone is shallow: run `git fetch --unshallow`" in said
        assert run("diff", "HEAD").exit_code == 0


def git(folder: Path, *words: str) -> None:
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *author, *words], cwd=folder, check=True, capture_output=True)
