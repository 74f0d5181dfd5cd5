"""Small objects for these tests, and what is said of them together."""

from __future__ import annotations

from dsgen.kubernetes.manifest import read
from dsgen.kubernetes.relations.check import between
from dsgen.kubernetes.stream import unfold_list
from dsgen.problem import Problem
from dsgen.tree import Map


def namespace(labels: str = "", name: str = "agents") -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"


def workload(
    pod: str = "",
    *,
    kind: str = "DaemonSet",
    name: str = "agent",
    where: str = "agents",
    labels: str = "app: agent",
    selector: str = "",
    container: str = "",
) -> str:
    """Return an object with a pod template; `pod` is more of its spec, `container` more of its container."""
    spec = f"containers: [{{name: agent, image: 'example.com/agent:1'{container and ', ' + container}}}]{pod and ', ' + pod}"
    meta = f"metadata: {{name: {name}{where and f', namespace: {where}'}"
    if kind == "Pod":
        return f"apiVersion: v1\nkind: Pod\n{meta}, labels: {{{labels}}}}}\nspec: {{{spec}}}\n"
    template = f"template: {{metadata: {{labels: {{{labels}}}}}, spec: {{{spec}}}}}"
    group = "batch/v1" if kind in ("Job", "CronJob") else "apps/v1"
    chosen = f"selector: {{matchLabels: {{{selector or labels}}}}}"
    if kind == "CronJob":
        template, chosen = f"jobTemplate: {{spec: {{{template}}}}}", "schedule: '0 0 * * *'"
    return f"apiVersion: {group}\nkind: {kind}\n{meta}}}\nspec: {{{chosen}, {template}}}\n"


def objects(*manifests: str) -> list[Map]:
    """Return the objects of some files, which are called `0.yaml`, `1.yaml` and so on."""
    documents = [each for index, text in enumerate(manifests) for each in read(text, f"{index}.yaml")]
    return [root for document in documents for root in unfold_list(document)[0]]


def found(*manifests: str, default: str = "", partial: bool = False, minor: str = "1.36") -> list[Problem]:
    """Return what is wrong between the objects of some files."""
    return [problem for _, problem in between(objects(*manifests), minor, default, partial)]


def codes(*manifests: str, default: str = "", partial: bool = False) -> list[str]:
    """Return the codes of what is wrong between the objects of some files."""
    return [problem.code for problem in found(*manifests, default=default, partial=partial)]
