"""The CustomResourceDefinitions that are known: of the objects beside a custom resource, of a project, and the shipped ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from dsgen.kubernetes.schema import fields
from dsgen.problem import Problem
from dsgen.record import Record
from dsgen.tree import Map, as_map, origin_of

if TYPE_CHECKING:
    from dsgen.kubernetes.schema.custom.definition import Definition

_KIND: Final = "CustomResourceDefinition"
_VERSION: Final = "apiextensions.k8s.io/v1"
# Returns the objects that may define a kind, and the problems of files that cannot be read.
Layer = Callable[[str], Iterable[Any]]


class _Found(Record):
    """The definition of a kind, and why it cannot be used, if so, with what to do."""

    definition: Definition
    fault: str = ""
    hint: str = "correct the CustomResourceDefinition"


class Definitions:
    """Definitions by layer, those of the first layer that defines a kind first; each is asked when a custom resource needs it.

    Shipped definitions come last.
    """

    def __init__(self, layers: Sequence[Layer] = ()) -> None:
        self._layers = layers
        self._known: dict[tuple[str, str, str], _Found | None] = {}

    def above(self, roots: Iterable[Any]) -> Definitions:
        """Return definitions with those among some objects as the first layer; these themselves, if there are none."""
        found = [root for root in roots if is_definition(root)]
        return Definitions([lambda _: found, *self._layers]) if found else self

    def has(self, root: Any, minor: str) -> bool:
        """Return whether there is a definition of an object's kind."""
        return self._find(root, minor) is not None

    def validates(self, root: Any, minor: str) -> bool:
        """Return whether an object is a custom resource that can be validated."""
        found = self._find(root, minor)
        return found is not None and not found.fault

    def problems(self, root: Any, minor: str) -> list[Problem] | None:
        """Return everything that is wrong with a custom resource, or None for an object of a kind without a definition."""
        found = self._find(root, minor)
        if found is None:
            return None
        from dsgen.kubernetes.custom import validate

        if found.fault:
            return [validate.unusable(root, found.fault, found.hint)]
        version = found.definition.versions.get(root["apiVersion"].rpartition("/")[2])
        if version is None or not version.is_served:
            return [validate.not_served(root, found.definition)]
        return list(validate.problems(root, found.definition, version, minor))

    def stored(self, root: Map, minor: str) -> Map | None:
        """Return a valid custom resource as the API server stores it, with defaults; None for an object of a kind without a usable definition."""
        found = self._find(root, minor)
        version = found.definition.versions.get(str(root["apiVersion"]).rpartition("/")[2]) if found else None
        if found is None or found.fault or version is None:
            return None
        from dsgen.kubernetes.custom import validate

        return validate.judge(root, found.definition, version, minor).tree

    def defines(self, root: Any, minor: str) -> Definition | None:
        """Return the definition of an object's kind, or None if there is none that can be used."""
        found = self._find(root, minor)
        return found.definition if found and not found.fault else None

    def _find(self, root: Any, minor: str) -> _Found | None:
        group, slash, _ = str(as_map(root).get("apiVersion")).rpartition("/")
        kind = as_map(root).get("kind")
        if not slash or not isinstance(kind, str):
            return None
        key = group, str(kind), minor
        if key not in self._known:
            self._known[key] = self._look(*key)
        return self._known[key]

    def _look(self, group: str, kind: str, minor: str) -> _Found | None:
        for layer in self._layers:
            found = list(layer(kind))
            roots = [root for root in found if is_definition(root) and _defines(root, group, kind)]
            if roots:
                return _usable(roots, minor)
            broken = next((each for each in found if isinstance(each, Problem)), None)
            if broken is not None:
                from dsgen.kubernetes.schema.custom.definition import Definition

                none = Definition(group, kind, True, {})
                return _Found(none, f"cannot be read ({broken.file}:{broken.line}: {broken.message})")
        known = next((version for version in fields.CUSTOM_RESOURCES if _is_of(version, group, kind)), None)
        if known is None:
            return None
        from dsgen.kubernetes.schema.custom.shipped_definitions import shipped

        return _Found(shipped(fields.CUSTOM_RESOURCES[known]))


@cache
def shipped_only() -> Definitions:
    """Return the shipped definitions."""
    return Definitions()


def is_definition(root: Any) -> bool:
    """Return whether an object is a CustomResourceDefinition."""
    header = as_map(root)
    return header.get("kind") == _KIND and header.get("apiVersion") == _VERSION


def _lacking(root: Map) -> str:
    """Return a field that a definition needs and does not have, or an empty string."""
    spec = root.map("spec")
    versions = spec.maps("versions")
    lacking = [name for name in ("group", "names", "scope", "versions") if not spec.get(name)]
    lacking += [
        f"versions[{at}].{name}"
        for at, each in enumerate(versions)
        for name in ("name", "schema")
        if not each.get(name)
    ]
    return f"spec.{lacking[0]}" if lacking else ""


def _is_of(version_and_kind: str, group: str, kind: str) -> bool:
    version, name = version_and_kind.split()
    return version.rpartition("/")[0] == group and name == kind


def _defines(root: Map, group: str, kind: str) -> bool:
    spec = root.map("spec")
    return spec.get("group") == group and spec.map("names").get("kind") == kind


def _usable(roots: list[Map], minor: str) -> _Found:
    """Return what some definitions of one kind say: all of them must be valid, and say the same."""
    from dsgen.kubernetes.built_in import validate
    from dsgen.kubernetes.schema.custom.definition import definition, spec_of

    for root in roots:
        wrong = next((each for each in validate(root, minor) if each.severity == "error"), None)
        if wrong is not None:
            place = f"{wrong.file}:{wrong.line}" if wrong.line else wrong.file
            at = ", ".join(filter(None, (place, wrong.field)))
            return _Found(definition(root, usable=False), f"is not valid ({at}: {wrong.message})")
        lacking = _lacking(root)
        if lacking:
            return _Found(
                definition(root, usable=False), f"is not complete ({origin_of(root)}: `{lacking}` is missing)"
            )
    first, *others = roots
    different = next((other for other in others if spec_of(other) != spec_of(first)), None)
    if different is not None:
        places = " and ".join(str(origin_of(each)) for each in (first, different))
        hint = "remove one of the two CustomResourceDefinitions"
        return _Found(definition(first, usable=False), f"is defined twice, with differences ({places})", hint)
    return _Found(definition(first))
