# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3
"""The C runtime's exact values, from Python: the code that runs on the device.

Values are plain tuples with the fields of cns.h: (unscaled, scale) for a decimal, (seconds,
nanoseconds, zone) for a time, zone None when it has none, (months, seconds, nanoseconds) for a
duration. Compiling shapes does not need this module. A number that its C field cannot hold raises
OverflowError, a tuple that is no value of its type ValueError.
"""

from libc.stdint cimport INT16_MIN, int8_t, int16_t, int32_t, int64_t, uint32_t


cdef extern from "cns/cns.h":
    ctypedef enum cns_status:
        CNS_OK
    ctypedef enum cns_tag:
        CNS_DATE_TIME
        CNS_DURATION
    ctypedef enum cns_order:
        CNS_UNORDERED
    ctypedef struct cns_str:
        const char *data
        uint32_t length
    ctypedef struct cns_decimal:
        int64_t unscaled
        int8_t scale
    ctypedef struct cns_datetime:
        int64_t seconds
        uint32_t nanoseconds
        int16_t zone
    ctypedef struct cns_duration:
        int64_t seconds
        int32_t months
        int32_t nanoseconds
    const char *cns_status_text(cns_status status)
    bint cns_decimal_valid(cns_decimal value)
    bint cns_datetime_valid(cns_datetime value, cns_tag datatype)
    bint cns_duration_valid(cns_duration value, cns_tag datatype)
    cns_order cns_decimal_compare(cns_decimal a, cns_decimal b)
    cns_order cns_datetime_compare(cns_datetime a, cns_datetime b)
    cns_order cns_duration_compare(cns_duration a, cns_duration b)
    bint cns_str_length_within(cns_str text, uint32_t least, uint32_t most)


def status_text(int status):
    """Return the runtime's word for a cns_status."""
    return cns_status_text(<cns_status>status).decode()


cdef object as_order(cns_order order):
    return None if order == CNS_UNORDERED else <int>order


cdef cns_decimal as_decimal(value) except *:
    cdef cns_decimal decimal
    decimal.unscaled, decimal.scale = value
    if not cns_decimal_valid(decimal):
        raise ValueError(f"no decimal: {value}")
    return decimal


cdef cns_datetime as_datetime(value) except *:
    cdef cns_datetime datetime
    seconds, nanoseconds, zone = value
    datetime.seconds = seconds
    datetime.nanoseconds = nanoseconds
    datetime.zone = INT16_MIN if zone is None else zone
    if not cns_datetime_valid(datetime, CNS_DATE_TIME):
        raise ValueError(f"no dateTime: {value}")
    return datetime


cdef cns_duration as_duration(value) except *:
    cdef cns_duration duration
    duration.months, duration.seconds, duration.nanoseconds = value
    if not cns_duration_valid(duration, CNS_DURATION):
        raise ValueError(f"no duration: {value}")
    return duration


def decimal_compare(a, b):
    """Return -1, 0 or 1 for two decimals."""
    return as_order(cns_decimal_compare(as_decimal(a), as_decimal(b)))


def datetime_compare(a, b):
    """Return -1, 0 or 1 for two dateTimes, None when they are not ordered (XSD 1.1, 3.3.7)."""
    return as_order(cns_datetime_compare(as_datetime(a), as_datetime(b)))


def duration_compare(a, b):
    """Return -1, 0 or 1 for two durations, None when they are not ordered (XSD 1.1, 3.3.6)."""
    return as_order(cns_duration_compare(as_duration(a), as_duration(b)))


def length_within(str text, uint32_t least, uint32_t most):
    """Return whether text has at least `least` and at most `most` code points."""
    cdef bytes encoded = text.encode()
    cdef cns_str view
    view.data = encoded
    view.length = len(encoded)
    return cns_str_length_within(view, least, most)
