"""Objects of a cluster without what the cluster allots to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.apply.managed_fields import last_applied
from dsgen.tree import List, Map, as_map

# What only objects from a cluster have; files of generators have `creationTimestamp: null`.
LIVE: Final = ("uid", "resourceVersion", "managedFields", "selfLink")
# What the server fills in a Service.
_ALLOTTED: Final = ("clusterIP", "clusterIPs", "ipFamilies", "healthCheckNodePort")


def is_live(root: Map) -> bool:
    """Return whether an object was read from a cluster."""
    metadata = root.map("metadata")
    return any(metadata.get(key) for key in LIVE)


def as_applied(root: Map) -> Map:
    """Return an object from a cluster without what the cluster has allotted to it; others unchanged.

    What `kubectl apply` noted as applied stays, such as a node port that somebody chose.
    """
    if not is_live(root):
        return root
    if root.get("kind") == "Service" and root.get("apiVersion") == "v1":
        return root.replaced("spec", _service(root.map("spec"), _applied(root)))
    if root.get("kind") == "ServiceAccount" and "secrets" in root:
        return _without_tokens(root)
    return root


def _applied(root: Map) -> dict[str, Any]:
    """Return the spec that was applied last, as far as `kubectl apply` noted it."""
    spec = (last_applied(root) or {}).get("spec")
    return spec if isinstance(spec, dict) else {}


def _service(spec: Map, applied: dict[str, Any]) -> Map:
    headless = spec.get("clusterIP") == "None"
    allotted = [key for key in _ALLOTTED if key not in applied and not (headless and key == "clusterIP")]
    if spec.get("ipFamilyPolicy") == "SingleStack" and "ipFamilyPolicy" not in applied:
        allotted.append("ipFamilyPolicy")
    result = spec.without(*allotted)
    ports = spec.get("ports")
    if isinstance(ports, List):
        chosen = set(_node_ports(applied))
        result[spec.key("ports")] = ports.with_maps(
            lambda port: port if port.get("nodePort") in chosen else port.without("nodePort")
        )
    return result


def _node_ports(applied: dict[str, Any]) -> Iterator[int]:
    ports = applied.get("ports")
    for port in ports if isinstance(ports, list) else ():
        if isinstance(port, dict) and isinstance(port.get("nodePort"), int):
            yield port["nodePort"]


def _without_tokens(account: Map) -> Map:
    """Return a service account without the tokens that clusters before 1.24 created for it."""
    token = re.compile(re.escape(str(account.map("metadata").get("name", ""))) + "-token-[a-z0-9]{5}")
    secrets = account.get("secrets")
    if not isinstance(secrets, List):
        return account
    kept = [each for each in secrets if not token.fullmatch(str(as_map(each).get("name")))]
    return account.replaced("secrets", List(kept, secrets.origin)) if kept else account.without("secrets")
