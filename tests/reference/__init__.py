# SPDX-License-Identifier: Apache-2.0
"""The plain reference evaluator of SHACL Core over RDF graphs: it decides what is right.

It shares no code with the compiler, and is written to be read beside the specification.
"""

from .errors import EvaluationFailure, IllFormedShape, RecursiveShape, UnsupportedFeature
from .evaluate import Reference, evaluate, validate_focus
from .matching import differences, read_report, same_report, same_results
from .report import Report, Result
from .terms import SH, literal, load

__all__ = [
    "SH",
    "EvaluationFailure",
    "IllFormedShape",
    "RecursiveShape",
    "Reference",
    "Report",
    "Result",
    "UnsupportedFeature",
    "differences",
    "evaluate",
    "literal",
    "load",
    "read_report",
    "same_report",
    "same_results",
    "validate_focus",
]
