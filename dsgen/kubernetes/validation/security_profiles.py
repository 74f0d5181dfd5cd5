"""seccomp and AppArmor profiles of a pod and of a container."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.words import SECURITY_PROFILES
from dsgen.kubernetes.validation.declare import Fields
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("appArmorProfile", "seccompProfile")

SECCOMP = "pkg/apis/core/validation: validateSeccompProfileField"
APP_ARMOR = "pkg/apis/core/validation: ValidateAppArmorProfileField"
# PATH_MAX of Linux, less the zero at the end.
MAX_LOCALHOST_PROFILE_LENGTH: Final = 4095


SECCOMP_PROFILE = Fields(
    "security-context.seccompProfile", "`seccompProfile`", "pkg/apis/core/validation: validateSeccompProfileType"
)
SECCOMP_PROFILE.one_of("invalid-seccomp-type", "type", SECURITY_PROFILES, required=True)


@rule("security-context.seccompProfile", source=SECCOMP)
def invalid_seccomp_localhost_profile(profile: FieldRef) -> Iterator[FieldError]:
    """A `seccompProfile` of type `Localhost` must have a `localhostProfile`: a relative path without `..`."""
    if profile.get("type") != "Localhost":
        return
    path = profile.get("localhostProfile")
    if path is None:
        yield profile.required("localhostProfile", "must be set for `type: Localhost`: a file on the node")
    yield from profile.invalid_each("localhostProfile", formats.local_path(path or ""))


@rule("security-context.seccompProfile", source=SECCOMP)
def forbidden_seccomp_localhost_profile(profile: FieldRef) -> Iterator[FieldError]:
    """`localhostProfile` is only allowed in a `seccompProfile` of type `Localhost`."""
    if profile.get("type") != "Localhost" and profile.get("localhostProfile") is not None:
        yield profile.invalid("localhostProfile", "is only allowed with `type: Localhost`")


APP_ARMOR_PROFILE = Fields("security-context.appArmorProfile", "`appArmorProfile`", APP_ARMOR)
APP_ARMOR_PROFILE.one_of("invalid-app-armor-type", "type", SECURITY_PROFILES, required=True)


@rule("security-context.appArmorProfile", source=APP_ARMOR)
def invalid_app_armor_localhost_profile(profile: FieldRef) -> Iterator[FieldError]:
    """An `appArmorProfile` of type `Localhost` must have a `localhostProfile` without white space around it."""
    if profile.get("type") != "Localhost":
        return
    name = profile.get("localhostProfile", "")
    if not name:
        yield profile.required(
            "localhostProfile", "must be set for `type: Localhost`: a profile that is loaded on the node"
        )
    yield from profile.invalid_each("localhostProfile", formats.unpadded(name))


@rule("security-context.appArmorProfile", source=APP_ARMOR)
def too_long_app_armor_localhost_profile(profile: FieldRef) -> Iterator[FieldError]:
    """The `localhostProfile` of an `appArmorProfile` must have at most 4095 characters."""
    if profile.get("type") == "Localhost":
        for message in formats.too_long(profile.get("localhostProfile", ""), MAX_LOCALHOST_PROFILE_LENGTH):
            yield profile.error("TooLong", "localhostProfile", message)


@rule("security-context.appArmorProfile", source=APP_ARMOR)
def forbidden_app_armor_localhost_profile(profile: FieldRef) -> Iterator[FieldError]:
    """`localhostProfile` is only allowed in an `appArmorProfile` of type `Localhost`."""
    other = profile.get("type") in ("RuntimeDefault", "Unconfined")
    if other and profile.get("localhostProfile") is not None:
        yield profile.invalid("localhostProfile", "is only allowed with `type: Localhost`")
