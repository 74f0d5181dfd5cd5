"""Run the benchmarks: python -m benchmarks [--quick | --stages | --import | --earlier]

Each figure is the best of alternating runs; the ratio is dsgen's time over the peers' time for the same DaemonSets.
"""

from __future__ import annotations

import argparse
import os
import resource
import shlex
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import inputs, peers
from benchmarks.earlier import Comparisons
from benchmarks.measure import best, row, wall

DSGEN = Path(sys.executable).with_name("dsgen")
# The build that imports are compared with: it wrote and read each scalar, and tried each short form and default.
BEFORE = "73866f3"


def against_peers(number: int, runs: int, helm: str, kubeconform: str, schema: Path) -> None:
    """Compare the making and checking of `number` DaemonSets."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs.write(folder, number)
        ours = f"{shlex.quote(str(DSGEN))} generate --quiet -o - > ours.yaml"
        render = f"{shlex.quote(helm)} template agents chart > theirs.yaml"
        check = f"{shlex.quote(kubeconform)} -strict -schema-location {shlex.quote(str(schema))} theirs.yaml"
        mine, their = best(ours, f"{render} && {check}", folder, runs)
        row(f"{number} profile{'s' * (number > 1)}, helm + kubeconform", mine, their)
        only_render, only_check = best(render, check, folder, runs)
        print(f"{'':<46} of which helm {only_render:.3f} s, kubeconform {only_check:.3f} s", flush=True)


def validating(number: int, runs: int, kubeconform: str, schema: Path) -> None:
    """Compare the checking of `number` files of manifests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs.write(folder, number)
        dsgen = shlex.quote(str(DSGEN))
        wall(f"{dsgen} generate -q -o made && find made -type f ! -name 'daemonset-*' -delete", folder)
        check = f"{shlex.quote(kubeconform)} -strict -schema-location {shlex.quote(str(schema))} made"
        row(f"{number} manifests, kubeconform", *best(f"{dsgen} validate --quiet made", check, folder, runs))


def files(number: int, runs: int) -> None:
    """Compare writing files with its floor: the same bytes by a bare loop."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs.write(folder, number)
        dsgen = shlex.quote(str(DSGEN))
        wall(f"{dsgen} generate -q -o kept", folder)
        loop = (
            "import pathlib,shutil; shutil.rmtree('bare', True); kept = [(p, p.read_bytes()) for p in pathlib.Path('kept').rglob('*') if p.is_file()]\n"
            "for p, data in kept:\n q = 'bare' / p.relative_to('kept'); q.parent.mkdir(parents=True, exist_ok=True); q.write_bytes(data)"
        )
        (folder / "loop.py").write_text(loop)
        mine, bare = best(f"rm -rf out && {dsgen} generate -q", f"{shlex.quote(sys.executable)} loop.py", folder, runs)
        row(f"{number} files written, bare loop", mine, bare)


def unchanged(number: int, runs: int) -> None:
    """Compare a run that finds nothing changed with one that makes everything, and finds it all as it was: without what is known."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs.write(folder, number)
        again = f"{shlex.quote(str(DSGEN))} generate -q"
        wall(again, folder)
        row(f"{number} profiles, nothing changed", *best(again, f"rm -rf .dsgen-cache && {again}", folder, runs))


def overlays(number: int, runs: int, kustomize: str) -> None:
    """Compare one DaemonSet for `number` clusters with Kustomize, which builds all its overlays in one run, and checks nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "p.yaml").write_text(inputs.PROFILE.format(n=0))
        dsgen = shlex.quote(str(DSGEN))
        wall(f"{dsgen} generate -q -o - p.yaml > base.yaml", folder)
        inputs.write_overlays(folder, number, (folder / "base.yaml").read_text())
        ours = f"{dsgen} generate --quiet -o - > ours.yaml"
        theirs = f"{shlex.quote(kustomize)} build overlays > theirs.yaml"
        row(f"{number} clusters, kustomize overlays", *best(ours, theirs, folder, runs))


def importing(runs: int, before: Path) -> None:
    """Compare the import of the DaemonSets of the tests with that of an earlier dsgen, found in the folder `before`."""
    corpus = shlex.quote(str(peers.ROOT / "tests" / "corpus"))
    # Of some files there is something to say, which is an exit code of 1.
    command = f"{shlex.quote(sys.executable)} -m dsgen import -q {corpus} > imported.yaml 2> problems.txt; [ $? -le 1 ]"
    with tempfile.TemporaryDirectory() as name:
        mine, earlier = best(command, f"export PYTHONPATH={shlex.quote(str(before))}; {command}", Path(name), runs)
        row(f"dsgen import, dsgen of {BEFORE}", mine, earlier)


def fleet(number: int, runs: int) -> None:
    """Compare the import of `number` agents in three environments with generating them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs.write_fleet(folder, number)
        dsgen = shlex.quote(str(DSGEN))
        given = " ".join(f"--environment {each} {each}.yaml" for each in inputs.CLUSTERS)
        again = f"rm -rf profiles environments && {dsgen} import -q {given}"
        mine, generating = best(again, f"rm -rf out .dsgen-cache && {dsgen} generate -q", folder, runs)
        row(f"{number} agents, 3 clusters, generate", mine, generating)


def earlier(runs: int, large: bool) -> None:
    """Compare commands with those of an earlier build, with Python itself, and with each other."""
    comparisons = Comparisons(runs, DSGEN, peers.before(BEFORE))
    comparisons.starts()
    comparisons.validating_again(1000)
    comparisons.one_changed(1000)
    comparisons.revisions(1000)
    comparisons.nodes(10_000, 50)
    if large:
        Comparisons(1, DSGEN, peers.before(BEFORE)).environments(50, 2000)


def memory(number: int) -> None:
    """Print the peak memory of one run over `number` profiles, the largest of its processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs.write(folder, number)
        taken = wall(f"{shlex.quote(str(DSGEN))} generate -q -o out", folder)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{number} profiles: {taken:.1f} s, largest process {peak:.0f} MiB", flush=True)


def stages() -> None:
    """Print where the time of one profile goes, in one warm process."""
    from dsgen import source, yaml_writer
    from dsgen.kubernetes.validate import validate
    from dsgen.profile.compile import long_form
    from dsgen.project.shipped import templates
    from dsgen.rendering.template import Loader, Renderer
    from dsgen.resolve.description import describe
    from dsgen.resolve.layers import merge_all

    def no_files(pattern: str, stated_in: str) -> list[tuple[str, bytes]]:
        return []

    renderer = Renderer(Loader(templates()))
    text = inputs.PROFILE.format(n=1)
    root, _ = source.read(text, "p.yaml")
    assert root is not None
    layer = long_form(root)
    merged = merge_all([layer], print)
    description = describe(merged, no_files, print)
    assert description is not None
    tree = renderer.render("daemonset.yaml.j2", description.context).tree
    assert tree is not None
    steps: dict[str, Callable[[], object]] = {
        "read": lambda: source.read(text, "p.yaml"),
        "shape and long form": lambda: long_form(root),
        "merge": lambda: merge_all([layer], print),
        "describe": lambda: describe(merged, no_files, print),
        "render and lay out": lambda: renderer.render("daemonset.yaml.j2", description.context),
        "check": lambda: validate(tree),
        "write text": lambda: yaml_writer.write(tree),
    }
    print(f"where the time of one profile of {text.count(chr(10))} lines goes (CPU, one process):")
    for name, step in steps.items():
        step()
        times = []
        for _ in range(30):
            start = time.process_time_ns()
            for _ in range(10):
                step()
            times.append(time.process_time_ns() - start)
        print(f"  {name:<22} {min(times) / 10 / 1e6:6.3f} ms", flush=True)


def main() -> None:
    """Run what the arguments ask for."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="fewer runs, nothing of 10,000 profiles")
    arguments.add_argument("--stages", action="store_true", help="only where the time of one profile goes")
    arguments.add_argument("--import", action="store_true", dest="imports", help="only the import of manifests")
    arguments.add_argument(
        "--earlier", action="store_true", help="only what is compared with an earlier build, or with Python"
    )
    arguments.add_argument("--large", action="store_true", help="also 100,000 DaemonSets, which takes half an hour")
    options = arguments.parse_args()
    runs = 2 if options.quick else 5
    if options.imports:
        importing(runs, peers.before(BEFORE))
        fleet(200, runs)
        return
    if options.earlier:
        earlier(runs, options.large)
        return
    stages()
    if options.stages:
        return
    helm, kubeconform = peers.find("helm"), peers.find("kubeconform")
    if helm is None or kubeconform is None:
        sys.exit("Helm and kubeconform are neither on the PATH nor can they be installed: there is no Go")
    schema = peers.schema("1.36")
    print(f"{os.cpu_count()} cores; best of {runs} alternating runs; dsgen first")
    against_peers(1, runs * 2, helm, kubeconform, schema)
    against_peers(1000, runs, helm, kubeconform, schema)
    validating(1000, runs, kubeconform, schema)
    files(1000, runs)
    importing(runs, peers.before(BEFORE))
    fleet(200, runs)
    kustomize = peers.find("kustomize")
    if kustomize is not None:
        overlays(1000, runs, kustomize)
    earlier(runs, options.large)
    if not options.quick:
        unchanged(10_000, runs)
        memory(10_000)


if __name__ == "__main__":
    main()
