# SPDX-License-Identifier: Apache-2.0
"""What contradicts axioms, over graphs that hold all that follows: by engine and reference."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from cns_build import _graph
from cns_build.frontend.positions import Sources
from cns_build.graph.build import build
from cns_build.graph.compiling import Compiled
from cns_build.graph.image import to_image
from cns_build.graph.validator import Validator
from cns_build.model import Origin, ShapesGraph
from cns_build.owl.inconsistencies import inconsistencies
from tests.frontend.inputs import EX, PREFIXES
from tests.graph import references
from tests.owl.inputs import document, ontology
from tests.owl.shapes_graph import shapes_graph
from tests.owl.test_shapes import data_source, expected, said
from tests.reference import Reference, same_results
from tests.reference.terms import load

CASES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "owl:Nothing, and what is different": (
            "ex:C a owl:Class .",
            """ex:a owl:differentFrom ex:b . ex:c owl:sameAs ex:d .
            ex:n a owl:Nothing . #! owl:Nothing has no instances
            ex:e owl:sameAs ex:f ; owl:differentFrom ex:f . #! what is the same is not different
            ex:g owl:differentFrom ex:g . #! nothing is different from itself""",
        ),
        "classes": (
            """ex:C owl:disjointWith ex:D . ex:E rdfs:subClassOf [ owl:complementOf ex:D ] , ex:F .
            ex:G rdfs:subClassOf [ owl:intersectionOf ( ex:F owl:Nothing ) ] .
            [] a owl:AllDisjointClasses ; owl:members
              ( ex:F [ owl:onProperty ex:p ; owl:hasValue ex:v ] ) .""",
            """ex:a a ex:C, ex:F . ex:e a ex:E .
            ex:b a ex:C, ex:D . #! ex:C and ex:D are disjoint
            ex:c a ex:E, ex:D . #! ex:E and ex:D are disjoint
            ex:d a ex:F ; ex:p ex:v . #! ex:F and (ex:p value ex:v) are disjoint
            ex:g a ex:G . #! ex:G has no instances""",
        ),
        "what is not inferred of restrictions": (
            """ex:C rdfs:subClassOf [ owl:onProperty ex:p ; owl:someValuesFrom ex:D ] ,
              [ owl:onProperty ex:p ; owl:allValuesFrom ex:E ] ,
              [ owl:onProperty ex:q ; owl:allValuesFrom [ owl:complementOf ex:D ] ] ,
              [ owl:onProperty ex:r ; owl:maxCardinality 0 ] , [ owl:unionOf ( ex:F ex:G ) ] ,
              [ owl:onProperty ex:s ; owl:maxQualifiedCardinality 0 ; owl:onClass ex:D ] .
            [ owl:onProperty ex:t ; owl:someValuesFrom ex:D ] rdfs:subClassOf
              [ owl:onProperty ex:r ; owl:maxCardinality 0 ] .""",
            """ex:d a ex:D . ex:a a ex:C ; ex:p ex:x ; ex:q ex:x ; ex:s ex:x .
            ex:f ex:r 1 ; ex:t ex:x .
            ex:b a ex:C ; ex:q ex:d . #! each ex:C: ex:q only (not ex:D)
            ex:c a ex:C ; ex:r 1 . #! each ex:C: ex:r max 0
            ex:e a ex:C ; ex:s ex:d . #! each ex:C: ex:s max 0 ex:D
            ex:g ex:r 1 ; ex:t ex:d . #! each (ex:t some ex:D) is in (ex:r max 0)""",
        ),
        "properties": (
            """ex:p a owl:AsymmetricProperty . ex:q a owl:IrreflexiveProperty .
            ex:r owl:propertyDisjointWith ex:s .
            ex:d a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:range rdfs:Literal .
            ex:o a owl:ObjectProperty , owl:FunctionalProperty . ex:n rdfs:range xsd:integer .""",
            """ex:a ex:p ex:b ; ex:q ex:b ; ex:r 1 ; ex:s 2 ; ex:d 1, "1.0"^^xsd:decimal .
            ex:a ex:o ex:x, ex:y .
            ex:c ex:p ex:c . #! ex:p does not lead back: it is asymmetric
            ex:e ex:q ex:e . #! nothing is a value of its own ex:q: it is irreflexive
            ex:f ex:r 1 ; ex:s 1 . #! ex:r and ex:s share no value
            ex:g ex:d 1, 2 . #! ex:d has one value at most
            ex:h ex:n "x" . #! values of ex:n are in xsd:integer""",
        ),
        "individuals": (
            """[] a owl:NegativePropertyAssertion ; owl:sourceIndividual ex:a ;
              owl:assertionProperty ex:p ; owl:targetValue 1 . ex:b owl:differentFrom ex:c .
            [] a owl:AllDifferent ; owl:members ( ex:d ex:e ex:d ) .""",
            """ex:a ex:p 2 . #! ex:d and ex:d are different @ex:d
            ex:a ex:p 1 . #! ex:a does not have the value 1 of ex:p
            ex:b owl:sameAs ex:c . #! ex:b and ex:c are different""",
        ),
    }
)


@pytest.mark.parametrize("name", CASES)
def test_contradictions(tmp_path: Path, name: str) -> None:
    axioms, data = CASES[name]
    made = inconsistencies(ontology(axioms, tmp_path), {"ex": EX}, Origin("o.ttl", 0))
    assert not made.warnings
    program = build(ShapesGraph(made.shapes), [document(axioms, tmp_path)])
    image = to_image(program)
    compiled = Compiled(program, Sources([]), (), ())
    validator = Validator(compiled, image, _graph.Program(image))
    report = validator.validate([data_source(data)])
    assert said(report) == expected(data)
    reference = Reference(shapes_graph(made.shapes.values())).evaluate(load(PREFIXES + data))
    assert same_results([references.result(r) for r in report.results], reference.results)
