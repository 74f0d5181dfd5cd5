"""The companions of a DaemonSet are folded into its profile, if the profile reproduces them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.factories import made
from tests.importer.imports import Outcome, daemonset, imports

POD = """
    serviceAccountName: agent
    priorityClassName: agents
    volumes: [{name: conf, configMap: {name: agent-conf}}]
"""
CONTAINER = """
    ports: [{name: metrics, containerPort: 9100}]
    volumeMounts: [{name: conf, mountPath: /etc/agent}]
"""
DAEMONSET = daemonset(POD, CONTAINER, "namespace: agents\nlabels: {app: agent}")
META = "metadata: {name: agent, namespace: agents, labels: {app: agent}}"
WIDE = "metadata: {name: agent, labels: {app: agent}}"
ACCOUNT = f"apiVersion: v1\nkind: ServiceAccount\n{META}\n"
ROLE = f"""\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
{WIDE}
rules:
  - {{apiGroups: [""], resources: [nodes, nodes/metrics], verbs: [get, list]}}
  - {{apiGroups: ["", apps], resources: [pods], verbs: [get]}}
  - {{nonResourceURLs: [/metrics], verbs: [get]}}
"""
BINDING = f"""\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
{WIDE}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}}
subjects: [{{kind: ServiceAccount, name: agent, namespace: agents}}]
"""


def of(*others: str) -> Outcome:
    """Import the DaemonSet with other objects; the profile must be identical."""
    outcome = imports("---\n".join([DAEMONSET, *others]))
    assert outcome.imported[0].same
    return outcome


def folded(outcome: Outcome) -> list[str]:
    return [each.kind for each in outcome.imported[0].folded]


FOLDED = [
    pytest.param(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: agents, labels: {app: agent, pod-security.kubernetes.io/enforce: privileged, "
        "kubernetes.io/metadata.name: agents}}\nspec: {finalizers: [kubernetes]}\nstatus: {phase: Active}\n",
        "namespace: {name: agents, create: true, podSecurity: privileged}",
        id="namespace",
    ),
    pytest.param(ACCOUNT + "automountServiceAccountToken: false\n", "serviceAccount: {create: true, automountServiceAccountToken: false}", id="account"),
    pytest.param(ACCOUNT + "imagePullSecrets: [{name: registry}]\n", "serviceAccount: {create: true, imagePullSecrets: [registry]}", id="pull secrets"),
    pytest.param(
        f"apiVersion: v1\nkind: ConfigMap\n{META.replace('agent,', 'agent-conf,')}\ndata: {{level: info}}\n",
        "configMaps:\n  agent-conf: {data: {level: info}, onChange: none}\n",
        id="config map",
    ),
    pytest.param(
        f"apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\n{WIDE.replace('agent,', 'agents,')}\nvalue: 1000\n",
        "priorityClass: {name: agents, value: 1000}",
        id="priority class",
    ),
    pytest.param(
        f"apiVersion: v1\nkind: Service\n{META}\nspec: {{selector: {{app: agent}}, clusterIP: None, "
        "ports: [{name: metrics, port: 9100, targetPort: metrics}]}\n",
        "service: {ports: [metrics]}",
        id="headless service",
    ),
    pytest.param(
        f"apiVersion: v1\nkind: Service\n{META}\nspec: {{selector: {{app: agent}}, ports: [{{name: http, port: 80, targetPort: 9100}}]}}\n",
        "service: {type: ClusterIP, ports: [{name: http, port: 80, targetPort: 9100}]}",
        id="service",
    ),
    pytest.param(
        f"apiVersion: v1\nkind: Service\n{META}\nspec: {{clusterIP: None, selector: {{app: agent}}, ports: [{{name: metrics, port: 9100}}]}}\n",
        "service: {ports: [{name: metrics, port: 9100}]}",
        id="service of a number",
    ),
    pytest.param(
        f"apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\n{META}\nspec: {{selector: {{matchLabels: {{app: agent}}}}, "
        "podMetricsEndpoints: [{port: metrics, interval: 30s}]}\n",
        "podMonitor: {port: metrics, interval: 30s}",
        id="monitor",
    ),
    pytest.param(
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{META}\nspec: {{podSelector: {{matchLabels: {{app: agent}}}}, "
        "ingress: [{ports: [{port: metrics}]}]}\n",
        "networkPolicy:\n  ingress:\n    - ports: [{port: metrics}]",
        id="policy",
    ),
    pytest.param(
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{META}\nspec: {{podSelector: {{matchLabels: {{app: agent}}}}, egress: [{{}}]}}\n",
        "networkPolicy: {egress: [{}], policyTypes: [Ingress, Egress]}",
        id="policy for both ways",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("other", "expected"), FOLDED)
def test_folded(other: str, expected: str) -> None:
    outcome = of(other)
    assert expected in outcome.text
    assert len(outcome.imported[0].folded) == 1
    assert outcome.problems == []


def test_rbac_rules() -> None:
    outcome = of(ACCOUNT, ROLE, BINDING)
    assert folded(outcome) == ["ServiceAccount", "ClusterRole", "ClusterRoleBinding"]
    assert outcome.text.endswith(
        dedent("""\
            serviceAccount:
              create: true
              clusterRules:
                - get,list nodes,nodes/metrics
                - {apiGroups: ["", apps], resources: [pods], verbs: [get]}
                - get /metrics
            """)
    )


def test_names_of_roles_and_bindings() -> None:
    outcome = of(
        ACCOUNT,
        ROLE.replace("name: agent", "name: reader"),
        BINDING.replace("name: agent,", "name: b,", 1).replace("name: agent}", "name: reader}", 1),
    )
    assert "  roleName: reader\n  bindingName: b\n" in outcome.text


def test_existing_role() -> None:
    outcome = of(
        ACCOUNT,
        BINDING.replace("name: agent,", "name: agent-system-node,", 1).replace("name: agent}", "name: system:node}", 1),
    )
    assert "serviceAccount: {create: true, clusterRoles: [system:node]}" in outcome.text.replace('"', "")


NOT_FOLDED = [
    pytest.param([ACCOUNT, ROLE, BINDING.replace("subjects: [", "subjects: [{kind: User, name: eve}, ")], 1, id="a binding with another subject"),
    pytest.param([ACCOUNT, BINDING], 1, id="a binding to a role that is not in the input"),
    pytest.param([ROLE, BINDING], 0, id="roles of an account that is not in the input"),
    pytest.param([ACCOUNT + "secrets: [{name: a}]\n"], 0, id="an account with secrets"),
    pytest.param([ACCOUNT.replace("namespace: agents", "namespace: other")], 0, id="another namespace"),
    pytest.param([f"apiVersion: v1\nkind: ConfigMap\n{META}\ndata: {{a: b}}\n"], 0, id="a config map that no pod uses"),
    pytest.param([f"apiVersion: v1\nkind: Service\n{META}\nspec: {{selector: {{app: other}}, ports: [{{port: 80}}]}}\n"], 0, id="a service for other pods"),
]  # fmt: skip


@pytest.mark.parametrize(("others", "number"), NOT_FOLDED)
def test_not_folded(others: list[str], number: int) -> None:
    outcome = of(*others)
    assert len(outcome.imported[0].folded) == number
    assert [problem.code for problem in outcome.problems] == ["unimported-object"] * (len(others) - number)


def test_labels_of_the_daemonset_alone() -> None:
    bare = [text.replace(", labels: {app: agent}", "") for text in (ACCOUNT, ROLE, BINDING)]
    outcome = of(*bare)
    assert "daemonSetLabels: {app: agent}\n" in outcome.text
    assert "\nlabels:" not in outcome.text
    assert len(folded(outcome)) == 3


def test_additional_labels_of_a_companion() -> None:
    outcome = of(ACCOUNT.replace("app: agent}", "app: agent, tier: a}"))
    assert "labels: {app: agent}\n" in outcome.text
    assert "serviceAccount: {create: true, labels: {tier: a}}\n" in outcome.text


class TestMetadataOfRolesAndBindings:
    """Roles and bindings of a profile have the same labels and annotations, in addition to those of all objects."""

    OWN = "{name: agent, labels: {app: agent, component: rbac}, annotations: {example.com/a: b}}"

    def with_own(self, text: str) -> str:
        return text.replace(WIDE, f"metadata: {self.OWN}")

    def test_own_ones(self) -> None:
        outcome = of(ACCOUNT, self.with_own(ROLE), self.with_own(BINDING))
        assert folded(outcome) == ["ServiceAccount", "ClusterRole", "ClusterRoleBinding"]
        assert "  rbacLabels: {component: rbac}\n  rbacAnnotations: {example.com/a: b}\n" in outcome.text
        assert "labels: {app: agent}\n" in outcome.text

    def test_of_a_binding_to_an_existing_role(self) -> None:
        binding = BINDING.replace("kind: ClusterRole, name: agent", "kind: ClusterRole, name: view")
        binding = binding.replace(WIDE, "metadata: {name: agent-view, labels: {app: agent, a: b}}")
        outcome = of(ACCOUNT, binding)
        assert folded(outcome) == ["ServiceAccount", "ClusterRoleBinding"]
        assert "serviceAccount: {create: true, clusterRoles: [view], rbacLabels: {a: b}}\n" in outcome.text

    def test_different_ones(self) -> None:
        outcome = of(ACCOUNT, ROLE, self.with_own(BINDING))
        assert folded(outcome) == ["ServiceAccount"]
        why = "ClusterRoleBinding agent has other labels or annotations than ClusterRole agent, but a profile sets them for all roles and bindings in the cluster"
        assert [each.message.partition(": ")[2] for each in outcome.problems] == [why, why]

    @pytest.mark.parametrize("own_in", ["cluster", "namespace", "both"])
    def test_of_each_scope(self, own_in: str) -> None:
        """Those of the Role and its binding replace the others, also if they have none."""
        wide = [ROLE, BINDING]
        narrow = [each.replace("ClusterRole", "Role") for each in wide]
        narrow[0] = narrow[0].replace("  - {nonResourceURLs: [/metrics], verbs: [get]}\n", "")
        wide = [self.with_own(each) for each in wide] if own_in != "namespace" else wide
        narrow = [self.with_own(each) for each in narrow] if own_in != "cluster" else narrow
        narrow = [each.replace("{name: agent, labels", "{name: agent, namespace: agents, labels") for each in narrow]
        if own_in == "both":
            narrow = [each.replace("component: rbac", "component: settings") for each in narrow]
        outcome = of(ACCOUNT, *wide, *narrow)
        assert outcome.problems == []
        assert len(folded(outcome)) == 5
        expected = {
            "cluster": ["rbacLabels: {component: rbac}", "namespaceRbacLabels: {}", "namespaceRbacAnnotations: {}"],
            "namespace": ["namespaceRbacLabels: {component: rbac}", "namespaceRbacAnnotations: {example.com/a: b}"],
            "both": ["rbacLabels: {component: rbac}", "namespaceRbacLabels: {component: settings}"],
        }
        assert [line for line in expected[own_in] if f"  {line}\n" not in outcome.text] == []
        assert ("  rbacLabels" in outcome.text) == (own_in != "namespace")
        assert outcome.text.count("Annotations") == (2 if own_in == "cluster" else 1)

    @pytest.mark.parametrize("lacking", ["labels: {app: agent}", "annotations: {a: b}"])
    def test_a_role_that_lacks_what_others_have(self, lacking: str) -> None:
        """All other objects have it as their own."""
        given = DAEMONSET.replace("labels: {app: agent}\n", "labels: {app: agent}\n  annotations: {a: b}\n", 1)
        noted = [
            each.replace("labels: {app: agent}}", "labels: {app: agent}, annotations: {a: b}}")
            for each in (ACCOUNT, ROLE, BINDING)
        ]
        noted[1] = noted[1].replace(f", {lacking}", "")
        noted[2] = noted[2].replace(f", {lacking}", "")
        outcome = imports("---\n".join([given, *noted]))
        assert outcome.imported[0].same
        assert outcome.problems == []
        assert len(outcome.imported[0].folded) == 3


def test_annotations_of_the_daemonset_alone() -> None:
    given = DAEMONSET.replace(
        "labels: {app: agent}\n", "labels: {app: agent}\n  annotations: {example.com/owner: infra}\n", 1
    )
    outcome = imports("---\n".join([given, ACCOUNT]))
    assert outcome.imported[0].same
    assert outcome.problems == []
    assert folded(outcome) == ["ServiceAccount"]
    assert "daemonSetAnnotations: {example.com/owner: infra}\n" in outcome.text


def test_names_of_a_role_and_a_cluster_role() -> None:
    role = ROLE.replace("kind: ClusterRole", "kind: Role").replace(
        WIDE, META.replace("name: agent,", "name: settings,")
    )
    role = role.replace("  - {nonResourceURLs: [/metrics], verbs: [get]}\n", "")
    binding = BINDING.replace("ClusterRole", "Role").replace("kind: Role, name: agent", "kind: Role, name: settings")
    binding = binding.replace(WIDE, META.replace("name: agent,", "name: agent-settings,"))
    outcome = of(ACCOUNT, ROLE, BINDING, role, binding)
    assert outcome.problems == []
    assert len(folded(outcome)) == 5
    assert "  namespaceRoleName: settings\n  namespaceBindingName: agent-settings\n" in outcome.text
    assert "roleName: agent" not in outcome.text


def test_namespace_of_a_cluster_role_is_ignored() -> None:
    outcome = of(ACCOUNT, ROLE.replace("name: agent,", "name: agent, namespace: agents,", 1), BINDING)
    assert len(folded(outcome)) == 3
    assert outcome.problems == []


def test_config_map_named_in_an_argument() -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\n{META.replace('agent,', 'settings,')}\ndata: {{a: b}}\n"
    outcome = imports(
        DAEMONSET.replace("image: x\n", "image: x\n          args: [--config=$(NAMESPACE)/settings]\n") + "---\n" + text
    )
    assert folded(outcome) == ["ConfigMap"]


def test_shared_companion_belongs_to_the_first_daemonset() -> None:
    outcome = imports("---\n".join([DAEMONSET, DAEMONSET.replace("  name: agent\n", "  name: other\n", 1), ACCOUNT]))
    first, second = outcome.imported
    assert "serviceAccount: {create: true}" in first.text
    assert "serviceAccount: agent\n" in second.text
    assert first.same
    assert second.same


def test_comments_of_companions_are_kept() -> None:
    outcome = of(
        "# Who the agent is.\n" + ACCOUNT + "# May read.\n---\n" + ROLE.replace("rules:\n", "rules:\n  # Nodes.\n"),
        BINDING,
    )
    assert "# Who the agent is.\nserviceAccount:\n" in outcome.text
    assert "    # Nodes.\n    - get,list nodes,nodes/metrics\n" in outcome.text


def test_head_of_the_file_becomes_head_of_the_profile() -> None:
    text = imports("# All of it.\n---\n" + ACCOUNT + "---\n# The agent.\n" + DAEMONSET).text
    assert text.startswith("# All of it.\n# The agent.\nname: agent\n")


@pytest.mark.parametrize("stated", ["", ", protocol: TCP"])
def test_port_with_two_protocols_survives_a_round_trip(stated: str) -> None:
    """The profile is the same whether the manifest sets TCP or not, and so is the profile of its own output."""
    ports = f"[{{name: dns, %s: 53, protocol: UDP}}, {{name: dns-tcp, %s: 53{stated}}}]"
    container = "ports: " + ports.replace("%s", "containerPort")
    spec = f"spec: {{clusterIP: None, selector: {{app: agent}}, ports: {ports.replace('%s', 'port')}}}"
    given = (
        daemonset("", container, "namespace: agents\nlabels: {app: agent}")
        + f"---\napiVersion: v1\nkind: Service\n{META}\n{spec}\n"
    )
    first = imports(given)
    assert first.imported[0].same, first.problems
    assert "ports: {dns: 53/UDP, dns-tcp: 53}" in first.text
    text = "---\n".join(each.text for each in made(first.text).objects)
    assert text.count("protocol: TCP") == 2
    again = imports(text)
    assert again.imported[0].same, again.problems
    assert again.text == first.text


def test_shared_labels_are_those_of_all_companions() -> None:
    """Each of two companions has another label of the DaemonSet: only what both have can be on all objects."""
    agent = DAEMONSET.replace("labels: {app: agent}\n", "labels: {app: agent, tier: node, team: infra}\n", 1)
    account = ACCOUNT.replace("app: agent}", "app: agent, tier: node}")
    service = (
        "apiVersion: v1\nkind: Service\n"
        f"{META.replace('app: agent}', 'app: agent, team: infra}')}\n"
        "spec: {selector: {app: agent}, clusterIP: None, ports: [{name: metrics, port: 9100, targetPort: metrics}]}\n"
    )
    outcome = imports("---\n".join([agent, account, service]))
    assert outcome.problems == []
    assert folded(outcome) == ["ServiceAccount", "Service"]
    assert "\nlabels: {app: agent}\ndaemonSetLabels: {tier: node, team: infra}\n" in outcome.text
