# SPDX-License-Identifier: Apache-2.0
"""A second of the fuzzer of images, and that it finds what is planted."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.fuzz import fuzz_image
from tests.paths import RUNTIME
from tests.runtime import toolchain

MOST_SECONDS = 60  # for a fault that is planted: the run ends with the first one

# By name: a file, what is right in it, and what is wrong.
FAULTS = {
    "length": ("verify_data.c", "count <= length - offset", "count <= length"),
    "register": (
        "verify.c",
        "return number < v->function.registers ?",
        "return number < 255 ?",
    ),
    "jump": ("verify.c", "skip >= left ||", "skip >= left + 64 ||"),
    "branch": ("verify.c", "if (known->since >= earliest)", "if (known->since > earliest + 8u)"),
    "rounds": ("verify.c", "cns_steps_times(v->times, v->facts[cursor].rounds)", "v->times"),
    "reports": ("verify.c", "type_in(v, value) == type", "type != CNS_TYPE_ABSENT"),
    "cursor": (
        "vm.c",
        "cursor->n.of.count - cursor->n.of.index <= 1",
        "cursor->n.of.count <= cursor->n.of.index",
    ),
    "call": ("vm.c", "return called.registers <= (", "return called.registers <= 1 + ("),
    "policy": ("vm.c", "image->report != CNS_REPORT_FIRST", "image->report != CNS_REPORT_ALL"),
    "ranges": ("vm.c", "found << required", "found"),
    "decided": ("verify.c", "& 0xFFu) == CNS_OP_REPORT, REPORTS", "& 0xFFu) != 0, REPORTS"),
    "second": ("verify.c", "DEMAND(!CNS_CHECKS_SECOND(word) ||", "DEMAND(true ||"),
    "text": ("operands.c", "*(const uint16_t *)place.at};", "*(const uint16_t *)place.at + 1u};"),
    "calls": ("optimize_rules.c", " && cns_base_of(word) != CNS_OP_CALL;", ";"),
    "types": ("optimize_flow.c", "cns_reads(word) | held->set;", "cns_reads(word);"),
    "joins": ("optimize_facts.c", "forget_findings(known, 0, at - back);", ""),
    "loops": ("optimize_facts.c", "forget_findings(known, written & ~CNS_FLAG, UINT32_MAX);", ""),
    "negation": ("optimize_rules.c", "second ^ CNS_OP_JUMP_IF ^ CNS_OP_JUMP_UNLESS", "second"),
}
QUICK = ("register", "rounds", "cursor", "text", "calls", "joins")
OTHERS = [pytest.param(name, marks=pytest.mark.slow) for name in FAULTS if name not in QUICK]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The objects of the fuzzer and of the runtime as it is."""
    folder = tmp_path_factory.mktemp("objects")
    # Without libraries for its sanitizers clang has no libFuzzer either.
    toolchain.need_sanitizers("clang", folder)
    with ThreadPoolExecutor() as pool:
        compile_ = partial(fuzz_image.compile_source, folder=folder)
        list(pool.map(compile_, [fuzz_image.SOURCE, *toolchain.CORE]))
    return folder


def test_a_second_finds_nothing(objects: Path, tmp_path: Path) -> None:
    program = fuzz_image.link(objects, tmp_path)
    counts = fuzz_image.fuzz(program, fuzz_image.seeds(tmp_path), 1, seed=1)
    assert counts.tried > len(fuzz_image.TEXTS)
    assert counts.accepted > counts.tried / 10, "few images are accepted: little is run"
    assert counts.run > counts.accepted


@pytest.mark.parametrize("name", [*QUICK, *OTHERS])
def test_the_fuzzer_finds_a_fault(name: str, objects: Path, tmp_path: Path) -> None:
    file, good, bad = FAULTS[name]
    sources, patched = tmp_path / "sources", tmp_path / "patched"
    shutil.copytree(RUNTIME, sources, ignore=shutil.ignore_patterns("host"))
    shutil.copytree(objects, patched)
    text = (sources / file).read_text()
    assert text.count(good) == 1
    (sources / file).write_text(text.replace(good, bad))
    fuzz_image.compile_source(sources / file, patched)
    program = fuzz_image.link(patched, tmp_path)
    with pytest.raises(AssertionError, match=r"Sanitizer|libFuzzer: deadly signal"):
        fuzz_image.fuzz(program, fuzz_image.seeds(tmp_path), MOST_SECONDS, seed=1)
