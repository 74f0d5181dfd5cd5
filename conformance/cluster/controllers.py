"""What Argo CD and Flux apply, by their own code: Go programs around the engine of one, and the server-side apply of the other.

Neither has its controllers here: no container runs. Their custom resources are in the cluster, with the published definitions, and
what these name is built from the folder instead of a Git repository, and applied.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks import peers
from conformance import kubernetes_module
from conformance.cluster.profiles import Cluster

HERE: Final = Path(__file__).parent
# The engine as Argo CD 3.0 has it, and Argo CD itself, for its definitions.
ENGINE: Final = ("github.com/argoproj/gitops-engine", "v0.7.1-0.20250314164314-7258614f5041")
ARGOCD: Final = "github.com/argoproj/argo-cd/v3@v3.0.0"
APPLICATIONS: Final = "manifests/crds/application-crd.yaml"
# What kustomize-controller 1.7 applies with, and that itself.
APPLY: Final = ("github.com/fluxcd/pkg/ssa", "v0.61.0")
FLUX: Final = "github.com/fluxcd/kustomize-controller@v1.7.3"
KUSTOMIZATIONS: Final = "config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml"
_DIGESTS: Final = "github.com/opencontainers/go-digest"
_FLUX_MODULE: Final = (
    f"module conformance\n\ngo 1.26.0\n\nrequire {' '.join(APPLY)}\n\n"
    f"replace {_DIGESTS} => {_DIGESTS} v1.0.1-0.20220411205349-bde1400a84be\n"
)


def prepare_argocd(folder: Path, cluster: Cluster, environment: dict[str, str]) -> None:
    """Make Applications known."""
    _define(cluster, kubernetes_module.folder(ARGOCD) / APPLICATIONS, "argocd")


def prepare_flux(folder: Path, cluster: Cluster, environment: dict[str, str]) -> None:
    """Make Kustomizations known."""
    _define(cluster, kubernetes_module.folder(FLUX) / KUSTOMIZATIONS, "flux-system")


def _define(cluster: Cluster, definition: Path, namespace: str) -> None:
    # Without the annotation of `kubectl apply`, for which the definition is too large.
    cluster("create", "--filename", str(definition))
    cluster("wait", "--for=condition=Established", "crd", "--all")
    cluster("create", "namespace", namespace)


def argocd(folder: Path, cluster: Cluster) -> Iterator[str]:
    """Synchronize each Application, with the pruning of its policy always on; yield what fails."""
    for each in cluster.get("applications.argoproj.io", "--all-namespaces")["items"]:
        name, spec = each["metadata"]["name"], each["spec"]
        program = _argocd_program()
        yield from _applied([program, name, spec["destination"]["namespace"]], folder / spec["source"]["path"], cluster)


def flux(folder: Path, cluster: Cluster) -> Iterator[str]:
    """Apply each Kustomization, and prune; yield what fails."""
    for each in cluster.get("kustomizations.kustomize.toolkit.fluxcd.io", "--all-namespaces")["items"]:
        name, namespace = each["metadata"]["name"], each["metadata"]["namespace"]
        program = kubernetes_module.build(HERE / "fluxcd", "flux-apply", APPLY[1], _FLUX_MODULE)
        inventory = str(folder.parent / f"{name}.inventory")
        yield from _applied([program, name, namespace, inventory], folder / each["spec"]["path"], cluster)


def _argocd_program() -> Path:
    """Return the program; its module pins what that of the engine does."""
    module, version = ENGINE
    theirs = kubernetes_module.downloaded(f"{module}@{version}")
    text = Path(theirs["GoMod"]).read_text("utf-8")
    text = re.sub(r"^module .*$", "module conformance", text, count=1, flags=re.MULTILINE)
    return kubernetes_module.build(HERE / "argocd", "argocd-sync", version, f"{text}\nrequire {module} {version}\n")


def _applied(program: Sequence[str | Path], folder: Path, cluster: Cluster) -> Iterator[str]:
    """Build a folder with Kustomize and give it to a program."""
    kustomize = peers.find("kustomize")
    assert kustomize, "kustomize is neither on the PATH nor can it be installed: there is no Go"
    built = subprocess.run([kustomize, "build", folder], capture_output=True, text=True, check=False)
    if built.returncode:
        yield f"kustomize build: {built.stderr}"
        return
    done = subprocess.run(
        program, input=built.stdout, capture_output=True, text=True, check=False, env=cluster.environment
    )
    if done.returncode:
        yield f"{Path(program[0]).name}: {done.stderr}{done.stdout}"
