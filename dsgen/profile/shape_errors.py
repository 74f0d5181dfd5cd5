"""Problems of a layer's shape: Cerberus validates it against the schema, and each of its errors becomes a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from threading import Lock
from typing import Any, ClassVar, Final

import cerberus
from cerberus.errors import EXCLUDES_FIELD, UNKNOWN_FIELD, ErrorDefinition, ValidationError

from dsgen.problem import SUGGESTIONS, Code, Problem, did_you_mean, dotted
from dsgen.profile import schema
from dsgen.profile.coercion import is_switch, no_name
from dsgen.profile.key import Rules
from dsgen.profile.pod import ELSEWHERE
from dsgen.profile.shape_problems import FORBIDDEN_NULL_IN_LIST, INVALID_TYPE, MISPLACED_KEY, TWO_NAMES, UNKNOWN_KEY
from dsgen.profile.tables import readable, types
from dsgen.profile.typed import converter
from dsgen.profile.variants import SHARED
from dsgen.source import describe
from dsgen.traversal import children
from dsgen.tree import List, Map, Null, Path, Text, Value, origin_of

# Our finding is in the `info` of Cerberus' error; numbers from 0x100 on are free for custom rules.
FOUND = ErrorDefinition(0x101, None)
NAMED = ErrorDefinition(0x180, "named")  # the bit 0x80 says that the error has children


class Validator(cerberus.Validator):  # type: ignore[misc]
    """Cerberus with the rules of `dsgen.profile.key`. Null is valid everywhere: it removes what a lower layer sets."""

    types_mapping: ClassVar[dict[str, Any]] = {
        **cerberus.Validator.types_mapping,
        "map": cerberus.TypeDefinition("map", (Map,), ()),
        "named": cerberus.TypeDefinition("named", (Map, List), ()),
        "text or map": cerberus.TypeDefinition("text or map", (Text, Map), ()),
    }

    def _error(self, *errors: Any) -> None:
        """Keep errors in order: Cerberus would sort them all again for each one, and add them to trees for its own messages."""
        if len(errors) == 1:
            self._errors.extend(errors[0])
        else:
            super()._error(*errors)

    def _found(self, field: str, kind: Code, part: object, message: str, hint: str) -> None:
        self._error(field, FOUND, (kind, part, message, hint))

    def _validate_nullable(self, nullable: bool, field: str, value: object) -> None:
        """{'type': 'boolean'}"""
        if isinstance(value, Null):
            # Two names of one key conflict, whatever their values.
            self._drop_remaining_rules("type", "form", "kubernetes", "named", "schema")

    def _validate_type(self, wanted: str, field: str, value: object) -> None:
        """{'type': 'string'}"""
        if not isinstance(value, self.types_mapping[wanted].included_types):
            hint = f"write a map, such as `{self.schema[field]['meta']['example']}`"
            what = "a name or a map" if wanted == "text or map" else "a map"
            self._found(field, INVALID_TYPE, value, f"expected {what}, got {describe(value)}", hint)
            self._drop_remaining_rules()
        elif wanted == "text or map" and isinstance(value, Text) and is_switch(value):
            found, hint = no_name(field, value)
            self._found(field, INVALID_TYPE, value, found, hint)
            self._drop_remaining_rules()

    def _validate_form(self, form: Any, field: str, value: Value) -> None:
        """{'nullable': False}"""
        form(value, lambda *found: self._found(field, *found))

    def _validate_kubernetes(self, notation: str, field: str, value: Value) -> None:
        """{'type': 'string'}"""
        converter(notation)(value, lambda *found: self._found(field, *found))

    def _validate_named(self, rules: Rules, field: str, value: Value) -> None:
        """{'type': 'dict'}"""
        entries: dict[Any, Value] = {}
        rules = cerberus_rules(rules)
        if isinstance(value, Map):
            entries = dict(value)
        elif isinstance(value, List):
            rules = {**rules, "schema": {"name": {"kubernetes": "str"}, **rules["schema"]}}
            for index, entry in enumerate(value):
                entries[index] = entry
                if isinstance(entry, Null):
                    self._found(field, FORBIDDEN_NULL_IN_LIST, entry, "null in a list", "remove the entry")
                elif not isinstance(entry, Map):
                    found = f"expected an entry with `name`, got {describe(entry)}"
                    self._found(field, INVALID_TYPE, entry, found, "write a map by name instead of the list")
                    del entries[index]
                elif not isinstance(entry.get("name"), Text):
                    self._found(
                        field,
                        INVALID_TYPE,
                        entry,
                        "an entry without `name`",
                        "add `name` to every entry of the list",
                    )
        if not entries:
            return
        child = self._get_child_validator(
            document_crumb=field, schema_crumb=(field, "named"), schema=dict.fromkeys(entries, rules)
        )
        child(entries, normalize=False)
        if child._errors:
            self._drop_nodes_from_errorpaths(child._errors, [], [2])
            self._error(field, NAMED, child._errors)


def cerberus_rules(rules: Rules) -> Rules:
    """Return the rules of one key in Cerberus' form."""
    result = {name: rule for name, rule in rules.items() if name in ("form", "kubernetes", "named", "excludes")}
    result["meta"] = rules["meta"]
    if "schema" in rules:
        result["type"] = "text or map" if "text" in rules else "map"
        result["schema"] = {name: cerberus_rules(entry) for name, entry in rules["schema"].items()}
    if "named" in rules:
        result["type"] = "map" if rules["meta"]["type"].startswith("{") else "named"
    return result


_VALIDATORS: Final[dict[str, Validator]] = {}
_LOCK: Final = Lock()


def problems(layer: Value, rules: Rules = schema.PROFILE) -> list[Problem]:
    """Return all problems of a layer's shape: at least one if the compiled schema refuses it.

    `rules` are those of a profile, or of an environment.
    """
    type = rules["meta"]["type"]
    if not isinstance(layer, Map):
        found = f"expected {readable(type)}, got {describe(layer)}"
        return [INVALID_TYPE.at(origin_of(layer), found, hint=f"write {_BEGINNINGS[type]}")]
    if rules is schema.PROFILE and _is_another_file(layer):
        found = "a map without any key of a profile"
        return [INVALID_TYPE.at(origin_of(layer), found, hint=f"write {_BEGINNINGS[type]}")]
    # Cerberus keeps its findings in the validator, which threads may share.
    with _LOCK:
        if type not in _VALIDATORS:
            _VALIDATORS[type] = Validator(cerberus_rules(rules)["schema"])
        validator = _VALIDATORS[type]
        validator.validate(layer, normalize=False)
        errors = validator._errors
    places: dict[int, Path] = {}
    if errors:
        _place_all(layer, (), places)
    return list(_problems(layer, rules, errors, places, count()))


_BEGINNINGS: Final = {
    "profile": "`name: …` and `containers: …`; if the file is not a profile, move it to a folder whose name begins with `_`",
    "environment": "`all: …` or `overrides: …`",
}


def _is_another_file(layer: Map) -> bool:
    """Return whether no key of a map is a key of a profile, and not all of them resemble one."""
    known = {*schema.PROFILE["schema"], *schema.MISPLACED}
    if any(key.removesuffix("+") in known or _home(key) for key in layer):
        return False
    return not all(did_you_mean(key, known) for key in layer)


def _problems(
    layer: Map, rules: Rules, errors: list[ValidationError], places: Mapping[int, Path], unknown: Iterator[int]
) -> Iterator[Problem]:
    for error in errors:
        if error.child_errors:
            yield from _problems(layer, rules, error.child_errors, places, unknown)
            continue
        path: Path = tuple(error.document_path)
        if error.code == FOUND.code:
            kind, part, message, hint = error.info[0]
            yield kind.at(origin_of(part), message, hint=hint, path=dotted(places.get(id(part), path)))
        elif error.code == UNKNOWN_FIELD.code:
            yield _unknown(layer, rules, path, next(unknown) < SUGGESTIONS)
        elif error.code == EXCLUDES_FIELD.code:
            other = error.constraint
            same = f"`{other}` and `{path[-1]}` are the same"
            hint = f"remove one of them; {'`+` appends, the plain key replaces' if other + '+' == path[-1] else same}"
            yield TWO_NAMES.at(
                _key_origin(layer, path), f"`{path[-1]}` and `{other}` in one layer", hint=hint, path=dotted(path)
            )
        else:
            raise AssertionError(f"a Cerberus error without a message: {error}")


def _unknown(layer: Map, rules: Rules, path: Path, suggest: bool) -> Problem:
    key = str(path[-1])
    place, inside = _place(rules, path[:-1])
    origin = _key_origin(layer, path)

    def problem(kind: Code, message: str, hint: str) -> Problem:
        return kind.at(origin, message, hint=hint, path=dotted(path))

    plain = key.removesuffix("+")
    if key != plain and plain in place:
        return problem(
            UNKNOWN_KEY,
            f"`{key}` cannot append: `{plain}` is not a list",
            f"write `{plain}`; maps are merged key by key",
        )
    if inside == "a variant" and plain in SHARED:
        return problem(
            MISPLACED_KEY,
            f"`{key}` is not allowed in {inside}",
            "all variants share it: set it at the top level of the profile",
        )
    if inside in ("a profile", "a variant", "`affinity`") and plain in schema.MISPLACED:
        return problem(MISPLACED_KEY, f"`{key}` is not allowed in {inside}", schema.MISPLACED[plain])
    if inside == "`nodes`" and plain in ELSEWHERE:
        return problem(
            MISPLACED_KEY,
            f"`{key}` is not allowed in {inside}",
            f"write `{ELSEWHERE[plain].removeprefix('nodes.')}: …`",
        )
    home = f"write `all: {{{key}: …}}`" if "all" in place and plain in place["all"]["schema"] else _home(plain)
    if home:
        return problem(MISPLACED_KEY, f"`{key}` is not allowed in {inside}", home)
    above = f" {path[0]}" if len(path) > 1 and path[0] in schema.PROFILE["schema"] else ""
    hint = (suggest and did_you_mean(plain, place)) or f"`dsgen explain{above}` lists the keys"
    return problem(UNKNOWN_KEY, f"unknown key `{key}` in {inside}", hint)


def _place(rules: Rules, path: Path) -> tuple[Rules, str]:
    """Return the known keys at `path`, and a name for that place."""
    inside = readable(rules["meta"]["type"])
    for step in path:
        if "named" in rules:
            inside = "a variant" if inside == "`variants`" else readable(rules["named"]["meta"]["type"])
            rules = rules["named"]
        else:
            rules = rules["schema"][step]
            inside = "a profile" if rules["meta"].get("type") == "profile" else f"`{step}`"
    return rules["schema"], inside


def _home(key: str) -> str:
    place = schema.PROFILE["schema"]
    if key in place:
        return f"move `{key}` to the top level of the profile"
    if key in place["containers"]["named"]["schema"]:
        return f"it belongs to a container: `containers: {{NAME: {{{key}: …}}}}`"
    if key in place["nodes"]["schema"]:
        return f"write `nodes: {{{key}: …}}`"
    if key == "rest":
        return "it belongs to a variant: `variants: {NAME: {nodes: {rest: true}}}`"
    places = [where for type, where in _PLACES if key in types()[type]]
    return f"Kubernetes has it in {' and in '.join(places)}" if places else ""


_PLACES: Final = (
    ("SecurityContext", "a container's `securityContext`"),
    ("PodSecurityContext", "the pod's `securityContext`"),
    ("ResourceRequirements", "`resources`"),
    ("Probe", "a probe"),
    ("ContainerPort", "a port"),
    ("VolumeMount", "a mount"),
    ("Volume", "a volume"),
)


def _key_origin(layer: Value, path: Path) -> Any:
    node: Any = layer
    for step in path[:-1]:
        node = node[step]
    return origin_of(node.key(str(path[-1]))) if isinstance(node, Map) else origin_of(node)


def _place_all(value: Value, path: Path, places: dict[int, Path]) -> None:
    """Record the path of each key and value of a tree, by identity."""
    places.setdefault(id(value), path)
    for step, child in children(value):
        if isinstance(step, str):
            places.setdefault(id(step), (*path, step))
        _place_all(child, (*path, step), places)
