# SPDX-License-Identifier: Apache-2.0
"""Fuzzers. A module fuzz_NAME.py has `run(seconds: int, seed: int) -> int`, the number of cases.

A fuzzer stops with an exception that names the seed and shows the input that failed.
"""
