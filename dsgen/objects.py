"""What templates make, as objects: of a kind and name, judged, and written as text."""

from __future__ import annotations

import re
from typing import Final

from dsgen.output.header import header
from dsgen.problem import Problem, code, has_errors
from dsgen.record import Record
from dsgen.rendering import scalars
from dsgen.tree import Map, origin_of

UNCHECKED_KIND = code(
    "unchecked-kind",
    "A template of the project makes an object of a kind that dsgen has no rules for. It is written as it is; the API server may refuse it.",
    severity="warning",
)
NOT_A_DAEMONSET = code(
    "not-a-daemonset",
    "The template `daemonset.yaml.j2` makes the profile's DaemonSet, of `apps/v1`: nothing else, and in no other spelling.",
)
NO_OBJECT = code(
    "not-an-object",
    "What a template makes has no `apiVersion`, `kind` or `metadata.name`, so it is no Kubernetes object.",
)

TEMPLATE: Final = "daemonset.yaml.j2"


class Object(Record):
    """One Kubernetes object: its kind and name, its tree with origins, and its text."""

    kind: str
    name: str
    text: str
    tree: Map

    @property
    def filename(self) -> str:
        """The name of its file."""
        return f"{self.kind.lower()}-{self.name}.yaml"


def checked(
    tree: Map, template: str, profile: str, minor: str, defaults: bool, problems: list[Problem]
) -> Object | None:
    """Return what `template` made for a profile as an object, or None for what is none; what is wrong is added to `problems`.

    With `defaults`, the API's defaults are written out.
    """
    kind, metadata = tree.get("kind"), tree.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Map) else None
    if not isinstance(kind, str) or not isinstance(tree.get("apiVersion"), str) or not isinstance(name, str):
        lacking = f"`{template}` makes something without `apiVersion`, `kind` or `metadata.name`"
        problems.append(NO_OBJECT.at(origin_of(tree), lacking, hint="state them in the template"))
        return None
    if not re.fullmatch("[A-Za-z][A-Za-z0-9]*", kind) or not re.fullmatch(r"(?!\.{1,2}\Z)[^/%\x00-\x1f]{1,253}", name):
        wrong = f"`{kind}` and `{name}` are not the kind and name of an object"
        hint = "a kind is letters and digits; a name has at most 253 characters, and no `/` or `%`"
        problems.append(NO_OBJECT.at(origin_of(name) or origin_of(tree), wrong, hint=hint))
        return None
    is_daemonset = (tree["apiVersion"], kind) == ("apps/v1", "DaemonSet")
    if not is_daemonset and (template == TEMPLATE or kind.lower() == "daemonset"):
        wrong = f"`{template}` makes {kind} of {tree['apiVersion']}"
        hint = "a DaemonSet is `apiVersion: apps/v1` and `kind: DaemonSet`; other kinds come from `templates`"
        problems.append(NOT_A_DAEMONSET.at(origin_of(kind), wrong, hint=hint))
        return None
    from dsgen.kubernetes import fields

    if f"{tree['apiVersion']} {kind}" in fields.load(minor).kinds:
        from dsgen.kubernetes.verdict import judge

        verdict = judge(tree, minor)
        problems += verdict
        if defaults and not has_errors(verdict):
            from dsgen.kubernetes.defaults import defaulted

            tree = defaulted(tree, minor, kind)
    else:
        unchecked = f"{tree['apiVersion']} {kind} is written unchecked"
        problems.append(
            UNCHECKED_KIND.at(
                origin_of(tree.get("kind")),
                unchecked,
                hint="dsgen knows the rules of DaemonSets, and of the kinds that come with them",
            )
        )
    return Object(str(kind), str(name), header(profile) + scalars.write(tree), tree)
