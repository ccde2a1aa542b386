# SPDX-License-Identifier: Apache-2.0
"""Shapes (SHACL 2.1 to 2.3): from the triples of the shapes files to the model.

A shape is read when it is declared (rdf:type sh:NodeShape or sh:PropertyShape), has a target, is
a class with constraint parameters, or when a shape that is read refers to it. A shape that is
also a class is its own target (an instance of rdfs:Class, owl:Class or a subclass of theirs).
Recursive shapes are read like others; whether they can be compiled is decided later.
"""

from __future__ import annotations

import shlex
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TypeAlias, TypeVar

from cns_build.diagnostics import Note
from cns_build.frontend.components import Components
from cns_build.frontend.graph import TYPE, Graph, IllFormed, Value
from cns_build.frontend.parameters import (
    NODE_KINDS,
    READERS,
    SECOND_PARAMETERS,
    SECOND_READERS,
    ShapeReader,
)
from cns_build.frontend.paths import read_path
from cns_build.frontend.report import Report
from cns_build.frontend.sparql import read_constraint
from cns_build.frontend.terms import (
    AT_MOST_ONE,
    IGNORED,
    OTHER,
    PROPERTY_SHAPES_ONLY,
    TARGETS,
    UNSUPPORTED,
)
from cns_build.model import (
    IRI,
    And,
    BlankNode,
    Constraint,
    Literal,
    Node,
    NodeConstraint,
    Not,
    Or,
    Path,
    Property,
    QualifiedValueShape,
    Shape,
    Target,
    TargetClass,
    TargetNode,
    TargetObjectsOf,
    TargetSubjectsOf,
    Term,
    Unsupported,
    Xone,
)
from cns_build.vocabulary import OWL, RDFS, SH

PATH, SUBCLASS_OF = SH + "path", RDFS + "subClassOf"
_NODE_SHAPE, _PROPERTY_SHAPE = IRI(SH + "NodeShape"), IRI(SH + "PropertyShape")
_CLASS = (IRI(RDFS + "Class"), IRI(OWL + "Class"))
_OTHER_TARGETS = (SH + "target", SH + "targetShape", SH + "targetWhere")
_SPARQL = SH + "sparql"
_ENTAILMENT = SH + "entailment"
_GRAPH_IRIS = (_ENTAILMENT, SH + "shapesGraph")
_TOGETHER = frozenset(
    [
        "closed",
        "flags",
        "ignoredProperties",
        "pattern",
        "qualifiedMaxCount",
        "qualifiedMinCount",
        "qualifiedValueShape",
        "qualifiedValueShapesDisjoint",
    ]
)
"""Parameters of constraint components with several: one rule forbids second values of all."""
_VIOLATION = IRI(SH + "Violation")

KNOWN = AT_MOST_ONE | IGNORED | OTHER | TARGETS | UNSUPPORTED | READERS.keys()
"""The predicates of SHACL, and those of DASH that constrain."""

Statements: TypeAlias = Mapping[str, list[Value]]
_Read = TypeVar("_Read")


def read_shapes(
    graph: Graph,
    report: Report,
    owner: Callable[[Node], str],
    strict: bool = False,
    declared: bool = False,
) -> dict[Node, Shape]:
    """Return the shapes of `graph` in source order; what is wrong goes to `report`.

    `owner` names an ontology file in which a node has triples, or returns an empty string.
    `strict` takes owl:Class out of what makes a shape a target of itself; `declared` leaves that
    to shapes that have such a type (SHACL 2.1.3.3).
    """
    reader = _Shapes(graph, report, owner, strict, declared)
    reader.read_all()
    _check_graph_iris(graph, report)
    _check_entailment(graph, report)
    _warn_unknown_terms(graph, report)
    return reader.in_order()


class _Shapes:
    def __init__(
        self,
        graph: Graph,
        report: Report,
        owner: Callable[[Node], str],
        strict: bool,
        declared: bool,
    ) -> None:
        self._graph = graph
        self._report = report
        self._owner = owner
        self._declared = declared
        self._metaclasses = _with_subclasses(graph, _CLASS[:1] if strict else _CLASS)
        self._node_shape_types = _with_subclasses(graph, (_NODE_SHAPE,))
        self._property_shape_types = _with_subclasses(graph, (_PROPERTY_SHAPE,))
        self._shape_types = self._node_shape_types | self._property_shape_types
        self._components = Components(graph, report, lambda c: _with_subclasses(graph, (c,)))
        self._beyond_core = UNSUPPORTED | self._components.predicates
        self._incomplete: set[Node] = set()
        self._pending: deque[Node] = deque()
        self._number: dict[Node, int] = {}
        self._shapes: dict[Node, Shape] = {}
        self._reported: set[tuple[Node, str]] = set()

    def read_all(self) -> None:
        """Read every shape, following references without recursion."""
        for node in self._graph:
            if self._is_root(node):
                self._enqueue(node, self._graph.number(node))
        while self._pending:
            node = self._pending.popleft()
            shape = self._read(node)
            if shape is not None:
                self._shapes[node] = shape

    def in_order(self) -> dict[Node, Shape]:
        """Return the shapes read, in the order of their first triples."""
        return dict(sorted(self._shapes.items(), key=lambda item: self._number[item[0]]))

    def _enqueue(self, node: Node, number: int) -> None:
        if node not in self._number:
            self._number[node] = self._graph.number(node) if node in self._graph else number
            self._pending.append(node)

    def _is_root(self, node: Node) -> bool:
        has_parameter = is_class = False
        for predicate, value in self._graph.raw(node):
            if predicate in TARGETS or predicate in _OTHER_TARGETS:
                return True
            if predicate == TYPE:
                if value.term in self._shape_types:
                    return True
                is_class = is_class or value.term in self._metaclasses
            elif predicate in READERS or predicate in self._beyond_core:
                has_parameter = True
        return is_class and has_parameter

    def _read(self, node: Node) -> Shape | None:
        statements = self._graph.statements(node)
        reader = ShapeReader(self._graph, statements, self._report)
        self._check_kind(node, statements)
        self._check_repeated(node, statements)
        self._check_second_parameters(reader, statements)
        constraints = self._constraints(node, reader, statements)
        path = self._path(statements)
        if path is None and PATH in statements:
            return None
        return Shape(
            node=node,
            origin=self._graph.origin(self._number[node], "subject" if statements else "object"),
            path=path,
            constraints=constraints,
            targets=self._targets(node, reader, statements),
            severity=self._first(statements, "severity", reader.iri) or _VIOLATION,
            messages=tuple(self._all(statements, "message", reader.message)),
            deactivated=self._first(statements, "deactivated", reader.flag) or False,
            names=_literals(statements, SH + "name", RDFS + "label"),
            descriptions=_literals(statements, SH + "description", RDFS + "comment"),
            incomplete=node in self._incomplete,
        )

    # Constraints

    def _constraints(
        self, node: Node, reader: ShapeReader, statements: Statements
    ) -> tuple[Constraint, ...]:
        found: list[tuple[int, Constraint]] = []
        used: dict[Node, dict[str, list[Value]]] = {}
        for predicate, value in self._values(node, statements):
            components = self._components.of(predicate)
            for component in components:
                used.setdefault(component, {}).setdefault(predicate, []).append(value)
            if components:
                continue
            constraint = self._constraint(reader, predicate, value)
            if constraint is not None:
                found.append((value.number, constraint))
            elif predicate == SH + "property":
                self._incomplete.add(node)
        for component, given in used.items():
            first = min(values[0].number for values in given.values())
            read = partial(self._components.constraints, component, given, PATH in statements)
            found += [(first, custom) for custom in self._attempt(read) or ()]
        found.sort(key=lambda item: item[0])
        return tuple(constraint for _, constraint in found)

    def _values(self, node: Node, statements: Statements) -> Iterator[tuple[str, Value]]:
        """Yield the values that constrain a shape, with their predicates, but for waived ones."""
        for predicate, values in statements.items():
            if predicate not in READERS and predicate not in self._beyond_core:
                continue
            name = self._report.shorten(predicate)
            for value in values[:1] if predicate in AT_MOST_ONE else values:
                if self._waives(predicate, name, node, value):
                    self._incomplete.add(node)
                else:
                    yield predicate, value

    def _waives(self, predicate: str, name: str, node: Node, value: Value) -> bool:
        if not self._report.waive:
            return False
        what = f"{name} of shape {self._place(node)}"
        return self._report.waived("", predicate, what, self._graph.origin(value.number))

    def _place(self, node: Node) -> str:
        """Return the name of a shape, or of the shape around it with the paths that lead there."""
        steps: list[str] = []
        seen: set[Node] = set()
        at: Node | None = node
        while isinstance(at, BlankNode) and at not in seen:
            seen.add(at)
            node = at
            paths = self._graph.values(at, PATH)
            steps[:0] = [self._report.show(p.term) for p in paths if isinstance(p.term, IRI)]
            at = self._graph.parent(at)
        name = self._report.show(at if isinstance(at, IRI) else node)
        return f"{name} at {'/'.join(steps)}" if steps else name

    def _constraint(self, reader: ShapeReader, predicate: str, value: Value) -> Constraint | None:
        name = self._report.shorten(predicate)
        if predicate not in READERS:
            if self._is_switched_off(value.term):
                return None
            if predicate == _SPARQL:
                show = self._report.show
                return self._attempt(partial(read_constraint, self._graph, value, show))
            return Unsupported(name, value.term, reader.origin(value))
        read = READERS[predicate]
        constraint = self._attempt(partial(read, reader, name, value))
        if constraint is None:
            return None
        missing = [n for n in _references(constraint) if not self._resolve(n, name, value)]
        return None if missing and isinstance(constraint, Property) else constraint

    def _is_switched_off(self, term: Term) -> bool:
        """Whether a sh:sparql constraint, a rule or the like has sh:deactivated true."""
        if isinstance(term, Literal):
            return False
        flags = self._graph.values(term, SH + "deactivated")
        return any(isinstance(f.term, Literal) and f.term.lexical == "true" for f in flags)

    def _resolve(self, node: Node, name: str, value: Value) -> bool:
        """Check a reference from parameter `name`; return whether `node` has triples."""
        if node in self._graph:
            self._enqueue(node, value.number)
            self._check_reference(node, name, value)
            return True
        if name != "sh:property":
            self._enqueue(node, value.number)
        if isinstance(node, IRI):
            self._missing_shape(node, name, value)
        elif name == "sh:property":
            self._not_a_property_shape(node, value)
        return False

    def _missing_shape(self, node: IRI, name: str, value: Value) -> None:
        where = self._graph.origin(value.number)
        what = f"shape {self._report.show(node)}, which has no triples"
        if self._report.waived("shape:", node.value, what, where):
            self._incomplete.add(node)
            return
        file = self._owner(node)
        waiver = shlex.quote(f"shape:{node.value}")
        if name == "sh:node" and node.value.removeprefix(SH) in NODE_KINDS:
            fix = "did you mean sh:nodeKind?"
        elif file:
            fix = f"give {file} with --shapes, or pass --waive {waiver}"
        else:
            fix = f"define it, correct the name, or pass --waive {waiver}"
        rule = "property-node" if name == "sh:property" else ""
        self._report.error(f"{name} refers to {what} in the shapes files", where, fix, rule=rule)

    def _check_reference(self, node: Node, name: str, value: Value) -> None:
        has_path = bool(self._graph.values(node, PATH))
        if name == "sh:property" and not has_path:
            self._not_a_property_shape(node, value)
        if name == "sh:node" and has_path:
            message = f"sh:node refers to {self._report.show(node)}, which is a property shape"
            where = self._graph.origin(value.number)
            self._report.error(message, where, "use sh:property", rule="node-node")

    def _not_a_property_shape(self, node: Node, value: Value) -> None:
        if (node, PATH) in self._reported:
            return
        self._reported.add((node, PATH))
        message = f"sh:property refers to {self._report.show(node)}, which has no sh:path"
        where = self._graph.origin(value.number)
        fix = "give it a sh:path, or use sh:node"
        self._report.error(message, where, fix, rule="property-node")

    # Targets

    def _targets(
        self, node: Node, reader: ShapeReader, statements: Statements
    ) -> tuple[Target, ...]:
        found: list[tuple[int, Target]] = []
        for predicate in statements:
            if predicate in TARGETS:
                read = partial(_target, reader, predicate.removeprefix(SH))
                for value in statements[predicate]:
                    target = self._attempt(partial(read, value))
                    if target is not None:
                        found.append((value.number, target))
        types = statements.get(TYPE, ())
        shape = not self._declared or any(t.term in self._shape_types for t in types)
        classes = [t for t in types if t.term in self._metaclasses]
        if isinstance(node, IRI) and shape and classes:
            target = TargetClass(node, True, reader.origin(classes[0]))
            found.append((classes[0].number, target))
        found.sort(key=lambda item: item[0])
        return tuple(target for _, target in found)

    # Rules about the shape as a whole

    def _check_kind(self, node: Node, statements: Statements) -> None:
        types = statements.get(TYPE, ())
        self._check_class(node, types)
        if PATH in statements:
            if any(value.term in self._node_shape_types for value in types):
                where = self._graph.origin(statements[PATH][0].number, "predicate")
                message = f"{self._report.show(node)} is a sh:NodeShape and has a sh:path"
                fix, rule = "make it a sh:PropertyShape", "NodeShape-path-maxCount"
                self._report.error(message, where, fix, rule=rule)
            return
        declared = [value for value in types if value.term in self._property_shape_types]
        if declared and (node, PATH) not in self._reported:
            self._reported.add((node, PATH))
            where = self._graph.origin(declared[0].number)
            message = f"{self._report.show(node)} is a sh:PropertyShape and has no sh:path"
            fix, rule = (
                "give it a sh:path, or make it a sh:NodeShape",
                "PropertyShape-path-minCount",
            )
            self._report.error(message, where, fix, rule=rule)
        for predicate in statements:
            if predicate in PROPERTY_SHAPES_ONLY and (node, PATH) not in self._reported:
                name = self._report.shorten(predicate)
                where = self._graph.origin(statements[predicate][0].number, "predicate")
                display = self._report.show(node)
                message = f"{name} is for property shapes, and {display} has no sh:path"
                rule = f"{predicate.removeprefix(SH)}-scope"
                self._report.error(message, where, "move it into a sh:property", rule=rule)

    def _check_class(self, node: Node, types: Iterable[Value]) -> None:
        """Check that a declared shape that is a class, and so its own target, has an IRI."""
        types = tuple(types)
        classes = [value for value in types if value.term in self._metaclasses]
        declared = any(value.term in self._shape_types for value in types)
        if isinstance(node, BlankNode) and declared and classes:
            self._report.error(
                "a blank node is both a shape and a class, and so no target can name it",
                self._graph.origin(classes[0].number),
                "give it an IRI",
                rule="implicit-targetClass-nodeKind",
            )

    def _check_repeated(self, node: Node, statements: Statements) -> None:
        for predicate, values in statements.items():
            if len(values) > 1 and predicate in AT_MOST_ONE:
                shape, name = self._report.show(node), self._report.shorten(predicate)
                self._report.error(
                    f"{shape} has {len(values)} values of {name}, one is allowed",
                    self._graph.origin(values[1].number),
                    "keep one, or combine shapes with sh:and or sh:or",
                    (Note("the first value", self._graph.origin(values[0].number)),),
                    _repeated(predicate),
                )

    def _check_second_parameters(self, reader: ShapeReader, statements: Statements) -> None:
        for predicate, first in SECOND_PARAMETERS.items():
            name, read = self._report.shorten(predicate), SECOND_READERS[predicate]
            for value in statements.get(predicate, ()):
                self._attempt(partial(read, reader, name, value))
            if predicate in statements and SH + first not in statements:
                where = self._graph.origin(statements[predicate][0].number, "predicate")
                message = f"{name} has no effect without sh:{first}"
                self._report.warn(message, where, "add it", "lone-parameter")

    # Parts

    def _path(self, statements: Statements) -> Path | None:
        for value in statements.get(PATH, ())[:1]:
            warn = self._report.diagnostics.append
            return self._attempt(partial(read_path, self._graph, value, warn))
        return None

    def _first(
        self, statements: Statements, local_name: str, read: Callable[[str, Value], _Read]
    ) -> _Read | None:
        for result in self._all(statements, local_name, read):
            return result
        return None

    def _all(
        self, statements: Statements, local_name: str, read: Callable[[str, Value], _Read]
    ) -> list[_Read]:
        results = []
        for value in statements.get(SH + local_name, ()):
            result = self._attempt(partial(read, f"sh:{local_name}", value))
            if result is not None:
                results.append(result)
        return results

    def _attempt(self, read: Callable[[], _Read]) -> _Read | None:
        """Return what `read` returns; collect the error where it raises IllFormed."""
        try:
            return read()
        except IllFormed as error:
            if error.diagnostic not in self._report.diagnostics:  # a value may be read twice
                self._report.diagnostics.append(error.diagnostic)
            return None


def _target(reader: ShapeReader, local_name: str, value: Value) -> Target:
    name, where = f"sh:{local_name}", reader.origin(value)
    if local_name == "targetNode":
        if isinstance(value.term, BlankNode):
            raise reader.wrong(name, value, "an IRI or a literal", "nodeKind")
        return TargetNode(value.term, where)
    iri = reader.iri(name, value)
    if local_name == "targetClass":
        return TargetClass(iri, False, where)
    if local_name == "targetSubjectsOf":
        return TargetSubjectsOf(iri, where)
    return TargetObjectsOf(iri, where)


def _references(constraint: Constraint) -> tuple[Node, ...]:
    """Return the shapes that `constraint` refers to."""
    match constraint:
        case NodeConstraint() | Property() | Not() | QualifiedValueShape():
            return (constraint.shape,)
        case And() | Or() | Xone():
            return constraint.shapes
        case _:
            return ()


def _literals(statements: Statements, *predicates: str) -> tuple[Literal, ...]:
    values = [value.term for predicate in predicates for value in statements.get(predicate, ())]
    return tuple(term for term in values if isinstance(term, Literal))


def _with_subclasses(graph: Graph, classes: Iterable[Node]) -> set[Term]:
    """Return `classes` and everything that the shapes files make a subclass of them."""
    below: dict[Term, list[Node]] = {}
    for node in graph:
        for predicate, value in graph.raw(node):
            if predicate == SUBCLASS_OF:
                below.setdefault(value.term, []).append(node)
    found: set[Term] = set()
    pending: list[Term] = list(classes)
    while pending:
        iri = pending.pop()
        if iri not in found:
            found.add(iri)
            pending += below.get(iri, ())
    return found


def _repeated(predicate: str) -> str:
    """Return the syntax rule that a second value of `predicate` breaks."""
    name = predicate.removeprefix(SH)
    return "multiple-parameters" if name in _TOGETHER else f"{name}-maxCount"


def _check_graph_iris(graph: Graph, report: Report) -> None:
    """Check that graphs and entailment regimes are named by IRIs (SHACL 3.1, 3.2)."""
    for node in graph:
        for predicate, value in graph.raw(node):
            if predicate in _GRAPH_IRIS and not isinstance(value.term, IRI):
                name = predicate.removeprefix(SH)
                message = f"sh:{name} needs an IRI, got {report.show(value.term)}"
                where, rule = graph.origin(value.number), f"{name}-nodeKind"
                report.error(message, where, "give an IRI", rule=rule)


def _check_entailment(graph: Graph, report: Report) -> None:
    """Refuse sh:entailment: SHACL 3.2 asks for a failure where an entailment is not supported."""
    number = graph.predicates().get(_ENTAILMENT)
    if number is None:
        return
    where = graph.origin(number)
    if not report.waived("", _ENTAILMENT, "sh:entailment", where):
        fix = "remove it, or pass --waive sh:entailment"
        report.error("sh:entailment is not supported", where, fix)


def _warn_unknown_terms(graph: Graph, report: Report) -> None:
    for predicate, number in graph.predicates().items():
        if predicate.startswith(SH) and predicate not in KNOWN:
            name = predicate.removeprefix(SH)
            close = _closest(name)
            fix = f"did you mean sh:{close}?" if close else "remove it, or use another namespace"
            message = f"sh:{name} is no term of SHACL and has no effect"
            report.warn(message, graph.origin(number, "predicate"), fix, "unknown-term")


def _closest(name: str) -> str:
    """Return the term that `name` seems to mean, terms of shapes first; empty if there is none."""
    from difflib import get_close_matches  # only where the input has a mistake

    for terms in (KNOWN - OTHER, OTHER):
        known = [term.removeprefix(SH) for term in sorted(terms) if term.startswith(SH)]
        by_case = [term for term in known if term.lower() == name.lower()]
        for close in by_case or get_close_matches(name, known, 1):
            return close
    return ""
