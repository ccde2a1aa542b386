# SPDX-License-Identifier: Apache-2.0
"""Annotations of GitHub, read as a runner reads the output of a job."""

from __future__ import annotations

import re

_ESCAPES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def read_annotations(text: str) -> list[dict[str, str]]:
    """Return the properties of each annotation, and its level and message; all lines are some."""
    return [_annotation(line) for line in text.splitlines()]


def _annotation(line: str) -> dict[str, str]:
    found = re.fullmatch("::(error|warning|notice) ([^:]*)::(.*)", line)
    assert found, line
    pairs = [word.partition("=") for word in found[2].split(",")]
    properties = {name: _plain(value) for name, _, value in pairs}
    assert set(properties) <= {"title", "file", "line", "col"}
    return {**properties, "level": found[1], "message": _plain(found[3])}


def _plain(text: str) -> str:
    return re.sub("%(0D|0A|3A|2C|25)", lambda escape: _ESCAPES[escape[0]], text)
