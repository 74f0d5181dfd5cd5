"""The objects of a stream, unchanged: from several documents, from lists, and from the output of `kubectl get -o yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.importer.read.comments import Comments, Line
from dsgen.importer.read.live import in_namespace
from dsgen.importer.read.noted import read
from dsgen.kubernetes.apply.allotted import as_applied
from dsgen.kubernetes.manifest import Document
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.schema.errors import REMOVED_KIND
from dsgen.kubernetes.stream import unfold_list
from dsgen.kubernetes.validate import validate
from dsgen.origin import Origin
from dsgen.problem import Problem, code, has_errors
from dsgen.record import Record
from dsgen.tree import List, Map, as_map, maps_in, origin_of

UNRENDERED_TEMPLATE = code(
    "unrendered-template",
    "The text is a Helm template, not a manifest. Import the output of `helm template`, which fills in `{{ … }}`.",
)
MISSING_KUBERNETES_OBJECT = code(
    "missing-kubernetes-object", "The text contains no Kubernetes object: no document has `apiVersion` and `kind`."
)

_HELM: Final = re.compile(r"\{\{-?\s*(\.Values|\.Release|\.Chart|include\b|template\b)")
_ACTION: Final = re.compile(r"\{\{-?\s*[^{}\s]")


class SourceObject(Record):
    """An object, the comments at its lines, and the text that it is in. The first object of a file also has the comments at its head.

    It `is_selected` if it is in a file that is imported, and not just one of a cluster's objects.
    """

    root: Map
    comments: Comments
    head: list[str]
    text: str = ""
    is_selected: bool = True

    @property
    def kind(self) -> str:
        """Its kind, or an empty string."""
        return _says(self.root, "kind")

    @property
    def is_daemonset(self) -> bool:
        """Whether it is a Kubernetes DaemonSet of any version; other API groups may have a kind with this name."""
        return self.kind == "DaemonSet" and str(self.root["apiVersion"]).rpartition("/")[0] in ("apps", "extensions")

    @property
    def name(self) -> str:
        """Its name, or an empty string."""
        return str(self.root.map("metadata").get("name", ""))

    @property
    def namespace(self) -> str:
        """Its namespace, or an empty string."""
        return str(self.root.map("metadata").get("namespace", ""))


def given_objects(
    text: bytes, file: str, minor: str = fields.DEFAULT, namespace: str = ""
) -> tuple[list[SourceObject], list[Problem]]:
    """Return the objects of a stream of YAML or JSON, and the problems of its text, and of documents that are not objects.

    Objects of API versions that Kubernetes no longer serves are included. What a cluster has allotted to an object is left out. Objects
    that set no namespace are in `namespace`, if there is one.
    """
    whole, noted = read(text, file)
    documents = [_unfolded(document, minor) for document in whole]
    problems = [problem for _, wrong in documents for problem in wrong]
    decoded = text.decode("utf-8", "replace").removeprefix("\ufeff")
    roots = [root for every, _ in documents for root in every]
    maps = maps_in(roots)
    if _is_template(decoded, has_errors(problems), [root for root in maps if _says(root, "kind") == "DaemonSet"]):
        return [], [_not_rendered(decoded, file)]
    said = [*maps, *(root for each in whole if (root := as_map(each.root)))]
    if not problems and not any("apiVersion" in root or "kind" in root for root in said):
        nowhere = Origin(file, 1, 1, 1, 1)
        found = "no document has `apiVersion` and `kind`"
        return [], [MISSING_KUBERNETES_OBJECT.at(nowhere, found, hint="pass a manifest of a DaemonSet")]
    stated: list[Map] = []
    for root in roots:
        if _is_object(root, minor):
            applied = as_applied(root)
            stated.append(in_namespace(applied, namespace) if namespace else applied)
        else:
            problems += validate(root, minor)
    starts = sorted({(origin.file, origin.line) for origin in map(origin_of, roots) if origin})
    of_each = noted.split(starts)
    head = noted.above.get((file, 0), [])
    return [
        SourceObject(root, of_each[_start(root)], [] if index else head, decoded) for index, root in enumerate(stated)
    ], problems


def _unfolded(document: Document, minor: str) -> tuple[list[Any], list[Problem]]:
    """Return the objects of a document, also those in lists of lists, and what is wrong with it."""
    found, problems = unfold_list(document, minor)
    objects: list[Any] = []
    pending = found[::-1]
    while pending:
        root = pending.pop()
        if type(root) is not Map:
            objects.append(root)
            continue
        inside, wrong = unfold_list(Document(root, []), minor)
        if len(inside) == 1 and inside[0] is root:
            objects.append(root)
        else:
            problems = [*problems, *wrong]
            pending += inside[::-1]
    return objects, problems


def _is_object(root: Any, minor: str) -> bool:
    fault = identify(root, minor).fault
    known = fault is None or fault.code is REMOVED_KIND
    return known and bool(_says(root, "apiVersion") and _says(root, "kind"))


def _says(root: Any, key: str) -> str:
    """Return the string under a key of an object, or an empty string."""
    value = as_map(root).get(key)
    return str(value) if isinstance(value, str) else ""


def _start(root: Map) -> Line:
    origin = root.origin
    assert origin is not None
    return origin.file, origin.line


def _is_template(text: str, broken: bool, roots: list[Map]) -> bool:
    """Return whether a text is a Helm template. Actions in multi-line strings belong to something else, such as the agent."""
    if broken:
        return bool(re.search(r"(?m)^([ \t]*|[^#\n]*:[ \t]+)\{\{-?[ \t]*[^{}\s]", text))
    if "{{" not in text and "\\" not in text:
        return False  # not even with escapes
    return any(_HELM.search(words) for root in roots for words in _texts(root) if "\n" not in words)


def _texts(root: Map) -> Iterator[str]:
    """Yield the strings in an object."""
    values: list[Any] = [root]
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, (Map, List)):
            values += value.values() if isinstance(value, Map) else value


def _not_rendered(text: str, file: str) -> Problem:
    match = _ACTION.search(text)
    at = match.start() if match else 0  # it may be written with escapes
    line = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    return UNRENDERED_TEMPLATE.at(
        Origin(file, line, column, line, column + 2),
        "a Helm template that has not been rendered",
        hint="render it first: helm template --no-hooks NAME CHART | dsgen import -",
    )
