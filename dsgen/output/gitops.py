"""What GitOps tools make of objects: Flux substitutes variables in them, Argo CD applies them in waves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dsgen.kubernetes.admission.kinds import KINDS
from dsgen.kubernetes.admission.rule import write
from dsgen.objects import Object
from dsgen.problem import Problem, code, nearest
from dsgen.profile.report import UNKNOWN_KEY, WRONG_TYPE
from dsgen.project import KEYS, GitOps
from dsgen.rendering import scalars
from dsgen.source import describe
from dsgen.tree import List, Map, Path, Text, Value, locate, origin_of

_FLUX: Final = """Flux, where `postBuild` is used, takes every `${NAME}` in an object for a variable and writes its value, or nothing, for it; it writes
    `$` for `$$`, and refuses an object with a `${` that it cannot read. `flux: {substitution: …}` in dsgen.yaml says what to do: `escape`
    writes `$${NAME}`, which Flux undoes (and nobody else); `disable` annotates the object; `error` refuses it; `keep` leaves it to Flux, or says that
    there is no Flux; `warn` is the default."""
FLUX_VARIABLE = code("flux-variable", _FLUX, severity="warning")
FLUX_VARIABLE_REFUSED = code("flux-variable-refused", _FLUX)
_POLICIES: Final = ("warn", "escape", "disable", "error", "keep")

# What envsubst, in the form that Flux has, does not leave as it is.
_VARIABLE: Final = re.compile(r"\$\{[^}\s]{0,40}\}?|\$\$")
_TO_ESCAPE: Final = re.compile(r"\$\$+|\$(?=\{)")
SUBSTITUTE: Final = "kustomize.toolkit.fluxcd.io/substitute"
DISABLED: Final = "disabled"

WAVE: Final = "argocd.argoproj.io/sync-wave"
# What the pods need before they can be created; then what they use; and last what looks at them.
_WAVES: Final = {"Namespace": -2, "PriorityClass": -2, "DaemonSet": 0, "PodMonitor": 1}
_COMPANION: Final = -1


def read(root: Map, problems: list[Problem]) -> GitOps:
    """Return what the keys `flux` and `argocd` of a dsgen.yaml say."""
    substitution = _inner(root, "flux", "substitution", problems)
    waves = _inner(root, "argocd", "syncWaves", problems)
    found = GitOps()
    if substitution is not None:
        if isinstance(substitution, Text) and substitution in _POLICIES:
            found = found._replace(substitution=str(substitution))
        else:
            _wrong(substitution, f"one of {', '.join(_POLICIES)}", "flux.substitution", problems)
    if waves is not None:
        if isinstance(waves, Text) and waves.plain and waves in ("true", "false"):
            found = found._replace(sync_waves=waves == "true")
        else:
            _wrong(waves, "`true` or `false`", "argocd.syncWaves", problems)
    return found


def _inner(root: Map, key: str, inner: str, problems: list[Problem]) -> Value | None:
    stated = root.get(key, Map())
    if not isinstance(stated, Map):
        _wrong(stated, "a map", key, problems)
        return None
    for other in stated:
        if other != inner:
            found, path = f"unknown key `{other}` under `{key}`", f"{key}.{other}"
            hint = nearest(other, [inner]) or f"there is `{inner}`"
            problems.append(UNKNOWN_KEY.at(origin_of(other), found, hint=hint, path=path))
    return stated.get(inner)


def _wrong(value: Value, wanted: str, path: str, problems: list[Problem]) -> None:
    found, hint = f"{describe(value)} where {wanted} is wanted", KEYS[path.partition(".")[0]][1]
    problems.append(WRONG_TYPE.at(origin_of(value), found, hint=hint, path=path))


def adapted(made: Object, gitops: GitOps, problems: list[Problem]) -> Object:
    """Return an object as the tools shall have it; what is wrong with it is added to `problems`."""
    tree = made.tree
    if gitops.sync_waves:
        tree = _annotated(tree, WAVE, str(_WAVES.get(made.kind, _COMPANION if made.kind in KINDS else 1)))
    tree = _substituted(tree, gitops.substitution, problems)
    head = made.text.partition("\n")[0]
    return made if tree is made.tree else made._replace(tree=tree, text=f"{head}\n{scalars.write(tree)}")


def _substituted(tree: Map, policy: str, problems: list[Problem]) -> Map:
    found = list(variables(tree)) if policy != "keep" else []
    if not found or _is_disabled(tree):
        return tree
    if policy == "escape":
        result: Map = escaped(tree)
        return result
    if policy == "disable":
        return _annotated(tree, SUBSTITUTE, DISABLED)
    path, variable = found[0]
    does = "writes one `$` for `$$`" if variable == "$$" else f"takes `{variable}` for a variable"
    more = f", and {len(found) - 1} more like it in this object" if len(found) > 1 else ""
    hint = "put `flux: {substitution: escape}` into dsgen.yaml, or `disable`; `keep` if Flux shall do it, or there is no Flux"
    kind = FLUX_VARIABLE if policy == "warn" else FLUX_VARIABLE_REFUSED
    problems.append(kind.at(locate(tree, path), f"Flux {does}{more}", hint=hint, field=write(path)))
    return tree


def _annotated(tree: Map, key: str, value: str) -> Map:
    """Return an object with an annotation, unless it states another value itself."""
    metadata: Any = tree["metadata"]
    annotations = metadata.get("annotations") or Map()
    if key in annotations:
        return tree
    return Map({**tree, "metadata": Map({**metadata, "annotations": Map({**annotations, key: value})})}, tree.origin)


def _is_disabled(tree: Map) -> bool:
    metadata: Any = tree["metadata"]
    return any((metadata.get(key) or {}).get(SUBSTITUTE) == DISABLED for key in ("labels", "annotations"))


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
