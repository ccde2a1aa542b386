# SPDX-License-Identifier: Apache-2.0
"""What runs of cnsc leave behind that are killed, interrupted, or many at once."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cns_build.cli import main
from cns_build.diagnostics import CompileError
from cns_build.output import write_parts
from tests.compiling import PREFIXES
from tests.paths import ROOT

SHAPES = f"""{PREFIXES}
ex:S a sh:NodeShape ; sh:targetClass ex:Sensor ;
  sh:property [ sh:path ex:level ; sh:datatype xsd:double ; sh:maxCount 1 ; sh:maxInclusive 85 ] .
"""
OUTPUTS = ("sensors.c", "sensors.h", "sensors.json", "sensors.d")
TEMPORARY = re.compile(r"\.cnsc-.*\.tmp")


def compiling(shapes: Path, folder: Path, name: str = "sensors") -> list[str]:
    """The command line that compiles the shapes to four files in the folder."""
    source, header, explained, rule = (
        str(folder / f"{name}.{end}") for end in ("c", "h", "json", "d")
    )
    model = ["compile", "--shapes", str(shapes), "--name", name]
    return [*model, "-o", source, header, "--map", explained, "--depfile", rule]


def forking(**request: object) -> list[Any]:
    """Let tests.interrupting do what is asked for."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.interrupting"],
        cwd=ROOT,
        input=json.dumps(request),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answer: list[Any] = json.loads(done.stdout)
    return answer


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    file = tmp_path / "shapes.ttl"
    file.write_text(SHAPES, "utf-8")
    return file


def texts(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in folder.iterdir()}


def made(shapes: Path, folder: Path) -> dict[str, str]:
    """What a run that nobody disturbs writes into the folder."""
    folder.mkdir(exist_ok=True)
    assert main(compiling(shapes, folder)) == 0
    return texts(folder)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_signal_at_any_moment_leaves_old_files_or_new_ones(
    tmp_path: Path, shapes: Path, name: str
) -> None:
    out = tmp_path / "out"
    old = made(shapes, out)
    other = tmp_path / "other.ttl"
    other.write_text(SHAPES.replace("85", "90").replace("ex:S ", "# More.\nex:S2 "), "utf-8")
    arguments = compiling(other, out)
    ends = forking(
        what="interrupted",
        warm=compiling(shapes, out),
        arguments=arguments,
        folder=str(out),
        number=getattr(signal, name),
    )
    *stopped, (last) = ends
    new = last["files"]
    assert (last["status"], last["reached"], set(new)) == (0, False, set(OUTPUTS))
    assert {file for file in OUTPUTS if new[file] != old[file]} == set(OUTPUTS)
    # Each output is prepared, written, and moved, and asked for once more in the end.
    assert len(stopped) > 5 * len(OUTPUTS)
    states = set()
    for end in stopped:
        files = {k: text for k, text in end["files"].items() if not TEMPORARY.fullmatch(k)}
        states.add(tuple("old" if files[k] == old[k] else "new" for k in OUTPUTS))
        assert all(files[k] in (old[k], new[k]) for k in OUTPUTS)
        assert set(files) == set(OUTPUTS)
        if name != "SIGKILL":
            assert end["files"] in (old, new)
    whole = {("old",) * 4, ("new",) * 4}
    assert states > whole if name == "SIGKILL" else states == whole
    assert {end["status"] for end in stopped} == {
        "SIGINT": {130},
        "SIGTERM": {128 + signal.SIGTERM},
        "SIGKILL": {-signal.SIGKILL},
    }[name]


# Sends itself SIGINT when it first imports a module, which is named first.
INTERRUPTED = """
import os, runpy, signal, sys
name = sys.argv.pop(1)
def audit(event, given):
    if event == "import" and given[0] == name:
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(audit)
runpy.run_module("cns_build", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("name", ["cns_build.cli", "cns_build.commands", "jinja2.lexer"])
def test_an_interrupted_import_is_silent(tmp_path: Path, shapes: Path, name: str) -> None:
    arguments = compiling(shapes, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, name, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        # A shell lets what it runs in the background ignore SIGINT, and so its children.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert done.returncode in (-signal.SIGINT, 130)
    assert (done.stdout, done.stderr) == ("", "")
    assert {file.name for file in tmp_path.iterdir()} == {"shapes.ttl"}


def test_what_killed_runs_have_prepared_goes_with_the_next_run(
    tmp_path: Path, shapes: Path
) -> None:
    out = tmp_path / "out"
    made(shapes, out)
    shapes.write_text(SHAPES.replace("85", "90"), "utf-8")
    for name in (".cnsc-0a_b9xyz.tmp", ".cnsc-notes", ".cnsc-NOTES.tmp"):
        (out / name).write_text("half", "utf-8")
    made(shapes, out)
    left = {file.name for file in out.iterdir()} - set(OUTPUTS)
    assert left == {".cnsc-notes", ".cnsc-NOTES.tmp"}


def test_a_folder_that_is_not_writable_stays_as_it_is(tmp_path: Path, shapes: Path) -> None:
    out = tmp_path / "out"
    old = made(shapes, out)
    shapes.write_text(SHAPES.replace("85", "90"), "utf-8")
    out.chmod(0o555)
    command = [sys.executable, "-m", "cns_build", *compiling(shapes, out)]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may write anywhere, and there is no setpriv")
        rights = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}", *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    out.chmod(0o755)
    assert done.returncode == 1
    assert done.stderr == (
        f"{out}/sensors.c: error: cannot be written: Permission denied; "
        "check the permissions of its folder\n"
    )
    assert texts(out) == old


def test_forty_runs_at_once_are_safe(tmp_path: Path, shapes: Path) -> None:
    crowd, alone = tmp_path / "crowd", tmp_path / "alone"
    crowd.mkdir()
    alone.mkdir()
    names = [f"m{number}" for number in range(40)]
    for name in ("sensors", *names):
        assert main(compiling(shapes, alone, name)) == 0
    # In one folder: forty of one model into the same files, and forty of models of their own.
    runs = [compiling(shapes, crowd, name) for own in names for name in (own, "sensors")]
    ends = forking(what="at once", warm=compiling(shapes, tmp_path), runs=runs)
    assert ends == [0] * 80
    assert texts(crowd) == {
        name: text.replace(str(alone), str(crowd)) for name, text in texts(alone).items()
    }


def test_a_file_of_parts_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "parts.nt"
    whole: list[bytes | memoryview] = [b"one ", memoryview(b"two")]
    write_parts(str(path), iter(whole))
    assert path.read_bytes() == b"one two"

    def broken() -> Iterator[bytes]:
        yield b"three"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(CompileError, match="No space left"):
        write_parts(str(path), broken())
    assert path.read_bytes() == b"one two"
    assert [*tmp_path.iterdir()] == [path]
