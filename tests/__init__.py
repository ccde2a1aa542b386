# SPDX-License-Identifier: Apache-2.0
"""Tests, the reference evaluator, benchmarks and fuzzers."""
