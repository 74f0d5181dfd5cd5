"""Policies with their bindings, and which of them are about a request: found once for all requests that are alike to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dsgen.kubernetes.policies.matching import Matched, Request, matches
from dsgen.kubernetes.policies.policy import Binding, MatchResources, Policy
from dsgen.kubernetes.policies.prune import Kept
from dsgen.record import Record

# Of more kinds of requests, what is found is not kept.
_MOST: Final = 1024
# What of a request decides which policies are about it.
_Key = tuple[object, ...]


class Asked(Record):
    """A policy that is about a request, or may be, with its bindings that are, and those of which it is `unknown`, with why.

    If it `is_sure`, all of them are about the request, by its own version.
    """

    policy: Policy
    matched: Matched
    bindings: tuple[Binding, ...]
    unknown: tuple[tuple[Binding, str], ...]
    is_sure: bool


class Asking:
    """The policies that are about a request, or may be, in the order of all."""

    def __init__(self, policies: tuple[Asked, ...]) -> None:
        self.policies = policies
        # What their expressions read of the object, by minor version: found out when they are evaluated.
        self.kept: dict[str, Kept | None] = {}


class Bound:
    """Policies with their bindings."""

    def __init__(self, policies: Sequence[tuple[Policy, list[Binding]]]) -> None:
        self._policies = policies
        self._known: dict[_Key, Asking] = {}
        every = list(_constraints(policies))
        rules = [rule for each in every for rule in (*each.rules, *each.excluded)]
        self._are_names_read = any(each.names for each in rules)
        self._are_labels_read = any(not each.objects.is_empty for each in every)
        self._are_namespaces_read = any(not each.namespaces.is_empty for each in every)

    def __iter__(self) -> Iterator[tuple[Policy, list[Binding]]]:
        return iter(self._policies)

    def __bool__(self) -> bool:
        return bool(self._policies)

    def asked(self, request: Request) -> Asking:
        """Return the policies that are about a request, or may be."""
        key = self._key(request)
        found = self._known.get(key)
        if found is None:
            found = Asking(tuple(self._found(request)))
            if len(self._known) < _MOST:
                self._known[key] = found
        return found

    def _found(self, request: Request) -> Iterator[Asked]:
        for policy, bindings in self._policies:
            matched = matches(policy.match, request)
            if matched.answer is not False:
                bound = [(each, matches(each.match, request) if each.match else matched) for each in bindings]
                sure = tuple(each for each, own in bound if own.answer)
                unknown = tuple((each, own.why) for each, own in bound if own.answer is None)
                is_sure = bool(matched.answer) and not unknown and matched.version == request.version
                yield Asked(policy, matched, sure, unknown, is_sure)

    def _key(self, request: Request) -> _Key:
        key: _Key = request.group, request.version, request.resource, request.others, request.is_namespaced
        if self._are_names_read:
            key = *key, request.name
        if self._are_labels_read:
            key = *key, frozenset(request.labels.items())
        if self._are_namespaces_read:
            labels = request.namespace_labels
            key = *key, request.namespace, None if labels is None else frozenset(labels.items())
        return key


def _constraints(policies: Iterable[tuple[Policy, list[Binding]]]) -> Iterator[MatchResources]:
    for policy, bindings in policies:
        yield policy.match
        yield from (each.match for each in bindings if each.match)
