"""From a profile to its objects: read, merge, describe, render, complete, validate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dsgen.choices import Allowed, Decisions, settled, without_off
from dsgen.generate.header import path_in
from dsgen.generate.merged import Merged, described, work
from dsgen.generate.objects import (
    DUPLICATE_OBJECT,
    TEMPLATE,
    GeneratedObject,
    in_applied_order,
    is_object,
    refused_pods,
    validate_and_serialize,
    with_defaults,
)
from dsgen.generate.paths import with_paths
from dsgen.generate.result import FoundConfig, GenerateResult, RenderedObjects
from dsgen.kubernetes.lint import NOTHING_SAID, Checks
from dsgen.kubernetes.schema.merge_keys import with_protocols
from dsgen.origin import Origin
from dsgen.problem import Problem, has_errors, in_order, is_shipped
from dsgen.rendering.budget import Budget
from dsgen.rendering.template import Renderer
from dsgen.resolve.description import Description
from dsgen.resolve.file import File, FindConfig
from dsgen.resolve.layers import merge_all
from dsgen.resolve.manifest_patch import merge_manifest
from dsgen.resolve.parents import Parents
from dsgen.traversal import locate
from dsgen.tree import Map, origin_of

if TYPE_CHECKING:
    from dsgen.gitops import GitOps
    from dsgen.resolve.environment import Environment
    from dsgen.resolve.variants.layers import Variant

# The name of the result of the project's own manifests, and of their folder in the output.
MANIFESTS: Final = "manifests"
# The problems whose place is in a policy.
_OF_POLICIES: Final = frozenset({"unvalidated-policy", "unapplied-policy", "invalid-policy"})


class Generator:
    """Renders the profiles below the folder `root`, for one version of Kubernetes or that of an environment.

    `find` finds the files of config maps. With `defaults`, API defaults are written out. `checks` returns the project's own checks,
    in addition to the API server's rules, with what it knows of the cluster that an environment is, or none.
    """

    def __init__(
        self,
        root: Path,
        parents: Parents,
        find: FindConfig,
        renderer: Renderer,
        minor: str,
        gitops: GitOps,
        defaults: bool = False,
        checks: Callable[[Environment | None], Checks] = lambda _: NOTHING_SAID,
    ) -> None:
        self._root = root
        self._parents = parents
        self._find = find
        self._renderer = renderer
        self._minor = minor
        self._gitops = gitops
        self._defaults = defaults
        self._checks = checks(None)
        self._checks_for = checks

    def trusting(self, accepted: Callable[[Map], bool]) -> Generator:
        """Return a generator that does not validate objects of which it is known that the API server accepts them."""
        result = copy(self)
        result._checks_for = lambda environment: self._checks_for(environment)._replace(accepted=accepted)
        return result

    def finding(self, files: Iterable[File]) -> Generator:
        """Return a generator whose profiles can also extend these files, which may not be written yet."""
        result = copy(self)
        result._parents = self._parents.finding(files)
        return result

    def name(self, file: File) -> str:
        """Return the name of a profile, which is the same in every environment, or an empty string."""
        layers = self._parents.layers(file).layers
        stated = next((layer["name"] for layer in reversed(layers) if "name" in layer), "")
        return stated if isinstance(stated, str) else ""

    def forget(self, file: File) -> None:
        """Drop what is stored for a profile that is not needed again."""
        self._parents.forget(file)

    def merged(self, file: File, problems: list[Problem], environment: Environment | None = None) -> Merged | None:
        """Return the layers of a profile and the merged result, or None; problems are added to `problems`."""
        found = self._parents.layers(file)
        problems += found.problems
        if not found.layers:
            return None
        over = list(environment.layers(self.name(file))) if environment else []
        return self._merge(found.layers, over, found.files, problems)

    def _merge(self, layers: list[Map], over: list[Map], files: list[File], problems: list[Problem]) -> Merged:
        every = [*layers, *over]
        patches = Map()
        variants: Sequence[Variant] = ()
        if any("variants" in layer for layer in every):
            from dsgen.resolve.variants import layers as varied

            layers, over, stated = varied.split(layers, over, problems.append)
            variants = varied.variants(layers, over, stated, problems.append)
            patches = varied.variant_patches(stated)
        whole = merge_all(layers, problems.append, over)
        return Merged(whole, every, files, patches, variants)

    def describe(self, file: File, problems: list[Problem]) -> Description | None:
        """Return the description of the profile in `file`, or None; problems are added to `problems`."""
        merged = self.merged(file, problems)
        return described(merged, self._find, problems.append) if merged else None

    def make(self, file: File, environment: Environment | None = None) -> GenerateResult:
        """Return the objects of the profile in `file`."""
        problems: list[Problem] = []
        where = environment.name if environment else ""
        profile = path_in(self._root, file.key)
        minor = environment.kubernetes if environment else self._minor
        config: list[FoundConfig] = []

        def find(pattern: str, stated_in: str) -> list[tuple[str, bytes]]:
            config.append(FoundConfig(pattern, stated_in, self._find(pattern, stated_in)))
            return config[-1].files

        def failed(problems: list[Problem]) -> GenerateResult:
            ordered = tuple(in_order(problems))
            return GenerateResult(file.name, "", (), ordered, where, profile=profile, minor=minor)

        merged = self.merged(file, problems, environment)
        if merged is None:
            return failed(problems)
        made = self._objects(merged, profile, minor, environment, find, problems)
        layer = self._parents.read(file)[0]
        own = locate(layer, ("extends", 0)) if layer and "extends" in layer else None
        # Attributing a problem takes up to hundreds of renderings.
        off: list[Allowed] = []
        problems = without_off(problems, self._checks.choices, off)
        problems = self._attributed(problems, merged, profile, environment, own)
        files = (*merged.files, *((environment.file,) if environment else ()))
        problems, decisions = self._decided(problems, files, off)
        if made.description is None:
            return failed(problems)
        placed = in_order(with_paths(problems, made.description.profile))
        objects = () if has_errors(problems) else made.objects
        return GenerateResult(
            file.name,
            made.description.name,
            in_applied_order(objects),
            tuple(placed),
            where,
            made.images,
            profile,
            files,
            tuple(config),
            minor,
            own,
            decisions,
        )

    def _decided(
        self, problems: list[Problem], files: Sequence[File], off: Sequence[Allowed] = ()
    ) -> tuple[list[Problem], Decisions]:
        """Return the problems that are not allowed, and what was decided."""
        texts = {each.name: each.text for each in files if not is_shipped(each.name)}
        return settled(problems, self._checks.choices, texts, off)

    def pass_on(self, files: Sequence[File], folder: File, environment: Environment | None) -> GenerateResult:
        """Return the objects of manifests as one result, called `manifests`; `folder` is what they are passed on from."""
        from dsgen.generate.passed_on import WHAT, PassedOn

        minor = environment.kubernetes if environment else self._minor
        images = environment.images if environment else None
        passed = PassedOn(minor, self._gitops_for(environment), self._checks_for(environment), self._defaults, images)
        objects = passed.objects(files, self._root, folder.name)
        problems, decisions = self._decided(passed.problems, files)
        return GenerateResult(
            folder.name,
            MANIFESTS,
            () if has_errors(problems) else in_applied_order(objects),
            tuple(in_order(problems)),
            environment.name if environment else "",
            tuple(passed.images),
            path_in(self._root, folder.key),
            (*files, *((environment.file,) if environment else ())),
            minor=minor,
            decisions=decisions,
            what=WHAT,
            in_part=tuple(passed.in_part),
            others=tuple(passed.others),
        )

    def _gitops_for(self, environment: Environment | None) -> GitOps:
        return self._gitops._replace(environment=environment.name) if environment else self._gitops

    def _attributed(
        self,
        problems: list[Problem],
        merged: Merged,
        profile: str,
        environment: Environment | None,
        own: Origin | None,
    ) -> list[Problem]:
        """Return the problems of a merged profile, those that a lower layer has because of a higher one at the line of that."""
        names = [each.name for each in merged.files]
        names += [environment.file.name] * (len(merged.layers) - len(names)) if environment else []
        if all(each.file in ("", names[-1]) or each.code in _OF_POLICIES for each in problems):
            return problems
        # Imported only for such problems.
        from dsgen.generate.attribution import Layer, attributed

        minor = environment.kubernetes if environment else self._minor

        def again(layers: Sequence[Map]) -> list[Problem] | None:
            found: list[Problem] = []
            count = len(merged.files)
            other = self._merge(list(layers[:count]), list(layers[count:]), merged.files, found)
            made = self._objects(other, profile, minor, environment, self._find, found)
            return found if made.is_complete else None

        layers = [Layer(*each) for each in zip(names, merged.layers, strict=True)]
        return attributed(problems, layers, own, again)

    def _objects(
        self,
        merged: Merged,
        profile: str,
        minor: str,
        environment: Environment | None,
        find: FindConfig,
        problems: list[Problem],
    ) -> RenderedObjects:
        """Return the objects of a merged profile, also those with errors; problems are added to `problems`."""
        description = described(merged, find, problems.append)
        if description is None or has_errors(problems):
            return RenderedObjects(description)
        checks = self._checks_for(environment)
        gitops = self._gitops_for(environment)
        objects: dict[str, GeneratedObject] = {}
        # By the name of the file in lower case: a file system may not distinguish more.
        files: dict[str, GeneratedObject] = {}
        images: set[str] = set()
        daemonsets: list[Map] = []
        budget = Budget()
        is_complete = True
        trees: list[tuple[str, Map]] = []
        for template, context, manifests in work(description):
            rendered = self._renderer.render(template, context, budget)
            problems += rendered.problems
            tree = rendered.tree
            if tree is None:
                is_complete = False
                continue
            for manifest in manifests:
                tree = merge_manifest(tree, manifest, problems.append)
            if environment and environment.images:
                tree = environment.images.rewrite(tree, images)
            if not is_object(tree, template, problems):
                is_complete = False
                continue
            tree = with_protocols(tree)
            if self._defaults:
                tree = with_defaults(tree, minor)
            trees.append((template, tree))
        if checks.policies is not None:
            from dsgen.kubernetes.lint.validate_and_lint import with_objects

            checks = with_objects(checks, [tree for _, tree in trees])
        for template, tree in trees:
            made = validate_and_serialize(tree, profile, minor, gitops, checks, problems)
            other = files.setdefault(made.filename.lower(), made)
            if other is not made:
                twice = f"`{template}` generates {made.kind} {made.name} a second time"
                if (other.kind, other.name) != (made.kind, made.name):
                    twice = f"{made.kind} {made.name} and {other.kind} {other.name} differ only in case, and so would their files"
                origin = origin_of(template) or locate(made.tree, ("metadata", "name"))
                problems.append(DUPLICATE_OBJECT.at(origin, twice, hint="rename one of the two"))
            objects[made.filename] = made
            if template == TEMPLATE:
                daemonsets.append(made.tree)
        if description.variants and not has_errors(problems):
            from dsgen.resolve.variants.disjoint import check_disjoint

            keys = [each.key for each in description.variants]
            problems += check_disjoint(list(zip(keys, daemonsets, strict=True)), description.context["pod"], minor)
        problems += refused_pods(list(objects.values()), minor, self._checks.pod_security)
        return RenderedObjects(description, tuple(objects.values()), tuple(images), is_complete)
