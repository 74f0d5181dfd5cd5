"""Compares what `dsgen diff` expects of an object in a cluster, when a manifest is applied to it, with what a real API server answers.

    python -m conformance.cluster.applies [--count 40] [--seed 0] [--kubeconfig FILE] [KIND ...]

Each object is applied, changed by somebody else, and applied again from another manifest, as a dry run: client-side by `kubectl`, server-side
by a request. All three are recorded cases that the server accepts.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import yaml

from conformance.case import Json
from conformance.cluster import running
from conformance.cluster.verdicts import Server
from conformance.kubernetes_module import NEWEST
from conformance.record import load
from dsgen.kubernetes.apply.applied import applied
from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.semantics.field_diff import changes
from dsgen.kubernetes.semantics.normalize import normalized
from dsgen.kubernetes.validation.kinds import KINDS
from dsgen.tree import Map

NAMESPACE: Final = "applies"
# What the server chooses for a Service that had no address before.
ALLOTTED: Final = (
    "spec.clusterIP",
    "spec.clusterIPs",
    "spec.ipFamilies",
    "spec.ipFamilyPolicy",
    "spec.healthCheckNodePort",
)
MERGE: Final = "application/merge-patch+json"
APPLY: Final = "application/apply-patch+yaml"
# What nobody can change of a Namespace in use, or what this cluster controls itself.
_LEFT_OUT: Final = {
    "Namespace",
    "APIService",
    "Node",
    "CustomResourceDefinition",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
}


def accepted(kind: str) -> list[Json]:
    """Return the recorded cases of a kind that the server accepts, as parsed manifests."""
    found = []
    for one in load(NEWEST, kind):
        if one.old is None and one.outcome.accepted:
            try:
                root = yaml.safe_load(one.text)
                if isinstance(root, dict) and root.get("kind") == kind and isinstance(root.get("metadata"), dict):
                    found.append(json.loads(json.dumps(root)))
            except (yaml.YAMLError, TypeError, ValueError):
                continue  # text that is hard to read, or values that JSON does not have
    # One version, since objects are asked for in the version that they are applied in.
    version = Counter(each["apiVersion"] for each in found).most_common(1)[0][0]
    return [each for each in found if each["apiVersion"] == version]


def named(root: Json, name: str, namespaced: bool) -> Json:
    """Return a manifest with a name, and without what only a stored object may have."""
    result = copy.deepcopy(root)
    metadata = {
        key: value
        for key, value in result["metadata"].items()
        if key in ("labels", "annotations", "finalizers") and value
    }
    metadata.pop("finalizers", None)
    result["metadata"] = {**metadata, "name": name, **({"namespace": NAMESPACE} if namespaced else {})}
    result.pop("status", None)
    template = (result.get("spec") or {}).get("template")
    if isinstance(template, dict) and "selector" in result["spec"]:
        # A selector cannot change, and must select the pods.
        template["metadata"] = {**(template.get("metadata") or {}), "labels": {"app": "applies"}}
        result["spec"]["selector"] = {"matchLabels": {"app": "applies"}}
    return result


def by_others(root: Json, chance: random.Random) -> Json:
    """Return what somebody else changes: some fields of another manifest, and labels."""
    patch = {
        key: value
        for key, value in root.items()
        if key not in ("apiVersion", "kind", "metadata") and chance.random() < 0.8
    }
    return {**patch, "metadata": {"labels": {"others": "true"}, "annotations": {"others": str(chance.randint(0, 9))}}}


class Objects:
    """The objects of one kind in the cluster."""

    def __init__(self, server: Server, kubeconfig: Path, kind: str, chance: random.Random) -> None:
        self.server, self.kubeconfig, self.kind, self.chance = server, kubeconfig, kind, chance
        self.cases = accepted(kind)
        self.namespaced = KINDS[kind].namespaced

    def path(self, root: Json, query: str) -> str:
        """Return the address of an object."""
        plain = self.server.path(root["apiVersion"], self.kind, NAMESPACE).partition("?")[0]
        return f"{plain}/{root['metadata']['name']}?{query}"

    def each(self, count: int, how: str) -> Iterator[tuple[Json, Json, Json]]:
        """Yield objects in the cluster, the manifests that are applied to them, and what the server says becomes of them."""
        firsts, seconds = [], []
        for number in range(count):
            name = f"{'c' if how == CLIENT_SIDE else 's'}{number}"
            first, other, second = (named(self.chance.choice(self.cases), name, self.namespaced) for _ in range(3))
            if self.chance.random() < 0.2:
                second = first
            firsts.append((first, other))
            seconds.append(second)
        if how == CLIENT_SIDE:
            self._kubectl([first for first, _ in firsts])
        else:
            for first, _ in firsts:
                self._send(self.path(first, "fieldManager=kubectl"), first, APPLY)
        for first, other in firsts:
            self._send(self.path(first, "fieldManager=others"), by_others(other, self.chance), MERGE)
        live = {second["metadata"]["name"]: self.server.ask(self.path(second, ""))[1] for second in seconds}
        there = [second for second in seconds if "uid" in live[second["metadata"]["name"]].get("metadata", {})]
        if how == CLIENT_SIDE:
            found = (each for second in there for each in self._kubectl([second], "--dry-run=server"))
            answers = {each["metadata"]["name"]: each for each in found}
        else:
            answers = {}
            for second in there:
                status, said = self._send(
                    self.path(second, "fieldManager=kubectl&dryRun=All&force=true"), second, APPLY
                )
                if status < 300:
                    answers[second["metadata"]["name"]] = said
        for second in there:
            name = second["metadata"]["name"]
            if name in answers:
                yield live[name], second, answers[name]

    def remove(self) -> None:
        """Delete all objects of the kind that were made."""
        for letter in "cs":
            for number in range(200):
                root = named(self.cases[0], f"{letter}{number}", self.namespaced)
                status, _ = self._delete(self.path(root, ""))
                if status == 404:
                    break

    def _send(self, path: str, body: Json, type: str) -> tuple[int, Any]:
        return self.server.ask(path, json.dumps(body).encode(), type, "PATCH")

    def _delete(self, path: str) -> tuple[int, Any]:
        return self.server.ask(path, None, "application/json", "DELETE")

    def _kubectl(self, roots: list[Json], *flags: str) -> list[Json]:
        """Apply manifests client-side, and return what the server answers: of several, nothing if it refuses one of them."""
        text = "\n".join(map(json.dumps, roots))
        command = ["kubectl", "--kubeconfig", str(self.kubeconfig), "apply", "-o", "json", "--validate=ignore", *flags]
        done = subprocess.run([*command, "-f", "-"], input=text, capture_output=True, text=True, check=False)
        if not done.stdout:
            return []
        said = json.loads(done.stdout)
        return list(said["items"]) if said["kind"] == "List" else [said]


def tree(root: Json) -> Map:
    """Return a manifest as dsgen reads it."""
    found = read_first(json.dumps(root)).root
    assert isinstance(found, Map)
    return found


def differences(live: Json, new: Json, answer: Json, how: str) -> list[str]:
    """Return the fields in which the answer differs from what dsgen expects."""
    expected = applied(tree(live), tree(new), NEWEST, how)
    if expected is None:
        # The server notes no manager of an object without fields, which only an empty manifest makes.
        return ["dsgen does not know who set what"] if live["metadata"].get("managedFields") else []
    found = changes(normalized(expected.root, NEWEST), normalized(tree(answer), NEWEST))
    return [
        f"{each.field}: dsgen {each.old!r}, the server {each.new!r}"
        for each in found
        if each.old or each.field not in ALLOTTED
    ]


def main() -> int:
    """Compare and print; return 1 if something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kubeconfig", type=Path)
    chosen = parser.parse_args()
    wrong = 0
    with nullcontext(chosen.kubeconfig) if chosen.kubeconfig else running() as kubeconfig:
        server = Server(kubeconfig)
        server.has_namespace(NAMESPACE)
        for kind in chosen.kinds or [
            each.name for each in KINDS.values() if not each.custom and each.name not in _LEFT_OUT
        ]:
            objects = Objects(server, kubeconfig, kind, random.Random(f"{chosen.seed} {kind}"))
            counts = []
            for how in (CLIENT_SIDE, SERVER_SIDE):
                asked = 0
                for live, new, answer in objects.each(chosen.count, how):
                    asked += 1
                    found = differences(live, new, answer, how)
                    if found:
                        wrong += 1
                        print("\n  ".join([f"{kind} {new['metadata']['name']} {how}:", *found[:5]]), flush=True)
                counts.append(f"{asked} {how}")
            objects.remove()
            print(f"{kind}: {', '.join(counts)}", flush=True)
    print(f"{wrong} differ")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
