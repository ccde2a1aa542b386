# SPDX-License-Identifier: Apache-2.0
"""The examples that --help shows."""

from __future__ import annotations

EXAMPLES = """examples:
  cnsc compile --shapes sensors.shacl --name sensors -o sensors.c sensors.h
  cnsc compile sosa.ttl --name sosa -o sosa.c sosa.h
  cnsc check sensors.shacl
  cnsc explain --shapes sensors.shacl --name sensors
  cnsc export --shapes sensors.shacl --name sensors -o firmware/cns
  cnsc decode --map sensors.map.json trace.bin
  cnsc validate --shapes sensors.shacl readings.ttl
  cnsc validator --shapes sensors.shacl -o check
  cnsc materialize --ontology sosa.ttl readings.ttl > closed.nt
  cc -I $(cnsc --print include-dir) main.c sensors.c $(cnsc --print runtime-dir)/*.c
"""


EXAMPLES_OF = {
    "compile": """examples:
  cnsc compile --shapes sensors.shacl --name sensors -o sensors.c sensors.h
  cnsc compile --shapes sensors.shacl --name sensors --image sensors.cnsi
  cnsc compile --shapes new.shacl --name sensors --image update.cnsi --onto sensors.map.json
  cnsc compile sosa.ttl --shapes sensors.shacl --name sensors -o sensors.c sensors.h \\
      --capacity 4 --capacity samples=64 --report first --depfile sensors.d
  cnsc compile sosa.ttl --name sosa -o sosa.c sosa.h --queried sosa:System sosa:Platform
""",
    "check": """examples:
  cnsc check sensors.shacl
  cnsc check sensors.shacl --catalog ontologies/ --waive sh:sparql
  cnsc check sensors.shacl --ontology sosa.ttl --no-warn no-effect --error likely-typo
  cnsc check shapes/*.ttl --no-compile --format sarif > shapes.sarif
  cnsc check sensors.shacl --capacity samples=64 --inline-strings
""",
    "explain": """examples:
  cnsc explain --shapes sensors.shacl --name sensors --only layout
  cnsc explain --shapes sensors.shacl --name sensors --dump-after fold
  cnsc explain --shapes sensors.shacl --name sensors --only optimized
  cnsc explain --image sensors.cnsi --map sensors.map.json
  cnsc explain sosa.ttl --class sosa:Sensor --property sosa:hosts
  cnsc explain --graph svg sosa.ttl --shapes sensors.shacl --root sosa:System > sensors.svg
""",
    "export": """examples:
  cnsc export --shapes sensors.shacl --name sensors -o firmware/cns
  cc -c firmware/cns/cns.c firmware/cns/sensors.c
""",
    "validate": """examples:
  cnsc validate --shapes sensors.shacl readings.ttl
  cnsc validate --shapes sensors.shacl --ontology sosa.ttl readings/*.nt.gz --fail-on violation
  cnsc validate --shapes sensors.shacl --format sarif readings.ttl > readings.sarif
  cnsc validate --shapes sensors.shacl --focus http://example.org/s1 readings.ttl
  curl -s https://example.org/readings.nt |
      cnsc validate --shapes sensors.shacl --input-format nt -
""",
    "materialize": """examples:
  cnsc materialize --ontology univ-bench.owl data.nt > closed.nt
  cnsc materialize --ontology brick.ttl --inference rdfs --only-inferred building.ttl -o more.nt
  zcat data.nt.gz | cnsc materialize --ontology a.ttl --ontology b.ttl --input-format nt - | wc -l
""",
    "validator": """examples:
  cnsc validator --shapes sensors.shacl -o check && ./check readings.nt
  cnsc validator --shapes sensors.shacl --ontology sosa.ttl --march x86-64-v3 -o check
  cnsc validator --shapes sensors.shacl --emit-c check.c --depfile check.d
""",
    "stack": """examples:
  arm-none-eabi-gcc -Os -fcallgraph-info=su -c sensors.c cns.c
  cnsc stack --name sensors sensors.o cns.o
  cnsc stack --name sensors --budget 512 -o sensors_stack.h sensors.o cns.o
  cnsc stack --name sensors --depth 4 --external memcmp=8 --external 64 sensors.o cns.o
""",
    "decode": """examples:
  cnsc decode --map sensors.map.json trace.bin
  cnsc decode --map sensors.map.json --rate 1000 --epoch 2026-01-01T00:00:00Z trace.bin
  cnsc decode --map sensors.map.json --hex --format turtle console.log > report.ttl
  cnsc decode --map sensors.map.json --lines - < console.log
  gdb -p 4711 -batch -ex 'dump binary value trace.bin storage'
""",
}
