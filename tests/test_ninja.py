# SPDX-License-Identifier: Apache-2.0
"""cns under ninja: what is made again and what is not, stopped builds, errors in editors."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from cns_build import __version__
from cns_build.cli import main
from tests.meson import BUILD, FILES, SEARCH, Project, run, with_call
from tests.paths import ROOT
from tests.thermostat import ONTOLOGY, SHAPES

Write = Callable[[dict[str, str]], Project]

MODELS = 3
VALUES = ("85.0", "90.0")
MANY = {
    "meson.build": "project('many', 'c')\ncns = import('cns')\nmodels = []\n"
    f"foreach n : range({MODELS})\n"
    "  models += cns.ontology(f'm@n@', shapes: f'm@n@.shacl')\nendforeach\n"
    "executable('many', 'main.c', dependencies: models)\n",
    "main.c": "#include <stdio.h>\n"
    + "".join(f'#include "m{n}.h"\n' for n in range(MODELS))
    + "int main(void) {\n"
    + "".join(
        f"  m{n}_reading r{n} = M{n}_READING_INIT; cns_result a{n};\n"
        f"  cns_result_init(&a{n}, NULL, 0); m{n}_reading_set_celsius(&r{n}, 87.5);\n"
        f'  m{n}_reading_validate(&r{n}, &a{n}); printf("%d", a{n}.conforms);\n'
        for n in range(MODELS)
    )
    + "  return 0;\n}\n",
}


# What is made again


def install(site: Path, version: str = __version__) -> Path:
    """Lay the package out as a wheel does, all of it with an old date; return its folder."""
    package = site / "cns_build"
    shutil.rmtree(site, ignore_errors=True)
    no_cache = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "cns_build", package, ignore=no_cache)
    for folder in ("runtime", "templates"):
        shutil.copytree(ROOT / folder, package / folder, ignore=no_cache)
    start = package / "__init__.py"
    start.write_text(start.read_text().replace(__version__, version))
    (site / f"cns-{version}.dist-info").mkdir()
    (site / f"cns-{version}.dist-info" / "METADATA").write_text(f"Version: {version}\n")
    for path in site.rglob("*"):
        os.utime(path, (10**9, 10**9))
    return package


def again(made: Project, site: Path) -> tuple[bool, list[str]]:
    """Compile; return whether the generator ran, and the C files that were compiled."""
    printed = run("ninja", "-v", "-C", made.build, env={"PYTHONPATH": str(site)})
    compiled = re.findall(r" -c (?:\S*/)?(\S+\.c)\n", printed)
    return "-m cns_build compile" in printed, sorted(compiled)


CATALOG = "<catalog><uri name='http://example.org/base' uri='base.ttl'/></catalog>"


def test_what_is_made_again_when_something_changes(project: Write, tmp_path: Path) -> None:
    package = install(tmp_path / "site")
    imports = "<> owl:imports <http://example.org/base> .\n"
    made = project(
        FILES
        | {
            "meson.build": BUILD.replace("'sensors.shacl')", "'sensors.shacl', catalog: 'lib')"),
            "sensors.ttl": ONTOLOGY + imports,
            "lib/base.ttl": ONTOLOGY,
            "lib/more.ttl": ONTOLOGY,
            "lib/catalog-v001.xml": CATALOG,
        }
    )
    site = tmp_path / "site"
    made.setup(env={"PYTHONPATH": str(site)})
    assert again(made, site)[0]
    assert again(made, site) == (False, [])
    template = package / "templates" / "model.c.j2"
    unchanged = [
        made.source / "sensors.shacl",
        made.source / "sensors.ttl",
        made.source / "lib" / "base.ttl",
        made.source / "lib" / "catalog-v001.xml",
        package / "ir" / "layout.py",
        template,
    ]
    for file in unchanged:
        os.utime(file)
        assert again(made, site) == (True, []), f"{file} was touched"
        assert again(made, site) == (False, [])
    for name in ("sensors.shacl", "sensors.ttl", "lib/base.ttl"):
        file = made.source / name
        file.write_text(f"# A comment.\n\n{file.read_text()}")
        assert again(made, site) == (True, []), f"{name} has a comment more"
    made.write("lib/catalog-v001.xml", CATALOG.replace("base.ttl", "more.ttl"))
    assert again(made, site) == (True, ["main.c", "sensors.c"])  # both name the file
    template.write_text(template.read_text() + "/* The end. */\n")
    assert again(made, site) == (True, ["sensors.c"])
    assert again(made, site) == (False, [])
    # A release of another version, whose files are older than all that was built.
    install(site, "99.0")
    ran, compiled = again(made, site)
    assert ran
    assert {"main.c", "sensors.c"} <= set(compiled)
    assert "99.0" in (made.build / "sensors.c").read_text()
    assert again(made, site) == (False, [])


MAKEFILE = """\
sensors.stamp: sensors.shacl
\t"$(PYTHON)" -m cns_build compile --shapes sensors.shacl --name sensors \\
\t  -o sensors.c sensors.h --stamp sensors.stamp --depfile sensors.d
-include sensors.d
"""


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_follows_an_upgrade_too(tmp_path: Path) -> None:
    site = tmp_path / "site"
    package = install(site)
    (tmp_path / "Makefile").write_text(MAKEFILE)
    (tmp_path / "sensors.shacl").write_text(SHAPES)
    environment = {"PYTHONPATH": str(site), "PYTHON": sys.executable}

    def made() -> bool:
        return "-m cns_build" in run("make", env=environment, cwd=tmp_path)

    assert (made(), made()) == (True, False)
    install(site, "99.0")
    assert (made(), made()) == (True, False)
    assert "99.0" in (tmp_path / "sensors.c").read_text()
    (package / "explain.py").unlink()
    assert (made(), made()) == (True, False)


# What is left behind


def write_shapes(made: Project, most: str) -> None:
    for number in range(MODELS):
        made.write(f"m{number}.shacl", SHAPES.replace("85.0", most))


def outputs(made: Project) -> dict[str, str]:
    """What the generators have written, and what they have left behind."""
    wanted = re.compile(r"m\d\.[ch]|\.cnsc-.*")
    return {p.name: p.read_text() for p in made.build.iterdir() if wanted.fullmatch(p.name)}


def stop_a_build(made: Project, number: int, seconds: float) -> None:
    """Start ninja, and after a while send it a signal; SIGKILL goes to all that it runs too."""
    ninja = subprocess.Popen(
        ["ninja", "-C", str(made.build)],
        env=os.environ | {"PATH": SEARCH},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # A shell lets what it runs in the background ignore SIGINT, and so its children.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(seconds)
    if number == signal.SIGKILL:
        while running := session(ninja.pid):
            for process in running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)
    else:
        ninja.send_signal(number)
    ninja.wait()


def session(leader: int) -> list[int]:
    """Return the numbers of the processes of a session that run, its leader first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, *fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == leader and state != "Z":
                found.append(int(folder.name))
    return sorted(found, key=lambda process: process != leader)


def test_a_stopped_build_leaves_nothing_half_written(project: Write) -> None:
    made = project(MANY)
    write_shapes(made, VALUES[0])
    made.setup()
    whole: list[dict[str, str]] = []
    for most, said in zip(VALUES, ("0" * MODELS, "1" * MODELS), strict=True):
        write_shapes(made, most)
        made.compile()
        assert made.program("many") == said
        whole.append(outputs(made))
    assert set(whole[0]) == {f"m{n}.{x}" for n in range(MODELS) for x in "ch"}
    changed = 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        for step in range(6):
            changed = 1 - changed
            write_shapes(made, VALUES[changed])
            stop_a_build(made, number, 0.05 + 0.12 * step)
            # Of what it stops, ninja removes the outputs.
            for name, text in outputs(made).items():
                if not name.startswith(".cnsc-"):
                    assert text in (whole[0][name], whole[1][name])
    made.compile()
    assert made.program("many") == str(changed) * MODELS
    assert outputs(made) == whole[changed]
    assert "no work to do" in made.compile()


@pytest.mark.slow
def test_forty_generators_at_once_make_what_each_does_alone(
    project: Write, tmp_path: Path
) -> None:
    names = [f"m{number}" for number in range(40)]
    calls = [f"cns.ontology('{name}', shapes: 'sensors.shacl')" for name in names]
    made = project(FILES | with_call("\n".join(calls)))
    made.setup()
    sources = [f"{name}.c" for name in names]
    run("ninja", "-j40", "-C", made.build, *sources)
    for name in names:
        alone = [tmp_path / f"{name}.{end}" for end in ("c", "h")]
        shapes = str(made.source / "sensors.shacl")
        assert main(["compile", "--shapes", shapes, "--name", name, "-o", *map(str, alone)]) == 0
        for file in alone:
            assert (made.build / file.name).read_bytes() == file.read_bytes()
    assert not list(made.build.glob(".cnsc-*"))


# What is wrong, as editors read it

# The problem matcher $gcc of Visual Studio Code: file, line, column, severity, message.
VS_CODE = re.compile(r"^(.*?):(\d+):(\d*):?\s+(?:fatal )?(warning|error):\s+(.*)$", re.MULTILINE)
# The GNU form of messages, by which Emacs finds its way: program, file, line, column, kind.
EMACS = re.compile(
    r"^(?:\w[\w.-]*: ?)?([^\s:][^:\n]*):(\d+)[.:](\d+): (?:(error|warning): )?", re.M
)
# What Vim makes of a file by its default 'errorformat', as JSON.
VIM = (
    *("vim", "-Nu", "NONE", "-i", "NONE", "-es", "-c", "cgetfile printed.txt", "-c"),
    "call writefile([json_encode(map(filter(getqflist(), 'v:val.valid'), "
    '\'[fnamemodify(bufname(v:val.bufnr), ":p"), v:val.lnum]\'))], "list.json")',
    *("-c", "qall!"),
)
WRONG = {
    "syntax": SHAPES.replace("sh:datatype", "undeclared:datatype"),
    "rule": SHAPES.replace("sh:maxCount 1", "sh:maxCount 1, 2"),
    "range": SHAPES.replace("-40.0", "90.0"),
    "budget": SHAPES,
    "warned": f"{SHAPES}ex:ReadingShape ex:see <http://example.org/a b> .\n",
}
EXPECTED = {
    ("budget", 5, "error"),
    ("range", 11, "error"),
    ("rule", 10, "error"),
    ("syntax", 9, "error"),
    ("warned", 13, "warning"),
}
NOTES = {("budget", 11, ""), ("range", 11, ""), ("rule", 10, "")}


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """A build of models that are all wrong but one, and what it printed."""
    folder = tmp_path_factory.mktemp("wrong")
    made = Project(folder / "project", folder / "build")
    lines = ["project('wrong', 'c')", "cns = import('cns')"]
    for name, shapes in WRONG.items():
        made.write(f"{name}.shacl", shapes)
        budget = ", tick_budget: 1" if name == "budget" else ""
        lines.append(f"cns.ontology('{name}', shapes: '{name}.shacl'{budget})")
    made.write("meson.build", "\n".join(lines) + "\n")
    made.setup()
    return made, generated(made)


def generated(made: Project) -> str:
    """What ninja prints when it runs all generators of WRONG and nothing else."""
    sources = [f"{name}.c" for name in WRONG]
    return run("ninja", "-k", "0", "-C", made.build, *sources, status=1)


def test_problem_matchers_find_errors(failed: tuple[Project, str]) -> None:
    made, printed = failed
    for pattern, expected in ((VS_CODE, EXPECTED), (EMACS, EXPECTED | NOTES)):
        found = set()
        for file, line, column, severity, *_ in pattern.findall(printed):
            path = Path(os.path.normpath(made.build / file))
            assert path.parent == made.source
            assert 1 <= int(column) <= len(WRONG[path.stem].splitlines()[int(line) - 1])
            found.add((path.stem, int(line), severity))
        assert found == expected


@pytest.mark.skipif(not shutil.which("vim"), reason="vim is not installed")
def test_vim_jumps_to_errors(failed: tuple[Project, str], tmp_path: Path) -> None:
    made, printed = failed
    (tmp_path / "printed.txt").write_text(printed)
    subprocess.run(VIM, cwd=tmp_path, check=True, stdin=subprocess.DEVNULL)
    entries = json.loads((tmp_path / "list.json").read_text())
    paths = [Path(os.path.normpath(file)) for file, _ in entries]
    assert {path.parent for path in paths} == {made.source}
    found = {(path.stem, line) for path, (_, line) in zip(paths, entries, strict=True)}
    assert found == {(name, line) for name, line, _ in EXPECTED | NOTES}


def test_an_error_fails_the_edge_until_it_is_corrected(failed: tuple[Project, str]) -> None:
    made, printed = failed
    right = {name for name in WRONG if (made.build / f"{name}.c").exists()}
    assert right == {"warned"}
    assert printed.count("FAILED: ") == 4
    assert generated(made).count("FAILED: ") == 4
    for name in ("range", "rule", "syntax"):
        made.write(f"{name}.shacl", SHAPES)
    assert re.findall(r"FAILED: .*?(\w+\.c) ", generated(made)) == ["budget.c"]
