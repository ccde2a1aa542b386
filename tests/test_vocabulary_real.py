# SPDX-License-Identifier: Apache-2.0
"""Vocabularies of ontologies that others wrote, and of a large one, in one program each."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path

import pytest

from cns_build.cli import main
from tests.meson import run
from tests.paths import shared
from tests.vocabularies import (
    STRICT,
    Made,
    as_turtle,
    ask_all,
    expected,
    generated,
    make,
    plainly_below,
)

SOME = ("brick/Brick", "qudt/SCHEMA_QUDT_NoOWL", "saref/saref4bldg", "spdx/spdx-model-3.0")
NOTHING_NAMED = "the ontology names no class, property, datatype or individual"
SHAPES_ALONE = (
    *("automotive/hdmap.shacl", "automotive/ositrace.shacl", "brick/validation"),
    *(f"era/RINF-{part}" for part in ("contact-line-systems", "etcs", "op-tracks", "signal")),
    *("era/RINF-tunnels", "industryfusion/kms-shacl", "industryfusion/plasmacutter_shacl"),
    "qudt/COLLECTION_QUDT_QA_TESTS_ALL",
    *("samm/aspect-meta-model-shapes", "samm/characteristic-shapes", "w3c/shacl-shacl"),
    "wot/td-validation",
)
REFUSED = {
    **dict.fromkeys(SHAPES_ALONE, NOTHING_NAMED),
    # The inverse of a union of properties
    "sosa/sosa-common": "73:17: error: what stands here is no property",
}


def waivers(file: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The imports that nothing answers, as the messages say how to waive them."""
    outputs = ("-o", str(folder / "none.c"), str(folder / "none.h"))
    main(["compile", str(file), "--name", "none", *outputs])
    printed = capsys.readouterr().err
    found = re.findall(r"^\S+: error: .* --waive '?(import:[^\s']+)'?$", printed, re.M)
    return list(dict.fromkeys(found))


def name_of(ontology: str) -> str:
    return "o_" + re.sub(r"\W", "_", ontology).lower()


def compiled(
    ontologies: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[list[Made], dict[str, list[bool]]]:
    """The vocabularies, and what their tests answer by a plain closure."""
    made: list[Made] = []
    wanted: dict[str, list[bool]] = {}
    for ontology in ontologies:
        file = shared(f"data/ontologies/{ontology}.ttl")
        waive = waivers(file, folder, capsys)
        options = [word for name in waive for word in ("--waive", name)]
        made.append(make(folder, name_of(ontology), [file], *options))
        wanted |= expected(made[-1], [file], waive)
    return made, wanted


def test_some_answer_as_a_plain_closure_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, wanted = compiled(list(SOME), tmp_path, capsys)
    assert ask_all(made) == wanted
    assert sum(map(sum, wanted.values())) > 10_000


@pytest.mark.slow
def test_all_compile_or_say_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = shared("data/ontologies")
    names = [str(path.relative_to(root))[:-4] for path in sorted(root.glob("*/*.ttl"))]
    assert len(names) > 50
    made, wanted = compiled([n for n in names if n not in REFUSED], tmp_path, capsys)
    assert ask_all(made) == wanted
    for one in made:
        for compiler in ("gcc", "clang"):
            run(compiler, *STRICT, "-fsyntax-only", tmp_path / f"{one.name}.c")
    for name, message in REFUSED.items():
        file = root / f"{name}.ttl"
        words = ["compile", str(file), "--name", "a", "-o", str(tmp_path / "a.c"), "a.h"]
        for waiver in waivers(file, tmp_path, capsys):
            words += ["--waive", waiver]
        assert main(words) == 1
        assert message in capsys.readouterr().err


ASK = """\
#include "large.h"
#include <stdio.h>

static bool (*const tests[])(uint32_t) = { %s };

int main(void)
{
    unsigned test, id;
    while (scanf("%%u %%u", &test, &id) == 2) {
        putchar('0' + tests[test](id));
    }
    return 0;
}
"""


@pytest.mark.slow
def test_a_million_pairs_of_a_large_hierarchy(tmp_path: Path) -> None:
    above = generated(100_000, 5)
    (tmp_path / "large.ttl").write_text(as_turtle(above), "utf-8")
    chooser = random.Random(6)
    inner = sorted({upper.value for uppers in above.values() for upper in uppers})
    queried = chooser.sample(inner, 56) + inner[:8]
    options = ("--strings", "ids", "--queried", *queried)
    made = make(tmp_path, "large", [tmp_path / "large.ttl"], *options)
    assert any("large_row" in line for line in made.header.splitlines())

    below: dict[str, set[str]] = {}
    for lower, uppers in above.items():
        for upper in uppers:
            below.setdefault(upper.value, set()).add(lower.value)
    (tmp_path / "ask.c").write_text(ASK % ", ".join(made.tests), "utf-8")
    run("cc", *STRICT, "-O1", tmp_path / "ask.c", tmp_path / "large.c", "-o", tmp_path / "ask")
    closures = [plainly_below(iri, below) for iri in made.tested({}).values()]
    pairs = [
        (chooser.randrange(len(closures)), chooser.randrange(len(made.terms) + 2))
        for _ in range(1_000_000)
    ]
    text = "\n".join(f"{test} {id_}" for test, id_ in pairs)
    done = subprocess.run([tmp_path / "ask"], input=text, capture_output=True, text=True)
    known = ["", *made.terms, ""]
    wanted = "".join("1" if known[id_] in closures[test] else "0" for test, id_ in pairs)
    assert done.stdout == wanted
    assert wanted.count("1") > 10_000
