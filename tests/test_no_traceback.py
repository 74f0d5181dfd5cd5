"""No mistake of a user ends in a traceback: profiles and templates are damaged at random, and problems are all that comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, reject
from hypothesis import strategies as st

from dsgen import source, yaml_writer
from dsgen.generate.for_project import generator
from dsgen.importer.importing import import_objects
from dsgen.importer.read.objects import given_objects
from dsgen.kubernetes.validate import validate
from dsgen.plain import plain
from dsgen.problem import Problem, has_errors
from dsgen.profile.compile import Rejected, long_form
from dsgen.project.project import Project
from dsgen.resolve.description import describe
from dsgen.resolve.layers import merge_all
from dsgen.tree import Map
from tests.factories import made, made_in, no_files, shipped_renderer
from tests.profile.layouts import layers, leaf

ROOT = Path(__file__).parent
PROFILES = [path.read_text("utf-8") for path in sorted(ROOT.glob("examples/*/profile.yaml"))]
TEMPLATE = (ROOT.parent / "templates/daemonset.yaml.j2").read_text("utf-8")

# What people write by mistake, and what nobody writes.
TOKENS = st.sampled_from(
    ["", "~", "null", "[]", "{}", "[~]", "{a: ~}", "yes", "-1", "0", "99999999999999999999", "1e3", "0644", '""', "''", "a", "a b", "A/b",
     "[a, a]", "{a: {b: [c]}}", "[[a]]", "*x", "&x", "!x", "!!int 5", "|", ">-", "- a", "a: b", "#", ":", "{{ x }}", "\t", "\x00", "é", "😀",
     '"\\0"', '"\\ufffe"', "<<", "*", '"*"', "name", "image", "all", "control-plane", "a=b", "a in (b)", "x/y", "x:ro", "80/UDP"]
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, texts: list[str]) -> str:
    lines = draw(st.sampled_from(texts)).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        how = draw(st.sampled_from(["drop", "twice", "indent", "dedent", "value", "key", "cut", "insert", "move"]))
        if how == "drop":
            lines[at : at + 1] = lines[at : at + 1] if len(lines) == 1 else []
        elif how == "twice":
            lines.insert(at, line)
        elif how == "indent":
            lines[at] = f"  {line}"
        elif how == "dedent":
            lines[at] = line.removeprefix("  ")
        elif how == "value":
            key, colon, _ = line.partition(":")
            lines[at] = f"{key}{colon} {draw(TOKENS)}"
        elif how == "key":
            indent = line[: len(line) - len(line.lstrip())]
            _, colon, value = line.partition(":")
            lines[at] = f"{indent}{draw(TOKENS)}{colon}{value}"
        elif how == "cut":
            lines[at] = line[: draw(st.integers(0, len(line)))]
        elif how == "insert":
            column = draw(st.integers(0, len(line)))
            lines[at] = f"{line[:column]}{draw(TOKENS)}{line[column:]}"
        else:
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
    return "\n".join(lines) + "\n"


def check(
    profile: str,
    templates: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
    environment: str | None = None,
) -> None:
    result = made(profile, files, templates) if environment is None else made_in(environment, profile, files, templates)
    assert bool(result.objects) != has_errors(result.problems)
    for problem in result.problems:
        assert problem.message
        assert problem.code
        assert problem.line or not problem.file or problem.code == "duplicate-profile-name"
    for made_object in result.objects:
        assert yaml.load(made_object.text, yaml.CSafeLoader) == plain(made_object.tree)
        assert yaml_writer.write(made_object.tree) in made_object.text


@given(damaged(PROFILES))
def test_profiles(profile: str) -> None:
    check(profile)


@given(damaged(PROFILES), damaged(PROFILES))
def test_layers(profile: str, base: str) -> None:
    check(f"extends: ./base.yaml\n{profile}", files={"base.yaml": base})


VARIANTS = """\
name: agent
nodes:
  tolerate: [control-plane]
containers:
  agent: {image: x, ports: {metrics: 9100}}
service: {ports: [metrics]}
variants:
  large:
    nodes:
      require+: ["pool in (large, huge)", "!gpu"]
      select: {disk: ssd}
    selector: {app: large}
  default:
    name: agent
    nodes: {rest: true}
"""
ENVIRONMENT = f"""\
kubernetes: "1.34"
profiles: [agent]
images:
  mirrors:
    docker.io: mirror.example.com/hub
  digests:
    "x:latest": "sha256:{"0" * 64}"
all:
  nodes: {{tolerate+: [all]}}
overrides:
  agent:
    containers:
      agent: {{image: "busybox:1", env: {{A: null}}}}
    variants:
      large: {{nodes: {{require: [[a], [b]]}}}}
"""


@given(damaged([VARIANTS]))
def test_variants(profile: str) -> None:
    check(profile)


@given(damaged([ENVIRONMENT]))
def test_environments(environment: str) -> None:
    check(VARIANTS, environment=environment)


EXPRESSIONS = """
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: {{ metadata.name }}
  labels: {{ metadata.labels }}
spec:
  selector: {{ selector }}
  template:
    metadata:
      labels:
        a: x{{ values.a }}
        {{ values.b }}: {{ values.a | default("x") }}
        {{ template.metadata.labels }}
    spec:
{% macro image(c, tag="1") %}
{{ c.image }}-{{ tag }}
{% endmacro %}
      containers:
{% for c in containers %}
        - name: {{ c.name }}
          image: {{ image(c) }}
{% for key, value in values.c | items %}
          {{ key }}: {{ value }}
{% endfor %}
          env:
            - name: {{ loop.index }}x
              value: {{ values.list | join(",") }}
{% endfor %}
"""
VALUES = "name: agent\nvalues: {a: b, b: c, c: {stdin: true}, list: [a, 1]}\ncontainers: {agent: {image: x}}\n"


@given(damaged([TEMPLATE, EXPRESSIONS]))
def test_templates(template: str) -> None:
    check(VALUES, {"daemonset.yaml.j2": template})


def named(layer: Map) -> Map:
    """Give a layer what every profile must have, so that more of the rest is looked at."""
    layer.setdefault(leaf("name"), leaf("agent"))
    containers = layer.setdefault(leaf("containers"), Map())
    if isinstance(containers, Map):
        for container in (containers.setdefault(leaf("agent"), Map()), *containers.values()):
            if isinstance(container, Map):
                container.setdefault(leaf("image"), leaf("x"))
    return layer


@given(layers(), layers())
def test_layers_of_every_key(lower: Map, upper: Map) -> None:
    """Two layers that the schema takes, all the way to Kubernetes' verdict."""
    problems: list[Problem] = []
    try:
        shapes = [long_form(lower), long_form(named(upper))]
    except Rejected:
        reject()
    description = describe(merge_all(shapes, problems.append), no_files, problems.append)
    if description is None:
        assert has_errors(problems)
        return
    renderer = shipped_renderer()
    context = description.context
    made_of = [(each.template, {**context, each.name: each.object}) for each in description.companions]
    for template, names in (("daemonset.yaml.j2", context), *made_of):
        rendered = renderer.render(template, names)
        assert rendered.tree is not None
        problems += validate(rendered.tree)
    for problem in problems:
        assert problem.message
        assert problem.line


IMPORTING = generator(Project(ROOT))
MANIFESTS = [
    text for text in (path.read_text("utf-8") for path in sorted((ROOT / "corpus").glob("*.yaml"))) if len(text) < 2000
]


@given(
    damaged(MANIFESTS),
    damaged(MANIFESTS),
    st.sampled_from([{}, {"extends": "node-exporter"}, {"extends": "alloy"}, {"variants": "agent"}, {"adopt": True}]),
)
def test_manifests(one: str, other: str, options: dict[str, Any]) -> None:
    """What is imported is a profile that dsgen can read; what is not has a problem that says why."""
    found, problems = given_objects(f"{one}\n---\n{other}".encode("utf-8", "surrogatepass"), "given.yaml")
    imported, left = import_objects(found, IMPORTING, "1.37", **options)
    for each in imported:
        assert not {problem.code for problem in source.read(each.text, "x")[1]}, each.text
        assert each.same is not None or has_errors(each.problems)
    if not imported:
        assert problems or left
