"""FlowSchemas: which requests to the API server are of which priority level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.semantics.equality import semantic_equal
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.tree import List, Map

FLOW_SCHEMA = "pkg/apis/flowcontrol/validation: ValidateFlowSchema"
SOURCE = "pkg/apis/flowcontrol/validation: ValidateFlowSchemaSpec"
RULES = "pkg/apis/flowcontrol/validation: ValidateFlowSchemaPolicyRulesWithSubjects"
SUBJECT = "pkg/apis/flowcontrol/validation: ValidateFlowSchemaSubject"
EXEMPT: Final = "exempt"
CATCH_ALL: Final = "catch-all"
MOST_PRECEDENCE: Final = 10000
# By kind of a subject: the field that describes it.
SUBJECT_FIELDS: Final = {"Group": "group", "ServiceAccount": "serviceAccount", "User": "user"}
EVERY_NAME: Final = "*"


def _mandatory(level: str, groups: list[str], **facts: Any) -> Map:
    every: dict[str, Any] = {name: List(["*"]) for name in ("verbs", "apiGroups", "resources", "namespaces")}
    others: dict[str, Any] = {"verbs": List(["*"]), "nonResourceURLs": List(["*"])}
    subjects: list[dict[str, Any]] = [{"kind": "Group", "group": Map({"name": name})} for name in groups]
    requests: dict[str, Any] = {
        "subjects": List(map(Map, subjects)),
        "resourceRules": List([Map({**every, "clusterScope": True})]),
        "nonResourceRules": List([Map(others)]),
    }
    return Map({"priorityLevelConfiguration": Map({"name": level}), "rules": List([Map(requests)]), **facts})


# apiserver/pkg/apis/flowcontrol/bootstrap: MandatoryFlowSchemas. By name, the spec that they must have.
MANDATORY: Final = {
    EXEMPT: _mandatory(EXEMPT, ["system:masters"], matchingPrecedence=1),
    CATCH_ALL: _mandatory(
        CATCH_ALL,
        ["system:unauthenticated", "system:authenticated"],
        matchingPrecedence=MOST_PRECEDENCE,
        distinguisherMethod=Map({"type": "ByUser"}),
    ),
}


def name_of(flow: FieldRef) -> str:
    """Return the name of an object, empty if the server generates it."""
    return str(flow.value.map("metadata").get("name") or "")


Fields("FlowSchema.spec", "a FlowSchema", SOURCE).in_range(
    "out-of-range-matching-precedence",
    "matchingPrecedence",
    1,
    MOST_PRECEDENCE,
    note="0 means the default, 1000.",
)


@rule("FlowSchema", source=SOURCE)
def reserved_matching_precedence(flow: FieldRef) -> Iterator[FieldError]:
    """The `matchingPrecedence` 1 is reserved for the FlowSchema `exempt`."""
    spec = flow.part("spec")
    if spec.get("matchingPrecedence") == 1 and name_of(flow) != EXEMPT:
        yield spec.invalid("matchingPrecedence", f"must be 2 or more: 1 is reserved for the FlowSchema `{EXEMPT}`")


Fields("FlowSchema.spec.distinguisherMethod", "`distinguisherMethod`", SOURCE).one_of(
    "invalid-distinguisher-method", "type", ("ByNamespace", "ByUser"), empty=True, missing=True
)


@rule("FlowSchema", source=SOURCE)
def invalid_priority_level_name(flow: FieldRef) -> Iterator[FieldError]:
    """A FlowSchema must name its priority level in `priorityLevelConfiguration.name`, a DNS subdomain."""
    level = flow.part("spec").part("priorityLevelConfiguration")
    name = level.get("name", "")
    if not name:
        yield level.required("name", "must be the name of a PriorityLevelConfiguration")
    else:
        yield from level.invalid_each("name", formats.dns_subdomain(name))


@rule("FlowSchema", source=FLOW_SCHEMA)
def changed_mandatory_flow_schema(flow: FieldRef) -> Iterator[FieldError]:
    """The spec of the FlowSchemas `exempt` and `catch-all` is fixed. The API server creates them itself."""
    name = name_of(flow)
    if name in MANDATORY and not semantic_equal(flow.value.map("spec"), MANDATORY[name], "spec"):
        yield flow.invalid("spec", f"must be the one that the API server gives to the FlowSchema `{name}`")


@rule("FlowSchema.spec.rules", source=RULES)
def missing_flow_rules(each: FieldRef) -> Iterator[FieldError]:
    """A rule of a FlowSchema must have `resourceRules` or `nonResourceRules`."""
    if not each.get("resourceRules") and not each.get("nonResourceRules"):
        yield each.required((), "must have `resourceRules` or `nonResourceRules`")


Fields("FlowSchema.spec.rules", "a rule of a FlowSchema", RULES).required(
    "missing-flow-subjects", "subjects", "must have at least one item; the group `system:authenticated` is everybody"
)
Fields("FlowSchema.spec.rules.subjects", "a subject of a FlowSchema", SUBJECT).one_of(
    "invalid-flow-subject-kind", "kind", tuple(SUBJECT_FIELDS), empty=True, missing=True
)


@rule("FlowSchema.spec.rules.subjects", source=SUBJECT)
def missing_flow_subject(subject: FieldRef) -> Iterator[FieldError]:
    """A subject of a FlowSchema must have the field of its `kind`, `user`, `group` or `serviceAccount`, with a `name`."""
    name = SUBJECT_FIELDS.get(subject.get("kind", ""), "")
    if not name:
        return
    described = subject.child(name)
    if described is None:
        yield subject.required(name, f"must be set if `kind` is `{subject.get('kind')}`")
    elif not described.get("name"):
        yield described.required("name", "must be set; `*` means all" if name != "user" else "must be set")


@rule("FlowSchema.spec.rules.subjects", source=SUBJECT)
def conflicting_flow_subjects(subject: FieldRef) -> Iterator[FieldError]:
    """A subject of a FlowSchema must not have a field of another `kind`."""
    kind = subject.get("kind", "")
    for name in SUBJECT_FIELDS.values() if kind in SUBJECT_FIELDS else ():
        if name != SUBJECT_FIELDS[kind] and subject.get(name) is not None:
            yield subject.forbidden(name, f"is not allowed if `kind` is `{kind}`")


@rule("FlowSchema.spec.rules.subjects", source=SUBJECT, when="serviceAccount")
def invalid_flow_service_account(subject: FieldRef) -> Iterator[FieldError]:
    """A service account in a FlowSchema must have a `namespace`, a DNS label, and a `name`, which is a DNS subdomain or `*` for all."""
    account = subject.child("serviceAccount")
    if account is None or subject.get("kind") != "ServiceAccount":
        return
    name, namespace = account.get("name", ""), account.get("namespace", "")
    if name and name != EVERY_NAME:
        yield from account.invalid_each("name", formats.dns_subdomain(name))
    if not namespace:
        yield account.required("namespace", "must be the namespace of the service account")
    else:
        yield from account.invalid_each("namespace", formats.dns_label(namespace))
