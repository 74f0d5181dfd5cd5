"""Security profiles of the kernel: seccomp and AppArmor, of a pod and of a container."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

SECCOMP = "pkg/apis/core/validation: validateSeccompProfileField"
APP_ARMOR = "pkg/apis/core/validation: ValidateAppArmorProfileField"
TYPES: Final = ("Localhost", "RuntimeDefault", "Unconfined")
# PATH_MAX of Linux, less the zero at the end.
MAX_LOCALHOST_PROFILE_LENGTH: Final = 4095


@rule("invalid-seccomp-type", "seccomp-profile", source="pkg/apis/core/validation: validateSeccompProfileType")
def invalid_seccomp_type(profile: FieldRef) -> Iterator[FieldError]:
    """`seccompProfile.type` is stated: `RuntimeDefault`, `Localhost` or `Unconfined`."""
    yield from _type(profile)


@rule("invalid-seccomp-localhost-profile", "seccomp-profile", source=SECCOMP)
def invalid_seccomp_localhost_profile(profile: FieldRef) -> Iterator[FieldError]:
    """`seccompProfile` of type `Localhost` has a `localhostProfile`: a relative path without `..`."""
    if profile.get("type") != "Localhost":
        return
    path = profile.get("localhostProfile")
    if path is None:
        yield profile.required("localhostProfile", "must be stated: a file on the node")
    for message in formats.local_path(path or ""):
        yield profile.invalid("localhostProfile", message)


@rule("forbidden-seccomp-localhost-profile", "seccomp-profile", source=SECCOMP)
def forbidden_seccomp_localhost_profile(profile: FieldRef) -> Iterator[FieldError]:
    """Only a `seccompProfile` of type `Localhost` has a `localhostProfile`."""
    if profile.get("type") != "Localhost" and profile.get("localhostProfile") is not None:
        yield profile.invalid("localhostProfile", "only beside `type: Localhost`")


@rule("invalid-app-armor-type", "app-armor-profile", source=APP_ARMOR)
def invalid_app_armor_type(profile: FieldRef) -> Iterator[FieldError]:
    """`appArmorProfile.type` is stated: `RuntimeDefault`, `Localhost` or `Unconfined`."""
    yield from _type(profile)


@rule("invalid-app-armor-localhost-profile", "app-armor-profile", source=APP_ARMOR)
def invalid_app_armor_localhost_profile(profile: FieldRef) -> Iterator[FieldError]:
    """`appArmorProfile` of type `Localhost` has a `localhostProfile` without white space around it."""
    if profile.get("type") != "Localhost":
        return
    name = profile.get("localhostProfile", "")
    if not name:
        yield profile.required("localhostProfile", "must be stated: a profile that is loaded on the node")
    for message in formats.unpadded(name):
        yield profile.invalid("localhostProfile", message)


@rule("too-long-app-armor-localhost-profile", "app-armor-profile", source=APP_ARMOR)
def too_long_app_armor_localhost_profile(profile: FieldRef) -> Iterator[FieldError]:
    """`localhostProfile` of an `appArmorProfile` has at most 4095 characters."""
    if profile.get("type") == "Localhost":
        for message in formats.too_long(profile.get("localhostProfile", ""), MAX_LOCALHOST_PROFILE_LENGTH):
            yield profile.error("TooLong", "localhostProfile", message)


@rule("forbidden-app-armor-localhost-profile", "app-armor-profile", source=APP_ARMOR)
def forbidden_app_armor_localhost_profile(profile: FieldRef) -> Iterator[FieldError]:
    """Only an `appArmorProfile` of type `Localhost` has a `localhostProfile`."""
    other = profile.get("type") in ("RuntimeDefault", "Unconfined")
    if other and profile.get("localhostProfile") is not None:
        yield profile.invalid("localhostProfile", "only beside `type: Localhost`")


def _type(profile: FieldRef) -> Iterator[FieldError]:
    name = profile.get("type", "")
    if not name:
        yield profile.required("type", f"must be stated: one of {', '.join(TYPES)}")
    elif name not in TYPES:
        yield profile.not_supported("type", name, TYPES)
