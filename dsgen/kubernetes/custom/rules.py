"""The rules in CEL of a schema (k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel: validation.go)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.cel.cost import MOST_OF_OBJECT
from dsgen.kubernetes.cel.expression import Expression
from dsgen.kubernetes.cel.list_equality import compares_lists
from dsgen.kubernetes.cel.missing_keys import remedy
from dsgen.kubernetes.cel.of_schema import compiled_for
from dsgen.kubernetes.cel.outcomes import CompileError, Evaluated, Failed, Unevaluated
from dsgen.kubernetes.cel.schema_types import UnknownValueError, value_of
from dsgen.kubernetes.custom.field_paths import steps_of
from dsgen.kubernetes.schema.custom import findings
from dsgen.kubernetes.schema.custom.codes import RULE
from dsgen.kubernetes.schema.custom.findings import Finding
from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.kubernetes.schema.errors import ErrorType
from dsgen.kubernetes.schema.paths import field_path
from dsgen.plain import frozen
from dsgen.record import Record
from dsgen.tree import List, Map, Null, Path, Value

_REASONS: Final[dict[str, ErrorType]] = {
    "FieldValueForbidden": "Forbidden",
    "FieldValueRequired": "Required",
    "FieldValueDuplicate": "Duplicate",
}
_LONGEST_MESSAGE: Final = 5 * 1024


class _Place(Record):
    """A value and its field. `old` is the value that it replaces, if rules can know it.

    `is_same` means that the value, or what it is in, is the same as before: then errors are warnings.
    """

    value: Any
    path: Path
    field: str
    old: Any = None
    is_same: bool = False
    is_root: bool = False


class Rules:
    """Evaluates the rules of a schema for the objects of one minor version."""

    def __init__(self, minor: int) -> None:
        self._minor = minor
        self._spent = 0
        self.findings: list[Finding] = []
        self.unevaluated: list[findings.UnevaluatedSchema] = []

    def check(self, tree: Map, schema: Schema, old: Map | None) -> None:
        """Evaluate the rules for a new object, or for one that replaces another; what is found is in `findings` and `unevaluated`."""
        is_same = old is not None and frozen(old) == frozen(tree)
        self._check(_Place(tree, (), "", old, is_same, is_root=True), schema)

    def _check(self, place: _Place, schema: Schema) -> None:
        if not schema.has_rules or place.value is None or type(place.value) is Null:
            return
        self._evaluate_all(place, schema)
        for below, part in _below(place, schema):
            self._check(below, part)

    def _evaluate_all(self, place: _Place, schema: Schema) -> None:
        for rule in schema.raw.get("x-kubernetes-validations") or ():
            if not rule["rule"].strip():
                continue
            reason = self._evaluate(place, schema, rule)
            if reason:
                what = f"the rule `{_shortened(rule['rule'])}` (CEL): {reason}"
                self.unevaluated.append(findings.UnevaluatedSchema(place.path, what))

    def _evaluate(self, place: _Place, schema: Schema, rule: dict[str, Any]) -> str:
        """Evaluate a rule, and return why it is not evaluated, if so."""
        is_optional = bool(rule.get("optionalOldSelf"))
        expression = self._compiled(schema, rule["rule"], place.is_root, is_optional)
        if isinstance(expression, Unevaluated):
            return expression.reason
        if isinstance(expression, CompileError):
            self._add(place, "Invalid", f"the rule does not compile: {expression.message}")
            return ""
        uses_old = "oldSelf" in expression.variables
        if uses_old and place.old is None and not is_optional:
            return ""
        if compares_lists(expression.comparisons, schema):
            return "it compares lists that are sets or maps"
        try:
            values = self._values(place, schema, is_optional)
        except UnknownValueError as error:
            return f"dsgen does not read {error}"
        self._spent += expression.cost(values)
        if self._spent > MOST_OF_OBJECT:
            return "all rules together may cost more than the server allows"
        outcome = expression.evaluate_plain(values)
        if isinstance(outcome, Unevaluated):
            return outcome.reason
        if isinstance(outcome, Failed):
            hint = remedy(outcome.message, [expression.tree.expr])
            self._add(place, "Invalid", f"{outcome.message} evaluating rule: {_stated(rule)}", hint)
        elif outcome.value is not True and not (place.is_same and not uses_old):
            path, field = self._named(place, schema, rule)
            message = self._message(place, schema, rule, values)
            type = _REASONS.get(rule.get("reason") or "", "Invalid")
            self.findings.append(Finding(RULE, type, path, field, message))
        return ""

    def _values(self, place: _Place, schema: Schema, is_optional: bool) -> dict[str, Any]:
        values = {"self": value_of(place.value, schema, is_root=place.is_root)}
        old = None if place.old is None else value_of(place.old, schema, is_root=place.is_root)
        if is_optional or place.old is not None:
            # The library has no optional value of Python's: an expression reads it from a list, which may be empty.
            values["oldSelf"] = [] if is_optional and place.old is None else [old] if is_optional else old
        return values

    def _message(self, place: _Place, schema: Schema, rule: dict[str, Any], values: dict[str, Any]) -> str:
        source = rule.get("messageExpression")
        if source:
            expression = self._compiled(schema, source, place.is_root, bool(rule.get("optionalOldSelf")))
            outcome = expression.evaluate_plain(values) if isinstance(expression, Expression) else None
            text = outcome.value.strip() if isinstance(outcome, Evaluated) and isinstance(outcome.value, str) else ""
            if text and "\n" not in text and len(text.encode()) <= _LONGEST_MESSAGE:
                return text
        message: str = rule.get("message") or ""
        return message.strip() or f"failed rule: {_stated(rule)}"

    def _named(self, place: _Place, schema: Schema, rule: dict[str, Any]) -> tuple[Path, str]:
        """Return the place that a rule names, and its field."""
        steps = steps_of(rule.get("fieldPath") or "", schema)
        if not steps:
            return place.path, place.field
        inner = "".join(f"[{name}]" if is_key else f".{name}" for name, is_key in steps).removeprefix(".")
        return (*place.path, *(name for name, _ in steps)), f"{place.field}.{inner}" if place.field else inner

    def _add(self, place: _Place, type: ErrorType, message: str, hint: str = "") -> None:
        self.findings.append(Finding(RULE, type, place.path, place.field, message, hint))

    def _compiled(
        self, schema: Schema, source: str, is_root: bool, is_optional: bool
    ) -> Expression | CompileError | Unevaluated:
        key = source, is_optional, self._minor
        if key not in schema.expressions:
            schema.expressions[key] = compiled_for(
                schema, source, self._minor, is_root=is_root, is_optional=is_optional
            )
        found: Expression | CompileError | Unevaluated = schema.expressions[key]
        return found


def _below(place: _Place, schema: Schema) -> Iterator[tuple[_Place, Schema]]:
    """Yield the values in a value, with their schemas."""
    if type(place.value) is List and schema.items is not None:
        for index, item in enumerate(place.value):
            old = _old_item(item, place.old, schema)
            yield _inside(place, item, index, f"{place.field}[{index}]", old, schema.items), schema.items
    elif type(place.value) is Map:
        is_atomic = schema.raw.get("x-kubernetes-map-type") == "atomic"
        for name, child in place.value.items():
            known = schema.properties.get(name)
            below = known or schema.additional
            if below is None:
                continue
            field = field_path((name,), place.field) if known else f"{place.field}[{name}]"
            old = place.old.get(name) if type(place.old) is Map else None
            inside = _inside(place, child, name, field, old, below)
            yield (inside._replace(is_same=place.is_same) if is_atomic else inside), below


def _inside(place: _Place, value: Any, step: str | int, field: str, old: Any, schema: Schema) -> _Place:
    # What cannot be found in the old value is the same if all that it is in is.
    is_same = place.is_same if old is None else frozen(old) == frozen(value)
    return _Place(value, (*place.path, step), field, old, is_same, schema.is_embedded)


def _old_item(item: Value, old: Any, schema: Schema) -> Any:
    """Return the item that an item of a list which is a map replaces."""
    if schema.list_type != "map" or type(old) is not List or type(item) is not Map:
        return None
    wanted = [frozen(item.get(key)) for key in schema.list_keys]
    same = (each for each in old if type(each) is Map and [frozen(each.get(key)) for key in schema.list_keys] == wanted)
    return next(same, None)


def _stated(rule: dict[str, Any]) -> str:
    text: str = rule.get("message") or rule["rule"]
    return text.strip()


def _shortened(source: str) -> str:
    text = " ".join(source.split())
    return text if len(text) <= 60 else f"{text[:57]}..."
