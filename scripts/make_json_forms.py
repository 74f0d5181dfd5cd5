"""Write dsgen/kubernetes/schema/json_forms.json from the Go types of Kubernetes' API: which fields the server's JSON leaves out.

    python -m scripts.make_json_forms            (needs Go, to fetch the modules of the default minor)

For each type of the field tables: the scalars that are left out if they are false, 0 or empty, and the fields that are there even if they
are unset, with what they are then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from conformance.kubernetes_module import VERSIONS, folder, source
from dsgen.kubernetes.schema.fields import DEFAULT, every_kind
from scripts.make_field_tables import named

TARGET: Final = Path(__file__).parent.parent / "dsgen" / "kubernetes" / "schema" / "json_forms.json"
# Module, its folder with packages, and how their types are called in the OpenAPI document.
_MODULES: Final = (
    ("k8s.io/api", "", "io.k8s.api"),
    ("k8s.io/apimachinery", "pkg/apis/meta", "io.k8s.apimachinery.pkg.apis.meta"),
    ("k8s.io/apiextensions-apiserver", "pkg/apis/apiextensions", "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions"),
    ("k8s.io/kube-aggregator", "pkg/apis/apiregistration", "io.k8s.kube-aggregator.pkg.apis.apiregistration"),
)  # fmt: skip
_STRUCT: Final = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_NAMED: Final = re.compile(r"^type (\w+) (\S+)$", re.MULTILINE)
_FIELD: Final = re.compile(r'^\t(?:(\w+)\s+)?([\w.*\[\]]+)\s+`[^`]*json:"([^"]*)"', re.MULTILINE)
# Types of the field tables, and their values if they are unset: of scalars, and of structs that are one value in JSON.
_SCALARS: Final[dict[str, Any]] = {"bool": False, "str": "", "int32": 0, "int64": 0, "double": 0}
_VALUES: Final[dict[str, Any]] = {"Time": None, "MicroTime": None, "Quantity": "0", "IntOrString": 0, "any": None}


class Field(NamedTuple):
    """A field: its name in JSON, its Go type, and when JSON leaves it out."""

    name: str
    type: str
    omits_empty: bool
    omits_zero: bool


class Package(NamedTuple):
    """The struct types of a package, and what its other types are."""

    structs: dict[str, list[Field]]
    others: dict[str, str]


def package(folder: Path) -> Package:
    """Read the Go types of a package."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*types*.go")))
    structs = {name: list(_fields(body)) for name, body in _STRUCT.findall(text)}
    return Package(structs, dict(_NAMED.findall(text)))


def _fields(body: str) -> Iterator[Field]:
    for _, type, tag in _FIELD.findall(body):
        name, *options = tag.split(",")
        if name != "-":
            yield Field("" if "inline" in options else name, type, "omitempty" in options, "omitzero" in options)


def form(fields: list[Field], own: Package, types: dict[str, str]) -> tuple[list[str], dict[str, Any]]:
    """Return the scalars of a struct, whose fields have some `types`, that are left out if they are zero, and the fields that are always there."""
    zeros, always = list[str](), dict[str, Any]()
    for each in fields:
        kind = own.others.get(each.type, each.type)
        of_table = types.get(each.name, "")
        if not each.name:
            more, there = form(own.structs.get(each.type, []), own, types)
            zeros, always = [*zeros, *more], always | there
        elif kind[0] == "*" or kind.startswith(("[", "map[")) or of_table[:1] in ("[", "{"):
            if not each.omits_empty:
                always[each.name] = None
        elif of_table in _SCALARS:
            if each.omits_empty or each.omits_zero:
                zeros.append(each.name)
            else:
                always[each.name] = _SCALARS[of_table]
        elif of_table and not each.omits_zero:
            always[each.name] = _VALUES.get(of_table, {})
    return zeros, always


def main() -> None:
    """Write the table."""
    version = VERSIONS[DEFAULT]
    document = source(version) / "api" / "openapi-spec" / "swagger.json"
    names = named(json.loads(document.read_text(encoding="utf-8"))["definitions"])
    known, found = every_kind(DEFAULT).types, dict[str, Any]()
    for module, below, prefix in _MODULES:
        top = folder(f"{module}@v0.{version.removeprefix('1.')}") / below
        for file in sorted(top.rglob("types.go")):
            own = package(file.parent)
            path = ".".join((prefix, *file.parent.relative_to(top).parts))
            for name, fields in own.structs.items():
                called = names.get(f"{path}.{name}", "")
                zeros, always = form(fields, own, known.get(called, {}))
                if zeros or always:
                    found[called] = [" ".join(zeros), always]
    text = json.dumps(dict(sorted(found.items())), separators=(",", ":"))
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(f"{len(found)} types, {len(text)} bytes")


if __name__ == "__main__":
    main()
