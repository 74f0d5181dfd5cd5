"""Write dsgen/kubernetes/schema/fields/PodMonitor.json from the CustomResourceDefinition that the Prometheus operator publishes.

    python -m scripts.make_monitor_table          (needs Go, to fetch the operator's module)

Types and fields are written as in the tables of Kubernetes itself; in addition there are the `limits` of each field, by the
keywords of the definition's schema.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from conformance.kubernetes_module import pod_monitor_definition

KIND = "PodMonitor"
LIMITS = ("pattern", "enum", "minimum", "maximum", "minLength", "default")
# All that a schema may say; of what is new, nothing here knows the meaning.
KNOWN = {
    *(*LIMITS, "type", "format", "properties", "items", "additionalProperties", "required", "description", "anyOf"),
    *("x-kubernetes-int-or-string", "x-kubernetes-list-type", "x-kubernetes-map-type"),
}


class Tables:
    """The types found so far. Objects of the same shape are one type."""

    def __init__(self) -> None:
        self.types: dict[str, dict[str, str]] = {}
        self.limits: dict[str, dict[str, dict[str, Any]]] = {}

    def add(self, name: str, schema: dict[str, Any]) -> str:
        """Return the name of the type of an object: `name`, or that of a type of the same shape."""
        fields: dict[str, str] = {}
        limits: dict[str, dict[str, Any]] = {}
        for field, below in schema["properties"].items():
            fields[field] = "ObjectMeta" if name == KIND and field == "metadata" else self.notation(field, below)
            limited = {**limits_of(below), **({"required": True} if field in schema.get("required", ()) else {})}
            if limited:
                limits[field] = limited
            if "items" in below and limits_of(below["items"]):
                limits[f"{field}[]"] = limits_of(below["items"])
        for known, same in self.types.items():
            if same == fields and self.limits.get(known, {}) == limits:
                return known
        assert name not in self.types, f"two types are called {name}"
        self.types[name] = fields
        if limits:
            self.limits[name] = limits
        return name

    def notation(self, field: str, schema: dict[str, Any]) -> str:
        """Return how the type of a field is written."""
        assert KNOWN.issuperset(schema), f"{field}: {sorted(KNOWN.symmetric_difference(schema))}"
        if schema.get("x-kubernetes-int-or-string"):
            return "IntOrString"
        kind = schema["type"]
        if kind == "array":
            return f"[{self.notation(field, schema['items'])}]"
        if kind == "object" and "additionalProperties" in schema:
            return f"{{{self.notation(field, schema['additionalProperties'])}}}"
        if kind == "object":
            return self.add(f"{KIND}{field[0].upper()}{field[1:]}", schema)
        return str({"integer": schema.get("format", "int64"), "boolean": "bool", "string": "str"}[kind])


def limits_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a schema asks of a value beyond its type."""
    limits = {name: schema[name] for name in LIMITS if name in schema}
    return {**limits, "set": True} if schema.get("x-kubernetes-list-type") == "set" else limits


def main() -> None:
    """Write the file."""
    definition = yaml.safe_load(pod_monitor_definition().read_text(encoding="utf-8"))
    (version,) = definition["spec"]["versions"]
    tables = Tables()
    tables.add(KIND, version["schema"]["openAPIV3Schema"])
    text = json.dumps({"types": tables.types, "limits": tables.limits}, separators=(",", ":"))
    target = Path(__file__).parent.parent / "dsgen" / "kubernetes" / "schema" / "fields" / f"{KIND}.json"
    target.write_text(text + "\n", encoding="utf-8")
    print(f"{KIND}: {len(text)} bytes")


if __name__ == "__main__":
    main()
