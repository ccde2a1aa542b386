# SPDX-License-Identifier: Apache-2.0
"""Ontologies and data at the edges of what is clear, and what follows from them."""

from __future__ import annotations

FALSE = "false"

_SOME = "a owl:Restriction ; owl:onProperty"
_AT_MOST_ONE = 'owl:maxQualifiedCardinality "1"^^xsd:nonNegativeInteger ; owl:onClass'
_NONE = 'owl:maxQualifiedCardinality "0"^^xsd:nonNegativeInteger ; owl:onClass'

EDGES: dict[str, tuple[str, str, str]] = {
    # Classes
    "a cycle of classes": (
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :C rdfs:subClassOf :A .",
        ":x a :B .",
        ":x a :A , :B , :C .",
    ),
    "a class under itself": (":A rdfs:subClassOf :A .", ":x a :A .", ":x a :A ."),
    "a cycle through expressions": (
        f":A owl:equivalentClass [ {_SOME} :p ; owl:someValuesFrom :A ] .",
        ":x :p :y . :y :p :z . :z a :A . :w :p :v .",
        ":x a :A . :y a :A .",
    ),
    "restrictions under each other by their classes": (
        f"[ {_SOME} :worksFor ; owl:someValuesFrom :Organization ] rdfs:subClassOf :Employee ."
        f" :Researcher rdfs:subClassOf [ {_SOME} :worksFor ; owl:someValuesFrom :Group ] ."
        " :Group rdfs:subClassOf :Organization .",
        ":x a :Researcher .",
        ":x a :Employee .",
    ),
    "restrictions under each other by their properties": (
        f"[ {_SOME} :memberOf ; owl:someValuesFrom :Group ] rdfs:subClassOf :Member ."
        f" :Head rdfs:subClassOf [ {_SOME} :headOf ; owl:someValuesFrom :Group ] ."
        " :headOf rdfs:subPropertyOf :memberOf .",
        ":x a :Head .",
        ":x a :Member .",
    ),
    "restrictions under each other by values": (
        f"[ {_SOME} :q ; owl:hasValue :v ] rdfs:subClassOf :A ."
        f" :B rdfs:subClassOf [ {_SOME} :p ; owl:hasValue :v ] . :p rdfs:subPropertyOf :q .",
        ":x a :B .",
        ":x a :A ; :p :v ; :q :v .",
    ),
    "universals under each other by their classes": (
        f"[ {_SOME} :p ; owl:allValuesFrom :Animal ] rdfs:subClassOf :C ."
        f" :D rdfs:subClassOf [ {_SOME} :p ; owl:allValuesFrom :Dog ] ."
        " :Dog rdfs:subClassOf :Animal .",
        ":x a :D .",
        ":x a :C .",
    ),
    "universals under each other by their properties": (
        f"[ {_SOME} :p ; owl:allValuesFrom :Dog ] rdfs:subClassOf :C ."
        f" :D rdfs:subClassOf [ {_SOME} :q ; owl:allValuesFrom :Dog ] ."
        " :p rdfs:subPropertyOf :q .",
        ":x a :D .",
        ":x a :C .",
    ),
    "restrictions deep inside each other": (
        f":A rdfs:subClassOf [ {_SOME} :p ; owl:allValuesFrom"
        f" [ {_SOME} :p ; owl:allValuesFrom [ owl:intersectionOf ( :B :C ) ] ] ] .",
        ":x a :A ; :p :y . :y :p :z .",
        ":z a :B , :C .",
    ),
    "members of an expression that the ontology names": (
        f":x a [ {_SOME} :p ; owl:hasValue :v ] , [ {_SOME} :q ; owl:allValuesFrom :C ] .",
        ":x :q :y .",
        ":x :p :v . :y a :C .",
    ),
    "a union, and an enumeration": (
        ":A owl:unionOf ( :B :C ) . :E owl:oneOf ( :x :y ) . :E rdfs:subClassOf :F .",
        ":z a :C .",
        ":z a :A . :x a :F . :y a :E .",
    ),
    "two expressions for one class": (
        ":A owl:intersectionOf ( :B :C ) ; owl:intersectionOf ( :D ) .",
        ":x a :D . :y a :B , :C .",
        ":x a :A , :B , :C . :y a :A , :D .",
    ),
    "an unsatisfiable class without instances": (
        ":A rdfs:subClassOf :B , :C . :B owl:disjointWith :C .",
        ":x a :B . :y a :C .",
        ":x a :B .",
    ),
    "an unsatisfiable class with an instance": (
        ":A rdfs:subClassOf :B , :C . :B owl:disjointWith :C .",
        ":x a :A .",
        FALSE,
    ),
    "nothing": (":A rdfs:subClassOf owl:Nothing . :p rdfs:range :A .", ":x :p :y .", FALSE),
    "no values, of a class": (
        f":A rdfs:subClassOf [ {_SOME} :p ; {_NONE} :B ] .",
        ":x a :A ; :p :y . :y a :C . :C a owl:Class .",
        ":x a :A .",
    ),
    "no values, of a class, and one": (
        f":A rdfs:subClassOf [ {_SOME} :p ; {_NONE} :B ] .",
        ":x a :A ; :p :y . :y a :B .",
        FALSE,
    ),
    "complements of expressions": (
        f":A rdfs:subClassOf [ owl:complementOf [ {_SOME} :p ; owl:someValuesFrom :B ] ] .",
        ":x a :A ; :p :y . :y a :B .",
        FALSE,
    ),
    "values in a complement": (
        f":A rdfs:subClassOf [ {_SOME} :p ; owl:allValuesFrom [ owl:complementOf :B ] ] .",
        ":x a :A ; :p :y . :y a :B .",
        FALSE,
    ),
    # Properties
    "a cycle of properties": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
        ":x :p :y . :z :q :w .",
        ":x :q :y . :z :p :w .",
    ),
    "a property that is its own inverse, by way of another": (
        ":p owl:inverseOf :q . :q rdfs:subPropertyOf :p .",
        ":x :q :y .",
        ":x :p :y . :y :p :x .",
    ),
    "inverses without a name": (
        "[ owl:inverseOf :p ] rdfs:subPropertyOf :q . :q rdfs:domain :A .",
        ":x :p :y .",
        ":y :q :x ; a :A .",
    ),
    "a chain of three": (
        ":uncle owl:propertyChainAxiom ( :parent :sibling :name ) .",
        ":x :parent :y . :y :sibling :z . :z :name :n . :y :name :m .",
        ":x :uncle :n .",
    ),
    "a chain that feeds itself": (
        ":r owl:propertyChainAxiom ( :r :p ) .",
        ":a :r :b . :b :p :c . :c :p :d .",
        ":a :r :c , :d .",
    ),
    "a chain of inverses": (
        ":sibling owl:propertyChainAxiom ( :parent [ owl:inverseOf :parent ] ) .",
        ":x :parent :z . :y :parent :z .",
        ":x :sibling :y , :x .",
    ),
    "transitive, symmetric, and not": (
        ":p a owl:TransitiveProperty , owl:SymmetricProperty .",
        ":x :p :y . :y :p :z .",
        ":x :p :x , :z . :z :p :x .",
    ),
    "asymmetric by way of a subproperty": (
        ":p a owl:AsymmetricProperty . :q rdfs:subPropertyOf :p .",
        ":x :p :y . :y :q :x .",
        FALSE,
    ),
    "irreflexive by way of transitivity": (
        ":p a owl:TransitiveProperty , owl:IrreflexiveProperty .",
        ":x :p :y . :y :p :x .",
        FALSE,
    ),
    # Equality
    "a chain of equalities": (
        ":p a owl:FunctionalProperty . :q a owl:InverseFunctionalProperty .",
        ":x :p :a , :b . :b :p :c . :a :p :d . :c :q :z . :e :q :z . :e a :E . :E a owl:Class .",
        ":a owl:sameAs :b . :c owl:sameAs :d . :e owl:sameAs :d . :d a :E ; :q :z .",
    ),
    "equality that data state": (
        ":p rdfs:domain :A .",
        ":x owl:sameAs :y . :y :p :z . :z owl:sameAs :w .",
        ":x :p :w ; a :A . :w owl:sameAs :z .",
    ),
    "equality that makes a rule fire, which makes equality": (
        ":p a owl:FunctionalProperty . :q owl:propertyChainAxiom ( :p :p ) ."
        " :q a owl:FunctionalProperty .",
        ":x :p :a , :b . :a :p :c . :b :p :d . :x :q :e .",
        ":a owl:sameAs :b . :c owl:sameAs :d , :e .",
    ),
    "one value at most, of a class": (
        f":A rdfs:subClassOf [ {_SOME} :p ; {_AT_MOST_ONE} :B ] .",
        ":x a :A ; :p :y , :z , :w . :y a :B . :z a :B .",
        ":y owl:sameAs :z .",
    ),
    "a key of two properties, by literals of equal value": (
        ":A owl:hasKey ( :d :p ) . :d a owl:DatatypeProperty .",
        ':x a :A ; :d 1 ; :p :v . :y a :A ; :d "01.0"^^xsd:decimal ; :p :v . :z a :A ; :d 1 .',
        ":x owl:sameAs :y .",
    ),
    "a key by two equal values": (
        ":A owl:hasKey ( :p ) . :q a owl:FunctionalProperty .",
        ":x a :A ; :p :v . :y a :A ; :p :w . :u :q :v , :w .",
        ":x owl:sameAs :y .",
    ),
    "literals as inverse functional values": (
        ":d a owl:InverseFunctionalProperty , owl:DatatypeProperty .",
        ':x :d 1 . :y :d "1.0"^^xsd:decimal . :z :d "1" .',
        ":x owl:sameAs :y .",
    ),
    "what is the same is different": (
        ":p a owl:FunctionalProperty .",
        ":x :p :a , :b . :a owl:sameAs :c . :x :p :d . [] :p :e .",
        ":a owl:sameAs :b , :c , :d .",
    ),
    "all are different, and two the same": (
        "[] a owl:AllDifferent ; owl:members ( :a :b :c ) . :p a owl:FunctionalProperty .",
        ":x :p :a , :c .",
        FALSE,
    ),
    "disjoint properties and equal values": (
        ":p owl:propertyDisjointWith :q . :f a owl:FunctionalProperty .",
        ":x :p :a ; :q :b . :y :f :a , :b .",
        FALSE,
    ),
    # Literals
    "a value in other words": (
        f":A owl:equivalentClass [ {_SOME} :d ; owl:hasValue 1 ] . :d a owl:DatatypeProperty .",
        ':x :d "1.0"^^xsd:decimal . :y :d "1" .',
        ":x a :A .",
    ),
    "a value of a datatype": (
        f"[ {_SOME} :d ; owl:someValuesFrom xsd:byte ] rdfs:subClassOf :Small .",
        ':x :d 100 . :y :d 1000 . :z :d "7.0"^^xsd:decimal . :w :d "7" .',
        ":x a :Small . :z a :Small .",
    ),
    "one of some literals": (
        ":d a owl:DatatypeProperty ; rdfs:range [ a rdfs:Datatype ; owl:oneOf ( 1 2.5 ) ] .",
        ':x :d "1.0"^^xsd:decimal , "2.50"^^xsd:decimal .',
        ":x :d 1 .",
    ),
    "a range by value": (
        ":d a owl:DatatypeProperty ; rdfs:range xsd:integer .",
        ':x :d "1.0"^^xsd:decimal .',
        ':x :d "1.0"^^xsd:decimal .',
    ),
    "a range that a value is not in": (
        ":d a owl:DatatypeProperty ; rdfs:range xsd:integer .",
        ":x :d 1.5 .",
        FALSE,
    ),
    "a functional property with two values": (
        ":d a owl:DatatypeProperty , owl:FunctionalProperty .",
        ":x :d 1 , 2 .",
        FALSE,
    ),
    "a functional property with one value in two forms": (
        ":d a owl:DatatypeProperty , owl:FunctionalProperty .",
        ':x :d 1 , "1.0"^^xsd:decimal .',
        ":x :d 1 .",
    ),
    "a functional property with two zeros": (
        ":d a owl:DatatypeProperty , owl:FunctionalProperty .",
        ':x :d "0.0"^^xsd:float , "-0.0"^^xsd:float .',
        FALSE,
    ),
    "a negative fact, in other words": (
        "[] owl:sourceIndividual :x ; owl:assertionProperty :d ; owl:targetValue 1 ;"
        " a owl:NegativePropertyAssertion . :d a owl:DatatypeProperty .",
        ':x :d "1.0"^^xsd:decimal .',
        FALSE,
    ),
    "a negative fact that does not say so": (
        "[] owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetIndividual :y .",
        ":x :p :y .",
        FALSE,
    ),
    # Punning
    "a class that is an individual": (
        ":Eagle a owl:Class , :Species . :Species rdfs:subClassOf :Kind ."
        " :p a owl:FunctionalProperty .",
        ":harry a :Eagle . :x :p :Eagle , :y .",
        ":Eagle a :Kind ; owl:sameAs :y .",
    ),
    "a property that is an individual": (
        ":p a owl:ObjectProperty , :Relation ; rdfs:domain :A . :Relation rdfs:subClassOf :Kind .",
        ":x :p :y .",
        ":p a :Kind . :x a :A .",
    ),
    "names that are one class and one property": (
        ":n a owl:Class , owl:ObjectProperty ; rdfs:subClassOf :C ; rdfs:subPropertyOf :q .",
        ":x a :n ; :n :y .",
        ":x a :C ; :q :y .",
    ),
}
"""By name: an ontology, data, and some of what follows."""

_VALUES = "literals and things are apart (OWL 2 Direct Semantics); the rules of RDF do not say so"
_UNKNOWN = "what is not known to be in a datatype is not in it"

STRICTER: dict[str, tuple[str, str, str]] = {
    "a thing where literals should be": (
        ":d a owl:DatatypeProperty ; rdfs:range xsd:integer .",
        ":x :d :y .",
        _VALUES,
    ),
    "a thing that should be any literal": (
        ":d a owl:DatatypeProperty ; rdfs:range rdfs:Literal .",
        ":x :d :y .",
        _VALUES,
    ),
    "a literal of a datatype of one's own": (
        ":d a owl:DatatypeProperty ; rdfs:range xsd:decimal .",
        ':x :d "1"^^:own .',
        _UNKNOWN,
    ),
    "a literal that a data range does not list": (
        ":d a owl:DatatypeProperty ; rdfs:range [ a rdfs:Datatype ; owl:oneOf ( 1 2 ) ] .",
        ":x :d 3 .",
        "enumerations of literals are no data ranges of OWL 2 RL",
    ),
}
"""By name: an ontology, data, and why cns finds a contradiction where the rules find none."""
