# SPDX-License-Identifier: Apache-2.0
"""Constraint components that the shapes files declare (SHACL 6.2), and their use by shapes.

A component is read when a shape gives a value for one of its parameters. It constrains the shape
if all that are not optional have values. Components of SHACL itself are no matter of this file,
nor are those without a validator in SPARQL: their parameters stay unsupported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from cns_build.frontend.graph import TYPE, Graph, IllFormed, Value
from cns_build.frontend.parameters import READERS
from cns_build.frontend.report import Report
from cns_build.frontend.sparql import only_value, read_query, read_texts
from cns_build.model import IRI, Custom, Literal, Node, Query, Term
from cns_build.vocabulary import SH, XSD

_BOOLEAN = IRI(XSD + "boolean")
_LOCAL_NAME = re.compile(r"[^\W\d][\w.\-\u00b7]*$")
_VARIABLE = re.compile(r"[\w\u00b7]+")
_RESERVED = ("this", "shapesGraph", "currentShape", "path", "PATH", "value")
_SELECT = ("SPARQLSelectValidator-select-count", "select-query-valid")
_ASK = ("ask-count", "ask-datatype")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its predicate, and the variable of that name in queries."""

    iri: str
    name: str
    optional: bool


@dataclass(frozen=True, slots=True)
class _Validator:
    query: Query
    asks: bool
    messages: tuple[Literal, ...]


class Components:
    """The components of the shapes files.

    `with_subclasses` returns a class and all that the shapes files make subclasses of it.
    """

    def __init__(
        self, graph: Graph, report: Report, with_subclasses: Callable[[IRI], set[Term]]
    ) -> None:
        self._graph = graph
        self._report = report
        self._of: dict[str, list[Node]] = {}
        self._parameters: dict[Node, tuple[Parameter, ...]] = {}
        types = with_subclasses(IRI(SH + "ConstraintComponent"))
        for node in graph:
            if any(p == TYPE and v.term in types for p, v in graph.raw(node)):
                for predicate in self._predicates(node):
                    self._of.setdefault(predicate, []).append(node)
        self._asks: set[Term] = set()
        self._selects: set[Term] = set()
        if self._of:
            self._asks = with_subclasses(IRI(SH + "SPARQLAskValidator"))
            self._selects = with_subclasses(IRI(SH + "SPARQLSelectValidator"))

    @property
    def predicates(self) -> frozenset[str]:
        """The parameters of all components, those of SHACL Core left out."""
        return frozenset(self._of)

    def of(self, predicate: str) -> tuple[Node, ...]:
        """Return the components in SPARQL that have this parameter."""
        return tuple(c for c in self._of.get(predicate, ()) if self._is_in_sparql(c))

    def constraints(
        self, component: Node, given: Mapping[str, list[Value]], is_property: bool
    ) -> tuple[Custom, ...]:
        """Return what a component asks of a shape that gives these values. Raises IllFormed."""
        parameters = self._read(component)
        assert isinstance(component, IRI)
        missing = [p for p in parameters if not p.optional and p.iri not in given]
        if missing:
            self._warn_lone(given, missing[0])
            return ()
        validator = self._validator(component, is_property)
        if validator is None:  # there is one for the other kind of shapes: SHACL ignores this use
            return ()
        if len(parameters) > 1:
            self._check_single(given)
        read, show = partial(read_texts, self._graph, component), self._report.show
        labels = read("labelTemplate", "labelTemplate-datatype", show)
        messages = validator.messages or read("message", "message-datatype", show)
        return tuple(
            Custom(
                component=component,
                parameter=self._report.shorten(predicate),
                parameters=bound,
                names=tuple(p.name for p in parameters),
                validator=validator.query,
                asks=validator.asks,
                messages=messages,
                labels=labels,
                origin=self._graph.origin(value.number),
            )
            for predicate, value, bound in _uses(parameters, given)
        )

    # Parameters

    def _predicates(self, component: Node) -> Iterator[str]:
        for parameter in self._graph.values(component, SH + "parameter"):
            if not isinstance(parameter.term, Literal):
                for path in self._graph.values(parameter.term, SH + "path"):
                    if isinstance(path.term, IRI) and path.term.value not in READERS:
                        yield path.term.value

    def _read(self, component: Node) -> tuple[Parameter, ...]:
        if component not in self._parameters:
            self._parameters[component] = tuple(self._read_all(component))
        return self._parameters[component]

    def _read_all(self, component: Node) -> Iterator[Parameter]:
        graph, show = self._graph, self._report.show
        declarations = graph.values(component, SH + "parameter")
        where = graph.origin(graph.number(component), "subject")
        if not isinstance(component, IRI):
            message = "a constraint component is a blank node"
            raise IllFormed(message, where, "give it an IRI", "ConstraintComponent")
        names: set[str] = set()
        any_required = False
        for declaration in declarations:
            parameter, at = self._parameter(declaration), graph.origin(declaration.number)
            if parameter.name in names:
                message = f"{show(component)} has two parameters named {parameter.name}"
                raise IllFormed(message, at, "rename one", "parameter-name-unique")
            names.add(parameter.name)
            any_required = any_required or not parameter.optional
            yield parameter
        if not any_required:
            message = f"all parameters of {show(component)} are optional"
            fix = "leave out one sh:optional"
            raise IllFormed(message, where, fix, "ConstraintComponent-parameter")

    def _parameter(self, declaration: Value) -> Parameter:
        graph, show = self._graph, self._report.show
        if isinstance(declaration.term, Literal):
            message = f"sh:parameter needs a parameter, got {show(declaration.term)}"
            raise IllFormed(
                message, graph.origin(declaration.number), "give a node with a sh:path"
            )
        path = only_value(graph, declaration, "sh:path", SH + "path", "Parameter-predicate-count")
        where = graph.origin(path.number)
        if not isinstance(path.term, IRI):
            message = f"the sh:path of a parameter needs an IRI, got {show(path.term)}"
            raise IllFormed(message, where, "give an IRI", "Parameter")
        found = _LOCAL_NAME.search(path.term.value)
        name = found.group() if found else ""
        if not _VARIABLE.fullmatch(name):
            message = f"no variable can be named {name or show(path.term)}, as a parameter is"
            fix = "give it an IRI that ends in letters, digits and underscores"
            raise IllFormed(message, where, fix, "parameter-name-VARNAME")
        if name in _RESERVED:
            message = f"a parameter is named {name}, which means something else in queries"
            raise IllFormed(message, where, "rename it", "parameter-name-not-in")
        return Parameter(path.term.value, name, self._is_optional(declaration.term))

    def _is_optional(self, declaration: Node) -> bool:
        graph = self._graph
        flags = graph.values(declaration, SH + "optional")
        if len(flags) > 1:
            message = f"{len(flags)} values of sh:optional, one is allowed"
            raise IllFormed(
                message, graph.origin(flags[1].number), "keep one", "optional-maxCount"
            )
        for flag in flags:
            if not isinstance(flag.term, Literal) or flag.term.datatype != _BOOLEAN:
                message = f"sh:optional needs true or false, got {self._report.show(flag.term)}"
                where, fix = graph.origin(flag.number), "give true or false"
                raise IllFormed(message, where, fix, "optional-datatype")
        return any(isinstance(f.term, Literal) and f.term.lexical == "true" for f in flags)

    def _check_single(self, given: Mapping[str, list[Value]]) -> None:
        for predicate, values in given.items():
            if len(values) > 1:
                message = f"{len(values)} values of {self._report.shorten(predicate)}"
                where = self._graph.origin(values[1].number)
                fix = "keep one, or combine shapes with sh:and or sh:or"
                raise IllFormed(message, where, fix, "multiple-parameters")

    def _warn_lone(self, given: Mapping[str, list[Value]], missing: Parameter) -> None:
        lone = next(iter(given))
        name, other = self._report.shorten(lone), self._report.shorten(missing.iri)
        where = self._graph.origin(given[lone][0].number, "predicate")
        message = f"{name} has no effect without {other}"
        self._report.warn(message, where, "add it", "lone-parameter")

    # Validators

    def _is_in_sparql(self, component: Node) -> bool:
        """Whether the component is none of SHACL's own, and has a validator in SPARQL."""
        if isinstance(component, IRI) and component.value.startswith(SH):
            return False
        names = ("validator", "nodeValidator", "propertyValidator")
        validators = [v.term for n in names for v in self._graph.values(component, SH + n)]
        return any(not isinstance(v, Literal) and self._has_query(v) for v in validators)

    def _has_query(self, validator: Node) -> bool:
        types = {value.term for value in self._graph.values(validator, TYPE)}
        return bool(types & (self._asks | self._selects)) or any(
            self._graph.values(validator, SH + name) for name in ("ask", "select")
        )

    def _validator(self, component: Node, is_property: bool) -> _Validator | None:
        """Return the validator for property shapes or for node shapes (SHACL 6.2.3)."""
        own = "propertyValidator" if is_property else "nodeValidator"
        for name in (own, "validator"):
            for value in self._graph.values(component, SH + name):
                if not isinstance(value.term, Literal) and self._has_query(value.term):
                    return self._read_validator(value, value.term, name)
        return None

    def _read_validator(self, value: Value, node: Node, name: str) -> _Validator:
        graph, show = self._graph, self._report.show
        asks = name == "validator"
        types = {v.term for v in graph.values(node, TYPE)}
        if not types & (self._asks if asks else self._selects):
            wanted = "sh:SPARQLAskValidator" if asks else "sh:SPARQLSelectValidator"
            message = f"sh:{name} needs a {wanted}, got {show(node)}"
            fix = f"declare it with: a {wanted}"
            raise IllFormed(message, graph.origin(value.number), fix, f"{name}-class")
        query = read_query(
            graph, value, "ask" if asks else "select", _ASK if asks else _SELECT, show
        )
        return _Validator(
            query, asks, read_texts(graph, node, "message", "message-datatype", show)
        )


def _uses(
    parameters: Sequence[Parameter], given: Mapping[str, list[Value]]
) -> Iterator[tuple[str, Value, tuple[tuple[str, Term], ...]]]:
    """Yield the uses of a component: where each stands, and the values of its parameters.

    Values of the only parameter are uses of their own; those of several parameters are one.
    """
    if len(parameters) == 1:
        (parameter,) = parameters
        for value in given[parameter.iri]:
            yield parameter.iri, value, ((parameter.name, value.term),)
        return
    first = min(given, key=lambda predicate: given[predicate][0].number)
    bound = tuple((p.name, given[p.iri][0].term) for p in parameters if p.iri in given)
    yield first, given[first][0], bound
