# SPDX-License-Identifier: Apache-2.0
"""Text that is no UTF-8: a bad record, unless the build trusts text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.runtime import toolchain

SHAPES = """\
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S a sh:NodeShape ; sh:targetClass ex:C ;
    sh:property [ sh:path ex:p ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] .
"""
MAIN = """\
#include "m.h"
int
main(void) {
    static const m_c record = {.has = M_C_HAS_P, .p = CNS_STR("a\\xC3")};
    cns_result result;
    cns_result_init(&result, NULL, 0);
    return (int)m_c_validate(&record, &result);
}
"""


@pytest.mark.parametrize(("option", "status"), [([], 3), (["--trust-text"], 0)])
def test_what_is_no_utf8(option: list[str], status: int, tmp_path: Path) -> None:
    (tmp_path / "s.ttl").write_text(SHAPES)
    outputs = [str(tmp_path / "m.c"), str(tmp_path / "m.h")]
    command = [sys.executable, "-m", "cns_build", "compile", *option, "--name", "m"]
    command += ["--shapes", str(tmp_path / "s.ttl"), "-o", *outputs]
    subprocess.run(command, cwd=ROOT, check=True)
    program = tmp_path / "main"
    files = [tmp_path / "m.c", *toolchain.CORE]
    flags = [*toolchain.C11, f"-I{tmp_path}", *files]
    (tmp_path / "main.c").write_text(MAIN)
    toolchain.compile_c("gcc", *flags, tmp_path / "main.c", output=program)
    assert subprocess.run([program]).returncode == status
