# SPDX-License-Identifier: Apache-2.0
"""C expressions as text: parentheses where an operator needs them, and line breaks."""

from __future__ import annotations


def wrap(text: str) -> str:
    """Parenthesize an expression that an operator would tear apart."""
    simple = text.replace("_", "a").replace("->", "a").replace(".", "a")
    if simple.isalnum() or enclosed(text) or (text.startswith("!") and enclosed(text[1:])):
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
        if text.startswith("!") and " " not in text:
            return text[1:]
    return f"!{wrap(text)}"


def _balanced(text: str) -> bool:
    return text.count("(") == text.count(")")


def broken(text: str, width: int = 84, indent: str = "        ") -> str:
    """Break a long condition at its outermost operators, one operand a line."""
    if len(text) <= width:
        return text
    if text.startswith("!(") and enclosed(text[1:]):
        return f"!({broken(text[2:-1], width - 2, indent)})"
    out, depth, index = "", 0, 0
    while index < len(text):
        depth += (text[index] == "(") - (text[index] == ")")
        if depth == 0 and text[index : index + 4] in (" && ", " || "):
            out += f"\n{indent}" + text[index + 1 : index + 4]
            index += 4
            continue
        out += text[index]
        index += 1
    return out
