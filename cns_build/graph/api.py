# SPDX-License-Identifier: Apache-2.0
"""`cns_build.compile`: shapes, in the forms in which Python programs have them, to a Validator."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from typing import Any

from cns_build.graph.given import several, shapes_files
from cns_build.graph.validator import Validator
from cns_build.options import READINGS
from cns_build.owl.reading import Reading


def compile(
    shapes: Any = (),
    ontologies: Any = (),
    *,
    catalog: Sequence[str] = (),
    waive: Collection[str] = (),
    strict: bool = False,
    recursion: int = 0,
    engine: str = "bytecode",
    axioms: str = "none",
    inference: str = "none",
    extending: Sequence[str] = (),
    shapes_format: str | None = None,
    ontologies_format: str | None = None,
) -> Validator:
    """Return a validator, which any number of threads may use at once, and often.

    Shapes and ontologies are files by name, text as a string or as bytes, open files, graphs of
    rdflib or pyoxigraph, or a list of these. `recursion` lets shapes refer to themselves, as deep
    as it says. With axioms="constraints", axioms of the ontologies are shapes too; or they infer
    by `inference`: rdfs or owlrl, and so do axioms in files of data that are `extending`. Formats
    are of files whose names do not say theirs, and of text that is not Turtle.

    Raises CompileError for shapes that cannot be read or checked.
    """
    if axioms not in READINGS:
        raise ValueError(f"axioms={axioms!r}: {', '.join(READINGS)}")
    with tempfile.TemporaryDirectory(prefix="cns-") as folder:
        return Validator.compile(
            [*shapes_files(several(shapes), shapes_format, folder, "shapes")],
            [*shapes_files(several(ontologies), ontologies_format, folder, "ontology")],
            catalog=catalog,
            waive=waive,
            strict=strict,
            recursion=recursion,
            engine=engine,
            axioms=Reading() if axioms == "constraints" else None,
            inference=inference,
            extending=extending,
        )
