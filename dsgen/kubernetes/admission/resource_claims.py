"""Claims of the pod on devices, and which of them a container uses."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes import formats
from dsgen.kubernetes.admission.rule import Error, Node, rule

CLAIM = "pkg/apis/core/validation: validatePodResourceClaim"
USE = "pkg/apis/core/validation: validateResourceClaimNames"


@rule("claim-name-missing", "resource-claim", source=CLAIM)
def claim_name_missing(claim: Node) -> Iterator[Error]:
    """Each of the pod's `resourceClaims` has a `name`, by which containers refer to it."""
    if not claim.get("name", ""):
        yield claim.required("name")


@rule("claim-name", "pod", source=CLAIM)
def claim_name(pod: Node) -> Iterator[Error]:
    """The name of a resource claim is a DNS label."""
    checked: set[str] = set()
    for claim in pod.children("resourceClaims"):
        name = claim.get("name", "")
        for message in formats.dns_label(name) if name and name not in checked else ():
            yield claim.invalid("name", message)
        checked.add(name)


@rule("duplicate-claim", "pod", source=CLAIM)
def duplicate_claim(pod: Node) -> Iterator[Error]:
    """No two of the pod's `resourceClaims` have the same name."""
    names: set[str] = set()
    for claim in pod.children("resourceClaims"):
        name = claim.get("name", "")
        if name and name in names:
            yield claim.duplicate("name", f"another claim is named {str(name)!r}")
        names.add(name)


@rule("claim-source", "resource-claim", source=CLAIM)
def claim_source(claim: Node) -> Iterator[Error]:
    """A resource claim has either a `resourceClaimName` or a `resourceClaimTemplateName`."""
    by_name, by_template = claim.get("resourceClaimName"), claim.get("resourceClaimTemplateName")
    if (by_name is None) == (by_template is None):
        both = "not both: " if by_name is not None else ""
        yield claim.invalid("", f"{both}state `resourceClaimName` or `resourceClaimTemplateName`")


@rule("claim-source-name", "resource-claim", source=CLAIM)
def claim_source_name(claim: Node) -> Iterator[Error]:
    """`resourceClaimName` and `resourceClaimTemplateName` are DNS subdomains, and not empty."""
    for name in ("resourceClaimName", "resourceClaimTemplateName"):
        text = claim.get(name)
        for message in formats.dns_subdomain(text) if text is not None else ():
            yield claim.invalid(name, message)


@rule("used-claim-name-missing", "resources", source=USE)
def used_claim_name_missing(resources: Node) -> Iterator[Error]:
    """Each of `resources.claims` of a container has a `name`."""
    for claim in _used(resources):
        if not claim.get("name", ""):
            yield claim.error("Required", ("name",), "must be stated", field="")


@rule("used-claim-missing", "resources", source=USE)
def used_claim_missing(resources: Node) -> Iterator[Error]:
    """A container's `resources.claims` name claims that are in the pod's `resourceClaims`."""
    names = {claim.get("name", "") for claim in resources.pod.node.children("resourceClaims")}
    for claim in _used(resources):
        name = claim.get("name", "")
        if name and name not in names:
            known = ", ".join(sorted(names)) or "there is none"
            yield claim.error("NotFound", ("name",), f"no claim is named {str(name)!r}; claims: {known}", field="")


@rule("used-claim-request", "resources", source=USE)
def used_claim_request(resources: Node) -> Iterator[Error]:
    """The `request` of a used claim is a DNS label: the name of a request in it."""
    whole: set[str] = set()
    for claim in _used(resources):
        name, request = claim.get("name", ""), claim.get("request", "")
        for message in formats.dns_label(request) if request and name and name not in whole else ():
            yield claim.invalid("request", message)
        if not request:
            whole.add(name)


@rule("duplicate-used-claim", "resources", source=USE)
def duplicate_used_claim(resources: Node) -> Iterator[Error]:
    """A container uses a claim once as a whole, or several requests of it once each."""
    used: set[str] = set()
    for claim in _used(resources):
        name, request = claim.get("name", ""), claim.get("request", "")
        key = f"{name}/{request}" if request else name
        if name and (
            name in used or key in used or (not request and any(each.startswith(f"{name}/") for each in used))
        ):
            yield claim.duplicate("", f"{str(name)!r} is used before, whole or for the same request")
        used.add(key)


def _used(resources: Node) -> Iterator[Node]:
    return resources.children("claims") if resources.scope == "container" else iter(())
