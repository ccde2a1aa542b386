# SPDX-License-Identifier: Apache-2.0
"""The second engine: shapes as data, which a small machine in C runs."""
