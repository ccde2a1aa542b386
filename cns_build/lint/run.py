# SPDX-License-Identifier: Apache-2.0
"""The linter: warnings about shapes that are well-formed, and surely not meant so.

Every finding holds whatever the data are; matters of taste are none. `names.WARNINGS` lists
what is found. `cnsc check` shows all of it, beside what the compiler itself says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from cns_build.diagnostics import Diagnostic
from cns_build.frontend.load import Loaded
from cns_build.frontend.report import Report
from cns_build.lint.constraints import constraint_findings
from cns_build.lint.shapes import Subject, shape_findings
from cns_build.lint.terms import unknown_terms


def lint(loaded: Loaded, shown: frozenset[str]) -> tuple[Diagnostic, ...]:
    """Return warnings about all shapes files; about shapes, only where there is no error.

    Shapes that nothing uses are told only in the files `shown`.
    """
    found = list(unknown_terms(loaded.shapes))
    if loaded.graph is not None:
        subject = Subject(loaded.graph, loaded.shapes, loaded.ontologies, shown)
        of_shapes = (*shape_findings(subject), *constraint_findings(loaded.graph.shapes))
        found += (_with_prefixes(d, loaded.graph.prefixes) for d in of_shapes)
    return tuple(found)


def _with_prefixes(diagnostic: Diagnostic, prefixes: Mapping[str, str]) -> Diagnostic:
    """Return the diagnostic with IRIs as the files write them."""
    report = Report(prefixes=prefixes)
    message = re.sub("<([^<> ]+)>", lambda found: report.shorten(found[1]), diagnostic.message)
    return replace(diagnostic, message=message)
