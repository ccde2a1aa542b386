# SPDX-License-Identifier: Apache-2.0
"""Records as values, where they come from, and the native engine held to what they denote."""
