# SPDX-License-Identifier: Apache-2.0
"""Structs of the user's own: what is wrong with a map, and what is wrong with a struct."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cns_build.commands import render_error
from cns_build.diagnostics import CompileError
from cns_build.frontend.bind import read
from tests.compiling import PREFIXES, Model, compile_text
from tests.paths import ROOT, RUNTIME
from tests.runtime.toolchain import C11, need

SHAPES = """
ex:ReadingShape a sh:NodeShape ; sh:targetClass ex:Reading ;
    sh:property [ sh:path ex:celsius ; sh:datatype xsd:decimal ; sh:maxCount 1 ; sh:minCount 1 ] ;
    sh:property [ sh:path ex:level ; sh:datatype xsd:short ; sh:maxCount 1 ; sh:minInclusive 3 ] ;
    sh:property [ sh:path ex:mode ; sh:in ( ex:Heat ex:Idle "off" ) ; sh:maxCount 1 ] ;
    sh:property [ sh:path ex:room ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:minLength 1 ] ;
    sh:property [ sh:path ex:sample ; sh:datatype xsd:int ; sh:maxCount 4 ; sh:minInclusive 0 ] ;
    sh:property [ sh:path ex:sensor ; sh:maxCount 1 ; sh:nodeKind sh:BlankNode ;
        sh:property [ sh:path ex:ok ; sh:datatype xsd:boolean ; sh:maxCount 1 ] ] .
"""
HEADER = """
#include <stdint.h>
enum mode { MODE_HEAT = 2, MODE_IDLE = 5, MODE_FAR = 300 };
struct probe { uint8_t ok; };
struct reading {
    int16_t raw;
    uint8_t level, mode, flags, count;
    char room[8];
    int8_t samples[4];
    struct probe probe;
};
"""
MAP = """[reading]
struct = "struct reading"
header = "user.h"
[reading.members]
celsius = { member = "raw", scale = 2, absent = "INT16_MIN" }
"ex:level" = { member = "level", present = "flags & 0x10" }
mode = { member = "mode", values = { "ex:Heat" = "MODE_HEAT", Idle = "MODE_IDLE", off = 0 } }
room = { member = "room", as = "chars" }
sample = { member = "samples", count = "count" }
"http://example.org/sensor" = { member = "probe", as = "struct" }
[reading_sensor]
struct = "struct probe"
header = "user.h"
members.ok = "ok"
"""


def _compile(folder: Path, text: str) -> Model:
    file = folder / "map.toml"
    file.write_text(text, "utf-8")
    return compile_text(folder, SHAPES, bind=read([str(file)]))


def _refused(folder: Path, text: str) -> str:
    """What is said of a map, without the folder's name."""
    with pytest.raises(CompileError) as caught:
        _compile(folder, text)
    return render_error(caught.value).replace(f"{folder}/", "")


def _edited(old: str, new: str, text: str = MAP) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def _build(folder: Path, compiler: str, model: Model, header: str, name: str = "user.h") -> str:
    """Compile the generated C with a header of the user's; return what the compiler says."""
    source, own = model.generate()
    (folder / "demo.c").write_text(source)
    (folder / "demo.h").write_text(own)
    (folder / name).write_text(header)
    words = [need(compiler), *C11, f"-I{RUNTIME / 'include'}", "-c", "demo.c", "-o", "demo.o"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (not done.stderr), done.stderr
    return done.stderr


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_a_struct_that_fits_compiles_clean(compiler: str, tmp_path: Path) -> None:
    assert not _build(tmp_path, compiler, _compile(tmp_path, MAP), HEADER)


def test_a_mask_may_have_several_bits(tmp_path: Path) -> None:
    model = _compile(tmp_path, _edited("flags & 0x10", "flags & 0x10 | 1 << 2"))
    assert "((uint32_t)record->flags & (uint32_t)(0x10 | 1 << 2)) != 0" in model.generate()[0]
    assert not _build(tmp_path, "gcc", model, HEADER)


# Errors of maps: the map with one line changed, and what is said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[reading]\n", "[reading\n", "1:9: error: no TOML: "),
        ('"struct reading"', "struct reading", "2:10: error: no TOML: Invalid value"),
        ("celsius = ", "kelvin = ", "5:1: error: record reading has no property kelvin; its "),
        ("[reading_sensor]", "[reading_sensors]", "11:2: error: no record is called reading_s"),
        ("[reading_sensor]", '["ex:ReadingShape"]', "11:2: error: record reading is bound twice"),
        ('header = "user.h"\nmembers', "members", "11:2: error: reading_sensor has no header; "),
        ('"struct probe"', "7", "12:1: error: struct is no text"),
        ('"struct probe"', '"probe *"', '12:1: error: struct = "probe *" is not a type in C'),
        ('members.ok = "ok"', "members = 1", "14:1: error: members is no table"),
        ('members.ok = "ok"', "members.ok = 1", "14:9: error: ok is neither a member nor a table"),
        ('members.ok = "ok"', 'members.ok = "ok ok"', '14:9: error: member = "ok ok" is not a'),
        ('members.ok = "ok"', "", "11:2: error: reading_sensor has no members"),
        ('members.ok = "ok"', "members = {}", "14:1: error: the map of reading_sensor leaves out"),
        ('ok = "ok"', 'ok = "ok"\nlock = 1', "15:1: error: unknown key lock of reading_sensor; "),
        ('ok = "ok"', 'ok = "ok"\nid = "x"', "15:1: error: record reading_sensor has no id: no"),
        ('ok = "ok"', 'ok = "ok"\n"ex:ok" = ""', "15:1: error: unknown key ex:ok"),
        ('"ok"', "{ absent = true, as = 'x' }", "14:31: error: ok is absent = true and has a as"),
        ('"ok"', "{ absent = false }", "14:9: error: ok has no member"),
        ('"ok"', "{ member = 'ok', as = 'x' }", '14:31: error: as = "x" is not known; use chars'),
        ('"ok"', "{ member = 'ok', as = 'chars' }", '14:31: error: ok: as = "chars" is for text'),
        ('"ok"', "{ member = 'ok', scale = 1 }", "14:31: error: ok: scale is for xsd:decimal, "),
        ('"ok"', "{ member = 'ok', count = 1 }", "14:31: error: ok has at most one value; remove"),
        (
            '"ok"',
            "{ member = 'ok', as = 'unix' }",
            '14:31: error: ok: as = "unix" is for xsd:date',
        ),
        ("scale = 2", "scale = 19", "5:29: error: scale is not a number from 0 to 18"),
        ('absent = "INT16_MIN"', 'absent = "1; x"', '5:40: error: "1; x" is no constant of C'),
        ('absent = "INT16_MIN"', "absent = nan", "5:40: error: celsius: only xsd:float and xsd:"),
        ('absent = "INT16_MIN"', "absent = 0.1", "5:40: error: absent = 0.1 is not exact as a fl"),
        ('absent = "INT16_MIN"', 'absent = "NULL"', "5:40: error: celsius: only a pointer can be"),
        ('"flags & 0x10"', '"flags | 0x10"', '6:34: error: present = "flags | 0x10" is not such'),
        ('"flags & 0x10"', '"f", absent = 1', "6:49: error: present and absent exclude each oth"),
        ('"ex:Heat" =', '"ex:Heart" =', "7:38: error: no term of sh:in for mode can be called ex"),
        ("Idle =", "Heat =", "7:63: error: Heat has a second constant MODE_IDLE"),
        ('"MODE_IDLE"', '"MODE_HEAT"', "7:63: error: Idle and ex:Heat have the same constant"),
        ("off = 0", "off = []", "7:83: error: off has no constant of C"),
        ('as = "chars"', 'absent = ""', '8:27: error: room: only text as = "chars" or "string"'),
        (
            ', count = "count"',
            "",
            "9:1: error: sample has up to 4 values, and its member is an ar",
        ),
        ('"count" }', "5 }", "9:32: error: sample has up to 4 values, and the map says 5"),
        ('"count" }', "4, absent = 0 }", "9:43: error: sample has up to 4 values, and its member"),
        ('"http://example.org/sensor"', "sample2", "10:1: error: record reading has no property"),
    ],
)
def test_what_is_wrong_with_a_map(old: str, new: str, said: str, tmp_path: Path) -> None:
    printed = _refused(tmp_path, _edited(old, new))
    assert f"map.toml:{said}" in printed, printed


def test_a_map_without_records(tmp_path: Path) -> None:
    assert _refused(tmp_path, "# nothing\n").startswith("map.toml: error: no records: ")


def test_a_property_is_mapped_once(tmp_path: Path) -> None:
    printed = _refused(tmp_path, _edited("room = {", 'sample2 = "x"\nroom = {'))
    assert "map.toml:8:1: error: record reading has no property sample2" in printed
    printed = _refused(tmp_path, _edited("room = {", '"ex:room" = "x"\nroom = {'))
    assert "map.toml:9:1: error: room is mapped twice; remove one of the two" in printed
    assert "map.toml:8:1: note: the first time is here" in printed


def test_every_problem_is_told(tmp_path: Path) -> None:
    text = _edited('"flags & 0x10"', '"|"', _edited("scale = 2", "scale = -1"))
    printed = _refused(tmp_path, text)
    assert "map.toml:5:29: error: scale" in printed
    assert "map.toml:6:34: error: present" in printed


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(CompileError) as caught:
        read([str(tmp_path / "none.toml"), str(tmp_path / "latin.toml")])
    printed = render_error(caught.value).replace(f"{tmp_path}/", "")
    assert "none.toml: error: cannot be read: No such file or directory" in printed
    assert "latin.toml: error: is not UTF-8 text" in printed


def test_references_without_a_struct_have_nothing_to_read(tmp_path: Path) -> None:
    shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; "
    shapes += (
        "sh:maxCount 1 ; sh:property [ sh:path ex:q ; sh:datatype xsd:int ; sh:maxCount 1 ] ] ."
    )
    file = tmp_path / "map.toml"
    file.write_text("[c_p]\nstruct = 'struct s'\nheader = 's.h'\nmembers.q = 'q'\n")
    with pytest.raises(CompileError) as caught:
        compile_text(tmp_path, shapes, bind=read([str(file)]))
    assert "c_p is bound, and ex:p of c may refer to a node that no struct" in str(caught.value)


def test_recursive_shapes_report_nodes_where_they_lie(tmp_path: Path) -> None:
    shapes = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:P . "
    shapes += "ex:P sh:path ex:next ; sh:maxCount 1 ; sh:property ex:P @ ."
    file = tmp_path / "map.toml"
    file.write_text("[c]\nstruct = 'struct s'\nheader = 's.h'\nmembers.next = @")
    text = file.read_text()
    file.write_text(text.replace("@", "{ member = 'next', absent = 'NULL', as = 'pointer' }"))
    bound = read([str(file)])
    with pytest.raises(CompileError) as caught:
        compile_text(tmp_path, shapes.replace("@", ""), bind=bound)
    assert "next is bound, and its values are in a recursive shape" in str(caught.value)
    model = compile_text(tmp_path, shapes.replace("@", "; sh:nodeKind sh:BlankNode"), bind=bound)
    assert not _build(tmp_path, "gcc", model, "struct s { const struct s *next; };", "s.h")


# The command line


def _cnsc(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "map.toml").write_text(MAP)
    (folder / "shapes.ttl").write_text(PREFIXES + SHAPES)
    return subprocess.run(
        [sys.executable, "-m", "cns_build", *arguments, "--bind", "map.toml", "--name", "demo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_depfile_names_the_map(tmp_path: Path) -> None:
    options = ("-o", "demo.c", "demo.h", "--depfile", "demo.d")
    done = _cnsc(tmp_path, "compile", "--shapes", "shapes.ttl", *options)
    assert done.returncode == 0, done.stderr
    assert " map.toml " in (tmp_path / "demo.d").read_text()


def test_a_map_is_no_output(tmp_path: Path) -> None:
    done = _cnsc(tmp_path, "compile", "--shapes", "shapes.ttl", "-o", "demo.c", "map.toml")
    assert done.returncode == 2
    assert (tmp_path / "map.toml").read_text() == MAP


def test_the_layout_table_is_of_records_alone(tmp_path: Path) -> None:
    options = ("-o", "demo.c", "demo.h", "--layout")
    done = _cnsc(tmp_path, "compile", "--shapes", "shapes.ttl", *options)
    assert done.returncode == 2
    assert "--layout and --bind exclude each other" in done.stderr


def test_explain_shows_members_and_presence(tmp_path: Path) -> None:
    done = _cnsc(tmp_path, "explain", "--shapes", "shapes.ttl", "--only", "layout")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["struct", "reading", "of", '"user.h":', "ex:Reading"] in lines
    assert ["raw", "ex:celsius", "unless", "INT16_MIN"] in lines
    assert ["level", "ex:level", "flags", "&", "0x10"] in lines
    assert ["samples", "ex:sample", "count"] in lines
    assert ["probe", "ex:sensor", "always"] in lines


# Structs that do not fit: the header or the map changed, and what the C compiler says


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize(
    ("header", "old", "new", "said"),
    [
        (True, "int16_t raw", "int16_t rav", "ex:celsius: struct reading raw is missing"),
        (True, "int16_t raw", "float raw", "ex:celsius: struct reading raw is no integer"),
        (False, "INT16_MIN", "INT32_MIN", "raw is absent as INT32_MIN, which it cannot be"),
        (False, "INT16_MIN", "INT_MINI", "raw is absent as INT_MINI, which it cannot be"),
        (True, "uint8_t level", "uint32_t level", "level is no integer that fits into int16_t"),
        (True, "uint8_t level", "uint16_t level", "level is no integer that fits into int16_t"),
        (False, "flags & 0x10", "flags & 0x100", "level is present by 0x100, which is no mask"),
        (False, "flags & 0x10", "room & 0x10", "level is present by room, which is no integer"),
        (False, "flags & 0x10", "flugs & 0x10", "level is present by flugs, which is no integer"),
        (False, "MODE_IDLE", "MODE_FAR", "ex:mode: struct reading mode cannot be MODE_FAR"),
        (False, "MODE_IDLE", "MODE_GONE", "ex:mode: struct reading mode cannot be MODE_GONE"),
        (False, '"room", as = "chars"', '"room", as = "string"', "room is no pointer to char"),
        (False, '"room", as = "chars"', '"room"', "ex:room: struct reading room is no cns_str"),
        (True, "char room[8]", "const char *room", "ex:room: struct reading room is no array"),
        (True, "samples[4]", "samples[3]", "ex:sample: struct reading samples has fewer than 4"),
        (True, "int8_t samples[4]", "int8_t *samples", "ex:sample: struct reading samples is no"),
        (True, "int8_t samples[4]", "float samples[4]", "samples is no integer that fits into in"),
        (False, '"count"', '"room"', "samples is counted by room, which is no integer"),
        (True, "struct probe probe", "int probe", "ex:sensor: struct reading probe is no demo_re"),
        (False, 'as = "struct"', 'as = "pointer"', "probe is no pointer to demo_reading_sensor"),
        (True, "uint8_t ok", "int ok", "ex:ok: struct probe ok is neither bool nor uint8_t"),
    ],
)
def test_what_is_wrong_with_a_struct(
    compiler: str, header: bool, old: str, new: str, said: str, tmp_path: Path
) -> None:
    given = _edited(old, new, HEADER) if header else HEADER
    model = _compile(tmp_path, MAP if header else _edited(old, new))
    printed = _build(tmp_path, compiler, model, given)
    assert said in printed, printed
    assert "ReadingShape: ex:" in printed or "reading_sensor: ex:" in printed
