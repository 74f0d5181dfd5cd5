"""One key of the profile language, as an entry of the Cerberus schema.

In addition to Cerberus' own rules (`schema`, `excludes`), an entry has one of these:

- `kubernetes`: a notation of the field tables; the value is validated and converted by them (`typed.converter`);
- `form`: a function that converts the value and reports its problems;
- `named`: the rules of each entry of a map by name, or (unless the type is that of a free map, `{profile}`) of Kubernetes' list.

With `schema` there may be `text`: a function that converts text to the map and reports its problems.

`meta` is the documentation: `description`, `example`, `field` (its field in Kubernetes), and for the merge the `type` of the map
and the name of the key in the long form (`means`). `json` is the JSON Schema of what a `form` accepts.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

Rules: TypeAlias = dict[str, Any]
Schema: TypeAlias = dict[str, Rules]


def key(
    description: str,
    example: str,
    field: str = "",
    /,
    *,
    type: str = "",
    means: str = "",
    json: Any = None,
    **rules: Any,
) -> Rules:
    """Return the entry for one key. `example` is YAML, as in a profile."""
    meta = {
        "description": " ".join(description.split()),
        "example": example,
        "field": field,
        "type": type,
        "means": means,
        "json": json,
    }
    return {"meta": {name: value for name, value in meta.items() if value}, **rules}


@cache
def described_fields() -> dict[str, dict[str, tuple[str, str]]]:
    """Return the fields of a container and of a pod that are keys of the language too: the description and an example of each."""
    found: dict[str, dict[str, tuple[str, str]]] = json.loads(Path(__file__).with_name("fields.json").read_bytes())
    return found


@cache
def described_types() -> dict[str, dict[str, str]]:
    """Return the descriptions of Kubernetes' types that profiles use most: of their fields, and under an empty name of the type itself."""
    found: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("types.json").read_bytes())
    return found


def with_appending(schema: Schema) -> Schema:
    """Return the schema with a key `KEY+` added for each key that takes a list."""
    result: Schema = {}
    for name, rules in schema.items():
        result[name] = rules
        if rules.get("kubernetes", "").startswith("[") or rules["meta"].get("type") == "list":
            meta = {
                "description": f"Appends to `{name}` of the layers below.",
                "example": rules["meta"]["example"].replace(f"{name}:", f"{name}+:", 1),
                "type": rules["meta"].get("type", ""),
                "means": f"{rules['meta'].get('means', name)}+",
            }
            if "json" in rules["meta"]:
                meta["json"] = rules["meta"]["json"]
            result[f"{name}+"] = {**rules, "meta": meta, "excludes": name}
    return result


def own(what: str) -> Schema:
    """Return the entries for the labels and annotations of a companion."""
    return {
        "labels": key(
            f"Labels of the {what}, in addition to those of the profile.",
            "labels: {team: infra}",
            "metadata.labels",
            kubernetes="{str}",
        ),
        "annotations": key(
            f"Annotations of the {what}, in addition to those of the profile.",
            "annotations: {example.com/owner: infra}",
            "metadata.annotations",
            kubernetes="{str}",
        ),
    }
