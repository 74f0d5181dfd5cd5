"""Strings that some reader of YAML takes for something else, or cuts, or folds, or refuses."""

from __future__ import annotations

import random

# One a line or column: words, numbers, dates, marks, blanks, breaks, indicators, invisible and astral characters.
KNOWN = [
    "", "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "on", "On", "ON", "off", "true", "True", "TRUE", "false", "null", "Null", "NULL", "~",
    "nil", "None", "none", "undefined", "NaN", "nan", "inf", "Infinity", ".inf", "-.inf", "+.INF", ".Inf", ".nan", ".NaN",
    "0", "-0", "00", "08", "07", "0644", "0o644", "0O17", "0o8", "0x1F", "0X1f", "0x", "0b1", "0b1010_0111", "0x_0A_74_AE", "-012", "+1", "-1",
    "+", "-", "--", "---", "--- a", "---a", "...", "... a", "..", ".", "1.", "1.0", ".5", "5.", "-.5", "1.10", "1.2.3", "1e3", "1E3", "1e+3",
    "1e-3", "1e", "e1", "12e03", "0.", "0_0", "_1", "1_", "1__0", "1_000", "1,000", "685.230_15e+03", "12:30", "12:30:45", "190:20:30", "1:",
    "1:2", "190:20:30.15", "1" * 40, "123456789012345678901234567890", "0.1e400",
    "2001-01-01", "2001-1-1", "2001-01-01T00:00:00Z", "2001-12-14t21:59:43.10-05:00", "2001-01-01 10:00:00", "10.0.0.1", "::1", "1k", "100m",
    "1Gi", "1e3m", "v1", "=", "==", "<<", "<", "<a", "=a", "!", "!a", "!!str a", "&", "&a", "*", "*a", "**", "/*", "|", "|a", "|-", ">", ">-",
    "%", "%a", "%YAML 1.1", "@", "@a", "`", "`a", "?", "? a", "?a", ":", ": a", ":a", "a:", "a: b", "a:b", "a :b", "#", "#a", "# a", "a#b",
    "a #b", "a# b", "[", "]", "[a]", "{", "}", "{a}", "{a: b}", "{{ x }}", "{% x %}", "{# x #}", ",", "a, b", "a,b", "'", "''", "'a'", "a'b",
    '"', '""', '"a"', 'a"b', "\\", "\\n", "a\\b", "\\u0041", "\\x41", "\\\n", "$(X)", "$X", "${X}", "(a)", "()", "a;b", "a|b", "a>b", "a&b",
    "a!b", "a%b", "a@b", "a`b", "a*b", "- a", "- ", "-a", "--a", "-- a", "a - b", "a-", "<<: *a", "key: [1, 2]", "~a", "null a", "true ", "y ",
    " y", "on:", "a\\", "/", "a/b", "a=b", "*.log", "a.*", "^a$", "a\tb",
    " ", "  ", " a", "a ", "  a  ", "\t", "\ta", "a\t", "a\t#b", "a \t", "\n", "\n\n", " \n", "\n ", "a\n", "a\n\n", "a\n\n\n", "\na", "\n\na",
    "a\nb", "a\nb\n", "a\n\nb", "a\n\n\nb\n", "a\n b", "  a\nb", " a\n  b\n", "a\n\tb", "\ta\nb", "a\n  \nb", "a\n \n", "a \nb", "a \nb \n",
    "a\n#b", "# a\nb", "- a\nb", "- a\n- b", "a: b\nc: d", "a:\n  b", "a\n---\nb", "---\na", "a\n...\nb", "a\n---", "a\n%b", "\n---\n", "|\n",
    ">\n a", '"\n', "'\n'", "null\n", "yes\nno", "1\n2", "a\n\u2028b", "\ufeffa\nb", "a\n\ufeffb", "é\nü\n",
    "\r", "a\r", "a\rb", "a\r\nb", "\r\n", "a\r\n", "\n\r", "\x85", "a\x85b", "a\x85", "\x85\n", "\u2028", "a\u2028b", "a\u2028", "\u2029",
    "a\u2029b", "a\nb\u2029c", "\x00", "a\x00b", "\x01", "\x07", "\x08", "\x0b", "\x0c", "a\x0cb", "\x1b", "\x1b[0m", "\x1f", "\x7f", "\x80",
    "\x9f", "\xa0", "\xa0a", "a\xa0", "\xad", "a\xadb", "\u0301", "e\u0301", "\u0600", "\u061c", "\u180e", "\u200b", "a\u200bb", "\u200d", "\u200e",
    "\u202e", "\u2060", "\u3000", "\u3000a", "a\u3000", "\ufeff", "a\ufeffb", "a\ufeff", "\ufffd", "\ufffe", "\uffff", "\ufdd0", "\ue000",
    "\ue0000\ue001", "\ue002a,1\ue002", "\uf8ff", "\ud7ff", "\U00010000", "😀", "a😀b", "😀\n😀", "🏳️‍🌈", "𝒳", "\U0001ffff", "\U000e0001", "\U0010fffe",
    "\U0010ffff", "é", "läuft", "日本語", "日本語: 日本語", "٣", "１２", "ｙｅｓ", "İ", "ß", "naïve café", "x" * 300, "a " * 200, "a" * 5000,
    "x" * 100 + "\n" + "y " * 100, "word " * 30 + "end",
]  # fmt: skip

_LETTERS = list(
    " \t\n\r:#-'\"\\{}[],&*!|>%@`~=<?./_+0123456789abefnoxyzNYTE\x85\u2028\ufeff\xa0é😀\x00\x07\u200b\ufffe"
)
_PARTS = [
    " ",
    "  ",
    "\n",
    "\n ",
    "\n\n",
    ": ",
    " #",
    "- ",
    "---",
    "...",
    "a",
    "b: c",
    "'",
    '"',
    "1",
    "e",
    ".",
    "0x",
    "yes",
    "~",
    "é",
    "\t",
    "\\",
]


def strings(count: int) -> list[str]:
    """Return at least `count` different strings, the same in each run: the known ones and mixtures."""
    chance = random.Random(1)
    found = dict.fromkeys(KNOWN)
    while len(found) < count:
        letters = _LETTERS if chance.random() < 0.7 else _PARTS
        found["".join(chance.choice(letters) for _ in range(chance.randint(1, 8)))] = None
    return list(found)
