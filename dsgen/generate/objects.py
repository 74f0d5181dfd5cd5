"""Rendered objects: identified by kind and name, validated, and written as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from dsgen import yaml_writer
from dsgen.generate.header import header
from dsgen.kubernetes.lint import Checks
from dsgen.problem import IN_PART, Problem, code, has_errors
from dsgen.record import Record
from dsgen.resolve.description import COMPANION_KINDS
from dsgen.tree import Map, origin_of

if TYPE_CHECKING:
    from dsgen.gitops import GitOps

UNVALIDATED_KIND = code(
    "unvalidated-kind",
    """A template of the project generates an object of a kind that dsgen does not know, since there is no CustomResourceDefinition for it under
    `crds` in `dsgen.yaml`. It is written unchecked; the API server may reject it.""",
    severity="warning",
)
INVALID_DAEMONSET_TEMPLATE = code(
    "invalid-daemonset-template",
    "The template `daemonset.yaml.j2` must generate a DaemonSet of `apps/v1`, and nothing else.",
)
NO_OBJECT = code(
    "missing-object-identity",
    """The output of a template, or a document of `manifests`, has no `apiVersion`, `kind` or `metadata.name`, so it is not a Kubernetes
    object that dsgen can write.""",
)
DUPLICATE_OBJECT = code(
    "duplicate-object",
    """Two templates of one profile generate an object of the same kind and name, or with names that differ only in case: on some
    file systems, both would be the same file. The same goes for two documents of `manifests`: of the same object, whichever is applied last would win.""",
)

TEMPLATE: Final = "daemonset.yaml.j2"
# Objects that others need come first; monitors, and kinds that dsgen does not know, come last.
_FIRST = ("CustomResourceDefinition", *(kind for kind in COMPANION_KINDS if kind != "PodMonitor"), "DaemonSet")
_APPLIED: Final = {kind: place for place, kind in enumerate(_FIRST)}


class GeneratedObject(Record):
    """One Kubernetes object: its kind and name, its tree with origins, and its text, which is the tree as it was validated.

    `apart` tells its file from that of an object with the same kind and name. `in_part` means that some of it was not validated.
    """

    kind: str
    name: str
    text: str
    tree: Map
    apart: str = ""
    in_part: bool = False

    @property
    def filename(self) -> str:
        """The object's file name."""
        return filename(self.kind, f"{self.name}-{self.apart}" if self.apart else self.name)


def filename(kind: str, name: str) -> str:
    """Return an object's file name."""
    return f"{kind.lower()}-{name}.yaml"


def is_object(tree: Map, template: str, problems: list[Problem]) -> bool:
    """Return whether the output of `template` has a kind and a name, and a kind it may have; problems are added to `problems`."""
    if not is_named(tree, f"the output of `{template}`", "set them in the template", problems):
        return False
    kind = tree["kind"]
    is_daemonset = (tree["apiVersion"], kind) == ("apps/v1", "DaemonSet")
    if not is_daemonset and template == TEMPLATE:
        wrong = f"`{template}` must generate a DaemonSet of apps/v1, got {kind} of {tree['apiVersion']}"
        hint = "write `apiVersion: apps/v1` and `kind: DaemonSet`; list templates for other kinds under `templates`"
        problems.append(INVALID_DAEMONSET_TEMPLATE.at(origin_of(kind), wrong, hint=hint))
        return False
    return True


def is_named(tree: Map, what: str, hint: str, problems: list[Problem]) -> bool:
    """Return whether an object, called `what`, has a kind and a name that files can have; problems are added to `problems`."""
    kind, name = tree.get("kind"), tree.map("metadata").get("name")
    if not isinstance(kind, str) or not isinstance(tree.get("apiVersion"), str) or not isinstance(name, str):
        lacking = f"{what} has no `apiVersion`, `kind` or `metadata.name`"
        problems.append(NO_OBJECT.at(origin_of(tree), lacking, hint=hint))
        return False
    if not re.fullmatch("[A-Za-z][A-Za-z0-9]*", kind) or not re.fullmatch(r"(?!\.{1,2}\Z)[^/%\x00-\x1f]{1,253}", name):
        wrong = f"kind `{kind}` or name `{name}` is not valid"
        hint = "a kind must consist of letters and digits; a name must have at most 253 characters, without `/` and `%`"
        problems.append(NO_OBJECT.at(origin_of(name) or origin_of(tree), wrong, hint=hint))
        return False
    return True


def with_defaults(tree: Map, minor: str) -> Map:
    """Return an object as the API server stores it, defaults written out, if its kind is known and all its fields can be decoded."""
    from dsgen.kubernetes.schema.decode import decode
    from dsgen.kubernetes.semantics.stored import stored

    decoded = decode(tree, minor)
    return stored(decoded.root, minor, decoded.kind) if decoded.kind and not decoded.faults else tree


def validate_and_serialize(
    tree: Map, source: str, minor: str, gitops: GitOps, checks: Checks, problems: list[Problem], what: str = "profile"
) -> GeneratedObject:
    """Validate an object and write it as text; nothing changes it after this. Problems, also those of the project's `checks`, are
    added to `problems`. `source` is the path of its profile in the project, or of `what` it is generated from.

    If `gitops` escapes `$`, Flux undoes that before the API server sees the object. The object must be valid with and without the
    escapes, since other tools read the file as it is.
    """
    tree = gitops.annotated(tree)
    text = yaml_writer.write(tree)
    # Hardly any object has one.
    has_variables = "${" in text or "$$" in text
    if has_variables:
        tree = gitops.substituted(tree, problems)
        text = yaml_writer.write(tree)
    found = [_with_what_is_added(each, tree) for each in _validated(tree, minor, checks, len(text), what)]
    problems += found
    written = gitops.escaped(tree) if has_variables else tree
    if written is not tree:
        text = yaml_writer.write(written)
        hint = "each `$` is doubled here; to avoid that, set `flux: {substitution: disable}` in dsgen.yaml"
        again = [] if has_errors(found) else _validated(written, minor, checks, len(text), what)
        problems += (each._replace(hint=hint) for each in again if each.severity == "error")
    name = str(tree.map("metadata")["name"])
    in_part = any(each.code in IN_PART for each in found)
    return GeneratedObject(str(tree["kind"]), name, header(source, what) + text, written, in_part=in_part)


def in_applied_order(objects: Iterable[GeneratedObject]) -> tuple[GeneratedObject, ...]:
    """Return objects in the order in which they are applied."""
    return tuple(sorted(objects, key=lambda each: _APPLIED.get(each.kind, len(_APPLIED))))


def refused_pods(objects: Sequence[GeneratedObject], minor: str, default: str) -> list[Problem]:
    """Return why a namespace that the profile generates would reject the pods of its objects; `default` is the cluster's level."""
    if not any(each.kind == "Namespace" for each in objects):
        return []
    from dsgen.kubernetes.relations.check import rejected_pods

    return [problem for _, problem in rejected_pods((each.tree for each in objects), minor, default)]


def _validated(tree: Map, minor: str, checks: Checks, length: int, what: str) -> list[Problem]:
    from dsgen.kubernetes.schema.decode import identify

    # For a manifest, there is a note: nobody wrote a template for it.
    defined = checks.definitions is not None and checks.definitions.has(tree, minor)
    if what != "profile" or defined or not identify(tree, minor).is_other:
        from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint

        return validate_and_lint(tree, minor, checks, length)
    unchecked = f"{tree['apiVersion']} {tree['kind']} is written unchecked"
    hint = "list the file with its CustomResourceDefinition under `crds` in dsgen.yaml"
    return [UNVALIDATED_KIND.at(origin_of(tree["kind"]), unchecked, hint=hint)]


def _with_what_is_added(problem: Problem, tree: Map) -> Problem:
    """Return a problem of too many annotations, with the names of those that dsgen adds in its hint."""
    if (problem.code, problem.field) != ("too-large-annotations", "metadata.annotations"):
        return problem
    metadata: Any = tree["metadata"]
    added = [f"`{key}`" for key in metadata["annotations"] if origin_of(key) is None]
    return problem._replace(hint=f"annotations that dsgen adds count too: {', '.join(added)}") if added else problem
