"""Build the oracle for the minors named on the command line, or for the newest."""

import sys

from conformance.kubernetes_module import NEWEST
from conformance.oracle import build

for minor in sys.argv[1:] or [NEWEST]:
    print(build(minor))
