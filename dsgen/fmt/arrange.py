"""Put the keys of a document into the order of the language, and find the type of each map, on which its layout depends."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from dsgen.fmt.node import YamlEntry, YamlNode
from dsgen.profile.key import Rules
from dsgen.profile.order import in_order
from dsgen.profile.tables import fields_of
from dsgen.profile.typed import NAMED

# What a value is: a part of the schema, or a notation of the field tables. Empty if nothing is known about it.
_Kind: TypeAlias = "Rules | str"
_FREE: Final = ("{", "<", "[")


def arrange(root: YamlNode, rules: Rules) -> None:
    """Order the keys of all maps whose keys are known, and set the types of maps. `rules` are those of a profile or an environment."""
    names = [node.anchor for node in root.nodes() if node.anchor]
    # An anchor that is defined again may not change places with its aliases.
    _arrange(root, rules, len(set(names)) == len(names), is_layer=False)


def _arrange(node: YamlNode, kind: _Kind, may_move: bool, is_layer: bool) -> None:
    type = _type(kind)
    if node.kind == "list":
        for entry in node.entries:
            _arrange(entry.value, _entry_of(kind), may_move, is_layer)
            if entry.value.entries and not entry.value.anchor:
                # What begins on the line of a dash has its comments above the dash.
                first = entry.value.entries[0]
                entry.above += first.above
                first.above = []
    elif node.kind == "map":
        if may_move and type[:1] not in _FREE:
            node.entries = _ordered(node.entries, type)
        for entry in node.entries:
            below = kind if entry.is_merge else _child(kind, entry.key)
            layer = is_layer or (type == "environment" and entry.key in ("all", "overrides"))
            _arrange(entry.value, below, may_move, layer)
        if type == "environment":
            type = "profile"
        elif is_layer and len(node.entries) == 1 and (type == "profile" or type[:1] == "<") and type != "<overrides>":
            type = ""  # the single difference of a layer fits on a line
        node.type = type


def _type(kind: _Kind) -> str:
    """Return the type of a map."""
    return kind if isinstance(kind, str) else str(kind["meta"].get("type", "") or kind.get("kubernetes", ""))


def _child(kind: _Kind, key: str) -> _Kind:
    """Return what the value of a key in a map is."""
    if isinstance(kind, str):
        if kind[:1] in _FREE:
            return _entry_of(kind)
        plain = key.removesuffix("+")
        notation = fields_of(kind).get(plain, "") if kind[:1].isalpha() else ""
        name = NAMED.get((kind, plain))
        return f"<{name}:{'Mount' if plain == 'volumeMounts' else notation[1:-1]}>" if name else notation
    if "named" in kind:
        return _entry_of(kind)
    if "kubernetes" in kind:
        return _child(kind["kubernetes"], key)
    schema: Any = kind.get("schema", {})
    if key not in schema:
        return _child(_type(kind), key) if not schema else ""
    found: Rules = schema[key]
    # Each layer of an environment is on lines of its own; so are the keys of what else has names.
    return {**found, "meta": {**found["meta"], "type": "<overrides>"}} if key == "overrides" else found


def _entry_of(kind: _Kind) -> _Kind:
    """Return what the entries of a list are, or those of a map of names."""
    if isinstance(kind, str):
        inner = kind[1:-1] if kind[:1] in _FREE else ""
        return inner.partition(":")[2] if kind[:1] == "<" else inner
    if "named" in kind:
        named: Rules = kind["named"]
        return named
    return _entry_of(kind["kubernetes"]) if "kubernetes" in kind else ""


def _ordered(entries: list[YamlEntry], type: str) -> list[YamlEntry]:
    """Return entries in the order of the language. An anchor stays before its aliases."""
    by_key = {("<<" if entry.is_merge else f"{entry.key}"): entry for entry in entries}
    wanted = [by_key[key] for key in in_order(by_key, type)]
    if wanted == entries:
        return entries
    defined = {node.anchor: entry for entry in entries for node in entry.value.nodes() if node.anchor}
    needs = {
        id(entry): [defined[node.text] for node in entry.value.nodes() if node.kind == "alias" and node.text in defined]
        for entry in entries
    }
    result: list[YamlEntry] = []
    while wanted:
        ready = (entry for entry in wanted if all(each is entry or each in result for each in needs[id(entry)]))
        following = next(ready)
        result.append(following)
        wanted.remove(following)
    return result
