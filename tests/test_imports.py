"""The direction of the imports is the direction of the data; and what a good profile needs is all that is loaded for it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "dsgen"
# Each part may use those of the lines above it, and its own line.
LAYERS = [
    {"version", "user_cache", "reading", "record", "harmless", "text_diff", "formerly", "lazy_yaml"},
    {"origin"},
    {"tree"},
    {"plain"},
    {"traversal"},
    {"problem"},
    {"python_parser", "parser", "syntax"},
    {"source", "comments"},
    {"choices"},
    {"yaml_writer"},
    {"kubernetes"},
    {"report"},
    {"profile"},
    {"fmt"},
    {"resolve"},
    {"rendering"},
    {"gitops"},
    {"project"},
    {"generate"},
    {"krm"},
    {"page"},
    {"plan", "diff", "catalogue"},
    {"build"},
    {"api", "assertions"},
    {"importer"},
    {"lsp"},
    {"cli"},
]
RANK = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}
# The same, within `dsgen.kubernetes`.
KUBERNETES = [
    {"schema"},
    {"semantics"},
    {"cel"},
    {"secrets", "scalars", "references", "expressions", "checksums"},
    {"manifest"},
    {"validation"},
    {"pod_security", "scheduling"},
    {"built_in"},
    {"custom"},
    {"validate"},
    {"update_effect", "relations", "requires"},
    {"policies"},
    {"lint"},
    {"apply"},
    {"stream"},
]
RANK_IN_KUBERNETES = {part: rank for rank, parts in enumerate(KUBERNETES) for part in parts}


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of dsgen that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "dsgen":
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "dsgen" else [node.module]
            yield from names
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("dsgen."))


def module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def targets(path: Path) -> Iterator[str]:
    """Yield the modules that a module imports, or imports names from."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "dsgen":
            for alias in node.names:
                whole = PACKAGE.parent / f"{node.module}.{alias.name}".replace(".", "/")
                is_module = whole.with_suffix(".py").is_file() or whole.is_dir()
                yield f"{node.module}.{alias.name}" if is_module else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("dsgen."))


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_imports_go_one_way() -> None:
    wrong = [
        f"dsgen.{part(path)} imports {name}"
        for path in PACKAGE.rglob("*.py")
        if part(path) not in ("__init__", "__main__")
        for name in imports(path)
        if RANK[name.split(".")[1]] > RANK[part(path)]
    ]
    assert wrong == []


def test_imports_within_kubernetes_go_one_way() -> None:
    wrong = []
    for path in (PACKAGE / "kubernetes").rglob("*.py"):
        own = path.relative_to(PACKAGE / "kubernetes").parts[0].removesuffix(".py")
        for name in targets(path) if own != "__init__" else ():
            other = name.split(".")[2] if name.startswith("dsgen.kubernetes.") else own
            if other != own and RANK_IN_KUBERNETES[other] >= RANK_IN_KUBERNETES[own]:
                wrong.append(f"dsgen.kubernetes.{own} imports {name}")
    assert wrong == []


def test_no_two_modules_import_each_other() -> None:
    """Nor is there a longer circle, wherever in the modules the imports are."""
    modules = {module(path): path for path in PACKAGE.rglob("*.py")}
    arrows = {name: {other for other in targets(path) if other in modules} for name, path in modules.items()}
    while True:
        ends = {name for name, others in arrows.items() if not others}
        if not ends:
            break
        arrows = {name: others - ends for name, others in arrows.items() if name not in ends}
    assert arrows == {}


def public_classes() -> dict[str, list[str]]:
    """Return the modules that define each public class."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(module(path))
    return found


# Names that two modules may give to their classes, with the reason.
SHARED_NAMES: dict[str, str] = {}


def test_no_two_public_classes_have_the_same_name() -> None:
    repeated = {name: modules for name, modules in public_classes().items() if len(modules) > 1}
    assert {name: modules for name, modules in repeated.items() if name not in SHARED_NAMES} == {}
    assert SHARED_NAMES.keys() <= repeated.keys()


def test_what_kubernetes_says_stands_alone() -> None:
    used = {name.split(".")[1] for path in (PACKAGE / "kubernetes").rglob("*.py") for name in imports(path)}
    assert used <= {
        "origin",
        "tree",
        "plain",
        "traversal",
        "problem",
        "parser",
        "syntax",
        "source",
        "choices",
        "kubernetes",
        "version",
        "record",
    }


def loaded(*arguments: str, folder: Path) -> set[str]:
    """Return the modules that a command loads."""
    code = "import sys\nfrom dsgen.cli import main\ntry:\n    main(sys.argv[1:])\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return set(done.stderr.split())


GOOD = "name: agent\ncontainers: {agent: {image: x}}\n"


def test_cerberus_is_not_loaded_for_a_good_profile(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(GOOD + "zzz: 1\n")
    assert "cerberus" not in loaded("generate", "good.yaml", "-o", "-", folder=tmp_path)
    assert "cerberus" in loaded("generate", "bad.yaml", "-o", "-", folder=tmp_path)


@pytest.mark.parametrize("more", ["", "namespace: agents\nserviceAccount: agent\n"])
def test_companions_are_loaded_for_profiles_that_have_some(tmp_path: Path, more: str) -> None:
    (tmp_path / "plain.yaml").write_text(GOOD + more)
    (tmp_path / "more.yaml").write_text(GOOD + "configMaps: {a: {data: {b: c}}}\n")
    companions = {"dsgen.resolve.companions", "dsgen.project.config_files", "dsgen.profile.shorthand.rules"}
    assert not companions & loaded("generate", "plain.yaml", "-o", "-", folder=tmp_path)
    assert "dsgen.resolve.companions" in loaded("generate", "more.yaml", "-o", "-", folder=tmp_path)


def test_help_loads_next_to_nothing(tmp_path: Path) -> None:
    assert not {"yaml", "jinja2", "cerberus", "dsgen.generate.generator"} & loaded("--help", folder=tmp_path)


def test_openssl_is_loaded_for_locked_presets_only(tmp_path: Path) -> None:
    (tmp_path / "dsgen.yaml").write_text("")
    assert "_hashlib" not in loaded("explain", "nodes", folder=tmp_path)
    assert "_hashlib" in loaded("presets", "lock", "node-exporter", folder=tmp_path)


def test_policies_and_schemas_are_loaded_for_objects_that_need_them(tmp_path: Path) -> None:
    agent = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: NAME}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}}\n"
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(agent.replace("NAME", name))
    found = loaded("validate", "one.yaml", "two.yaml", folder=tmp_path)
    assert "dsgen.kubernetes.policies.policies" in found
    others = {
        "dsgen.kubernetes.cel",
        "dsgen.kubernetes.schema.custom",
        "dsgen.kubernetes.policies.policy",
        "cel_expr_python",
    }
    assert not others & found
    policy = (
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: a}\nspec: {}\n"
    )
    (tmp_path / "policy.yaml").write_text(policy)
    assert "dsgen.kubernetes.policies.policy" in loaded("validate", "one.yaml", "policy.yaml", folder=tmp_path)
