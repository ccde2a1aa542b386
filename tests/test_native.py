# SPDX-License-Identifier: Apache-2.0
"""The Cython binding, compared with Python's exact numbers."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cns_build.bytecode import image, text
from tests.bytecode import things
from tests.runtime.native import FORMS, TAGS

# The binding is built once per session, so examples may share it.
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

decimals = st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(0, 18))
zones = st.integers(-840, 840)
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29))


def order(a: Decimal | datetime, b: Decimal | datetime) -> int:
    return (a > b) - (a < b)  # type: ignore[operator] # both of one type


def as_tuple(moment: datetime, zone: int) -> tuple[int, int, int]:
    """Return the runtime's fields of a local time in a zone, in minutes."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=zone)))
    since = aware - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return since.days * 86400 + since.seconds, since.microseconds * 1000, zone


@shared
@given(decimals, decimals)
def test_decimals_compare_exactly(
    native: ModuleType, a: tuple[int, int], b: tuple[int, int]
) -> None:
    exact = [Decimal(unscaled).scaleb(-scale) for unscaled, scale in (a, b)]
    assert native.decimal_compare(a, b) == order(*exact)
    assert native.decimal_compare(a, a) == 0


@shared
@given(moments, zones, moments, zones)
def test_times_with_zones_compare_as_instants(
    native: ModuleType, a: datetime, a_zone: int, b: datetime, b_zone: int
) -> None:
    instants = [m - timedelta(minutes=zone) for m, zone in ((a, a_zone), (b, b_zone))]
    assert native.datetime_compare(as_tuple(a, a_zone), as_tuple(b, b_zone)) == order(*instants)


def test_what_xsd_leaves_unordered_is_none(native: ModuleType) -> None:
    noon = 12 * 3600
    assert native.datetime_compare((noon, 0, 0), (noon, 0, None)) is None
    assert native.datetime_compare((noon, 0, 0), (noon + 15 * 3600, 0, None)) == -1
    assert native.duration_compare((1, 0, 0), (0, 30 * 86400, 0)) is None
    assert native.duration_compare((1, 0, 0), (0, 32 * 86400, 0)) == -1


def test_lengths_count_code_points(native: ModuleType) -> None:
    assert native.length_within("naïve 🌡", 7, 7)
    assert not native.length_within("naïve 🌡", 8, 9)
    assert not native.length_within("abc", 0, 2)


def test_what_is_no_value_is_refused(native: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"no decimal: \(1, 19\)"):
        native.decimal_compare((1, 19), (1, 0))
    with pytest.raises(ValueError, match="no dateTime"):
        native.datetime_compare((0, 10**9, 0), (0, 0, 0))
    with pytest.raises(ValueError, match="no duration"):
        native.duration_compare((1, -1, 0), (0, 0, 0))
    with pytest.raises(OverflowError):
        native.decimal_compare((2**63, 0), (1, 0))


def test_a_status_has_a_word(native: ModuleType) -> None:
    assert native.status_text(0) == "done"


def thing_layout() -> tuple[object, ...]:
    """Return the layout of tests/bytecode/optimize_layout.h."""
    scalar, reference, tags = FORMS["SCALAR"], FORMS["REF"], TAGS
    values = (
        (scalar, tags["INT"], 4, 0, 0xFFFF, 0),
        (scalar, tags["STRING"], 16, 0, 0xFFFF, 0),
        (reference, tags["NONE"], 16, 0, 1, 0),
    )
    thing = ((1, 0), (1, 1), (1, 2), (4, 0), (3, 2))
    part = ((1, 0), (1, 2), (2, 0))
    return (len(thing), len(part)), (*thing, *part), values, 0x1A707


def thing_image(code: str) -> bytes:
    words = image.to_words(things.image_of([text.assemble(code)]))
    return image.to_bytes(words)


NAIVE = (
    "OPEN r1 r0 4\nJUMP_UNLESS E\nFOLLOW r2 r1\nHAS r2 0\nJUMP_IF E\nREPORT r2 r0 #4\nE: RETURN"
)
TIGHT = "EACH r0 4 E\nFOLLOW r2 r1\nHAS.unless r2 0\nREPORT r2 r0 #4\nE: RETURN"


def test_images_are_optimized(native: ModuleType) -> None:
    optimized, (before, after, rounds, removed) = native.optimize(
        thing_image(NAIVE), thing_layout()
    )
    made = image.from_words(image.to_image_words(optimized))
    assert made.functions[0].code == text.assemble(TIGHT)
    assert (before, after) == (7, 5)
    assert dict(zip(things.RULES, removed, strict=True))["FIELDS"] == 1
    nothing = (0,) * len(things.RULES)
    assert native.optimize(optimized, thing_layout()) == (optimized, (5, 5, 1, nothing))
    assert rounds > 1


def test_images_that_the_loader_refuses_are_not_optimized(native: ModuleType) -> None:
    right = thing_image(NAIVE)
    records, fields, values, fingerprint = thing_layout()
    with pytest.raises(ValueError, match=r"it is shorter than it says \(word 4\)"):
        native.optimize(right[:-4], thing_layout())
    with pytest.raises(ValueError, match=r"it is for records that lie otherwise \(word 3\)"):
        native.optimize(right, (records, fields, values, 1))
    with pytest.raises(ValueError, match="fit together"):
        native.optimize(right, ((5,), fields, values, fingerprint))
