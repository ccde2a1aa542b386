# SPDX-License-Identifier: Apache-2.0
"""Run fuzzers: `./dev fuzz [NAMES] [--seconds N] [--seed N]`."""

from __future__ import annotations

import argparse
import importlib
import random
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PREFIX = "fuzz_"


def available() -> list[str]:
    """Return the names of all fuzzers, sorted."""
    return sorted(path.stem.removeprefix(PREFIX) for path in FOLDER.glob(f"{PREFIX}*.py"))


def main(arguments: list[str] | None = None) -> int:
    """Run the named fuzzers, or all, each for some seconds; return 2 for an unknown name."""
    parser = argparse.ArgumentParser(prog="dev fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(available()))
    parser.add_argument("--seconds", type=int, default=30, help="time for each (default 30)")
    parser.add_argument("--seed", type=int, help="repeat a run (default: a random one, printed)")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(available()))
    if unknown:
        parser.error(f"no fuzzer {', '.join(unknown)}; there are: {', '.join(available())}")
    seed = random.randrange(2**32) if options.seed is None else options.seed
    for name in options.names or available():
        print(f"{name}: seed {seed}, {options.seconds} s", flush=True)
        cases = importlib.import_module(f"tests.fuzz.{PREFIX}{name}").run(options.seconds, seed)
        print(f"{name}: {cases} cases, no failure", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
