"""The function: replaces every `DaemonSetProfile` by its objects, and validates all objects."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from dsgen import yaml_writer
from dsgen.choices import decided
from dsgen.generate.result import GenerateResult
from dsgen.krm import KIND
from dsgen.krm.profile import no_spec
from dsgen.krm.resource_list import Item, ResourceList, in_place_of, is_orchestrators
from dsgen.kubernetes.checksums import with_annotations
from dsgen.kubernetes.lint import NOTHING_SAID, Checks
from dsgen.kubernetes.lint.validate_and_lint import UNVALIDATED_OBJECT, validate_and_lint, with_objects
from dsgen.kubernetes.schema.decode import is_of_tools
from dsgen.problem import Problem, code, did_you_mean, has_errors, in_order
from dsgen.record import Record
from dsgen.report import shortened
from dsgen.resolve.file import File
from dsgen.traversal import named_by
from dsgen.tree import List, Map, Null, Text, as_map

# What the specification calls them.
_SEVERITIES: Final = {"error": "error", "warning": "warning", "note": "info"}
UNKNOWN_CONFIG = code(
    "unknown-function-config",
    "The `functionConfig` of `dsgen kustomize` must be a `DaemonSetProfile`; for validation only, it may be of any kind with a name that does not resemble this.",
)
CONFLICTING_NAMESPACE = code(
    "conflicting-profile-namespace",
    """The `metadata` of a `DaemonSetProfile` and the profile under `spec` name two namespaces. Kustomize sets the former (`namespace: …` in a
    kustomization.yaml), which holds for the profile if it sets none itself; so do labels and annotations.""",
)
EMPTY_RESOURCE_LIST = code(
    "empty-resource-list",
    "A `ResourceList` has neither a `functionConfig` to generate objects from nor `items` to validate.",
    severity="warning",
)
UPDATED_CHECKSUM = code(
    "updated-checksum",
    """`dsgen kustomize` has updated a hash in the annotations of a DaemonSet's pods, `checksum/NAME`: the data of this ConfigMap has
    changed since dsgen generated both. So the change restarts the pods.""",
    severity="note",
)


class ItemProblem(Record):
    """A problem, and the object that has it."""

    problem: Problem
    item: Item | None = None


class FunctionResult(Record):
    """The items of the output, those that are unchanged from the input, and the problems."""

    items: list[Item | Map]
    told: list[ItemProblem]


def run(
    given: ResourceList, make: Callable[[File], GenerateResult], minor: str, checks: Checks = NOTHING_SAID
) -> FunctionResult:
    """Run the function on a list; `make` generates the objects of one profile, `checks` are the project's own checks."""
    checks = with_objects(checks, [item.root for item in given.items])
    told = list(_told_of_the_list(given))
    made: dict[tuple[str, ...], Map] = {}
    for item in _profiles(given):
        objects, problems = _made(item, make)
        told += (ItemProblem(_placed(problem, item), item) for problem in problems)
        made |= {Item(tree, tree).identity: tree for tree in objects}
    items: list[Item | Map] = []
    for item in given.items:
        if item.is_kustomization:
            items.append(item)
            continue
        new = made.pop(item.identity, None)
        if new is not None:
            placed = in_place_of(new, item)
            # The generated object is valid; it must be valid with the preserved annotations too.
            errors = (problem for problem in validate_and_lint(placed, minor, checks) if problem.severity == "error")
            told += (ItemProblem(_placed(problem, item), item) for problem in errors)
            items.append(placed)
        elif item.kind != KIND:
            found = in_order(validate_and_lint(item.root, minor, checks))
            if is_of_tools(item.root):
                found = [each for each in found if each.code != UNVALIDATED_OBJECT.name]
            told += (ItemProblem(_placed(problem, item), item) for problem in found)
            items.append(item)
        elif item.is_local or item.identity == (given.config and given.config.identity):
            items.append(item)
    items = list(_with_checksums(items, made.values(), told))
    told += _related([*(each for each in items), *made.values()], minor, checks)
    # Comments are not part of a ResourceList.
    chosen = [
        each._replace(problem=problem)
        for each in told
        for problem in decided([each.problem], checks.choices, lambda _: b"")
    ]
    return FunctionResult([*items, *made.values()], chosen)


def _with_checksums(items: Sequence[Item | Map], made: Iterable[Map], told: list[ItemProblem]) -> Iterator[Item | Map]:
    """Yield the items, with those hashes of config maps in the annotations of pods that are out of date written again."""
    from dsgen.kubernetes.relations.excerpt import excerpt
    from dsgen.kubernetes.relations.stale import stale_checksums
    from dsgen.kubernetes.relations.view import View

    roots = [each.root if isinstance(each, Item) else each for each in (*items, *made)]
    excerpts = {index: found for index, root in enumerate(roots) if (found := excerpt(root, with_content=True))}
    owners = {id(found): index for index, found in excerpts.items()}
    updates: dict[int, dict[str, str]] = {}
    for each in stale_checksums(View(excerpts.values())):
        updates.setdefault(owners[id(each.owner)], {})[each.key] = each.current
    for index, item in enumerate(items):
        for key in updates.get(index, ()):
            owner = item if isinstance(item, Item) else Item(item, item)
            told.append(ItemProblem(UPDATED_CHECKSUM.at(None, f"updated `{key}`", file=owner.shown), owner))
        yield with_annotations(roots[index], updates[index]) if index in updates else item


def _related(objects: Sequence[Item | Map], minor: str, checks: Checks) -> Iterator[ItemProblem]:
    """Yield what is wrong between the objects of the output."""
    from dsgen.kubernetes.relations.check import relations
    from dsgen.kubernetes.relations.excerpt import excerpt

    known = {}
    for each in objects:
        item = each if isinstance(each, Item) else Item(each, each)
        found = excerpt(item.root, item.shown)
        if found:
            found = found._replace(origin=None)  # the lines of the list mean nothing to the user
            known[id(found)] = (found, item)
    excerpts = [found for found, _ in known.values()]
    for owner, problem in relations(excerpts, lambda each: known[id(each)][1].root, minor, checks.pod_security):
        item = known[id(owner)][1]
        yield ItemProblem(_placed(problem, item), item)


def _told_of_the_list(given: ResourceList) -> Iterator[ItemProblem]:
    if given.config is None and not given.items:
        hint = f"set a {KIND} as `functionConfig` to generate objects, or `items` to validate"
        yield ItemProblem(
            EMPTY_RESOURCE_LIST.at(None, "expected a `functionConfig` or `items`, got neither", hint=hint)
        )
    elif given.config and given.config.kind != KIND and did_you_mean(given.config.kind, [KIND]):
        found = f"unknown kind `{given.config.kind}` of the functionConfig"
        yield ItemProblem(
            UNKNOWN_CONFIG.at(None, found, hint=f"did you mean `{KIND}`?", file=given.config.shown), given.config
        )


def _profiles(given: ResourceList) -> list[Item]:
    """Return the `functionConfig` and the items that are profiles, each once: Kustomize passes a generator's configuration among the items too.

    A local item belongs to the function that it configures, and is skipped.
    """
    found = {item.identity: item for item in given.items if item.kind == KIND and not item.is_local}
    if given.config and given.config.kind == KIND:
        found.setdefault(given.config.identity, given.config)
    return list(found.values())


def _made(item: Item, make: Callable[[File], GenerateResult]) -> tuple[Sequence[Map], Iterable[Problem]]:
    spec, name = item.spelling.child("spec"), item.metadata.get("name")
    if spec is None or not isinstance(name, str):
        return (), [no_spec(item.root, None)]
    if "name" not in spec:
        spec = Map({"name": Text.at(name, None), **spec})
    spec, fault = _with_metadata(spec, item)
    if fault:
        return (), [fault]
    # A profile's paths are relative to the folder that the function runs in, whatever file the annotations name.
    done = make(File("-", yaml_writer.flow(spec).encode(), os.path.abspath("-")))
    return [each.tree for each in done.objects], done.problems


def _with_metadata(spec: Map, item: Item) -> tuple[Map, Problem | None]:
    """Return a profile with the namespace, labels and annotations of its object, which Kustomize sets there, unless it sets them itself."""
    metadata = item.spelling.map("metadata")
    stated, namespace = spec.get("namespace"), metadata.get("namespace")
    if isinstance(namespace, str):
        own = named_by(stated, "name")
        if stated is None:
            spec = Map({**spec, "namespace": Text.at(namespace, None)})
        elif isinstance(own, str) and own != namespace:
            found = f"`metadata.namespace` is '{namespace}', and `spec.namespace` is '{own}'"
            hint = "remove `spec.namespace`, or make both the same"
            return spec, CONFLICTING_NAMESPACE.at(None, found, hint=hint, file=item.shown, field="spec.namespace")
    for key in ("labels", "annotations"):
        given = {name: value for name, value in metadata.map(key).items() if not is_orchestrators(name)}
        if given and isinstance(spec.get(key, Map()), Map):
            spec = Map({**spec, key: Map({**given, **spec.map(key)})})
    return spec, None


def _placed(problem: Problem, item: Item) -> Problem:
    """Return a problem at its object and field: the lines of the list mean nothing to the user."""
    if problem.file not in ("", "-", item.shown):
        return problem
    field = f"spec.{problem.path}" if problem.path else problem.field
    return problem._replace(file=item.shown, line=0, column=0, end_line=0, end_column=0, path="", field=field)


def results(outcome: FunctionResult) -> list[dict[str, Any]]:
    """Return the problems in the form of `results`, as specified for functions."""
    return [_result(*told) for told in outcome.told]


def _result(problem: Problem, item: Item | None) -> dict[str, Any]:
    problem = shortened(problem)
    message = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    result: dict[str, Any] = {
        "message": message,
        "severity": _SEVERITIES[problem.severity],
        "tags": {"code": problem.code} | ({"formerly": problem.formerly} if problem.formerly else {}),
    }
    if item is not None:
        _, _, namespace, name = item.identity
        reference = {"apiVersion": item.root.get("apiVersion"), "kind": item.kind, "namespace": namespace, "name": name}
        result["resourceRef"] = {key: str(value) for key, value in reference.items() if value}
    if item is not None and item.place("path"):
        index = item.place("index")
        result["file"] = {"path": item.place("path")} | ({"index": int(index)} if index.isdecimal() else {})
    if problem.field:
        result["field"] = {"path": problem.field} | _current_value(problem.field, item)
    return result


def _current_value(field: str, item: Item | None) -> dict[str, str]:
    value: Any = item.root if item else None
    for step in re.findall(r"\[([^\]]*)\]|([^.\[\]]+)", field):
        key = step[0] or step[1]
        if isinstance(value, List):
            value = value[int(key)] if key.isdecimal() and int(key) < len(value) else None
        else:
            value = as_map(value).get(key)
    if isinstance(value, (Map, List, Null)) or value is None:
        return {}
    return {"currentValue": str(getattr(value, "text", value))}


def failed(outcome: FunctionResult) -> bool:
    """Return whether any problem is an error."""
    return has_errors(told.problem for told in outcome.told)
