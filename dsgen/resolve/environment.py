"""An environment: the profiles that it uses, and the layers that it adds to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from dsgen import source
from dsgen.problem import Problem, code, did_you_mean
from dsgen.profile import metadata
from dsgen.profile.compile import Rejected, long_form
from dsgen.profile.environment import ENVIRONMENT
from dsgen.record import Record
from dsgen.resolve.file import File
from dsgen.resolve.images import Images, images_of
from dsgen.resolve.layers import nulls
from dsgen.tree import Map, Null, Text, origin_of

UNKNOWN_PROFILE = code(
    "unknown-profile",
    "An environment refers to a profile that the project does not have: under `profiles` or `overrides`, by name or by a pattern.",
)
MISSING_PROFILES = code(
    "missing-profiles", "An environment uses none of the project's profiles, so nothing would be generated for it."
)
UNUSED_OVERRIDE = code(
    "unused-override",
    "An environment overrides a profile that it does not use: its `profiles` excludes it.",
    severity="warning",
)


class Environment(Record):
    """The content of an environment's `file`, in long form. `kubernetes` is the version to validate against, `crds` are the files with
    CustomResourceDefinitions, `policies` those with policies.
    """

    name: str
    kubernetes: str
    stated: Map
    file: File
    images: Images | None = None
    crds: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()

    def takes(self, profile: str) -> bool:
        """Return whether this environment uses a profile."""
        wanted, unwanted = self._patterns()
        taken = not wanted or any(fnmatchcase(profile, pattern) for pattern in wanted)
        return taken and not any(fnmatchcase(profile, pattern) for pattern in unwanted)

    def layers(self, profile: str) -> Iterator[Map]:
        """Yield the layers over a profile, lowest first."""
        yield from filter(None, (self.stated.child("all"), self.stated.map("overrides").child(profile)))

    def problems(self, profiles: Iterable[str]) -> Iterator[Problem]:
        """Yield the environment's problems in a project that has these profiles."""
        known = list(profiles)
        matching = True
        for entry in self.stated.texts("profiles"):
            if not any(fnmatchcase(name, entry.removeprefix("!")) for name in known):
                matching = False
                yield self._unknown(entry, f"`{entry}` does not match any profile in the project", known, "profiles")
        taken = [name for name in known if self.takes(name)]
        if not taken and matching:
            found = f"`{self.name}` uses none of the project's profiles"
            hint = "list profiles under `profiles`, or remove the file"
            yield MISSING_PROFILES.at(origin_of(self.stated.get("profiles")), found, hint=hint, path="profiles")
        for name in self.stated.map("overrides"):
            path = f"overrides.{name}"
            if name in ("*", "all") and name not in known:
                found, hint = f"`{name}` is not the name of a profile", "write `all: …` at the top of the environment"
                yield UNKNOWN_PROFILE.at(origin_of(name), found, hint=hint, path=path)
            elif name not in known:
                yield self._unknown(name, f"the project has no profile `{name}`", known, path)
            elif name not in taken:
                found = f"this environment does not use `{name}`"
                hint = "remove it, or add the profile to `profiles`"
                yield UNUSED_OVERRIDE.at(origin_of(name), found, hint=hint, path=path)

    def _patterns(self) -> tuple[list[str], list[str]]:
        entries = self.stated.texts("profiles")
        wanted = [entry for entry in entries if not entry.startswith("!")]
        return wanted, [entry[1:] for entry in entries if entry.startswith("!")]

    def _unknown(self, entry: str, found: str, known: list[str], path: str) -> Problem:
        hint = did_you_mean(entry.removeprefix("!"), known) or f"known profiles: {', '.join(sorted(known))}"
        return UNKNOWN_PROFILE.at(origin_of(entry), found, hint=hint, path=path)


def read_environment(file: File, name: str, kubernetes: str) -> tuple[Environment | None, list[Problem]]:
    """Return an environment, or None, and the problems of its file and its name. `kubernetes` is the version if it sets none."""
    problems = _misnamed(name, file)
    if problems:
        return None, problems
    root, problems = source.read(file.text, file.name)
    if [problem.code for problem in problems] == [source.EMPTY_FILE.name]:
        return Environment(name, kubernetes, Map(), file), []
    if root is None or problems:
        return None, problems
    try:
        stated = long_form(root, ENVIRONMENT)
    except Rejected as error:
        return None, list(error.problems)
    problems = list(_nulls(stated))
    if problems:
        return None, problems
    own = stated.get("kubernetes", kubernetes)
    return Environment(name, str(own), stated, file, images_of(stated.child("images"))), problems


def _misnamed(name: str, file: File) -> list[Problem]:
    """Return a problem for a name that would not be valid for a profile either: it becomes a folder name and an argument of commands."""
    problems: list[Problem] = []
    metadata.name(
        Text.at(name, None),
        lambda kind, _, found, hint: problems.append(kind.at(None, found, hint=hint, file=file.name)),
    )
    return problems


def _nulls(stated: Map) -> Iterator[Problem]:
    """Yield a problem for each null without effect: every one that is not in a layer."""
    for key, value in stated.items():
        if key == "overrides" and (overrides := stated.child(key)) is not None:
            for name, override in overrides.items():
                yield from nulls(override, (key, name)) if isinstance(override, Null) else ()
        elif key != "all" or isinstance(value, Null):
            yield from nulls(value, (key,))
