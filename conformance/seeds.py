"""The bases of the cases: hand-written DaemonSets that use every field, and real ones; and hand-written objects of other kinds.

Those of other kinds with pods are the hand-written DaemonSets too, with their pods in an object of that kind.
"""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from conformance.case import TEMPLATES, Json
from dsgen.kubernetes.schema.paths import ALL_POD_TEMPLATES

HERE: Final = Path(__file__).parent
CORPUS: Final = HERE.parent / "tests" / "corpus"
GROUPS: Final = {kind: group for group, kind in ALL_POD_TEMPLATES}


@cache
def bases(kind: str = "DaemonSet") -> dict[str, Json]:
    """Return each base of a kind by its name, in the order of the names; the hand-written ones are called `small-…`."""
    if kind == "DaemonSet":
        found = {f"small-{path.stem}": path for path in sorted((HERE / "seeds").glob("*.yaml"))}
        found |= {path.stem: path for path in sorted(CORPUS.glob("*.yaml"))}
    else:
        companions = sorted((HERE / "seeds" / "companions").glob(f"{kind}-*.yaml"))
        found = {f"small-{path.stem}": path for path in companions}
    trees = {name: _plain(yaml.safe_load(path.read_text(encoding="utf-8"))) for name, path in found.items()}
    if kind in TEMPLATES and kind != "DaemonSet":
        small = {name: tree for name, tree in bases().items() if name.startswith("small-")}
        trees |= {f"pods-{name.removeprefix('small-')}": with_pods_of(tree, kind) for name, tree in small.items()}
    return trees


def with_pods_of(daemonset: Json, kind: str) -> Json:
    """Return an object of another kind with the metadata, the selector and the pods of a DaemonSet."""
    template, selector = daemonset["spec"]["template"], daemonset["spec"].get("selector")
    path = TEMPLATES[kind]
    header = {"apiVersion": f"{GROUPS[kind]}/v1" if GROUPS[kind] else "v1", "kind": kind}
    if not path:
        described = {**(template.get("metadata") or {}), "name": daemonset["metadata"].get("name", "a")}
        # Without an account, admission would set it, before anything is validated.
        return {**header, "metadata": described, "spec": {"serviceAccountName": "default", **template["spec"]}}
    if kind in ("Job", "CronJob"):
        template = {**template, "spec": {**template["spec"], "restartPolicy": "Never"}}
    body: Json = template
    for step in reversed(path):
        body = {step: body}
    if kind in ("Deployment", "ReplicaSet", "StatefulSet"):
        body["spec"] = {"selector": selector, **body["spec"]}
    if kind == "ReplicationController":
        body["spec"] = {"selector": selector.get("matchLabels"), **body["spec"]}
    if kind == "CronJob":
        body["spec"] = {"schedule": "@daily", **body["spec"]}
    return {**header, "metadata": daemonset["metadata"], **body}


def _plain(value: Json) -> Json:
    """Return `value` as JSON can hold it: texts as keys, no dates."""
    if isinstance(value, dict):
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else value
