#!/usr/bin/env bash
# Kubernetes' Python client 37.0.2: reads a number where the API has an int-or-string, and refuses it where it has a quantity.
#
# Guess:    a client of Kubernetes loads every manifest that the API server accepts, so `requests: {cpu: 1}` loads like
#           `maxUnavailable: 1`.
# Instead:  `maxUnavailable` is 1 or "10%", as in the API; but `cpu: 1`, `cpu: 0.5` and `sizeLimit: 1024` raise a ValidationError
#           of pydantic, "Input should be a valid string". The API server takes a quantity as a number too.
# Matters:  for checks that load manifests with this client: a valid DaemonSet is refused unless its quantities have quotes.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check kubernetes==37.0.2
"$dir/venv/bin/python" - <<'PY'
import json
from importlib.metadata import version

from kubernetes import client

print("kubernetes", version("kubernetes"), "pydantic", version("pydantic"))
api = client.ApiClient()


def load(type, value):
    try:
        return api.sanitize_for_serialization(api.deserialize(json.dumps(value), type, "application/json"))
    except ValueError as error:
        return f"refused: {error.errors()[0]['msg']}"


for type, value, refused in (
    ("V1RollingUpdateDaemonSet", {"maxUnavailable": 1}, False),
    ("V1RollingUpdateDaemonSet", {"maxUnavailable": "10%"}, False),
    ("V1ResourceRequirements", {"requests": {"cpu": "1"}}, False),
    ("V1ResourceRequirements", {"requests": {"cpu": 1}}, True),
    ("V1ResourceRequirements", {"requests": {"cpu": 0.5}}, True),
    ("V1EmptyDirVolumeSource", {"sizeLimit": 1024}, True),
):
    found = load(type, value)
    print(type, value, "->", found)
    assert found == ("refused: Input should be a valid string" if refused else value)
PY
