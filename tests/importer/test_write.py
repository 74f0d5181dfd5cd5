"""What is written can be read back: strings in every place, and the profiles of generated manifests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

import dsgen
from dsgen import source
from dsgen.importer.read.comments import Comments
from dsgen.importer.write.layout import write
from dsgen.plain import plain
from dsgen.profile.one_line import ENTRY_WIDTH, LIST_WIDTH, WIDTH
from dsgen.project import shipped
from dsgen.resolve.file import File
from dsgen.tree import List, Map, Text
from tests.factories import generator
from tests.importer.imports import imports

pytestmark = pytest.mark.long

PROFILES = sorted(Path(shipped.templates()).parent.glob("profiles/**/*.yaml"))
NOTHING = Comments({}, {}, {}, {}, {})

hostile = st.one_of(
    st.text(max_size=20),
    st.text("ab #:-?,[]{}&*!|>'\"%@`\\\n\t ~=<.0123", max_size=12),
    st.sampled_from(["", "null", "~", "yes", "0644", "1e3", "12:30", "<<", "---", "...", "- a", "? b", ": c", "#", "a: b", "a #b", " a", "a "]),
)  # fmt: skip
values: Any = st.recursive(
    hostile.map(lambda words: Text.at(words, None, plain=True)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(List), st.dictionaries(hostile, inner, max_size=3).map(Map)
    ),
    max_leaves=8,
)


@given(st.dictionaries(hostile, values, min_size=1, max_size=3))
def test_every_string_survives_a_round_trip(profile: dict[str, Any]) -> None:
    text = write(Map(profile, None, "profile"), NOTHING)
    root, problems = source.read(text, "x")
    assert not problems, text
    assert plain(root) == plain(profile)


@given(hostile)
def test_string_that_looks_like_a_number_is_quoted(words: str) -> None:
    text = write(Map({"a": Text.at("80", None), "b": Text.at("true", None), "c": Text.at(words, None)}), NOTHING)
    root, _ = source.read(text, "x")
    assert isinstance(root, Map)
    assert [getattr(root[key], "plain", None) for key in "ab"] == [False, False]
    assert root["c"] == words


def word(length: int) -> Text:
    return Text.at("x" * length, None)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        pytest.param(Map({"b": word(WIDTH - 8)}), Map({"b": word(WIDTH - 7)}), id="a map"),
        pytest.param(
            Map({"b": word(ENTRY_WIDTH - 8)}, None, "Mount"),
            Map({"b": word(ENTRY_WIDTH - 7)}, None, "Mount"),
            id="an entry",
        ),
        pytest.param(List([word(LIST_WIDTH - 2)]), List([word(LIST_WIDTH - 1)]), id="a list"),
        pytest.param(
            Map({"A": word(1)}, None, "<name:EnvVar>"),
            Map({"A": word(1), "B": word(1)}, None, "<name:EnvVar>"),
            id="a variable alone",
        ),
        pytest.param(
            Map({"/a": Map([("b", word(1)), ("c", Map())])}, None, "<mountPath:Mount>"),
            Map({"/a": Map({"b": word(1), "c": word(1), "d": word(1)})}, None, "<mountPath:Mount>"),
            id="a mount alone",
        ),
        pytest.param(
            Map({"a": Map({"b": Map()})}, None, "<name:Volume>"),
            Map({"a": Map({"b": Map({"c": word(1)})})}, None, "<name:Volume>"),
            id="a volume alone",
        ),
        pytest.param(Map({"b": List([List([word(1)])])}), Map({"b": List([List([List([word(1)])])])}), id="brackets"),
    ],
)
def test_values_on_one_line(short: Map | List, long: Map | List) -> None:
    assert write(Map({"a": short}), NOTHING).count("\n") == 1
    assert write(Map({"a": long}), NOTHING).count("\n") > 1


def test_an_entry_of_one_key_needs_no_braces() -> None:
    names: list[Any] = [Map({"name": word(40)}), Map({"name": word(41)}), List([List([word(LIST_WIDTH)])])]
    assert write(Map({"a": List(names)}), NOTHING) == (
        f"a:\n  - name: {'x' * 40}\n  - name: {'x' * 41}\n  - - - {'x' * LIST_WIDTH}\n"
    )


@given(st.dictionaries(hostile, values, min_size=1, max_size=3))
@example({"a": Map({"b?": word(1)})})
@example({"a": List([Text.at("b:c", None), Text.at("d:", None)])})
def test_every_parser_reads_the_same(profile: dict[str, Any]) -> None:
    """Also PyYAML without libyaml."""
    text = write(Map(profile, None, "profile"), NOTHING)
    assert yaml.load(text, Loader=yaml.BaseLoader) == plain(Map(profile))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in PROFILES])
def test_profile_survives_a_round_trip(path: Path) -> None:
    """The profile of generated objects generates the same objects, sets nothing that the first one did not, and is stable."""
    first = dsgen.render(dsgen.load(path))
    outcome = imports("---\n".join(each.text for each in first))
    assert outcome.imported[0].same
    again = generator().make(File("again.yaml", outcome.text.encode(), "again")).objects
    assert {(each.kind, each.name) for each in again} == {(each.kind, each.name) for each in first}
    assert len(outcome.imported[0].folded) == len(first) - 1
    assert imports("---\n".join(each.text for each in again)).text == outcome.text
    root, _ = source.read(outcome.text, "x")
    assert isinstance(root, Map)
    # Of a volume that several containers mount, one mount of a profile may declare it; the import makes a list.
    known = {"volumes"} if shared_volumes(next(each.text for each in first if each.kind == "DaemonSet")) else set()
    stated = path.read_text("utf-8")
    parents = re.findall(r"^extends: (\S+)$", stated, re.MULTILINE)
    stated += "".join(path.parents[1].joinpath(f"{name}.yaml").read_text("utf-8") for name in parents)
    for key in root.keys() - known:
        assert f"{key}:" in stated


def shared_volumes(daemonset: str) -> set[str]:
    """Return the volumes that several containers mount."""
    pod = yaml.safe_load(daemonset)["spec"]["template"]["spec"]
    containers = [*pod.get("initContainers", ()), *pod["containers"]]
    names = [name for each in containers for name in {mount["name"] for mount in each.get("volumeMounts", ())}]
    return {name for name in names if names.count(name) > 1}
