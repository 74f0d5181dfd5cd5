"""The pod's own fields: every field of PodSpec that no other key replaces."""

from __future__ import annotations

from typing import Final

from dsgen.profile.key import Schema, described_fields, key, with_appending
from dsgen.profile.tables import types

# PodSpec's fields that other keys of the language replace, and the key to use.
ELSEWHERE: Final = {
    "nodeSelector": "nodes.select",
    "tolerations": "nodes.tolerate",
}


def _pod() -> Schema:
    known = types()["PodSpec"]
    schema = {
        name: key(description, example, f"spec.template.spec.{name}", kubernetes=known[name])
        for name, (description, example) in described_fields()["PodSpec"].items()
    }
    schema["affinity"] = key(
        "Pod affinity and anti-affinity, in Kubernetes' form. Node affinity is `nodes.require` and `nodes.prefer`.",
        "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname}]}}",
        "spec.template.spec.affinity",
        type="Affinity",
        schema={
            name: key(
                description,
                f"{name}: {{}}",
                f"spec.template.spec.affinity.{name}",
                kubernetes=types()["Affinity"][name],
            )
            for name, description in (
                ("podAffinity", "Pods to run next to."),
                ("podAntiAffinity", "Pods to avoid."),
            )
        },
    )
    return with_appending(schema)


KEYS: Final[Schema] = _pod()
