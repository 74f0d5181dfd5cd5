"""Write a document: short values on one line, others on several, as `dsgen import` writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dsgen.fmt.node import Remark, YamlDocument, YamlEntry, YamlNode
from dsgen.profile.one_line import on_one_line
from dsgen.tree import List, Map, Null, Text, Value
from dsgen.yaml_writer import Place, flow, key


def write(document: YamlDocument) -> str:
    """Return the text of a document."""
    _drop_blanks_after_kept(document.root)
    lines: list[str] = []
    head, marked = document.head, document.marked
    lines += _remarks(head[: max(marked, 0)], "", at_start=True)
    if marked >= 0:
        lines.append("---")
    lines += _remarks(head[max(marked, 0) :], "", at_start=not lines or marked >= 0)
    first = document.root.entries[0] if document.root.entries else None
    if lines and head[max(marked, 0) :] and (document.blank_after_head or (first and first.above)):
        lines.append("")
    _value(document.root, "", lines)
    lines += _remarks(document.root.tail, "", at_start=not lines)
    return "\n".join([*lines, ""])


def _drop_blanks_after_kept(root: YamlNode) -> None:
    """Have no blank line after text whose own blank lines at its end are kept (`|+`, `>+`): it would be one of them."""
    is_kept = False
    for each in _as_written(root):
        if isinstance(each, YamlNode):
            is_kept = each.is_block and each.lines[0].endswith("+")
        elif is_kept:
            each.after_blank = is_kept = False


def _as_written(node: YamlNode) -> Iterator[YamlEntry | Remark | YamlNode]:
    """Yield the entries below a value, their comments and their values, in the order of their lines."""
    for entry in node.entries:
        yield from entry.above
        yield entry
        yield entry.value
        yield from _as_written(entry.value)
    yield from node.tail


def _remarks(remarks: Iterable[Remark], indent: str, at_start: bool = False) -> Iterator[str]:
    """Yield the lines of comments. Those of one group keep their indentation, relative to the first."""
    first: int | None = None
    for number, remark in enumerate(remarks):
        if remark.after_blank:
            first = None
            if number or not at_start:
                yield ""
        if remark.column is not None and first is None:
            first = remark.column
        further = max((remark.column or 0) - (first or 0), 0) if remark.column is not None else 0
        yield indent + " " * further + remark.words


def _value(node: YamlNode, indent: str, lines: list[str]) -> None:
    """Write the entries of a map or a list, each on lines of its own."""
    for number, entry in enumerate(node.entries):
        above = [*_remarks(entry.above, indent, at_start=not number)]
        if entry.after_blank and (number or above):
            above.append("")
        lines += above
        if node.kind == "map":
            _entry(f"{indent}{'<<' if entry.is_merge else key(entry.key)}:", entry, indent, lines)
        else:
            _item(entry, indent, lines)


def _item(entry: YamlEntry, indent: str, lines: list[str]) -> None:
    """Write an entry of a list. A map begins on the line of its dash, and one of a single key needs no braces."""
    node = entry.value
    inner = node.entries[0] if node.entries else None
    if node.kind not in ("map", "list") or inner is None or node.anchor:
        _entry(f"{indent}-", entry, indent, lines)
        return
    alone = node.kind == "map" and len(node.entries) == 1
    if not alone and _one_line(f"{indent}-", node):
        _entry(f"{indent}-", entry, indent, lines)
        return
    lines += (indent + words for words in entry.behind)
    first: list[str] = []
    _value(node, indent + "  ", first)
    # Comments of its first entry that have no place on their line go above the dash.
    at = next(number for number, line in enumerate(first) if line.lstrip()[:1] not in ("", "#"))
    lines += (line[2:] for line in first[:at])
    lines.append(f"{indent}- {first[at][len(indent) + 2 :]}")
    lines += first[at + 1 :]
    lines += _remarks(node.tail, indent + "  ")


def _entry(start: str, entry: YamlEntry, indent: str, lines: list[str]) -> None:
    """Write the value after a key or a dash, with the comments behind it: one stays there, others go above."""
    node = entry.value
    if node.anchor:
        start += f" &{node.anchor}"
    lines += (indent + words for words in entry.behind[:-1])
    behind = f"  {entry.behind[-1]}" if entry.behind else ""
    if node.kind in ("map", "list") and node.entries:
        written = _one_line(start, node)
        if written:
            lines.append(written + behind)
            return
        lines.append(start + behind)
        _value(node, indent + "  ", lines)
        lines += _remarks(node.tail, indent + "  ")
    elif node.lines:
        first, *others = node.lines
        own = behind if node.is_block else ""
        lines.append(f"{start} {first}{own}")
        lines += (f"{indent}  {line}" if line else "" for line in others)
        lines[-1] += behind if not node.is_block else ""
    else:
        lines.append(f"{start} {_leaf(node, 'block')}{behind}")


def _one_line(start: str, node: YamlNode) -> str | None:
    """Return the line with a map or list after `start`, or None if it needs several lines."""
    if node.has_remarks():
        return None
    value = _shape(node)
    assert isinstance(value, (Map, List))
    return on_one_line(value, start, _flow(node))


def _shape(node: YamlNode) -> Value:
    """Return a value as far as its shape matters, without anchors and aliases."""
    if node.kind == "map":
        return Map(
            (("<<" if entry.is_merge else entry.key, _shape(entry.value)) for entry in node.entries), None, node.type
        )
    if node.kind == "list":
        return List(_shape(entry.value) for entry in node.entries)
    # Text of several lines goes on no line with others.
    return Text("\n" if node.lines or "\n" in node.text else node.text)


def _flow(node: YamlNode, place: Place = "block") -> str:
    """Return a value on one line."""
    if node.kind not in ("map", "list"):
        written = _leaf(node, place)
    elif node.kind == "map":
        names = ("<<" if entry.is_merge else key(entry.key) for entry in node.entries)
        pairs = zip(names, node.entries, strict=True)
        written = "{" + ", ".join(f"{name}: {_below(entry.value, 'map')}" for name, entry in pairs) + "}"
    else:
        written = "[" + ", ".join(_below(entry.value, "list") for entry in node.entries) + "]"
    return written


def _below(node: YamlNode, place: Place) -> str:
    return f"&{node.anchor} {_flow(node, place)}" if node.anchor else _flow(node, place)


def _leaf(node: YamlNode, place: Place) -> str:
    if node.kind == "alias":
        return f"*{node.text}"
    if node.kind == "null":
        return flow(Null())
    if node.kind == "scalar":
        return flow(Text.at(node.text, None, node.plain), place)
    return "{}" if node.kind == "map" else "[]"
