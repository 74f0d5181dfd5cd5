"""What people who review an imported fleet would write in another way."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsgen.importer.fleet.common import common
from dsgen.tree import Map, Text
from tests.cli.test_commands import Run, folder, run
from tests.importer.test_fleet import AGENT, imported

__all__ = ["folder", "run"]

UNCHANGED = "# This environment uses every profile unchanged.\n"
# A line of the container, and one of the pod's.
CONTAINER = "          args: [--quiet, --level=debug]\n"
POD = "      tolerations: [{operator: Exists}]\n"


def agent(*changes: tuple[str, str]) -> str:
    """Return the manifests of the agent with other texts."""
    result = AGENT
    for old, new in changes:
        assert old in result
        result = result.replace(old, new)
    return result


class TestCommentsOfTheProfile:
    """An environment does not repeat what the profile says about the same entry."""

    def test_on_a_value(self, folder: Path, run: Run) -> None:
        imported(run, dev=AGENT, prod=agent(("value: debug", "value: info")))
        assert "LEVEL: debug  # for now" in (folder / "profiles/log-agent.yaml").read_text()
        assert "#" not in (folder / "environments/prod.yaml").read_text()

    def test_above_an_entry_of_a_list(self, folder: Path, run: Run) -> None:
        listed = "      tolerations:\n        # The servers.\n        - {key: a, operator: Exists}\n"
        dev = agent((POD, listed))
        prod = dev.replace("        # The", "        - {key: b, operator: Exists}\n        # The")
        imported(run, dev=dev, prod=prod)
        assert (folder / "profiles/log-agent.yaml").read_text().count("# The servers.") == 1
        assert (folder / "environments/prod.yaml").read_text() == (
            "overrides:\n  log-agent: {nodes: {tolerate: [b, a]}}\n"
        )

    def test_above_the_manifest_and_a_container(self, folder: Path, run: Run) -> None:
        noted = ("        - name: agent\n", "        # Reads the logs.\n        - name: agent\n")
        dev = agent(("kind: DaemonSet", "kind: DaemonSet  # One for each node."), noted)
        imported(run, dev=dev.replace("fluent-bit:4.0.3", "fluent-bit:4.0.2"), prod_eu=dev, prod_us=dev)
        profile = (folder / "profiles/log-agent.yaml").read_text()
        assert (profile.count("# One for each node."), profile.count("# Reads the logs.")) == (1, 1)
        assert "#" not in (folder / "environments/dev.yaml").read_text()

    def test_unless_they_differ(self, folder: Path, run: Run) -> None:
        imported(run, dev=AGENT, prod=agent(("value: debug}  # for now", "value: info}  # for good")))
        assert "env: {LEVEL: info}  # for good" in (folder / "environments/prod.yaml").read_text()
        assert "LEVEL: debug  # for now" in (folder / "profiles/log-agent.yaml").read_text()


class TestLists:
    """The profile has the list of which other environments have more, wherever these add to it."""

    def test_an_entry_at_the_front(self, folder: Path, run: Run) -> None:
        more = POD.replace("[", "[{key: a, operator: Exists}, ")
        imported(run, dev=AGENT, prod_eu=agent((POD, more)), prod_us=agent((POD, more)))
        assert "nodes: {tolerate: [all]}" in (folder / "profiles/log-agent.yaml").read_text()
        assert (folder / "environments/dev.yaml").read_text() == UNCHANGED
        assert "nodes: {tolerate: [a, all]}" in (folder / "environments/prod-us.yaml").read_text()

    def test_no_environment_drops_entries(self, folder: Path, run: Run) -> None:
        """That would be a warning: each states its own list."""
        imported(run, dev=AGENT, prod=agent((POD, POD.replace("{operator: Exists}", "{key: a, operator: Exists}"))))
        assert "tolerate" not in (folder / "profiles/log-agent.yaml").read_text()
        assert "replaced-list" not in run("generate").stderr

    def test_an_option_with_another_value(self, folder: Path, run: Run) -> None:
        """It is not dropped: the profile has one of the lists, and no warning is for reviewers."""
        usual = CONTAINER.replace("--quiet, --level=debug", "--v=2, --quiet, --format=json")
        often = agent((CONTAINER, usual))
        imported(run, dev=agent((CONTAINER, usual.replace("v=2", "v=5"))), prod_eu=often, prod_us=often)
        assert "args: [--v=2, --quiet, --format=json]" in (folder / "profiles/log-agent.yaml").read_text()
        assert "args: [--v=5, --quiet, --format=json]" in (folder / "environments/dev.yaml").read_text()
        assert (folder / "environments/prod-us.yaml").read_text() == UNCHANGED
        assert "replaced-list" not in run("generate").stderr

    def test_a_long_list_with_another_end(self, folder: Path, run: Run) -> None:
        """Each environment adds it: the whole list again would hide what differs."""
        long = [CONTAINER.replace("--quiet, --level=debug", f"--a, --b, --c, --d, --e, --v={each}") for each in (2, 5)]
        imported(run, dev=agent((CONTAINER, long[0])), prod=agent((CONTAINER, long[1])))
        assert "args: [--a, --b, --c, --d, --e]" in (folder / "profiles/log-agent.yaml").read_text()
        assert "args+: [--v=5]" in (folder / "environments/prod.yaml").read_text()

    def test_a_key_of_which_nothing_is_shared_is_left_out(self, folder: Path, run: Run) -> None:
        imported(run, dev=AGENT, prod=agent((POD, POD.replace("{operator: Exists}", "{key: a, operator: Exists}"))))
        assert "nodes" not in (folder / "profiles/log-agent.yaml").read_text()


class TestDefaults:
    """A default that the manifest states is a value, not a null."""

    @pytest.mark.parametrize(
        ("place", "usual", "default", "layer"),
        [
            ("  template:\n", "  updateStrategy: {rollingUpdate: {maxUnavailable: 10%}}\n", "  updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}\n", "update: {maxUnavailable: 1}"),
            ("  template:\n", "  updateStrategy: {type: OnDelete}\n", "  updateStrategy: {type: RollingUpdate}\n", "update: RollingUpdate"),
            (CONTAINER, "          imagePullPolicy: Always\n", "          imagePullPolicy: IfNotPresent\n", "imagePullPolicy: IfNotPresent"),
            (CONTAINER, "          livenessProbe: {httpGet: {port: 1}, periodSeconds: 5}\n", "          livenessProbe: {httpGet: {port: 1}, periodSeconds: 10}\n", "livenessProbe: {periodSeconds: 10}"),
            (POD, "      terminationGracePeriodSeconds: 5\n", "      terminationGracePeriodSeconds: 30\n", "terminationGracePeriodSeconds: 30"),
        ],
        ids=["an update", "a type of update", "a container", "a probe", "a pod"],
    )  # fmt: skip
    def test_is_written(self, folder: Path, run: Run, place: str, usual: str, default: str, layer: str) -> None:
        often = agent((place, usual + place))
        imported(run, dev=agent((place, default + place)), prod_eu=often, prod_us=often)
        written = (folder / "environments/dev.yaml").read_text()
        assert layer in written
        assert "null" not in written

    def test_what_the_manifest_lacks_is_a_null(self, folder: Path, run: Run) -> None:
        often = agent((POD, f"      terminationGracePeriodSeconds: 5\n{POD}"))
        imported(run, dev=AGENT, prod_eu=often, prod_us=often)
        assert "terminationGracePeriodSeconds: null" in (folder / "environments/dev.yaml").read_text()


class TestMirrors:
    def test_of_one_registry_in_all_environments(self, folder: Path, run: Run) -> None:
        eu, us = (agent(("image: ", f"image: {each}.example.com/quay.io/")) for each in ("eu", "us"))
        imported(run, prod_eu=eu, prod_us=us)
        assert "image: quay.io/fluent/fluent-bit:4.0.3" in (folder / "profiles/log-agent.yaml").read_text()
        for each in ("eu", "us"):
            expected = f"images: {{mirrors: {{quay.io: {each}.example.com/quay.io}}}}\n"
            assert (folder / f"environments/prod-{each}.yaml").read_text() == expected

    @pytest.mark.parametrize(
        ("first", "second", "shared"),
        [
            ("eu.io/quay.io/a/b:1", "us.io/x/quay.io/a/b:1", "quay.io/a/b:1"),
            ("eu.io/quay.io/a/b:1", "us.io/ghcr.io/a/b:1", "eu.io/quay.io/a/b:1"),
            ("eu.io/team/b:1", "us.io/team/b:1", "eu.io/team/b:1"),
        ],
        ids=["both end with it", "two registries", "no registry"],
    )
    def test_are_images_that_end_with_another(self, first: str, second: str, shared: str) -> None:
        containers = (Map({"image": Text.at(each, None)}, None, "Container") for each in (first, second))
        assert common(list(containers)) == {"image": shared}


class TestErrors:
    def test_an_object_that_kubernetes_rejects_is_reported_once(self, folder: Path, run: Run) -> None:
        """Not also as one without a profile, which `--rest` would keep, nor its environment as one without agents."""
        secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: logs}\n"
        port = CONTAINER + "          ports: [{containerPort: 70000}]\n"
        result = imported(run, dev=AGENT, prod=agent((CONTAINER, port)) + secret)
        assert result.exit_code == 1
        assert "[out-of-range-container-port]" in result.stdout + result.stderr
        for code in ("missing-daemonset", "unimported-object"):
            assert code not in result.stdout + result.stderr
        result = imported(run, dev=AGENT, prod=secret)
        assert result.exit_code == 1
        assert "no DaemonSet of `prod` can be imported" in result.stdout + result.stderr
