"""What the server does to objects of some kinds before it validates them: on creation, and in an update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dsgen.record import Record
from dsgen.tree import Map


class Update(Record):
    """The new object and the old one, and both as they are decoded, without defaults."""

    new: Map
    old: Map
    stated: Map
    stated_before: Map


def _created_job(job: Map, minor: int) -> Map:
    from dsgen.kubernetes.semantics.job_selector import with_selector

    return with_selector(job)


def _created_pod(pod: Map, minor: int) -> Map:
    from dsgen.kubernetes.semantics.pod_level_resources import AFTER_ADMISSION, with_pod_level_resources

    return pod if minor < AFTER_ADMISSION else pod.replaced("spec", with_pod_level_resources(pod.map("spec"), minor))


def _updated_service(update: Update, minor: int) -> Update:
    from dsgen.kubernetes.semantics.service_update import both_prepared

    new, old = both_prepared(update.new, update.old)
    return update._replace(new=new, old=old)


def _updated_job(update: Update, minor: int) -> Update:
    from dsgen.kubernetes.semantics.job_selector import with_completions_of, with_selector, with_selector_of

    old = with_selector(update.old)
    new = with_completions_of(old, with_selector_of(old, update.new), update.stated_before, update.stated)
    return update._replace(new=new, old=old)


def _updated_pod(update: Update, minor: int) -> Update:
    from dsgen.kubernetes.semantics.pod_level_resources import AFTER_ADMISSION

    spec, resources = update.new.map("spec"), update.old.map("spec").get("resources")
    if minor < AFTER_ADMISSION or not resources or spec.get("resources"):
        return update
    return update._replace(new=update.new.replaced("spec", spec.replaced("resources", resources)))


_CREATED: Final[dict[str, Callable[[Map, int], Map]]] = {"Job": _created_job, "Pod": _created_pod}
_UPDATED: Final[dict[str, Callable[[Update, int], Update]]] = {
    "Service": _updated_service,
    "Job": _updated_job,
    "Pod": _updated_pod,
}


def created(root: Map, kind: str, minor: int) -> Map:
    """Return a new object of a kind as the server validates it in a minor version. `root` is not changed."""
    return _CREATED[kind](root, minor) if kind in _CREATED else root


def updated(update: Update, kind: str, minor: int) -> Update:
    """Return an update of an object of a kind as the server validates it in a minor version."""
    return _UPDATED[kind](update, minor) if kind in _UPDATED else update
