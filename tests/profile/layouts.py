"""Layers that hypothesis makes: first right ones, built from the schema; then damaged ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from dsgen.origin import Origin
from dsgen.profile.schema import PROFILE
from dsgen.profile.shorthand import SHORT_FORMS
from dsgen.profile.tables import fields_of
from dsgen.profile.typed import NAMED
from dsgen.source import read
from dsgen.tree import List, Map, Null, Text, Value

_HERE = Origin("layer.yaml", 1, 1, 1, 2)


def leaf(text: str, plain: bool = True) -> Text:
    return Text.at(text, _HERE, plain)


def parsed(example: str) -> Value:
    root, problems = read(example, "layer.yaml")
    assert root is not None
    assert not problems
    return root


SCALARS: dict[str, list[str]] = {
    "bool": ["true", "false"],
    "int32": ["0", "1", "-1", "2147483647"],
    "int64": ["0", "30", "9223372036854775807"],
    "IntOrString": ["1", "10%", "http"],
}
WORDS = st.sampled_from(["a", "agent", "yes", "1.10", "0644", "a b", "x/y", "zone=a", "all", "control-plane", "80", "", "metrics/healthz"])  # fmt: skip
EXAMPLES = [parsed(f"x: {form.example}")["x"] for form in SHORT_FORMS.values()]  # type: ignore[index,call-overload]


def of_type(notation: str, depth: int = 3) -> st.SearchStrategy[Value]:
    """Return values of a type of the field tables, in long or in short form."""
    if notation in SCALARS:
        return st.sampled_from(SCALARS[notation]).map(leaf)
    if notation.startswith("["):
        return st.lists(of_type(notation[1:-1], depth - 1), max_size=2).map(lambda items: List(items, _HERE))
    if notation.startswith("{"):
        return st.dictionaries(WORDS.map(leaf), of_type(notation[1:-1], depth - 1), max_size=2).map(
            lambda items: Map(items.items(), _HERE)
        )
    if notation in SHORT_FORMS and depth % 2:
        return st.sampled_from([SHORT_FORMS[notation].example]).map(lambda example: parsed(f"x: {example}")["x"])  # type: ignore[index,call-overload]
    if not fields_of(notation):
        return WORDS.map(leaf)
    if depth <= 0:
        return st.just(Map((), _HERE))
    known = {name: type for name, type in fields_of(notation).items() if (notation, name) not in NAMED}
    return st.dictionaries(st.sampled_from(sorted(known)), st.none(), max_size=3).flatmap(
        lambda names: st.fixed_dictionaries({leaf(name): of_type(known[name], depth - 1) for name in names}).map(
            lambda items: Map(items.items(), _HERE)
        )
    )


def _key(name: str, rules: dict[str, Any]) -> st.SearchStrategy[Value]:
    example: Any = parsed(rules["meta"]["example"])
    examples = st.just(example[name])
    notation = rules.get("kubernetes", "")
    return examples if not notation or notation.startswith("<") else examples | of_type(notation)


def _layer(schema: dict[str, Any]) -> st.SearchStrategy[Map]:
    return st.lists(st.sampled_from(sorted(schema)), max_size=4, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({leaf(name): _key(name, schema[name]) for name in names}).map(
            lambda items: Map(items.items(), _HERE)
        )
    )


TOP: dict[str, Any] = PROFILE["schema"]
_NAMES = st.sampled_from(["agent", "helper", "*"]).map(leaf)
_CONTAINERS = st.dictionaries(_NAMES, _layer(TOP["containers"]["named"]["schema"]), max_size=2).map(
    lambda items: Map(items.items(), _HERE)
)


@st.composite
def layers(draw: st.DrawFn) -> Map:
    """Layers that are mostly right: of keys of the schema, with examples or values of their types."""
    layer = draw(_layer(TOP))
    for name, strategy in (("nodes", _layer(TOP["nodes"]["schema"])), ("containers", _CONTAINERS), ("initContainers", _CONTAINERS)):  # fmt: skip
        if draw(st.booleans()):
            layer[leaf(name)] = draw(strategy)
    return layer


_STRANGE: st.SearchStrategy[Value] = st.one_of(
    st.just(Null(_HERE)),
    WORDS.map(leaf),
    st.sampled_from(["true", "5", "99999999999999999999", "yes"]).map(leaf),
    st.sampled_from(["true", "5"]).map(lambda text: leaf(text, plain=False)),
    st.just(List((), _HERE)),
    st.just(Map((), _HERE)),
    st.sampled_from(EXAMPLES),
    st.just(List([Null(_HERE)], _HERE)),
    st.just(List([List([leaf("a")], _HERE)], _HERE)),
    st.just(Map([(leaf("name"), leaf("a"))], _HERE)),
)
_KEYS = st.sampled_from(
    ["name", "env", "tolerate", "tolerate+", "args+", "nodeSelector", "httpGet", "hostPath", "mountPath", "labels+", "matchLabels", "mounts",
     "require", "type", "rollingUpdate", "*", "updateStrategy", "serviceAccountName", "volumeMounts", "affinity"]
)  # fmt: skip


def _copy(value: Value) -> Value:
    if isinstance(value, Map):
        return Map(((key, _copy(child)) for key, child in value.items()), _HERE)
    if isinstance(value, List):
        return List(map(_copy, value), _HERE)
    return value


def _containers(value: Value) -> list[Map | List]:
    found: list[Map | List] = []
    if isinstance(value, (Map, List)):
        found.append(value)
        for child in value.values() if isinstance(value, Map) else value:
            found += _containers(child)
    return found


@st.composite
def damaged(draw: st.DrawFn) -> Map:
    """Layers of which a part was dropped, misspelt, given another type, made null, nested or moved."""
    layer = _copy(draw(layers()))
    assert isinstance(layer, Map)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(_containers(layer)))
        if isinstance(place, List):
            how = draw(st.sampled_from(["add", "replace", "drop"]))
            if how == "add" or not place:
                place.append(_copy(draw(_STRANGE)))
                continue
            index = draw(st.integers(0, len(place) - 1))
            if how == "drop":
                del place[index]
            else:
                place[index] = _copy(draw(_STRANGE))
            continue
        how = draw(st.sampled_from(["add", "replace", "drop", "misspell", "nest", "append"]))
        if how == "add" or not place:
            place[leaf(draw(_KEYS))] = _copy(draw(_STRANGE))
            continue
        key = draw(st.sampled_from(sorted(place)))
        value = place[key]
        if how == "replace":
            place[key] = _copy(draw(_STRANGE))
        elif how == "drop":
            del place[key]
        elif how == "misspell":
            del place[key]
            place[leaf(key[:-1] + "x")] = value
        elif how == "append":
            place[leaf(key + "+")] = _copy(value)
        else:
            inside: list[Value] = [List([_copy(value)], _HERE), Map([(leaf(key), _copy(value))], _HERE)]
            place[key] = draw(st.sampled_from(inside))
    return layer
