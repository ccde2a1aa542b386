# SPDX-License-Identifier: Apache-2.0
"""The runtime as one source and one header, for projects without a build integration."""

from __future__ import annotations

from pathlib import Path


def amalgamate(runtime: Path) -> tuple[str, str]:
    """Return the text of `cns.c` and `cns.h`, made of the core files of the runtime."""
    header = (runtime / "include" / "cns" / "cns.h").read_text("utf-8")
    parts = [
        "/* SPDX-License-Identifier: Apache-2.0 */\n"
        "/* The cns runtime in one file, for projects that add its sources to their own. */\n"
        '#include "cns.h"\n'
    ]
    for path in sorted(runtime.glob("*.c")):
        text = path.read_text("utf-8").replace("#include <cns/cns.h>\n", "")
        parts.append(f"\n/* ---- {path.name} ---- */\n{text}")
    return "".join(parts), header
