"""The manifests that `dsgen import` reads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Final

from dsgen.build.selection import file_paths
from dsgen.build.targets import read
from dsgen.cli.import_files import lines_in
from dsgen.cli.kubectl import is_live, listed, serves
from dsgen.cli.kustomizations import build, kustomization
from dsgen.cli.shell import fail
from dsgen.importer.read.objects import SourceObject, given_objects
from dsgen.problem import Problem
from dsgen.project.paths import unreadable
from dsgen.project.project import Project
from dsgen.reading import MANIFESTS, YAML_SUFFIXES
from dsgen.record import Record
from dsgen.resolve.file import File

# The kinds that a profile can generate, and that every cluster has: kubectl fails for others.
_KINDS: Final = (
    "daemonsets.apps", "namespaces", "serviceaccounts", "configmaps", "services", "priorityclasses.scheduling.k8s.io",
    "networkpolicies.networking.k8s.io", "roles.rbac.authorization.k8s.io", "rolebindings.rbac.authorization.k8s.io",
    "clusterroles.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io",
)  # fmt: skip
# The one that only some clusters have: the resource and its group.
_POD_MONITORS: Final = ("podmonitors", "monitoring.coreos.com")


class Manifests(Record):
    """The objects in some files, the problems of these, the lines about unreadable ones, and how many lines are not blank."""

    objects: list[SourceObject]
    problems: list[Problem]
    unread: list[str]
    lines: int


def _files(arguments: Sequence[str], project: Project, namespace: str, unread: list[str]) -> Iterator[File]:
    """Yield the files of some arguments; of a kustomization those that it lists, or if it does more than that, what Kustomize builds.

    A line about each unreadable file is added to `unread`. Exits for the folder of a chart, which only Helm can render.
    """
    for argument in arguments:
        if is_live(argument):
            monitors = [".".join(_POD_MONITORS)] if serves(argument, *_POD_MONITORS) else []
            yield listed(argument, project.root, *_KINDS, *monitors, everywhere=True, namespace=namespace)
            continue
        if os.path.isfile(os.path.join(argument, "Chart.yaml")):
            fail(f"{argument} is a Helm chart: run `helm template --no-hooks NAME {argument} | dsgen import -`")
        found = kustomization(argument)
        if found and (found.is_overlay or found.resources):
            yield from [build(argument)] if found.is_overlay else _files(found.resources, project, namespace, unread)
            continue
        for path in file_paths([argument], project, YAML_SUFFIXES):
            try:
                yield read(path, project.root, MANIFESTS)
            except OSError as error:
                unread.append(unreadable(error, path))


def read_objects(files: Sequence[str], project: Project, minor: str, namespace: str = "") -> Manifests:
    """Return the objects in files and folders, or in a cluster, in order.

    Objects that set no namespace are in `namespace`, if there is one; of a cluster, only the objects of that namespace are read.
    """
    objects: list[SourceObject] = []
    problems: list[Problem] = []
    unread: list[str] = []
    lines = 0
    for file in _files(files, project, namespace, unread):
        found, wrong = given_objects(file.text, file.name, minor, namespace)
        objects += [each._replace(is_selected=False) for each in found] if is_live(file.name) else found
        problems += wrong
        lines += lines_in(file.text.decode("utf-8", "replace"))
    return Manifests(objects, problems, unread, lines)
