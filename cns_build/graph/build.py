# SPDX-License-Identifier: Apache-2.0
"""Shapes to the program that validates graphs: every constraint becomes one instruction.

Nothing is left out: what cns does not know is a diagnostic, unless it is waived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from cns_build import model as m
from cns_build.diagnostics import CompileError, Diagnostic
from cns_build.frontend.parse import Document
from cns_build.graph import paths
from cns_build.graph.inference import Inferring, number_rules
from cns_build.graph.program import (
    ALL,
    IN,
    KEEP,
    OUT,
    RULES,
    Check,
    Inference,
    Instruction,
    Program,
    ShapeCode,
    Step,
    Tag,
    Target,
)
from cns_build.ir import messages
from cns_build.ir.qualified import bounds, siblings
from cns_build.ir.recursion import callers_first, recursive_shapes, references
from cns_build.vocabulary import CNS, RDF, RDFS, SH, XSD

MAX_COUNT = 2**32 - 1  # no set of terms is larger
MAX_NESTING = 500  # shapes inside shapes, each of which takes some of the stack
MAX_RECURSION = 2000  # nested calls of recursive shapes, for the same reason

_Named = TypeVar("_Named")

_TYPE, _SUBCLASS_OF = m.IRI(RDF + "type"), m.IRI(RDFS + "subClassOf")
_KINDS = {"IRI": 1, "BlankNode": 2, "Literal": 4}
_OPS: dict[type, str] = {
    m.MinExclusive: "MIN_EXCLUSIVE",
    m.MinInclusive: "MIN_INCLUSIVE",
    m.MaxExclusive: "MAX_EXCLUSIVE",
    m.MaxInclusive: "MAX_INCLUSIVE",
    m.Equals: "EQUALS",
    m.Disjoint: "DISJOINT",
    m.LessThan: "LESS_THAN",
    m.LessThanOrEquals: "LESS_THAN_OR_EQUALS",
    m.And: "AND",
    m.Or: "OR",
    m.Xone: "XONE",
}


def build(
    graph: m.ShapesGraph,
    ontologies: Sequence[Document] = (),
    recursion: int = 0,
    sparql: bool = True,
    inferring: Inferring | None = None,
) -> Program:
    """Return the program of a shapes graph. Raises CompileError.

    Constraints in SPARQL are refused unless there is something to evaluate them: `sparql`.
    `ontologies` say which classes and instances there are beside those in the data. `recursion`
    is the most nested calls that recursive shapes may take; 0 refuses such shapes. `inferring` is
    what infers from the data before these are validated.
    """
    if not 0 <= recursion <= MAX_RECURSION:
        what = (
            f"{recursion} nested calls of recursive shapes are more than the stack has space for"
        )
        raise CompileError(Diagnostic(what, fix=f"give a number from 1 to {MAX_RECURSION}"))
    recursive = recursive_shapes(graph)
    if recursive and not recursion:
        raise CompileError(_recursive(graph, recursive))
    order = callers_first(graph)
    _refuse_deep(graph, order)
    builder = _Builder(graph, order, sparql, inferring)
    builder.read_ontologies(ontologies)
    builder.order_classes(graph.implied)
    builder.shapes()
    if inferring is not None:
        builder.infer(inferring)
    if builder.host:
        from cns_build.graph.sparql import check

        builder.errors += check(graph.shapes.values())
    if builder.errors:
        raise CompileError(*builder.errors)
    return builder.program(recursion if recursive else 0)


@dataclass(slots=True)
class _Numbers(Generic[_Named]):
    """Gives numbers to what is named, from `first` on, in the order of first use."""

    first: int = 0
    found: dict[_Named, int] = field(default_factory=dict)

    def __call__(self, key: _Named) -> int:
        return self.found.setdefault(key, self.first + len(self.found))


class _Builder:
    def __init__(
        self,
        graph: m.ShapesGraph,
        order: Sequence[m.Node],
        sparql: bool,
        inferring: Inferring | None,
    ) -> None:
        self._graph = graph
        self._sparql = sparql
        self._order = order
        self._shape_numbers = {node: number for number, node in enumerate(order)}
        self._terms: _Numbers[m.Term | Tag] = _Numbers(1)
        self._classes: _Numbers[int] = _Numbers()
        self._paths: _Numbers[tuple[Step, ...]] = _Numbers()
        self._patterns: _Numbers[tuple[str, str]] = _Numbers()
        self._read: dict[int, int] = {}
        self._hierarchy: dict[tuple[int, int], None] = {}
        self._instances: dict[tuple[int, int], None] = {}
        self._checks: list[Check] = []
        self._codes: list[ShapeCode] = []
        self._targets: list[Target] = []
        self.host: list[Check] = []
        self._inference = Inference()
        self._everywhere = inferring.contradictions if inferring else frozenset()
        self.errors: list[Diagnostic] = []
        for datatype in (XSD + "string", RDF + "langString"):
            self._terms(m.IRI(datatype))
        self._reads(_TYPE, IN)
        for predicate in (_TYPE, _SUBCLASS_OF):
            self._reads(predicate, OUT)

    def program(self, recursion: int) -> Program:
        """Return what was built."""
        return Program(
            terms=tuple(self._terms.found),
            read=tuple(self._read.items()),
            classes=tuple(self._classes.found),
            hierarchy=tuple(self._hierarchy),
            instances=tuple(self._instances),
            paths=tuple(self._paths.found),
            patterns=tuple(self._patterns.found),
            shapes=tuple(self._codes),
            targets=tuple(self._targets),
            checks=tuple(self._checks),
            host=tuple(self.host),
            inference=self._inference,
            recursion=recursion,
            waivers=self._graph.waivers,
            prefixes=tuple(self._graph.prefixes.items()),
        )

    def read_ontologies(self, documents: Sequence[Document]) -> None:
        """Take the class hierarchy and the classes of named nodes, in whatever order they are."""
        hierarchy: set[tuple[m.Node, m.Node]] = set()
        instances: set[tuple[m.Node, m.Node]] = set()
        for subject, predicate, term in (t for d in documents for t in d.triples):
            if isinstance(term, m.Literal):
                continue
            if predicate == _SUBCLASS_OF.value:
                hierarchy.add((subject, term))
            elif predicate == _TYPE.value and isinstance(subject, m.IRI):
                instances.add((subject, term))
        for pairs, found in ((hierarchy, self._hierarchy), (instances, self._instances)):
            for subject, term in sorted(pairs, key=lambda pair: tuple(map(str, pair))):
                found[self._term(subject), self._term(term)] = None

    def order_classes(self, pairs: Iterable[tuple[m.Node, m.Node]]) -> None:
        """Take pairs of a class and one above it."""
        for lower, upper in pairs:
            self._hierarchy[self._term(lower), self._term(upper)] = None

    def shapes(self) -> None:
        """Build all shapes, and their targets."""
        for node in self._order:
            shape = self._graph.shapes[node]
            self._codes.append(self._shape(shape))
            if not shape.deactivated:
                for target in shape.targets:
                    found = self._target(self._shape_numbers[node], target)
                    everywhere = node in self._everywhere
                    self._targets.append(replace(found, everywhere=everywhere))

    def infer(self, inferring: Inferring) -> None:
        """Take rules, for which more predicates are read."""
        for predicate in inferring.predicates():
            self._reads(predicate, RULES)
        if inferring.keep:
            self._read[0] = self._read.get(0, 0) | KEEP
        self._inference = number_rules(inferring, self._term)

    # Names

    def _term(self, term: m.Term) -> int:
        if isinstance(term, m.Literal):
            self._terms(term.datatype)
            if term.language:
                self._terms(Tag(term.language))
        return self._terms(term)

    def _class(self, node: m.Node) -> int:
        return self._classes(self._term(node))

    def _reads(self, predicate: m.IRI, how: int) -> int:
        number = self._term(predicate)
        self._read[number] = self._read.get(number, 0) | how
        return number

    # Shapes

    def _shape(self, shape: m.Shape) -> ShapeCode:
        path = None if shape.path is None else self._path(shape.path)
        code: list[Instruction] = []
        if not shape.deactivated:
            for constraint in shape.constraints:
                code += self._instructions(shape, constraint)
        return ShapeCode(shape.node, self._term(shape.node), path, tuple(code))

    def _path(self, path: m.Path) -> int:
        found = paths.steps(path, self._term)
        for step in found:
            if step.op in ("OUT", "BACK"):
                how = OUT if step.op == "OUT" else IN
                self._read[step.operand] = self._read.get(step.operand, 0) | how
        return self._paths(found)

    def _target(self, shape: int, target: m.Target) -> Target:
        match target:
            case m.TargetNode(node):
                return Target(shape, "node", self._term(node))
            case m.TargetClass(iri):
                return Target(shape, "class", self._class(iri))
            case m.TargetSubjectsOf(predicate):
                return Target(shape, "subjectsOf", self._reads(predicate, OUT))
            case m.TargetObjectsOf(predicate):
                return Target(shape, "objectsOf", self._reads(predicate, IN))

    # Constraints

    def _instructions(self, shape: m.Shape, constraint: m.Constraint) -> Iterable[Instruction]:
        in_sparql = isinstance(constraint, m.Sparql | m.Custom)
        if isinstance(constraint, m.Unsupported) or (in_sparql and not self._sparql):
            self._refuse(shape, constraint)
            return
        for part in _parts(constraint):
            check = Check(shape, part, _component(part))
            self._checks.append(check)
            number = len(self._checks) - 1
            if in_sparql:
                self._read[0] = self._read.get(0, 0) | ALL  # a query may look at anything
                yield Instruction("HOST", number, (len(self.host),))
                self.host.append(check)
            else:
                op, operands = self._operation(shape, part)
                yield Instruction(op, number, operands)

    def _refuse(self, shape: m.Shape, constraint: m.Constraint) -> None:
        name = messages.parameter(constraint)
        here = "" if isinstance(constraint, m.Unsupported) else " in a compiled program"
        self.errors.append(
            Diagnostic(
                f"{name} of shape {shape.node} is not supported{here}",
                constraint.origin,
                f"remove it, or pass --waive {name} to validate without it",
            )
        )

    def _operation(self, shape: m.Shape, constraint: m.Constraint) -> tuple[str, tuple[int, ...]]:
        """Return the opcode and the operands of a constraint."""
        match constraint:
            case m.ClassConstraint(iri):
                return "CLASS", (self._class(iri),)
            case m.Datatype(iri):
                return "DATATYPE", (self._term(iri),)
            case m.NodeKind(kind):
                return "NODE_KIND", (sum(_KINDS[k] for k in kind.split("Or")),)
            case m.MinCount(count):
                return "MIN_COUNT", (_clamped(count),)
            case m.MaxCount(count):
                return "MAX_COUNT", (_clamped(count),)
            case (
                m.MinExclusive(bound)
                | m.MinInclusive(bound)
                | m.MaxExclusive(bound)
                | m.MaxInclusive(bound)
            ):
                return _OPS[type(constraint)], (self._term(bound),)
            case m.MinLength(length):
                return "MIN_LENGTH", (_clamped(length),)
            case m.MaxLength(length):
                return "MAX_LENGTH", (_clamped(length),)
            case m.Pattern(pattern, flags):
                return "PATTERN", (self._patterns((pattern, flags)),)
            case m.LanguageIn(languages):
                texts = [m.Literal(text, m.IRI(XSD + "string")) for text in languages]
                return "LANGUAGE_IN", tuple(map(self._term, texts))
            case m.UniqueLang():
                return "UNIQUE_LANG", ()
            case (
                m.Equals(predicate)
                | m.Disjoint(predicate)
                | m.LessThan(predicate)
                | m.LessThanOrEquals(predicate)
            ):
                return _OPS[type(constraint)], (self._reads(predicate, OUT),)
            case m.Not(inner):
                return "NOT", (self._shape_numbers[inner],)
            case m.And(inners) | m.Or(inners) | m.Xone(inners):
                return _OPS[type(constraint)], tuple(self._shape_numbers[i] for i in inners)
            case m.NodeConstraint(inner):
                return "NODE", (self._shape_numbers[inner],)
            case m.Property(inner):
                return "PROPERTY", (self._shape_numbers[inner],)
            case m.QualifiedValueShape():
                return self._qualified(shape, constraint)
            case m.Closed():
                self._read[0] = self._read.get(0, 0) | ALL
                return "CLOSED", self._allowed(shape, constraint)
            case m.HasValue(value):
                return "HAS_VALUE", (self._term(value),)
            case m.In(values):
                return "IN", tuple(sorted({self._term(value) for value in values}))
            case m.ValueSpace(iri):
                return "VALUE_SPACE", (self._term(iri),)
            case m.MaxValues(count):
                return "MAX_VALUES", (_clamped(count),)
            case _:
                raise AssertionError(constraint)

    def _qualified(
        self, shape: m.Shape, constraint: m.QualifiedValueShape
    ) -> tuple[str, tuple[int, ...]]:
        others = siblings(self._graph, shape, constraint)
        shapes = tuple(self._shape_numbers[node] for node in (constraint.shape, *others))
        if constraint.min_count is not None:
            return "QUALIFIED_MIN", (_clamped(constraint.min_count), *shapes)
        assert constraint.max_count is not None
        return "QUALIFIED_MAX", (_clamped(constraint.max_count), *shapes)

    def _allowed(self, shape: m.Shape, closed: m.Closed) -> tuple[int, ...]:
        inner = [
            self._graph.shapes[c.shape].path
            for c in shape.constraints
            if isinstance(c, m.Property)
        ]
        named = [path.iri for path in inner if isinstance(path, m.PredicatePath)]
        return tuple(sorted({self._term(iri) for iri in (*named, *closed.ignored)}))


def _parts(constraint: m.Constraint) -> Iterable[m.Constraint]:
    """Return the constraints of one component each that a constraint consists of."""
    return bounds(constraint) if isinstance(constraint, m.QualifiedValueShape) else (constraint,)


def _component(constraint: m.Constraint) -> m.IRI:
    if isinstance(constraint, m.Custom):
        return constraint.component
    if isinstance(constraint, m.Sparql):
        return m.IRI(f"{SH}SPARQLConstraintComponent")
    name = messages.parameter(constraint)
    namespace = CNS if isinstance(constraint, m.ValueSpace | m.MaxValues) else SH
    return m.IRI(f"{namespace}{name[0].upper()}{name[1:]}ConstraintComponent")


def _clamped(count: int) -> int:
    """Return a bound that means the same, for numbers of values and of characters."""
    return min(count, MAX_COUNT)


def _recursive(graph: m.ShapesGraph, recursive: frozenset[m.Node]) -> Diagnostic:
    """Return what to say of shapes that refer to themselves, by the first that has a name."""
    found = [node for node in graph.shapes if node in recursive]
    node = next((n for n in found if isinstance(n, m.IRI)), found[0])
    name = f"shape {node}" if isinstance(node, m.IRI) else "a shape"
    return Diagnostic(
        f"{name} refers to itself, which SHACL leaves open",
        graph.shapes[node].origin,
        "break the circle, or pass --recursion N: a node conforms to a shape for which it is "
        "being validated, and at most N such calls nest",
    )


def _refuse_deep(graph: m.ShapesGraph, order: Sequence[m.Node]) -> None:
    """Raise CompileError where shapes nest too deeply; circles count once."""
    depth: dict[m.Node, int] = {}
    for node in reversed(order):
        inner = [depth.get(r.shape, 0) for r in references(graph.shapes[node])]
        depth[node] = 1 + max(inner, default=0)
        if depth[node] > MAX_NESTING:
            raise CompileError(
                Diagnostic(
                    f"shapes nest deeper than {MAX_NESTING} levels",
                    graph.shapes[node].origin,
                    "validate the inner nodes by targets of their own",
                )
            )
