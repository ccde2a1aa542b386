# SPDX-License-Identifier: Apache-2.0
"""Offsets and sizes that `cnsc explain` prints are those of C compilers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cns_build.backend import abi
from cns_build.backend.types import Names
from cns_build.xsd import SCALARS
from tests.compiling import Model, compile_text
from tests.runtime.toolchain import INCLUDE, need

COMPILERS = {
    "gcc": ("gcc", (), abi.LP64),
    "clang": ("clang", (), abi.LP64),
    "cortex-m0": ("arm-none-eabi-gcc", ("-mcpu=cortex-m0", "-mthumb"), abi.ILP32),
    "rv32": ("riscv64-unknown-elf-gcc", ("-march=rv32imac", "-mabi=ilp32"), abi.ILP32),
}
ALL_SCALARS = "".join(
    f"sh:property [ sh:path ex:s{n} ; sh:datatype xsd:{name} ; sh:maxCount {1 + n % 3} ] ;\n"
    for n, name in enumerate(SCALARS)
)
MANY = "".join(
    f"sh:property [ sh:path ex:b{n:02} ; sh:datatype xsd:boolean ; sh:maxCount 1 ] ;\n"
    for n in range(33)
)
LONG_ENUM = " ".join(f"ex:m{n}" for n in range(256))
SHAPES = {
    "scalars": f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; {ALL_SCALARS} .",
    "presence-words": f"ex:S a sh:NodeShape ; sh:targetClass ex:C ; {MANY} .",
    "nodes": """
        ex:Sub rdfs:subClassOf ex:C .
        ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:targetNode ex:one ; sh:nodeKind sh:IRI ;
          sh:property [ sh:path ex:any ] ;
          sh:property [ sh:path ex:flag ; sh:datatype xsd:boolean ; sh:maxCount 1 ] ;
          sh:property [ sh:path ex:ref ; sh:class ex:Sub ; sh:maxCount 1 ] ;
          sh:property [ sh:path ex:owned ; sh:nodeKind sh:BlankNode ; sh:node ex:N ;
                        sh:maxCount 2 ] ;
          sh:property [ sh:path ex:none ; sh:maxCount 0 ] ;
          sh:property [ sh:path ex:text ; sh:datatype rdf:langString ; sh:maxCount 1 ] ;
          sh:property [ sh:path ex:unit ; sh:datatype ex:Unit ; sh:maxCount 1 ] .
        ex:N a sh:NodeShape ;
          sh:property [ sh:path ex:short ; sh:datatype xsd:short ; sh:maxCount 1 ] .
        """,
    "enums": f"""
        ex:S a sh:NodeShape ; sh:targetClass ex:C ;
          sh:property [ sh:path ex:few ; sh:in ( ex:a ex:b ) ; sh:maxCount 3 ] ;
          sh:property [ sh:path ex:long ; sh:in ( {LONG_ENUM} ) ; sh:maxCount 1 ] ;
          sh:property [ sh:path ex:few2 ; sh:in ( "a" 1 ) ; sh:maxCount 1 ] .
        """,
    "lists": """
        ex:S a sh:NodeShape ; sh:targetClass ex:C ;
          sh:property [ sh:path ( ex:l [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ;
                        sh:datatype xsd:double ] ;
          sh:property [ sh:path ex:l ; sh:maxCount 1 ] ;
          sh:property [ sh:path ( ex:k [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ;
                        sh:datatype xsd:byte ] ;
          sh:property [ sh:path ex:k ; sh:maxCount 2 ] .
        """,
    "texts": """
        ex:S a sh:NodeShape ; sh:targetClass ex:C ;
          sh:property [ sh:path ex:name ; sh:datatype xsd:string ; sh:maxLength 3 ;
                        sh:maxCount 1 ] ;
          sh:property [ sh:path ex:other ; sh:datatype xsd:anyURI ; sh:maxCount 3 ] ;
          sh:property [ sh:path ex:either ; sh:maxCount 1 ;
                        sh:or ( [ sh:datatype xsd:string ] [ sh:datatype xsd:int ] ) ] .
        """,
    "empty": "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:BlankNode .",
}


def expected(model: Model, target: abi.Abi) -> list[str]:
    """Static assertions for everything that `backend.abi` says about the model's structs."""
    names = Names(model.compiled.program.name)
    lines = []
    for record in model.compiled.program.records:
        struct = names.record(record.name)
        layout = abi.lay_out(record, names, target)
        lines.append(f"SAME(sizeof({struct}), {layout.size});")
        lines.append(f"SAME(_Alignof({struct}), {layout.align});")
        for placed in layout.members:
            member = f"{struct}, {placed.member.name}"
            lines.append(f"SAME(offsetof({member}), {placed.offset});")
            lines.append(f"SAME(sizeof((({struct} *)0)->{placed.member.name}), {placed.size});")
    return lines


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("compiler", COMPILERS)
def test_members_lie_where_c_puts_them(tmp_path: Path, compiler: str, shapes: str) -> None:
    command, flags, target = COMPILERS[compiler]
    path = need(command)
    model = compile_text(tmp_path, SHAPES[shapes], inline_strings=shapes == "texts")
    (tmp_path / "demo.h").write_text(model.generate()[1], "utf-8")
    lines = expected(model, target)
    assert len(lines) > 3
    text = "\n".join(
        [
            "#include <stddef.h>",
            '#include "demo.h"',
            '#define SAME(a, b) _Static_assert((a) == (b), #a " is not " #b)',
            *lines,
        ]
    )
    include = [f"-I{INCLUDE}", f"-I{tmp_path}"]
    done = subprocess.run(
        [path, *flags, "-std=c11", "-ffreestanding", *include, "-fsyntax-only", "-x", "c", "-"],
        input=text,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_struct_members_are_those_of_the_header(tmp_path: Path) -> None:
    """The table names every member of the struct, once and in order."""
    model = compile_text(tmp_path, SHAPES["nodes"])
    header = model.generate()[1]
    names = Names("demo")
    for record in model.compiled.program.records:
        struct = header.split(f"struct {names.record(record.name)} {{")[1].split("\n};")[0]
        declarations = [line.split(";")[0].split("[")[0] for line in struct.split("\n")[1:]]
        declared = [words.split()[-1].lstrip("*") for words in declarations]
        assert declared == [m.name for m in abi.members(record, names)]
