"""The files of tests: what each case expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dsgen.kubernetes.manifest import read
from dsgen.origin import Origin
from dsgen.problem import Problem, code, did_you_mean
from dsgen.profile.shape_problems import INVALID_TYPE, UNKNOWN_KEY
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.source import describe
from dsgen.tree import List, Map, Text, Value, origin_of

MISSING_KEY = code(
    "missing-test-key",
    """A case of a test file must have a `name`, a `profile`, and `expect` or `rules`.""",
)
# Key of a case → its meaning and an example.
KEYS: Final = {
    "name": ("The name of the case, which reports show.", "name: only the host's logs are mounted"),
    "profile": ("The name of the profile.", "profile: node-exporter"),
    "environments": ("Names and patterns of environments. Default: all environments that use the profile.", 'environments: ["prod-*"]'),
    "object": ("The kind of the generated object, or KIND/NAME. Default: `DaemonSet`.", "object: ClusterRole/node-exporter"),
    "expect": (
        "Part of the object. Each field must have this value, as written or by default; null means that the field must be absent. List items "
        "with a `name` are compared with the item of the same name; other lists are compared as a whole.",
        "expect: {spec: {template: {spec: {hostNetwork: true}}}}",
    ),
    "rules": (
        "Expressions (CEL) that must be true, each as text or as `{expression, message}`. `object` is the object with defaults, and `objects` "
        "are all objects of the profile. They require the extra `cel`.",
        'rules: ["object.spec.template.spec.containers.all(c, has(c.resources.limits))"]',
    ),
}  # fmt: skip
_OF_RULE: Final = ("expression", "message")
DEFAULT_KIND: Final = "DaemonSet"


class Assertion(Record):
    """An expression that must be true, and what to say if it is not."""

    expression: str
    message: str
    origin: Origin | None


class Case(Record):
    """A case: which object of a profile is tested, in which environments (empty: all), and what is expected of it."""

    file: str
    name: str
    profile: str
    environments: tuple[str, ...]
    kind: str
    object: str
    expected: Map
    rules: tuple[Assertion, ...]
    stated: Map

    def origin(self, key: str = "name") -> Origin | None:
        """Return where a key of the case is."""
        return origin_of(self.stated.get(key)) or origin_of(self.stated)


def cases(file: File, problems: list[Problem]) -> list[Case]:
    """Return the cases of a file; problems are added to `problems`."""
    documents = read(file.text, file.name)
    found: list[Case] = []
    for document in documents:
        problems += document.problems
        if document.root is None:
            continue
        root = document.root
        if not isinstance(root, Map):
            _wrong(root, "a map with the key `tests`", "", problems)
            continue
        for key in root:
            if key != "tests":
                problems.append(_unknown(key, ("tests",), "a test file"))
        stated = root.get("tests")
        if not isinstance(stated, List):
            _wrong(root if stated is None else stated, "a list of cases under `tests`", "tests", problems)
            continue
        found += (case for each in stated if (case := _case(each, file.name, problems)) is not None)
    return found


def _case(stated: Value, file: str, problems: list[Problem]) -> Case | None:
    if not isinstance(stated, Map):
        _wrong(stated, "a map", "tests", problems)
        return None
    before = len(problems)
    problems += (_unknown(key, KEYS, "a case") for key in stated if key not in KEYS)
    for key in ("name", "profile"):
        if key not in stated:
            missing = f"`{key}` is required"
            problems.append(
                MISSING_KEY.at(origin_of(stated), missing, hint=f"write `{KEYS[key][1]}`", path=f"tests.{key}")
            )
    if not ("expect" in stated or "rules" in stated):
        hint = "add `expect` with part of the object, or `rules` with expressions"
        problems.append(MISSING_KEY.at(origin_of(stated), "`expect` or `rules` is required", hint=hint, path="tests"))
    for key in ("name", "profile", "object"):
        if not isinstance(stated.get(key, Text("")), str):
            _wrong(stated[key], "text", key, problems)
    expected = stated.get("expect", Map())
    if not isinstance(expected, Map):
        _wrong(expected, "a map", "expect", problems)
    environments = stated.get("environments", List())
    if not isinstance(environments, List) or not all(isinstance(each, str) for each in environments):
        _wrong(environments, "a list of names", "environments", problems)
    rules = list(_rules(stated.get("rules", List()), problems))
    if len(problems) > before:
        return None
    kind, _, name = str(stated.get("object", DEFAULT_KIND)).partition("/")
    return Case(
        file,
        str(stated["name"]),
        str(stated["profile"]),
        tuple(stated.texts("environments")),
        kind,
        name,
        stated.map("expect"),
        tuple(rules),
        stated,
    )


def _rules(stated: Value, problems: list[Problem]) -> Iterator[Assertion]:
    if not isinstance(stated, List):
        _wrong(stated, "a list of expressions", "rules", problems)
        return
    for each in stated:
        if isinstance(each, str):
            yield Assertion(str(each), "", origin_of(each))
        elif isinstance(each, Map) and isinstance(each.get("expression"), str):
            problems += (_unknown(key, _OF_RULE, "a rule") for key in each if key not in _OF_RULE)
            message = each.get("message", Text(""))
            if not isinstance(message, str):
                _wrong(message, "text", "rules", problems)
            yield Assertion(str(each["expression"]), str(message), origin_of(each["expression"]))
        else:
            _wrong(each, "an expression, or a map with `expression`", "rules", problems)


def _unknown(key: str, known: Iterable[str], what: str) -> Problem:
    names = tuple(known)
    hint = did_you_mean(key, names) or f"known keys: {', '.join(names)}"
    return UNKNOWN_KEY.at(origin_of(key), f"unknown key `{key}` in {what}", hint=hint, path=key)


def _wrong(value: Value, wanted: str, key: str, problems: list[Problem]) -> None:
    hint = KEYS[key][1] if key in KEYS else "write `tests: [{name: …, profile: …, expect: …}]`"
    problems.append(INVALID_TYPE.at(origin_of(value), f"expected {wanted}, got {describe(value)}", hint=hint, path=key))
