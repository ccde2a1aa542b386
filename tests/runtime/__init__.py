# SPDX-License-Identifier: Apache-2.0
"""Tests of the C runtime: C programs, and values and text compared with Python."""
