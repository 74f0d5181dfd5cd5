"""What a rule of the API server is, and the catalogue of all rules.

A rule is a short function of one `FieldRef` that yields a `FieldError` for each thing that the server would reject. Its
docstring is the prose that `dsgen explain CODE` prints, and its name is the code, with `_` for `-`. Its decorator sets its
scope, its source in Kubernetes, and the first and last minor version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from dsgen.kubernetes.schema.errors import ErrorType
from dsgen.kubernetes.schema.fields import minor_number
from dsgen.kubernetes.schema.paths import field_path
from dsgen.problem import Severity, did_you_mean
from dsgen.record import Record
from dsgen.tree import Map, Null, Path


class FieldError(Record):
    """An error as the server reports it: its type, the field as the server prints it, and what the field must be.

    `path` is the path in the manifest. It differs from `field` if the server prints the field in an odd way.
    """

    type: ErrorType
    field: str
    detail: str
    path: Path


class FieldRef:
    """A part of a manifest, with its path. Paths are only computed when an error needs them."""

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
        """Return the value of the field `name`, or `default` if it is absent or null."""
        found = self.value.get(name)
        return default if found is None or type(found) is Null else found

    def child(self, name: str, *below: str) -> FieldRef | None:
        """Return the object in the field `name`, or at a path of fields; None if it is unset. An empty object is set."""
        found = self.get(name)
        if found is None:
            return None
        child = FieldRef(found, self, (name,))
        return child.child(*below) if below else child

    def part(self, name: str) -> FieldRef:
        """Return the object in a field that Kubernetes keeps without a pointer: an empty one if it is unset."""
        return self.child(name) or FieldRef(Map(), self, (name,))

    def children(self, name: str) -> Iterator[FieldRef]:
        """Yield each object of the list in the field `name`; a null in the list is an empty object."""
        for index, item in enumerate(self.get(name, ())):
            yield FieldRef(Map() if type(item) is Null else item, self, (name, index))

    def printed_as(self, field: str) -> FieldRef:
        """Return the same part, which the server prints as `field`; as its path if that is empty."""
        return FieldRef(self.value, self.up, self.step, printed=field)

    @property
    def path(self) -> Path:
        """The path in the manifest, from its root."""
        return self.step if self.up is None else (*self.up.path, *self.step)

    @property
    def field(self) -> str:
        """The path as the server prints it: `spec.template.spec.containers[0]`."""
        if self.printed:
            return self.printed
        return field_path(self.step, self.up.field if self.up is not None else "")

    def error(self, type: ErrorType, below: Path | str, detail: str, *, field: str | None = None) -> FieldError:
        """Return an error at `below` this node; `field` replaces the printed path below it, if the server's is odd."""
        steps: Path = (below,) if isinstance(below, str) and below else tuple(below)
        own = self.field
        printed = field_path(steps, own) if field is None else (f"{own}.{field}" if own and field else own or field)
        return FieldError(type, printed, detail, (*self.path, *steps))

    def required(self, below: Path | str, detail: str = "must be set", *, field: str | None = None) -> FieldError:
        """Return an error of the type Required: the field must be set."""
        return self.error("Required", below, detail, field=field)

    def invalid(self, below: Path | str, detail: str, *, field: str | None = None) -> FieldError:
        """Return an error of the type Invalid; `detail` is what the value must be."""
        return self.error("Invalid", below, detail, field=field)

    def invalid_each(self, below: Path | str, messages: Iterable[str], *, field: str | None = None) -> list[FieldError]:
        """Return an error of the type Invalid for each message, such as those of a format."""
        return [self.invalid(below, message, field=field) for message in messages]

    def forbidden(self, below: Path | str, detail: str, *, field: str | None = None) -> FieldError:
        """Return an error of the type Forbidden: the field must not be set."""
        return self.error("Forbidden", below, detail, field=field)

    def duplicate(self, below: Path | str, detail: str = "must be unique", *, field: str | None = None) -> FieldError:
        """Return an error of the type Duplicate."""
        return self.error("Duplicate", below, detail, field=field)

    def warning(self, below: Path | str, detail: str, *, field: str | None = None) -> FieldError:
        """Return a warning, for rules whose `severity` is `warning`: the server accepts the value."""
        return self.error("Warning", below, detail, field=field)

    def not_supported(
        self, below: Path | str, value: object, allowed: tuple[str, ...], *, field: str | None = None
    ) -> FieldError:
        """Return an error of the type NotSupported: the value is not one of those `allowed`."""
        return self.error("NotSupported", below, not_one_of(value, allowed), field=field)


def repeated(items: Iterable[FieldRef], name: str) -> Iterator[tuple[FieldRef, Any]]:
    """Yield each item whose field `name`, empty text if it is unset, has the value of an item before it; and the value."""
    seen: set[Any] = set()
    for item in items:
        value = item.get(name, "")
        if value in seen:
            yield item, value
        seen.add(value)


def repeated_values(values: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """Yield each value that is there before it too, with its index."""
    seen: set[Any] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield index, value
        seen.add(value)


def not_one_of(value: object, allowed: tuple[str, ...]) -> str:
    """Return the message that `value` is not one of the `allowed` words, and which of them is similar."""
    message = f"{str(value)!r} is not one of {', '.join(filter(None, allowed))}"
    hint = did_you_mean(str(value), allowed)
    return f"{message}: {hint}" if hint else message


Check = Callable[[Any], Iterable[FieldError]]


class Rule(Record):
    """A rule, in force from the minor version `since` to `until`; empty means without limit.

    It is run on the nodes of its `scope`; if it has a `when`, only on those with this field. A `ratcheting` rule reports nothing in an update
    if it also rejects the old object. An `immutable` one rejects a changed field: only an object that is deleted and created again can have it.
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
    immutable: bool = False

    @property
    def prose(self) -> str:
        """The rule in prose: the docstring of its function."""
        return " ".join((self.check.__doc__ or "").split())

    def holds(self, minor: str) -> bool:
        """Return whether the rule is in force in `minor`, such as `1.36`."""
        number = minor_number(minor)
        return (not self.since or minor_number(self.since) <= number) and (
            not self.until or number <= minor_number(self.until)
        )


RULES: Final[list[Rule]] = []
_taken: Final[set[tuple[str, str, str]]] = set()


def rule(
    scope: str,
    *,
    source: str,
    code: str = "",
    since: str = "",
    until: str = "",
    when: str = "",
    ratcheting: bool = False,
    severity: Severity = "error",
    immutable: bool = False,
) -> Callable[[Check], Check]:
    """Add the decorated function to the catalogue. Its docstring is the rule in prose, and its name is the `code` unless one is given.

    `when` is the field without which the rule reports nothing. `ratcheting` is for values that old objects can keep. The `severity` is `warning`
    if the server only warns. `immutable` is for rules of updates that reject a change of a field.

    Raises ValueError for a duplicate code, unless it is for other minor versions. `dsgen.catalogue` checks what else a rule needs.
    """

    def enter(check: Check) -> Check:
        name = code or check.__name__.replace("_", "-")
        if (name, since, until) in _taken:
            raise ValueError(f"duplicate rule {name!r}")
        _taken.add((name, since, until))
        RULES.append(Rule(name, scope, source, check, since, until, when, ratcheting, severity, immutable))
        return check

    return enter
