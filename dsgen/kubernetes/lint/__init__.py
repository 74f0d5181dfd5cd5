"""What the API server takes and is hardly meant, or does not arrive: beside its verdict, and never a part of it."""

from __future__ import annotations

from typing import Final, Literal

from dsgen.problem import Severity
from dsgen.record import Record

SERVER_SIDE: Final = "server-side"
CLIENT_SIDE: Final = "client-side"


class Checks(Record):
    """How objects are applied, `server-side` or `client-side`, and how severe an image without a tag is.

    Both are empty where nobody says; of images nothing is told then.
    """

    apply: str = ""
    untagged: Severity | Literal[""] = ""


NOTHING_SAID: Final = Checks()
