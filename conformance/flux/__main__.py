"""Compares what dsgen says of Flux's variables with Flux's own parser, on random texts.

    python -m conformance.flux [--count 20000] [--seed 0]

What Flux does not leave as it is must be found, and nothing else; and what is escaped must become what it was.
"""

from __future__ import annotations

import argparse
import random
import sys
from typing import Final

from conformance.flux import substituted
from dsgen.gitops.flux import escaped, variables

ALPHABET: Final = "$$$${{}}A(x:-#%/\\ é_1\n\"'[]@=?+,^"


def main() -> int:
    """Return 1 when there is any difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    texts = ["".join(chance.choices(ALPHABET, k=chance.randint(1, 12))) for _ in range(options.count)]
    differing = 0
    for text, made in zip(texts, substituted(texts), strict=True):
        if (made != text) != bool(list(variables(text))):
            differing += 1
            print(f"Flux makes {made!r} of {text!r}, and dsgen finds {list(variables(text))}")
    for text, made in zip(texts, substituted([escaped(text) for text in texts]), strict=True):
        if made != text:
            differing += 1
            print(f"Flux makes {made!r} of {escaped(text)!r}, which stands for {text!r}")
    print(f"{len(texts)} texts, {differing} differences from Flux")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
