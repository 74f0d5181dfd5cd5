"""Rules that wait for a field are found when it is stated, and no module is forgotten."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

from dsgen.kubernetes import validation
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.kubernetes.validation.modules import ALL, FIELDS, WAITING, loaded
from dsgen.kubernetes.validation.rule import RULES
from tests.kubernetes.manifests import daemonset, said


def modules() -> list[ModuleType]:
    found = iter_modules(validation.__path__, f"{validation.__name__}.")
    return [import_module(module.name) for module in found if not module.ispkg]


def test_every_module_with_rules_is_loaded() -> None:
    names = {module.__name__ for module in modules()}
    with_rules = {rule.check.__module__ for rule in RULES} & names
    assert {name.rpartition(".")[2] for name in with_rules} == set(ALL)
    assert set(loaded(KINDS["DaemonSet"])) == with_rules


def test_every_field_exists() -> None:
    known = {name for minor in fields.MINORS for of_type in fields.load(minor).types.values() for name in of_type}
    assert known >= FIELDS


@pytest.mark.parametrize("module", sorted(WAITING))
def test_a_module_waits_for_each_of_its_fields(module: str) -> None:
    name = f"{validation.__name__}.{module}"
    assert name not in loaded(KINDS["DaemonSet"], frozenset())
    for field in WAITING[module]:
        assert name in loaded(KINDS["DaemonSet"], frozenset({field}))


def test_a_rule_is_asked_where_its_field_is_stated() -> None:
    found = said(daemonset(pod="securityContext: {sysctls: [{name: no sysctl, value: '1'}]}"))
    assert "invalid-sysctl-name" in {each.split()[0] for each in found}
