"""Webhooks that can prevent the creation of pods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.relations.selector import Selector, label_selector
from dsgen.origin import Origin
from dsgen.record import Record
from dsgen.tree import List, Map, Value, origin_of

KINDS: Final = frozenset({"ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"})


class Webhook(Record):
    """A webhook that must answer before a pod is created: its Service, and the namespaces and pods that it is asked about."""

    name: str
    service: str
    namespace: str
    namespaces: Selector
    pods: Selector
    origin: Origin | None

    @classmethod
    def from_json(cls, kept: list[Any]) -> Webhook:
        """Return the webhook from its JSON data."""
        name, service, namespace, namespaces, pods, origin = kept
        place = Origin(*origin) if origin else None
        return cls(name, service, namespace, Selector.from_json(namespaces), Selector.from_json(pods), place)


def webhooks(root: Map) -> Iterator[Webhook]:
    """Yield the webhooks of a configuration that the creation of pods depends on, whatever else they are about.

    Those with `matchConditions` are left out: these are expressions that only the API server evaluates.
    Source: apiserver/pkg/admission/plugin/webhook: ShouldCallHook.
    """
    for each in root.maps("webhooks"):
        service = each.map("clientConfig", "service")
        name, namespace = service.get("name"), service.get("namespace")
        fails = each.get("failurePolicy", "Fail") == "Fail"
        if not fails or not isinstance(name, str) or not isinstance(namespace, str) or each.get("matchConditions"):
            continue
        if any(map(_is_about_pods, each.maps("rules"))):
            namespaces, pods = (label_selector(each.map(field)) for field in ("namespaceSelector", "objectSelector"))
            called = each.get("name")
            shown = str(called) if isinstance(called, str) else ""
            yield Webhook(shown, str(name), str(namespace), namespaces, pods, origin_of(called) or each.origin)


def _is_about_pods(rule: Map) -> bool:
    about = {"apiGroups": ("", "*"), "apiVersions": ("v1", "*"), "operations": ("CREATE", "*")}
    if any(not _has(rule.get(field), wanted) for field, wanted in about.items()):
        return False
    return rule.get("scope") != "Cluster" and _has(rule.get("resources"), ("pods", "*", "pods/*", "*/*"))


def _has(stated: Value | None, wanted: tuple[str, ...]) -> bool:
    return isinstance(stated, List) and any(each in wanted for each in stated)
