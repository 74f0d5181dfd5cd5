"""Verify that a profile generates the same objects as the manifests, in the form in which the API server stores both."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from dsgen.generate.generator import Generator
from dsgen.generate.result import GenerateResult
from dsgen.importer.read.objects import SourceObject
from dsgen.kubernetes.schema.decode import Decoded, decode
from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.semantics.field_diff import Change, changes
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validation.kinds import is_namespaced
from dsgen.plain import is_alike, plain
from dsgen.problem import Problem, code
from dsgen.resolve.file import File
from dsgen.traversal import locate
from dsgen.tree import Map

if TYPE_CHECKING:
    from dsgen.resolve.environment import Environment

IMPORT_DIFFERS = code(
    "import-differs",
    """The rendered object is not identical to the manifest, in the form in which the API server stores both. With `--strict`, this is an error.""",
    severity="warning",
)


def _shown(value: Any) -> str:
    import json

    text = "unset" if value is None else json.dumps(plain(value), ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


class Prover:
    """Renders profiles, and compares their objects with those of the manifests.

    An object that Kubernetes accepts is not validated again if the generated one is identical to it.
    """

    def __init__(self, generator: Generator, minor: str) -> None:
        self.minor = minor
        self._generator = generator.trusting(self._is_accepted)
        # What the manifests of the current profile have, by kind and name.
        self._expected: dict[tuple[str, str], SourceObject] = {}
        # By the identity of a tree, which is kept with it: the form in which the server stores a given object, and how a generated one
        # differs from that.
        self._stored: dict[int, tuple[Map, Map]] = {}
        self._compared: dict[int, tuple[Map, list[Change]]] = {}

    def finding(self, files: Iterable[File]) -> Prover:
        """Return a prover whose profiles can also extend these files, which may not be written yet."""
        return Prover(self._generator.finding(files), self.minor)

    def make(self, name: str, text: str, given: Iterable[SourceObject] = ()) -> GenerateResult:
        """Render a profile as if it were in a file with its name in the current folder.

        `given` are the objects that it should generate, which Kubernetes accepts.
        """
        path = f"{name or 'daemonset'}.yaml"
        file = File(path, text.encode(), str(FilePath(path).absolute()))
        result = self.render(file, given)
        self._generator.forget(file)
        return result

    def render(
        self, file: File, given: Iterable[SourceObject], environment: Environment | None = None
    ) -> GenerateResult:
        """Render the profile in a file, in an environment if there is one; `given` are the objects that it should generate."""
        self._expected = {(each.kind, each.name): each for each in given}
        roots = {id(each.root) for each in self._expected.values()}
        self._stored = {key: value for key, value in self._stored.items() if key in roots}
        self._compared = {}
        return self._generator.make(file, environment)

    def _is_accepted(self, made: Map) -> bool:
        given = self._expected.get((str(made.get("kind")), str(made.map("metadata").get("name"))))
        if given is None:
            return False
        if is_alike(given.root, made):
            self._compared[id(made)] = made, []
            return True
        decoded = decode(made, self.minor)
        return not decoded.faults and not self._differences(given, made, decoded)

    def unlike(self, given: SourceObject, made: Map | None) -> list[Problem] | None:
        """Return a problem for each field in which the generated object differs from the given one; None if no object was generated."""
        if made is None:
            return None
        return [
            IMPORT_DIFFERS.at(
                locate(given.root, each.path),
                f"is {_shown(each.old)} in the manifest, but {_shown(each.new)} in the generated object",
                field=field_path(each.path),
            )
            for each in self._changes(given, made)
        ]

    def _changes(self, given: SourceObject, made: Map) -> list[Change]:
        """Return how the server stores a given and a generated object differently."""
        known = self._compared.get(id(made)) if self._is_expected(given) else None
        if known:
            return known[1]
        if is_alike(given.root, made):  # which is faster to find out, and often so
            return []
        return self._differences(given, made)

    def _is_expected(self, given: SourceObject) -> bool:
        return self._expected.get((given.kind, given.name)) is given

    def _differences(self, given: SourceObject, made: Map, decoded: Decoded | None = None) -> list[Change]:
        """Return the same for objects that are not alike; `decoded` is the generated one if it has been decoded."""
        stored = self._stored.get(id(given.root))
        if stored is None:
            stored = self._stored[id(given.root)] = given.root, self._normalized(given.root)
        found = changes(stored[1], self._normalized(made, decoded))
        if self._is_expected(given):
            self._compared[id(made)] = made, found
        return found

    def all_normalized(self, made: GenerateResult) -> list[object]:
        """Return all generated objects in the form in which the server stores them."""
        return [plain(self._normalized(each.tree)) for each in made.objects]

    def _normalized(self, root: Map, decoded: Decoded | None = None) -> Map:
        """Return an object in the form in which the server stores it, with its namespace."""
        result = normalized(root, self.minor, decoded)
        metadata = root.map("metadata")
        if is_namespaced(str(root.get("kind"))) and metadata.get("namespace"):
            result["metadata"] = Map({**result.map("metadata"), "namespace": metadata["namespace"]})
        return result


def made_objects(made: GenerateResult) -> dict[tuple[str, str], Map]:
    """Return the objects of a profile, by kind and name."""
    return {(each.kind, each.name): each.tree for each in made.objects}
