"""Every message that a profile can bring about, under the line that it is about: read the pages."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from dsgen.problem import Code
from tests.golden_pages import Case, cases, rewrite

PAGES = sorted(Path(__file__).with_name("golden").glob("*.md"))


def test_pages_are_up_to_date(request: pytest.FixtureRequest) -> None:
    """With `--update`, write them anew."""
    if request.config.getoption("update"):
        for page in PAGES:
            rewrite(page)
    assert PAGES


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{page.stem}: {case.title}") for page in PAGES for case in cases(page)]
)
def test_case(case: Case, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("update"):
        pytest.skip("written anew")
    assert case.again() == case.body


# Told of elsewhere: what is refused before there is a profile, and what needs files or a project.
ELSEWHERE = {
    "tests/test_source.py": {"invalid-utf8", "unprintable-character", "too-deep-nesting", "alias-bomb", "invalid-merge-key", "invalid-yaml-key", "too-many-documents"},
    "tests/cli/test_output.py": {"changed-file", "foreign-file", "invalid-index", "invalid-output-folder", "output-drift"},
    "tests/build/test_changes.py": {"case-collision"},
    "tests/cli/test_commands.py": {"duplicate-profile-name", "path-outside-project", "conflicting-objects"},
    "tests/kubernetes/lint/test_apply.py": {"duplicate-entry-refused", "too-large-object", "too-large-object-refused"},
    "tests/kubernetes/lint/test_pods.py": {"missing-image-tag"},
    "tests/cli/test_environments.py": {"unused-profile"},
    "tests/cli/test_unread.py": {"unread-file"},
    "tests/cli/test_trust.py": {"missing-path"},
    "tests/resolve/test_variants.py": {"unproven-variants", "too-many-variants"},
}  # fmt: skip
MODULES = [
    "source", "project.project", "generate.generator", "generate.objects", "build.results", "build.object_owners", "build.targets", "build.output.changes", "build.output.folder", "build.output.drift", "kubernetes.lint.apply", "kubernetes.lint.pods", "profile.images", "profile.nodes", "profile.problems", "profile.companions", "profile.rbac", "resolve.variants.disjoint", "resolve.description", "resolve.environment", "resolve.metadata", "resolve.images", "resolve.layers", "resolve.mounts",
    "resolve.companions.config_maps", "resolve.companions.network", "resolve.companions.references", "resolve.companions.rbac",
    "resolve.parents", "resolve.ports", "resolve.variants.layers", "resolve.variants.describe", "resolve.placement", "rendering.tree_builder", "rendering.template",
]  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_every_code_of_our_own_has_an_example(module: str) -> None:
    told = "".join(page.read_text("utf-8") for page in PAGES)
    codes = {value.name for value in vars(import_module(f"dsgen.{module}")).values() if isinstance(value, Code)}
    assert codes
    for name in codes:
        place = next((test for test, names in ELSEWHERE.items() if name in names), "")
        text = (Path(__file__).parent.parent / place).read_text("utf-8") if place else told
        assert name in text if place else f"[{name}]" in told, name
