# SPDX-License-Identifier: Apache-2.0
"""Ontologies that the OWL 2 suite has in functional syntax alone, as their triples in Turtle."""

from __future__ import annotations

_PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_BOYS_AND_GIRLS = """
:Boy a owl:Class ; owl:disjointWith :Girl .
:Girl a owl:Class .
"""

_TEXTS = {
    ("Disjoint_Props_via_Disjoint_Domains", "Premise"): _BOYS_AND_GIRLS
    + """
:sonOf a owl:ObjectProperty ; rdfs:domain :Boy .
:daughterOf a owl:ObjectProperty ; rdfs:domain :Girl .
""",
    ("Disjoint_Props_via_Disjoint_Domains", "Conclusion"): """
:sonOf a owl:ObjectProperty ; owl:propertyDisjointWith :daughterOf .
:daughterOf a owl:ObjectProperty .
""",
    ("Disjoint_Props_via_Disjoint_Ranges", "Premise"): _BOYS_AND_GIRLS
    + """
:hasSon a owl:ObjectProperty ; rdfs:range :Boy .
:hasDaughter a owl:ObjectProperty ; rdfs:range :Girl .
""",
    ("Disjoint_Props_via_Disjoint_Ranges", "Conclusion"): """
:hasSon a owl:ObjectProperty ; owl:propertyDisjointWith :hasDaughter .
:hasDaughter a owl:ObjectProperty .
""",
    ("functionality-clash", "Premise"): """
:hasAge a owl:DatatypeProperty , owl:FunctionalProperty .
:a a owl:NamedIndividual , [ a owl:Restriction ; owl:onProperty :hasAge ; owl:hasValue 18 ] ,
     [ a owl:Restriction ; owl:onProperty :hasAge ; owl:hasValue 19 ] .
""",
    ("Individual-Class_Punning_vs._ObjectOneOf", "Premise"): """
:Person a owl:Class .
[] a owl:Class ; owl:oneOf ( :Lois ) ; rdfs:subClassOf :Person .
""",
    ("Individual-Class_Punning_vs._ObjectOneOf", "NonConclusion"): """
:Person a owl:Class .
:Lois a owl:Class ; rdfs:subClassOf :Person .
""",
    ("New-Feature-ObjectPropertyChain-BJP-002", "Premise"): """
:p a owl:ObjectProperty , owl:TransitiveProperty .
""",
    ("New-Feature-ObjectPropertyChain-BJP-002", "Conclusion"): """
:p a owl:ObjectProperty ; owl:propertyChainAxiom ( :p :p ) .
""",
    ("Plus and Minus Zero are Distinct", "Premise"): """
:numberOfChildren a owl:DatatypeProperty , owl:FunctionalProperty .
:Meg a owl:NamedIndividual ; :numberOfChildren "+0.0"^^xsd:float , "-0.0"^^xsd:float .
""",
    ("string-integer-clash", "Premise"): """
:hasAge a owl:DatatypeProperty ; rdfs:range xsd:integer .
:a a owl:NamedIndividual ,
     [ a owl:Restriction ; owl:onProperty :hasAge ; owl:hasValue "aString" ] .
""",
}

TRANSLATIONS = {key: _PREFIXES + text for key, text in _TEXTS.items()}
"""By the name of the case and what the ontology is in it."""
