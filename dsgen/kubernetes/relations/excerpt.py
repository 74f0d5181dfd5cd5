"""What other objects can refer to, of one object: small enough to keep for each object of a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dsgen.kubernetes import checksums
from dsgen.kubernetes.references import Reference, has_controller, references
from dsgen.kubernetes.relations.selector import Selector, labels_in, selector_of
from dsgen.kubernetes.relations.webhook import KINDS, Webhook, webhooks
from dsgen.kubernetes.schema import api_resources
from dsgen.kubernetes.schema.paths import ENFORCE_LABEL, pod_template
from dsgen.origin import Origin
from dsgen.plain import plain
from dsgen.record import Record
from dsgen.tree import Map, origin_of

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
    PodDisruptionBudget: field, amount as it is written, and place. `content` is a digest of a manifest; empty for what profiles generate,
    and for hooks of Helm, which are not all there at once. `checksums` are annotations of a manifest's pods with hashes of config maps, as
    dsgen writes them: key, hash and place; of a ConfigMap, those that pods may have. An `owned` object is created by the controller of another one. `origin` is the
    place of its name, or of the level that a Namespace enforces; without one, `file` is shown.
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
    webhooks: tuple[Webhook, ...] = ()
    owned: bool = False
    content: str = ""
    checksums: tuple[tuple[str, str, Origin | None], ...] = ()

    @property
    def shown(self) -> str:
        """Kind, namespace and name for a message."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    @property
    def source(self) -> str:
        """The file that it is in, or that it is generated from."""
        return self.file or (self.origin.file if self.origin else "")

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
        kind, namespace, name, origin, file, needs, labels, keys, levels, selector, amounts, hooks, *more = kept
        owned, content, hashes = more
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
            tuple(map(Webhook.from_json, hooks)),
            owned,
            content,
            tuple((key, value, _origin(place)) for key, value, place in hashes),
        )


def excerpt(root: Any, file: str = "", with_content: bool = False) -> Excerpt | None:
    """Return the excerpt of an object, or None for what is not one, or is not applied to a cluster.

    `file` is the name to show. It is `with_content` if other objects of the same name are to be compared with it.
    """
    if not isinstance(root, Map):
        return None
    metadata = root.map("metadata")
    if "annotations" in metadata and metadata.map("annotations").get(_LOCAL) == "true":
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
        metadata.text("namespace"),
        metadata.text("name"),
        _origin_of_level(metadata) or origin_of(name) or origin_of(metadata) or root.origin,
        file,
        tuple(references(root)),
        labels,
        tuple(map(str, keys)),
        None,
        selector_of(root, kind) if template is not None or kind in _SELECTING else None,
        _amounts(root.map("spec")) if kind == "PodDisruptionBudget" else (),
        tuple(webhooks(root)) if kind in KINDS else (),
        has_controller(metadata),
        _digest(root) if with_content else "",
        tuple(_checksums(root, kind, metadata.text("name"))) if with_content else (),
    )


def _origin_of_level(metadata: Map) -> Origin | None:
    """Return where a namespace sets the Pod Security level that it enforces."""
    return origin_of(metadata.map("labels").get(ENFORCE_LABEL)) if "labels" in metadata else None


def _digest(root: Map) -> str:
    """Return a digest of the content of a manifest; empty for a hook of Helm."""
    if "helm.sh/hook" in root.map("metadata", "annotations"):
        return ""
    import hashlib
    import json

    text = json.dumps(plain(root), sort_keys=True, default=str).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=8).hexdigest()


def _checksums(root: Map, kind: str, name: str) -> Iterator[tuple[str, str, Origin | None]]:
    if kind == "ConfigMap":
        yield from ((checksums.annotation(name), value, None) for value in checksums.hashes(root))
    else:
        yield from ((str(key), str(value), origin_of(value)) for key, value in checksums.annotations_of_pods(root))


def excerpts(
    roots: Iterable[Any], file: str, minor: str, with_levels: bool, generated: bool = False, are_valid: bool = False
) -> list[Excerpt]:
    """Return the excerpts of the objects of one file.

    They are `with_levels` if their pods may be in a namespace of another file. Objects that `are_valid` need not be decoded for that. Those
    that are `generated` from a profile are not compared with others.
    """
    made = [(root, found) for root in roots if (found := excerpt(root, file, not generated)) is not None]
    if not with_levels and not any(each.kind == "Namespace" for _, each in made):
        return [each for _, each in made]
    from dsgen.kubernetes.pod_security import admitted
    from dsgen.kubernetes.pod_security.template import pods_of

    leveled = []
    for root, each in made:
        pods = pods_of(root, minor, are_valid) if each.namespace else None
        leveled.append(each._replace(levels=admitted(pods.root, minor, pods.kind)) if pods else each)
    return leveled


def kind_of(root: Map) -> str:
    """Return the kind of an object; for groups that are not Kubernetes' own, with the group."""
    group, kind = api_resources.group_of(root.text("apiVersion")), root.text("kind")
    return kind if group == _MONITORS or api_resources.is_own(group) else f"{kind}.{group}"


def _amounts(spec: Map) -> tuple[tuple[str, str, Origin | None], ...]:
    stated: list[tuple[str, Any]] = [(name, spec.get(name)) for name in ("minAvailable", "maxUnavailable")]
    return tuple(
        (name, str(getattr(each, "text", each)), origin_of(each))
        for name, each in stated
        if isinstance(each, (str, int))
    )


def _reference(kept: list[Any]) -> Reference:
    kind, name, namespace, keys, optional, origin = kept
    return Reference(kind, name, namespace, tuple(keys), optional, _origin(origin))


def _origin(kept: Any) -> Origin | None:
    return Origin(*kept) if kept else None
