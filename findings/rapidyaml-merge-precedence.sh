#!/usr/bin/env bash
# rapidyaml 0.15.2: Tree.resolve() lets a merged key beat the map's own key that is written above `<<`.
#
# Guess:    the merge key's rule holds: a key of the map itself wins wherever it is written, and of several merged maps the first wins.
# Instead:  what is written last wins. `{key: 3, <<: *a}` takes the key of `a`, `{<<: *a, key: 3}` keeps 3, and of
#           `<<: [*a, *b]` the map `b` wins. ruamel.yaml reads the same text by the rule.
# Matters:  in manifests that use `<<` for defaults, the place of the line decides which image or limit is read.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check rapidyaml==0.15.2 ruamel.yaml==0.19.1
"$dir/venv/bin/python" - <<'PY'
from importlib.metadata import version

import ruamel.yaml
import ryml

print("rapidyaml", version("rapidyaml"), "ruamel.yaml", version("ruamel.yaml"))


def by_rapidyaml(text: str) -> str:
    tree = ryml.parse_in_arena(text.encode())
    tree.resolve()
    at = tree.find_child(tree.find_child(tree.root_id(), b"c"), b"key")
    return bytes(tree.val(at)).decode()


def by_ruamel(text: str) -> str:
    return str(ruamel.yaml.YAML(typ="safe").load(text)["c"]["key"])


anchors = "a: &a {key: 1}\nb: &b {key: 2}\n"
cases = {
    "c: {key: 3, <<: *a}\n": ("1", "3"),
    "c: {<<: *a, key: 3}\n": ("3", "3"),
    "c: {<<: [*a, *b]}\n": ("2", "1"),
}
for text, expected in cases.items():
    found = (by_rapidyaml(anchors + text), by_ruamel(anchors + text))
    print(f"{text.strip():24} rapidyaml {found[0]}, ruamel.yaml {found[1]}")
    assert found == expected, (text, found, expected)
PY
