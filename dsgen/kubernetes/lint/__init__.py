"""
What the API server accepts, but is probably a mistake, or fails on its way there. It is reported in addition to the
server's verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from dsgen.choices import Choice
from dsgen.problem import Severity
from dsgen.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsgen.kubernetes.custom.definitions import Definitions
    from dsgen.kubernetes.policies.policies import Policies
    from dsgen.tree import Map

SERVER_SIDE: Final = "server-side"
CLIENT_SIDE: Final = "client-side"


class Checks(Record):
    """How objects are applied, `server-side` or `client-side`, how severe an image without a tag is, and the Pod Security level that the
    cluster enforces in a namespace without a label. `choices` are what the project decides about warnings.

    All are empty if unset; images are not reported then. Custom resources are validated by the `definitions`, if there are any, or by a
    shipped one, and all objects by the `policies`. `accepted` returns whether it is known that the API server accepts an object, which saves
    validating it.
    """

    apply: str = ""
    untagged: Severity | Literal[""] = ""
    pod_security: str = ""
    choices: tuple[Choice, ...] = ()
    definitions: Definitions | None = None
    accepted: Callable[[Map], bool] | None = None
    policies: Policies | None = None


NOTHING_SAID: Final = Checks()
