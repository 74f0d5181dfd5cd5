"""The claim templates of a StatefulSet, as the API server has them."""

from __future__ import annotations

from dsgen.tree import List, Map, Text


def with_stored_claims(root: Map) -> Map:
    """Return a StatefulSet with what the server itself sets in its claim templates; another object as it is.

    It takes their version and kind away, and sets a phase (pkg/apis/apps/v1: Convert_v1_StatefulSetSpec_To_apps_StatefulSetSpec;
    pkg/apis/core/v1: SetDefaults_PersistentVolumeClaim).
    """
    spec = root.map("spec")
    claims = spec.get("volumeClaimTemplates")
    if root.get("kind") != "StatefulSet" or not isinstance(claims, List):
        return root
    return root.replaced("spec", spec.replaced("volumeClaimTemplates", claims.with_maps(_stored)))


def _stored(claim: Map) -> Map:
    status = claim.map("status")
    return claim.without("apiVersion", "kind").replaced("status", Map([("phase", Text("Pending")), *status.items()]))
