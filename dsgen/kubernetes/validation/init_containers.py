"""Init containers: fields that they must not have unless they are sidecars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema.paths import PROBES
from dsgen.kubernetes.validation.pod import is_long_running
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("initContainers",)

SIDECARS_ONLY: Final = ("lifecycle", *PROBES)


@rule("container", source="pkg/apis/core/validation: validateInitContainers")
def forbidden_init_container_field(container: FieldRef) -> Iterator[FieldError]:
    """An init container must not have a `lifecycle`, `livenessProbe`, `readinessProbe` or `startupProbe`, unless it is
    a sidecar: `restartPolicy: Always`.
    """
    if container.scope != "initContainers" or is_long_running(container):
        return
    for name in SIDECARS_ONLY:
        if container.get(name) is not None:
            yield container.forbidden(name, "is only allowed in an init container with `restartPolicy: Always`")
