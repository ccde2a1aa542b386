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
WORDS = [
    *("sh:node", "sh:property", "sh:path", "sh:in", "sh:not", "sh:or", "sh:minCount", "sh:class"),
    *("rdf:nil", "[]", "()", "( 1 )", "-1", "1.5", '"x"', '"x"@en', "true", "<a b>", "_:b", ";"),
    *(".", "]", ")", "a", "ex:Shape", "xsd:int", "9" * 30, "\\u0000", "é", "sh:nothing"),
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
    """Cut, repeat, swap or replace a few words of Turtle, or break a character."""
    words = re.split(r"(\s+)", text)
    for _ in range(chance.randint(1, 3)):
        at, other = chance.randrange(len(words)), chance.randrange(len(words))
        match chance.randrange(5):
            case 0:
                words[at] = chance.choice(WORDS)
            case 1:
                del words[at : at + chance.randint(1, 8)]
                words.append(" ")
            case 2:
                words[at], words[other] = words[other], words[at]
            case 3:
                words[at:at] = [" ", *words[other : other + chance.randint(1, 30)], " "]
            case _:
                words[at] = words[at][1:] + chance.choice(" .;[]()<>\"'\\@^#:\t\x00é")
    return "".join(words)


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
