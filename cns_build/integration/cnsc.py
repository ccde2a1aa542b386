#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The `cnsc` of a source tree, where cns is a subproject of a Meson build and not installed.

It is not executable: so Meson starts it with the Python that runs Meson itself.
"""

import runpy
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
runpy.run_module("cns_build", run_name="__main__")
