"""Changes of ports that client-side apply gets wrong: it merges them by number alone."""

from __future__ import annotations

from collections.abc import Iterator

from dsgen.kubernetes.schema.paths import pod_template
from dsgen.problem import Problem, code
from dsgen.tree import Map, plain

AMBIGUOUS_PORT_NUMBER = code(
    "ambiguous-port-number",
    """A list of ports changes and has the same number with two protocols. `kubectl apply` merges ports by number only (the patch merge keys
    `containerPort` and `port` in k8s.io/api), so it may remove, keep or rename the wrong port. Server-side apply also uses the protocol.""",
    severity="warning",
)


def merged_ports(old: Map, new: Map) -> Iterator[Problem]:
    """Yield a problem for each list of ports that differs, and has a number twice before or after."""
    before = dict(_lists(old))
    for path, ports in _lists(new):
        if plain(ports) == plain(before.get(path, [])) or path not in before:
            continue
        twice = _twice(before[path]) or _twice(ports)
        if twice:
            found = f"`kubectl apply` merges ports by number, and {twice} is used twice: apply with `--server-side`"
            yield AMBIGUOUS_PORT_NUMBER.at(None, found)._replace(field=path)


def _lists(root: Map) -> Iterator[tuple[str, list[Map]]]:
    template = pod_template(root)
    if template is not None:
        for group in ("initContainers", "containers"):
            for container in root.map(*template, "spec").maps(group):
                path = ".".join((*template, "spec", f"{group}[{container.get('name')}]", "ports"))
                yield path, list(container.maps("ports"))
    elif root.get("kind") == "Service":
        yield "spec.ports", list(root.map("spec").maps("ports"))


def _twice(ports: list[Map]) -> object:
    """Return a number that two ports have, or None."""
    numbers = [plain(each.get("containerPort", each.get("port"))) for each in ports]
    return next((each for each in numbers if numbers.count(each) > 1), None)
