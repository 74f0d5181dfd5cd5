"""What templates make, as objects: of a kind and name, validated, and written as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from dsgen import yaml_writer
from dsgen.generate.header import header
from dsgen.kubernetes.lint import Checks
from dsgen.problem import Problem, code, has_errors
from dsgen.record import Record
from dsgen.tree import Map, origin_of

if TYPE_CHECKING:
    from dsgen.gitops import GitOps

UNVALIDATED_KIND = code(
    "unvalidated-kind",
    "A template of the project makes an object of a kind that dsgen has no rules for. It is written as it is; the API server may refuse it.",
    severity="warning",
)
INVALID_DAEMONSET_TEMPLATE = code(
    "invalid-daemonset-template",
    "The template `daemonset.yaml.j2` makes the profile's DaemonSet, of `apps/v1`: nothing else, and in no other spelling.",
)
NO_OBJECT = code(
    "missing-object-identity",
    "What a template makes has no `apiVersion`, `kind` or `metadata.name`, so it is no Kubernetes object.",
)

TEMPLATE: Final = "daemonset.yaml.j2"


class GeneratedObject(Record):
    """One Kubernetes object: its kind and name, its tree with origins, and its text, which is the tree as it was validated."""

    kind: str
    name: str
    text: str
    tree: Map

    @property
    def filename(self) -> str:
        """The name of its file."""
        return filename(self.kind, self.name)


def filename(kind: str, name: str) -> str:
    """Return the name of an object's file."""
    return f"{kind.lower()}-{name}.yaml"


def is_object(tree: Map, template: str, problems: list[Problem]) -> bool:
    """Tell whether what `template` made has the kind and name of an object, and may be made by it; what is wrong is added to `problems`."""
    kind, name = tree.get("kind"), tree.map("metadata").get("name")
    if not isinstance(kind, str) or not isinstance(tree.get("apiVersion"), str) or not isinstance(name, str):
        lacking = f"`{template}` makes something without `apiVersion`, `kind` or `metadata.name`"
        problems.append(NO_OBJECT.at(origin_of(tree), lacking, hint="state them in the template"))
        return False
    if not re.fullmatch("[A-Za-z][A-Za-z0-9]*", kind) or not re.fullmatch(r"(?!\.{1,2}\Z)[^/%\x00-\x1f]{1,253}", name):
        wrong = f"`{kind}` and `{name}` are not the kind and name of an object"
        hint = "a kind is letters and digits; a name has at most 253 characters, and no `/` or `%`"
        problems.append(NO_OBJECT.at(origin_of(name) or origin_of(tree), wrong, hint=hint))
        return False
    is_daemonset = (tree["apiVersion"], kind) == ("apps/v1", "DaemonSet")
    if not is_daemonset and template == TEMPLATE:
        wrong = f"`{template}` makes {kind} of {tree['apiVersion']}"
        hint = "a DaemonSet is `apiVersion: apps/v1` and `kind: DaemonSet`; other kinds come from `templates`"
        problems.append(INVALID_DAEMONSET_TEMPLATE.at(origin_of(kind), wrong, hint=hint))
        return False
    return True


def with_defaults(tree: Map, minor: str) -> Map:
    """Return an object with the API's defaults written out, if its kind is known and all its fields can be read."""
    from dsgen.kubernetes.schema.decode import decode
    from dsgen.kubernetes.semantics.defaults import defaulted

    decoded = decode(tree, minor)
    return defaulted(decoded.root, minor, decoded.kind) if decoded.kind and not decoded.faults else tree


def sealed(
    tree: Map, profile: str, minor: str, gitops: GitOps, checks: Checks, problems: list[Problem]
) -> GeneratedObject:
    """Validate an object and write it: all that changes an object comes before. What is wrong with it, also by the `checks` of the
    project, is added to `problems`.

    Where `gitops` has `$` escaped, Flux undoes that before the API server sees the object: it must be valid without, and as it is
    written too, since others read the file as it is.
    """
    found = [_with_what_is_added(each, tree) for each in _validated(tree, minor, checks)]
    problems += found
    written = gitops.escaped(tree)
    if written is not tree and not has_errors(found):
        hint = "that is with each `$` doubled: `flux: {substitution: disable}` in dsgen.yaml keeps the text as it is"
        problems += (
            each._replace(hint=hint) for each in _validated(written, minor, checks) if each.severity == "error"
        )
    name = str(tree.map("metadata")["name"])
    return GeneratedObject(str(tree["kind"]), name, header(profile) + yaml_writer.write(written), written)


def _validated(tree: Map, minor: str, checks: Checks) -> list[Problem]:
    from dsgen.kubernetes.schema.decode import identify

    if not identify(tree, minor).is_other:
        from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint

        return validate_and_lint(tree, minor, checks)
    unchecked = f"{tree['apiVersion']} {tree['kind']} is written unchecked"
    hint = "dsgen knows the rules of DaemonSets, and of the kinds that come with them"
    return [UNVALIDATED_KIND.at(origin_of(tree["kind"]), unchecked, hint=hint)]


def _with_what_is_added(problem: Problem, tree: Map) -> Problem:
    """Return a problem of too many annotations with the names of those that nobody stated."""
    if (problem.code, problem.field) != ("too-large-annotations", "metadata.annotations"):
        return problem
    metadata: Any = tree["metadata"]
    added = [f"`{key}`" for key in metadata["annotations"] if origin_of(key) is None]
    return problem._replace(hint=f"what dsgen adds counts too: {', '.join(added)}") if added else problem
