# SPDX-License-Identifier: Apache-2.0
"""Values of options that are more than text: each function returns one, or says what is wrong."""

from __future__ import annotations

import argparse
import re
import textwrap

from cns_build.options import MAX_DEPTH

C_NAME = "a C identifier in lower case of at most 63 characters that does not begin with cns"


def c_name(text: str) -> str:
    """Return the name of a model."""
    from cns_build.ir.names import is_model_name

    if not is_model_name(text):
        raise argparse.ArgumentTypeError(f"{_quoted(text)} is not {C_NAME}")
    return text


def stage(text: str) -> str:
    """Return the name of a stage of the compiler."""
    from cns_build.passes import PIPELINE

    stages = ["build", *(name for name, _ in PIPELINE)]
    if text not in stages:
        raise argparse.ArgumentTypeError(f"{text!r} is no pass; there are {', '.join(stages)}")
    return text


def count(text: str) -> int:
    """Return a whole number, decimal or hexadecimal."""
    if not re.fullmatch("0x[0-9a-fA-F]{1,16}|[0-9]{1,18}", text):
        raise argparse.ArgumentTypeError(f"{_quoted(text)} is not a whole number from 0")
    return int(text, 16 if text.startswith("0x") else 10)


def capacity(text: str) -> tuple[str, int]:
    """Return a property, or "" for all, and its capacity."""
    name, equals, number = text.rpartition("=")
    value = count(number)
    if not 1 <= value <= 65535:
        raise argparse.ArgumentTypeError(f"{_quoted(text)}: a capacity is from 1 to 65535")
    if equals and not name:
        raise argparse.ArgumentTypeError(f"{_quoted(text)} names no property before the =")
    return name, value


def external(text: str) -> tuple[str, int]:
    """Return a function, or "" for all, and its bytes of stack."""
    name, equals, number = text.rpartition("=")
    if equals and not re.fullmatch(r"\w+", name):
        raise argparse.ArgumentTypeError(f"{_quoted(text)}: {_quoted(name)} is no function")
    return name, count(number)


def depth(text: str) -> int:
    """Return a depth of records inside each other."""
    value = count(text)
    if not 1 <= value <= MAX_DEPTH:
        what = f"{_quoted(text)}: a depth is from 1 to {MAX_DEPTH}"
        raise argparse.ArgumentTypeError(what)
    return value


def number_of(text: str) -> tuple[str, int]:
    """Return a name and its number."""
    name, equals, number = text.partition("=")
    value = count(number) if equals and number else -1
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError(
            f"{_quoted(text)} is not NAME=NUMBER with a number below 2^32, e.g. reading=7"
        )
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        raise argparse.ArgumentTypeError(
            f"{_quoted(name)} is no name in C: give it as the header has it, in lower case, "
            f"e.g. reading={number}"
        )
    return name, value


def rate(text: str) -> str:
    """Return ticks of a clock in a second."""
    if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})?", text) or not float(text):
        raise argparse.ArgumentTypeError(f"{_quoted(text)} is not a number above 0, such as 1000")
    return text


def date_time(text: str) -> str:
    """Return a date and time."""
    from cns_build.decode.clock import read_epoch

    if read_epoch(text) is None:
        raise argparse.ArgumentTypeError(
            f"{_quoted(text)} is not a time like 2026-01-01T00:00:00Z (xsd:dateTime)"
        )
    return text


def warning(text: str) -> str:
    """Return the name of a warning."""
    from cns_build.lint.names import WARNINGS

    if text not in (*WARNINGS, "all"):
        raise argparse.ArgumentTypeError(
            f"{_quoted(text)} is no warning; there are all, {', '.join(WARNINGS)}"
        )
    return text


def warning_names() -> str:
    """Return the names of all warnings, as text."""
    from cns_build.lint.names import WARNINGS

    words = textwrap.fill(", ".join(WARNINGS), 76, break_on_hyphens=False)
    return f"\nwarnings:\n{textwrap.indent(words, '  ')}\n"


def not_empty(text: str) -> str:
    """Return a name."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:80]}…")
