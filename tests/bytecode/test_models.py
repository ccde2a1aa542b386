# SPDX-License-Identifier: Apache-2.0
"""Models that run images, in C: one that has only bytecode, and one with both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from cns_build.bytecode.image import from_words, to_image_words
from cns_build.cli import main
from tests.paths import ROOT
from tests.runtime import toolchain

SHAPES = ROOT / "examples" / "thermostat" / "thermostat.shacl"
MAIN = r"""
#include <stdio.h>
#include <string.h>
#include "thermostat.h"

static cns_register registers[THERMOSTAT_IMAGE_REGISTERS];
static uint16_t scratch[THERMOSTAT_IMAGE_SCRATCH];
static cns_violation storage[16];

static void
ask(const cns_model *model, uint32_t kind, const void *record) {
    cns_signal signal = {record, 0, kind, 7, 0};
    cns_result result;
    cns_result_init(&result, storage, 16);
    cns_status status = cns_dispatch(model, &signal, &result);
    printf("%s, %s", cns_status_text(status), result.conforms ? "conforms" : "does not");
    for (int i = 0; i < result.count; i++) {
        char line[200];
        cns_violation_format(model, &storage[i], line, sizeof line);
        printf("; %s", line);
    }
    puts("");
}

int
main(void) {
    cns_image image;
    cns_fault fault;
    cns_limits limits = {registers, THERMOSTAT_IMAGE_REGISTERS, 0};
    thermostat_reading reading = THERMOSTAT_READING_INIT;
    ask(&thermostat_model, THERMOSTAT_KIND_READING, &reading);
    cns_status status =
        cns_image_load(&image, &thermostat_layout, thermostat_image, THERMOSTAT_IMAGE_WORDS,
                       &limits, scratch, THERMOSTAT_IMAGE_SCRATCH, &fault);
    printf("%s: %s\n", cns_status_text(status), cns_reason_text(fault.reason));
    ask(&image.model, THERMOSTAT_KIND_READING, &reading);
    limits.register_count--;
    status = cns_image_load(&image, &thermostat_layout, thermostat_image, THERMOSTAT_IMAGE_WORDS,
                            &limits, scratch, THERMOSTAT_IMAGE_SCRATCH, &fault);
    printf("%s: %s\n", cns_status_text(status), cns_reason_text(fault.reason));
    ask(&image.model, THERMOSTAT_KIND_READING, &reading);
    ask(&image.model, 99, &reading);
    return 0;
}
"""


def build(folder: Path, *options: str) -> list[str]:
    """Compile and run the program above; return the lines that it prints."""
    outputs = ["-o", str(folder / "thermostat.c"), str(folder / "thermostat.h")]
    given = ["--shapes", str(SHAPES), "--name", "thermostat", *options]
    assert main(["compile", *given, *outputs]) == 0
    (folder / "main.c").write_text(MAIN)
    files = [folder / "main.c", folder / "thermostat.c", *toolchain.CORE]
    flags = [*toolchain.C11, *toolchain.SANITIZERS, f"-I{folder}"]
    toolchain.need_sanitizers("gcc", folder)
    toolchain.compile_c("gcc", *flags, *files, output=folder / "program")
    return toolchain.run_program(folder / "program").splitlines()


def test_a_model_of_bytecode_answers_through_its_image(tmp_path: Path) -> None:
    before, loaded, answer, refused, again, unknown = build(tmp_path, "--engine", "bytecode")
    assert before == "no image is loaded, or it is refused, does not"
    assert loaded == "done: accepted"
    assert answer.startswith("done, does not; violation: sosa:")
    assert "[sh:minCount in home:" in answer
    assert refused == (
        "no image is loaded, or it is refused: it needs more registers than there are"
    )
    assert again == answer  # a refused image leaves the one that is loaded as it is
    assert unknown == "no handler for this kind, does not"


def test_a_model_with_both_engines_says_the_same_in_both(tmp_path: Path) -> None:
    native, _, image, *_ = build(tmp_path, "--engine", "both")
    assert native == image
    assert "[sh:minCount in home:" in native


def test_a_tick_budget_holds_for_images(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--shapes", str(SHAPES), "--name", "thermostat"]
    target = tmp_path / "thermostat.cnsi"
    assert main(["compile", *given, "--image", str(target)]) == 0
    most = from_words(to_image_words(target.read_bytes())).steps_of(1)
    target.unlink()
    assert main(["compile", *given, "--image", str(target), "--tick-budget", str(most - 1)]) == 1
    said = capsys.readouterr().err
    assert (
        f"record reading can take {most} steps in its image, more than the tick budget of" in said
    )
    assert "sh:class of sosa:madeBySensor in home:ReadingShape takes" in said
    assert not target.exists()
    assert main(["compile", *given, "--image", str(target), "--tick-budget", str(most)]) == 0
    assert target.stat().st_size % 4 == 0


def test_images_need_what_can_run_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--shapes", str(SHAPES), "--name", "thermostat", "-o", str(tmp_path / "t.c")]
    given += [str(tmp_path / "t.h"), "--image", str(tmp_path / "t.cnsi")]
    assert main(["compile", *given]) == 2
    assert "pass --engine bytecode or --engine both" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
