# SPDX-License-Identifier: Apache-2.0
"""SPARQL-based constraints (SHACL 5.2): queries, the prefixes that they may use, messages.

The text of a query is read as it stands. Whether it is one, and may be used, is asked of it where
it is to run (`graph.sparql.check`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from cns_build.frontend.graph import Graph, IllFormed, Value
from cns_build.model import IRI, Literal, Node, Query, Sparql, Term
from cns_build.vocabulary import OWL, RDF, SH, XSD

_STRING, _ANY_URI = IRI(XSD + "string"), IRI(XSD + "anyURI")
_TEXTS = (_STRING, IRI(RDF + "langString"))

Show = Callable[[Term], str]
"""Returns a term as people write it."""


def read_constraint(graph: Graph, value: Value, show: Show) -> Sparql:
    """Return the constraint that is a value of sh:sparql. Raises IllFormed."""
    if isinstance(value.term, Literal):
        raise _wrong(
            graph, value, "sh:sparql needs an IRI or a blank node", show, "sparql-nodeKind"
        )
    rule = "SPARQLConstraint"
    flags = graph.values(value.term, SH + "deactivated")
    if len(flags) > 1:
        message = f"a SPARQL constraint has {len(flags)} values of sh:deactivated"
        where = graph.origin(flags[1].number)
        raise IllFormed(message, where, "keep one", f"{rule}-deactivated-maxCount")
    rules = (f"{rule}-select-count", f"{rule}-select-datatype")
    query = read_query(graph, value, "select", rules, show)
    messages = read_texts(graph, value.term, "message", f"{rule}-message-datatype", show)
    return Sparql(value.term, query, messages, graph.origin(value.number))


def read_query(graph: Graph, owner: Value, name: str, rules: tuple[str, str], show: Show) -> Query:
    """Return the only value of sh:select or sh:ask of a constraint or validator.

    `rules` are those about how many values there are, and of what datatype. Raises IllFormed.
    """
    assert not isinstance(owner.term, Literal)
    count, datatype = rules
    value = only_value(graph, owner, f"sh:{name}", SH + name, count)
    if not isinstance(value.term, Literal) or value.term.datatype != _STRING:
        raise _wrong(graph, value, f"sh:{name} needs a string", show, datatype)
    prefixes = tuple(_prefixes(graph, owner.term, show).items())
    return Query(value.term.lexical, prefixes, graph.origin(value.number))


def read_texts(graph: Graph, node: Node, name: str, rule: str, show: Show) -> tuple[Literal, ...]:
    """Return the values of sh:message or sh:labelTemplate. Raises IllFormed."""
    texts = []
    for value in graph.values(node, SH + name):
        if not isinstance(value.term, Literal) or value.term.datatype not in _TEXTS:
            raise _wrong(graph, value, f"sh:{name} needs a string", show, rule)
        texts.append(value.term)
    return tuple(texts)


def only_value(graph: Graph, owner: Value, name: str, predicate: str, rule: str) -> Value:
    """Return the only value of a predicate of the node at `owner`. Raises IllFormed."""
    assert not isinstance(owner.term, Literal)
    values = graph.values(owner.term, predicate)
    if len(values) == 1:
        return values[0]
    if values:
        message, fix = f"{len(values)} values of {name}, one is allowed", "keep one"
    else:
        message, fix = f"a value of {name} is missing", "add one"
    raise IllFormed(message, graph.origin((values[1] if values else owner).number), fix, rule)


def _prefixes(graph: Graph, node: Node, show: Show) -> dict[str, str]:
    """Return the namespaces at sh:prefixes/owl:imports*/sh:declare of `node`."""
    found: dict[str, str] = {}
    for declaration in _declarations(graph, node, show):
        if isinstance(declaration.term, Literal):
            what = "sh:declare needs an IRI or a blank node"
            raise _wrong(graph, declaration, what, show, "declare-nodeKind")
        prefix = _part(graph, declaration, "prefix", _STRING, show)
        namespace = _part(graph, declaration, "namespace", _ANY_URI, show)
        if found.setdefault(prefix, namespace) != namespace:
            message = f"the prefix {prefix} stands for <{found[prefix]}> and for <{namespace}>"
            where = graph.origin(declaration.number)
            raise IllFormed(message, where, "declare it once", "prefixes-duplicates")
    return found


def _declarations(graph: Graph, node: Node, show: Show) -> Iterator[Value]:
    pending = deque(graph.values(node, SH + "prefixes"))
    seen: set[Term] = set()
    for value in pending:
        if isinstance(value.term, Literal):
            what = "sh:prefixes needs an IRI or a blank node"
            raise _wrong(graph, value, what, show, "prefixes-nodeKind")
    while pending:
        at = pending.popleft().term
        if at not in seen and not isinstance(at, Literal):
            seen.add(at)
            yield from graph.values(at, SH + "declare")
            pending += graph.values(at, OWL + "imports")


def _part(graph: Graph, declaration: Value, name: str, datatype: IRI, show: Show) -> str:
    value = only_value(graph, declaration, f"sh:{name}", SH + name, f"{name}-count")
    if not isinstance(value.term, Literal) or value.term.datatype != datatype:
        wanted = "a string" if datatype == _STRING else "a literal of datatype xsd:anyURI"
        raise _wrong(graph, value, f"sh:{name} needs {wanted}", show, f"{name}-datatype")
    return value.term.lexical


def _wrong(graph: Graph, value: Value, what: str, show: Show, rule: str) -> IllFormed:
    """Return the error that `value` is not what a predicate needs: `sh:select needs a string`."""
    fix = f"give {what.partition(' needs ')[2]}"
    return IllFormed(f"{what}, got {show(value.term)}", graph.origin(value.number), fix, rule)
