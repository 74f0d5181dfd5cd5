"""Write the pages below docs/reference/ and docs/presets/, from the catalogues in the code and from the presets.

    python -m scripts.make_docs [--check]

With `--check`, nothing is written, and a page that would change is an error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from dsgen.catalogue import catalogue
from dsgen.cli import COMMANDS, main
from dsgen.formerly import former_names
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.validation.kinds import kind_of, with_rules
from dsgen.profile.environment import KEYS as ENVIRONMENT_KEYS
from dsgen.profile.key import Schema
from dsgen.profile.schema import GROUPS
from dsgen.profile.shorthand import SHORT_FORMS
from dsgen.profile.tables import type_name
from dsgen.project.keys import KEYS as PROJECT_KEYS
from dsgen.rendering.filters import FILTERS, filter_names
from dsgen.resolve.description import names
from scripts import preset_pages

FOLDER = Path(__file__).parent.parent / "docs"
HEAD = "<!-- Written by scripts/make_docs.py from the catalogues in the code. Change those, not this page. -->\n\n"


def profile() -> Iterator[str]:
    """Yield the page of the profile's keys."""
    yield "# The keys of a profile\n\n`dsgen explain KEY` prints the same text. For each key whose value is a list there is a key\n"
    yield "`KEY+`, which appends to the layers below.\n"
    for title, group in GROUPS.items():
        yield f"\n## {title}\n"
        yield from _keys(group, "")
    yield "\n## Short forms\n\nKubernetes' own form is always accepted too.\n\n| type | short form | means |\n| --- | --- | --- |\n"
    for name, form in sorted(SHORT_FORMS.items()):
        yield f"| {name} | `{_cell(form.example)}` | `{_cell(form.means)}` |\n"
    yield "\n## dsgen.yaml\n\nAll keys are optional.\n\n| key | meaning | example |\n| --- | --- | --- |\n"
    for name, (meaning, example) in PROJECT_KEYS.items():
        yield f"| `{name}` | {meaning} | `{_cell(example)}` |\n"


def environment() -> Iterator[str]:
    """Yield the page of the keys of an environment's file."""
    yield "# The keys of an environment\n\nEach file in the folder of environments is an environment; all its keys are optional. `dsgen explain environment.KEY`\n"
    yield "prints the same text. `all` and `overrides` contain the [keys of a profile](profile.md).\n"
    yield from _keys(ENVIRONMENT_KEYS, "")


def _keys(schema: Schema, above: str) -> Iterator[str]:
    for name, rules in schema.items():
        if name.endswith("+"):
            continue
        meta = rules["meta"]
        field = f" Becomes `{meta['field']}`." if meta.get("field") else ""
        yield f"\n### `{above}{name}`\n\n{meta['description']}{field}\n\n```yaml\n{meta['example']}\n```\n"
        inner = rules.get("named", rules)
        below = inner.get("schema")
        if below and inner["meta"].get("type") != "profile":
            yield from _keys(below, f"{above}{name}." + ("NAME." if "named" in rules else ""))


def problems() -> Iterator[str]:
    """Yield the page of all problems."""
    codes = catalogue()
    yield "# Problems\n\nEach problem ends with its code; `dsgen explain CODE` prints the text below. Many codes [were renamed](renamed-codes.md).\n"
    for title, chosen in (
        ("Kubernetes' errors and warnings", [entry for entry in codes.values() if entry.source]),
        ("dsgen's own problems", [entry for entry in codes.values() if not entry.source]),
    ):
        yield f"\n## {title}\n\n| code | | rule |\n| --- | --- | --- |\n"
        for entry in chosen:
            versions = f" ({entry.versions})" if entry.versions else ""
            yield f"| `{entry.code}` | {entry.severity} | {_cell(entry.prose)}{versions} |\n"


def renamed_codes() -> Iterator[str]:
    """Yield the page of the codes that were renamed since the previous release."""
    yield "# Renamed problem codes\n\nThese [problem codes](problems.md) had another name in the previous release. Until the next one, dsgen\n"
    yield "[still knows](../stability.md#how-something-is-deprecated) the former names.\n\n| former code | code |\n| --- | --- |\n"
    for former, today in sorted((former, today) for today, former in former_names().items()):
        yield f"| `{former}` | `{today}` |\n"


def templates() -> Iterator[str]:
    """Yield the page of the variables and filters of templates."""
    yield "# Variables, filters and types of templates\n\nSee also [how to write a template](../how-to/write-a-template.md).\n\n## Variables\n\n"
    yield "| name | type |\n| --- | --- |\n"
    for name, notation in names().items():
        yield f"| `{name}` | `{type_name(notation)}` |\n"
    yield "\nEvery field of these types is defined, and is none if it is not set. Any other name is an error.\n\n## Filters\n\n"
    for name in filter_names():
        own = FILTERS.get(name)
        about = (own.__doc__ or "").strip().partition("\n")[0] if own and own.__module__.startswith("dsgen") else ""
        yield f"- `{name}`{': ' + about if about else ''}\n"
    yield "\n## Types\n\n"
    types = fields.load().types
    for name in ("ObjectMeta", "LabelSelector", "DaemonSetUpdateStrategy", "PodTemplateSpec", "PodSpec", "Container"):
        yield (
            f"### {name}\n\n"
            + ", ".join(f"`{field}` {type_name(kind)}" for field, kind in sorted(types[name].items()))
            + "\n\n"
        )


def kinds() -> Iterator[str]:
    """Yield the page of the kinds of objects: how much of each is validated."""
    yield "# The kinds that dsgen validates\n\nOf every kind below, dsgen validates the fields, their types, and the metadata, as the API server does. Of "
    yield f"those with *all rules*, its verdict is the server's own, for Kubernetes 1.33 to {fields.DEFAULT}. Of each other object, a report says "
    yield "with the note [`unvalidated-rules`](problems.md) that the server may still reject it. Custom resources are not in this table.\n\n"
    yield "| kind | apiVersion | served in | validated |\n| --- | --- | --- | --- |\n"
    served: dict[tuple[str, str], list[str]] = {}
    for minor in fields.MINORS:
        for kind in fields.every_kind(minor).kinds:
            served.setdefault((kind.rpartition(" ")[2], kind.rpartition(" ")[0]), []).append(minor)
    for (kind, version), minors in sorted(served.items()):
        every = "every version" if len(minors) == len(fields.MINORS) else f"{minors[0]} to {minors[-1]}"
        if f"{version} {kind}" not in fields.CUSTOM_RESOURCES:
            yield f"| {kind} | `{version}` | {every if len(minors) > 1 else minors[0]} | {_validated(version, kind, minors[-1])} |\n"


def _validated(version: str, kind: str, minor: str) -> str:
    """Return how much of a kind is validated."""
    type = fields.every_kind(minor).kinds[f"{version} {kind}"]
    if with_rules(type):
        return "all rules"
    return "fields, metadata" if kind_of(type) else "fields"


def command_line() -> Iterator[str]:
    """Yield the page of the commands, from their own help."""
    yield "# The command line\n"
    yield from _help(main, "dsgen", "##")
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        yield from _help(command, f"dsgen {name}", "##")
        if isinstance(command, click.Group):
            for each, below in sorted(command.commands.items()):
                yield from _help(below, f"dsgen {name} {each}", "###")


def _help(command: click.Command, name: str, heading: str) -> Iterator[str]:
    with click.Context(command, info_name=name, max_content_width=100, terminal_width=100) as context:
        yield f"\n{heading} {name}\n\n```text\n{command.get_help(context)}\n```\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


REFERENCE: dict[str, Callable[[], Iterator[str]]] = {
    "profile.md": profile,
    "environment.md": environment,
    "problems.md": problems,
    "renamed-codes.md": renamed_codes,
    "templates.md": templates,
    "kinds.md": kinds,
    "command-line.md": command_line,
}


# Which codes are warnings, which can be allowed.
SEVERITIES = FOLDER.parent / "dsgen/severities.json"


def pages() -> dict[Path, str]:
    """Return the text of every generated page."""
    reference = {FOLDER / "reference" / name: HEAD + "".join(page()) for name, page in REFERENCE.items()}
    presets = {FOLDER / "presets" / name: text for name, text in preset_pages.pages()}
    severities = json.dumps({each.code: each.severity for each in catalogue().values()}, indent=0)
    every = {**reference, **presets, SEVERITIES: severities}
    return {path: text.rstrip("\n") + "\n" for path, text in every.items()}


def run(check: bool) -> int:
    """Write the pages, or compare them with what would be written; return the number of those that differ."""
    wanted = pages()
    generated = [path for name in ("reference", "presets") for path in (FOLDER / name).glob("*.md")]
    there = {path: path.read_text("utf-8") for path in (*generated, SEVERITIES) if path.exists()}
    different = sorted(path for path in wanted.keys() | there.keys() if wanted.get(path) != there.get(path))
    for path in different:
        name = path.relative_to(FOLDER.parent)
        if check:
            print(f"{name} is out of date: run `make docs`", file=sys.stderr)
        elif path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], "utf-8")
            print(f"wrote {name}")
        else:
            path.unlink()
            print(f"removed {name}")
    return len(different)


if __name__ == "__main__":
    wrong = run("--check" in sys.argv[1:])
    sys.exit(1 if wrong and "--check" in sys.argv[1:] else 0)
