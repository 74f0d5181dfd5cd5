"""What people write from habit with Docker, Helm or Kubernetes, and how a profile says it: better hints for some findings."""

from __future__ import annotations

import re
from typing import Any, Final

from dsgen.profile.habit_values import hint_for_form, is_source_text
from dsgen.profile.typed import NAMED
from dsgen.traversal import value_at
from dsgen.tree import List, Map, Path, Text, Value

_WORDS: Final = re.compile(r"[\w./=:@+-]+")
# Docker's `/from:/to`, with a volume's name instead of the first path, and with a mode.
_BIND: Final = re.compile(r"([^:\s]+):(/[^:\s]*?)(:ro|:rw)?")


# What the keys of `images` in an environment are called elsewhere, or where they are not allowed.
IMAGES: Final = {
    **dict.fromkeys(("registry", "registries", "imageRegistry", "mirror", "mirrors"), "mirrors"),
    **dict.fromkeys(("digest", "digests", "pins"), "digests"),
}

# A quoted key, which some formatters write.
_MERGE: Final = "write `<<` without quotes, which merges the map into the one that it is in"
_HANDLERS: Final = ("postStart", "preStop")
_PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")

# What `files` of a config map is called elsewhere.
FILES: Final = frozenset(("file", "fromFile", "fromFiles", "from-file"))
# What Kustomize sets with `images`.
_OTHER_IMAGE: Final = "write `images: {mirrors: {REGISTRY: MIRROR}}` to change where images come from; to use another image, set `image` of the container under `overrides`"


def hint_for_key(path: Path, value: object) -> str:
    """Return what to write instead of the misplaced key at `path` with this value, or an empty string."""
    above, key = path[:-1], str(path[-1]).removesuffix("+") if path else ""
    if above in ((), ("images",)) and key in IMAGES:
        is_one = IMAGES[key] == "mirrors" and isinstance(value, Text)
        entry = f"{IMAGES[key]}: {'{docker.io: …}' if is_one else '…'}"
        entry = entry if above else f"images: {{{entry}}}"
        return f"write `{entry}`{', for each registry that is replaced' if is_one else ''}"
    if above == ("images",) and re.search("[./:]", key):
        return _OTHER_IMAGE
    if path[-2:] == ("nodes", "labels"):
        return "write `select: …`"
    if path[-3:-2] == ("variants",) and key == "rest":
        return "write `nodes: {rest: true}`"
    if path[-2:] == ("serviceAccount", key) and key in ("rules", "permissions"):
        return "write `clusterRules: …` for the whole cluster, or `namespaceRules: …` for its namespace"
    if path[-2:-1] == ("resources",) and key in ("cpu", "memory"):
        return f"write `limits: {{{key}: …}}`, or the same under `requests`"
    if key in ("cpu", "memory") and _is_of_container(path):
        return f"write `resources: {{requests: {{{key}: …}}}}`, or the same under `limits`"
    if key in ("tag", "imageTag") and _is_of_container(path):
        return "write the tag in `image`: `image: IMAGE:TAG`"
    if path[-3:-2] == ("configMaps",) and key in FILES:
        return f"write `files: {f'[{value}]' if isinstance(value, Text) else '…'}`"
    if path[-3:-2] == ("configMaps",) and isinstance(value, Text):
        return f"write `data: {{{key}: …}}`"
    # Docker Compose has mounts there.
    if key == "volumes" and _is_of_container(path) and isinstance(value, List):
        binds = [_mount(each, is_whole=False)[0] for each in value]
        return f"write `mounts: {{{', '.join(binds)}}}`" if binds and all(binds) else ""
    if key in _HANDLERS and _is_of_container(path):
        return f"write `lifecycle: {{{key}: {_handler(value) or '…'}}}`"
    if path[-2:-1] and path[-2] in (*_HANDLERS, *_PROBES) and key in ("command", "cmd", "shell", "script"):
        command = _command(value)
        return f"write `exec: {command or '…'}`"
    if path[-2:-1] == ("sleep",) and key == "duration":
        return "write `seconds: NUMBER`"
    if path[-3:-2] in (("require",), ("require+",)) and isinstance(value, (Text, List)):
        required = _requirement(key, value)
        if required and isinstance(value, Text):
            return f"move it to `nodes: {{select: {{{key}: {value or repr('')}}}}}`"
        return f"write the entry as `{required}`" if required else ""
    if key == "<<":
        return _MERGE
    # Elsewhere, `securityContext` is that of the pod.
    if key == "capabilities" and _is_of_container(path):
        added = hint_for_value(path, value).removeprefix("write `").removesuffix("`")
        return f"write `securityContext: {{capabilities: {added}}}`" if added else ""
    return ""


def hint_for_value(path: Path, value: object) -> str:
    """Return what to write instead of the wrong `value` at `path` of a layer, or an empty string.

    A path in an environment or a variant ends in the same keys.
    """
    steps = [step for step in path if isinstance(step, str)]
    last = steps[-1] if steps else ""
    above = steps[-2] if len(steps) > 1 else ""
    if path == ("images",) and isinstance(value, List):
        return _OTHER_IMAGE
    if path == ("profiles",) and isinstance(value, Map):
        return "move it to `overrides`; `profiles` is a list of names"
    if is_source_text(value) and "mounts" in (last, above):
        return hint_for_form(steps, isinstance(path[-1], int), value)
    if "mounts" in (last, above) or "volumeMounts" in (last, above):
        hint, meant = _mount(value, is_whole=last in ("mounts", "volumeMounts"))
        # Of an entry of a list, the whole list is wrong.
        return hint and f"write {'a map instead of the list: ' if isinstance(path[-1], int) else ''}`{hint}`{meant}"
    if last == "capabilities" and isinstance(value, List) and all(isinstance(each, Text) for each in value):
        return f"write `{{add: [{', '.join(map(str, value))}]}}`"
    if last in _HANDLERS and (handler := _handler(value)):
        return f"write `{handler}`"
    if last in _PROBES and isinstance(value, List) and (handler := _handler(value)):
        return f"write `{handler}`"
    if last == "exec" and isinstance(value, Text) and (command := _command(value)):
        return f"write `{command}`"
    if last == "sleep" and isinstance(value, Text) and value.isdecimal():
        return f"write `{{seconds: {value}}}`"
    if steps[-2:] in (["nodes", "require"], ["nodes", "require+"]) and isinstance(value, Map):
        return _requirements(value)
    if steps[-2:] in (["nodes", "prefer"], ["nodes", "prefer+"]) and isinstance(value, Map):
        terms = [_requirement(label, stated) for label, stated in value.items()]
        return f"write `[{{weight: 1, require: [{', '.join(terms)}]}}]`" if terms and all(terms) else ""
    if steps[-2:] in (["nodes", "tolerate"], ["nodes", "tolerate+"]) and isinstance(value, Map):
        return _tolerations(value)
    if hint := hint_for_form(steps, isinstance(path[-1], int) if path else False, value):
        return hint
    if last in ("clusterRules", "namespaceRules") and isinstance(value, Map):
        return 'write a list, such as `["get,list nodes,pods"]`'
    if not isinstance(value, Text) or not _WORDS.fullmatch(value):
        return ""
    if above == "volumes" and value.startswith("/"):
        return f"write `{{hostPath: {value}}}`"
    if last == "priority" and re.search("[a-z]", value):
        return f"write `priorityClassName: {value}`"
    if last == "env" and isinstance(path[-1], int) and (variable := re.fullmatch(r"([A-Za-z_]\w*)=(.*)", value)):
        return f"write a map instead of the list: `{{{variable[1]}: {variable[2] or repr('')}}}`"
    if last == "ports" and isinstance(path[-1], int) and (ports := re.fullmatch(r"(\d+):(\d+)", value)):
        return f"write a map instead of the list: `{{NAME: {{containerPort: {ports[2]}, hostPort: {ports[1]}}}}}`"
    # Those of a Service or a NetworkPolicy are lists.
    if last == "ports" and _is_of_container(path) and value.isdecimal():
        return f"write `{{NAME: {value}}}`, with a name for the port"
    if last in _PROBES:
        if value.startswith("/"):
            return f"write `{{path: {value}, port: PORT}}`, with the number or the name of the port"
        if re.fullmatch(r"[a-z0-9-]+(/.*)?", value):
            return f"write `{{httpGet: {value}}}`" if "/" in value else f"write `{{tcpSocket: {value}}}`"
    return ""


def _handler(value: object) -> str:
    """Return the form of a handler for a command, or an empty string."""
    command = _command(value)
    return f"{{exec: {command}}}" if command else ""


def _command(value: object) -> str:
    """Return a command, a list or the text for a shell, as a list; an empty string for anything else."""
    if isinstance(value, List) and value and all(isinstance(each, Text) for each in value):
        words: list[Any] = [*value]
    elif isinstance(value, Text) and value.strip() and "\n" not in value:
        is_word = _WORDS.fullmatch(value)
        words = [value] if is_word else ["sh", "-c", str(value)]
    else:
        return ""
    from dsgen.yaml_writer import flow

    return flow(List(words))


def _requirement(label: str, value: object) -> str:
    """Return the requirement that a label has a value, or one of several, in quotes; an empty string if there is none."""
    if isinstance(value, Text) and re.fullmatch(r"[\w.-]*", value):
        return f'"{label}={value}"'
    if (
        isinstance(value, List)
        and value
        and all(isinstance(each, Text) and re.fullmatch(r"[\w.-]+", each) for each in value)
    ):
        return f'"{label} in ({", ".join(map(str, value))})"'
    return ""


def _requirements(value: Map) -> str:
    """Return what to write instead of a map of required labels: `select` takes those with one value."""
    from dsgen.yaml_writer import flow

    terms = {label: _requirement(label, stated) for label, stated in value.items()}
    if not terms or not all(terms.values()):
        return ""
    alone = flow(Map((label, stated) for label, stated in value.items() if isinstance(stated, Text)))
    several = ", ".join(terms[label] for label, stated in value.items() if isinstance(stated, List))
    if not several:
        return f"write `select: {alone}`"
    return f"write `[{several}]`" + ("" if alone == "{}" else f", and the others in `select: {alone}`")


def _tolerations(value: Map) -> str:
    """Return the list to write instead of a map of tolerations: Kubernetes' form of one, or taints with their values."""
    from dsgen.yaml_writer import flow, quoted

    if value.keys() <= {"key", "operator", "value", "effect", "tolerationSeconds"}:
        return f"write `[{flow(value)}]`"
    if not all(isinstance(each, Text) and re.fullmatch(r"[\w.-]*(:\w+)?", each) for each in value.values()):
        return ""
    return f"write `[{', '.join(quoted(f'{key}={each}') for key, each in value.items())}]`"


def _is_of_container(path: Path) -> bool:
    """Return whether `path` is of a key of a container."""
    return path[-3:-2] in (("containers",), ("initContainers",))


def is_key_of_named(layer: Value, path: Path) -> bool:
    """Return whether `path` is of a key in an entry of a map by name, such as `env`: its name is the key of the entry."""
    return len(path) > 2 and path[-3] in {field for _, field in NAMED} and isinstance(value_at(layer, path[:-2]), Map)


def _mount(value: object, is_whole: bool) -> tuple[str, str]:
    """Return a mount that is written in Docker's form, or as a path in a list, as a map, and what else it may be."""
    bind = _BIND.fullmatch(value) if isinstance(value, Text) else None
    if bind:
        source, target, mode = bind.groups()
        if source.startswith("/"):
            source = f"{{hostPath: {source}{', readOnly: true' if mode == ':ro' else ''}}}"
        else:
            source += ":ro" if mode == ":ro" else ""
        return (f"{{{target}: {source}}}" if is_whole else f"{target}: {source}"), ""
    if is_whole and isinstance(value, Text) and re.fullmatch(r"/[\w./-]*", value):
        return f"{{{value}: {{hostPath: {value}}}}}", ", or the name of a volume"
    return "", ""
