# SPDX-License-Identifier: Apache-2.0
"""Failures: what SHACL section 3.4.2 calls a failure, as opposed to a validation result."""

from __future__ import annotations

from rdflib.term import Node


class EvaluationFailure(Exception):
    """Evaluation cannot give a report. Every failure below is one of these."""


class IllFormedShape(EvaluationFailure):
    """A shape, list, path or parameter breaks a syntax rule of SHACL Core (appendix B)."""

    def __init__(self, node: Node, reason: str):
        super().__init__(f"{node.n3()}: {reason}")
        self.node = node


class RecursiveShape(EvaluationFailure):
    """A shape depends on itself: through negation, or for the same focus node."""


class UnsupportedFeature(EvaluationFailure):
    """The shapes graph uses something beyond SHACL Core that has not been waived."""
