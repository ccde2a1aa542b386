# SPDX-License-Identifier: Apache-2.0
"""The syntax rules of SHACL, by the ids that the specification gives them.

A graph that breaks one of them is refused, with the id in brackets behind the message. The rules
that define what a shape, a property shape and a list of prefixes are cannot be broken and are not
listed. That shapes conform to what parameters declare (`Parameter-conformance`) is not checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RULES: Mapping[str, str] = MappingProxyType(
    {
        "SHACL-list": (
            "A list is rdf:nil, which has no rdf:first and no rdf:rest, or has one of each, "
            "and does not lead back into itself."
        ),
        "entailment-nodeKind": "The values of sh:entailment are IRIs.",
        "shapesGraph-nodeKind": "The values of sh:shapesGraph are IRIs.",
        "multiple-parameters": (
            "A shape has at most one value of each parameter of a component with several: "
            "closed, ignoredProperties; pattern, flags; qualifiedValueShape, its counts and "
            "its disjointness."
        ),
        "targetNode-nodeKind": "The values of sh:targetNode are IRIs or literals.",
        "targetClass-nodeKind": "The values of sh:targetClass are IRIs.",
        "implicit-targetClass-nodeKind": (
            "A declared shape that is a class, and so its own target, is an IRI."
        ),
        "targetSubjectsOf-nodeKind": "The values of sh:targetSubjectsOf are IRIs.",
        "targetObjectsOf-nodeKind": "The values of sh:targetObjectsOf are IRIs.",
        "severity-maxCount": "A shape has at most one value of sh:severity.",
        "severity-nodeKind": "The values of sh:severity are IRIs.",
        "message-datatype": "The values of sh:message are strings, language tag or not.",
        "deactivated-maxCount": "A shape has at most one value of sh:deactivated.",
        "deactivated-datatype": "The value of sh:deactivated is true or false.",
        "NodeShape-path-maxCount": "A sh:NodeShape has no sh:path.",
        "PropertyShape-path-minCount": "A sh:PropertyShape has a sh:path.",
        "path-maxCount": "A shape has at most one value of sh:path.",
        "path-node": "The value of sh:path is a path.",
        "path-metarule": "A path is an IRI, a sequence, or a blank node with one path operator.",
        "path-non-recursive": "A path does not lead back into itself.",
        "path-sequence": "A sequence path is a list of two paths or more.",
        "path-alternative": (
            "An alternative path is a blank node with one triple, whose object is a list of "
            "two paths or more."
        ),
        "path-inverse": "An inverse path is a blank node with one triple, whose object is a path.",
        "path-zero-or-more": (
            "A zero-or-more path is a blank node with one triple, whose object is a path."
        ),
        "path-one-or-more": (
            "A one-or-more path is a blank node with one triple, whose object is a path."
        ),
        "path-zero-or-one": (
            "A zero-or-one path is a blank node with one triple, whose object is a path."
        ),
        "class-nodeKind": "The values of sh:class are IRIs.",
        "datatype-nodeKind": "The values of sh:datatype are IRIs.",
        "datatype-maxCount": "A shape has at most one value of sh:datatype.",
        "nodeKind-in": "The value of sh:nodeKind is one of the six kinds of SHACL.",
        "nodeKind-maxCount": "A shape has at most one value of sh:nodeKind.",
        "minCount-scope": "A node shape has no sh:minCount.",
        "minCount-maxCount": "A shape has at most one value of sh:minCount.",
        "minCount-datatype": "The values of sh:minCount are integers.",
        "maxCount-scope": "A node shape has no sh:maxCount.",
        "maxCount-maxCount": "A shape has at most one value of sh:maxCount.",
        "maxCount-datatype": "The values of sh:maxCount are integers.",
        "minExclusive-nodeKind": "The values of sh:minExclusive are literals.",
        "minExclusive-maxCount": "A shape has at most one value of sh:minExclusive.",
        "minInclusive-nodeKind": "The values of sh:minInclusive are literals.",
        "minInclusive-maxCount": "A shape has at most one value of sh:minInclusive.",
        "maxExclusive-nodeKind": "The values of sh:maxExclusive are literals.",
        "maxExclusive-maxCount": "A shape has at most one value of sh:maxExclusive.",
        "maxInclusive-nodeKind": "The values of sh:maxInclusive are literals.",
        "maxInclusive-maxCount": "A shape has at most one value of sh:maxInclusive.",
        "minLength-datatype": "The values of sh:minLength are integers.",
        "minLength-maxCount": "A shape has at most one value of sh:minLength.",
        "maxLength-datatype": "The values of sh:maxLength are integers.",
        "maxLength-maxCount": "A shape has at most one value of sh:maxLength.",
        "pattern-datatype": "The values of sh:pattern are strings.",
        "pattern-regex": "The values of sh:pattern are regular expressions of XPath.",
        "flags-datatype": "The values of sh:flags are strings.",
        "languageIn-node": "The values of sh:languageIn are lists.",
        "languageIn-members-datatype": "The members of sh:languageIn are strings.",
        "languageIn-maxCount": "A shape has at most one value of sh:languageIn.",
        "uniqueLang-datatype": "The values of sh:uniqueLang are booleans.",
        "uniqueLang-maxCount": "A shape has at most one value of sh:uniqueLang.",
        "uniqueLang-scope": "A node shape has no sh:uniqueLang.",
        "equals-nodeKind": "The values of sh:equals are IRIs.",
        "disjoint-nodeKind": "The values of sh:disjoint are IRIs.",
        "lessThan-nodeKind": "The values of sh:lessThan are IRIs.",
        "lessThan-scope": "A node shape has no sh:lessThan.",
        "lessThanOrEquals-nodeKind": "The values of sh:lessThanOrEquals are IRIs.",
        "lessThanOrEquals-scope": "A node shape has no sh:lessThanOrEquals.",
        "not-node": "The values of sh:not are shapes.",
        "and-node": "The values of sh:and are lists.",
        "and-members-node": "The members of sh:and are shapes.",
        "or-node": "The values of sh:or are lists.",
        "or-members-node": "The members of sh:or are shapes.",
        "xone-node": "The values of sh:xone are lists.",
        "xone-members-node": "The members of sh:xone are shapes.",
        "node-node": "The values of sh:node are node shapes.",
        "property-node": "The values of sh:property are property shapes.",
        "qualifiedValueShape-node": "The values of sh:qualifiedValueShape are shapes.",
        "qualifiedValueShape-scope": "A node shape has no sh:qualifiedValueShape.",
        "qualifiedValueShapesDisjoint-datatype": (
            "The values of sh:qualifiedValueShapesDisjoint are booleans."
        ),
        "qualifiedMinCount-datatype": "The values of sh:qualifiedMinCount are integers.",
        "qualifiedMaxCount-datatype": "The values of sh:qualifiedMaxCount are integers.",
        "closed-datatype": "The values of sh:closed are booleans.",
        "ignoredProperties-node": "The values of sh:ignoredProperties are lists.",
        "ignoredProperties-members-nodeKind": "The members of sh:ignoredProperties are IRIs.",
        "in-node": "The values of sh:in are lists.",
        "in-maxCount": "A shape has at most one value of sh:in.",
    }
)
"""The rules of SHACL Core."""

SPARQL_RULES: Mapping[str, str] = MappingProxyType(
    {
        "sparql-nodeKind": "The values of sh:sparql are IRIs or blank nodes.",
        "SPARQLConstraint-select-count": "A SPARQL constraint has one value of sh:select.",
        "SPARQLConstraint-select-datatype": "The value of sh:select is a string.",
        "SPARQLConstraint-message-datatype": (
            "The values of sh:message are strings, language tag or not."
        ),
        "SPARQLConstraint-deactivated-maxCount": (
            "A SPARQL constraint has at most one value of sh:deactivated."
        ),
        "select-query-valid": "The value of sh:select is a SELECT query.",
        "select-query-this": "A SELECT query projects $this.",
        "PATH-position": "The variable PATH stands only in place of a predicate.",
        "prefixes-nodeKind": "The values of sh:prefixes are IRIs or blank nodes.",
        "prefixes-duplicates": "The prefixes of a query have one namespace each.",
        "declare-nodeKind": "The values of sh:declare are IRIs or blank nodes.",
        "prefix-count": "A prefix declaration has one value of sh:prefix.",
        "prefix-datatype": "The value of sh:prefix is a string.",
        "namespace-count": "A prefix declaration has one value of sh:namespace.",
        "namespace-datatype": "The value of sh:namespace is an xsd:anyURI.",
        "ConstraintComponent": "A constraint component is an IRI.",
        "ConstraintComponent-parameter": (
            "A constraint component has a parameter that is not optional."
        ),
        "Parameter": "The sh:path of a parameter is an IRI.",
        "Parameter-predicate-count": "A parameter has one value of sh:path.",
        "parameter-name-VARNAME": "The local name of a parameter is a name of a variable.",
        "parameter-name-not-in": (
            "No parameter is named this, shapesGraph, currentShape, path, PATH or value."
        ),
        "parameter-name-unique": "The parameters of a component have different local names.",
        "optional-datatype": "The value of sh:optional is true or false.",
        "optional-maxCount": "A parameter has at most one value of sh:optional.",
        "labelTemplate-datatype": (
            "The values of sh:labelTemplate are strings, language tag or not."
        ),
        "nodeValidator-class": "The values of sh:nodeValidator are SELECT-based validators.",
        "propertyValidator-class": (
            "The values of sh:propertyValidator are SELECT-based validators."
        ),
        "validator-class": "The values of sh:validator are ASK-based validators.",
        "SPARQLSelectValidator-select-count": (
            "A SELECT-based validator has one value of sh:select."
        ),
        "ask-count": "An ASK-based validator has one value of sh:ask.",
        "ask-datatype": "The value of sh:ask is a string.",
        "ask-sparql": "The value of sh:ask is an ASK query.",
        "pre-binding-limitations": (
            "A query has no MINUS, SERVICE or VALUES, no AS for a variable that has a value "
            "beforehand, and no subquery that leaves out such a variable."
        ),
    }
)
"""The rules of SPARQL-based constraints and constraint components."""
