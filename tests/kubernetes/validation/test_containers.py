"""Containers of all kinds: names, images, restarts, resizing, and what init and ephemeral containers cannot have."""

from dsgen.kubernetes.validation import (
    container_restart,
    containers,
    ephemeral_containers,
    init_containers,
    resize_policy,
)
from tests.kubernetes.examples import Example, checks, container, fill, init

NAMED = "containers: [{name: %s, image: i}]"
RULE = "restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]"
RESIZE = container("resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}, %s]")


def ephemeral(text: str = "") -> str:
    """Return a pod with an ephemeral container that has the fields in `text`."""
    return container() + f"ephemeralContainers: [{{name: debug, image: i{text and ', ' + text}}}]\n"


def rules(count: int) -> str:
    """Return a container with so many restart rules."""
    one = "{action: Restart, exitCodes: {operator: In, values: [1]}}"
    return container(f"restartPolicy: Never, restartPolicyRules: [{', '.join([one] * count)}]")


def codes(count: int) -> str:
    """Return a container with a restart rule for so many exit codes."""
    values = ", ".join(["1"] * count)
    rule = f"{{action: Restart, exitCodes: {{operator: In, values: [{values}]}}}}"
    return container(f"restartPolicy: Never, restartPolicyRules: [{rule}]")


EXAMPLES = (
    Example("missing-containers", "Required containers", ("containers: []",), (container(),)),
    Example("missing-containers", "Required containers", ("containers: []\n" + init(),)),
    Example(
        "missing-container-name",
        "Required containers[0].name",
        ("containers: [{image: i}]", *fill(NAMED, "''", "null")),
        fill(NAMED, "a"),
    ),
    Example(
        "invalid-container-name",
        "Invalid containers[0].name",
        fill(NAMED, "A", "a_b", "a.b", "-a", "a-", "a" * 64),
        fill(NAMED, "a", "'1'", "a-b", "a" * 63),
    ),
    Example(
        "duplicate-container-name",
        "Duplicate containers[1].name",
        ("containers: [{name: a, image: i}, {name: a, image: i}]",),
        ("containers: [{name: a, image: i}, {name: b, image: i}]\ninitContainers: [{name: c, image: i}]",),
    ),
    Example(
        "duplicate-container-name",
        "Duplicate initContainers[0].name",
        ("containers: [{name: a, image: i}]\ninitContainers: [{name: a, image: i}]",),
    ),
    Example(
        "duplicate-container-name",
        "Duplicate initContainers[1].name",
        ("containers: [{name: a, image: i}]\ninitContainers: [{name: b, image: i}, {name: b, image: i}]",),
    ),
    # Two init containers without a name are not the same one; with a container without a name they are.
    Example(
        "missing-container-name",
        "Required initContainers[0].name, Required initContainers[1].name",
        ("containers: [{name: a, image: i}]\ninitContainers: [{image: i}, {image: i}]",),
    ),
    Example(
        "duplicate-container-name",
        "Duplicate initContainers[0].name, Required containers[0].name, Required initContainers[0].name",
        ("containers: [{image: i}]\ninitContainers: [{image: i}]",),
    ),
    Example(
        "duplicate-container-name",
        "Duplicate ephemeralContainers[0].name, Forbidden ephemeralContainers",
        ("containers: [{name: a, image: i}]\nephemeralContainers: [{name: a, image: i}]",),
    ),
    Example(
        "missing-image",
        "Required containers[0].image",
        ("containers: [{name: a}]", *fill("containers: [{name: a, image: %s}]", "''", "null")),
        fill("containers: [{name: a, image: %s}]", "' '", "not/an//image:at:all"),
    ),
    Example(
        "invalid-image-pull-policy",
        "NotSupported containers[0].imagePullPolicy",
        fill(container("imagePullPolicy: %s"), "always", "Often"),
        fill(container("imagePullPolicy: %s"), "Always", "IfNotPresent", "Never", "''", "null"),
    ),
    Example(
        "invalid-termination-message-policy",
        "NotSupported containers[0].terminationMessagePolicy",
        fill(container("terminationMessagePolicy: %s"), "file", "Logs"),
        fill(container("terminationMessagePolicy: %s"), "File", "FallbackToLogsOnError", "''", "null"),
    ),
    # How containers restart.
    Example(
        "invalid-container-restart-policy",
        "NotSupported containers[0].restartPolicy",
        fill(container("restartPolicy: %s"), "always", "''"),
        fill(container("restartPolicy: %s"), "Always", "Never", "OnFailure", "null"),
    ),
    Example(
        "invalid-container-restart-policy",
        "NotSupported initContainers[0].restartPolicy",
        (container() + init("restartPolicy: Sometimes"),),
        (container() + init("restartPolicy: Always"), container() + init("restartPolicy: OnFailure")),
    ),
    Example(
        "forbidden-container-restart-policy",
        "Forbidden containers[0].restartPolicy",
        fill(container("restartPolicy: %s"), "Always", "Never", "''"),
        (container(),),
        minor="1.33",
    ),
    Example(
        "forbidden-container-restart-policy",
        "NotSupported initContainers[0].restartPolicy",
        (container() + init("restartPolicy: Never"),),
        (container() + init("restartPolicy: Always"),),
        minor="1.33",
    ),
    Example(
        "missing-container-restart-policy",
        "Required containers[0].restartPolicy",
        (container(RULE),),
        (container(f"restartPolicy: Never, {RULE}"), container("restartPolicyRules: []")),
    ),
    # Without a policy, the rules of an init container are not even looked at.
    Example(
        "missing-container-restart-policy",
        "Required initContainers[0].restartPolicy",
        (container() + init("restartPolicyRules: [{action: Nothing}]"),),
    ),
    Example(
        "forbidden-sidecar-restart-rules",
        "Forbidden initContainers[0].restartPolicyRules",
        (
            container() + init(f"restartPolicy: Always, {RULE}"),
            container() + init("restartPolicy: Always, restartPolicyRules: [{}]"),
        ),
        (container() + init(f"restartPolicy: OnFailure, {RULE}"),),
        minor="1.35",
    ),
    Example(
        "too-many-restart-rules",
        "TooMany containers[0].restartPolicyRules",
        (rules(21),),
        (rules(20), container() + init(f"restartPolicy: Always, {RULE}")),
    ),
    Example(
        "too-many-restart-rules", "TooLong containers[0].restartPolicyRules", (rules(21),), (rules(20),), minor="1.35"
    ),
    Example(
        "invalid-restart-rule-action",
        "NotSupported containers[0].restartPolicyRules[0].action",
        fill(
            container("restartPolicy: Never, restartPolicyRules: [{action: %s, exitCodes: {operator: In}}]"),
            "restart",
            "''",
        ),
        fill(
            container("restartPolicy: Never, restartPolicyRules: [{action: %s, exitCodes: {operator: In}}]"),
            "Restart",
            "RestartAllContainers",
        ),
    ),
    Example(
        "invalid-restart-rule-action",
        "NotSupported containers[0].restartPolicyRules[0].action",
        (
            container(
                "restartPolicy: Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In}}]"
            ),
        ),
        (container("restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In}}]"),),
        minor="1.35",
    ),
    Example(
        "missing-restart-rule-exit-codes",
        "Required containers[0].restartPolicyRules[0].exitCodes",
        (container("restartPolicy: Never, restartPolicyRules: [{action: Restart}]"),),
        (container("restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In}}]"),),
    ),
    Example(
        "invalid-restart-rule-operator",
        "NotSupported containers[0].restartPolicyRules[0].exitCodes.operator",
        fill(
            container("restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: %s}]"),
            "{}",
            "{operator: in}",
        ),
        fill(
            container("restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: %s}}]"),
            "In",
            "NotIn",
        ),
    ),
    Example(
        "too-many-restart-rule-exit-codes",
        "TooMany containers[0].restartPolicyRules[0].exitCodes.values",
        (codes(256),),
        (codes(255), codes(0)),
    ),
    Example(
        "too-many-restart-rule-exit-codes",
        "TooLong containers[0].restartPolicyRules[0].exitCodes.values",
        (codes(256),),
        (codes(255),),
        minor="1.35",
    ),
    # Resizing in place.
    Example(
        "duplicate-resize-policy",
        "Duplicate containers[0].resizePolicy[1]",
        fill(RESIZE, "{resourceName: cpu, restartPolicy: RestartContainer}"),
        fill(RESIZE, "{resourceName: memory, restartPolicy: RestartContainer}"),
    ),
    Example(
        "invalid-resize-resource-name",
        "NotSupported containers[0].resizePolicy",
        fill(RESIZE, "{resourceName: pods, restartPolicy: NotRequired}"),
        fill(RESIZE, "{resourceName: memory, restartPolicy: NotRequired}"),
    ),
    Example(
        "invalid-resize-resource-name",
        "Required containers[0].resizePolicy",
        fill(RESIZE, "{restartPolicy: NotRequired}"),
    ),
    Example(
        "invalid-resize-restart-policy",
        "NotSupported containers[0].resizePolicy",
        fill(RESIZE, "{resourceName: memory, restartPolicy: Always}"),
        fill(RESIZE, "{resourceName: memory, restartPolicy: RestartContainer}"),
    ),
    Example(
        "invalid-resize-restart-policy", "Required containers[0].resizePolicy", fill(RESIZE, "{resourceName: memory}")
    ),
    Example(
        "conflicting-resize-restart-policy",
        "Invalid containers[0].resizePolicy, NotSupported restartPolicy",
        (container("resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]") + "restartPolicy: Never\n",),
        (
            container("resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]")
            + "restartPolicy: Always\n",
        ),
    ),
    Example(
        "forbidden-init-container-resize-restart",
        "Invalid initContainers[0].resizePolicy[0].restartPolicy",
        (container() + init("resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]"),),
        (
            container() + init("resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]"),
            container()
            + init("restartPolicy: Always, resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]"),
        ),
    ),
    Example(
        "invalid-resize-restart-policy",
        "NotSupported containers[0].resizePolicy",
        fill(RESIZE, "{resourceName: memory, restartPolicy: Always}"),
        (container() + init("resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]"),),
        minor="1.35",
    ),
    # Init containers.
    Example(
        "forbidden-init-container-field",
        "Forbidden initContainers[0].lifecycle",
        fill(container() + init("lifecycle: %s"), "{}", "{preStop: {}}"),
        (container() + init("restartPolicy: Always, lifecycle: {}"), container() + init("lifecycle: null")),
    ),
    Example(
        "forbidden-init-container-field",
        "Forbidden initContainers[0].livenessProbe",
        fill(container() + init("livenessProbe: %s"), "{}", "{exec: {command: [a]}}"),
    ),
    Example(
        "forbidden-init-container-field",
        "Forbidden initContainers[0].readinessProbe",
        fill(container() + init("restartPolicy: OnFailure, readinessProbe: %s"), "{}", "{exec: {command: [a]}}"),
    ),
    Example(
        "forbidden-init-container-field",
        "Forbidden initContainers[0].startupProbe",
        fill(container() + init("startupProbe: %s"), "{}", "{exec: {command: [a]}}"),
    ),
    # Ephemeral containers are always refused; this is what else is said of them.
    Example(
        "invalid-ephemeral-container-image",
        "Forbidden ephemeralContainers, Invalid ephemeralContainers[0].image",
        (ephemeral().replace("image: i}", 'image: " i"}'),),
        (container(),),
    ),
    Example(
        "unknown-ephemeral-container-target",
        "Forbidden ephemeralContainers, NotFound ephemeralContainers[0].targetContainerName",
        (ephemeral("targetContainerName: nobody"),),
        (container(),),
    ),
    Example(
        "forbidden-ephemeral-container-sub-path",
        "Forbidden ephemeralContainers, Forbidden ephemeralContainers[0].volumeMounts[0].subPath",
        (ephemeral("volumeMounts: [{name: v, mountPath: /v, subPath: a}]") + "volumes: [{name: v}]",),
        (container(),),
    ),
    Example(
        "forbidden-ephemeral-container-field",
        "Forbidden ephemeralContainers, Forbidden ephemeralContainers[0].ports",
        (ephemeral("ports: []"),),
        (container(),),
    ),
    Example(
        "forbidden-ephemeral-container-field",
        "Forbidden ephemeralContainers, Forbidden ephemeralContainers[0].resources",
        fill(ephemeral("resources: %s"), "{limits: {}}", "{requests: {cpu: 1}}"),
    ),
    Example(
        "forbidden-ephemeral-container-field",
        "Forbidden ephemeralContainers, Forbidden ephemeralContainers[0].livenessProbe",
        fill(ephemeral("livenessProbe: %s"), "{}"),
    ),
    Example(
        "forbidden-ephemeral-container-field",
        "Forbidden ephemeralContainers, Forbidden ephemeralContainers[0].restartPolicy",
        fill(ephemeral("restartPolicy: %s"), "Always", "''", "X"),
    ),
    Example(
        "forbidden-ephemeral-container-field",
        "Forbidden ephemeralContainers, Forbidden ephemeralContainers[0].restartPolicyRules",
        fill(ephemeral("restartPolicyRules: %s"), "[]", "[{}]"),
    ),
)

test_refused, test_accepted, test_each_rule_has_examples = checks(
    EXAMPLES, containers, container_restart, ephemeral_containers, init_containers, resize_policy
)
