from __future__ import annotations

import pytest

from conformance.dsgen_outcome import Verdict, verdict
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema import decode_errors
from dsgen.kubernetes.schema.decode import decode
from dsgen.kubernetes.validate import validate
from dsgen.plain import plain
from tests.kubernetes.manifests import daemonset, said


def container(fields: str) -> str:
    return daemonset().replace("image: 'registry.example/agent:1'", f"image: a, {fields}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing-kind"),
        ("a: b", "missing-kind kind"),
        (daemonset().replace("apps/v1", "''"), "missing-kind apiVersion"),
        (daemonset().replace("DaemonSet", "5"), "missing-kind kind"),
        (daemonset().replace("apps/v1", "apps/v1beta1"), "unknown-kind apiVersion"),
        (daemonset().replace("DaemonSet", "daemonset"), "unknown-kind kind"),
        (daemonset().replace("kind:", "Kind:"), "unknown-field Kind"),
        ("apiVersion: policy/v1\nKind: PodDisruptionBudget\nmetadata: {name: a}\n", "unknown-field Kind"),
        (daemonset(spec="minReadySeconds: '1'"), "invalid-field-type spec.minReadySeconds"),
        (daemonset(spec="minReadySeconds: 1.5"), "invalid-field-type spec.minReadySeconds"),
        (daemonset(spec="minReadySeconds: yes"), "invalid-field-type spec.minReadySeconds"),
        (daemonset(spec="minReadySeconds: 2147483648"), "out-of-range-number spec.minReadySeconds"),
        (daemonset("name: 1"), "invalid-field-type metadata.name"),
        (daemonset("name: a, labels: {a: 1}"), "invalid-field-type metadata.labels.a"),
        (daemonset("name: a, labels: [a]"), "invalid-field-type metadata.labels"),
        (daemonset("name: a, generation: 9223372036854775808"), "out-of-range-number metadata.generation"),
        (daemonset("name: a, creationTimestamp: 2026-02-30T00:00:00Z"), "invalid-time metadata.creationTimestamp"),
        (daemonset(pod="hostNetwork: 'true'"), "invalid-field-type spec.template.spec.hostNetwork"),
        (daemonset(pod="nodeSelector: {a: yes}"), "invalid-field-type spec.template.spec.nodeSelector.a"),
        (container("args: -v"), "invalid-field-type spec.template.spec.containers[0].args"),
        (container("args: [n]"), "invalid-field-type spec.template.spec.containers[0].args[0]"),
        (
            container("resources: {limits: {cpu: 1K}}"),
            "invalid-quantity spec.template.spec.containers[0].resources.limits.cpu",
        ),
        (
            container("resources: {limits: {cpu: yes}}"),
            "invalid-field-type spec.template.spec.containers[0].resources.limits.cpu",
        ),
        (
            container("ports: [{containerPort: 80, port: 80}]"),
            "unknown-field spec.template.spec.containers[0].ports[0].port",
        ),
        (daemonset(spec="nodeSelector: {a: b}"), "unknown-field spec.nodeSelector"),
        (
            daemonset("name: a, annotations: {deprecated.daemonset.template.generation: x}"),
            "invalid-template-generation metadata.annotations.deprecated.daemonset.template.generation",
        ),
    ],
)
def test_refused(text: str, says: str) -> None:
    assert said(text) == {says}


@pytest.mark.parametrize(
    "text",
    [
        daemonset(spec="minReadySeconds: 1.0"),
        daemonset(spec="minReadySeconds: 1e3"),
        daemonset(spec="minReadySeconds: ~"),
        daemonset(pod="hostNetwork: on"),
        daemonset("name: a, creationTimestamp: ~"),
        daemonset("name: a, creationTimestamp: '2026-02-28T1:00:00,5+01:00'"),
        container("args: [~, '']"),
        container("resources: {limits: {cpu: ~, memory: 1_000, ephemeral-storage: .5e3}}"),
        daemonset() + "status: {numberReady: -1}\n",
    ],
)
def test_accepted(text: str) -> None:
    assert said(text) == set()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (daemonset(spec="nodeSelector: {a: b}"), "it belongs to `spec.template.spec.nodeSelector`"),
        (
            daemonset(template="app: agent, labels: {app: agent}", pod="labels: {app: agent}"),
            "it belongs to `spec.template.metadata.labels`",
        ),
        (container("hostNetwork: true"), "it belongs to `spec.template.spec.hostNetwork`"),
        (container("privileged: true"), "it belongs to `spec.template.spec.containers[0].securityContext.privileged`"),
        (container("volumeMount: []"), "did you mean `volumeMounts`?"),
        (container("imagepullpolicy: Always"), "did you mean `imagePullPolicy`?"),
        (container("args: -v"), "write a list: `- -v`"),
        (container("args: [1]"), "quote it: `'1'`"),
        (container("args: [n]"), "quote it: `'n'`"),
        (container("args: [On]"), "quote it: `'On'`"),
        (container("args: [false]"), "quote it: `'false'`"),
        (container("args: [012]"), "quote it: `'012'`"),
        (daemonset(spec="minReadySeconds: '1'"), "write `1` without quotes"),
        (container("resources: {limits: {memory: 1GB}}"), "`G` may be intended"),
        (container("resources: {limits: {memory: 64B}}"), "the suffix `B` is unknown"),
        (container("resources: {limits: {memory: 64MB}}"), "`M` may be intended"),
        (container("resources: {limits: {memory: 64MiB}}"), "`Mi` may be intended"),
        (container("resources: {limits: {memory: 64 Mi}}"), "remove the space"),
    ],
)
def test_hints(text: str, hint: str) -> None:
    assert any(hint in problem.hint for problem in validate(read_first(text).root))


def test_so_many_faults_of_an_object_have_suggestions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode_errors, "SUGGESTIONS", 2)
    problems = validate(read_first(container("imagepullpolicy: 1, volumeMount: 1, Env: 1, Ports: 1")).root)
    hints = [problem.hint for problem in problems if problem.code == "unknown-field"]
    assert hints == ["did you mean `imagePullPolicy`?", "did you mean `volumeMounts`?", "", ""]


def test_a_field_of_another_version_says_from_which_on() -> None:
    text = daemonset(pod="hostnameOverride: a")
    (problem,) = validate(read_first(text).root, "1.33")
    assert problem.message.endswith("it was added in 1.34")
    assert said(text, "1.35") == set()


def test_all_problems_come_at_once_with_their_lines() -> None:
    text = daemonset("name: A").replace("minReady", "") + "  minReadySeconds: x\n  foo: bar\n"
    problems = validate(read_first(text, "a.yaml").root)
    assert [(problem.code, problem.line) for problem in problems] == [
        ("invalid-field-type", 9),
        ("unknown-field", 10),
        ("invalid-object-name", 3),
    ]


def test_a_value_of_the_wrong_type_is_not_missed_as_well() -> None:
    assert said(container("name: 5").replace("name: agent, image", "image")) == {
        "invalid-field-type spec.template.spec.containers[0].name"
    }


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("a: [", "yaml"),
        ("a: 1\na: .inf", "yaml"),
        (daemonset() + "kind: x\n", "strict"),
        (daemonset(spec="minReadySeconds: x") + "  foo: bar\n", "decode"),
        (daemonset("name: A") + "foo: bar\n", "strict"),
        (daemonset("name: A"), "validate"),
        (daemonset("name: a, annotations: {deprecated.daemonset.template.generation: x}"), "decode"),
        (daemonset(), ""),
    ],
)
def test_the_first_stage_that_finds_something_ends_the_verdict(text: str, stage: str) -> None:
    assert verdict(text).stage == stage


def test_the_verdict_names_kind_and_field() -> None:
    assert verdict(daemonset("name: A")) == Verdict("validate", frozenset({("Invalid", "metadata.name")}))


def test_nulls_become_what_they_stand_for_and_the_tree_given_is_not_changed() -> None:
    root = read_first(container("args: [~], resources: {limits: {cpu: ~}}")).root
    before = plain(root)
    decoded = decode(root)
    assert decoded.root is not root
    stated = plain(decoded.root)["spec"]["template"]["spec"]["containers"][0]  # type: ignore[index]
    assert (stated["args"], stated["resources"]) == ([""], {"limits": {"cpu": "0"}})
    assert plain(root) == before


def test_a_tree_that_fits_is_not_copied() -> None:
    root = read_first(daemonset()).root
    assert decode(root).root is root


def test_a_list_of_small_numbers_is_bytes() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nbinaryData: {a: [0, 255, 1e2, null]}\n"
    assert verdict(text) == Verdict("", frozenset())
    assert verdict(text.replace("255", "256")).stage == verdict(text.replace("255", "a")).stage == "decode"


def test_the_core_group_may_be_written_as_nothing_before_a_slash() -> None:
    text = "apiVersion: /v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    assert verdict(text) == Verdict("", frozenset())
    assert verdict(text.replace("/v1", "//v1")).stage == "decode"
    assert said(daemonset().replace("apps/v1", "/apps/v1")) == {"unknown-kind apiVersion"}
