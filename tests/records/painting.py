# SPDX-License-Identifier: Apache-2.0
"""Run a model's handlers over records on a painted stack.

`python -m tests.records.painting LIBRARY` reads a pickled (program, records, plan) from standard
input and writes one pickled number for each record: the bytes of stack that it took.
"""

from __future__ import annotations

import ctypes
import pickle
import sys
from collections.abc import Iterator

from cns_build.ir.program import Program
from tests import structs
from tests.records import layout
from tests.records.values import RecordValue
from tests.records.worker import Marshal

DEPTH = 256 * 1024


def stacks(library: str, program: Program, values: list[RecordValue]) -> Iterator[int]:
    """The bytes of stack that cns_dispatch takes for records of one model."""
    loaded = ctypes.CDLL(library)
    loaded.paint_dispatch.restype = ctypes.c_uint32
    model = structs.Model.in_dll(loaded, f"{program.name}_model")
    kinds = {entry.record: entry.kind for entry in program.entries}
    for value in values:
        memory = Marshal(layout.Structs(program, None), value)
        root = ctypes.byref(memory.root)
        yield loaded.paint_dispatch(ctypes.byref(model), kinds[value.record], root, DEPTH)


def main() -> None:
    """Answer what standard input asks."""
    program, values, *_ = pickle.load(sys.stdin.buffer)
    for used in stacks(sys.argv[1], program, values):
        pickle.dump(used, sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
