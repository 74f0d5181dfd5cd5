"""Image references, as far as the API server looks at them: which tag one has."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

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


@lru_cache(maxsize=4096)
def tag(image: str) -> str:
    """Return the tag of an image, `latest` if it states neither a tag nor a digest, nothing if it is no reference."""
    if re.fullmatch(_IDENTIFIER, image):
        return ""
    domain, remainder = _split(image)
    if remainder.partition(":")[0].lower() != remainder.partition(":")[0]:
        return ""
    found = re.fullmatch(_REFERENCE, f"{domain}/{remainder}")
    if not found or len(found[1]) - len(domain) - 1 > NAME_TOTAL_LENGTH_MAX:
        return ""
    if found[3]:
        algorithm, _, digits = found[3].partition(":")
        if len(digits) != _SHA_LENGTHS.get(algorithm) or digits.lower() != digits:
            return ""
    return found[2] or ("" if found[3] else "latest")


def _split(image: str) -> tuple[str, str]:
    domain, slash, remainder = image.partition("/")
    if not slash or not (re.search("[.:]", domain) or domain == "localhost" or domain.lower() != domain):
        domain, remainder = "docker.io", image
    if domain in ("docker.io", "index.docker.io") and "/" not in remainder:
        remainder = f"library/{remainder}"
    return domain, remainder


def pull_policy(image: str) -> str:
    """Return the `imagePullPolicy` that Kubernetes takes when none is stated."""
    if ":" in (last := image.rpartition("/")[2]) and "latest" not in last:
        return "IfNotPresent"  # a tag or a digest: which one, and whether it is right, does not matter
    return "Always" if tag(image) == "latest" else "IfNotPresent"
