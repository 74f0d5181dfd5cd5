"""Text stays as it is spelled; numbers and booleans are taken only where every reader of YAML takes the same."""

from __future__ import annotations

from typing import Any

import pytest

from dsgen.profile.compile import long_form
from dsgen.tree import Boolean, Integer, Map, Text, origin_of
from tests.profile.layers import container, layer, long, refusals

SPELLINGS = [
    "9200", "yes", "no", "on", "1.10", "0644", "0o644", "0x1F", "1e3", "12:30", "2026-01-01", "+1", "1_000", ".inf", "true",
    "True", "=", "-", "a b", "/x", "$(VAR)", "''", "'null'", "'~'", '" x "', '"\\n"', '"\\0"', "007", "1.0", "-0", "TRUE", "y",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_text_is_kept_everywhere(spelling: str) -> None:
    expected = {"'": spelling.strip("'"), '"': spelling[1:-1].encode().decode("unicode_escape")}.get(
        spelling[0], spelling
    )
    taken = long(
        f"labels: {{a: {spelling}}}\n"
        + container(
            f"""
            args: [{spelling}]
            env: {{A: {spelling}}}
            resources: {{limits: {{cpu: {spelling}}}}}
            """
        )
    )
    agent = taken["containers"]["agent"]
    assert taken["labels"]["a"] == expected
    assert agent["args"] == [expected]
    assert agent["env"]["A"]["value"] == expected
    assert agent["resources"]["limits"]["cpu"] == expected


@pytest.mark.parametrize(
    ("spelling", "number"),
    [("0", 0), ("-0", 0), ("5", 5), ("-5", -5), ("2147483647", 2**31 - 1), ("-2147483648", -(2**31))],
)
def test_numbers(spelling: str, number: int) -> None:
    assert long(f"minReadySeconds: {spelling}") == {"minReadySeconds": number}


@pytest.mark.parametrize(
    "spelling",
    [
        "2147483648", "-2147483649", "010", "+5", "1_000", "0x10", "0o10", "0b1", "1e3", "1.0", "12:30", '"5"', "'5'", "5s", "yes", "true",
        '""', "[]", "{}", "[5]", "٣", "５", "5 5", "|\n  5", "--5", "1" * 5000,
    ],
)  # fmt: skip
def test_no_numbers(spelling: str) -> None:
    (problem,) = refusals(f"minReadySeconds: {spelling}")
    assert problem.code == "invalid-type"
    assert (problem.line, problem.column) == (1, 18)


@pytest.mark.parametrize(("spelling", "truth"), [("true", True), ("false", False)])
def test_booleans(spelling: str, truth: bool) -> None:
    assert long(f"hostNetwork: {spelling}") == {"hostNetwork": truth}


@pytest.mark.parametrize(
    "spelling", ["yes", "no", "on", "off", "y", "n", "True", "TRUE", "False", "1", "0", '"true"', "'false'", "[]", "x", '""']
)  # fmt: skip
def test_no_booleans(spelling: str) -> None:
    (problem,) = refusals(f"hostNetwork: {spelling}")
    assert problem.code == "invalid-type"
    assert "`true`" in problem.hint or "`false`" in problem.hint


@pytest.mark.parametrize(
    ("spelling", "value"),
    [
        ("5", 5), ("0", 0), ("-5", -5), ("10%", "10%"), ('"5"', "5"), ("metrics", "metrics"), ("05", "05"), ("1.0", "1.0"), ("yes", "yes"),
        ('""', ""), ("2147483647", 2147483647),
    ],
)  # fmt: skip
def test_number_or_text(spelling: str, value: Any) -> None:
    taken = long(f"update: {{maxUnavailable: {spelling}}}")
    assert taken["updateStrategy"]["rollingUpdate"] == {"maxUnavailable": value}


def test_number_or_text_out_of_range() -> None:
    (problem,) = refusals("update: {maxUnavailable: 2147483648}")
    assert problem.message == "2147483648 is out of range"


@pytest.mark.parametrize(
    ("spelling", "mode"),
    [("0644", 0o644), ("0o644", 0o644), ("0400", 256), ("420", 420), ("0", 0), ("0777", 511), ("01777", 0o1777)],
)
def test_file_modes(spelling: str, mode: int) -> None:
    taken = long(f"volumes: {{a: {{secret: {{secretName: s, defaultMode: {spelling}}}}}}}")
    assert taken["volumes"]["a"]["secret"]["defaultMode"] == mode
    items = long(f"volumes: {{a: {{configMap: {{name: s, items: [{{key: k, path: p, mode: {spelling}}}]}}}}}}")
    assert items["volumes"]["a"]["configMap"]["items"][0]["mode"] == mode


@pytest.mark.parametrize("spelling", ["0888", "0o9", '"0644"', "rw-r--r--", "0x1A4", "0O644", "-0644", "0o", "012345"])
def test_no_file_modes(spelling: str) -> None:
    (problem,) = refusals(f"volumes: {{a: {{secret: {{secretName: s, defaultMode: {spelling}}}}}}}")
    assert problem.code == "invalid-type"


@pytest.mark.parametrize("octal", ["0644", "0o644"])
def test_octal_is_for_file_modes_only(octal: str) -> None:
    assert refusals(f"minReadySeconds: {octal}")


def test_values_are_free() -> None:
    taken = long("values: {a: true, b: 5, c: 05, d: yes, e: '5', f: 1.5, g: [{h: false}], i: {}}")
    assert taken["values"] == {
        "a": True, "b": 5, "c": "05", "d": "yes", "e": "5", "f": "1.5", "g": [{"h": False}], "i": {},
    }  # fmt: skip


@pytest.mark.parametrize("null", ["", "~", "null", "Null", "NULL"])
def test_null_is_taken_in_a_layer(null: str) -> None:
    """Whether it may stand there is for the merge to say."""
    assert long(f"hostNetwork: {null}") == {"hostNetwork": None}
    assert long(f"labels: {{a: {null}}}") == {"labels": {"a": None}}
    assert long(container(f"env: {{A: {null}}}"))["containers"]["agent"]["env"] == {"A": None}
    assert long(f"containers: {{agent: {null}}}") == {"containers": {"agent": None}}


@pytest.mark.parametrize(
    "written",
    [
        container("args: [a, ~]"),
        container("env: [~]"),
        container("mounts: [~]"),
        "containers: [~]",
        "nodes: {tolerate: [~]}",
        "nodes: {require: [~]}",
        "nodes: {require: [[~]]}",
        "nodes: {os: [~]}",
        "volumes: [~]",
        "imagePullSecrets: [~]",
        "extends: [~]",
        "selector: [~]",
        "templates: [~]",
        "values: {a: [~]}",
        "manifest: {spec: {template: {spec: {tolerations: [~]}}}}",
    ],
)
def test_null_in_a_list_is_refused(written: str) -> None:
    assert {problem.code for problem in refusals(written)} == {"forbidden-null-in-list"}


def test_an_entry_of_a_list_holds_nothing_to_merge() -> None:
    """Lists are never merged entry by entry, so neither null nor `+` has a meaning there."""
    spread = "topologySpreadConstraints: [{{topologyKey: zone, {}}}]".format
    assert refusals(spread("maxSkew: 1, matchLabelKeys: [a]")) == []
    assert [problem.code for problem in refusals(spread("maxSkew: ~"))] == ["forbidden-null-in-list"]
    (problem,) = refusals(spread("matchLabelKeys+: [a]"))
    assert (problem.code, problem.column) == ("unknown-key", 49)
    assert problem.hint == "write `matchLabelKeys`; entries of a list are not merged"


def test_leaves_know_their_place_and_spelling() -> None:
    taken = long_form(layer("minReadySeconds: 10\nhostNetwork: true\nname: agent\nupdate: OnDelete"))
    number, truth, name = taken["minReadySeconds"], taken["hostNetwork"], taken["name"]
    assert isinstance(number, Integer)
    assert isinstance(truth, Boolean)
    assert isinstance(name, Text)
    assert [origin_of(leaf).line for leaf in (number, truth, name)] == [1, 2, 3]  # type: ignore[union-attr]
    assert (number.text, truth.text) == ("10", "true")
    update = taken["updateStrategy"]
    assert isinstance(update, Map)
    assert origin_of(update["type"]) == origin_of(update)
    assert str(origin_of(taken.key("updateStrategy"))) == "layer.yaml:4:1"
