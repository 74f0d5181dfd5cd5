"""The readers of YAML that must all read back what dsgen writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import ruamel.yaml
import ryml
import yaml

from conformance import reader

Read = Callable[[str], Any]


def _ruamel(version: str) -> Read:
    def read(text: str) -> Any:
        loader = ruamel.yaml.YAML(typ="safe", pure=True)
        loader.version = version
        return loader.load(text)

    return read


def _rapid(text: str) -> Any:
    tree = ryml.parse_in_arena(text.encode())

    def value(node: int) -> Any:
        if tree.is_map(node):
            return {bytes(tree.key(child)).decode(): value(child) for child in ryml.children(tree, node)}
        if tree.is_seq(node):
            return [value(child) for child in ryml.children(tree, node)]
        text = bytes(tree.val(node)).decode()
        quoted = tree.is_val_quoted(node)
        return text if quoted else {"true": True, "false": False}.get(text, int(text) if text.isdecimal() else text)

    return value(tree.root_id())


# All in Python, or with wheels.
READERS: dict[str, Read] = {
    "PyYAML": lambda text: yaml.load(text, yaml.SafeLoader),
    "libyaml": lambda text: yaml.load(text, yaml.CSafeLoader),
    "ruamel.yaml 1.1": _ruamel("1.1"),
    "ruamel.yaml 1.2": _ruamel("1.2"),
    "rapidyaml": _rapid,
}


def _kubernetes(text: str) -> Any:
    program = reader.found()
    if program is None:
        pytest.skip("Kubernetes' own reader is not built: python -m conformance.reader")
    return reader.read(program, text)


READERS["Kubernetes"] = _kubernetes
