"""The pages of docs/presets/: one for each preset, from its head, its text and what it makes; and their table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from click.testing import CliRunner

import dsgen
from dsgen.build.selection import stated_name
from dsgen.cli import main
from dsgen.project.presets import Preset, presets
from dsgen.project.shipped import folder, profiles

HEAD = "<!-- Written by scripts/make_docs.py from {}. Change {}, not this page. -->\n\n"


@dataclass(frozen=True)
class Made:
    """A preset, the folder of its output, and the objects that it makes."""

    preset: Preset
    folder: str
    objects: tuple[dsgen.Object, ...]

    @property
    def profile_lines(self) -> int:
        """The lines of the profile and of the files it takes in, without comments of its own and empty lines."""
        files = profiles()[self.preset.name].parent.joinpath("files", self.preset.name).rglob("*")
        texts = [path.read_text("utf-8") for path in files if path.is_file()]
        return sum(map(lines, (self.preset.text, *texts)))

    @property
    def manifest_lines(self) -> int:
        """The lines of all objects, without the comment at their head and empty lines."""
        return sum(lines(made.text) for made in self.objects)

    @property
    def required(self) -> list[str]:
        """What the cluster must provide for it, in the lines of `dsgen requires`."""
        return CliRunner().invoke(main, ["requires", str(profiles()[self.preset.name])]).stdout.splitlines()

    @property
    def ratio(self) -> float:
        """How much of the manifest the profile is."""
        return self.profile_lines / self.manifest_lines


def lines(text: str) -> int:
    """Return the number of lines that are neither empty nor comments."""
    return sum(not line.lstrip().startswith("#") for line in text.splitlines() if line.strip())


def pages() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each page. Raises ProblemError for a preset with errors."""
    every = []
    for preset in presets():
        path = profiles()[preset.name]
        every.append(Made(preset, stated_name(path, path.parent), dsgen.render(dsgen.load(path))))
        yield (
            f"{preset.name}.md",
            HEAD.format(f"profiles/{path.relative_to(folder())}", "that") + "".join(_page(every[-1])),
        )
    yield "README.md", HEAD.format("profiles/", "those") + "".join(_table(every))


def _page(made: Made) -> Iterator[str]:
    preset = made.preset
    about = preset.about[0].upper() + preset.about[1:]
    yield f"# {preset.project}\n\n{about}"
    yield f" Version: {preset.version}.\n\n" if preset.version else "\n\n"
    yield f"    dsgen new my-{preset.name} --from {preset.name}\n\n"
    yield f"- Needs from the node: {preset.needs}\n- Pod Security: {preset.security}\n"
    yield from (f"- Change: {change}\n" for change in preset.change)
    yield from (f"- Differs from {upstream}: {how}\n" for upstream, how in preset.differs.items())
    yield from (f"- Not confirmed: {what}\n" for what in preset.unconfirmed)
    if preset.changes:
        yield "\n## Changes\n\n"
        yield from (f"- dsgen {version}: {what}\n" for version, what in preset.changes.items())
    yield f"\n## The profile\n\n```yaml\n{preset.body.rstrip()}\n```\n\n## Generated objects\n\n"
    yield f"{made.profile_lines} lines of profile generate {made.manifest_lines} lines of manifest:\n\n"
    for each in made.objects:
        shown = f"{each.kind} {each.name}"
        # A preset that only exchanges an output has no name of its own, and is not in `out`.
        yield f"- [{shown}](../../out/{made.folder}/{each.filename})\n" if made.folder else f"- {shown}\n"
    required = made.required
    if required:
        yield "\n## What the cluster must provide\n\n"
        yield from (f"- {line}\n" for line in required)


def _table(every: list[Made]) -> Iterator[str]:
    yield "# The presets\n\nProfiles for common agents, configured as their projects recommend. See\n"
    yield "[how to start from a preset](../how-to/start-from-a-preset.md). The table counts lines of the profile and of the generated manifest,\n"
    yield "without comments; the ratio is profile to manifest. "
    yield f"The median is {median(made.ratio for made in every):.2f}.\n\n"
    yield "| preset | version | what it does | Pod Security | profile | manifest | ratio |\n"
    yield "| --- | --- | --- | --- | ---: | ---: | ---: |\n"
    for made in every:
        preset = made.preset
        yield f"| [{preset.name}]({preset.name}.md) | {preset.version} | {preset.project}: {preset.about} | {preset.level} "
        yield f"| {made.profile_lines} | {made.manifest_lines} | {made.ratio:.2f} |\n"
