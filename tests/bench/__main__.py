# SPDX-License-Identifier: Apache-2.0
"""Run benchmarks and print their figures: `./dev bench [NAMES] [--json FILE]`."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench import Figure

FOLDER = Path(__file__).resolve().parent
PREFIX = "bench_"


def available() -> list[str]:
    """Return the names of all benchmarks, sorted."""
    return sorted(path.stem.removeprefix(PREFIX) for path in FOLDER.glob(f"{PREFIX}*.py"))


def ratio(figure: Figure, figures: Sequence[Figure]) -> float | None:
    """Return the figure's value over its baseline's; raise KeyError when that is not measured."""
    if figure.baseline is None:
        return None
    return figure.value / {other.name: other for other in figures}[figure.baseline].value


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as aligned text, one line each."""
    width = max((len(figure.name) for figure in figures), default=0)
    lines = []
    for figure in figures:
        line = f"  {figure.name:<{width}}  {number(figure.value):>10} {figure.unit:<8}"
        line += f"  {number(figure.low)} … {number(figure.high)}"
        times = ratio(figure, figures)
        if times is not None:
            line += f"   {times:.2f} × {figure.baseline}"
        lines.append(line)
    return "\n".join(lines)


def number(value: float) -> str:
    """Return a number with at most four significant digits, whole ones in full."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.4g}"


def main(arguments: list[str] | None = None) -> int:
    """Run the named benchmarks, or all; return 2 for an unknown name."""
    parser = argparse.ArgumentParser(prog="dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(available()))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(available()))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(available())}")
    results: dict[str, list[Figure]] = {}
    for name in options.names or available():
        print(name, flush=True)
        results[name] = importlib.import_module(f"tests.bench.{PREFIX}{name}").run()
        print(table(results[name]), flush=True)
    if options.json:
        figures = {name: [dataclasses.asdict(f) for f in fs] for name, fs in results.items()}
        machine = {"machine": platform.machine(), "python": platform.python_version()}
        text = json.dumps({"machine": machine, "figures": figures}, indent=1, sort_keys=True)
        options.json.write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
