"""What Flux makes of objects: it substitutes variables in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.gitops.annotation import annotated
from dsgen.kubernetes import secrets
from dsgen.kubernetes.schema.paths import field_path
from dsgen.problem import Problem, code
from dsgen.traversal import locate
from dsgen.tree import List, Map, Path, Text, Value, origin_of

_FLUX: Final = """Flux, where `postBuild` is used, takes every `${NAME}` in an object for a variable and writes its value, or nothing, for it; it writes
    `$` for `$$`, and refuses an object with a `${` that it cannot read. `flux: {substitution: …}` in dsgen.yaml says what to do: `escape`
    writes `$${NAME}`, which Flux undoes (and nobody else); `disable` annotates the object; `error` refuses it; `keep` leaves it to Flux, or says that
    there is no Flux; `warn` is the default."""
FLUX_VARIABLE = code("flux-variable", _FLUX, severity="warning")
FLUX_VARIABLE_REFUSED = code("flux-variable-refused", _FLUX)

# What envsubst, in the form that Flux has, does not leave as it is.
_VARIABLE: Final = re.compile(r"\$\{[^}\s]{0,40}\}?|\$\$")
_TO_ESCAPE: Final = re.compile(r"\$\$+|\$(?=\{)")
SUBSTITUTE: Final = "kustomize.toolkit.fluxcd.io/substitute"
DISABLED: Final = "disabled"


def substituted(tree: Map, policy: str, problems: list[Problem]) -> Map:
    """Return an object as the policy `warn`, `disable` or `error` has it; what that says of its variables is added to `problems`."""
    found = () if is_disabled(tree) else tuple(variables(tree))
    if not found:
        return tree
    if policy == "disable":
        return annotated(tree, SUBSTITUTE, DISABLED)
    path, variable = found[0]
    place = path
    if tree.get("kind") == secrets.KIND:
        place, variable = ("kind",), f"${{{secrets.MASK}}}"
    does = "writes one `$` for `$$`" if variable == "$$" else f"takes `{variable}` for a variable"
    more = f", and {len(found) - 1} more like it in this object" if len(found) > 1 else ""
    hint = "put `flux: {substitution: escape}` into dsgen.yaml, or `disable`; `keep` if Flux shall do it, or there is no Flux"
    kind = FLUX_VARIABLE if policy == "warn" else FLUX_VARIABLE_REFUSED
    problems.append(kind.at(locate(tree, place), f"Flux {does}{more}", hint=hint, field=field_path(path)))
    return tree


def is_disabled(tree: Map) -> bool:
    """Tell whether Flux is told to leave an object alone, by an annotation or a label."""
    metadata = tree.map("metadata")
    return any(metadata.map(key).get(SUBSTITUTE) == DISABLED for key in ("labels", "annotations"))


def variables(value: Value, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield everything in a tree that Flux's substitution would not leave as it is, and where it stands."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from variables(key, (*path, key))
            yield from variables(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from variables(child, (*path, index))
    elif isinstance(value, str):
        yield from ((path, text) for text in _VARIABLE.findall(value))


def escaped(value: Any) -> Any:
    """Return a tree in which `$` is doubled wherever Flux would not leave it as it is."""
    if isinstance(value, dict):
        return Map({escaped(key): escaped(child) for key, child in value.items()}, origin_of(value))
    if isinstance(value, list):
        return List(map(escaped, value), origin_of(value))
    if isinstance(value, str) and "$" in value:
        return Text.at(_TO_ESCAPE.sub(lambda found: found[0] * 2, value), origin_of(value))
    return value
