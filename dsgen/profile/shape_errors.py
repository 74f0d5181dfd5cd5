"""Problems of a layer's shape: Cerberus finds the keys that are wrong in a map of the profile language."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable
from typing import Any, Final

import cerberus
from cerberus.errors import UNKNOWN_FIELD

from dsgen.origin import Origin
from dsgen.problem import SUGGESTIONS, Problem, did_you_mean, dotted
from dsgen.profile import schema
from dsgen.profile.environment import KEYS as ENVIRONMENT_KEYS
from dsgen.profile.habit_keys import hint_for_habit, hint_for_label
from dsgen.profile.habits import IMAGES, hint_for_key, hint_for_value, is_key_of_named
from dsgen.profile.key import Rules, Schema
from dsgen.profile.pod import ELSEWHERE
from dsgen.profile.shape_problems import (
    INVALID_TYPE,
    MISPLACED_KEY,
    NOT_PARSED,
    TWO_NAMES,
    UNKNOWN_KEY,
    Finding,
    Place,
    ReportPart,
)
from dsgen.profile.tables import readable
from dsgen.profile.unknown_fields import MORE, elsewhere, report_append
from dsgen.profile.variants import SHARED
from dsgen.source import describe
from dsgen.traversal import paths, value_at
from dsgen.tree import Map, Path, Value, as_map, origin_of


class Validator(cerberus.Validator):  # type: ignore[misc]
    """Cerberus for the keys of one map; their values are converted by the compiled schema."""

    def _error(self, *errors: Any) -> None:
        """Keep errors in order: Cerberus would sort them all again for each one, and add them to trees for its own messages."""
        if len(errors) == 1:
            self._errors.extend(errors[0])
        else:
            super()._error(*errors)


def report_keys(value: Map, known: Schema, place: Place, report: ReportPart) -> None:
    """Report the keys of a map that the profile language does not have there, and those that exclude each other."""
    validator = Validator(
        {key: {"excludes": rules["excludes"]} if "excludes" in rules else {} for key, rules in known.items()}
    )
    validator.validate(value, normalize=False)
    assert validator._errors, "Cerberus accepts what the compiled schema refuses"
    unknown = 0
    for error in validator._errors:
        (name,) = error.document_path
        key = value.key(name)
        if error.code == UNKNOWN_FIELD.code:
            _report_unknown(key, known, place, unknown < SUGGESTIONS, report)
            unknown += 1
        else:
            other = error.constraint
            same = (
                "`+` appends, the plain key replaces" if other + "+" == key else f"`{other}` and `{key}` are the same"
            )
            report(TWO_NAMES, key, f"`{key}` and `{other}` in one layer", f"remove one of them; {same}")


def _report_unknown(key: str, known: Schema, place: Place, suggest: bool, report: ReportPart) -> None:
    plain, inside = key.removesuffix("+"), place.inside
    misplaced = f"`{key}` is not allowed in {inside}"
    if key != plain and plain in known:
        report_append(key, report)
    elif inside == "a variant" and plain in SHARED:
        report(MISPLACED_KEY, key, misplaced, "all variants share it: set it at the top level of the profile")
    elif inside in ("a profile", "a variant", "`affinity`") and plain in schema.MISPLACED:
        above = "" if inside != "`affinity`" else " at the top level of the profile"
        report(MISPLACED_KEY, key, misplaced, schema.MISPLACED[plain] + above)
    elif inside == "`nodes`" and plain in _IN_NODES:
        report(MISPLACED_KEY, key, misplaced, f"write `{_IN_NODES[plain].removeprefix('nodes.')}: …`")
    elif plain in IMAGES and (known is ENVIRONMENT_KEYS or inside == "`images`"):
        report(MISPLACED_KEY, key, misplaced, "")  # the hint depends on the value
    elif plain == "name" and known is ENVIRONMENT_KEYS:
        report(MISPLACED_KEY, key, misplaced, "remove it: an environment is named after its file")
    elif inside == "`images`":
        tag = "write `mirrors: {…}` or `digests: {…}`; another tag goes under `overrides: {PROFILE: {containers: {NAME: {image: …}}}}`"
        report(UNKNOWN_KEY, key, f"unknown key `{key}` in {inside}", (suggest and did_you_mean(plain, known)) or tag)
    elif "all" in known and plain in known["all"]["schema"]:
        report(MISPLACED_KEY, key, misplaced, f"write `all: {{{key}: …}}`")
    elif home := _home(plain):
        report(MISPLACED_KEY, key, misplaced, home)
    else:
        hint = (suggest and did_you_mean(plain, known)) or f"`dsgen explain{_above(known, place)}` lists the keys"
        report(UNKNOWN_KEY, key, f"unknown key `{key}` in {inside}", hint)


def _above(known: Schema, place: Place) -> str:
    """Return what to pass to `dsgen explain` for the keys of the map at `place`."""
    if known is ENVIRONMENT_KEYS:
        return " environment"
    if place.top in schema.PROFILE["schema"]:
        return f" {place.top}"
    return f" environment.{place.top}" if place.top and place.inside == f"`{place.top}`" else ""


# What other keys are called below `nodes`.
_IN_NODES: Final = {**ELSEWHERE, "affinity": "nodes.require", "nodeAffinity": "nodes.require"}


def _home(key: str) -> str:
    place = schema.PROFILE["schema"]
    if key in place:
        return f"move `{key}` to the top level of the profile"
    if key in place["containers"]["named"]["schema"]:
        return f"it belongs to a container: `containers: {{NAME: {{{key}: …}}}}`"
    if key in place["nodes"]["schema"]:
        return f"write `nodes: {{{key}: …}}` at the top level of the profile"
    if key == "rest":
        return "it belongs to a variant: `variants: {NAME: {nodes: {rest: true}}}`"
    return elsewhere(key)


def problems(layer: Value, rules: Rules, findings: Iterable[Finding]) -> list[Problem]:
    """Return what was found in a layer as problems. `rules` are those of a profile, or of an environment."""
    type = rules["meta"]["type"]
    other = _of_another_tool(as_map(layer)) if rules is schema.PROFILE else None
    if other:
        return [INVALID_TYPE.at(origin_of(next(iter(as_map(layer)))), other[0], hint=other[1])]
    found = "" if isinstance(layer, Map) else f"expected {readable(type)}, got {describe(layer)}"
    if rules is schema.PROFILE and not found and _is_another_file(as_map(layer)):
        found = "a map that has none of the keys of a profile"
    if found:
        return [INVALID_TYPE.at(origin_of(layer), found, hint=f"write {_BEGINNINGS[type]}")]
    places: dict[Origin, Path] = {}
    for origin, path in paths(layer):
        places.setdefault(origin, path)
    result = []
    below = rules is not schema.PROFILE or "extends" in as_map(layer)
    for kind, part, message, hint in findings:
        at = origin_of(part)
        path = places.get(at, ()) if at else ()
        if below or path[:1] == ("variants",):
            # A list without `+` would drop the entries of the layers below.
            hint = re.sub(r"\b(tolerate|require|prefer): …", r"\1+: …", hint)
        if kind in (INVALID_TYPE, NOT_PARSED):
            hint = hint_for_value(path, part) or hint
        elif kind is UNKNOWN_KEY and hint == "did you mean `name`?" and is_key_of_named(layer, path):
            hint = ""
        elif kind in (MISPLACED_KEY, UNKNOWN_KEY):
            value = value_at(layer, path)
            habit = hint_for_key(path, value) or hint_for_habit(path, value, rules is not schema.PROFILE)
            hint = habit or hint
            if hint.startswith("`dsgen explain"):
                hint = hint_for_label(path, value) or _without_profile(path, rules) or hint
            if "<<" in path[:-1]:
                hint = hint_for_key(path[: path.index("<<") + 1], value)
            if hint.endswith(MORE):
                hint += f": `dsgen explain {_explained(path[:-1])}` lists them"
            if kind is UNKNOWN_KEY and rules is not schema.PROFILE and len(path) == 1 and isinstance(value, Map):
                hint += f"; for a profile of this name, write `overrides: {{{path[0]}: …}}`"
        result.append(kind.at(at, message, hint=hint, path=dotted(path)))
    return result


def _without_profile(path: Path, rules: Rules) -> str:
    """Return the hint for keys of a profile directly under `overrides` of an environment."""
    if (
        rules is schema.PROFILE
        or path[:1] != ("overrides",)
        or len(path) < 3
        or path[1] not in schema.PROFILE["schema"]
    ):
        return ""
    return f"write `overrides: {{PROFILE: {{{path[1]}: …}}}}`, or `all: {{{path[1]}: …}}` for all profiles"


# Keys whose value has entries by name.
_BY_NAME: Final = frozenset({
    "containers", "initContainers", "volumes", "mounts", "volumeMounts", "env", "ports", "configMaps", "variants", "overrides",
})  # fmt: skip


def _explained(path: Path) -> str:
    """Return what to pass to `dsgen explain` for the map at a path of a layer: without names and places in lists."""
    result: list[str] = []
    is_name = False
    for step in path:
        if is_name or isinstance(step, int):
            is_name = False
            continue
        is_name = step.removesuffix("+") in _BY_NAME
        result.append(step.removesuffix("+"))
    above = [step for step in result if step not in ("all", "overrides")]
    return ".".join(above)


_BEGINNINGS: Final = {
    "profile": "`name: …` and `containers: …`; if the file is not a profile, move it to a folder whose name begins with `_`",
    "environment": "`all: …` or `overrides: …`",
}


# The versions of the kinds that are most often next to profiles.
_VERSIONS: Final = {
    **dict.fromkeys(("DaemonSet", "Deployment", "StatefulSet"), "apps/v1"),
    **dict.fromkeys(("ConfigMap", "Namespace", "Secret", "Service", "ServiceAccount"), "v1"),
    **dict.fromkeys(("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"), "rbac.authorization.k8s.io/v1"),
}
_ASIDE: Final = "if it belongs here, begin its name with `_`"
# Keys of Kustomize's files that no profile has.
_KUSTOMIZE: Final = frozenset({
    "resources", "bases", "namePrefix", "nameSuffix", "patches", "patchesStrategicMerge", "patchesJson6902", "configMapGenerator",
    "secretGenerator", "commonLabels", "commonAnnotations", "generators", "transformers", "components", "replacements",
})  # fmt: skip


def _of_another_tool(layer: Map) -> tuple[str, str] | None:
    """Return what a file is that another tool reads, and what to do with it, or None."""
    if "mac" in layer.map("sops"):
        return "a file that sops encrypted, not a profile", f"keep secrets in another folder; {_ASIDE}"
    kind = layer.get("kind")
    if isinstance(kind, str) and "apiVersion" in layer and not {"metadata", "spec", "data", "items"}.isdisjoint(layer):
        todo = (
            f"convert it with `dsgen import {shlex.quote(_file(layer))}`"
            if kind == "DaemonSet"
            else "keep manifests in another folder"
        )
        return f"a manifest ({kind}), not a profile", f"{todo}; {_ASIDE}"
    if isinstance(kind, str) and "metadata" in layer and layer.keys().isdisjoint(("name", "containers", "extends")):
        version = _VERSIONS.get(kind)
        return f"a manifest ({kind}) without `apiVersion`", f"add `apiVersion: {version or 'GROUP/VERSION'}`"
    if not {"containers", "extends"} & layer.keys() and _KUSTOMIZE & layer.keys():
        folder = os.path.dirname(_file(layer)) or os.curdir
        return "a file of Kustomize, not a profile", f"run `kustomize build {shlex.quote(folder)} | dsgen validate -`"
    return None


def _file(layer: Map) -> str:
    return getattr(origin_of(layer), "file", "FILE")


def _is_another_file(layer: Map) -> bool:
    """Return whether no key of a map is a key of a profile, and not all of them resemble one."""
    known = {*schema.PROFILE["schema"], *schema.MISPLACED}
    if any(key.removesuffix("+") in known or _home(key) for key in layer):
        return False
    return not all(did_you_mean(key, known) for key in layer)
