"""The way of the data, from a profile to its objects: read, merge, describe, render, check."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from dsgen.output.header import header, path_in
from dsgen.problem import Problem, code, dotted, has_errors, in_order
from dsgen.rendering import scalars
from dsgen.rendering.template import Renderer
from dsgen.resolve.description import COMPANION_KINDS, Description, describe
from dsgen.resolve.file import File, FindConfig
from dsgen.resolve.layers import finish, merge_all
from dsgen.resolve.manifest import merge_manifest
from dsgen.resolve.parents import Parents
from dsgen.tree import Map, Origin, Value, origin_of, paths

if TYPE_CHECKING:
    from dsgen.resolve.environment import Environment

UNCHECKED_KIND = code(
    "unchecked-kind",
    "A template of the project makes an object of a kind that dsgen has no rules for. It is written as it is; the API server may refuse it.",
    severity="warning",
)
NOT_A_DAEMONSET = code(
    "not-a-daemonset",
    "The template `daemonset.yaml.j2` makes the profile's DaemonSet, of `apps/v1`: nothing else, and in no other spelling.",
)
SAME_OBJECT = code("same-object", "Two templates of one profile make an object of the same kind and name.")
NO_OBJECT = code(
    "not-an-object",
    "What a template makes has no `apiVersion`, `kind` or `metadata.name`, so it is no Kubernetes object.",
)

TEMPLATE: Final = "daemonset.yaml.j2"


class Object(NamedTuple):
    """One Kubernetes object: its kind and name, its tree with origins, and its text."""

    kind: str
    name: str
    text: str
    tree: Map

    @property
    def filename(self) -> str:
        """The name of its file."""
        return f"{self.kind.lower()}-{self.name}.yaml"


class Merged(NamedTuple):
    """What `layers`, the lowest first, merge to."""

    whole: Map
    layers: list[Map]


class Made(NamedTuple):
    """What a profile made, for an environment if there is one: its objects (none, when it has errors) and its problems, in order.

    `file` is the name to show for the profile, `profile` its path in the project, wherever dsgen runs.
    """

    file: str
    name: str
    objects: tuple[Object, ...]
    problems: tuple[Problem, ...]
    environment: str = ""
    # The images of the objects, in full, where the environment says which ones they are exactly.
    images: tuple[str, ...] = ()
    profile: str = ""


class Generator:
    """Makes objects from the profiles below the folder `root`, for one version of Kubernetes or that of an environment.

    `find` finds the files of config maps. With `defaults`, the API's defaults are written out.
    """

    def __init__(
        self, root: Path, parents: Parents, find: FindConfig, renderer: Renderer, minor: str, defaults: bool = False
    ) -> None:
        self._root = root
        self._parents = parents
        self._find = find
        self._renderer = renderer
        self._minor = minor
        self._defaults = defaults

    def name(self, file: File) -> str:
        """Return the name by which a profile is known in every environment, or an empty text."""
        layers = self._parents.layers(file).layers
        stated = next((layer["name"] for layer in reversed(layers) if "name" in layer), "")
        return stated if isinstance(stated, str) else ""

    def merged(self, file: File, problems: list[Problem], environment: Environment | None = None) -> Merged | None:
        """Return the layers of a profile and what they merge to, or None; what is wrong is added to `problems`."""
        found = self._parents.layers(file)
        problems += found.problems
        if not found.layers:
            return None
        over = list(environment.layers(self.name(file))) if environment else []
        whole = finish(merge_all(found.layers, problems.append, over), problems.append)
        return Merged(whole, [*found.layers, *over])

    def describe(
        self, file: File, problems: list[Problem], environment: Environment | None = None
    ) -> Description | None:
        """Return what the profile in `file` describes, or None; what is wrong is added to `problems`."""
        merged = self.merged(file, problems, environment)
        return describe(merged.whole, self._find, problems.append) if merged else None

    def make(self, file: File, environment: Environment | None = None) -> Made:
        """Return the objects that the profile in `file` stands for."""
        problems: list[Problem] = []
        where = environment.name if environment else ""
        profile = path_in(self._root, file.key)
        minor = environment.kubernetes if environment else self._minor
        description = self.describe(file, problems, environment)
        if description is None:
            return Made(file.name, "", (), tuple(in_order(problems)), where, profile=profile)
        objects: dict[str, Object] = {}
        images: set[str] = set()
        for template, context in () if has_errors(problems) else _work(description):
            rendered = self._renderer.render(template, context)
            problems += rendered.problems
            tree = rendered.tree
            if tree is None:
                continue
            for manifest in description.manifests if template == TEMPLATE else ():
                tree = merge_manifest(tree, manifest, problems.append)
            if environment and environment.images:
                tree = environment.images.rewrite(tree, images)
            made = self._check(tree, template, profile, minor, problems)
            if made is None:
                continue
            if made.filename in objects:
                twice = f"`{template}` makes {made.kind} {made.name} a second time"
                problems.append(SAME_OBJECT.at(origin_of(template), twice, hint="give one of the two another name"))
            objects[made.filename] = made
        problems += _refused_pods(objects.values(), minor)
        if has_errors(problems):
            objects = {}
        placed = in_order(_with_paths(problems, description.profile))
        ordered = sorted(objects.values(), key=lambda made: _APPLIED.get(made.kind, len(_APPLIED)))
        return Made(file.name, description.name, tuple(ordered), tuple(placed), where, tuple(images), profile)

    def _check(self, tree: Map, template: str, profile: str, minor: str, problems: list[Problem]) -> Object | None:
        kind, metadata = tree.get("kind"), tree.get("metadata")
        name = metadata.get("name") if isinstance(metadata, Map) else None
        if not isinstance(kind, str) or not isinstance(tree.get("apiVersion"), str) or not isinstance(name, str):
            lacking = f"`{template}` makes something without `apiVersion`, `kind` or `metadata.name`"
            problems.append(NO_OBJECT.at(origin_of(tree), lacking, hint="state them in the template"))
            return None
        if not re.fullmatch("[A-Za-z][A-Za-z0-9]*", kind) or not re.fullmatch(
            r"(?!\.{1,2}\Z)[^/%\x00-\x1f]{1,253}", name
        ):
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
            if self._defaults and not has_errors(verdict):
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


# What others need comes first; monitors, and kinds that dsgen does not know, come last.
_APPLIED: Final = {
    kind: place for place, kind in enumerate((*(kind for kind in COMPANION_KINDS if kind != "PodMonitor"), "DaemonSet"))
}


def _work(description: Description) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Yield each template to render, and what it is given."""
    yield TEMPLATE, description.context
    for companion in description.companions:
        yield companion.template, {**description.context, companion.name: companion.object}
    for template in description.templates:
        assert isinstance(template, str)
        yield template, description.context


def _refused_pods(objects: Iterable[Object], minor: str) -> list[Problem]:
    """Return why a namespace that the profile makes would refuse the pods of its DaemonSets."""
    made = {each.name: each.tree["metadata"] for each in objects if each.kind == "Namespace"}
    problems: list[Problem] = []
    for each in objects if made else ():
        metadata = each.tree["metadata"]
        assert isinstance(metadata, Map)
        namespace = made.get(str(metadata.get("namespace")))
        labels = namespace.get("labels") if isinstance(namespace, Map) else None
        if each.kind == "DaemonSet" and isinstance(labels, Map):
            from dsgen.kubernetes import pod_security

            problems += pod_security.problems(each.tree, labels, minor)
    return problems


def _with_paths(problems: list[Problem], profile: Map) -> list[Problem]:
    """Return the problems, each with the path of the profile's key that it stands at."""
    known: dict[Origin, str] = {}
    for origin, path in paths(profile) if problems else ():
        known.setdefault(origin, dotted(path))
    origins = (Origin(each.file, each.line, each.column, each.end_line, each.end_column) for each in problems)
    return [each._replace(path=known.get(origin, each.path)) for each, origin in zip(problems, origins, strict=True)]
