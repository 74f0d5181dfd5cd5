"""Whether what a profile makes is the same to Kubernetes as what was given, once the API server has stored both, and where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from dsgen.generate.generator import GenerateResult, Generator
from dsgen.importer.companion import part
from dsgen.importer.objects import SourceObject
from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.problem import Problem, code
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.tree import List, Map, Path, Value, locate, plain

IMPORT_DIFFERS = code(
    "import-differs",
    """What the profile makes is not quite what the manifest says, once the server has stored both. With `--strict` it is an error.""",
    severity="warning",
)


class Difference(Record):
    """A field whose value is another one: what the given object has there, and what the profile makes; None for nothing."""

    path: Path
    given: Any
    made: Any

    @property
    def field(self) -> str:
        """The field, as Kubernetes writes it."""
        return field_path(self.path)

    def __str__(self) -> str:
        return f"was {_shown(self.given)} and is {_shown(self.made)}"


def _shown(value: Any) -> str:
    import json

    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def differences(given: Value | None, made: Value | None, path: Path = ()) -> Iterator[Difference]:
    """Yield the fields in which two objects differ, in the form in which the server stores them."""
    if isinstance(given, Map) and isinstance(made, Map):
        for key in {**given, **made}:
            yield from differences(given.get(key), made.get(key), (*path, str(key)))
    elif isinstance(given, List) and isinstance(made, List) and len(given) == len(made):
        for index, (one, other) in enumerate(zip(given, made, strict=True)):
            yield from differences(one, other, (*path, index))
    elif given != made:
        yield Difference(path, None if given is None else plain(given), None if made is None else plain(made))


class Prover(Record):
    """Makes the objects of profiles, and compares them with those that were given."""

    generator: Generator
    minor: str

    def make(self, name: str, text: str) -> GenerateResult:
        """Return what a profile makes, as if it stood in a file of its name in the current folder."""
        file = f"{name or 'daemonset'}.yaml"
        return self.generator.make(File(file, text.encode(), str(FilePath(file).absolute())))

    def unlike(self, given: SourceObject, made: Map | None) -> list[Problem] | None:
        """Return how the object that is made differs from the given one, at its fields; None where none is made."""
        if made is None:
            return None
        found = differences(self._stored(given.root), self._stored(made))
        return [IMPORT_DIFFERS.at(locate(given.root, each.path), str(each), field=each.field) for each in found]

    def all_stored(self, made: GenerateResult) -> list[object]:
        """Return all that is made, as the server would store it."""
        return [plain(self._stored(each.tree)) for each in made.objects]

    def _stored(self, root: Map) -> Map:
        """Return an object as the server would store it, as far as it can be read, in its namespace."""
        kind = KINDS.get(str(root.get("kind")))
        result = normalized(root, self.minor)
        metadata = part(root, "metadata")
        if kind and kind.namespaced and metadata.get("namespace"):
            result["metadata"] = Map({**part(result, "metadata"), "namespace": metadata["namespace"]})
        if kind and kind.name == "Namespace":
            result.pop("spec", None)  # finalizers, which the server writes
        return result


def made_objects(made: GenerateResult) -> dict[tuple[str, str], Map]:
    """Return the objects that a profile makes, by kind and name."""
    return {(each.kind, each.name): each.tree for each in made.objects}
