"""The annotations for seccomp and AppArmor profiles that fields have replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dsgen.kubernetes.schema import formats
from dsgen.kubernetes.schema.paths import field_path
from dsgen.kubernetes.schema.words import APP_ARMOR, SECCOMP, SECCOMP_OF_POD
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule
from dsgen.kubernetes.validation.template_metadata import annotation_error
from dsgen.tree import Map

LOADED_FOR: Final = ("annotations", "appArmorProfile")

LOCALHOST: Final = "localhost/"
# Type of a profile → the equivalent values of an annotation.
SECCOMP_TEXTS: Final = {"Unconfined": ("unconfined",), "RuntimeDefault": ("runtime/default", "docker/default")}
APP_ARMOR_TEXTS: Final = {"Unconfined": ("unconfined",), "RuntimeDefault": ("runtime/default",)}


@rule("template", source="pkg/apis/core/validation: ValidateSeccompPodAnnotations", when="annotations")
def invalid_seccomp_annotation(template: FieldRef) -> Iterator[FieldError]:
    """A seccomp annotation must be `runtime/default`, `docker/default`, `unconfined`, or `localhost/` and a relative path."""
    for key, text in template.get("annotations", {}).items():
        if key != SECCOMP_OF_POD and not key.startswith(SECCOMP):
            continue
        if text.startswith(LOCALHOST):
            wrong = formats.local_path(text.removeprefix(LOCALHOST))
        else:
            known = text in ("runtime/default", "docker/default", "unconfined")
            wrong = [] if known else [f"{text!r} is not a valid seccomp profile, such as `runtime/default`"]
        yield from template.invalid_each(("annotations", key), wrong, field=f"annotations.{key}")


@rule("template", source="pkg/apis/core/validation: ValidateAppArmorPodAnnotations", when="annotations")
def invalid_app_armor_annotation(template: FieldRef) -> Iterator[FieldError]:
    """An AppArmor annotation must name a container, and be `runtime/default`, `unconfined`, or `localhost/` and a profile."""
    for key, text in template.get("annotations", {}).items():
        if not key.startswith(APP_ARMOR):
            continue
        name = key.removeprefix(APP_ARMOR)
        if all(container.get("name", "") != name for container in template.pod.all_containers):
            yield annotation_error(template, key, f"no container has the name {name!r}")
        if text not in ("", "runtime/default", "unconfined") and not text.startswith(LOCALHOST):
            message = f"{text!r} is not a valid AppArmor profile, such as `runtime/default`"
            yield annotation_error(template, key, message)


@rule("template", source="pkg/apis/core/validation: validateSeccompAnnotationsAndFields", when="annotations")
def mismatched_seccomp_annotation(template: FieldRef) -> Iterator[FieldError]:
    """A seccomp annotation must agree with the field `seccompProfile`, if both are set."""
    if _is_running(template):
        return
    stated = template.get("annotations", {})
    profile = _profile(template.pod.spec, "seccompProfile")
    if profile is not None and SECCOMP_OF_POD in stated:
        yield from _disagreement(template.pod.node, "seccompProfile", profile, stated[SECCOMP_OF_POD], SECCOMP_TEXTS)
    for container in template.pod.all_containers:
        profile = _profile(container.value, "seccompProfile")
        text = stated.get(SECCOMP + container.get("name", ""))
        if profile is not None and text is not None:
            yield from _disagreement(container, "seccompProfile", profile, text, SECCOMP_TEXTS)


@rule(
    "template", source="pkg/apis/core/validation: validateAppArmorAnnotationsAndFieldsMatchOnCreate", when="annotations"
)
def mismatched_app_armor_annotation(template: FieldRef) -> Iterator[FieldError]:
    """An AppArmor annotation must agree with the field `appArmorProfile` of the container, or else of the pod, if both
    are set.
    """
    stated = template.get("annotations", {})
    if template.pod.os == "windows" or _is_running(template):
        return
    for container in template.pod.all_containers:
        profile = _profile(container.value, "appArmorProfile")
        text = stated.get(APP_ARMOR + container.get("name", ""))
        if profile is None and not (text and _becomes_a_field(template, text)):
            profile = _profile(template.pod.spec, "appArmorProfile")
        if profile is not None and text is not None:
            yield from _disagreement(container, "appArmorProfile", profile, text, APP_ARMOR_TEXTS)


def _becomes_a_field(template: FieldRef, text: str) -> bool:
    """Return whether it is a new Pod, in which the server makes a field of the annotation (applyAppArmorVersionSkew)."""
    known = text in ("runtime/default", "unconfined") or (text.startswith(LOCALHOST) and text != LOCALHOST)
    return not template.pod.kind.template and known


@rule("template", source="pkg/registry/core/pod: applyAppArmorVersionSkew", until="1.33")
def invalid_app_armor_container(template: FieldRef) -> Iterator[FieldError]:
    """Until 1.33, the server adds an annotation for each `appArmorProfile` of a new Pod. The name of the container must be valid in the key of this
    annotation.
    """
    if template.pod.kind.template or template.pod.old is not None or template.pod.os == "windows":
        return
    for container in template.pod.all_containers:
        name = container.get("name", "")
        profile = _profile(container.value, "appArmorProfile") or _profile(template.pod.spec, "appArmorProfile")
        if profile is None or APP_ARMOR + name in template.get("annotations", {}) or not _is_written(profile):
            continue
        for message in formats.qualified_name(formats.lower_case(APP_ARMOR + name)):
            path = (*container.path, "name") if name else container.path
            yield template.invalid("annotations", f"for `appArmorProfile`: {message}")._replace(path=path)


def _is_written(profile: Map) -> bool:
    """Return whether there is an annotation for a profile."""
    kind = profile.get("type")
    return kind in APP_ARMOR_TEXTS or (kind == "Localhost" and isinstance(profile.get("localhostProfile"), str))


def _is_running(template: FieldRef) -> bool:
    """Return whether it is that of a Pod that an update replaces, of which the server does not ask this."""
    return not template.pod.kind.template and template.pod.old is not None


def _profile(holder: Map, name: str) -> Map | None:
    return holder.map("securityContext").child(name)


def _disagreement(
    holder: FieldRef, name: str, profile: Map, text: str, texts: Mapping[str, tuple[str, ...]]
) -> Iterator[FieldError]:
    kind, differs = profile.get("type"), ""
    if kind == "Localhost":
        if not text.startswith(LOCALHOST):
            differs = "type"
        elif text.removeprefix(LOCALHOST) != profile.get("localhostProfile"):
            differs = "localhostProfile"
    elif kind in texts and text not in texts[str(kind)]:
        differs = "type"
    if differs:
        message = f"must agree with the annotation, which is {text!r}: remove one of the two"
        yield holder.forbidden(("securityContext", name, differs), message)


DEPRECATED: Final = {
    "scheduler.alpha.kubernetes.io/critical-pod": "has no effect since 1.16: use `priorityClassName`",
    "security.alpha.kubernetes.io/sysctls": "has no effect since 1.11: use `securityContext.sysctls`",
    "security.alpha.kubernetes.io/unsafe-sysctls": "has no effect since 1.11: use `securityContext.sysctls`",
}


@rule("template", source="pkg/api/pod: warningsForPodSpecAndMeta", when="annotations", severity="warning")
def deprecated_annotation(template: FieldRef) -> Iterator[FieldError]:
    """Old alpha annotations for critical pods and sysctls have no effect. Use the fields that replaced them."""
    for key, advice in DEPRECATED.items():
        if key in template.get("annotations", {}):
            yield _warning(template, key, advice)


@rule("template", source="pkg/api/pod: warningsForPodSpecAndMeta", when="annotations", severity="warning")
def ineffective_seccomp_annotation(template: FieldRef) -> Iterator[FieldError]:
    """Seccomp annotations have no effect since 1.27. Use the field `seccompProfile`."""
    stated = template.get("annotations", {})
    if SECCOMP_OF_POD in stated and _profile(template.pod.spec, "seccompProfile") is None:
        yield _warning(template, SECCOMP_OF_POD, "has no effect since 1.27: use `seccompProfile`")
    for container in template.pod.all_containers:
        key = SECCOMP + container.get("name", "")
        if key in stated and _profile(container.value, "seccompProfile") is None:
            yield _warning(template, key, "has no effect since 1.27: use `seccompProfile`")


@rule("template", source="pkg/api/pod: warningsForPodSpecAndMeta", when="annotations", severity="warning")
def deprecated_app_armor_annotation(template: FieldRef) -> Iterator[FieldError]:
    """AppArmor annotations are deprecated since 1.30. Use the field `appArmorProfile`."""
    if template.pod.os == "windows" and not template.pod.kind.template:
        return
    stated = template.get("annotations", {})
    of_pod = _profile(template.pod.spec, "appArmorProfile")
    for container in template.pod.all_containers:
        key = APP_ARMOR + container.get("name", "")
        if key not in stated or _profile(container.value, "appArmorProfile") is not None:
            continue
        if of_pod is None or not _says(stated[key], of_pod):
            yield _warning(template, key, "deprecated since 1.30: use `appArmorProfile`")


def _says(text: str, profile: Map) -> bool:
    """Return whether an AppArmor annotation is equivalent to the profile."""
    kind, path = profile.get("type"), profile.get("localhostProfile")
    if text.startswith(LOCALHOST) and text != LOCALHOST:
        return kind == "Localhost" and path == text.removeprefix(LOCALHOST)
    return text in APP_ARMOR_TEXTS.get(str(kind), ()) and not isinstance(path, str)


def _warning(template: FieldRef, key: str, detail: str) -> FieldError:
    printed = f"{field_path(template.path)}.annotations[{key}]"
    return template.warning(("annotations", key), detail)._replace(field=printed)
