"""What other objects can refer to, of one object: small enough to keep for each object of a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dsgen.kubernetes.references import Reference, references
from dsgen.kubernetes.relations.selector import Selector, labels_in, selector_of
from dsgen.kubernetes.schema import api_resources
from dsgen.kubernetes.schema.paths import pod_template
from dsgen.record import Record
from dsgen.tree import Map, Origin, Value, origin_of

# The custom resources that have relations; of other groups, kinds are written as `kubectl` does: `NetworkPolicy.crd.projectcalico.org`.
_MONITORS: Final = "monitoring.coreos.com"
# The other kinds that select pods or services by labels.
_SELECTING: Final = frozenset({"Service", "PodDisruptionBudget", "NetworkPolicy", "PodMonitor", "ServiceMonitor"})
# The annotation of configuration for Kustomize, which is not applied.
_LOCAL: Final = "config.kubernetes.io/local-config"


class Excerpt(Record):
    """The parts of an object that relations are about.

    `labels` are those of the pods that it creates; of a Namespace or Service, its own. `keys` are those of a ConfigMap or Secret. `levels`
    are the Pod Security levels that admit its pods, by the newest standards of the version; None if unknown. `amounts` are those of a
    PodDisruptionBudget: field, amount as it is written, and place. `file` is the name of the file to show if there is no `origin`, which is the place of its name.
    """

    kind: str
    namespace: str
    name: str
    origin: Origin | None
    file: str = ""
    references: tuple[Reference, ...] = ()
    labels: Mapping[str, str] = {}
    keys: tuple[str, ...] = ()
    levels: tuple[str, ...] | None = None
    selector: Selector | None = None
    amounts: tuple[tuple[str, str, Origin | None], ...] = ()

    @property
    def shown(self) -> str:
        """Kind, namespace and name for a message."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    @property
    def place(self) -> str:
        """Where it is, for a message of another object: ` (FILE:LINE)`, or nothing."""
        where = f"{self.origin.file}:{self.origin.line}" if self.origin else self.file
        return f" ({where})" if where else ""

    def to_json(self) -> list[Any]:
        """Return it as JSON data, for `from_json`."""
        return list(self)

    @classmethod
    def from_json(cls, kept: list[Any]) -> Excerpt:
        """Return the excerpt from `kept`, the parsed output of `to_json`."""
        kind, namespace, name, origin, file, needs, labels, keys, levels, selector, amounts = kept
        return cls(
            kind,
            namespace,
            name,
            _origin(origin),
            file,
            tuple(map(_reference, needs)),
            labels,
            tuple(keys),
            levels if levels is None else tuple(levels),
            selector and Selector.from_json(selector),
            tuple((field, amount, _origin(place)) for field, amount, place in amounts),
        )


def excerpt(root: Any, file: str = "", levels: tuple[str, ...] | None = None) -> Excerpt | None:
    """Return the excerpt of an object, or None for what is not one, or is not applied to a cluster. `file` is the name to show."""
    if not isinstance(root, Map):
        return None
    metadata = root.map("metadata")
    if metadata.map("annotations").get(_LOCAL) == "true":
        return None
    kind, name = kind_of(root), metadata.get("name")
    template = pod_template(root)
    if template is not None:
        labels = labels_in(root.map(*template, "metadata").map("labels"))
    else:
        labels = labels_in(metadata.map("labels")) if kind in ("Namespace", "Service") else {}
    keys = (
        (*root.map("data"), *root.map("binaryData"), *root.map("stringData")) if kind in ("ConfigMap", "Secret") else ()
    )
    return Excerpt(
        kind,
        _text(metadata.get("namespace")),
        _text(name),
        origin_of(name) or origin_of(metadata) or root.origin,
        file,
        tuple(references(root)),
        labels,
        tuple(map(str, keys)),
        levels,
        selector_of(root, kind) if template is not None or kind in _SELECTING else None,
        _amounts(root.map("spec")) if kind == "PodDisruptionBudget" else (),
    )


def excerpts(roots: Iterable[Any], file: str, minor: str, with_levels: bool, are_valid: bool = False) -> list[Excerpt]:
    """Return the excerpts of the objects of one file.

    They are `with_levels` if their pods may be in a namespace of another file. Objects that `are_valid` need not be decoded.
    """
    made = [(root, found) for root in roots if (found := excerpt(root, file)) is not None]
    if not with_levels and not any(each.kind == "Namespace" for _, each in made):
        return [each for _, each in made]
    from dsgen.kubernetes.pod_security import admitted
    from dsgen.kubernetes.pod_security.template import pods_of

    leveled = []
    for root, each in made:
        pods = pods_of(root, minor, are_valid) if each.namespace else None
        leveled.append(each._replace(levels=admitted(pods.root, minor)) if pods else each)
    return leveled


def kind_of(root: Map) -> str:
    """Return the kind of an object; for groups that are not Kubernetes' own, with the group."""
    group, kind = api_resources.group_of(_text(root.get("apiVersion"))), _text(root.get("kind"))
    return kind if group == _MONITORS or api_resources.is_own(group) else f"{kind}.{group}"


def _amounts(spec: Map) -> tuple[tuple[str, str, Origin | None], ...]:
    stated: list[tuple[str, Any]] = [(name, spec.get(name)) for name in ("minAvailable", "maxUnavailable")]
    return tuple(
        (name, str(getattr(each, "text", each)), origin_of(each))
        for name, each in stated
        if isinstance(each, (str, int))
    )


def _text(value: Value | None) -> str:
    return str(value) if isinstance(value, str) else ""


def _reference(kept: list[Any]) -> Reference:
    kind, name, namespace, keys, optional, origin = kept
    return Reference(kind, name, namespace, tuple(keys), optional, _origin(origin))


def _origin(kept: Any) -> Origin | None:
    return Origin(*kept) if kept else None
