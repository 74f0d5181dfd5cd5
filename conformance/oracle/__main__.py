"""Build the oracle for the minors named on the command line, or for the newest."""

import sys

from conformance.oracle import NEWEST, build

for minor in sys.argv[1:] or [NEWEST]:
    print(build(minor))
