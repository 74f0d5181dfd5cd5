"""Compares what `dsgen presets diff` says of upgrades of presets with Kubernetes' own code.

    python -m conformance.upgrades [--rounds 2] [--seed 0]

A project with a profile over each preset locks them. In each round every preset gets a new version with one or two changes, `presets diff`
says which objects an upgrade restarts or recreates, and the presets are upgraded. Then Kubernetes says of each object, as it was and as it is,
whether the server would accept the update, and whether the pod template is still the same.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from click.testing import CliRunner

import dsgen
from conformance import oracle, pods
from conformance.kubernetes_module import NEWEST
from dsgen import source
from dsgen.cli import main as command
from dsgen.diff.key import key_of
from dsgen.kubernetes.manifest import read_first
from dsgen.problem import ProblemError
from dsgen.project import shipped
from dsgen.project.mentions import mentions
from dsgen.project.project import find_project
from dsgen.tree import Map

PROJECT: Final = f'kubernetes: "{NEWEST}"\npresets: {{house: {{folder: pack}}}}\n'
ENVIRONMENTS: Final = {
    "prod": "images: {mirrors: {docker.io: mirror.example.com}}\nall: {update: {maxUnavailable: 7%}}\n",
    "staging": "all: {labels: {cluster: staging}, minReadySeconds: 3}\n",
}
# What a new version of a preset sets in addition to the old one.
CHANGES: Final = (
    "",
    'containers: {"*": {image: "example.com/changed:2"}}\n',
    'containers: {"*": {imagePullPolicy: Always}}\n',
    'containers: {"*": {env: {CHANGED: "1"}}}\n',
    'containers: {"*": {resources: {requests: {cpu: 1m}}}}\n',
    'containers: {"*": {terminationMessagePath: /dev/termination-log}}\n',
    "containers: {added: {image: 'example.com/added:1'}}\n",
    "configMaps: {added: {data: {a: b}}}\n",
    "daemonSetAnnotations: {changed: yes please}\n",
    "annotations: {changed: yes please}\n",
    "labels: {changed: '1'}\n",
    "podLabels: {changed: '1'}\n",
    "podAnnotations: {changed: '1'}\n",
    "selector: {app.kubernetes.io/name: changed}\n",
    "update: OnDelete\n",
    "update: {maxUnavailable: 3}\n",
    "minReadySeconds: 5\n",
    "revisionHistoryLimit: 3\n",
    "terminationGracePeriodSeconds: 30\n",
    "terminationGracePeriodSeconds: 31\n",
    "schedulerName: default-scheduler\n",
    "dnsPolicy: Default\n",
    "nodes: {select: {changed: 'true'}}\n",
    "nodes: {tolerate+: [changed]}\n",
    "hostAliases: [{ip: 192.0.2.1, hostnames: [changed.example.com]}]\n",
    "serviceAccount: {create: true, clusterRules: ['get nodes']}\n",
    "priorityClassName: system-node-critical\n",
    "service: {clusterIP: None}\n",
    "manifest: {spec: {updateStrategy: {type: RollingUpdate}}}\n",
    "manifest: {spec: {template: {spec: {enableServiceLinks: true}}}}\n",
    "manifest: {spec: {template: {spec: {enableServiceLinks: false}}}}\n",
)


class Key(NamedTuple):
    """Which object of which environment."""

    environment: str
    kind: str
    namespace: str
    name: str


def run(*arguments: str, fails: bool = False) -> str:
    """Return what dsgen prints on standard output. Raises AssertionError if it ends with another code than 0, or 1 where it may fail."""
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code in ((0, 1) if fails else (0,)), (arguments, done.output, done.exception)
    return done.stdout


def write_pack(name: str, change: str | None) -> None:
    """Write a preset of the pack: the shipped one, or one over it with changes."""
    folder = Path("pack")
    (profile, text), *files = shipped.preset_files(name)
    for path, data in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    if change is None:
        (folder / profile).write_bytes(text)
        return
    (folder / f"_{profile}").write_bytes(text)
    (folder / profile).write_text(f"extends: ./_{profile}\n{change}")


def objects(names: list[str]) -> dict[Key, str]:
    """Return the manifests of the project, of all environments."""
    found = {}
    for name in names:
        profile = dsgen.load(f"profiles/our-{name}.yaml")
        for environment in ENVIRONMENTS:
            for each in dsgen.render(profile, environment=environment):
                root = read_first(each.text).root
                assert isinstance(root, Map)
                key = key_of(root, environment)
                assert key is not None
                found[Key(key.environment, key.kind, key.namespace, key.name)] = each.text
    return found


def drawn(rng: Random, turns: Iterator[str], name: str) -> str:
    """Return what a new version of a preset sets, which is written: the next change, and maybe another, with which its profile is valid."""
    own, _ = find_project(Path.cwd())
    while True:
        text = "".join({next(turns): 0, **dict.fromkeys(rng.sample(CHANGES, rng.choice((0, 0, 1))))})
        keys = [line.partition(":")[0] for line in text.splitlines()]
        if len(set(keys)) < len(keys):
            continue
        write_pack(name, text)
        profile = dsgen.loads(f"extends: ./_{name}.yaml\nname: our-{name}\n{text}", f"pack/{name}.yaml", own)
        with contextlib.suppress(ProblemError):
            for environment in ENVIRONMENTS:
                dsgen.render(profile, environment=environment)
            return text


def said(names: list[str]) -> dict[Key, str]:
    """Return what `presets diff` says of each object."""
    found = json.loads(run("presets", "diff", *names, "--format", "json", fails=True))["objects"]
    return {Key(each["environment"], each["kind"], each["namespace"], each["name"]): each["verdict"] for each in found}


def decided(before: Mapping[Key, str], after: Mapping[Key, str]) -> dict[Key, str]:
    """Return what Kubernetes' own code makes of each object that is there before and after: `recreated`, `restarted`, or that pods stay."""
    common = [key for key in before if key in after]
    questions = (oracle.Question(after[key], before[key]) for key in common)
    answers = dict(zip(common, oracle.ask(questions), strict=True))
    daemonsets = [key for key in common if key.kind == "DaemonSet"]
    templates = pods.ask({"yaml": after[key], "old": before[key]} for key in daemonsets)
    same = {key: bool(answer["sameTemplate"]) for key, answer in zip(daemonsets, templates, strict=True)}

    def one(key: Key) -> str:
        if not answers[key].accepted:
            return "recreated"
        return "stays" if same.get(key, True) else "restarted"

    return {key: one(key) for key in common}


def round_of(rng: Random, turns: Iterator[str], names: list[str]) -> tuple[list[str], Counter[str]]:
    """Upgrade all presets once; return where dsgen and Kubernetes differ, and how often Kubernetes says what."""
    for name in names:
        write_pack(name, None)
    run("presets", "lock")
    before = objects(names)
    # Those over another preset change with that.
    changes = {name: drawn(rng, turns, name) for name in names if not _parents(name)}
    ours = said(names)
    run("presets", "upgrade", *names)
    after = objects(names)
    theirs = decided(before, after)
    wrong = []
    for key, verdict in theirs.items():
        mine = ours.pop(key, "same")
        if (mine if mine in ("recreated", "restarted") else "stays") != verdict:
            change = next((change for name, change in changes.items() if f"our-{name}" in before[key]), "")
            wrong.append(f"{' '.join(key)}: Kubernetes: {verdict}, dsgen: {mine}\n  {change!r}")
    moved = {key: "created" for key in after if key not in before} | {
        key: "deleted" for key in before if key not in after
    }
    wrong += [f"{' '.join(key)}: dsgen: {mine}, but it is {moved.get(key, 'there')}" for key, mine in ours.items() if moved.get(key) != mine]  # fmt: skip
    return wrong, Counter(theirs.values()) + Counter(moved.values())


def _parents(name: str) -> list[str]:
    (_, text), *_ = shipped.preset_files(name)
    return mentions(source.read(text, name)[0]).parents


@contextlib.contextmanager
def project(names: list[str]) -> Iterator[None]:
    """Make a project with a profile over each preset the current folder."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            Path("dsgen.yaml").write_text(PROJECT)
            for below in ("profiles", "environments", "pack"):
                Path(below).mkdir()
            for environment, text in ENVIRONMENTS.items():
                Path(f"environments/{environment}.yaml").write_text(text)
            for name in names:
                Path(f"profiles/our-{name}.yaml").write_text(f"extends: {name}\nname: our-{name}\n")
            yield
        finally:
            os.chdir(here)


def main() -> int:
    """Compare and print; return 1 when something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    chosen: Any = parser.parse_args()
    names = list(shipped.profiles())
    rng = Random(chosen.seed)
    turns = cycle(rng.sample(CHANGES, len(CHANGES)))
    wrong: list[str] = []
    counted: Counter[str] = Counter()
    with project(names):
        for _ in range(chosen.rounds):
            found, verdicts = round_of(rng, turns, names)
            wrong += found
            counted += verdicts
    print("\n".join(wrong[:10]))
    shown = ", ".join(f"{number} {what}" for what, number in sorted(counted.items()))
    print(f"{len(names) * chosen.rounds} upgrades of presets, objects: {shown}; {len(wrong)} differ")
    return bool(wrong) or not {"recreated", "restarted", "stays"} <= set(counted)


if __name__ == "__main__":
    sys.exit(main())
