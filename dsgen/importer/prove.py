"""Verify that a profile generates the same objects as the manifests, in the form in which the API server stores both."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

from dsgen.generate.generator import Generator
from dsgen.generate.result import GenerateResult
from dsgen.importer.read.objects import SourceObject
from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.semantics.field_diff import changes
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validation.kinds import is_namespaced
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

    text = "unset" if value is None else json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


class Prover(Record):
    """Renders profiles, and compares their objects with those of the manifests."""

    generator: Generator
    minor: str

    def make(self, name: str, text: str) -> GenerateResult:
        """Render a profile as if it were in a file with its name in the current folder."""
        file = f"{name or 'daemonset'}.yaml"
        return self.generator.make(File(file, text.encode(), str(FilePath(file).absolute())))

    def unlike(self, given: SourceObject, made: Map | None) -> list[Problem] | None:
        """Return a problem for each field in which the generated object differs from the given one; None if no object was generated."""
        if made is None:
            return None
        found = changes(self._normalized(given.root), self._normalized(made))
        return [
            IMPORT_DIFFERS.at(
                locate(given.root, each.path),
                f"is {_shown(each.old)} in the manifest, but {_shown(each.new)} in the generated object",
                field=field_path(each.path),
            )
            for each in found
        ]

    def all_normalized(self, made: GenerateResult) -> list[object]:
        """Return all generated objects in the form in which the server stores them."""
        return [plain(self._normalized(each.tree)) for each in made.objects]

    def _normalized(self, root: Map) -> Map:
        """Return an object in the form in which the server stores it, with its namespace."""
        result = normalized(root, self.minor)
        metadata = root.map("metadata")
        if is_namespaced(str(root.get("kind"))) and metadata.get("namespace"):
            result["metadata"] = Map({**result.map("metadata"), "namespace": metadata["namespace"]})
        return result


def made_objects(made: GenerateResult) -> dict[tuple[str, str], Map]:
    """Return the objects of a profile, by kind and name."""
    return {(each.kind, each.name): each.tree for each in made.objects}
