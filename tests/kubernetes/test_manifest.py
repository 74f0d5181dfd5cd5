"""YAML as Kubernetes reads it: what plain scalars, tags, keys and merges become."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.manifest import read, read_first
from dsgen.plain import plain
from dsgen.tree import Boolean, Float, Integer, Null, Text


def value(written: str) -> object:
    document = read_first(f"a: {written}\n")
    assert document.problems == []
    return document.root["a"]


def codes(text: str) -> list[str]:
    return [problem.code for problem in read_first(text).problems]


@pytest.mark.parametrize("written", ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
def test_true(written: str) -> None:
    assert isinstance(value(written), Boolean)
    assert value(written)


@pytest.mark.parametrize("written", ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
def test_false(written: str) -> None:
    assert isinstance(value(written), Boolean)
    assert not value(written)


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL", "!!null ''"])
def test_null(written: str) -> None:
    assert isinstance(value(written), Null)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *[("12", 12), ("-3", -3), ("+7", 7), ("012", 10), ("-012", -10), ("+017", 15), ("0o17", 15), ("0O17", 15)],
        *[("0x1F", 31), ("0X1f", 31), ("-0x10", -16), ("0b101", 5), ("0B1", 1), ("-0b1", -1), ("0b-1", -1)],
        *[("1_000", 1000), ("1__0", 10), ("6_", 6), ("0_644", 420), ("0x_1", 1), ("-_6", -6)],
        *[("18446744073709551615", 2**64 - 1), ("-9223372036854775808", -(2**63)), ("!!int '3'", 3)],
    ],
)
def test_integer(written: str, number: int) -> None:
    assert isinstance(value(written), Integer)
    assert value(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *[
            ("1.5", 1.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("1E3", 1000.0),
            ("-1.5e-3", -0.0015),
            (".1_0", 0.1),
        ],
        *[
            ("08", 8.0),
            ("0888", 888.0),
            ("01.5", 1.5),
            ("18446744073709551616", 2.0**64),
            ("!!float 3", 3.0),
            ("1e-400", 0.0),
        ],
    ],
)
def test_float(written: str, number: float) -> None:
    assert isinstance(value(written), Float)
    assert value(written) == number


@pytest.mark.parametrize(
    "written",
    [
        "yEs",
        "tRUE",
        "nULL",
        "0o8",
        "0x",
        "1e",
        "1_e",
        "_6",
        "1:30",
        "190:20:30",
        "._1",
        ".1_",
        "1e400",
        "2001-01-01",
        "2001-01-01T00:00:00Z",
        "<<",
        "=",
        "'.inf'",
        "'12'",
        "a#b",
        "a:b",
        "0b2",
        "--1",
        "1.2.3",
        "١",
    ],
)
def test_text(written: str) -> None:
    assert isinstance(value(written), Text)
    assert value(written) == written.strip("'")


@pytest.mark.parametrize(
    ("written", "text"),
    [("!!str 12", "12"), ("! 12", "12"), ("!foo 12", "12"), ("!!binary aGk=", "hi"), ("!!timestamp 2001-01-01", "2001-01-01"), ('"\\x41"', "A")],
)  # fmt: skip
def test_tags(written: str, text: str) -> None:
    assert isinstance(value(written), Text)
    assert value(written) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[("a: .inf", "non-finite-number"), ("a: -.INF", "non-finite-number"), ("a: .NaN", "non-finite-number")],
        *[
            ("a: !!int x", "invalid-yaml-tag"),
            ("a: !!float y", "invalid-yaml-tag"),
            ("a: !!bool 1", "invalid-yaml-tag"),
            ("a: !!binary '*'", "invalid-yaml-tag"),
        ],
        *[
            ("a: !!timestamp x", "invalid-yaml-tag"),
            ("%YAML 1.2\n---\na: b", "unsupported-yaml-version"),
            (r'a: "b\/c"', "escaped-slash"),
        ],
        *[
            ("~: a", "invalid-yaml-key"),
            ("[a]: b", "invalid-yaml-key"),
            ("{a: b}: c", "invalid-yaml-key"),
            ("a: {{ b }}", "invalid-yaml-key"),
        ],
        *[
            ("18446744073709551615: a", "invalid-yaml-key"),
            ("<<: a", "invalid-merge-key"),
            ("a: *b", "invalid-yaml"),
            ("\ta: b", "tab-indentation"),
        ],
        *[
            ("a: 1\na: 2", "duplicate-key"),
            ("{0x10: a, 16: b}", "duplicate-key"),
            ("{yes: a, true: b}", "duplicate-key"),
        ],
        *[("{a: 1, <<: {a: 2}}", "duplicate-key"), ("{<<: {a: 1}, a: 2}", "duplicate-key")],
        ("<<: [{a: 1}, {a: 2}]", "duplicate-key"),
    ],
)
def test_refused(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "key"),
    [("1: a", "1"), ("0x10: a", "16"), ("1.50: a", "1.5"), ("yes: a", "true"), ("n: a", "false"), (".inf: a", ".inf"), ("1e9: a", "1e+09"), ("0.1: a", "0.1")],
)  # fmt: skip
def test_keys(text: str, key: str) -> None:
    document = read_first(text)
    assert document.problems == []
    assert list(document.root) == [key]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("<<: {a: x}\nb: v", {"a": "x", "b": "v"}),
        ("<<: {a: x}\n<<: {b: v}", {"a": "x", "b": "v"}),
        ("a: &m {x: v}\nb: {<<: *m, z: w}", {"a": {"x": "v"}, "b": {"x": "v", "z": "w"}}),
        ("'<<': {a: x}", {"<<": {"a": "x"}}),
        ("{a: b, c}", {"a": "b", "c": None}),
        ('{"a":\t["b",\t1]}', {"a": ["b", 1]}),
        ("%YAML 1.1\n---\na: b\n", {"a": "b"}),
        ("\ufeffa: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
    ],
)
def test_trees(text: str, tree: object) -> None:
    document = read_first(text)
    assert document.problems == []
    assert plain(document.root) == tree


def test_one_and_its_text_are_two_keys_to_the_server() -> None:
    assert codes("{1: a, '1': b}") == []


def test_only_the_first_document_counts() -> None:
    assert codes("a: b\n---\nc: 1\nc: 2\n") == []
    assert codes("a: b\n---\n: : :\n") == []
    assert isinstance(read_first("").root, Null)


def test_every_document_of_a_stream_has_its_own_problems() -> None:
    documents = read("a: 1\n---\nb: 1\nb: 2\n---\nc: 3\n---\n: [\n", "all.yaml")
    assert [plain(document.root) if document.root is not None else None for document in documents] == [
        {"a": 1},
        {"b": 1},
        {"c": 3},
        None,
    ]
    assert [[problem.code for problem in document.problems] for document in documents] == [
        [],
        ["duplicate-key"],
        [],
        ["invalid-yaml"],
    ]
    assert documents[1].problems[0].line == 4


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (r'"it\'s"', "it's"),
        (r'["\'a\'", "\\", c\']', ["'a'", "\\", r"c\'"]),
        ("[a:]", ["a:"]),
        ("{b: c:, d: e}", {"b": "c:", "d": "e"}),
        ("a?b", "a?b"),
        ("['a?b']", ["a?b"]),
    ],
)
def test_what_libyaml_does_not_take(written: str, read_as: object) -> None:
    assert plain(value(written)) == read_as


@pytest.mark.parametrize("written", ["[a?b]", "{c: http://a/?b=c}", "[a ? b]", "[{c: d?}]"])
def test_question_mark_in_brackets(written: str) -> None:
    assert codes(f"a: {written}\n") == ["question-mark-in-brackets"]
