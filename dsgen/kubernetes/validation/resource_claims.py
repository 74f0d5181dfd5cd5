"""Claims of the pod on devices, and which of them a container uses."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.problem import listed

CLAIM = "pkg/apis/core/validation: validatePodResourceClaim"
USE = "pkg/apis/core/validation: validateResourceClaimNames"


@rule("missing-resource-claim-name", "resource-claim", source=CLAIM)
def missing_resource_claim_name(claim: FieldRef) -> Iterator[FieldError]:
    """Each of the pod's `resourceClaims` has a `name`, by which containers refer to it."""
    if not claim.get("name", ""):
        yield claim.required("name")


@rule("invalid-resource-claim-name", "pod", source=CLAIM, when="resourceClaims")
def invalid_resource_claim_name(pod: FieldRef) -> Iterator[FieldError]:
    """The name of a resource claim is a DNS label."""
    checked: set[str] = set()
    for claim in pod.children("resourceClaims"):
        name = claim.get("name", "")
        for message in formats.dns_label(name) if name and name not in checked else ():
            yield claim.invalid("name", message)
        checked.add(name)


@rule("duplicate-resource-claim", "pod", source=CLAIM, when="resourceClaims")
def duplicate_resource_claim(pod: FieldRef) -> Iterator[FieldError]:
    """No two of the pod's `resourceClaims` have the same name."""
    names: set[str] = set()
    for claim in pod.children("resourceClaims"):
        name = claim.get("name", "")
        if name and name in names:
            yield claim.duplicate("name", f"another claim is named {str(name)!r}")
        names.add(name)


@rule("invalid-resource-claim-source", "resource-claim", source=CLAIM)
def invalid_resource_claim_source(claim: FieldRef) -> Iterator[FieldError]:
    """A resource claim has either a `resourceClaimName` or a `resourceClaimTemplateName`."""
    by_name, by_template = claim.get("resourceClaimName"), claim.get("resourceClaimTemplateName")
    if (by_name is None) == (by_template is None):
        both = "not both: " if by_name is not None else ""
        yield claim.invalid("", f"{both}state `resourceClaimName` or `resourceClaimTemplateName`")


@rule("invalid-resource-claim-source-name", "resource-claim", source=CLAIM)
def invalid_resource_claim_source_name(claim: FieldRef) -> Iterator[FieldError]:
    """`resourceClaimName` and `resourceClaimTemplateName` are DNS subdomains, and not empty."""
    for name in ("resourceClaimName", "resourceClaimTemplateName"):
        text = claim.get(name)
        for message in formats.dns_subdomain(text) if text is not None else ():
            yield claim.invalid(name, message)


@rule("missing-container-claim-name", "resources", source=USE)
def missing_container_claim_name(resources: FieldRef) -> Iterator[FieldError]:
    """Each of `resources.claims` of a container has a `name`."""
    for claim in _used(resources):
        if not claim.get("name", ""):
            yield claim.error("Required", ("name",), "must be stated", field="")


@rule("unknown-container-claim", "resources", source=USE)
def unknown_container_claim(resources: FieldRef) -> Iterator[FieldError]:
    """A container's `resources.claims` name claims that are in the pod's `resourceClaims`."""
    names = resources.pod.stated_claims
    for claim in _used(resources):
        name = claim.get("name", "")
        if name and name not in names:
            known = resources.pod.suggestions.did_you_mean(name, names) or f"the pod has {listed(names) or 'none'}"
            yield claim.error("NotFound", ("name",), f"no claim is named {str(name)!r}: {known}", field="")


@rule("invalid-container-claim-request", "resources", source=USE)
def invalid_container_claim_request(resources: FieldRef) -> Iterator[FieldError]:
    """The `request` of a used claim is a DNS label: the name of a request in it."""
    for claim, earlier in _with_earlier(resources):
        request = claim.get("request", "")
        for message in formats.dns_label(request) if request and claim.get("name", "") not in earlier else ():
            yield claim.invalid("request", message)


@rule("duplicate-container-claim", "resources", source=USE)
def duplicate_container_claim(resources: FieldRef) -> Iterator[FieldError]:
    """A container uses a claim once as a whole, or several requests of it once each."""
    asked: set[str] = set()
    for claim, earlier in _with_earlier(resources):
        name = claim.get("name", "")
        if name in earlier or _key(claim) in earlier or (name in asked and not claim.get("request", "")):
            yield claim.duplicate("", f"{str(name)!r} is used before, whole or for the same request")
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
    # A Windows pod's own resources are refused as a whole; an overhead has no claims, though a resource may be called so.
    ignored = resources.scope == "overhead" or (resources.scope == "pod" and resources.pod.os == "windows")
    return iter(()) if ignored else resources.children("claims")
