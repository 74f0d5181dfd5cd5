"""Documentation of a key, from the schema: the output of `dsgen explain KEY`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dsgen.kubernetes.schema.fields.versions import versions
from dsgen.problem import did_you_mean
from dsgen.profile.key import Rules
from dsgen.profile.schema import MISPLACED, PROFILE
from dsgen.profile.shorthand import SHORT_FORMS, ShortForm
from dsgen.profile.tables import fields_of, readable, type_name, versions_of
from dsgen.profile.typed import NAMED


class UnknownKeyError(Exception):
    """There is no such key; `hint` suggests the closest one."""

    def __init__(self, key: str, where: str, hint: str) -> None:
        super().__init__(f"unknown key `{key}` in {where}")
        self.hint = hint


@dataclass(frozen=True)
class Explanation:
    """The documentation of a key.

    `kubernetes` is its field in Kubernetes, `type` its type there, as `kubectl explain` writes it, and `versions` which versions have the
    field, unless all do. `keys` are the keys below it, each with its type or the first sentence of its documentation.
    """

    path: str
    description: str = ""
    example: str = ""
    kubernetes: str = ""
    type: str = ""
    short: ShortForm | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    versions: str = ""


def explain(path: str) -> Explanation:
    """Return the documentation of the key at `path` (`nodes.tolerate`, `containers.NAME.env`); an empty path is the profile.

    Names of containers, volumes and the like are optional in the path. A path that begins with `environment` is a key of an
    environment. Raises UnknownKeyError.
    """
    return explain_steps([step for step in path.replace("[]", "").split(".") if step], path)


def explain_steps(steps: list[str], path: str) -> Explanation:
    """Return the same as `explain` for a path as a list of keys, which may contain dots."""
    if steps[:1] == ["environment"]:
        from dsgen.profile.environment import ENVIRONMENT

        return _rules(ENVIRONMENT, steps[1:], "an environment", path)
    return _rules(PROFILE, steps, "a profile", path)


def _rules(rules: Rules, steps: list[str], where: str, path: str) -> Explanation:
    if "named" in rules:
        known = rules["named"]["schema"]
        if steps and steps[0] not in known:
            steps = steps[1:]
        if steps:
            return _rules(rules["named"], steps, readable(rules["named"]["meta"]["type"]), path)
        keys = {name: _first(entry) for name, entry in known.items() if not name.endswith("+")}
        return _explanation(rules, path, keys)
    if "schema" in rules:
        known = rules["schema"]
        if steps:
            if steps[0] not in known:
                hint = _elsewhere(steps[0]) or did_you_mean(steps[0], known)
                below = path.rpartition(f".{steps[0]}")[0]
                raise UnknownKeyError(
                    steps[0], where, hint or f"`dsgen explain {below}` lists the keys" if below else hint
                )
            return _rules(known[steps[0]], steps[1:], f"`{steps[0]}`", path)
        return _explanation(
            rules, path, {name: _first(entry) for name, entry in known.items() if not name.endswith("+")}
        )
    notation = rules.get("kubernetes", "")
    if steps:
        return _typed(notation, steps, path)
    found = dict(_below(notation))
    return _explanation(rules, path, found)


def _elsewhere(key: str) -> str:
    schema = PROFILE["schema"]
    for home, known in (("containers", schema["containers"]["named"]["schema"]), ("nodes", schema["nodes"]["schema"])):
        if key in known:
            return f"did you mean `{home}.{key}`?"
    return "did you mean `variants.nodes.rest`?" if key == "rest" else MISPLACED.get(key, "")


def _typed(notation: str, steps: list[str], path: str) -> Explanation:
    type = _type(notation)
    known = fields_of(type)
    short = SHORT_FORMS.get(type)
    more = short.more if short else {}
    if notation[:1] in "<{" and steps and steps[0] not in known and steps[0] not in more:
        steps = steps[1:]
    if not steps:
        return Explanation(path, type=type_name(notation), short=short, keys=dict(_below(notation)))
    if steps[0] not in known and steps[0] not in more:
        raise UnknownKeyError(
            steps[0], f"a value of type {type_name(type or notation)}", did_you_mean(steps[0], [*known, *more])
        )
    inner = known.get(steps[0]) or more[steps[0]]
    named = NAMED.get((type, steps[0]))
    if named:
        inner = f"<{named}:{inner[1:-1]}>"
    if len(steps) > 1:
        return _typed(inner, steps[1:], path)
    short, keys = SHORT_FORMS.get(_type(inner)), dict(_below(inner))
    return Explanation(path, type=type_name(inner), short=short, keys=keys, versions=versions(type, steps[0]))


def _type(notation: str) -> str:
    return notation.strip("[]{}<>").rpartition(":")[2]


def _below(notation: str) -> Iterator[tuple[str, str]]:
    for name, inner in fields_of(_type(notation)).items():
        only = versions(_type(notation), name)
        yield name, f"{type_name(inner)}  (Kubernetes {only})" if only else type_name(inner)


def _first(rules: Rules) -> str:
    description: str = rules["meta"]["description"]
    return description.partition(". ")[0].rstrip(".") + "."


def _explanation(rules: Rules, path: str, keys: dict[str, str]) -> Explanation:
    meta = rules["meta"]
    notation = rules.get("kubernetes", "")
    short = SHORT_FORMS.get(_type(notation)) if notation else None
    field = meta.get("field", "")
    return Explanation(
        path, meta["description"], meta.get("example", ""), field, type_name(notation), short, keys, versions_of(field)
    )  # fmt: skip
