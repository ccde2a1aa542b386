# SPDX-License-Identifier: Apache-2.0
"""Console lines of models without texts, completed.

    violation: 130.5: check 17 [sh:maxInclusive]

becomes the line that a model with texts prints; what is no such line stays as it is.
"""

from __future__ import annotations

import re

from cns_build.decode.map import Check, ModelMap
from cns_build.decode.values import node
from cns_build.ir.messages import prefixed
from cns_build.ir.sparql import term_text

_LINE = re.compile(
    r"(?P<before>.*?(?:info|warning|violation|result):)(?P<subject> .*)?: "
    r"check (?P<check>[0-9]{1,5}) \[(?:sh|cns):(?P<component>[A-Za-z]+)\](?P<after>.*)"
)
_ID = re.compile(r"(?:(?<=\^\^)|^)#([0-9]{1,10})$")
_FOCUS = re.compile(r" (#[0-9]{1,10})( .*)?")


def complete(text: str, known: ModelMap) -> tuple[str, list[str]]:
    """Return the text with its lines completed, and remarks on lines of another model."""
    completed = strange = 0
    lines: list[str] = []
    for line in text.split("\n"):
        found = _LINE.fullmatch(line)
        number = int(found["check"]) if found else 0
        check = known.checks[number] if number < len(known.checks) else None
        if found and (check is None or check.component != found["component"]):
            strange += 1
        elif found and check is not None:
            completed += 1
            line = _completed(found, check, known)
        lines.append(line)
    remarks = []
    if strange:
        what = "1 line is" if strange == 1 else f"{strange} lines are"
        remarks.append(f"{what} left as they are: the map of {known.model!r} has no such check")
    if not completed:
        remarks.append("no line is like `violation: 130.5: check 17 [sh:maxInclusive]`")
    return "\n".join(lines), remarks


def _completed(found: re.Match[str], check: Check, known: ModelMap) -> str:
    focus, value = _parts(found["subject"] or "", check)
    words = [_named(focus, known), check.path, _named(value, known)]
    subject = "".join(f" {word}" for word in words if word) or " focus node"
    owner = f" in {term_text(check.owner, known.prefixes)}" if check.owner else ""
    reason = check.message or f"check {found['check']}"
    end = f"[{prefixed(check.component)}{owner}]{found['after']}"
    return f"{found['before']}{subject}: {reason} {end}"


def _parts(subject: str, check: Check) -> tuple[str, str]:
    """Return the focus node and the value of a line, each maybe empty."""
    has_value = check.value in ("term", "list")
    found = _FOCUS.fullmatch(subject)
    if found and (found[2] or not has_value):
        return found[1], (found[2] or "").strip()
    return ("", subject[1:]) if has_value else ("", "")


def _named(text: str, known: ModelMap) -> str:
    """Put the names of the map in the place of ids."""
    return _ID.sub(lambda number: node(int(number[1]), known).text, text)
