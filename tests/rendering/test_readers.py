"""Whatever strings a profile holds, every reader of YAML reads back the same ones, wherever they were put."""

from __future__ import annotations

from typing import Any

import pytest

from dsgen import yaml_writer
from dsgen.rendering.template import Renderer
from tests.factories import Given, described
from tests.rendering.hostile import KNOWN, strings
from tests.rendering.readers import READERS

TEMPLATE = """
apiVersion: v1
kind: ConfigMap
metadata: {{ metadata }}
data:
{% for key, text in values.texts | items %}
  {{ key }}: {{ text }}
  mixed-{{ key }}: a{{ text }}z
{% endfor %}
"""
COUNT = 10_500
# Those that are known in three shares; for the long run, all in five.
SHARES = [
    *(pytest.param((len(KNOWN), part, 3), id=f"known {part}") for part in range(3)),
    *(pytest.param((COUNT, part, 5), id=f"share {part}", marks=pytest.mark.long) for part in range(5)),
]
# All strings go through arguments and a template of the project; so many of each share, all that are known among them,
# through every other place too.
FEW = 200


def spelled(text: str) -> str:
    """Return text in double quotes with every character escaped, as every reader of YAML takes it."""
    return '"' + "".join(f"\\U{ord(letter):08X}" for letter in text) + '"'


def profile(texts: list[str]) -> str:
    """Return a profile that holds the texts as labels, annotations and their keys, variables, arguments and values."""
    by_number = [(f"K{number}", spelled(text)) for number, text in enumerate(texts)]
    pairs = "".join(f"  {number}: {text}\n" for number, text in by_number[:FEW])
    keys = "".join(f"  {text}: {number}\n" for number, text in by_number[:FEW] if len(text) < 1000)
    items = "".join(f"      - {text}\n" for _, text in by_number)
    return (
        f"name: agent\nlabels:\n{pairs}annotations:\n{pairs}podAnnotations:\n{keys}values:\n  texts:\n"
        + "".join(f"    {number}: {text}\n" for number, text in by_number)
        + "containers:\n  agent:\n    image: x\n    env:\n"
        + "".join(f"      {number}: {text}\n" for number, text in by_number[:FEW])
        + f"    args:\n{items}"
    )


def written(texts: list[str]) -> tuple[str, str]:
    """Return the DaemonSet, and the object of a template of the project."""
    description = described(profile(texts))
    renderer = Renderer(Given({"texts.yaml.j2": TEMPLATE}))
    results = [renderer.render(name, description.context) for name in ("daemonset.yaml.j2", "texts.yaml.j2")]
    assert all(result.tree is not None and not result.problems for result in results)
    daemonset, own = (yaml_writer.write(result.tree) for result in results if result.tree is not None)
    return daemonset, own


@pytest.fixture(scope="module", params=SHARES)
def share(request: pytest.FixtureRequest) -> tuple[list[str], str, str]:
    count, part, parts = request.param
    texts = strings(count)[part::parts]
    return texts, *written(texts)


@pytest.mark.parametrize("reader", READERS)
def test_strings_read_back(share: tuple[list[str], str, str], reader: str) -> None:
    texts, daemonset, own = share
    read = READERS[reader]
    numbered = {f"K{number}": text for number, text in enumerate(texts)}
    few = dict(list(numbered.items())[:FEW])
    made: Any = read(daemonset)
    template = made["spec"]["template"]
    agent = template["spec"]["containers"][0]
    labels = {name: value for name, value in made["metadata"]["labels"].items() if name in numbered}
    assert labels == few
    assert made["metadata"]["annotations"] == few
    short = {text: number for number, text in few.items() if len(spelled(text)) < 1000}
    assert template["metadata"]["annotations"] == short
    assert agent["args"] == texts
    # An empty value of a variable is written, too.
    assert {entry["name"]: entry["value"] for entry in agent["env"]} == few
    data = read(own)["data"]
    assert {name: data[name] for name in numbered} == numbered
    assert {name: data[f"mixed-{name}"] for name in numbered} == {name: f"a{text}z" for name, text in numbered.items()}


def test_there_are_enough_strings() -> None:
    assert len(set(strings(COUNT))) >= 10_000
    assert len(set(KNOWN)) == len(KNOWN)


@pytest.mark.parametrize("reader", READERS)
def test_long_keys(reader: str) -> None:
    """Before a colon on its line a key has at most 1,024 letters."""
    values: list[Any] = ["text", {"a": "b"}, ["a", {"b": "c"}], "two\nlines\n", {}, []]
    tree = {f"{number} {'k' * length}": value for length in (990, 1010, 3000) for number, value in enumerate(values)}
    data = {"first": tree, "items": [dict(list(tree.items())[-1:]), dict(list(tree.items())[-5:])]}
    assert READERS[reader](yaml_writer.write(data)) == data  # type: ignore[arg-type]
