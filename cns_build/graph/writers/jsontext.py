# SPDX-License-Identifier: Apache-2.0
"""JSON objects with one long list, written part by part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

JSON = dict[str, Any]

_text = json.JSONEncoder(ensure_ascii=False).encode


def streamed(
    head: Mapping[str, Any], key: str, items: Iterable[JSON], tail: Mapping[str, Any]
) -> Iterator[str]:
    """Yield an object of `head`, the list `key`, an item a line, and `tail`."""
    yield "{\n"
    yield from (f"{_member(name, value)},\n" for name, value in head.items())
    yield f"{_text(key)}: ["
    separator = "\n"
    for item in items:
        yield f"{separator}{_text(item)}"
        separator = ",\n"
    yield "]" if separator == "\n" else "\n]"
    yield from (f",\n{_member(name, value)}" for name, value in tail.items())
    yield "\n}"


def _member(name: str, value: Any) -> str:
    return f"{_text(name)}: {_text(value)}"
