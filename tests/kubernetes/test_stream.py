"""Manifests as they are found: several documents, lists, what is empty and what is not validated."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.stream import manifests, unfold_list, validate_documents, validate_stream
from tests.kubernetes.manifests import daemonset

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def names(text: str) -> list[tuple[str, str, str]]:
    roots = [root for document in read(text, "a.yaml") for root in unfold_list(document)[0]]
    return [(root.get("apiVersion", ""), root.get("kind", ""), root["metadata"]["name"]) for root in roots]


def said(text: str) -> list[tuple[str, str, int]]:
    return [(problem.code, problem.severity, problem.line) for problem in validate_stream(text, "a.yaml").problems]


class TestNothing:
    """What `kubectl apply` skips: https://github.com/kubernetes/cli-runtime, `pkg/resource/visitor.go`."""

    @pytest.mark.parametrize("nothing", ["", "# Source: chart/templates/off.yaml\n", "null\n", "~\n", "\n\n"])
    def test_documents_that_are_nothing(self, nothing: str) -> None:
        other = CONFIG_MAP.replace("name: a", "name: b")
        found = validate_stream(f"{nothing}---\n{CONFIG_MAP}---\n{nothing}---\n{other}---\n", "a.yaml")
        assert (found.problems, found.judged) == ([], 2)

    @pytest.mark.parametrize("nothing", ["{}", "[]", "''", "text"])
    def test_documents_that_are_something_else(self, nothing: str) -> None:
        assert said(f"{CONFIG_MAP}---\n{nothing}\n") == [("missing-kind", "error", 5)]


class TestLists:
    def test_what_items_say_of_themselves_wins(self) -> None:
        text = "apiVersion: apps/v1\nkind: DaemonSetList\nitems:\n- metadata: {name: a}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: b}\n"
        assert names(text) == [("apps/v1", "DaemonSet", "a"), ("v1", "ConfigMap", "b")]

    @pytest.mark.parametrize("kind", ["List", "ConfigMapList"])
    def test_empty_ones(self, kind: str) -> None:
        assert (
            said(f"apiVersion: v1\nkind: {kind}\nitems: []\n") == said(f"apiVersion: v1\nkind: {kind}\nitems:\n") == []
        )

    def test_of_others(self) -> None:
        text = "apiVersion: example.com/v1\nkind: ThingList\nitems: [{metadata: {name: a}}]\n"
        assert names(text) == [("example.com/v1", "Thing", "a")]
        assert validate_stream(text, "").others == ["Thing"]

    def test_faults_stand_at_their_items(self) -> None:
        text = "apiVersion: apps/v1\nkind: DaemonSetList\nitems:\n- metadata: {name: a}\n  spec: {}\n- metadata: {name: b}\n  spec: {}\n"
        lines = {problem.line for problem in validate_stream(text, "a.yaml").problems}
        assert lines == {5, 7}

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("apiVersion: v1\nkind: List\nitems: [{metadata: {name: a}}]\n", "missing-kind"),
            ("apiVersion: apps/v1\nkind: DaemonSetList\nitems: [{kind: DaemonSet}]\n", "missing-kind"),
            ("apiVersion: apps/v1\nkind: DaemonSetList\n", "unknown-kind"),
            ("apiVersion: apps/v1\nkind: DaemonSetList\nitems: {a: b}\n", "unknown-kind"),
            ("apiVersion: apps/v1\nkind: DaemonsetList\nitems: [{metadata: {name: a}}]\n", "unknown-kind"),
            ("apiVersion: apps/v1\nkind: DaemonsetList\nitems: []\n", "unknown-kind"),
            ("apiVersion: apps/v2\nkind: List\nitems: []\n", "unknown-kind"),
            ("kind: List\nitems: []\n", "missing-kind"),
            ("apiVersion: v1\nkind: ConfigMapList\nitems: [a]\n", "missing-kind"),
            ("apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: ConfigMapList, items: []}]\n", "unknown-kind"),
            ("apiVersion: extensions/v1beta1\nkind: DaemonSetList\nitems: [{metadata: {name: a}}]\n", "removed-kind"),
        ],
    )  # fmt: skip
    def test_what_kubectl_refuses(self, text: str, code: str) -> None:
        assert [found[:2] for found in said(text)] == [(code, "error")]

    def test_a_faulty_list_says_it_once(self) -> None:
        items = "items: [{metadata: {name: a}}, {metadata: {name: b}}]\n"
        (first, second) = validate_stream(f"apiVersion: apps/v1\nkind: DaemonsetList\n{items}", "a.yaml").problems
        assert first == second


class TestNotValidated:
    def test_a_note_for_each(self) -> None:
        thing = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n"
        flow = "apiVersion: storage.k8s.io/v1\nkind: CSINode\nmetadata: {name: a}\n"
        found = validate_stream(f"{thing}---\n{daemonset()}---\n{flow}", "a.yaml")
        assert (found.judged, found.in_part, found.others) == (2, ["CSINode"], ["Thing"])
        assert [(note.code, note.severity, note.line) for note in found.problems] == [
            ("unvalidated-object", "note", 2),
            ("unvalidated-rules", "note", 15),
        ]

    def test_fields_and_metadata_of_a_kind_without_rules(self) -> None:
        text = "apiVersion: storage.k8s.io/v1\nkind: CSINode\nmetadata: {name: a, labels: {-: b}}\nspec: {x: 1, drivers: 5}\n"
        assert [found[:2] for found in said(text)] == [
            ("unknown-field", "error"),
            ("invalid-field-type", "error"),
            ("invalid-label", "error"),
            ("unvalidated-rules", "note"),
        ]

    @pytest.mark.parametrize(
        ("time", "is_valid"),
        [
            ("2026-01-31T12:00:00.000000Z", True),
            ("2026-01-31T12:00:00.123456+01:00", True),
            ("2026-01-31T12:00:00Z", False),
            ("2026-01-31T12:00:00.000Z", False),
            ("2026-02-31T12:00:00.000000Z", False),
        ],
    )
    def test_a_time_of_microseconds(self, time: str, is_valid: bool) -> None:
        """The server reads the times of a Lease with six digits, and no others."""
        text = (
            f"apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {{name: a}}\nspec: {{renewTime: '{time}'}}\n"
        )
        assert ("invalid-time" not in [found[0] for found in said(text)]) == is_valid

    def test_what_is_asked_and_not_kept_needs_no_name(self) -> None:
        text = "apiVersion: authentication.k8s.io/v1\nkind: TokenReview\nspec: {token: x}\n"
        assert [found[:2] for found in said(text)] == [("unvalidated-rules", "note")]

    @pytest.mark.parametrize(
        ("version", "kind", "is_on"),
        [
            ("storage.k8s.io/v1", "CSINode", True),
            ("example.com/v1alpha1", "Thing", True),
            ("storagemigration.k8s.io/v1beta1", "StorageVersionMigration", False),
        ],
    )
    def test_what_is_off_by_default(self, version: str, kind: str, is_on: bool) -> None:
        (note,) = validate_stream(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n", "").problems
        assert ("--runtime-config" in note.hint) != is_on

    @pytest.mark.parametrize(("version", "notes"), [("v1", []), ("v1beta1", ["missing-runtime-config"])])
    def test_what_has_rules_and_is_off_by_default(self, version: str, notes: list[str]) -> None:
        found = said(f"apiVersion: resource.k8s.io/{version}\nkind: ResourceClaim\nmetadata: {{name: a}}\nspec: {{}}\n")
        assert [code for code, severity, *_ in found if severity == "note"] == notes

    def test_what_is_apart(self) -> None:
        found = validate_documents(read(CONFIG_MAP, ""), is_apart=lambda root: bool(root.get("kind") == "ConfigMap"))
        assert (found.problems, found.judged, [root["kind"] for root in found.apart]) == ([], 0, ["ConfigMap"])


class TestWhatIsAManifest:
    @pytest.mark.parametrize(
        "text",
        [
            f"%YAML 1.2\n---\n{CONFIG_MAP}",
            f"{CONFIG_MAP}data: [a\n",
            f"{CONFIG_MAP}data: {{a: [b?c]}}\n",
            '{"kind": "ConfigMap", "apiVersion": "v1", "data": [?]}',
            f"\ufeff{CONFIG_MAP}\tx",
        ],
    )
    def test_one_that_cannot_be_read(self, text: str) -> None:
        documents = manifests(text.encode(), "a.yaml")
        assert documents is not None
        assert [document.root for document in documents] == [None]

    @pytest.mark.parametrize(
        "text",
        [
            "name: a\ncontainers: {a: {image: x}}\n",
            "name: a\nconfigMaps: {a: {data: {b: |\n  apiVersion: v1\n",
            "name: a\nconfigMaps:\n  a:\n    data:\n      b: |\n        apiVersion: v1\n  c: [\n",
        ],
    )
    def test_a_profile(self, text: str) -> None:
        assert manifests(text.encode(), "a.yaml") is None
