# SPDX-License-Identifier: Apache-2.0
"""The lines of a C function that is being written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cns_build import model as m
from cns_build.backend.cstring import c_paragraph
from cns_build.backend.ctext import broken, unwrap
from cns_build.ir.recursion import MAX_DEPTH

# Names of loop variables, by depth; shapes are nested at most MAX_DEPTH levels deep.
INDICES = ("i", "j", "k", *(f"i{n}" for n in range(3, MAX_DEPTH + 3)))


@dataclass(slots=True)
class Lines:
    """Lines of C, indented by depth, inside so many loops; `owner` is the shape of the last.

    `leave` ends the function; `parent` is the violation that the next ones explain, if any.
    """

    lines: list[str] = field(default_factory=list)
    depth: int = 0
    loops: int = 0
    owner: m.IRI | None = None
    names: frozenset[str] = frozenset({"record", "result", *INDICES})
    leave: str = "return CNS_OK;"
    parent: str = ""

    def local(self, name: str) -> str:
        """Return a name for a local variable that no outer block uses."""
        number = 1
        unique = name
        while unique in self.names:
            number += 1
            unique = f"{name}_{number}"
        self.names |= {unique}
        return unique

    def add(self, text: str) -> None:
        """Add lines at the present depth."""
        self.lines += [f"{'    ' * self.depth}{line}" for line in text.split("\n")]

    def drop_unused(self, start: int) -> None:
        """Remove the variable that is declared at a line, if no line after it uses it."""
        if start < 0:
            return
        name = self.lines[start].partition(" =")[0].split()[-1]
        later = (re.sub(r"(->|\.)\w+", "", line) for line in self.lines[start + 1 :])
        code = (line for line in later if not line.lstrip().startswith(("/*", "*")))
        if not any(re.search(rf"\b{name}\b", line) for line in code):
            del self.lines[start]

    def comment(self, text: str) -> None:
        """Add a comment, as many lines as it takes."""
        self.lines += c_paragraph(text, "    " * self.depth)

    def open(self, text: str) -> None:
        """Add a line that opens a block; what follows is inside."""
        self.add(text)
        self.depth += 1

    def branch(self, condition: str) -> None:
        """Open an `if`, its condition broken at operators where the line would be long."""
        width = 92 - 4 * self.depth
        self.open(f"if ({broken(unwrap(condition), width, '    ')}) {{")

    def close(self) -> None:
        """End the innermost block."""
        self.depth -= 1
        self.add("}")

    def text(self) -> str:
        """Return all lines."""
        return "".join(f"{line}\n" for line in self.lines)
