"""ResourceClaims, and templates for them."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.semantics.device_requests import DEVICES
from dsgen.kubernetes.semantics.equality import differ
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

UPDATE = "pkg/apis/resource/validation: ValidateResourceClaimTemplateUpdate"


@rule("ResourceClaim-update", source="pkg/apis/resource/validation: ValidateResourceClaimUpdate", immutable=True)
def changed_resource_claim(claim: FieldRef) -> Iterator[FieldError]:
    """The `spec` of a ResourceClaim cannot be changed. To change it, delete the claim and create it again."""
    if differ(claim.pod.old.root.value, claim.value, [DEVICES["ResourceClaim"]]):
        yield claim.invalid("spec", "cannot be changed: delete the ResourceClaim first")


@rule("ResourceClaimTemplate-update", source=UPDATE, immutable=True)
def changed_resource_claim_template(template: FieldRef) -> Iterator[FieldError]:
    """The `spec` of a ResourceClaimTemplate cannot be changed. To change it, delete the template and create it again."""
    if differ(template.pod.old.root.value, template.value, [("spec", "metadata"), DEVICES["ResourceClaimTemplate"]]):
        yield template.invalid("spec", "cannot be changed: delete the ResourceClaimTemplate first")
