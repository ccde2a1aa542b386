# SPDX-License-Identifier: Apache-2.0
"""UTF-8, lengths and language tags against Python's own decoder and rdflib."""

from __future__ import annotations

import ctypes
import re

from hypothesis import example, given
from hypothesis import strategies as st

from tests.reference import components
from tests.runtime.native import string

# Random bytes are hardly ever close to valid: cut and splice characters as well.
pieces = st.one_of(
    st.text(max_size=20).map(str.encode),
    st.binary(max_size=4),
    st.sampled_from([b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xe2\x82", b"a" * 16]),
)
data = st.lists(pieces, max_size=6).map(b"".join)
subtags = st.text("abzAZ019-*", max_size=12) | st.sampled_from(["en", "EN-gb", "de-Latn", "*"])


def decodes(text: bytes) -> bool:
    try:
        text.decode("utf-8", "strict")
    except UnicodeDecodeError:
        return False
    return True


@given(text=data)
@example(text=b"a" * 31 + b"\xe2\x82\xac")
def test_valid_text_is_what_python_decodes(cns: ctypes.CDLL, text: bytes) -> None:
    assert cns.cns_text_valid(string(text)) == decodes(text)


def test_every_code_point_is_valid_and_every_surrogate_is_not(cns: ctypes.CDLL) -> None:
    for start in range(0, 0x110000, 256):
        block = "".join(map(chr, range(start, start + 256)))
        text = block.encode("utf-8", "surrogatepass")
        assert cns.cns_text_valid(string(text)) == (not 0xD800 <= start < 0xE000), hex(start)


def test_every_start_of_three_bytes(cns: ctypes.CDLL) -> None:
    seconds = (0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF)
    for first in range(256):
        for second in seconds:
            for third in seconds:
                for rest in (b"", b"\x80", b"a"):
                    text = bytes((first, second, third)) + rest
                    assert cns.cns_text_valid(string(text)) == decodes(text), text


@given(text=st.text(max_size=40), low=st.integers(0, 41), high=st.integers(0, 41))
def test_length_counts_code_points(cns: ctypes.CDLL, text: str, low: int, high: int) -> None:
    answer = cns.cns_str_length_within(string(text), ctypes.c_uint32(low), ctypes.c_uint32(high))
    assert answer == (low <= len(text) <= high)


@given(tag=subtags, range_=subtags.filter(bool))
def test_language_ranges_match_as_in_the_reference(
    cns: ctypes.CDLL, tag: str, range_: str
) -> None:
    matches = tag != "" and components.language_matches(tag, range_)
    assert cns.cns_language_matches(string(tag), string(range_)) == matches


@given(tag=subtags)
def test_well_formed_language_tags(cns: ctypes.CDLL, tag: str) -> None:
    # The pattern of xsd:language.
    formed = re.fullmatch("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", tag) is not None
    assert cns.cns_language_valid(string(tag)) == formed
