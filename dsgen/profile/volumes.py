"""Volumes."""

from __future__ import annotations

from typing import Final

from dsgen.profile.key import Schema, key

KEYS: Final[Schema] = {
    "volumes": key(
        """Volumes by name: `{hostPath: PATH}`, `{configMap: NAME}`, `{secret: NAME}`, `{persistentVolumeClaim: NAME}`, or any volume
        source in Kubernetes' form; or Kubernetes' list. A mount can also declare its volume.""",
        "volumes: {varlog: {hostPath: /var/log}, cache: {emptyDir: {sizeLimit: 64Mi}}}",
        "spec.template.spec.volumes",
        kubernetes="<name:Volume>",
    )
}
