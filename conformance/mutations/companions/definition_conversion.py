"""CustomResourceDefinitions: conversion."""

from conformance.mutations.companions.webhook_clients import SERVICE, URLS
from conformance.mutations.companions.webhooks import VERSIONS
from conformance.mutations.row import DROP, Pool, at, changes, row, updates

CONVERSION = "spec.conversion"
CLIENT = {"service": SERVICE}
HOOK = {"conversionReviewVersions": ["v1"], "clientConfig": CLIENT}


def _by(webhook: object) -> dict[str, object]:
    return {"strategy": "Webhook", "webhook": webhook}


changes(
    "conversion-strategy",
    [{CONVERSION: value} for value in (None, DROP, {"strategy": "None"}, _by(HOOK), {"strategy": "None", "webhook": None}, {"strategy": "None", "webhook": {}}, {"strategy": "None", "webhook": {"conversionReviewVersions": []}})],
    [{CONVERSION: value} for value in ({}, {"strategy": ""}, {"strategy": "none"}, {"strategy": "Webhooks"}, {"strategy": "None", "webhook": HOOK}, {"strategy": "None", "webhook": {"clientConfig": {}}},
     {"strategy": "None", "webhook": {"conversionReviewVersions": ["v1"]}}, {"webhook": HOOK}, {"strategy": "x", "webhook": {"clientConfig": {"url": "x"}}})],
    weight=3,
)  # fmt: skip
changes(
    "conversion-webhook",
    [{CONVERSION: _by({**HOOK, "clientConfig": {"url": "https://a"}})}],
    [{CONVERSION: _by(webhook)} for webhook in (None, {}, {"conversionReviewVersions": ["v1"]}, {**HOOK, "clientConfig": None}, {**HOOK, "clientConfig": {}}, {**HOOK, "clientConfig": {"url": "https://a", "service": SERVICE}})],
    weight=2,
)  # fmt: skip
row(
    "conversion-url",
    CONVERSION,
    Pool(
        URLS.good[:6], ["", "http://a", "https://", "https://u@a", "https://a?b", "https://a#b", "https://[a]", "a:b:c"]
    ),
    lambda url: _by({**HOOK, "clientConfig": {"url": url}}),
)
changes(
    "conversion-service",
    [{CONVERSION: _by({**HOOK, "clientConfig": {"service": {**SERVICE, field: value}}})} for field, value in (("port", 443), ("port", None), ("path", "/a"), ("name", "A"))],
    [{CONVERSION: _by({**HOOK, "clientConfig": {"service": {**SERVICE, field: value}}})} for field, value in (("port", 0), ("port", 65536), ("path", "a"), ("path", "//"), ("name", ""), ("namespace", None))],
)  # fmt: skip
row(
    "conversion-versions",
    CONVERSION,
    VERSIONS.plus([], []),
    lambda versions: _by({**HOOK, "conversionReviewVersions": None if versions is DROP else versions}),
    weight=2,
)
changes(
    "conversion-preserve",
    [
        {CONVERSION: {"strategy": "None"}, "spec.preserveUnknownFields": False},
        {CONVERSION: _by(HOOK), "spec.preserveUnknownFields": False},
    ],
    [
        {CONVERSION: value, "spec.preserveUnknownFields": True}
        for value in (_by(HOOK), {"strategy": "None"}, {"strategy": ""}, DROP)
    ],
)
updates(
    "update-conversion-versions",
    [at(CONVERSION, _by({**HOOK, "conversionReviewVersions": old}), _by({**HOOK, "conversionReviewVersions": new})) for old, new in ((["v2"], ["v3"]), (["v1"], ["v1"]))],
    [at(CONVERSION, _by({**HOOK, "conversionReviewVersions": old}), _by({**HOOK, "conversionReviewVersions": new})) for old, new in ((["v1"], ["v3"]), ([], ["v3"]), (["v2"], []), (["v2"], ["v2", "v2"]))]
    + [at(CONVERSION, {"strategy": "None"}, _by({**HOOK, "conversionReviewVersions": ["v3"]}))],
    weight=2,
)  # fmt: skip
ESTABLISHED = {"conditions": [{"type": "Established", "status": "True"}]}
PRESERVED = {"spec.preserveUnknownFields": True}
updates(
    "update-conversion-preserve",
    [
        ({**PRESERVED, CONVERSION: DROP}, {**PRESERVED, CONVERSION: DROP}),
        ({**PRESERVED}, {"spec.preserveUnknownFields": False, CONVERSION: _by(HOOK)}),
    ],
    [({**PRESERVED, CONVERSION: DROP}, {**PRESERVED, CONVERSION: _by(HOOK)})],
)
PEM = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJVVENCK0tBREFnRUNBZ0VCTUFvR0NDcUdTTTQ5QkFNQ01CQXhEakFNQmdOVkJBTVRCV0ZuWlc1ME1C"


def _bundled(bundle: object, status: object) -> dict[str, object]:
    return {CONVERSION: _by({**HOOK, "clientConfig": {**CLIENT, "caBundle": bundle}}), "status": status}


updates(
    "update-conversion-bundle",
    [(_bundled(old, status), _bundled(new, status)) for old, new, status in (("eA==", "eQ==", ESTABLISHED), (None, "eQ==", None), ("eA==", "", ESTABLISHED), (None, None, ESTABLISHED))],
    [(_bundled(old, ESTABLISHED), _bundled(new, ESTABLISHED)) for old, new in ((None, "eQ=="), ("", "eQ=="), (None, PEM[:40]))]
    + [({CONVERSION: DROP, "status": ESTABLISHED}, _bundled("eQ==", None))],
    weight=2,
)  # fmt: skip
