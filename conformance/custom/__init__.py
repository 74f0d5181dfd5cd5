"""Custom resources of real projects: their CustomResourceDefinitions from the projects' Go modules, and mutants of hand-written ones."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from conformance.kubernetes_module import OPERATOR, folder

SEEDS: Final = Path(__file__).parent.parent / "seeds" / "custom"
_MONITORS: Final = "example/prometheus-operator-crd/monitoring.coreos.com_"


class Source(NamedTuple):
    """The Go module that publishes a definition, and the file in it; without a module, the definition is our own."""

    module: str
    file: str


OWN: Final = "Thing"
# Another kind of our own, with rules in CEL.
RULED: Final = "Gauge"
SOURCES: Final = {
    OWN: Source("", "things.yaml"),
    RULED: Source("", "gauges.yaml"),
    "PodMonitor": Source(OPERATOR, f"{_MONITORS}podmonitors.yaml"),
    "ServiceMonitor": Source(OPERATOR, f"{_MONITORS}servicemonitors.yaml"),
    "PrometheusRule": Source(OPERATOR, f"{_MONITORS}prometheusrules.yaml"),
    "CiliumNetworkPolicy": Source(
        "github.com/cilium/cilium@v1.20.2", "pkg/k8s/apis/cilium.io/client/crds/v2/ciliumnetworkpolicies.yaml"
    ),
    "HTTPRoute": Source(
        "sigs.k8s.io/gateway-api@v1.6.3", "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml"
    ),
    "Certificate": Source(
        "github.com/cert-manager/cert-manager@v1.21.2", "deploy/crds/cert-manager.io_certificates.yaml"
    ),
    "NodeFeatureRule": Source(
        "sigs.k8s.io/node-feature-discovery@v0.18.3", "deployment/base/nfd-crds/nfd-api-crds.yaml"
    ),
}


@cache
def definition(kind: str) -> Any:
    """Return the CustomResourceDefinition of a kind, as its project publishes it."""
    source = SOURCES[kind]
    above = folder(source.module) if source.module else SEEDS
    text = Path(above, source.file).read_text(encoding="utf-8")
    return next(each for each in yaml.safe_load_all(text) if each and each["spec"]["names"]["kind"] == kind)


@cache
def seed(kind: str) -> Any:
    """Return a valid object of a kind with many of its fields."""
    return yaml.safe_load((SEEDS / f"{kind}.yaml").read_text(encoding="utf-8"))


def schema_of(kind: str) -> Any:
    """Return the schema of the version that the seed is of."""
    name = seed(kind)["apiVersion"].rpartition("/")[2]
    versions = definition(kind)["spec"]["versions"]
    return next(each["schema"]["openAPIV3Schema"] for each in versions if each["name"] == name)


def written(definition: Any, file: Path) -> Path:
    """Write a definition to a file, as the oracle reads it."""
    file.write_text(json.dumps(definition), encoding="utf-8")
    return file
