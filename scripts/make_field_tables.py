"""Write the field tables of dsgen/kubernetes/schema/fields/ from the published JSON schemas.

    pip install kubernetes-validate
    python scripts/make_field_tables.py

The `kubernetes-validate` package carries the OpenAPI definitions of many minors; they are large, so only the
types that dsgen's kinds reach are kept, as one compact table a minor.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

MINORS = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37")
API = "io.k8s.api."
KINDS = {
    "apps/v1 DaemonSet": API + "apps.v1.DaemonSet",
    "v1 ConfigMap": API + "core.v1.ConfigMap",
    "v1 Namespace": API + "core.v1.Namespace",
    "v1 Service": API + "core.v1.Service",
    "v1 ServiceAccount": API + "core.v1.ServiceAccount",
    "networking.k8s.io/v1 NetworkPolicy": API + "networking.v1.NetworkPolicy",
    "rbac.authorization.k8s.io/v1 ClusterRole": API + "rbac.v1.ClusterRole",
    "rbac.authorization.k8s.io/v1 ClusterRoleBinding": API + "rbac.v1.ClusterRoleBinding",
    "rbac.authorization.k8s.io/v1 Role": API + "rbac.v1.Role",
    "rbac.authorization.k8s.io/v1 RoleBinding": API + "rbac.v1.RoleBinding",
    "scheduling.k8s.io/v1 PriorityClass": API + "scheduling.v1.PriorityClass",
}
# Types that are one value on the wire, whatever their Go type.
SCALARS = {
    "Quantity": "Quantity",
    "IntOrString": "IntOrString",
    "Time": "Time",
    "MicroTime": "Time",
    "FieldsV1": "any",
}


def short(reference: str) -> str:
    """Return the Go name of a type from its reference."""
    return reference.rsplit(".", 1)[-1]


def notation(schema: dict[str, Any], found: list[str]) -> str:
    """Return how a field's type is written in the table, and note the object types it leads to."""
    if "$ref" in schema:
        name = short(schema["$ref"])
        if name in SCALARS:
            return SCALARS[name]
        found.append(schema["$ref"].rsplit("/", 1)[-1])
        return name
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "array" in kinds:
        return f"[{notation(schema['items'], found)}]"
    if "object" in kinds and "additionalProperties" in schema:
        return f"{{{notation(schema['additionalProperties'], found)}}}"
    if "integer" in kinds:
        return str(schema.get("format", "int64"))
    if "boolean" in kinds:
        return "bool"
    if "string" in kinds:
        return "bytes" if schema.get("format") == "byte" else "str"
    raise ValueError(f"a field of a type this script does not know: {schema}")


def keys(schema: dict[str, Any]) -> list[str] | None:
    """Return what tells the entries of a list apart where it is merged: the names of fields, none for values; None for other lists."""
    kind = schema.get("x-kubernetes-list-type")
    return {"map": list(schema.get("x-kubernetes-list-map-keys", ())), "set": []}.get(kind or "")


def table(definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the table of one minor: kinds by `apiVersion kind`, the fields of each type they reach, and the keys of lists."""
    types: dict[str, dict[str, str]] = {}
    lists: dict[str, dict[str, list[str]]] = {}
    queue = list(KINDS.values())
    sources: dict[str, str] = {}
    while queue:
        reference = queue.pop()
        name = short(reference)
        if name in types:
            if sources[name] != reference:
                raise ValueError(f"two types are called {name}: {reference} and {sources[name]}")
            continue
        sources[name] = reference
        definition = definitions[reference]
        properties = definition.get("properties", {})
        types[name] = {field: notation(schema, queue) for field, schema in properties.items()}
        if found := {field: of for field, schema in properties.items() if (of := keys(schema)) is not None}:
            lists[name] = found
    return {
        "kinds": {kind: short(reference) for kind, reference in KINDS.items()},
        "types": dict(sorted(types.items())),
        "keys": dict(sorted(lists.items())),
    }


def main() -> None:
    """Write one file a minor."""
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        sys.exit("kubernetes-validate is not installed: pip install kubernetes-validate")
    schemas = Path(spec.origin).parent / "kubernetes-json-schema"
    target = Path(__file__).parent.parent / "dsgen" / "kubernetes" / "schema" / "fields"
    for minor in MINORS:
        definitions = json.loads((schemas / f"v{minor}.0-local" / "_definitions.json").read_text())["$defs"]
        text = json.dumps(table(definitions), separators=(",", ":"), sort_keys=False)
        (target / f"{minor}.json").write_text(text + "\n")
        print(f"{minor}: {len(text)} bytes")


if __name__ == "__main__":
    main()
