# SPDX-License-Identifier: Apache-2.0
"""Signals to handlers, in generated C: dense kinds, few and many sparse ones, and no others."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cns_build.backend.dispatch import MAX_CASES, dispatch
from cns_build.options import Options
from tests.compiling import compile_text
from tests.qemu.machine import MACHINES, Machine, available
from tests.runtime import toolchain

# Records r0, r1, …: each has a level, and conforms when that is its own number.
RECORDS = 8
SHAPES = "".join(
    f"ex:S{i} a sh:NodeShape ; sh:targetClass ex:R{i} ; sh:property [ sh:path ex:level ; "
    f"sh:datatype xsd:int ; sh:maxCount 1 ; sh:minInclusive {i} ; sh:maxInclusive {i} ] .\n"
    for i in range(RECORDS)
)
# A record with nothing to check.
SHAPES += (
    "ex:IdleShape a sh:NodeShape ; sh:targetClass ex:Idle ; "
    "sh:property [ sh:path ex:level ; sh:datatype xsd:int ; sh:maxCount 1 ] .\n"
)
NAMED = RECORDS + 1

# Reads a queue in batches, of which the last may be shorter.
MAIN = """
#include "demo.h"
#include <stdio.h>

enum { BATCH = 8 };

%(records)s
static const struct row {
    uint32_t kind;
    const void *payload;
    cns_status status;
    bool conforms;
    uint32_t steps;
} rows[] = {
%(rows)s};
static const size_t row_count = sizeof rows / sizeof *rows;

static cns_violation found[BATCH][1];
static cns_result results[BATCH];

static bool
is_answer(const cns_result *result, const struct row *row)
{
    bool violated = row->status == CNS_OK && !row->conforms;
    return result->status == row->status && result->conforms == row->conforms
        && result->steps == row->steps && result->count == (violated ? 1 : 0)
        && result->signal_id == (uint32_t)(row - rows)
        && (!violated || result->violations[0].focus == row->payload);
}

int
main(void)
{
    int failures = 0;
    cns_signal queue[BATCH];
    for (uint32_t i = 0; i < BATCH; i++)
        cns_result_init(&results[i], found[i], 1);
    for (size_t first = 0; first < row_count; first += BATCH) {
        size_t count = row_count - first < BATCH ? row_count - first : BATCH;
        size_t conforming = 0;
        for (size_t i = 0; i < count; i++) {
            const struct row *row = &rows[first + i];
            queue[i] = (cns_signal){
                .payload = row->payload, .kind = row->kind, .id = (uint32_t)(first + i)};
            conforming += row->conforms;
        }
        failures += cns_dispatch_batch(&demo_model, queue, results, count) != conforming;
        for (size_t i = 0; i < count; i++) {
            if (!is_answer(&results[i], &rows[first + i])) {
                printf("row %%u is wrong\\n", (unsigned)(first + i));
                failures++;
            }
        }
    }
    return failures != 0;
}
"""

source = random.Random(20)
SETS = {
    "as many as a switch takes": source.sample(range(1000, 2**29), MAX_CASES),
    "one more": source.sample(range(1000, 2**29), MAX_CASES + 1),
    "dense and many sparse": [*range(20), *source.sample(range(1000, 2**29), 40)],
    "dense and few sparse": [*range(20), *source.sample(range(1000, 2**29), 3)],
    "identifiers of CAN": source.sample(range(1000, 2**11), 100),
    "hashes": source.sample(range(2**32), 500),
    "a row, half of it used: a switch": list(range(1000, 1200, 2)),
    "a row, less of it used": list(range(1000, 1300, 3)),
    "two rows": [*range(2**31, 2**31 + 50), *range(2**32 - 50, 2**32)],
    "multiples": [i << 24 for i in range(1, 200)],
}
HASHED = [name for name in SETS if "switch" not in name and "few" not in name]


def generate(folder: Path, numbers: list[int]) -> str:
    """Write a model whose records and unchecked kinds have these numbers; return its source."""
    names = [*(f"r{i}" for i in range(RECORDS)), "idle"]
    unchecked = {f"beat{i}": number for i, number in enumerate(numbers[NAMED:])}
    kinds = dict(zip(names, numbers[:NAMED], strict=True))
    c_text, header = compile_text(folder, SHAPES, kinds=kinds, unchecked=unchecked).generate()
    (folder / "demo.c").write_text(c_text)
    (folder / "demo.h").write_text(header)
    return c_text


def write_main(folder: Path, numbers: list[int]) -> None:
    """Write a program that sends signals of all these kinds, and of others near them."""
    records, rows = [], []
    for i, kind in enumerate(numbers[:RECORDS]):
        flag = f"DEMO_R{i}_HAS_LEVEL"
        records.append(
            f"static const demo_r{i} right{i} = {{{flag}, {i}}}, wrong{i} = {{{flag}, -1}};"
        )
        rows.append(f"{{{kind}u, &right{i}, CNS_OK, true, DEMO_R{i}_STEPS}}")
        rows.append(f"{{{kind}u, &wrong{i}, CNS_OK, false, DEMO_R{i}_STEPS}}")
        rows.append(f"{{{kind}u, NULL, CNS_BAD_ARGUMENT, false, 0}}")
    rows.append(f"{{{numbers[RECORDS]}u, &wrong0, CNS_OK, true, 0}}")
    for kind in numbers[NAMED:]:
        rows.append(f"{{{kind}u, NULL, CNS_NOT_CHECKED, false, 0}}")
        rows.append(f"{{{kind}u, &right0, CNS_NOT_CHECKED, false, 0}}")
    rows += [f"{{{kind}u, &right0, CNS_UNKNOWN_KIND, false, 0}}" for kind in others(numbers)]
    random.Random(1).shuffle(rows)
    text = "".join(f"    {row},\n" for row in rows)
    (folder / "main.c").write_text(MAIN % {"records": "\n".join(records), "rows": text})


def others(numbers: list[int]) -> list[int]:
    """Return numbers that are no kinds: extremes, neighbours, and those with one other bit."""
    near = {n + step for n in numbers for step in (-1, 1)}
    near |= {n ^ 1 << bit for n in numbers[:10] for bit in range(32)}
    return sorted(n for n in {0, 2**31, 2**32 - 1} | near if 0 <= n < 2**32 and n not in numbers)


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("name", SETS)
def test_each_kind_is_answered_by_its_handler(tmp_path: Path, name: str, compiler: str) -> None:
    toolchain.need_sanitizers(compiler, tmp_path)
    c_text = generate(tmp_path, SETS[name])
    assert ("demo_pilots" in c_text) == (name in HASHED)
    assert ("switch (kind)" in c_text) == (name not in HASHED)
    write_main(tmp_path, SETS[name])
    files = [tmp_path / "main.c", tmp_path / "demo.c", *toolchain.CORE]
    flags = [*toolchain.C11, *toolchain.SANITIZERS]
    toolchain.compile_c(compiler, *flags, *files, output=tmp_path / "program")
    toolchain.run_program(tmp_path / "program")


@pytest.mark.parametrize("name", MACHINES)
def test_kinds_are_found_on_a_small_processor(tmp_path: Path, name: str) -> None:
    if reason := available(name):
        pytest.skip(reason)
    numbers = SETS["identifiers of CAN"]
    generate(tmp_path, numbers)
    write_main(tmp_path, numbers)
    machine = Machine(name)
    files = [tmp_path / "main.c", tmp_path / "demo.c", *toolchain.CORE]
    image = machine.build(files, [tmp_path, toolchain.INCLUDE], tmp_path / "program")
    done = machine.run(image)
    assert (done.exit_code, done.output) == (0, "")


def test_the_order_of_the_numbers_does_not_matter(tmp_path: Path) -> None:
    model = compile_text(tmp_path, SHAPES)
    beats = {f"beat{number}": number for number in SETS["hashes"]}
    turned = dict(reversed(beats.items()))
    first = dispatch(model.compiled.program, Options("demo", unchecked=beats))
    assert first == dispatch(model.compiled.program, Options("demo", unchecked=turned))


def test_more_kinds_than_a_table_holds_are_a_switch(tmp_path: Path) -> None:
    model = compile_text(tmp_path, SHAPES)
    beats = {f"beat{i}": 2**20 + 3 * i for i in range(52429)}
    text = "".join(dispatch(model.compiled.program, Options("demo", unchecked=beats)))
    assert text.count("    case ") == len(beats)
    assert "demo_pilots" not in text
