"""What comes with a DaemonSet: each object as the profile states it, in the order in which it is applied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from dsgen.kubernetes.checksums import annotation
from dsgen.plain import plain
from dsgen.problem import has_errors
from tests.factories import codes, made

AGENT = """
name: agent
namespace: agents
containers: {agent: {image: x, ports: {metrics: 9100, syslog: 514/UDP}}}
"""


def objects(profile: str, files: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what a profile makes, by kind; of several of one kind the last."""
    result = made(profile, files)
    assert not has_errors(result.problems), result.problems
    return {each.kind: plain(each.tree) for each in result.objects}


def pod_annotations(profile: str, files: Mapping[str, str] | None = None) -> dict[str, str]:
    found: dict[str, str] = objects(profile, files)["DaemonSet"]["spec"]["template"]["metadata"].get("annotations", {})
    return found


EVERYTHING = (
    AGENT.replace("namespace: agents", "namespace: {name: agents, create: true}")
    + """
podMonitor: {port: metrics}
service: {ports: [metrics]}
networkPolicy: {ingress: []}
configMaps: {one: {data: {a: b}}, two: {data: {a: b}}}
serviceAccount: {create: true, clusterRules: [get pods], namespaceRules: [get secrets]}
priorityClass: {value: 1000}
templates: [quota.yaml.j2]
"""
)
QUOTA = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {{ metadata }}\n"


def test_the_order_is_that_of_applying() -> None:
    result = made(EVERYTHING, templates={"quota.yaml.j2": QUOTA})
    assert [each.filename for each in result.objects] == [
        "namespace-agents.yaml",
        "priorityclass-agent.yaml",
        "serviceaccount-agent.yaml",
        "clusterrole-agent.yaml",
        "clusterrolebinding-agent.yaml",
        "role-agent.yaml",
        "rolebinding-agent.yaml",
        "configmap-one.yaml",
        "configmap-two.yaml",
        "networkpolicy-agent.yaml",
        "service-agent.yaml",
        "daemonset-agent.yaml",
        "podmonitor-agent.yaml",
        "resourcequota-agent.yaml",
    ]


def test_labels_and_annotations_are_on_everything() -> None:
    stated = "labels: {team: infra}\nannotations: {example.com/owner: infra}\n"
    for kind, each in objects(stated + EVERYTHING.replace("templates: [quota.yaml.j2]\n", "")).items():
        labels = {"app.kubernetes.io/name": "agent", "app.kubernetes.io/managed-by": "dsgen", "team": "infra"}
        if kind == "Namespace":
            # It may be that of several agents.
            del labels["app.kubernetes.io/name"]
        assert each["metadata"]["labels"] == labels
        assert each["metadata"]["annotations"] == {"example.com/owner": "infra"}
        cluster_wide = kind in ("Namespace", "PriorityClass", "ClusterRole", "ClusterRoleBinding")
        assert each["metadata"].get("namespace") == (None if cluster_wide else "agents")


@pytest.mark.parametrize(
    ("key", "rest", "kind"),
    [
        ("namespace", "create: true", "Namespace"),
        ("serviceAccount", "create: true", "ServiceAccount"),
        ("service", "ports: [metrics]", "Service"),
        ("podMonitor", "port: metrics", "PodMonitor"),
        ("networkPolicy", "egress: []", "NetworkPolicy"),
        ("priorityClass", "value: 1", "PriorityClass"),
    ],
)
def test_own_names_labels_and_annotations(key: str, rest: str, kind: str) -> None:
    own = f"{key}: {{{rest}, name: other, labels: {{team: own}}, annotations: {{a: b}}}}"
    profile = re.sub(f"(?m)^{key}: .*$", "", AGENT) + f"{own}\nlabels: {{team: infra}}\n"
    metadata = objects(profile)[kind]["metadata"]
    assert metadata["name"] == "other"
    assert metadata["labels"]["team"] == "own"
    assert metadata["annotations"] == {"a": "b"}


class TestNamespace:
    def test_a_name_alone_makes_none(self) -> None:
        assert list(objects(AGENT)) == ["DaemonSet"]
        assert list(objects(AGENT.replace("namespace: agents", "namespace: {name: agents}"))) == ["DaemonSet"]

    def test_without_a_name_it_is_the_profiles(self) -> None:
        found = objects(AGENT.replace("namespace: agents", "namespace: {create: true}"))
        assert found["Namespace"]["metadata"]["name"] == found["DaemonSet"]["metadata"]["namespace"] == "agent"

    @pytest.mark.parametrize(
        ("stated", "labels"),
        [
            ("baseline", {"enforce": "baseline"}),
            (
                "{enforce: baseline, enforce-version: v1.36, warn: restricted}",
                {"enforce": "baseline", "enforce-version": "v1.36", "warn": "restricted"},
            ),
        ],
    )
    def test_pod_security(self, stated: str, labels: dict[str, str]) -> None:
        profile = AGENT.replace("namespace: agents", f"namespace: {{create: true, podSecurity: {stated}}}")
        found = objects("standardLabels: false\n" + profile)["Namespace"]["metadata"]["labels"]
        assert found == {f"pod-security.kubernetes.io/{mode}": level for mode, level in labels.items()}

    def test_a_name_in_an_upper_layer_is_one_that_exists(self) -> None:
        base = {"base.yaml": "namespace: {name: agents, create: true, podSecurity: baseline}\n"}
        found = objects("extends: ./base.yaml\n" + AGENT.replace("agents", "monitoring"), base)
        assert list(found) == ["DaemonSet"]
        assert found["DaemonSet"]["metadata"]["namespace"] == "monitoring"


class TestServiceAccount:
    @pytest.mark.parametrize("key", ["serviceAccount", "serviceAccountName"])
    def test_a_name_alone_makes_none(self, key: str) -> None:
        found = objects(f"{AGENT}{key}: reader\n")
        assert list(found) == ["DaemonSet"]
        assert found["DaemonSet"]["spec"]["template"]["spec"]["serviceAccountName"] == "reader"

    def test_names(self) -> None:
        stated = (
            "{create: true, name: a, roleName: b, bindingName: c, clusterRules: [get pods], namespaceRules: [get pods]}"
        )
        found = objects(f"{AGENT}serviceAccount: {stated}\n")
        assert found["DaemonSet"]["spec"]["template"]["spec"]["serviceAccountName"] == "a"
        assert found["ServiceAccount"]["metadata"]["name"] == "a"
        for prefix in ("Cluster", ""):
            assert found[f"{prefix}Role"]["metadata"]["name"] == "b"
            binding = found[f"{prefix}RoleBinding"]
            assert binding["metadata"]["name"] == "c"
            assert binding["roleRef"] == {"apiGroup": "rbac.authorization.k8s.io", "kind": f"{prefix}Role", "name": "b"}
            assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "a", "namespace": "agents"}]

    def test_one_that_exists_can_be_given_rights(self) -> None:
        found = objects(f"{AGENT}serviceAccount: {{name: reader, clusterRules: [get pods]}}\n")
        assert list(found) == ["ClusterRole", "ClusterRoleBinding", "DaemonSet"]
        assert found["ClusterRoleBinding"]["subjects"][0]["name"] == "reader"
        assert found["ClusterRole"]["metadata"]["name"] == found["ClusterRoleBinding"]["metadata"]["name"] == "agent"

    def test_a_name_in_an_upper_layer_is_one_that_exists(self) -> None:
        base = {"base.yaml": "serviceAccount: {create: true, labels: {a: b}, clusterRules: [get pods]}\n"}
        found = objects(f"{AGENT}extends: ./base.yaml\nserviceAccount: reader\n", base)
        assert list(found) == ["ClusterRole", "ClusterRoleBinding", "DaemonSet"]
        assert found["ClusterRoleBinding"]["subjects"][0]["name"] == "reader"

    def test_its_annotations_are_not_its_roles(self) -> None:
        found = objects(f"{AGENT}serviceAccount: {{create: true, annotations: {{a: b}}, clusterRules: [get pods]}}\n")
        assert found["ServiceAccount"]["metadata"]["annotations"] == {"a": "b"}
        assert "annotations" not in found["ClusterRole"]["metadata"]

    def test_its_token_is_not_the_pods(self) -> None:
        found = objects(f"{AGENT}serviceAccount: {{create: true, automountServiceAccountToken: false}}\n")
        assert found["ServiceAccount"]["automountServiceAccountToken"] is False
        assert "automountServiceAccountToken" not in found["DaemonSet"]["spec"]["template"]["spec"]

    def test_its_pull_secrets_are_not_the_pods(self) -> None:
        found = objects(f'{AGENT}serviceAccount: {{create: true, imagePullSecrets: [registry, "$(name)-pull"]}}\n')
        assert found["ServiceAccount"]["imagePullSecrets"] == [{"name": "registry"}, {"name": "agent-pull"}]
        assert "imagePullSecrets" not in found["DaemonSet"]["spec"]["template"]["spec"]

    def test_it_is_bound_to_roles_that_exist(self) -> None:
        base = {"base.yaml": "serviceAccount: {create: true, clusterRoles: [view]}\n"}
        over = "serviceAccount: {clusterRoles+: ['system:node-proxier', view]}\n"
        result = made(f"{AGENT}extends: ./base.yaml\n{over}", base)
        bound: list[Any] = [plain(each.tree) for each in result.objects if each.kind == "ClusterRoleBinding"]
        assert [each["metadata"]["name"] for each in bound] == ["agent-view", "agent-system-node-proxier"]
        assert [each["roleRef"]["name"] for each in bound] == ["view", "system:node-proxier"]
        assert "ClusterRole" not in {each.kind for each in result.objects}

    @pytest.mark.parametrize(("own", "expected"), [("{b: c}", {"b": "c"}), ("{}", {})])
    def test_labels_of_a_role_replace_those_of_all_roles(self, own: str, expected: dict[str, str]) -> None:
        rules = "clusterRules: [get pods], namespaceRules: [get secrets]"
        labels = f"rbacLabels: {{a: b}}, namespaceRbacLabels: {own}"
        found = objects(f"{AGENT}standardLabels: false\nserviceAccount: {{create: true, {rules}, {labels}}}\n")
        has = {kind: each["metadata"].get("labels", {}) for kind, each in found.items()}
        assert has["ClusterRole"] == has["ClusterRoleBinding"] == {"a": "b"}
        assert has["Role"] == has["RoleBinding"] == expected

    def test_rules_are_appended(self) -> None:
        base = {"base.yaml": "serviceAccount: {create: true, clusterRules: [get pods]}\n"}
        found = objects(f"{AGENT}extends: ./base.yaml\nserviceAccount: {{clusterRules+: [get nodes]}}\n", base)
        assert [rule["resources"] for rule in found["ClusterRole"]["rules"]] == [["pods"], ["nodes"]]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("get pods", [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]),
        (
            "get,list pods,nodes/metrics",
            [{"apiGroups": [""], "resources": ["pods", "nodes/metrics"], "verbs": ["get", "list"]}],
        ),
        (
            "get pods,daemonsets.apps,nodes",
            [
                {"apiGroups": [""], "resources": ["pods", "nodes"], "verbs": ["get"]},
                {"apiGroups": ["apps"], "resources": ["daemonsets"], "verbs": ["get"]},
            ],
        ),
        (
            "get ingresses.networking.k8s.io/status",
            [{"apiGroups": ["networking.k8s.io"], "resources": ["ingresses/status"], "verbs": ["get"]}],
        ),
        (
            "patch ciliumnodes.cilium.io/status",
            [{"apiGroups": ["cilium.io"], "resources": ["ciliumnodes/status"], "verbs": ["patch"]}],
        ),
        (
            "update finalizers.example.com/finalizers",
            [{"apiGroups": ["example.com"], "resources": ["finalizers/finalizers"], "verbs": ["update"]}],
        ),
        ("get /metrics", [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}]),
        (
            "get pods,/healthz/*",
            [
                {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
                {"nonResourceURLs": ["/healthz/*"], "verbs": ["get"]},
            ],
        ),
        ("* *.*", [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]),
        ("get *.apps", [{"apiGroups": ["apps"], "resources": ["*"], "verbs": ["get"]}]),
        ("get pods/*", [{"apiGroups": [""], "resources": ["pods/*"], "verbs": ["get"]}]),
        (
            "get newthings.storage.k8s.io",
            [{"apiGroups": ["storage.k8s.io"], "resources": ["newthings"], "verbs": ["get"]}],
        ),
    ],
)
def test_rules(text: str, rules: list[Any]) -> None:
    assert (
        objects(f'{AGENT}serviceAccount: {{create: true, clusterRules: ["{text}"]}}\n')["ClusterRole"]["rules"] == rules
    )


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("get nodes", ["nodes"]),
        ("get pods,nodes/proxy", ["nodes"]),
        ("get pods,storageclasses.storage.k8s.io", ["storageclasses.storage.k8s.io"]),
        ("get,list secrets", []),
        ("get namespaces", []),
        ("get clusterroles.rbac.authorization.k8s.io", ["clusterroles.rbac.authorization.k8s.io"]),
        ("bind clusterroles.rbac.authorization.k8s.io", []),
        ("get nodes.example.com", []),
    ],
)
def test_rules_that_no_role_can_give(rule: str, found: list[str]) -> None:
    result = made(f"{AGENT}serviceAccount:\n  create: true\n  clusterRules: ['{rule}']\n  namespaceRules: ['{rule}']\n")
    assert not has_errors(result.problems)
    warned = [problem for problem in result.problems if problem.code == "ineffective-namespace-rule"]
    assert [problem.message.split("`")[1] for problem in warned] == found
    assert all(problem.line == 8 for problem in warned)


class TestConfigMaps:
    FILES: ClassVar = {"conf/a.conf": "a = 1\n", "conf/b.conf": "b = 2\n"}

    def test_from_texts_and_files(self) -> None:
        profile = f'{AGENT}configMaps: {{agent: {{data: {{c: 1.10}}, files: ["conf/*"], immutable: true}}}}\n'
        found = objects(profile, self.FILES)["ConfigMap"]
        assert found["data"] == {"a.conf": "a = 1\n", "b.conf": "b = 2\n", "c": "1.10"}
        assert found["immutable"] is True

    def test_what_is_stated_wins_over_a_file(self) -> None:
        profile = f'{AGENT}configMaps: {{agent: {{data: {{a.conf: mine}}, files: ["conf/*"]}}}}\n'
        assert objects(profile, self.FILES)["ConfigMap"]["data"] == {"a.conf": "mine", "b.conf": "b = 2\n"}

    def test_files_are_relative_to_the_profile_that_states_them(self) -> None:
        files = {
            "base/base.yaml": "configMaps: {agent: {files: [conf/a.conf]}}\n",
            "base/conf/a.conf": "base\n",
            "own.conf": "own\n",
        }
        profile = f"{AGENT}extends: base/base.yaml\nconfigMaps: {{agent: {{files+: [own.conf]}}}}\n"
        assert objects(profile, files)["ConfigMap"]["data"] == {"a.conf": "base\n", "own.conf": "own\n"}

    def test_the_hash_is_of_the_data_alone(self) -> None:
        same = [
            "configMaps: {agent: {data: {a.conf: x, b.conf: y}}}",
            "configMaps: {agent: {data: {b.conf: y, a.conf: x}, labels: {a: b}, annotations: {a: b}, immutable: true}}",
            "configMaps: {agent: {files: [a.conf, here/b.conf]}}\nlabels: {a: b}",
            "configMaps: {agent: {files: [a.conf], binaryData: {b.conf: eQ==}}}",
        ]
        others = [
            "configMaps: {agent: {data: {a.conf: x, b.conf: z}}}",
            "configMaps: {agent: {data: {a.conf: x, c.conf: y}}}",
            "configMaps: {agent: {data: {a.conf: x}}}",
            "configMaps: {agent: {data: {a.conf: y, b.conf: x}}}",
        ]
        files = {"a.conf": "x", "here/b.conf": "y"}
        found = [pod_annotations(f"{AGENT}{stated}\n", files)["checksum/agent"] for stated in (*same, *others)]
        assert len(set(found[: len(same)])) == 1
        assert len(set(found)) == 1 + len(others)

    def test_without_a_restart(self) -> None:
        profile = (
            f"{AGENT}configMaps: {{a: {{data: {{a: b}}, onChange: none}}, b: {{data: {{a: b}}, onChange: restart}}}}\n"
        )
        assert list(pod_annotations(profile)) == ["checksum/b"]

    def test_the_annotations_of_the_profile_stay_and_win(self) -> None:
        profile = f"{AGENT}configMaps: {{a: {{data: {{a: b}}}}, b: {{data: {{a: b}}}}}}\n"
        found = pod_annotations(profile + "podAnnotations: {checksum/a: mine, x: y}\n")
        assert found["checksum/a"] == "mine"
        assert found["x"] == "y"
        assert len(found["checksum/b"]) == 64

    @pytest.mark.parametrize("length", [63, 64, 253])
    def test_the_annotation_of_a_long_name(self, length: int) -> None:
        names = [f"{'a' * (length - 1)}{last}" for last in "ab"]
        keys = {annotation(name).removeprefix("checksum/") for name in names}
        assert len(keys) == 2
        assert all(re.fullmatch("[a-z0-9-]{63}", key) for key in keys)
        assert (keys == set(names)) == (length == 63)
        profile = f"{AGENT}configMaps: {{{names[0]}: {{data: {{a: b}}}}}}\n"
        assert list(pod_annotations(profile)) == [annotation(names[0])]


class TestService:
    def spec(self, stated: str, more: str = "") -> Any:
        return objects(f"{AGENT}service: {stated}\n{more}")["Service"]["spec"]

    def test_by_names_of_ports(self) -> None:
        assert self.spec("{ports: [metrics, syslog]}") == {
            "clusterIP": "None",
            "clusterIPs": ["None"],
            "selector": {"app.kubernetes.io/name": "agent"},
            "ports": [
                {"name": "metrics", "port": 9100, "targetPort": "metrics"},
                {"name": "syslog", "port": 514, "protocol": "UDP", "targetPort": "syslog"},
            ],
        }

    def test_kubernetes_own_ports(self) -> None:
        ports = self.spec("{ports: [{name: http, port: 80, targetPort: 8080}]}")["ports"]
        assert ports == [{"name": "http", "port": 80, "targetPort": 8080}]
        ports = self.spec("{ports: [{name: logs, port: 5514, targetPort: syslog, protocol: UDP}]}")["ports"]
        assert ports == [{"name": "logs", "port": 5514, "protocol": "UDP", "targetPort": "syslog"}]

    def test_a_name_with_more(self) -> None:
        spec = self.spec("{type: NodePort, ports: [{name: metrics, nodePort: 30100}]}")
        assert spec["ports"] == [{"name": "metrics", "port": 9100, "targetPort": "metrics", "nodePort": 30100}]
        assert "clusterIP" not in spec

    @pytest.mark.parametrize("stated", ["type: ClusterIP", "clusterIP: 10.0.0.1", "type: LoadBalancer"])
    def test_not_headless(self, stated: str) -> None:
        assert self.spec(f"{{{stated}, ports: [metrics]}}").get("clusterIP") != "None"

    def test_the_selector(self) -> None:
        assert self.spec("{ports: [metrics], selector: {a: b}}")["selector"] == {"a": "b"}
        assert self.spec("{ports: [metrics]}", "selector: {app: agent}\n")["selector"] == {"app": "agent"}
        expressions = "selector: {matchExpressions: [{key: app, operator: In, values: [agent, other]}]}\n"
        found = self.spec("{ports: [metrics]}", expressions + "podLabels: {app: agent, tier: node}\n")["selector"]
        assert found == {"app": "agent"}

    def test_the_ports_of_others(self) -> None:
        ports = "[{name: dns, port: 53, targetPort: dns-tcp}, {name: logs, port: 514, targetPort: syslog}]"
        assert self.spec(f"{{selector: {{k8s-app: kube-dns}}, ports: {ports}}}")["ports"] == [
            {"name": "dns", "port": 53, "targetPort": "dns-tcp"},
            {"name": "logs", "port": 514, "targetPort": "syslog"},
        ]
        refused = f"{AGENT}service: {{selector: {{k8s-app: kube-dns}}, ports: [dns]}}\n"
        assert codes(made(refused).problems) == [(5, 50, "unknown-port")]

    def test_one_address_is_all_of_them(self) -> None:
        assert self.spec("{clusterIP: None, clusterIPs: [], ports: [metrics]}")["clusterIPs"] == ["None"]


class TestPodMonitor:
    def spec(self, stated: str) -> Any:
        return objects(f"{AGENT}podMonitor: {stated}\n")["PodMonitor"]["spec"]

    def test_one_endpoint(self) -> None:
        assert self.spec("{port: metrics, interval: 30s, honorLabels: true, jobLabel: app, sampleLimit: 100}") == {
            "selector": {"matchLabels": {"app.kubernetes.io/name": "agent"}},
            "jobLabel": "app",
            "sampleLimit": 100,
            "podMetricsEndpoints": [{"port": "metrics", "interval": "30s", "honorLabels": True}],
        }

    def test_kubernetes_own_form(self) -> None:
        spec = self.spec("{selector: {}, podMetricsEndpoints: [{port: metrics}, {portNumber: 1}]}")
        assert spec == {"selector": {}, "podMetricsEndpoints": [{"port": "metrics"}, {"portNumber": 1}]}

    def test_the_ports_of_others(self) -> None:
        assert self.spec("{selector: {matchLabels: {app: other}}, port: web}")["podMetricsEndpoints"] == [
            {"port": "web"}
        ]

    def test_an_endpoint_merges_key_by_key(self) -> None:
        base = {"base.yaml": "podMonitor: {port: metrics, interval: 30s}\n"}
        found = objects(f"{AGENT}extends: ./base.yaml\npodMonitor: {{interval: 60s}}\n", base)
        assert found["PodMonitor"]["spec"]["podMetricsEndpoints"] == [{"port": "metrics", "interval": "60s"}]


@pytest.mark.parametrize(
    ("stated", "types"),
    [
        ("{ingress: []}", ["Ingress"]),
        ("{egress: [{}]}", ["Egress"]),
        ("{ingress: [{ports: [{port: metrics}]}], egress: []}", ["Ingress", "Egress"]),
        ("{ingress: [], policyTypes: [Ingress, Egress]}", ["Ingress", "Egress"]),
        ("{}", None),
    ],
)
def test_network_policy(stated: str, types: list[str] | None) -> None:
    spec = objects(f"{AGENT}networkPolicy: {stated}\n")["NetworkPolicy"]["spec"]
    assert spec["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "agent"}}
    assert spec.get("policyTypes") == types


def test_a_network_policy_for_others() -> None:
    ingress = [{"ports": [{"port": "web"}]}]
    spec = objects(f"{AGENT}networkPolicy: {{podSelector: {{}}, ingress: [{{ports: [{{port: web}}]}}]}}\n")[
        "NetworkPolicy"
    ]["spec"]
    assert (spec["podSelector"], spec["ingress"]) == ({}, ingress)


class TestPriorityClass:
    def test_it_is_made_and_used(self) -> None:
        stated = "{value: 1000, globalDefault: false, preemptionPolicy: Never, description: Agents}"
        found = objects(f"{AGENT}priorityClass: {stated}\n")
        made_class = found["PriorityClass"]
        del made_class["metadata"]
        assert made_class == {
            "apiVersion": "scheduling.k8s.io/v1",
            "kind": "PriorityClass",
            "value": 1000,
            "globalDefault": False,
            "preemptionPolicy": "Never",
            "description": "Agents",
        }
        assert found["DaemonSet"]["spec"]["template"]["spec"]["priorityClassName"] == "agent"

    def test_the_same_name_beside_it(self) -> None:
        found = objects(f"{AGENT}priorityClass: {{value: 1, name: high}}\npriorityClassName: high\n")
        assert found["DaemonSet"]["spec"]["template"]["spec"]["priorityClassName"] == "high"


def test_templates_of_the_project_know_the_companions() -> None:
    template = 'apiVersion: example.com/v1\nkind: Event\nmetadata: {{ metadata }}\nreason: {{ service.metadata.name }}\nnote: {{ podMonitor.spec.jobLabel | default("none") }}\n'
    profile = f"{AGENT}service: {{ports: [metrics], name: scrape}}\ntemplates: [event.yaml.j2]\n"
    result = made(profile, templates={"event.yaml.j2": template})
    assert plain(result.objects[-1].tree)["reason"] == "scrape"  # type: ignore[index]
    assert plain(result.objects[-1].tree)["note"] == "none"  # type: ignore[index]


def test_a_template_of_the_project_in_the_place_of_a_shipped_one() -> None:
    template = '{% extends "dsgen/service.yaml.j2" %}\n{% block spec %}\n  type: ClusterIP\n  ports: {{ service.spec.ports }}\n{% endblock %}\n'
    result = made(f"{AGENT}service: {{ports: [metrics]}}\n", templates={"service.yaml.j2": template})
    assert plain(result.objects[0].tree)["spec"]["type"] == "ClusterIP"  # type: ignore[index]


def test_a_problem_stands_at_its_line_through_the_layers() -> None:
    base = {"base.yaml": 'serviceAccount:\n  create: true\n  annotations: {"a/b/c": x}\n'}
    result = made(f"{AGENT}extends: ./base.yaml\n", base)
    assert codes(result.problems) == [(3, 26, "invalid-annotation-key")]
    assert result.problems[0].file == "base.yaml"


@pytest.mark.parametrize(
    ("policy", "pod", "warned"),
    [
        ("{ingress: []}", "hostNetwork: true", True),
        ("{ingress: []}", "hostNetwork: false", False),
        ("{ingress: []}", "hostPID: true", False),
        ("{podSelector: {}}", "hostNetwork: true", False),
    ],
)
def test_a_network_policy_of_pods_on_the_network_of_their_nodes(policy: str, pod: str, warned: bool) -> None:
    result = made(f"{AGENT}networkPolicy: {policy}\n{pod}\n".replace(", syslog: 514/UDP", ""))
    assert ("ineffective-network-policy" in [problem.code for problem in result.problems]) == warned
