# SPDX-License-Identifier: Apache-2.0
"""Back ends: from IR to C text."""
