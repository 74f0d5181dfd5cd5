"""What a schema requires of a value (k8s.io/kube-openapi/pkg/validation/validate, as the API server calls it)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dsgen.kubernetes.schema.custom import wording
from dsgen.kubernetes.schema.custom.codes import FORM, FORMAT, MISSING
from dsgen.kubernetes.schema.custom.constraints import outside_enum, outside_length, outside_range, outside_size
from dsgen.kubernetes.schema.custom.findings import Finding, UnevaluatedSchema
from dsgen.kubernetes.schema.custom.json_types import fits_types, type_of
from dsgen.kubernetes.schema.custom.pattern_errors import UnsupportedPatternError
from dsgen.kubernetes.schema.custom.patterns import compiled
from dsgen.kubernetes.schema.custom.schema import Schema
from dsgen.kubernetes.schema.custom.string_formats import test_of
from dsgen.kubernetes.schema.errors import INVALID_FIELD_TYPE
from dsgen.kubernetes.schema.paths import field_path
from dsgen.tree import List, Map, Null, Path


class _Unknown(Exception):
    """Whether a value is valid is not known."""

    def __init__(self, what: UnevaluatedSchema) -> None:
        self.what = what


class _Result:
    """The findings for a value, and how many checks it passed: of several schemas, the one with most is reported."""

    __slots__ = ("findings", "passed")

    def __init__(self, findings: list[Finding] | None = None, passed: int = 0) -> None:
        self.findings = findings or []
        self.passed = passed

    def add(self, other: _Result) -> None:
        self.findings += other.findings
        self.passed += other.passed


class Checker:
    """Checks values by the schemas of one minor version, such as 37 for `1.37`."""

    def __init__(self, minor: int) -> None:
        self._minor = minor
        self.unevaluated: list[UnevaluatedSchema] = []
        # The rules in CEL of the schemas of which the object has values.
        self.rules: list[str] = []
        # How many schemas are tried of which not all have to hold.
        self._tried = 0

    def check(self, value: Any, schema: Schema) -> list[Finding]:
        """Return what is wrong with an object; what could not be evaluated is in `unevaluated`."""
        # Schemas that must hold together may say the same.
        return list(dict.fromkeys(self._checked(value, schema, ()).findings))

    def _checked(self, value: Any, schema: Schema, path: Path) -> _Result:
        self.rules += (each["rule"] for each in schema.raw.get("x-kubernetes-validations") or ())
        if type(value) is Null:
            result = _Result(passed=1)
            if schema.types and not schema.nullable:
                result = _Result([self._mistyped(value, schema, path)])
            result.add(_Result(list(outside_enum(value, schema, path))))
            return result
        kind = type_of(value)
        format = self._format(schema)
        result = _Result()
        if schema.types or format:
            fits = fits_types(kind, value, schema.types, format)
            result.add(_Result(passed=1) if fits else _Result([self._mistyped(value, schema, path)]))
            result.passed += 1
        result.add(self._combined(value, schema, path))
        result.passed += 1
        if kind == "string":
            result.add(_Result(list(self._string(value, schema, path))))
            result.passed += 1
            if format:
                result.add(_Result(list(self._formatted(value, format, path))))
                result.passed += 1
        elif kind in ("integer", "number"):
            result.add(_Result(list(outside_range(value, schema, path, self._minor)), 1))
            result.passed += 1
        elif kind == "array":
            result.add(self._list(value, schema, path))
            result.passed += 1
        result.add(_Result(list(outside_enum(value, schema, path))))
        result.passed += 1
        if kind == "object":
            result.add(self._object(value, schema, path))
            result.passed += 1
        result.passed += 1
        return result

    def _format(self, schema: Schema) -> str:
        """Return the format of a schema if the server checks it, or else an empty string."""
        name: str = schema.raw.get("format") or ""
        if not name:
            return ""
        kind = schema.types[0] if len(schema.types) == 1 else ""
        if kind in ("", "string"):
            return name if test_of(name, self._minor) else ""
        return name if name in {"integer": ("int32", "int64"), "number": ("float", "double")}.get(kind, ()) else ""

    def _mistyped(self, value: Any, schema: Schema, path: Path) -> Finding:
        return Finding(
            INVALID_FIELD_TYPE, "TypeInvalid", path, field_path(path), *wording.mistyped(value, schema.types)
        )

    def _string(self, value: str, schema: Schema, path: Path) -> Iterator[Finding]:
        outside = list(outside_length(value, schema, path))
        yield from outside
        if not outside and schema.raw.get("pattern"):
            yield from self._pattern(value, schema.raw["pattern"], path)

    def _pattern(self, value: str, pattern: str, path: Path) -> Iterator[Finding]:
        try:
            if compiled(pattern).matches(value):
                return
        except UnsupportedPatternError as error:
            self._skip(UnevaluatedSchema(path, f"the pattern `{wording.short(pattern)}`: {error}"))
            return
        yield Finding(FORMAT, "Invalid", path, field_path(path), wording.unmatched(value, pattern))

    def _formatted(self, value: str, format: str, path: Path) -> Iterator[Finding]:
        test = test_of(format, self._minor)
        valid = test(str(value)) if test else True
        if valid is None:
            self._skip(UnevaluatedSchema(path, f"the format `{format}`"))
        elif not valid:
            yield Finding(FORMAT, "TypeInvalid", path, field_path(path), wording.misformatted(value, format))

    def _list(self, value: List, schema: Schema, path: Path) -> _Result:
        result = _Result()
        if schema.items is not None:
            for index, item in enumerate(value):
                result.add(self._checked(item, schema.items, (*path, index)))
        result.findings += outside_size(value, schema.raw.get("minItems"), schema.raw.get("maxItems"), path, "items")
        result.passed += 1
        return result

    def _object(self, value: Map, schema: Schema, path: Path) -> _Result:
        result = _Result()
        least, most = schema.raw.get("minProperties"), schema.raw.get("maxProperties")
        result.findings += outside_size(value, least, most, path, "fields")
        properties, additional = schema.properties, schema.additional
        for name, child in value.items():
            below = properties.get(name) or additional
            if below is not None:
                result.add(self._checked(child, below, (*path, name)))
        for name in schema.required:
            if name not in value:
                missing = (*path, name)
                result.findings.append(Finding(MISSING, "Required", missing, field_path(missing), "must be set"))
        return result

    def _combined(self, value: Any, schema: Schema, path: Path) -> _Result:
        """Return what `allOf`, `anyOf`, `oneOf` and `not` find."""
        result = _Result(passed=1)
        raw = schema.raw
        if not (raw.get("anyOf") or raw.get("oneOf") or raw.get("allOf") or raw.get("not") is not None):
            return result
        self._tried += 1
        try:
            self._combine(result, value, schema, path)
        except _Unknown as error:
            if self._tried > 1:
                raise
            self.unevaluated.append(error.what)
            return _Result(passed=1)
        finally:
            self._tried -= 1
        return result

    def _combine(self, result: _Result, value: Any, schema: Schema, path: Path) -> None:
        field = field_path(path)
        if schema.options("anyOf"):
            results: list[_Result] = []
            for option in schema.options("anyOf"):
                results.append(self._checked(value, option, path))
                if not results[-1].findings:
                    break
            best = results[-1]
            if best.findings:
                best = max(results, key=lambda each: each.passed)
                message = wording.no_option(schema.options("anyOf"), "at least one of the forms that its schema allows")
                result.findings.append(Finding(FORM, "Invalid", path, field, message))
            result.add(best)
        if schema.options("oneOf"):
            results = self._each(schema, "oneOf", value, path)
            valid = [each for each in results if not each.findings]
            if len(valid) == 1:
                result.add(valid[0])
            else:
                message = wording.no_option(schema.options("oneOf"), "exactly one of the forms that its schema allows")
                message += f"; {len(valid)} fit" if valid else ""
                result.findings.append(Finding(FORM, "Invalid", path, field, message))
                if not valid:
                    result.add(max(results, key=lambda each: each.passed))
        if schema.options("allOf"):
            results = self._each(schema, "allOf", value, path)
            for each in results:
                result.add(each)
            if any(each.findings for each in results):
                result.findings.append(
                    Finding(FORM, "Invalid", path, field, "must fit all that its schema requires together")
                )
        if schema.forbidden is not None and not self._checked(value, schema.forbidden, path).findings:
            result.findings.append(Finding(FORM, "Invalid", path, field, wording.forbidden(schema.forbidden)))

    def _each(self, schema: Schema, keyword: str, value: Any, path: Path) -> list[_Result]:
        return [self._checked(value, option, path) for option in schema.options(keyword)]

    def _skip(self, what: UnevaluatedSchema) -> None:
        """Note what is not evaluated. Raises _Unknown if the validity of more than this value depends on it."""
        if self._tried:
            raise _Unknown(what)
        self.unevaluated.append(what)
