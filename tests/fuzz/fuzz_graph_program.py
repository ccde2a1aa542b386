# SPDX-License-Identifier: Apache-2.0
"""Graph programs that libFuzzer makes of others, loaded and run under ASan and UBSan.

The seeds are programs of random shapes, and of random rules that infer.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cns_build.diagnostics import CompileError
from cns_build.frontend import load
from cns_build.graph import opcodes
from cns_build.graph.build import build
from cns_build.graph.image import to_image
from cns_build.graph.inference import Inferring
from cns_build.model import IRI, BlankNode, Literal, Node, Term
from cns_build.owl.rules import Auxiliary, Relation, Rule, Rules
from cns_build.vocabulary import RDFS, XSD
from tests.graph.native import HOST
from tests.graph.random_shapes import Drawing, with_prefixes
from tests.paths import RUNTIME
from tests.runtime import toolchain

SOURCE = Path(__file__).with_suffix(".c")
SANITIZERS = ("-g", "-fsanitize=address,undefined,fuzzer-no-link", "-fno-sanitize-recover=all")
FLAGS = (*toolchain.C11, "-D_GNU_SOURCE", f"-I{RUNTIME}", "-O1", *SANITIZERS)
SEEDS = 60
EX = "http://example.org/"


@dataclass(frozen=True)
class Counts:
    """How many inputs were tried, how many of them accepted, and how often these ran."""

    tried: int
    accepted: int
    run: int


def run(seconds: int, seed: int) -> int:
    """Fuzz for about so long; return the number of cases.

    Raises AssertionError with the seed, the input, and what the sanitizer says, on a failure.
    """
    with tempfile.TemporaryDirectory() as folder:
        program = compile_fuzzer(SOURCE, Path(folder))
        counts = fuzz(program, seeds(Path(folder)), seconds, seed)
    print(f"graph_program: {counts.accepted} of {counts.tried} accepted, {counts.run} runs")
    return counts.tried


def compile_fuzzer(source: Path, folder: Path) -> Path:
    """Make a fuzzer of a source and the runtime."""
    program = folder / source.stem
    flags = (*FLAGS, "-fsanitize=fuzzer")
    files = (source, *HOST, *toolchain.CORE)
    toolchain.compile_c("clang", *flags, *files, "-lm", output=program)
    return program


def seeds(folder: Path) -> Path:
    """Write the corpus that the fuzzer begins with."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for number in range(SEEDS):
        image = program_of(f"seed {number}", folder)
        if image:
            (corpus / str(number)).write_bytes(image)
    return corpus


def program_of(name: str, folder: Path) -> bytes:
    """The program of random shapes, or nothing where cns refuses them."""
    drawing = Drawing(random.Random(name), recursive=name.endswith("7"))
    shapes = folder / "shapes.ttl"
    shapes.write_text(with_prefixes(drawing.shapes), "utf-8")
    try:
        graph, _, _ = load([], [str(shapes)])
        return to_image(build(graph, recursion=9, inferring=_inferring(random.Random(name))))
    except CompileError:
        return b""


def _inferring(chance: random.Random) -> Inferring:
    """Random rules over names of the graphs in the fuzzer."""
    one = IRI(XSD + "integer")
    operands: dict[str, list[Node | Relation | Term]] = {
        "U": [*(IRI(EX + name) for name in "ABC"), BlankNode("c")],
        "B": [*(IRI(EX + name) for name in "pqr"), Auxiliary(0)],
        "T": [IRI(EX + "a"), IRI(EX + "b"), Literal("1", one), one],
    }
    rules = []
    for op in chance.choices([*opcodes.rules()], k=chance.randrange(12)):
        letters = opcodes.rules()[op].operands.rstrip("+*")
        rules.append(Rule(op, tuple(chance.choice(operands[letter]) for letter in letters)))
    fact = (IRI(EX + "a"), IRI(EX + "r"), IRI(EX + "f"))
    schema = (IRI(EX + "A"), IRI(RDFS + "subClassOf"), IRI(EX + "B"))
    guarded = (IRI(RDFS + "domain"),)
    return Inferring(Rules(tuple(rules), (fact,), (schema,), guarded, ()), chance.random() < 0.5)


def fuzz(program: Path, corpus: Path, seconds: int, seed: int, longest: int = 16384) -> Counts:
    """Run the fuzzer from a corpus, to which it adds."""
    options = {
        "max_total_time": max(seconds, 1),
        "seed": seed % 2**32 or 1,  # 0 would be one of its own choice
        "max_len": longest,
        "timeout": 30,  # for one input: what is accepted ends
        "rss_limit_mb": 3000,
        "artifact_prefix": f"{corpus}/",
    }
    words = [str(program), *(f"-{name}={value}" for name, value in options.items()), str(corpus)]
    result = subprocess.run(words, capture_output=True, text=True, errors="replace")
    assert result.returncode == 0, f"{' '.join(words)}\n{result.stderr}"
    found = re.search(r"accepted: (\d+) of (\d+)\nstat::run: (\d+)", result.stderr)
    assert found is not None, result.stderr
    return Counts(int(found[2]), int(found[1]), int(found[3]))
