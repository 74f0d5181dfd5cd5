"""Where the API server finds a webhook: those of admission, and those that convert custom resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsgen.kubernetes.schema import formats, urls
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SOURCE = "apiserver/pkg/util/webhook: ValidateWebhookURL"
SERVICE = "apiserver/pkg/util/webhook: ValidateWebhookService"
# The scope of the client of a webhook that converts custom resources.
CONVERSION = "conversion"
FORM = "such as `https://agent.example.com/validate`"


def _client(node: FieldRef) -> FieldRef:
    """Return a client as the server prints it: that of a conversion by the name that it had in v1beta1."""
    return node.printed_as("spec.conversion.webhookClientConfig" if node.scope == CONVERSION else "")


def _is_used(node: FieldRef) -> bool:
    """Return whether there is a webhook: a conversion can do without."""
    return node.scope != CONVERSION or node.pod.root.value.map("spec", "conversion").get("strategy") == "Webhook"


def _alone(node: FieldRef, name: str) -> Any:
    """Return `url` or `service`, if it is the only one."""
    other = "service" if name == "url" else "url"
    return node.get(name) if node.get(other) is None and _is_used(node) else None


@rule("webhook-client", source="pkg/apis/admissionregistration/validation: validateValidatingWebhook")
def conflicting_webhook_client(node: FieldRef) -> Iterator[FieldError]:
    """The `clientConfig` of a webhook must have either a `service` or a `url`."""
    if (node.get("url") is None) == (node.get("service") is None) and _is_used(node):
        both = "both" if node.get("url") is not None else "neither"
        yield _client(node).required((), f"must have either `service` or `url`, got {both}")


@rule("webhook-client", source=SOURCE, when="url")
def invalid_webhook_url(node: FieldRef) -> Iterator[FieldError]:
    """The `url` of a webhook must begin with `https://` and a host, and have no user, query (`?`) or fragment (`#`)."""
    text = _alone(node, "url")
    if text is None:
        return
    client, found = _client(node), urls.parse(text, node.pod.minor)
    if isinstance(found, str):
        yield client.required("url", f"must be a URL {FORM}, but {str(text)!r} {found}")
        return
    if found.scheme != "https":
        yield client.invalid("url", f"must begin with `https://`, {FORM}")
    if not found.host:
        yield client.invalid("url", f"must have a host, {FORM}")
    for part, name in ((found.user, "a user"), (found.fragment, "a fragment"), (found.query, "a query")):
        if part or (part is not None and name == "a user"):
            yield client.invalid("url", f"must not have {name}")


@rule("webhook-client", source=SERVICE, when="service")
def missing_webhook_service(node: FieldRef) -> Iterator[FieldError]:
    """The `service` of a webhook must have a `name` and a `namespace`."""
    service = _alone(node, "service")
    # The server mixes up the two fields in what it says.
    for name, printed in (("name", "namespace"), ("namespace", "name")) if service is not None else ():
        if not FieldRef(service, None, ()).get(name):
            yield _client(node).required(
                ("service", name), f"must be the {name} of the service", field=f"service.{printed}"
            )


@rule("webhook-client", source=SERVICE, when="service")
def out_of_range_webhook_port(node: FieldRef) -> Iterator[FieldError]:
    """The `port` of a webhook's `service` must be between 1 and 65535."""
    port = node.value.map("service").get("port") if _alone(node, "service") is not None else 1
    if not 1 <= port <= 65535:
        yield _client(node).invalid(("service", "port"), f"must be between 1 and 65535, got {port}")


@rule("webhook-client", source=SERVICE, when="service")
def invalid_webhook_path(node: FieldRef) -> Iterator[FieldError]:
    """The `path` of a webhook's `service` must begin with `/`, and have DNS subdomains between the slashes, such as `/validate`."""
    service = _alone(node, "service")
    path = FieldRef(service, None, ()).get("path", "") if service is not None else ""
    if path in ("", "/"):
        return
    wrong = [] if path.startswith("/") else [f"must begin with `/`, got {str(path)!r}"]
    # The server cuts the first byte, whatever it is.
    steps = path.encode()[1:].decode(errors="replace").removesuffix("/").split("/")
    for step in steps:
        wrong += formats.dns_subdomain(step) if step else ["must not have two slashes in a row"]
    yield from _client(node).invalid_each(("service", "path"), wrong)
