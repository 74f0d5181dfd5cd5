"""Templates: sentences of Jinja2's grammar, most of which mean nothing, and shipped ones with lines damaged."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from conformance.hostile.texts import TOKENS, damaged
from dsgen.rendering.filters import filter_names

NAMES: Final = (
    "values", "pod", "metadata", "containers", "template", "selector", "volumes", "service", "loop", "self", "super", "caller", "range", "namespace", "nosuch", "x", "y", "ns",
    "values.list", "values.map", "values.text", "values.number", "values.deep", "pod.hostNetwork", "pod.tolerations", "loop.index", "loop.length", "ns.x", "m", "varargs", "kwargs",
)  # fmt: skip
CONSTANTS: Final = (
    "none", "true", "0", "1", "-1", "2", "5", "1.5", "99999", "9999999999999999999999", "1e9", "''", "'a'", "'%s'", "'a.b'", "'name'", "'dsgen/daemonset.yaml.j2'", "'t.yaml.j2'",
    "'o.j2'", "[]", "{}", "[1, 2]", "{'a': 1}", "('a', 'b')", "range(9)", "range(99999)", "'\\n'",
)  # fmt: skip
TESTS: Final = (
    "defined", "none", "in", "eq", "divisibleby", "mapping", "iterable", "sameas", "string", "odd", "lt", "lower", "nosuch", "callable", "number", "filter",
)  # fmt: skip
OPERATORS: Final = ("+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">=", "and", "or", "in", "not in")


def expression(chance: Random, depth: int = 3) -> str:
    """Return an expression."""
    how = chance.random() if depth else 0
    if how < 0.3:
        return chance.choice(NAMES if chance.random() < 0.6 else CONSTANTS)

    def inner() -> str:
        return expression(chance, depth - 1)

    if how < 0.42:
        return f"{inner()} {chance.choice(OPERATORS)} {inner()}"
    if how < 0.58:
        arguments = ", ".join(inner() for _ in range(chance.choice((0, 0, 1, 1, 2, 3))))
        named = chance.choice(("", "", "", "attribute='name'", "reverse=true", "start=[]", "default=5", "first=true"))
        every = ", ".join(filter(None, (arguments, named)))
        return f"({inner()}) | {chance.choice((*filter_names(), 'nosuch'))}{f'({every})' if every else ''}"
    if how < 0.66:
        return f"({inner()}) is {chance.choice(('', 'not '))}{chance.choice(TESTS)}{chance.choice(('', f' {inner()}', f'({inner()})'))}"
    if how < 0.72:
        return f"{chance.choice(NAMES)}({', '.join(inner() for _ in range(chance.choice((0, 1, 2))))})"
    if how < 0.78:
        return f"({inner()})[{chance.choice((inner(), f'{inner()}:', f':{inner()}', f'::{inner()}'))}]"
    if how < 0.84:
        return f"[{inner()}, {inner()}]" if chance.random() < 0.5 else f"{{{inner()}: {inner()}}}"
    if how < 0.9:
        return f"({inner()} if {inner()}{f' else {inner()}' if chance.random() < 0.7 else ''})"
    if how < 0.95:
        return f"{chance.choice(('not ', '-', '+'))}({inner()})"
    return f"({inner()}).{chance.choice(('name', 'x', '__class__', 'index', 'items', 'list', 'append'))}"


def statement(chance: Random, depth: int = 3) -> str:
    """Return lines of a template."""
    how = chance.random()

    def value() -> str:
        return expression(chance)

    def body() -> str:
        return "".join(statement(chance, depth - 1) for _ in range(chance.choice((0, 1, 1, 2)))) if depth else ""

    name = chance.choice("xyzm")
    if how < 0.3 or not depth:
        return f"{chance.choice(('a', 'b', 'c', '{{ ' + value() + ' }}', '  d', '- e', 'f: x', '- - '))}: {chance.choice(('', 'x', 'v-'))}{{{{ {value()} }}}}\n"
    if how < 0.36:
        return f"{' ' * chance.choice((0, 2, 4))}{{{{ {value()} }}}}\n"
    if how < 0.52:
        loop = chance.choice(
            (
                f"{name} in {value()}",
                f"{name}, y in {value()}",
                f"{name} in {value()} if {value()}",
                f"{name} in {value()} recursive",
            )
        )
        return f"{{% for {loop} %}}\n{body()}{chance.choice(('', '{% else %}' + body()))}{{% endfor %}}\n"
    if how < 0.62:
        return f"{{% if {value()} %}}\n{body()}{chance.choice(('', '{% else %}' + body(), '{% elif ' + value() + ' %}' + body()))}{{% endif %}}\n"
    if how < 0.72:
        target = chance.choice((name, "ns.x", "pod.x", "x, y", "loop"))
        return (
            chance.choice(
                (
                    f"{{% set {target} = {value()} %}}",
                    f"{{% set {name} %}}{body()}{{% endset %}}",
                    f"{{% set ns = namespace(x={value()}) %}}",
                )
            )
            + "\n"
        )
    if how < 0.8:
        return f"{{% macro m({chance.choice(('', 'x', 'x, y=1', 'x, x'))}) %}}{body()}{{% endmacro %}}\n{{{{ m({chance.choice(('', value()))}) }}}}\n"
    if how < 0.84:
        return f"{{% call{chance.choice(('', '(x)'))} m({value()}) %}}{body()}{{% endcall %}}\n"
    if how < 0.87:
        return f"{{% filter {chance.choice(filter_names())} %}}{body()}{{% endfilter %}}\n"
    if how < 0.91:
        return f"{{% include {value()}{chance.choice(('', ' ignore missing', ' without context'))} %}}\n"
    if how < 0.94:
        return f"{{% import {value()} as {name} %}}\n{{{{ {name}.m(1) }}}}\n"
    if how < 0.96:
        return f"{{% block {chance.choice(('pod', 'metadata', 'mine'))}{chance.choice(('', ' scoped', ' required'))} %}}\n{body()}{{% endblock %}}\n"
    if how < 0.98:
        return f"{{% with {name} = {value()} %}}{body()}{{% endwith %}}\n"
    return f"{{% extends {value()} %}}\n" if chance.random() < 0.5 else f"{chance.choice(TOKENS)}\n"


def template(shipped: Sequence[str], chance: Random) -> str:
    """Return a template."""
    if chance.random() < 0.35:
        return damaged(shipped, chance)
    start = chance.choice(
        (
            "",
            "",
            '{% extends "dsgen/daemonset.yaml.j2" %}\n',
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{ metadata }}\n",
        )
    )
    return start + "".join(statement(chance) for _ in range(chance.choice((1, 1, 2, 4))))
