"""Which requests a policy and a binding are about (apiserver/pkg/admission/plugin/policy/matching: Matches)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dsgen.kubernetes.policies.policy import MatchResources, ResourceRule
from dsgen.kubernetes.relations.selector import Selector
from dsgen.kubernetes.schema.words import NAMESPACE_NAME
from dsgen.record import Record

CREATE: Final = "CREATE"
UPDATE: Final = "UPDATE"
# What applying a manifest is: which one of both depends on whether the object exists.
OPERATIONS: Final = (CREATE, UPDATE)


class Request(Record):
    """A request that creates or updates an object: where the API server serves it, and its namespace and name, which are None if they are not known.

    `others` are the other versions in which the server has the resource. An object without a namespace has an empty one. `labels` are
    its own, `namespace_labels` those of its namespace, or None if they are not known.
    """

    group: str
    version: str
    kind: str
    resource: str
    others: tuple[str, ...]
    is_namespaced: bool
    namespace: str | None
    name: str | None
    labels: Mapping[str, str]
    namespace_labels: Mapping[str, str] | None
    operation: str = CREATE

    @property
    def is_namespace(self) -> bool:
        """Whether it is for a Namespace."""
        return (self.group, self.resource) == ("", "namespaces")


class Matched(Record):
    """Whether a request matches: `answer` is None if it is not known, for the reason `why`. `version` is that of the resource by which it matches."""

    answer: bool | None
    version: str = ""
    why: str = ""


_NO = Matched(False)


def matches(match: MatchResources, request: Request) -> Matched:
    """Return whether a request is one that a policy, or a binding, is about."""
    space = _of_namespace(match.namespaces, request)
    if space is False or not match.objects.matches(request.labels):
        return _NO
    excluded = _by_rules(match.excluded, match.exact, request)
    if excluded.answer:
        return _NO
    found = _by_rules(match.rules, match.exact, request) if match.rules else Matched(True, request.version)
    if found.answer is False:
        return _NO
    unknown = next((each for each in (excluded, found) if each.answer is None), None)
    if unknown:
        return unknown
    if space is None:
        return Matched(None, why=_missing_labels(match.namespaces, request))
    return found


def may_match(match: MatchResources, version: str) -> bool:
    """Return whether a policy can be about a kind of an `apiVersion` whose resource is not known."""
    group = version.rpartition("/")[0]
    return not match.rules or any(
        _has(each.groups, group) and any(_has(each.operations, operation) for operation in OPERATIONS)
        for each in match.rules
    )


def _of_namespace(selector: Selector, request: Request) -> bool | None:
    """Return whether a namespace selector matches; None if the labels of the namespace are not known."""
    if selector.is_empty or (not request.is_namespaced and not request.is_namespace):
        return True
    if request.namespace_labels is not None:
        return selector.matches(request.namespace_labels)
    asked = {*selector.labels, *(key for key, _, _ in selector.expressions)}
    if request.namespace is None or asked - {NAMESPACE_NAME}:
        return None
    return selector.matches({NAMESPACE_NAME: request.namespace})


def _missing_labels(selector: Selector, request: Request) -> str:
    if request.namespace is None:
        return "the object has no `metadata.namespace`"
    return f"Namespace {request.namespace} is not among the objects, and `namespaceSelector` selects by its labels"


def _by_rules(rules: Sequence[ResourceRule], exact: bool, request: Request) -> Matched:
    """Return whether one of some rules matches, by the version of the request or, unless `exact`, by another one."""
    if not rules:
        return _NO
    unknown = False
    for version in (request.version, *(() if exact else request.others)):
        for rule in rules:
            if _is_about(rule, version, request):
                if not rule.names or request.name in rule.names:
                    return Matched(True, version)
                unknown |= request.name is None
    return Matched(None, why="the name of the object is not known") if unknown else _NO


def _is_about(rule: ResourceRule, version: str, request: Request) -> bool:
    """Return whether a rule is about a request, but for the name of the object (webhook/predicates/rules: Matches)."""
    if rule.scope == "Namespaced" and not request.is_namespaced:
        return False
    if rule.scope == "Cluster" and request.is_namespaced:
        return False
    return (
        _has(rule.operations, request.operation)
        and _has(rule.groups, request.group)
        and _has(rule.versions, version)
        and any(_is_resource(each, request.resource) for each in rule.resources)
    )


def _has(stated: Sequence[str], asked: str) -> bool:
    return "*" in stated or asked in stated


def _is_resource(stated: str, asked: str) -> bool:
    resource, _, below = stated.partition("/")
    return resource in ("*", asked) and below in ("", "*")
