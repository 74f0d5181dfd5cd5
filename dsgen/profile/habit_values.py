"""Values that people guess where a profile wants another form: text instead of a map, a map instead of a list."""

from __future__ import annotations

import re
import shlex
from typing import Any, Final, Literal

from dsgen.profile.tables import fields_of
from dsgen.tree import List, Map, Text

_PAIRS: Final = ("labels", "annotations", "podLabels", "podAnnotations", "select", "data")
_PAIR: Final = re.compile(r"([\w./-]+)=([\w./:-]*)")
_SECONDS: Final = re.compile(r"(\d+)s(?:ec)?")
_VERBS: Final = re.compile(r"([a-z/][\w./-]*):? +((?:get|list|watch|create|update|patch|delete)(?:, ?[a-z]+)*)")
_URL: Final = re.compile(r"https?://(?::|localhost:|127\.0\.0\.1:)(\d+)(/.*)?")


def hint_for_form(steps: list[str], last_is_index: bool, value: object) -> str:
    """Return the form to write instead of the wrong `value` at a path of a layer, whose keys are `steps`, or an empty string."""
    last = steps[-1].removesuffix("+") if steps else ""
    above = steps[-2] if steps[1:] else ""
    if isinstance(value, Map):
        return _of_map(last, value)
    if isinstance(value, List):
        return _of_list(last, above, value)
    return _of_text(last, above.removesuffix("+"), last_is_index, value) if isinstance(value, Text) else ""


def _flow(value: Any, place: Literal["block", "map"] = "block") -> str:
    from dsgen.yaml_writer import flow

    return flow(value, place)


def _of_map(last: str, value: Map) -> str:
    texts = all(isinstance(each, Text) for each in value.values())
    if last in ("httpHeaders", "sysctls") and texts:
        return f"write `{_flow(List(Map([('name', name), ('value', each)]) for name, each in value.items()))}`"
    if last in ("clusterRules", "namespaceRules"):
        return _rules(value)
    if last == "files" and texts:
        return f"write `{_flow(List(value.values()))}`; the name of a file becomes its key"
    if last == "envFrom":
        return f"write `{_env_from(List([value]))}`" if _env_from(List([value])) else ""
    if last == "ports" and value and all(re.fullmatch(r"[a-z0-9-]+", name) for name in value):
        return f"write `[{', '.join(value)}]`, the names of the containers' ports"
    if last == "image" and isinstance(value.get("repository"), Text):
        tag = value.get("tag")
        registry = f"{value['registry']}/" if isinstance(value.get("registry"), Text) else ""
        return f"write `{registry}{value['repository']}{f':{tag}' if isinstance(tag, Text) else ''}`"
    return ""


def _rules(value: Map) -> str:
    """Return the rules to write instead of a map of resources and their verbs."""
    rules = []
    for resource, stated in value.items():
        verbs = stated.split(",") if isinstance(stated, Text) else stated if isinstance(stated, List) else []
        rules.append(f'"{",".join(str(verb).strip() for verb in verbs)} {resource}"' if verbs else "")
    return f"write `[{', '.join(rules)}]`" if rules and all(rules) else ""


def _of_list(last: str, above: str, value: List) -> str:
    pairs = [_PAIR.fullmatch(each) for each in value if isinstance(each, Text)]
    if above == "env" and value and all(isinstance(each, Text) for each in value):
        return f"write one text, such as `{_flow(Text.at(','.join(map(str, value)), None), 'map')}`"
    if last in _PAIRS and pairs and len(pairs) == len(value) and all(pairs):
        return f"write `{_flow(Map((each[1], Text.at(each[2], None)) for each in pairs if each))}`"
    return ""


def _env_from(value: List) -> str:
    """Return the entries of `envFrom` for names of config maps, or an empty string."""
    entries = []
    for each in value:
        kind = next(iter(each), "") if isinstance(each, Map) and len(each) == 1 else ""
        name = as_name(each[kind]) if isinstance(each, Map) and kind else as_name(each)
        if not name or (kind and kind not in ("configMap", "secret", "configMapRef", "secretRef")):
            return ""
        entries.append(f"{{{kind.removesuffix('Ref') or 'configMap'}Ref: {name}}}")
    return f"[{', '.join(entries)}]"


def as_name(value: object) -> str:
    """Return a text that can be the name of an object, or an empty string."""
    return str(value) if isinstance(value, Text) and re.fullmatch(r"[a-z0-9][a-z0-9.-]*", value) else ""


def is_source_text(value: object) -> bool:
    """Return whether a value is the source of a volume as text, such as `hostPath:/proc`."""
    found = re.fullmatch(r"(\w+):[\w./-]+", value) if isinstance(value, Text) else None
    return found is not None and found[1] in fields_of("Volume")


def _of_text(last: str, above: str, is_entry: bool, value: Text) -> str:
    if last in ("command", "args") and not is_entry:
        return _command(value, last)
    if last in ("limits", "requests") and re.fullmatch(r"[\d.]+[a-zA-Z]*", value):
        return f"write `{{{'memory' if re.search('[KMG]', value) else 'cpu'}: {value}}}`"
    if above == "volumes" and value in ("emptyDir", "tmpfs", "empty"):
        return "write `{emptyDir: {}}`"
    if last == "emptyDir":
        return "write `{}`"
    if last == "volumes" and is_entry and as_name(value):
        return f"write a map instead of the list: `{{{value}: {{emptyDir: {{}}}}}}`, or another kind of volume"
    if "mounts" in (last, above) and is_source_text(value):
        source, _, rest = value.partition(":")
        return f"write `{{{source}: {rest}}}`"
    if last in ("seccompProfile", "appArmorProfile"):
        names = {each.lower(): each for each in ("RuntimeDefault", "Unconfined")}
        kind = names.get(value.replace("/", "").lower())
        return f"write `{{type: {kind}}}`" if kind else f"write `{{type: Localhost, localhostProfile: {value}}}`"
    if last == "capabilities" and re.fullmatch("[A-Z_]+", value):
        return f"write `{{add: [{value}]}}`"
    if last.endswith("Seconds") and (seconds := _SECONDS.fullmatch(value)):
        return f"write `{seconds[1]}`"
    if last == "nodes" and value == "rest":
        return "write `{rest: true}`"
    if last == "tolerate" and not is_entry and value.lower() in ("*", "exists", "any", "everything"):
        return "write `[all]`"
    if last == "require" and (hint := _requirement(value)):
        return f"write `{hint}`" if is_entry else f"write `[{hint}]`"
    if last in ("clusterRules", "namespaceRules") and (rule := _VERBS.fullmatch(value)):
        return f'write `"{rule[2].replace(" ", "")} {rule[1]}"`'
    if last == "envFrom" and as_name(value):
        return f"write `{{configMapRef: {value}}}`" if is_entry else f"write `[{{configMapRef: {value}}}]`"
    if last == "files" and not is_entry and value.endswith("/"):
        return f"write `[{value}*]`"
    if last.endswith("Probe") and (url := _URL.fullmatch(value)):
        return f"write `{{httpGet: {url[1]}{url[2] or '/'}}}`"
    return ""


def _command(value: str, key: str) -> str:
    """Return the list to write instead of the text of a command."""
    if "\n" in value.strip():
        return "write `[sh, -c, …]`, with this text as the last entry" if key == "command" else ""
    if re.search(r"[|&;<>`$*]", value) and key == "command":
        return f"write `{_flow(List(['sh', '-c', str(value)]))}`"
    try:
        words = shlex.split(value)
    except ValueError:
        return ""
    return f"write `{_flow(List(words))}`" if words else ""


def _requirement(value: str) -> str:
    """Return a requirement in the syntax of label selectors, in quotes if needed, or an empty string."""
    listed = re.fullmatch(r"([\w./-]+) +(in|not ?in) *\[([^\[\]]*)\]", value, re.IGNORECASE)
    if listed:
        return f'"{listed[1]} {listed[2].lower().replace(" ", "")} ({listed[3]})"'
    there = re.fullmatch(r"([\w./-]+) +(exists|doesnotexist|does not exist)", value, re.IGNORECASE)
    if there:
        return there[1] if there[2].lower() == "exists" else f'"!{there[1]}"'
    return ""
