#!/usr/bin/env bash
# Jsonnet 0.22.0 (C++ and Go): manifestYamlDoc of a text whose first line is indented is not YAML, or another text.
#
# Guess:    a text of several lines becomes a block scalar that every YAML parser reads back as the same text, with an
#           indentation indicator (`|2`) where its first line begins with a space.
# Instead:  there is no indicator. If a later line is indented less, the document cannot be read; if all lines are indented,
#           they are read without these spaces. std.manifestJson has no such case.
# Matters:  for ConfigMaps that hold configuration by indentation, such as a file that begins within a section, or a snippet
#           for an `include`. The manifest fails at kubectl, or the agent gets another file.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jsonnet==0.22.0 pyyaml==6.0.3
GOFLAGS=-mod=mod GOBIN="$dir" go install github.com/google/go-jsonnet/cmd/jsonnet@v0.22.0 2>/dev/null
./jsonnet --version
venv/bin/python - <<'PY'
import json
import subprocess
from importlib.metadata import version

import _jsonnet
import yaml

print("jsonnet", version("jsonnet"), "PyYAML", version("pyyaml"))
for data, expected in (
    ("[INPUT]\n  name tail\n", "the same"),
    ("  name tail\n[INPUT]\n", "not YAML"),
    ("  name tail\n  path /var/log\n", "'name tail\\npath /var/log\\n'"),
):
    source = f"std.manifestYamlDoc({{data: {json.dumps(data)}}})"
    text = json.loads(_jsonnet.evaluate_snippet("data", source)) + "\n"
    by_go = subprocess.run(["./jsonnet", "-S", "-e", source], capture_output=True, text=True, check=True).stdout
    assert by_go == text, (by_go, text)
    try:
        read = yaml.safe_load(text)["data"]
    except yaml.YAMLError:
        found = "not YAML"
    else:
        found = "the same" if read == data else repr(read)
    print(repr(data), "->", repr(text), "->", found)
    assert found == expected, (found, expected)
PY
