"""`dsgen presets`: list and print presets, and lock those of a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsgen import harmless
from dsgen.cli.options import format_option
from dsgen.cli.preset_names import chosen, complete, every, preset_items, unknown
from dsgen.cli.shell import fail, say, sound_project
from dsgen.problem import plural
from dsgen.project.paths import display_path, unreadable
from dsgen.project.project import find_project

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from dsgen.build.packs import Available
    from dsgen.project.preset_lock import LockedPreset
    from dsgen.project.project import Project


def _complete_locked(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    try:
        project, _ = find_project(Path.cwd())
    except OSError:
        return []
    return [each.name for each in project.presets if each.name.startswith(begun)]


class _Presets(click.Group):
    """`dsgen presets NAME` prints a preset, and `dsgen presets` lists them: both are the subcommand `show`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; without a subcommand, they are those of `show`."""
        known = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        completed = not args and ctx.resilient_parsing
        return super().parse_args(ctx, args if known or completed else ["show", *args])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the subcommands and the presets that begin with `incomplete`."""
        return [*super().shell_complete(ctx, incomplete), *preset_items(incomplete)]


@click.group(cls=_Presets, subcommand_metavar="[PRESET] | COMMAND [ARGS]...")
def command() -> None:
    """\b
    Example: dsgen presets node-exporter

    Lists the presets of dsgen, and of the packs under `presets` in dsgen.yaml, with a summary, or prints one. The comment at its top says what it needs from the node and what to change.
    `extends: PRESET` in a profile uses it as the lowest layer; `dsgen new NAME --from PRESET` writes such a profile.

    A project can lock the presets that it extends. A newer version of dsgen then does not change them until you upgrade them.
    """


@command.command("show", short_help="List presets, or print one.")
@click.argument("names", nargs=-1, metavar="[PRESET]", shell_complete=complete)
@format_option(("text", "json"), "Output format. JSON includes the description of each preset.")
def show(names: tuple[str, ...], form: str) -> None:
    """\b
    Example: dsgen presets show node-exporter

    Lists the presets, or prints one. You can omit `show`.
    """
    if len(names) > 1:
        fail(f"expected one preset, got {len(names)}: run `dsgen presets {names[-1]}`")
    name = "".join(names)
    if name:
        some, wrong = [chosen(name)], ""
    else:
        some, wrong = every()
    if form == "json":
        from dataclasses import asdict

        shown = [{key: value for key, value in asdict(preset).items() if key != "text"} for preset in some]
        click.echo(harmless.as_json({"presets": shown}), nl=False)
    elif name:
        click.echo(harmless.lines(some[0].text), nl=False)
    else:
        width = max(len(preset.name) for preset in some)
        for preset in some:
            pack = f"(pack {preset.pack})" if preset.pack else ""
            click.echo(harmless.line(f"{preset.name:<{width}}  {' '.join(filter(None, (preset.summary, pack)))}"))
    if wrong:
        fail(wrong)


@command.command("lock", short_help="Copy presets into the project, so that new versions of dsgen do not change them.")
@click.argument("names", nargs=-1, metavar="[PRESET]...", shell_complete=complete)
def lock(names: tuple[str, ...]) -> None:
    """\b
    Example: dsgen presets lock fluent-bit

    Copies presets of dsgen, and of the packs under `presets` in dsgen.yaml, to `presets/PRESET@VERSION/` in the project, and lists their digests in `presets/lock.json`. Profiles then extend the copies.
    By default, it locks all presets that the project's profiles extend, and removes copies that no profile extends any longer. Presets that
    are already locked are unchanged.
    """
    from dsgen.build.lock_presets import Locked, extended

    project, available = _with_available()
    wanted = [_available(name, available) for name in names] if names else extended(project, available)
    done = 0
    try:
        with Locked(project, available) as held:
            for name in wanted:
                if held.needs(name):
                    _say("locked", project, held.lock(name))
                    done += 1
            for each in [] if names else [each for each in project.presets if each.name not in wanted]:
                _say("removed", project, held.unlock(each.name), "; no profile extends it")
    except OSError as error:
        fail(f"cannot write {unreadable(error)}")
    if not wanted:
        say("no profile of this project extends a preset")
    elif not done:
        say(f"{plural(len(wanted), 'preset')} already locked; to see newer versions, run `dsgen presets outdated`")


@command.command("outdated", short_help="List locked presets that differ from this version of dsgen.")
@format_option(("text", "json"), "Output format.")
def outdated(form: str) -> None:
    """\b
    Example: dsgen presets outdated

    Lists locked presets that differ from those in this version of dsgen, or in their pack, with both versions.
    """
    from dsgen.build.lock_presets import outdated as differing

    found = differing(*_with_available())
    if form == "json":
        entries = [{"name": own.name, "locked": own.version, "current": new and new.version} for own, new in found]
        click.echo(harmless.as_json({"presets": entries}), nl=False)
        return
    for own, new in found:
        if new is None:
            place = f"the pack `{own.pack}`" if own.pack else "this version of dsgen"
            click.echo(f"{own.name}  {own.version} is locked; {place} does not have it")
        else:
            more = "" if own.version != new.version else ", revised"
            click.echo(f"{own.name}  {own.version} -> {new.version}{more}")
    if not found:
        say("all locked presets are up to date")


@command.command("diff", short_help="Show what an upgrade would change in the cluster.")
@click.argument("names", nargs=-1, required=True, metavar="PRESET...", shell_complete=_complete_locked)
@format_option(("text", "markdown", "json"), "Output format.")
def diff(names: tuple[str, ...], form: str) -> None:
    """\b
    Example: dsgen presets diff fluent-bit

    Shows how `dsgen presets upgrade` would affect the cluster, like `dsgen diff`, and lists what it would rename. Exits with 1 if an object must be recreated or would be
    rejected.
    """
    from dsgen.cli.diff import show_effect
    from dsgen.cli.input_objects import find_objects

    project, available = _with_available()
    _locked(project, names, available)
    paths = project.profile_files()
    upgraded = available.instead(project, names)
    before, after = (find_objects(paths, each, (), None, True) for each in (project, upgraded))
    for line in (*before.unread, *after.unread):
        fail(f"cannot read {line}")
    show_effect(
        before,
        after,
        project.kubernetes,
        form,
        "the project with its locked presets",
        how=project.checks.apply,
        default=project.checks.pod_security,
        renamed=True,
    )


@command.command("upgrade", short_help="Upgrade locked presets to those of this version of dsgen or of their pack.")
@click.argument("names", nargs=-1, required=True, metavar="PRESET...", shell_complete=_complete_locked)
def upgrade(names: tuple[str, ...]) -> None:
    """\b
    Example: dsgen presets upgrade fluent-bit

    Replaces locked presets with those of this version of dsgen, or of their pack. To see the effect first, run `dsgen presets diff`. Afterwards, run
    `dsgen generate`.
    """
    from dsgen.build.lock_presets import Locked

    project, available = _with_available()
    some = _locked(project, names, available)
    try:
        with Locked(project, available) as held:
            for old in some:
                if not held.needs(old.name) and available.current(old.name) == old:
                    say(f"{old.name}@{old.version} is already up to date")
                else:
                    _say("upgraded", project, held.lock(old.name), f" (was {old.version})")
    except OSError as error:
        fail(f"cannot write {unreadable(error)}")


def _with_available() -> tuple[Project, Available]:
    """Return the current project, and the presets that it can lock; exit if there is no project, or if it has errors."""
    from dsgen.build.packs import Available

    project, _ = sound_project(())
    if not project.stated:
        fail(
            "presets are locked per project, and the current folder is not in a project; to create one, run `dsgen init`"
        )
    return project, click.get_current_context().with_resource(Available(project))


def _available(name: str, available: Available) -> str:
    """Return the name of a preset that can be locked, or exit with the closest name as a hint."""
    return name if available.pack(name) is not None else unknown(name, available.names())


def _locked(project: Project, names: Sequence[str], available: Available) -> list[LockedPreset]:
    """Return the locked presets with these names, or exit if there is none of one."""
    known = {each.name: each for each in project.presets}
    for name in names:
        if name in known and available.pack(name) is None:
            place = f"the pack `{known[name].pack}`" if known[name].pack else "this version of dsgen"
            fail(f"{name!r} is locked, and {place} no longer has it: keep the copy, or extend another preset")
        _available(name, available)
        if name not in known:
            fail(f"{name!r} is not locked; run `dsgen presets lock {name}`")
    return [known[name] for name in dict.fromkeys(names)]


def _say(what: str, project: Project, preset: LockedPreset, more: str = "") -> None:
    say(f"{what} {display_path(project.root / preset.folder)}{more}")
