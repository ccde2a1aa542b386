# SPDX-License-Identifier: Apache-2.0
"""Keys as constraints: no two instances of a class agree in a value of each property.

One property is a path there and back, which leads to the node itself and no other of the class.
Several are a query, since SHACL's paths do not meet.
"""

from __future__ import annotations

from collections.abc import Sequence

from cns_build import model as m
from cns_build.ir.sparql import path_text

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def shared_value(path: m.Path) -> m.Path:
    """Return the path from a node to all nodes that have a value of `path` with it."""
    return m.SequencePath((path, m.InversePath(path)))


def query(paths: Sequence[m.Path], classes: Sequence[m.IRI], origin: m.Origin) -> m.Query:
    """Return the query for other instances of the classes that agree in all paths."""
    lines = ["SELECT $this ?value WHERE {"]
    for number, path in enumerate(paths):
        text = path_text(path, {})
        lines.append(f"  $this {text} ?key{number} . ?value {text} ?key{number} .")
    named = ", ".join(map(str, classes))
    lines.append(f"  ?value <{_TYPE}> ?class . FILTER (?class IN ({named}) && ?value != $this) }}")
    return m.Query("\n".join(lines), (), origin)
