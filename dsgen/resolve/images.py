"""The images of an environment: pinned by digest and pulled from its mirrors, wherever an object refers to one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dsgen.kubernetes.schema.images import reference
from dsgen.kubernetes.schema.paths import CONTAINER_LISTS
from dsgen.problem import Problem, code
from dsgen.record import Record
from dsgen.tree import List, Map, Text, Value, as_map, origin_of

UNUSED_IMAGE_DIGEST = code(
    "unused-image-digest",
    """An environment has a digest for an image that none of its profiles uses. If somebody raised a tag and forgot the digest, the
    image runs unpinned.""",
    severity="warning",
)


def prefixes(name: str) -> Iterator[str]:
    """Yield a repository and what is above it, longest first: what a mirror can replace."""
    while name:
        yield name
        name = name.rpartition("/")[0]


def references(tree: Map) -> set[str]:
    """Return the full references of the images in an object that an environment can rewrite."""
    met: set[str] = set()
    Images({}, {}).rewrite(tree, met)
    return met


class Images(Record):
    """An environment's `images`: `mirrors` by what they replace, `digests` by full reference."""

    mirrors: dict[str, str]
    digests: dict[str, str]

    def rewritten(self, image: str) -> tuple[str, ...]:
        """Return the replacements of an image: with its digest first, then with its mirror, each with the origin of the setting."""
        parts = reference(image)
        if parts is None:
            return ()
        steps = []
        digest = "" if parts.digest else self.digests.get(parts.whole, "")
        if digest:
            image = Text.at(f"{image}@{digest}", origin_of(digest))
            steps.append(image)
        name = f"{parts.registry}/{parts.path}"
        prefix = next((each for each in prefixes(name) if each in self.mirrors), None)
        if prefix is not None:
            mirror = self.mirrors[prefix]
            version = f"{parts.tag and ':'}{parts.tag}{(parts.digest or digest) and '@'}{parts.digest or digest}"
            steps.append(Text.at(f"{mirror}{name[len(prefix) :]}{version}", origin_of(mirror)))
        return tuple(steps)

    def rewrite(self, tree: Map, met: set[str]) -> Map:
        """Return an object with its images rewritten: those of all containers and volumes. The full reference of each is added to `met`."""
        result = tree.with_items()
        for key, child in tree.items():
            if key in CONTAINER_LISTS and isinstance(child, List):
                child = List((self._field(entry, "image", met) for entry in child), child.origin)
            elif key == "volumes" and isinstance(child, List):
                child = List((self._volume(entry, met) for entry in child), child.origin)
            else:
                child = self._value(child, met)
            result[key] = child
        return result

    def _value(self, value: Value, met: set[str]) -> Value:
        if isinstance(value, List):
            return List((self._value(entry, met) for entry in value), value.origin)
        return self.rewrite(value, met) if isinstance(value, Map) else value

    def _volume(self, volume: Value, met: set[str]) -> Value:
        stated = as_map(volume)
        return stated.replaced("image", self._field(stated["image"], "reference", met)) if "image" in stated else volume

    def _field(self, value: Value, field: str, met: set[str]) -> Value:
        image = as_map(value).get(field)
        if not isinstance(image, str):
            return value
        parts = reference(image)
        if parts is not None:
            met.add(parts.whole)
        steps = self.rewritten(image)
        # A problem of the image is reported at the layer that sets it.
        return as_map(value).replaced(field, Text.at(steps[-1], origin_of(image))) if steps else value


def images_of(stated: Map | None) -> Images | None:
    """Return an environment's `images`, or None if there are none."""
    if stated is None:
        return None
    by_reference = ((reference(image), digest) for image, digest in stated.map("digests").items())
    return Images(
        {_registry(prefix): mirror for prefix, mirror in stated.map("mirrors").items() if isinstance(mirror, str)},
        {parts.whole: digest for parts, digest in by_reference if parts and isinstance(digest, str)},
    )


def _registry(prefix: str) -> str:
    domain, slash, path = prefix.partition("/")
    return f"docker.io{slash}{path}" if domain == "index.docker.io" else prefix


def unused_pins(stated: Map, met: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each of an environment's digests whose image is not in `met`, the full references in use."""
    for image in stated.map("images", "digests"):
        parts = reference(image)
        if parts is None or parts.whole in (known := sorted(met)):
            continue
        name = f"{parts.registry}/{parts.path}"
        others = [each for each in known if re.match(rf"{re.escape(name)}[:@]", each)]
        hint = f"the profiles use {', '.join(others)}" if others else "remove it"
        found = f"no profile uses the image `{image}`"
        yield UNUSED_IMAGE_DIGEST.at(origin_of(image), found, hint=hint, path=f"images.digests[{image}]")
