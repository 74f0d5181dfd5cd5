"""A rule needs no entry in any list: its module is found, and loaded for the objects that its fields are in."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from shutil import copytree, ignore_patterns

import pytest

from dsgen.kubernetes import validation
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.kubernetes.validation.modules import FIELDS, MODULES, loaded
from dsgen.kubernetes.validation.rule import RULES, Rule
from scripts import make_rule_modules
from tests.kubernetes.manifests import daemonset, said

ROOT = Path(__file__).parents[3]
DAEMONSET = KINDS["DaemonSet"]


def test_the_list_is_what_the_modules_say() -> None:
    assert make_rule_modules.TARGET.read_text("utf-8") == make_rule_modules.text(), "run `make docs`"


def test_every_field_exists() -> None:
    known = {name for minor in fields.MINORS for of_type in fields.every_kind(minor).types.values() for name in of_type}
    assert known >= FIELDS


@pytest.mark.parametrize(("module", "needed"), [item for item in MODULES["DaemonSet"].items() if item[1]])
def test_a_module_is_loaded_for_each_of_its_fields(module: str, needed: list[str]) -> None:
    name = f"{validation.__name__}.{module}"
    assert name not in loaded(DAEMONSET, frozenset())
    for field in needed:
        assert name in loaded(DAEMONSET, frozenset({field}))


# What every DaemonSet has: rules for these parts have something to say only if their own field is set.
ALWAYS = frozenset(
    {"DaemonSet", "spec", "template", "pod", "container", "long-running", "containers", "initContainers"}
)


def test_a_module_is_loaded_for_the_field_of_each_rule() -> None:
    """Else the rule would never run, although `dsgen explain` knows it."""
    for module in iter_modules(validation.__path__):
        import_module(f"{validation.__name__}.{module.name}")
    never = []
    for rule in RULES:
        fields_of_module = getattr(sys.modules[rule.check.__module__], "LOADED_FOR", ())
        if fields_of_module and rule.when and rule.scope in ALWAYS and rule.when not in fields_of_module:
            never.append((rule.code, rule.when))
    assert never == []


def test_a_plain_daemonset_needs_few_modules() -> None:
    """If a module is new here, give it a `LOADED_FOR`."""
    always = ["containers", "metadata", "pod_fields", "selector", "template_metadata"]
    assert loaded(DAEMONSET, frozenset()) == [f"{validation.__name__}.{name}" for name in always]


def test_a_rule_is_run_if_its_field_is_set() -> None:
    found = said(daemonset(pod="securityContext: {sysctls: [{name: no sysctl, value: '1'}]}"))
    assert "invalid-sysctl-name" in {each.split()[0] for each in found}


RULE = """
from dsgen.kubernetes.validation.rule import rule

LOADED_FOR = ("schedulingGates",)


@rule("pod.schedulingGates", source="a policy")
def reserved_gate(gate):
    \"\"\"The scheduling gate `example.com/reserved` is reserved.\"\"\"
    if gate.get("name") == "example.com/reserved":
        yield gate.forbidden("name", "is reserved")
"""


def test_a_new_rule_is_a_file(tmp_path: Path) -> None:
    """In a copy of the package: a module is added, `make docs` lists it, and `dsgen validate` runs its rule."""
    for package in ("dsgen", "scripts", "templates", "profiles", "starter"):
        copytree(ROOT / package, tmp_path / package, ignore=ignore_patterns("__pycache__"))
    (tmp_path / "dsgen/kubernetes/validation/reserved_gates.py").write_text(RULE)
    (tmp_path / "gates.yaml").write_text(daemonset(pod="schedulingGates: [{name: example.com/reserved}]"))

    def python(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    assert python("scripts.make_rule_modules").stderr == ""
    found = python("dsgen", "validate", "gates.yaml")
    assert "is reserved [reserved-gate]" in found.stderr
    assert (
        "The scheduling gate `example.com/reserved` is reserved." in python("dsgen", "explain", "reserved-gate").stdout
    )


def test_a_scope_that_leads_nowhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Rule("lost", "nowhere.fields", "a policy", RULES[0].check)
    monkeypatch.setattr(make_rule_modules, "RULES", [*RULES, lost])
    with pytest.raises(ValueError, match=r"no object has the scopes nowhere\.fields"):
        make_rule_modules.table()
