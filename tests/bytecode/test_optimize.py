# SPDX-License-Identifier: Apache-2.0
"""The optimizer: what each rule makes of code, and that random code reports the same as before.

A golden case is a file in optimized/ with the code before, after, and the words that each rule
takes away; `--update-golden` writes what comes out.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from cns_build.bytecode import text
from cns_build.bytecode.image import Image
from tests.bytecode import random_code, things
from tests.bytecode.abstract_machine import Machine
from tests.runtime import toolchain

CASES = sorted((Path(__file__).resolve().parent / "optimized").glob("*.txt"))
SEEDS = range(120)
RECORDS = range(8)


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The driver and the runtime under the sanitizers."""
    return things.build_optimizer(tmp_path_factory.mktemp("optimize"))


@pytest.fixture(scope="session")
def random_images() -> list[Image]:
    """Images of random code; what has a jump that is too far for FIELD is left out."""
    images = []
    for seed in SEEDS:
        with contextlib.suppress(ValueError):
            images.append(things.image_of(random_code.random_codes(seed)))
    assert len(images) > 0.9 * len(SEEDS)
    return images


@pytest.fixture(scope="session")
def outcomes(
    driver: Path, random_images: list[Image], tmp_path_factory: pytest.TempPathFactory
) -> list[things.Outcome]:
    """What becomes of the random images."""
    return things.optimize(driver, random_images, tmp_path_factory.mktemp("random"))


def image_in(outcome: things.Outcome) -> Image:
    assert outcome.image is not None, outcome.verdict
    return outcome.image


def parts_of(case: str) -> dict[str, str]:
    """Return the sections of a golden case by name, and what is in front of them."""
    head, *sections = case.split("\n[")
    named = dict(section.split("]\n", 1) for section in sections)
    return {"head": head} | named


def code_of(image: Image) -> str:
    return "".join(f"{line}\n" for line in text.code_lines(image.functions[0].code, ""))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_golden(path: Path, driver: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    parts = parts_of(path.read_text())
    before = text.assemble(parts["before"])
    outcome = things.optimize(driver, [things.image_of([before])], tmp_path)[0]
    removed = " ".join(f"{name} {n}" for name, n in sorted((outcome.removed or {}).items()))
    parts["after"] = code_of(image_in(outcome))
    parts["removed"] = f"{removed}\n"
    made = parts["head"] + "".join(f"\n[{k}]\n{v}" for k, v in parts.items() if k != "head")
    if request.config.getoption("--update-golden"):
        path.write_text(made)
    assert made == path.read_text()


def test_each_rule_has_a_case() -> None:
    removed = [parts_of(path.read_text())["removed"].split()[::2] for path in CASES]
    assert {name for names in removed for name in names} == set(things.RULES)


def traces(image: Image) -> Sequence[Machine]:
    machines = [Machine(image, record) for record in RECORDS]
    for machine in machines:
        machine.run()
    return machines


def test_random_code_reports_the_same_in_no_more_steps(
    random_images: list[Image], outcomes: list[things.Outcome]
) -> None:
    reports = saved = 0
    for before, outcome in zip(random_images, outcomes, strict=True):
        for old, new in zip(traces(before), traces(image_in(outcome)), strict=True):
            assert new.trace == old.trace
            assert new.steps <= old.steps
            assert new.steps <= image_in(outcome).functions[0].steps
            reports += len(old.trace)
            saved += old.steps - new.steps
    assert reports > len(SEEDS)
    assert saved > 0


def test_random_code_is_accepted_and_stays_as_it_is(outcomes: list[things.Outcome]) -> None:
    assert {outcome.verdict for outcome in outcomes} == {"ACCEPTED"}
    assert all(outcome.stable for outcome in outcomes)


def test_counts_add_up(outcomes: list[things.Outcome]) -> None:
    total: Counter[str] = Counter()
    for outcome in outcomes:
        removed = outcome.removed or {}
        assert sum(removed.values()) == outcome.before - outcome.after
        assert image_in(outcome).code_words == outcome.after
        total.update(removed)
    assert set(total) == set(things.RULES)


def test_stated_steps_are_the_fewest(
    driver: Path, outcomes: list[things.Outcome], tmp_path: Path
) -> None:
    images = [image_in(outcome) for outcome in outcomes]
    less = []
    for image in images:
        first, *others = image.functions
        less.append(replace(image, functions=(replace(first, steps=first.steps - 1), *others)))
    refused = things.optimize(driver, less, tmp_path)
    assert {outcome.verdict for outcome in refused} == {"STEPS"}


def test_all_but_code_stays(random_images: list[Image], outcomes: list[things.Outcome]) -> None:
    for before, outcome in zip(random_images, outcomes, strict=True):
        functions = [
            replace(new, code=old.code, steps=old.steps)
            for old, new in zip(before.functions, image_in(outcome).functions, strict=True)
        ]
        assert replace(image_in(outcome), functions=tuple(functions)) == before


def test_a_flag_that_a_caller_reads_is_returned(driver: Path, tmp_path: Path) -> None:
    caller = "OPEN r1 r0 4\nJUMP_UNLESS E\nH: FOLLOW r2 r1\nCALL r2 1\nJUMP_IF A\n"
    caller += "REPORT r2 r0 #4\nA: NEXT r1 H\nE: RETURN"
    reads = text.assemble(caller)
    ignores = text.assemble(caller.replace("JUMP_IF A\n", "KIND r2 1\nJUMP_IF A\n"))
    callee = text.assemble("HAS r0 0\nJUMP_IF A\nREPORT - r0 #5\nA: RETURN")
    images = [things.image_of([code, callee]) for code in (reads, ignores)]
    read, ignored = things.optimize(driver, images, tmp_path)
    assert image_in(read).functions[1].code == callee
    assert image_in(ignored).functions[1].code == text.assemble(
        "HAS.unless r0 0\nREPORT - r0 #5\nRETURN"
    )


def test_recursive_functions_return_what_is_read(driver: Path, tmp_path: Path) -> None:
    caller = text.assemble("OPEN r1 r0 4\nJUMP_UNLESS E\nFOLLOW r2 r1\nCALL r2 1\nE: RETURN")
    circle = "VALUE r1 r0 1\nFOLLOW r1 r1\nCALL r1 1\nJUMP_IF A\nREPORT - r0 #5\nA: RETURN"
    image = things.image_of([caller, text.assemble(circle)], back_calls=3)
    outcome = things.optimize(driver, [image], tmp_path)[0]
    assert image_in(outcome).functions[1].code == text.assemble(circle)
    assert outcome.stable


def test_a_flag_is_read_through_calls_that_lead_back(driver: Path, tmp_path: Path) -> None:
    caller = "VALUE r1 r0 2\nFOLLOW r1 r1\nCALL r1 2\nJUMP_IF A\nREPORT - r0 #5\nA: RETURN"
    codes = [caller, "CALL r0 3\nRETURN", "CALL r0 1\nRETURN"]
    codes.append("HAS r0 0\nJUMP_IF A\nREPORT - r0 #5\nA: RETURN")
    image = things.image_of([text.assemble(code) for code in codes], back_calls=3)
    outcome = things.optimize(driver, [image], tmp_path)[0]
    assert image_in(outcome).functions[3].code == text.assemble(codes[3])


# What one word after the other is needless for, as a beginning and what is repeated behind it.
CHAINS = {
    "places": ("VALUE r1 r0 2\nFOLLOW r1 r1\n", "VALUE r1 r1 1\nFOLLOW r1 r1\n"),
    "numbers": ("ZERO r1\n", "COUNT r1\n"),
    "jumps": ("VALUE r1 r0 0\n", "WITHIN r1 {n}\nJUMP_IF E\nKIND r0 {n}\nJUMP_IF E\n"),
    "fields": ("", "HAS r0 0\nJUMP_IF E\nFIELD r0 0 E\nOPEN.unless r1 r0 3\nNOP\n"),
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_round_takes_away_all_that_becomes_dead(name: str, driver: Path, tmp_path: Path) -> None:
    first, repeated = CHAINS[name]
    code = first + "".join(repeated.format(n=n % 7) for n in range(30))
    image = things.image_of([text.assemble(f"{code}E: REPORT - r0 #5\nRETURN")])
    outcome = things.optimize(driver, [image], tmp_path)[0]
    assert image_in(outcome).functions[0].code == text.assemble("REPORT - r0 #5\nRETURN")
    assert outcome.rounds <= 3


def test_optimizing_on_a_big_endian_machine(
    random_images: list[Image], outcomes: list[things.Outcome], tmp_path: Path
) -> None:
    emulator = toolchain.need("qemu-s390x")
    program = tmp_path / "optimize"
    flags = [*toolchain.C11, "-O2", "-static", things.DRIVER, *toolchain.CORE]
    toolchain.compile_c("s390x-linux-gnu-gcc", *flags, output=program)
    made = things.optimize(program, random_images[:20], tmp_path, emulator)
    assert made == outcomes[:20]
