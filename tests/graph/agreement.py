# SPDX-License-Identifier: Apache-2.0
"""Whether the engines and the reference evaluator find the same in random models.

`Model.compile` gives what all engines start from; `disagreements` runs them and says, in words,
where one differs. The C of many models goes into one library (`build_library`).
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from cns_build import model as m
from cns_build.graph.data import Source
from cns_build.graph.report import Report
from cns_build.graph.report import Result as EngineResult
from cns_build.graph.validator import Validator
from tests.graph import random_shapes, references
from tests.reference import RecursiveShape, Reference, Result, same_results
from tests.reference.evaluate import Evaluator
from tests.reference.terms import Triples, canonical, literal

EX = "http://example.org/"
RECURSION = 40


@dataclass(frozen=True)
class Model:
    """Shapes, data and ontology as text, and what engines make of them."""

    drawing: random_shapes.Drawing
    validator: Validator
    reference: Reference | None  # None where shapes are recursive in a way that it refuses
    source: Source
    data: Graph
    exact: bool  # shapes have IRIs, so that results can be compared one by one

    @classmethod
    def compile(cls, drawing: random_shapes.Drawing, folder: Path, *, exact: bool) -> Model:
        """Raises CompileError where cns refuses the shapes."""
        shapes = folder / "shapes.ttl"
        shapes.write_text(random_shapes.with_prefixes(drawing.shapes), "utf-8")
        ontologies = []
        if drawing.ontology:
            ontologies.append(folder / "ontology.ttl")
            ontologies[0].write_text(random_shapes.with_prefixes(drawing.ontology), "utf-8")
        lines = _lines(drawing.data)
        return cls(
            drawing,
            Validator.compile([str(shapes)], [str(o) for o in ontologies], recursion=RECURSION),
            _reference(drawing),
            Source("data.nt", "".join(lines).encode(), quads=False),
            _graph(drawing.data),
            exact,
        )

    def with_shapes(self, address: int) -> Validator:
        """The validator that runs shapes in C."""
        return dataclasses.replace(self.validator, _shapes=address)

    def text(self) -> str:
        """All documents."""
        drawn = self.drawing
        return f"--- shapes\n{drawn.shapes}--- data\n{drawn.data}--- ontology\n{drawn.ontology}"


def _reference(drawing: random_shapes.Drawing) -> Reference | None:
    try:
        return Reference(_graph(drawing.shapes), ontology=_graph(drawing.ontology))
    except RecursiveShape:
        return None


def _lines(text: str) -> list[str]:
    """Turtle with a triple in each line as N-Triples: in their order, equal ones too."""
    media = pyoxigraph.RdfFormat.N_TRIPLES
    found = []
    for line in text.splitlines():
        document = random_shapes.with_prefixes(line)
        for quad in pyoxigraph.parse(document, pyoxigraph.RdfFormat.TURTLE):
            written = pyoxigraph.serialize([quad.triple], format=media)
            assert isinstance(written, bytes)
            found.append(written.decode())
    return found


def _graph(text: str) -> Graph:
    """A document for the reference evaluator; blank nodes keep their labels."""
    graph = Graph()
    document = random_shapes.with_prefixes(text)
    for quad in pyoxigraph.parse(document, pyoxigraph.RdfFormat.TURTLE):
        graph.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    return graph


def _term(parsed: object) -> Node:
    match parsed:
        case pyoxigraph.NamedNode():
            return URIRef(parsed.value)
        case pyoxigraph.BlankNode():
            return BNode(parsed.value)
        case pyoxigraph.Literal():
            return literal(parsed.value, parsed.datatype.value, parsed.language)
    raise ValueError(f"not an RDF 1.1 term: {parsed}")


# Comparing


def disagreements(model: Model, address: int, chance: random.Random) -> list[str]:
    """Return where engines or the reference differ, in words. `address` is of the shapes in C."""
    engines = {"bytecode": model.validator, "native": model.with_shapes(address)}
    found = {name: engine.validate([model.source]) for name, engine in engines.items()}
    both = list(found.values())
    lines = [] if same(*both) else _unlike("native", *both)
    whole = both[0]
    lines += _against_reference(model, whole)
    lines += _out_of_order(model, whole)
    lines += _selections(model, list(engines.values()), whole, chance)
    return lines


def same(a: Report, b: Report) -> bool:
    """Whether reports are equal but for the time that they took and what was looked at."""
    return _said(a) == _said(b)


def _said(report: Report) -> object:
    counted = report.statistics
    numbers = (counted.triples, counted.terms, counted.shapes, counted.focus_nodes)
    return report.results, report.found, report.unmatched, numbers


def _unlike(name: str, a: Report, b: Report) -> list[str]:
    return [f"{name} differs:\n  {_said(a)}\n  {_said(b)}"]


def _against_reference(model: Model, report: Report) -> list[str]:
    wanted = _expected(model)
    if wanted is None:
        return []
    given = [references.result(result) for result in report.results]
    if not model.exact:
        flat = [_flat(wanted), _flat(given)]
        return [] if same_results(*flat) else [f"reference differs:\n  {wanted}\n  {given}"]
    missing, extra = Counter(map(_row, wanted)), Counter(map(_row, given))
    lines = [f"missing: {row}" for row in missing - extra]
    lines += [f"extra: {row}" for row in extra - missing]
    return lines + _wrong_messages(wanted, report.results)


def _expected(
    model: Model,
    shapes: Iterable[m.IRI] | None = None,
    focus: Iterable[m.IRI] | None = None,
) -> list[Result] | None:
    """The results of the reference for a selection; None where it has no answer."""
    if model.reference is None:
        return None
    known, ontology = model.reference.shapes, model.reference.ontology
    evaluator = Evaluator(Triples(model.data), ontology, known, detail=True)
    only = None if focus is None else [references.term(iri) for iri in focus]
    results = []
    try:
        for shape in known.targeted() if shapes is None else map(references.term, shapes):
            nodes = evaluator.targets(shape)
            if only is not None:
                nodes = only if shapes is not None else [n for n in nodes if n in only]
            for node in nodes:
                results += evaluator.results(shape, node)
    except RecursiveShape:
        return None
    return results


def _row(result: Result) -> tuple[object, ...]:
    """A result, field by field; details are a set in which equal ones are counted."""
    details = Counter(map(_row, result.details))
    return (
        canonical(result.focus),
        result.path,
        None if result.value is None else canonical(result.value),
        result.source_shape,
        result.component,
        result.severity,
        frozenset(details.items()),
    )


def _flat(results: Iterable[Result]) -> list[Result]:
    return [each for result in results for each in (result, *_flat(result.details))]


def _wrong_messages(wanted: list[Result], given: tuple[EngineResult, ...]) -> list[str]:
    """Where a shape has messages and results do not: all results of a shape have the same."""
    own = {result.source_shape: set(map(canonical, result.messages)) for result in _flat(wanted)}
    return [
        f"messages: {result}"
        for result in given
        if (texts := own.get(references.term(result.shape)))
        and {canonical(references.term(text)) for text in result.messages} != texts
    ]


def _out_of_order(model: Model, report: Report) -> list[str]:
    """Results are by shape, focus node, path, check and value: blank nodes, IRIs, literals."""
    numbers = {shape.node: number for number, shape in enumerate(model.validator.program.shapes)}
    keys = [
        (numbers[result.shape], _place(result.focus), str(result.component))
        for result in report.results
    ]
    groups = [key[:2] for key in keys]
    known = [key for key in groups if key[1][0] > 0]
    return [] if known == sorted(known) else [f"out of order: {groups}"]


def _place(term: m.Term) -> tuple[int, str]:
    match term:
        case m.BlankNode():
            return 0, ""
        case m.IRI(value):
            return 1, value
        case m.Literal(lexical):
            return 2, lexical


# Selections


def _selections(
    model: Model, engines: list[Validator], whole: Report, chance: random.Random
) -> list[str]:
    most = chance.randrange(1, 4)
    iris = frozenset(m.IRI(EX + name) for name in chance.sample("abcd", 2))
    program = model.validator.program
    named = sorted(s.node for s in program.shapes if isinstance(s.node, m.IRI))
    shapes = frozenset(chance.sample(named, min(2, len(named))))
    targeted = frozenset(program.shapes[target.shape].node for target in program.targets)
    lines = []
    choices: tuple[tuple[str, dict[str, Any]], ...] = (
        ("maximum", {"maximum": most}),
        ("first", {"first": True}),
        ("focus", {"focus": iris}),
        ("shapes", {"shapes": shapes & targeted}),
        ("focus and shapes", {"focus": iris, "shapes": shapes}),
        ("no detail", {"detail": False}),
        ("first of some", {"first": True, "focus": iris, "shapes": shapes}),
        ("none", {"maximum": 0}),
        ("very many", {"maximum": 10**12}),
    )
    for what, options in choices:
        found = [engine.validate([model.source], **options) for engine in engines]
        if not same(*found):
            lines += _unlike(what, *found)
        lines += [f"{what}: {text}" for text in _selected(model, whole, found[0], options)]
    return lines


def _selected(model: Model, whole: Report, part: Report, options: dict[str, object]) -> list[str]:
    """Say where a selection is not the part of the whole report that it ought to be."""
    match options:
        case {"maximum": int(most)}:
            kept = min(most, whole.found)
            right = part.found == whole.found and len(part.results) == kept
            return [] if right and _within(part, whole) else [f"{part.results}"]
        case {"first": _, "focus": _}:
            return [] if part.found == len(part.results) <= 1 else [f"{part.results}"]
        case {"first": _}:
            right = part.found == min(1, whole.found) == len(part.results)
            return [] if right and _within(part, whole) else [f"{part.results}"]
        case {"detail": _}:
            bare = tuple(dataclasses.replace(r, details=()) for r in whole.results)
            return [] if Counter(bare) == Counter(part.results) else [f"{part.results}"]
    focus, shapes = options.get("focus"), options.get("shapes")
    assert focus is None or isinstance(focus, frozenset)
    assert shapes is None or isinstance(shapes, frozenset)
    wanted = _expected(model, shapes, focus)
    if wanted is None:
        return []
    if not model.exact:
        given = [references.result(result) for result in part.results]
        return [] if same_results(_flat(wanted), _flat(given)) else [f"{wanted}\n  {given}"]
    rows = Counter(map(_row, wanted)), Counter(_row(references.result(r)) for r in part.results)
    return [] if rows[0] == rows[1] else [f"{rows[0]}\n  {rows[1]}"]


def _within(part: Report, whole: Report) -> bool:
    return Counter(map(_words, part.results)) <= Counter(map(_words, whole.results))


def _words(result: EngineResult) -> str:
    """A result as text in which blank nodes are alike: their labels are of one report."""
    return repr(_unlabelled(result))


def _unlabelled(result: EngineResult) -> EngineResult:
    def plain(term: m.Term | None) -> m.Term | None:
        return m.BlankNode("b") if isinstance(term, m.BlankNode) else term

    focus = plain(result.focus)
    assert focus is not None
    return dataclasses.replace(
        result,
        focus=focus,
        value=plain(result.value),
        details=tuple(map(_unlabelled, result.details)),
    )
