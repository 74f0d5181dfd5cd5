"""Objects that Helm creates only at certain times."""

from __future__ import annotations

from typing import Final

from dsgen.importer.read.objects import SourceObject
from dsgen.problem import Problem, code
from dsgen.tree import origin_of

HELM_HOOK = code(
    "helm-hook",
    """Helm creates a hook at certain times, such as after an uninstall; it is not part of a running release. The objects of a profile are
    permanent, so `dsgen import` leaves hooks out.""",
    severity="warning",
)
_HOOK: Final = "helm.sh/hook"
_TIMES: Final = {
    "install": "an install",
    "upgrade": "an upgrade",
    "rollback": "a rollback",
    "delete": "an uninstall",
}


def hook(given: SourceObject) -> Problem | None:
    """Return a warning that an object is not imported if it is a Helm hook."""
    annotations = given.root.map("metadata", "annotations")
    value = annotations.get(_HOOK)
    if not isinstance(value, str):
        return None
    stages = [each.strip() for each in value.split(",")]
    times = " and ".join(map(_time, stages))
    message = (
        f"{given.kind} {given.name} is not imported: it is a Helm hook ({', '.join(stages)}), which Helm creates {times}, but the objects "
        "of a profile are permanent"
    )
    hint = f"exclude it: helm template --no-hooks NAME CHART | dsgen import -; to import it nevertheless, remove the annotation `{_HOOK}`"
    return HELM_HOOK.at(origin_of(annotations.key(_HOOK)), message, hint=hint, field=f"metadata.annotations[{_HOOK}]")


def _time(stage: str) -> str:
    """Return when Helm creates a hook of a stage such as `post-delete`."""
    when, _, what = stage.partition("-")
    if when in ("pre", "post") and what in _TIMES:
        return f"{'before' if when == 'pre' else 'after'} {_TIMES[what]}"
    return "on `helm test`" if stage.startswith("test") else "at certain times"
