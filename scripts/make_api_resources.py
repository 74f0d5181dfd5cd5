"""Write dsgen/kubernetes/schema/api_resources.json: every kind of Kubernetes' own API groups, and when its API server serves it.

    python -m scripts.make_api_resources          (needs Go, to fetch Kubernetes' modules)

Three sources, all of Kubernetes' own making:

- the discovery documents of each minor (`api/discovery`), which say what `kubectl api-resources` says where every API is turned on;
- its OpenAPI document, for kinds that are part of a request and no resource, such as `Eviction`;
- k8s.io/api and its neighbours, one release a minor: what is registered there, and the lifecycle of beta kinds, for what was
  removed before the first of the minors.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Final

from conformance.kubernetes_module import PREVIEW, VERSIONS
from conformance.kubernetes_module import folder as module
from dsgen.kubernetes.schema.fields import MINORS

RELEASES: Final = ("1.31.14", "1.32.13", *VERSIONS.values(), *filter(None, [PREVIEW]))
# The kinds of older minors, without a gap. Nobody uses kinds that were removed before 1.17.
OLDER: Final = (
    "0.17.17", "0.18.8", "0.19.16", "0.20.15", "0.21.14", "0.22.17", "0.23.17", "0.24.17", "0.25.16", "0.26.15", "0.27.16", "0.28.15",
    "0.29.14", "0.30.14", "0.31.14",
)  # fmt: skip
# Those of the preview may be arranged in another way.
NEWEST: Final = tuple(
    f"k8s.io/{name}@v0.{tuple(VERSIONS.values())[-1].removeprefix('1.')}"
    for name in ("api", "apiextensions-apiserver", "kube-aggregator")
)
# Kinds of removed versions that were never resources of their own.
NEVER: Final = frozenset(
    ("AdmissionReview", "ConversionReview", "DeploymentRollback", "EphemeralContainers", "Eviction", "JobTemplate",
     "ReplicationControllerDummy", "Scale")
)  # fmt: skip
# Every group has these.
EVERYWHERE: Final = frozenset(("DeleteOptions", "WatchEvent"))
# The beta version that `dsgen.kubernetes.schema.api_resources` takes to be served by default.
SERVED_BETA: Final = {("flowcontrolv1beta3", "flowschemas"), ("flowcontrolv1beta3", "prioritylevelconfigurations")}
TARGET: Final = Path(__file__).parent.parent / "dsgen" / "kubernetes" / "schema" / "api_resources.json"
FIRST: Final = int(MINORS[0].split(".")[1])
LAST: Final = int(MINORS[-1].split(".")[1])

Resource = tuple[str, str]  # apiVersion, kind


def number(release: str) -> int:
    """Return 36 for `1.36.3`."""
    return int(release.split(".")[1])


def api_version(group: str, version: str) -> str:
    """Return the text of `apiVersion`."""
    return f"{group}/{version}" if group else version


def created(kubernetes: Path) -> set[Resource]:
    """Return the kinds of which the API server creates objects."""
    documents = kubernetes / "api" / "discovery"
    core = json.loads((documents / "api__v1.json").read_text())
    found = {
        ("v1", each["kind"]) for each in core["resources"] if "/" not in each["name"] and "create" in each["verbs"]
    }
    for group in json.loads((documents / "aggregated_v2.json").read_text())["items"]:
        for version in group["versions"]:
            name = api_version(group["metadata"]["name"], version["version"])
            found |= {
                (name, each["responseKind"]["kind"]) for each in version["resources"] if "create" in each["verbs"]
            }
    return found


def described(kubernetes: Path) -> set[Resource]:
    """Return every kind that the OpenAPI document names."""
    definitions = json.loads((kubernetes / "api" / "openapi-spec" / "swagger.json").read_text())["definitions"]
    return {
        (api_version(each["group"], each["version"]), each["kind"])
        for definition in definitions.values()
        for each in definition.get("x-kubernetes-group-version-kind", ())
    }


def registered(module: Path) -> dict[str, list[str]]:
    """Return the kinds that the packages of a module register, by the folder of the package."""
    found = {}
    for file in sorted(module.rglob("v[0-9]*/register.go")):
        text = re.sub("//.*", "", file.read_text())
        calls = re.findall(r"AddKnownTypes\(SchemeGroupVersion,(.*?)\)\n", text, re.DOTALL)
        kinds = [kind for call in calls for kind in re.findall(r"&(\w+)\{\}", call)]
        # A package may say of a type, which it has under another name, what it is called.
        found[str(file.parent.relative_to(module))] = kinds
    return found


def group_of(package: Path) -> str:
    """Return the API group of a package."""
    match = re.search(r'GroupName = "(.*)"', (package / "register.go").read_text())
    if match is None:  # The internal package next to it has the value.
        match = re.search(r'GroupName = "(.*)"', (package.parent / "register.go").read_text())
    assert match, package
    return match[1]


def lifecycles(module: Path) -> dict[tuple[str, str], int]:
    """Return the minor that removes a kind, by the folder of its package and its name."""
    found = {}
    for file in module.rglob("zz_generated.prerelease-lifecycle.go"):
        for kind, minor in re.findall(
            r"func \(in \*(\w+)\) APILifecycleRemoved\(\) \(major, minor int\) \{\s*return 1, (\d+)", file.read_text()
        ):
            found[str(file.parent.relative_to(module)), kind] = int(minor)
    return found


def removed() -> tuple[dict[Resource, int], set[Resource]]:
    """Return the minor that removed each kind, where the modules can tell, and every kind that the newest ones register.

    A kind with a lifecycle is no longer served when that ends, whether or not it is still registered.
    """
    planned: dict[Resource, int] = {}
    last: dict[Resource, int] = {}
    newest: set[Resource] = set()
    older = [(number(f"1.{version.split('.')[1]}"), module(f"k8s.io/api@v{version}")) for version in OLDER]
    for minor, folder in [*older, *((LAST, module(name)) for name in NEWEST)]:
        packages = registered(folder)
        names = {package: api_version(group_of(folder / package), Path(package).name) for package in packages}
        own = {(names[package], kind) for package, kinds in packages.items() for kind in kinds}
        last |= dict.fromkeys(own, minor)
        newest |= own if minor == LAST else set()
        planned |= {(names[package], kind): when for (package, kind), when in lifecycles(folder).items()}
    gone = {resource: minor + 1 for resource, minor in last.items() if minor < LAST}
    return {each: min(gone.get(each, LAST), planned.get(each, LAST)) for each in {*gone, *planned}}, newest


def served_beta(kubernetes: Path) -> set[tuple[str, str]]:
    """Return the beta resources that are served by default, by the alias of their package in the API server's code."""
    text = (kubernetes / "pkg" / "controlplane" / "instance.go").read_text()
    block = re.search(
        r"legacyBetaEnabledByDefaultResources = \[\]schema.GroupVersionResource\{(.*?)\n\t\}", text, re.DOTALL
    )
    return set(re.findall(r'(\w+)\.SchemeGroupVersion\.WithResource\("(\w+)"\)', block[1])) if block else set()


def compact(kinds: dict[Resource, str]) -> dict[str, str]:
    """Return for each apiVersion a text of its kinds, each with when it is served."""
    texts: dict[str, list[str]] = defaultdict(list)
    for (version, kind), when in sorted(kinds.items()):
        texts[version].append(kind + when)
    return {version: " ".join(words) for version, words in texts.items()}


def main() -> None:
    """Write the table."""
    folders = {number(release): module(f"k8s.io/kubernetes@v{release}") for release in RELEASES}
    assert sorted(folders) == [number(minor) for minor in MINORS]
    served: dict[Resource, list[int]] = defaultdict(list)
    parts: set[Resource] = set()
    for minor, folder in folders.items():
        assert served_beta(folder) <= SERVED_BETA, f"1.{minor} serves other beta resources by default"
        found = created(folder)
        for resource in found:
            served[resource].append(minor)
        parts |= described(folder)
    ended, newest = removed()
    kinds: dict[Resource, str] = {}
    for resource, minors in served.items():
        assert minors == list(range(minors[0], minors[-1] + 1)), f"{resource} was served with a gap"
        since = str(minors[0]) if minors[0] > FIRST else ""
        until = str(minors[-1] + 1) if minors[-1] < LAST else ""
        kinds[resource] = f":{since}-{until}" if since or until else ""
    for resource, minor in ended.items():
        if resource not in kinds and minor <= FIRST and is_plain(resource) and resource[1] not in NEVER:
            kinds[resource] = f":-{minor}"
    # What is registered for versions that are no longer served, is there to read what was stored.
    versions = {version for version, _ in served} | {"admission.k8s.io/v1", "imagepolicy.k8s.io/v1alpha1"}
    others = {each for each in parts | newest if each not in kinds and is_plain(each) and each[0] in versions}
    data = {"kinds": compact(kinds), "parts": compact(dict.fromkeys(others, ""))}
    data["parts"]["*"] = " ".join(sorted(EVERYWHERE))
    TARGET.write_text(json.dumps(data, indent=0) + "\n")
    print(f"{TARGET.name}: {len(kinds)} kinds, {TARGET.stat().st_size} bytes")


def is_plain(resource: Resource) -> bool:
    """Return whether a kind is neither a list nor one that every group has."""
    return not resource[1].endswith("List") and resource[1] not in EVERYWHERE


if __name__ == "__main__":
    main()
