# SPDX-License-Identifier: Apache-2.0
"""Ontologies: conformance, and the plain reasoner that decides what follows."""
