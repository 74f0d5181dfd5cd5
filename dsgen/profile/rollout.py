"""How a change reaches the nodes."""

from __future__ import annotations

from typing import Final

from dsgen.profile.key import Schema, key

_UPDATE: Final = "{maxUnavailable: 10%}"

KEYS: Final[Schema] = {
    "update": key(
        """How pods are replaced: `RollingUpdate`, `OnDelete`, `{maxUnavailable, maxSurge}`, or Kubernetes' form. `maxSurge` alone makes
        `maxUnavailable` 0, the only value the API server accepts beside it.""",
        f"update: {_UPDATE}",
        "spec.updateStrategy",
        means="updateStrategy",
        excludes="updateStrategy",
        kubernetes="DaemonSetUpdateStrategy",
    ),
    "updateStrategy": key(
        "Kubernetes' name of `update`.",
        "updateStrategy: {type: OnDelete}",
        "spec.updateStrategy",
        kubernetes="DaemonSetUpdateStrategy",
    ),
    "minReadySeconds": key(
        "How many seconds a new pod must be ready before the rollout goes on.",
        "minReadySeconds: 10",
        "spec.minReadySeconds",
        kubernetes="int32",
    ),
    "revisionHistoryLimit": key(
        "How many old revisions are kept for a rollback.",
        "revisionHistoryLimit: 3",
        "spec.revisionHistoryLimit",
        kubernetes="int32",
    ),
}
