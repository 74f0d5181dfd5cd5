"""Restarts of a single container: its `restartPolicy` and `restartPolicyRules`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from dsgen.kubernetes.validation.kinds import asked_once
from dsgen.kubernetes.validation.pod import Pod, is_long_running
from dsgen.kubernetes.validation.rule import FieldError, FieldRef, rule

LOADED_FOR: Final = ("restartPolicy", "restartPolicyRules")

SOURCE = "pkg/apis/core/validation: validateContainerRestartPolicy"
INIT_CONTAINERS = "pkg/apis/core/validation: validateInitContainerRestartPolicy"
POLICIES: Final = ("Always", "Never", "OnFailure")
ACTIONS: Final = ("Restart", "RestartAllContainers")
OPERATORS: Final = ("In", "NotIn")
MAX_RULES: Final = 20
MAX_EXIT_CODES: Final = 255


@rule("container", source=SOURCE, since="1.34", when="restartPolicy")
def invalid_container_restart_policy(container: FieldRef) -> Iterator[FieldError]:
    """The `restartPolicy` of a container must be `Always`, `Never` or `OnFailure`. With `Always`, an init container is
    a sidecar.
    """
    policy = container.get("restartPolicy")
    if policy is not None and policy not in POLICIES and container.scope != "ephemeralContainers":
        yield container.not_supported("restartPolicy", policy, POLICIES)


@rule("container", source=INIT_CONTAINERS, until="1.33", when="restartPolicy")
def forbidden_container_restart_policy(container: FieldRef) -> Iterator[FieldError]:
    """Before 1.34, only an init container can have a `restartPolicy`, and it must be `Always`, which makes it a
    sidecar. 1.34 drops any other.
    """
    policy = container.get("restartPolicy")
    if policy is not None and container.scope == "containers":
        yield container.forbidden("restartPolicy", "is only allowed in an init container before 1.35")
    elif policy is not None and policy != "Always" and container.scope == "initContainers":
        yield container.not_supported("restartPolicy", policy, POLICIES[:1])


@rule("container", source=SOURCE, since="1.34", when="restartPolicyRules")
def missing_container_restart_policy(container: FieldRef) -> Iterator[FieldError]:
    """A container with `restartPolicyRules` must also have a `restartPolicy`, for exits that no rule matches."""
    unset = container.get("restartPolicy") is None and container.scope != "ephemeralContainers"
    if unset and container.get("restartPolicyRules"):
        yield container.required("restartPolicy", "must be set together with `restartPolicyRules`")


@rule("container", source=INIT_CONTAINERS, since="1.34", until="1.35", when="restartPolicyRules")
def forbidden_sidecar_restart_rules(container: FieldRef) -> Iterator[FieldError]:
    """Before 1.36, a sidecar must not have `restartPolicyRules`, because it is always restarted."""
    if _is_sidecar(container) and container.get("restartPolicyRules") and not _may_restart_all(container.pod):
        yield container.forbidden(
            "restartPolicyRules", "is not allowed in an init container with `restartPolicy: Always`"
        )


@rule("container", source=SOURCE, since="1.34", when="restartPolicyRules")
def too_many_restart_rules(container: FieldRef) -> Iterator[FieldError]:
    """A container must have at most 20 `restartPolicyRules`."""
    count = len(_rules(container))
    if count > MAX_RULES:
        yield container.error(
            _too_many(container), "restartPolicyRules", f"must have at most {MAX_RULES} items, got {count}"
        )


@rule("container", source=SOURCE, since="1.34", when="restartPolicyRules")
def invalid_restart_rule_action(container: FieldRef) -> Iterator[FieldError]:
    """The `action` of a restart rule must be `Restart`, or since 1.36 `RestartAllContainers`."""
    allowed = ACTIONS if _may_restart_all(container.pod) else ACTIONS[:1]
    for each in _rules(container):
        if each.get("action", "") not in allowed:
            yield each.not_supported("action", each.get("action", ""), allowed)


@rule("container", source=SOURCE, since="1.34", when="restartPolicyRules")
def missing_restart_rule_exit_codes(container: FieldRef) -> Iterator[FieldError]:
    """The `exitCodes` of a restart rule must be set."""
    for each in _rules(container):
        if each.get("exitCodes") is None:
            yield each.required("exitCodes")


@rule("container", source=SOURCE, since="1.34", when="restartPolicyRules")
def invalid_restart_rule_operator(container: FieldRef) -> Iterator[FieldError]:
    """The `operator` of exit codes must be `In` or `NotIn`."""
    for each in _rules(container):
        codes = each.child("exitCodes")
        if codes is not None and codes.get("operator", "") not in OPERATORS:
            yield codes.not_supported("operator", codes.get("operator", ""), OPERATORS)


@rule("container", source=SOURCE, since="1.34", when="restartPolicyRules")
def too_many_restart_rule_exit_codes(container: FieldRef) -> Iterator[FieldError]:
    """A restart rule must have at most 255 exit codes."""
    for each in _rules(container):
        codes = each.child("exitCodes")
        count = len(codes.get("values", ())) if codes is not None else 0
        if codes is not None and count > MAX_EXIT_CODES:
            yield codes.error(_too_many(container), "values", f"must have at most {MAX_EXIT_CODES} items, got {count}")


def _rules(container: FieldRef) -> list[FieldRef]:
    """Return the restart rules that the server validates."""
    if container.scope == "ephemeralContainers":
        return []
    if container.scope == "initContainers" and container.get("restartPolicy") is None:
        return []
    if _is_sidecar(container) and not _may_restart_all(container.pod):
        return []
    return list(container.children("restartPolicyRules"))


def _is_sidecar(container: FieldRef) -> bool:
    return container.scope == "initContainers" and is_long_running(container)


@asked_once
def _may_restart_all(pod: Pod) -> bool:
    """Return whether containers may restart all others: since 1.36, and in 1.35 if the old object does so already."""
    if pod.minor != 35 or pod.old is None:
        return pod.minor >= 36
    older = (*pod.old.containers("containers"), *pod.old.containers("initContainers"))
    actions = {each.get("action", "") for container in older for each in container.children("restartPolicyRules")}
    return ACTIONS[1] in actions or any(_is_sidecar(each) and each.get("restartPolicyRules") for each in older)


def _too_many(container: FieldRef) -> Literal["TooMany", "TooLong"]:
    # 1.35 reported a list as if it were a string.
    return "TooMany" if container.pod.minor >= 36 else "TooLong"
