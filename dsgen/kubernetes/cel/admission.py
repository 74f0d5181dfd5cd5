"""The variables of expressions in admission (k8s.io/apiserver/pkg/admission/plugin/cel: compile.go)."""

from __future__ import annotations

from typing import Final

from dsgen.kubernetes.cel.types import BOOL, DYN, INT, STRING, TIMESTAMP, Type, list_of, map_of, object_of

_KIND: Final = object_of({"group": STRING, "version": STRING, "kind": STRING})
_RESOURCE: Final = object_of({"group": STRING, "version": STRING, "resource": STRING})
_USER: Final = object_of(
    {"username": STRING, "uid": STRING, "groups": list_of(STRING), "extra": map_of(list_of(STRING))}
)
REQUEST: Final = object_of(
    {
        "kind": _KIND,
        "resource": _RESOURCE,
        "subResource": STRING,
        "requestKind": _KIND,
        "requestResource": _RESOURCE,
        "requestSubResource": STRING,
        "name": STRING,
        "namespace": STRING,
        "operation": STRING,
        "userInfo": _USER,
        "dryRun": BOOL,
        "options": DYN,
    }
)
_CONDITION: Final = object_of(
    {"status": STRING, "type": STRING, "lastTransitionTime": TIMESTAMP, "message": STRING, "reason": STRING}
)
_METADATA: Final = object_of(
    {
        **dict.fromkeys(("name", "generateName", "namespace", "UID", "resourceVersion"), STRING),
        **dict.fromkeys(("labels", "annotations"), map_of(STRING)),
        **dict.fromkeys(("creationTimestamp", "deletionTimestamp"), TIMESTAMP),
        **dict.fromkeys(("deletionGracePeriodSeconds", "generation"), INT),
        "finalizers": list_of(STRING),
    }
)
NAMESPACE: Final = object_of(
    {
        "metadata": _METADATA,
        "spec": object_of({"finalizers": list_of(STRING)}),
        "status": object_of({"conditions": list_of(_CONDITION), "phase": STRING}),
    }
)
VARIABLES: Final = {"object": DYN, "oldObject": DYN, "namespaceObject": NAMESPACE, "request": REQUEST}
AUTHORIZER: Final = {"authorizer": Type("Authorizer"), "authorizer.requestResource": Type("ResourceCheck")}
