"""What a project has checked beside the API server's rules: the keys `apply` and `problems` of dsgen.yaml."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE, Checks
from dsgen.problem import Problem, did_you_mean
from dsgen.profile.problems import UNKNOWN_KEY, WRONG_TYPE
from dsgen.source import describe
from dsgen.tree import Map, Text, Value, origin_of

# The problems that are told of where a project asks for it, by their codes.
OPTIONAL: Final = ("image-without-tag",)

# The keys: what each is for, and an example.
KEYS: Final = {
    "apply": (
        "How objects are applied: `server-side` (Flux, Helm 4, `kubectl apply --server-side`; the default with `flux`), or `client-side` "
        "(`kubectl apply`, Argo CD by default). What that way refuses is an error then; while nobody says, a warning.",
        "apply: server-side",
    ),
    "problems": (
        "Problems that are told of only if a project asks for it, each as a `warning` or an `error`: `image-without-tag`.",
        "problems: {image-without-tag: warning}",
    ),
}


def read(root: Map, problems: list[Problem]) -> Checks:
    """Return what the keys `apply` and `problems` of a dsgen.yaml say; what is wrong with them is added to `problems`."""
    # Flux applies server-side, and in no other way.
    found = Checks(SERVER_SIDE if "flux" in root else "")
    if "apply" in root:
        how = root["apply"]
        if isinstance(how, Text) and how in (SERVER_SIDE, CLIENT_SIDE):
            found = found._replace(apply=str(how))
        else:
            _wrong(how, f"`{SERVER_SIDE}` or `{CLIENT_SIDE}`", "apply", problems)
    stated = root.get("problems", Map())
    if not isinstance(stated, Map):
        _wrong(stated, "a map", "problems", problems)
        return found
    for code, severity in stated.items():
        path = f"problems.{code}"
        if code not in OPTIONAL:
            hint = did_you_mean(code, OPTIONAL) or f"there is {', '.join(OPTIONAL)}"
            wrong = f"`{code}` is no problem that can be turned on"
            problems.append(UNKNOWN_KEY.at(origin_of(code), wrong, hint=hint, path=path))
        elif isinstance(severity, Text) and severity in ("warning", "error"):
            found = found._replace(untagged="error" if severity == "error" else "warning")
        else:
            _wrong(severity, "`warning` or `error`", path, problems)
    return found


def _wrong(value: Value, wanted: str, path: str, problems: list[Problem]) -> None:
    found, hint = f"{describe(value)} where {wanted} is wanted", KEYS[path.partition(".")[0]][1]
    problems.append(WRONG_TYPE.at(origin_of(value), found, hint=hint, path=path))
