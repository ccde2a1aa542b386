# SPDX-License-Identifier: Apache-2.0
"""Compile models to shared libraries, and hold what their handlers say against the reference."""

from __future__ import annotations

import ctypes
import io
import os
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from cns_build import pipeline
from cns_build.frontend import load
from cns_build.ir.program import Check, Program, Var, walk
from cns_build.ir.violations import violations
from cns_build.model import ShapesGraph
from cns_build.options import Options
from tests import structs
from tests.paths import ROOT, RUNTIME
from tests.reference.denote import BadRecord, Denotation
from tests.reference.terms import RDF_NIL
from tests.runtime.toolchain import C11, CORE, need

from . import layout
from .answers import FOCUS, NIL, Answer, Denoted, Found, Struct
from .bound import Plan
from .oracle import Key, Oracle, Row, explained, key, path_text
from .values import RecordValue, RefValue, Value

OK, BAD_RECORD = 0, 3
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
FLAGS = [*C11, "-O1", "-g", "-fPIC", "-ffp-contract=off"]


@dataclass(frozen=True)
class Native:
    """A compiled model: its program, and a shared library with its handlers."""

    graph: ShapesGraph
    program: Program
    naive: Program
    library: Path
    sanitized: bool
    plan: Plan | None = None

    def answers(
        self, values: Sequence[RecordValue], image: Sequence[int] | None = None
    ) -> list[Answer]:
        """What the handlers say about records, or the machine that runs an image.

        A crash fails, and names the record.
        """
        found: list[Answer] = self._ask("tests.records.worker", values, image)
        return found

    def texts(self, values: Sequence[RecordValue]) -> list[Denoted]:
        """What `cns_denote` writes for records, of a model with a layout table."""
        found: list[Denoted] = self._ask("tests.records.denoting", values)
        return found

    def stacks(self, values: Sequence[RecordValue]) -> list[int]:
        """The bytes of stack that records take; the library has tests/stack/paint.c in it."""
        found: list[int] = self._ask("tests.records.painting", values)
        return found

    def _ask(
        self, module: str, values: Sequence[RecordValue], image: Sequence[int] | None = None
    ) -> list[Any]:
        environment = dict(os.environ)
        if self.sanitized:
            environment |= {
                "LD_PRELOAD": _sanitizer_library(),
                "PYTHONMALLOC": "malloc",
                "ASAN_OPTIONS": "detect_leaks=0",
            }
        done = subprocess.run(
            [sys.executable, "-m", module, str(self.library)],
            input=pickle.dumps((self.program, list(values), self.plan, image)),
            capture_output=True,
            cwd=ROOT,
            env=environment,
        )
        found = _unpickle_all(done.stdout)
        if done.returncode != 0:
            culprit = values[len(found)] if len(found) < len(values) else None
            raise AssertionError(f"{done.stderr.decode()}\nrecord: {culprit}")
        return found


def _unpickle_all(data: bytes) -> list[Any]:
    """The answers that a worker wrote before it ended."""
    stream = io.BytesIO(data)
    found: list[Any] = []
    while stream.tell() < len(data):
        try:
            found.append(pickle.load(stream))
        except (EOFError, pickle.UnpicklingError):
            break
    return found


@cache
def _sanitizer_library() -> str:
    words = [need("gcc"), "-print-file-name=libasan.so"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


@cache
def sanitizing() -> bool:
    """Whether gcc has its sanitizers."""
    probe = [need("gcc"), *SANITIZE, "-shared", "-fPIC", "-x", "c", "-", "-o", os.devnull]
    return subprocess.run(probe, input=b"int cns;", capture_output=True).returncode == 0


def compile_model(
    folder: Path,
    shapes: Sequence[Path],
    options: Options,
    *,
    ontologies: Sequence[Path] = (),
    catalog: Sequence[Path] = (),
    plan: Plan | None = None,
    flags: Sequence[str] = (),
) -> Native:
    """Compile shapes to C, and that to a shared library. Raises CompileError.

    `plan` says what the structs of `options.bind` are, which a header in the folder declares;
    `flags` are more words for the compiler of the model.
    """
    graph, _, _ = load(
        [str(o) for o in ontologies],
        [str(s) for s in shapes],
        catalog=[str(c) for c in catalog],
        waive=options.waive,
    )
    compiled = pipeline.compile_shapes(graph, options)
    source, header = pipeline.generate(compiled, graph, options)
    (folder / f"{options.name}.c").write_text(source)
    (folder / f"{options.name}.h").write_text(header)
    library = build(folder, compiled.program, plan, flags)
    return Native(graph, compiled.program, compiled.naive, library, sanitizing(), plan)


def build(
    folder: Path, program: Program, plan: Plan | None = None, more: Sequence[str] = ()
) -> Path:
    """Compile the generated C in a folder to a shared library, beside checks of the layout."""
    name = program.name
    probe = folder / f"{name}_layout.c"
    probe.write_text(_layout_source(program, plan))
    library = folder / f"lib{name}.so"
    flags = [*FLAGS, *more, f"-I{folder}", *(SANITIZE if sanitizing() else [])]
    words = [need("gcc"), *flags, "-shared", "-o", str(library), *_runtime_objects(folder)]
    done = subprocess.run(
        [*words, str(folder / f"{name}.c"), str(probe)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return library


def _runtime_objects(folder: Path) -> list[str]:
    """The runtime's objects, compiled once beside the folders of the models."""
    target = folder.parent / "runtime-objects"
    target.mkdir(exist_ok=True)
    objects = []
    for source in CORE:
        made = target / f"{source.stem}.o"
        if not made.exists() or made.stat().st_mtime < _changed(source):
            flags = [*FLAGS, *(SANITIZE if sanitizing() else [])]
            subprocess.run([need("gcc"), *flags, "-c", str(source), "-o", str(made)], check=True)
        objects.append(str(made))
    return objects


def _changed(source: Path) -> float:
    """When a source of the runtime or one of its headers was last written."""
    return max(path.stat().st_mtime for path in (source, *RUNTIME.rglob("*.h")))


def _layout_source(program: Program, plan: Plan | None) -> str:
    """C that fails to compile unless structs lie as `tests.records.layout` says."""
    claims = layout.Structs(program, plan).expected()
    claims += [(f"sizeof({name})", _size(struct)) for name, struct in _runtime_structs()]
    lines = [f'_Static_assert({c} == {n}, "{c} is not {n}");' for c, n in claims]
    return "\n".join(["#include <stddef.h>", f'#include "{program.name}.h"', *lines, ""])


def _runtime_structs() -> list[tuple[str, layout.CType]]:
    return list(structs.RUNTIME_STRUCTS.items())


def _size(struct: layout.CType) -> int:
    return ctypes.sizeof(struct)


# Comparison


SecondOpinion: TypeAlias = Callable[[RecordValue], "Counter[Row] | str"]


class Comparison:
    """One model, and the reference beside it.

    `bounds` are the most violations of each record that the header states.
    `second` says the same as the reference about a record, or why it does not. `heard` counts on
    how many records that was compared, and by reason on how many it was not.
    """

    def __init__(self, native: Native, oracle: Oracle, second: SecondOpinion | None = None):
        self.native = native
        self.oracle = oracle
        self.fired: Counter[int] = Counter()
        self.heard: Counter[str] = Counter()
        program = native.program
        self.bounds = violations(program, "all")
        self._second = second
        self._zero = {e.record for e in native.program.entries if e.zero_tick}
        ops = [
            op for body in native.program.bodies for op in walk(body.body) if isinstance(op, Check)
        ]
        self._vars: dict[int, tuple[Var, Var | None]] = {
            op.check: (op.focus, op.value) for op in ops
        }

    def differences(self, values: Sequence[RecordValue]) -> list[str]:
        """Where the handlers and the reference disagree, in words."""
        found = []
        for value, answer in zip(values, self.native.answers(values), strict=True):
            difference = self._difference(value, answer)
            if difference:
                found.append(f"{difference}\nrecord: {value}")
        return found

    def _difference(self, value: RecordValue, answer: Answer) -> str:
        try:
            wanted = self.oracle.rows(value)
        except BadRecord as error:
            expected = OK if value.record in self._zero else BAD_RECORD
            if answer.status == expected and answer.conforms == (expected == OK):
                return ""
            return f"bad record ({error}), but status {answer.status}"
        if answer.status != OK:
            return f"status {answer.status}, wanted {_show(wanted)}"
        assert answer.truncated == 0
        assert len(answer.found) <= self.bounds[value.record]
        explaining: dict[int, list[int]] = {}
        for index, found in enumerate(answer.found):
            explaining.setdefault(found.detail_of, []).append(index)
        rows = self._rows(answer.found, explaining, 0)
        self.fired.update(found.check for found in answer.found)
        if answer.conforms != (not rows):
            return f"conforms is {answer.conforms} with {len(rows)} violations"
        if rows == wanted:
            return self._disagreement(value, wanted)
        return f"missing: {_show(wanted - rows)}\nwrong: {_show(rows - wanted)}"

    def _disagreement(self, value: RecordValue, wanted: Counter[Row]) -> str:
        """Where the second opinion differs from the reference, in words."""
        rows = self._second(value) if self._second else ""
        if isinstance(rows, str):
            self.heard[rows] += 1
            return ""
        self.heard["compared"] += 1
        if rows == wanted:
            return ""
        return f"the second lacks: {_show(wanted - rows)}\nand has: {_show(rows - wanted)}"

    def _rows(
        self, found: Sequence[Found], explaining: dict[int, list[int]], detail_of: int
    ) -> Counter[Row]:
        """The violations that explain one of them, or, for 0, none."""
        return Counter(
            self._row(found[index], self._rows(found, explaining, index + 1), detail_of > 0)
            for index in explaining.get(detail_of, ())
        )

    def _row(self, found: Found, details: Counter[Row], explains: bool) -> Row:
        program = self.native.program
        info = program.checks[found.check]
        _, value = self._vars[found.check]
        focus = self._focus(found.focus)
        reported: Key = None
        if value is not None:
            reported = focus if found.value == FOCUS else self._value(value, found.value)
        focus = explained(focus) if explains else focus
        component = info.component[0].upper() + info.component[1:]
        shape = self.oracle.check_shape(found.check)
        path, severity = path_text(info.path), info.severity.value
        return focus, path, reported, component, shape, severity, frozenset(details.items())

    def _focus(self, focus: int | Struct) -> Key:
        if isinstance(focus, Struct):
            return str(RDF_NIL) if focus == NIL else focus.number
        return key(Denotation(self.native.program).node(focus))

    def _value(self, var: Var, value: Value | Struct) -> Key:
        denotation = Denotation(self.native.program)
        match value:
            case Struct():
                return self._focus(value)
            case RefValue(number):
                return key(denotation.node(number))
        return key(denotation.term(var.type, value))


def _show(rows: Counter[Row]) -> str:
    return "".join(f"\n    {n} × {row}" for row, n in sorted(rows.items(), key=str)) or "nothing"
