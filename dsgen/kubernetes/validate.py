"""The API server's verdict on a manifest, of one of Kubernetes' own kinds or of a custom kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsgen.kubernetes import built_in
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.decode import identify
from dsgen.problem import Problem

if TYPE_CHECKING:
    from dsgen.kubernetes.custom.definitions import Definitions


def validate(root: Any, minor: str = fields.DEFAULT, definitions: Definitions | None = None) -> list[Problem]:
    """Return everything that the API server of `minor` would reject or warn about in the manifest `root`.

    All stages are run, so that all problems are reported at once. `root` is not changed. A custom resource is validated by the
    `definitions`, or by a shipped one.
    """
    return examined(root, minor, definitions).problems


def examined(root: Any, minor: str, definitions: Definitions | None = None) -> built_in.Examined:
    """Return the problems of the manifest `root`, as `validate` does, and the object that is validated if its kind is built in."""
    type = identify(root, minor).type
    if type in fields.CUSTOM_RESOURCES.values() or (definitions is not None and not type):
        from dsgen.kubernetes.custom.definitions import shipped_only

        custom = (definitions or shipped_only()).problems(root, minor)
        if custom is not None:
            return built_in.Examined(custom)
    return built_in.examined(root, minor)


def validate_update(old: Any, root: Any, minor: str = fields.DEFAULT) -> list[Problem]:
    """Return everything that the API server would reject or warn about when `root` replaces the accepted object `old`."""
    type = identify(root, minor).type
    if type in fields.CUSTOM_RESOURCES.values() and identify(old, minor).type == type:
        from dsgen.kubernetes.custom.validate import problems
        from dsgen.kubernetes.schema.custom.shipped_definitions import shipped

        return list(problems(root, shipped(type), shipped(type).newest, minor, old))
    return built_in.validate_update(old, root, minor)
