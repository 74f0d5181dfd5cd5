"""`make kubernetes-version`: how a release is taken over, as far as that needs no Go."""

from __future__ import annotations

import re

import pytest

from scripts.kubernetes_changes import function_texts
from scripts.kubernetes_version import FIELDS, MODULE, before, minor_of, with_minor, with_release

TOOLS = """VERSIONS: Final = {"1.36": "1.36.3", "1.37": "1.37.2"}
NEWEST: Final = "1.37"
PREVIEW: Final = "1.38.0-beta.0"
BATCH: Final = 500
"""
TABLES = """MINORS: Final = ("1.36", "1.37", "1.38")
DEFAULT: Final = "1.37"
"""


def test_a_later_release_of_a_minor() -> None:
    assert with_release(TOOLS, "1.36.9") == TOOLS.replace("1.36.3", "1.36.9")
    assert with_minor(TABLES, "1.36.9") == TABLES


def test_a_new_minor_is_the_newest_and_no_preview_any_longer() -> None:
    assert with_release(TOOLS, "1.38.1") == (
        'VERSIONS: Final = {"1.36": "1.36.3", "1.37": "1.37.2", "1.38": "1.38.1"}\n'
        'NEWEST: Final = "1.38"\n'
        'PREVIEW: Final = ""\n'
        "BATCH: Final = 500\n"
    )
    assert with_minor(TABLES, "1.38.1") == TABLES.replace('DEFAULT: Final = "1.37"', 'DEFAULT: Final = "1.38"')
    assert with_minor(TABLES, "1.39.0").startswith('MINORS: Final = ("1.36", "1.37", "1.38", "1.39")\n')


def test_the_release_before() -> None:
    assert before(TOOLS, "1.37.2") == "1.36.3"
    with pytest.raises(LookupError):
        before(TOOLS, "1.40.0")


@pytest.mark.parametrize("version", ["", "1.37", "v1.37.2", "1.38.0-beta.0", "2.0.0"])
def test_what_is_not_a_release(version: str) -> None:
    with pytest.raises(ValueError, match=r"expected a release such as 1\.37\.2"):
        minor_of(version)


def test_the_files_themselves_are_understood() -> None:
    """With the release that they have, nothing changes."""
    tools, tables = MODULE.read_text("utf-8"), FIELDS.read_text("utf-8")
    newest = re.findall(r'"(1\.\d+\.\d+)"', re.findall("^VERSIONS: .*$", tools, re.MULTILINE)[0])[-1]
    assert with_release(tools, newest) == tools
    assert with_minor(tables, newest) == tables


def test_the_text_of_a_function() -> None:
    one = "// Doc.\nfunc check(a int) bool {\n\treturn a > 0 // fine\n}\n\nfunc checkAll() {\n}\n"
    other = one.replace("// fine", "").replace("\treturn", "    return")
    assert function_texts(one, "check") == function_texts(other, "check") == ["func check(a int) bool { return a > 0 }"]
    assert function_texts(one.replace("> 0", ">= 0"), "check") != function_texts(one, "check")
    assert function_texts("func (s strategy) check(a int) {\n}\n", "check") == ["func (s strategy) check(a int) { }"]
    assert function_texts("func check[T any](a T) {\n}\n", "check") == ["func check[T any](a T) { }"]
    assert function_texts(one, "nothing") == []
