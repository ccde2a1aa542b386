# SPDX-License-Identifier: Apache-2.0
"""What the command line takes: a parser, by what its commands are about."""
