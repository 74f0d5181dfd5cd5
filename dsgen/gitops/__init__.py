"""Support for tools that apply the output: the keys `flux`, `argocd` and `projectName` of dsgen.yaml, and how they change objects."""

from __future__ import annotations

from typing import Final

from dsgen.problem import Problem, did_you_mean
from dsgen.profile.shape_problems import UNKNOWN_KEY, wrong_setting
from dsgen.record import Record
from dsgen.tree import Map, Text, Value, origin_of

# The keys: the description and an example of each.
KEYS: Final = {
    "flux": (
        "That Flux applies the output, and what to do with text that it would substitute, such as `${HOST}`: `warn` (the default), `escape`, `disable` (by annotation), `error`, or `keep`.",
        "flux: {substitution: escape}",
    ),
    "argocd": ("Whether objects are annotated with Argo CD's sync waves.", "argocd: {syncWaves: true}"),
    "projectName": (
        "The name of the project. Every object then has the label `dsgen.dev/project: NAME`, or `NAME.ENVIRONMENT`, by which `dsgen diff kubectl` "
        "and `kubectl apply --prune` tell the objects of this project from those of others in the cluster.",
        "projectName: node-agents",
    ),
}
POLICIES: Final = ("warn", "escape", "disable", "error", "keep")


class GitOps(Record):
    """What tools need: how to handle Flux's substitution, whether to add Argo CD's sync waves, and the name of the project, if objects are
    labelled with it, for one `environment`.

    A project that does not say that it uses Flux has no policy, and keeps its text.
    """

    substitution: str = ""
    sync_waves: bool = False
    project: Text | None = None
    environment: str = ""

    def annotated(self, tree: Map) -> Map:
        """Return an object with the label of the project, and its sync wave for Argo CD."""
        if self.project is not None:
            from dsgen.gitops import ownership

            tree = ownership.labelled(tree, self.project, self.environment)
        if not self.sync_waves:
            return tree
        from dsgen.gitops import argocd

        return argocd.in_wave(tree)

    def substituted(self, tree: Map, problems: list[Problem]) -> Map:
        """Return an object with variables, and perhaps with Flux's annotation; problems are added to `problems`."""
        if self.substitution in ("", "escape"):
            return tree
        from dsgen.gitops import flux

        return flux.substituted(tree, self.substitution, problems)

    def escaped(self, tree: Map) -> Map:
        """Return an object with variables as it is written for Flux: the same, unless `$` must be escaped in it."""
        if self.substitution != "escape":
            return tree
        from dsgen.gitops import flux

        result: Map = tree if flux.is_disabled(tree) else flux.escaped(tree)
        return result


def read(root: Map, problems: list[Problem]) -> GitOps:
    """Return the values of the keys `flux`, `argocd` and `projectName` of a dsgen.yaml."""
    substitution = _inner(root, "flux", "substitution", problems)
    waves = _inner(root, "argocd", "syncWaves", problems)
    found = GitOps("warn" if "flux" in root else "")
    if substitution is not None:
        if isinstance(substitution, Text) and substitution in POLICIES:
            found = found._replace(substitution=str(substitution))
        else:
            problems.append(wrong_setting(substitution, f"one of {', '.join(POLICIES)}", "flux.substitution", KEYS))
    if waves is not None:
        if isinstance(waves, Text) and waves.plain and waves in ("true", "false"):
            found = found._replace(sync_waves=waves == "true")
        else:
            problems.append(wrong_setting(waves, "`true` or `false`", "argocd.syncWaves", KEYS))
    if "projectName" in root:
        from dsgen.kubernetes.schema import formats

        name = root["projectName"]
        if isinstance(name, Text) and name and not formats.label_value(name):
            found = found._replace(project=name)
        else:
            problems.append(wrong_setting(name, "the value of a label", "projectName", KEYS))
    return found


def _inner(root: Map, key: str, inner: str, problems: list[Problem]) -> Value | None:
    stated = root.map(key)
    if key in root and root.child(key) is None:
        problems.append(wrong_setting(root[key], "a map", key, KEYS))
        return None
    for other in stated:
        if other != inner:
            found, path = f"unknown key `{other}` under `{key}`", f"{key}.{other}"
            hint = did_you_mean(other, [inner]) or f"the only key is `{inner}`"
            problems.append(UNKNOWN_KEY.at(origin_of(other), found, hint=hint, path=path))
    return stated.get(inner)
