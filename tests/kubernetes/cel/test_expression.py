"""Compiling and evaluating expressions."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from dsgen.kubernetes.cel.expression import Expression, compiled
from dsgen.kubernetes.cel.outcomes import CompileError, Evaluated, Failed, Unevaluated
from dsgen.kubernetes.cel.types import (
    BYTES,
    DOUBLE,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    list_of,
    map_of,
    object_of,
    optional_of,
)
from dsgen.kubernetes.schema.custom.schema import tree_of

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="the library has no wheel for Python 3.10")

SPEC = object_of(
    {"image": STRING, "ports": list_of(INT), "labels": map_of(STRING), "cpu__dash__limit": DOUBLE, "any": DYN}
)
VARIABLES = {"self": object_of({"spec": SPEC}), "object": DYN, "oldSelf": optional_of(SPEC)}
VALUES = {
    "self": tree_of(
        {
            "spec": {"image": "a:1", "ports": [80, 443], "labels": {"a": "b"}, "cpu-limit": 2, "other": "x"},
        }
    ),
    "object": {"metadata": {"name": "agent"}, "spec": {"replicas": 3, "for": "all"}},
}


def expression(source: str) -> Expression:
    found = compiled(source, VARIABLES, 37)
    assert isinstance(found, Expression), found
    return found


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("self.spec.image.startsWith('a:')", True),
        ("self.spec.ports.map(port, port + 1)", [81, 444]),
        # A number of a schema is not a whole one, whatever is written.
        ("self.spec.cpu__dash__limit == 2.0 && type(self.spec.cpu__dash__limit) == double", True),
        ("has(self.spec.any) || has(self.spec.labels.b)", False),
        ("object.spec.replicas > 2 && object.spec.__for__ == 'all' || true", True),
        ("self.?spec.?any.orValue(7)", 7),
        ("self.spec.labels.transformMap(key, value, key + value)", {"a": "ab"}),
    ],
)
def test_values(source: str, value: Any) -> None:
    assert expression(source).evaluate(VALUES) == Evaluated(value)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("self.spec.any == 1", "no such key: any"),
        ("object.metadata.labels.a", "no such key: labels"),
        ("self.spec.ports[2] == 1", "index out of bounds: 2"),
        ("1 / (object.spec.replicas - 3)", "division by zero"),
        ("object.metadata.name + 1", "no such overload"),
    ],
)
def test_errors_of_evaluation(source: str, message: str) -> None:
    assert expression(source).evaluate(VALUES) == Failed(message)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("self.spec.imag == ''", "undefined field 'imag'"),
        ("self.spec.other == 'x'", "undefined field 'other'"),
        ("self.spec.ports == 1", "found no matching overload for '_==_'"),
        ("self.spec.ports.all(port, port.startsWith('a'))", "found no matching overload for 'startsWith'"),
        ("oldSelf.value().image + 1", "found no matching overload for '_+_'"),
        ("nobody == 1", "undeclared reference to 'nobody'"),
        ("1 +", "syntax error"),
    ],
)
def test_errors_of_compilation(source: str, found: str) -> None:
    error = compiled(source, VARIABLES, 37)
    assert isinstance(error, CompileError)
    assert found in error.message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 +", "syntax error: unexpected end, at column 4 of the expression"),
        ("1 2", "syntax error: unexpected '2', at column 3 of the expression"),
        ("nobody == 1", "undeclared reference to 'nobody', at column 1 of the expression"),
        ("\n\n nobody == 1\n", "undeclared reference to 'nobody', at line 3, column 2 of the expression"),
        ("nobody ==\n x", "undeclared reference to 'nobody', at line 1, column 1 of the expression (and 1 more error)"),
        ("nobody + x + y", "undeclared reference to 'nobody', at column 1 of the expression (and 2 more errors)"),
        ("'abc", "syntax error: unexpected `'abc`, at column 1 of the expression (and 1 more error)"),
        ("size(1)", "found no matching overload for 'size' applied to '(int)', at column 5 of the expression"),
        ("'a'.matches('(')", "invalid matches argument"),
        ("'a'.matches('(a{100}){100}')", "invalid matches argument"),
    ],
)
def test_an_error_of_compilation_is_one_readable_line(source: str, message: str) -> None:
    assert compiled(source, VARIABLES, 37) == CompileError(message)


def test_what_an_expression_reads() -> None:
    source = """has(object.metadata) && object.metadata.labels['a/b'] == self.spec.image
      && object.spec.containers.all(each, each.ports.exists(port, port.hostPort == self.spec.ports[0]))
      && object.spec.__namespace__ == self.spec.cpu__dash__limit"""
    assert expression(source).reads == (
        ("object", "metadata", "labels", "a/b"),
        ("self", "spec", "image"),
        ("object", "spec", "containers", "*", "ports", "*", "hostPort"),
        ("self", "spec", "ports", 0),
        ("object", "spec", "namespace"),
        ("self", "spec", "cpu-limit"),
    )


@pytest.mark.parametrize(
    ("source", "reason"),
    [("when == when", "the variable `when` is a timestamp"), ("size(self.data) > 0", "the field `data` is binary")],
)
def test_data_that_the_library_has_otherwise_is_not_evaluated(source: str, reason: str) -> None:
    found = compiled(source, {"when": TIMESTAMP, "self": object_of({"data": BYTES})}, 37)
    assert isinstance(found, Expression)
    assert found.evaluate_plain({"when": "2020-01-01T00:00:00Z", "self": {"data": "YQ=="}}) == Unevaluated(reason)


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1])
def test_a_number_that_the_library_does_not_take_is_not_evaluated(number: int) -> None:
    found = expression("self.spec.image == 'a:1' && object.n != 1")
    outcome = found.evaluate_plain({"self": {"spec": {"image": "a:1", "any": number}}, "object": {"n": number}})
    assert outcome == Unevaluated("the library does not take so large a number")


def test_what_the_library_cannot_parse_is_not_evaluated() -> None:
    assert isinstance(compiled("(" * 99 + "true" + ")" * 99, {}, 37), Unevaluated)


def test_a_loop_that_is_too_long_is_not_evaluated() -> None:
    inner = "l.all(a, l.all(b, l.all(c, a + b + c >= 0)))"
    found = compiled(inner, {"l": list_of(INT)}, 37)
    assert isinstance(found, Expression)
    assert isinstance(found.evaluate({"l": list(range(60))}), Unevaluated)
    assert found.evaluate({"l": list(range(6))}) == Evaluated(True)


def test_without_the_library_nothing_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsgen.kubernetes.cel.expression.cel", lambda: None)
    outcome = compiled("true", {}, 37)
    assert isinstance(outcome, Unevaluated)
    assert "pip install 'cel-expr-python>=0.1.3' 'protobuf>=6'" in outcome.reason


@pytest.mark.parametrize("function", ["string", "int", "double"])
def test_an_optional_item_may_be_of_another_type(function: str) -> None:
    """The server converts it as if it were of the type of the other value, and fails."""
    values = {"any": {"list": [1]}}
    for owner, is_evaluated in (("any.list[?0]", False), ("any.?list[?0]", False), ("any.?none", True)):
        program = compiled(f"{function}({owner}.orValue('3')) == {function}('3')", {"any": DYN}, 37)
        assert isinstance(program, Expression)
        assert isinstance(program.evaluate(values), Evaluated if is_evaluated else Unevaluated)


ANY: dict[str, Any] = {"any": {"text": "a", "none": None, "map": {}, "list": [1], "items": [{"a": 1}, {"b": 1}]}}


@pytest.mark.parametrize(
    ("source", "is_evaluated"),
    [
        # The server has a value for what is right of these errors, and the library an error that the first one hides.
        ("any.map.x == 1 || !has(any.text.y)", False),
        ("any.map.x == 1 && has(any.none.y)", False),
        ("any.map.x == 1 || any.text.?y.orValue(1) == 1", False),
        ("any.map.x == 1 || !(any.map in any.map)", False),
        ("any.list.all(each, each.x == 1 && has(each.y))", False),
        ("any.list.exists(each, any.map.x == each || !has(dyn(each).y))", False),
        # These have one error.
        ("any.map.x == 1 || has(any.map.y)", True),
        ("any.map.x == 1 || any.list[?0].orValue(1) == 2", True),
        ("any.map.x == 1 || 'a' in any.map && false", True),
        ("any.items.all(each, has(each.a) || each.c == 1)", True),
        ("any.map.x == size(any.text)", True),
    ],
)
def test_an_error_may_hide_one_of_the_library(source: str, is_evaluated: bool) -> None:
    program = compiled(source, {"any": DYN}, 37)
    assert isinstance(program, Expression)
    outcome = program.evaluate(ANY)
    assert isinstance(outcome, Failed if is_evaluated else Unevaluated)
