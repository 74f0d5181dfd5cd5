#!/usr/bin/env bash
# Cerberus 1.3.8: two keys that `keysrules` coerces to one key validate, one value is lost, and a key stays as it was.
#
# Guess:    when `{'1': …, '01': …}` is coerced to integer keys, the collision is an error of the document.
# Instead:  validate() returns True with no errors and a UserWarning. The document has the key 1 with the value of '01', and
#           still the text '01', though every key was to become an integer; the value of '1' is gone.
# Matters:  for maps whose keys are numbers or ports in a schema of Cerberus: the check of duplicates has to be one's own.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check cerberus==1.3.8
"$dir/venv/bin/python" - <<'PY'
import warnings
from importlib.metadata import version

import cerberus

print("Cerberus", version("cerberus"))
validator = cerberus.Validator({"ports": {"type": "dict", "keysrules": {"coerce": int}}})
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    valid = validator.validate({"ports": {"1": "metrics", "01": "health"}})
print(valid, validator.errors, validator.document, [str(each.message) for each in caught])
assert valid
assert validator.errors == {}
assert validator.document == {"ports": {1: "health", "01": "health"}}
assert len(caught) == 1
PY
