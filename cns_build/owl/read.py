# SPDX-License-Identifier: Apache-2.0
"""Triples of ontology files to axioms, by OWL 2's Mapping to RDF Graphs (section 3).

Read leniently: declarations may be missing, and a class may have several expressions. Triples of
no axiom and no expression are facts, so nothing is lost. What OWL 2 does not allow is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from types import MappingProxyType

from cns_build.frontend.graph import FIRST, REST, TYPE, Graph, IllFormed, Value, read_list
from cns_build.frontend.parse import Document
from cns_build.frontend.report import Report
from cns_build.garbage import uncollected
from cns_build.lint.terms import unknown_axioms
from cns_build.model import IRI, BlankNode, Literal, Node, Origin, Term
from cns_build.owl import axioms as a
from cns_build.vocabulary import OWL, RDF, RDFS, XSD

_BUILT_IN = (OWL, RDFS, RDF, XSD)

# What rdf:type says of an entity
_KINDS = {
    OWL + "Class": "class",
    RDFS + "Class": "class",
    OWL + "DeprecatedClass": "class",
    RDFS + "Datatype": "datatype",
    OWL + "DataRange": "datatype",
    OWL + "ObjectProperty": "object property",
    OWL + "InverseFunctionalProperty": "property",
    OWL + "TransitiveProperty": "object property",
    OWL + "SymmetricProperty": "object property",
    OWL + "AsymmetricProperty": "object property",
    OWL + "ReflexiveProperty": "object property",
    OWL + "IrreflexiveProperty": "object property",
    OWL + "DatatypeProperty": "data property",
    OWL + "AnnotationProperty": "annotation property",
    OWL + "OntologyProperty": "annotation property",
    OWL + "FunctionalProperty": "property",
    OWL + "DeprecatedProperty": "property",
    RDF + "Property": "property",
    OWL + "NamedIndividual": "individual",
    OWL + "Thing": "individual",
}
_DEPRECATED = (OWL + "DeprecatedClass", OWL + "DeprecatedProperty")
_SYNTAX_TYPES = frozenset(
    {OWL + name for name in ("Restriction", "Axiom", "Annotation", "Ontology")}
    | {OWL + name for name in ("AllDisjointClasses", "AllDisjointProperties", "AllDifferent")}
    | {OWL + "NegativePropertyAssertion", RDF + "List"}
)
_SYNTAX = frozenset(
    OWL + name
    for name in (
        *("onProperty", "onClass", "onDataRange", "onDatatype", "members", "distinctMembers"),
        *("assertionProperty", "targetIndividual", "targetValue"),
        *("annotatedSource", "annotatedProperty", "annotatedTarget"),
    )
)
"""Predicates that are read with the node that they belong to."""

_COUNTS = {
    "cardinality": (True, True, False),
    "minCardinality": (True, False, False),
    "maxCardinality": (False, True, False),
    "qualifiedCardinality": (True, True, True),
    "minQualifiedCardinality": (True, False, True),
    "maxQualifiedCardinality": (False, True, True),
}
"""By local name: whether it is a minimum, a maximum, and of the values in a class alone."""

_MAX_COUNT = 2**31
_DATATYPE = IRI(RDFS + "Datatype")


def read_ontology(documents: Sequence[Document], report: Report) -> a.Ontology:
    """Return what the files state; what they state wrongly goes to `report`."""
    report.diagnostics += unknown_axioms(documents)
    datatypes = frozenset(
        subject
        for document in documents
        for subject, predicate, term in document.triples
        if predicate == TYPE and term == _DATATYPE
    )
    with uncollected():
        reader = _Reader(Graph(documents), datatypes, report)
        for document in documents:
            for ordinal, (subject, predicate, term) in enumerate(document.triples):
                reader.read(subject, predicate, term, document.file, ordinal)
        return reader.ontology()


class _Reader:
    def __init__(self, graph: Graph, datatypes: Collection[Node], report: Report) -> None:
        self._graph = graph
        self._datatypes = datatypes
        self._report = report
        self._seen: set[tuple[Node, str, Term]] = set()
        self._iris: dict[str, IRI] = {}
        self._used: set[Node] = set()  # nodes of lists and facets that belong to an axiom
        self._axioms: list[a.Axiom] = []
        self._expressions: dict[Node, list[a.Expression]] = {}
        self._facts: list[a.Fact] = []
        self._names: dict[IRI, None] = {}
        self._kinds: dict[IRI, dict[str, None]] = {}
        self._origins: dict[IRI, Origin] = {}
        self._texts: dict[str, dict[Node, dict[Literal, None]]] = {
            RDFS + "label": {},
            RDFS + "comment": {},
        }
        self._deprecated: set[Node] = set()

    def read(self, subject: Node, predicate: str, term: Term, file: str, ordinal: int) -> None:
        """Take one triple."""
        origin = Origin(file, ordinal)
        handler = _HANDLERS.get(predicate)
        if handler is None and predicate != TYPE:
            if predicate not in _SYNTAX:
                self._describe(subject, predicate, term)
                self._facts.append(a.Fact(subject, self._iri(predicate), term, origin))
            return
        triple = (subject, predicate, term)
        if triple in self._seen:
            return
        self._seen.add(triple)
        if handler is None:
            self._read_type(subject, term, origin)
            return
        try:
            handler(self, subject, term, origin)
        except IllFormed as error:
            found = error.diagnostic
            self._report.error(found.message, origin, found.fix, rule="owl-syntax")

    def _iri(self, predicate: str) -> IRI:
        """Return the one IRI of a predicate."""
        found = self._iris.get(predicate)
        if found is None:
            found = self._iris[predicate] = IRI(predicate)
        return found

    def ontology(self) -> a.Ontology:
        """Return what was read."""
        syntax = (FIRST, REST)
        facts = (
            fact
            for fact in self._facts
            if fact.subject not in self._used
            or not (fact.predicate.value in syntax or fact.predicate.value.startswith(XSD))
        )
        return a.Ontology(
            axioms=tuple(self._axioms),
            expressions=MappingProxyType({n: tuple(e) for n, e in self._expressions.items()}),
            entities=MappingProxyType({iri: self._entity(iri) for iri in self._kinds}),
            facts=tuple(facts),
            names=tuple(self._names),
        )

    def _entity(self, iri: IRI) -> a.Entity:
        labels, comments = (tuple(texts.get(iri, ())) for texts in self._texts.values())
        kinds = self._kinds[iri]
        if "object property" in kinds or "data property" in kinds:
            kinds = {kind: None for kind in kinds if kind != "property"}
        return a.Entity(
            iri,
            tuple(kind for kind in a.KINDS if kind in kinds),
            labels,
            comments,
            iri in self._deprecated,
            self._origins[iri],
        )

    # Entities

    def _describe(self, subject: Node, predicate: str, term: Term) -> None:
        if not isinstance(term, Literal):
            return
        if predicate in self._texts:
            self._texts[predicate].setdefault(subject, {})[term] = None
        elif predicate == OWL + "deprecated" and term.lexical in ("true", "1"):
            self._deprecated.add(subject)

    def _declare(self, node: Term, kind: str, origin: Origin) -> None:
        """Note what a node is, where that has a name of its own."""
        if not isinstance(node, IRI):
            return
        kinds = self._kinds.get(node)
        if kinds is not None:
            kinds[kind] = None
        elif not node.value.startswith(_BUILT_IN):
            self._kinds[node] = {kind: None}
            self._origins[node] = origin

    def _read_type(self, subject: Node, class_: Term, origin: Origin) -> None:
        if isinstance(class_, Literal):
            self._wrong("the class of a node is a literal", origin, "name a class")
            return
        name = class_.value if isinstance(class_, IRI) else ""
        local = name.removeprefix(OWL)
        here = Origin(origin.file, origin.ordinal, "subject")
        if name in _KINDS:
            self._declare(subject, _KINDS[name], here)
            if name in _DEPRECATED:
                self._deprecated.add(subject)
            if name == OWL + "Thing":
                self._facts.append(a.Fact(subject, IRI(TYPE), class_, origin))
        if name.startswith(OWL) and local in a.CHARACTERISTICS:
            self._try(origin, lambda: self._characteristic(subject, local, origin))
        elif name == OWL + "Ontology":
            if isinstance(subject, IRI):
                self._names[subject] = None
        elif name.startswith(OWL) and local in _GROUPS:
            self._try(origin, lambda: _GROUPS[local](self, subject, origin))
        elif name not in _KINDS and name not in _SYNTAX_TYPES:
            self._facts.append(a.Fact(subject, IRI(TYPE), class_, origin))
            self._declare(class_, "class", origin)
            if isinstance(subject, IRI):
                self._declare(subject, "individual", here)

    # Parts of axioms

    def _wrong(self, message: str, origin: Origin, fix: str) -> None:
        self._report.error(message, origin, fix, rule="owl-syntax")

    def _try(self, origin: Origin, read: Callable[[], None]) -> None:
        try:
            read()
        except IllFormed as error:
            self._wrong(error.diagnostic.message, origin, error.diagnostic.fix)

    def _class(self, term: Term, origin: Origin) -> Node:
        """Return a node that stands for a class or data range."""
        if isinstance(term, Literal):
            raise IllFormed("a literal stands where a class should", origin, "name a class")
        self._declare(term, "datatype" if term in self._datatypes else "class", origin)
        return term

    def _property(self, term: Term, origin: Origin) -> a.Property:
        """Return a property: a named one, or the inverse of one."""
        if isinstance(term, IRI):
            self._declare(term, "property", origin)
            return term
        named = self._graph.values(term, OWL + "inverseOf") if isinstance(term, BlankNode) else []
        if len(named) == 1 and isinstance(named[0].term, IRI):
            self._declare(named[0].term, "object property", origin)
            return a.Inverse(named[0].term)
        what = "what stands here is no property: neither an IRI nor [ owl:inverseOf IRI ]"
        raise IllFormed(what, origin, "name a property")

    def _list(self, head: Term, origin: Origin) -> tuple[Term, ...]:
        """Return the members of a list, whose nodes are then no facts."""
        members = read_list(self._graph, Value(head, self._number(head)))
        cell = head
        while isinstance(cell, BlankNode) and cell not in self._used:
            self._used.add(cell)
            cell = self._graph.values(cell, REST)[0].term
        return tuple(member.term for member in members)

    def _number(self, node: Term) -> int:
        if isinstance(node, Literal) or node not in self._graph:
            return 0
        return self._graph.number(node)

    def _classes(self, head: Term, origin: Origin) -> tuple[Node, ...]:
        return tuple(self._class(term, origin) for term in self._list(head, origin))

    def _properties(self, head: Term, origin: Origin) -> tuple[a.Property, ...]:
        return tuple(self._property(term, origin) for term in self._list(head, origin))

    def _individuals(self, terms: Sequence[Term], origin: Origin) -> None:
        """Note that terms are individuals, but for literals."""
        for term in terms:
            self._declare(term, "individual", origin)

    def _one(self, node: Node, name: str, origin: Origin) -> Term:
        """Return the only value of a predicate of OWL."""
        values = self._graph.values(node, OWL + name)
        if len(values) != 1:
            count = "no" if not values else "more than one"
            raise IllFormed(f"there is {count} owl:{name}", origin, f"give one owl:{name}")
        return values[0].term

    def _restricted(self, node: Node, origin: Origin) -> a.Property:
        return self._property(self._one(node, "onProperty", origin), origin)

    # Expressions

    def _add(self, node: Node, expression: a.Expression) -> None:
        self._expressions.setdefault(node, []).append(expression)
        self._declare(node, "class", expression.origin)

    def _some(self, node: Node, term: Term, origin: Origin) -> None:
        self._add(node, a.Some(self._restricted(node, origin), self._class(term, origin), origin))

    def _only(self, node: Node, term: Term, origin: Origin) -> None:
        self._add(node, a.Only(self._restricted(node, origin), self._class(term, origin), origin))

    def _has(self, node: Node, term: Term, origin: Origin) -> None:
        self._add(node, a.Has(self._restricted(node, origin), term, origin))

    def _has_self(self, node: Node, term: Term, origin: Origin) -> None:
        if not isinstance(term, Literal) or term.lexical not in ("true", "1"):
            raise IllFormed("owl:hasSelf is true or not there", origin, "write true")
        self._add(node, a.HasSelf(self._restricted(node, origin), origin))

    def _count(self, node: Node, term: Term, origin: Origin, name: str) -> None:
        minimum, maximum, qualified = _COUNTS[name]
        digits = term.lexical.strip() if isinstance(term, Literal) else ""
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 30:
            what = f"owl:{name} takes a number that is not negative"
            raise IllFormed(what, origin, 'write it as "1"^^xsd:nonNegativeInteger')
        count = min(int(digits), _MAX_COUNT)
        filler: Term | None = None
        if qualified:
            of_class = bool(self._graph.values(node, OWL + "onClass"))
            filler = self._one(node, "onClass" if of_class else "onDataRange", origin)
        least, most = count if minimum else None, count if maximum else None
        of = None if filler is None else self._class(filler, origin)
        self._add(node, a.Count(self._restricted(node, origin), least, most, of, origin))

    def _intersection(self, node: Node, term: Term, origin: Origin) -> None:
        self._add(node, a.Intersection(self._classes(term, origin), origin))

    def _union(self, node: Node, term: Term, origin: Origin) -> None:
        self._add(node, a.Union(self._classes(term, origin), origin))

    def _complement(self, node: Node, term: Term, origin: Origin) -> None:
        self._add(node, a.Complement(self._class(term, origin), origin))

    def _one_of(self, node: Node, term: Term, origin: Origin) -> None:
        values = self._list(term, origin)
        self._individuals(values, origin)
        self._add(node, a.OneOf(values, origin))

    def _faceted(self, node: Node, term: Term, origin: Origin) -> None:
        datatype = self._one(node, "onDatatype", origin)
        if not isinstance(datatype, IRI):
            raise IllFormed("owl:onDatatype is no IRI", origin, "name a datatype")
        facets = []
        for facet in self._list(term, origin):
            found = [] if isinstance(facet, Literal) else self._graph.raw(facet)
            for predicate, value in found:
                if isinstance(value.term, Literal) and predicate != RDFS + "comment":
                    facets.append((IRI(predicate), value.term))
                elif predicate.startswith(XSD):
                    name = predicate.removeprefix(XSD)
                    raise IllFormed(f"xsd:{name} takes a literal", origin, "write its value")
            if isinstance(facet, BlankNode):
                self._used.add(facet)
        if not facets:
            raise IllFormed("there are no facets", origin, "write ( [ xsd:minInclusive 0 ] )")
        self._add(node, a.Faceted(datatype, tuple(facets), origin))

    # Axioms of one triple

    def _sub_class(self, node: Node, term: Term, origin: Origin) -> None:
        self._axioms.append(
            a.SubClass(self._class(node, origin), self._class(term, origin), origin)
        )

    def _equivalent_classes(self, node: Node, term: Term, origin: Origin) -> None:
        left, right = self._class(node, origin), self._class(term, origin)
        self._axioms.append(a.EquivalentClasses(left, right, origin))

    def _disjoint_with(self, node: Node, term: Term, origin: Origin) -> None:
        classes = (self._class(node, origin), self._class(term, origin))
        self._axioms.append(a.DisjointClasses(classes, origin))

    def _disjoint_union(self, node: Node, term: Term, origin: Origin) -> None:
        whole = self._class(node, origin)
        self._axioms.append(a.DisjointUnion(whole, self._classes(term, origin), origin))

    def _sub_property(self, node: Node, term: Term, origin: Origin) -> None:
        lower, upper = self._property(node, origin), self._property(term, origin)
        self._axioms.append(a.SubProperty(lower, upper, origin))

    def _chain(self, node: Node, term: Term, origin: Origin) -> None:
        properties, upper = self._properties(term, origin), self._property(node, origin)
        if not properties:
            raise IllFormed("a chain of no properties", origin, "name two properties or more")
        self._axioms.append(a.PropertyChain(properties, upper, origin))

    def _equivalent_properties(self, node: Node, term: Term, origin: Origin) -> None:
        left, right = self._property(node, origin), self._property(term, origin)
        self._axioms.append(a.EquivalentProperties(left, right, origin))

    def _inverse(self, node: Node, term: Term, origin: Origin) -> None:
        if isinstance(node, BlankNode):
            return  # an expression, read where it is used
        left, right = self._property(node, origin), self._property(term, origin)
        self._axioms.append(a.InverseProperties(left, right, origin))

    def _disjoint_properties(self, node: Node, term: Term, origin: Origin) -> None:
        properties = (self._property(node, origin), self._property(term, origin))
        self._axioms.append(a.DisjointProperties(properties, origin))

    def _domain(self, node: Node, term: Term, origin: Origin) -> None:
        property_ = self._property(node, origin)
        self._axioms.append(a.Domain(property_, self._class(term, origin), origin))

    def _range(self, node: Node, term: Term, origin: Origin) -> None:
        property_ = self._property(node, origin)
        self._axioms.append(a.Range(property_, self._class(term, origin), origin))

    def _key(self, node: Node, term: Term, origin: Origin) -> None:
        class_ = self._class(node, origin)
        self._axioms.append(a.Key(class_, self._properties(term, origin), origin))

    def _different_from(self, node: Node, term: Term, origin: Origin) -> None:
        if isinstance(term, Literal):
            raise IllFormed("owl:differentFrom a literal", origin, "name an individual")
        self._individuals((node, term), origin)
        self._axioms.append(a.Different((node, term), origin))

    # Axioms of a node

    def _characteristic(self, node: Node, local: str, origin: Origin) -> None:
        kind = a.CHARACTERISTICS[local]
        self._axioms.append(a.Characteristic(self._property(node, origin), kind, origin))

    def _all_disjoint_classes(self, node: Node, origin: Origin) -> None:
        classes = self._classes(self._one(node, "members", origin), origin)
        self._axioms.append(a.DisjointClasses(classes, origin))

    def _all_disjoint_properties(self, node: Node, origin: Origin) -> None:
        properties = self._properties(self._one(node, "members", origin), origin)
        self._axioms.append(a.DisjointProperties(properties, origin))

    def _all_different(self, node: Node, origin: Origin) -> None:
        old = self._graph.values(node, OWL + "distinctMembers")
        members = self._list(
            self._one(node, "distinctMembers" if old else "members", origin), origin
        )
        nodes = tuple(member for member in members if not isinstance(member, Literal))
        self._individuals(nodes, origin)
        self._axioms.append(a.Different(nodes, origin))

    def _source(self, node: Node, term: Term, origin: Origin) -> None:
        """Read a negative fact that does not say that it is one."""
        types = (value.term for value in self._graph.values(node, TYPE))
        if IRI(OWL + "NegativePropertyAssertion") not in types:
            self._negative(node, origin)

    def _negative(self, node: Node, origin: Origin) -> None:
        subject = self._one(node, "sourceIndividual", origin)
        name = (
            "targetValue" if self._graph.values(node, OWL + "targetValue") else "targetIndividual"
        )
        property_ = self._property(self._one(node, "assertionProperty", origin), origin)
        if isinstance(subject, Literal):
            raise IllFormed("owl:sourceIndividual is a literal", origin, "name an individual")
        value = self._one(node, name, origin)
        self._individuals((subject, value), origin)
        self._axioms.append(a.NegativeFact(subject, property_, value, origin))


_Handler = Callable[[_Reader, Node, Term, Origin], None]


def _counting(name: str) -> _Handler:
    def handler(reader: _Reader, node: Node, term: Term, origin: Origin) -> None:
        reader._count(node, term, origin, name)

    return handler


_HANDLERS: dict[str, _Handler] = {
    RDFS + "subClassOf": _Reader._sub_class,
    RDFS + "subPropertyOf": _Reader._sub_property,
    RDFS + "domain": _Reader._domain,
    RDFS + "range": _Reader._range,
    OWL + "equivalentClass": _Reader._equivalent_classes,
    OWL + "disjointWith": _Reader._disjoint_with,
    OWL + "disjointUnionOf": _Reader._disjoint_union,
    OWL + "equivalentProperty": _Reader._equivalent_properties,
    OWL + "inverseOf": _Reader._inverse,
    OWL + "propertyDisjointWith": _Reader._disjoint_properties,
    OWL + "propertyChainAxiom": _Reader._chain,
    OWL + "hasKey": _Reader._key,
    OWL + "differentFrom": _Reader._different_from,
    OWL + "sourceIndividual": _Reader._source,
    OWL + "someValuesFrom": _Reader._some,
    OWL + "allValuesFrom": _Reader._only,
    OWL + "hasValue": _Reader._has,
    OWL + "hasSelf": _Reader._has_self,
    OWL + "intersectionOf": _Reader._intersection,
    OWL + "unionOf": _Reader._union,
    OWL + "complementOf": _Reader._complement,
    OWL + "datatypeComplementOf": _Reader._complement,
    OWL + "oneOf": _Reader._one_of,
    OWL + "withRestrictions": _Reader._faceted,
} | {OWL + name: _counting(name) for name in _COUNTS}

_GROUPS: dict[str, Callable[[_Reader, Node, Origin], None]] = {
    "AllDisjointClasses": _Reader._all_disjoint_classes,
    "AllDisjointProperties": _Reader._all_disjoint_properties,
    "AllDifferent": _Reader._all_different,
    "NegativePropertyAssertion": _Reader._negative,
}
