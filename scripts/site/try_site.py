"""Try the built site in Chromium: `python -m scripts.site.try_site`. Needs Node.js 20 and Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from dsgen.version import __version__
from scripts.site.__main__ import OUT, ROOT, WORK
from scripts.site.cases import cases

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")


def main(arguments: Sequence[str]) -> int:
    """Run the tests, or those whose names match the argument, and return their exit code."""
    node = shutil.which("node")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if node is None or browser is None:
        sys.exit(f"the tests of the site need node and one of {', '.join(BROWSERS)}")
    file = WORK / "cases.json"
    file.write_text(json.dumps(cases()), "utf-8")
    paths = {"SITE": str(OUT), "TOOLS": str(WORK), "CASES": str(file), "CHROMIUM": browser, "VERSION": __version__}
    names = [word for argument in arguments for word in ("--test-name-pattern", argument)]
    # One file at a time, and each test after the other: the cores are for the browser.
    tests = sorted(str(path) for path in (ROOT / "site/test").glob("*.test.mjs"))
    words = [node, "--test", "--test-concurrency=1", "--test-reporter=spec", *names, *tests]
    return subprocess.run(words, env={**os.environ, **paths}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
