# SPDX-License-Identifier: Apache-2.0
"""What ./dev says when something is missing, and the runners behind bench and fuzz."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import pytest

from tests.bench import Figure, figure
from tests.bench import __main__ as bench
from tests.fuzz import __main__ as fuzz
from tests.meson import run
from tests.paths import EXAMPLES, ROOT

DEV = ROOT / "dev"


@pytest.fixture
def fresh(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which ./dev has everything to set up."""
    return {"CNS_VENV": str(tmp_path / "venv"), "CC": ""}


def test_a_missing_compiler_is_named_with_its_package(fresh: dict[str, str]) -> None:
    printed = run(sys.executable, DEV, "demo", env=fresh | {"PATH": ""}, status=1)
    assert "no C compiler found (cc, gcc, clang); install: apt install gcc" in printed
    assert not Path(fresh["CNS_VENV"]).exists()


def test_a_compiler_without_headers_is_named_with_its_packages(
    fresh: dict[str, str], tmp_path: Path
) -> None:
    compiler = tmp_path / "mycc"
    compiler.write_text("#!/bin/sh\nexit 1\n")
    compiler.chmod(0o755)
    printed = run(sys.executable, DEV, "demo", env=fresh | {"CC": str(compiler)}, status=1)
    assert "mycc builds no C program; install: apt install gcc libc6-dev" in printed


def test_a_python_without_venv_is_told_its_package(fresh: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "ensurepip.py").write_text("raise ImportError('removed by Debian')\n")
    printed = run(sys.executable, DEV, "demo", env=fresh | {"PYTHONPATH": str(broken)}, status=1)
    assert "install: apt install python3-venv" in printed


def test_an_old_python_is_told_which_one_is_needed() -> None:
    ast.parse(DEV.read_text(), feature_version=(3, 6))
    code = (
        f"import sys; sys.version_info = (3, 8, 18, 'final', 0); exec(open({str(DEV)!r}).read())"
    )
    printed = run(sys.executable, "-c", code, status=1)
    assert "Python 3.8 is too old, cns needs 3.10 or later" in printed


def test_a_second_run_sets_up_nothing() -> None:
    printed = run(DEV, "bench", "--help")
    assert "setting up" not in run(DEV, "bench", "--help")
    assert "[NAME ...]" in printed


def test_the_demo_shows_what_the_thermostat_found() -> None:
    expected = (EXAMPLES / "thermostat" / "expected.txt").read_text()
    run(DEV, "demo")
    again = run(DEV, "demo")
    assert expected in again
    assert "no work to do" in again


def test_wrong_arguments_end_with_status_2() -> None:
    assert "invalid choice: 'dmeo'" in run(DEV, "dmeo", status=2)
    assert "unknown arguments: --fast" in run(DEV, "demo", "--fast", status=2)
    assert "no benchmark nothing" in run(DEV, "bench", "nothing", status=2)
    assert "no fuzzer nothing" in run(DEV, "fuzz", "nothing", status=2)


def test_a_figure_is_a_median_with_its_ratio_to_the_baseline() -> None:
    slow = figure("slow", "ns", [40.0, 10.0, 20.0])
    fast = figure("fast", "ns", [5.0], baseline="slow")
    assert (slow.value, slow.low, slow.high) == (20.0, 10.0, 40.0)
    assert bench.ratio(fast, [slow, fast]) == 0.25
    assert "0.25 × slow" in bench.table([slow, fast])
    with pytest.raises(KeyError):
        bench.ratio(fast, [fast])


def test_benchmarks_run_by_name_and_write_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "bench_one.py"
    module.write_text(
        "from tests.bench import figure\n"
        "def run():\n    return [figure('answer', 'bytes', [42.0])]\n"
    )
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    monkeypatch.setattr("tests.bench.__path__", [str(tmp_path)])
    assert bench.main(["one", "--json", str(tmp_path / "out.json")]) == 0
    assert "42 bytes" in capsys.readouterr().out
    (written,) = json.loads((tmp_path / "out.json").read_text())["figures"]["one"]
    assert Figure(**written) == figure("answer", "bytes", [42.0])


def test_a_fuzzer_gets_its_time_and_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fuzz_sum.py").write_text("def run(seconds, seed):\n    return seconds + seed\n")
    monkeypatch.setattr(fuzz, "FOLDER", tmp_path)
    monkeypatch.setattr("tests.fuzz.__path__", [str(tmp_path)])
    assert fuzz.main(["--seconds", "2", "--seed", "40"]) == 0
    assert "sum: 42 cases, no failure" in capsys.readouterr().out
