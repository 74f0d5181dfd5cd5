"""Differences in words, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from dsgen import harmless
from dsgen.diff.compare import Difference
from dsgen.kubernetes.semantics.field_diff import Change
from dsgen.plain import plain
from dsgen.problem import plural

SIGNS: Final = {
    "created": "+",
    "deleted": "-",
    "kept": "~",
    "restarted": "~",
    "unknown": "~",
    "recreated": "!",
    "refused": "!",
}
# What comes first, if that is not the order of the names.
ORDER: Final = ("refused", "recreated", "restarted", "unknown", "deleted", "kept", "created")
_MOST: Final = 5
_LONG: Final = 200
_MOST_LINES: Final = 500


def quoted(text: str) -> str:
    """Return the name of a field or a node, quoted for text."""
    return f"`{harmless.line(text)}`"


def happens(difference: Difference, code: Callable[[str], str] = quoted) -> str:
    """Describe what happens to an object. `code` quotes and escapes names for the output format."""
    pods = difference.pods
    many = (
        f"{plural(difference.pod_count, 'pod')} {_verb('restart', difference.pod_count)}"
        if difference.pod_count
        else "its pods restart"
    )
    if pods is not None:
        many = _on("restart", pods.restart, code) if pods.restart else "no pod restarts"
    if difference.on_delete:
        many = "a pod restarts when you delete it"
    elif difference.partition:
        many = f"its pods from ordinal {difference.partition} on restart"
    elif difference.key.kind == "Pod":
        many = "its containers with other images restart"
    said = {
        "same": "unchanged",
        "kept": "configured; no pod restarts",
        "restarted": many,
        "unknown": "configured; whether pods restart is not known",
        "recreated": f"must be deleted and recreated (immutable: {', '.join(map(code, difference.immutable))})",
        "refused": "rejected by the API server",
        "created": "created",
        "deleted": _deletion(difference),
    }[difference.what]
    others = [_on("start", pods.start, code), _on("stop", pods.stop, code)] if pods is not None else []
    if pods is not None and pods.others:
        others.append(
            f"{plural(pods.others, 'more pod')} {_verb('stop', pods.others)} on nodes with a taint that is not tolerated"
        )
    if difference.what == "recreated" and pods is not None:
        others.insert(0, _on("restart", pods.restart, code))
    return "; ".join(filter(None, [said, *others]))


def _deletion(difference: Difference) -> str:
    within = ", with all objects in it" if difference.key.kind == "Namespace" else ""
    return f"no longer generated; deleted{within} if you prune" if difference.is_live else f"deleted{within}"


def _on(verb: str, nodes: list[str], code: Callable[[str], str]) -> str:
    if not nodes:
        return ""
    # Node names need no quotes, except in Markdown.
    names = ", ".join(map(harmless.line if code is quoted else code, nodes[:_MOST])) + (
        ", …" if len(nodes) > _MOST else ""
    )
    return f"{plural(len(nodes), 'pod')} {_verb(verb, len(nodes))} (on {names})"


def _verb(verb: str, number: int) -> str:
    return f"{verb}s" if number == 1 else verb


def _counted(difference: Difference) -> str:
    """Return what an object is counted as: one whose pods only start or stop on other nodes restarts none."""
    pods = difference.pods
    if difference.what == "deleted" and difference.is_live:
        return "left over"
    if difference.what == "restarted" and pods is not None and not pods.restart:
        return "moved" if pods.start or pods.stop or pods.others else "kept"
    return difference.what


def summary(differences: Iterable[Difference]) -> str:
    """Return in a line what happens to all objects."""
    found = list(map(_counted, differences))
    restarted, moved = found.count("restarted"), found.count("moved")
    counted = {
        "refused": "rejected",
        "recreated": "to be deleted and recreated",
        "restarted": "object restarts its pods" if restarted == 1 else "objects restart their pods",
        "moved": "object starts or stops pods" if moved == 1 else "objects start or stop pods",
        "kept": "configured without restarts",
        "unknown": "configured, with unknown effect on pods",
        "created": "created",
        "deleted": "deleted",
        "left over": "no longer generated",
    }
    said = [f"{found.count(what)} {words}" for what, words in counted.items() if what in found]
    return ", ".join(said) or "no changes"


def changed_lines(change: Change) -> Iterator[tuple[str, str]]:
    """Yield the lines of a change, each with its sign: `-` for what was, `+` for what will be."""
    if isinstance(change.old, str) and isinstance(change.new, str) and "\n" in change.old + change.new:
        # Slow to import, and needed only for long texts.
        from dsgen.text_diff import unified

        yield " ", f"{change.field}:"
        # Without file names and line numbers.
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
    """Write a value in one line, as JSON unless it is plain text."""
    text = str(stated) if isinstance(stated, str) and stated else harmless.as_json(plain(stated), None).rstrip("\n")
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
