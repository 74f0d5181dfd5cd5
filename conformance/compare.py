"""Compares dsgen's verdict with the API server's own on fresh cases, and prints where they differ.

python -m conformance.compare --seed 7 --count 2000
python -m conformance.compare --minor 1.34 --only env-name port-name     those mutations only
python -m conformance.compare --kind Service Pod                         other kinds; `all` means every one
python -m conformance.compare --findings --warnings                      differing fields and warnings as well
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from conformance.case import Case, Json
from conformance.dsgen_outcome import JUDGED, judge
from conformance.generate import cases
from conformance.kubernetes_module import NEWEST
from conformance.oracle import Question, ask
from conformance.outcome import Outcome, of_server, same_findings
from conformance.seeds import bases


@dataclass(frozen=True)
class Compared:
    """A case, and what the API server and dsgen say of it."""

    case: Case
    text: str
    server: Outcome
    ours: Outcome

    @property
    def same_verdict(self) -> bool:
        """Whether both accept, or both refuse, or both do not judge the kind."""
        return self.server.verdict == self.ours.verdict

    @property
    def same_findings(self) -> bool:
        """Whether both accept, or refuse for the same reasons."""
        return same_findings(self.server, self.ours)

    @property
    def same_warnings(self) -> bool:
        """Whether both warn of the same places."""
        return self.server.warnings == self.ours.warnings


def compare(chosen: Iterable[Case], trees: Mapping[str, Json], minor: str = NEWEST) -> Iterator[Compared]:
    """Yield each case with both verdicts."""
    asked = [(case, Question(*case.texts(trees))) for case in chosen]
    for (case, question), answer in zip(asked, ask((question for _, question in asked), minor), strict=True):
        if answer.stage == "panic":
            continue  # the server's own code fails
        yield Compared(case, question.text, of_server(answer), judge(question.text, minor, question.old))


def report(compared: list[Compared], *, findings: bool = False, warnings: bool = False) -> str:
    """Return the figures, and the disagreements grouped by mutation with the shortest example of each."""
    refused = [one for one in compared if one.server.verdict == "refused"]
    accepted = [one for one in compared if one.server.accepted]
    lines = [
        f"{len(compared)} cases, {share(len(refused), len(compared))} refused, {share(sum(r.server.stage == 'validate' for r in refused), len(refused))} of these by the rules",
        f"of a kind that is not judged: {len(compared) - len(refused) - len(accepted)}",
        f"verdict: {share(sum(one.same_verdict for one in compared), len(compared))}",
        f"kinds and fields of the refused: {share(sum(one.same_findings for one in refused), len(refused))}",
        f"warnings of the accepted: {share(sum(one.same_warnings for one in accepted), len(accepted))}",
    ]
    differing = [
        one
        for one in compared
        if not one.same_verdict
        or (findings and not one.same_findings)
        or (warnings and one.server.accepted and not one.same_warnings)
    ]
    groups: dict[tuple[str, ...], list[Compared]] = defaultdict(list)
    for one in differing:
        groups[one.case.tags].append(one)
    for tags, members in sorted(groups.items(), key=lambda group: -len(group[1])):
        example = min(members, key=lambda one: len(str(one.case.edits)) + len(one.text) // 10)
        lines += [
            "",
            f"{len(members)} × {' + '.join(tags)} ({example.case.base}): {str(example.case.edits)[:400]}",
            f"  server: {show(example.server)}",
            f"  dsgen:  {show(example.ours)}",
        ]
    return "\n".join(lines)


def share(part: int, whole: int) -> str:
    """Write a share as a percentage, never rounded up to 100."""
    return f"{part / whole * 100 if whole else 100:.3f} % ({part} of {whole})"


def show(outcome: Outcome) -> str:
    """Write an outcome in a line."""
    said = ", ".join(sorted(f"{kind} {field}".strip() for kind, field in outcome.findings))
    warned = ", ".join(sorted(outcome.warnings))
    return f"{outcome.stage or 'accepted'} {said}{' warnings: ' + warned if warned else ''}"[:600]


def main() -> int:
    """Compare and print; return 1 when a verdict differs, or with `--findings` what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--minor", default=NEWEST)
    parser.add_argument("--kind", nargs="+", default=["DaemonSet"])
    parser.add_argument("--only", nargs="+", default=(), metavar="MUTATION")
    parser.add_argument(
        "--findings", action="store_true", help="print cases with the same verdict but other fields too"
    )
    parser.add_argument("--warnings", action="store_true", help="print cases with other warnings too")
    chosen = parser.parse_args()
    differs = False
    for kind in JUDGED if chosen.kind == ["all"] else chosen.kind:
        made = cases(chosen.seed, chosen.count, chosen.only, kind=kind)
        compared = list(compare(made, bases(kind), chosen.minor))
        print(f"{kind}: {report(compared, findings=chosen.findings, warnings=chosen.warnings)}", flush=True)
        differs |= any(not one.same_verdict or (chosen.findings and not one.same_findings) for one in compared)
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
