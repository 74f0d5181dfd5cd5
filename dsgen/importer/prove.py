"""Whether what a profile makes is the same to Kubernetes as what was given, once the API server has stored both, and where it is not."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

from dsgen.generate.generator import GenerateResult, Generator
from dsgen.importer.read.objects import SourceObject
from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.semantics.field_diff import changes
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.problem import Problem, code
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.traversal import locate
from dsgen.tree import Map, plain

IMPORT_DIFFERS = code(
    "import-differs",
    """The rendered object is not identical to the manifest, in the form in which the API server stores both. With `--strict`, this is an error.""",
    severity="warning",
)


def _shown(value: Any) -> str:
    import json

    text = "nothing" if value is None else json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


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
        found = changes(self._normalized(given.root), self._normalized(made))
        return [
            IMPORT_DIFFERS.at(
                locate(given.root, each.path),
                f"was {_shown(each.old)} and is {_shown(each.new)}",
                field=field_path(each.path),
            )
            for each in found
        ]

    def all_normalized(self, made: GenerateResult) -> list[object]:
        """Return all that is made, as the server would store it."""
        return [plain(self._normalized(each.tree)) for each in made.objects]

    def _normalized(self, root: Map) -> Map:
        """Return an object as the server would store it, in its namespace."""
        kind = KINDS.get(str(root.get("kind")))
        result = normalized(root, self.minor)
        metadata = root.map("metadata")
        if kind and kind.namespaced and metadata.get("namespace"):
            result["metadata"] = Map({**result.map("metadata"), "namespace": metadata["namespace"]})
        return result


def made_objects(made: GenerateResult) -> dict[tuple[str, str], Map]:
    """Return the objects that a profile makes, by kind and name."""
    return {(each.kind, each.name): each.tree for each in made.objects}
