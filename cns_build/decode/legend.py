# SPDX-License-Identifier: Apache-2.0
"""What the numbers in an image stand for, by the map of its model."""

from __future__ import annotations

from typing import Any

from cns_build.bytecode.legend import Legend, check_text, legend_for
from cns_build.decode.firmware import firmware_in
from cns_build.decode.map import member, prefixes_in


def legend_in(content: Any) -> Legend:
    """Return the legend that a map holds. Raises ValueError where it holds none."""
    if isinstance(content, dict) and "image" not in content:
        raise ValueError("it explains no image: the model has the native engine alone")
    part = member(content, "image", dict)
    patterns = member(part, "patterns", dict)
    return legend_for(
        firmware_in(content),
        prefixes_in(member(content, "prefixes", dict)),
        checks=tuple(_check(each) for each in member(content, "checks", list)),
        functions=tuple(map(str, member(part, "functions", list))),
        patterns={int(key, 16): str(text) for key, text in patterns.items()},
    )


def _check(content: Any) -> str:
    path = content.get("path") if isinstance(content, dict) else None
    return check_text(member(content, "component", str), str(path or ""))
