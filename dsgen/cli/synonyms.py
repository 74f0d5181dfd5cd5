"""What people type from habit with other tools, and what dsgen has instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import click

# By command, the hint.
COMMANDS: Final = {
    **dict.fromkeys(("render", "template", "build", "make", "synth", "compile"), "use `dsgen generate`"),
    **dict.fromkeys(("lint", "check", "verify", "conform", "vet"), "use `dsgen validate`"),
    **dict.fromkeys(("apply", "install", "upgrade", "deploy", "sync"), "use `dsgen generate`, and then `kubectl apply -k out/NAME`"),
    **dict.fromkeys(("migrate", "convert", "from"), "use `dsgen import`"),
    **dict.fromkeys(("clean", "prune", "delete", "remove", "rm"), "`dsgen generate` removes what no profile generates any longer"),
    **dict.fromkeys(("export", "print", "cat"), "use `dsgen generate -o -`"),
    **dict.fromkeys(("list", "ls", "search", "show", "get"), "use `dsgen presets` for presets, `dsgen trace` for the values of a profile"),
    **dict.fromkeys(("create", "add", "scaffold"), "use `dsgen new` for a profile, `dsgen init` for a project"),
    **dict.fromkeys(("why", "blame", "values"), "use `dsgen trace`"),
    **dict.fromkeys(("format", "tidy", "prettify"), "use `dsgen fmt`"),
    **dict.fromkeys(("doc", "docs", "describe", "man"), "use `dsgen explain`"),
    **dict.fromkeys(("compare", "changes", "preview"), "use `dsgen diff`"),
    **dict.fromkeys(("lock", "pin", "vendor"), "use `dsgen presets lock`"),
    "drift": "use `dsgen generate --check`",
    "help": "use `dsgen --help`, or `dsgen COMMAND --help`",
    "version": "use `dsgen --version`",
}  # fmt: skip

# By option, the hint.
OPTIONS: Final = {
    **dict.fromkeys(("-f", "--file", "--filename"), "write the file without an option"),
    **dict.fromkeys(("-n", "--namespace"), "set `namespace` in the profile"),
    **dict.fromkeys(("--set", "--values", "--set-string"), "set the value in the profile, or in a file of `environments/`"),
    **dict.fromkeys(("--env", "--envs", "--context"), "use `-e`, `--environment`"),
    **dict.fromkeys(("-o", "--output"), "use `--format`"),
    **dict.fromkeys(("--output-file", "--out-file", "--report"), "redirect standard output to the file: `> FILE`"),
    **dict.fromkeys(("--out", "--output-dir", "--output-folder"), "use `-o`, `--output`"),
    **dict.fromkeys(("--dry-run", "--dryrun"), "use `--diff`, or `--check`"),
    **dict.fromkeys(("-C", "--chdir", "--project", "--directory"), "write `dsgen -C DIR COMMAND`"),
    **dict.fromkeys(("--strict", "--warnings-as-errors"), "use `--fail-on warning`"),
    **dict.fromkeys(("--kubernetes-version", "--kube-version", "--k8s-version"), "use `--kubernetes`"),
    **dict.fromkeys(("--preset", "--template"), "use `--from`"),
    **dict.fromkeys(("--fix", "--write"), "change the profile: the hint of a problem says how"),
    **dict.fromkeys(("--ignore", "--skip", "--exclude"), "allow a warning in dsgen.yaml: `dsgen explain problems`"),
    **dict.fromkeys(("-v", "--verbose", "--debug"), "all problems are shown; `dsgen trace` shows where values come from"),
    "--recursive": "folders are read with all folders below",
    "-R": "folders are read with all folders below",
}  # fmt: skip

# The hint for a command, if another one than above is right.
_OF_COMMAND: Final = {
    ("import", "-n"): "use `--namespace`",
    ("import", "--preset"): "use `--extends`",
    ("generate", "--preset"): "set `extends` in the profile",
    ("fmt", "--fix"): "`dsgen fmt` writes the files without an option",
    ("fmt", "--write"): "`dsgen fmt` writes the files without an option",
    (
        "completion",
        "--install",
    ): 'add `eval "$(dsgen completion bash)"` to `~/.bashrc`, or the same for zsh to `~/.zshrc`',
    **dict.fromkeys(
        (("explain", "--recursive"), ("explain", "-r"), ("explain", "-R")),
        "use `dsgen schema`, which has the keys at every level",
    ),
    **{
        (command, option): f"`dsgen {command}` writes no files"
        for command in ("validate", "plan", "trace", "requires", "explain", "test")
        for option in ("--dry-run", "--dryrun")
    },
}


def hint_for_option(option: str, context: click.Context | None) -> str:
    """Return what to write instead of an option that the command of `context` does not have, or an empty string."""
    command = context and context.info_name
    hint = _OF_COMMAND.get((str(command), option)) or OPTIONS.get(option, "")
    if context is None:
        return hint
    known = {name for parameter in context.command.params for name in parameter.opts}
    named = set(re.findall(r"`(--?[\w-]+)", hint))
    # An option that the command lacks too would only lead to the next error.
    return hint if named <= known or named <= {"-C"} else ""


# What people give to `-o` of `dsgen generate` for a format.
FORMATS: Final = ("yaml", "yml", "json", "stdout", "wide", "name")
