# SPDX-License-Identifier: Apache-2.0
"""Terms of SHACL, RDF, RDFS, OWL and XSD that do not exist, and namespaces nearly theirs.

Every triple of the shapes files is read, whether a shape leads to it or not: a shape that is
misspelt is none, and so is an axiom of an ontology. Predicates of SHACL are left to the front
end, which knows them better.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cache

from cns_build.diagnostics import Diagnostic
from cns_build.frontend.graph import TYPE
from cns_build.frontend.parameters import NODE_KINDS
from cns_build.frontend.parse import Document
from cns_build.frontend.shapes import KNOWN
from cns_build.model import IRI, Literal, Origin
from cns_build.vocabulary import OWL, RDF, RDFS, SH, XSD

_SEVERITIES = "Debug Info Trace Violation Warning"
_CLASSES = """AbstractResult ConstraintComponent Function JSConstraint JSExecutable JSFunction
    JSLibrary JSRule JSTarget JSTargetType JSValidator NodeKind NodeShape Parameter Parameterizable
    PrefixDeclaration PropertyGroup PropertyShape ResultAnnotation Rule SPARQLAskExecutable
    SPARQLAskValidator SPARQLConstraint SPARQLConstructExecutable SPARQLExecutable SPARQLFunction
    SPARQLRule SPARQLSelectExecutable SPARQLSelectValidator SPARQLTarget SPARQLTargetType
    SPARQLUpdateExecutable Severity Shape ShapeClass ShapesGraph Target TargetType TripleRule
    TripleTerm ValidationReport ValidationResult Validator"""
_RDF = """Alt Bag CompoundLiteral HTML JSON List PlainLiteral Property Seq Statement XMLLiteral
    dirLangString direction first langString language nil object predicate reifies rest subject
    type value"""
_RDFS = """Class Container ContainerMembershipProperty Datatype Literal Proposition Resource
    comment domain isDefinedBy label member range seeAlso subClassOf subPropertyOf"""
_OWL = """AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty
    AsymmetricProperty Axiom Class DataRange DatatypeProperty DeprecatedClass DeprecatedProperty
    FunctionalProperty InverseFunctionalProperty IrreflexiveProperty NamedIndividual
    NegativePropertyAssertion Nothing ObjectProperty Ontology OntologyProperty ReflexiveProperty
    Restriction SymmetricProperty Thing TransitiveProperty allValuesFrom annotatedProperty
    annotatedSource annotatedTarget assertionProperty backwardCompatibleWith bottomDataProperty
    bottomObjectProperty cardinality complementOf datatypeComplementOf deprecated differentFrom
    disjointUnionOf disjointWith distinctMembers equivalentClass equivalentProperty hasKey hasSelf
    hasValue imports incompatibleWith intersectionOf inverseOf maxCardinality
    maxQualifiedCardinality members minCardinality minQualifiedCardinality onClass onDataRange
    onDatatype onProperties onProperty oneOf priorVersion propertyChainAxiom propertyDisjointWith
    qualifiedCardinality rational real sameAs someValuesFrom sourceIndividual targetIndividual
    targetValue topDataProperty topObjectProperty unionOf versionIRI versionInfo
    withRestrictions"""
_XSD = """ENTITIES ENTITY ID IDREF IDREFS NCName NMTOKEN NMTOKENS NOTATION Name QName
    anyAtomicType anySimpleType anyType anyURI base64Binary boolean byte date dateTime
    dateTimeStamp dayTimeDuration decimal double duration error float gDay gMonth gMonthDay gYear
    gYearMonth hexBinary int integer language long negativeInteger nonNegativeInteger
    nonPositiveInteger normalizedString numeric positiveInteger precisionDecimal short string time
    token unsignedByte unsignedInt unsignedLong unsignedShort untyped untypedAtomic
    yearMonthDuration"""
# The facets are terms of XSD in the descriptions of datatypes that OWL has.
_FACETS = """enumeration fractionDigits length maxExclusive maxInclusive maxLength minExclusive
    minInclusive minLength pattern totalDigits whiteSpace"""

_SHACL = {t.removeprefix(SH) for t in KNOWN if t.startswith(SH)} | {"this"}
_TERMS: Mapping[str, Collection[str]] = {
    SH: frozenset({*_SHACL, *NODE_KINDS, *_CLASSES.split(), *_SEVERITIES.split()}),
    RDF: frozenset(_RDF.split()),
    RDFS: frozenset(_RDFS.split()),
    OWL: frozenset(_OWL.split()),
    XSD: frozenset((_XSD + " " + _FACETS).split()),
}
_PREFIXES = {SH: "sh", RDF: "rdf", RDFS: "rdfs", XSD: "xsd", OWL: "owl"}
SEVERITIES = frozenset(SH + name for name in _SEVERITIES.split())


def unknown_terms(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Yield a warning for each term that its vocabulary lacks, where it stands first."""
    seen: set[str] = set()
    for document in documents:
        for ordinal, (_, predicate, term) in enumerate(document.triples):
            iri, kind = _iri(term)
            for name, part in ((predicate, "predicate"), (iri, "object")):
                if name in seen:
                    continue
                seen.add(name)
                where = Origin(document.file, ordinal, part)
                if part == "object" or not name.startswith(SH):
                    yield from _unknown(name, kind if part == "object" else "", where)
                yield from _namespace(name, where)


def unknown_axioms(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Yield a warning for each predicate and type that no vocabulary of axioms has, once."""
    seen: set[str] = set()
    for document in documents:
        for ordinal, (_, predicate, term) in enumerate(document.triples):
            names = [(predicate, "predicate")]
            if predicate == TYPE and isinstance(term, IRI):
                names.append((term.value, "object"))
            for name, part in names:
                if name not in seen:
                    seen.add(name)
                    if name.startswith((OWL, RDF, RDFS)):
                        yield from _unknown(name, "", Origin(document.file, ordinal, part))


def _iri(term: object) -> tuple[str, str]:
    """Return the IRI to check of an object, and what it is."""
    if isinstance(term, Literal):
        return term.datatype.value, "datatype "
    return (term.value, "") if isinstance(term, IRI) else ("", "")


def _unknown(iri: str, kind: str, where: Origin) -> Iterator[Diagnostic]:
    for namespace, terms in _TERMS.items():
        name = iri.removeprefix(namespace)
        if name == iri or not name or name in terms or _is_generated(namespace, name):
            continue
        prefix = _PREFIXES[namespace]
        others = [_PREFIXES[other] for other, names in _TERMS.items() if name in names]
        close = f"{others[0]}:{name}" if others else closest(name, sorted(terms))
        close = close if others or not close else f"{prefix}:{close}"
        fix = f"did you mean {close}?" if close else "correct it"
        message = f"there is no {kind}{prefix}:{name}"
        yield Diagnostic(message, where, fix, "warning", rule="unknown-term")


def _is_generated(namespace: str, name: str) -> bool:
    """Whether a term is one of a family: rdf:_1, or a constraint component and its parameters."""
    if namespace == RDF:
        return bool(re.fullmatch("_[1-9][0-9]*", name))
    component, _, parameter = name.partition("-")
    first = component.removesuffix("ConstraintComponent")
    own = first[:1].lower() + first[1:]
    known = own in _SHACL or first in ("SPARQL", "JS", "QualifiedMinCount", "QualifiedMaxCount")
    return namespace == SH and first != component and known and parameter in ("", *_SHACL)


def _namespace(iri: str, where: Origin) -> Iterator[Diagnostic]:
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    near = _near_namespace(iri[:cut])
    if near and iri[cut:] in _TERMS[near]:
        message = f"<{iri}> is not in the namespace of {_PREFIXES[near]}:, which is <{near}>"
        yield Diagnostic(
            message, where, "correct the prefix or the IRI", "warning", rule="namespace"
        )


@cache
def _near_namespace(namespace: str) -> str:
    """Return the namespace that is nearly written so; empty for none, or for one itself."""
    if namespace in _PREFIXES:
        return ""
    for known in _PREFIXES:
        if _plain(namespace) == _plain(known):
            return known
        if "w3" in namespace and _distance(namespace, known) <= 2:
            return known
    return ""


def _plain(namespace: str) -> str:
    return re.sub("^https?://(www[.])?|[#/]$", "", namespace).lower()


def _distance(one: str, two: str) -> int:
    """Return how many characters are to be changed, from one word to the other, about."""
    if abs(len(one) - len(two)) > 2:
        return 3
    same = sum(
        block.size for block in SequenceMatcher(None, one, two, False).get_matching_blocks()
    )
    return max(len(one), len(two)) - same


def closest(name: str, known: Sequence[str]) -> str:
    """Return the name that is most like `name`, by its letters or in another case; or ''."""
    by_case = [word for word in known if word.lower() == name.lower()]
    return next(iter(by_case or get_close_matches(name, known, 1, 0.75)), "")
