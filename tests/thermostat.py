# SPDX-License-Identifier: Apache-2.0
"""The files of the project that tests build by each build system, and what they look for."""

from __future__ import annotations

from cns_build.vocabulary import RDF, XSD

SHAPES = """\
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:ReadingShape a sh:NodeShape ;
  sh:targetClass ex:Reading ;
  sh:property [
    sh:path ex:celsius ;
    sh:datatype xsd:double ;
    sh:minCount 1 ; sh:maxCount 1 ;
    sh:minInclusive -40.0 ; sh:maxInclusive 85.0
  ] .
"""

ONTOLOGY = """\
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:Reading a owl:Class .
"""

MAIN = """\
#include "sensors.h"
#include <stdio.h>
int main(void) { return puts("running") < 0; }
"""


CLASSES = """\
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Thermometer rdfs:subClassOf ex:Sensor .
ex:Sensor rdfs:subClassOf ex:Device .
"""

CLASSES_MAIN = """\
#include "devices.h"
#include <stdio.h>
int main(void) {
    const char iri[] = "http://example.org/Thermometer";
    uint32_t id = devices_id(iri, sizeof iri - 1);
    puts(devices_is_device(id) && !devices_is_device(id + 1) ? "running" : "wrong");
    return id != DEVICES_CLASS_THERMOMETER;
}
"""

# A struct of a driver's own, and the map that binds the reading of SHAPES to it.
PROBE = "struct probe { float celsius; };\n"
MAP = """\
[reading]
struct = "struct probe"
header = "probe.h"
members = { celsius = "celsius" }
"""


def data(celsius: object) -> str:
    """Return N-Triples with a reading of SHAPES."""
    return (
        f"<s:r> <{RDF}type> <http://example.org/Reading> .\n"
        f'<s:r> <http://example.org/celsius> "{celsius}"^^<{XSD}double> .\n'
    )


def march(flags: list[str]) -> list[str]:
    """Return the words of a compiler's command that name an architecture."""
    return [flag for flag in flags if flag.startswith("-march=")]
