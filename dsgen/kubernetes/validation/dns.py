"""The DNS configuration of the pod."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("dnsConfig", "dnsPolicy")

SOURCE = "pkg/apis/core/validation: validatePodDNSConfig"
MAX_DNS_NAMESERVERS: Final = 3
MAX_DNS_SEARCH_PATHS: Final = 32
MAX_DNS_SEARCH_LIST_CHARS: Final = 2048
# The first minor in which search domains can be `.` and contain `_`.
RELAXED_SEARCH_MINOR: Final = 33


@rule("pod", source=SOURCE)
def missing_dns_config(pod: FieldRef) -> Iterator[FieldError]:
    """With `dnsPolicy: None`, a pod must have a `dnsConfig` with at least one of `nameservers`."""
    if pod.get("dnsPolicy", "") == "None":
        config = pod.child("dnsConfig")
        if config is None:
            missing = pod.required("dnsConfig", "must be set, because `dnsPolicy: None` leaves the pod without DNS")
            yield missing._replace(path=(*pod.path, "dnsPolicy"))
        elif not config.get("nameservers", ()):
            yield config.required("nameservers", "must have at least one item for `dnsPolicy: None`")


def _checked(pod: FieldRef) -> FieldRef | None:
    """Return the `dnsConfig`, unless so much is missing that the server does not validate it."""
    config = pod.child("dnsConfig")
    if config and pod.get("dnsPolicy", "") == "None" and not config.get("nameservers", ()):
        return None
    return config


@rule("pod", source=SOURCE, when="dnsConfig")
def too_many_nameservers(pod: FieldRef) -> Iterator[FieldError]:
    """There must be at most 3 `dnsConfig.nameservers`."""
    config = _checked(pod)
    number = len(config.get("nameservers", ())) if config else 0
    if config and number > MAX_DNS_NAMESERVERS:
        yield config.invalid("nameservers", f"must have at most {MAX_DNS_NAMESERVERS} items, got {number}")


@rule("pod", source=SOURCE, when="dnsConfig")
def invalid_nameserver(pod: FieldRef) -> Iterator[FieldError]:
    """Each of `dnsConfig.nameservers` must be an IP address: IPv4, or IPv6 without a zone. Since 1.36, leading zeros
    and IPv4 addresses written as IPv6 are rejected.
    """
    config = _checked(pod)
    for index, address in enumerate(config.get("nameservers", ()) if config else ()):
        for message in formats.ip_address(address or "", pod.pod.minor):
            assert config is not None
            yield config.invalid(("nameservers", index), message)


@rule("pod", source=SOURCE, when="dnsConfig")
def too_long_search_list(pod: FieldRef) -> Iterator[FieldError]:
    """`dnsConfig.searches` must have at most 32 domains, and at most 2048 characters including the spaces between them."""
    config = _checked(pod)
    if config:
        searches = config.get("searches", ())
        if len(searches) > MAX_DNS_SEARCH_PATHS:
            yield config.invalid("searches", f"must have at most {MAX_DNS_SEARCH_PATHS} items, got {len(searches)}")
        length = formats.byte_length(" ".join(search or "" for search in searches))
        if length > MAX_DNS_SEARCH_LIST_CHARS:
            yield config.invalid("searches", f"must have at most {MAX_DNS_SEARCH_LIST_CHARS} characters, got {length}")


@rule("pod", source=SOURCE, when="dnsConfig")
def invalid_search_domain(pod: FieldRef) -> Iterator[FieldError]:
    """A search domain must be a DNS subdomain, which may contain `_` and end in a dot, or `.` alone. Before 1.33, `_`
    and `.` alone are not allowed.
    """
    config = _checked(pod)
    if config:
        relaxed = pod.pod.minor >= RELAXED_SEARCH_MINOR
        check = formats.dns_subdomain_with_underscore if relaxed else formats.dns_subdomain
        for index, search in enumerate(config.get("searches", ())):
            for message in check((search or "").removesuffix(".")) if not relaxed or search != "." else ():
                yield config.invalid(("searches", index), message)


@rule("pod", source=SOURCE, when="dnsConfig")
def missing_dns_option_name(pod: FieldRef) -> Iterator[FieldError]:
    """The `name` of each of `dnsConfig.options` must be set."""
    config = _checked(pod)
    for option in config.children("options") if config else ():
        if not option.get("name", ""):
            yield option.error("Required", ("name",), "must be set, such as `ndots`", field="")
