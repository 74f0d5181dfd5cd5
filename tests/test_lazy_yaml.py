"""A cold start loads libyaml's binding only; the rest of PyYAML is there as soon as something uses it."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("yaml._yaml", reason="PyYAML has no libyaml")

INSTALL = "import sys\nfrom dsgen import lazy_yaml\nlazy_yaml.install()\n"


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_of_the_loaders_is_loaded() -> None:
    code = "import dsgen.source, dsgen.kubernetes.manifest\nprint(dsgen.source.read(b'a: 1', 'x'), 'yaml.loader' in sys.modules)"
    assert run(INSTALL + code) == "({'a': '1'}, []) False\n"


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("import yaml; print(yaml.safe_load('a: 1'))", "{'a': 1}\n"),
        ("import yaml; print(yaml.safe_dump({'a': 1}))", "a: 1\n\n"),
        ("from yaml.reader import Reader; print(Reader.__module__)", "yaml.reader\n"),
        ("from yaml import CSafeLoader, load; print(load('[1, 2]', CSafeLoader))", "[1, 2]\n"),
        ("import yaml.constructor as c; print(c.SafeConstructor.__name__)", "SafeConstructor\n"),
        (
            "import yaml; print(yaml.__version__ == __import__('importlib.metadata').metadata.version('PyYAML'))",
            "True\n",
        ),
    ],
)
def test_the_rest_is_loaded_when_it_is_used(first: str, expected: str) -> None:
    assert run(INSTALL + first) == expected


@pytest.mark.parametrize("text", ["'a: \"\\x07\"'", "'a: b: c'", "'a: [1'", "'a:\\n\\t- 1'", "'%BAD\\n---\\na'"])
def test_problems_are_the_same(text: str) -> None:
    code = f"from dsgen.source import read\nprint(read({text}.encode(), 'x'))"
    assert run(INSTALL + code) == run(code)


def test_a_program_that_has_pyyaml_keeps_it() -> None:
    assert (
        run("import yaml\nall = yaml\n" + INSTALL + "print(sys.modules['yaml'] is all, 'yaml.loader' in sys.modules)")
        == "True True\n"
    )


def test_another_pyyaml_is_loaded_as_a_whole() -> None:
    """One whose binding needs more than it is given."""
    other = "import builtins\nfrom dsgen import lazy_yaml\nlazy_yaml._ERRORS.pop('representer')\n"
    assert run(other + INSTALL + "import dsgen.source\nprint('yaml.loader' in sys.modules)") == "True\n"


def test_the_command_uses_it() -> None:
    code = "import sys, os\nsys.argv = ['dsgen', 'explain', 'nodes']\nos._exit = lambda code: print('yaml.loader' in sys.modules, file=sys.stderr)\nimport dsgen.__main__\ndsgen.__main__.run()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == "False\n"
