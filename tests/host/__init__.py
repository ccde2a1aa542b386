# SPDX-License-Identifier: Apache-2.0
"""Tests of runtime/host: what works on graphs, with a heap."""
