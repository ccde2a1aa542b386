# SPDX-License-Identifier: Apache-2.0
"""Drawings of class hierarchies and shapes: SVG, Graphviz and Mermaid."""
