"""Flux's substitution of variables in objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.gitops.annotation import annotated
from dsgen.kubernetes import secrets
from dsgen.kubernetes.schema.paths import field_path
from dsgen.problem import Problem, code
from dsgen.traversal import children, locate, value_at
from dsgen.tree import List, Map, Path, Text, Value, origin_of

_FLUX: Final = """If `postBuild` is used, Flux replaces every `${NAME}` in an object by the value of that variable. Since Flux 2.9, a variable without
    a value or a default fails the whole Kustomization; earlier, it was replaced by nothing. Flux also replaces `$$` by `$`, and rejects an object
    with a `${` that it cannot parse. dsgen only looks for such text if `dsgen.yaml` has a `flux` block. `flux: {substitution: …}` sets what to do:
    `disable` annotates the object, so that Flux leaves it alone; `escape` writes `$${NAME}`, which only Flux undoes, and only with `postBuild`;
    `keep` leaves the text as it is, for Flux to substitute; `error` makes this an error; `warn` is the default."""
FLUX_VARIABLE = code("flux-variable", _FLUX, severity="warning")
FLUX_VARIABLE_REFUSED = code("flux-variable-refused", _FLUX)
AMBIGUOUS_FLUX_VARIABLE = code(
    "ambiguous-flux-variable",
    """With `flux: {substitution: keep}`, a text consists only of a variable of Flux. Flux inserts the value into the YAML of the object and parses that
    again. So `8080`, `true` and `null` are no longer text, and `a #b` becomes `a`. Quotes in the profile do not prevent this. Quote the value in the
    source that Flux reads it from, such as `PORT: '"8080"'` in the ConfigMap, or add other characters to the text.""",
    severity="warning",
)

# What Flux's variant of envsubst changes or rejects.
_VARIABLE: Final = re.compile(r"\$\{[^}\s]{0,40}\}?|\$\$")
_ALONE: Final = re.compile(r"\$\{[A-Za-z_][^}\s]{0,40}\}")
_TO_ESCAPE: Final = re.compile(r"\$\$+|\$(?=\{)")
SUBSTITUTE: Final = "kustomize.toolkit.fluxcd.io/substitute"
DISABLED: Final = "disabled"


def substituted(tree: Map, policy: str, problems: list[Problem]) -> Map:
    """Return an object according to the policy `warn`, `disable`, `error` or `keep`; problems of its variables are added to `problems`."""
    found = () if is_disabled(tree) else tuple(variables(tree))
    if not found:
        return tree
    if policy == "disable":
        return annotated(tree, SUBSTITUTE, DISABLED)
    if policy == "keep":
        problems.extend(_alone(tree))
        return tree
    path, variable = found[0]
    place = path
    if tree.get("kind") == secrets.KIND:
        place, variable = ("kind",), f"${{{secrets.MASK}}}"
    does = "replaces `$$` by `$`" if variable == "$$" else f"treats `{variable}` as a variable"
    more = f", and {len(found) - 1} more like it in this object" if len(found) > 1 else ""
    hint = "set `flux: {substitution: disable}` in dsgen.yaml, so that Flux leaves it alone; or `keep`, if Flux should substitute it"
    kind = FLUX_VARIABLE if policy == "warn" else FLUX_VARIABLE_REFUSED
    problems.append(kind.at(locate(tree, place), f"Flux {does}{more}", hint=hint, field=field_path(path)))
    return tree


def _alone(tree: Map) -> Iterator[Problem]:
    """Yield a problem if texts of an object are nothing but a variable; a Secret's are base64, and none."""
    found = [(path, text) for path, text in variables(tree) if _ALONE.fullmatch(text) and value_at(tree, path) == text]
    if not found or tree.get("kind") == secrets.KIND:
        return
    path, variable = found[0]
    more = f", and {len(found) - 1} more like it in this object" if len(found) > 1 else ""
    message = f"the text consists only of `{variable}`: if the value looks like a number or a boolean, Flux turns the text into one{more}"
    hint = f"quote the value in the source that Flux reads it from: `{variable[2:-1].partition(':')[0]}: '\"VALUE\"'`"
    yield AMBIGUOUS_FLUX_VARIABLE.at(locate(tree, path), message, hint=hint, field=field_path(path))


def is_disabled(tree: Map) -> bool:
    """Return whether an annotation or a label disables Flux's substitution for an object."""
    metadata = tree.map("metadata")
    return any(metadata.map(key).get(SUBSTITUTE) == DISABLED for key in ("labels", "annotations"))


def variables(value: Value, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text in a tree that Flux's substitution would change or reject, and its place."""
    if isinstance(value, str):
        yield from ((path, text) for text in _VARIABLE.findall(value))
    for step, child in children(value):
        yield from variables(step, (*path, step))
        yield from variables(child, (*path, step))


def escaped(value: Any) -> Any:
    """Return a tree in which `$` is doubled wherever Flux would otherwise substitute it."""
    if isinstance(value, dict):
        return Map({escaped(key): escaped(child) for key, child in value.items()}, origin_of(value))
    if isinstance(value, list):
        return List(map(escaped, value), origin_of(value))
    if isinstance(value, str) and "$" in value:
        return Text.at(_TO_ESCAPE.sub(lambda found: found[0] * 2, value), origin_of(value))
    return value
