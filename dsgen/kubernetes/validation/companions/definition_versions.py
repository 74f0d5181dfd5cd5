"""CustomResourceDefinitions: their versions, with subresources and printer columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.companions.definition_view import definition_of, old_definition
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SPEC = "apiextensions-apiserver/pkg/apis/apiextensions/validation: validateCustomResourceDefinitionSpec"
STORED = "apiextensions-apiserver/pkg/apis/apiextensions/validation: ValidateCustomResourceDefinitionStoredVersions"
SCALE = "apiextensions-apiserver/pkg/apis/apiextensions/validation: ValidateCustomResourceDefinitionSubresources"
COLUMN = "apiextensions-apiserver/pkg/apis/apiextensions/validation: ValidateCustomResourceColumnDefinition"
COLUMN_TYPES: Final = ("boolean", "date", "integer", "number", "string")
COLUMN_FORMATS: Final = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
MAX_WARNING_LENGTH: Final = 256


@rule("CustomResourceDefinition.spec", source=SPEC)
def invalid_definition_version_name(spec: FieldRef) -> Iterator[FieldError]:
    """The name of each version must be a DNS label that begins with a letter, such as `v1beta1`."""
    for index, version in enumerate(spec.children("versions")):
        name = version.get("name", "")
        wrong = formats.letter_label(name)
        yield from version.invalid_each("name", wrong)
        if index == 0 and name and wrong:
            # The server also has the first version by itself.
            yield spec.invalid(("versions", 0, "name"), wrong[0], field="version")


@rule("CustomResourceDefinition.spec", source=SPEC)
def duplicate_definition_version(spec: FieldRef) -> Iterator[FieldError]:
    """The names of the versions must be unique."""
    names = [version.get("name", "") for version in spec.children("versions")]
    if len(set(names)) < len(names):
        yield spec.invalid("versions", "must have unique names")


@rule("CustomResourceDefinition.spec", source=SPEC)
def mismatched_storage_version(spec: FieldRef) -> Iterator[FieldError]:
    """Exactly one version must have `storage: true`: the one in which the server keeps the objects."""
    count = sum(bool(version.get("storage")) for version in spec.children("versions"))
    if count != 1:
        yield spec.invalid("versions", f"must have exactly one version with `storage: true`, got {count}")


@rule("CustomResourceDefinition", source=STORED)
def missing_stored_version(definition: FieldRef) -> Iterator[FieldError]:
    """A version in which objects have been stored (`status.storedVersions`) must not be removed. There must be a version that stores them."""
    versions = definition_of(definition).versions
    stored = _stored(definition)
    path = ("status", "storedVersions")
    if not stored:
        yield definition.invalid(path, "must have at least one version: no version has `storage: true`")
        return
    # The server takes each away when it comes to it, and so does not find it for a second version of the name.
    left = {name: index for index, name in enumerate(stored)}
    for version in versions:
        if left.pop(version.get("name", ""), None) is None and version.get("storage"):
            yield definition.invalid(path, f"must have the storage version {str(version.get('name', ''))!r}")
    for name, index in left.items():
        yield definition.invalid((*path, index), f"{str(name)!r} has been stored, and must remain in `spec.versions`")


def _stored(definition: FieldRef) -> list[str]:
    """Return the versions in which objects have been stored, with that of the new definition: the server keeps this list itself."""
    old = old_definition(definition)
    stored: list[str] = []
    if old is not None:
        stored = list(map(str, old.root.value.map("status").texts("storedVersions"))) or _storage(old.versions)
    return [*stored, *(name for name in _storage(definition_of(definition).versions) if name not in stored)]


def _storage(versions: list[FieldRef]) -> list[str]:
    return [str(version.get("name", "")) for version in versions if version.get("storage")][:1]


@rule("CustomResourceDefinition.spec.versions", source=SPEC, when="deprecationWarning")
def invalid_deprecation_warning(version: FieldRef) -> Iterator[FieldError]:
    """A `deprecationWarning` is only allowed for a version that is `deprecated`. It must be printable, not empty, and at most 256 characters long."""
    warning = version.get("deprecationWarning")
    if warning is None:
        return
    if not version.get("deprecated"):
        yield version.invalid("deprecationWarning", "is only allowed with `deprecated: true`")
    elif not warning:
        yield version.invalid("deprecationWarning", "must not be empty")
    elif not warning.isprintable():
        yield version.invalid("deprecationWarning", "must be printable, without line breaks")
    else:
        yield from version.invalid_each("deprecationWarning", formats.too_long(warning, MAX_WARNING_LENGTH))


@rule("CustomResourceDefinition", source=SCALE)
def invalid_scale_path(definition: FieldRef) -> Iterator[FieldError]:
    """The `scale` subresource must have a `specReplicasPath` below `.spec.` and a `statusReplicasPath` below `.status.`; a `labelSelectorPath` is
    below either.
    """
    view = definition_of(definition)
    for version, printed in view.holders("subresources") if view.versions else ():
        scale = version.child("subresources", "scale") if version.get("subresources") is not None else None
        if scale is None:
            continue
        scale = scale.printed_as(f"{printed}.scale")
        yield from _path(scale, "specReplicasPath", (".spec.",))
        yield from _path(scale, "statusReplicasPath", (".status.",))
        if scale.get("labelSelectorPath"):
            yield from _path(scale, "labelSelectorPath", (".spec.", ".status."))


def _path(scale: FieldRef, name: str, roots: tuple[str, ...]) -> Iterator[FieldError]:
    path = scale.get(name, "")
    if not path:
        yield scale.required(name, f"must be a path such as `{roots[0]}replicas`")
    elif not path.startswith(roots):
        yield scale.invalid(name, f"must begin with {' or '.join(f'`{root}`' for root in roots)}, got {str(path)!r}")


@rule("CustomResourceDefinition", source=COLUMN)
def invalid_printer_column(definition: FieldRef) -> Iterator[FieldError]:
    """A printer column must have a `name`, a `type` (`boolean`, `date`, `integer`, `number` or `string`) and a `jsonPath` that begins with a dot. Its
    `format` is one of OpenAPI's.
    """
    view = definition_of(definition)
    for version, printed in view.holders("additionalPrinterColumns") if view.versions else ():
        for index, column in enumerate(version.children("additionalPrinterColumns")):
            column = column.printed_as(f"{printed}[{index}]")
            if not column.get("name"):
                yield column.required("name")
            if not column.get("type"):
                yield column.required("type", f"must be one of {', '.join(COLUMN_TYPES)}")
            elif column.get("type") not in COLUMN_TYPES:
                yield column.invalid("type", column.not_supported("type", column.get("type"), COLUMN_TYPES).detail)
            if column.get("format") and column.get("format") not in COLUMN_FORMATS:
                yield column.invalid("format", column.not_supported("", column.get("format"), COLUMN_FORMATS).detail)
            path = column.get("jsonPath", "")
            if not path:
                yield column.required("jsonPath", "must be a path such as `.status.phase`", field="JSONPath")
            elif not path.startswith("."):
                yield column.invalid("jsonPath", f"must begin with `.`, got {str(path)!r}", field="JSONPath")
