# SPDX-License-Identifier: Apache-2.0
"""Painted stacks: what tests/test_stack_measured.py holds computed bounds against."""
