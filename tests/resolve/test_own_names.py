"""What a profile says once: its name in those of other objects and in paths, the names of its config maps, and its ports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dsgen.plain import plain
from dsgen.problem import has_errors
from tests.factories import made

PARENT = """
    namespace: agents
    containers:
      agent:
        image: x
        args: [--port, $(PORT), $(name)]
        env:
          PORT: {portRef: metrics}
          NAME: $(name)
          TOKEN: {secretKeyRef: $(name)-token/token}
          LEVEL: {configMapKeyRef: config/level}
        envFrom: [{secretRef: $(name)-env}, {configMapRef: config}]
        ports: {metrics: 9100}
        mounts:
          /etc/agent: {configMap: config}
          /etc/both: {name: both, projected: {sources: [{configMap: {name: config}}, {secret: {name: $(name)-token}}]}}
          /etc/tls: {secret: $(name)-tls}
          /var/lib/agent: {hostPath: {path: /var/lib/$(name), type: DirectoryOrCreate}}
          /data: {persistentVolumeClaim: $(name)-data}
    imagePullSecrets: [{name: $(name)-registry}]
    serviceAccount: {create: true, name: $(name)-account, clusterRules: [get pods], roleName: $(name)-role}
    configMaps: {config: {name: $(name)-config, data: {level: info}}}
    service: {name: $(name)-metrics, ports: [metrics]}
"""


def objects(profile: str, files: Mapping[str, str] | None = None) -> dict[str, Any]:
    result = made(profile, files)
    assert not has_errors(result.problems), result.problems
    return {each.kind: plain(each.tree) for each in result.objects}


def problem(profile: str) -> tuple[str, int, int, str, str]:
    (found,) = made(profile).problems
    return found.code, found.line, found.column, found.message, found.hint


def test_each_name_follows_that_of_the_profile() -> None:
    found = objects("name: logs\nextends: [./_parent.yaml]\n", {"_parent.yaml": PARENT})
    pod = found["DaemonSet"]["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    env = {each["name"]: each.get("value") or each["valueFrom"] for each in container["env"]}
    volumes = {each["name"]: each for each in pod["spec"]["volumes"]}
    assert env["TOKEN"] == {"secretKeyRef": {"name": "logs-token", "key": "token"}}
    assert env["LEVEL"] == {"configMapKeyRef": {"name": "logs-config", "key": "level"}}
    assert container["envFrom"] == [{"secretRef": {"name": "logs-env"}}, {"configMapRef": {"name": "logs-config"}}]
    assert volumes["logs-config"]["configMap"] == {"name": "logs-config"}
    assert volumes["both"]["projected"]["sources"] == [
        {"configMap": {"name": "logs-config"}},
        {"secret": {"name": "logs-token"}},
    ]
    assert volumes["logs-tls"]["secret"] == {"secretName": "logs-tls"}
    assert volumes["var-lib-logs"]["hostPath"]["path"] == "/var/lib/logs"
    assert volumes["logs-data"]["persistentVolumeClaim"] == {"claimName": "logs-data"}
    assert pod["spec"]["imagePullSecrets"] == [{"name": "logs-registry"}]
    assert list(pod["metadata"]["annotations"]) == ["checksum/logs-config"]
    names = {kind: each["metadata"]["name"] for kind, each in found.items()}
    assert names == {
        "ConfigMap": "logs-config",
        "ServiceAccount": "logs-account",
        "ClusterRole": "logs-role",
        "ClusterRoleBinding": "logs-account",
        "Service": "logs-metrics",
        "DaemonSet": "logs",
    }


def test_what_kubernetes_expands_is_left_alone() -> None:
    (container,) = objects(PARENT + "    name: logs\n")["DaemonSet"]["spec"]["template"]["spec"]["containers"]
    assert container["args"] == ["--port", "$(PORT)", "$(name)"]
    assert {"name": "NAME", "value": "$(name)"} in container["env"]


def test_a_layer_refers_to_a_config_map_by_its_key() -> None:
    above = "name: logs\nextends: [./_parent.yaml]\nconfigMaps: {config: {data: {more: x}}}\n"
    assert objects(above, {"_parent.yaml": PARENT})["ConfigMap"]["data"] == {"level": "info", "more": "x"}


def test_a_reference_by_the_name_itself_works_too() -> None:
    profile = """
    name: logs
    containers: {agent: {image: x, mounts: {/a: {configMap: logs-config}, /b: {configMap: config}}}}
    configMaps: {config: {name: $(name)-config, data: {a: b}}}
    """
    (volume,) = objects(profile)["DaemonSet"]["spec"]["template"]["spec"]["volumes"]
    assert volume["configMap"] == {"name": "logs-config"}


def test_the_key_of_a_renamed_config_map_is_checked() -> None:
    profile = """
    name: logs
    containers: {agent: {image: x, env: {LEVEL: {configMapKeyRef: config/levle}}}}
    configMaps: {config: {name: $(name)-config, data: {level: info}}}
    """
    code, line, _, message, _ = problem(profile)
    assert (code, line) == ("unknown-config-map-key", 3)
    assert message == "config map `logs-config` has no key `levle`"


def test_in_a_path_two_dollars_mean_the_text() -> None:
    profile = "name: logs\ncontainers: {agent: {image: x, mounts: {/a: {hostPath: /x/$$(name)/$(name)/$(HOME)}}}}\n"
    (volume,) = objects(profile)["DaemonSet"]["spec"]["template"]["spec"]["volumes"]
    assert volume["hostPath"]["path"] == "/x/$(name)/logs/$(HOME)"


def test_another_variable_in_a_name() -> None:
    profile = "name: logs\ncontainers: {agent: {image: x, env: {A: {secretKeyRef: $(nam)-token/a}}}}\n"
    assert problem(profile) == (
        "unknown-name-variable", 2, 56, "unknown variable `$(nam)` in a name", "write `$(name)`, which is the name of the profile",
    )  # fmt: skip


def test_two_config_maps_of_one_name() -> None:
    profile = """
    name: logs
    containers: {agent: {image: x}}
    configMaps: {one: {name: $(name), data: {a: b}}, two: {name: logs, data: {a: c}}}
    """
    assert [each.code for each in made(profile).problems] == ["duplicate-object"]


def test_a_name_that_gets_too_long_is_reported_where_it_is_set() -> None:
    profile = (
        f"name: {'a' * 63}\ncontainers: {{agent: {{image: x}}}}\nconfigMaps: {{c: {{name: {'b' * 200}-$(name)}}}}\n"
    )
    code, line, column, *_ = problem(profile)
    assert (code, line, column) == ("missing-object-identity", 3, 24)


class TestPorts:
    @pytest.mark.parametrize("source", ["{portRef: metrics}", "{valueFrom: {portRef: metrics}}"])
    def test_a_variable_has_the_number_of_a_port(self, source: str) -> None:
        profile = f"name: a\ncontainers: {{a: {{image: x, env: {{PORT: {source}}}, ports: {{metrics: 9101}}}}}}\n"
        (container,) = objects(profile)["DaemonSet"]["spec"]["template"]["spec"]["containers"]
        assert container["env"] == [{"name": "PORT", "value": "9101"}]

    def test_of_kubernetes_own_lists(self) -> None:
        profile = """
        name: a
        containers:
        - name: a
          image: x
          env: [{name: PORT, valueFrom: {portRef: metrics}}]
          ports: [{name: metrics, containerPort: 9101}]
        """
        (container,) = objects(profile)["DaemonSet"]["spec"]["template"]["spec"]["containers"]
        assert container["env"] == [{"name": "PORT", "value": "9101"}]

    def test_its_own_port_comes_before_that_of_another_container(self) -> None:
        profile = """
        name: a
        initContainers: {setup: {image: x, env: {WEB: {portRef: web}, METRICS: {portRef: metrics}}, ports: {web: 1}}}
        containers: {a: {image: x, ports: {web: 2, metrics: 3}}}
        """
        (setup,) = objects(profile)["DaemonSet"]["spec"]["template"]["spec"]["initContainers"]
        assert [each["value"] for each in setup["env"]] == ["1", "3"]

    def test_an_upper_layer_moves_the_port_only_once(self) -> None:
        above = "name: logs\nextends: [./_parent.yaml]\ncontainers: {agent: {ports: {metrics: 9101}}}\n"
        (container,) = objects(above, {"_parent.yaml": PARENT})["DaemonSet"]["spec"]["template"]["spec"]["containers"]
        assert container["env"][0] == {"name": "PORT", "value": "9101"}

    def test_a_value_above_replaces_it(self) -> None:
        above = "name: logs\nextends: [./_parent.yaml]\ncontainers: {agent: {env: {PORT: 1}}}\n"
        (container,) = objects(above, {"_parent.yaml": PARENT})["DaemonSet"]["spec"]["template"]["spec"]["containers"]
        assert container["env"][0] == {"name": "PORT", "value": "1"}

    def test_an_unknown_port(self) -> None:
        profile = "name: a\ncontainers: {a: {image: x, env: {PORT: {portRef: metrisc}}, ports: {metrics: 9101}}}\n"
        assert problem(profile) == (
            "unknown-port",
            2,
            50,
            "no container has a port `metrisc`",
            "did you mean `metrics`?",
        )

    def test_two_sources(self) -> None:
        profile = (
            "name: a\ncontainers: {a: {image: x, env: {PORT: {portRef: m, fieldRef: spec.nodeName}}, ports: {m: 1}}}\n"
        )
        code, *_ = problem(profile)
        assert code == "invalid-short-form"
