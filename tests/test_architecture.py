"""ARCHITECTURE.md names what is there: its paths and functions exist, it covers the whole package, and its example is the README's."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
NAMED: Final = sorted(set(re.findall(r"`((?:dsgen|tests|templates|profiles|starter|conformance|out)/[^`\s]*)`", PAGE)))
DEVELOPMENT: Final = (ROOT / "docs/development.md").read_text("utf-8")
ELSEWHERE: Final = sorted(set(re.findall(r"`((?:dsgen|tests|conformance|scripts)/[^`\s]*)`", DEVELOPMENT)))
FUNCTIONS: Final = re.findall(r"`(\w+)`\s+in\s+`(dsgen/[\w/]+\.py)`", PAGE)


@pytest.mark.parametrize("path", [*NAMED, *ELSEWHERE])
def test_path_exists(path: str) -> None:
    assert (ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file()


@pytest.mark.parametrize(("name", "path"), FUNCTIONS)
def test_function_exists(name: str, path: str) -> None:
    body = ast.parse((ROOT / path).read_text("utf-8")).body
    assert name in {each.name for each in body if isinstance(each, ast.FunctionDef | ast.ClassDef)}


def test_no_part_of_the_package_is_left_out() -> None:
    parts = {f"dsgen/{path.name}/" for path in (ROOT / "dsgen").iterdir() if (path / "__init__.py").is_file()}
    # The entry points say themselves what they are; these modules serve a single command or format.
    parts |= {f"dsgen/{path.name}" for path in (ROOT / "dsgen").glob("[!_]*.py")}
    small = {f"dsgen/{name}.py" for name in ("harmless", "text_diff", "user_cache", "version")}
    assert parts - small - set(NAMED) == set()


def test_the_example_is_that_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    line = re.search(r"line (\d+), column (\d+)", PAGE)
    assert line
    assert f"faulty.yaml:{line[1]}:{line[2]}: error: spec.template.spec.containers[0].ports[0].hostPort" in readme
