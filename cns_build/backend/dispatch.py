# SPDX-License-Identifier: Apache-2.0
"""Entries to the tables that dispatch signals by kind, and the model that names all tables."""

from __future__ import annotations

from collections.abc import Collection

from cns_build.backend.ctext import numbers, table
from cns_build.backend.map import fingerprint
from cns_build.backend.perfect_hash import PerfectHash, build
from cns_build.backend.types import Names
from cns_build.ir.program import Entry, Program
from cns_build.options import Options

# Up to so many sparse kinds a switch is smaller than a table; compilers make it a binary search.
MAX_CASES = 16


def dispatch(program: Program, options: Options) -> list[str]:
    """Return handler adapters, the tables of dense and of sparse kinds, and the model."""
    names = Names(program.name)
    handlers = {e.kind: _handler(names, e, options) for e in program.entries}
    handlers |= dict.fromkeys(options.unchecked.values(), "cns_handle_unchecked")
    dense = _dense_size(handlers)
    sparse = {kind: handler for kind, handler in sorted(handlers.items()) if kind >= dense}
    parts = [
        _adapter(names, e, options)
        for e in program.entries
        if options.runs_images or not e.zero_tick
    ]
    if dense:
        parts.append(_dense_table(names, handlers, dense))
    if sparse:
        parts += sparse_kinds(names, sparse)
    parts.append(_model(program, options, dense, bool(sparse)))
    return parts


def _handler(names: Names, entry: Entry, options: Options) -> str:
    if entry.zero_tick and not options.runs_images:
        return "cns_handle_nothing"
    return f"{names.record(entry.record)}_handle"


def _dense_size(handlers: dict[int, str]) -> int:
    """Return how many kinds from 0 a table may hold: at least half of its rows are used."""
    size = 0
    for used, kind in enumerate(sorted(handlers), 1):
        if kind + 1 <= 2 * used:
            size = kind + 1
    return size


def _adapter(names: Names, entry: Entry, options: Options) -> str:
    """Return the handler of a kind: what runs the image behind the result, or native code."""
    name = names.record(entry.record)
    image = f"cns_image_run({names.layout(entry.record)}, record, result)"
    native = f"{name}_validate((const {name} *)record, result)"
    if entry.zero_tick:
        native = "cns_handle_nothing(record, result)"
    if options.runs_native and options.runs_images:
        body = (
            f"    if (result->model != NULL && result->model->image != NULL) {{\n"
            f"        return {image};\n    }}\n    return {native};\n"
        )
    else:
        body = f"    return {native if options.runs_native else image};\n"
    return (
        f"static cns_status\n{name}_handle(const void *record, cns_result *result)\n{{\n{body}}}\n"
    )


def _dense_table(names: Names, handlers: dict[int, str], size: int) -> str:
    rows = "".join(f"    {handlers.get(kind, 'NULL')},\n" for kind in range(size))
    return f"static const cns_handler {names.model}_handlers[] = {{\n{rows}}};\n"


def sparse_kinds(names: Names, sparse: dict[int, str]) -> list[str]:
    """Return the function that finds the handler of a sparse kind, behind the tables it reads."""
    switched = len(sparse) <= MAX_CASES or _in_a_row(sparse)
    hashed = None if switched else build(sparse)
    return [switch(names, sparse)] if hashed is None else lookup(names, sparse, hashed)


def _in_a_row(kinds: Collection[int]) -> bool:
    """Whether a range from somewhere is at least half used: compilers make it a plain table."""
    return max(kinds) - min(kinds) + 1 <= 2 * len(kinds)


def switch(names: Names, sparse: dict[int, str]) -> str:
    """Return the function as a switch."""
    cases = "".join(
        f"    case {kind}u:\n        return {handler};\n" for kind, handler in sparse.items()
    )
    return (
        f"static cns_handler\n{names.model}_find(uint32_t kind)\n{{\n    switch (kind) {{\n"
        f"{cases}    default:\n        return NULL;\n    }}\n}}\n"
    )


def lookup(names: Names, sparse: dict[int, str], hashed: PerfectHash) -> list[str]:
    """Return pilots, slots, and the function that looks into one slot."""
    name = names.model
    rows = [
        "{ 0u, NULL }" if kind is None else f"{{ {kind}u, {sparse[kind]} }}"
        for kind in hashed.slots
    ]
    return [
        f"/* {len(sparse)} kinds: the pilot of its bucket leads a kind to a slot of its own. */\n"
        f"static const uint8_t {name}_pilots[] = {{\n{numbers(hashed.pilots)}}};\n",
        table(
            f"static const struct {{ uint32_t kind; cns_handler handler; }} {name}_kinds[]", rows
        ),
        f"static cns_handler\n{name}_find(uint32_t kind)\n{{\n"
        f"{slot_of('kind', hashed, f'{name}_pilots')}"
        f"    return {name}_kinds[slot].kind == kind ? {name}_kinds[slot].handler : NULL;\n}}\n",
    ]


def slot_of(key: str, hashed: PerfectHash, pilots: str) -> str:
    """Return statements that define `slot`, which is where `key` is if it is anywhere."""
    return (
        f"    uint32_t hash = {key} * {hashed.multiplier:#010x}u;\n"
        f"    hash ^= hash >> 16;\n"
        f"    hash *= {hashed.multiplier:#010x}u + {pilots}[hash >> {32 - hashed.bits}];\n"
        f"    const uint32_t slot = (hash >> 16) * {len(hashed.slots)}u >> 16;\n"
    )


def _model(program: Program, options: Options, dense: int, sparse: bool) -> str:
    name = program.name
    reports = options.report != "conforms" and options.runs_native
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
