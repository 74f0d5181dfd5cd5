"""Write what a minor version of Kubernetes changes for DaemonSets and their companions, for a reviewer.

    python -m scripts.kubernetes_changes 1.36.3 1.37.2

The page has the fields, kinds and feature gates that differ, the functions behind dsgen's rules and behind defaults whose code
differs, and the checks of the Pod Security Standards that are new. Needs Go, which fetches the modules of both releases.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final

from conformance.kubernetes_module import folder, source
from dsgen.kubernetes.schema import fields
from dsgen.kubernetes.validation.walk import catalogue
from scripts.make_api_resources import created, number
from scripts.make_gate_table import asked, histories

FUNCTION: Final = r"^func (?:\([^)]*\) )?{name}[\[(].*?^}}"
DEFAULTS: Final = ("pkg/apis/apps/v1/defaults.go", "pkg/apis/core/v1/defaults.go", "pkg/apis/networking/v1/defaults.go",
    "pkg/apis/rbac/v1/defaults.go", "pkg/apis/scheduling/v1/defaults.go")  # fmt: skip
NONE: Final = "None."


def page(old: str, new: str) -> str:
    """Return the page about a release, `1.37.2`, compared with one of the minor before, `1.36.3`."""
    sections = {
        "Fields": _fields(old, new),
        "Kinds": _kinds(old, new),
        "Feature gates": _gates(old, new),
        "Rules of dsgen that begin or end here": _own_rules(new),
        "Rules whose code in Kubernetes differs": _rules(old, new),
        "Defaults whose code differs": _defaults(old, new),
        "Pod Security Standards": _levels(new),
    }
    parts = [f"# Kubernetes {new}, compared with {old}\n"]
    for title, lines in sections.items():
        parts.append(f"## {title}\n\n" + "\n".join(f"- {line}" for line in lines or [NONE]) + "\n")
    return "\n".join(parts)


def _fields(old: str, new: str) -> list[str]:
    before, now = (fields.load(f"1.{number(each)}").types for each in (old, new))
    lines = []
    for type in sorted({*before, *now}):
        was, has = before.get(type, {}), now.get(type, {})
        lines += [f"`{type}.{name}` ({has[name]}) is new" for name in has if name not in was]
        lines += [f"`{type}.{name}` is gone" for name in was if name not in has]
        lines += [
            f"`{type}.{name}` was {was[name]}, is {has[name]}" for name in has if was.get(name, has[name]) != has[name]
        ]
    return lines


def _kinds(old: str, new: str) -> list[str]:
    before, now = created(source(old)), created(source(new))
    lines = [f"`{kind}` of `{version}` is new" for version, kind in sorted(now - before)]
    return lines + [f"`{kind}` of `{version}` is gone" for version, kind in sorted(before - now)]


def _gates(old: str, new: str) -> list[str]:
    """Return the gates that pods depend on and that differ; how many others do, in the last line."""
    before, now, minor = histories(old), histories(new), number(new)
    of_pods = asked(old) | asked(new)
    lines, others = [], 0
    for name in sorted({*before, *now}):
        steps = [step for step in now.get(name, ()) if step[0] == minor]
        if not steps and name in now:
            continue
        if name not in of_pods:
            others += 1
        elif name not in now:
            lines.append(f"`{name}` is gone: its feature can no longer be turned off or on")
        else:
            _, stage, on = steps[-1]
            lines.append(
                f"`{name}` is {stage}, and {'on' if on else 'off'} by default" + ("" if name in before else " (new)")
            )
    return [*lines, f"{others} gates that pods do not depend on differ too"] if others else lines


def _own_rules(new: str) -> list[str]:
    minor, before = f"1.{number(new)}", f"1.{number(new) - 1}"
    return [f"`{rule.code}` begins: {rule.prose}" for rule in catalogue() if rule.since == minor] + [
        f"`{rule.code}` ends: {rule.prose}" for rule in catalogue() if rule.until == before
    ]


def _rules(old: str, new: str) -> list[str]:
    """Return each function that a rule names as its source and whose code differs, with the codes of its rules."""
    rules: dict[str, list[str]] = defaultdict(list)
    for rule in catalogue():
        rules[rule.source].append(rule.code)
    lines = []
    for place, codes in sorted(rules.items()):
        package, _, name = place.partition(": ")
        if "," in package or "/" not in package:
            continue  # the definition of a custom resource
        texts = [_functions(_folder(package, each), name) for each in (old, new)]
        if texts[0] != texts[1]:
            what = "is gone" if not texts[1] else "is new" if not texts[0] else "differs"
            lines.append(f"`{place}` {what}: {', '.join(f'`{code}`' for code in sorted(set(codes)))}")
    return lines


def _folder(package: str, release: str) -> Path:
    """Return the folder of a package that is named as in the sources of rules: below k8s.io/kubernetes, or in a module next to it."""
    if package.startswith("pkg/"):
        return source(release) / package
    module, _, below = package.removeprefix("k8s.io/").partition("/")
    return folder(f"k8s.io/{module}@v0.{release.removeprefix('1.')}") / below


def _functions(package: Path, names: str) -> list[str]:
    """Return the text of the functions of a package, in the order of their names, which commas may separate."""
    files = [
        file.read_text(encoding="utf-8") for file in sorted(package.glob("*.go")) if not file.stem.endswith("_test")
    ]
    return [found for name in re.findall(r"\w+", names) for found in function_texts("\n".join(files), name)]


def function_texts(text: str, name: str) -> list[str]:
    """Return each function or method `name` in Go source, without comments and without differences in white space."""
    found = re.findall(FUNCTION.format(name=re.escape(name)), text, re.MULTILINE | re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"//.*", "", each)) for each in found]


def _defaults(old: str, new: str) -> list[str]:
    lines = []
    for file in DEFAULTS:
        before, now = ((source(each) / file).read_text(encoding="utf-8") for each in (old, new))
        names = sorted(set(re.findall(r"^func (\w+)\(", before + now, re.MULTILINE)))
        lines += [f"`{file}: {name}`" for name in names if function_texts(before, name) != function_texts(now, name)]
    return lines


def _levels(new: str) -> list[str]:
    minor = number(new)
    checks = folder(f"k8s.io/pod-security-admission@v0.{new.removeprefix('1.')}") / "policy"
    pattern = rf"MajorMinorVersion\(1, {minor}\)"
    return [
        f"`{file.name}` has a check since 1.{minor}"
        for file in sorted(checks.glob("check_*.go"))
        if not file.stem.endswith("_test") and re.search(pattern, file.read_text(encoding="utf-8"))
    ]


def main() -> None:
    """Print the page."""
    old, new = sys.argv[1:3]
    print(page(old, new), end="")


if __name__ == "__main__":
    main()
