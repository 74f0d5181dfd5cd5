"""Expressions of each function and operator, with the values that they are about: those at limits, and those that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final

_TEXTS: Final = (
    "",
    "a",
    "abc",
    "aXbXc",
    " a b ",
    "é",
    "ÀB",
    "a,b,,c",
    "%d",
    "0",
    "1.5",
    "-7",
    "true",
    "1e3",
    "ab" * 20,
)
_NUMBERS: Final = ("0", "1", "-1", "2", "5", "9223372036854775807", "-9223372036854775808")
_DOUBLES: Final = (
    "0.0",
    "1.5",
    "-2.5",
    "1e30",
    "1e-7",
    "100000.0",
    "123456789.125",
    "double('NaN')",
    "double('Infinity')",
)
_QUANTITIES: Final = (
    *("1", "1.0", "1.5", "1000m", "1k", "1Ki", "0", "-1", "+5", "1e3", "1E3", "1E", "0.5Gi", "1.23456789n", ".5", "5."),
    *("9223372036854775807", "9223372036854775808", "1Ei", "9Ei", "", "abc", "1 ", "1kk", "100m", "0.1", "1e-10"),
)
_ADDRESSES: Final = (
    *("127.0.0.1", "10.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "169.254.1.1", "01.2.3.4", "1.2.3", "::1"),
    *("::", "fe80::1", "fd80::1", "ff02::1", "2001:db8::abcd", "2001:DB8:0::abcd", "::ffff:1.2.3.4", "fe80::1%eth0"),
    *("::1.2.3.4", "1:2:3:4:5:6:7:8", "12345::", "a", "", "239.255.255.255", "ff05::1"),
)
_BLOCKS: Final = (
    *("10.0.0.0/8", "10.1.2.3/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "10.0.0.1/32", "10.0.0.0/33", "10.0.0.0/08"),
    *("10.0.0.0", "::ffff:10.0.0.0/104", "fe80::1%a/64", "", "10.0.0.0/-1", "fd00::/8", "10.0.0.0/16"),
)
_VERSIONS: Final = (
    *("1.2.3", "1.2.4", "1.10.0", "1.2.3-alpha", "1.2.3-alpha.1", "1.2.3-alpha.beta", "1.2.3-1", "1.2.3-01", "1.2.3+b"),
    *(
        "v1.2.3",
        "1.2",
        "1",
        "01.2.3",
        "1.2.3-",
        "1.2.3+",
        "",
        "a",
        "v01.02",
        "1.2.3-rc.1+b.2",
        "18446744073709551615.0.0",
    ),
)
_URLS: Final = (
    *("https://example.com:80/a?b=c&b=d#e", "http://user@h/p", "https://[::1]:8/a%2Fb", "/path", "a", "", "mailto:a@b"),
    *("https://example.com/ö", "http://h:x/", "http://a b/", "//host/path", "https://h?a=1&c"),
)
_LISTS: Final = (
    "[]",
    "[1]",
    "[1, 2, 3]",
    "[3, 1, 2]",
    "[1, 1]",
    "['b', 'a']",
    "[1.5, 0.5]",
    "[true, false]",
    "[[1], [2, 3]]",
    "[b'a', b'b']",
)
_PATTERNS: Final = (
    "",
    "a",
    "^a",
    "c$",
    "[a-b]+",
    "(a)(b)",
    "(?i)A",
    "\\\\d+",
    "(a{100}){100}",
    "X|b",
    "a*",
    "(",
    "[",
    "\\\\p{L}",
    "a{2,1}",
    "\\\\C",
    "(?<n>a)",
)
_TIMES: Final = (
    "2020-01-31T23:59:59Z",
    "2020-02-29T01:02:03.123456789+02:00",
    "1969-12-31T00:00:00Z",
    "2020-01-01",
    "0001-01-01T00:00:00Z",
)
_DURATIONS: Final = ("1h", "90m", "1.5s", "-1s", "1ns", "100ms", "", "1d", "1h2m3.4s", "0")


def _quoted(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"'{text}'" for text in texts)


def samples() -> Iterator[tuple[str, str]]:
    """Yield a group, and an expression of it."""
    for group, expressions in GROUPS.items():
        yield from ((group, expression) for expression in expressions)


def _each(form: str, *values: tuple[str, ...]) -> list[str]:
    return [form.format(*each) for each in product(*values)]


_T, _Q, _A, _B, _V, _U = map(_quoted, (_TEXTS, _QUANTITIES, _ADDRESSES, _BLOCKS, _VERSIONS, _URLS))
_P, _TS, _D = map(_quoted, (_PATTERNS, _TIMES, _DURATIONS))
_SCALARS: Final = (
    "1",
    "1u",
    "1.0",
    "'a'",
    "true",
    "null",
    "[1]",
    "{'a': 1}",
    "b'a'",
    "timestamp('2020-01-01T00:00:00Z')",
    "duration('1s')",
    "quantity('1')",
    "type(1)",
)

GROUPS: Final = {
    "operators": [
        *(
            f"dyn({a}) {operator} dyn({b})"
            for operator in ("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in", "&&", "||")
            for a, b in product(_SCALARS, _SCALARS)
        ),
        *(f"{a} {operator} {b}" for operator in ("==", "<", "+", "in") for a, b in product(_SCALARS, _SCALARS)),
        *_each("{} {} {}", _NUMBERS, ("+", "-", "*", "/", "%", "<", "=="), _NUMBERS),
        *_each("{} {} {}", _DOUBLES, ("+", "-", "*", "/", "<", "=="), _DOUBLES),
        *_each("{}dyn({})", ("!", "-"), _SCALARS),
        *_each(
            "dyn({})[{}]",
            ("[1, 2]", "{'a': 1}", "{1: 2}", "1", "'abc'"),
            ("0", "1", "2", "-1", "'a'", "1.0", "1u", "true", "null"),
        ),
        *_each("dyn({}) ? 1 : 2", _SCALARS),
    ],
    "conversions": [
        *_each(
            "{}(dyn({}))",
            ("int", "uint", "double", "string", "bool", "bytes", "type", "dyn", "size", "timestamp", "duration"),
            (*_SCALARS, *_T, *_NUMBERS, *_DOUBLES),
        ),
        *_each("{}({})", ("int", "double", "bool", "timestamp", "duration"), (*_T, *_TS, *_D)),
    ],
    "strings": [
        *_each("{}.{}()", _T, ("size", "lowerAscii", "upperAscii", "trim")),
        *_each(
            "{}.{}({})",
            _T,
            ("contains", "startsWith", "endsWith", "indexOf", "lastIndexOf", "split"),
            ("''", "'a'", "'X'", "'b'", "','"),
        ),
        *_each("{}.{}({})", _T, ("charAt", "substring"), ("0", "1", "3", "-1", "99")),
        *_each("{}.substring({}, {})", _T, ("0", "1", "2"), ("0", "1", "3", "99")),
        *_each("{}.{}('X', {})", _T, ("indexOf", "lastIndexOf", "split"), ("0", "1", "2", "-1", "99")),
        *_each("{}.replace({}, {})", _T, ("''", "'X'", "'a'"), ("''", "'YY'")),
        *_each("{}.replace('X', 'Y', {})", _T, ("0", "1", "-1")),
        *_each("strings.quote({})", (*_T, "'a\\n\"b\\\\'", "'\\u0000'")),
        *_each("{}.join()", ("['a', 'b']", "[]", "['a']")),
        *_each("['a', 'b'].join({})", _T),
        *_each(
            "'{}'.format([{}])",
            ("%s", "%d", "%f", "%.2f", "%e", "%x", "%X", "%b", "%o", "a", "%%", "%s %s", "%", "%q", "%.20f"),
            (*_SCALARS, *_NUMBERS, *_DOUBLES, "-255", "'é'", "[1, 'a']", "{'b': 1, 'a': 2}"),
        ),
        "'%d %s'.format([1, 'a'])",
        "'abc'.reverse()",
    ],
    "matches": [*_each("{}.matches({})", _T, _P), *_each("dyn({}).matches(string({}))", _T[:4], _P)],
    "lists": [
        *_each(
            "{}.{}()",
            _LISTS,
            ("size", "isSorted", "sum", "min", "max", "reverse", "distinct", "sort", "flatten", "first", "last"),
        ),
        *_each("dyn({}).{}()", _LISTS, ("isSorted", "sum", "min", "max", "sort")),
        *_each("{}.{}({})", _LISTS, ("indexOf", "lastIndexOf", "includes"), ("1", "2", "'a'", "1.0", "true", "[1]")),
        *_each("{}.slice({}, {})", _LISTS, ("0", "1", "-1"), ("0", "1", "3", "9")),
        *_each("[[1, [2]], [[3]]].flatten({})", ("0", "1", "2", "-1")),
        *_each("lists.range({})", ("0", "3", "-1")),
        *_each("[3, 1, 2].sortBy(x, {})", ("x", "-x", "string(x)", "x == 1", "[x]")),
        *_each("{} + {} == []", _LISTS, _LISTS),
    ],
    "sets": _each("sets.{}({}, {})", ("contains", "equivalent", "intersects"), _LISTS, _LISTS),
    "comprehensions": [
        # Go goes through maps in any order: the results of maps with several keys are not lists.
        *_each(
            "{}.{}(x, {})",
            ("[1, 2, 3]", "[]", "{'a': 1}", "dyn(1)"),
            ("all", "exists", "exists_one", "existsOne", "filter", "map"),
            ("x == 1", "x > 1", "true", "dyn(x) + 1 > 1", "x"),
        ),
        *_each("{{'a': 1, 'b': 2}}.{}(x, {})", ("all", "exists", "exists_one"), ("x == 'a'", "x > 'a'", "true", "x")),
        *_each("{}.map(x, {}, {})", ("[1, 2, 3]", "{'a': 1}"), ("x == 1", "true"), ("x", "[x]")),
        *_each(
            "{}.{}(i, v, {})",
            ("[1, 2, 3]", "[]", "{'a': 1}"),
            ("all", "exists", "existsOne", "exists_one", "transformList", "transformMap"),
            ("dyn(i) == 1", "v > 1", "true", "v", "dyn(i)"),
        ),
        *_each("{}.transformMapEntry(i, v, {})", ("[1, 2]", "{'a': 1}"), ("{v: i}", "{'x': v}", "{}")),
        "[1, 2].exists(x, 1 / (x - 1) > 0)",
        "[1, 2].all(x, 1 / (x - 1) > 0)",
    ],
    "optionals": [
        *_each(
            "{{'a': {{'b': 1}}}}.{}",
            (
                "?a",
                "?c",
                "?a.?b.value()",
                "?a.?c.value()",
                "?a.?b.orValue(2)",
                "?c.?b.orValue(2)",
                "?a.hasValue()",
                "?c.hasValue()",
                "?a.b.hasValue()",
            ),
        ),
        *_each("[1, 2][?{}]", ("0", "5", "-1")),
        *_each(
            "optional.{}",
            (
                "of(1).value()",
                "none().hasValue()",
                "ofNonZeroValue(0).hasValue()",
                "of(1).optMap(x, x + 1).value()",
                "of(1).or(optional.of(2)).value()",
                "none().orValue(3)",
                "of(1).optFlatMap(x, optional.of(x)).value()",
                "none().value()",
            ),
        ),
        *(
            "{?'a': optional.of(1)}",
            "{?'a': optional.none()}",
            "[?optional.of(1), ?optional.none()]",
            "optional.of(1) == optional.of(1)",
            "optional.unwrap([optional.of(1)])",
            "[optional.of(1)].unwrapOpt()",
        ),
    ],
    "times": [
        *_each(
            "timestamp({}).{}()",
            _TS,
            (
                "getFullYear",
                "getMonth",
                "getDate",
                "getDayOfMonth",
                "getDayOfWeek",
                "getDayOfYear",
                "getHours",
                "getMinutes",
                "getSeconds",
                "getMilliseconds",
            ),
        ),
        *_each("timestamp({}).getHours({})", _TS, ("'+01:00'", "'-05:30'", "'Europe/Berlin'", "'nowhere'")),
        *_each("duration({}).{}()", _D, ("getHours", "getMinutes", "getSeconds", "getMilliseconds")),
        *_each("string({}({}))", ("timestamp",), _TS),
        *_each("string({}({}))", ("duration",), _D),
        *_each("duration({}) {} duration({})", _D, ("+", "-", "<", "=="), _D),
        *_each("timestamp({}) {} timestamp({})", _TS, ("-", "<", "=="), _TS),
        *_each("timestamp({}) + duration({})", _TS, _D),
    ],
    "quantity": [
        *_each("{}({})", ("quantity", "isQuantity"), _Q),
        *_each("quantity({}).{}()", _Q, ("asInteger", "isInteger", "asApproximateFloat")),
        *_each("sign(quantity({}))", _Q),
        *_each("quantity({}).{}(quantity({}))", _Q[:18], ("isGreaterThan", "isLessThan", "compareTo"), _Q[:18]),
        *_each(
            "quantity({}).{}({}).compareTo(quantity('1'))",
            _Q[:18],
            ("add", "sub"),
            ("1", "-1", "quantity('500m')", "quantity('1Gi')"),
        ),
        *_each("quantity({}) {} quantity({})", _Q[:8], ("==", "!="), _Q[:8]),
        "[quantity('1')] == [quantity('1000m')]",
        "quantity('1') in [quantity('1')]",
        "[quantity('1')].all(q, q == quantity('1000m'))",
        "type(quantity('1')) == string",
    ],
    "ip": [
        *_each("{}({})", ("ip", "isIP", "ip.isCanonical"), _A),
        *_each(
            "ip({}).{}()",
            _A,
            ("family", "isUnspecified", "isLoopback", "isLinkLocalMulticast", "isLinkLocalUnicast", "isGlobalUnicast"),
        ),
        *_each("ip({}) == ip({})", _A[:18], ("'::1'", "'2001:db8::abcd'", "'10.0.0.1'")),
        *_each("string(ip({}))", _A),
    ],
    "cidr": [
        *_each("{}({})", ("cidr", "isCIDR"), _B),
        *_each("cidr({}).{}()", _B, ("ip", "prefixLength", "masked")),
        *_each("cidr({}).containsIP({})", _B, _A),
        *_each("cidr({}).containsIP(ip({}))", _B[:6], _A[:8]),
        *_each("cidr({}).containsCIDR({})", _B, _B),
        *_each("cidr({}).containsCIDR(cidr({}))", _B[:6], _B[:6]),
        *_each("cidr({}) == cidr({})", _B[:5], _B[:5]),
        *_each("string(cidr({}))", _B),
    ],
    "semver": [
        *_each("{}({})", ("semver", "isSemver"), _V),
        *_each("{}({}, {})", ("isSemver",), _V, ("true", "false")),
        *_each("semver({}, true).{}()", _V, ("major", "minor", "patch")),
        *_each("semver({}).{}(semver({}))", _V[:10], ("isGreaterThan", "isLessThan", "compareTo"), _V[:10]),
        *_each("semver({}) == semver({})", _V[:10], _V[:10]),
    ],
    "urls": [
        *_each("{}({})", ("isURL",), _U),
        *_each("url({}).{}()", _U, ("getScheme", "getHost", "getHostname", "getPort", "getEscapedPath", "getQuery")),
        "url('https://a/') == url('https://a/')",
    ],
    "regex": [
        *_each("{}.find({})", _T, _P),
        *_each("{}.findAll({})", _T, _P),
        *_each("{}.findAll('a', {})", _T, ("0", "1", "-1")),
    ],
    "format": [
        *_each(
            "format.{}().validate({}).hasValue()",
            (
                "dns1123Label",
                "dns1123Subdomain",
                "dns1035Label",
                "qualifiedName",
                "dns1123LabelPrefix",
                "labelValue",
                "uri",
                "uuid",
                "byte",
                "date",
                "datetime",
            ),
            (*_T[:9], "'a-b'", "'a.b'", "'a/b'", "'A'", "'1a'", "'a-'", "'2020-01-01'", "'https://a/'", "'YQ=='"),
        ),
        *_each("format.named({}).hasValue()", ("'dns1123Label'", "'nothing'")),
    ],
    # What dsgen does not evaluate, as the library does it otherwise (dsgen.kubernetes.cel.unlike), where no other group has it.
    "unlike": [
        *_each(
            "{}.{}({})",
            ("[quantity('1'), quantity('1000m')]", "[semver('1.0.0+a'), semver('1.0.0+b')]"),
            ("indexOf", "lastIndexOf", "includes"),
            ("quantity('1.0')", "semver('1.0.0')"),
        ),
        *_each("{}.distinct()", ("[quantity('1'), quantity('1000m')]", "[semver('1.0.0+a'), semver('1.0.0+b')]")),
        *_each("sets.{}([quantity('1')], [quantity('1000m')])", ("contains", "equivalent", "intersects")),
        *_each("{} == {}", *2 * [("[[quantity('1')]]", "[[quantity('1000m')]]")]),
        *_each("{} != {}", *2 * [("{'a': quantity('1')}", "{'a': quantity('1000m')}")]),
        *_each("quantity('1') {} dyn({})", ("==", "!="), ("1", "null", "'1'")),
        *_each("[{}][0]", ("timestamp('2020-01-01T00:00:00Z')", "duration('1s')", "b'a'")),
        *_each("{{'a': {}}}['a']", ("timestamp('2020-01-01T00:00:00Z')", "duration('1s')", "b'a'")),
        *_each("int({})", ("timestamp('2020-01-01T00:00:00Z')", "duration('1s')")),
        *_each("{}.{}()", ("[1u, 2u]", "[[1u], [2u]]"), ("sum", "min", "max", "first", "last", "isSorted")),
        *_each("[1u, 2u].{}(2u)", ("indexOf", "lastIndexOf", "includes")),
        *_each("string({})", ("1.0 / 0.0", "-1.0 / 0.0", "0.0 / 0.0", "1.0 / 4.0", "double('Infinity')")),
        *_each(
            "{}({})",
            ("string", "type", "dyn", "size"),
            ("quantity('1')", "semver('1.0.0')", "ip('10.0.0.1')", "cidr('10.0.0.0/8')"),
        ),
        *_each("'%s'.format([{}])", ("quantity('1')", "ip('10.0.0.1')", "cidr('10.0.0.0/8')")),
        *_each("{} {} {}", ("1", "1u", "1.5"), ("<", "<=", ">", ">="), ("1", "1u", "1.5")),
    ],
    # Fields of what has none.
    "fields": [
        *_each(
            "{0}{2} == 1 || {1}",
            ("self.a", "self.null", "self.whole", "self.float", "self.list", "self.map.x", "self.map.x.y"),
            ("false", "self.a == 'text'"),
            (
                ".k",
                ".k.l",
                "['k']",
                "[0]",
                "[?'k'].orValue(1)",
                "[?0].orValue(1)",
                ".?k.orValue(1)",
                ".?k.?l.orValue(1)",
            ),
        ),
        *_each(
            "{}has({}.k)",
            ("", "!", "self.a == 'text' || ", "self.a == 'text' && ", "self.a == '' || "),
            ("self.a", "self.null", "self.whole", "self.list", "self.map.x", "self.map.x.y", "self.none"),
        ),
        *_each(
            "{}({})",
            ("size", "type", "string", "int", "bool", "dyn"),
            ("self.a", "self.null", "self.whole", "self.list", "self.map"),
        ),
        *_each(
            "{}.{}",
            ("self.a", "self.null", "self.whole", "self.list", "self.map"),
            (
                "size()",
                "all(x, x == 1)",
                "exists(x, x == 1)",
                "map(x, x).size()",
                "filter(x, x == 1).size()",
                "exists_one(x, x == 1)",
            ),
        ),
    ],
    "data": [
        *(
            "self",
            "self.a",
            "self.none",
            "has(self.a)",
            "has(self.none)",
            "self['a-b']",
            "self.list[0]",
            "self.list[9]",
            "self.map.x.y",
        ),
        *(
            "self.?none.orValue(1)",
            "self.whole + 1",
            "self.float + 1.0",
            "self.whole == 1.0",
            "self.null == null",
            "has(self.null)",
        ),
        *(
            "self.list.all(x, x > 0)",
            "self.map.all(k, k == 'x')",
            "size(self)",
            "'a' in self",
            "self.none.all(x, x)",
            "type(self.float)",
        ),
    ],
}
DATA: Final = {
    "a": "text",
    "a-b": 1,
    "list": [1, 2, 3],
    "map": {"x": {"y": True}},
    "whole": 1,
    "float": 1.5,
    "null": None,
}
