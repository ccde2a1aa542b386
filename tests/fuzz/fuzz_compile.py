# SPDX-License-Identifier: Apache-2.0
"""Damaged shapes: `cnsc compile` writes both files, or says what is wrong and writes none.

Whatever the damage, the exit status is 0 or 1, every error has the form `FILE:… error: …` or
`cnsc: error: …`, and nothing is raised. A failing input is kept, and its path is in the error.
"""

from __future__ import annotations

import contextlib
import io
import random
import re
import tempfile
import time
from pathlib import Path

from cns_build.cli import main
from tests.paths import EXAMPLES, ROOT

SEEDS = [
    *sorted((ROOT / "tests" / "records" / "cases").glob("*.ttl")),
    EXAMPLES / "thermostat" / "thermostat.shacl",
]
TERM = re.compile(r"\w*:\w+|a|-?[\d.]+|true|false|\"[^\"]*\"\S*")
WORDS = [
    *("sh:node", "sh:property", "sh:path", "sh:in", "sh:not", "sh:or", "sh:minCount", "sh:class"),
    *("sh:datatype", "sh:xone", "sh:hasValue", "sh:pattern", "sh:nothing", "sh:maxCount"),
    *("rdf:nil", "[]", "()", "( 1 )", "-1", "1.5", '"x"', '"x"@en', "true", "<a b>", "_:b"),
    *("xsd:int", "xsd:double", "xsd:string", "sh:IRI", "sh:BlankNode", "9" * 30, "\\u0000", "é"),
]
ERROR = re.compile(r"^[^\n]*\b(error|warning|note): ", re.MULTILINE)


def run(seconds: int, seed: int) -> int:
    """Compile damaged shapes for some seconds; return how many. Raises AssertionError."""
    chance = random.Random(seed)
    texts = [path.read_text() for path in SEEDS]
    end = time.monotonic() + seconds
    cases = 0
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            text = damage(chance.choice(texts), chance)
            check(text, Path(folder), f"seed {seed}, case {cases}")
            cases += 1
    return cases


def damage(text: str, chance: random.Random) -> str:
    """Exchange terms, which mostly stays Turtle, or break the text as such."""
    words = re.split(r"(\s+)", text)
    change = exchange if chance.random() < 0.8 else break_text
    for _ in range(chance.randint(1, 3)):
        change(words, chance)
    return "".join(words)


def exchange(words: list[str], chance: random.Random) -> None:
    """Put a term where another one stands."""
    places = [at for at, word in enumerate(words) if TERM.fullmatch(word)]
    others = [words[at] for at in places] if chance.random() < 0.7 else WORDS
    words[chance.choice(places)] = chance.choice(others)


def break_text(words: list[str], chance: random.Random) -> None:
    """Cut, swap or repeat words, or break a character."""
    at, other = chance.randrange(len(words)), chance.randrange(len(words))
    kind = chance.randrange(4)
    if kind == 0:
        words[at : at + chance.randint(1, 8)] = [" "]
    elif kind == 1:
        words[at], words[other] = words[other], words[at]
    elif kind == 2:
        words[at:at] = [" ", *words[other : other + chance.randint(1, 30)], " "]
    else:
        words[at] = words[at][1:] + chance.choice(" .;[]()<>\"'\\@^#:\t\x00é")


def check(text: str, folder: Path, what: str) -> None:
    """Compile one text and check what compiling it leaves behind."""
    shapes, outputs = folder / "shapes.ttl", [folder / "model.c", folder / "model.h"]
    shapes.write_text(text)
    for output in outputs:
        output.unlink(missing_ok=True)
    said = io.StringIO()
    command = ["compile", "--shapes", str(shapes), "--name", "model", "-o", *map(str, outputs)]
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            status = main(command)
        written = [output.exists() for output in outputs]
        assert (status, written) in ((0, [True, True]), (1, [False, False])), (status, written)
        assert status == 0 or ERROR.search(said.getvalue()), said.getvalue()
    except Exception as error:
        kept = Path(tempfile.gettempdir(), "cns-fuzz-compile.ttl")
        kept.write_text(text)
        raise AssertionError(f"{what}: the input is in {kept}: {error}") from error
