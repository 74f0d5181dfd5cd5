"""Image references: their parts, as container runtimes read them, and as far as the API server reads them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from dsgen.record import Record

_DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_DOMAIN_PART}(?:\.{_DOMAIN_PART})*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
_PATH_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE: Final = (
    rf"((?:{_DOMAIN}/)?{_PATH_PART}(?:/{_PATH_PART})*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}))?(?:@({_DIGEST}))?"
)
_IDENTIFIER: Final = "[a-f0-9]{64}"
_SHA_LENGTHS: Final = {"sha256": 64, "sha384": 96, "sha512": 128}
NAME_TOTAL_LENGTH_MAX: Final = 255


class ImageReference(Record):
    """The parts of a reference: `busybox:1` is of the registry `docker.io`, its path is `library/busybox`, its tag `1`."""

    registry: str
    path: str
    tag: str
    digest: str

    @property
    def whole(self) -> str:
        """The reference with everything that can be left out. Two images are the same if theirs are."""
        name = f"{self.registry}/{self.path}"
        return f"{name}{self.tag and ':'}{self.tag}@{self.digest}" if self.digest else f"{name}:{self.tag or 'latest'}"


@lru_cache(maxsize=4096)
def reference(image: str) -> ImageReference | None:
    """Return the parts of a reference, or None if it is invalid."""
    if re.fullmatch(_IDENTIFIER, image):
        return None
    domain, remainder = _split(image)
    if remainder.partition(":")[0].lower() != remainder.partition(":")[0]:
        return None
    found = re.fullmatch(_REFERENCE, f"{domain}/{remainder}")
    if not found or len(found[1]) - len(domain) - 1 > NAME_TOTAL_LENGTH_MAX:
        return None
    if found[3] and not is_digest(found[3]):
        return None
    registry = "docker.io" if domain == "index.docker.io" else domain
    return ImageReference(registry, found[1][len(domain) + 1 :], found[2] or "", found[3] or "")


def is_digest(text: str) -> bool:
    """Return whether a string is a complete digest: an algorithm and as many hexadecimal digits as it has."""
    algorithm, _, digits = text.partition(":")
    return re.fullmatch("[a-f0-9]*", digits) is not None and len(digits) == _SHA_LENGTHS.get(algorithm)


def is_registry(text: str) -> bool:
    """Return whether a string is a registry, with or without the beginning of a path: what can precede a `/`."""
    domain = text.partition("/")[0]
    named = re.search("[.:]", domain) is not None or domain == "localhost"
    return named and re.fullmatch(rf"{_DOMAIN}(?:/{_PATH_PART})*", text) is not None


def tag(image: str) -> str:
    """Return the tag of an image, `latest` if it has neither tag nor digest, an empty string if it is not a valid reference."""
    found = reference(image)
    return (found.tag or ("" if found.digest else "latest")) if found else ""


def _split(image: str) -> tuple[str, str]:
    domain, slash, remainder = image.partition("/")
    if not slash or not (re.search("[.:]", domain) or domain == "localhost" or domain.lower() != domain):
        domain, remainder = "docker.io", image
    if domain in ("docker.io", "index.docker.io") and "/" not in remainder:
        remainder = f"library/{remainder}"
    return domain, remainder


def pull_policy(image: str) -> str:
    """Return the default `imagePullPolicy` of Kubernetes."""
    if ":" in (last := image.rpartition("/")[2]) and "latest" not in last:
        return "IfNotPresent"  # a tag or a digest: which one, and whether it is valid, does not matter
    return "Always" if tag(image) == "latest" else "IfNotPresent"
