# SPDX-License-Identifier: Apache-2.0
"""Bytes printed as hex digits: by a program on a serial line, xxd, or a debugger's x/xb."""

from __future__ import annotations

import re

_BYTES = re.compile(r"(?:0x)?((?:[0-9a-fA-F]{2})+)")
_ADDRESS = re.compile(r"\s*(?:0x)?[0-9a-fA-F]+(?: <[^>]*>)?:")


def from_hex(text: str) -> tuple[bytes, list[str]]:
    """Return the bytes, and remarks on lines left out because they hold something else.

    A line may begin with an address and a colon; what then follows two spaces is a column of
    characters, as xxd prints it.
    """
    out = bytearray()
    left_out = 0
    for line in text.splitlines():
        found = _line(line)
        if found is None:
            left_out += 1
        else:
            out += found
    remarks = []
    if left_out:
        lines = "1 line is" if left_out == 1 else f"{left_out} lines are"
        remarks.append(f"{lines} left out: not hex digits, two for each byte")
    return bytes(out), remarks


def _line(line: str) -> bytes | None:
    address = _ADDRESS.match(line)
    if address:
        line = line[address.end() :].strip().split("  ")[0]
    words = line.replace(",", " ").split()
    matches = [_BYTES.fullmatch(word) for word in words]
    if any(match is None for match in matches):
        return None
    return b"".join(bytes.fromhex(match[1]) for match in matches if match)
