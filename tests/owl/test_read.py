# SPDX-License-Identifier: Apache-2.0
"""What ontologies may not write is an error where it stands, for all that reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError
from cns_build.owl.load import load_ontology
from tests.frontend.inputs import PREFIXES

NO_PROPERTY = "what stands here is no property: neither an IRI nor [ owl:inverseOf IRI ]"
DECIMAL = "owl:onDatatype xsd:decimal ; owl:withRestrictions"
ILL_FORMED = {
    'ex:A rdfs:subClassOf "text" .': "a literal stands where a class should",
    'ex:A a "text" .': "the class of a node is a literal",
    "ex:A owl:unionOf _:l . _:l rdf:first ex:B ; rdf:rest _:l .": "ill-formed list: it leads back "
    "into itself",
    'ex:p rdfs:subPropertyOf "text" .': NO_PROPERTY,
    "ex:p rdfs:subPropertyOf [ owl:inverseOf ex:q , ex:r ] .": NO_PROPERTY,
    "[] owl:someValuesFrom ex:A .": "there is no owl:onProperty",
    "[] owl:onProperty ex:p , ex:q ; owl:hasValue 1 .": "there is more than one owl:onProperty",
    "[] owl:onProperty ex:p ; owl:hasSelf false .": "owl:hasSelf is true or not there",
    "[] owl:onProperty ex:p ; owl:maxCardinality -1 .": "owl:maxCardinality takes a number that "
    "is not negative",
    "[] owl:onProperty ex:p ; owl:maxQualifiedCardinality 1 .": "there is no owl:onDataRange",
    "ex:p owl:propertyChainAxiom ( ) .": "a chain of no properties",
    "[] owl:onDatatype _:d ; owl:withRestrictions ( [ xsd:length 1 ] ) .": "owl:onDatatype is no "
    "IRI",
    f"[] {DECIMAL} ( ) .": "there are no facets",
    f"[] {DECIMAL} ( [ xsd:minInclusive 0 ] [ xsd:maxInclusive ex:most ] ) .": "xsd:maxInclusive "
    "takes a literal",
    "[] a owl:AllDisjointClasses .": "there is no owl:members",
    "ex:a owl:differentFrom 1 .": "owl:differentFrom a literal",
    "[] a owl:NegativePropertyAssertion .": "there is no owl:sourceIndividual",
}


@pytest.mark.parametrize("text", ILL_FORMED)
def test_ill_formed_axioms_are_errors(tmp_path: Path, text: str) -> None:
    file = tmp_path / "o.ttl"
    file.write_text(PREFIXES + text)
    with pytest.raises(CompileError) as caught:
        load_ontology([str(file)])
    (error,) = caught.value.diagnostics
    assert (error.message, error.rule) == (ILL_FORMED[text], "owl-syntax")
    assert str(error.where).startswith(f"{file}:{PREFIXES.count(chr(10)) + 1}:")
    assert error.fix
