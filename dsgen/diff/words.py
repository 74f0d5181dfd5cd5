"""A difference in words, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from dsgen import harmless
from dsgen.diff.compare import Difference
from dsgen.kubernetes.semantics.field_diff import Change
from dsgen.tree import plain

SIGNS: Final = {"created": "+", "deleted": "-", "kept": "~", "restarted": "~", "recreated": "!", "refused": "!"}
_MOST: Final = 5
_LONG: Final = 200
_MOST_LINES: Final = 500


def quoted(text: str) -> str:
    """Return the name of a field or a node as it stands in text."""
    return f"`{harmless.line(text)}`"


def happens(difference: Difference, code: Callable[[str], str] = quoted) -> str:
    """Return what happens to an object. `code` shows names of others, in a way that is harmless where they stand."""
    pods = difference.pods
    many = f"{difference.pod_count} pods restart" if difference.pod_count else "its pods restart"
    if pods is not None:
        many = _on("restart", pods.restart, code) if pods.restart else "no pod restarts"
    if difference.on_delete:
        many = "a pod restarts when somebody deletes it"
    said = {
        "same": "unchanged",
        "kept": "changed, and nothing restarts",
        "restarted": many,
        "recreated": f"must be deleted and created again, since {_fixed(difference, code)} cannot be changed",
        "refused": "the API server refuses it",
        "created": "created",
        "deleted": "deleted",
    }[difference.what]
    others = [_on("start", pods.start, code), _on("stop", pods.stop, code)] if pods is not None else []
    if difference.what == "recreated" and pods is not None:
        others.insert(0, _on("restart", pods.restart, code))
    return "; ".join(filter(None, [said, *others]))


def _on(verb: str, nodes: list[str], code: Callable[[str], str]) -> str:
    if not nodes:
        return ""
    # Names of nodes are words like others, unless they stand in Markdown.
    names = ", ".join(map(harmless.line if code is quoted else code, nodes[:_MOST])) + (
        ", …" if len(nodes) > _MOST else ""
    )
    return f"{len(nodes)} {'pod' if len(nodes) == 1 else 'pods'} {verb}{'s' if len(nodes) == 1 else ''} (on {names})"


def _fixed(difference: Difference, code: Callable[[str], str]) -> str:
    """Name what cannot be changed."""
    fields = [change.field for change in difference.changes]
    if difference.key.kind == "DaemonSet":
        return "`spec.selector`"
    return ", ".join(map(code, fields[:3]))


def summary(differences: Iterable[Difference]) -> str:
    """Return in a line what happens in all."""
    counted = {
        "refused": "refused",
        "recreated": "to be deleted and created again",
        "restarted": "with pods that restart",
        "kept": "changed without a restart",
        "created": "created",
        "deleted": "deleted",
    }
    found = [difference.what for difference in differences]
    said = [f"{found.count(what)} {words}" for what, words in counted.items() if what in found]
    return ", ".join(said) or "nothing changes"


def changed_lines(change: Change) -> Iterator[tuple[str, str]]:
    """Yield the lines of a change, each with its sign: `-` for what was, `+` for what will be."""
    if isinstance(change.old, str) and isinstance(change.new, str) and "\n" in change.old + change.new:
        # A slow import, for long texts only.
        from dsgen.text_diff import unified

        yield " ", f"{change.field}:"
        # Without the names of files, and without the numbers of lines.
        lines = list(unified(change.old.splitlines(), change.new.splitlines(), "", "", context=1))[3:]
        for line in lines[:_MOST_LINES]:
            sign, rest = (" ", "…") if line.startswith("@@") else (line[0], line[1:])
            yield sign, f"  {rest}"
        if len(lines) > _MOST_LINES:
            yield " ", f"  … and {len(lines) - _MOST_LINES} more lines"
        return
    if change.old is not None:
        yield "-", f"{change.field}: {value(change.old)}"
    if change.new is not None:
        yield "+", f"{change.field}: {value(change.new)}"


def value(stated: Any) -> str:
    """Write a value in a line, as JSON where it is no plain text."""
    text = str(stated) if isinstance(stated, str) and stated else harmless.as_json(plain(stated), None).rstrip("\n")
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
