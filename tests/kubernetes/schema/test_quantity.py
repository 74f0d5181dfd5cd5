from __future__ import annotations

import pytest

from dsgen.kubernetes.schema.quantity import ZERO, Quantity, json_number, parse
from dsgen.tree import Float, Integer, Null


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        *[(text, "0") for text in ("0", ".", "-", "+", "Mi", "m", "-k", "e5", "000", "0.0", "e-9")],
        *[("1000m", "1"), ("1.0", "1"), ("0.001", "1m"), ("1024Ki", "1Mi"), ("1000", "1k"), ("1e3", "1e3"), ("1.5Gi", "1536Mi")],
        *[("01", "01"), ("+1", "+1"), ("012", "012"), ("5.", "5."), ("1.Gi", "1.Gi"), ("1E-3", "1E-3"), ("8Ki", "8Ki"), ("1000e3", "1e6")],
        *[("0.1n", "1n"), ("0.5Mi", "512Ki"), ("1.0000000001", "1000000001n"), (" 1 ", "1"), ("9Ei", "9223372036854775807")],
        *[("1Ki", "1Ki"), ("0.5", "500m"), ("100m", "100m"), ("1e21", "1e21"), ("1000E", "1")],
    ],
)  # fmt: skip
def test_canonical_text(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical


@pytest.mark.parametrize(
    "text",
    ["", "1K", "1ki", "1mi", "1MiB", "1g", "1e", "1e3Mi", "1e3.5", "--1", "1 Mi", "1.2.3", "0x10", "1:30", "1Gi1", "1Zi", "Pi", "e-10", "\t1", "١"],
)  # fmt: skip
def test_no_quantity(text: str) -> None:
    with pytest.raises(ValueError, match="is not a valid quantity"):
        parse(text)


@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        (Integer.at(16, None, "0x10"), "16"),
        (Float.at(0.5, None, ".5"), "500m"),
        (Float.at(1e30, None, "1e30"), "1e+30"),
        (Null(), "0"),
    ],
)
def test_numbers(value: object, canonical: str) -> None:
    assert str(parse(value)) == canonical


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        *[("1", True), ("1.5", False), ("1000m", True), ("1Ei", False), ("9Ei", True), ("10P", True)],
        *[("9300000000000001", False), ("9223372036854775807", True), ("0.0001", False), ("1e400", True)],
    ],
)
def test_is_whole_as_the_server_counts(text: str, whole: bool) -> None:
    assert parse(text).rounded().is_whole is whole


def test_comparison_is_exact() -> None:
    assert parse("1Gi") > parse("1G")
    assert parse("1") == parse("1000m")
    assert hash(parse("1")) == hash(parse("1000m"))
    assert parse("-1") < ZERO < parse("1n")
    assert parse("1e1000000000") > parse("1e999999999") > parse("-1e1000000000")


def test_rounding_is_away_from_zero() -> None:
    assert str(parse("0.0001").rounded()) == "1m"
    assert str(parse("-0.0001").rounded()) == "-1m"
    assert parse("1.5").whole == 2


def test_addition() -> None:
    assert parse("1Gi") + parse("1m") == Quantity(2**30 * 1000 + 1, -3)
    assert parse("1") + ZERO == parse("1")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.5, "0.5"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
        (1e-6, "0.000001"),
        (1.0, "1"),
        (-0.0, "-0"),
    ],
)
def test_json_number(number: float, text: str) -> None:
    assert json_number(number) == text
