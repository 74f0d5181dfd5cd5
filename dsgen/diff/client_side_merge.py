"""Changes of lists that client-side apply gets wrong: it merges ports by number alone, and spread constraints by topology key alone."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema.paths import pod_template
from dsgen.plain import plain
from dsgen.problem import Code, Problem, code
from dsgen.record import Record
from dsgen.tree import Map

AMBIGUOUS_PORT_NUMBER = code(
    "ambiguous-port-number",
    """A list of ports changes and has the same number with two protocols. `kubectl apply` merges ports by number only (the patch merge keys
    `containerPort` and `port` in k8s.io/api), so it may remove, keep or rename the wrong port. Server-side apply also uses the protocol.""",
    severity="warning",
)
AMBIGUOUS_SPREAD_CONSTRAINT = code(
    "ambiguous-spread-constraint",
    """The `topologySpreadConstraints` change and have the same `topologyKey` twice. `kubectl apply` merges them by this key only (the patch merge
    key in k8s.io/api), so it may change the wrong constraint, remove both, or not add one. Server-side apply also uses `whenUnsatisfiable`.""",
    severity="warning",
)


class _Merged(Record):
    """A list that client-side apply merges by less than what tells its items apart."""

    items: list[Map]
    key: str
    code: Code
    what: str


def wrongly_merged(old: Map, new: Map) -> Iterator[Problem]:
    """Yield a problem for each such list that differs, and has a key twice before or after."""
    before = dict(_lists(old))
    for path, merged in _lists(new):
        if path not in before or plain(merged.items) == plain(before[path].items):
            continue
        twice = _twice(before[path]) or _twice(merged)
        if twice:
            found = f"`kubectl apply` merges {merged.what}, and {twice} is used twice: apply with `--server-side`"
            yield merged.code.at(None, found)._replace(field=path)


def _lists(root: Map) -> Iterator[tuple[str, _Merged]]:
    template = pod_template(root)
    if template is not None:
        spec = root.map(*template, "spec")
        for group in ("initContainers", "containers"):
            for container in spec.maps(group):
                path = ".".join((*template, "spec", f"{group}[{container.get('name')}]", "ports"))
                yield path, _ports(container, "containerPort")
        constraints = list(spec.maps("topologySpreadConstraints"))
        merged = _Merged(constraints, "topologyKey", AMBIGUOUS_SPREAD_CONSTRAINT, "spread constraints by `topologyKey`")
        yield ".".join((*template, "spec", "topologySpreadConstraints")), merged
    elif root.get("kind") == "Service":
        yield "spec.ports", _ports(root.map("spec"), "port")


def _ports(holder: Map, key: str) -> _Merged:
    return _Merged(list(holder.maps("ports")), key, AMBIGUOUS_PORT_NUMBER, "ports by number")


def _twice(merged: _Merged) -> object:
    """Return a key that two items have, or None."""
    keys = [plain(each.get(merged.key)) for each in merged.items]
    return next((each for each in keys if keys.count(each) > 1), None)
