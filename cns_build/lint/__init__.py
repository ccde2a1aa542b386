# SPDX-License-Identifier: Apache-2.0
"""The linter of `cnsc check`."""
