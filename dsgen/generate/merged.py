"""The merged layers of a profile, and what is rendered from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from dsgen.generate.objects import TEMPLATE
from dsgen.problem import Reporter
from dsgen.record import Record
from dsgen.resolve.description import Description, describe
from dsgen.resolve.file import File, FindConfig
from dsgen.tree import Map, Value

if TYPE_CHECKING:
    from dsgen.resolve.variants.layers import Variant


class Merged(Record):
    """The result of merging `layers`, lowest first; what they set for variants is separate, in `patches`.

    `files` are those of the profile and its parents.
    """

    whole: Map
    layers: list[Map]
    files: list[File]
    patches: Map
    variants: Sequence[Variant] = ()


def work(description: Description) -> Iterator[tuple[str, Mapping[str, Value], list[Map]]]:
    """Yield each template to render, its variables, and what is merged over the object."""
    for daemonset in description.variants or (description,):
        yield TEMPLATE, daemonset.context, daemonset.manifests
    for companion in description.companions:
        yield companion.template, {**description.context, companion.name: companion.object}, []
    for template in description.templates:
        assert isinstance(template, str)
        yield template, description.context, []


def described(merged: Merged, find: FindConfig, report: Reporter) -> Description | None:
    """Return the description of a profile, with its variants, or None; problems are passed to `report`."""
    if not merged.variants:
        return describe(merged.whole, find, report)
    from dsgen.resolve.variants.describe import describe_all

    return describe_all(merged.whole, merged.patches, merged.variants, find, report)
