# SPDX-License-Identifier: Apache-2.0
"""Validation of RDF graphs: shapes to a graph program, and what runs it."""
