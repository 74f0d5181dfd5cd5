"""The JSON Schema (draft-07) of `dsgen.yaml`, for editors."""

from __future__ import annotations

from typing import Any, Final

from dsgen import gitops
from dsgen.choices import SEVERITIES, severities
from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.schema.words import LEVELS
from dsgen.project import checks, packs, run_keys
from dsgen.project.keys import KEYS
from dsgen.project.project import FILE

_PATH: Final = {"type": "string"}
_PATHS: Final = {"anyOf": [_PATH, {"type": "array", "items": _PATH}]}


def project_schema() -> dict[str, Any]:
    """Return the JSON Schema for `dsgen.yaml`."""
    shapes: dict[str, dict[str, Any]] = {
        # Without quotes, it is a number for other readers.
        "kubernetes": {"enum": [*fields.MINORS, *map(float, fields.MINORS)]},
        "dsgen": {"type": "string"},
        "profiles": _PATHS,
        "templates": _PATH,
        "environments": _PATH,
        "manifests": _PATHS,
        "output": _PATH,
        "crds": _PATHS,
        "policies": _PATHS,
        "presets": _packs(),
        "defaults": {"type": "boolean"},
        "failOn": {"enum": list(run_keys.FAIL_ON)},
        "flux": _map(substitution=({"enum": list(gitops.POLICIES)}, "What to do with text that Flux would substitute. Default: `warn`.")),
        "argocd": _map(syncWaves=({"type": "boolean"}, "Whether objects are annotated with sync waves. Default: false.")),
        "projectName": {"type": "string", "pattern": "^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$"},
        "apply": {"enum": [SERVER_SIDE, CLIENT_SIDE]},
        "podSecurityDefault": {"enum": list(LEVELS)},
        "problems": _problems(),
    }  # fmt: skip
    properties = {
        key: {
            **shapes[key],
            # Editors offer examples as values, and cannot do that with maps.
            "description": f"{description} Example: `{example}`",
        }
        for key, (description, example) in KEYS.items()
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": FILE,
        "description": "A dsgen project. All keys are optional.",
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": False,
        "definitions": {"choice": _choice()},
    }


def _map(**keys: tuple[dict[str, Any], str]) -> dict[str, Any]:
    """Return the schema for a map with these keys, each with its schema and its description."""
    properties = {name: {**schema, "description": about} for name, (schema, about) in keys.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _packs() -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    path = (text, "The folder of the presets in the pack. Default: all of it; of a package, the folder of its name.")
    kinds = [
        _map(folder=(text, "A folder in the same repository, relative to the project."), path=path),
        _map(git=(text, "A URL of `https`, `ssh` or `file`."), commit=({"type": "string", "pattern": f"^({packs.COMMIT.pattern})$"}, "The full hash."), path=path),
        _map(package=(text, "The name of an installed Python package."), path=path),
    ]  # fmt: skip
    for kind, required in zip(kinds, (["folder"], ["git", "commit"], ["package"]), strict=True):
        kind["required"] = required
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^({packs.NAME.pattern})$"},
        "additionalProperties": {"anyOf": kinds},
    }


def _problems() -> dict[str, Any]:
    each = {"$ref": "#/definitions/choice"}
    warnings = [*checks.OPTIONAL, *(code for code, what in severities().items() if what == "warning")]
    # Draft-07 ignores the siblings of a reference.
    described = {"allOf": [each], "description": "A warning: `dsgen explain CODE` describes it."}
    return {
        "type": "object",
        "properties": dict.fromkeys(sorted(set(warnings)), described),
        # Former names of codes are accepted for a while.
        "additionalProperties": each,
    }


def _choice() -> dict[str, Any]:
    """Return the schema for what is decided about a code."""
    # `off` is a boolean for readers of YAML 1.1.
    severity = {"enum": [*SEVERITIES, False]}
    choice = _map(
        severity=(severity, "What the warnings of this code are. Default: `warning`."),
        reason=({"type": "string", "minLength": 1}, "The reason. Required with `off`."),
        until=({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, "The last day, such as 2027-03-31."),
    )
    return {"anyOf": [severity, choice]}
