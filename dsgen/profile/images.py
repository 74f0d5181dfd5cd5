"""An environment's `images`: where they come from, and which ones exactly."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.schema.images import is_digest, is_registry, reference
from dsgen.problem import code
from dsgen.profile.json_schema import notation
from dsgen.profile.key import Schema, key
from dsgen.profile.problems import Report
from dsgen.profile.typed import converter
from dsgen.tree import Text, Value, as_map

INVALID_ENVIRONMENT_IMAGE = code(
    "invalid-environment-image",
    """Under an environment's `images`, a mirror is a registry or the path of one up to a `/`, on both sides; a digest stands under a whole
    reference without one, once, and is `sha256:` and 64 hexadecimal digits.""",
)


def mirrors(value: Value, report: Report) -> Value:
    """Take a map from what stands in front of a `/` to what replaces it."""
    found = converter("{str}")(value, report)
    for prefix, mirror in as_map(found).items():
        for part in (prefix, mirror):
            if isinstance(part, Text) and not is_registry(part):
                hint = "write a registry such as `docker.io`, or the path of one, such as `quay.io/prometheus`"
                report(INVALID_ENVIRONMENT_IMAGE, part, f"{str(part)!r} is no registry and no path of one", hint)
    return found


def digests(value: Value, report: Report) -> Value:
    """Take a map from whole references to digests."""
    found = converter("{str}")(value, report)
    known: dict[str, str] = {}
    for image, digest in as_map(found).items():
        parts = reference(image)
        if parts is None or parts.digest:
            what = "has a digest already" if parts else "is no reference to an image"
            report(
                INVALID_ENVIRONMENT_IMAGE,
                image,
                f"{str(image)!r} {what}",
                "write an image with its tag: `quay.io/prometheus/node-exporter:v1.9.1`",
            )
        elif known.setdefault(parts.whole, image) != image:
            report(
                INVALID_ENVIRONMENT_IMAGE,
                image,
                f"`{image}` is the same image as `{known[parts.whole]}`",
                "keep one of them",
            )
        if isinstance(digest, Text) and not is_digest(digest):
            report(
                INVALID_ENVIRONMENT_IMAGE,
                digest,
                f"{str(digest)!r} is no digest",
                "write `sha256:` and its 64 hexadecimal digits",
            )
    return found


KEYS: Final[Schema] = {
    "images": key(
        "Where images come from, and which ones exactly. Digests are looked up first, then mirrors apply.",
        "images: {mirrors: {docker.io: mirror.example.com/hub}}",
        type="images",
        schema={
            "mirrors": key(
                """What stands in the place of a registry, or of the path of one up to a `/`; the longest wins. Every image is rewritten, those
                of volumes too.""",
                "mirrors: {docker.io: mirror.example.com/hub, quay.io/prometheus: mirror.example.com/prometheus}",
                form=mirrors,
                json=notation("{str}"),
                type="{str}",
            ),
            "digests": key(
                """The digest of an image, by its whole reference; `busybox:1` is `docker.io/library/busybox:1`. It is put behind the tag,
                which stays.""",
                f'digests: {{"busybox:1.36": "sha256:{"0" * 64}"}}',
                form=digests,
                json=notation("{str}"),
                type="{str}",
            ),
        },
    )
}
