# SPDX-License-Identifier: Apache-2.0
"""pySHACL as a second opinion on the graph of a record, in the rows of the oracle.

The reference selects focus nodes; pySHACL validates them. Its results are taken from its shapes
directly: a whole run of its command costs a second and more for the larger shapes graphs.
"""

from __future__ import annotations

import logging
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyshacl.shapes_graph
from pyshacl.errors import ShapeRecursionWarning
from pyshacl.pytypes import SHACLExecutor
from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from cns_build import xsd
from tests.reference import SH
from tests.reference.denote import Denotation
from tests.reference.paths import read_path
from tests.reference.terms import XSD, Triples, canonical, datatype_of
from tests.reference.values import is_well_typed

from .oracle import Keys, Oracle, Row
from .values import RecordValue

# It warns of each literal that it cannot convert, and of what it leaves out.
logging.getLogger(pyshacl.shapes_graph.__name__).setLevel(logging.ERROR)


@dataclass(frozen=True)
class Deviation:
    """Where pySHACL 0.40 departs from SHACL, by a literal: for all components, or only those `of`.

    A record with such a literal is not compared, as a literal decides about all shapes around it.
    """

    why: str
    applies: Callable[[Literal], bool | None]
    of: frozenset[str] = frozenset()


_UNORDERED = {XSD[name] for name in ("boolean", *xsd.DURATIONS)}
_UNORDERED |= {XSD[name] for name in xsd.INSTANTS if name.startswith("g")}


def _is_ordered(value: Literal) -> bool:
    name = datatype_of(value)
    return str(name).startswith(str(XSD)) and name not in _UNORDERED and is_well_typed(value)


_TIMES = {XSD[name] for name in ("date", "dateTime", "dateTimeStamp", "duration")}

DEVIATIONS = (
    Deviation(
        "times and durations beyond those of Python are ill-formed",
        lambda value: value.datatype in _TIMES and value.ill_typed and is_well_typed(value),
    ),
    Deviation(
        "the form of xsd:dateTimeStamp is not looked at",
        lambda value: value.datatype == XSD["dateTimeStamp"] and not is_well_typed(value),
    ),
    Deviation(
        "NaN is less than numbers",
        lambda value: str(value) == "NaN",
        frozenset({"lessThan", "lessThanOrEquals"}),
    ),
    Deviation(
        "a $ matches before a final line feed",
        lambda value: str(value).endswith("\n"),
        frozenset({"pattern"}),
    ),
    Deviation(
        "what cannot be compared is ordered by its datatype",
        lambda value: not _is_ordered(value),
        frozenset({"minInclusive", "minExclusive", "maxInclusive", "maxExclusive"}),
    ),
)


class Peer:
    """pySHACL over the shapes of one oracle."""

    def __init__(self, oracle: Oracle):
        self._oracle = oracle
        shapes = Graph() + oracle.shapes
        # It takes no notice of shapes that only a parameter makes shapes.
        for node in oracle.accepting | oracle.roots:
            if (node, SH.path, None) not in shapes:
                shapes.add((node, RDF.type, SH.NodeShape))
        self._paths = Triples(shapes)
        self._shapes = pyshacl.shapes_graph.ShapesGraph(shapes)
        self._classes = [
            *oracle.ontology.triples((None, RDFS.subClassOf, None)),
            *oracle.ontology.triples((None, RDF.type, None)),
        ]
        assert self._shapes.shapes  # which finds them
        components = {info.component for info in oracle.program.checks}
        self._deviations = [d for d in DEVIATIONS if not d.of or d.of & components]

    def rows(self, value: RecordValue) -> Counter[Row] | str:
        """The results for the focus node of a record, or why it departs from SHACL on it.

        Raises BadRecord.
        """
        denotation = Denotation(self._oracle.program)
        root = denotation.add(value)
        literals = [o for o in denotation.graph.objects() if isinstance(o, Literal)]
        for known in self._deviations:
            if any(map(known.applies, literals)):
                return known.why
        keys = Keys(denotation, value)
        selected = self._oracle.focus_nodes(denotation.graph, root, value)
        for triple in self._classes:
            denotation.graph.add(triple)
        rows: Counter[Row] = Counter()
        for shape, focus in selected:
            assert isinstance(focus, BNode | URIRef | Literal)
            found = self._shapes.lookup_shape_from_node(shape)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ShapeRecursionWarning)
                _, results = found.validate(SHACLExecutor(), denotation.graph, focus=focus)
            rows.update(self._row(keys, node, triples) for _, node, triples in results)
        return rows

    def _row(self, keys: Keys, node: Node, triples: list[tuple[Node, Node, Any]]) -> Row:
        # An object is a term, or a pair of the graph that the term is from and the term.
        said = {p: o[1] if isinstance(o, tuple) else o for s, p, o in triples if s == node}
        path, reported = said.get(SH.resultPath), said.get(SH.value)
        component = str(said[SH.sourceConstraintComponent]).removeprefix(str(SH))
        return (
            keys.focus(said[SH.focusNode]),
            "" if path is None else str(read_path(self._paths, path)),
            None if reported is None else keys.key(canonical(reported)),
            component.removesuffix("ConstraintComponent"),
            said[SH.sourceShape],
            str(said[SH.resultSeverity]),
            frozenset(),  # the reference gives no details where none are asked for
        )
