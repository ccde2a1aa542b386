# SPDX-License-Identifier: Apache-2.0
"""The cache of `cnsc compile`: what it gives is what a compilation would, whatever has changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cns_build import cache
from cns_build.cli import main
from tests.compiling import PREFIXES
from tests.meson import run
from tests.paths import ROOT
from tests.test_ninja import install
from tests.test_output import forking
from tests.test_startup import imported

SHAPES = f"""{PREFIXES}
<> owl:imports <http://example.org/base> .
ex:S a sh:NodeShape ; sh:targetClass ex:Sensor ; sh:sparql [ sh:select "SELECT $this {{}}" ] ;
  sh:property [ sh:path ex:level ; sh:datatype xsd:double ; sh:maxCount 1 ; sh:maxInclusive 85 ] ;
  sh:property [ sh:path ex:unit ; sh:class ex:Unit ; sh:maxCount 1 ] .
"""
BASE = (
    f"{PREFIXES}<http://example.org/base> a owl:Ontology . ex:Kelvin rdfs:subClassOf ex:Unit .\n"
)
CATALOG = "<catalog><uri name='http://example.org/base' uri='../base.ttl'/></catalog>"
NAMES = ("sensors.c", "sensors.h", "sensors.cnsi", "sensors.json", "sensors.txt", "sensors.d")
COMPILE = (
    *("compile", "classes.ttl", "--shapes", "shapes.ttl", "--catalog", "lib", "--name", "sensors"),
    *("--waive", "sh:sparql", "--engine", "both", "-o", *NAMES[:2], "--image", NAMES[2]),
    *("--map", NAMES[3], "--summary", NAMES[4], "--depfile", NAMES[5]),
)

Tell = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files that import others, which is the current one; its cache is beside it."""
    folder = tmp_path / "checkout"
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    write_files(folder)
    monkeypatch.chdir(folder)
    return folder


def write_files(folder: Path) -> None:
    (folder / "lib").mkdir(parents=True)
    (folder / "shapes.ttl").write_text(SHAPES, "utf-8")
    (folder / "classes.ttl").write_text(f"{PREFIXES}ex:Celsius rdfs:subClassOf ex:Unit .\n")
    (folder / "base.ttl").write_text(BASE, "utf-8")
    (folder / "lib" / "catalog-v001.xml").write_text(CATALOG, "utf-8")


def entries(folder: Path) -> list[Path]:
    return sorted((folder.parent / "cache").glob("*.cnsc"))


def compiled(capsys: Tell, *more: str, status: int = 0) -> tuple[dict[str, bytes], str]:
    """What a compilation writes, and what it says."""
    for name in NAMES:
        Path(name).unlink(missing_ok=True)
    capsys.readouterr()
    assert main([*COMPILE, *more]) == status
    made = {name: Path(name).read_bytes() for name in NAMES if Path(name).exists()}
    return made, capsys.readouterr().err


def uncached(capsys: Tell, *more: str, status: int = 0) -> tuple[dict[str, bytes], str]:
    """What a compilation without a cache writes and says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(cache.VARIABLE)
        return compiled(capsys, *more, status=status)


def test_a_hit_is_the_same_says_the_same_and_imports_no_compiler(
    folder: Path, capsys: Tell
) -> None:
    expected = uncached(capsys)
    assert set(expected[0]) == set(NAMES)
    assert "note: waived sh:sparql" in expected[1]
    assert compiled(capsys) == expected
    assert len(entries(folder)) == 1
    assert compiled(capsys) == expected
    assert len(entries(folder)) == 1
    found = imported(*COMPILE)
    assert "cns_build.cache" in found
    assert found & {"cns_build.commands", "cns_build.model", "jinja2", "pyoxigraph"} == set()


def test_another_checkout_and_another_build_folder_hit(folder: Path, capsys: Tell) -> None:
    first, _ = compiled(capsys)
    other = folder.parent / "elsewhere" / "deeper"
    write_files(other)
    os.chdir(other)
    (other / "build").mkdir()
    for place in (".", "build"):
        outputs = [f"{place}/sensors.c", f"{place}/sensors.h"]
        words = [*COMPILE, "-o", *outputs]
        assert main(words) == 0
        assert Path(outputs[0]).read_bytes() == first["sensors.c"]
    assert len(entries(folder)) == 1
    assert main([*COMPILE, "-o", "sensors.c", "other.h"]) == 0
    assert '#include "other.h"' in Path("sensors.c").read_text()
    assert len(entries(folder)) == 2


def changed(name: str, old: str, new: str) -> Callable[[], None]:
    """A change of a file that keeps its size and time."""

    def change() -> None:
        file = Path(name)
        before = file.stat()
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    return change


def name_another_import() -> None:
    Path("more.ttl").write_text(BASE.replace("Kelvin", "Newton"), "utf-8")
    changed("lib/catalog-v001.xml", "base.ttl", "more.ttl")()


def remove_the_catalog() -> None:
    Path("lib/base.ttl").write_text(BASE.replace("Kelvin", "Newton"), "utf-8")
    Path("lib/catalog-v001.xml").unlink()


def add_to_the_catalog() -> None:
    Path("lib/a.ttl").write_text(BASE.replace("Kelvin", "Newton"), "utf-8")


def make_two_files_one() -> None:
    Path("classes.ttl").unlink()
    Path("classes.ttl").symlink_to("base.ttl")


def remove_the_import() -> None:
    Path("base.ttl").unlink()


CHANGES: dict[str, Callable[[], None]] = {
    "shapes": changed("shapes.ttl", "85", "95"),
    "comment": changed("shapes.ttl", "\n<> owl", "\n# \n<> owl"),
    "ontology": changed("classes.ttl", "Celsius", "Rankine"),
    "import": changed("base.ttl", "Kelvin", "Reaumu"),
    "catalog": name_another_import,
    "catalog gone": remove_the_catalog,
    "more in the catalog": add_to_the_catalog,
    "link": make_two_files_one,
    "import gone": remove_the_import,
}
FAILING = ("import gone",)


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_the_cache_gives_what_a_compilation_would(
    folder: Path, capsys: Tell, name: str
) -> None:
    before = compiled(capsys)
    CHANGES[name]()
    status = int(name in FAILING)
    expected = uncached(capsys, status=status)
    for _ in range(2):
        assert compiled(capsys, status=status) == expected
    # What only an OASIS catalog names is in the entry, and not in the entry's name.
    assert len(entries(folder)) == (1 if name in ("import", *FAILING) else 2)
    # What was there before is there again, and known.
    shutil.rmtree(folder)
    write_files(folder)
    os.chdir(folder)
    assert compiled(capsys) == before


@pytest.mark.parametrize(
    "options",
    [("--capacity", "3"), ("--strings", "ids"), ("--report", "first"), ("--kind", "sensor=7")],
    ids=" ".join,
)
def test_options_have_entries_of_their_own(
    folder: Path, capsys: Tell, options: tuple[str, ...]
) -> None:
    compiled(capsys)
    expected = uncached(capsys, *options)
    assert compiled(capsys, *options) == expected == compiled(capsys, *options)


def test_an_entry_that_is_damaged_is_made_again(folder: Path, capsys: Tell) -> None:
    expected = compiled(capsys)
    (entry,) = entries(folder)
    whole = entry.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    for damaged in (b"", whole[:middle], whole[:41], flipped, b"\n", b"\xff\n{}"):
        entry.write_bytes(damaged)
        assert compiled(capsys) == expected
        assert entry.read_bytes() == whole


def test_runs_that_fail_are_not_kept(folder: Path, capsys: Tell) -> None:
    (folder / "shapes.ttl").write_text("no Turtle")
    for _ in range(2):
        assert "shapes.ttl:1:1: error: " in compiled(capsys, status=1)[1]
    assert entries(folder) == []


def test_what_can_be_read_but_once_is_read_once(folder: Path, capsys: Tell) -> None:
    expected, _ = compiled(capsys)
    command = f'"{sys.executable}" -m cns_build {" ".join(COMPILE)}'.replace(
        "classes.ttl", "<(cat classes.ttl)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(["bash", "-c", command], check=True, env=environment, capture_output=True)
    made = Path("sensors.c").read_text().split("\n", 1)
    assert made[1] == expected["sensors.c"].decode().split("\n", 1)[1]
    assert len(entries(folder)) == 1


def test_another_generator_makes_another_entry(folder: Path, capsys: Tell) -> None:
    site = folder.parent / "site"
    package = install(site)
    command = (sys.executable, "-m", "cns_build", *COMPILE)
    environment = {"PYTHONPATH": str(site)}
    run(*command, env=environment)
    first = Path("sensors.c").read_text()
    template = package / "templates" / "model.c.j2"
    before = template.stat()
    template.write_text(template.read_text().replace("Do not edit", "Leave it so"))
    os.utime(template, ns=(before.st_atime_ns, before.st_mtime_ns))
    run(*command, env=environment)
    assert Path("sensors.c").read_text() == first.replace("Do not edit", "Leave it so", 1)
    assert len(entries(folder)) == 2


def test_forty_runs_at_once_share_a_cache(folder: Path, capsys: Tell) -> None:
    expected, _ = uncached(capsys)
    absolute = [str(folder / w) if w.endswith((".ttl", "lib")) else w for w in COMPILE]
    outputs = [*NAMES]
    runs = []
    for number in range(40):
        place = {name: str(folder / f"{number}" / name) for name in outputs}
        (folder / str(number)).mkdir()
        runs.append([place.get(word, word) for word in absolute])
    assert forking(what="at once", warm=runs[0], runs=runs[1:]) == [0] * 39
    assert len(entries(folder)) == 1
    for number in range(40):
        assert (folder / f"{number}" / "sensors.c").read_bytes() == expected["sensors.c"]


def test_the_oldest_entries_go(
    folder: Path, capsys: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        compiled(capsys, "--capacity", str(number))
        entry = max(entries(folder), key=lambda file: file.stat().st_mtime_ns)
        os.utime(entry, ns=(number * 10**9, number * 10**9))
    size = sum(file.stat().st_size for file in entries(folder))
    first, second, third = sorted(entries(folder), key=lambda file: file.stat().st_mtime_ns)
    compiled(capsys, "--capacity", "1")  # now the first is used last
    monkeypatch.setattr(cache, "LIMIT", size)
    compiled(capsys, "--capacity", "4")
    left = entries(folder)
    assert len(left) == 2
    assert first in left
    assert second not in left
    assert third not in left


def test_a_cache_that_cannot_be_written_is_a_warning(folder: Path, capsys: Tell) -> None:
    expected = uncached(capsys)
    (folder.parent / "cache").write_text("a file")
    made, said = compiled(capsys)
    assert made == expected[0]
    assert said.startswith(expected[1])
    assert "cache: warning: cannot be written: " in said.removeprefix(expected[1])


def test_the_cache_is_shown_and_cleared(
    folder: Path, capsys: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled(capsys)
    assert main(["cache"]) == 0
    place = folder.parent / "cache"
    assert capsys.readouterr().out == f"{place}: 1 entries, 0.0 of at most 256 MiB\n"
    (place / "notes").write_text("not ours")
    assert main(["cache", "--clear"]) == 0
    assert capsys.readouterr().out.startswith(f"{place}: 1 entries removed")
    assert [file.name for file in place.iterdir()] == ["notes"]
    monkeypatch.delenv(cache.VARIABLE)
    assert main(["cache"]) == 2
    assert "CNS_CACHE_DIR is not set; set it to a folder" in capsys.readouterr().err
