# SPDX-License-Identifier: Apache-2.0
"""Folder of cns.pc, found by pkgconf through the package's pkg_config entry point."""
