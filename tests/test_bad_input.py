# SPDX-License-Identifier: Apache-2.0
"""Hostile input through the command line: a message with a place, an exit code, and no output.

Each file in `bad_input` is refused for the cause that it is named for. Its first lines state
what is said: `#! LINE:COLUMN: the beginning of the message`, with `file` or `cnsc` in place of
LINE:COLUMN where no line is to blame.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from cns_build.backend.cstring import c_paragraph
from tests.compiling import PREFIXES
from tests.paths import ROOT, RUNTIME

CASES = sorted((ROOT / "tests" / "bad_input").glob("*.ttl"))
SHAPE = "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property "
GOOD = SHAPE + "[ sh:path ex:p ; sh:datatype xsd:int ; sh:maxCount 1 ; sh:maxInclusive 5 ] .\n"
FLAGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
OUTPUTS = ("-o", "demo.c", "demo.h")
COMPILE = ("compile", "--shapes", "shapes.ttl", "--name", "demo")
LIMIT = 60  # seconds; a compiler that hangs fails


class Cnsc:
    """Runs cnsc in a folder of its own, in which `shapes.ttl` can be compiled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write(GOOD)

    def write(self, text: str | bytes, name: str = "shapes.ttl") -> Path:
        """Write a file; text goes behind the prefixes, which are lines 1 to 6."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else (PREFIXES + text).encode())
        return path

    def run(
        self,
        *arguments: str,
        before: Callable[[], None] | None = None,
        shell: str = "",
        **variables: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run cnsc; `shell` is appended to the command line, for pipes and redirections."""
        command: Sequence[str] = [sys.executable, "-m", "cns_build", *arguments]
        if shell:
            command = ["bash", "-c", f'"$@" {shell}', "bash", *command]
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LIMIT,
            preexec_fn=before,
            check=False,
        )

    def refuses(self, *arguments: str, code: int = 1) -> str:
        """Run cnsc, which leaves the folder as it is; return what it says."""
        before = snapshot(self.folder)
        done = self.run(*arguments)
        assert done.returncode == code, done.stderr
        assert done.stdout == ""
        assert "error: " in done.stderr
        assert "Traceback" not in done.stderr
        assert "internal error" not in done.stderr
        assert snapshot(self.folder) == before
        return done.stderr

    def refuses_shapes(self, text: str | bytes, *arguments: str) -> str:
        """Compile shapes that cannot be compiled; return what is said."""
        self.write(text)
        return self.refuses(*COMPILE, *OUTPUTS, *arguments)

    def compiles(self, text: str | bytes, *arguments: str) -> str:
        """Compile shapes to C, and that to an object file; return warnings of cnsc."""
        self.write(text)
        done = self.run(*COMPILE, *OUTPUTS, *arguments)
        assert done.returncode == 0, done.stderr
        for command in (
            ["gcc", "-std=c11", *FLAGS, "-c", "demo.c", "-o", "demo.o"],
            ["g++", "-std=c++17", *FLAGS, "-fsyntax-only", "-include", "demo.h", "empty.cpp"],
        ):
            if shutil.which(command[0]) is None:
                pytest.skip(f"needs {command[0]}")
            (self.folder / "empty.cpp").write_text("")
            built = subprocess.run(
                [*command, f"-I{RUNTIME / 'include'}"],
                cwd=self.folder,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            assert built.returncode == 0, built.stderr
        return done.stderr

    def header(self) -> str:
        """Return the text of the header."""
        return (self.folder / "demo.h").read_text("utf-8")


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return names and contents of all files in a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


def places(printed: str) -> list[str]:
    """Return `LINE:COLUMN` of each error in shapes.ttl."""
    return re.findall(r"^shapes\.ttl:(\d+:\d+): error: ", printed, re.MULTILINE)


@pytest.fixture
def cnsc(tmp_path: Path) -> Cnsc:
    """A folder to run cnsc in."""
    return Cnsc(tmp_path)


# Files that are refused for what they say


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_refused_file(cnsc: Cnsc, case: Path) -> None:
    shutil.copy(case, cnsc.folder)
    printed = cnsc.refuses("compile", "--shapes", case.name, "--name", "demo", *OUTPUTS)
    lines = case.read_text("utf-8").split("\n")
    expected = [line.removeprefix("#! ") for line in lines if line.startswith("#! ")]
    said = printed.splitlines()
    errors = [number for number, line in enumerate(said) if ": error: " in line]
    assert len(errors) == len(expected), printed
    for number, wanted in zip(errors, expected, strict=True):
        place, message = re.split(": error: ", said[number], maxsplit=1)
        short = place.replace(f"{case.name}:", "").replace(case.name, "file")
        assert f"{short}: {message}".startswith(wanted), printed
        line, column = map(int, short.split(":")) if short[0].isdigit() else (0, 0)
        if line and lines[line - 1]:
            caret = said[number + 2].index("^")
            pointed = said[number + 1][caret : caret + 20]
            assert pointed == lines[line - 1][column - 1 : column + 19], printed


def test_several_files_are_told_together(cnsc: Cnsc) -> None:
    cnsc.write("ex:S a .\n", "a.ttl")
    cnsc.write(SHAPE + "[ sh:path ex:p ; sh:minCount true ] .\n", "b.ttl")
    files = ("b.ttl", "a.ttl", "none.ttl", ".")
    printed = cnsc.refuses("compile", "--shapes", *files, "--name", "demo", *OUTPUTS)
    assert re.findall(r"^(\S+): error", printed, re.M) == ["a.ttl:7:8", "none.ttl", "."]


def test_files_that_cannot_be_read(cnsc: Cnsc) -> None:
    (cnsc.folder / "folder.ttl").mkdir()
    cnsc.write(b"", "empty.ttl")
    for name, what in (
        ("none.ttl", "none.ttl: error: no such file"),
        ("folder.ttl", "folder.ttl: error: is a folder"),
        ("shapes.ttl/x.ttl", "shapes.ttl/x.ttl: error: cannot be read: Not a directory"),
        ("empty.ttl", "empty.ttl:1:1: error: the file is empty"),
    ):
        printed = cnsc.refuses("compile", "--shapes", name, "--name", "demo", *OUTPUTS)
        assert printed.startswith(what)


# Bytes


@pytest.mark.parametrize(
    ("data", "place", "what"),
    [
        (b"# \xff\n", "1:3", "byte 0xff is not UTF-8"),
        (b"# \xc3\xa9\n# \xc3\xa9\xed\xa0\x80\n", "2:4", "byte 0xed is not UTF-8"),
        ("# x".encode("utf-16"), "1:1", "byte 0xff is not UTF-8"),
        ("# x".encode("utf-16-le"), "1:2", "byte 0x00 is not text"),
        ("# x".encode("utf-16-be"), "1:1", "byte 0x00 is not text"),
        (b'# a\n# "\0"\n', "2:4", "byte 0x00 is not text"),
        (b"\x7fELF\x02\x01\x01\0\xd0", "1:8", "byte 0x00 is not text"),
        (b"\x1f\x8b\x08\x00\xaa", "1:2", "byte 0x8b is not UTF-8"),
    ],
    ids=["utf8", "surrogate", "utf16", "utf16-le", "utf16-be", "nul", "elf", "gzip"],
)
def test_bytes_that_are_no_text(cnsc: Cnsc, data: bytes, place: str, what: str) -> None:
    printed = cnsc.refuses_shapes(data)
    assert printed.startswith(f"shapes.ttl:{place}: error: {what}")
    assert len(printed.splitlines()) == 3


def test_control_characters_do_not_reach_the_terminal(cnsc: Cnsc) -> None:
    text = SHAPE + '[ sh:path ex:p ; sh:minCount "\x1b[31m\u202e\r" ] .\n'
    printed = cnsc.refuses_shapes((PREFIXES + text).replace("\r", "").encode())
    assert places(printed) == ["7:86"]
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    cnsc.write("ex:S a .\n", "a\n\x1b[1m.ttl")
    printed = cnsc.refuses("check", "a\n\x1b[1m.ttl")
    assert printed.startswith("a\\n\\x1b[1m.ttl:7:8: error: ")


@pytest.mark.parametrize("form", ["bom", "crlf", "both"])
def test_byte_order_mark_and_crlf(cnsc: Cnsc, form: str) -> None:
    def encoded(text: str) -> bytes:
        data = (PREFIXES + text).encode()
        data = data.replace(b"\n", b"\r\n") if form != "bom" else data
        return data if form == "crlf" else b"\xef\xbb\xbf" + data

    cnsc.compiles(encoded(GOOD))
    for name in ("demo.c", "demo.h"):
        (cnsc.folder / name).unlink()
    printed = cnsc.refuses_shapes(encoded(SHAPE + "[\n  sh:path ex:p ;\n  sh:minCount true ] .\n"))
    assert printed.splitlines() == [
        "shapes.ttl:9:15: error: sh:minCount needs an integer literal, got true; "
        "give an integer literal [minCount-datatype]",
        "    sh:minCount true ] .",
        "                ^",
    ]


def test_long_lines_are_shown_around_the_place(cnsc: Cnsc) -> None:
    printed = cnsc.refuses_shapes(f"# {'x' * 100_000}\n{'ex:a ex:b ex:c . ' * 6000} ex:S a .\n")
    assert places(printed) == ["8:102009"]
    excerpt, caret = printed.splitlines()[1:3]
    assert len(excerpt) < 200
    assert excerpt[caret.index("^") - 7 :].startswith("ex:S a .")


# Nesting, imports, hierarchies


DEEP = 10_000


@pytest.mark.parametrize(
    "text",
    [
        f"ex:S ex:x {'[ ex:y ' * DEEP}1{' ]' * DEEP} .\n",
        f"ex:S ex:x {'( ' * DEEP}1{' )' * DEEP} .\n",
        "".join(f"ex:c{n} rdfs:subClassOf ex:c{n + 1} .\n" for n in range(DEEP))
        + "ex:S sh:property [ sh:path ex:q ; sh:class ex:c5000 ] .\n",
        "".join(f"ex:c{n} rdfs:subClassOf ex:c{(n + 1) % DEEP} .\n" for n in range(DEEP))
        + "ex:S sh:property [ sh:path ex:q ; sh:class ex:c5000 ] .\n",
        "ex:C rdfs:subClassOf ex:C . ex:S sh:property [ sh:path ex:q ; sh:class ex:C ] .\n",
        f"ex:S sh:closed true ; sh:ignoredProperties ( {'ex:a ' * DEEP}) .\n",
    ],
    ids=["blank-nodes", "collections", "subclasses", "subclass-cycle", "own-subclass", "list"],
)
def test_depth_and_length_that_work(cnsc: Cnsc, text: str) -> None:
    cnsc.compiles(GOOD + text)


@pytest.mark.parametrize(
    "text",
    [
        f"{SHAPE}[ sh:path ex:p ] ; sh:not {'[ sh:not ' * DEEP}[ ]{' ]' * DEEP} .\n",
        f"{SHAPE}{'[ sh:path ex:p ; sh:property ' * DEEP}[ sh:path ex:p ]{' ]' * DEEP} .\n",
        f"{SHAPE}[ sh:path ex:p ] ; sh:and {'( [ sh:and ' * DEEP}(){' ] )' * DEEP} .\n",
        f"{SHAPE}[ sh:path ex:p ] ; sh:node ex:n0 .\n"
        + "".join(f"ex:n{n} a sh:NodeShape ; sh:node ex:n{n + 1} .\n" for n in range(DEEP))
        + f"ex:n{DEEP} a sh:NodeShape .\n",
        f"{SHAPE}[ sh:path ( {' '.join(f'ex:p{n}' for n in range(DEEP))} ) ; sh:minCount 1 ] .\n",
        f"{SHAPE}[ sh:path ( ( {' '.join(f'ex:p{n}' for n in range(99))} ) ex:q ) ] .\n",
    ],
    ids=["not", "property", "and", "node", "path", "path-in-path"],
)
def test_depth_that_is_refused(cnsc: Cnsc, text: str) -> None:
    printed = cnsc.refuses_shapes(text)
    assert len(places(printed)) == 1
    assert "shapes and paths are nested more than 64 levels deep" in printed


def test_imports_in_a_cycle_work(cnsc: Cnsc) -> None:
    head = "<http://example.org/{}> a owl:Ontology ; owl:imports <http://example.org/{}> .\n"
    cnsc.write(head.format("b", "a"), "b.ttl")
    cnsc.compiles(head.format("a", "b") + GOOD, "--catalog", ".")


def test_import_of_a_broken_file(cnsc: Cnsc) -> None:
    cnsc.write("<http://example.org/b> a owl:Ontology .\nex:S a .\n", "b.ttl")
    text = "<> owl:imports <http://example.org/b> .\n" + GOOD
    printed = cnsc.refuses_shapes(text, "--catalog", ".")
    assert re.match(r"(\./)?b\.ttl:8:8: error: ", printed)


def test_missing_catalog(cnsc: Cnsc) -> None:
    printed = cnsc.refuses(*COMPILE, *OUTPUTS, "--catalog", "none")
    assert printed.startswith("none: error: no such catalog file or folder")


# Paths


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("[ sh:inversePath ex:p ]", "sh:inversePath"),
        ("[ sh:zeroOrMorePath ex:p ]", "sh:zeroOrMorePath"),
        ("( ex:p [ sh:oneOrMorePath ex:q ] )", "sh:oneOrMorePath"),
        ("[ sh:alternativePath ( ex:p [ sh:zeroOrOnePath ex:q ] ) ]", "sh:zeroOrOnePath"),
        ("( [ sh:zeroOrMorePath rdf:rest ] ex:p )", "sh:zeroOrMorePath"),
    ],
)
def test_paths_that_only_graphs_can_follow(cnsc: Cnsc, path: str, word: str) -> None:
    text = f"{SHAPE}[ sh:path {path} ; sh:minCount 1 ] .\n"
    printed = cnsc.refuses_shapes(text)
    assert f"not supported yet in records: a path with {word} needs profile graph" in printed
    assert f"leave it out of the checks with --waive {word}" in printed
    assert places(printed) == ["7:57"]
    assert f"waived {word}" in cnsc.compiles(text, "--waive", word)


def test_the_order_of_texts_that_are_not_checked(cnsc: Cnsc) -> None:
    """xsd:token has an order, but whether a literal is a well-formed one is not known."""
    token = '"a"^^xsd:token'
    text = f"{SHAPE}[ sh:path ex:p ; sh:in ( {token} ) ; sh:lessThan ex:q ] .\n"
    printed = cnsc.refuses_shapes(text)
    assert "not supported yet in records: the order of literals of datatype xsd:token" in printed
    assert "with --waive sh:lessThan" in printed
    cnsc.compiles(text, "--waive", "sh:lessThan")
    general = f"{SHAPE}[ sh:path ex:p ; sh:not [ sh:in ( {token} ) ] ; sh:lessThan ex:q ] .\n"
    assert "datatype xsd:token" in cnsc.refuses_shapes(general)
    cnsc.compiles(text.replace("lessThan", "disjoint"))


def test_a_path_of_many_branches(cnsc: Cnsc) -> None:
    pair = "[ sh:alternativePath ( ex:p ex:q ) ]"
    text = f"{SHAPE}[ sh:path ( {' '.join([pair] * 7)} ) ; sh:maxCount 1 ] .\n"
    printed = cnsc.refuses_shapes(text)
    assert "a path of more than 64 alternatives, multiplied by its sequences" in printed
    assert "split the property shape into several" in printed
    many = f"{SHAPE}[ sh:path ( {' '.join([pair] * 60)} ) ; sh:maxCount 1 ] .\n"
    assert "a path of more than 64 alternatives" in cnsc.refuses_shapes(many)


# Numbers and lists


def test_the_most_elements_work(cnsc: Cnsc) -> None:
    cnsc.compiles(SHAPE + "[ sh:path ex:p ; sh:datatype xsd:int ; sh:maxCount 65535 ] .\n")
    text = SHAPE + "[ sh:path ex:p ; sh:datatype xsd:string ] .\n"
    cnsc.compiles(text, "--capacity", "65535", "--inline-strings")
    text = SHAPE + "[ sh:path ( ex:p [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ] .\n"
    cnsc.compiles(text, "--capacity", "65535")


def test_enormous_lengths(cnsc: Cnsc) -> None:
    text = SHAPE + (
        "[ sh:path ex:p ; sh:datatype xsd:string ; sh:maxCount 1 ;\n"
        f"  sh:minLength 1000000000000 ; sh:maxLength 1{'0' * 30} ] .\n"
    )
    printed = cnsc.refuses_shapes(text, "--inline-strings")
    assert places(printed) == ["8:45"]
    assert "65535 is the most; lower sh:maxLength" in printed
    cnsc.compiles(text)


def test_capacity_beyond_the_bound_is_refused(cnsc: Cnsc) -> None:
    text = SHAPE + "[ sh:path ex:p ; sh:datatype xsd:int ; sh:minCount 9 ] .\n"
    assert "pass --capacity p=9" in cnsc.refuses_shapes(text)
    cnsc.compiles(text, "--capacity", "p=9")


@pytest.mark.parametrize(
    ("members", "c_type"),
    [
        ("", "int32_t"),
        ("1 2", "int32_t"),
        ("ex:a ex:a 'a' 'a'", "uint8_t"),
        (" ".join(f"ex:v{n}" for n in range(255)), "uint8_t"),
        (" ".join(f"ex:v{n}" for n in range(256)), "uint16_t"),
        (" ".join(f"ex:v{n}" for n in range(5046)), "uint16_t"),
    ],
    ids=["none", "integers", "twice", "255", "256", "5046"],
)
def test_lists_of_every_size(cnsc: Cnsc, members: str, c_type: str) -> None:
    datatype = "sh:datatype xsd:int ;" if c_type == "int32_t" else ""
    cnsc.compiles(f"{SHAPE}[ sh:path ex:p ; sh:maxCount 1 ; {datatype} sh:in ( {members} ) ] .\n")
    assert f"    {c_type} p; /*" in cnsc.header()


def test_list_of_more_members_than_numbers(cnsc: Cnsc) -> None:
    members = " ".join(f"ex:v{n}" for n in range(65536))
    printed = cnsc.refuses_shapes(f"{SHAPE}[ sh:path ex:p ; sh:in ( {members} ) ] .\n")
    assert places(printed) == ["7:80"]
    assert "sh:in has 65536 members" in printed


# Names


WORDS = [
    "NULL",
    "EOF",
    "errno",
    "INT_MAX",
    "signed",
    "register",
    "class",
    "template",
    "and",
    "xor",
    "linux",
    "unix",
    "int32_t",
    "cns_str",
    "cns_ref",
    "bool",
    "size_t",
    "new",
    "this",
    "delete",
    "default",
    "export",
    "import",
    "module",
    "noreturn",
    "complex",
    "i386",
    "near",
    "far",
    "interface",
    "assert",
    "stdin",
    "record",
    "value",
    "result",
    "demo",
    "demo_C",
    "uint32_t",
    "uint16_t",
    "has",
    "id",
    "class_id",
    "unused",
    "_1",
    "__x",
    "%41",
    "validate",
    "init",
    "steps",
    "capacity",
    "count",
    "größe",
    "名前",
]


def properties(names: Sequence[str], count: int = 1) -> str:
    """Return a shape with a property of each name."""
    each = "sh:datatype xsd:int ; sh:maxCount"
    parts = [f"[ sh:path <http://example.org/{n}> ; {each} {count} ]" for n in names]
    return f"{SHAPE}{' , '.join(parts)} .\n"


@pytest.mark.parametrize("count", [1, 2])
def test_words_of_c_as_properties(cnsc: Cnsc, count: int) -> None:
    cnsc.compiles(properties(WORDS, count))
    stored = re.findall(r"^    int32_t \w+(?:\[\w+\])?; /\*", cnsc.header(), re.MULTILINE)
    assert len(stored) == len(WORDS)


def test_words_of_c_as_classes_and_members(cnsc: Cnsc) -> None:
    classes = ", ".join(f"<http://example.org/{name}>" for name in WORDS)
    members = " ".join(f"<http://example.org/{name}> '{name}'" for name in WORDS)
    cnsc.compiles(
        f"ex:S a sh:NodeShape ; sh:targetClass {classes} ;\n"
        f"  sh:property [ sh:path ex:p ; sh:maxCount 1 ; sh:in ( {members} ) ] .\n"
    )
    stored = re.findall(r"^    uint8_t p; /\*", cnsc.header(), re.MULTILINE)
    assert len(stored) == len(WORDS)


@pytest.mark.parametrize(
    "iri",
    [
        "http://example.org/",
        "http://example.org/a#",
        "urn:x",
        "mailto:a@b",
        "http://x/%E4%F6",
        "x:",
    ],
)
def test_iris_without_a_local_name(cnsc: Cnsc, iri: str) -> None:
    cnsc.compiles(
        f"ex:S a sh:NodeShape ; sh:targetClass <{iri}> ; sh:property [\n"
        f"  sh:path <{iri}> ; sh:maxCount 1 ; sh:in ( <{iri}> '' ' ' '-' ) ] .\n"
    )


def test_equal_local_names_get_prefixes(cnsc: Cnsc) -> None:
    cnsc.compiles(
        "@prefix other: <http://other.org/> .\n"
        f"{SHAPE}[ sh:path ex:p ; sh:maxCount 1 ] , [ sh:path other:p ; sh:maxCount 1 ] .\n"
    )
    assert re.search(r" ex_p;.* other_p;", cnsc.header(), re.DOTALL)


@pytest.mark.parametrize(
    ("classes", "members"),
    [
        (
            "ex:C, ex:c, <http://o.org/C>, ex:C_, ex:CShape, ex:C_2",
            "ex:a ex:A ex:a_2 'a' 'A' 'a '",
        ),
        ("ex:C_validate, ex:C, ex:C_set_p, ex:C_add_q", "ex:y_z"),
        ("ex:model, ex:checks, ex:texts, ex:types, ex:terms, ex:handlers, ex:find", "ex:capacity"),
        ("ex:kind, ex:has_p, ex:term, ex:p_has_p, ex:init", "ex:has_p ex:capacity ex:init"),
    ],
    ids=["equal", "functions", "tables", "macros"],
)
def test_names_that_meet_others(cnsc: Cnsc, classes: str, members: str) -> None:
    cnsc.compiles(
        f"ex:S a sh:NodeShape ; sh:targetClass {classes} ; sh:property\n"
        f"  [ sh:path ex:p ; sh:maxCount 1 ; sh:in ( {members} ) ] ,\n"
        f"  [ sh:path ex:p_y ; sh:maxCount 1 ; sh:in ( ex:z ex:{'n' * 10_000} ) ] ,\n"
        f"  [ sh:path ex:q ; sh:maxCount 3 ; sh:in ( {members} ) ] ,\n"
        "  [ sh:path ex:q_count ; sh:maxCount 1 ; sh:datatype xsd:int ] ,\n"
        "  [ sh:path ex:r ; sh:maxCount 1 ; sh:nodeKind sh:IRI ; sh:hasValue ex:has_p ] .\n"
    )
    names = re.findall(r"^#define (\w+) |^    (\w+) = ", cnsc.header(), re.MULTILINE)
    macros = {macro for macro, _ in names}  # each …_INIT twice, for C++ and C
    enumerators = [enumerator for _, enumerator in names if enumerator]
    assert len(enumerators) > 8
    assert len(set(enumerators)) == len(enumerators)
    assert macros.isdisjoint(enumerators)


# Text that tries to leave its quotes or its comment

TEXTS = [
    "*/ int x; /*",
    "/* */ // */*",
    "a??/",
    "??/\n??(",
    "a\\",
    '\\\n"',
    '"; int x; char *y = "',
    "%s%n%d",
    "a\0b",
    "\r\n\t",
    "\x1b[31m\x7f",
    "\u202e*\u200b/",
    "é 名 \U0001f600\u2028",
    "#define X",
    "{{ name }} {% if %}",
    "w " * 60 + "*/",
    "*" * 300 + "/",
    "x" * 10_000,
]


def quoted(text: str) -> str:
    """Return a Turtle literal."""
    escapes = {'"': '\\"', "\\": "\\\\"}
    return (
        '"'
        + "".join(escapes.get(c, c if c.isprintable() else f"\\U{ord(c):08X}") for c in text)
        + '"'
    )


PRINTER = """\
#include "demo.h"
#include <stdio.h>
int
main(void)
{
    cns_violation storage[4];
    char text[65536];
    cns_result result;
    demo_c record = DEMO_C_INIT;
    cns_result_init(&result, storage, 4);
    demo_c_set_p(&record, 7);
    (void)demo_c_validate(&record, &result);
    size_t size = cns_violation_format(&demo_model, &storage[0], text, sizeof text);
    fwrite(text, 1, size, stdout);
    return 0;
}
"""


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_text_stays_in_its_place(cnsc: Cnsc, text: str) -> None:
    word = quoted(text)
    cnsc.compiles(
        f"ex:C a owl:Class ; rdfs:label {word} ; rdfs:comment {word} .\n"
        f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; rdfs:label {word} ; sh:property\n"
        f"  [ sh:path ex:p ; sh:datatype xsd:int ; sh:maxCount 1 ; sh:maxInclusive 5 ;\n"
        f"    sh:name {word} ; sh:description {word} ; sh:message {word} ] ,\n"
        f"  [ sh:path ex:q ; sh:maxCount 1 ; sh:in ( {word} 'other' ) ; sh:name {word} ] ,\n"
        f"  [ sh:path ex:r ; sh:maxCount 1 ; sh:datatype xsd:string ; sh:hasValue {word} ] ,\n"
        f"  [ sh:path ex:t ; sh:maxCount 1 ; sh:hasValue {word} ] .\n"
    )


@pytest.mark.parametrize("iri", ["*/", "??/", "%s", "a'b", "(", "é", "a&b;c"])
def test_iri_stays_in_its_place(cnsc: Cnsc, iri: str) -> None:
    cnsc.compiles(
        f"ex:S a sh:NodeShape ; sh:targetClass <http://x/{iri}> ; sh:property\n"
        f"  [ sh:path <http://x/{iri}p> ; sh:in ( <http://x/{iri}q> <http://x/{iri}> ) ] .\n"
    )


@pytest.mark.parametrize(
    "name",
    ["a*.ttl", "a b.ttl", "é.ttl", "a\\.ttl", "a??.ttl", "#.ttl", "$x.ttl", '"q.ttl', "%s.ttl"],
)
def test_file_name_stays_in_its_place(cnsc: Cnsc, name: str) -> None:
    cnsc.write(GOOD, name)
    cnsc.compiles(GOOD, "--depfile", "demo.d", "--shapes", name)


def test_printed_messages_are_unharmed(cnsc: Cnsc) -> None:
    text = '*/ "quoted" back\\slash ??/ %s%n é 名 /* //'
    cnsc.compiles(
        f"{SHAPE}[ sh:path ex:p ; sh:datatype xsd:int ; sh:maxCount 1 ; sh:maxInclusive 5 ;\n"
        f"  sh:message 'andere'@de , {quoted(text)}@en , 'autre'@fr ] .\n"
    )
    (cnsc.folder / "main.c").write_text(PRINTER)
    sources = [str(path) for path in sorted(RUNTIME.glob("*.c"))]
    command = ["gcc", "-std=c11", *FLAGS, "-I.", f"-I{RUNTIME / 'include'}", "main.c", "demo.c"]
    subprocess.run([*command, *sources, "-o", "main"], cwd=cnsc.folder, check=True)
    shown = subprocess.run([cnsc.folder / "main"], capture_output=True, check=True).stdout
    assert f": {text} [" in shown.decode()


@pytest.mark.parametrize("length", range(60, 80))
def test_comments_continue_nothing(length: int) -> None:
    """A trigraph at the end of a comment's line would be a backslash there."""
    lines = c_paragraph(f"{'x' * length} ??/ {'y' * 60} ???/ \u0000??/")
    assert not [line for line in lines if "??/" in line]


# Outputs


@pytest.mark.parametrize(
    "arguments",
    [
        ("-o", "shapes.ttl", "demo.h"),
        ("-o", "demo.c", "./shapes.ttl"),
        ("-o", "demo.c", "link.h"),
        ("-o", "demo.c", "imported.ttl"),
        (*OUTPUTS, "--depfile", "shapes.ttl"),
        (*OUTPUTS, "--summary", "shapes.ttl"),
        (*OUTPUTS, "--stamp", "shapes.ttl"),
        ("-o", "demo.c", "demo.c"),
        ("-o", "demo.c", "folder/../demo.c"),
        (*OUTPUTS, "--map", "demo.h"),
        (*OUTPUTS, "--map", "x", "--summary", "x"),
    ],
    ids=" ".join,
)
def test_output_over_another_file(cnsc: Cnsc, arguments: tuple[str, ...]) -> None:
    cnsc.write("<http://example.org/i> a owl:Ontology .\n", "imported.ttl")
    cnsc.write("<> owl:imports <http://example.org/i> .\n" + GOOD)
    (cnsc.folder / "link.h").symlink_to("shapes.ttl")
    (cnsc.folder / "folder").mkdir()
    printed = cnsc.refuses(*COMPILE, *arguments, "--catalog", "imported.ttl", code=2)
    assert re.search("is an input and would be overwritten|is given for two outputs", printed)


def test_link_to_an_output_is_followed(cnsc: Cnsc) -> None:
    (cnsc.folder / "demo.h").symlink_to("elsewhere.h")
    cnsc.compiles(GOOD)
    assert (cnsc.folder / "demo.h").is_symlink()
    assert "typedef struct demo_c" in (cnsc.folder / "elsewhere.h").read_text("utf-8")


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("folder", "cannot be written: it is a folder"),
        ("", "cannot be written: it is a folder"),
        ("fifo", "cannot be written: it is not a regular file"),
        ("old.h", "cannot be written: it is read-only; make it writable"),
        ("none/demo.h", "cannot be written: No such file or directory; create its folder first"),
        ("shapes.ttl/demo.h", "cannot be written: Not a directory"),
        (f"{'x' * 300}.h", "cannot be written: File name too long"),
        ("/proc/demo.h", "cannot be written: "),
    ],
)
def test_output_that_cannot_be_written(cnsc: Cnsc, header: str, what: str) -> None:
    (cnsc.folder / "folder").mkdir()
    os.mkfifo(cnsc.folder / "fifo")
    (cnsc.folder / "old.h").write_text("old")
    (cnsc.folder / "old.h").chmod(0o444)
    for outputs in (("demo.c", header), (header, "demo.h")):
        printed = cnsc.refuses(*COMPILE, "-o", *outputs)
        assert f": error: {what}" in printed
        assert ".cnsc-" not in printed


def test_file_size_limit(cnsc: Cnsc) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    (cnsc.folder / "demo.c").write_text("old")
    before = snapshot(cnsc.folder)
    done = cnsc.run(*COMPILE, *OUTPUTS, before=limit)
    assert done.returncode == 1
    assert done.stderr.startswith("demo.c: error: cannot be written: File too large")
    assert snapshot(cnsc.folder) == before


def test_full_disk(cnsc: Cnsc) -> None:
    disk = cnsc.folder / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("needs root and unshare, to mount a small file system")
    program = (
        "mount -t tmpfs -o size=4k none disk && "
        f'"{sys.executable}" -m cns_build "$@"; code=$?; ls -A disk; exit $code'
    )
    arguments = (*COMPILE, "-o", "disk/demo.c", "disk/demo.h")
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", program, "bash", *arguments],
        cwd=cnsc.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT,
        check=False,
    )
    if "mount: " in done.stderr or "unshare: " in done.stderr:
        pytest.skip("no file system can be mounted here")
    assert done.returncode == 1, done.stderr
    assert "cannot be written: No space left on device; free some space" in done.stderr
    assert done.stdout == ""


def test_export_leaves_nothing_half_done(cnsc: Cnsc) -> None:
    (cnsc.folder / "out" / "demo.h").mkdir(parents=True)
    export = ("export", "--shapes", "shapes.ttl", "--name", "demo", "-o")
    assert "out/demo.h: error: cannot be written: it is a folder" in cnsc.refuses(*export, "out")
    printed = cnsc.refuses(*export, "shapes.ttl")
    assert printed.startswith("shapes.ttl: error: cannot be written: ")
    cnsc.write("ex:S a .\n")
    cnsc.refuses(*export, "new")


def test_errors_leave_older_outputs_alone(cnsc: Cnsc) -> None:
    cnsc.compiles(GOOD, "--depfile", "demo.d", "--map", "demo.json", "--summary", "s.json")
    more = ("--depfile", "demo.d", "--map", "demo.json", "--summary", "s.json")
    cnsc.refuses_shapes("ex:S a .\n", *more)


# Usage


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("frobnicate",),
        ("compile",),
        ("compile", "--name", "demo", *OUTPUTS),
        ("compile", "--shapes", "shapes.ttl", *OUTPUTS),
        COMPILE,
        (*COMPILE, "-o", "demo.c"),
        (*COMPILE, *OUTPUTS, "--frobnicate"),
        ("check",),
        ("check", "--frobnicate", "shapes.ttl"),
        ("explain", "--shapes", "shapes.ttl"),
        ("export", "--shapes", "shapes.ttl", "--name", "demo"),
        ("--print", "nothing"),
    ],
    ids=" ".join,
)
def test_wrong_command_line(cnsc: Cnsc, arguments: tuple[str, ...]) -> None:
    printed = cnsc.refuses(*arguments, code=2)
    assert re.search(r"^cnsc( \w+)?: error: ", printed, re.MULTILINE)


NAMES = ["int", "class", "Demo", "a b", "a/b", "../x", "", "cns", "cns_x", "_x", "1a", "é", "a-b"]


@pytest.mark.parametrize("name", [*NAMES, "linux", "a\n", "int32_t", "x" * 64])
def test_wrong_name(cnsc: Cnsc, name: str) -> None:
    arguments = ("compile", "--shapes", "shapes.ttl", f"--name={name}", *OUTPUTS)
    assert "is not a C identifier in lower case" in cnsc.refuses(*arguments, code=2)


OPTIONS = [
    "--capacity=0",
    "--capacity=-1",
    "--capacity=65536",
    "--capacity=x",
    "--capacity=",
    "--capacity==3",
    "--capacity=p=",
    "--capacity=1e3",
    "--capacity=1_0",
    "--capacity=0xx",
    "--capacity=٣",
    "--capacity=²",
    "--capacity=99999999999999999999",
    "--kind=c",
    "--kind=c=",
    "--kind=c=-1",
    "--kind=c=x",
    "--kind=C=1",
    "--kind==1",
    "--kind=c=4294967296",
    "--kind=c=1=2",
    "--unchecked=beat",
    "--unchecked=a-b=1",
    "--unchecked=Beat=1",
    "--tick-budget=-1",
    "--tick-budget=x",
    "--tick-budget=1.5",
    "--report=x",
    "--strings=x",
    "--engine=x",
]


@pytest.mark.parametrize("option", [*OPTIONS, f"--tick-budget={'9' * 5000}"])
def test_wrong_option(cnsc: Cnsc, option: str) -> None:
    printed = cnsc.refuses(*COMPILE, *OUTPUTS, option, code=2)
    assert f"error: argument {option.partition('=')[0]}: " in printed
    assert "invalid _" not in printed
    assert len(printed) < 2000


@pytest.mark.parametrize(
    "options",
    [
        ("--kind=c=1", "--kind=c=2"),
        ("--kind=c=1", "--unchecked=beat=1"),
        ("--unchecked=a=1", "--unchecked=b=1"),
        ("--unchecked=a=1", "--unchecked=a=2"),
    ],
    ids=" ".join,
)
def test_numbers_of_kinds_that_clash(cnsc: Cnsc, options: tuple[str, ...]) -> None:
    printed = cnsc.refuses(*COMPILE, *OUTPUTS, *options, code=2)
    assert "one number for each kind of signal" in printed


@pytest.mark.parametrize(
    ("option", "what"),
    [
        ("--kind=none=1", "--kind none: no record is called so; the records are: c"),
        ("--unchecked=c=1", "--unchecked c: a record is called so"),
        ("--record=none", "--record none names no shape"),
        ("--capacity=none=3", "--capacity none: no record has this property"),
        (
            "--tick-budget=1",
            "record c can take 2 steps in demo_c_validate, more than the tick budget of 1",
        ),
    ],
)
def test_option_that_does_not_fit_the_shapes(cnsc: Cnsc, option: str, what: str) -> None:
    assert f": error: {what}" in cnsc.refuses(*COMPILE, *OUTPUTS, option)


# Streams and signals


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "shapes.ttl"),
        ("explain", "--shapes", "shapes.ttl", "--name", "demo"),
        ("--print", "runtime-dir"),
        ("--help",),
        ("compile", "--help"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("shell", ["| true", "| head -0", ">&-", "> /dev/full", "2>&-"])
def test_output_that_nobody_takes(cnsc: Cnsc, arguments: tuple[str, ...], shell: str) -> None:
    done = cnsc.run(*arguments, shell=shell)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "internal error" not in done.stderr
    if shell == "> /dev/full" and "--help" not in arguments:
        assert done.returncode == 1
        assert done.stderr == "cnsc: error: the output: No space left on device\n"


def test_terminal_without_unicode(cnsc: Cnsc) -> None:
    cnsc.write(SHAPE + '[ sh:path ex:ä ; sh:name "ü" ] .\n')
    arguments = ("explain", "--shapes", "shapes.ttl", "--name", "demo")
    done = cnsc.run(*arguments, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "\\xe4" in done.stdout


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_signals_end_without_a_trace(cnsc: Cnsc, number: int, code: int) -> None:
    fifo = cnsc.folder / "slow.ttl"
    os.mkfifo(fifo)
    running = subprocess.Popen(
        [sys.executable, "-m", "cns_build", "check", "slow.ttl"],
        cwd=cnsc.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell lets what it runs in the background ignore SIGINT, and so its children.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    with fifo.open("wb"):  # returns once cnsc opens it
        time.sleep(0.5)  # Python would not see a signal that comes just before it starts to read
        running.send_signal(number)
        output, errors = running.communicate(timeout=LIMIT)
    assert running.returncode == code, errors
    assert (output, errors) == (b"", b"")


@pytest.mark.parametrize(
    "step",
    [
        "a sh:NodeShape ; sh:and ( ex:n{0} ex:n{0} )",
        "a sh:NodeShape ; sh:property [ sh:path ex:p{0} ; sh:node ex:n{0} ] ,\n"
        "  [ sh:path ex:q{0} ; sh:node ex:n{0} ]",
    ],
    ids=["and", "property"],
)
def test_shapes_that_multiply(cnsc: Cnsc, step: str) -> None:
    chain = "".join(f"ex:n{n - 1} {step.format(n)} .\n" for n in range(1, 30))
    printed = cnsc.refuses_shapes(
        f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:node ex:n0 .\n{chain}"
        "ex:n29 a sh:NodeShape ; sh:nodeKind sh:IRI .\n"
    )
    assert len(places(printed)) == 1
    assert "shapes refer to each other in more than 20000 ways" in printed


def test_steps_beyond_what_can_be_counted(cnsc: Cnsc) -> None:
    inner = "sh:minCount 1"
    for level in range(4):
        inner = f"sh:property [ sh:path ex:p{level} ; {inner} ]"
    text = f"{SHAPE}[ sh:path ex:p ; {inner} ] .\n"
    printed = cnsc.refuses_shapes(text, "--capacity", "65535")
    assert places(printed) == ["7:1"]
    assert "more than its count can hold, which is 4294967295; lower what its con" in printed
    cnsc.compiles(text, "--capacity", "2")
