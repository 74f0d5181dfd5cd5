"""Compares dsgen with a real API server: what `dsgen generate` makes, and manifests that should be accepted and refused.

    python -m conformance.cluster.end_to_end [--count 200] [PROFILE ...]

Everything goes through `kubectl apply --dry-run=server`. Needs kubectl and Go.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import yaml

from conformance.case import Case, clone
from conformance.cluster import running
from conformance.dsgen_outcome import judge
from conformance.generate import cases
from conformance.kubernetes_module import NEWEST, pod_monitor_definition
from conformance.seeds import bases
from dsgen.kubernetes.validation.kinds import KINDS

DSGEN: Final = (sys.executable, "-c", "from dsgen.cli import main; main()")
LONG: Final = 100_000
# What the server says of these depends on its addresses and on what there is already.
OF_THE_CLUSTER: Final = ("Namespace", "Service")
EXAMPLES: Final = Path(__file__).parent.parent.parent / "tests" / "examples"


def kubectl(kubeconfig: Path, *words: str) -> tuple[bool, str]:
    """Run kubectl, and return whether it succeeded and what it said."""
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig)}
    done = subprocess.run(["kubectl", *words], capture_output=True, text=True, check=False, env=environment)
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def applied(file: Path, kubeconfig: Path) -> tuple[bool, str]:
    """Return whether the server would take the manifests in `file`, and what it says."""
    return kubectl(kubeconfig, "apply", "--dry-run=server", "--validate=strict", "-f", str(file))


def chosen(count: int, seed: int, kind: str) -> Iterator[tuple[Case, str, bool]]:
    """Yield `count` cases of a kind that dsgen accepts and as many that it refuses: the case, its text, and dsgen's verdict.

    Their metadata is plain: a live server asks more of it (the namespace exists, no version is stated). Left out is
    what kubectl changes before the server sees it: it drops nulls, keeps the last of two equal keys, and adds an
    annotation that repeats the manifest; and text written anew as a whole, whose metadata is what it was.
    """
    trees = {name: {**clone(tree), "metadata": {"name": "case"}} for name, tree in bases(kind).items()}
    wanted = {True: count, False: count}
    for case in cases(seed, count * 20, kind=kind):
        if case.old is not None or any(
            edit[0] in ("append", "prepend", "text") or edit[1][0] == "metadata" for edit in case.edits
        ):
            continue
        text = case.texts(trees)[0]
        outcome = judge(text, NEWEST)
        repeated = any(kind == "duplicate field" for kind, _ in outcome.findings)
        if wanted[outcome.accepted] and not repeated and len(text) < LONG and " null\n" not in text:
            wanted[outcome.accepted] -= 1
            yield case, text, outcome.accepted


def compare(count: int, seed: int, kind: str, kubeconfig: Path) -> int:
    """Print where the server and dsgen differ on objects of a kind, and return how often."""
    differing = 0
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(4) as pool:
        listed = list(chosen(count, seed, kind))
        files = [Path(name, f"{number}.yaml") for number in range(len(listed))]
        for file, (_, text, _) in zip(files, listed, strict=True):
            file.write_text(text, encoding="utf-8", newline="")
        for (case, _, ours), (theirs, said) in zip(
            listed, pool.map(lambda file: applied(file, kubeconfig), files), strict=True
        ):
            if ours != theirs:
                differing += 1
                print(
                    f"{' + '.join(case.tags)} of {case.base}: dsgen {'accepts' if ours else 'refuses'}, the server says: {said[:500]}"
                )
    accepted = sum(ours for _, _, ours in listed)
    print(f"{kind}: {accepted} accepted and {len(listed) - accepted} refused manifests, {differing} verdicts differ")
    return differing


def generated(profiles: Sequence[Path], kubeconfig: Path) -> int:
    """Apply what dsgen makes of each profile, in namespaces that exist, and return how many the server refuses."""
    refused = 0
    with tempfile.TemporaryDirectory() as name:
        for profile in profiles:
            made = subprocess.run(
                [*DSGEN, "generate", "-o", "-", str(profile)], capture_output=True, text=True, check=False
            )
            file = Path(name, "made.yaml")
            file.write_text(made.stdout, encoding="utf-8")
            for document in yaml.safe_load_all(made.stdout):
                if namespace := document["metadata"].get("namespace"):
                    kubectl(kubeconfig, "create", "namespace", namespace)
            taken, said = applied(file, kubeconfig) if made.returncode == 0 else (False, made.stderr)
            if not taken:
                refused += 1
                print(f"{profile}: {said[:500]}")
    print(f"{len(profiles)} profiles generated and applied: {refused} refused")
    return refused


def main() -> int:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("profiles", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=200, help="DaemonSets; of the other kinds a fifth")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    profiles = options.profiles or sorted(EXAMPLES.rglob("profile.yaml"))
    with running() as kubeconfig:
        kubectl(kubeconfig, "create", "-f", str(pod_monitor_definition()))
        differing = generated(profiles, kubeconfig)
        for kind in KINDS:
            if kind not in OF_THE_CLUSTER:
                count = options.count if kind == "DaemonSet" else options.count // 5
                differing += compare(count, options.seed, kind, kubeconfig)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
