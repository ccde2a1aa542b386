# SPDX-License-Identifier: Apache-2.0
"""What the reference evaluator says about a record, as rows that another engine can be held to.

The files are read here on their own, so that the front end is under test too; only the places of
blank nodes are taken from it: `Origin` numbers the triples of a file.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import pyoxigraph
from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from cns_build import model
from cns_build.ir.branches import path_branches
from cns_build.ir.program import Program
from tests.reference import SH, Reference
from tests.reference.denote import INVALID, Denotation
from tests.reference.evaluate import Evaluator
from tests.reference.paths import Alternative, Inverse, Predicate, Repeat
from tests.reference.paths import Path as ReferencePath
from tests.reference.paths import Sequence as SequencePath
from tests.reference.report import Result
from tests.reference.terms import CNS, Triples, datatype_of, literal, sort_key

from .values import RecordValue, reachable

# Focus, path, value, component, shape, severity; a blank node is the number of its struct among
# the reachable ones, or -1 when no struct is described by it. Last, how often each detail occurs.
Key: TypeAlias = "tuple[str, str, str] | str | int | None"
Row: TypeAlias = tuple[Key, str, Key, str, Node, str, "frozenset[tuple[Row, int]]"]
Triple: TypeAlias = tuple[Node, Node, Node]

# rdflib warns, with a traceback, of each ill-typed literal; records are full of them on purpose.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)


def read_triples(file: str) -> list[Triple]:
    """The triples of a Turtle file in the parser's order, repeated ones included."""
    data = Path(file).read_bytes()
    base = f"file:///{Path(file).name}"
    try:
        return _convert(pyoxigraph.parse(data, pyoxigraph.RdfFormat.TURTLE, base_iri=base))
    except SyntaxError:
        parser = pyoxigraph.parse(data, pyoxigraph.RdfFormat.TURTLE, base_iri=base, lenient=True)
        return _convert(parser)


def _convert(quads: Iterable[pyoxigraph.Quad]) -> list[Triple]:
    blank: dict[str, BNode] = {}

    def term(parsed: object) -> Node:
        match parsed:
            case pyoxigraph.NamedNode():
                return URIRef(parsed.value)
            case pyoxigraph.BlankNode():
                return blank.setdefault(parsed.value, BNode())
            case pyoxigraph.Literal():
                return literal(parsed.value, parsed.datatype.value, parsed.language)
        raise ValueError(f"not an RDF 1.1 term: {parsed}")

    return [(term(q.subject), term(q.predicate), term(q.object)) for q in quads]


REFERENCES = [SH[name] for name in ("property", "node", "and", "or", "xone", "not")]
PATHS = {SH[name] for name in ("inversePath", "alternativePath", "zeroOrMorePath")}
PATHS |= {SH.oneOrMorePath, SH.zeroOrOnePath}
WAIVED = URIRef("urn:cns:waived")


def _without(triple: Triple) -> Triple:
    """What is left of a triple of a property shape whose path is waived."""
    shape, predicate, value = triple
    if predicate == SH.path:
        return shape, predicate, WAIVED
    return triple if predicate == RDF.type else (shape, RDFS.comment, value)


def _is_undecided(
    shapes: Graph, triple: tuple[Node, Node, Node], incomplete: Collection[Node]
) -> bool:
    """Whether a waiver leaves out a part of what a sh:not or sh:xone is about."""
    if triple[1] not in (SH["not"], SH.xone):
        return False
    seen: set[Node] = set()
    waiting = [triple[2]]
    while waiting:
        node = waiting.pop()
        if str(shapes.value(node, SH.deactivated)) == "true":
            continue
        seen.add(node)
        inner = {o for p in (*REFERENCES, RDF.first, RDF.rest) for o in shapes.objects(node, p)}
        waiting += inner - seen
    return not seen.isdisjoint(incomplete)


class Oracle:
    """The reference evaluator over the shapes of one program.

    `waive` are names as `--waive` takes them: parameters of SHACL, and `shape:IRI`. The evaluator
    does not see the triples of waived parameters, property shapes with waived paths, nor sh:not
    and sh:xone around them. `beyond` are parameters outside SHACL Core that it is to ignore.
    """

    def __init__(
        self,
        graph: model.ShapesGraph,
        program: Program,
        shapes_files: Collection[str],
        *,
        waive: Collection[str] = (),
        detail: bool = False,
        beyond: Collection[str] = (),
    ):
        self.program = program
        self._detail = detail
        self._documents = {file: read_triples(file) for file in graph.files}
        parameters = {SH[name[3:]] for name in waive if name.startswith("sh:")} - PATHS
        if SH.qualifiedValueShape in parameters:
            parameters |= {SH.qualifiedMinCount, SH.qualifiedMaxCount}
        operators = {SH[name[3:]] for name in waive if SH[name[3:]] in PATHS}
        self.accepting: set[Node] = {
            URIRef(name[6:]) for name in waive if name.startswith("shape:")
        }
        self.shapes, self.ontology = Graph(), Graph()
        for triples in self._documents.values():
            for triple in triples:
                self.ontology.add(triple)
        given = Graph()
        for file in shapes_files:
            for triple in self._documents[file]:
                given.add(triple)
        left_out = {
            self._at(shape.origin, shape.node)
            for shape in graph.shapes.values()
            if operators and shape.path is not None and path_branches(shape.path) is None
        }
        incomplete = {s for p in parameters for s in given.subjects(p)}
        incomplete |= self.accepting | left_out
        for triple in given:
            if triple[0] in left_out:
                triple = _without(triple)
            elif triple[1] in parameters or _is_undecided(given, triple, incomplete):
                triple = (triple[0], RDFS.comment, Literal("a part of it is waived"))
            self.shapes.add(triple)
        ignored = self.accepting | {SH[name.removeprefix("sh:")] for name in beyond}
        self._reference = Reference(self.shapes, ontology=self.ontology, waived=ignored)
        self._targeted = self._reference.shapes.targeted()
        self._forced = {
            function.record: [
                node
                for shape in function.shapes
                if (node := self._shape_node(graph, shape)) not in self._targeted
            ]
            for function in program.functions
        }
        self.roots = {*self._targeted, *(n for nodes in self._forced.values() for n in nodes)}

    def _shape_node(self, graph: model.ShapesGraph, shape: model.Node) -> Node:
        return self._at(graph.shapes[shape].origin, shape)

    def check_shape(self, number: int) -> Node:
        """The shape that check `number` of the program belongs to."""
        info = self.program.checks[number]
        return self._at(info.origin, info.shape)

    def _at(self, origin: model.Origin, node: model.Node) -> Node:
        """The node that the triple at `origin` is about, when it is blank."""
        if isinstance(node, model.IRI):
            return URIRef(node.value)
        return self._documents[origin.file][origin.ordinal][0]

    def rows(self, value: RecordValue) -> Counter[Row]:
        """The results for the focus node of a record. Raises BadRecord."""
        denotation = Denotation(self.program)
        root = denotation.add(value)
        evaluator = Evaluator(
            Triples(denotation.graph),
            self._reference.ontology,
            self._reference.shapes,
            detail=self._detail,
        )
        keys = Keys(denotation, value)
        rows: Counter[Row] = Counter()
        for shape, focus in self._selected(evaluator, root, value):
            rows.update(_row(keys, result) for result in evaluator.results(shape, focus))
        return rows

    def focus_nodes(self, data: Graph, focus: Node, value: RecordValue) -> list[tuple[Node, Node]]:
        """The shapes that select nodes of a record's graph, each with the node."""
        evaluator = Evaluator(Triples(data), self._reference.ontology, self._reference.shapes)
        return list(self._selected(evaluator, focus, value))

    def _selected(
        self, evaluator: Evaluator, focus: Node, value: RecordValue
    ) -> Iterator[tuple[Node, Node]]:
        for shape in self._targeted + self._forced[value.record]:
            for node in self._focus_nodes(evaluator, shape, focus, value):
                yield shape, node

    def _focus_nodes(
        self, evaluator: Evaluator, shape: Node, focus: Node, value: RecordValue
    ) -> list[Node]:
        """The focus node, where a target selects it, and its values for sh:targetObjectsOf."""
        if shape in self._forced[value.record]:
            return [focus]
        found = {
            node
            for name in self._reference.shapes.values(shape, "targetObjectsOf")
            for node in evaluator.data.objects(focus, name)
        }
        # No record refers back to its own focus node, so what selects it is another target.
        if focus in evaluator.targets(shape):
            found.add(focus)
        return sorted(found, key=sort_key)


def _row(keys: Keys, result: Result, explains: bool = False) -> Row:
    component = str(result.component).removeprefix(str(SH)).removeprefix(str(CNS))
    details = Counter(_row(keys, detail, explains=True) for detail in result.details)
    focus = keys.focus(result.focus)
    return (
        explained(focus) if explains else focus,
        "" if result.path is None else str(result.path),
        keys.key(result.value),
        component.removesuffix("ConstraintComponent"),
        result.source_shape,
        str(result.severity),
        frozenset(details.items()),
    )


class Keys:
    """Names for the nodes of a denoted graph that do not depend on labels of blank nodes."""

    def __init__(self, denotation: Denotation, value: RecordValue):
        self._structs = {denotation.blank(r): n for n, r in enumerate(reachable(value))}

    def key(self, node: Node | None) -> Key:
        """The key of a node or value."""
        if isinstance(node, BNode):
            return self._structs.get(node, -1)
        return key(node)

    def focus(self, node: Node) -> Key:
        """The key of a focus node; handlers only name IRIs and structs."""
        return -1 if isinstance(node, Literal) else self.key(node)


def explained(focus: Key) -> Key:
    """The key of the focus node of an explanation: what stands for no term has no id there."""
    return -1 if focus == INVALID else focus


def key(node: Node | None) -> Key:
    """The key of a term that is not a blank node."""
    match node:
        case Literal():
            return str(node), str(datatype_of(node)), (node.language or "").lower()
        case URIRef():
            return str(node)
    return None


def path_text(path: model.Path | None) -> str:
    """A path of the model as the reference writes paths."""
    return "" if path is None else str(_path(path))


def _path(path: model.Path) -> ReferencePath:
    match path:
        case model.PredicatePath(iri):
            return Predicate(URIRef(iri.value))
        case model.SequencePath(paths):
            return SequencePath(_paths(paths))
        case model.AlternativePath(paths):
            return Alternative(_paths(paths))
        case model.InversePath(inner):
            return Inverse(_path(inner))
        case model.ZeroOrMorePath(inner):
            return Repeat(_path(inner), "*")
        case model.OneOrMorePath(inner):
            return Repeat(_path(inner), "+")
        case model.ZeroOrOnePath(inner):
            return Repeat(_path(inner), "?")


def _paths(paths: Sequence[model.Path]) -> tuple[ReferencePath, ...]:
    return tuple(map(_path, paths))
