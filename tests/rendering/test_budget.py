"""A template ends, whatever it does: with the line that took too much. And what is wrong with one is a problem, never a traceback."""

from __future__ import annotations

import pytest

from dsgen.problem import has_errors
from dsgen.rendering.budget import Budget
from dsgen.rendering.template import Rendered, Renderer
from tests.factories import Given, described
from tests.factories import made as made_of
from tests.rendering.templates import AGENT, made, refused, rendered

VALUES = "values:\n  list: [a, b]\n  map: {x: 1}\n  text: some text\n"


def limited(template: str, steps: int = 20_000) -> Rendered:
    renderer = Renderer(Given({"t.yaml.j2": template, "i": "{% set x = 1 %}" * 100}))
    return renderer.render("t.yaml.j2", described(AGENT + VALUES).context, Budget(steps))


# Each would take more than its budget; none would harm a machine.
@pytest.mark.parametrize(
    "taking",
    [
        pytest.param("{% for i in range(200) %}{% for j in range(200) %}{% endfor %}{% endfor %}", id="loops"),
        pytest.param("{% for i in range(200) %}{% for j in range(200) if j < 0 %}{% endfor %}{% endfor %}", id="entries that a loop leaves out"),
        pytest.param("{% for i in range(200) %}{% for j in range(200) %}{{ i if false else none }}{% endfor %}{% endfor %}", id="nothing"),
        pytest.param("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(16) }}", id="a macro"),
        pytest.param(
            "{% for x in [1, 2] recursive %}{% if loop.depth < 16 %}{% set y = loop([1, 2]) %}{% endif %}{% endfor %}", id="a recursive loop"
        ),
        pytest.param("{% for i in range(200) %}{% include 'i' %}{% endfor %}", id="includes"),
        pytest.param("{% set y = [1] * 30000 %}", id="a list, times"),
        pytest.param("{% set y = 30000 * [1] %}", id="times a list"),
        pytest.param("{% set n = namespace(x=[1]) %}{% for i in range(16) %}{% set n.x = n.x + n.x %}{% endfor %}", id="a list that doubles"),
        pytest.param("{% set n = namespace(x='abcdefgh') %}{% for i in range(18) %}{% set n.x = n.x + n.x %}{% endfor %}", id="text that doubles"),
        pytest.param("{% set n = namespace(x=[1]) %}{% for i in range(16) %}{% set n.x = [n.x, n.x] %}{% endfor %}a: {{ n.x }}", id="a value that doubles"),
        pytest.param("{% for i in range(12) %}{% set x %}{{ x }}{{ x }}abcdefgh{% endset %}{{ x }}{% endfor %}" + "x" * 200_000, id="text of a template"),
        pytest.param("{% set y = 'x' | batch(30000, 'y') | list %}", id="batch"),
        pytest.param("{% set y = range(5) | slice(30000) | list %}", id="slice"),
        pytest.param("{% set y = ([[1]] * 300) | sum(start=[]) %}", id="sum"),
        pytest.param("{% set y = ('a,' | replace('a', 'abcdefghijklmnop')) %}{% for i in range(9) %}{% set y = y | replace('', 'abcdefghijklmnop') %}{% endfor %}"
                     "{{ range(20000) | list | join('abcdefghijklmnop') }}", id="replace and join"),
        pytest.param("{% macro m() %}a\nb\n{% endmacro %}{% set y = m() | indent(200000) %}", id="indent"),
        pytest.param("{% set l = range(3000) | list %}{% for i in range(30) %}{% if l == l + [] %}{% endif %}{% endfor %}", id="comparing"),
        pytest.param("{% set l = range(3000) | list %}{% for i in range(30) %}{% if i in l %}{% endif %}{% endfor %}", id="looking for"),
        pytest.param("{% set l = range(3000) | list %}{% for i in range(30) %}{% if l is eq(values.list) %}{% endif %}{% endfor %}", id="a test"),
        pytest.param("{% set l = range(3000) | list %}{% for i in range(30) %}{% set y = l | sort | first %}{% endfor %}", id="sorting"),
        pytest.param("{% set l = range(3000) | list %}{% for i in range(30) %}{% set y = l[1:] %}{% endfor %}", id="slices"),
        pytest.param("{% set l = range(3000) | list %}{% for i in range(3) %}{% if loop.changed(l, l, l, l) %}{% endif %}{% endfor %}", id="changed"),
        pytest.param("a:\n{% for i in range(3000) %}\n  - {{ values.map }}\n{% endfor %}", id="values that are written"),
    ],
)  # fmt: skip
def test_a_template_that_takes_too_much(taking: str) -> None:
    result = limited(f"a: 1\n{taking}\n" if "a: {{" not in taking and "a:\n" not in taking else taking)
    assert result.tree is None
    (problem,) = result.problems
    assert (problem.code, problem.file) == (
        "invalid-template",
        f"templates/{'i' if 'include' in taking else 't.yaml.j2'}",
    )
    assert problem.message == "the template takes more than 4,000,000 steps"
    assert "a loop within a loop" in problem.hint
    assert problem.line >= 1


def test_what_templates_do_takes_little() -> None:
    """The shipped template, for an ordinary agent, takes a thousandth of its budget."""
    budget = Budget()
    before = budget.left
    result = Renderer(Given({})).render("daemonset.yaml.j2", described(AGENT + VALUES).context, budget)
    assert not result.problems
    assert 100 < before - budget.left < before / 1000


@pytest.mark.long
def test_all_variants_of_a_profile_share_a_budget() -> None:
    loop = "{% for i in range(700) %}{% for j in range(700) %}{% endfor %}{% endfor %}"
    template = f'{{% extends "dsgen/daemonset.yaml.j2" %}}{{% block metadata %}}{{{{ super() }}}}{loop}{{% endblock %}}'
    variants = "".join(f"  v{i}: {{nodes: {{select: {{a: v{i}}}}}}}\n" for i in range(9))
    one, nine = AGENT, f"{AGENT}variants:\n{variants}"
    assert not has_errors(made_of(one, templates={"daemonset.yaml.j2": template}).problems)
    found = made_of(nine, templates={"daemonset.yaml.j2": template}).problems
    assert [problem.code for problem in found if problem.severity == "error"] == ["invalid-template"]


def test_compiling_takes_nothing_from_the_budget() -> None:
    """The same profile comes to the same end whether its templates are compiled already."""
    renderer = Renderer(
        Given({"t": "a: {{ 'x,x' | replace('x', 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy') | upper }}"})
    )
    left = []
    for _ in range(2):
        budget = Budget(1000)
        assert not renderer.render("t", {}, budget).problems
        left.append(budget.left)
    assert left[0] == left[1]


class TestTemplatesThatExtendThemselves:
    def test_one(self) -> None:
        """The likeliest slip of all: the prefix forgotten."""
        (problem,) = rendered('\n{% extends "t.yaml.j2" %}').problems
        assert (problem.code, problem.file, problem.line) == ("invalid-template", "templates/t.yaml.j2", 2)
        assert problem.message == "the template extends itself"
        assert problem.hint == "the shipped one is called `dsgen/t.yaml.j2`"

    def test_two(self) -> None:
        others = {"a.j2": '{% extends "t.yaml.j2" %}'}
        (problem,) = rendered('{% extends "a.j2" %}', "", others).problems
        assert (problem.code, problem.line, problem.message) == ("invalid-template", 1, "the template extends itself")

    def test_two_that_are_not_the_first(self) -> None:
        others = {"a.j2": '{% extends "b.j2" %}', "b.j2": '{% extends "a.j2" %}'}
        (problem,) = rendered('{% extends "a.j2" %}', "", others).problems
        assert (problem.code, problem.message) == ("invalid-template", "the template extends itself")

    def test_by_a_name_that_is_computed(self) -> None:
        """The problem is at the line that runs when the stack ends, which may be either."""
        ((line, code),) = refused('{% set t = "t.yaml.j2" %}\n{% extends t %}')
        assert (line in (1, 2), code) == (True, "invalid-template")

    def test_by_a_long_way(self) -> None:
        others = {f"{i}.j2": f'{{% extends "{i + 1}.j2" %}}' for i in range(60)}
        (problem,) = rendered('{% extends "0.j2" %}', "", others).problems
        assert problem.message == "more than 50 templates extend each other"

    def test_one_that_includes_itself(self) -> None:
        (problem,) = rendered("a: 1\n{% include 't.yaml.j2' %}").problems
        assert (problem.code, problem.line) == ("invalid-template", 2)
        assert problem.message == "endless recursion of macros or includes"


@pytest.mark.parametrize(
    ("template", "line", "code"),
    [
        ("a: 1\n{% set pod.hostNetwork = true %}", 2, "invalid-template"),
        ("a: 1\nb: {{ values.list | dictsort }}", 2, "invalid-template"),
        ("a: 1\nb: {{ values.text | truncate(2) }}", 2, "invalid-template"),
        ("a: 1\nb: {{ values.list | map('uper') | list }}", 2, "invalid-template"),
        ("a: 1\nb: {{ values.list | select('evn') | list }}", 2, "invalid-template"),
        ("a: 1\nb: {{ values.list | map() | list }}", 2, "invalid-template"),
        ("a: 1\nb: {{ 5 | reverse | list }}", 2, "invalid-template"),
        ("a: 1\n{% import 5 as z %}", 2, "invalid-template"),
        ("{% extends none %}", 1, "invalid-template"),
        ("{% extends 'dsgen/daemonset.yaml.j2' %}\n{% extends 'dsgen/daemonset.yaml.j2' %}", 2, "invalid-template"),
        ("a: 1\n{% include values %}", 2, "invalid-template"),
        ("{% block a required %}{% endblock %}", 1, "invalid-template"),
        ("a: 1\nb: {{ [nosuch] }}", 2, "invalid-template"),
        ("a: 1\nb: {{ {'a': nosuch} }}", 2, "invalid-template"),
        ("a: 1\nb: {{ {1: 2} }}", 2, "invalid-template-output"),
        ("a: 1\nb: {{ [1.5] }}", 2, "invalid-template-output"),
        ("a: 1\nb: {{ [[range]] }}", 2, "invalid-template-output"),
        ("{% set x %}a{{ values.text }}{% endset %}\nb: {{ [x] }}", 2, "invalid-template-output"),
        ("{% set x %}a{{ values.text }}{% endset %}\nb: {{ x[1:] }}", 2, "invalid-template"),
        ("a: 1\nb: {{ 1e999 }}", 2, "invalid-template-syntax"),
        ("a: 1\nb: {{ 0x" + "f" * 80 + " }}", 2, "invalid-template-syntax"),
        ("{% macro m(a) %}{% endmacro %}\na: {{ m(a=1, a=2) }}", 2, "invalid-template-syntax"),
        ("a: 1\n{% macro m(a, a) %}{% endmacro %}", 2, "invalid-template-syntax"),
        ("a: 1\n" + "{% for i in [1] %}" * 21 + "{% endfor %}" * 21, 2, "invalid-template-syntax"),
        ("a: 1\n" + "{% if 1 %}\n" * 100 + "{% endif %}" * 100, 101, "invalid-template-syntax"),
        ("a: 1\nb: {{ " + "(" * 90 + "1" + ")" * 90 + " }}", 2, "invalid-template-syntax"),
        ("a: 1\nb: {{ 5 * 'a' }}", 2, "invalid-template"),
        ("a: 1\nb: {{ 9 ** 9 ** 9 }}", 2, "invalid-template"),
        ("a: 1\nb: {{ 99 * 10 ** 70 * 10 ** 70 }}", 2, "invalid-template"),
        ("a: 1\nb: {{ 5 | round(-1000) }}", 2, "invalid-template"),
        ("a: 1\nb: {{ values.list | sum(start='') }}", 2, "invalid-template"),
        ("{% macro m() %}a\nb\n{% endmacro %}\na: {{ m() | indent('# ') }}", 4, "invalid-template"),
        ("{% set n = namespace(x=[1]) %}\n{% for i in range(2000) %}{% set n.x = [n.x] %}{% endfor %}\na: {{ n.x }}", 1, "invalid-template"),
        ("a: 1\n" + "b: {{ 5 }}\n" * 7_000, 5001, "invalid-template-syntax"),
        ("a: 1\nb: " + "x" * 6_000 + "{{ 5 }}", 2, "invalid-template-syntax"),
        ("a: 1\n{% include 'b c.j2' %}", 2, "unknown-template"),
        ("a: 1\n{% include 'b\\nc.j2' %}", 2, "unknown-template"),
    ],
)  # fmt: skip
def test_a_slip_is_a_problem_with_its_line(template: str, line: int, code: str) -> None:
    (problem,) = rendered(template, VALUES).problems
    assert (problem.line, problem.code, problem.file) == (line, code, "templates/t.yaml.j2")


def test_a_name_that_is_none() -> None:
    """The name of a template comes to stand in code."""
    found = made_of(AGENT + 'templates: ["x y.yaml.j2"]\n').problems
    assert [(problem.code, problem.file, problem.line) for problem in found] == [
        ("unknown-template", "profile.yaml", 3)
    ]


def test_out_of_memory_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(self: object, text: str) -> None:
        raise MemoryError

    monkeypatch.setattr("dsgen.rendering.tree_builder.TreeBuilder.tree", exhausted)
    (problem,) = rendered("a: 1").problems
    assert (problem.code, problem.message) == (
        "invalid-template",
        "the output of the template does not fit into memory",
    )


def test_one_object_has_a_largest_size() -> None:
    (problem,) = rendered(f"a: 1\nb: {'c' * 1_100_000}\n").problems
    assert (problem.code, problem.hint) == (
        "invalid-template-output",
        "an object may have at most 1048576 bytes",
    )


def test_what_is_allowed_stays_so() -> None:
    template = """
        a: {{ values.list | batch(3, 'z') | list }}
        b: {{ values.text | replace('some', 'any') }}
        c: {{ [1, 2, 3] | sum }}
        d: {{ [[1], [2]] | sum(start=[]) }}
        e: {{ 2 ** 31 - 1 }}
        f: {{ 2.4 | round | int }}
        g: {{ [1, 2, 3][1:] }}
        l: {{ values.text[:4] }}{{ values.text[::-1] }}
        h: {{ 'a' in values.list and values.list == ['a', 'b'] }}
        i: {{ values.list | select('eq', 'a') | list }}
        j: {{ [3, 1, 2] | sort | join(',') }}
        k: {{ 7 // 2 }}
        """
    assert made(template, VALUES) == {
        "a": [["a", "b", "z"]], "b": "any text", "c": 6, "d": [1, 2], "e": 2147483647, "f": 2, "g": [2, 3], "h": True, "i": ["a"],
        "j": "1,2,3", "k": 3, "l": "sometxet emos",
    }  # fmt: skip
