"""PodMonitors of the Prometheus operator: what the schema of their CustomResourceDefinition requires beyond types."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.record import Record
from dsgen.traversal import children
from dsgen.tree import Map, Path, frozen, is_integer

SOURCE = "prometheus-operator, CustomResourceDefinition podmonitors.monitoring.coreos.com"
# What fields must be, if that is clearer than their pattern.
WORDS: Final = {
    "bodySizeLimit": "must be a size, such as `10MB` or `512KiB`",
    "interval": "must be a duration, such as `30s`, `1m30s` or `0`",
    "scrapeTimeout": "must be a duration, such as `10s`, `1m30s` or `0`",
    "nativeHistogramMinBucketFactor": "must be a number, such as `'1.1'`",
    "proxyUrl": "must be a URL that begins with `http://`, `https://` or `socks5://`",
    "sourceLabels": "must be the name of a label: letters, digits and `_`, not beginning with a digit",
}


class Part(Record):
    """An object in a PodMonitor, and its path."""

    type: str
    value: Map
    path: Path


class Stated(Record):
    """A value with a limit, and its path; None if the field is not set."""

    path: Path
    value: Any
    limit: Any


@rule("PodMonitor", source=SOURCE)
def missing_pod_monitor_field(monitor: FieldRef) -> Iterator[FieldError]:
    """A PodMonitor must have a `spec` with a `selector`, which is empty for all pods. An expression of the selector
    must have `key` and `operator`, a reference to a Secret or ConfigMap its `key`, and `oauth2` must have `clientId`,
    `clientSecret` and `tokenUrl`.
    """
    for stated in _limited(monitor, "required"):
        if stated.value is None:
            yield monitor.required(stated.path)


@rule("PodMonitor", source=SOURCE, when="spec")
def invalid_pod_monitor_value(monitor: FieldRef) -> Iterator[FieldError]:
    """Some fields of a PodMonitor must be one of a few words: `scheme` (`http`, `https`), the `action` of a relabeling,
    the scrape protocols, the TLS versions, and `selectorMechanism`.
    """
    for path, value, words in _limited(monitor, "enum"):
        if value is not None and value not in words:
            yield monitor.not_supported(path, value, tuple(words))


@rule("PodMonitor", source=SOURCE, when="spec")
def invalid_pod_monitor_format(monitor: FieldRef) -> Iterator[FieldError]:
    """Some fields of a PodMonitor must have a format: `interval` and `scrapeTimeout` are durations (`30s`, `1m30s`),
    `bodySizeLimit` is a size (`10MB`), `nativeHistogramMinBucketFactor` a number, `proxyUrl` begins with `http://`,
    `https://` or `socks5://`, and each of the `sourceLabels` is a label name.
    """
    for path, value, pattern in _limited(monitor, "pattern"):
        if isinstance(value, str) and not re.search(f"{pattern.removesuffix('$')}\\Z", value):
            name = next(step for step in reversed(path) if isinstance(step, str))
            yield monitor.invalid(path, f"{str(value)!r} {WORDS.get(name, f'must match {pattern}')}")


@rule("PodMonitor", source=SOURCE, when="spec")
def out_of_range_pod_monitor_port(monitor: FieldRef) -> Iterator[FieldError]:
    """The `portNumber` of an endpoint must be between 1 and 65535."""
    for path, value, least in _limited(monitor, "minimum"):
        if is_integer(value) and value < least:
            yield monitor.invalid(path, f"must be {least} or more, got {int(value)}")
    for path, value, most in _limited(monitor, "maximum"):
        if is_integer(value) and value > most:
            yield monitor.invalid(path, f"must be at most {most}, got {int(value)}")


@rule("PodMonitor", source=SOURCE, when="spec")
def empty_pod_monitor_field(monitor: FieldRef) -> Iterator[FieldError]:
    """`scrapeClass`, and the `tokenUrl` of `oauth2`, must not be empty."""
    for path, value, _ in _limited(monitor, "minLength"):
        if value == "":
            yield monitor.invalid(path, "must not be empty: leave it out")


@rule("PodMonitor", source=SOURCE, when="spec")
def duplicate_scrape_protocol(monitor: FieldRef) -> Iterator[FieldError]:
    """The `scrapeProtocols` must be unique."""
    for path, entries, _ in _limited(monitor, "set"):
        seen: Counter[object] = Counter()
        for index, entry in enumerate(entries or ()):
            # The server only reports the second one, however often an entry is repeated.
            seen[frozen(entry)] += 1
            if seen[frozen(entry)] == 2:
                yield monitor.duplicate((*path, index))


def _limited(monitor: FieldRef, keyword: str) -> Iterator[Stated]:
    """Yield each field, or each item of a list, that the schema limits by `keyword`."""
    table = fields.of("PodMonitor")
    for part in _parts("PodMonitor", monitor.value, ()):
        for name, limits in table.limits.get(part.type, {}).items():
            if keyword not in limits:
                continue
            field = name.removesuffix("[]")
            value = FieldRef(part.value, None, ()).get(field)
            if field == name:
                yield Stated((*part.path, field), value, limits[keyword])
            else:
                for index, item in enumerate(value or ()):
                    yield Stated((*part.path, field, index), item, limits[keyword])


def _parts(notation: str, value: Any, path: Path) -> Iterator[Part]:
    """Yield each object in `value`, whose type is written as in the table. Metadata does not belong to the schema."""
    if notation[0] in "[{":
        for step, child in children(value):
            yield from _parts(notation[1:-1], child, (*path, step))
    elif isinstance(value, Map) and notation.startswith("PodMonitor"):
        yield Part(notation, value, path)
        for name, below in fields.of("PodMonitor").types[notation].items():
            yield from _parts(below, value.get(name), (*path, name))
