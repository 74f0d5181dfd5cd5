"""A project's own checks, in addition to the API server's rules: the keys `apply`, `podSecurityDefault` and `problems` of dsgen.yaml."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE, Checks
from dsgen.problem import Problem, code, did_you_mean_code
from dsgen.profile.shape_problems import INVALID_TYPE, TWO_NAMES, UNKNOWN_KEY
from dsgen.source import describe
from dsgen.tree import Map, Text, Value, origin_of

# The levels of the Pod Security Standards.
_LEVELS: Final = ("privileged", "baseline", "restricted")
# The problems that are reported only if a project asks for them, by code.
OPTIONAL: Final = ("missing-image-tag",)

FORMER_CODE = code(
    "deprecated-code",
    """`problems` in dsgen.yaml uses a code's former name, which the next release will not accept. Write the name in the
    hint.""",
    "warning",
)

# The keys: the description and an example of each.
KEYS: Final = {
    "apply": (
        "How objects are applied: `server-side` (Flux, Helm 4, `kubectl apply --server-side`; the default with `flux`), or `client-side` "
        "(`kubectl apply`, Argo CD by default). What the chosen way rejects is an error; if this key is not set, it is a warning.",
        "apply: server-side",
    ),
    "podSecurityDefault": (
        "The Pod Security level that the cluster enforces in a namespace without the label `pod-security.kubernetes.io/enforce`: `privileged` "
        "(the default of Kubernetes), `baseline` (of Talos, for one) or `restricted`.",
        "podSecurityDefault: baseline",
    ),
    "problems": (
        "Optional problems to report, each as a `warning` or an `error`: `missing-image-tag`.",
        "problems: {missing-image-tag: warning}",
    ),
}


def read(root: Map, problems: list[Problem]) -> Checks:
    """Return the values of the keys of a dsgen.yaml; problems are added to `problems`."""
    # Flux always applies server-side.
    found = Checks(SERVER_SIDE if "flux" in root else "")
    if "apply" in root:
        how = root["apply"]
        if isinstance(how, Text) and how in (SERVER_SIDE, CLIENT_SIDE):
            found = found._replace(apply=str(how))
        else:
            _wrong(how, f"`{SERVER_SIDE}` or `{CLIENT_SIDE}`", "apply", problems)
    level = root.get("podSecurityDefault", _LEVELS[0])
    if isinstance(level, str) and level in _LEVELS:
        found = found._replace(pod_security="" if level == _LEVELS[0] else str(level))
    else:
        _wrong(level, "`privileged`, `baseline` or `restricted`", "podSecurityDefault", problems)
    stated = root.get("problems", Map())
    if not isinstance(stated, Map):
        _wrong(stated, "a map", "problems", problems)
        return found
    for name, severity in stated.items():
        path, known = f"problems.{name}", name if name in OPTIONAL else _today(name)
        if known not in OPTIONAL:
            hint = did_you_mean_code(name, OPTIONAL) or f"the only one is {', '.join(OPTIONAL)}"
            wrong = f"`{name}` is not the code of an optional problem"
            problems.append(UNKNOWN_KEY.at(origin_of(name), wrong, hint=hint, path=path))
            continue
        if known != name:
            kind = TWO_NAMES if known in stated else FORMER_CODE
            renamed = f"`{name}` was renamed to `{known}`"
            hint = f"remove `{name}`" if known in stated else f"write `{known}`"
            problems.append(kind.at(origin_of(name), renamed, hint=hint, path=path))
        if isinstance(severity, Text) and severity in ("warning", "error"):
            found = found._replace(untagged="error" if severity == "error" else "warning")
        else:
            _wrong(severity, "`warning` or `error`", path, problems)
    return found


def _today(name: str) -> str:
    from dsgen.formerly import today

    return today(name)


def _wrong(value: Value, wanted: str, path: str, problems: list[Problem]) -> None:
    found, hint = f"expected {wanted}, got {describe(value)}", KEYS[path.partition(".")[0]][1]
    problems.append(INVALID_TYPE.at(origin_of(value), found, hint=hint, path=path))
