# SPDX-License-Identifier: Apache-2.0
"""The warnings of cns, by the names that stand in brackets behind their messages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WARNINGS: Mapping[str, str] = MappingProxyType(
    {
        "always-violated": "Every record violates a constraint, whatever it holds.",
        "closed-type": (
            "A closed shape does not allow rdf:type, by which its target selects focus nodes."
        ),
        "contradiction": "No value, or no number of values, satisfies two constraints together.",
        "duplicate-property": "A shape has two property shapes that say the same of one path.",
        "excluded-value": "A member of sh:in breaks another constraint of its shape.",
        "kept-iri": "An IRI is not valid, and is kept as written.",
        "likely-typo": "No file declares an IRI, and one declares an IRI that is written alike.",
        "lone-parameter": "A parameter has no effect without another one.",
        "namespace": "A namespace is nearly that of SHACL, RDF, RDFS, OWL or XSD.",
        "no-effect": "A constraint can never fail.",
        "no-triples": "A file has no triples.",
        "odd-path": "A path is written in a way that may not be meant.",
        "switch": "A switch is on only in the lexical form true.",
        "unchecked-axiom": "An axiom is read as a constraint, and cannot be one here.",
        "unknown-class": "No given ontology declares a class, and one declares its namespace.",
        "unknown-severity": "A severity is written as one of SHACL, in another namespace.",
        "unknown-term": "SHACL, RDF, RDFS, OWL or XSD has no such term.",
        "unused-message": "No result carries a message: its shape has no constraint of its own.",
        "unused-shape": "Nothing targets a shape or refers to it.",
        "unused-target": "No record stands for the nodes that a target selects.",
        "unused-waiver": "A --waive matches nothing.",
    }
)
