# SPDX-License-Identifier: Apache-2.0
"""cns: compile RDF ontologies and SHACL shapes ahead of time into C."""

__version__ = "0.1.0"
