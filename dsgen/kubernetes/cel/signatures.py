"""The functions that Kubernetes' environments for CEL have beside the standard ones (k8s.io/apiserver/pkg/cel/environment)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.cel.types import Type
from dsgen.record import Record

# Types of Kubernetes' own: the name here, and in the messages of the server.
OPAQUE: Final = {
    "Quantity": "kubernetes.Quantity",
    "Semver": "kubernetes.Semver",
    "URL": "kubernetes.URL",
    "IP": "net.IP",
    "CIDR": "net.CIDR",
    "Format": "kubernetes.NamedFormat",
    "Authorizer": "kubernetes.authorization.Authorizer",
    "PathCheck": "kubernetes.authorization.PathCheck",
    "GroupCheck": "kubernetes.authorization.GroupCheck",
    "ResourceCheck": "kubernetes.authorization.ResourceCheck",
    "Decision": "kubernetes.authorization.Decision",
}
PARAMETERS: Final = ("A",)
_NAMED_FORMATS: Final = (
    *(
        "dns1123Label",
        "dns1123Subdomain",
        "dns1035Label",
        "qualifiedName",
        "dns1123LabelPrefix",
        "dns1123SubdomainPrefix",
    ),
    *("dns1035LabelPrefix", "labelValue", "uri", "uuid", "byte", "date", "datetime"),
)
_COMPARABLE: Final = ("int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes")
_SUMMED: Final = ("int", "uint", "double", "duration")
_STRINGS: Final = """
    string.charAt(int) string
    string.indexOf(string) int
    string.indexOf(string, int) int
    string.lastIndexOf(string) int
    string.lastIndexOf(string, int) int
    string.lowerAscii() string
    string.replace(string, string) string
    string.replace(string, string, int) string
    string.split(string) list<string>
    string.split(string, int) list<string>
    string.substring(int) string
    string.substring(int, int) string
    string.trim() string
    string.upperAscii() string
    string.format(list<dyn>) string
    strings.quote(string) string
    list<string>.join() string
    list<string>.join(string) string
"""
_LISTS: Final = "\n".join(
    [
        *(
            f"list<{each}>.isSorted() bool\nlist<{each}>.min() {each}\nlist<{each}>.max() {each}"
            for each in _COMPARABLE
        ),
        *(f"list<{each}>.sum() {each}" for each in _SUMMED),
        "list<A>.indexOf(A) int\nlist<A>.lastIndexOf(A) int",
    ]
)
# Text → the first minor version with these functions; those before the first that is supported are in all.
_LIBRARIES: Final = (
    (0, _STRINGS),
    (0, _LISTS),
    (37, "dyn.includes(dyn) bool"),
    (
        0,
        """
    string.find(string) string
    string.findAll(string) list<string>
    string.findAll(string, int) list<string>
    url(string) URL
    isURL(string) bool
    URL.getScheme() string
    URL.getHost() string
    URL.getHostname() string
    URL.getPort() string
    URL.getEscapedPath() string
    URL.getQuery() map<string, list<string>>
    quantity(string) Quantity
    isQuantity(string) bool
    sign(Quantity) int
    Quantity.isGreaterThan(Quantity) bool
    Quantity.isLessThan(Quantity) bool
    Quantity.compareTo(Quantity) int
    Quantity.asApproximateFloat() double
    Quantity.asInteger() int
    Quantity.isInteger() bool
    Quantity.add(Quantity) Quantity
    Quantity.add(int) Quantity
    Quantity.sub(Quantity) Quantity
    Quantity.sub(int) Quantity
    ip(string) IP
    isIP(string) bool
    ip.isCanonical(string) bool
    IP.family() int
    IP.isUnspecified() bool
    IP.isLoopback() bool
    IP.isLinkLocalMulticast() bool
    IP.isLinkLocalUnicast() bool
    IP.isGlobalUnicast() bool
    cidr(string) CIDR
    isCIDR(string) bool
    CIDR.containsIP(string) bool
    CIDR.containsIP(IP) bool
    CIDR.containsCIDR(string) bool
    CIDR.containsCIDR(CIDR) bool
    CIDR.ip() IP
    CIDR.prefixLength() int
    CIDR.masked() CIDR
    semver(string) Semver
    semver(string, bool) Semver
    isSemver(string) bool
    isSemver(string, bool) bool
    Semver.isGreaterThan(Semver) bool
    Semver.isLessThan(Semver) bool
    Semver.compareTo(Semver) int
    Semver.major() int
    Semver.minor() int
    Semver.patch() int
    Format.validate(string) optional<list<string>>
    format.named(string) optional<Format>
    Authorizer.path(string) PathCheck
    Authorizer.group(string) GroupCheck
    Authorizer.serviceAccount(string, string) Authorizer
    GroupCheck.resource(string) ResourceCheck
    ResourceCheck.subresource(string) ResourceCheck
    ResourceCheck.namespace(string) ResourceCheck
    ResourceCheck.name(string) ResourceCheck
    ResourceCheck.fieldSelector(string) ResourceCheck
    ResourceCheck.labelSelector(string) ResourceCheck
    PathCheck.check(string) Decision
    ResourceCheck.check(string) Decision
    Decision.errored() bool
    Decision.error() string
    Decision.allowed() bool
    Decision.reason() string
    """,
    ),
    (0, "\n".join(f"format.{name}() Format" for name in _NAMED_FORMATS)),
)
_LINE: Final = re.compile(
    r"(?:(?P<target>[A-Z]\w*|string|list<.*?>|dyn)\.)?(?P<name>[\w.@]+)\((?P<arguments>.*)\) (?P<result>.+)"
)


class Signature(Record):
    """A function with the types of its parameters, the first of which is the target of a member."""

    name: str
    parameters: tuple[Type, ...]
    result: Type
    is_member: bool


def signatures(minor: int) -> Iterator[Signature]:
    """Yield the functions that a minor version has, such as 37 for `1.37`."""
    for since, text in _LIBRARIES:
        if minor >= since:
            for line in filter(None, map(str.strip, text.splitlines())):
                found = _LINE.fullmatch(line)
                assert found, line
                target = [found["target"]] if found["target"] else []
                parameters = tuple(map(_type, [*target, *filter(None, _split(found["arguments"]))]))
                yield Signature(found["name"], parameters, _type(found["result"]), bool(target))


def _split(text: str) -> list[str]:
    """Split at the commas that are not within `<>`."""
    return re.split(r", (?![^<]*>)", text)


def _type(text: str) -> Type:
    name, _, rest = text.partition("<")
    return Type(name, tuple(map(_type, _split(rest[:-1]))) if rest else ())
