# SPDX-License-Identifier: Apache-2.0
"""What programs look like in C, where shapes are hostile."""

from __future__ import annotations

from pathlib import Path

import pytest

from cns_build.graph.native import to_c
from cns_build.graph.validator import Validator
from tests.graph.native import build_library


@pytest.mark.parametrize("way_out", ["*/", "*\\u005C\\u000A/", "*??/\\u000A/", "/*"])
def test_names_of_shapes_stay_in_their_comments(tmp_path: Path, way_out: str) -> None:
    """An IRI that is not valid is kept, with a warning: it must not become code."""
    shapes = tmp_path / "shapes.ttl"
    name = f"http://e/a{way_out} int evil = 1; /*"
    escaped = name.replace("*", "\\u002A").replace(" ", "\\u0020")
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        f"<{escaped}> sh:targetNode <http://e/x> ; sh:nodeKind sh:IRI .\n"
    )
    program = Validator.compile([str(shapes)]).program
    assert "evil" in to_c(program, "shapes")
    library = build_library(tmp_path, {"shapes": program}, "-trigraphs", "-Wno-trigraphs")
    assert not hasattr(library, "evil")
