# SPDX-License-Identifier: Apache-2.0
"""Random small ontologies, and data for them, as Turtle."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.owl.examples import PREFIXES

CLASSES = tuple(f":C{number}" for number in range(5))
PROPERTIES = tuple(f":p{number}" for number in range(4))
DATA_PROPERTIES = (":d0", ":d1")
INDIVIDUALS = tuple(f":i{number}" for number in range(5))
LITERALS = ("1", "2", '"01"^^xsd:int', '"1.0"^^xsd:decimal', '"1"', '"1"@en', "1.5", "true")
DATATYPES = ("xsd:integer", "xsd:byte", "xsd:decimal", "xsd:string", "xsd:boolean", "xsd:double")

_TOP = ("owl:Thing", "owl:Nothing")


@dataclass(frozen=True)
class Example:
    """An ontology and data: statements in Turtle, without the prefixes."""

    ontology: tuple[str, ...]
    data: tuple[str, ...]

    @property
    def ontology_text(self) -> str:
        """The document of the ontology."""
        return PREFIXES + "\n".join(self.ontology) + "\n"

    @property
    def data_text(self) -> str:
        """The document of the data."""
        return PREFIXES + "\n".join(self.data) + "\n"

    @property
    def text(self) -> str:
        """Both in one document."""
        return PREFIXES + "\n".join((*self.ontology, *self.data)) + "\n"


def _draw(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    """Join parts that are drawn and parts that stand as they are."""
    drawn = [st.just(part) if isinstance(part, str) else part for part in parts]
    return st.tuples(*drawn).map(" ".join)


def _listed(members: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[str]:
    found = st.lists(members, min_size=least, max_size=most, unique=True)
    return found.map(lambda words: f"( {' '.join(words)} )")


def _restriction(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    return _draw("[ a owl:Restriction ; owl:onProperty", _path, ";", *parts, "]")


_class = st.sampled_from(CLASSES)
_property = st.sampled_from(PROPERTIES)
_data_property = st.sampled_from(DATA_PROPERTIES)
_individual = st.sampled_from(INDIVIDUALS)
_literal = st.sampled_from(LITERALS)
_path = st.one_of(_property, _property.map(lambda p: f"[ owl:inverseOf {p} ]"))
_datatype = st.sampled_from(DATATYPES)
_count = st.sampled_from(('"0"^^xsd:nonNegativeInteger', '"1"^^xsd:nonNegativeInteger'))


def _data_restriction(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    return _draw("[ a owl:Restriction ; owl:onProperty", _data_property, ";", *parts, "]")


_data_range = _draw("[ a rdfs:Datatype ; owl:oneOf", _listed(_literal, 1, 2), "]")


def _expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        _restriction("owl:someValuesFrom", inner),
        _restriction("owl:allValuesFrom", inner),
        _restriction("owl:hasValue", _individual),
        _restriction("owl:maxCardinality", _count),
        _restriction("owl:maxQualifiedCardinality", _count, "; owl:onClass", inner),
        _draw("[ a owl:Class ; owl:intersectionOf", _listed(inner, 1, 3), "]"),
        _draw("[ a owl:Class ; owl:unionOf", _listed(inner, 1, 3), "]"),
        _draw("[ a owl:Class ; owl:complementOf", inner, "]"),
        _draw("[ a owl:Class ; owl:oneOf", _listed(_individual, 1, 2), "]"),
        _data_restriction("owl:someValuesFrom", st.one_of(_datatype, _data_range)),
        _data_restriction("owl:allValuesFrom", _datatype),
        _data_restriction("owl:hasValue", _literal),
        _data_restriction("owl:maxCardinality", _count),
    )


_expression = st.recursive(st.sampled_from(CLASSES + CLASSES + _TOP), _expressions, max_leaves=3)

_class_axioms = (
    _draw(_expression, "rdfs:subClassOf", _expression, "."),
    _draw(_class, "rdfs:subClassOf", _class, "."),
    _draw(_class, "owl:equivalentClass", _expression, "."),
    _draw(_class, "owl:disjointWith", _expression, "."),
    _draw("[] a owl:AllDisjointClasses ; owl:members", _listed(_class, 2, 3), "."),
    _draw(_class, "owl:hasKey", _listed(st.one_of(_property, _data_property), 1, 2), "."),
)
_property_axioms = (
    _draw(_property, "rdfs:subPropertyOf", _path, "."),
    _draw(_property, "owl:equivalentProperty", _property, "."),
    _draw(_property, "owl:inverseOf", _property, "."),
    _draw(_property, "owl:propertyDisjointWith", _property, "."),
    _draw("[] a owl:AllDisjointProperties ; owl:members", _listed(_property, 2, 3), "."),
    _draw(_property, "rdfs:domain", _expression, "."),
    _draw(_property, "rdfs:range", _expression, "."),
    _draw(_property, "a", st.sampled_from((
        *("owl:FunctionalProperty", "owl:InverseFunctionalProperty", "owl:TransitiveProperty"),
        *("owl:SymmetricProperty", "owl:AsymmetricProperty", "owl:IrreflexiveProperty"),
    )), "."),
    st.lists(_path, min_size=2, max_size=3).flatmap(
        lambda chain: _draw(_property, f"owl:propertyChainAxiom ( {' '.join(chain)} ) .")
    ),
)  # fmt: skip
_data_axioms = (
    _draw(_data_property, "rdfs:range", _datatype, "."),
    _draw(_data_property, "rdfs:domain", _class, "."),
    _draw(_data_property, "rdfs:subPropertyOf", _data_property, "."),
    _draw(_data_property, "a owl:FunctionalProperty ."),
)
_facts = (
    _draw(_individual, "a", _class, "."),
    _draw(_individual, _property, _individual, "."),
    _draw(_individual, _data_property, _literal, "."),
)
_rare_facts = (
    _draw(_individual, "owl:sameAs", _individual, "."),
    _draw(_individual, "owl:differentFrom", _individual, "."),
    _draw("[] a owl:AllDifferent ; owl:members", _listed(_individual, 2, 3), "."),
    _draw(
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual", _individual,
        "; owl:assertionProperty", _property, "; owl:targetIndividual", _individual, ".",
    ),
    _draw(
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual", _individual,
        "; owl:assertionProperty", _data_property, "; owl:targetValue", _literal, ".",
    ),
    _draw(_individual, "a", _expression, "."),
)  # fmt: skip

_DECLARATIONS = (
    *(f"{name} a owl:Class ." for name in CLASSES),
    *(f"{name} a owl:ObjectProperty ." for name in PROPERTIES),
    *(f"{name} a owl:DatatypeProperty ." for name in DATA_PROPERTIES),
)


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """An ontology that declares its classes and properties, with facts, and data."""
    axioms = draw(
        st.lists(st.one_of(*_class_axioms, *_property_axioms, *_data_axioms), max_size=8)
    )
    rare = draw(st.lists(st.one_of(*_rare_facts), max_size=2))
    data = draw(st.lists(st.one_of(*_facts), min_size=3, max_size=14))
    return Example((*_DECLARATIONS, *axioms, *rare), tuple(data))
