"""Manifests that cannot be imported unchanged: their problems, the positions of these, and the profiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsgen.problem import has_errors
from tests.factories import codes
from tests.importer.imports import Outcome, daemonset, imports

EXAMPLES = Path(__file__).parent.parent / "examples"


def said(outcome: Outcome) -> list[str]:
    return [f"{problem.code}: {problem.message} ({problem.hint})" for problem in outcome.problems]


class TestCorrected:
    """Faults with only one possible correction."""

    @pytest.mark.parametrize("name", ["node-specific", "ssd-monitor"])
    def test_the_examples(self, name: str) -> None:
        outcome = imports((EXAMPLES / name / "given.yaml").read_bytes())
        assert not has_errors(outcome.problems)
        assert sorted({problem.code for problem in outcome.problems}) == ["corrected-manifest", "import-differs"]
        meant = imports((EXAMPLES / name / "expected.yaml").read_bytes())
        assert [line.partition("  #")[0] for line in outcome.text.splitlines()] == [
            line.partition("  #")[0] for line in meant.text.splitlines()
        ]

    def test_misplaced_field_is_moved(self) -> None:
        outcome = imports(daemonset(spec="nodeSelector: {disktype: ssd}"))
        assert "nodes: {select: {disktype: ssd}}\n" in outcome.text
        assert codes(outcome.problems)[0] == (8, 3, "corrected-manifest")
        assert said(outcome)[0].endswith("(imported as `spec.template.spec.nodeSelector`)")

    def test_probe_timing_in_the_handler_is_moved(self) -> None:
        outcome = imports(daemonset(container="livenessProbe: {exec: {command: [a], periodSeconds: 5}}"))
        assert "livenessProbe: {exec: [a], periodSeconds: 5}" in outcome.text
        assert not has_errors(outcome.problems)

    def test_path_next_to_its_volume_source_is_moved(self) -> None:
        outcome = imports(
            daemonset("volumes: [{name: log, hostPath: , path: /log}]", "volumeMounts: [{name: log, mountPath: /log}]")
        )
        assert "/log: {hostPath: /log}" in outcome.text
        assert not has_errors(outcome.problems)

    def test_wrong_case_is_corrected(self) -> None:
        outcome = imports(daemonset("hostnetwork: true"))
        assert "\nhostNetwork: true\n" in outcome.text
        assert not has_errors(outcome.problems)

    @pytest.mark.parametrize(
        ("pod", "expected"),
        [
            ("nodeSelector: {a: true, b: 1.10}", "nodes: {select: {a: true, b: 1.10}}\n"),
            ("terminationGracePeriodSeconds: '5'", "terminationGracePeriodSeconds: 5\n"),
            ("hostNetwork: 'true'", "hostNetwork: true\n"),
            (
                "volumes: [{name: a, configMap: {name: a, defaultMode: '0o400'}}]",
                "configMap: {name: a, defaultMode: 0400}",
            ),
        ],
    )
    def test_value_of_the_wrong_type_is_converted(self, pod: str, expected: str) -> None:
        outcome = imports(daemonset(pod))
        assert expected in outcome.text
        assert not has_errors(outcome.problems)

    def test_number_with_too_many_digits_is_not_converted(self) -> None:
        outcome = imports(daemonset(metadata=f"generation: 0o{'7' * 9000}"))
        assert [problem.code for problem in outcome.problems] == ["invalid-field-type"]

    def test_ambiguous_faults_are_not_corrected(self) -> None:
        outcome = imports(daemonset("nodeSelector: {a: yes}", spec="labels: {a: b}"))
        assert "nodes" not in outcome.text
        assert [problem.code for problem in outcome.problems if problem.severity == "error"] == [
            "unknown-field",
            "invalid-field-type",
        ]

    def test_field_that_fits_in_two_places_is_not_moved(self) -> None:
        """A security context in an entry of `env` may be that of the container, or that of the pod."""
        outcome = imports(daemonset(container="env: [{name: A, value: b, securityContext: {runAsUser: 0}}]"))
        assert "runAsUser" not in outcome.text
        assert [problem.code for problem in outcome.problems] == ["unknown-field"]

    def test_missing_selector_is_added(self) -> None:
        text = daemonset().replace("  selector:\n    matchLabels: {app: agent}\n", "")
        outcome = imports(text)
        assert "selector: {app: agent}" in outcome.text
        assert codes(outcome.problems)[0][2] == "corrected-manifest"


class TestLegacy:
    def test_extensions_v1beta1(self) -> None:
        text = daemonset(spec="templateGeneration: 5").replace("apps/v1", "extensions/v1beta1")
        outcome = imports(text.replace("  selector:\n    matchLabels: {app: agent}\n", ""))
        assert (
            outcome.text
            == "name: agent\nlabels: {app: agent}\nstandardLabels: false\nselector: [app]\nupdate: OnDelete\ncontainers:\n  agent: {image: x}\n"
        )
        assert codes(outcome.problems) == [(1, 13, "removed-version")]
        assert outcome.imported[0].same

    @pytest.mark.parametrize("version", ["extensions/v1beta1", "apps/v1beta2"])
    def test_labels_of_the_pods(self, version: str) -> None:
        """The old server gave them to a DaemonSet without labels, in the older of the versions."""
        bare = daemonset().replace("apps/v1", version)
        assert ("labels: {app: agent}" in imports(bare).text) == (version == "extensions/v1beta1")
        own = daemonset(metadata="labels: {a: b}").replace("apps/v1", version)
        assert "\nlabels: {a: b}\n" in imports(own).text

    def test_extensions_v1beta1_with_an_update_strategy(self) -> None:
        text = daemonset(spec="updateStrategy: {type: RollingUpdate}").replace("apps/v1", "extensions/v1beta1")
        assert "update" not in imports(text).text

    def test_apps_v1beta2(self) -> None:
        outcome = imports(daemonset().replace("apps/v1", "apps/v1beta2"))
        assert "update" not in outcome.text
        assert codes(outcome.problems) == [(1, 13, "removed-version")]


class TestRefused:
    """What Kubernetes rejects is imported, with its problems; nothing is lost."""

    def test_a_duplicate_name(self) -> None:
        outcome = imports(
            daemonset().replace("        - name: agent\n", "        - {name: agent, image: z}\n        - name: agent\n")
        )
        assert outcome.text.endswith("containers:\n  - name: agent\n    image: z\n  - name: agent\n    image: x\n")
        assert [problem.code for problem in outcome.problems] == ["duplicate-container-name"]
        assert outcome.imported[0].same is None

    def test_an_unknown_field(self) -> None:
        outcome = imports(daemonset("hostNetwrok: true\nhostPID: true"))
        assert "hostNetwrok" not in outcome.text
        assert "hostPID: true" in outcome.text
        assert codes(outcome.problems) == [(12, 7, "unknown-field")]

    def test_a_field_of_a_later_version(self) -> None:
        text = daemonset("hostnameOverride: a")
        assert [problem.code for problem in imports(text, minor="1.33").problems] == ["unknown-field"]
        assert "hostnameOverride: a" in imports(text, minor="1.36").text

    def test_duplicate_key(self) -> None:
        outcome = imports(daemonset("hostPID: true\nhostPID: true"))
        assert codes(outcome.problems) == [(13, 7, "duplicate-key")]
        assert "hostPID: true" in outcome.text

    def test_name_that_is_too_long_for_a_profile(self) -> None:
        outcome = imports(daemonset().replace("  name: agent\n", f"  name: {'a' * 64}\n", 1))
        assert [problem.code for problem in outcome.problems] == ["invalid-profile-name"]
        assert outcome.imported[0].same is None


class TestNotADaemonSet:
    def test_helm_template(self) -> None:
        outcome = imports("apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: {{ .Release.Name }}\n")
        assert codes(outcome.problems) == [(4, 9, "unrendered-template")]
        assert "helm template" in outcome.problems[0].hint
        assert not outcome.imported

    def test_helm_template_that_is_valid_yaml(self) -> None:
        outcome = imports("apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: '{{ .Values.name }}'\n")
        assert codes(outcome.problems) == [(4, 10, "unrendered-template")]

    def test_braces_in_strings_are_text(self) -> None:
        config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    {{ template "x" . }}\n'
        assert imports(config + "---\n" + daemonset()).imported[0].same

    def test_helm_template_with_escaped_braces(self) -> None:
        text = 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: "\\x7b{ .Values.name }}"}\n'
        assert codes(imports(text).problems) == [(1, 1, "unrendered-template")]

    def test_empty_braces_are_invalid_yaml(self) -> None:
        assert [problem.code for problem in imports("a: {{ {{\n").problems] == ["invalid-yaml"]

    def test_invalid_yaml_with_braces_in_a_comment(self) -> None:
        assert codes(imports("# {{ x }}\na: [\n").problems) == [(2, 4, "invalid-yaml")]

    def test_actions_in_arguments_are_text(self) -> None:
        assert imports(daemonset(container="args: ['--format={{ ts }}']")).imported[0].same

    def test_a_deployment(self) -> None:
        outcome = imports(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {replicas: 2, strategy: {}, selector: {}, template: {}}
            """
        )
        assert said(outcome) == [
            "missing-daemonset: Deployment web is not a DaemonSet (to run one pod on each node, without spec.replicas, spec.strategy, change it to "
            "`apiVersion: apps/v1` and `kind: DaemonSet`; its `strategy` becomes `updateStrategy`)"
        ]

    def test_other_workload_next_to_a_daemonset(self) -> None:
        job = "spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}\n"
        outcome = imports(daemonset() + f"---\napiVersion: batch/v1\nkind: Job\nmetadata: {{name: once}}\n{job}")
        assert outcome.imported[0].same
        assert said(outcome) == [
            "unimported-object: Job once is not imported: profiles have no key for Job of batch/v1 (keep its manifest with `--rest DIR`, or apply it separately)"
        ]
        assert not has_errors(outcome.problems)

    def test_an_object_that_kubernetes_rejects_and_no_profile_generates(self) -> None:
        """The manifest that is kept would be an error of the project."""
        (found,) = said(
            imports(daemonset() + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: '?'}\n")
        )
        assert found == (
            "unimported-object: Secret a is not imported: profiles have no key for Secret of v1, and Kubernetes rejects it: "
            "`data.a`: the string is not valid base64 (invalid-base64) (fix it, and keep its manifest with `--rest DIR`, or apply it separately)"
        )

    @pytest.mark.parametrize("text", ["", "a: b\n", "- 1\n", "text\n", "# nothing\n"])
    def test_not_kubernetes(self, text: str) -> None:
        assert codes(imports(text).problems) == [(1, 1, "missing-kubernetes-object")]

    def test_broken_yaml(self) -> None:
        assert codes(imports("a: [\n").problems) == [(1, 4, "invalid-yaml")]

    def test_an_unknown_version(self) -> None:
        outcome = imports(daemonset().replace("apps/v1", "apps/v2"))
        assert [problem.code for problem in outcome.problems] == ["unknown-kind"]
        assert not outcome.imported

    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            ("apiVersion: apps/v1\nKind: DaemonSet\nmetadata: {name: two}\nspec: {}\n", "unknown-field", 17),
            ("apiVersion: apps/v1\nmetadata: {name: two}\nspec: {}\n", "missing-kind", 16),
            ("apiVersion: apps/v1\nkind: Daemonset\nmetadata: {name: two}\n", "unknown-kind", 17),
            ("apiVersion: v1\nkind: Configmap\nmetadata: {name: two}\n", "unknown-kind", 17),
            ("text\n", "missing-kind", 16),
            ("- 1\n", "missing-kind", 16),
            ("apiVersion: v1\nkind: List\nitems:\n- metadata: {name: two}\n", "missing-kind", 19),
        ],
    )
    def test_document_that_is_not_an_object(self, text: str, code: str, line: int) -> None:
        outcome = imports(f"{daemonset()}---\n{text}")
        assert outcome.imported[0].same
        assert (line, code) in [(problem.line, problem.code) for problem in outcome.problems]
        assert has_errors(outcome.problems)

    def test_kind_that_was_removed(self) -> None:
        role = "apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: Role\nmetadata: {name: two}\n"
        outcome = imports(f"{daemonset()}---\n{role}---\n")
        assert [problem.code for problem in outcome.problems] == ["unimported-object"]

    def test_daemonset_of_another_api_group(self) -> None:
        other = "apiVersion: apps.kruise.io/v1alpha1\nkind: DaemonSet\nmetadata: {name: two}\nspec: {}\n"
        outcome = imports(f"{daemonset()}---\n{other}")
        assert said(outcome) == [
            "unimported-object: DaemonSet two is not imported: profiles have no key for DaemonSet of apps.kruise.io/v1alpha1 (keep its manifest with `--rest DIR`, or apply it separately)"
        ]

    def test_patch_of_a_daemonset(self) -> None:
        outcome = imports(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec: {template: {spec: {hostPID: true}}}\n"
        )
        assert [problem.code for problem in outcome.problems] == ["partial-daemonset"]
        assert not outcome.imported


def test_a_mount_and_a_volume_without_names() -> None:
    outcome = imports(daemonset("volumes: [{hostPath: {path: /v}}]", "volumeMounts: [{mountPath: /v}]"))
    assert "missing-volume-name" in {problem.code for problem in outcome.problems}


class TestTheSameObjectTwice:
    SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {a: b}\n"

    @pytest.mark.parametrize("twin", [daemonset(), SECRET])
    def test_with_the_same_content(self, twin: str) -> None:
        """It is left out, and it is not in the rest twice."""
        outcome = imports("---\n".join([daemonset(), self.SECRET, twin]))
        assert [each.same for each in outcome.imported] == [True]
        assert [each.code for each in outcome.problems].count("duplicate-input-object") == 1
        assert [each.code for each in outcome.problems].count("unimported-object") == 1

    @pytest.mark.parametrize(
        ("twin", "found"),
        [
            (daemonset("hostNetwork: true"), "DaemonSet agent is also at given.yaml:2, with different content"),
            (SECRET.replace("a: b", "a: c"), "Secret token is also at given.yaml:17, with different content"),
        ],
    )
    def test_with_different_content(self, twin: str, found: str) -> None:
        outcome = imports("---\n".join([daemonset(), self.SECRET, twin]))
        (problem,) = [each for each in outcome.problems if each.severity == "error"]
        assert (problem.code, problem.message) == ("conflicting-input-objects", found)
        assert len(outcome.imported) == 1

    def test_the_former_group_of_a_daemonset(self) -> None:
        legacy = daemonset().replace("apps/v1", "extensions/v1beta1")
        assert "conflicting-input-objects" in [each.code for each in imports(f"{daemonset()}---\n{legacy}").problems]

    def test_a_kind_of_another_group(self) -> None:
        other = self.SECRET.replace("v1", "example.com/v1").replace("stringData", "spec")
        outcome = imports("---\n".join([daemonset(), self.SECRET, other]))
        assert {each.code for each in outcome.problems} == {"unimported-object"}
