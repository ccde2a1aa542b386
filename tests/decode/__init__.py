# SPDX-License-Identifier: Apache-2.0
"""Traces of real programs, and what `cnsc decode` makes of them."""
