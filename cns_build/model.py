# SPDX-License-Identifier: Apache-2.0
"""The model: RDF terms, property paths, shapes, constraints and targets.

The front end builds it from triples; everything after the front end reads it and nothing else.
All values are immutable. Tuples keep the order of the source text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from cns_build.origin import Origin as Origin
from cns_build.vocabulary import SH


@dataclass(frozen=True, slots=True, order=True)
class IRI:
    """An IRI, absolute."""

    value: str

    def __hash__(self) -> int:
        return hash(self.value)  # which the text keeps: IRIs are looked up often

    def __str__(self) -> str:
        return f"<{self.value}>"


@dataclass(frozen=True, slots=True, order=True)
class BlankNode:
    """A blank node; the label is unique over all files of one compilation."""

    label: str

    def __str__(self) -> str:
        return f"_:{self.label}"


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A literal, identified by its lexical form as written: never normalised."""

    lexical: str
    datatype: IRI
    language: str = ""

    def __str__(self) -> str:
        text = self.lexical.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        if self.language:
            return f'"{text}"@{self.language}'
        if self.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
            return f'"{text}"'
        return f'"{text}"^^{self.datatype}'


Node: TypeAlias = IRI | BlankNode
Term: TypeAlias = IRI | BlankNode | Literal


def in_english(literals: Sequence[Literal]) -> str:
    """Return the text that is in English, else the first one; empty where there is none."""
    if not literals:
        return ""
    return min(literals, key=lambda t: not t.language.startswith("en")).lexical


# Property paths (SHACL 2.3.1)


@dataclass(frozen=True, slots=True)
class PredicatePath:
    """A property."""

    iri: IRI


@dataclass(frozen=True, slots=True)
class InversePath:
    """`sh:inversePath`."""

    path: Path


@dataclass(frozen=True, slots=True)
class SequencePath:
    """One path after the other."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class AlternativePath:
    """`sh:alternativePath`."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class ZeroOrMorePath:
    """`sh:zeroOrMorePath`."""

    path: Path


@dataclass(frozen=True, slots=True)
class OneOrMorePath:
    """`sh:oneOrMorePath`."""

    path: Path


@dataclass(frozen=True, slots=True)
class ZeroOrOnePath:
    """`sh:zeroOrOnePath`."""

    path: Path


Path: TypeAlias = (
    PredicatePath
    | InversePath
    | SequencePath
    | AlternativePath
    | ZeroOrMorePath
    | OneOrMorePath
    | ZeroOrOnePath
)


# Constraints (SHACL 4): one class per parameter that starts a constraint component.
# A shape with two values of a parameter has two constraints.


@dataclass(frozen=True, slots=True)
class ClassConstraint:
    """`sh:class`."""

    iri: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class Datatype:
    """`sh:datatype`."""

    iri: IRI
    origin: Origin


@dataclass(frozen=True, slots=True)
class NodeKind:
    """`kind` is the local name: IRI, BlankNode, Literal, BlankNodeOrIRI, …"""

    kind: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class MinCount:
    """`sh:minCount`."""

    count: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class MaxCount:
    """`sh:maxCount`."""

    count: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class MinExclusive:
    """`sh:minExclusive`."""

    bound: Literal
    origin: Origin


@dataclass(frozen=True, slots=True)
class MinInclusive:
    """`sh:minInclusive`."""

    bound: Literal
    origin: Origin


@dataclass(frozen=True, slots=True)
class MaxExclusive:
    """`sh:maxExclusive`."""

    bound: Literal
    origin: Origin


@dataclass(frozen=True, slots=True)
class MaxInclusive:
    """`sh:maxInclusive`."""

    bound: Literal
    origin: Origin


@dataclass(frozen=True, slots=True)
class MinLength:
    """`sh:minLength`."""

    length: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class MaxLength:
    """`sh:maxLength`."""

    length: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class Pattern:
    """`sh:pattern`."""

    pattern: str
    flags: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class LanguageIn:
    """`sh:languageIn`."""

    languages: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class UniqueLang:
    """`sh:uniqueLang`."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class Equals:
    """`sh:equals`."""

    predicate: IRI
    origin: Origin


@dataclass(frozen=True, slots=True)
class Disjoint:
    """`sh:disjoint`."""

    predicate: IRI
    origin: Origin


@dataclass(frozen=True, slots=True)
class LessThan:
    """`sh:lessThan`."""

    predicate: IRI
    origin: Origin


@dataclass(frozen=True, slots=True)
class LessThanOrEquals:
    """`sh:lessThanOrEquals`."""

    predicate: IRI
    origin: Origin


@dataclass(frozen=True, slots=True)
class Not:
    """`sh:not`."""

    shape: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class And:
    """`sh:and`."""

    shapes: tuple[Node, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Or:
    """`sh:or`."""

    shapes: tuple[Node, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Xone:
    """`sh:xone`."""

    shapes: tuple[Node, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class NodeConstraint:
    """`sh:node`."""

    shape: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class Property:
    """`sh:property`: the value nodes become focus nodes of a property shape."""

    shape: Node
    origin: Origin


@dataclass(frozen=True, slots=True)
class QualifiedValueShape:
    """`sh:qualifiedValueShape`."""

    shape: Node
    min_count: int | None
    max_count: int | None
    disjoint: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Closed:
    """`sh:closed true`, with the members of `sh:ignoredProperties`."""

    ignored: tuple[IRI, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class HasValue:
    """`sh:hasValue`."""

    value: Term
    origin: Origin


@dataclass(frozen=True, slots=True)
class In:
    """`sh:in`."""

    values: tuple[Term, ...]
    origin: Origin


# Constraints of axioms: components beyond SHACL, in the namespace CNS


@dataclass(frozen=True, slots=True)
class ValueSpace:
    """A literal whose value is in the value space of a datatype, whatever its own datatype.

    The value spaces are those of OWL 2: `1.0` is an xsd:integer, and no xsd:double is.
    """

    iri: IRI
    origin: Origin


@dataclass(frozen=True, slots=True)
class MaxValues:
    """At most so many different values: literals are the same where their values are."""

    count: int
    origin: Origin


# Constraints in SPARQL (SHACL 5 and 6)


@dataclass(frozen=True, slots=True)
class Query:
    """The text of `sh:select` or `sh:ask`, and the namespaces of the prefixes it may use.

    `prefixes` are those that `sh:prefixes` leads to, in the order of the source.
    """

    text: str
    prefixes: tuple[tuple[str, str], ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Sparql:
    """`sh:sparql`: a SELECT query that finds what violates. `node` is the constraint itself."""

    node: Node
    select: Query
    messages: tuple[Literal, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Custom:
    """A use of a constraint component that the shapes files declare.

    `validator` is an ASK query about each value node where `asks`, else a SELECT query that finds
    what violates. `parameters` are the names and values that the shape gives, `names` all that
    the component declares, optional ones included. `labels` are its label templates. `parameter`
    is the first predicate that the shape gives, as people write it.
    """

    component: IRI
    parameter: str
    parameters: tuple[tuple[str, Term], ...]
    names: tuple[str, ...]
    validator: Query
    asks: bool
    messages: tuple[Literal, ...]
    labels: tuple[Literal, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A constraint or rule that cns does not know, kept so that nothing is lost in silence.

    `parameter` is the predicate as people write it: `sh:js`, `sh:rule`, `dash:…`.
    """

    parameter: str
    value: Term
    origin: Origin


Constraint: TypeAlias = (
    ClassConstraint
    | Datatype
    | NodeKind
    | MinCount
    | MaxCount
    | MinExclusive
    | MinInclusive
    | MaxExclusive
    | MaxInclusive
    | MinLength
    | MaxLength
    | Pattern
    | LanguageIn
    | UniqueLang
    | Equals
    | Disjoint
    | LessThan
    | LessThanOrEquals
    | Not
    | And
    | Or
    | Xone
    | NodeConstraint
    | Property
    | QualifiedValueShape
    | Closed
    | HasValue
    | In
    | ValueSpace
    | MaxValues
    | Sparql
    | Custom
    | Unsupported
)


# Targets (SHACL 2.1.3)


@dataclass(frozen=True, slots=True)
class TargetClass:
    """`sh:targetClass`, or an implicit class target when `implicit`."""

    iri: Node
    implicit: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class TargetNode:
    """`sh:targetNode`."""

    node: Term
    origin: Origin


@dataclass(frozen=True, slots=True)
class TargetSubjectsOf:
    """`sh:targetSubjectsOf`."""

    predicate: IRI
    origin: Origin


@dataclass(frozen=True, slots=True)
class TargetObjectsOf:
    """`sh:targetObjectsOf`."""

    predicate: IRI
    origin: Origin


Target: TypeAlias = TargetClass | TargetNode | TargetSubjectsOf | TargetObjectsOf


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape (`path` is None) or a property shape.

    `names`, `descriptions` are `sh:name`/`rdfs:label`, `sh:description`/`rdfs:comment`.
    `severity` is an IRI: usually one of sh:Info, sh:Warning, sh:Violation.
    `incomplete` says that a waiver left out a part of the shape.
    """

    node: Node
    origin: Origin
    path: Path | None = None
    constraints: tuple[Constraint, ...] = ()
    targets: tuple[Target, ...] = ()
    severity: IRI = IRI(SH + "Violation")
    messages: tuple[Literal, ...] = ()
    deactivated: bool = False
    names: tuple[Literal, ...] = ()
    descriptions: tuple[Literal, ...] = ()
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A class as the ontology and the shapes mention it."""

    iri: IRI
    labels: tuple[Literal, ...] = ()
    comments: tuple[Literal, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """Something that `--waive NAME` let pass: what was left out, and where it stood."""

    name: str
    what: str
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class ShapesGraph:
    """All that one compilation reads.

    `shapes` is in source order and holds every shape reachable from a target, and every shape
    that is declared (rdf:type sh:NodeShape or sh:PropertyShape).
    `subclasses` are the rdfs:subClassOf pairs (subclass, superclass) of all files, and those that
    are `implied` by other axioms, where axioms are read.
    `instances` are the rdf:type pairs (node, class) of IRIs in all files.
    `disjoint` are pairs of classes that an axiom says to share no instance.
    `of_axioms` are the shapes that axioms became, where these are read as constraints.
    `files` are the files read, as named on the command line or by the catalog, in reading order.
    `parents` are, of each property shape, the shapes that have it as a sh:property.
    """

    shapes: Mapping[Node, Shape]
    subclasses: tuple[tuple[Node, Node], ...] = ()
    implied: tuple[tuple[Node, Node], ...] = ()
    disjoint: tuple[tuple[IRI, IRI, Origin], ...] = ()
    of_axioms: frozenset[Node] = frozenset()
    instances: tuple[tuple[IRI, Node], ...] = ()
    classes: Mapping[IRI, ClassInfo] = field(default_factory=lambda: MappingProxyType({}))
    prefixes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    files: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    parents: Mapping[Node, tuple[Node, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        found: dict[Node, dict[Node, None]] = {}
        for node, shape in self.shapes.items():
            for constraint in shape.constraints:
                if isinstance(constraint, Property):
                    found.setdefault(constraint.shape, {})[node] = None
        parents = {node: tuple(above) for node, above in found.items()}
        object.__setattr__(self, "parents", MappingProxyType(parents))
