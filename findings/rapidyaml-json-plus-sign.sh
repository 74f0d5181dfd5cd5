#!/usr/bin/env bash
# rapidyaml 0.15.2: emit_json writes `+1` as it is, and JSON has no plus sign.
#
# Guess:    a plain scalar that is no number of JSON is written in quotes, as `012`, `0x1F` and `1_000` are.
# Instead:  `+1` and `+1.5e3` come out bare, so no JSON parser reads the whole document. `.5` and `1.` are repaired (0.5, 1.0),
#           while `~`, `Null` and `TRUE`, which YAML 1.2's core schema resolves, become strings.
# Matters:  where parse_in_arena + emit_json + json.loads stands in for a YAML reader: a `+1` anywhere fails the file, and
#           `~` arrives as text. A scan for such words has to come first.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check rapidyaml==0.15.2
"$dir/venv/bin/python" - <<'PY'
import json
from importlib.metadata import version

import ryml

print("rapidyaml", version("rapidyaml"))


def emitted(scalar: str) -> str:
    text = ryml.emit_json(ryml.parse_in_arena(f"x: {scalar}\n".encode()))
    return text.strip().removeprefix("{").removesuffix("}").strip().removeprefix('"x": ')


wanted = {
    "+1": "+1", "+1.5e3": "+1.5e3",
    "012": '"012"', "0x1F": '"0x1F"', "1_000": '"1_000"',
    ".5": "0.5", "1.": "1.0",
    "~": '"~"', "Null": '"Null"', "TRUE": '"TRUE"', "null": "null", "true": "true",
}
for scalar, expected in wanted.items():
    found = emitted(scalar)
    print(f"{scalar:8} -> {found}")
    assert found == expected, (scalar, found, expected)
try:
    json.loads('{"x": ' + emitted("+1") + "}")
except json.JSONDecodeError as error:
    print("json.loads:", error)
else:
    raise SystemExit("json.loads reads it now")
PY
