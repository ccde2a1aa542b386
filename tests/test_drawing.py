# SPDX-License-Identifier: Apache-2.0
"""`cnsc explain --graph`: boxes that do not overlap, arrows that lead where axioms say."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cns_build.cli import main
from cns_build.drawing.diagram import Box, Diagram, Row
from cns_build.drawing.layout import lay_out
from cns_build.drawing.svg import to_svg
from cns_build.model import IRI
from tests.compiling import PREFIXES

CLASSES = """
ex:Boiler a owl:Class ; rdfs:subClassOf ex:Device, ex:Heater ;
  rdfs:label "Kessel"@de, "Boiler"@en .
ex:Heater rdfs:subClassOf ex:Device .
ex:Pump rdfs:subClassOf ex:Device ; owl:deprecated true ; rdfs:comment "Moves <water>." .
ex:Mover owl:equivalentClass ex:Pump .
ex:power rdfs:domain ex:Heater ; rdfs:range xsd:double .
"""
SHAPES = """
ex:DeviceShape a sh:NodeShape ; sh:targetClass ex:Device ;
  sh:property [ sh:path ex:serial ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path ( ex:part ex:maker ) ; sh:class ex:Pump ; sh:minCount 2 ] .
ex:AddressShape a sh:NodeShape ; sh:property [ sh:path ex:zip ; sh:in ( "1" "2" ) ] .
"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "classes.ttl").write_text(PREFIXES + CLASSES, "utf-8")
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES, "utf-8")
    return tmp_path


def drawn(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What is printed of classes and shapes."""
    assert main(["explain", "classes.ttl", "--shapes", "shapes.ttl", *words]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


@pytest.mark.usefixtures("files")
def test_mermaid_has_classes_rows_and_arrows(capsys: pytest.CaptureFixture[str]) -> None:
    assert drawn(capsys, "--graph", "mermaid") == """\
classDiagram
  direction RL
  class b1["Boiler"] {
    ‹‹ex:Boiler››
  }
  class b2["Device"] {
    ‹‹ex:Device››
    ex:serial: xsd:string [1]
    ex:part/ex:maker: ex:Pump [2..*]
  }
  class b3["Heater"] {
    ‹‹ex:Heater››
    ex:power: xsd:double
  }
  class b4["Mover"] {
    ‹‹ex:Mover››
  }
  class b5["Pump"] {
    ‹‹ex:Pump››
  }
  class b6["AddressShape"] {
    ‹‹ex:AddressShape››
    ex:zip: one of 2 [0..*]
  }
  b3 <|-- b1
  b2 <|-- b3
  b5 <|-- b4
  b2 <|-- b5
  b4 <|-- b5
""".replace("‹‹", "<<").replace("››", ">>")  # fmt: skip


@pytest.mark.usefixtures("files")
def test_dot_escapes_what_html_means(capsys: pytest.CaptureFixture[str]) -> None:
    Path("classes.ttl").write_text(f'{PREFIXES}ex:A a owl:Class ; rdfs:label "a < \\"b\\"" .\n')
    text = drawn(capsys, "--graph", "dot")
    assert '<b>a &lt; "b"</b><br/>ex:A</td>' in text
    assert text.startswith('digraph "classes.ttl, shapes.ttl" {\n  rankdir=RL;\n')
    assert len(re.findall(r"^  b\d+ \[label=<<table ", text, re.M)) == 3
    assert 'ex:serial: xsd:string [1]<br align="left"/>' in text


@pytest.mark.usefixtures("files")
def test_svg_is_well_formed_and_says_what_boxes_are(capsys: pytest.CaptureFixture[str]) -> None:
    root = ElementTree.fromstring(drawn(capsys, "--graph", "svg"))
    titles = [title.text for title in root.findall(f"{SVG}g/{SVG}title")]
    assert "http://example.org/Pump – Moves <water>. – Deprecated." in titles
    assert len(titles) == 6
    assert len(root.findall(f"{SVG}path[@marker-end]")) == 5
    assert "[2..*]" in "".join(root.itertext())


@pytest.mark.usefixtures("files")
def test_a_part_is_drawn_by_its_root_and_levels(capsys: pytest.CaptureFixture[str]) -> None:
    one = ("--graph", "svg", "--root", "ex:Device", "--levels", "1")
    root = ElementTree.fromstring(drawn(capsys, *one))
    titles = {title.text for title in root.findall(f"{SVG}g/{SVG}title")}
    assert len(titles) == 3
    assert "http://example.org/Heater – What is below it is left out." in titles
    drawing = ["explain", "--graph", "svg", "classes.ttl"]
    assert main([*drawing, "--most", "4"]) == 2
    assert "5 boxes are more than a drawing of 4 holds" in capsys.readouterr().err
    assert main([*drawing, "--root", "ex:Cat"]) == 2
    assert "no box is called so" in capsys.readouterr().err
    assert main([*drawing, "--class", "ex:Pump"]) == 2
    assert "--graph and --class exclude each other" in capsys.readouterr().err
    assert main(["explain", "--class", "ex:Pump", "classes.ttl", "--levels", "1"]) == 2
    assert "choose what is drawn, and nothing is; add --graph svg" in capsys.readouterr().err
    assert main(["explain", "--graph", "svg"]) == 2
    assert "nothing to draw" in capsys.readouterr().err


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30),
    st.lists(st.integers(0, 5), min_size=13, max_size=13),
)
def test_boxes_do_not_overlap_and_stand_behind_those_above(
    edges: list[tuple[int, int]], rows: list[int]
) -> None:
    boxes = {
        IRI(f"http://example.org/{n}"): Box(
            IRI(f"http://example.org/{n}"), f"box {n}", f"ex:{n}", "", (Row("p", "q", "1"),) * k,
            True, False,
        )
        for n, k in enumerate(rows)
    }  # fmt: skip
    names = list(boxes)
    above = {
        names[n]: tuple(sorted({names[u] for lower, u in edges if lower == n != u}))
        for n in range(len(names))
    }
    diagram = Diagram(boxes, above)
    layout = lay_out(diagram)
    assert layout.places.keys() == boxes.keys()
    for one, other in itertools.combinations(layout.places.values(), 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y
    for lower, uppers in above.items():
        for upper in uppers:
            one, other = layout.places[lower], layout.places[upper]
            assert one.x > other.x + other.width or leads_back(upper, lower, above)
    ElementTree.fromstring(to_svg(diagram, "a & b"))


def leads_back(start: IRI, end: IRI, above: dict[IRI, tuple[IRI, ...]]) -> bool:
    found = {start}
    for _ in above:
        found |= {upper for node in found for upper in above[node]}
    return end in found
