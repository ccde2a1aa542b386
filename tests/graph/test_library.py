# SPDX-License-Identifier: Apache-2.0
"""The native engine in this process: what it finds, its cache, and what can be wrong with it."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cns_build.diagnostics import CompileError
from cns_build.graph.data import Source
from cns_build.graph.validator import Validator
from tests.compiling import PREFIXES
from tests.meson import SEARCH
from tests.paths import ROOT

SHAPES = """
ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ;
  sh:property [ sh:path ex:p ; sh:maxInclusive 5 ; sh:maxCount 1 ] .
"""
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"
DATA = "".join(
    f'<http://example.org/a> <http://example.org/p> "{number}"^^{INTEGER} .\n' for number in (4, 6)
)


pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def shapes(tmp_path: Path) -> str:
    file = tmp_path / "shapes.ttl"
    file.write_text(PREFIXES + SHAPES)
    return str(file)


def names_in(cache: Path, ending: str) -> list[str]:
    return sorted(file.name for file in cache.glob(f"*{ending}"))


def test_both_engines_find_the_same(shapes: str) -> None:
    data = [Source("data", DATA.encode(), False)]
    native = Validator.compile([shapes], engine="native")
    gc.collect()  # the library stays while its validator does
    found = native.validate(data).results
    assert found == Validator.compile([shapes]).validate(data).results
    assert len(found) == 2


def test_queries_are_asked_by_native_code_too(shapes: str) -> None:
    query = "SELECT $this ?value WHERE { $this ex:p ?value FILTER ( ?value > 5 ) }"
    declared = '[ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ]'
    constraint = f"[ sh:prefixes [ sh:declare {declared} ] ; sh:select '{query}' ]"
    Path(shapes).write_text(f"{PREFIXES}{SHAPES}ex:S sh:sparql {constraint} .")
    data = [Source("data", DATA.encode(), False)]
    found = Validator.compile([shapes], engine="native").validate(data).results
    assert found == Validator.compile([shapes]).validate(data).results
    assert len(found) == 3


def test_libraries_are_made_once(
    shapes: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Validator.compile([shapes], engine="native")
    made = names_in(cache, ".so")
    assert len(made) == 1
    assert len(names_in(cache, ".o")) == 1
    monkeypatch.setattr(subprocess, "run", None)  # nothing is compiled again
    Validator.compile([shapes], engine="native")
    assert names_in(cache, ".so") == made


def test_other_shapes_share_the_runtime(shapes: str, cache: Path) -> None:
    Validator.compile([shapes], engine="native")
    Path(shapes).write_text(PREFIXES + SHAPES.replace("5", "7"))
    validator = Validator.compile([shapes], engine="native")
    assert len(validator.validate([Source("data", DATA.encode(), False)]).results) == 1
    assert len(names_in(cache, ".so")) == 2
    assert len(names_in(cache, ".o")) == 1


def test_many_processes_may_want_the_same_library(shapes: str, cache: Path) -> None:
    code = (
        "from cns_build.graph import library;"
        "from cns_build.graph.validator import Validator;"
        "library._FLAGS = ('-O0', '-fPIC', '-pthread');"
        f"Validator.compile([{shapes!r}], engine='native')"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(20)
    ]
    assert [process.communicate()[1] for process in started] == [b""] * 20
    assert [process.returncode for process in started] == [0] * 20
    assert len(names_in(cache, ".so")) == 1
    left = [file.name for file in cache.iterdir() if file.suffix not in (".so", ".o", ".lock")]
    assert left == []


def error_of(shapes: str) -> str:
    with pytest.raises(CompileError) as caught:
        Validator.compile([shapes], engine="native")
    (diagnostic,) = caught.value.diagnostics
    return f"{diagnostic.message}; {diagnostic.fix}"


def test_no_compiler_is_an_error(
    shapes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert error_of(shapes) == (
        "the native engine needs a C compiler, and there is none (cc, gcc, clang); "
        "install gcc or clang, set CC, or use the bytecode engine"
    )


def test_a_failing_compiler_is_an_error(
    shapes: str, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "my cc"
    compiler.write_text("#!/bin/sh\necho no space left >&2\nexit 1\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", f"'{compiler}' -m64")
    said = error_of(shapes)
    assert f"does not compile with {compiler}: no space left; set CC to another compiler" in said
    assert names_in(cache, ".so") == []


def test_a_cache_that_cannot_be_made_is_an_error(
    shapes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert "cannot be kept there" in error_of(shapes)
    assert "set XDG_CACHE_HOME" in error_of(shapes)


def test_the_compiler_of_the_environment_is_used(
    shapes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("clang", path=SEARCH) is None:
        pytest.skip("clang is not installed: ./dev test --setup installs it")
    monkeypatch.setenv("CC", "clang")
    validator = Validator.compile([shapes], engine="native")
    assert len(validator.validate([Source("data", DATA.encode(), False)]).results) == 2
