"""Take over a release of Kubernetes: `make kubernetes-version VERSION=1.37.2`.

Needs Go. It adds the release to the conformance tools, generates the tables of fields, kinds and gates, writes what differs from the
minor before to build/kubernetes-MINOR.md for a reviewer, builds the oracle, records its verdicts again, and compares dsgen with
them. It fails where they differ: then a rule is missing or wrong. A release of a new minor also becomes the default.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
MODULE: Final = ROOT / "conformance" / "kubernetes_module.py"
FIELDS: Final = ROOT / "dsgen" / "kubernetes" / "schema" / "fields" / "__init__.py"
TABLES: Final = ("make_api_resources", "make_field_tables", "make_gate_table")


def minor_of(version: str) -> str:
    """Return `1.37` for `1.37.2`. Raises ValueError for what is not a release."""
    if not re.fullmatch(r"1\.[0-9]+\.[0-9]+", version):
        raise ValueError(f"expected a release such as 1.37.2, got {version!r}")
    return version.rpartition(".")[0]


def with_release(text: str, version: str) -> str:
    """Return the text of kubernetes_module.py with a release; that of a new minor becomes the newest, and ends its preview."""
    minor = minor_of(version)
    known = dict(re.findall(r'"(1\.\d+)": "([^"]+)"', re.search(r"^VERSIONS: .*$", text, re.MULTILINE)[0]))  # type: ignore[index]
    newest = max((*known, minor), key=_number)
    known[minor] = version
    listed = ", ".join(f'"{each}": "{known[each]}"' for each in sorted(known, key=_number))
    text = re.sub(r"^(VERSIONS: Final = ).*$", rf"\g<1>{{{listed}}}", text, flags=re.MULTILINE)
    text = re.sub(r"^(NEWEST: Final = ).*$", rf'\g<1>"{newest}"', text, flags=re.MULTILINE)
    return re.sub(rf'^(PREVIEW: Final = )"{re.escape(minor)}\..*"$', r'\g<1>""', text, flags=re.MULTILINE)


def with_minor(text: str, version: str) -> str:
    """Return the text of the package of field tables with the minor of a release, which is the default if it is the newest."""
    minor = minor_of(version)
    known = re.findall(r'"(1\.\d+)"', re.search(r"^MINORS: .*$", text, re.MULTILINE)[0])  # type: ignore[index]
    default = re.search(r'^DEFAULT: Final = "(.*)"$', text, re.MULTILINE)[1]  # type: ignore[index]
    listed = ", ".join(f'"{each}"' for each in sorted({*known, minor}, key=_number))
    text = re.sub(r"^(MINORS: Final = ).*$", rf"\g<1>({listed})", text, flags=re.MULTILINE)
    newest = max(default, minor, key=_number)
    return re.sub(r"^(DEFAULT: Final = ).*$", rf'\g<1>"{newest}"', text, flags=re.MULTILINE)


def before(text: str, version: str) -> str:
    """Return the release of the minor before, as kubernetes_module.py has it. Raises LookupError if it has none."""
    wanted = f"1.{_number(minor_of(version)) - 1}"
    found = re.search(rf'"{re.escape(wanted)}": "([^"]+)"', text)
    if found is None:
        raise LookupError(f"the conformance tools have no release of Kubernetes {wanted}")
    return found[1]


def _number(minor: str) -> int:
    return int(minor.split(".")[1])


def _run(module: str, *arguments: str) -> str:
    print(f"== {module} {' '.join(arguments)}", flush=True)
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def main() -> int:
    """Do it all; return 1 if dsgen and the server differ."""
    (version,) = sys.argv[1:] or [""]
    minor = minor_of(version)
    text = MODULE.read_text("utf-8")
    previous = before(text, version)
    was_newest = re.search(r'^NEWEST: Final = "(.*)"$', text, re.MULTILINE)[1]  # type: ignore[index]
    MODULE.write_text(with_release(text, version), "utf-8")
    FIELDS.write_text(with_minor(FIELDS.read_text("utf-8"), version), "utf-8")
    for name in TABLES:
        print(_run(f"scripts.{name}"), end="")
    page = ROOT / "build" / f"kubernetes-{minor}.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text(_run("scripts.kubernetes_changes", previous, version), "utf-8")
    print(f"what differs from {previous}: {page}")
    _run("conformance.oracle", minor)
    from conformance.dsgen_outcome import JUDGED

    # The newest minor has more recorded cases than the others.
    for each in dict.fromkeys((minor, was_newest) if _number(minor) > _number(was_newest) else (minor,)):
        for kind in JUDGED:
            print(_run("conformance.recording", "--kind", kind, each), end="")
    print(_run("conformance.sample"), end="")
    done = subprocess.run([sys.executable, "-m", "conformance.check", minor], cwd=ROOT, check=False)
    if done.returncode:
        print(
            f"dsgen and Kubernetes {minor} differ: write the missing rules, then run: python -m conformance.check {minor}"
        )
    else:
        print("they agree; read the page, run `make docs test-all`, and update CHANGELOG.md")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
