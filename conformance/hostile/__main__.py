"""Gives hostile inputs to every reader, and kills runs at random moments.

python -m conformance.hostile --count 200000 --kills 1000          inputs, and runs that are killed
python -m conformance.hostile --only templates:4711                one input again, with its traceback
python -m conformance.hostile --count 10000 --pure                 without libyaml
python -m conformance.hostile --count 1000000 --seconds 3600       as many as fit into an hour

Each input follows from its reader and number alone. An input may take 10 seconds of processor time, and the process 512 MiB
besides what it began with; what takes more, or ends in a traceback, is told with its name, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import gc
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from random import Random
from typing import Final

SECONDS: Final = 10
MEMORY: Final = 512 * 1024 * 1024


class Hang(BaseException):
    """An input took too long. No handler of `Exception` takes it."""


def main() -> int:
    """Run the campaign, and print its figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=10_000, help="how many inputs")
    options.add_argument("--seed", type=int, default=0, help="the number of the first input")
    options.add_argument("--kills", type=int, default=0, help="how many runs are killed")
    options.add_argument("--seconds", type=float, default=float("inf"), help="begin no input after so many seconds")
    options.add_argument("--pure", action="store_true", help="without libyaml, with PyYAML's parser in Python")
    options.add_argument("--only", help="READER:NUMBER, or READER")
    options.add_argument(
        "--limit", type=float, default=SECONDS, help="seconds of processor time that an input may take"
    )
    asked = options.parse_args()
    if asked.pure:
        from dsgen import parser
        from dsgen.python_parser import PythonParser

        parser.Parser = PythonParser
    failed = inputs(asked.count, asked.seed, asked.seconds, asked.only or "", asked.limit)
    if asked.kills:
        from conformance.hostile.kills import kills

        failed += kills(asked.kills, asked.seed, asked.seconds, asked.pure)
    return int(bool(failed))


def inputs(count: int, first: int, seconds: float, only: str, limit: float = SECONDS) -> int:
    """Give inputs to readers, and return how many failed."""
    from conformance.hostile.readers import READERS, choices

    name, _, number = only.partition(":")
    names = [name] if name else list(choices())
    signal.signal(signal.SIGPROF, _hang)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_size() + MEMORY, hard))
    # What readers hold is few and lives on; what an input leaves goes at once, but for cycles.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    began = time.monotonic()
    done: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    slowest = (0.0, "")
    for index in range(int(number) if number else first, int(number) + 1 if number else first + count):
        if time.monotonic() - began > seconds:
            break
        which = names[Random(index).randrange(len(names))]
        before = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, limit)
        try:
            READERS[which][0](Random(f"{which}:{index}"))
        except (Exception, Hang) as error:
            signal.setitimer(signal.ITIMER_PROF, 0)
            kind = _kind(error)
            failures[kind] += 1
            if failures[kind] <= 3 or number:
                print(f"{which}:{index}: {kind}", flush=True)
            if number:
                traceback.print_exc()
        signal.setitimer(signal.ITIMER_PROF, 0)
        taken = time.process_time() - before
        slowest = max(slowest, (taken, f"{which}:{index}"))
        done[which] += 1
        if sum(done.values()) % 10_000 == 0:
            print(
                f"{sum(done.values())} inputs, {sum(failures.values())} failed, slowest {slowest[0]:.1f} s ({slowest[1]})",
                flush=True,
            )
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{sum(done.values())} inputs in {time.monotonic() - began:.0f} s: {sum(failures.values())} failed; slowest {slowest[0]:.1f} s ({slowest[1]}), at most {peak} MiB"
    )
    print(", ".join(f"{name} {number}" for name, number in sorted(done.items())))
    for kind, times in failures.most_common():
        print(f"{times} times: {kind}")
    return sum(failures.values())


def _hang(signum: int, frame: object) -> None:
    raise Hang("it takes too long")


def _size() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _kind(error: BaseException) -> str:
    """Return what an error is, and the innermost line of dsgen's that it came through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/dsgen/" in frame.filename]
    place = f"{frames[-1].filename.rpartition('/dsgen/')[2]}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}: {str(error)[:150]}"


if __name__ == "__main__":
    sys.exit(main())
