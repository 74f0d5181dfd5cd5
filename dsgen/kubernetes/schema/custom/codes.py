"""What can be wrong with a custom resource, by the schema of its CustomResourceDefinition."""

from __future__ import annotations

from dsgen.problem import code

MISSING = code(
    "missing-custom-resource-field",
    """A custom resource must set each field that the schema of its CustomResourceDefinition requires: the `selector` of a
    PodMonitor, which is empty for all pods, or the `apiVersion` and the `kind` of an object inside another.""",
)
VALUE = code(
    "invalid-custom-resource-value",
    """A value must be one of those that the schema of the CustomResourceDefinition lists (`enum`): the `scheme` of a PodMonitor's
    endpoint is `http` or `https`.""",
)
FORMAT = code(
    "invalid-custom-resource-format",
    """A string must match its `pattern` in the schema of the CustomResourceDefinition, and have its `format`: the `interval` of a
    PodMonitor's endpoint is a duration, such as `30s`.""",
)
RANGE = code(
    "out-of-range-custom-resource-number",
    """A number must be within the limits of the schema of the CustomResourceDefinition (`minimum`, `maximum`, `multipleOf`), and fit
    into the bits of its format: the `portNumber` of a PodMonitor's endpoint is between 1 and 65535.""",
)
LENGTH = code(
    "invalid-custom-resource-length",
    """A string, list or map must have as many characters, items or fields as the schema of the CustomResourceDefinition allows: the
    `scrapeClass` of a PodMonitor must not be empty.""",
)
FORM = code(
    "invalid-custom-resource-form",
    """A value must fit what the schema of the CustomResourceDefinition says of its fields together (`allOf`, `anyOf`, `oneOf`, `not`):
    often it must set exactly one of some fields. In an object inside another, `apiVersion` and `kind` must be valid.""",
)
DUPLICATE = code(
    "duplicate-custom-resource-item",
    """The items of a list must be unique if the schema of the CustomResourceDefinition says that it is a set, and differ in their keys
    if it is a map (`x-kubernetes-list-type`): the `scrapeProtocols` of a PodMonitor are a set.""",
)
RULE = code(
    "invalid-custom-resource",
    """A value must meet the CEL rules (`x-kubernetes-validations`) of the CustomResourceDefinition. If a rule has no message, the rule itself is
    quoted. Rules that use the old value (`oldSelf`) apply only to updates.""",
)
UNEVALUATED = code(
    "unvalidated-schema",
    """dsgen does not evaluate this part of the CustomResourceDefinition's schema for this value: a pattern that is too large or whose meaning
    depends on the version of Unicode, a rare format, or a rule in CEL. The API server may still reject the value.""",
    "note",
)
UNUSABLE = code(
    "unvalidated-resource",
    """The CustomResourceDefinition of a custom resource cannot be used, since it is invalid, or since another one defines the same kind
    otherwise. The custom resource is not validated.""",
    "warning",
)
