"""Jinja2 that knows YAML, point by point."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from dsgen import yaml_writer
from dsgen.plain import plain
from dsgen.rendering.template import Renderer
from dsgen.tree import Map, Null, Text, Value, origin_of
from tests.factories import Given
from tests.rendering.templates import made, refused, rendered, tree

VALUES = """
values:
  text: some text
  hash: "a # b: c"
  number: 5
  truth: true
  list: [a, b]
  map: {x: 1, y: [2]}
  empty: {}
  none: []
  key: a.b/c
  items: mine
  keys: mine too
  lines: "one\\ntwo\\n"
"""


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param("a: {{ values.text }}", "a: some text", id="text"),
        pytest.param("a: {{ values.hash }}", 'a: "a # b: c"', id="text that YAML would cut"),
        pytest.param("a: {{ values.number }}", "a: 5", id="a number"),
        pytest.param("a: {{ values.truth }}", "a: true", id="a boolean"),
        pytest.param("a: {{ values.list }}", "a: [a, b]", id="a list"),
        pytest.param("a: {{ values.map }}", "a: {x: 1, y: [2]}", id="a map"),
        pytest.param("a: {{ values.lines }}", 'a: "one\\ntwo\\n"', id="lines"),
        pytest.param("a: {{ 'yes' }}\nb: {{ '5' }}", 'a: "yes"\nb: "5"', id="text of the template stays text"),
        pytest.param("a: {{ 5 }}\nb: {{ true }}", "a: 5\nb: true", id="numbers and booleans of the template"),
        pytest.param("a: {{ [1, 'x'] }}\nb: {{ {'c': 1} }}", "a: [1, x]\nb: {c: 1}", id="lists and maps of the template"),
        # What has no value vanishes.
        pytest.param("a: 1\nb: {{ pod.hostname }}", "a: 1", id="a line"),
        pytest.param("a: 1\nb: {{ values.empty }}\nc: {{ values.none }}", "a: 1", id="empty map and list"),
        pytest.param("a: 1\nb: {{ values.empty | keep }}\nc: {{ values.none | keep }}", "a: 1\nb: {}\nc: []", id="keep"),
        pytest.param("a: 1\nb: {{ pod.hostname | keep }}", "a: 1", id="keep keeps no none"),
        pytest.param("a: 1\nb:\n  c: {{ pod.hostname }}\n  d: {{ pod.subdomain }}", "a: 1", id="a parent left empty"),
        pytest.param("a: 1\nb:\n  c:\n    d:\n      e: {{ pod.hostname }}", "a: 1", id="parents, all the way up"),
        pytest.param("a: 1\nb:\n  - {{ pod.hostname }}\n  - {{ pod.subdomain }}", "a: 1", id="items"),
        pytest.param("a:\n  - x\n  - {{ pod.hostname }}\n  - z", "a: [x, z]", id="an item between others"),
        pytest.param("a:\n  - b: {{ pod.hostname }}\n    c: 1", "a: [{c: 1}]", id="the dash moves to the next key"),
        pytest.param("a:\n  - b: {{ pod.hostname }}\n    c: {{ pod.hostname }}\n  - d: 1", "a: [{d: 1}]", id="an item of none"),
        pytest.param("a:\n  - - {{ pod.hostname }}\n    - x", "a: [[x]]", id="dashes behind dashes"),
        pytest.param("a: 1\nb:\n  {{ pod.nodeSelector }}\n  {{ pod.dnsConfig }}", "a: 1", id="lines alone"),
        pytest.param("a: 1\nb: {}\nc: []\nd: ''", "a: 1\nb: {}\nc: []\nd: ''", id="what the template itself states stays"),
        pytest.param("a: 1\n{% if pod.hostname %}\nb: 2\n{% endif %}", "a: 1", id="if"),
        pytest.param("a:\n{% for x in values.none %}\n  - {{ x }}\n{% endfor %}\nb: 1", "b: 1", id="for, over nothing"),
        pytest.param("a: 1\nb: {{ pod.securityContext.seLinuxOptions.level }}", "a: 1", id="fields of what is not given"),
        pytest.param("a:\n{% for x in pod.hostAliases %}\n  - {{ x.ip }}\n{% endfor %}\nb: 1", "b: 1", id="for, over a list that is not given"),
        pytest.param("{% for k, v in pod.overhead | items %}\n{{ k }}: {{ v }}\n{% endfor %}\nb: 1", "b: 1", id="for, over a map that is not given"),
        pytest.param(
            "a: {{ pod.hostAliases | length }}\nb: {{ pod.hostAliases | join(',') }}-\nc: {{ pod.overhead }}\nd: {{ pod.hostAliases is none }}",
            "a: 0\nb: '-'\nd: true", id="a list that is not given",
        ),
        # Whole parts.
        pytest.param("a:\n  {{ values.map }}", "a: {x: 1, y: [2]}", id="a map alone on a line"),
        pytest.param("a:\n  b: 0\n  {{ values.map }}\n  c: 3", "a: {b: 0, x: 1, y: [2], c: 3}", id="among keys"),
        pytest.param("a:\n  {{ values.map }}\n  {{ {'z': 1} }}", "a: {x: 1, y: [2], z: 1}", id="two maps"),
        pytest.param("a:\n  - {{ values.map }}\n  - {{ values.list }}", "a: [{x: 1, y: [2]}, [a, b]]", id="as items"),
        pytest.param("a:\n  - b: 0\n    {{ values.map }}", "a: [{b: 0, x: 1, y: [2]}]", id="a map among the keys of an item"),
        pytest.param("a:\n  - {{ values.map }}\n    c: 1", "a: [{x: 1, y: [2], c: 1}]", id="a map behind a dash, then keys"),
        pytest.param("{{ values.map }}", "{x: 1, y: [2]}", id="the whole object"),
        pytest.param("a:\n{% for x in values.list %}\n  - name: {{ x }}\n{% endfor %}", "a: [{name: a}, {name: b}]", id="for"),
        # Keys.
        pytest.param("{{ values.key }}: 1", "a.b/c: 1", id="a key from a value"),
        pytest.param("a:\n  {{ values.key }}: {{ values.text }}", "a: {a.b/c: some text}", id="key and value"),
        pytest.param("x-{{ values.text }}: 1", "x-some text: 1", id="a key in part"),
        pytest.param("{{ values.key }}: {{ pod.hostname }}\na: 1", "a: 1", id="a key whose value vanishes"),
        pytest.param(
            "{% for key, value in values.map | items %}\n{{ key }}-z: {{ value }}\n{% endfor %}", "x-z: 1\ny-z: [2]", id="pairs"
        ),
        # Mixed text is always text.
        pytest.param("a: {{ values.text }}/{{ values.number }}", "a: some text/5", id="mixed"),
        pytest.param("a: {{ values.number }}{{ values.number }}", 'a: "55"', id="two numbers side by side are text"),
        pytest.param("a: v{{ values.truth }}", "a: vtrue", id="a boolean in text"),
        pytest.param("a: x {{ values.hash }} # comment", 'a: "x a # b: c"', id="before a comment"),
        pytest.param("a: --port={{ values.number }}", "a: --port=5", id="a flag"),
        pytest.param("a:\n  - --b={{ values.text }}", "a: [--b=some text]", id="a flag as an item"),
        pytest.param("a: {{ values.lines }}x", 'a: "one\\ntwo\\nx"', id="lines in mixed text"),
        # The names are the user's.
        pytest.param("a: {{ values.items }}\nb: {{ values['keys'] }}", "a: mine\nb: mine too", id="keys, never methods"),
        pytest.param("a: {{ values.list[0] }}\nb: {{ values.list[-1] }}", "a: a\nb: b", id="entries of a list"),
        pytest.param("a: {{ values['map'].x }}", "a: 1", id="brackets"),
        # What Jinja2 has.
        pytest.param("{# a comment #}\na: 1 # another", "a: 1", id="comments"),
        pytest.param("{% set x = values.text %}\na: {{ x }}", "a: some text", id="set"),
        pytest.param("a: {{ values.text if values.truth }}", "a: some text", id="if, in an expression"),
        pytest.param("a: {{ values.text | upper }}", "a: SOME TEXT", id="a filter"),
        pytest.param("a: {{ values.list | join(',') }}", "a: a,b", id="join"),
        pytest.param("a: {{ values.number + 1 }}", "a: 6", id="arithmetic"),
        pytest.param("a: {{ values.text + '!' }}", "a: some text!", id="adding text"),
        pytest.param("a: {{ pod.hostname | default('x') }}", "a: x", id="default"),
        pytest.param("a: {{ values.number | string }}", 'a: "5"', id="a number as text"),
        pytest.param("a:\n{% for x in range(3) %}\n  - {{ loop.index }}\n{% endfor %}", "a: [1, 2, 3]", id="range and loop"),
        pytest.param("{% raw %}\na: '{{ x }}'\n{% endraw %}", "a: '{{ x }}'", id="raw"),
        pytest.param(
            "{% set n = namespace(i=0) %}\n{% for x in values.list %}{% set n.i = n.i + 1 %}{% endfor %}\na: {{ n.i }}", "a: 2",
            id="namespace",
        ),
        pytest.param("a: |\n  text\n  of the template\n", 'a: "text\\nof the template\\n"', id="a block without expressions"),
        pytest.param("a: [\n  {{ values.text }},\n  b]", "a: [some text, b]", id="flow style over lines, which is harmless"),
        pytest.param("a: {b: [c]}\nd: {{ values.number }}", "a: {b: [c]}\nd: 5", id="flow style without expressions"),
        pytest.param("a: &x {b: 1}\nc: *x", "a: {b: 1}\nc: {b: 1}", id="anchors"),
        pytest.param('a: "b"\nc: "it\'s"', 'a: b\nc: "it\'s"', id="quotes without expressions"),
        pytest.param("a: it's {{ values.text }}", "a: it's some text", id="an apostrophe in a word"),
    ],
)  # fmt: skip
def test_makes(template: str, expected: str) -> None:
    assert made(template, VALUES) == yaml.safe_load(expected)


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        # An expression where YAML has no place for a value.
        pytest.param("a: 1\nb: '{{ values.text }}'", (2, "invalid-template-syntax"), id="single quotes"),
        pytest.param('b: "{{ values.text }}"', (1, "invalid-template-syntax"), id="double quotes"),
        pytest.param('b: "x {{ values.text }}"', (1, "invalid-template-syntax"), id="quotes around mixed text"),
        pytest.param('b: "a" # it is "{{ values.text }}"', (1, "invalid-template-syntax"), id="quotes in a comment"),
        pytest.param("- '{{ values.text }}'", (1, "invalid-template-syntax"), id="quotes in an item"),
        pytest.param("# {{ values.text }}\na: 1", (1, "invalid-template-syntax"), id="comment"),
        pytest.param("a: 1 # {{ values.text }}", (1, "invalid-template-syntax"), id="comment behind a value"),
        pytest.param("a: [{{ values.text }}]", (1, "invalid-template-syntax"), id="flow list"),
        pytest.param("a: {b: {{ values.text }}}", (1, "invalid-template-syntax"), id="flow map"),
        pytest.param("- - [{{ values.text }}]", (1, "invalid-template-syntax"), id="flow behind dashes"),
        pytest.param("a: |\n  x {{ values.text }}", (2, "invalid-template-syntax"), id="literal block"),
        pytest.param("a: >-\n  x\n\n  {{ values.text }}", (4, "invalid-template-syntax"), id="folded block, behind an empty line"),
        pytest.param("- |2\n    {{ values.text }}", (2, "invalid-template-syntax"), id="block in an item"),
        pytest.param("a: | # note\n  {{ values.text }}", (2, "invalid-template-syntax"), id="block with a comment"),
        pytest.param("a: 'x\n  {{ values.text }}'", (1, "invalid-template-output"), id="quotes over lines"),
        # What a template wrote never mixes with a value.
        pytest.param("a: {{ [1] | map(\"it's\") | list }}", (1, "invalid-template"), id="an unknown filter with a quote"),
        pytest.param("{% include [nosuch, neither] %}", (1, "invalid-template"), id="an include of undefined names"),
        pytest.param("a: {% if true %}{{ values.text | nosuch }}{% endif %}", (1, "invalid-template"), id="an unknown filter in a block"),
        pytest.param("a: {{ values.text ~ 'x' }}", (1, "invalid-template-syntax"), id="tilde"),
        pytest.param("{% autoescape false %}a: 1{% endautoescape %}", (1, "invalid-template-syntax"), id="autoescape"),
        pytest.param("{% set x %}a{{ values.text }}{% endset %}\nb: {{ x | upper }}", (2, "invalid-template"), id="filter"),
        pytest.param("{% set x %}a{{ values.text }}{% endset %}\nb: {{ x + 'c' }}", (2, "invalid-template"), id="plus"),
        pytest.param("{% set x %}a{% endset %}\nb: {{ x * 2 }}", (2, "invalid-template"), id="times"),
        pytest.param("{% set x %}%s{% endset %}\nb: {{ x % 'a' }}", (2, "invalid-template"), id="percent"),
        pytest.param("b: {{ '%s' % values.text }}", (1, "invalid-template"), id="percent on text"),
        pytest.param("b: {{ 'a' * 1000000000 }}", (1, "invalid-template"), id="a billion letters"),
        pytest.param("{% set x %}abc{% endset %}\nb: {{ x[0] }}", (2, "invalid-template"), id="a letter of a template's text"),
        pytest.param("{% filter upper %}\na: {{ values.text }}\n{% endfilter %}", (1, "invalid-template"), id="filter block"),
        # Undefined.
        pytest.param("a: 1\nb: {{ nothing }}", (2, "invalid-template"), id="an undefined name"),
        pytest.param("a: 1\nb: {{ values.nothing }}", (2, "invalid-template"), id="an undefined value"),
        pytest.param("a: {{ pod.nothing }}", (1, "invalid-template"), id="a field that Kubernetes does not have"),
        pytest.param("a: {{ pod.dnsConfig.nothing }}", (1, "invalid-template"), id="in an object that is not given"),
        pytest.param("a: {{ pod.overhead.nothing }}", (1, "invalid-template"), id="in a map that is not given"),
        pytest.param("a: {{ pod.hostAliases[0] }}", (1, "invalid-template"), id="in a list that is not given"),
        pytest.param("a: x{{ pod.hostAliases }}", (1, "invalid-template-value"), id="a list that is not given in text"),
        pytest.param("a: {{ values.nothing.more }}", (1, "invalid-template"), id="beneath what is undefined"),
        pytest.param("{% if nothing %}\na: 1\n{% endif %}", (1, "invalid-template"), id="in a condition"),
        pytest.param("a:\n{% for x in nothing %}\n  - x\n{% endfor %}", (2, "invalid-template"), id="in a loop"),
        pytest.param("a: {{ values.list[5] }}", (1, "invalid-template"), id="beyond the list"),
        pytest.param("a: {{ values.nothing == 'x' }}", (1, "invalid-template"), id="compared"),
        # The sandbox.
        pytest.param("a: {{ values.__class__ }}", (1, "invalid-template"), id="__class__"),
        pytest.param("a: {{ values['__class__'] }}", (1, "invalid-template"), id="__class__ in brackets"),
        pytest.param("a: {{ ''.__class__.__mro__ }}", (1, "invalid-template"), id="__class__ of text"),
        pytest.param("a: {{ values.text.__class__ }}", (1, "invalid-template"), id="__class__ of a value"),
        pytest.param("a: {{ nothing.__class__ }}", (1, "invalid-template"), id="__class__ of what is undefined"),
        pytest.param("a: {{ (1).__class__ }}", (1, "invalid-template"), id="__class__ of a number"),
        pytest.param("a: {{ values.list.append('x') }}", (1, "invalid-template"), id="a method that changes"),
        pytest.param("a: {{ values.text.format(1) }}", (1, "invalid-template"), id="format"),
        pytest.param("a: {{ values.map.get('x') }}", (1, "invalid-template"), id="a method of maps"),
        pytest.param("a: {{ values.text.origin }}", (1, "invalid-template"), id="an attribute of our own"),
        pytest.param("a: {{ self.__init__ }}", (1, "invalid-template"), id="self"),
        pytest.param("a: {{ range.__call__ }}", (1, "invalid-template"), id="a function's attributes"),
        pytest.param("{% macro m() %}{% endmacro %}\na: {{ m.__globals__ }}", (2, "invalid-template"), id="a macro's"),
        pytest.param("a: {{ loop.__class__ }}", (1, "invalid-template"), id="a loop's, outside"),
        pytest.param("{% for x in [1] %}\na: {{ loop.yes }}\n{% endfor %}", (2, "invalid-template"), id="what no loop has"),
        pytest.param("{% for x in [1] %}\na: {{ loop._iterable }}\n{% endfor %}", (2, "invalid-template"), id="a loop's"),
        pytest.param("a: {{ lipsum() }}", (1, "invalid-template"), id="lipsum"),
        pytest.param("a: {{ cycler(1).__init__ }}", (1, "invalid-template"), id="cycler"),
        pytest.param("a: {{ dict(b=1) }}", (1, "invalid-template"), id="dict"),
        pytest.param("a: {{ range(10000000) }}", (1, "invalid-template"), id="a long range"),
        pytest.param("a: {{ values | attr('x') }}", (1, "invalid-template-syntax"), id="attr"),
        pytest.param("a: {{ values.text | pprint }}", (1, "invalid-template-syntax"), id="pprint"),
        pytest.param("a: {{ [1, 2] | random }}", (1, "invalid-template-syntax"), id="random"),
        pytest.param("a: {{ values.text | safe }}", (1, "invalid-template-syntax"), id="safe"),
        pytest.param("a: {{ values.text | escape }}", (1, "invalid-template-syntax"), id="escape"),
        pytest.param("a: {{ values.text | tojson }}", (1, "invalid-template-syntax"), id="tojson"),
        pytest.param("a: {{ values.map | xmlattr }}", (1, "invalid-template-syntax"), id="xmlattr"),
        pytest.param("{% do values %}", (1, "invalid-template-syntax"), id="do"),
        pytest.param("a: \ue0000\ue001", (1, "invalid-template-syntax"), id="characters that mark handles"),
        pytest.param("a: {{ '\ue0000\ue001' }}", None, id="which are nothing special in a value"),
        # What is made.
        pytest.param("a: {{ pod.hostname }}x", (1, "invalid-template-value"), id="none in text"),
        pytest.param("a: x{{ values.map }}", (1, "invalid-template-value"), id="a map in text"),
        pytest.param("a: x{{ values.none }}", (1, "invalid-template-value"), id="an empty list in text"),
        pytest.param("{{ pod.hostname }}: 1", (1, "invalid-template-output"), id="none as a key"),
        pytest.param("{{ values.number }}: 1", (1, "invalid-template-output"), id="a number as a key"),
        pytest.param("a:\n  {{ values.map }}\n  x: 2", (3, "duplicate-key"), id="a key twice, by a map"),
        pytest.param("a: 1\n{{ 'a' }}: 2", (2, "duplicate-key"), id="a key twice, by a value"),
        pytest.param("a: 1\na: 2", (2, "duplicate-key"), id="a key twice"),
        pytest.param("a:\n  b: 1\n  {{ values.text }}", (3, "invalid-template-output"), id="text alone among keys"),
        pytest.param("a: !!str {{ values.number }}", (1, "explicit-tag"), id="a tag"),
        pytest.param("a: {{ 1.5 }}", (1, "invalid-template-output"), id="a number with decimals"),
        pytest.param("a: {{ values.text.x }}", (1, "invalid-template"), id="a key of text"),
        pytest.param("a: {{ range }}", (1, "invalid-template-output"), id="a function as a value"),
    ],
)  # fmt: skip
def test_refuses(template: str, problem: tuple[int, str] | None) -> None:
    if problem is None:
        assert not rendered(template, VALUES).problems
    else:
        assert refused(template, VALUES) == [problem]


@pytest.mark.parametrize("scalar", ["yes", "off", "Y", "0644", "1e3", "12:30", "2026-01-01", "1.5", "1_000", "+1", "0x1F", ".inf", ".5", "0o7", "=", "True", "1" * 30])  # fmt: skip
def test_a_scalar_that_readers_take_differently_is_refused(scalar: str) -> None:
    assert refused(f"a: {scalar}") == [(1, "ambiguous-scalar")]
    assert made(f'a: "{scalar}"') == {"a": scalar}


@pytest.mark.parametrize("scalar", ["v1", "1.2.3", "10.0.0.1", "100m", "1Gi", "10s", "5d", "a:b", "1.16-debian", "10%", "2026", "-5", "1E", "yesterday", "n1", "::1", "1Mi"])  # fmt: skip
def test_a_scalar_that_all_take_alike_is_taken(scalar: str) -> None:
    expected: Any = int(scalar) if scalar in ("2026", "-5") else scalar
    assert made(f"a: {scalar}") == {"a": expected}


class TestOtherTemplates:
    """Macros, imports, includes, blocks: of the project, and of the shipped template."""

    def test_a_macro(self) -> None:
        macro = "{% macro port(name, number) %}\n- name: {{ name }}\n  port: {{ number }}\n{% endmacro %}\n"
        assert made(macro + "a:\n{{ port('x', 1) }}\n{{ port(values.text, 2) }}", VALUES) == {
            "a": [{"name": "x", "port": 1}, {"name": "some text", "port": 2}]
        }

    def test_indent_moves_what_a_macro_wrote(self) -> None:
        macro = "{% macro m() %}\nb: {{ values.text }}\nc: {{ values.map }}\n{% endmacro %}\n"
        assert made(macro + "a:\n  d:\n    {{ m() | indent(4) }}", VALUES) == {
            "a": {"d": {"b": "some text", "c": {"x": 1, "y": [2]}}}
        }

    def test_a_macro_in_the_middle_of_text(self) -> None:
        macro = "{% macro image(name) %}registry/{{ name }}{% endmacro %}\n"
        assert made(macro + "a: {{ image('x') }}:{{ values.number }}", VALUES) == {"a": "registry/x:5"}

    def test_a_macro_that_writes_nothing(self) -> None:
        assert made("{% macro m() %}{% endmacro %}\na: 1\nb:\n  {{ m() }}\n") in ({"a": 1}, {"a": 1, "b": None})

    def test_import(self) -> None:
        others = {"ports.j2": "{% macro port(n) %}{{ n }}/TCP{% endmacro %}"}
        assert made("{% import 'ports.j2' as ports %}\na: {{ ports.port(5) }}", "", others) == {"a": "5/TCP"}
        assert made("{% from 'ports.j2' import port %}\na: {{ port(values.number) }}", VALUES, others) == {"a": "5/TCP"}

    def test_include(self) -> None:
        others = {"labels.j2": "team: {{ values.text }}\n"}
        assert made("{% include 'labels.j2' %}\na: 1", VALUES, others) == {"team": "some text", "a": 1}

    def test_a_problem_in_an_include_stands_there(self) -> None:
        others = {"labels.j2": "team: a\nother: {{ nothing }}\n"}
        (problem,) = rendered("a: 1\n{% include 'labels.j2' %}", "", others).problems
        assert (problem.file, problem.line) == ("templates/labels.j2", 2)

    def test_a_problem_in_a_macro_stands_there(self) -> None:
        others = {"m.j2": "{% macro m() %}\nx: {{ nothing }}\n{% endmacro %}\n"}
        (problem,) = rendered("{% import 'm.j2' as m %}\na: 1\n{{ m.m() }}", "", others).problems
        assert (problem.file, problem.line) == ("templates/m.j2", 2)

    def test_a_syntax_error_in_an_include_stands_there(self) -> None:
        (problem,) = rendered("a: 1\n{% include 'b.j2' %}", "", {"b.j2": "x: 1\ny: '{{ 1 }}'\n"}).problems
        assert (problem.file, problem.line, problem.code) == ("templates/b.j2", 2, "invalid-template-syntax")

    def test_blocks_of_the_shipped_template(self) -> None:
        template = """
            {% extends "dsgen/daemonset.yaml.j2" %}
            {% block metadata %}
              name: {{ metadata.name }}-x
              labels: {{ metadata.labels }}
            {% endblock %}
            """
        result = made(template)
        assert result["metadata"]["name"] == "agent-x"
        assert result["spec"]["template"]["spec"]["containers"][0]["name"] == "agent"

    def test_super(self) -> None:
        template = """
            {% extends "dsgen/daemonset.yaml.j2" %}
            {% block pod %}
            {{ super() }}
                  hostname: fixed
            {% endblock %}
            """
        result = made(template)
        assert result["spec"]["template"]["spec"]["hostname"] == "fixed"

    def test_a_key_beside_super_that_it_states_too(self) -> None:
        template = """
            {% extends "dsgen/daemonset.yaml.j2" %}
            {% block pod %}
            {{ super() }}
                  containers: {{ containers }}
            {% endblock %}
            """
        (problem,) = rendered(template).problems
        assert (problem.file, problem.line, problem.code) == ("templates/t.yaml.j2", 5, "duplicate-key")
        assert problem.message.startswith(
            "duplicate key `containers` in the output of the template, first in template daemonset.yaml.j2:"
        )

    def test_the_project_comes_before_the_shipped(self) -> None:
        """And `dsgen/…` always means the shipped one."""
        others = {"daemonset.yaml.j2": "mine: 1\n"}
        assert made("{% include 'daemonset.yaml.j2' %}", "", others) == {"mine": 1}
        assert made("{% extends 'dsgen/daemonset.yaml.j2' %}", "", others)["kind"] == "DaemonSet"

    def test_a_path_out_of_the_folder(self) -> None:
        assert refused("{% include '../../etc/passwd' %}") == [(1, "unknown-template")]


def test_rendering_twice_gives_the_same() -> None:
    template = "{% import 'm.j2' as m %}\na: {{ values.text }}\nb: {{ m.m(values.number) }}\nc: {{ values.map }}"
    others = {"m.j2": "{% macro m(x) %}{{ x }}!{% endmacro %}"}
    once, again = tree(template, VALUES, others), tree(template, VALUES, others)
    assert yaml_writer.write(once) == yaml_writer.write(again)


def test_values_are_not_changed_by_templates() -> None:
    profile = VALUES
    before = made("a: {{ values }}", profile)
    made("a: {{ values.list | sort(reverse=true) }}\nb: {{ values.list | map('upper') | list }}", profile)
    assert made("a: {{ values }}", profile) == before


def test_a_value_keeps_its_place_wherever_a_template_puts_it() -> None:
    """So problems are shown in the profile; mixed text has the place of its first value."""
    result = tree("a: {{ values.text }}\nb:\n  - c: x{{ values.number }}{{ values.text }}\n", VALUES)
    inner = result["b"][0]["c"]  # type: ignore[index, call-overload]
    assert [(place.file, place.line) for place in (result["a"].origin, inner.origin)] == [  # type: ignore[union-attr]
        ("profile.yaml", 5),
        ("profile.yaml", 7),
    ]


def test_a_value_that_a_filter_makes_has_the_place_of_its_line() -> None:
    """There is no better one."""
    result = tree(
        "a: 1\nb: {{ values.text | upper }}\nc: {{ {'d': 5} }}\ne: {{ values.list | map('upper') | list }}\n", VALUES
    )
    assert isinstance(result["c"], Map)
    assert isinstance(result["e"], list)
    places = [origin_of(value) for value in (result["b"], result["c"]["d"], result["e"][0])]
    assert [(place.file, place.line) for place in places if place] == [
        ("templates/t.yaml.j2", line) for line in (2, 3, 4)
    ]


@pytest.mark.parametrize("text", ["{{ x }}", "{% if %}", "{# #}", "---", "...", "a: b", "- a", "# a", "\ue0000\ue001", "\ue001\ue002x,1\ue002", "a\n---\nb"])  # fmt: skip
def test_a_value_is_never_read_as_a_template_or_as_yaml(text: str) -> None:
    context: dict[str, Value] = {"values": Map([("text", Text.at(text, None))], None, "{any}"), "metadata": Null()}
    template = "a: {{ values.text }}\nb: x{{ values.text }}y\n{{ values.text }}: 1\nc:\n  - {{ values.text }}\n"
    result = Renderer(Given({"t": template})).render("t", context)
    assert not result.problems
    assert plain(result.tree) == {"a": text, "b": f"x{text}y", text: 1, "c": [text]}
