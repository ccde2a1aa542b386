# SPDX-License-Identifier: Apache-2.0
"""Stack budgets: what compiled handlers can take of the stack, by gcc's own word."""
