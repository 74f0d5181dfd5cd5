"""The mirrors and digests of an environment, from the images in its manifests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import takewhile

from dsgen.kubernetes.schema.images import is_registry, reference
from dsgen.record import Record
from dsgen.resolve.images import Images, images_of, prefixes
from dsgen.tree import Map, Text

# The image that the profile sets, and the one in the environment's manifest.
Pair = tuple[str, str]


class Rewriting(Record):
    """The `images` of an environment, empty if nothing is rewritten; and by both images, what a layer must set to get the second one."""

    images: Map
    stated: dict[Pair, str]


def rewriting(pairs: Iterable[Pair], fixed: Iterable[str]) -> Rewriting:
    """Return the mirrors and digests that give the images of an environment.

    `fixed` are images that nothing may rewrite. A mirror or a digest that would give any wrong image is not used.
    """
    every, still = list(dict.fromkeys(pairs)), list(dict.fromkeys(fixed))
    moves = Counter(move for pair in every if (move := _move(*pair)))
    mirrors: dict[str, str] = {}
    for (prefix, mirror), _ in moves.most_common():
        mirrors.setdefault(prefix, mirror)
    digests = dict(pin for pair in every if (pin := _pin(*pair)))
    while True:
        images = _images(mirrors, digests)
        wrong = next((image for image in still if images.rewritten(image)), "")
        stated = {pair: image for pair in every if (image := _stated(*pair, images)) is not None}
        wrong = wrong or next((wanted for pair in every if pair not in stated for wanted in pair[1:]), "")
        if not wrong:
            return _without_unused(mirrors, digests, stated)
        # What rewrites this image, or whatever else: fewer rules rewrite fewer images, and without any, all stay as they are.
        parts = reference(wrong)
        above = prefixes(f"{parts.registry}/{parts.path}") if parts else ()
        blocking = next((each for each in (*above, *mirrors) if each in mirrors), "")
        pinned = next((each for each, digest in digests.items() if _is_pinned_otherwise(wrong, each, digest)), "")
        if pinned:
            del digests[pinned]
        elif blocking:
            del mirrors[blocking]
        else:
            digests.clear()


def _is_pinned_otherwise(image: str, pinned: str, digest: str) -> bool:
    """Return whether an image is the pinned one, but without its digest: two containers may have different ones."""
    own, other = reference(image), reference(pinned)
    return (
        own is not None and other is not None and own.digest != digest and own._replace(digest="").whole == other.whole
    )


def _images(mirrors: dict[str, str], digests: dict[str, str]) -> Images:
    found = images_of(_value(mirrors, digests))
    assert found is not None
    return found


def _value(mirrors: dict[str, str], digests: dict[str, str]) -> Map:
    parts = (("mirrors", mirrors), ("digests", digests))
    return Map([(key, Map(sorted(entries.items()), None, "{str}")) for key, entries in parts if entries])


def _without_unused(mirrors: dict[str, str], digests: dict[str, str], stated: dict[Pair, str]) -> Rewriting:
    moved, pinned = set(), set()
    for image in stated.values():
        parts = reference(image)
        if parts:
            moved.update([each for each in prefixes(f"{parts.registry}/{parts.path}") if each in mirrors][:1])
            pinned.add(parts.whole)
    used = {image: digest for image, digest in digests.items() if (parts := reference(image)) and parts.whole in pinned}
    return Rewriting(_value({each: mirrors[each] for each in mirrors if each in moved}, used), stated)


def _stated(stated: str, wanted: str, images: Images) -> str | None:
    """Return the image from which the wanted one comes out: that of the profile, if possible; None if there is none."""
    new = reference(wanted)
    own = repository(stated)
    tagged = [f"{own}:{new.tag}", f"{own}:{new.tag}@{new.digest}"] if new and new.tag else []
    for image in (stated, *tagged[: 1 + bool(new and new.digest)], wanted):
        steps = images.rewritten(image)
        if (steps[-1] if steps else image) == wanted:
            return image
    return None


def repository(image: str) -> str:
    """Return an image without its tag and its digest."""
    above, slash, last = image.partition("@")[0].rpartition("/")
    return f"{above}{slash}{last.partition(':')[0]}"


def _move(stated: str, wanted: str) -> tuple[str, str] | None:
    """Return the registry, or the path in one, that the wanted image has in another place, and that place; None if it is another image."""
    old, new = reference(stated), reference(wanted)
    if old is None or new is None or (old.registry, old.path) == (new.registry, new.path):
        return None
    before, after = f"{old.registry}/{old.path}".split("/"), repository(wanted).split("/")
    pairs = zip(reversed(before), reversed(after), strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    same = min(same, len(before) - 1, len(after) - 1)
    prefix, mirror = "/".join(before[:-same] if same else before), "/".join(after[:-same] if same else after)
    return (prefix, mirror) if same and is_registry(prefix) and is_registry(mirror) else None


def _pin(stated: str, wanted: str) -> tuple[str, str] | None:
    """Return the image to pin, with its tag, and its digest, if the wanted image has one that the image of the profile lacks."""
    old, new = reference(stated), reference(wanted)
    if old is None or new is None or old.digest or not (new.digest and new.tag):
        return None
    same = old.path.rpartition("/")[2] == new.path.rpartition("/")[2]
    return (f"{repository(stated)}:{new.tag}", Text.at(new.digest, None)) if same else None
