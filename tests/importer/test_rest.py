"""What no profile can express is written as it was with `--rest`, so that nothing of the input is lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dsgen.cli import main
from dsgen.importer.read.objects import given_objects
from dsgen.importer.write.rest import rest_files
from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.stream import unfold_list
from dsgen.plain import plain
from dsgen.tree import as_map
from tests.cli.test_commands import Run, folder, run
from tests.importer.imports import CORPUS, daemonset

__all__ = ["folder", "run"]

DOCUMENT = """\
# About the account,
# in two lines.
apiVersion: v1
kind: ServiceAccount
metadata: {name: other, namespace: tools}  # theirs
# The last comment.
"""
LIST = """\
apiVersion: v1
kind: List
items:
  # About the role.
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    # Inside.
    metadata: {name: a, namespace: tools}
    rules: []
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: b
    data:
      text: |
        # Text, not a comment.
        ---
        - more
"""


def files(text: str) -> dict[str, str]:
    given, _ = given_objects(text.encode(), "given.yaml")
    return dict(rest_files(given))


class TestText:
    def test_a_document_is_as_it_was(self) -> None:
        assert (
            files(f"---\n# Source: x\n{DOCUMENT}---\n{daemonset()}")["serviceaccount-other.yaml"]
            == f"# Source: x\n{DOCUMENT}"
        )

    def test_the_head_of_the_file_is_kept(self) -> None:
        assert files(f"# License.\n\n---\n{DOCUMENT}")["serviceaccount-other.yaml"] == f"# License.\n{DOCUMENT}"

    def test_items_of_a_list_lose_their_indentation(self) -> None:
        assert files(LIST) == {
            "role-a.yaml": "# About the role.\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n# Inside.\n"
            "metadata: {name: a, namespace: tools}\nrules: []\n",
            "configmap-b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\ndata:\n  text: |\n"
            "    # Text, not a comment.\n    ---\n    - more\n",
        }

    @pytest.mark.parametrize(
        "text",
        [
            '{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}]}',
            "apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: a}\n",
            "--- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n",
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Secret, metadata: {name: a}},\n {apiVersion: v1, kind: Secret, metadata: {name: b}}]\n",
            "apiVersion: v1\nkind: List\nitems:\n- &a {apiVersion: v1, kind: Secret, metadata: &m {name: a}}\n- {apiVersion: v1, kind: Pod, metadata: *m}\n",
        ],
    )
    def test_what_has_no_lines_of_its_own_is_written_anew(self, text: str) -> None:
        (document,) = read(text)
        given = [plain(root) for root in unfold_list(document)[0]]
        assert [plain(read(each)[0].root) for each in files(text).values()] == given

    def test_what_the_server_wrote_is_left_out(self) -> None:
        text = (
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  uid: x\n  resourceVersion: '5'\n  annotations:\n"
            "    kubectl.kubernetes.io/last-applied-configuration: '{}'\nstatus: {}\n"
        )
        assert files(text) == {"secret-a.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n"}


class TestNames:
    def test_one_name_in_two_namespaces_and_an_object_twice(self) -> None:
        text = "---\n".join(
            f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a, namespace: {namespace}}}\n"
            for namespace in ("x", "z", "x")
        )
        assert list(files(text)) == ["secret-a-x.yaml", "secret-a-z.yaml", "secret-a-x-2.yaml"]

    @pytest.mark.parametrize(
        ("metadata", "name"),
        [
            ("name: system:node", "secret-system-node"),
            ("name: ../a", "secret-..-a"),
            ("generateName: a-", "secret-a"),
            ("{}", "secret-"),
        ],
    )
    def test_names_that_files_cannot_have(self, metadata: str, name: str) -> None:
        inside = metadata if metadata == "{}" else f"{{{metadata}}}"
        assert list(files(f"apiVersion: v1\nkind: Secret\nmetadata: {inside}\n")) == [f"{name}.yaml"]


class TestCommand:
    def test_it_tells_how_to_pass_them_on(self, folder: Path, run: Run) -> None:
        (folder / "given.yaml").write_text(f"{daemonset()}---\n{DOCUMENT}")
        result = run("import", "given.yaml", "-o", "profiles", "--rest", "rest", "--strict")
        assert result.exit_code == 0
        why = "ServiceAccount other is written to rest/serviceaccount-other.yaml: no imported DaemonSet uses it [kept-manifest]"
        assert why in result.stderr
        assert result.stderr.endswith(
            "agent: identical\n1 manifest written to rest; to generate them with the profiles, write `manifests: [rest]` in dsgen.yaml\n"
        )
        (folder / "dsgen.yaml").write_text("manifests: [rest]\n")
        assert run("import", "given.yaml", "-o", "profiles", "--rest", "rest").stderr.endswith(
            "1 manifest written to rest\n"
        )
        (folder / "all.yaml").write_text(run("generate", "-o", "-").stdout)
        assert run("diff", "given.yaml", "all.yaml").stdout == "no changes\n"

    @pytest.mark.parametrize(
        ("patterns", "is_passed_on"),
        [
            ("[rest]", True),
            ("['rest/serviceaccount-*.yaml']", True),
            ("['**/*.yaml']", True),
            ("['rest/*.json']", False),
            ("['rest/a*']", False),
            ("[re]", False),
        ],
    )
    def test_it_asks_the_project_what_is_passed_on(
        self, patterns: str, is_passed_on: bool, folder: Path, run: Run
    ) -> None:
        (folder / "given.yaml").write_text(f"{daemonset()}---\n{DOCUMENT}")
        (folder / "dsgen.yaml").write_text(f"manifests: {patterns}\n")
        said = run("import", "given.yaml", "-o", "profiles", "--rest", "rest").stderr
        assert said.endswith("1 manifest written to rest\n") == is_passed_on

    def test_nothing_is_overwritten(self, folder: Path, run: Run) -> None:
        (folder / "given.yaml").write_text(f"{daemonset()}---\n{DOCUMENT}")
        (folder / "rest").mkdir()
        (folder / "rest/serviceaccount-other.yaml").write_text("mine\n")
        result = run("import", "given.yaml", "-o", "profiles", "--rest", "rest")
        assert result.exit_code == 1
        assert "rest/serviceaccount-other.yaml already exists" in result.stderr
        assert "manifest written" not in result.stderr
        assert (folder / "rest/serviceaccount-other.yaml").read_text() == "mine\n"


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.yaml"))[::6], ids=lambda path: path.stem)
def test_every_object_is_somewhere(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects in and out: what the project generates are the objects of the input, or a problem names the object."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "profiles").mkdir()
    (tmp_path / "dsgen.yaml").write_text("")
    result = CliRunner().invoke(main, ["import", str(path), "-o", "profiles", "--rest", "rest"])
    if (tmp_path / "rest").exists():
        (tmp_path / "dsgen.yaml").write_text("manifests: [rest]\n")
    given, _ = given_objects(path.read_bytes(), str(path))
    made = CliRunner().invoke(main, ["generate", "-o", "-", "-q"]).stdout
    if "import-differs" in result.stderr or not made:
        pytest.skip("Kubernetes rejects the manifest")
    found: Counter[Any] = Counter(map(identity, (each.root for each in read(made))))
    wanted: Counter[Any] = Counter(identity(each.root) for each in given)
    assert wanted - found == Counter()


def identity(root: Any) -> tuple[str, str]:
    return str(as_map(root).get("kind")), str(as_map(root).map("metadata").get("name"))
