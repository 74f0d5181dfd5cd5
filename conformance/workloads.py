"""Compares dsgen's verdict on the pods of other kinds than DaemonSets with the API server's own: their specs have more rules, which dsgen
does not have, so only what is said of the pods counts.

python -m conformance.workloads --seed 7 --count 500          cases of each kind
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import yaml

from conformance.case import Json
from conformance.dsgen_outcome import pods_outcome
from conformance.generate import cases
from conformance.kubernetes_module import NEWEST
from conformance.oracle import Question, ask
from conformance.outcome import Finding, Outcome, of_server
from conformance.seeds import bases
from dsgen.kubernetes.schema.paths import ALL_POD_TEMPLATES, field_path

VERSIONS = {"apps": "apps/v1", "batch": "batch/v1", "": "v1"}
# What the rules of a kind's own spec say of its pods.
OWN = ("restartPolicy", "activeDeadlineSeconds", "labels", "serviceAccountName", "nodeName", "hostUsers")

# What else is said of a Pod itself: admission sets its account first, defaults the resources of the whole pod, and it alone needs images that
# are more than a name.
OF_A_POD = ("serviceAccountToken", "].image", ".image.reference")
WHOLE_POD = "spec.resources"


def of_kind(daemonset: Json, group: str, kind: str, path: tuple[str, ...]) -> Json:
    """Return an object of a kind with the metadata and the pods of a DaemonSet."""
    template = daemonset["spec"]["template"]
    metadata = daemonset.get("metadata")
    header = {"apiVersion": VERSIONS[group], "kind": kind}
    if not path:
        described = {**(template.get("metadata") or {}), "name": "a"}
        return {**header, "metadata": described, "spec": template.get("spec")}
    if kind in ("Job", "CronJob"):
        template = {**template, "spec": {**template["spec"], "restartPolicy": "Never"}}
    body: Json = template
    for step in reversed(path):
        body = {step: body}
    root = {**header, "metadata": metadata, **body}
    if kind in ("Deployment", "ReplicaSet", "StatefulSet"):
        root["spec"]["selector"] = daemonset["spec"].get("selector")
    if kind == "ReplicationController":
        root["spec"]["selector"] = (daemonset["spec"].get("selector") or {}).get("matchLabels")
    if kind == "CronJob":
        root["spec"]["schedule"] = "@daily"
    return root


def texts(seed: int, count: int) -> Iterator[tuple[str, str, str]]:
    """Yield kind, mutations and text of each case."""
    trees = bases()
    for case in cases(seed, count):
        try:
            tree = yaml.safe_load(case.texts(trees)[0])
            for (group, kind), path in ALL_POD_TEMPLATES.items():
                if kind != "DaemonSet" and tree.get("kind") == "DaemonSet" and case.old is None:
                    yield kind, " + ".join(case.tags), yaml.safe_dump(of_kind(tree, group, kind, path))
        except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
            continue  # not a DaemonSet with a pod


def about_pods(outcome: Outcome, kind: str) -> frozenset[Finding]:
    """Return what is said of the pods, without what the spec around them asks of them."""
    path = next(path for (_, each), path in ALL_POD_TEMPLATES.items() if each == kind)
    start = field_path(path) or "spec"
    return frozenset(
        (type, field)
        for type, field in outcome.findings
        if (not field or field.startswith(start))
        and not field.endswith(OWN)
        and not (kind == "Pod" and _of_a_pod(field))
    )


def _of_a_pod(field: str) -> bool:
    return field.endswith(OF_A_POD) or field.startswith(WHOLE_POD)


def main() -> int:
    """Compare and print; return 1 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--minor", default=NEWEST)
    chosen = parser.parse_args()
    asked = list(texts(chosen.seed, chosen.count))
    answers = ask((Question(text) for _, _, text in asked), chosen.minor, (kind for _, kind in ALL_POD_TEMPLATES))
    differing = 0
    for (kind, tags, text), answer in zip(asked, answers, strict=True):
        server, ours = of_server(answer), pods_outcome(text, chosen.minor)
        said, found = about_pods(server, kind), about_pods(ours, kind)
        if ("Invalid", "spec.selector") in server.findings:
            continue  # the server looks no further
        same = said == found if server.stage in ("", "validate") else server.stage == ours.stage
        if not same:
            differing += 1
            print(
                f"{kind}: {tags}\n  server: {server.stage} {sorted(said - found)}\n  dsgen:  {ours.stage} {sorted(found - said)}"
            )
    print(f"{len(asked)} cases of {len(ALL_POD_TEMPLATES) - 1} kinds, {differing} differ")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
