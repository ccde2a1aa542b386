# SPDX-License-Identifier: Apache-2.0
"""One example of each rule of OWL 2 RL/RDF: what it takes, and what it makes of that."""

from __future__ import annotations

PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

FALSE = "false"


def _card(name: str, count: int, more: str = "") -> str:
    return (
        f':R owl:{name} "{count}"^^xsd:nonNegativeInteger ; owl:onProperty :p {more} . :u a :R .'
    )


_TWO = "; owl:onClass :C"
_ANY = "; owl:onClass owl:Thing"

EXAMPLES: dict[str, tuple[str, str]] = {
    # Table 4
    "eq-ref": (":x :p :y .", ":x owl:sameAs :x . :p owl:sameAs :p . :y owl:sameAs :y ."),
    "eq-sym": (":x owl:sameAs :y .", ":y owl:sameAs :x ."),
    "eq-trans": (":x owl:sameAs :y . :y owl:sameAs :z .", ":x owl:sameAs :z ."),
    "eq-rep-s": (":x owl:sameAs :y . :x :p :z .", ":y :p :z ."),
    "eq-rep-p": (":p owl:sameAs :q . :x :p :z .", ":x :q :z ."),
    "eq-rep-o": (":z owl:sameAs :y . :x :p :z .", ":x :p :y ."),
    "eq-diff1": (":x owl:sameAs :y ; owl:differentFrom :y .", FALSE),
    "eq-diff2": ("_:d a owl:AllDifferent ; owl:members ( :x :y :z ) . :x owl:sameAs :z .", FALSE),
    "eq-diff3": (
        "_:d a owl:AllDifferent ; owl:distinctMembers ( :x :y :z ) . :y owl:sameAs :z .",
        FALSE,
    ),
    # Table 5
    "prp-ap": ("", "owl:deprecated a owl:AnnotationProperty ."),
    "prp-dom": (":p rdfs:domain :C . :x :p :y .", ":x a :C ."),
    "prp-rng": (":p rdfs:range :C . :x :p :y .", ":y a :C ."),
    "prp-fp": (":p a owl:FunctionalProperty . :x :p :y , :z .", ":y owl:sameAs :z ."),
    "prp-ifp": (
        ":p a owl:InverseFunctionalProperty . :x :p :z . :y :p :z .",
        ":x owl:sameAs :y .",
    ),
    "prp-irp": (":p a owl:IrreflexiveProperty . :x :p :x .", FALSE),
    "prp-symp": (":p a owl:SymmetricProperty . :x :p :y .", ":y :p :x ."),
    "prp-asyp": (":p a owl:AsymmetricProperty . :x :p :y . :y :p :x .", FALSE),
    "prp-trp": (":p a owl:TransitiveProperty . :x :p :y . :y :p :z .", ":x :p :z ."),
    "prp-spo1": (":p rdfs:subPropertyOf :q . :x :p :y .", ":x :q :y ."),
    "prp-spo2": (
        ":p owl:propertyChainAxiom ( :q :r :s ) . :w :q :x . :x :r :y . :y :s :z .",
        ":w :p :z .",
    ),
    "prp-eqp1": (":p owl:equivalentProperty :q . :x :p :y .", ":x :q :y ."),
    "prp-eqp2": (":p owl:equivalentProperty :q . :x :q :y .", ":x :p :y ."),
    "prp-pdw": (":p owl:propertyDisjointWith :q . :x :p :y ; :q :y .", FALSE),
    "prp-adp": (
        "_:d a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :x :p :y ; :r :y .",
        FALSE,
    ),
    "prp-inv1": (":p owl:inverseOf :q . :x :p :y .", ":y :q :x ."),
    "prp-inv2": (":p owl:inverseOf :q . :x :q :y .", ":y :p :x ."),
    "prp-key": (
        ":C owl:hasKey ( :p :q ) . :x a :C ; :p :v ; :q 1 . :y a :C ; :p :v ; :q 1 .",
        ":x owl:sameAs :y .",
    ),
    "prp-npa1": (
        "_:n owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetIndividual :y ."
        " :x :p :y .",
        FALSE,
    ),
    "prp-npa2": (
        "_:n owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetValue 1 . :x :p 1 .",
        FALSE,
    ),
    # Table 6
    "cls-thing": ("", "owl:Thing a owl:Class ."),
    "cls-nothing1": ("", "owl:Nothing a owl:Class ."),
    "cls-nothing2": (":x a owl:Nothing .", FALSE),
    "cls-int1": (":C owl:intersectionOf ( :D :E ) . :x a :D , :E .", ":x a :C ."),
    "cls-int2": (":C owl:intersectionOf ( :D :E ) . :x a :C .", ":x a :D , :E ."),
    "cls-uni": (":C owl:unionOf ( :D :E ) . :x a :E .", ":x a :C ."),
    "cls-com": (":C owl:complementOf :D . :x a :C , :D .", FALSE),
    "cls-svf1": (
        ":R owl:someValuesFrom :C ; owl:onProperty :p . :u :p :v . :v a :C .",
        ":u a :R .",
    ),
    "cls-svf2": (
        ":R owl:someValuesFrom owl:Thing ; owl:onProperty :p . :u :p :v .",
        ":u a :R .",
    ),
    "cls-avf": (
        ":R owl:allValuesFrom :C ; owl:onProperty :p . :u :p :v ; a :R .",
        ":v a :C .",
    ),
    "cls-hv1": (":R owl:hasValue :v ; owl:onProperty :p . :u a :R .", ":u :p :v ."),
    "cls-hv2": (":R owl:hasValue :v ; owl:onProperty :p . :u :p :v .", ":u a :R ."),
    "cls-maxc1": (f"{_card('maxCardinality', 0)} :u :p :y .", FALSE),
    "cls-maxc2": (f"{_card('maxCardinality', 1)} :u :p :y , :z .", ":y owl:sameAs :z ."),
    "cls-maxqc1": (
        f"{_card('maxQualifiedCardinality', 0, _TWO)} :u :p :y . :y a :C .",
        FALSE,
    ),
    "cls-maxqc2": (f"{_card('maxQualifiedCardinality', 0, _ANY)} :u :p :y .", FALSE),
    "cls-maxqc3": (
        f"{_card('maxQualifiedCardinality', 1, _TWO)} :u :p :y , :z . :y a :C . :z a :C .",
        ":y owl:sameAs :z .",
    ),
    "cls-maxqc4": (
        f"{_card('maxQualifiedCardinality', 1, _ANY)} :u :p :y , :z .",
        ":y owl:sameAs :z .",
    ),
    "cls-oo": (":C owl:oneOf ( :x :y ) .", ":x a :C . :y a :C ."),
    # Table 7
    "cax-sco": (":C rdfs:subClassOf :D . :x a :C .", ":x a :D ."),
    "cax-eqc1": (":C owl:equivalentClass :D . :x a :C .", ":x a :D ."),
    "cax-eqc2": (":C owl:equivalentClass :D . :x a :D .", ":x a :C ."),
    "cax-dw": (":C owl:disjointWith :D . :x a :C , :D .", FALSE),
    "cax-adc": (
        "_:d a owl:AllDisjointClasses ; owl:members ( :C :D :E ) . :x a :C , :E .",
        FALSE,
    ),
    # Table 8
    "dt-type1": ("", "xsd:unsignedByte a rdfs:Datatype ."),
    # Table 9
    "scm-cls": (
        ":C a owl:Class .",
        ":C rdfs:subClassOf :C , owl:Thing ; owl:equivalentClass :C ."
        " owl:Nothing rdfs:subClassOf :C .",
    ),
    "scm-sco": (":C rdfs:subClassOf :D . :D rdfs:subClassOf :E .", ":C rdfs:subClassOf :E ."),
    "scm-eqc1": (
        ":C owl:equivalentClass :D .",
        ":C rdfs:subClassOf :D . :D rdfs:subClassOf :C .",
    ),
    "scm-eqc2": (
        ":C rdfs:subClassOf :D . :D rdfs:subClassOf :C .",
        ":C owl:equivalentClass :D .",
    ),
    "scm-op": (
        ":p a owl:ObjectProperty .",
        ":p rdfs:subPropertyOf :p ; owl:equivalentProperty :p .",
    ),
    "scm-dp": (
        ":p a owl:DatatypeProperty .",
        ":p rdfs:subPropertyOf :p ; owl:equivalentProperty :p .",
    ),
    "scm-spo": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .",
        ":p rdfs:subPropertyOf :r .",
    ),
    "scm-eqp1": (
        ":p owl:equivalentProperty :q .",
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
    ),
    "scm-eqp2": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
        ":p owl:equivalentProperty :q .",
    ),
    "scm-dom1": (":p rdfs:domain :C . :C rdfs:subClassOf :D .", ":p rdfs:domain :D ."),
    "scm-dom2": (":q rdfs:domain :C . :p rdfs:subPropertyOf :q .", ":p rdfs:domain :C ."),
    "scm-rng1": (":p rdfs:range :C . :C rdfs:subClassOf :D .", ":p rdfs:range :D ."),
    "scm-rng2": (":q rdfs:range :C . :p rdfs:subPropertyOf :q .", ":p rdfs:range :C ."),
    "scm-hv": (
        ":C owl:hasValue :i ; owl:onProperty :p . :D owl:hasValue :i ; owl:onProperty :q ."
        " :p rdfs:subPropertyOf :q .",
        ":C rdfs:subClassOf :D .",
    ),
    "scm-svf1": (
        ":C owl:someValuesFrom :E ; owl:onProperty :p . :D owl:someValuesFrom :F ;"
        " owl:onProperty :p . :E rdfs:subClassOf :F .",
        ":C rdfs:subClassOf :D .",
    ),
    "scm-svf2": (
        ":C owl:someValuesFrom :E ; owl:onProperty :p . :D owl:someValuesFrom :E ;"
        " owl:onProperty :q . :p rdfs:subPropertyOf :q .",
        ":C rdfs:subClassOf :D .",
    ),
    "scm-avf1": (
        ":C owl:allValuesFrom :E ; owl:onProperty :p . :D owl:allValuesFrom :F ;"
        " owl:onProperty :p . :E rdfs:subClassOf :F .",
        ":C rdfs:subClassOf :D .",
    ),
    "scm-avf2": (
        ":C owl:allValuesFrom :E ; owl:onProperty :p . :D owl:allValuesFrom :E ;"
        " owl:onProperty :q . :p rdfs:subPropertyOf :q .",
        ":D rdfs:subClassOf :C .",
    ),
    "scm-int": (":C owl:intersectionOf ( :D :E ) .", ":C rdfs:subClassOf :D , :E ."),
    "scm-uni": (":C owl:unionOf ( :D :E ) .", ":D rdfs:subClassOf :C . :E rdfs:subClassOf :C ."),
}
"""By name of the rule; those about literals are in test_datatypes.py."""
