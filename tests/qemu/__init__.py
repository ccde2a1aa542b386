# SPDX-License-Identifier: Apache-2.0
"""Programs for microcontrollers, built and run in QEMU."""
