# SPDX-License-Identifier: Apache-2.0
"""The runtime as one source and one header, for projects without a build integration."""

from __future__ import annotations

import re
from pathlib import Path

_INCLUDE = re.compile(r'#include (?:<(cns/\w+\.h)>|"(\w+\.h)")\n')


def amalgamate(runtime: Path) -> tuple[str, str]:
    """Return the text of `cns.c` and `cns.h`, made of the core files of the runtime."""
    header = (runtime / "include" / "cns" / "cns.h").read_text("utf-8")
    parts = [
        "/* SPDX-License-Identifier: Apache-2.0 */\n"
        "/* The cns runtime in one file, for projects that add its sources to their own. */\n"
        '#include "cns.h"\n'
    ]
    seen = {"cns/cns.h"}
    for path in sorted(runtime.glob("*.c")):
        parts.append(f"\n/* ---- {path.name} ---- */\n{_expanded(path, runtime, seen)}")
    return "".join(parts), header


def _expanded(path: Path, runtime: Path, seen: set[str]) -> str:
    """Return a file with each header of the runtime where it is first included."""

    def replace(match: re.Match[str]) -> str:
        public, private = match.groups()
        name = public or private
        if name in seen:
            return ""
        seen.add(name)
        folder = runtime / "include" if public else runtime
        return _expanded(folder / name, runtime, seen)

    return _INCLUDE.sub(replace, path.read_text("utf-8"))
