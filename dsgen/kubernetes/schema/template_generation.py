"""The template generation of a DaemonSet: a field of older API versions, kept in an annotation of `apps/v1`."""

from __future__ import annotations

import re
from typing import Final

from dsgen.tree import Map

GENERATION_NOTE: Final = "deprecated.daemonset.template.generation"

_INTEGER: Final = "[+-]?[0-9]+"


def template_generation(daemonset: Map) -> int | None:
    """Return the template generation of a decoded DaemonSet: 0 if it has none, None if it is not a 64-bit number.

    Source: pkg/apis/apps/v1: Convert_v1_DaemonSet_To_apps_DaemonSet.
    """
    text = str(daemonset.map("metadata", "annotations").get(GENERATION_NOTE, "0"))
    if not re.fullmatch(_INTEGER, text) or len(text) >= 100:
        return None
    number = int(text)
    return number if -(2**63) <= number < 2**63 else None
