"""The project's own manifests: validated like everything else, and written with the objects of the profiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dsgen.generate.header import path_in
from dsgen.generate.objects import (
    DUPLICATE_OBJECT,
    NO_OBJECT,
    GeneratedObject,
    is_named,
    refused_pods,
    validate_and_serialize,
    with_defaults,
)
from dsgen.kubernetes.lint import Checks
from dsgen.kubernetes.lint.validate_and_lint import with_objects
from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.stream import is_of_kustomize, is_partly_validated, is_unvalidated, unfold_list
from dsgen.problem import Problem
from dsgen.resolve.file import File
from dsgen.traversal import locate
from dsgen.tree import Map, Value, as_map, origin_of

if TYPE_CHECKING:
    from dsgen.gitops import GitOps
    from dsgen.resolve.images import Images

# What is written above an object, and in its index.
WHAT: Final = "manifest"


class PassedOn:
    """The objects of `manifests`, validated for the version `minor`; `problems` and the full references of `images` are added to."""

    def __init__(self, minor: str, gitops: GitOps, checks: Checks, defaults: bool, images: Images | None) -> None:
        self.problems: list[Problem] = []
        self.images: set[str] = set()
        # The kinds of the objects of which only a part was validated, and of those that were not.
        self.in_part: list[str] = []
        self.others: list[str] = []
        self._minor = minor
        self._gitops = gitops
        self._checks = checks
        self._defaults = defaults
        self._rewrite = images

    def objects(self, files: Iterable[File], project: Path, what: str) -> list[GeneratedObject]:
        """Return the objects in some files of the project in a folder; `what` is the name to show for all of them."""
        found = [(root, path_in(project, file.key)) for file in files for root in self._roots(file)]
        self._checks = with_objects(self._checks, (root for root, _ in found))
        first: dict[tuple[str, ...], tuple[str, Value]] = {}
        kept = []
        for root, path in found:
            which = _identity(root)
            if which in first:
                name, (where, other) = root.map("metadata")["name"], first[which]
                twice, hint = f"{root['kind']} {name} is also in {where}", "remove one of the two"
                if name != other:
                    twice = (
                        f"{root['kind']} {name} and {other}, in {where}, differ only in case, and so would their files"
                    )
                    hint = "rename one of the two"
                self.problems.append(DUPLICATE_OBJECT.at(locate(root, ("metadata", "name")), twice, hint=hint))
            else:
                first[which] = path, root.map("metadata")["name"]
                kept.append(self._made(root, path))
        # The file of an object has its namespace, and if need be its API group, if the file would have the name of another one.
        often = Counter(which[:length] for which in first for length in (2, 3))
        apart = ("-".join(filter(None, which[2 : 3 + (often[which[:3]] > 1)])) for which in first)
        named = [
            made._replace(apart=words) if often[which[:2]] > 1 else made
            for made, which, words in zip(kept, first, apart, strict=True)
        ]
        if not (named or self.problems):
            hint = "add one, or remove `manifests`"
            self.problems.append(NO_OBJECT.at(None, "these manifests contain no object", hint=hint, file=what))
        self.problems += refused_pods(named, self._minor, self._checks.pod_security)
        return named

    def _roots(self, file: File) -> Iterator[Map]:
        """Yield the objects in a file that have a kind and a name."""
        for document in read(file.text, file.name):
            if is_of_kustomize(document.root):
                found = f"{as_map(document.root).get('kind')} is a file of Kustomize, not an object"
                hint = "exclude it from `manifests`, or replace the folder with what `kustomize build` prints"
                self.problems.append(NO_OBJECT.at(origin_of(document.root), found, hint=hint))
                continue
            roots, wrong = unfold_list(document, self._minor)
            self.problems += wrong
            hint = "set them, or exclude the file from `manifests`"
            yield from (each for each in roots if is_named(as_map(each), "this document", hint, self.problems))

    def _made(self, root: Map, path: str) -> GeneratedObject:
        if self._rewrite:
            root = self._rewrite.rewrite(root, self.images)
        if self._defaults:
            root = with_defaults(root, self._minor)
        said: list[Problem] = []
        made = validate_and_serialize(root, path, self._minor, self._gitops, self._checks, said, WHAT)
        self.problems += said
        if is_unvalidated(root, self._minor, self._checks):
            self.others.append(made.kind)
        elif is_partly_validated(said):
            self.in_part.append(made.kind)
        return made


def _identity(root: Map) -> tuple[str, ...]:
    """Return the kind, the name, the namespace and the API group of an object: in lower case, as some file systems compare names."""
    metadata = root.map("metadata")
    parts = (root["kind"], metadata["name"], metadata.get("namespace", ""), str(root["apiVersion"]).rpartition("/")[0])
    return tuple(str(part).lower() for part in parts)
