# SPDX-License-Identifier: Apache-2.0
"""The rules of OWL 2 RL/RDF (OWL 2 Profiles, section 4.3, tables 4 to 9) and of RDFS, as data.

A rule is `name: patterns -> patterns`; `false` is a contradiction. Rules over lists and over
literals cannot be written so: `lists.py` and `literals.py` make rules without lists of those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rdflib import URIRef, Variable
from rdflib.term import Node

from tests.owl.triples import Triple
from tests.reference.terms import OWL, RDF, RDF_TYPE, RDFS, XSD, literal

_PREFIXES = {"owl": OWL, "rdf": RDF, "rdfs": RDFS, "xsd": XSD}


@dataclass(frozen=True)
class Rule:
    """What holds (`head`) where all of `body` does; an empty head is a contradiction."""

    name: str
    body: tuple[Triple, ...]
    head: tuple[Triple, ...]


# Table 4: equality
_EQUALITY = """
eq-ref: ?s ?p ?o -> ?s owl:sameAs ?s . ?p owl:sameAs ?p . ?o owl:sameAs ?o
eq-sym: ?x owl:sameAs ?y -> ?y owl:sameAs ?x
eq-trans: ?x owl:sameAs ?y . ?y owl:sameAs ?z -> ?x owl:sameAs ?z
eq-rep-s: ?s owl:sameAs ?s2 . ?s ?p ?o -> ?s2 ?p ?o
eq-rep-p: ?p owl:sameAs ?p2 . ?s ?p ?o -> ?s ?p2 ?o
eq-rep-o: ?o owl:sameAs ?o2 . ?s ?p ?o -> ?s ?p ?o2
eq-diff1: ?x owl:sameAs ?y . ?x owl:differentFrom ?y -> false
"""

# Table 5: properties
_PROPERTIES = """
prp-dom: ?p rdfs:domain ?c . ?x ?p ?y -> ?x a ?c
prp-rng: ?p rdfs:range ?c . ?x ?p ?y -> ?y a ?c
prp-fp: ?p a owl:FunctionalProperty . ?x ?p ?y1 . ?x ?p ?y2 -> ?y1 owl:sameAs ?y2
prp-ifp: ?p a owl:InverseFunctionalProperty . ?x1 ?p ?y . ?x2 ?p ?y -> ?x1 owl:sameAs ?x2
prp-irp: ?p a owl:IrreflexiveProperty . ?x ?p ?x -> false
prp-symp: ?p a owl:SymmetricProperty . ?x ?p ?y -> ?y ?p ?x
prp-asyp: ?p a owl:AsymmetricProperty . ?x ?p ?y . ?y ?p ?x -> false
prp-trp: ?p a owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z -> ?x ?p ?z
prp-spo1: ?p1 rdfs:subPropertyOf ?p2 . ?x ?p1 ?y -> ?x ?p2 ?y
prp-eqp1: ?p1 owl:equivalentProperty ?p2 . ?x ?p1 ?y -> ?x ?p2 ?y
prp-eqp2: ?p1 owl:equivalentProperty ?p2 . ?x ?p2 ?y -> ?x ?p1 ?y
prp-pdw: ?p1 owl:propertyDisjointWith ?p2 . ?x ?p1 ?y . ?x ?p2 ?y -> false
prp-inv1: ?p1 owl:inverseOf ?p2 . ?x ?p1 ?y -> ?y ?p2 ?x
prp-inv2: ?p1 owl:inverseOf ?p2 . ?x ?p2 ?y -> ?y ?p1 ?x
prp-npa1: ?x owl:sourceIndividual ?i1 . ?x owl:assertionProperty ?p .
    ?x owl:targetIndividual ?i2 . ?i1 ?p ?i2 -> false
prp-npa2: ?x owl:sourceIndividual ?i . ?x owl:assertionProperty ?p .
    ?x owl:targetValue ?lt . ?i ?p ?lt -> false
"""

_ANNOTATIONS = "label comment seeAlso isDefinedBy"
_OWL_ANNOTATIONS = "deprecated versionInfo priorVersion backwardCompatibleWith incompatibleWith"

# Table 6: classes
_CLASSES = """
cls-thing: -> owl:Thing a owl:Class
cls-nothing1: -> owl:Nothing a owl:Class
cls-nothing2: ?x a owl:Nothing -> false
cls-com: ?c1 owl:complementOf ?c2 . ?x a ?c1 . ?x a ?c2 -> false
cls-svf1: ?x owl:someValuesFrom ?y . ?x owl:onProperty ?p . ?u ?p ?v . ?v a ?y -> ?u a ?x
cls-svf2: ?x owl:someValuesFrom owl:Thing . ?x owl:onProperty ?p . ?u ?p ?v -> ?u a ?x
cls-avf: ?x owl:allValuesFrom ?y . ?x owl:onProperty ?p . ?u a ?x . ?u ?p ?v -> ?v a ?y
cls-hv1: ?x owl:hasValue ?y . ?x owl:onProperty ?p . ?u a ?x -> ?u ?p ?y
cls-hv2: ?x owl:hasValue ?y . ?x owl:onProperty ?p . ?u ?p ?y -> ?u a ?x
cls-maxc1: ?x owl:maxCardinality 0 . ?x owl:onProperty ?p . ?u a ?x . ?u ?p ?y -> false
cls-maxc2: ?x owl:maxCardinality 1 . ?x owl:onProperty ?p . ?u a ?x . ?u ?p ?y1 . ?u ?p ?y2
    -> ?y1 owl:sameAs ?y2
cls-maxqc1: ?x owl:maxQualifiedCardinality 0 . ?x owl:onProperty ?p . ?x owl:onClass ?c .
    ?u a ?x . ?u ?p ?y . ?y a ?c -> false
cls-maxqc2: ?x owl:maxQualifiedCardinality 0 . ?x owl:onProperty ?p . ?x owl:onClass owl:Thing .
    ?u a ?x . ?u ?p ?y -> false
cls-maxqc3: ?x owl:maxQualifiedCardinality 1 . ?x owl:onProperty ?p . ?x owl:onClass ?c .
    ?u a ?x . ?u ?p ?y1 . ?y1 a ?c . ?u ?p ?y2 . ?y2 a ?c -> ?y1 owl:sameAs ?y2
cls-maxqc4: ?x owl:maxQualifiedCardinality 1 . ?x owl:onProperty ?p . ?x owl:onClass owl:Thing .
    ?u a ?x . ?u ?p ?y1 . ?u ?p ?y2 -> ?y1 owl:sameAs ?y2
"""

# Table 7: class axioms
_CLASS_AXIOMS = """
cax-sco: ?c1 rdfs:subClassOf ?c2 . ?x a ?c1 -> ?x a ?c2
cax-eqc1: ?c1 owl:equivalentClass ?c2 . ?x a ?c1 -> ?x a ?c2
cax-eqc2: ?c1 owl:equivalentClass ?c2 . ?x a ?c2 -> ?x a ?c1
cax-dw: ?c1 owl:disjointWith ?c2 . ?x a ?c1 . ?x a ?c2 -> false
"""

# Table 9: schema vocabulary
_SCHEMA = """
scm-cls: ?c a owl:Class -> ?c rdfs:subClassOf ?c . ?c owl:equivalentClass ?c .
    ?c rdfs:subClassOf owl:Thing . owl:Nothing rdfs:subClassOf ?c
scm-sco: ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c3 -> ?c1 rdfs:subClassOf ?c3
scm-eqc1: ?c1 owl:equivalentClass ?c2 -> ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c1
scm-eqc2: ?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c1 -> ?c1 owl:equivalentClass ?c2
scm-op: ?p a owl:ObjectProperty -> ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p
scm-dp: ?p a owl:DatatypeProperty -> ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p
scm-spo: ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p3 -> ?p1 rdfs:subPropertyOf ?p3
scm-eqp1: ?p1 owl:equivalentProperty ?p2
    -> ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p1
scm-eqp2: ?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p1
    -> ?p1 owl:equivalentProperty ?p2
scm-dom1: ?p rdfs:domain ?c1 . ?c1 rdfs:subClassOf ?c2 -> ?p rdfs:domain ?c2
scm-dom2: ?p2 rdfs:domain ?c . ?p1 rdfs:subPropertyOf ?p2 -> ?p1 rdfs:domain ?c
scm-rng1: ?p rdfs:range ?c1 . ?c1 rdfs:subClassOf ?c2 -> ?p rdfs:range ?c2
scm-rng2: ?p2 rdfs:range ?c . ?p1 rdfs:subPropertyOf ?p2 -> ?p1 rdfs:range ?c
scm-hv: ?c1 owl:hasValue ?i . ?c1 owl:onProperty ?p1 . ?c2 owl:hasValue ?i .
    ?c2 owl:onProperty ?p2 . ?p1 rdfs:subPropertyOf ?p2 -> ?c1 rdfs:subClassOf ?c2
scm-svf1: ?c1 owl:someValuesFrom ?y1 . ?c1 owl:onProperty ?p . ?c2 owl:someValuesFrom ?y2 .
    ?c2 owl:onProperty ?p . ?y1 rdfs:subClassOf ?y2 -> ?c1 rdfs:subClassOf ?c2
scm-svf2: ?c1 owl:someValuesFrom ?y . ?c1 owl:onProperty ?p1 . ?c2 owl:someValuesFrom ?y .
    ?c2 owl:onProperty ?p2 . ?p1 rdfs:subPropertyOf ?p2 -> ?c1 rdfs:subClassOf ?c2
scm-avf1: ?c1 owl:allValuesFrom ?y1 . ?c1 owl:onProperty ?p . ?c2 owl:allValuesFrom ?y2 .
    ?c2 owl:onProperty ?p . ?y1 rdfs:subClassOf ?y2 -> ?c1 rdfs:subClassOf ?c2
scm-avf2: ?c1 owl:allValuesFrom ?y . ?c1 owl:onProperty ?p1 . ?c2 owl:allValuesFrom ?y .
    ?c2 owl:onProperty ?p2 . ?p1 rdfs:subPropertyOf ?p2 -> ?c2 rdfs:subClassOf ?c1
"""

# RDF 1.1 Semantics, sections 8.1.1 and 9.2.1; rdfD1 and rdfs1 are with the literals
_RDF = """
rdfD2: ?x ?p ?y -> ?p a rdf:Property
"""
_RDFS = """
rdfs2: ?p rdfs:domain ?c . ?x ?p ?y -> ?x a ?c
rdfs3: ?p rdfs:range ?c . ?x ?p ?y -> ?y a ?c
rdfs4a: ?x ?p ?y -> ?x a rdfs:Resource
rdfs4b: ?x ?p ?y -> ?y a rdfs:Resource
rdfs5: ?x rdfs:subPropertyOf ?y . ?y rdfs:subPropertyOf ?z -> ?x rdfs:subPropertyOf ?z
rdfs6: ?x a rdf:Property -> ?x rdfs:subPropertyOf ?x
rdfs7: ?p rdfs:subPropertyOf ?q . ?x ?p ?y -> ?x ?q ?y
rdfs8: ?x a rdfs:Class -> ?x rdfs:subClassOf rdfs:Resource
rdfs9: ?x rdfs:subClassOf ?y . ?z a ?x -> ?z a ?y
rdfs10: ?x a rdfs:Class -> ?x rdfs:subClassOf ?x
rdfs11: ?x rdfs:subClassOf ?y . ?y rdfs:subClassOf ?z -> ?x rdfs:subClassOf ?z
rdfs12: ?x a rdfs:ContainerMembershipProperty -> ?x rdfs:subPropertyOf rdfs:member
rdfs13: ?x a rdfs:Datatype -> ?x rdfs:subClassOf rdfs:Literal
"""


def _term(word: str) -> Node:
    if word.startswith("?"):
        return Variable(word[1:])
    if word == "a":
        return RDF_TYPE
    if word.isdigit():
        return literal(word, str(XSD["nonNegativeInteger"]))
    prefix, _, local = word.partition(":")
    return URIRef(_PREFIXES[prefix][local])


def _patterns(text: str) -> tuple[Triple, ...]:
    found = []
    for pattern in re.split(r"\s\.(?:\s|$)", text.strip()):
        if pattern and pattern != "false":
            s, p, o = map(_term, pattern.split())
            found.append((s, p, o))
    return tuple(found)


def read(text: str) -> tuple[Rule, ...]:
    """The rules of a text; a line that starts with a space continues the one before it."""
    rules = []
    for line in re.sub(r"\n\s+", " ", text.strip()).splitlines():
        name, _, rule = line.partition(": ")
        body, _, head = rule.partition("->")
        rules.append(Rule(name, _patterns(body), _patterns(head)))
    return tuple(rules)


def _annotation_rules() -> tuple[Rule, ...]:
    names = [RDFS[n] for n in _ANNOTATIONS.split()] + [OWL[n] for n in _OWL_ANNOTATIONS.split()]
    return tuple(Rule("prp-ap", (), ((n, RDF_TYPE, OWL["AnnotationProperty"]),)) for n in names)


OWL2_RL = (
    *read(_EQUALITY),
    *read(_PROPERTIES),
    *_annotation_rules(),
    *read(_CLASSES),
    *read(_CLASS_AXIOMS),
    *read(_SCHEMA),
)
RDF_RULES = read(_RDF)
RDFS_RULES = (*RDF_RULES, *read(_RDFS))

# Axiomatic triples (RDF 1.1 Semantics, sections 8 and 9), those of rdf:_1, … aside
_DOMAINS_AND_RANGES = """
rdf:type rdfs:Resource rdfs:Class
rdfs:domain rdf:Property rdfs:Class
rdfs:range rdf:Property rdfs:Class
rdfs:subPropertyOf rdf:Property rdf:Property
rdfs:subClassOf rdfs:Class rdfs:Class
rdf:subject rdf:Statement rdfs:Resource
rdf:predicate rdf:Statement rdfs:Resource
rdf:object rdf:Statement rdfs:Resource
rdfs:member rdfs:Resource rdfs:Resource
rdf:first rdf:List rdfs:Resource
rdf:rest rdf:List rdf:List
rdfs:seeAlso rdfs:Resource rdfs:Resource
rdfs:isDefinedBy rdfs:Resource rdfs:Resource
rdfs:comment rdfs:Resource rdfs:Literal
rdfs:label rdfs:Resource rdfs:Literal
rdf:value rdfs:Resource rdfs:Resource
"""
_OTHER_AXIOMS = """
rdf:Alt rdfs:subClassOf rdfs:Container .
rdf:Bag rdfs:subClassOf rdfs:Container .
rdf:Seq rdfs:subClassOf rdfs:Container .
rdfs:ContainerMembershipProperty rdfs:subClassOf rdf:Property .
rdfs:isDefinedBy rdfs:subPropertyOf rdfs:seeAlso .
rdfs:Datatype rdfs:subClassOf rdfs:Class .
"""
_RDF_PROPERTIES = "type subject predicate object first rest value"

RDF_AXIOMS: tuple[Triple, ...] = (
    *((RDF[name], RDF_TYPE, RDF["Property"]) for name in _RDF_PROPERTIES.split()),
    (RDF["nil"], RDF_TYPE, RDF["List"]),
)


def _rdfs_axioms() -> tuple[Triple, ...]:
    axioms = [*RDF_AXIOMS, *_patterns(_OTHER_AXIOMS)]
    for line in _DOMAINS_AND_RANGES.strip().splitlines():
        name, domain, range_ = map(_term, line.split())
        axioms += [(name, RDFS["domain"], domain), (name, RDFS["range"], range_)]
    return tuple(axioms)


RDFS_AXIOMS = _rdfs_axioms()


def membership_axioms(property_: Node) -> tuple[Triple, ...]:
    """The axiomatic triples of rdf:_n."""
    return (
        (property_, RDF_TYPE, RDF["Property"]),
        (property_, RDF_TYPE, RDFS["ContainerMembershipProperty"]),
        (property_, RDFS["domain"], RDFS["Resource"]),
        (property_, RDFS["range"], RDFS["Resource"]),
    )
