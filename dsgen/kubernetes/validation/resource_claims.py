"""The pod's claims for devices, and the claims that a container uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, repeated, rule
from dsgen.problem import comma_list

LOADED_FOR: Final = ("claims", "resourceClaims")

CLAIM = "pkg/apis/core/validation: validatePodResourceClaim"
USE = "pkg/apis/core/validation: validateResourceClaimNames"


RESOURCE_CLAIM = Fields("pod.resourceClaims", "a resource claim", CLAIM)
RESOURCE_CLAIM.required("missing-resource-claim-name", "name")


@rule("pod", source=CLAIM, when="resourceClaims")
def invalid_resource_claim_name(pod: FieldRef) -> Iterator[FieldError]:
    """The name of a resource claim must be a DNS label."""
    checked: set[str] = set()
    for claim in pod.children("resourceClaims"):
        name = claim.get("name", "")
        for message in formats.dns_label(name) if name and name not in checked else ():
            yield claim.invalid("name", message)
        checked.add(name)


@rule("pod", source=CLAIM, when="resourceClaims")
def duplicate_resource_claim(pod: FieldRef) -> Iterator[FieldError]:
    """The names of the pod's `resourceClaims` must be unique."""
    for claim, name in repeated(pod.children("resourceClaims"), "name"):
        if name:
            yield claim.duplicate("name", f"another claim has the name {str(name)!r}")


@rule("pod.resourceClaims", source=CLAIM)
def invalid_resource_claim_source(claim: FieldRef) -> Iterator[FieldError]:
    """A resource claim must have either a `resourceClaimName` or a `resourceClaimTemplateName`."""
    by_name, by_template = claim.get("resourceClaimName"), claim.get("resourceClaimTemplateName")
    if (by_name is None) == (by_template is None):
        must = "must not have both {} and {}" if by_name is not None else "must have {} or {}"
        yield claim.invalid("", must.format("`resourceClaimName`", "`resourceClaimTemplateName`"))


RESOURCE_CLAIM.has_format(
    "invalid-resource-claim-source-name",
    ("resourceClaimName", "resourceClaimTemplateName"),
    formats.dns_subdomain,
    empty=True,
)


@rule("resources", source=USE)
def missing_container_claim_name(resources: FieldRef) -> Iterator[FieldError]:
    """The `name` of each of a container's `resources.claims` must be set."""
    for claim in _used(resources):
        if not claim.get("name", ""):
            yield claim.error("Required", ("name",), "must be set", field="")


@rule("resources", source=USE)
def unknown_container_claim(resources: FieldRef) -> Iterator[FieldError]:
    """A container's `resources.claims` must refer to claims in the pod's `resourceClaims`."""
    names = resources.pod.stated_claims
    for claim in _used(resources):
        name = claim.get("name", "")
        if name and name not in names:
            known = resources.pod.suggestions.did_you_mean(name, names) or f"the pod has {comma_list(names) or 'none'}"
            yield claim.error("NotFound", ("name",), f"no claim has the name {str(name)!r}: {known}", field="")


@rule("resources", source=USE)
def invalid_container_claim_request(resources: FieldRef) -> Iterator[FieldError]:
    """The `request` of a claim in `resources.claims` must be a DNS label: the name of a request in the claim."""
    for claim, earlier in _with_earlier(resources):
        request = claim.get("request", "")
        for message in formats.dns_label(request) if request and claim.get("name", "") not in earlier else ():
            yield claim.invalid("request", message)


@rule("resources", source=USE)
def duplicate_container_claim(resources: FieldRef) -> Iterator[FieldError]:
    """A container must use a claim only once as a whole, or each of its requests only once."""
    asked: set[str] = set()
    for claim, earlier in _with_earlier(resources):
        name = claim.get("name", "")
        if name in earlier or _key(claim) in earlier or (name in asked and not claim.get("request", "")):
            yield claim.duplicate("", f"{str(name)!r} is already used, as a whole or for the same request")
        if name not in earlier and "/" in _key(claim):
            asked.add(_key(claim).partition("/")[0])


def _with_earlier(resources: FieldRef) -> Iterator[tuple[FieldRef, set[str]]]:
    """Yield each used claim that has a name, with the keys of those before it."""
    earlier: set[str] = set()
    for claim in _used(resources):
        name = claim.get("name", "")
        if name:
            yield claim, earlier
            if name not in earlier:
                earlier.add(_key(claim))


def _key(claim: FieldRef) -> str:
    name, request = claim.get("name", ""), claim.get("request", "")
    return f"{name}/{request}" if request else str(name)


def _used(resources: FieldRef) -> Iterator[FieldRef]:
    # Pod-level resources of a Windows pod are forbidden as a whole. An overhead has no claims, only perhaps a resource of this name.
    ignored = resources.scope == "overhead" or (resources.scope == "pod" and resources.pod.os == "windows")
    return iter(()) if ignored else resources.children("claims")
