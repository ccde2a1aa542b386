# SPDX-License-Identifier: Apache-2.0
"""The parts of docs/bytecode.md that the tables of the runtime and the optimizer make."""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path

from cns_build.bytecode import isa, text
from cns_build.bytecode.optimize import rules
from tests.bytecode import things
from tests.paths import RUNTIME
from tests.runtime import native

PART = re.compile(r"<!-- made: (\w+) -->\n.*?<!-- end -->", re.DOTALL)
HEADER = (RUNTIME / "include" / "cns" / "opcodes.h").read_text("ascii")

# Of each rule, code for the records of tests/bytecode/optimize_layout.h that it makes shorter.
EXAMPLES = {
    "LOADS": "VALUE r1 r0 0\nWITHIN.unless r1 0\nREPORT r1 r0 #0\nVALUE r1 r0 0\n"
    "WITHIN.unless r1 2\nREPORT r1 r0 #0\nRETURN",
    "TRUTHS": "HAS r0 2\nJUMP_UNLESS E\nHAS r0 2\nJUMP_UNLESS E\nREPORT r0 r0 #4\nE: RETURN",
    "MOVES": "MOVE r2 r0\nHAS.unless r2 0\nREPORT r2 r2 #4\nRETURN",
    "DEAD": "VALUE r1 r0 0\nHAS r0 1\nREPORT r0 r0 #4\nRETURN",
    "NEGATIONS": "HAS r0 0\nNOT\nJUMP_UNLESS A\nREPORT - r0 #5\nREPORT r0 r0 #4\nA: RETURN",
    "THREADS": "REPORT r0 r0 #4\nJUMP A\nA: REPORT - r0 #5\nRETURN",
    "UNREACHABLE": "REPORT r0 r0 #4\nJUMP A\nREPORT r0 r0 #4\nREPORT - r0 #5\nA: RETURN",
    "BRANCHES": "HAS r0 0\nJUMP_IF A\nREPORT - r0 #5\nA: RETURN",
    "FIELDS": "HAS r0 0\nJUMP_UNLESS A\nVALUE r1 r0 0\nWITHIN r1 0\nJUMP_IF A\n"
    "REPORT r1 r0 #0\nA: RETURN",
    "CHECKS": "HAS.unless r0 0\nREPORT - r0 #5\nFIELD r0 0 A\nWITHIN.unless r1 0\n"
    "REPORT r1 r0 #0\nWITHIN.unless r1 2\nREPORT r1 r0 #0\nA: RETURN",
}


def page(old: str, driver: Path, folder: Path) -> str:
    """The page with its parts made anew; `driver` optimizes images."""
    made = {
        "letters": letters(),
        "opcodes": opcodes(),
        "rules": optimizer(driver, folder),
        "reasons": reasons(),
    }
    assert set(PART.findall(old)) == set(made)
    return PART.sub(lambda m: f"<!-- made: {m[1]} -->\n{made[m[1]]}\n<!-- end -->", old)


def letters() -> str:
    """What the letters of operands mean, as the header has it."""
    block = HEADER.partition("as the three letters")[2].partition("*/")[0]
    rows = []
    for line in block.splitlines()[1:]:
        for part in re.split(r"\s{2,}", line.removeprefix(" *").strip()):
            found = re.fullmatch(r"((?:\w, )?\w) (.+)", part)
            if found:
                names = ", ".join(f"`{letter}`" for letter in found[1].split(", "))
                rows.append(f"| {names} | {found[2]} |")
    return "\n".join(["| Letter | Operand |", "|---|---|", *rows])


def opcodes() -> str:
    """The instructions: tests first, then the others."""
    more = more_steps()
    assert more.keys() <= isa.opcodes().keys()
    parts = []
    for title, is_test in (("Test", True), ("Instruction", False)):
        rows = [
            f"| `{o.name}` | 0x{o.number:02x} | `{o.operands}` | {o.meaning} "
            f"| {_steps(o.name, more)} |"
            for o in isa.opcodes().values()
            if o.is_test == is_test
        ]
        says = "Holds when" if is_test else "What it does"
        head = [f"| {title} | Number | Operands | {says} | Steps |", "|---|---|---|---|---|"]
        parts.append("\n".join([*head, *rows]))
    return "\n\n".join(parts)


def more_steps() -> dict[str, str]:
    """For what instructions take more steps than one, as the header has it."""
    block = HEADER.partition("An instruction is a step.")[2].partition("*/")[0]
    words = " ".join(line.removeprefix(" *").strip() for line in block.splitlines())
    found = re.findall(r"((?:[A-Z_]+(?:, | and )?)+)(?: takes one more)? for each ([^,.]+)", words)
    return {name: what for names, what in found for name in re.split(", | and ", names)}


def _steps(name: str, more: dict[str, str]) -> str:
    return f"1, and 1 for each {more[name]}" if name in more else "1"


def reasons() -> str:
    """Why images are refused."""
    rows = [f"| `CNS_REASON_{name}` | {words} |" for name, words in native.rows("REASONS")]
    return "\n".join(["| Reason | Says |", "|---|---|", *rows])


def optimizer(driver: Path, folder: Path) -> str:
    """The rules of the optimizer, each with code before and after it."""
    assert set(EXAMPLES) == {name for name, _ in rules()}
    codes = [text.assemble(EXAMPLES[name]) for name, _ in rules()]
    outcomes = things.optimize(driver, [things.image_of([code]) for code in codes], folder)
    parts = []
    for (name, what), code, outcome in zip(rules(), codes, outcomes, strict=True):
        assert outcome.image is not None, outcome.verdict
        assert name in (outcome.removed or {}), f"{name}: {outcome.removed}"
        after = outcome.image.functions[0].code
        rows = zip_longest(text.code_lines(code, ""), text.code_lines(after, ""), fillvalue="")
        lines = [f"{left:<28}{right}".rstrip() for left, right in rows]
        parts.append(f"`{name}` takes away {what}:\n\n```text\n" + "\n".join(lines) + "\n```")
    return "\n\n".join(parts)
