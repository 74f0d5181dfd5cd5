"""A project's own checks, in addition to the API server's rules: the keys `apply`, `podSecurityDefault` and `problems` of dsgen.yaml."""

from __future__ import annotations

from typing import Final

from dsgen.choices import OFF, SEVERITIES, Choice, expired, is_date, is_over, not_a_warning
from dsgen.kubernetes.lint import CLIENT_SIDE, SERVER_SIDE, Checks
from dsgen.kubernetes.schema.words import LEVELS
from dsgen.problem import Problem, code, did_you_mean
from dsgen.profile.shape_problems import INVALID_TYPE, TWO_NAMES, UNKNOWN_KEY, wrong_setting
from dsgen.traversal import named_by
from dsgen.tree import Map, Text, Value, as_map, origin_of

# The levels of the Pod Security Standards.
# The problems that are reported only if a project asks for them, by code.
OPTIONAL: Final = ("missing-image-tag",)

FORMER_CODE = code(
    "deprecated-code",
    """`problems` in dsgen.yaml uses a code's former name, which the next release will not accept. Write the name in the
    hint.""",
    "warning",
)

MISSING_REASON = code(
    "missing-reason", "`problems` in dsgen.yaml turns a warning off without saying why. Reviewers need to know."
)
# The keys of what is decided about a code.
_OF_CHOICE: Final = ("severity", "reason", "until")
_HABITS: Final = {
    **dict.fromkeys(("level", "action"), "write `severity: …`"),
    **dict.fromkeys(("why", "because", "comment"), "write `reason: …`"),
    **dict.fromkeys(("end", "expires", "date"), "write `until: …`"),
}

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
        "What to do with the warnings of a code: `error`; or `{severity: off, reason: TEXT}`, which allows them, with `until: 2027-03-31` for a last day. "
        "`missing-image-tag` is only reported if it is `warning` or `error`. What the API server rejects cannot be turned off.",
        'problems: {missing-image-tag: error, replaced-list: {severity: off, reason: "we replace args on purpose"}}',
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
            problems.append(wrong_setting(how, f"`{SERVER_SIDE}` or `{CLIENT_SIDE}`", "apply", KEYS))
    level = root.get("podSecurityDefault", LEVELS[0])
    if isinstance(level, str) and level in LEVELS:
        found = found._replace(pod_security="" if level == LEVELS[0] else str(level))
    else:
        problems.append(wrong_setting(level, "`privileged`, `baseline` or `restricted`", "podSecurityDefault", KEYS))
    stated = root.map("problems")
    if "problems" in root and root.child("problems") is None:
        problems.append(wrong_setting(root["problems"], "a map", "problems", KEYS))
        return found
    choices = [each for item in stated.items() if (each := _choice(*item, stated, problems)) is not None]
    untagged = next((each.severity for each in choices if each.code in OPTIONAL and not is_over(each.until)), OFF)
    if untagged != OFF:
        found = found._replace(untagged="error" if untagged == "error" else "warning")
    return found._replace(choices=tuple(each for each in choices if each.code not in OPTIONAL))


def _choice(name: str, value: Value, stated: Map, problems: list[Problem]) -> Choice | None:
    """Return what dsgen.yaml decides about a code, or None; problems are added to `problems`."""
    path, known = f"problems.{name}", _today(name)
    wrong, hint = not_a_warning(known)
    if wrong:
        problems.append(UNKNOWN_KEY.at(origin_of(name), wrong, hint=hint, path=path))
        return None
    if known != name:
        kind = TWO_NAMES if known in stated else FORMER_CODE
        renamed = f"`{name}` was renamed to `{known}`"
        hint = f"remove `{name}`" if known in stated else f"write `{known}`"
        problems.append(kind.at(origin_of(name), renamed, hint=hint, path=path))
    stated_too = as_map(value)
    for key in stated_too:
        if key not in _OF_CHOICE:
            hint = _HABITS.get(key) or did_you_mean(key, _OF_CHOICE) or f"known keys: {', '.join(_OF_CHOICE)}"
            unknown = f"unknown key `{key}` under `{path}`"
            problems.append(UNKNOWN_KEY.at(origin_of(key), unknown, hint=hint, path=f"{path}.{key}"))
    severity = named_by(value, "severity")
    if severity is None:
        if set(stated_too) <= set(_OF_CHOICE):
            hint = f'write `{known}: {{severity: {OFF}, reason: "…"}}`'
            problems.append(INVALID_TYPE.at(origin_of(value), "`severity` is required", hint=hint, path=path))
        return None
    if not isinstance(severity, str) or severity not in SEVERITIES:
        problems.append(wrong_setting(severity, "`off`, `warning` or `error`", path, KEYS))
        return None
    until, reason = stated_too.get("until", ""), stated_too.get("reason", "")
    if not isinstance(until, str) or (until and not is_date(until)):
        problems.append(wrong_setting(until, "a date such as 2027-03-31", f"{path}.until", KEYS))
        return None
    if (severity == OFF or "reason" in stated_too) and not (isinstance(reason, str) and reason.strip()):
        at, hint = origin_of(reason) or origin_of(value), f'write `{known}: {{severity: {severity}, reason: "…"}}`'
        problems.append(MISSING_REASON.at(at, "a reason is required", hint=hint, path=f"{path}.reason"))
        return None
    choice = Choice(known, str(severity), str(until), origin_of(name))
    if is_over(choice.until):
        problems.append(expired(f"`{known}`", choice.until, origin_of(until), f"{path}.until"))
    return choice


def _today(name: str) -> str:
    from dsgen.formerly import today

    return today(name)
