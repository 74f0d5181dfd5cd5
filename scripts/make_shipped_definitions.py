"""Write dsgen/kubernetes/schema/custom/shipped/PodMonitor.json from the CustomResourceDefinition that the Prometheus operator publishes.

    python -m scripts.make_shipped_definitions          (needs Go, to fetch the operator's module)

It is the definition's `spec` without descriptions.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import yaml

from conformance.kubernetes_module import pod_monitor_definition

FOLDER: Final = Path(__file__).parent.parent / "dsgen" / "kubernetes" / "schema" / "custom" / "shipped"
# What is read of a definition, and of a version.
SPEC: Final = ("group", "names", "scope", "versions")
VERSION: Final = ("name", "served", "schema", "subresources")


def without_descriptions(schema: Any) -> Any:
    """Return a schema without its texts for people; a field may be called `description`, too."""
    if isinstance(schema, dict):
        return {
            name: {field: without_descriptions(below) for field, below in part.items()}
            if name == "properties"
            else without_descriptions(part)
            for name, part in schema.items()
            if name != "description"
        }
    return [without_descriptions(each) for each in schema] if isinstance(schema, list) else schema


def compact(definition: dict[str, Any]) -> dict[str, Any]:
    """Return what the file should hold."""
    spec = {name: definition["spec"][name] for name in SPEC}
    spec["names"] = {"kind": spec["names"]["kind"]}
    spec["versions"] = [
        {name: without_descriptions(version[name]) for name in VERSION if name in version}
        for version in spec["versions"]
    ]
    return spec


def main() -> None:
    """Write the file."""
    definition = yaml.safe_load(pod_monitor_definition().read_text(encoding="utf-8"))
    text = json.dumps(compact(definition), separators=(",", ":")) + "\n"
    target = FOLDER / f"{definition['spec']['names']['kind']}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(f"{target.name}: {len(text)} bytes")


if __name__ == "__main__":
    main()
