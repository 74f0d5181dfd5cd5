"""What a rule of the API server is, and the catalogue of all of them.

A rule is one short function over one `Node`: it yields an `Error` for each thing that the server would refuse.
Its docstring is the prose that `dsgen explain CODE` prints; its decorator names its code, the scope it looks at,
where Kubernetes states it, and from which to which minor it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.paths import field_path
from dsgen.problem import Severity, did_you_mean
from dsgen.record import Record
from dsgen.tree import Null, Path

ErrorType = Literal[
    "Required",
    "Invalid",
    "NotSupported",
    "Duplicate",
    "Forbidden",
    "TooLong",
    "TooMany",
    "NotFound",
    "TypeInvalid",
    "Warning",
]


class FieldError(Record):
    """What the server would say: the kind of error, the field as it prints it, and what would be right.

    `path` is the place in the manifest; it differs from `field` where the server's own spelling is odd.
    """

    type: ErrorType
    field: str
    detail: str
    path: Path


class FieldRef:
    """A part of a manifest, with its place in it. Paths are only written out when an error needs them."""

    __slots__ = ("pod", "printed", "scope", "step", "up", "value")
    pod: Any

    def __init__(
        self, value: Any, up: FieldRef | None, step: Path, pod: Any = None, scope: str = "", printed: str = ""
    ) -> None:
        self.value = value
        self.up = up
        self.step = step
        self.pod = pod if pod is not None or up is None else up.pod
        self.scope = scope
        self.printed = printed

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of the field `name`, or `default` when it is absent or null."""
        found = self.value.get(name)
        return default if found is None or type(found) is Null else found

    def child(self, name: str) -> FieldRef | None:
        """Return the object in the field `name`, or None when it is unset. An empty object is set."""
        found = self.get(name)
        return None if found is None else FieldRef(found, self, (name,))

    def children(self, name: str) -> Iterator[FieldRef]:
        """Yield each object of the list in the field `name`; a null in the list is an empty object."""
        for index, item in enumerate(self.get(name, ())):
            yield FieldRef({} if type(item) is Null else item, self, (name, index))

    @property
    def path(self) -> Path:
        """The place in the manifest, from its root."""
        return self.step if self.up is None else (*self.up.path, *self.step)

    @property
    def field(self) -> str:
        """The place as the server prints it: `spec.template.spec.containers[0]`."""
        if self.printed:
            return self.printed
        return field_path(self.step, self.up.field if self.up is not None else "")

    def error(self, type: ErrorType, below: Path | str, detail: str, *, field: str | None = None) -> FieldError:
        """Return an error at `below` this node; `field` replaces the printed path below it where the server's is odd."""
        steps: Path = (below,) if isinstance(below, str) and below else tuple(below)
        own = self.field
        printed = field_path(steps, own) if field is None else (f"{own}.{field}" if own and field else own or field)
        return FieldError(type, printed, detail, (*self.path, *steps))

    def required(self, below: Path | str, detail: str = "must be stated", *, field: str | None = None) -> FieldError:
        """Return: this must be stated."""
        return self.error("Required", below, detail, field=field)

    def invalid(self, below: Path | str, detail: str, *, field: str | None = None) -> FieldError:
        """Return: this value is not allowed here; `detail` says which is."""
        return self.error("Invalid", below, detail, field=field)

    def forbidden(self, below: Path | str, detail: str, *, field: str | None = None) -> FieldError:
        """Return: this may not be stated here."""
        return self.error("Forbidden", below, detail, field=field)

    def duplicate(self, below: Path | str, detail: str = "must be unique", *, field: str | None = None) -> FieldError:
        """Return: this stands twice."""
        return self.error("Duplicate", below, detail, field=field)

    def warning(self, below: Path | str, detail: str, *, field: str | None = None) -> FieldError:
        """Return: the server takes this, and warns of it. For rules whose `severity` is `warning`."""
        return self.error("Warning", below, detail, field=field)

    def not_supported(
        self, below: Path | str, value: object, allowed: tuple[str, ...], *, field: str | None = None
    ) -> FieldError:
        """Return: not one of the words allowed here."""
        return self.error("NotSupported", below, not_one_of(value, allowed), field=field)


def not_one_of(value: object, allowed: tuple[str, ...]) -> str:
    """Say that `value` is none of the words that are `allowed`, and which of them was likely meant."""
    message = f"{str(value)!r} is not one of {', '.join(filter(None, allowed))}"
    hint = did_you_mean(str(value), allowed)
    return f"{message}: {hint}" if hint else message


Check = Callable[[Any], Iterator[FieldError]]


class Rule(Record):
    """One rule: `since` and `until` are the first and last minor in which it holds, empty for all.

    It is run on the nodes of its `scope`, and if it has a `when`, on those only that state this field. A rule that is
    `ratcheting` says nothing in an update if it would refuse the old object too.
    """

    code: str
    scope: str
    source: str
    check: Check
    since: str = ""
    until: str = ""
    when: str = ""
    ratcheting: bool = False
    severity: Severity = "error"

    @property
    def prose(self) -> str:
        """The rule in prose: the docstring of its function."""
        return " ".join((self.check.__doc__ or "").split())

    def holds(self, minor: str) -> bool:
        """Tell whether the rule is in force in `minor`, such as `1.36`."""
        number = minor_number(minor)
        return (not self.since or minor_number(self.since) <= number) and (
            not self.until or number <= minor_number(self.until)
        )


RULES: Final[list[Rule]] = []
_taken: Final[set[tuple[str, str, str]]] = set()


def rule(
    code: str,
    scope: str,
    *,
    source: str,
    since: str = "",
    until: str = "",
    when: str = "",
    ratcheting: bool = False,
    severity: Severity = "error",
) -> Callable[[Check], Check]:
    """Enter the decorated function into the catalogue. Its docstring is the rule in prose.

    `when` names the field without which the rule has nothing to say; `ratcheting` is for what old objects may keep. The server refuses
    what the rule finds, or only warns of it: its `severity`.

    Raises ValueError for a code that is taken, unless for other minors. What else a rule needs, `dsgen.catalogue` looks after.
    """

    def enter(check: Check) -> Check:
        if (code, since, until) in _taken:
            raise ValueError(f"rule {code!r} is taken")
        _taken.add((code, since, until))
        RULES.append(Rule(code, scope, source, check, since, until, when, ratcheting, severity))
        return check

    return enter
