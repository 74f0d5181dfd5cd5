"""The keys of the update strategy."""

from __future__ import annotations

from typing import Final

from dsgen.profile.key import Schema, key

_UPDATE: Final = "{maxUnavailable: 10%}"

KEYS: Final[Schema] = {
    "update": key(
        """How pods are replaced: `RollingUpdate`, `OnDelete`, `{maxUnavailable, maxSurge}`, or Kubernetes' form. `maxSurge` alone makes
        `maxUnavailable` 0, the only value that the API server accepts with it.""",
        f"update: {_UPDATE}",
        "spec.updateStrategy",
        means="updateStrategy",
        excludes="updateStrategy",
        kubernetes="DaemonSetUpdateStrategy",
    ),
    "updateStrategy": key(
        "Kubernetes' name for `update`.",
        "updateStrategy: {type: OnDelete}",
        "spec.updateStrategy",
        kubernetes="DaemonSetUpdateStrategy",
    ),
    "minReadySeconds": key(
        "How many seconds a new pod must be ready before the rollout continues.",
        "minReadySeconds: 10",
        "spec.minReadySeconds",
        kubernetes="int32",
    ),
    "revisionHistoryLimit": key(
        "How many old revisions to keep for a rollback.",
        "revisionHistoryLimit: 3",
        "spec.revisionHistoryLimit",
        kubernetes="int32",
    ),
}
