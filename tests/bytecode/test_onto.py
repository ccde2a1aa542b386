# SPDX-License-Identifier: Apache-2.0
"""Images onto the records of a firmware in the field: what its map holds, and what may change."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from cns_build import model as m
from cns_build import pipeline
from cns_build.backend.map import model_map
from cns_build.bytecode.image import to_words
from cns_build.bytecode.numbers import fingerprint
from cns_build.cli import main
from cns_build.decode.firmware import read_firmware
from cns_build.diagnostics import CompileError, Position
from cns_build.frontend import load
from cns_build.ir.firmware import Firmware
from cns_build.options import Options
from tests.compiling import PREFIXES
from tests.records.answers import Answer
from tests.records.generate import Generator
from tests.records.native import Comparison, Native, compile_model
from tests.records.oracle import Oracle
from tests.records.session import draw, silent
from tests.records.values import RecordValue
from tests.runtime.toolchain import C11, CORE, INCLUDE, SANITIZERS, compile_c, run_program
from tests.test_records_cases import CASES, options_of


def firmware_of(native: Native, options: Options, folder: Path) -> Firmware:
    """A model as its map tells it, written and read."""
    text = model_map(native.program, options, {}, lambda origin: Position(origin.file))
    (folder / "m.map.json").write_text(text, "utf-8")
    return read_firmware(str(folder / "m.map.json"))


# The map


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_shapes_onto_their_own_map_are_the_same_image(case: Path, tmp_path: Path) -> None:
    options = replace(options_of(case.read_text()), engine="bytecode")
    graph, _, _ = load([], [str(case)], catalog=[], waive=[])
    compiled = pipeline.compile_shapes(graph, options)
    native = Native(graph, compiled.program, compiled.naive, tmp_path, False)
    firmware = firmware_of(native, options, tmp_path)
    assert fingerprint(firmware) == fingerprint(compiled.program)
    again = replace(options, onto=firmware, kinds=firmware.kinds, capacity=1, depth=firmware.depth)
    update = pipeline.compile_shapes(graph, again)
    wanted = pipeline.make_image(compiled, graph, options)
    image = pipeline.make_image(update, graph, again)
    assert wanted is not None
    assert image is not None
    assert to_words(image) == to_words(wanted)


# Updates that run

FIRMWARE = """
ex:Hot rdfs:subClassOf ex:Room . ex:Cold rdfs:subClassOf ex:Room .
ex:Wing rdfs:subClassOf ex:Zone . ex:Floor rdfs:subClassOf ex:Zone . ex:lobby a ex:Floor .
ex:RoomShape a sh:NodeShape ; sh:targetClass ex:Room ;
  sh:property [ sh:path rdf:type ; sh:in ( ex:Room ex:Hot ) ] ;
  sh:property [ sh:path ex:name ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:celsius ; sh:datatype xsd:double ; sh:maxCount 4 ;
                sh:maxInclusive 85 ] ;
  sh:property [ sh:path ex:state ; sh:in ( ex:on ex:off ex:idle ) ; sh:maxCount 1 ] ;
  sh:property [ sh:path ex:zone ; sh:class ex:Zone ; sh:nodeKind sh:IRI ; sh:maxCount 2 ] ;
  sh:property [ sh:path ex:note ; sh:maxCount 2 ] ;
  sh:property [ sh:path ex:sensor ; sh:nodeKind sh:BlankNode ; sh:maxCount 2 ;
                sh:property [ sh:path ex:serial ; sh:datatype xsd:string ; sh:maxCount 1 ] ;
                sh:property [ sh:path ex:channel ; sh:datatype xsd:int ; sh:maxCount 2 ] ] .
ex:DoorShape a sh:NodeShape ; sh:targetClass ex:Door ; sh:nodeKind sh:IRI ;
  sh:property [ sh:path ex:open ; sh:datatype xsd:boolean ; sh:maxCount 1 ; sh:minCount 1 ] ;
  sh:property [ sh:path ex:width ; sh:datatype xsd:int ; sh:maxCount 1 ] .
ex:LobbyShape a sh:NodeShape ; sh:targetNode ex:lobby ;
  sh:property [ sh:path ex:width ; sh:datatype xsd:int ; sh:minCount 1 ; sh:maxCount 1 ] .
"""


@dataclass(frozen=True)
class Updated(Native):
    """The library of a firmware, and the program of an image that it runs."""

    image: tuple[int, ...] = ()

    def answers(
        self, values: Sequence[RecordValue], image: Sequence[int] | None = None
    ) -> list[Answer]:
        return super().answers(values, image or self.image)


@pytest.fixture(scope="module")
def firmware(tmp_path_factory: pytest.TempPathFactory) -> tuple[Native, Firmware]:
    """A firmware with the engine of bytecode, and its map."""
    folder = tmp_path_factory.mktemp("onto") / "firmware"
    folder.mkdir()
    shapes = folder / "firmware.ttl"
    shapes.write_text(PREFIXES + FIRMWARE, "utf-8")
    options = Options(name="m", engine="bytecode", kinds={"door": 7})
    native = compile_model(folder, [shapes], options)
    return native, firmware_of(native, options, folder)


def update(built: tuple[Native, Firmware], shapes: str, folder: Path) -> tuple[Updated, str]:
    """Shapes compiled onto a firmware, and their file. Raises CompileError."""
    native, firmware = built
    file = folder / "update.ttl"
    file.write_text(PREFIXES + shapes, "utf-8")
    graph, _, _ = load([], [str(file)], catalog=[], waive=[])
    options = Options(name="m", engine="bytecode", kinds=firmware.kinds, onto=firmware)
    compiled = pipeline.compile_shapes(graph, options)
    image = pipeline.make_image(compiled, graph, options)
    assert image is not None
    words = tuple(to_words(image))
    program, naive = compiled.program, compiled.naive
    made = Updated(graph, program, naive, native.library, native.sanitized, image=words)
    return made, str(file)


def swap(*pairs: tuple[str, str]) -> str:
    """The shapes of the firmware with something else in some places."""
    shapes = FIRMWARE
    for old, new in pairs:
        assert old in shapes
        shapes = shapes.replace(old, new)
    return shapes


UPDATES = {
    "tighter-count": swap(("sh:maxCount 4", "sh:maxCount 3")),
    "looser-count": swap(("sh:maxCount 4", "sh:maxCount 9")),
    "no-count": swap(("sh:datatype xsd:double ; sh:maxCount 4", "sh:datatype xsd:double")),
    "tighter-range": swap(("sh:maxInclusive 85", "sh:maxInclusive 60 ; sh:minExclusive -40.5")),
    "looser-range": swap((" ;\n                sh:maxInclusive 85", "")),
    "pattern": swap(("sh:datatype xsd:string ; sh:minCount 1", 'sh:pattern "^[A-Z]+[0-9]$"')),
    "other-datatype": swap(("xsd:double", "xsd:float")),
    "property-dropped": swap(
        ("  sh:property [ sh:path ex:note ; sh:maxCount 2 ] ;\n", ""),
        ("sh:property [ sh:path ex:channel ; sh:datatype xsd:int ; sh:maxCount 2 ]", ""),
    ),
    "shorter-in": swap(("ex:on ex:off ex:idle", "ex:idle ex:off")),
    "has-value": swap(("sh:in ( ex:on ex:off ex:idle )", "sh:hasValue ex:off")),
    "narrower-class": swap(("sh:class ex:Zone", "sh:class ex:Wing")),
    "new-superclass": swap(
        ("sh:class ex:Zone", "sh:class ex:Place"),
        ("ex:lobby a ex:Floor", "ex:Wing rdfs:subClassOf ex:Place"),
    ),
    "hierarchy-turned": swap(("ex:Floor rdfs:subClassOf ex:Zone", "ex:Zone a rdfs:Class")),
    "other-instance": swap(("ex:lobby a ex:Floor", "ex:off a ex:Wing")),
    "class-of-record": swap(
        ("sh:targetClass ex:Room ;", "sh:targetClass ex:Room ; sh:class ex:Hot ;")
    ),
    "target-of-a-subclass": swap(
        ("sh:targetClass ex:Room ;", "sh:targetClass ex:Hot ;"),
        ("( ex:Room ex:Hot )", "( ex:Room ex:Cold )"),
    ),
    "subclass-left": swap(("ex:Hot rdfs:subClassOf ex:Room . ", "")),
    "subclass-asked": swap(
        ("ex:Hot rdfs:subClassOf ex:Room . ", ""),
        ("sh:targetClass ex:Room ;", "sh:targetClass ex:Room , ex:Hot ; sh:class ex:Room ;"),
    ),
    "record-removed": FIRMWARE.partition("ex:DoorShape")[0],
    "target-removed": swap((" ; sh:targetNode ex:lobby", "")),
    "new-target": FIRMWARE + "ex:New a sh:NodeShape ; sh:targetSubjectsOf ex:note ;"
    "  sh:property [ sh:path ex:state ; sh:minCount 1 ] ."
    "ex:Other a sh:NodeShape ; sh:targetObjectsOf ex:sensor ;"
    "  sh:property [ sh:path ex:channel ; sh:minCount 1 ; sh:minInclusive 3 ] .",
    "new-message": swap(("sh:maxInclusive 85", 'sh:maxInclusive 85 ; sh:message "too hot"')),
    "severity": swap(("sh:maxInclusive 85", "sh:maxInclusive 85 ; sh:severity sh:Warning")),
    "other-names": swap(("RoomShape", "Chamber"), ("DoorShape", "Gate")),
    "new-tests": FIRMWARE
    + """ex:RoomShape sh:or ( [ sh:path ex:state ; sh:hasValue ex:on ]
            [ sh:path ex:sensor ; sh:minCount 1 ; sh:node ex:Sensor ] ) ;
          sh:not [ sh:path ex:celsius ; sh:minCount 2 ; sh:minInclusive 20 ] .
        ex:Sensor a sh:NodeShape ; sh:property [ sh:path ex:channel ; sh:minCount 2 ] .""",
    "closed": swap(
        ("ex:RoomShape a", "ex:RoomShape sh:closed true ; sh:ignoredProperties ( rdf:type ) ; a"),
        ("  sh:property [ sh:path ex:note ; sh:maxCount 2 ] ;\n", ""),
    ),
    "pair": swap(("sh:path ex:note ;", "sh:path ex:note ; sh:disjoint ex:name ;")),
    "nothing-left": "ex:Free a sh:NodeShape ; sh:targetClass ex:Room .",
}


@pytest.mark.parametrize("change", UPDATES)
def test_an_update_answers_as_the_reference(
    change: str, firmware: tuple[Native, Firmware], tmp_path: Path
) -> None:
    updated, file = update(firmware, UPDATES[change], tmp_path)
    assert fingerprint(updated.program) == firmware[1].fingerprint
    comparison = Comparison(updated, Oracle(updated.graph, updated.program, [file]))
    values = draw(comparison.oracle, updated.program, 10, seed=5)
    generator = Generator(updated.program, seed=6)
    lobby = 1 + firmware[1].terms.index(m.IRI("http://example.org/lobby"))
    for record in firmware[1].roots:
        drawn = [generator.record(record.name, wild=0.1 * (n % 6)) for n in range(60)]
        for value in drawn[::4]:
            value.id = lobby if record.has_id else 0
        values += drawn
    differences = comparison.differences(values)
    assert not differences, f"{len(differences)} differences, such as\n{differences[0]}"
    assert not silent(comparison), "\n".join(silent(comparison))


# Updates that need a new firmware

REFUSED = {
    "property": (
        swap(("sh:path ex:name ;", "sh:path ex:label ;")),
        "record room of the firmware has no property ex:label at shape ex:RoomShape",
    ),
    "property-inside": (
        swap(("sh:path ex:serial", "sh:path ex:vendor")),
        "record room_sensor of the firmware has no property ex:vendor",
    ),
    "property-of-a-reference": (
        swap(("sh:class ex:Zone ;", "sh:property [ sh:path ex:area ; sh:minCount 1 ] ;")),
        "a node without a struct has no property ex:area",
    ),
    "property-in-a-pair": (
        swap(("sh:path ex:note ;", "sh:path ex:note ; sh:equals ex:comment ;")),
        "no property ex:comment at shape ex:RoomShape, path ex:note",
    ),
    "property-in-a-test": (
        swap(("ex:RoomShape a", "ex:RoomShape sh:not [ sh:path ex:x ; sh:minCount 1 ] ; a")),
        "record room of the firmware has no property ex:x",
    ),
    "count": (
        swap(("sh:maxCount 4", "sh:minCount 5")),
        "sh:minCount 5, and the firmware has room for 4",
    ),
    "datatype": (
        swap(("sh:path ex:note ;", "sh:path ex:note ; sh:datatype ex:Colour ;")),
        "<http://example.org/Colour> has no id in the firmware",
    ),
    "node": (
        swap(("sh:class ex:Zone", "sh:in ( ex:attic )")),
        "<http://example.org/attic> has no id in the firmware",
    ),
    "node-in-a-term": (
        swap(("sh:path ex:note ;", "sh:path ex:note ; sh:hasValue ex:attic ;")),
        "<http://example.org/attic> has no id in the firmware",
    ),
    "target-node": (
        swap(("sh:targetNode ex:lobby", "sh:targetNode ex:gate")),
        "<http://example.org/gate> has no id in the firmware",
    ),
    "class": (
        swap(("sh:class ex:Zone", "sh:class ex:City")),
        "the firmware knows neither class <http://example.org/City> nor a subclass of it",
    ),
    "record": (
        FIRMWARE + "ex:Window a sh:NodeShape ; sh:targetClass ex:Window ; sh:nodeKind sh:IRI .",
        "no record of the firmware answers to a target of shape <http://example.org/Window>",
    ),
    "target-property": (
        FIRMWARE + "ex:New a sh:NodeShape ; sh:targetSubjectsOf ex:x ; sh:nodeKind sh:IRI .",
        "no record of the firmware answers to a target of shape <http://example.org/New>",
    ),
}


@pytest.mark.parametrize("change", REFUSED)
def test_what_needs_a_new_firmware_is_an_error(
    change: str, firmware: tuple[Native, Firmware], tmp_path: Path
) -> None:
    shapes, message = REFUSED[change]
    with pytest.raises(CompileError) as caught:
        update(firmware, shapes, tmp_path)
    assert any(message in found.message for found in caught.value.diagnostics)
    assert all("firmware" in found.fix for found in caught.value.diagnostics)


# The command line, and a program

ONE_ROOM = """
ex:RoomShape a sh:NodeShape ; sh:targetClass ex:Room ;
  sh:property [ sh:path ex:celsius ; sh:datatype xsd:double ; sh:maxCount 4 ] ;
  sh:property [ sh:path ex:state ; sh:in ( ex:on ex:off ) ; sh:maxCount 1 ] .
"""
TIGHTER = ONE_ROOM.replace("sh:maxCount 4", "sh:maxCount 3 ; sh:maxInclusive 60").replace(
    "ex:on ex:off", "ex:on"
)


@dataclass(frozen=True)
class Release:
    """The files of one compilation by `cnsc`."""

    folder: Path

    def compile(self, shapes: str, *words: str) -> int:
        """Compile shapes for model m; return the exit code."""
        file = self.folder / "shapes.ttl"
        file.write_text(PREFIXES + shapes, "utf-8")
        return main(["compile", "--shapes", str(file), "--name", "m", *words])

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def build(self) -> None:
        """Write the firmware: C files, image and map."""
        outputs = ["-o", self.path("m.c"), self.path("m.h"), "--image", self.path("m.cnsi")]
        words = [*outputs, "--map", self.path("m.json"), "--engine", "bytecode"]
        assert self.compile(ONE_ROOM, *words) == 0

    def update(self, shapes: str, *words: str) -> int:
        """Compile shapes onto the firmware."""
        image = ["--image", self.path("u.cnsi"), "--map", self.path("u.json")]
        return self.compile(shapes, *image, "--onto", self.path("m.json"), *words)


@pytest.fixture
def release(tmp_path: Path) -> Release:
    made = Release(tmp_path)
    made.build()
    return made


def test_a_firmware_runs_an_update_and_its_dump_is_decoded(
    release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release.update(TIGHTER) == 0
    program, dump = release.folder / "firmware", release.path("trace.bin")
    sources = [Path(__file__).with_name("onto.c"), release.folder / "m.c", *CORE]
    words = [*C11, f"-I{INCLUDE}", f"-I{release.folder}", *SANITIZERS]
    compile_c("gcc", *words, *sources, output=program)

    assert run_program(program, release.path("m.cnsi"), dump) == ""
    found = run_program(program, release.path("u.cnsi"), dump)
    assert found.splitlines() == [
        "violation: ex:celsius: takes at most 3 values [sh:maxCount in ex:RoomShape]",
        "violation: ex:celsius 61.5: must be at most 60 [sh:maxInclusive in ex:RoomShape]",
        "violation: ex:state <http://example.org/off>: must be one of on [sh:in in ex:RoomShape]",
    ]
    assert main(["decode", "--map", release.path("u.json"), dump]) == 0
    decoded = capsys.readouterr().out
    assert "61.5: must be at most 60 [sh:maxInclusive in ex:RoomShape]" in decoded
    assert "must be one of on [sh:in in ex:RoomShape]" in decoded
    assert main(["decode", "--map", release.path("m.json"), dump]) == 1
    assert "is of model" in capsys.readouterr().err


def test_updates_onto_updates_have_one_layout(release: Release) -> None:
    assert release.update(TIGHTER) == 0
    first, second = (read_firmware(release.path(name)) for name in ("m.json", "u.json"))
    assert second == first


def test_an_image_of_other_records_is_refused_by_the_device(release: Release) -> None:
    """Without --onto, the same change makes records that lie otherwise."""
    assert release.compile(TIGHTER, "--image", release.path("u.cnsi")) == 0
    words = [(release.folder / name).read_bytes()[12:16] for name in ("m.cnsi", "u.cnsi")]
    assert words[0] != words[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--depth", "3"], "--depth 3, and the firmware was built with 8"),
        (["--kind", "room=4"], "--kind and --onto exclude each other"),
        (["--capacity", "4"], "--capacity and --onto exclude each other"),
        (["--inline-strings"], "--inline-strings and --onto exclude each other"),
        (["-o", "x.c", "x.h"], "--onto makes an image for a firmware that is there"),
        (["--name", "other"], "--name other, and the map is of model m"),
    ],
    ids=lambda value: value[0].strip("-") if isinstance(value, list) else "",
)
def test_what_the_firmware_decides_is_no_option(
    words: list[str], message: str, release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release.update(TIGHTER, *words) == 2
    assert message in capsys.readouterr().err
    assert not (release.folder / "u.cnsi").exists()


def test_a_record_that_no_firmware_has_cannot_be_named(
    release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release.update(TIGHTER, "--record", "ex:Window") == 1
    assert "--record ex:Window names no record of the firmware" in capsys.readouterr().err


# Maps that are none


def _set(*keys: Any) -> Callable[[Any], None]:
    """Return what puts the last of the keys into the place that the others lead to."""

    def change(content: Any) -> None:
        *path, last, value = keys
        for key in path:
            content = content[key]
        content[last] = value

    return change


ROOM = ("layout", "records", 0)
CELSIUS = (*ROOM, "fields", 0)
BROKEN: dict[str, tuple[Callable[[Any], Any], str]] = {
    "no layout": (lambda content: content.pop("layout"), "it has no 'layout'"),
    "isa": (_set("layout", "isa", "00000000"), "another instruction set"),
    "fingerprint": (_set("layout", "fingerprint", "xyz"), "not eight hex digits"),
    "other capacity": (_set(*CELSIUS, "capacity", 5), "it was changed"),
    "other term": (_set("terms", 1, "<http://example.org/up>"), "it was changed"),
    "other depth": (_set("layout", "depth", 9), "it was changed"),
    "large capacity": (_set(*CELSIUS, "capacity", 65536), "'capacity' is not from 0 to 65535"),
    "text as capacity": (_set(*CELSIUS, "capacity", "4"), "its 'capacity' is not a int"),
    "no datatype": (_set(*CELSIUS, "type", {"scalar": "colour"}), "is no type of literals"),
    "inline number": (
        _set(*CELSIUS, "type", {"scalar": "int", "inline": 4}),
        "is no type of literals",
    ),
    "no type": (_set(*CELSIUS, "type", {"blob": 1}), "is no type of values"),
    "no such term": (_set(*CELSIUS, "type", {"enum": [99]}), "'99' is the id of no term"),
    "no such record": (_set(*CELSIUS, "type", {"pointer": "x"}), "refers to no record 'x'"),
    "no such kind": (_set("kinds", "0", "x"), "its kinds name no record x"),
    "no kinds": (_set("kinds", {}), "its kinds name no record"),
    "path": (_set(*CELSIUS, "path", "a b"), "'a b' is not an IRI"),
    "name": (_set(*ROOM, "name", "1;"), "'1;' is no name in C"),
    "one property twice": (
        _set(*CELSIUS, "path", "http://example.org/state"),
        "two fields of room hold one property",
    ),
    "truth": (_set(*ROOM, "has_id", 1), "its 'has_id' is neither true nor false"),
    "records": (_set("layout", "records", 0, None), "it has no 'fields'"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_map_is_an_error(
    name: str, release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    change, message = BROKEN[name]
    content = json.loads(Path(release.path("m.json")).read_text("utf-8"))
    change(content)
    Path(release.path("m.json")).write_text(json.dumps(content), "utf-8")
    assert release.update(TIGHTER) == 1
    printed = capsys.readouterr().err
    assert message in printed
    assert "m.json: error: is no map of a firmware that runs images" in printed
    assert "give the map that cnsc compile --map wrote" in printed


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100000])
def test_what_is_no_map_is_an_error(
    text: str, release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(release.path("m.json")).write_text(text)
    assert release.update(TIGHTER) == 1
    assert "m.json: error: is no map of a firmware" in capsys.readouterr().err
