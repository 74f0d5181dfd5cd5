"""An environment's `images`: mirrors and digests."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.schema.images import is_digest, is_registry, reference
from dsgen.problem import code
from dsgen.profile.json_schema import notation
from dsgen.profile.key import Schema, key
from dsgen.profile.shape_problems import ReportPart
from dsgen.profile.typed import converter
from dsgen.tree import Text, Value, as_map

INVALID_ENVIRONMENT_IMAGE = code(
    "invalid-environment-image",
    """Under an environment's `images`, a mirror maps a registry, or a path in one that ends before a `/`, to another. A digest, `sha256:` and
    64 hexadecimal digits, belongs to a full reference without a digest, and each image may have only one.""",
)


def mirrors(value: Value, report: ReportPart) -> Value:
    """Accept a map from registries or paths to what replaces them."""
    stated = converter("{str}")(value, report)
    for prefix, mirror in as_map(stated).items():
        for part in (prefix, mirror):
            if isinstance(part, Text) and not is_registry(part):
                hint = "write a registry such as `docker.io`, or a path in one, such as `quay.io/prometheus`"
                found = f"{str(part)!r} is not a valid registry, or path in a registry"
                report(INVALID_ENVIRONMENT_IMAGE, part, found, hint)
    return stated


def digests(value: Value, report: ReportPart) -> Value:
    """Accept a map from full image references to digests."""
    found = converter("{str}")(value, report)
    known: dict[str, str] = {}
    for image, digest in as_map(found).items():
        parts = reference(image)
        if parts is None or parts.digest:
            what = "already has a digest" if parts else "is not a valid image reference"
            hint = "write an image with its tag, such as `quay.io/prometheus/node-exporter:v1.9.1`"
            report(INVALID_ENVIRONMENT_IMAGE, image, f"{str(image)!r} {what}", hint)
        elif known.setdefault(parts.whole, image) != image:
            same = f"`{image}` is the same image as `{known[parts.whole]}`"
            report(INVALID_ENVIRONMENT_IMAGE, image, same, "remove one of them")
        if isinstance(digest, Text) and not is_digest(digest):
            hint = "write `sha256:` and 64 hexadecimal digits"
            report(INVALID_ENVIRONMENT_IMAGE, digest, f"{str(digest)!r} is not a valid digest", hint)
    return found


KEYS: Final[Schema] = {
    "images": key(
        "Mirrors and digests of images. Digests are looked up first, then mirrors are applied.",
        "images: {mirrors: {docker.io: mirror.example.com/hub}}",
        type="images",
        schema={
            "mirrors": key(
                """Replacements of registries, or of paths in registries that end before a `/`; the longest match wins. Every image is rewritten,
                including those of volumes.""",
                "mirrors: {docker.io: mirror.example.com/hub, quay.io/prometheus: mirror.example.com/prometheus}",
                form=mirrors,
                json=notation("{str}"),
                type="{str}",
            ),
            "digests": key(
                """Digests of images, by full reference; `busybox:1` is `docker.io/library/busybox:1`. The digest is appended to the tag,
                which is kept.""",
                f'digests: {{"busybox:1.36": "sha256:{"0" * 64}"}}',
                form=digests,
                json=notation("{str}"),
                type="{str}",
            ),
        },
    )
}
