"""Patterns, as Go's `regexp` matches them. Each answer here is Go's."""

from __future__ import annotations

import pytest

from dsgen.kubernetes.schema.custom.pattern_errors import UnsupportedPatternError
from dsgen.kubernetes.schema.custom.patterns import MOST_STATES, compiled

MATCHES = [
    ("^a$", "a"), ("^a*b|c$", "xc"), ("b", "abc"), ("", ""), ("", "a"), ("^$", ""), ("a{2,3}", "xaaay"), ("^(ab)+$", "abab"),
    ("^[a-c-]+$", "a-c"), ("^[]a]+$", "]a"), ("^[^]a]$", "b"), ("^[[:alpha:]_]+$", "aZ_"), ("^[[:^digit:]]$", "a"), (r"^\x41\x{e9}$", "Aé"),
    (r"^\d+\s\w$", "12 _"), (r"^\Qa.b\E$", "a.b"), (r"\bfoo\b", "a foo b"), (r"fo\Bo", "foo"), (r"\Aa\z", "a"), ("(?i)^ABC$", "abc"),
    ("^(?i)(abort|warn)?$", "Warn"), ("^(?i:a)b$", "Ab"), ("(?i)k", "\u212a"), ("(?s)^.$", "\n"), ("(?m)^b$", "a\nb\nc"), ("^(?P<n>a)(?<m>b)$", "ab"),
    ("^a{0}b$", "b"), ("^(a|)*b$", "aab"), ("^{a}$", "{a}"), ("^a{,2}$", "a{,2}"), (r"^\PC*$", "a b"), (r"^\p{Lu}\pN$", "A1"), ("^é+$", "éé"),
]  # fmt: skip
DIFFERS = [
    ("^a$", "a\n"), ("^$", "\n"), (r"^\d$", "\u0663"), (r"^\s$", "\x0b"), (r"^\w$", "é"), ("^.$", "\n"), ("^(?i:a)b$", "AB"), (r"\bé", "é"),
    ("^a{2,3}$", "aaaa"), ("^[^a]$", "a"), (r"^\PC*$", "\x01"), ("(?i)^[^a]$", "A"), ("^(?:a|b)c$", "ab"), (r"a\z", "a\n"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text"), MATCHES)
def test_matches(pattern: str, text: str) -> None:
    assert compiled(pattern).matches(text)


@pytest.mark.parametrize(("pattern", "text"), DIFFERS)
def test_does_not_match(pattern: str, text: str) -> None:
    assert not compiled(pattern).matches(text)


@pytest.mark.parametrize(
    "pattern",
    ["(a", "a)", "[a", "a**", "*a", "(?=a)", r"\1", r"\Z", "[b-a]", "[[:x:]]", r"\p{Greek}", "a{1001}", "(?U)a", r"\x{110000}", "(?i)É"],
)  # fmt: skip
def test_what_is_not_matched_is_said(pattern: str) -> None:
    with pytest.raises(UnsupportedPatternError):
        compiled(pattern)


def test_categories_are_known_for_ascii_only() -> None:
    with pytest.raises(UnsupportedPatternError, match="version of Unicode"):
        compiled(r"^\PC*$").matches("é")


def test_nested_repetitions_end() -> None:
    """Python's own `re` tries every way to split the text: twice as long for each further letter."""
    assert not compiled("^(a+)+$").matches("a" * 5_000 + "b")
    assert not compiled("^(a|a)*(a|a)*$").matches("a" * 5_000 + "b")


def test_large_patterns_are_refused_before_they_are_built() -> None:
    with pytest.raises(UnsupportedPatternError, match="too large"):
        compiled("((a{1,500}){1,500}){1,500}")
    assert MOST_STATES < 500**3


def test_long_work_on_a_text_is_given_up() -> None:
    with pytest.raises(UnsupportedPatternError, match="too long"):
        compiled("(a?b?c?d?){200}x").matches(
            "".join(chr(ord("a") + number % 4) + chr(0x100 + number) for number in range(5_000))
        )


def test_what_was_read_once_is_read_again() -> None:
    """The sets of states that are kept change nothing."""
    pattern = compiled("^(ab|a)(bc|c)*$")
    assert [pattern.matches(text) for text in ("abc", "ab", "abbc", "abc", "")] == [True, True, True, True, False]
