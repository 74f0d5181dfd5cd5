"""Checks dsgen's verdict against all of the record, without Go.

python -m conformance.check              all minors, and all kinds
python -m conformance.check 1.34
"""

from __future__ import annotations

import sys
from itertools import product

from conformance.compare import Compared, report
from conformance.dsgen_outcome import JUDGED, judge
from conformance.kubernetes_module import VERSIONS
from conformance.record import load


def main() -> int:
    """Print the figures of each minor, and the disagreements."""
    differing = 0
    for minor, kind in product(sys.argv[1:] or VERSIONS, JUDGED):
        cases = load(minor, kind)
        compared = [Compared(one.case, one.text, one.outcome, judge(one.text, minor, one.old)) for one in cases]
        differing += sum(not (one.same_verdict and one.same_findings) for one in compared)
        print(f"{kind} of Kubernetes {minor}: {report(compared, findings=True, warnings=True)}\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
