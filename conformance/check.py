"""Checks dsgen's verdict against all of the record, without Go.

python -m conformance.check              all minors, and all kinds
python -m conformance.check 1.34
"""

from __future__ import annotations

import sys

from conformance.compare import Compared, report
from conformance.dsgen_outcome import judge
from conformance.kubernetes_module import NEWEST, VERSIONS
from conformance.record import load
from dsgen.kubernetes.admission.kinds import KINDS


def main() -> int:
    """Print the figures of each minor, and the disagreements."""
    differing = 0
    for minor in sys.argv[1:] or VERSIONS:
        compared = [Compared(one.case, one.text, one.outcome, judge(one.text, minor, one.old)) for one in load(minor)]
        differing += sum(not (one.same_verdict and one.same_findings) for one in compared)
        print(f"Kubernetes {minor}: {report(compared, findings=True, warnings=True)}\n")
    for kind in KINDS if len(sys.argv) == 1 else ():
        if kind != "DaemonSet":
            cases = load(NEWEST, kind)
            compared = [Compared(one.case, one.text, one.outcome, judge(one.text, NEWEST)) for one in cases]
            differing += sum(not (one.same_verdict and one.same_findings) for one in compared)
            print(f"{kind}: {report(compared, findings=True, warnings=True)}\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
