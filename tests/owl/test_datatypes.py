# SPDX-License-Identifier: Apache-2.0
"""Value spaces: which literals are the same, and of which datatypes; the rules of table 8."""

from __future__ import annotations

import pytest
from rdflib import Literal, URIRef

from tests.owl import datatypes as dt
from tests.owl.reasoner import owl_rl
from tests.owl.test_reasoner import EX
from tests.owl.triples import Triple
from tests.reference.terms import LANG_STRING, OWL, RDF, RDF_TYPE, RDFS, XSD, literal

P, X = URIRef(EX + "p"), URIRef(EX + "x")


def lit(text: str) -> Literal:
    """Read `form^^datatype` or `form@language`."""
    form, at, language = text.rpartition("@")
    if at and "^^" not in text:
        return literal(form, language=language)
    form, _, name = text.partition("^^")
    return literal(form, str(_datatype(name)))


def _datatype(name: str) -> URIRef:
    spaces = {"PlainLiteral": RDF, "XMLLiteral": RDF, "langString": RDF, "Literal": RDFS}
    spaces |= {"real": OWL, "rational": OWL}
    return URIRef(spaces.get(name, XSD)[name])


SAME = [
    ("1^^integer", "01^^integer"),
    ("1^^integer", "+1.0^^decimal"),
    ("1^^byte", "1^^unsignedLong"),
    ("1/2^^rational", "0.50^^decimal"),
    ("a^^string", "a^^token"),
    ("a^^string", "a@^^PlainLiteral"),
    ("a@en", "a@EN"),
    ("a@en", "a@en^^PlainLiteral"),
    ("1^^boolean", "true^^boolean"),
    ("1e0^^float", "1.00^^float"),
    ("0.1^^float", "0.100000001^^float"),
    ("NaN^^double", "NaN^^double"),
    ("0a^^hexBinary", "0A^^hexBinary"),
    ("PT1H^^duration", "PT60M^^dayTimeDuration"),
    ("P1Y^^duration", "P12M^^yearMonthDuration"),
    ("2000-01-01T00:00:00Z^^dateTime", "2000-01-01T00:00:00+00:00^^dateTimeStamp"),
    ("<a b='1' c='2'/>^^XMLLiteral", "<a c='2' b='1'></a>^^XMLLiteral"),
]
DIFFERENT = [
    ("1^^integer", "1^^double"),
    ("1^^double", "1^^float"),
    ("1^^integer", "1^^string"),
    ("0.0^^float", "-0.0^^float"),
    ("NaN^^float", "NaN^^double"),
    ("1^^boolean", "1^^integer"),
    ("a^^string", "a^^anyURI"),
    ("a^^string", "a@en"),
    ("a@en", "a@de"),
    ("aa^^hexBinary", "qg==^^base64Binary"),
    ("0.1^^double", "0.1^^decimal"),
    ("2000-01-01T00:00:00Z^^dateTime", "2000-01-01T01:00:00+01:00^^dateTime"),
    ("2000-01-01T00:00:00Z^^dateTime", "2000-01-01T00:00:00^^dateTime"),
    ("2000-01-01^^date", "2000-01-01T00:00:00^^dateTime"),
]
IN = [
    ("1.0^^decimal", "integer"),
    ("1^^integer", "byte"),
    ("-1^^decimal", "negativeInteger"),
    ("255^^integer", "unsignedByte"),
    ("1.5^^decimal", "real"),
    ("1^^byte", "rational"),
    ("a b^^string", "token"),
    ("en^^string", "language"),
    ("a@en", "PlainLiteral"),
    ("a@en", "langString"),
    ("1^^float", "Literal"),
    ("2000-01-01T00:00:00Z^^dateTime", "dateTimeStamp"),
    ("PT0S^^duration", "yearMonthDuration"),
]
NOT_IN = [
    ("1.5^^decimal", "integer"),
    ("256^^integer", "unsignedByte"),
    ("0^^integer", "positiveInteger"),
    ("-1^^integer", "unsignedLong"),
    ("1^^double", "decimal"),
    ("1^^float", "double"),
    (" a^^string", "token"),
    ("a b^^string", "Name"),
    ("a@en", "string"),
    ("1^^integer", "PlainLiteral"),
    ("1^^double", "real"),
    ("2000-01-01T00:00:00^^dateTime", "dateTimeStamp"),
    ("P1M^^duration", "dayTimeDuration"),
    ("true^^boolean", "integer"),
]
ILL_TYPED = [
    *("1.0^^integer", "300^^byte", "yes^^boolean", "1e1^^decimal", "-1^^unsignedInt", " 1^^int"),
    *("a^^float", "0^^hexBinary", "a^^base64Binary", "2000-02-30^^date", "<a^^XMLLiteral"),
    *("P^^duration", "a^^PlainLiteral", "1/0^^rational", "x^^langString", "a^^real"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_equal_values_are_the_same(left: str, right: str) -> None:
    assert dt.value(lit(left)) == dt.value(lit(right)) is not None
    assert _closed(lit(left), lit(right), OWL["sameAs"])
    assert not _closed(lit(left), lit(right), OWL["differentFrom"])


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_other_values_are_different(left: str, right: str) -> None:
    assert dt.value(lit(left)) is not None
    assert dt.value(lit(right)) is not None
    assert _closed(lit(left), lit(right), OWL["differentFrom"])
    assert not _closed(lit(left), lit(right), OWL["sameAs"])


@pytest.mark.parametrize(("text", "datatype"), IN)
def test_values_lie_in_datatypes(text: str, datatype: str) -> None:
    assert _closed(lit(text), _datatype(datatype), RDF_TYPE)
    assert owl_rl(_typed(text, datatype)).consistent


@pytest.mark.parametrize(("text", "datatype"), NOT_IN)
def test_values_outside_a_datatype_contradict_its_range(text: str, datatype: str) -> None:
    assert not _closed(lit(text), _datatype(datatype), RDF_TYPE)
    clashes = owl_rl(_typed(text, datatype)).clashes
    assert {clash.rule for clash in clashes} == {"dt-not-type"}


@pytest.mark.parametrize("text", ILL_TYPED)
def test_ill_typed_literals_denote_nothing(text: str) -> None:
    assert dt.value(lit(text)) is None


def test_literals_of_unknown_datatypes_are_what_they_are() -> None:
    unknown = literal("1", EX + "datatype")
    assert dt.value(unknown) is None
    closure = owl_rl([(X, P, unknown), (P, RDFS["range"], XSD["integer"])])
    assert closure.consistent


def test_datatypes_that_are_known() -> None:
    assert len(dt.OWL2_RL) == 32
    assert LANG_STRING in dt.KNOWN - dt.OWL2_RL


def _typed(text: str, datatype: str) -> list[Triple]:
    return [(X, P, lit(text)), (P, RDFS["range"], _datatype(datatype))]


def _closed(left: Literal, right: Literal | URIRef, predicate: URIRef) -> bool:
    """Whether the rules of table 8 alone derive the triple."""
    only = {"dt-type2", "dt-eq", "dt-diff"}
    closure = owl_rl([(X, P, left), (X, P, right)], only=only)
    assert closure.consistent
    return (left, predicate, right) in closure.triples
