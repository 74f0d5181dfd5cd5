"""The objects of a stream, as they are found: files with several documents, lists, and what `kubectl get -o yaml` prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.importer import comments
from dsgen.importer.comments import Comments
from dsgen.kubernetes import fields
from dsgen.kubernetes.decode import REMOVED_KIND, identify
from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.stream import unfolded
from dsgen.kubernetes.verdict import judge
from dsgen.problem import Problem, code, has_errors
from dsgen.record import Record
from dsgen.tree import List, Map, Origin, Value, origin_of

NOT_RENDERED = code(
    "not-rendered",
    "The text is a template of Helm, not a manifest: `{{ … }}` is filled in by `helm template`, whose output can be imported.",
)
NOT_KUBERNETES = code(
    "not-kubernetes", "The text holds no object of Kubernetes: nothing in it states `apiVersion` and `kind`."
)

_HELM: Final = re.compile(r"\{\{-?\s*(\.Values|\.Release|\.Chart|include\b|template\b)")
_ACTION: Final = re.compile(r"\{\{-?\s*[^{}\s]")


class Given(Record):
    """An object, and the comments at its lines; the first of a file has those at the file's head too."""

    root: Map
    comments: Comments
    head: list[str]

    @property
    def kind(self) -> str:
        """Its kind, or an empty text."""
        return str(self.root.get("kind", ""))

    @property
    def is_daemonset(self) -> bool:
        """Whether it is a DaemonSet of Kubernetes, of whatever version: groups of others may have a kind of this name."""
        return self.kind == "DaemonSet" and str(self.root["apiVersion"]).rpartition("/")[0] in ("apps", "extensions")

    @property
    def name(self) -> str:
        """Its name, or an empty text."""
        metadata = self.root.get("metadata")
        return str(metadata.get("name", "")) if isinstance(metadata, Map) else ""

    @property
    def namespace(self) -> str:
        """Its namespace, or an empty text."""
        metadata = self.root.get("metadata")
        return str(metadata.get("namespace", "")) if isinstance(metadata, Map) else ""


def given_objects(text: bytes, file: str, minor: str = fields.DEFAULT) -> tuple[list[Given], list[Problem]]:
    """Return the objects of a stream of YAML or JSON, and what is wrong with its text, and with what is no object.

    What an older version of Kubernetes served, is one.
    """
    documents = [unfolded(document, minor) for document in read(text, file)]
    problems = [problem for _, wrong in documents for problem in wrong]
    decoded = text.decode("utf-8", "replace").removeprefix("\ufeff")
    roots = [root for every, _ in documents for root in every]
    maps = [root for root in roots if isinstance(root, Map)]
    if _is_template(decoded, has_errors(problems), [root for root in maps if root.get("kind") == "DaemonSet"]):
        return [], [_not_rendered(decoded, file)]
    if not problems and not any("apiVersion" in root or "kind" in root for root in maps):
        nowhere = Origin(file, 1, 1, 1, 1)
        found = "no document states `apiVersion` and `kind`"
        return [], [NOT_KUBERNETES.at(nowhere, found, hint="give a manifest of a DaemonSet")]
    noted = comments.read(decoded, file)
    given: list[Given] = []
    for root in roots:
        if not _is_object(root, minor):
            problems += judge(root, minor)
            continue
        lines = sorted(_lines(root))
        head = [] if given else noted.above.get((file, 0), [])
        given.append(Given(root, noted.between((file, lines[0]), (file, lines[-1])), head))
    return given, problems


def _is_object(root: Value, minor: str) -> bool:
    fault = identify(root, minor).fault
    known = fault is None or fault.code is REMOVED_KIND
    return known and isinstance(root, Map) and "apiVersion" in root and "kind" in root


def _is_template(text: str, broken: bool, roots: list[Map]) -> bool:
    """Tell whether a text is a template of Helm. Actions in texts of several lines are those of others, such as an agent's own."""
    if broken:
        return bool(re.search(r"(?m)^(\s*|[^#\n]*:\s+)\{\{", text))
    return any(_HELM.search(words) for root in roots for words in _texts(root) if "\n" not in words)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for child in value.values() if isinstance(value, Map) else value if isinstance(value, List) else ():
        yield from _texts(child)


def _not_rendered(text: str, file: str) -> Problem:
    match = _ACTION.search(text)
    assert match is not None
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
    return NOT_RENDERED.at(
        Origin(file, line, column, line, column + 2),
        "a template of Helm, which has not been rendered",
        hint="render it first: helm template NAME CHART | dsgen import -",
    )


def _lines(value: Value) -> Iterator[int]:
    """Yield the lines on which the parts of a value begin."""
    origin = origin_of(value)
    if origin:
        yield origin.line
    for child in value.items() if isinstance(value, Map) else enumerate(value) if isinstance(value, List) else ():
        for part in child:
            if not isinstance(part, int) or origin_of(part):
                yield from _lines(part)
