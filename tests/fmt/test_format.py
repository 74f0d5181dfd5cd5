"""`dsgen fmt`: one layout, in which a text keeps its meaning, its comments and its generated objects."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given

from dsgen import fmt, source
from dsgen.fmt import formatted, prove
from dsgen.fmt.read import words
from dsgen.fmt.refused import Refused
from dsgen.problem import Problem
from dsgen.profile.environment import ENVIRONMENT
from dsgen.project import new_profile
from dsgen.project.presets import Preset, presets
from dsgen.tree import Map
from tests.factories import made
from tests.fmt.texts import texts
from tests.golden_pages import Case, cases
from tests.importer.imports import CORPUS, imports

ROOT = Path(__file__).parents[2]
PROFILES = sorted([*(ROOT / "profiles").rglob("*.yaml"), *(ROOT / "starter" / "profiles").glob("*.yaml")])
GOLDEN = [
    pytest.param(case, id=f"{page.stem}-{case.title}")
    for page in sorted((ROOT / "tests" / "golden").glob("*.md"))
    for case in cases(page)
]


def again(text: str, environment: bool = False) -> str:
    """Return a text as it is formatted; formatting that changes nothing."""
    rules = ENVIRONMENT if environment else None
    once = formatted(dedent(text).encode(), "given.yaml", rules)
    assert formatted(once, "given.yaml", rules) == once
    return once.decode()


def refused(text: str | bytes) -> str:
    with pytest.raises(Refused) as found:
        formatted(text if isinstance(text, bytes) else dedent(text).encode(), "given.yaml")
    return str(found.value.problems[0])


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in PROFILES])
def test_shipped_files_have_the_layout(path: Path) -> None:
    assert formatted(path.read_bytes(), path.name) == path.read_bytes()


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_new_writes_the_layout(preset: Preset) -> None:
    for text in (new_profile.extending(preset, "mine"), new_profile.alone(preset, "mine")):
        assert again(text) == text


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.yaml"))[::12], ids=lambda path: path.stem)
def test_import_writes_the_layout(path: Path) -> None:
    for each in imports(path.read_bytes(), path.name).imported:
        assert again(each.text) == each.text


@pytest.mark.long
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.yaml")), ids=lambda path: path.stem)
def test_import_of_every_manifest_writes_the_layout(path: Path) -> None:
    test_import_writes_the_layout(path)


@pytest.mark.parametrize("case", GOLDEN)
def test_generates_the_same(case: Case) -> None:
    """Profiles in other layouts, with everything that the language has."""
    text = next(iter(case.texts().values()))
    root, problems = source.read(text, "")
    if problems or not isinstance(root, Map) or "apiVersion" in root:
        assert refused(text)
        return
    before, after = made(text), made(again(text))
    assert [each.text for each in after.objects] == [each.text for each in before.objects]
    # Places differ, and so do the lines that a message names.
    assert found(after.problems) == found(before.problems)


def found(problems: Iterable[Problem]) -> list[str]:
    return sorted(f"{each.code} {re.sub('line [0-9]+', 'line', each.message)}" for each in problems)


@given(texts())
def test_any_text_keeps_its_meaning_and_comments(text: str) -> None:
    if source.read(text, "")[1]:
        assert refused(text)
        return
    # Nothing that is valid is refused: the proof never fails.
    once = formatted(text.encode(), "given.yaml")
    assert formatted(once, "given.yaml") == once
    assert sorted(words(once.decode())) == sorted(words(text))
    assert not [line for line in once.decode().splitlines() if len(line) > len(line.rstrip()) and "#" in line]


def test_keys_are_in_the_order_of_the_language() -> None:
    assert again(
        """\
        containers:
          b: {mounts: {/tmp: tmp}, image: x, env: {Z: 1, A: 2}}
          a:
            securityContext: {runAsUser: 1}
            image: y
        nodes: {tolerate: [all], os: linux}
        unknown: 1
        name: agent
        """
    ) == dedent(
        """\
        name: agent
        nodes: {os: linux, tolerate: [all]}
        containers:
          b:
            image: x
            env:
              Z: 1
              A: 2
            mounts: {/tmp: tmp}
          a:
            image: y
            securityContext: {runAsUser: 1}
        unknown: 1
        """
    )


def test_comments_stay_where_they_are() -> None:
    assert again(
        """\
        # About the file

        # About containers
        containers:    # behind
          # about a
          a:
            image: x   # why x
            # args: [--debug]
            #   more of it

          # at the end of containers


        # about nodes
        nodes:
          # first
          os: linux
        name: agent
        # the end
        """
    ) == dedent(
        """\
        # About the file

        name: agent

        # about nodes
        nodes:
          # first
          os: linux

        # About containers
        containers:  # behind
          # about a
          a:
            image: x  # why x
            # args: [--debug]
            #   more of it

          # at the end of containers
        # the end
        """
    )


def test_comments_in_brackets_get_lines_of_their_own() -> None:
    assert again("name: a\ncontainers: {a: {args: [-x, # why\n  -y\n  # none\n  ]}}\n") == dedent(
        """\
        name: a
        containers:
          a:
            args:
              - -x  # why
              - -y
              # none
        """
    )


def test_an_anchor_stays_before_its_aliases() -> None:
    assert again(
        """\
        containers: {a: {image: x, securityContext: &safe {runAsUser: 1}}}
        securityContext: &pod {runAsNonRoot: true}
        initContainers:
          b: {image: y, securityContext: *safe, env: {!!merge <<: *pod}}
        name: agent
        """
    ).splitlines() == [
        "name: agent",
        "containers:",
        "  a:",
        "    image: x",
        "    securityContext: &safe {runAsUser: 1}",
        "securityContext: &pod {runAsNonRoot: true}",
        "initContainers:",
        "  b:",
        "    image: y",
        "    env:",
        "      <<: *pod",
        "    securityContext: *safe",
    ]
    twice = "name: a\ncontainers: {a: {env: &x {A: 1}}}\ninitContainers: {b: {env: &x {B: 1}}}\nupdate: {x: *x}\n"
    assert [line.split(":")[0] for line in again(twice).splitlines() if line[0] != " "] == [
        "name",
        "containers",
        "initContainers",
        "update",
    ]


@pytest.mark.parametrize("comment", ["", "# about nodes\n\n", "\n# about nodes\n"])
def test_no_blank_line_becomes_part_of_text_that_moves(comment: str) -> None:
    """A block that keeps the blank lines at its end would have one more if a blank line followed."""
    text = f"agent: a\n\n{comment}nodes: b\nname: |+\n  first\n"
    assert again(text) == f"name: |+\n  first\n{comment.lstrip()}nodes: b\nagent: a\n"


def test_quotes_only_where_they_are_needed() -> None:
    assert again(
        "name: 'agent'\nlabels: {a: \"x\", b: '1', c: \"yes\", d: 'a: b', e: \"\", f: a b}\nannotations: {a: 'it''s'}\n"
    ) == ('name: agent\nlabels: {a: x, b: "1", c: "yes", d: "a: b", e: "", f: "a b"}\nannotations: {a: it\'s}\n')


@pytest.mark.parametrize(
    "text",
    [
        "name: a\nvalues:\n  text: |+\n    a\n     b\n\n  other: x\n",
        "name: a\nvalues:\n  text: >-  # why\n    long text\n    on two lines\n",
        'name: a\nvalues:\n  text: "long text\n    on two lines"\n',
        "name: a\nvalues:\n  text: |2-\n     deeper\n    first\n",
        "name: a\nvalues:\n  text: |2+\n\n    a\n\n",
        "\ufeffname: a\n",
        "name: a\r\nvalues:\r\n  text: |\r\n    a\r\n    b\r\n",
        "# head\n---\n# more\n\nname: a\n",
        "name: a\n\n# at the end\n",
        'name: a\nvalues:\n  a: "x\\ny"\n  b: ~x\n',
    ],
)
def test_stays_as_it_is(text: str) -> None:
    assert again(text) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name: a\n---\nname: b\n", "too-many-documents"),
        ("name: !!str a\n", "explicit-tag"),
        ("name: [\n", "invalid-yaml"),
        ("", "empty-file"),
        (b"name: \xff\n", "invalid-utf8"),
        ("- a\n", "expected a map"),
        ("apiVersion: v1\nkind: Pod\n", "this is a manifest"),
        ("name: a\rvalues: {}\r", "a line ends with U+000D"),
        ('name: a\nvalues: {a: "x\u2028y"}\n', "a line ends with U+2028"),
        ("%YAML 1.1\n---\nname: a\n", "a directive of YAML"),
        ("&k name: a\n", "an anchor at a key"),
        ("name: &a a\n*a : b\n", "an alias as a key"),
    ],
)
def test_is_refused(text: str | bytes, found: str) -> None:
    assert found in refused(text)


def test_text_without_a_line_feed_at_its_end_keeps_its_value() -> None:
    assert again("name: a\nvalues:\n  x: |\n    y") == "name: a\nvalues:\n  x: |-\n    y\n"


def test_environment() -> None:
    assert again(
        """\
        overrides: {agent: {containers: {agent: {image: x}}}, other: {hostNetwork: true, update: OnDelete}}
        all: {nodes: {tolerate+: [all]}}
        kubernetes: "1.34"
        """
    ) == dedent(
        """\
        kubernetes: "1.34"
        all: {nodes: {tolerate+: [all]}}
        overrides:
          agent: {containers: {agent: {image: x}}}
          other:
            update: OnDelete
            hostNetwork: true
        """
    )


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("a: 1\n", "a: '1'\n", "a value would change"),
        ("a: [1, 2]\n", "a: [2, 1]\n", "a value would change"),
        ("a: {b: 1}\n", "a: {}\n", "a value would change"),
        ("a:\n", "a: ''\n", "a value would change"),
        ("a: 1 # x\n", "a: 1\n", "a comment would be lost"),
        ("a: &x 1\n", "a: 1\n", "an anchor would be lost"),
        ("a: 1\n", "a: [\n", "its text would not be valid"),
        ("a: 1\nb: x\n", 'b: "x"\na: 1\n', ""),
    ],
)
def test_proof(before: str, after: str, lost: str) -> None:
    assert lost in prove.difference(before, after)
    assert bool(lost) == bool(prove.difference(before, after))


def test_what_the_proof_rejects_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fmt, "write", lambda document: "name: other\n")
    assert "a value would change" in refused("name: a\n")


def test_comments_above_an_item_that_begins_with_another() -> None:
    assert again(
        "name: a\nvalues:\n  list:\n  -\n   -\n    # first\n    name: x\n  -\n   - {a: {b: c}} # second # still\n   - d\n"
    ) == dedent(
        """\
        name: a
        values:
          list:
            # first
            - [{name: x}]
            # second # still
            - - a: {b: c}
              - d
        """
    )
