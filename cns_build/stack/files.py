# SPDX-License-Identifier: Apache-2.0
"""Objects and the call graphs beside them, read from files."""

from __future__ import annotations

from pathlib import Path

from cns_build.diagnostics import CompileError, Diagnostic, Position
from cns_build.stack import callgraph, elf
from cns_build.stack.program import Unit

_AGAIN = "compile it again"


def read_units(objects: list[str]) -> list[Unit]:
    """Return what the objects and their call graphs say. Raises CompileError, OSError."""
    return [_read_unit(Path(name)) for name in dict.fromkeys(objects)]


def _read_unit(path: Path) -> Unit:
    graph_path = path.with_suffix(".ci")
    content = path.read_bytes()
    if not graph_path.exists():
        raise CompileError(
            Diagnostic(
                f"no call graph {graph_path.name} lies beside it",
                Position(str(path)),
                "compile with gcc 11 or later and -fcallgraph-info=su, without -flto; compiler "
                "caches do not keep it: CCACHE_DISABLE=1",
            )
        )
    try:
        return Unit(str(path), _read_graph(graph_path), elf.read(content))
    except callgraph.BrokenFile as error:
        raise CompileError(Diagnostic(f"{error}", Position(str(path)), _AGAIN)) from error


def _read_graph(path: Path) -> callgraph.CallGraph:
    text = path.read_bytes().decode("utf-8", "backslashreplace")
    try:
        return callgraph.parse(text)
    except callgraph.BrokenFile as error:
        raise CompileError(Diagnostic(f"{error}", Position(str(path)), _AGAIN)) from error
