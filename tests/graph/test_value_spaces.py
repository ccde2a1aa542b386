# SPDX-License-Identifier: Apache-2.0
"""Value spaces of datatypes, and different values: all engines and the reference, crossed."""

from __future__ import annotations

from itertools import combinations

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from cns_build.graph.data import Source
from cns_build.graph.validator import Validator
from tests.compiling import PREFIXES
from tests.graph import references
from tests.graph.native import build_library, shapes_in
from tests.reference import Reference, Result, same_results
from tests.reference.terms import load

DATATYPES = (
    *("byte", "short", "int", "long", "integer", "unsignedByte", "nonNegativeInteger"),
    *("negativeInteger", "decimal", "float", "double", "boolean", "string", "normalizedString"),
    *("token", "language", "NMTOKEN", "Name", "NCName", "anyURI", "hexBinary", "base64Binary"),
    *("dateTime", "dateTimeStamp", "date", "time", "gYear", "duration", "yearMonthDuration"),
    *("dayTimeDuration", "NMTOKENS", "QName"),
)
LITERALS = (
    *('"1"^^xsd:integer', '"+01"^^xsd:byte', '"1.0"^^xsd:decimal', '"1.5"^^xsd:decimal'),
    *('"1"^^xsd:float', '"1"^^xsd:double', '"-0.0"^^xsd:double', '"0.0"^^xsd:double'),
    *('"0"^^xsd:float', '"0.0"^^xsd:decimal', '"-3"^^xsd:integer', '"300"^^xsd:int'),
    *('"300"^^xsd:byte', '"NaN"^^xsd:double', '"NaN"^^xsd:float', '"1"^^xsd:boolean'),
    *('"true"^^xsd:boolean', '"a"', '"a"@en', '"a"^^xsd:token', '"a  b"', '"a b"^^xsd:token'),
    *(
        '"a\\nb"',
        '"en-GB"^^xsd:language',
        '"a:b"',
        '"-a"',
        '"a"^^xsd:anyURI',
        '"0A"^^xsd:hexBinary',
    ),
    *('"0a"^^xsd:hexBinary', '"AA=="^^xsd:base64Binary', '"2024-02-29T12:00:00Z"^^xsd:dateTime'),
    *('"2024-02-29T13:00:00+01:00"^^xsd:dateTimeStamp', '"2024-02-29T12:00:00"^^xsd:dateTime'),
    *(
        '"2024-02-29"^^xsd:date',
        '"12:00:00"^^xsd:time',
        '"2024"^^xsd:gYear',
        '"P1Y"^^xsd:duration',
    ),
    *('"P12M"^^xsd:yearMonthDuration', '"P1YT0S"^^xsd:duration', '"PT0S"^^xsd:duration'),
    *('"P0M"^^xsd:yearMonthDuration', '"P1DT0.50S"^^xsd:duration', '"P1YT1S"^^xsd:duration'),
    *('"PT24H0.5S"^^xsd:dayTimeDuration', '"x"^^ex:unit', "ex:thing"),
)
IN_SPACE = {
    "integer": ("+01", "1", "1.0", "0.0", "-3", "300"),
    "unsignedByte": ("+01", "1", "1.0", "0.0"),
    "decimal": ("+01", "1", "1.0", "1.5", "0.0", "-3", "300"),
    "double": ("1", "-0.0", "0.0", "NaN"),
    "token": ("a", "a b", "en-GB", "a:b", "-a"),
    "dateTimeStamp": ("2024-02-29T12:00:00Z", "2024-02-29T13:00:00+01:00"),
    "yearMonthDuration": ("P1Y", "P12M", "P1YT0S", "PT0S", "P0M"),
    "dayTimeDuration": ("PT0S", "P0M", "P1DT0.50S", "PT24H0.5S"),
}
"""Of some datatypes, the lexical forms of the literals above that are in their value spaces."""

SAME = (
    {'"1"^^xsd:integer', '"+01"^^xsd:byte', '"1.0"^^xsd:decimal'},
    {'"1"^^xsd:boolean', '"true"^^xsd:boolean'},
    {'"a"', '"a"^^xsd:token'},
    {'"P1Y"^^xsd:duration', '"P12M"^^xsd:yearMonthDuration', '"P1YT0S"^^xsd:duration'},
    {'"PT0S"^^xsd:duration', '"P0M"^^xsd:yearMonthDuration'},
    {'"P1DT0.50S"^^xsd:duration', '"PT24H0.5S"^^xsd:dayTimeDuration'},
    {'"2024-02-29T12:00:00Z"^^xsd:dateTime', '"2024-02-29T13:00:00+01:00"^^xsd:dateTimeStamp'},
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> tuple[Validator, Validator, Reference]:
    """Both engines and the reference for a shape of each datatype, and one of pairs."""
    folder = tmp_path_factory.mktemp("spaces")
    shapes = "".join(
        f"ex:{name} sh:targetObjectsOf ex:value ; <urn:cns:valueSpace> xsd:{name} .\n"
        for name in DATATYPES
    )
    shapes += "ex:Pair sh:targetSubjectsOf ex:pair ; sh:property ex:One .\n"
    shapes += "ex:One sh:path ex:pair ; <urn:cns:maxValues> 1 .\n"
    (folder / "shapes.ttl").write_text(PREFIXES + shapes)
    code = Validator.compile([str(folder / "shapes.ttl")])
    library = build_library(folder, {"spaces": code.program})
    native = code.with_shapes(shapes_in(library, "spaces"))
    return code, native, Reference(load(PREFIXES + shapes))


def results(engines: tuple[Validator, Validator, Reference], data: str) -> list[Result]:
    """What all three find in the data."""
    quads = pyoxigraph.parse(PREFIXES + data, RdfFormat.TURTLE)
    lines = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS)
    assert isinstance(lines, bytes)
    code, native, reference = engines
    found = code.validate([Source("data.nt", lines, quads=False)])
    again = native.validate([Source("data.nt", lines, quads=False)])
    assert found.results == again.results
    given = [references.result(result) for result in found.results]
    wanted = reference.evaluate(load(PREFIXES + data)).results
    differing = {str(r.focus) for r in given} ^ {str(r.focus) for r in wanted}
    assert not differing
    assert same_results(given, wanted)
    return given


def test_value_spaces(engines: tuple[Validator, Validator, Reference]) -> None:
    found = results(engines, f"ex:a ex:value {', '.join(LITERALS)} .")
    outside: dict[str, set[str]] = {}
    for one in found:
        assert one.value is not None
        outside.setdefault(str(one.source_shape).rpartition("/")[2], set()).add(one.value.n3())
    terms = {
        value.n3() for value in load(f"{PREFIXES}ex:a ex:p {', '.join(LITERALS)} .").objects()
    }
    for name, forms in IN_SPACE.items():
        inside = [term for term in terms if term not in outside[name]]
        assert sorted({term.split('"')[1] for term in inside}) == sorted(set(forms)), name


def test_different_values(engines: tuple[Validator, Validator, Reference]) -> None:
    pairs = list(combinations(LITERALS, 2))
    data = "".join(f"ex:n{n} ex:pair {a}, {b} .\n" for n, (a, b) in enumerate(pairs))
    several = {str(one.focus).rpartition("/n")[2] for one in results(engines, data)}
    same = [pair for n, pair in enumerate(pairs) if str(n) not in several]
    assert all(any({a, b} <= group for group in SAME) for a, b in same)
    assert len(same) == sum(len(group) * (len(group) - 1) // 2 for group in SAME)
