"""Objects of a live cluster, fetched with `kubectl`."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dsgen.build.targets import read
from dsgen.cli.shell import fail
from dsgen.kubernetes.schema import formats
from dsgen.project.paths import unreadable
from dsgen.reading import LISTS
from dsgen.record import Record
from dsgen.resolve.file import File

# For a file of this name, write `./kubectl`.
WORD: Final = "kubectl"
# What `kubectl` says of a kind that the cluster does not serve.
_UNSERVED: Final = re.compile(r"the server doesn't have a resource type \"([^\"]+)\"")
# And of one that it may not list: the resource and its group.
_FORBIDDEN: Final = re.compile(r"cannot list resource \"([^\"]+)\" in API group \"([^\"]*)\"")
_LOGGED: Final = re.compile(r"[EWI][0-9]{4} ")
_KIND: Final = r"[A-Za-z][A-Za-z0-9.-]*"


def is_live(name: str) -> bool:
    """Return whether the argument means a cluster, not a file: `kubectl`, or `kubectl:CONTEXT`."""
    return name == WORD or name.startswith(f"{WORD}:")


def in_context(context: str | None, *names: str) -> list[str]:
    """Return arguments with the context of `--context`, if one is given, in those that mean a cluster. Exits with 2 if none of them can have it."""
    if context is None:
        return list(names)
    other = next((name for name in names if is_live(name) and name not in (WORD, f"{WORD}:{context}")), None)
    if other is not None:
        fail(f"`--context {context}` and `{other}` name two contexts: leave one out")
    if not any(map(is_live, names)):
        fail(f"`--context` selects a live cluster, but no argument is `{WORD}`")
    return [f"{WORD}:{context}" if name == WORD else name for name in names]


def listed(name: str, root: Path, *kinds: str, everywhere: bool = False, namespace: str = "") -> File:
    """Return a file, or the output of `kubectl get KINDS -o json` for `kubectl` and `kubectl:CONTEXT`. Exits with 2 if that fails.

    With `everywhere`, the objects of all namespaces are listed, or those of one `namespace`. `root` is the project folder. A kind may come
    from an untrusted manifest, so a text that is not a valid kind, such as an option of `kubectl`, is refused.
    """
    if not is_live(name):
        try:
            return read(Path(name), root, LISTS)
        except OSError as error:
            fail(f"cannot read {unreadable(error, name)}")
    where = [f"--namespace={namespace}"] if namespace else ["--all-namespaces"] if everywhere else []
    text, wrong = _get(name, kinds, where)
    return File(name, text, name) if wrong is None else fail(*wrong)


class Listed(Record):
    """Objects as a file; and the kinds that the cluster does not serve, and those that may not be listed."""

    file: File
    unserved: list[str]
    forbidden: list[str]


def listed_as_served(name: str, kinds: Sequence[str], selector: str = "", namespace: str = "") -> Listed:
    """Return the objects of those kinds that the cluster serves and lets the user list, as `listed` does.

    They are those of all namespaces, or of one `namespace`; `selector` selects by labels. The objects have their managed fields.
    """
    left, unserved, forbidden = list(kinds), list[str](), list[str]()
    where = f"--namespace={namespace}" if namespace else "--all-namespaces"
    options = [where, *([f"--selector={selector}"] if selector else []), "--show-managed-fields"]
    while left:
        text, wrong = _get(name, left, options)
        if wrong is None:
            return Listed(File(name, text, name), unserved, forbidden)
        if said := _UNSERVED.search(wrong[1]):
            # `kubectl` leaves the group out.
            found = [kind for kind in left if said[1] in (kind, kind.partition(".")[0])][:1]
            unserved += found
        else:
            resources = {f"{plural}{group and '.'}{group}" for plural, group in _FORBIDDEN.findall(wrong[1])}
            found = [kind for kind in left if not resources.isdisjoint(plurals(kind))]
            forbidden += found
        if not found:
            fail(*wrong)
        left = [kind for kind in left if kind not in found]
    return Listed(File(name, b"", name), unserved, forbidden)


def plurals(kind: str) -> list[str]:
    """Return the names that the resource of a kind, such as `ingress.networking.k8s.io`, may have."""
    word, dot, group = kind.partition(".")
    return [f"{each}{dot}{group}" for each in (f"{word}s", f"{word}es", f"{word[:-1]}ies", word)]


def _get(name: str, kinds: Sequence[str], options: Sequence[str]) -> tuple[bytes, tuple[str, str] | None]:
    """Run `kubectl get`, and return its output, or the command and what it said when it failed."""
    for kind in kinds:
        if not re.fullmatch(_KIND, kind):
            fail(f"invalid kind {kind!r}: must consist of letters, digits, `-` and `.`, and begin with a letter")
    command = [WORD, "get", *options, *_context(name), "-o", "json", "--", ",".join(kinds)]
    done = _run(command)
    return done.stdout, (" ".join(command), _said(done)) if done.returncode else None


def usual_namespace(name: str) -> str:
    """Return the namespace of objects that set none: that of the context of a cluster, or `default`. Exits with 2 without kubectl."""
    done = _run([WORD, "config", "view", "--minify", *_context(name), "-o", "jsonpath={..namespace}"])
    said = done.stdout.decode("utf-8", "replace").strip()
    return "default" if done.returncode or formats.dns_label(said) else said


def dry_run(name: str, text: str, server_side: bool, force: bool = False) -> tuple[bytes, str]:
    """Apply an object to a cluster as a dry run in the server; return it as JSON, and what `kubectl` says if that fails.

    With `force`, it takes over the fields of other managers.
    """
    how = ["--server-side", *(["--force-conflicts"] if force else [])] if server_side else []
    done = _run([WORD, "apply", *how, "--dry-run=server", *_context(name), "-o", "json", "-f", "-"], text.encode())
    return done.stdout, _said(done) if done.returncode else ""


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return what `kubectl` says when it fails. Before that, it logs each of its attempts to reach the server, and prints warnings."""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    said = [line for line in lines if not _LOGGED.match(line)]
    return "\n".join(said or lines) or f"exit code {done.returncode}"


def served_kinds(name: str) -> tuple[list[str], str]:
    """Return the kinds that a cluster serves and whose objects can be listed and deleted, such as `daemonsets.apps`; and what `kubectl` says if
    these are not all, because an API is down. Exits with 2 without kubectl.
    """
    done = _run([WORD, "api-resources", *_context(name), "--verbs=delete,list", "-o", "name"])
    found = [kind for kind in done.stdout.decode("utf-8", "replace").split() if re.fullmatch(_KIND, kind)]
    return found, _said(done) if done.returncode else ""


def serves(name: str, resource: str, group: str) -> bool:
    """Return whether a cluster, by `kubectl` or `kubectl:CONTEXT`, has a resource such as `podmonitors` of a group. Exits with 2 without kubectl."""
    done = _run([WORD, "api-resources", *_context(name), f"--api-group={group}", "-o", "name"])
    return f"{resource}.{group}" in done.stdout.decode("utf-8", "replace").split()


def _context(name: str) -> list[str]:
    context = name.removeprefix(WORD).removeprefix(":")
    return [f"--context={context}"] if context else []


def _run(command: list[str], text: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(command, capture_output=True, check=False, input=text)
    except OSError as error:
        fail(f"cannot run kubectl: {error.strerror or error}")
