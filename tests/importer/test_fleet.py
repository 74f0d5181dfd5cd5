"""Several clusters' manifests become one profile for each agent and small environments, which generate exactly what each cluster had."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from dsgen.build import processes
from dsgen.generate.result import GenerateResult
from dsgen.importer.fleet import fleet
from dsgen.importer.fleet.agents import FleetAgent
from dsgen.importer.fleet.images import rewriting
from dsgen.importer.prove import Prover
from dsgen.plain import plain
from dsgen.resolve.environment import Environment
from dsgen.resolve.file import File
from dsgen.tree import Map, Text
from tests.cli.test_commands import Run, folder, run
from tests.importer.fleets import clusters, text
from tests.importer.imports import CORPUS

__all__ = ["folder", "run"]

NAMES = ("dev", "prod-eu", "prod-us")
AGENT = """\
apiVersion: v1
kind: ServiceAccount
metadata: {name: log-agent, namespace: logs}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: log-agent, namespace: logs}
spec:
  selector: {matchLabels: {app: log-agent}}
  template:
    metadata: {labels: {app: log-agent}}
    spec:
      serviceAccountName: log-agent
      # Every node.
      tolerations: [{operator: Exists}]
      containers:
        - name: agent
          image: fluent/fluent-bit:4.0.3
          args: [--quiet, --level=debug]
          env:
            - {name: LEVEL, value: debug}  # for now
            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
"""
OTHER = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: metrics, namespace: logs}
spec:
  selector: {matchLabels: {app: metrics}}
  template:
    metadata: {labels: {app: metrics}}
    spec: {containers: [{name: exporter, image: "quay.io/prometheus/node-exporter:v1.9.1"}]}
"""
EU = (
    AGENT.replace("fluent/", "mirror.example.com/hub/fluent/")
    .replace("namespace: logs", "namespace: logging")
    .replace("level=debug", "level=info")
    .replace("value: debug}  # for now", "value: info}")
)


def imported(run: Run, *options: str, **environments: str) -> Result:
    """Import the manifests of environments, and prove that the project generates exactly those."""
    arguments = []
    for name, manifests in environments.items():
        path = Path(f"{name.replace('_', '-')}.yaml")
        path.write_text(manifests)
        arguments += ["--environment", path.stem, str(path)]
    result = run("import", *arguments, *options)
    if result.exit_code == 0:
        assert run("generate", "-q").exit_code == 0
        for name in (each.replace("_", "-") for each in environments):
            assert run("diff", f"{name}.yaml", f"out/{name}").stdout == "no changes\n"
    return result


class TestHouse:
    """What all profiles set alike for a team or a cluster is in one layer that they extend."""

    HOUSE = """\
      imagePullSecrets: [{name: registry}]
      # Nothing runs as root.
      securityContext: {runAsNonRoot: true, runAsUser: 1000}
"""

    def agents(self, count: int, house: str = HOUSE) -> str:
        agents = [OTHER.replace("metrics", f"agent-{number}") for number in range(count)]
        labelled = [each.replace("namespace: logs", "namespace: logs, labels: {team: infra}") for each in agents]
        return "---\n".join(
            each.replace("    spec: {", f"    spec:\n{house}      ").replace("]}\n", "]\n") for each in labelled
        )

    def test_is_a_layer(self, folder: Path, run: Run) -> None:
        three = self.agents(3)
        result = imported(run, dev=three, prod_eu=three.replace("v1.9.1", "v1.9.0"))
        house = Path("profiles/_house.yaml").read_text()
        assert house == (
            "# What all profiles extend.\n"
            "labels: {team: infra}\n"
            "standardLabels: false\n"
            "imagePullSecrets: [registry]\n"
            "# Nothing runs as root.\n"
            "securityContext: {runAsNonRoot: true, runAsUser: 1000}\n"
        )
        for number in range(3):
            own = Path(f"profiles/agent-{number}.yaml").read_text()
            assert own.startswith("extends: [./_house.yaml]\n")
            assert not {"team", "registry", "runAsUser"} & set(own.replace(":", " ").split())
        assert "what all profiles set alike: profiles/_house.yaml\n" in result.stderr

    def test_has_the_comments_that_most_have(self, folder: Path, run: Run) -> None:
        houses = [
            """\
      # Our registry needs a login.
      imagePullSecrets: [{name: registry}]
      # Nothing runs as root.
      securityContext:
        runAsNonRoot: true  # see the handbook
        # Nobody.
        runAsUser: 1000
""".replace("see the handbook", words)
            for words in ("see the handbook", "see the handbook", "this one above all")
        ]
        houses[0] = houses[0].replace("1000\n", "1000  # as in the image\n")
        agents = [self.agents(3, house).split("---\n")[number] for number, house in enumerate(houses)]
        manifests = "---\n".join(f"# SPDX-License-Identifier: MIT\n{each}" for each in agents)
        imported(run, dev=manifests, prod_eu=manifests.replace("v1.9.1", "v1.9.0"))
        assert Path("profiles/_house.yaml").read_text() == (
            "# What all profiles extend.\n"
            "labels: {team: infra}\n"
            "standardLabels: false\n"
            "# Our registry needs a login.\n"
            "imagePullSecrets: [registry]\n"
            "# Nothing runs as root.\n"
            "securityContext:\n"
            "  runAsNonRoot: true  # see the handbook\n"
            "  # Nobody.\n"
            "  runAsUser: 1000\n"
        )
        profiles = [Path(f"profiles/agent-{number}.yaml").read_text() for number in range(3)]
        assert all(each.startswith("# SPDX-License-Identifier: MIT\nextends: [") for each in profiles)
        assert [each.count("#") for each in profiles] == [2, 1, 2]
        assert "# as in the image\n" in profiles[0]
        assert "# this one above all\n" in profiles[2]

    def test_begins_with_its_own_comment(self, folder: Path, run: Run) -> None:
        manifests = self.agents(3).replace("namespace: logs, labels", "namespace: logs,\n  # On call.\n  labels")
        imported(run, dev=manifests)
        assert (
            Path("profiles/_house.yaml").read_text().startswith("# What all profiles extend.\n\n# On call.\nlabels: {")
        )

    def test_has_only_what_all_set(self, folder: Path, run: Run) -> None:
        manifests = self.agents(3).replace("runAsUser: 1000", "runAsUser: 2000", 1)
        imported(run, dev=manifests)
        assert "securityContext: {runAsNonRoot: true}\n" in Path("profiles/_house.yaml").read_text()
        assert "securityContext: {runAsUser: 2000}\n" in Path("profiles/agent-0.yaml").read_text()

    def test_is_left_out_if_it_makes_nothing_shorter(self, folder: Path, run: Run) -> None:
        imported(run, dev=self.agents(1))
        assert not Path("profiles/_house.yaml").exists()

    def test_is_left_out_if_profiles_over_it_are_not_identical(
        self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wrong = Map({"hostPID": Text.at("true", None, plain=True)}, None, "profile")
        monkeypatch.setattr(fleet, "common_layer", lambda bases: wrong)
        result = imported(run, dev=self.agents(3), prod=self.agents(3))
        assert result.exit_code == 0
        assert sorted(path.name for path in Path("profiles").glob("*agent-*")) == [
            f"agent-{each}.yaml" for each in range(3)
        ]
        assert not Path("profiles/_house.yaml").exists()

    def test_of_other_profiles_stays(self, folder: Path, run: Run) -> None:
        Path("profiles").mkdir(exist_ok=True)
        Path("profiles/_house.yaml").write_text("labels: {other: x}\n")
        imported(run, dev=self.agents(3))
        assert Path("profiles/_house.yaml").read_text() == "labels: {other: x}\n"
        assert "extends" not in Path("profiles/agent-0.yaml").read_text()


def test_comments_of_all_agents_are_in_what_an_environment_sets_for_all(folder: Path, run: Run) -> None:
    metrics, odd = OTHER, OTHER.replace("name: metrics", "name: odd")
    disk = "    spec:\n      # %s needs disks.\n      nodeSelector: {disk: ssd}  # fast\n      "
    with_disk = [
        each.replace("    spec: {", disk % name).replace("]}\n", "]\n") for name, each in (("x", metrics), ("y", odd))
    ]
    imported(run, dev=f"{metrics}---\n{odd}", eu="---\n".join(with_disk), us="---\n".join(with_disk))
    dev = Path("environments/dev.yaml").read_text()
    eu = Path("environments/eu.yaml").read_text()
    assert "disks" not in dev
    profiles = "".join(each.read_text() for each in Path("profiles").glob("*.yaml"))
    assert (profiles + eu).count("# x needs disks.") == 1
    assert (profiles + eu).count("# y needs disks.") == 1


class TestProof:
    """Each profile is rendered once for each environment, unless one of them shows that a companion cannot be part of it."""

    def test_what_no_profile_generates_is_in_the_rest(
        self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(FleetAgent, "is_made", lambda agent, *_: agent.name != "metrics")
        Path("dev.yaml").write_text(f"{AGENT}---\n{OTHER}")
        result = run("import", "--environment", "dev", "dev.yaml", "--rest", "rest")
        assert (
            "DaemonSet metrics is written to rest/dev/daemonset-metrics.yaml: no profile with its environment generates identical objects"
            in result.stderr
        )

    def test_is_shared_by_processes(self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(processes, "MIN_ITEMS_PER_PROCESS", 1)
        odd = OTHER.replace("name: metrics", "name: odd").replace("quay.io/", "registry.example.com/")
        environments = {"dev": f"{AGENT}---\n{OTHER}---\n{odd}", "prod_eu": f"{EU}---\n{OTHER}"}
        several = imported(run, "--jobs", "3", **environments).stderr
        files = {path: path.read_text() for path in Path.cwd().rglob("*.yaml") if "out" not in path.parts}
        for each in ("profiles", "environments"):
            shutil.rmtree(each)
        assert imported(run, "--jobs", "1", **environments).stderr == several
        assert {path: path.read_text() for path in Path.cwd().rglob("*.yaml") if "out" not in path.parts} == files

    def test_each_profile_once(self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        rendered = self.rendered(monkeypatch)
        imported(run, dev=f"{AGENT}---\n{OTHER}", prod_eu=EU)
        assert rendered == [("log-agent", "dev"), ("log-agent", "prod-eu"), ("metrics", "dev")]

    def test_again_for_what_a_companion_makes_invalid(
        self, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rendered = self.rendered(monkeypatch)
        service = """\
---
apiVersion: v1
kind: Service
metadata: {name: log-agent, namespace: logs}
spec: {selector: {app: log-agent}, ports: [{name: http, port: 80, targetPort: nowhere}]}
"""
        result = imported(run, "--rest", "rest", dev=f"{AGENT}{service}---\n{OTHER}", prod_eu=EU)
        why = "no container has a port `nowhere`"
        assert f"Service log-agent is written to rest/dev/service-log-agent.yaml: {why}" in result.stderr
        assert "serviceAccount: {create: true}" in Path("profiles/log-agent.yaml").read_text()
        assert [where for name, where in rendered if name == "metrics"] == ["dev", "dev"]
        assert ("log-agent", "") in rendered
        assert ("metrics", "") not in rendered

    def rendered(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
        """Return a list of the profiles and environments that the import renders from now on."""
        result = []
        render = Prover.render

        def noted(prover: Prover, file: File, given: Any, environment: Environment | None = None) -> GenerateResult:
            result.append((Path(file.name).stem, environment.name if environment else ""))
            return render(prover, file, given, environment)

        monkeypatch.setattr(Prover, "render", noted)
        return result


class TestWhatIsWritten:
    def test_the_profile_has_what_all_share(self, folder: Path, run: Run) -> None:
        result = imported(run, dev=AGENT, prod_eu=EU)
        assert result.stderr.endswith(
            "log-agent: identical in dev, prod-eu\n1 profile and 2 environments: 23 lines, from 44 lines of manifests\n"
        )
        assert (folder / "profiles/log-agent.yaml").read_text() == (
            "name: log-agent\nnamespace: logs\nstandardLabels: false\nselector: {app: log-agent}\n# Every node.\nnodes: {tolerate: [all]}\n"
            "containers:\n  agent:\n    image: fluent/fluent-bit:4.0.3\n    args: [--quiet, --level=debug]\n    env:\n      LEVEL: debug  # for now\n"
            "      NODE: {fieldRef: spec.nodeName}\nserviceAccount: {create: true}\n"
        )
        unchanged = "# This environment uses every profile unchanged.\n"
        assert (folder / "environments/dev.yaml").read_text() == unchanged
        assert (folder / "environments/prod-eu.yaml").read_text() == (
            "images: {mirrors: {docker.io: mirror.example.com/hub}}\noverrides:\n  log-agent:\n    namespace: logging\n    containers:\n"
            "      agent:\n        args: [--quiet, --level=info]\n        env: {LEVEL: info}\n"
        )

    def test_agents_that_are_alike_need_no_override(self, folder: Path, run: Run) -> None:
        imported(run, dev=AGENT, prod_eu=AGENT)
        assert (folder / "environments/dev.yaml").read_text() == "# This environment uses every profile unchanged.\n"

    def test_an_agent_that_is_not_everywhere(self, folder: Path, run: Run) -> None:
        imported(run, dev=AGENT, prod_eu=f"{AGENT}---\n{OTHER}", prod_us=f"{OTHER}---\n{AGENT}")
        assert (folder / "environments/dev.yaml").read_text() == 'profiles: ["!metrics"]\n'
        assert "profiles" not in (folder / "environments/prod-eu.yaml").read_text()

    def test_what_all_agents_of_an_environment_need_is_stated_once(self, folder: Path, run: Run) -> None:
        both = f"{AGENT}---\n{OTHER}"
        imported(run, dev=both, prod_eu=both.replace("namespace: logs", "namespace: logging"))
        assert (folder / "environments/prod-eu.yaml").read_text() == "all: {namespace: logging}\n"

    def test_what_two_of_three_have_with_different_values(self, folder: Path, run: Run) -> None:
        """In the profile, one of the three would have to change it, and one to remove it."""
        blue, green = (
            AGENT.replace("serviceAccountName", f"nodeSelector: {{pool: {each}}}\n      serviceAccountName")
            for each in ("blue", "green")
        )
        imported(run, dev=AGENT, prod_eu=blue, prod_us=green)
        assert "pool" not in (folder / "profiles/log-agent.yaml").read_text()
        assert (folder / "environments/dev.yaml").read_text() == "# This environment uses every profile unchanged.\n"
        assert "select: {pool: green}" in (folder / "environments/prod-us.yaml").read_text()

    def test_what_two_of_three_have_alike(self, folder: Path, run: Run) -> None:
        blue = AGENT.replace("serviceAccountName", "nodeSelector: {pool: blue}\n      serviceAccountName")
        imported(run, dev=AGENT, prod_eu=blue, prod_us=blue)
        assert "select: {pool: blue}" in (folder / "profiles/log-agent.yaml").read_text()
        assert "select: null" in (folder / "environments/dev.yaml").read_text()

    def test_a_namespace_that_only_one_environment_creates(self, folder: Path, run: Run) -> None:
        labels = "labels: {pod-security.kubernetes.io/enforce: privileged, a: b}"
        created = f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: logs, {labels}}}\n"
        imported(run, dev=AGENT + created, prod=AGENT.replace("namespace: logs", "namespace: logging"))
        assert (folder / "environments/prod.yaml").read_text() == "overrides:\n  log-agent: {namespace: logging}\n"

    def test_environments_that_share_nothing(self, folder: Path, run: Run) -> None:
        imported(run, dev=AGENT, prod_eu=OTHER)
        assert (folder / "environments/dev.yaml").read_text() == 'profiles: ["!metrics"]\n'
        assert (folder / "environments/prod-eu.yaml").read_text() == 'profiles: ["!log-agent"]\n'

    def test_an_entry_in_the_middle_keeps_its_place(self, folder: Path, run: Run) -> None:
        imported(
            run,
            dev=AGENT,
            prod_eu=AGENT.replace(
                "            - {name: NODE", "            - {name: ZONE, value: eu}\n            - {name: NODE"
            ),
        )
        assert "env: {ZONE: null}" in (folder / "environments/dev.yaml").read_text()

    def test_another_order_is_a_profile_of_its_own(self, folder: Path, run: Run) -> None:
        """A layer cannot reorder what is below it."""
        lines = AGENT.splitlines()
        lines[-2:] = lines[-1:] + lines[-2:-1]
        result = imported(run, dev=AGENT, prod_eu="\n".join([*lines, ""]))
        assert "log-agent: identical in dev\nlog-agent-prod-eu: identical in prod-eu\n" in result.stderr
        assert (folder / "environments/prod-eu.yaml").read_text() == (
            'profiles: ["!log-agent"]\noverrides:\n  log-agent-prod-eu: {name: log-agent}\n'
        )

    def test_no_environment_states_what_all_do(self, folder: Path, run: Run) -> None:
        blue = AGENT.replace("    spec:\n", "    spec:\n      nodeSelector: {pool: blue}\n")
        imported(run, dev=AGENT, prod_eu=blue, prod_us=blue)
        assert "pool" not in (folder / "environments/prod-eu.yaml").read_text()
        assert "nodes: {select: null}" in (folder / "environments/dev.yaml").read_text()

    def test_a_file_of_each_environment_with_the_rest(self, folder: Path, run: Run) -> None:
        """What all have is there once; mirrors leave the images of other manifests alone."""
        shared = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: logs}\n"
        job = "# Theirs.\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: logs}\nspec: {containers: [{name: a, image: 'docker.io/a/b:1'}]}\n"
        imported(run, "--rest", "rest", dev=f"{AGENT}---\n{shared}", prod_eu=f"{EU}---\n{shared}---\n{job}")
        assert (folder / "rest/shared/secret-a.yaml").read_text() == shared
        assert (folder / "rest/prod-eu/pod-p.yaml").read_text() == job
        assert "manifests: [rest/shared]\n" in (folder / "environments/dev.yaml").read_text()
        eu = (folder / "environments/prod-eu.yaml").read_text()
        assert "manifests: [rest/shared, rest/prod-eu]\n" in eu
        assert "images" not in eu

    def test_without_a_folder_the_rest_is_named(self, folder: Path, run: Run) -> None:
        secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: logs}\n"
        arguments = ["--environment", "dev", "dev.yaml", "--environment", "prod", "prod.yaml"]
        (folder / "dev.yaml").write_text(f"{AGENT}---\n{secret}")
        (folder / "prod.yaml").write_text(AGENT)
        result = run("import", *arguments)
        assert (
            "Secret a is not imported: profiles have no key for Secret of v1 (in dev) [unimported-object]"
            in result.stderr + result.stdout
        )
        assert run("import", *arguments, "--strict", "-o", "other").exit_code == 1
        assert not (folder / "other").exists()


class TestIntoAProject:
    def test_one_environment_at_a_time(self, folder: Path, run: Run) -> None:
        imported(run, dev=AGENT)
        profile = (folder / "profiles/log-agent.yaml").read_text()
        result = imported(run, prod_eu=EU)
        assert "0 profiles and 1 environment" in result.stderr
        assert (folder / "profiles/log-agent.yaml").read_text() == profile
        assert "namespace: logging" in (folder / "environments/prod-eu.yaml").read_text()
        assert run("diff", "dev.yaml", "out/dev").stdout == "no changes\n"

    def test_warnings_of_profiles_that_exist_are_not_repeated(self, folder: Path, run: Run) -> None:
        affinity = "{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In, values: [linux]}]}]}}}"
        agent = AGENT.replace("serviceAccountName", f"affinity: {affinity}\n      serviceAccountName")
        imported(run, dev=agent)
        assert "[require-could-be-select]" in run("generate").stdout + run("generate").stderr
        result = imported(run, prod=agent)
        assert result.exit_code == 0
        assert "[require-could-be-select]" not in result.stdout + result.stderr
        (folder / "profiles/log-agent.yaml").write_text("name: [\n")
        result = imported(run, other=agent)
        assert (result.exit_code, "profiles/log-agent.yaml:" in result.stdout + result.stderr) == (1, True)

    def test_a_profile_that_another_environment_would_use(self, folder: Path, run: Run) -> None:
        imported(run, dev=AGENT)
        result = imported(run, prod_eu=f"{AGENT}---\n{OTHER}")
        assert result.exit_code == 1
        assert "`dev` would use the new profile `metrics` too" in result.stdout + result.stderr
        assert not (folder / "profiles/metrics.yaml").exists()
        (folder / "environments/dev.yaml").write_text('profiles: ["!metrics"]\n')
        assert imported(run, prod_eu=f"{AGENT}---\n{OTHER}").exit_code == 0

    def test_an_environment_that_exists_is_not_overwritten(self, folder: Path, run: Run) -> None:
        imported(run, dev=AGENT)
        (folder / "environments/dev.yaml").write_text("kubernetes: '1.36'\n")
        result = imported(run, dev=EU, prod=AGENT)
        assert result.exit_code == 1
        assert "environments/dev.yaml already exists" in result.stdout + result.stderr
        assert "nothing is written" in result.stderr
        assert not (folder / "environments/prod.yaml").exists()

    def test_a_folder_for_the_rest_that_is_not_empty(self, folder: Path, run: Run) -> None:
        """What is there would be passed on, though it was not in the input."""
        secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: token}\n"
        (folder / "rest/dev").mkdir(parents=True)
        (folder / "rest/dev/secret-old.yaml").write_text(secret.replace("token", "old"))
        result = imported(run, "--rest", "rest", dev=AGENT + secret)
        assert result.exit_code == 1
        found = "rest/dev contains secret-old.yaml, which the environments would pass on too"
        assert found in result.stdout + result.stderr
        assert not (folder / "profiles/log-agent.yaml").exists()
        (folder / "rest/dev/secret-old.yaml").unlink()
        for _ in range(2):  # its own files are expected
            assert imported(run, "--rest", "rest", dev=AGENT + secret).exit_code == 0

    def test_the_same_again_changes_nothing(self, folder: Path, run: Run) -> None:
        imported(run, dev=AGENT, prod_eu=EU)
        assert imported(run, dev=AGENT, prod_eu=EU).exit_code == 0


class TestNamespaces:
    """An environment can have agents in several namespaces, also two of one name."""

    def test_one_name_in_two_namespaces(self, folder: Path, run: Run) -> None:
        second = AGENT.replace("namespace: logs", "namespace: team-b")
        result = imported(
            run, dev=f"{AGENT}---\n{second}", prod=f"{AGENT}---\n{second.replace('value: debug', 'value: info')}"
        )
        assert "log-agent-team-b: identical in dev, prod" in result.stderr
        assert "not imported" not in result.stdout + result.stderr
        profile = (folder / "profiles/log-agent-team-b.yaml").read_text()
        assert profile.startswith("name: log-agent-team-b\nnamespace: team-b\n")
        assert profile.endswith("variants:\n  default:\n    name: log-agent\n    selector: {app: log-agent}\n")
        assert "  name: log-agent\n" in profile.split("serviceAccount:")[1]
        # No key that both environments set is left in them.
        assert (folder / "environments/dev.yaml").read_text() == "# This environment uses every profile unchanged.\n"
        assert "name: log" not in (folder / "environments/prod.yaml").read_text()

    def test_a_second_namespace_in_one_environment(self, folder: Path, run: Run) -> None:
        result = imported(run, dev=AGENT, prod="---\n".join([AGENT, EU.replace("namespace: logging", "namespace: b")]))
        assert "log-agent-b: identical in prod" in result.stderr
        assert (folder / "environments/dev.yaml").read_text() == 'profiles: ["!log-agent-b"]\n'

    def test_another_agent_in_a_second_namespace(self, folder: Path, run: Run) -> None:
        imported(run, dev=f"{AGENT}---\n{OTHER}", prod=f"{AGENT}---\n{OTHER.replace('logs', 'metrics')}")
        assert (folder / "environments/prod.yaml").read_text() == "overrides:\n  metrics: {namespace: metrics}\n"


def test_a_hash_cannot_be_adopted(folder: Path, run: Run) -> None:
    """So no hint asks for that; the one that there is works."""
    settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: logs}\ndata: {a: b}\n---\n"
    given = AGENT.replace(
        "metadata: {labels: {app: log-agent}}",
        "metadata: {labels: {app: log-agent}, annotations: {checksum/config: abc}}",
    ).replace("containers:", "volumes: [{name: settings, configMap: {name: settings}}]\n      containers:")
    result = imported(run, dev=settings + given)
    assert "[ineffective-checksum]" in result.stdout + result.stderr
    assert "--adopt-checksums" not in result.stdout + result.stderr
    assert "in the profile, remove the hash, and `onChange: none` of the config map" in result.stdout + result.stderr
    profile = folder / "profiles/log-agent.yaml"
    text = profile.read_text()
    for words in ("podAnnotations: {checksum/config: abc}\n", ", onChange: none"):
        assert words in text
        text = text.replace(words, "")
    profile.write_text(text)
    assert run("generate").exit_code == 0
    assert "checksum/settings: " in (folder / "out/dev/log-agent/daemonset-log-agent.yaml").read_text()


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("arguments", "found"),
        [
            (["dev.yaml", "--environment", "dev", "dev.yaml"], "write --environment NAME dev.yaml"),
            (
                ["--environment", "dev", "dev.yaml", "--variants", "a"],
                "--variants and --environment cannot be used together",
            ),
            (["--environment", "dev", "dev.yaml", "--adopt-checksums"], "--adopt-checksums and --environment cannot"),
            (["--environment", "dev", "dev.yaml", "--rest", "../rest"], "must be a folder below"),
            (["--environment", "shared", "dev.yaml", "--rest", "rest"], "choose another name"),
            ([], "Missing argument"),
        ],
    )
    def test_wrong_usage(self, folder: Path, run: Run, arguments: list[str], found: str) -> None:
        (folder / "dev.yaml").write_text(AGENT)
        result = run("import", *arguments)
        assert result.exit_code == 2
        assert found in result.stderr

    @pytest.mark.parametrize(
        ("name", "manifests", "found"),
        [
            ("Dev", AGENT, "[invalid-profile-name]"),
            ("dev", "a: [\n", "dev.yaml:"),
            ("dev", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n", "no DaemonSet of `dev` can be imported"),
            (
                "dev",
                AGENT.replace("level=debug]", "level=debug]\n          imagePullPolicy: Sometimes"),
                "imagePullPolicy: Sometimes",
            ),
        ],
    )
    def test_nothing_is_written_if_there_is_an_error(
        self, folder: Path, run: Run, name: str, manifests: str, found: str
    ) -> None:
        (folder / "dev.yaml").write_text(manifests)
        result = run("import", "--environment", name, "dev.yaml", "--rest", "rest")
        assert result.exit_code == 1
        assert found in result.stdout + result.stderr
        assert sorted(path.name for path in folder.iterdir()) == ["dev.yaml", "profiles"]


class TestImages:
    DIGEST = f"sha256:{'0' * 64}"

    def test_a_digest_that_all_environments_have_is_in_the_profile(self, folder: Path, run: Run) -> None:
        pinned = AGENT.replace("fluent-bit:4.0.3", f"fluent-bit:4.0.3@{self.DIGEST}")
        imported(run, dev=pinned, prod=pinned.replace("fluent/", "mirror.example.com/hub/fluent/"))
        assert f"image: fluent/fluent-bit:4.0.3@{self.DIGEST}\n" in (folder / "profiles/log-agent.yaml").read_text()
        images = "images: {mirrors: {docker.io: mirror.example.com/hub}}\n"
        assert (folder / "environments/prod.yaml").read_text() == images

    @pytest.mark.parametrize(
        ("stated", "wanted", "fixed", "value"),
        [
            (
                "busybox:1",
                "mirror.example.com/hub/library/busybox:1",
                "",
                {"mirrors": {"docker.io": "mirror.example.com/hub"}},
            ),
            ("busybox:1", "mirror.example.com/busybox:1", "", {"mirrors": {"docker.io/library": "mirror.example.com"}}),
            ("quay.io/a/b:1", "mirror.example.com/a/b:2", "", {"mirrors": {"quay.io": "mirror.example.com"}}),
            ("quay.io/a/b:1", f"quay.io/a/b:1@{DIGEST}", "", {"digests": {"quay.io/a/b:1": DIGEST}}),
            ("quay.io/a/b:1", f"quay.io/a/b:2@{DIGEST}", "", {"digests": {"quay.io/a/b:2": DIGEST}}),
            ("quay.io/a/b:1", "quay.io/a/b:2", "", {}),
            ("quay.io/a/b:1", "mirror.example.com/a/b:1", "quay.io/c/d:1", {}),
            ("quay.io/a/b:1", f"quay.io/a/b:1@{DIGEST}", "quay.io/a/b:1", {}),
            ("quay.io/a/b:1", "example.com/other:1", "", {}),
        ],
    )
    def test_mirrors_and_digests(self, stated: str, wanted: str, fixed: str, value: object) -> None:
        assert plain(rewriting([(stated, wanted)], [fixed] * bool(fixed)).images) == value

    def test_one_image_with_and_without_a_digest_leaves_the_others_pinned(self) -> None:
        pairs = [("quay.io/a/b:1", f"quay.io/a/b:1@{self.DIGEST}"), ("quay.io/a/b:1", "quay.io/a/b:1")]
        found = rewriting([*pairs, ("quay.io/a/c:1", f"quay.io/a/c:1@{self.DIGEST}")], [])
        assert plain(found.images) == {"digests": {"quay.io/a/c:1": self.DIGEST}}
        assert [found.stated[pair] for pair in pairs] == [wanted for _, wanted in pairs]


# Each manifest of the corpus is tried with its own differences; the long run tries all.
FILES = sorted(CORPUS.rglob("*.yaml"))
SOME = [
    pytest.param(path, marks=() if number % 12 == 0 else pytest.mark.long, id=path.stem)
    for number, path in enumerate(FILES)
]


@pytest.mark.parametrize("path", SOME)
def test_clusters_of_the_corpus(path: Path, folder: Path, run: Run) -> None:
    """What is generated is what each cluster had, with every object of it."""
    roots = [root for root in yaml.safe_load_all(path.read_text()) if root]
    found = clusters(roots, FILES.index(path), NAMES)
    for root in (root for manifests in found.values() for root in manifests if root["kind"] == "DaemonSet"):
        root["apiVersion"] = "apps/v1"
    result = imported(
        run, "--rest", "rest", **{name.replace("-", "_"): text(manifests) for name, manifests in found.items()}
    )
    if result.exit_code:
        assert "nothing is written" in result.stderr
        assert "error: " in result.stdout + result.stderr
