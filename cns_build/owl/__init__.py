# SPDX-License-Identifier: Apache-2.0
"""Ontologies: axioms to vocabularies, shapes, and rules that infer."""
