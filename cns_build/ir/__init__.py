# SPDX-License-Identifier: Apache-2.0
"""The intermediate representation: records, program, how it is built, printed and verified."""
