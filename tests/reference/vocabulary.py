# SPDX-License-Identifier: Apache-2.0
"""The parameters of SHACL Core and the syntax rule of each (SHACL appendix B); and of axioms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.term import Node

from .terms import CNS, LANG_STRING, SH, XSD, datatype_of
from .values import is_well_typed

NODE_KINDS = tuple(
    SH[name]
    for name in (
        "BlankNode",
        "IRI",
        "Literal",
        "BlankNodeOrIRI",
        "BlankNodeOrLiteral",
        "IRIOrLiteral",
    )
)


def _is_iri(node: Node) -> bool:
    return isinstance(node, URIRef)


def _is_literal(node: Node) -> bool:
    return isinstance(node, Literal)


def _is_iri_or_literal(node: Node) -> bool:
    return isinstance(node, URIRef | Literal)


def _is_resource(node: Node) -> bool:
    return not isinstance(node, Literal)


def _has_datatype(name: str) -> Callable[[Node], bool]:
    def accepts(node: Node) -> bool:
        return isinstance(node, Literal) and datatype_of(node) == XSD[name] and is_well_typed(node)

    return accepts


def _is_message(node: Node) -> bool:
    return isinstance(node, Literal) and datatype_of(node) in (XSD["string"], LANG_STRING)


def _is_node_kind(node: Node) -> bool:
    return node in NODE_KINDS


def _anything(node: Node) -> bool:
    return True


_is_boolean = _has_datatype("boolean")
_is_integer = _has_datatype("integer")
_is_string = _has_datatype("string")


@dataclass(frozen=True)
class Rule:
    """What the values of one property of a shape must be."""

    expected: str
    accepts: Callable[[Node], bool]
    single: bool = False
    only_property_shapes: bool = False
    # What the value refers to: "shape", "shapes" (a list), "members" (a list that `accepts`
    # applies to member by member), or "" for the value itself.
    refers_to: str = ""


PARAMETERS: dict[URIRef, Rule] = {
    SH["and"]: Rule("a list of shapes", _is_resource, refers_to="shapes"),
    SH["class"]: Rule("an IRI", _is_iri),
    SH["closed"]: Rule("an xsd:boolean", _is_boolean, single=True),
    SH["datatype"]: Rule("an IRI", _is_iri, single=True),
    SH["disjoint"]: Rule("an IRI", _is_iri),
    SH["equals"]: Rule("an IRI", _is_iri),
    SH["flags"]: Rule("an xsd:string", _is_string, single=True),
    SH["hasValue"]: Rule("a term", _anything),
    SH["ignoredProperties"]: Rule("a list of IRIs", _is_iri, single=True, refers_to="members"),
    SH["in"]: Rule("a list", _anything, single=True, refers_to="members"),
    SH["languageIn"]: Rule("a list of xsd:string", _is_string, single=True, refers_to="members"),
    SH["lessThan"]: Rule("an IRI", _is_iri, only_property_shapes=True),
    SH["lessThanOrEquals"]: Rule("an IRI", _is_iri, only_property_shapes=True),
    SH["maxCount"]: Rule("an xsd:integer", _is_integer, single=True, only_property_shapes=True),
    SH["maxExclusive"]: Rule("a literal", _is_literal, single=True),
    SH["maxInclusive"]: Rule("a literal", _is_literal, single=True),
    SH["maxLength"]: Rule("an xsd:integer", _is_integer, single=True),
    SH["minCount"]: Rule("an xsd:integer", _is_integer, single=True, only_property_shapes=True),
    SH["minExclusive"]: Rule("a literal", _is_literal, single=True),
    SH["minInclusive"]: Rule("a literal", _is_literal, single=True),
    SH["minLength"]: Rule("an xsd:integer", _is_integer, single=True),
    SH["node"]: Rule("a node shape", _is_resource, refers_to="shape"),
    SH["nodeKind"]: Rule("a node kind", _is_node_kind, single=True),
    SH["not"]: Rule("a shape", _is_resource, refers_to="shape"),
    SH["or"]: Rule("a list of shapes", _is_resource, refers_to="shapes"),
    SH["pattern"]: Rule("an xsd:string", _is_string, single=True),
    SH["property"]: Rule("a property shape", _is_resource, refers_to="shape"),
    SH["qualifiedMaxCount"]: Rule("an xsd:integer", _is_integer, single=True),
    SH["qualifiedMinCount"]: Rule("an xsd:integer", _is_integer, single=True),
    SH["qualifiedValueShape"]: Rule(
        "a shape", _is_resource, single=True, only_property_shapes=True, refers_to="shape"
    ),
    SH["qualifiedValueShapesDisjoint"]: Rule("an xsd:boolean", _is_boolean, single=True),
    SH["uniqueLang"]: Rule("an xsd:boolean", _is_boolean, single=True, only_property_shapes=True),
    SH["xone"]: Rule("a list of shapes", _is_resource, refers_to="shapes"),
    CNS["maxValues"]: Rule("an xsd:integer", _is_integer, only_property_shapes=True),
    CNS["valueSpace"]: Rule("an IRI", _is_iri),
}

TARGETS: dict[URIRef, Rule] = {
    SH["targetClass"]: Rule("an IRI", _is_iri),
    SH["targetNode"]: Rule("an IRI or a literal", _is_iri_or_literal),
    SH["targetObjectsOf"]: Rule("an IRI", _is_iri),
    SH["targetSubjectsOf"]: Rule("an IRI", _is_iri),
}

OTHERS: dict[URIRef, Rule] = {
    SH["deactivated"]: Rule("an xsd:boolean", _is_boolean, single=True),
    SH["message"]: Rule("an xsd:string or rdf:langString", _is_message),
    SH["path"]: Rule("a path", _is_resource, single=True),
    SH["severity"]: Rule("an IRI", _is_iri, single=True),
}

# Properties of a shape that change what it means and that SHACL Core does not define.
BEYOND_CORE = tuple(
    SH[name]
    for name in (
        "sparql",
        "js",
        "target",
        "expression",
        "reifierShape",
        "targetWhere",
        "shape",
        "someValue",
        "nodeByExpression",
        "memberShape",
        "minListLength",
        "maxListLength",
        "uniqueMembers",
        "singleLine",
        "rootClass",
        "subsetOf",
        "uniqueValuesFor",
    )
)
