"""Compares verdicts on manifests of real projects, object by object, and prints what is refused, what is not validated, and what differs.

python -m conformance.bundles FOLDER...         each folder or file is a bundle, with the CustomResourceDefinitions in it

The manifests are brought by whoever runs it: output of `helm template`, of `kustomize build`, or files of a project.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, Final, NamedTuple

from conformance import decode, kubernetes_module
from conformance.kubernetes_module import NEWEST
from conformance.oracle import Answer, Question, ask
from dsgen.kubernetes.lint import NOTHING_SAID
from dsgen.kubernetes.lint.validate_and_lint import validate_and_lint, with_objects
from dsgen.kubernetes.manifest import read_first
from dsgen.kubernetes.schema.decode import identify
from dsgen.kubernetes.stream import unfold_list
from dsgen.plain import plain
from dsgen.problem import Problem
from dsgen.tree import Map

SEPARATOR: Final = re.compile(r"^---(?:[ \t].*)?$", re.MULTILINE)
SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
# The `apiVersion` of what only Kustomize reads.
PLUGIN: Final = "builtin"


class Object(NamedTuple):
    """An object of a bundle, as text and as a tree, with the problems of its text."""

    file: Path
    text: str
    root: Any
    problems: list[Problem]

    @property
    def name(self) -> str:
        """The object's kind and name."""
        return " ".join(str(part) for part in (self.root.get("kind"), self.root.map("metadata").get("name")))


class Compared(NamedTuple):
    """An object, what the server says of it, what dsgen does, and how many seconds dsgen needed."""

    object: Object
    server: Answer
    ours: list[Problem]
    seconds: float

    @property
    def errors(self) -> list[Problem]:
        """What dsgen refuses the object for."""
        return [each for each in self.ours if each.severity == "error"]

    @property
    def refused(self) -> bool:
        """Whether the server refuses the object."""
        return self.server.stage not in ("", "unsupported")

    @property
    def differs(self) -> bool:
        """Whether one refuses the object and the other does not, and does not say that it has not validated all of it either."""
        return bool(self.errors) != self.refused and not (self.refused and self.unvalidated)

    @property
    def unvalidated(self) -> list[str]:
        """What dsgen says that it has not validated."""
        return sorted({each.code for each in self.ours if each.code.startswith("unvalidated-")})


def objects(bundle: Path) -> Iterator[Object]:
    """Yield the objects in the files of a bundle; what has no `apiVersion` is not a manifest."""
    files = (
        sorted(path for path in bundle.rglob("*") if path.suffix in SUFFIXES and path.is_file())
        if bundle.is_dir()
        else [bundle]
    )
    for file in files:
        for text in SEPARATOR.split(file.read_text(encoding="utf-8")):
            document = read_first(text, str(file))
            roots, problems = unfold_list(document)
            for root in roots:
                if isinstance(root, Map) and root.get("apiVersion", PLUGIN) != PLUGIN:
                    yield Object(file, text if root is document.root else json.dumps(plain(root)), root, problems)
            if not roots and problems and "apiVersion" in text:
                yield Object(file, text, Map(), problems)


def compared(found: list[Object], minor: str) -> Iterator[Compared]:
    """Yield each object with the server's verdict and dsgen's."""
    checks = with_objects(NOTHING_SAID, (each.root for each in found))
    for each, said in zip(found, answers(found, minor), strict=True):
        before = process_time()
        ours = [*each.problems, *(validate_and_lint(each.root, minor, checks) if each.root else ())]
        yield Compared(each, said, ours, process_time() - before)


def answers(found: list[Object], minor: str) -> list[Answer]:
    """Return what the server says of each object, once the definitions among them that it accepts exist.

    Objects of Kubernetes' other kinds are only decoded.
    """
    questions = [Question(each.text) for each in found]
    said = list(ask(questions, minor, definitions=()))
    with TemporaryDirectory() as folder:
        files = [kubernetes_module.pod_monitor_definition()]
        for each, answer in zip(found, said, strict=True):
            if each.root.get("kind") == "CustomResourceDefinition" and answer.accepted:
                files.append(Path(folder, f"{len(files)}.json"))
                files[-1].write_text(json.dumps(plain(each.root)), encoding="utf-8")
        said = list(ask(questions, minor, definitions=files))
    others = [n for n, each in enumerate(found) if said[n].stage == "unsupported" and identify(each.root, minor).type]
    program = kubernetes_module.build(Path(decode.__file__).parent, "decode", minor)
    decoded = kubernetes_module.ask([program], (found[number].text for number in others))
    for number, answer in zip(others, decoded, strict=True):
        stage = answer["stage"]
        said[number] = Answer(stage, ((stage, "", answer["detail"]),) if stage else (), ())
    return said


def report(bundle: Path, found: list[Compared]) -> int:
    """Print the figures of a bundle, each refused object, and each with two verdicts; return how many have two."""
    refused = [each for each in found if each.refused]
    unvalidated = Counter(code for each in found for code in each.unvalidated)
    slowest = max((each.seconds for each in found), default=0)
    kinds = {(each.object.root.get("apiVersion"), each.object.root.get("kind")) for each in found}
    print(
        f"{bundle.name}: {len(found)} objects of {len(kinds)} kinds, {len(refused)} refused, "
        f"{dict(unvalidated)}, slowest {slowest:.2f} s"
    )
    for each in found:
        if each.refused or each.errors:
            word = (
                "DIFFERS" if each.differs else "refused" if each.errors else "refused by what dsgen has not validated"
            )
            print(f"  {word}: {each.object.file}: {each.object.name}")
            print(f"    server: {each.server.stage} {str(each.server.errors)[:500]}")
            print(f"    dsgen:  {'; '.join(f'{one.field}: {one.message} [{one.code}]' for one in each.errors)[:500]}")
    return sum(each.differs for each in found)


def main() -> int:
    """Compare and print; return 1 if a verdict differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundles", type=Path, nargs="+")
    parser.add_argument("--minor", default=NEWEST)
    chosen = parser.parse_args()
    everything: list[Compared] = []
    differing = 0
    for bundle in chosen.bundles:
        found = list(compared(list(objects(bundle)), chosen.minor))
        differing += report(bundle, found)
        everything += found
    kinds = Counter(f"{each.object.root.get('apiVersion')} {each.object.root.get('kind')}" for each in everything)
    custom = sum(each.unvalidated == ["unvalidated-object"] for each in everything)
    print(f"{len(everything)} objects of {len(kinds)} kinds, {custom} without a definition, {differing} differ")
    unvalidated = Counter((code, each.object.name.split()[0]) for each in everything for code in each.unvalidated)
    for (code, kind), number in sorted(unvalidated.items()):
        print(f"  {code}: {number} {kind}")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
