"""Policies with their bindings, and which of them are about a request: found once for all requests that are alike to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dsgen.kubernetes.policies.matching import OPERATIONS, Matched, Request, matches
from dsgen.kubernetes.policies.policy import Binding, MatchResources, Policy
from dsgen.kubernetes.policies.prune import Kept
from dsgen.record import Record

# Of more kinds of requests, what is found is not kept.
_MOST: Final = 1024
# What of a request decides which policies are about it.
_Key = tuple[object, ...]


class Asked(Record):
    """A policy that is about a request, or may be, with its bindings that are, and those of which it is `unknown`, with why.

    That is so for the `operations`. If it `is_sure`, all of them are about the request, by its own version.
    """

    policy: Policy
    matched: Matched
    bindings: tuple[Binding, ...]
    unknown: tuple[tuple[Binding, str], ...]
    is_sure: bool
    operations: tuple[str, ...]


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
            created, updated = (
                _asked(policy, bindings, request._replace(operation=operation)) for operation in OPERATIONS
            )
            if created and updated and created.matched == updated.matched:
                yield from _joined(created, updated)
            else:
                yield from (each for each in (created, updated) if each)

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


def _asked(policy: Policy, bindings: Iterable[Binding], request: Request) -> Asked | None:
    """Return a policy that is about a request, or may be."""
    matched = matches(policy.match, request)
    if matched.answer is False:
        return None
    bound = [(each, matches(each.match, request) if each.match else matched) for each in bindings]
    sure = tuple(each for each, own in bound if own.answer)
    unknown = tuple((each, own.why) for each, own in bound if own.answer is None)
    is_sure = bool(matched.answer) and not unknown and matched.version == request.version
    return Asked(policy, matched, sure, unknown, is_sure, (request.operation,))


def _joined(created: Asked, updated: Asked) -> Iterator[Asked]:
    """Yield a policy with the bindings that are about both operations, and with those that are about one of them only."""
    of_create, of_update = ({id(each) for each in asked.bindings} for asked in (created, updated))
    unknown = {(id(each), why): (each, why) for asked in (created, updated) for each, why in asked.unknown}
    both = tuple(each for each in created.bindings if id(each) in of_update)
    yield created._replace(
        bindings=both,
        unknown=tuple(unknown.values()),
        is_sure=created.is_sure and updated.is_sure,
        operations=OPERATIONS,
    )
    for asked, others in ((created, of_update), (updated, of_create)):
        own = tuple(each for each in asked.bindings if id(each) not in others)
        if own:
            yield asked._replace(bindings=own, unknown=())
