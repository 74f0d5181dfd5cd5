"""Policies of our own that cover every construct, each with its bindings, parameters and namespaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import yaml

Json = Any
_API: Final = "admissionregistration.k8s.io/v1"
_POD: Final = "object.spec.template.spec"
ALL: Final = {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*"]}
DAEMONSETS: Final = {
    "apiGroups": ["apps"],
    "apiVersions": ["v1"],
    "operations": ["CREATE", "UPDATE"],
    "resources": ["daemonsets"],
}
NEW_DAEMONSETS: Final = {**DAEMONSETS, "operations": ["CREATE"]}
WORKLOADS: Final = {**DAEMONSETS, "resources": ["daemonsets", "deployments", "statefulsets", "replicasets"]}
CORE: Final = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"]}
CONFIG: Final = {"apiVersion": "v1", "kind": "ConfigMap"}


class Setup(NamedTuple):
    """A policy with what belongs to it."""

    name: str
    documents: list[Json]

    @property
    def text(self) -> str:
        """The documents as YAML."""
        return "\n---\n".join(yaml.safe_dump(each, sort_keys=False) for each in self.documents)


def setup(
    name: str,
    *rules: str | Json,
    on: Json = DAEMONSETS,
    binding: Json = None,
    bindings: Sequence[Json] = (),
    others: Sequence[Json] = (),
    **spec: Json,
) -> Setup:
    """Return a policy of some rules: expressions, or validations. `spec` has other fields of the policy, `binding` those of the only binding."""
    validations = [{"expression": each} if isinstance(each, str) else each for each in rules]
    constraints = {"resourceRules": on if isinstance(on, list) else [on]} | spec.pop("match", {})
    policy = {"matchConstraints": constraints, **({"validations": validations} if validations else {}), **spec}
    bound = [{"validationActions": ["Deny"], "policyName": name} | each for each in bindings or [binding or {}]]
    return Setup(
        name,
        [
            {"apiVersion": _API, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name}, "spec": policy},
            *(
                {
                    "apiVersion": _API,
                    "kind": "ValidatingAdmissionPolicyBinding",
                    "metadata": {"name": f"{name}-{at}"},
                    "spec": each,
                }
                for at, each in enumerate(bound)
            ),
            *others,
        ],
    )


def config(name: str, namespace: str = "default", labels: Json = None, **data: str) -> Json:
    """Return a ConfigMap."""
    metadata = {"name": name, "namespace": namespace, **({"labels": labels} if labels else {})}
    return {**CONFIG, "metadata": metadata, "data": data}


def namespace(name: str, annotations: Json = None, **labels: str) -> Json:
    """Return a Namespace."""
    metadata = {"name": name, "labels": labels, **({"annotations": annotations} if annotations else {})}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def setups() -> Iterator[Setup]:
    """Yield all of them."""
    yield from _rules()
    yield from _matches()
    yield from _conditions()
    yield from _messages()
    yield from _parameters()
    yield from _unknown()


def _rules() -> Iterator[Setup]:
    every = f"{_POD}.containers"
    yield setup("host-network", f"!has({_POD}.hostNetwork) || !{_POD}.hostNetwork")
    yield setup(
        "host-network-or-label", f"!has({_POD}.hostNetwork) || ('host-network' in object.spec.template.metadata.labels)"
    )
    yield setup("limits", f"{every}.all(c, has(c.resources.limits) && has(c.resources.limits.memory))")
    yield setup(
        "privileged",
        f"{every}.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged)",
    )
    yield setup("optional-privileged", f"{every}.all(c, !c.?securityContext.?privileged.orValue(false))")
    yield setup(
        "registries",
        f"{every}.all(c, ['docker.io/', 'registry.example.com/', 'gcr.io/'].exists(r, c.image.startsWith(r)))",
    )
    yield setup("no-latest", f"{every}.all(c, c.image.contains(':') && !c.image.endsWith(':latest'))", on=WORKLOADS)
    yield setup(
        "host-path",
        f"!has({_POD}.volumes) || {_POD}.volumes.all(v, !has(v.hostPath) || v.hostPath.path.startsWith('/var/log'))",
    )
    yield setup(
        "host-path-list",
        f"{_POD}.?volumes.orValue([]).filter(v, has(v.hostPath)).all(v, v.hostPath.path in ['/var/log', '/proc', '/sys'])",
    )
    yield setup("volumes-mapped", f"{_POD}.?volumes.orValue([]).map(v, v.name).all(n, size(n) < 12)")
    yield setup("priority", f"has({_POD}.priorityClassName) && {_POD}.priorityClassName.startsWith('system-')")
    yield setup(
        "tolerations", f"has({_POD}.tolerations) && {_POD}.tolerations.exists(t, t.operator == 'Exists' && !has(t.key))"
    )
    yield setup("exists-one", f"{every}.exists_one(c, c.name == 'agent' || size({every}) == 1)")
    yield setup(
        "strategy",
        "object.spec.updateStrategy.type == 'RollingUpdate' && has(object.spec.updateStrategy.rollingUpdate)",
    )
    yield setup("unavailable", "type(object.spec.updateStrategy.rollingUpdate.maxUnavailable) == int")
    yield setup("seconds", f"{_POD}.terminationGracePeriodSeconds <= 60", "object.spec.minReadySeconds >= 0")
    yield setup(
        "cpu",
        f"{every}.all(c, !has(c.resources.requests) || !('cpu' in c.resources.requests) || quantity(c.resources.requests['cpu']).isLessThan(quantity('500m')))",
    )
    yield setup(
        "memory-sum",
        f"{every}.map(c, has(c.resources.requests) && 'memory' in c.resources.requests ? quantity(c.resources.requests['memory']).asInteger() : 0).sum() < 1000000000",
    )
    yield setup("pattern", "object.metadata.name.matches('^[a-z][a-z-]*[a-z]$')")
    yield setup(
        "labels",
        "has(object.metadata.labels) && 'team' in object.metadata.labels",
        "object.metadata.?labels['app.kubernetes.io/name'].hasValue()",
    )
    yield setup(
        "labels-agree",
        "object.spec.selector.matchLabels.all(k, object.spec.template.metadata.labels[k] == object.spec.selector.matchLabels[k])",
    )
    yield setup(
        "env-twice",
        f"{every}.all(c, !has(c.env) || c.env.all(e, c.env.filter(other, other.name == e.name).size() == 1))",
    )
    yield setup("index", f"{every}[0].name == object.metadata.name || {every}[1].name == object.metadata.name")
    yield setup(
        "text", f"{every}[0].image.split('/').size() > 1 ? {every}[0].image.lowerAscii() == {every}[0].image : true"
    )
    yield setup("found", f"{every}.all(c, c.image.find('@sha256:[0-9a-f]{{64}}$') != '')")
    yield setup(
        "numbers",
        f"has({every}[0].ports) && {every}[0].ports.all(p, p.containerPort > 1023 && double(p.containerPort) < 50000.0)",
    )
    yield setup(
        "nested", f"{every}.all(c, c.?volumeMounts.orValue([]).all(m, {_POD}.volumes.exists(v, v.name == m.name)))"
    )
    yield setup("old-object", "oldObject == null && object.spec.minReadySeconds < 10", on=NEW_DAEMONSETS)
    yield setup(
        "defaults",
        f"{_POD}.dnsPolicy == 'ClusterFirst' && {_POD}.restartPolicy == 'Always' && object.spec.revisionHistoryLimit == 10",
    )
    yield setup(
        "generation",
        "object.metadata.generation == 1 && 'deprecated.daemonset.template.generation' in object.metadata.annotations",
        on=NEW_DAEMONSETS,
    )
    yield setup("account", f"has({_POD}.serviceAccountName) && {_POD}.serviceAccountName == {_POD}.serviceAccount")
    yield setup("sets", f"sets.contains(['ClusterFirst', 'Default', 'ClusterFirstWithHostNet'], [{_POD}.dnsPolicy])")


def _matches() -> Iterator[Setup]:
    yield setup("everything", "size(object.metadata.name) < 20", on=ALL)
    yield setup("versions", "size(object.metadata.name) < 8", on={**ALL, "apiVersions": ["v1"]})
    yield setup("cluster-wide", "object.kind != 'ClusterRole'", on={**ALL, "scope": "Cluster"})
    yield setup("in-namespaces", "object.kind == 'DaemonSet'", on={**ALL, "scope": "Namespaced"})
    yield setup(
        "excluded", "false", on=ALL, match={"excludeResourceRules": [{**ALL, "resources": ["daemonsets", "services"]}]}
    )
    yield setup("updates", "false", on={**ALL, "operations": ["UPDATE", "DELETE"]})
    yield setup(
        "exact",
        "false",
        on={"apiGroups": ["autoscaling"], "apiVersions": ["v1"], "operations": ["*"], "resources": ["*"]},
        match={"matchPolicy": "Exact"},
    )
    autoscalers = {"apiGroups": ["autoscaling"], "operations": ["CREATE"], "resources": ["horizontalpodautoscalers"]}
    yield setup(
        "autoscalers-as-v1",
        "has(object.spec.targetCPUUtilizationPercentage) && object.spec.targetCPUUtilizationPercentage > 50",
        "!has(object.spec.metrics) && object.apiVersion == 'autoscaling/v1'",
        "object.?metadata.annotations.orValue({}).size() < 2 && request.requestKind.version != ''",
        on={**autoscalers, "apiVersions": ["v1"]},
    )
    yield setup(
        "autoscalers-as-v2",
        "object.spec.metrics.all(m, m.type == 'Resource' && m.resource.name == 'cpu')",
        "!has(object.spec.behavior) || object.spec.behavior.scaleUp.stabilizationWindowSeconds == 0",
        "object.?metadata.annotations.orValue({}).all(k, !k.startsWith('autoscaling'))",
        on={**autoscalers, "apiVersions": ["v2"]},
    )
    yield setup(
        "subresources",
        "false",
        on=[{**ALL, "resources": ["daemonsets/status"]}, {**CORE, "resources": ["configmaps/*"]}],
    )
    yield setup("by-name", "false", on={**ALL, "resourceNames": ["agent", "node-exporter", "logs"]})
    yield setup(
        "by-label",
        "false",
        on=ALL,
        match={
            "objectSelector": {
                "matchExpressions": [
                    {"key": "app", "operator": "NotIn", "values": ["agent"]},
                    {"key": "app", "operator": "Exists"},
                ]
            }
        },
    )
    yield setup(
        "by-namespace",
        "false",
        on=ALL,
        match={"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}},
    )
    yield setup(
        "by-labels-of-namespace",
        "false",
        on=ALL,
        match={"namespaceSelector": {"matchLabels": {"team": "a"}}},
        others=[namespace("default", team="a"), namespace("kube-system", team="b"), namespace("monitoring", team="a")],
    )
    narrow = {
        "resourceRules": [DAEMONSETS],
        "objectSelector": {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]},
    }
    yield setup(
        "by-binding",
        "false",
        on=ALL,
        bindings=[
            {"matchResources": narrow},
            {"matchResources": {"resourceRules": [{**ALL, "scope": "Cluster"}]}, "validationActions": ["Warn"]},
        ],
    )
    yield setup(
        "namespace-object",
        "namespaceObject == null || namespaceObject.metadata.labels['team'] == 'a'",
        on=ALL,
        others=[namespace("default", team="a"), namespace("kube-system", {"note": "x"}, team="b")],
    )
    yield setup(
        "request",
        "request.operation == 'CREATE' && request.kind.kind == object.kind",
        "request.resource.resource != 'services'",
        "request.name == object.metadata.name && !request.dryRun",
        on=ALL,
    )
    yield setup(
        "request-namespace",
        "has(request.namespace) && request.namespace != 'kube-system'",
        "!has(request.subResource) || request.subResource == ''",
        on=ALL,
    )
    yield setup(
        "services",
        "object.spec.ports.all(p, has(p.name) && p.port == p.targetPort)",
        on={**CORE, "resources": ["services", "configmaps"]},
    )


def _conditions() -> Iterator[Setup]:
    skip = {"name": "skip", "expression": "!object.metadata.name.startsWith('node')"}
    broken = {"name": "broken", "expression": "object.spec.nothing == 1"}
    yield setup("condition", "false", on=ALL, matchConditions=[skip])
    yield setup(
        "conditions",
        "false",
        on=ALL,
        matchConditions=[skip, {"name": "kind", "expression": "object.kind in ['DaemonSet', 'ConfigMap']"}],
    )
    yield setup("broken-condition", "false", on=ALL, matchConditions=[broken])
    yield setup(
        "broken-conditions",
        "false",
        on=ALL,
        matchConditions=[broken, skip, {**broken, "name": "other", "expression": "object.data.x.y == 1"}],
    )
    yield setup("broken-and-ignored", "false", on=ALL, matchConditions=[broken], failurePolicy="Ignore")
    yield setup("broken-rule", "object.spec.nothing == 1", "false", failurePolicy="Fail")
    yield setup(
        "ignored-rule",
        "object.spec.nothing == 1",
        f"{_POD}.containers[7].name == 'x'",
        "size(object.metadata.name) < 8",
        failurePolicy="Ignore",
    )
    yield setup(
        "condition-of-namespace",
        "false",
        on=ALL,
        matchConditions=[
            {"name": "none", "expression": "namespaceObject == null"},
            {"name": "short", "expression": "size(object.metadata.name) < 9"},
        ],
    )


def _messages() -> Iterator[Setup]:
    pod = {"name": "pod", "expression": _POD}
    every = {"name": "containers", "expression": "variables.pod.containers + variables.pod.?initContainers.orValue([])"}
    bad = {"name": "bad", "expression": "variables.containers.filter(c, !has(c.resources.limits)).map(c, c.name)"}
    yield setup(
        "message",
        {
            "expression": "variables.bad.size() == 0",
            "messageExpression": "'no limits: ' + variables.bad.join(', ')",
            "reason": "Forbidden",
        },
        variables=[pod, every, bad],
    )
    yield setup(
        "messages",
        {"expression": "variables.pod.dnsPolicy == 'Default'", "message": " fixed text "},
        {"expression": "false", "messageExpression": "'a\\nb'", "message": "instead"},
        {"expression": "false", "messageExpression": "'  '"},
        variables=[pod],
        binding={"validationActions": ["Warn", "Audit"]},
    )
    yield setup(
        "broken-message",
        {"expression": "false", "messageExpression": "string(object.spec.nothing)", "message": "m"},
        {
            "expression": "false",
            "messageExpression": "string(object.spec.template.spec.containers.size())",
            "reason": "RequestEntityTooLarge",
        },
        binding={"validationActions": ["Warn"]},
    )
    yield setup(
        "lazy-variables",
        "has(object.metadata.labels) || variables.broken",
        "!has(variables.pod.hostPID) || variables.broken == 1",
        variables=[pod, {"name": "broken", "expression": "object.spec.nothing"}],
        binding={"validationActions": ["Warn"]},
    )
    yield setup(
        "quantities",
        "variables.most.compareTo(quantity('200Mi')) <= 0",
        f"{_POD}.containers.all(c, !has(c.resources.limits) || !('memory' in c.resources.limits) || variables.most.isGreaterThan(quantity(c.resources.limits.memory)))",
        variables=[{"name": "most", "expression": "quantity('256Mi')"}],
        binding={"validationActions": ["Audit", "Warn"]},
    )
    yield setup(
        "annotations",
        on=ALL,
        auditAnnotations=[
            {"key": "name", "valueExpression": "'called ' + object.metadata.name"},
            {"key": "blank", "valueExpression": "has(object.spec) ? '  ' : 'no spec'"},
        ],
    )
    yield setup(
        "broken-annotation",
        on=ALL,
        auditAnnotations=[{"key": "spec", "valueExpression": "string(object.spec.nothing)"}],
        binding={"validationActions": ["Warn"]},
    )
    yield setup(
        "ignored-annotation",
        "size(object.metadata.name) < 12",
        on=ALL,
        failurePolicy="Ignore",
        auditAnnotations=[
            {"key": "spec", "valueExpression": "string(object.spec.nothing)"},
            {"key": "kind", "valueExpression": "string(object.kind)"},
        ],
    )


def _parameters() -> Iterator[Setup]:
    longest = {
        "expression": "size(object.metadata.name) <= int(params.data.longest)",
        "messageExpression": "'longer than ' + params.data.longest",
    }
    found = {"name": "found", "namespace": "default", "parameterNotFoundAction": "Deny"}
    some = {"selector": {"matchLabels": {"for": "names"}}, "namespace": "default", "parameterNotFoundAction": "Allow"}
    maps = [
        config("found", longest="12"),
        config("short", labels={"for": "names"}, longest="5"),
        config("long", labels={"for": "names"}, longest="30"),
    ]
    yield setup("parameter", longest, on=ALL, paramKind=CONFIG, binding={"paramRef": found}, others=maps)
    yield setup(
        "parameters",
        longest,
        on=ALL,
        paramKind=CONFIG,
        binding={"paramRef": some, "validationActions": ["Warn", "Audit"]},
        others=maps,
    )
    yield setup(
        "own-parameter",
        longest,
        on={**ALL, "scope": "Namespaced"},
        paramKind=CONFIG,
        binding={"paramRef": {"name": "found", "parameterNotFoundAction": "Deny"}},
        others=[*maps, config("found", "kube-system", longest="9")],
    )
    yield setup("missing-parameter", longest, paramKind=CONFIG, bindings=[{"paramRef": {**found, "name": "missing"}}])
    yield setup(
        "optional-parameter",
        "params == null || params.data.x == 'y'",
        on=ALL,
        paramKind=CONFIG,
        bindings=[{}, {"paramRef": {**found, "parameterNotFoundAction": "Allow"}, "validationActions": ["Warn"]}],
        others=maps,
    )
    yield setup(
        "cluster-wide-parameter",
        longest,
        on={**ALL, "scope": "Cluster"},
        paramKind=CONFIG,
        binding={"paramRef": {"name": "found", "parameterNotFoundAction": "Allow"}},
        others=maps,
    )
    custom = {"apiVersion": "rules.example.com/v1", "kind": "NameRule", "metadata": {"name": "strict"}, "longest": 10}
    schema = {"type": "object", "properties": {"longest": {"type": "integer"}}}
    names = {"kind": "NameRule", "listKind": "NameRuleList", "plural": "namerules", "singular": "namerule"}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "namerules.rules.example.com"},
        "spec": {"group": "rules.example.com", "names": names, "scope": "Cluster", "versions": [version]},
    }
    yield setup(
        "own-kind",
        "size(object.metadata.name) <= params.longest && params.kind == 'NameRule'",
        on=ALL,
        paramKind={"apiVersion": "rules.example.com/v1", "kind": "NameRule"},
        binding={"paramRef": {"name": "strict", "parameterNotFoundAction": "Deny"}},
        others=[custom, definition],
    )


def _unknown() -> Iterator[Setup]:
    yield setup("updated", "oldObject == null || oldObject.spec == object.spec", "size(object.metadata.name) < 9")
    yield setup("user", "request.userInfo.username == 'tester'", "size(object.metadata.name) < 9", on=ALL)
    yield setup(
        "user-condition",
        "false",
        on=ALL,
        matchConditions=[{"name": "user", "expression": "!('system:masters' in request.userInfo.groups)"}],
    )
    yield setup(
        "authorizer",
        "authorizer.group('apps').resource('daemonsets').namespace('default').check('create').allowed()",
        on=ALL,
    )
    yield setup("uid", "object.metadata.uid != ''", "has(object.metadata.creationTimestamp)", on=ALL)
