# SPDX-License-Identifier: Apache-2.0
"""C literals and comments for values of any origin: nothing from an input escapes its quotes."""

from __future__ import annotations

import textwrap
from fractions import Fraction

from cns_build import xsd


def c_string(text: str) -> str:
    """Return a C string literal of the text's UTF-8 bytes; octal escapes end by themselves."""
    out = []
    for byte in text.encode("utf-8", "surrogatepass"):
        char = chr(byte)
        if char in '"\\?':
            out.append(f"\\{char}")
        elif 32 <= byte < 127:
            out.append(char)
        elif char == "\n":
            out.append("\\n")
        else:
            out.append(f"\\{byte:03o}")
    return f'"{"".join(out)}"'


def c_comment(text: str) -> str:
    """Return text that is safe inside a comment: one line, no way out, no trigraph of one."""
    line = " ".join(text.split()).replace("*/", "* /").replace("/*", "/ *")
    return "".join(c if c.isprintable() else "?" for c in line).replace("??/", "? ?/")


def c_paragraph(text: str, indent: str = "") -> list[str]:
    """Return the lines of a block comment, wrapped."""
    width = 96 - len(indent)
    line = c_comment(text)
    if 0 < len(line) <= width - 6:
        return [f"{indent}/* {line} */"]
    lines = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    return [f"{indent}/*", *(f"{indent} * {line}" for line in lines), f"{indent} */"]


def c_integer(number: int, c_type: str) -> str:
    """Return an integer constant of the C type; the least int64 has no literal of its own."""
    if c_type == "uint64_t":
        return f"UINT64_C({number})"
    if c_type == "int64_t":
        return "INT64_MIN" if number == xsd.INT64_MIN else f"INT64_C({number})"
    if c_type.startswith("u"):
        return f"{number}u"
    return f"(-{-number - 1} - 1)" if number == -(2**31) else str(number)


def c_real(number: float, kind: str) -> str:
    """Return a finite float or double constant that reads back exactly."""
    text = repr(number) if kind == "double" else _single_text(number)
    if "e" not in text and "." not in text:
        text += ".0"
    return text if kind == "double" else f"{text}f"


def _single_text(number: float) -> str:
    for precision in range(1, 10):
        text = f"{number:.{precision}g}"
        if xsd.to_single(Fraction(text)) == number:
            return repr(float(text))
    raise AssertionError(f"{number!r} is no float32")
