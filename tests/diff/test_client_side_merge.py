"""`kubectl apply` merges ports by number and spread constraints by topology key: where two have the same, a change comes out wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from dsgen.cli import main

PROFILE = 'name: dns\ncontainers: {{cache: {{image: "x:1", ports: {{{ports}}}}}}}\n{service}'
BOTH = "dns: 53/UDP, dns-tcp: 53/TCP"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(folder: Path, old: str, new: str, service: tuple[str, str] = ("", ""), project: str = "") -> str:
    (folder / "dsgen.yaml").write_text(f'kubernetes: "1.37"\n{project}')
    for name, ports, more in zip(("old", "new"), (old, new), service, strict=True):
        (folder / f"{name}.yaml").write_text(PROFILE.format(ports=ports, service=more))
    result = CliRunner().invoke(main, ["diff", "old.yaml", "new.yaml"])
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize(
    ("old", "new"), [(BOTH, "dns: 53/UDP"), ("dns: 53/UDP", BOTH), (BOTH, BOTH.replace("-tcp", "-t"))]
)
def test_a_change_of_one_number_with_two_protocols(folder: Path, old: str, new: str) -> None:
    shown = said(folder, old, new)
    assert shown.count("[ambiguous-port-number]") == 1
    assert (
        "! spec.template.spec.containers[cache].ports: `kubectl apply` merges ports by number, and 53 is used twice"
        in shown
    )


@pytest.mark.parametrize(
    ("old", "new"), [(BOTH, BOTH), ("a: 53", "a: 54"), ("a: 53", "a: 53, b: 54/UDP"), ("a: 53/UDP", "a: 53/TCP")]
)
def test_other_changes(folder: Path, old: str, new: str) -> None:
    assert "[ambiguous-port-number]" not in said(folder, old, new)


def test_server_side_apply_gets_it_right(folder: Path) -> None:
    assert "[ambiguous-port-number]" not in said(folder, BOTH, "dns: 53/UDP", project="apply: server-side\n")


def test_of_a_service(folder: Path) -> None:
    service = ("service: {ports: [dns, dns-tcp]}\n", "service: {ports: [dns]}\n")
    shown = said(folder, BOTH, BOTH, service)
    assert "! spec.ports: `kubectl apply` merges ports by number" in shown


STRICT = "{topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}"
LOOSE = STRICT.replace("DoNotSchedule", "ScheduleAnyway")
HOST = LOOSE.replace("zone", "host")


def of_constraints(folder: Path, old: str, new: str, project: str = "") -> str:
    more = tuple(f"topologySpreadConstraints: [{each}]\n" for each in (old, new))
    return said(folder, "a: 53", "a: 53", (more[0], more[1]), project)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"{STRICT}, {LOOSE}", f"{STRICT}, {LOOSE.replace('1', '5')}"),
        (f"{STRICT}, {LOOSE}", STRICT),
        (STRICT, f"{STRICT}, {LOOSE}"),
    ],
)
def test_a_change_of_constraints_with_one_topology_key(folder: Path, old: str, new: str) -> None:
    shown = of_constraints(folder, old, new)
    assert shown.count("[ambiguous-spread-constraint]") == 1
    assert (
        "! spec.template.spec.topologySpreadConstraints: `kubectl apply` merges spread constraints by `topologyKey`, and zone is used twice"
        in shown
    )
    assert "[ambiguous-spread-constraint]" not in of_constraints(folder, old, new, "apply: server-side\n")


@pytest.mark.parametrize(
    ("old", "new"), [(STRICT, LOOSE), (STRICT, f"{STRICT}, {HOST}"), (f"{STRICT}, {LOOSE}", f"{STRICT}, {LOOSE}")]
)
def test_other_changes_of_constraints(folder: Path, old: str, new: str) -> None:
    assert "[ambiguous-spread-constraint]" not in of_constraints(folder, old, new)
