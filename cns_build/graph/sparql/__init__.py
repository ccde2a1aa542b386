# SPDX-License-Identifier: Apache-2.0
"""SPARQL constraints and constraint components (SHACL 5 and 6), evaluated on an Oxigraph store.

`check` looks at each query once, before validation. `Evaluator` gives results.
"""

from __future__ import annotations

from cns_build.graph.sparql.check import check
from cns_build.graph.sparql.evaluate import Evaluator, Failure
from cns_build.graph.sparql.forms import Forms

__all__ = ["Evaluator", "Failure", "Forms", "check"]
