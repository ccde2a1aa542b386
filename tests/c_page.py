# SPDX-License-Identifier: Apache-2.0
"""docs/c.md: what one writes in SHACL, and the C that one gets, made by the compiler itself.

An entry is a property shape of `ex:Thing`, or all shapes of a model, and C that breaks it. The
page shows the struct's members, the generated check, and what `cns_violation_format` says.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cns_build import xsd
from cns_build.backend.source import source
from tests.compiling import Model, compile_text
from tests.runtime.toolchain import C11, CORE, compile_c, run_program

SHAPE = "ex:Thing a sh:NodeShape ; sh:targetClass ex:Thing ;\n"
MAIN = """\
#include "demo.h"
#include <stdio.h>

int
main(void) {{
    cns_violation found[8];
    cns_result result;
    demo_thing record = DEMO_THING_INIT;
    cns_result_init(&result, found, 8);
{breaks}
    cns_status status = demo_thing_validate(&record, &result);
    for (unsigned i = 0; i < result.count; i++) {{
        char line[200];
        cns_violation_format(&demo_model, &found[i], line, sizeof line);
        puts(line);
    }}
    return status == CNS_OK ? 0 : 1;
}}
"""


@dataclass(frozen=True)
class Entry:
    """`shape` is what is inside the shape, written as it is shown; `breaks` is C."""

    title: str
    shape: str
    breaks: str
    note: str = ""
    more: str = ""  # other shapes and triples
    detail: bool = False  # the build asks for details


def _property(path: str, *rest: str) -> str:
    lines = [f"sh:property [ sh:path {path}", *rest]
    return " ;\n    ".join(lines) + " ]"


ONE = "sh:maxCount 1"
LEVEL = _property("ex:level", "sh:datatype xsd:int ; sh:maxCount 1", "{}")
NAME = _property("ex:name", "sh:datatype xsd:string ; sh:maxCount 1", "{}")
SET_LEVEL = "demo_thing_set_level(&record, {});"
SET_NAME = "demo_thing_set_name(&record, cns_str_of({}));"
LOW_HIGH = """\
sh:property [ sh:path ex:low ; sh:datatype xsd:int ; sh:maxCount 1 ;
    {} ex:high ] ;
  sh:property [ sh:path ex:high ; sh:datatype xsd:int ; sh:maxCount 1 ]"""
PART = """\
ex:Part a sh:NodeShape ; sh:property [ sh:path ex:serial ;
    sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ] ."""
SET_BOTH = "demo_thing_set_low(&record, {});\ndemo_thing_set_high(&record, {});"

GROUPS: dict[str, tuple[Entry, ...]] = {
    "How many": (
        Entry("sh:minCount", LEVEL.format("sh:minCount 1"), ""),
        Entry(
            "sh:minCount above 1",
            _property("ex:level", "sh:datatype xsd:int ; sh:minCount 2 ; sh:maxCount 4"),
            "demo_thing_add_level(&record, 7);\ndemo_thing_add_level(&record, 7);",
            "Arrays are sets: equal elements count once. `sh:maxCount` is the array's size; no "
            "check is left of it. Without it the size is the `capacity:` of the build.",
        ),
    ),
    "Which kind of value": (
        Entry(
            "sh:datatype",
            _property("ex:count", "sh:datatype xsd:positiveInteger ; sh:maxCount 1"),
            "demo_thing_set_count(&record, 0);",
            "It chooses the C type; the table above has all. Only what that type can hold and the "
            "datatype cannot is checked.",
        ),
        Entry(
            "sh:nodeKind",
            _property("ex:zone", "sh:nodeKind sh:IRI ; sh:maxCount 1"),
            "demo_thing_set_zone(&record, (cns_ref){.id = 0});",
            "Id 0 is a blank node; ids of the application's own begin behind those of the header.",
        ),
        Entry(
            "sh:class",
            _property("ex:zone", "sh:class ex:Room ; sh:maxCount 1"),
            "demo_thing_set_zone(&record, (cns_ref){.id = 1000, .class_id = DEMO_CLASS_THING});",
            "Subclasses come from the ontologies of the build.",
            "ex:Kitchen rdfs:subClassOf ex:Room .",
        ),
        Entry(
            "sh:in",
            _property("ex:state", "sh:in ( ex:Off ex:On ex:Failed ) ; sh:maxCount 1"),
            "demo_thing_set_state(&record, 9);",
            "Enumerators count from 1: `DEMO_THING_STATE_OFF`, ….",
        ),
        Entry(
            "sh:hasValue",
            LEVEL.format('sh:hasValue "5"^^xsd:int'),
            SET_LEVEL.format(4),
        ),
    ),
    "Ranges": (
        Entry(
            "sh:minInclusive, sh:maxInclusive",
            LEVEL.format("sh:minInclusive 1 ; sh:maxInclusive 5"),
            SET_LEVEL.format(7),
        ),
        Entry(
            "sh:minExclusive, sh:maxExclusive",
            _property(
                "ex:ratio",
                "sh:datatype xsd:double ; sh:maxCount 1",
                "sh:minExclusive 0.0 ; sh:maxExclusive 1.0",
            ),
            "demo_thing_set_ratio(&record, 1.0);",
            "NaN is within no range.",
        ),
    ),
    "Text": (
        Entry(
            "sh:minLength, sh:maxLength",
            NAME.format("sh:minLength 1 ; sh:maxLength 4"),
            SET_NAME.format('"Grüße"'),
            "Lengths are code points of UTF-8, not bytes.",
        ),
        Entry(
            "sh:pattern",
            NAME.format('sh:pattern "^[A-Z]{2}[0-9]+$"'),
            SET_NAME.format('"A7"'),
            "The pattern is a table that the compiler makes: no backtracking, one step a byte.",
        ),
        Entry(
            "sh:languageIn",
            _property(
                "ex:title",
                "sh:datatype rdf:langString ; sh:maxCount 1",
                'sh:languageIn ( "en" "de" )',
            ),
            'demo_thing_set_title(&record, (cns_langstr){CNS_STR("Salut"), CNS_STR("fr")});',
        ),
        Entry(
            "sh:uniqueLang",
            _property(
                "ex:title", "sh:datatype rdf:langString ; sh:maxCount 3", "sh:uniqueLang true"
            ),
            'demo_thing_add_title(&record, (cns_langstr){CNS_STR("Hi"), CNS_STR("en")});\n'
            'demo_thing_add_title(&record, (cns_langstr){CNS_STR("Hello"), CNS_STR("EN")});',
        ),
    ),
    "Two properties": (
        Entry("sh:equals", LOW_HIGH.format("sh:equals"), SET_BOTH.format(1, 2)),
        Entry("sh:disjoint", LOW_HIGH.format("sh:disjoint"), SET_BOTH.format(3, 3)),
        Entry("sh:lessThan", LOW_HIGH.format("sh:lessThan"), SET_BOTH.format(3, 3)),
        Entry(
            "sh:lessThanOrEquals", LOW_HIGH.format("sh:lessThanOrEquals"), SET_BOTH.format(4, 3)
        ),
    ),
    "Shapes in shapes": (
        Entry(
            "sh:property",
            _property("ex:level", "sh:datatype xsd:int ; sh:maxCount 1 ; sh:maxInclusive 5"),
            SET_LEVEL.format(6),
            "A member for each property, named after it.",
        ),
        Entry(
            "sh:node",
            _property("ex:part", "sh:nodeKind sh:BlankNode ; sh:maxCount 1", "sh:node ex:Part"),
            "demo_part part = DEMO_PART_INIT;\ndemo_thing_set_part(&record, &part);",
            "The shape of the part becomes a struct of its own, and a test.",
            PART,
        ),
        Entry(
            "A shape in itself",
            _property("ex:next", "sh:nodeKind sh:BlankNode ; sh:maxCount 1", "sh:node ex:Thing")
            + " ;\n  "
            + LEVEL.format("sh:maxInclusive 5"),
            "demo_thing next = DEMO_THING_INIT;\ndemo_thing_set_level(&next, 6);\n"
            "demo_thing_set_next(&record, &next);",
            "Records nest no deeper than the `depth:` of the build.",
        ),
        Entry(
            "sh:not",
            LEVEL.format("sh:not [ sh:minInclusive 3 ; sh:maxInclusive 5 ]"),
            SET_LEVEL.format(4),
        ),
        Entry(
            "sh:and",
            LEVEL.format("sh:and ( [ sh:minInclusive 1 ] [ sh:maxInclusive 5 ] )"),
            SET_LEVEL.format(6),
        ),
        Entry(
            "sh:or",
            LEVEL.format('sh:or ( [ sh:maxInclusive 5 ] [ sh:hasValue "99"^^xsd:int ] )'),
            SET_LEVEL.format(6),
        ),
        Entry(
            "sh:xone",
            LEVEL.format("sh:xone ( [ sh:minInclusive 3 ] [ sh:maxInclusive 5 ] )"),
            SET_LEVEL.format(4),
        ),
        Entry(
            "sh:qualifiedValueShape",
            _property(
                "ex:level",
                "sh:datatype xsd:int ; sh:maxCount 4",
                "sh:qualifiedValueShape [ sh:minInclusive 10 ] ; sh:qualifiedMinCount 1 ;\n"
                "    sh:qualifiedMaxCount 2",
            ),
            "demo_thing_add_level(&record, 7);",
        ),
        Entry(
            "sh:closed",
            "sh:closed true ; sh:ignoredProperties ( rdf:type ) ;\n  sh:property [ sh:path "
            "ex:level ; sh:datatype xsd:int ; sh:maxCount 1 ]",
            "demo_thing_set_extra(&record, 1);",
            "Only properties that other shapes give the struct can be too many.",
            "ex:Other a sh:NodeShape ; sh:targetClass ex:Thing ;\n"
            "  sh:property [ sh:path ex:extra ; sh:datatype xsd:int ; sh:maxCount 1 ] .",
        ),
    ),
    "Paths": (
        Entry(
            "A sequence",
            "sh:property [ sh:path ( ex:part ex:serial ) ; sh:minCount 1 ] ;\n"
            "  sh:property [ sh:path ex:part ; sh:maxCount 1 ; sh:nodeKind sh:BlankNode ;\n"
            "    sh:property [ sh:path ex:serial ; sh:datatype xsd:int ; sh:maxCount 1 ] ]",
            "demo_thing_part part = DEMO_THING_PART_INIT;\ndemo_thing_set_part(&record, &part);",
        ),
        Entry(
            "sh:alternativePath",
            "sh:property [ sh:path [ sh:alternativePath ( ex:low ex:high ) ] ; "
            "sh:maxInclusive 5 ] ;\n"
            "  sh:property [ sh:path ex:low ; sh:datatype xsd:int ; sh:maxCount 1 ] ;\n"
            "  sh:property [ sh:path ex:high ; sh:datatype xsd:int ; sh:maxCount 1 ]",
            SET_BOTH.format(6, 5),
        ),
        Entry(
            "The members of a list",
            "sh:property [ sh:path ex:steps ; sh:maxCount 1 ] ;\n"
            "  sh:property [ sh:path ( ex:steps [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ;\n"
            "    sh:datatype xsd:int ; sh:maxInclusive 5 ]",
            "record.steps.count = 2;\nrecord.steps.items[0] = 5;\nrecord.steps.items[1] = 6;\n"
            "record.has |= DEMO_THING_HAS_STEPS;",
        ),
    ),
    "Beyond SHACL": (
        Entry(
            "cns:valueSpace",
            _property("ex:count", "<urn:cns:valueSpace> xsd:positiveInteger ; sh:maxCount 1"),
            "demo_thing_set_count(&record, 0);",
            "A literal whose value is one of the datatype, as the ranges of ontologies mean it: "
            "in RDF graphs, `1.0` is an xsd:integer. It chooses the C type as sh:datatype does.",
        ),
        Entry(
            "cns:maxValues",
            "sh:property [ sh:path [ sh:alternativePath ( ex:low ex:high ) ] ; "
            "<urn:cns:maxValues> 1 ] ;\n"
            "  sh:property [ sh:path ex:low ; sh:datatype xsd:int ] ;\n"
            "  sh:property [ sh:path ex:high ; sh:datatype xsd:int ]",
            SET_BOTH.format(5, 6),
            "Different values are counted, not terms: in RDF graphs, `1.0` and `1` are one.",
        ),
    ),
    "About the report": (
        Entry(
            "sh:severity, sh:message",
            _property(
                "ex:level",
                "sh:datatype xsd:int ; sh:maxCount 1 ; sh:maxInclusive 5",
                'sh:severity sh:Warning ; sh:message "is high"',
            ),
            SET_LEVEL.format(6),
        ),
        Entry(
            "Why a shape in a shape fails",
            _property("ex:part", "sh:nodeKind sh:BlankNode ; sh:maxCount 1", "sh:node ex:Part"),
            "demo_part part = DEMO_PART_INIT;\ndemo_thing_set_part(&record, &part);",
            "With `detail: true` in the build, for sh:node, sh:and, sh:or and sh:xone.",
            PART,
            detail=True,
        ),
    ),
}


# What one entry becomes


def _shapes(entry: Entry) -> str:
    return f"{SHAPE}  {entry.shape} .\n{entry.more}\n"


def members(model: Model) -> list[str]:
    """The members of the record's struct, without its presence bits."""
    text = model.generate()[1]
    begin = text.index("struct demo_thing {")
    lines = text[begin : text.index("\n};", begin)].splitlines()[1:]
    return [line.strip() for line in lines if not line.strip().startswith("uint32_t has;")]


def _checks(model: Model) -> list[str]:
    """What the record's handler does, without comments."""
    options = model.options
    parts = source(model.compiled.program, options, dict(model.graph.prefixes))
    handler = next(h for h in parts.handlers if "\ndemo_thing_validate(" in h)
    inner = handler[handler.index("    }\n") + 6 : handler.rindex("    return CNS_OK;")]
    lines = textwrap.dedent(inner).splitlines()
    return [line for line in lines if line and not line.lstrip().startswith("/*")]


def said(title: str, breaks: str, model: Model, folder: Path) -> str:
    """What is said about a record that breaks the shape."""
    for name, text in zip(("demo.c", "demo.h"), model.generate(), strict=True):
        (folder / name).write_text(text, "utf-8")
    main = folder / "main.c"
    main.write_text(MAIN.format(breaks=textwrap.indent(breaks, "    ")), "utf-8")
    program = folder / "program"
    compile_c(
        "gcc", *C11, f"-I{folder}", main, folder / "demo.c", *_runtime(folder), output=program
    )
    printed = run_program(program)
    assert printed, f"{title}: nothing is violated"
    return printed


def _runtime(folder: Path) -> list[Path]:
    return list(_objects(folder.parent))


@cache
def _objects(folder: Path) -> tuple[Path, ...]:
    """The runtime, compiled once for all entries."""
    made = []
    for file in CORE:
        made.append(folder / f"{file.stem}.o")
        compile_c("gcc", *C11, "-c", file, output=made[-1])
    return tuple(made)


def _section(entry: Entry, folder: Path) -> str:
    folder.mkdir()
    model = compile_text(folder, _shapes(entry), detail=entry.detail)
    shown = [entry.shape, *([entry.more] if entry.more else [])]
    code = [*members(model), "", *_checks(model)]
    parts = [
        f"### {entry.title}",
        *([textwrap.fill(entry.note, 99)] if entry.note else []),
        fenced("turtle", "\n\n".join(textwrap.dedent(f"  {text}") for text in shown)),
        fenced("c", "\n".join(code)),
    ]
    if entry.breaks:
        parts.append(fenced("c", entry.breaks))
    parts.append(fenced("text", said(entry.title, entry.breaks, model, folder).strip()))
    return "\n\n".join(parts)


def fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


# Value types

TYPES = (
    *(f"xsd:{name}" for name in xsd.SCALARS),
    "rdf:langString",
    "ex:other",
)


def _type_row(datatype: str, folder: Path) -> str:
    folder.mkdir()
    body = _property("ex:v", f"sh:datatype {datatype} ; sh:maxCount 1")
    model = compile_text(folder, f"{SHAPE} {body} .")
    member = members(model)[0].partition(";")[0].removesuffix(" v")
    tests = [line for line in _checks(model) if line.startswith("    if (")]
    check = tests[0].strip().removeprefix("if (").removesuffix(") {") if tests else ""
    wrong = f"`{check}`" if check else ""
    return f"| `{datatype}` | `{member}` | {wrong} |"


INTRO = """\
# What you write, what you get

Each entry shows a shape, the members that it gives to the struct, the check that the compiler
writes, code that breaks it, and the violation as text. A test makes this page from the compiler
itself. The shapes are those of a class `ex:Thing` in a model called `demo`:

```turtle
ex:Thing a sh:NodeShape ; sh:targetClass ex:Thing ;
  sh:property [ … ] .
```

```c
demo_thing record = DEMO_THING_INIT;             /* nothing is present */
demo_thing_set_level(&record, 3);                /* a value, and its bit in record.has */

cns_violation found[8];
cns_result result;
cns_result_init(&result, found, 8);
demo_thing_validate(&record, &result);           /* result.conforms, result.count */

char line[200];
cns_violation_format(&demo_model, &found[0], line, sizeof line);
```

`docs/records.md` says what a record means. `cnsc explain` shows the same for shapes of your own.

## Value types

The member of a property with `sh:maxCount 1`; more values are an array of it, with a count. The
last column is when a value violates `sh:datatype`: what the C type can hold and the datatype
cannot. Empty is never, and no code.
"""


def page(folder: Path) -> str:
    """The whole page; `folder` is an empty one to work in."""
    rows = [_type_row(name, folder / f"type{n}") for n, name in enumerate(TYPES)]
    table = "\n".join(["| `sh:datatype` | C | violates when |", "|---|---|---|", *rows])
    parts = [INTRO + "\n" + table]
    for group, entries in GROUPS.items():
        parts.append(f"## {group}")
        for number, entry in enumerate(entries):
            name = f"{group.split()[0].lower()}{number}"
            parts.append(_section(entry, folder / name))
    return "\n\n".join(parts) + "\n"
