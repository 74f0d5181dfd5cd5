"""The named ports of containers, and the probes, hooks and variables that refer to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from dsgen.kubernetes.schema.paths import HOOKS, PROBES
from dsgen.problem import Reporter, Suggestions, code, comma_list
from dsgen.tree import List, Map, Text, Value, is_integer, origin_of

UNKNOWN_PORT = code(
    "unknown-port",
    """A probe or a hook refers to a port that its container does not have, or a service, a monitor, the ingress of a network policy or a
    variable to one that no container has. Nothing would ever answer.""",
)
_CONTAINERS: Final = ("initContainers", "containers")


def container_ports(pod: Map) -> dict[str, Map]:
    """Return the named ports of all containers of a pod's spec."""
    return {
        name: port for group in _CONTAINERS for container in pod.maps(group) for name, port in _named(container).items()
    }


def check_handlers(pod: Map, report: Reporter) -> None:
    """Report each probe or hook that refers to a port which its own container does not have."""
    suggestions = Suggestions()
    for group in _CONTAINERS:
        for container in pod.maps(group):
            for handler in _handlers(container):
                for action in (each for each in ("httpGet", "tcpSocket") if each in handler):
                    port = handler.map(action).get("port")
                    # A text that is not a valid port name is left to the API server's rules.
                    if not isinstance(port, str) or not re.fullmatch(r"[a-z0-9-]*[a-z][a-z0-9-]*", port):
                        continue
                    known = _named(container)
                    if port not in known:
                        found = f"container `{container.get('name')}` has no port `{port}`"
                        report(UNKNOWN_PORT.at(origin_of(port), found, hint=port_hint(port, known, suggestions)))


def set_port_variables(pod: Map, report: Reporter) -> None:
    """Replace each source `portRef` of a variable by the number of that port: of its own container, or else of another one."""
    suggestions = Suggestions()

    def with_number(variable: Value) -> Value:
        name = variable.map("valueFrom").get("portRef") if type(variable) is Map else None
        if type(variable) is not Map or not isinstance(name, str):
            return variable
        number = known[name].get("containerPort") if name in known else None
        if name not in known:
            hint = port_hint(name, known, suggestions)
            report(UNKNOWN_PORT.at(origin_of(name), f"no container has a port `{name}`", hint=hint))
        value = Text.at(str(int(number)) if is_integer(number) else "", origin_of(number) or origin_of(name))
        return variable.with_items(("value", value) if key == "valueFrom" else (key, variable[key]) for key in variable)

    for group in _CONTAINERS:
        for container in pod.maps(group):
            variables = container.entries("env")
            if any("portRef" in each.map("valueFrom") for each in variables if type(each) is Map):
                known = {**container_ports(pod), **_named(container)}
                container["env"] = List(map(with_number, variables), variables.place)


def port_hint(name: str, known: Mapping[str, Map], suggestions: Suggestions) -> str:
    """Return a hint for an unknown port; a number means the port that has it, or one that has no name."""
    if name.isdecimal():
        of_number = next((each for each, port in known.items() if str(port.get("containerPort")) == name), None)
        with_name = (
            f"give the port a name in the container's `ports`, such as `{{metrics: {name}}}`, and write that name"
        )
        return f"write `{of_number}`, the name of this port" if of_number else with_name
    there = f"known ports: {comma_list(known)}" if known else f"add it to the container's `ports`: `{name}: NUMBER`"
    return suggestions.did_you_mean(name, known) or there


def _handlers(container: Map) -> Iterator[Map]:
    for holder, names in ((container, PROBES), (container.map("lifecycle"), HOOKS)):
        yield from (holder.map(name) for name in names if name in holder)


def _named(container: Map) -> dict[str, Map]:
    return {str(port["name"]): port for port in container.maps("ports") if "name" in port}
