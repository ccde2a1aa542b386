# SPDX-License-Identifier: Apache-2.0
"""What devices give back, decoded: dumps of traces and lines of a console."""
