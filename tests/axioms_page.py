# SPDX-License-Identifier: Apache-2.0
"""docs/axioms.md: axioms, and what records and graphs become of them, made by the compiler itself.

An entry has axioms, and C that breaks them in a record of `ex:Thing`, or data that do in a graph.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

from cns_build import pipeline
from cns_build.frontend import load
from cns_build.graph.data import read_file
from cns_build.graph.validator import Validator
from cns_build.ir.sparql import term_text
from cns_build.options import Options
from cns_build.owl.reading import Reading
from tests import c_page
from tests.compiling import PREFIXES, Model
from tests.frontend.inputs import EX


@dataclass(frozen=True)
class Entry:
    """Of `code` and `data`, one is given."""

    title: str
    axioms: str
    code: str = ""
    data: str = ""
    note: str = ""


RECORDS = (
    Entry(
        "Domains and ranges",
        """ex:level rdfs:domain ex:Thing ; rdfs:range xsd:unsignedByte ; a owl:FunctionalProperty .
ex:spot rdfs:domain ex:Thing ; rdfs:range ex:Place .""",
        "demo_thing_set_level(&record, 7);\n"
        "demo_thing_add_spot(&record, (cns_ref){.id = 900, .class_id = DEMO_CLASS_THING});",
        note="A property is a field of the classes in all its domains. A range chooses the C "
        "type; a functional property has one value.",
    ),
    Entry(
        "Properties below others",
        """ex:part rdfs:domain ex:Thing ; rdfs:range ex:Part .
ex:engine rdfs:subPropertyOf ex:part .
ex:Thing rdfs:subClassOf [ owl:onProperty ex:part ; owl:maxCardinality 1 ] .""",
        "demo_thing_set_part(&record, (cns_ref){.id = 900, .class_id = DEMO_CLASS_PART});\n"
        "demo_thing_set_engine(&record, (cns_ref){.id = 901, .class_id = DEMO_CLASS_PART});",
        note="They have the domains and ranges of what they are below, and count as its values.",
    ),
    Entry(
        "Restrictions",
        """ex:Thing rdfs:subClassOf
    [ owl:onProperty ex:state ; owl:hasValue ex:On ] ,
    [ owl:onProperty ex:part ; owl:someValuesFrom ex:Part ] .
ex:state a owl:FunctionalProperty .""",
        "demo_thing_set_state(&record, (cns_term){.tag = CNS_NODE, .as.node = {.id = 900}});",
        note="`owl:someValuesFrom` and minimum cardinalities are warnings: an open world may know "
        "more. `--exists violation` demands them.",
    ),
    Entry(
        "Values and facets",
        """ex:mode rdfs:domain ex:Thing ; a owl:FunctionalProperty ; rdfs:range ex:Mode .
ex:Thing rdfs:subClassOf [ owl:onProperty ex:mode ; owl:allValuesFrom
    [ owl:oneOf ( ex:Off ex:Eco ex:Full ) ] ] .
ex:load rdfs:domain ex:Thing ; a owl:FunctionalProperty ; rdfs:range ex:Percent .
ex:Percent a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:onDatatype xsd:double ;
    owl:withRestrictions ( [ xsd:minInclusive 0.0 ] [ xsd:maxInclusive 100.0 ] ) ] .""",
        "demo_thing_set_load(&record, 101.5);",
    ),
)
GRAPHS = (
    Entry(
        "Disjoint classes, and unions",
        """ex:Dog owl:disjointWith ex:Plant .
ex:Pet owl:disjointUnionOf ( ex:Dog ex:Cat ex:Fish ) .""",
        data="ex:a a ex:Dog , ex:Plant .\nex:b a ex:Fish , ex:Cat .\nex:c a ex:Pet .",
    ),
    Entry(
        "Definitions",
        """ex:Parent owl:equivalentClass [ owl:intersectionOf ( ex:Person
    [ owl:onProperty ex:child ; owl:someValuesFrom ex:Person ] ) ] .""",
        data="ex:ann a ex:Parent .\nex:bob a ex:Person ; ex:child ex:ann .",
        note="The necessary half constrains. The sufficient half infers: bob is a Parent with "
        "`--inference owlrl`, and nothing is wrong with him without.",
    ),
    Entry(
        "Domains and ranges",
        "ex:owner rdfs:domain ex:Pet ; rdfs:range ex:Person .\n"
        "ex:age rdfs:range xsd:nonNegativeInteger .",
        data='ex:rex ex:owner ex:ann ; ex:age -1 .\nex:ann ex:age "41.0"^^xsd:decimal .',
        note="Ranges are value spaces: `41.0` is a non-negative integer.",
    ),
    Entry(
        "Properties",
        """ex:ssn a owl:FunctionalProperty , owl:InverseFunctionalProperty .
ex:parent a owl:AsymmetricProperty .
ex:likes owl:propertyDisjointWith ex:hates .""",
        data="""ex:ann ex:ssn "1" , "2" ; ex:parent ex:bob .
ex:bob ex:ssn "1" ; ex:parent ex:ann ; ex:likes ex:ann ; ex:hates ex:ann .""",
    ),
    Entry(
        "Keys",
        "ex:Room owl:hasKey ( ex:floor ex:number ) .",
        data="ex:a a ex:Room ; ex:floor 1 ; ex:number 12 .\n"
        "ex:b a ex:Room ; ex:floor 1 ; ex:number 12 .",
        note="One property is compared by paths, several by a query in SPARQL.",
    ),
)

INTRO = """\
# Axioms as constraints

`--axioms constraints` reads what an ontology says as constraints, in a closed world: data are
complete, and names are unique. Then it needs no shapes, and with shapes both count:

```sh
cnsc compile --axioms constraints zoo.ttl --name zoo -o zoo.c zoo.h
cnsc validate --axioms constraints --ontology zoo.ttl animals.ttl
cnsc check --axioms constraints --ontology zoo.ttl zoo.shacl
```

`axioms: 'constraints'` is the keyword of [Meson](meson.md), SCons and CMake, and
`axioms="constraints"` that of `cns_build.compile`. A result says the axiom in words, and
where it stands.

An axiom infers or constrains, never both:

| Axiom | |
|---|---|
| `rdfs:subClassOf` between classes with names | infers |
| `rdfs:subPropertyOf`, `owl:equivalentProperty`, `owl:inverseOf` | infer |
| symmetric, transitive and reflexive properties, `owl:propertyChainAxiom` | infer |
| `owl:equivalentClass` | its necessary half constrains, its sufficient half infers |
| `rdfs:domain`, `rdfs:range`, `owl:hasKey` | constrain, unless `--infer domain`, … |
| functional and inverse functional properties | constrain, unless `--infer functional`, … |
| restrictions, unions, complements, `owl:oneOf`, facets | constrain |
| disjoint classes and properties, asymmetric and irreflexive properties | constrain |
| `owl:differentFrom`, negative assertions | constrain |

With `--inference rdfs` or `owlrl`, what infers does so before a graph is validated, and what
constrains does not infer. Without, and for records, properties are read with all that are below
them, and with their inverses: a value of a subproperty is one of the property.
`owl:complementOf` asks whether data show that a node is in a class; nothing recurs through it.

What is not checked is a warning at the axiom, `[unchecked-axiom]`: patterns and facets that are
not known, expressions that nest deeper than 100 levels or make one axiom of more than 100,000
parts, and in records all that leads to a node or compares records. `xsd:pattern` matches
whole texts. Of `owl:real` and `owl:rational`, numbers of xsd:decimal are values; the form `1/3`
is not read. Where shapes and axioms exclude each other, a build fails and names both places.

The entries below are made by a test from the compiler itself.
"""


def page(folder: Path) -> str:
    """The whole page; `folder` is an empty one to work in."""
    records = [_record(entry, folder / f"r{n}") for n, entry in enumerate(RECORDS)]
    graphs = [_graph(entry, folder / f"g{n}") for n, entry in enumerate(GRAPHS)]
    parts = [INTRO, "## Records", *records, "## Graphs", *graphs]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _record(entry: Entry, folder: Path) -> str:
    folder.mkdir()
    (folder / "o.ttl").write_text(PREFIXES + entry.axioms)
    reading = Reading(records=True, all_classes=True)
    graph, _, warnings = load([str(folder / "o.ttl")], [], axioms=reading)
    assert not warnings
    options = Options(name="demo", records=("ex:Thing",))
    model = Model(graph, options, pipeline.compile_shapes(graph, options), {})
    return _section(
        entry,
        c_page.fenced("c", "\n".join(c_page.members(model))),
        c_page.fenced("c", entry.code),
        c_page.said(entry.title, entry.code, model, folder),
    )


def _graph(entry: Entry, folder: Path) -> str:
    folder.mkdir()
    for name, text in (("o.ttl", entry.axioms), ("data.ttl", entry.data)):
        (folder / name).write_text(PREFIXES + text)
    validator = Validator.compile([], [str(folder / "o.ttl")], axioms=Reading())
    report = validator.validate([read_file(str(folder / "data.ttl"))])
    said = [
        f"{result.severity.value.rpartition('#')[2].lower()}: "
        f"{term_text(result.focus, {'ex': EX})}: {result.messages[0].lexical}"
        for result in report.results
    ]
    assert said, f"{entry.title}: nothing is violated"
    return _section(entry, c_page.fenced("turtle", entry.data), "\n".join(said))


def _section(entry: Entry, *parts: str) -> str:
    *shown, said = parts
    note = [textwrap.fill(entry.note, 99)] if entry.note else []
    axioms = c_page.fenced("turtle", entry.axioms)
    return "\n\n".join(
        [f"### {entry.title}", *note, axioms, *shown, c_page.fenced("text", said.strip())]
    )
