"""The inputs of `dsgen diff`: each is a file, a folder, a project, a Git revision or a live cluster."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from dsgen.build.output.index import NAME as INDEX
from dsgen.build.selection import file_paths, stated_name
from dsgen.cli.input_objects import InputObjects, find_objects, live_objects_in, objects_in
from dsgen.cli.kubectl import is_live, listed_as_served, plurals, served_kinds, usual_namespace
from dsgen.cli.kustomizations import build, kustomization
from dsgen.cli.revisions import export, revision, why_no_revision
from dsgen.cli.shell import fail
from dsgen.diff.key import key_of
from dsgen.diff.left_over import projects
from dsgen.kubernetes.schema.words import MANAGED_BY, PROJECT
from dsgen.problem import Problem, code, comma_list, did_you_mean
from dsgen.project.paths import display_path, unreadable
from dsgen.project.project import find_project
from dsgen.reading import YAML_SUFFIXES, leads_out, outside
from dsgen.resolve.file import File
from dsgen.tree import Map, Text

UNSERVED_KIND = code(
    "missing-cluster-kind",
    "The cluster does not serve the API of an object, so it can only be applied after what brings the API, such as a CustomResourceDefinition.",
    severity="warning",
)
UNLISTED_KIND = code(
    "missing-list-permission",
    "You may not list the objects of a kind in the cluster, so `dsgen diff` cannot compare them.",
    severity="warning",
)
_DAEMONSET: Final = "daemonset.apps"
# The kinds of the objects that profiles generate, as `kubectl` takes them.
GENERATED: Final = (
    "clusterrole.rbac.authorization.k8s.io", "clusterrolebinding.rbac.authorization.k8s.io", "configmap", _DAEMONSET, "namespace",
    "networkpolicy.networking.k8s.io", "podmonitor.monitoring.coreos.com", "priorityclass.scheduling.k8s.io",
    "role.rbac.authorization.k8s.io", "rolebinding.rbac.authorization.k8s.io", "service", "serviceaccount",
)  # fmt: skip


# Kinds with the labels of other objects, that are never applied.
_NEVER_GENERATED: Final = ("endpoints", "events", "events.events.k8s.io")


def load_inputs(
    old: str, new: str, chosen: Sequence[str], minor: str | None, usual: str, namespace: str = ""
) -> tuple[InputObjects, InputObjects]:
    """Return the objects of both sides for the `chosen` environments, decoded by the version `minor` or else the `usual` one.

    With a `namespace`, objects that set none are in it, and those of other namespaces are left out. Exits if an input does not exist.
    """
    new = _meant(new)
    old = _meant(old)
    found: dict[str, InputObjects] = {}
    with ExitStack() as stack:
        # Only the kinds that the other side has are fetched from a cluster.
        for argument in sorted((old, new), key=is_live):
            if is_live(argument):
                if not namespace:
                    found = {other: _as_in_context(each, argument) for other, each in found.items()}
                other = old if argument == new else new
                found[argument] = _live(argument, list(found.values()), _is_whole(other), minor or usual, namespace)
            else:
                found[argument] = _side(argument, new if argument == old else old, chosen, minor, stack)
            if namespace:
                found[argument] = _in_namespace(found[argument], namespace)
    unlisted = frozenset[str]().union(*(each.unlisted for each in found.values()))

    def listed(root: Map) -> Map | None:
        return None if _as_kubectl_says(root) in unlisted else root

    sides = [_only(found[each], chosen) for each in (old, new)]
    return _matched(*(each.changed(listed) if unlisted else each for each in sides))


def _as_kubectl_says(root: Map) -> str:
    """Return the kind of an object as `kubectl` takes it: `daemonset.apps`."""
    key = key_of(root)
    return f"{key.kind.lower()}{key.group and '.'}{key.group}" if key else ""


def _meant(argument: str) -> str:
    """Return an argument, or the path of the profile that it names. Exits if it is neither a file, a revision, a cluster nor a profile.

    Both arguments are looked up before anything is read, which may take long.
    """
    if argument == "-" or is_live(argument) or os.path.lexists(argument):
        return argument
    if revision(argument.partition(":")[0]) is not None:
        return argument
    project = find_project(Path.cwd())[0]
    try:
        known = project.profile_files()
    except OSError as error:
        fail(f"cannot read {unreadable(error)}")
    named = [path for path in known if argument in (path.stem, stated_name(path, project.root))]
    if len(named) != 1:
        near = "" if ":" in argument else did_you_mean(argument, [path.stem for path in known])
        hint = near or why_no_revision()
        fail(f"{argument}: no such file, folder or Git revision{hint and '; '}{hint}")
    return display_path(named[0])


def _as_in_context(found: InputObjects, cluster: str) -> InputObjects:
    """Return objects as `kubectl` applies them to a cluster: those that set no namespace are in the one of the context."""
    if not any(map(_is_without_namespace, found.roots)):
        return found
    namespace = usual_namespace(cluster)
    return found.changed(lambda root: _placed(root, namespace) or root)


def _is_without_namespace(root: Map) -> bool:
    key = key_of(root)
    return key is not None and bool(key.namespace) and not root.map("metadata").get("namespace")


def _in_namespace(found: InputObjects, namespace: str) -> InputObjects:
    """Return what is in a namespace: objects that set it or none, and those of cluster-scoped kinds."""
    return found.changed(lambda root: _placed(root, namespace))


def _placed(root: Map, namespace: str) -> Map | None:
    metadata, key = root.map("metadata"), key_of(root)
    if key is None or not key.namespace or metadata.get("namespace") == namespace:
        return root
    stated = metadata.get("namespace")
    return None if stated else root.replaced("metadata", metadata.updated({"namespace": Text.at(namespace, None)}))


def _only(found: InputObjects, chosen: Sequence[str]) -> InputObjects:
    """Return the objects for the chosen environments, and those for none."""
    kept = [
        each
        for each in found.objects
        if not chosen or not each.environment or any(fnmatchcase(each.environment, pattern) for pattern in chosen)
    ]
    return found._replace(objects=kept)


def _matched(old: InputObjects, new: InputObjects) -> tuple[InputObjects, InputObjects]:
    """Return both sides; if one has no environments, the other must have exactly one."""
    if bool(old.environments) == bool(new.environments) or not old.objects or not new.objects:
        return old, new
    names = old.environments or new.environments
    if len(names) > 1:
        fail(f"one side has no environments: select one of {', '.join(names)} with -e")
    return _without_environment(old), _without_environment(new)


def _without_environment(found: InputObjects) -> InputObjects:
    return found._replace(objects=[each._replace(environment="") for each in found.objects])


def _is_whole(argument: str) -> bool:
    """Return whether an argument is all that a project generates, at least for one environment: a project, or the folder of its output."""
    path = Path(argument)
    if is_live(argument) or not path.is_dir():
        return False
    if find_project(path)[0].root == path.resolve():
        return True
    return not (path / INDEX).exists() and any(path.glob(f"*/{INDEX}"))


def _live(argument: str, others: Sequence[InputObjects], is_whole: bool, minor: str, namespace: str) -> InputObjects:
    """Return the objects of a cluster that the other side has too and, if that `is_whole`, others that its project or dsgen has generated."""
    wanted = [root for found in others for root in found.roots]
    keys = {key for root in wanted if (key := key_of(root))}
    names = {_as_kubectl_says(root) for root in wanted} - {""} or {_DAEMONSET}
    listed = listed_as_served(argument, sorted(names), namespace=namespace)
    found = live_objects_in(listed.file, minor)
    objects = [each for each in found.objects if key_of(each.root) in keys or not keys]
    others_too: list[Problem] = []
    if is_whole:
        owners = projects([each.root for found in others for each in found.objects])
        generated, others_too = _generated(argument, owners, sorted(names), listed.forbidden, namespace)
        objects += [each for each in live_objects_in(generated, minor).objects if key_of(each.root) not in keys]
    problems = [
        UNSERVED_KIND.at(None, f"the cluster does not serve {name}", hint="install what serves it before you apply")
        for name in listed.unserved
    ]
    problems += [_unlisted(argument, name) for name in listed.forbidden]
    problems += others_too
    return found._replace(objects=objects, others=[*found.others, *problems], unlisted=frozenset(listed.forbidden))


def _generated(
    cluster: str, owners: Sequence[str], names: Sequence[str], refused: Sequence[str], namespace: str
) -> tuple[File, list[Problem]]:
    """Return the objects of a cluster that the project, which may have several names, or else dsgen has generated; and what is not known of them.

    By the label of a project, all kinds are searched: of one that the project no longer has, nothing else is left but the objects.
    """
    if not owners:
        kinds = sorted({*GENERATED, *names} - {*refused})
        listed = listed_as_served(cluster, kinds, f"{MANAGED_BY}=dsgen", namespace)
        return listed.file, [_unlisted(cluster, name) for name in listed.forbidden]
    served, said = served_kinds(cluster)
    problems = []
    if said:
        found = f"{cluster} does not say which kinds it has: objects of some kinds may be left over, too ({said})"
        problems.append(
            UNLISTED_KIND.at(None, found, hint="run `kubectl api-resources` to see which API does not answer")
        )
    known = {*served}
    kinds = [each for each in (*GENERATED, *names) if known.isdisjoint(plurals(each))] if said or not served else []
    kinds += [each for each in served if each not in _NEVER_GENERATED]
    kinds = [each for each in kinds if not any(each in plurals(name) for name in refused)]
    listed = listed_as_served(cluster, sorted({*kinds}), f"{PROJECT} in ({', '.join(owners)})", namespace)
    if listed.forbidden:
        found = f"{cluster} does not let you list {comma_list(listed.forbidden)}: objects of these kinds may be left over, too"
        problems.append(UNLISTED_KIND.at(None, found, hint="ask for a role with the verb `list` for them"))
    return listed.file, problems


def _unlisted(cluster: str, name: str) -> Problem:
    found = f"{cluster} does not let you list {name}: its objects are not compared"
    return UNLISTED_KIND.at(None, found, hint="ask for a role with the verb `list` for it")


def _side(argument: str, other: str, chosen: Sequence[str], minor: str | None, stack: ExitStack) -> InputObjects:
    path = Path(argument)
    if argument == "-" or os.path.lexists(path):
        if leads_out(argument, str(find_project(Path.cwd())[0].root)):
            fail(f"cannot read {unreadable(outside(argument))}")
        overlay = kustomization(argument) if path.is_dir() else None
        if overlay is not None and overlay.is_overlay:
            return objects_in(build(argument, "diff"), minor or find_project(Path.cwd())[0].kubernetes)
        return _objects(path, chosen, minor)
    name, colon, below = argument.partition(":")
    of = revision(name)
    assert of is not None, "it was looked up before"
    same = Path(other) if other != "-" and Path(other).exists() else Path()
    wanted = Path(os.path.normpath(of.top / below)) if colon else same.resolve()
    if not wanted.is_relative_to(of.top):
        fail(f"{argument}: {wanted} is not in the repository")
    # A profile may refer to other files of its project.
    root = find_project(wanted if wanted.is_dir() else wanted.parent)[0].root
    target = Path(stack.enter_context(TemporaryDirectory(prefix="dsgen-"))).resolve()
    export(of, root if root.is_relative_to(of.top) else wanted, wanted, target)
    path = target / wanted.relative_to(of.top)
    if not path.exists():
        return (
            InputObjects([], [], [], []) if not colon else fail(f"{argument}: no such file or folder at this revision")
        )
    found = _objects(path, (), minor, target)

    def named(problems: list[Problem]) -> list[Problem]:
        return [each._replace(file=each.file.replace(f"{target}{os.sep}", f"{name}:")) for each in problems]

    unread = [line.replace(f"{target}{os.sep}", f"{name}:") for line in found.unread]
    refused = [(root, named(problems)) for root, problems in found.refused]
    return found._replace(others=named(found.others), refused=refused, unread=unread)


def _objects(path: Path, chosen: Sequence[str], minor: str | None, top: Path | None = None) -> InputObjects:
    """Return the objects of a file, a folder or a project; projects above the folder `top` are ignored."""
    project, problems = find_project(path if path.is_dir() else path.parent, top)
    try:
        profiles = project.profile_files() if project.root == path.resolve() else []
    except OSError as error:
        fail(f"cannot read {unreadable(error)}")
    paths = profiles or file_paths([str(path)], project, YAML_SUFFIXES)
    found = find_objects(paths, project, chosen if profiles else (), minor, bool(profiles))
    return found._replace(others=[*problems, *found.others])
