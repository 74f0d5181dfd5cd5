"""Webhooks that wait for the pods whose creation they prevent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dsgen.kubernetes.relations.excerpt import Excerpt
from dsgen.kubernetes.relations.selector import Selector
from dsgen.kubernetes.relations.view import OwnedProblem, View
from dsgen.kubernetes.relations.webhook import KINDS, Webhook
from dsgen.kubernetes.schema.words import NAMESPACE_NAME
from dsgen.problem import code

BLOCKING_WEBHOOK = code(
    "conflicting-webhook",
    """A webhook with `failurePolicy: Fail`, the default, must answer before a pod is created, including the pods that serve the
    webhook. If none of these runs, such as after a restart of the nodes, none can be created. A `namespaceSelector` or an
    `objectSelector` can exempt them. Source: apiserver/pkg/admission/plugin/webhook: ShouldCallHook.""",
    "warning",
)
# The label that the API server sets on every namespace.
_HINT: Final = "exempt them: `namespaceSelector: {{matchExpressions: [{{key: kubernetes.io/metadata.name, operator: NotIn, values: [{}]}}]}}`"


def findings(view: View) -> Iterator[OwnedProblem]:
    """Yield the webhooks that are asked about the pods that serve them."""
    for kind in sorted(KINDS):
        for some in view.kinds.get(kind, {}).values():
            for each in some:
                for webhook in each.webhooks:
                    server = _server(view, webhook)
                    if server:
                        found = f"must be answered by {server.shown}{server.place} before one of its own pods is created, so none can be created while none runs"
                        hint = _HINT.format(webhook.namespace)
                        yield OwnedProblem(each, BLOCKING_WEBHOOK.at(webhook.origin, found, hint=hint, file=each.file))


def _server(view: View, webhook: Webhook) -> Excerpt | None:
    """Return an object whose pods serve a webhook that is asked about them; only if all that decides it is in view."""
    labels = _labels(view, webhook.namespace, webhook.namespaces)
    if labels is None or not webhook.namespaces.matches(labels):
        return None
    for service in view.find("Service", webhook.namespace, webhook.service):
        selector = service.selector
        if service.namespace == webhook.namespace and selector and not selector.is_empty:
            for each in view.pods.select(selector, (webhook.namespace,)):
                if each.namespace == webhook.namespace and webhook.pods.matches(each.labels):
                    return each
    return None


def _labels(view: View, namespace: str, selector: Selector) -> Mapping[str, str] | None:
    """Return the labels of a namespace; None if it is not in view, and the selector is about more than its name."""
    own = {NAMESPACE_NAME: namespace}
    known = [each for some in view.named.get(("Namespace", namespace), {}).values() for each in some]
    if known:
        return {**known[-1].labels, **own}
    asked = {*selector.labels, *(key for key, _, _ in selector.expressions)}
    return own if asked <= {NAMESPACE_NAME} else None
