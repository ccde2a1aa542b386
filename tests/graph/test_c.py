# SPDX-License-Identifier: Apache-2.0
"""The engine in C by itself: compilers, big-endian machines, failing memory, false programs."""

from __future__ import annotations

import random
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cns_build import _graph
from cns_build.frontend import load, read
from cns_build.graph.build import build
from cns_build.graph.image import to_image
from cns_build.graph.inference import Inferring
from cns_build.graph.native import to_c
from cns_build.graph.program import Program
from cns_build.model import IRI
from cns_build.owl.rules import Rules
from cns_build.vocabulary import RDFS
from tests.compiling import PREFIXES
from tests.fuzz import fuzz_graph_index, fuzz_graph_program
from tests.graph.native import HOST
from tests.owl.engine import EX, rule_of
from tests.owl.naive import Rule
from tests.paths import RUNTIME
from tests.runtime import toolchain

SOURCE = Path(__file__).with_name("validate.c")
WRAP = "-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc"
# Every instruction, and paths of all kinds.
SHAPES = """
ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:targetNode ex:n, "t"@en ;
  sh:targetSubjectsOf ex:p ; sh:targetObjectsOf ex:q ;
  sh:nodeKind sh:IRI ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;
  sh:not ex:T ; sh:and ( ex:T ex:U ) ; sh:or ( ex:T ex:U ) ; sh:xone ( ex:T ex:U ) ; sh:node ex:T ;
  sh:hasValue ex:a ; sh:in ( ex:a 1 "x"@en ) ; sh:property ex:P, ex:Q, ex:R, ex:Again .
ex:T a sh:NodeShape ; sh:class ex:A ; sh:pattern "^http.*[a-zé]$" ; sh:flags "i" .
ex:U a sh:NodeShape ; sh:datatype xsd:integer ; sh:minLength 2 ; sh:maxLength 3 .
ex:P a sh:PropertyShape ; sh:path ( ex:p [ sh:zeroOrMorePath [ sh:alternativePath
    ( [ sh:inversePath ex:q ] [ sh:oneOrMorePath ex:r ] ( ex:p ex:p ) ) ] ] ) ;
  sh:minCount 1 ; sh:maxCount 2 ; sh:minInclusive 1 ; sh:maxExclusive 2.5 ; sh:minExclusive 0 ;
  sh:maxInclusive "2024-01-01"^^xsd:date ; sh:languageIn ( "en" ) ; sh:uniqueLang true .
ex:Q a sh:PropertyShape ; sh:path [ sh:zeroOrOnePath ex:p ] ; sh:equals ex:q ; sh:disjoint ex:r ;
  sh:lessThan ex:q ; sh:lessThanOrEquals ex:r ; sh:qualifiedValueShape ex:T ;
  sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ; sh:qualifiedValueShapesDisjoint true .
ex:R a sh:PropertyShape ; sh:path ex:p ; sh:qualifiedValueShape ex:U ; sh:qualifiedMinCount 1 .
ex:Again a sh:PropertyShape ; sh:path ex:r ; sh:property ex:Again ; sh:class ex:B .
"""
SMALL = """
ex:S sh:targetClass ex:A ; sh:in ( 1 "x"@en ) ; sh:property
  [ sh:path ( ex:p [ sh:zeroOrMorePath ex:q ] ) ; sh:pattern "a|b" ] .
"""
ONTOLOGY = "ex:B rdfs:subClassOf ex:A . ex:n a ex:B ."
PREDICATES = ("p", "q", "r")


def data() -> str:
    """Some triples of all kinds, in N-Triples."""
    chance = random.Random(1)
    nodes = [
        "<http://example.org/a>",
        "<http://example.org/n>",
        "_:x",
        "_:y",
        *map("<urn:{}>".format, range(4)),
    ]
    texts = ['"1"', '"01"^^<http://www.w3.org/2001/XMLSchema#integer>', '"x"@en', '"y"@EN-gb',
             '"2.50"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"\\u00e9\\U0001F600"',
             '"2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date>', '"x"^^<urn:unit>',
             '"1e400"^^<http://www.w3.org/2001/XMLSchema#double>']  # fmt: skip
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    above = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
    lines = [f"{node} {kind} <http://example.org/{chance.choice('ABC')}> ." for node in nodes[:5]]
    lines += [
        f"<http://example.org/{a}> {above} <http://example.org/{b}> ." for a, b in ("BC", "CB")
    ]
    for _ in range(60):
        value = chance.choice(nodes + texts)
        predicate = chance.choice(PREDICATES)
        lines.append(f"{chance.choice(nodes)} <http://example.org/{predicate}> {value} .")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("program")
    shapes, ontology = folder / "shapes.ttl", folder / "ontology.ttl"
    shapes.write_text(PREFIXES + SHAPES, "utf-8")
    ontology.write_text(PREFIXES + ONTOLOGY, "utf-8")
    loaded = read([str(ontology)], [str(shapes)])
    assert loaded.graph is not None
    return build(loaded.graph, loaded.ontologies, recursion=50)


@pytest.fixture(scope="module")
def files(program: Program, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("files")
    (folder / "program").write_bytes(to_image(program))
    (folder / "data.nt").write_text(data(), "utf-8")
    return folder / "program", folder / "data.nt"


def make(compiler: str, output: Path, *flags: str) -> Path:
    include = [f"-I{RUNTIME}", WRAP, *flags]
    sources = [SOURCE, *HOST, *toolchain.CORE]
    toolchain.compile_c(compiler, *toolchain.C11, *include, *sources, "-lm", output=output)
    return output


def test_every_allocation_may_fail(files: tuple[Path, Path], tmp_path: Path) -> None:
    toolchain.need_sanitizers("gcc", tmp_path)
    found = toolchain.run_program(
        make("gcc", tmp_path / "v", *toolchain.SANITIZERS), *files, "fail"
    )
    failed = int(found.split()[0])
    assert failed > 50
    assert int(found.splitlines()[1].split()[0]) > 50


def test_a_big_endian_machine_finds_the_same(files: tuple[Path, Path], tmp_path: Path) -> None:
    emulator = toolchain.need("qemu-s390x")
    there = make("s390x-linux-gnu-gcc", tmp_path / "there", "-O1", "-static")
    here = toolchain.run_program(make("gcc", tmp_path / "here", "-O1"), *files)
    words = [emulator, str(there), *map(str, files)]
    found = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert found.returncode == 0, found.stderr
    assert found.stdout == here
    assert len(here.splitlines()) > 50


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("level", ["-O0", "-O3"])
def test_compilers_have_nothing_to_say(
    compiler: str, level: str, program: Program, tmp_path: Path
) -> None:
    source = tmp_path / "program.c"
    source.write_text(to_c(program, "program"))
    for file in (*HOST, source):
        flags = [*toolchain.C11, f"-I{RUNTIME}", level, "-c"]
        toolchain.compile_c(compiler, *flags, file, output=tmp_path / "object.o")


def test_shapes_that_say_nothing_are_no_text_without_end(tmp_path: Path) -> None:
    """Each of 20 shapes refers twice to the next one: written into each other they double."""
    lines = [f"ex:N{n} a sh:NodeShape ; sh:and ( ex:N{n + 1} ex:N{n + 1} ) ." for n in range(20)]
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text("\n".join([PREFIXES, *lines, "ex:N20 a sh:NodeShape ."]), "utf-8")
    graph, _, _ = load([], [str(shapes)])
    assert len(to_c(build(graph), "program")) < 100_000


# Programs that are not what was written


def changed(image: bytes) -> Iterator[bytes]:
    """Each bit turned around, with the checksum as it was; and each end cut off."""
    for bit in range(8 * len(image)):
        other = bytearray(image)
        other[bit // 8] ^= 1 << bit % 8
        yield bytes(other)
    for length in range(len(image)):
        yield image[:length]


def small_program(tmp_path: Path) -> bytes:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(PREFIXES + SMALL, "utf-8")
    graph, _, _ = load([], [str(shapes)])
    return to_image(build(graph, inferring=inferring()))


def inferring() -> Inferring:
    """A rule of each form, and what guards them."""
    rules: list[Rule] = [
        ("CHAIN", ("p", "q", "p")),
        ("INTERSECTION", ("A", "B", "_c0")),
        ("AT_MOST_ONE", ("A", "p")),
        ("KEY", ("B", "p", "q")),
        ("HAS", ("q", '"1', "_c0")),
    ]
    fact = (IRI(EX + "a"), IRI(EX + "q"), IRI(EX + "f"))
    schema = (IRI(EX + "A"), IRI(RDFS + "subClassOf"), IRI(EX + "B"))
    made = tuple(map(rule_of, rules))
    domain, sealed = IRI(RDFS + "domain"), IRI(EX + "A")
    return Inferring(Rules(made, (fact,), (schema,), (domain,), (sealed,)), equality=True)


def test_a_turned_bit_is_noticed(tmp_path: Path) -> None:
    for image in changed(small_program(tmp_path)):
        with pytest.raises(ValueError, match=r"."):
            _graph.Program(image)


def test_a_turned_bit_under_a_right_checksum_is_refused_or_harmless(tmp_path: Path) -> None:
    image = small_program(tmp_path)
    accepted = 0
    for bit in range(8 * 4 * 25, 8 * len(image)):
        words = bytearray(image)
        words[bit // 8] ^= 1 << bit % 8
        words[16:20] = zlib_crc(words)
        try:
            loaded = _graph.Program(bytes(words))
        except ValueError:
            continue
        accepted += 1
        try:
            validate(loaded)
        except (MemoryError, _graph.TooDeep):  # equal terms; a shape that refers to itself
            continue
        except _graph.ExtendsOntology:  # another predicate is guarded
            continue
    assert accepted > 100


def zlib_crc(words: bytearray) -> bytes:
    return zlib.crc32(bytes(words[:16] + words[20:])).to_bytes(4, "little")


def validate(loaded: _graph.Program) -> None:
    graph = _graph.Graph(loaded)
    graph.read([data().encode()], 1, False)
    graph.close()
    run = _graph.Run(graph, detail=True)
    run.validate(0)
    for row in run.findings():
        assert all(graph.term(number) for number in row[1:4] if number)


@pytest.mark.slow
def test_fuzzers_find_nothing() -> None:
    toolchain.need("clang")
    assert fuzz_graph_program.run(5, 1) > 1000
    assert fuzz_graph_index.run(3, 1) > 100
