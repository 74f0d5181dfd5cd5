"""Write the field tables of dsgen/kubernetes/schema/fields/ from the OpenAPI documents that Kubernetes publishes.

    python -m scripts.make_field_tables          (needs Go, to fetch the module k8s.io/kubernetes of each minor)

They become two compact tables a minor: one of the types that the kinds around a DaemonSet reach, which every run loads, and in
`others/` one of all other kinds. `beyond.json` has the fields of the first that only other minors than the default have.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from conformance.kubernetes_module import source
from dsgen.kubernetes.schema import api_resources
from dsgen.kubernetes.schema.fields import DEFAULT
from scripts.make_api_resources import RELEASES, number

TARGET: Final = Path(__file__).parent.parent / "dsgen" / "kubernetes" / "schema" / "fields"
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
    "MicroTime": "MicroTime",
    "FieldsV1": "any",
    "JSON": "any",
    "RawExtension": "any",
    "JSONSchemaPropsOrArray": "any",
    "JSONSchemaPropsOrBool": "any",
    "JSONSchemaPropsOrStringArray": "any",
}


def short(reference: str) -> str:
    """Return the Go name of a type from its reference."""
    return reference.rsplit(".", 1)[-1]


def named(definitions: dict[str, Any]) -> dict[str, str]:
    """Return what each type is called, by its reference: its Go name if it is a type of the tables that every run loads, or the
    newest type of a stable version that has this name; else a name such as `autoscaling.v1.HorizontalPodAutoscalerSpec`.
    """
    core = reached(definitions, list(KINDS.values()))
    of_name: dict[str, list[str]] = defaultdict(list)
    for reference in definitions:
        of_name[short(reference)].append(reference)
    names = {}
    for name, references in of_name.items():
        best = max(references, key=lambda each: (each in core, each.startswith(f"{API}core."), version_of(each), each))
        for each in references:
            plain = each == best and (each in core or version_of(each) or not re.search(r"\.v[0-9]", each))
            names[each] = name if plain else ".".join(each.split(".")[-3:])
    return names


def version_of(reference: str) -> int:
    """Return 2 for a type of the version `v2`, 0 for one of an alpha or beta version."""
    found = re.search(r"\.v([0-9]+)\.", reference)
    return int(found[1]) if found else 0


def reached(definitions: dict[str, Any], references: list[str]) -> set[str]:
    """Return the object types that some types lead to, and these."""
    found: set[str] = set()
    while references:
        reference = references.pop()
        if reference not in found:
            found.add(reference)
            for schema in definitions[reference].get("properties", {}).values():
                notation(schema, {}, references)
    return found


def notation(schema: dict[str, Any], names: dict[str, str], found: list[str]) -> str:
    """Return how a field's type is written in the table, and note the object types it leads to."""
    if "$ref" in schema:
        reference = schema["$ref"].rsplit("/", 1)[-1]
        if short(reference) in SCALARS:
            return SCALARS[short(reference)]
        found.append(reference)
        return names.get(reference, "")
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "array" in kinds:
        return f"[{notation(schema['items'], names, found)}]"
    if "object" in kinds and "additionalProperties" in schema:
        return f"{{{notation(schema['additionalProperties'], names, found)}}}"
    if "integer" in kinds:
        return str(schema.get("format", "int64"))
    if "number" in kinds:
        return "double"
    if "boolean" in kinds:
        return "bool"
    if "string" in kinds:
        return "bytes" if schema.get("format") == "byte" else "str"
    raise ValueError(f"a field of a type this script does not know: {schema}")


def keys(schema: dict[str, Any]) -> list[str] | None:
    """Return what tells the entries of a list apart where it is merged: the names of fields, none for values; None for other lists."""
    kind = schema.get("x-kubernetes-list-type")
    return {"map": list(schema.get("x-kubernetes-list-map-keys", ())), "set": []}.get(kind or "")


def table(definitions: dict[str, Any], names: dict[str, str], kinds: dict[str, str], known: set[str]) -> dict[str, Any]:
    """Return a table: kinds by `apiVersion kind`, and the fields of each type they reach and the keys of its lists, but for those `known`."""
    types: dict[str, dict[str, str]] = {}
    lists: dict[str, dict[str, list[str]]] = {}
    for reference in sorted(reached(definitions, list(kinds.values())) - known):
        properties = definitions[reference].get("properties", {})
        types[names[reference]] = {field: notation(schema, names, []) for field, schema in properties.items()}
        if found := {field: of for field, schema in properties.items() if (of := keys(schema)) is not None}:
            lists[names[reference]] = found
    return {
        "kinds": {kind: names[reference] for kind, reference in kinds.items()},
        "types": dict(sorted(types.items())),
        "keys": dict(sorted(lists.items())),
    }


def other_kinds(definitions: dict[str, Any], minor: str) -> dict[str, str]:
    """Return every kind of a minor that the API server creates objects of, and that `KINDS` has not."""
    described = {
        f"{each['group']}/{each['version']} {each['kind']}".lstrip("/"): reference
        for reference, definition in definitions.items()
        for each in definition.get("x-kubernetes-group-version-kind", ())
    }
    served = [f"{each.version} {each.kind}" for each in api_resources.load().every(int(minor.split(".")[1]))]
    return {kind: described[kind] for kind in sorted(served) if kind not in KINDS}


def beyond(tables: dict[str, dict[str, Any]], newest: str) -> dict[str, dict[str, str]]:
    """Return the fields that only minors other than `newest` have, by type. Raises ValueError for a field of two types."""
    known = tables[newest]["types"]
    found: dict[str, dict[str, str]] = {}
    for each in tables.values():
        for name, fields in each["types"].items():
            for field, of in fields.items():
                if (known.get(name, {}).get(field) or found.setdefault(name, {}).setdefault(field, of)) != of:
                    raise ValueError(f"{name}.{field} is of another type in another minor")
    return {name: dict(sorted(fields.items())) for name, fields in sorted(found.items()) if fields}


def main() -> None:
    """Write two files a minor, and one of what only others than the default have."""
    tables = {}
    for release in RELEASES:
        minor = f"1.{number(release)}"
        document = source(release) / "api" / "openapi-spec" / "swagger.json"
        definitions = json.loads(document.read_text(encoding="utf-8"))["definitions"]
        names = named(definitions)
        others = other_kinds(definitions, minor)
        known = reached(definitions, list(KINDS.values()))
        for file, kinds, without in ((f"{minor}.json", KINDS, set()), (f"others/{minor}.json", others, known)):
            found = table(definitions, names, kinds, without)
            tables[file] = found
            text = json.dumps(found, separators=(",", ":"), sort_keys=False)
            (TARGET / file).write_text(text + "\n")
            print(f"{file}: {len(kinds)} kinds, {len(text)} bytes")
    own = {file.removesuffix(".json"): found for file, found in tables.items() if "/" not in file}
    text = json.dumps(beyond(own, DEFAULT), separators=(",", ":"))
    (TARGET / "beyond.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
