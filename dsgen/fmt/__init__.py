"""One layout for profiles and environments: that of `dsgen import`, for what people write."""

from __future__ import annotations

import re
from typing import Final

from dsgen import source
from dsgen.fmt.arrange import arrange
from dsgen.fmt.prove import difference
from dsgen.fmt.read import read
from dsgen.fmt.refused import CANNOT_FORMAT, Refused
from dsgen.fmt.write import write
from dsgen.origin import Origin
from dsgen.problem import Problem
from dsgen.profile.environment import ENVIRONMENT
from dsgen.profile.key import Rules
from dsgen.profile.schema import PROFILE
from dsgen.source import describe
from dsgen.syntax import place
from dsgen.tree import Map, as_map, origin_of

# A line feed of YAML 1.1 only, or one that is part of no pair.
_OTHER_BREAK: Final = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
# What only manifests have.
_MANIFEST: Final = {"apiVersion", "kind"}


def is_manifest(data: bytes, file: str) -> bool:
    """Return whether a text is a manifest, or a stream of them."""
    reader = source.Reader(file)
    reader.read(data)
    return bool(reader.documents) and as_map(reader.documents[0]).keys() >= _MANIFEST


def formatted(data: bytes, file: str, rules: Rules | None = None) -> bytes:
    """Return a profile or an environment in the layout of dsgen. `rules` says which it is; by default, its keys do.

    `file` is its name in problems. Raises Refused for a text that is invalid, or that could not be written back with the same meaning.
    """
    root, problems = source.read(data, file)
    if problems or root is None:
        raise Refused(problems)
    if not isinstance(root, Map):
        raise _refused(origin_of(root), f"expected a map, got {describe(root)}", "begin with a key, such as `name:`")
    if root.keys() >= _MANIFEST:
        raise _refused(
            origin_of(root.key("kind")), "this is a manifest, not a profile", "convert it with `dsgen import`"
        )
    if file.lower().endswith(".json"):
        raise _refused(origin_of(root), "its name says that it is JSON", "rename it, so that it ends in `.yaml`")
    text = data.decode()
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix("\ufeff")
    other = _OTHER_BREAK.search(text)
    if other:
        line, column = place(text, other.start())
        found = f"a line ends with U+{ord(other[0]):04X}"
        raise _refused(Origin(file, line, column, line, column + 1), found, "end lines with a line feed")
    # Line ends stay as they are if all are alike.
    pairs = text.count("\r\n")
    ending = "\r\n" if pairs and pairs == text.count("\n") else "\n"
    text = text.replace("\r\n", "\n")
    document = read(text, file)
    arrange(document.root, rules or _rules(root))
    result = write(document)
    lost = difference(text, result) if result != text else ""
    if lost:
        raise _refused(Origin(file, 1, 1, 1, 1), lost, "please report this file as a bug of `dsgen fmt`")
    return (mark + result.replace("\n", ending)).encode()


def _refused(origin: Origin | None, found: str, hint: str) -> Refused:
    problem: Problem = CANNOT_FORMAT.at(origin, f"cannot format this file: {found}", hint=hint)
    return Refused([problem])


def _rules(root: Map) -> Rules:
    """Return the schema that has more of the keys."""
    keys = as_map(root).keys()
    of_environment = len(keys & ENVIRONMENT["schema"].keys())
    return ENVIRONMENT if of_environment > len(keys & PROFILE["schema"].keys()) else PROFILE
