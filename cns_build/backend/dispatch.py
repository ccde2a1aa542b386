# SPDX-License-Identifier: Apache-2.0
"""Entries to the tables that dispatch signals by kind, and the model that names all tables."""

from __future__ import annotations

from cns_build.backend.map import fingerprint
from cns_build.backend.types import Names
from cns_build.ir.program import Program
from cns_build.options import Options


def dispatch(program: Program, options: Options) -> list[str]:
    """Return handler adapters, the dense table, the switch for sparse kinds, and the model."""
    names = Names(program.name)
    handlers = {e.kind: _handler(names, e.record, e.zero_tick) for e in program.entries}
    handlers |= dict.fromkeys(options.unchecked.values(), "cns_handle_unchecked")
    dense = _dense_size(handlers)
    sparse = {kind: handler for kind, handler in sorted(handlers.items()) if kind >= dense}
    parts = [_adapter(names, e.record) for e in program.entries if not e.zero_tick]
    if dense:
        parts.append(_dense_table(names, handlers, dense))
    if sparse:
        parts.append(_switch(names, sparse))
    parts.append(_model(program, options, dense, bool(sparse)))
    return parts


def _handler(names: Names, record: str, zero_tick: bool) -> str:
    return "cns_handle_nothing" if zero_tick else f"{names.record(record)}_handle"


def _dense_size(handlers: dict[int, str]) -> int:
    """Return how many kinds from 0 a table may hold: at least half of its rows are used."""
    size = 0
    for used, kind in enumerate(sorted(handlers), 1):
        if kind + 1 <= 2 * used:
            size = kind + 1
    return size


def _adapter(names: Names, record: str) -> str:
    name = names.record(record)
    return (
        f"static cns_status\n{name}_handle(const void *record, cns_result *result)\n{{\n"
        f"    return {name}_validate((const {name} *)record, result);\n}}\n"
    )


def _dense_table(names: Names, handlers: dict[int, str], size: int) -> str:
    rows = "".join(f"    {handlers.get(kind, 'NULL')},\n" for kind in range(size))
    return f"static const cns_handler {names.model}_handlers[] = {{\n{rows}}};\n"


def _switch(names: Names, sparse: dict[int, str]) -> str:
    cases = "".join(
        f"    case {kind}u:\n        return {handler};\n" for kind, handler in sparse.items()
    )
    return (
        f"static cns_handler\n{names.model}_find(uint32_t kind)\n{{\n    switch (kind) {{\n"
        f"{cases}    default:\n        return NULL;\n    }}\n}}\n"
    )


def _model(program: Program, options: Options, dense: int, sparse: bool) -> str:
    name = program.name
    reports = options.report != "conforms"
    full = reports and options.strings == "full"
    checks = len(program.checks) if reports else 0
    members = {
        "name": f'"{name}"',
        "checks": f"{name}_checks" if checks else "NULL",
        "texts": f"{name}_texts" if full and checks else "NULL",
        "types": f"{name}_types" if reports else "NULL",
        "terms": f"{name}_terms" if options.names_terms and program.terms else "NULL",
        "check_count": f"{checks}",
        "type_count": f"sizeof {name}_types / sizeof {name}_types[0]" if reports else "0",
        "term_count": f"{len(program.terms)}",
        "handlers": f"{name}_handlers" if dense else "NULL",
        "handler_count": f"{dense}",
        "find": f"{name}_find" if sparse else "NULL",
        "fingerprint": f"0x{fingerprint(program, options):08x}u",
    }
    rows = "".join(f"    .{member} = {value},\n" for member, value in members.items())
    return f"const cns_model {name}_model = {{\n{rows}}};\n"
