# SPDX-License-Identifier: Apache-2.0
"""Stand-alone validators in tests: built with sanitizers, run, and compared with the compiler."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rdflib.compare

from cns_build.graph.data import Source
from cns_build.graph.validator import Validator
from cns_build.graph.writers import WRITERS
from tests.graph.native import HOST
from tests.paths import RUNTIME
from tests.runtime import toolchain

# Of statistics: engines may differ in them.
_ENGINE = ("checks", "infer_seconds", "read_seconds", "seconds")


@dataclass(frozen=True)
class Answer:
    """What a program wrote, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def build_program(folder: Path, sources: Sequence[Path], *flags: str) -> Path:
    """Compile a validator with the runtime, sanitizers and warnings as errors."""
    toolchain.need_sanitizers("gcc", folder)
    program = folder / "check"
    toolchain.compile_c(
        "gcc",
        *(*toolchain.C11, f"-I{RUNTIME}", *toolchain.SANITIZERS, "-O0", *flags),
        *(*sources, *HOST, *toolchain.CORE, "-lm", "-pthread"),
        *(["-lz"] if "-DCNS_WITH_ZLIB" in flags else []),
        output=program,
    )
    return program


def run(program: Path, *arguments: object, stdin: bytes = b"") -> Answer:
    """Run a program; what sanitizers find fails the test."""
    words = [str(program), *map(str, arguments)]
    done = subprocess.run(words, input=stdin, capture_output=True, timeout=120)
    answer = Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Sanitizer" not in answer.err, answer.err
    assert "runtime error" not in answer.err, answer.err
    return answer


def written(validator: Validator, sources: Sequence[Source], format_name: str) -> str:
    """What the compiler's own engine and writers say."""
    report = validator.validate(sources)
    return "".join(WRITERS[format_name](report, validator.locate))


def assert_same_reports(
    program: Path, validator: Validator, data: Source, *arguments: object
) -> None:
    """A program, which may take arguments in front, and the compiler report the same."""
    answers = {
        name: run(program, *arguments, "--format", name, "--threads", threads, data.name)
        for name, threads in (("json", 3), ("text", 1), ("turtle", 2))
    }
    expected = {name: written(validator, [data], name) for name in answers}
    assert comparable(answers["json"].out) == comparable(expected["json"])
    assert without_engine(answers["text"].out) == without_engine(expected["text"])
    assert same_graph(answers["turtle"].out, expected["turtle"])


def comparable(report: str) -> Any:
    """A report in JSON without what engines differ in."""
    content = json.loads(report)
    for name in _ENGINE:
        del content["statistics"][name]
    return content


def without_engine(report: str) -> str:
    """A report for people without what engines differ in."""
    return re.sub(r"\d+ checks?, |(?<= in )[0-9.]+ s", "", report)


def same_graph(actual: str, expected: str) -> bool:
    """Whether two reports in Turtle are the same graph, with lexical forms as they are."""
    graphs = [rdflib.Graph().parse(data=text, format="turtle") for text in (actual, expected)]
    return rdflib.compare.isomorphic(*graphs)
