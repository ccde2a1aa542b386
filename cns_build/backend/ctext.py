# SPDX-License-Identifier: Apache-2.0
"""C as text: parentheses where an operator needs them, line breaks, arrays."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence


def wrap(text: str) -> str:
    """Parenthesize an expression that an operator would tear apart."""
    simple = text.replace("_", "a").replace("->", "a").replace(".", "a")
    if simple.isalnum() or enclosed(text):
        return text
    if text.startswith("!") and wrap(text[1:]) == text[1:]:
        return text
    if (
        text.endswith(")")
        and enclosed(text[text.index("(") :])
        and (text[: text.index("(")].replace("_", "a").isalnum())
    ):
        return text
    return f"({text})"


def unwrap(text: str) -> str:
    """Drop the parentheses around a whole expression."""
    return text[1:-1] if enclosed(text) else text


def enclosed(text: str) -> bool:
    """Whether one pair of parentheses spans the whole text; quotes hold no parentheses here."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return index == len(text) - 1
    return False


def joined(parts: Sequence[str], operator: str) -> str:
    """Join operands by an operator, in parentheses; one alone stays as it is, none is empty."""
    return f"({operator.join(parts)})" if len(parts) > 1 else "".join(parts)


def negate(text: str) -> str:
    """Return the negation of an expression, as a person would write it.

    Only equality is turned around: comparisons of floats are not each other's negation.
    """
    text = unwrap(text)
    if text.startswith("!(") and enclosed(text[1:]):
        return text[1:]
    if "&&" not in text and "||" not in text and "?" not in text:
        for operator, other in ((" == ", " != "), (" != ", " == ")):
            if text.count(operator) == 1 and text.count(" != ") + text.count(" == ") == 1:
                left, right = text.split(operator)
                return f"{left}{other}{right}" if _balanced(left) else f"!({text})"
        if text.startswith("!") and wrap(text[1:]) == text[1:]:
            return text[1:]
    return f"!{wrap(text)}"


def _balanced(text: str) -> bool:
    return text.count("(") == text.count(")")


def broken(text: str, width: int = 84, indent: str = "        ") -> str:
    """Break a long expression at its outermost operators, one operand a line.

    Operands in parentheses that are still too long are broken in turn, further in.
    """
    if len(text) <= width:
        return text
    for start in ("!(", "("):
        if text.startswith(start) and enclosed(text[len(start) - 1 :]):
            inner = broken(text[len(start) : -1], width - len(start) - 1, indent)
            return f"{start}{inner})"
    parts = _operands(text)
    if len(parts) == 1:
        return _broken_call(text, width, indent)
    room, deeper = width - len(indent), indent + "    "
    lines = [joint + broken(operand, room - len(joint), deeper) for joint, operand in parts]
    return f"\n{indent}".join(lines)


def _operands(text: str) -> list[tuple[str, str]]:
    """Split at the outermost operators that bind least: each operand with what joins it."""
    for operators in ((" && ", " || "), (" ? ", " : "), (" + ",)):
        parts = _split(text, operators)
        if len(parts) > 1:
            return parts
    return [("", text)]


def _split(text: str, operators: tuple[str, ...]) -> list[tuple[str, str]]:
    parts, joint, start, depth = [], "", 0, 0
    begins = {operator[0] for operator in operators}
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth or char not in begins:
            continue
        found = next((o for o in operators if text.startswith(o, index)), "")
        if found:
            parts.append((joint, text[start:index]))
            joint, start = found.lstrip(), index + len(found)
    return [*parts, (joint, text[start:])]


def _broken_call(text: str, width: int, indent: str) -> str:
    """Break between the arguments of a call, as many on a line as fit."""
    start = text.find("(")
    if start < 0 or not enclosed(text[start:]):
        return text
    arguments = _split(text[start + 1 : -1], (", ",))
    room = width - len(indent) - 1
    lines: list[str] = []
    for _, argument in arguments:
        if lines and len(lines[-1]) + 2 + len(argument) <= room:
            lines[-1] += f", {argument}"
        else:
            lines.append(broken(argument, room, indent + "    "))
    return f"{text[:start]}(\n{indent}" + f",\n{indent}".join(lines) + ")"


def table(declaration: str, rows: Sequence[str]) -> str:
    """Return an array with an element a line; nothing where there are no elements."""
    if not rows:
        return ""
    return f"{declaration} = {{\n" + "".join(f"    {_row(row)},\n" for row in rows) + "};\n"


def numbers(values: Sequence[int]) -> str:
    """Return the numbers of an initializer, as many on a line as fit."""
    text = ", ".join(map(str, values))
    return "".join(f"    {line}\n" for line in textwrap.wrap(f"{text},", 95))


def _row(text: str, width: int = 94) -> str:
    """Break the initializer of a struct between its members; one with texts stays on its line."""
    if len(text) <= width or '"' in text or not text.startswith("{ "):
        return text
    lines = [""]
    for _, member in _split(text[2:-2], (", ",)):
        if lines[-1] and len(lines[-1]) + len(member) + 2 > width - 4:
            lines.append("")
        lines[-1] += f"{', ' if lines[-1] else ''}{member}"
    return "{ " + ",\n      ".join(lines) + " }"


_STATEMENT = re.compile(r"( *)(if \(|return |(?=cns_report(?:_detail)?\())(.*?)(\) \{|;)")
_SIGNATURE = re.compile(r"((?:static \w+ )?\w+\(.*\))(;?)")
_INITIALIZED = re.compile(r"( *)(const [^=]* = )\{ (.*) \};")


def fitted(text: str, most: int = 99) -> str:
    """Break lines longer than `most` columns: conditions, calls, signatures, initializers."""
    lines = text.split("\n")
    return "\n".join(line if len(line) <= most else _fitted_line(line, most) for line in lines)


def _fitted_line(line: str, most: int) -> str:
    initialized = _INITIALIZED.fullmatch(line)
    if initialized is not None and '"' not in line:
        indent, head, inside = initialized.groups()
        members = "".join(f"{indent}    {part},\n" for _, part in _split(inside, (", ",)))
        return f"{indent}{head}{{\n{members}{indent}}};"
    signature = _SIGNATURE.fullmatch(line)
    if signature is not None:
        head, tail = signature.groups()
        return _broken_call(head, most - len(tail), "    ") + tail
    statement = _STATEMENT.fullmatch(line)
    if statement is None:
        return line
    indent, head, inside, tail = statement.groups()
    width = most - len(indent) - len(head) - len(tail)
    condition = broken(inside, width, "    ").replace("\n", f"\n{indent}")
    return f"{indent}{head}{condition}{tail}"
