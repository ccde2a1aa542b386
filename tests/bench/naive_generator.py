# SPDX-License-Identifier: Apache-2.0
"""What a build has without cns: a script that reads shapes with rdflib and fills in a template.

It knows cardinalities of one, numeric ranges and lengths, and nothing of cns: the baseline of
bench_build.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jinja2
import rdflib
from rdflib.namespace import RDF, SH, XSD

TYPES = {XSD.int: "int", XSD.double: "double", XSD.string: "const char *"}
TEMPLATE = """\
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

{% for shape in shapes %}
typedef struct {{ name }}_{{ shape.name }} {
{% for field in shape.fields %}
    bool has_{{ field.name }};
    {{ field.type }} {{ field.name }};
{% endfor %}
} {{ name }}_{{ shape.name }};

static inline int
{{ name }}_{{ shape.name }}_violations(const {{ name }}_{{ shape.name }} *record)
{
    int found = 0;
{% for field in shape.fields %}
{% if field.required %}
    found += !record->has_{{ field.name }};
{% endif %}
{% if field.least is not none %}
    found += record->has_{{ field.name }} && record->{{ field.name }} < {{ field.least }};
{% endif %}
{% if field.most is not none %}
    found += record->has_{{ field.name }} && record->{{ field.name }} > {{ field.most }};
{% endif %}
{% if field.length is not none %}
    found += record->has_{{ field.name }} && strlen(record->{{ field.name }}) > {{ field.length }};
{% endif %}
{% endfor %}
    return found;
}

{% endfor %}
"""


def read(files: list[str]) -> list[dict[str, Any]]:
    """Return the shapes of the files, by the names of their classes."""
    graph = rdflib.Graph()
    for file in files:
        graph.parse(file, format="turtle")
    shapes = []
    for shape in graph.subjects(RDF.type, SH.NodeShape):
        target = graph.value(shape, SH.targetClass)
        fields = [field(graph, one) for one in graph.objects(shape, SH.property)]
        fields.sort(key=lambda one: one["name"])
        shapes.append({"name": local(target), "fields": fields})
    return sorted(shapes, key=lambda one: str(one["name"]))


def field(graph: rdflib.Graph, shape: Any) -> dict[str, Any]:
    """Return what a property shape says."""
    return {
        "name": local(graph.value(shape, SH.path)),
        "type": TYPES[graph.value(shape, SH.datatype)],
        "required": graph.value(shape, SH.minCount) is not None,
        "least": graph.value(shape, SH.minInclusive),
        "most": graph.value(shape, SH.maxInclusive),
        "length": graph.value(shape, SH.maxLength),
    }


def local(iri: Any) -> str:
    """Return the last part of an IRI, in lower case."""
    return str(iri).rpartition("/")[2].lower()


def main() -> None:
    """Write the header of a model: `naive_generator.py NAME HEADER FILE…`."""
    name, header, *files = sys.argv[1:]
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
    text = environment.from_string(TEMPLATE).render(name=name, shapes=read(files))
    Path(header).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
