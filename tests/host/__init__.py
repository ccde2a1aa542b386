# SPDX-License-Identifier: Apache-2.0
"""Tests of the C that validates graphs on a host."""
