# SPDX-License-Identifier: Apache-2.0
"""Build-system integrations: the Meson module, its start-up hook, the pkg-config file."""
