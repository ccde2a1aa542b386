# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3
"""The C runtime's exact values, from Python: the code that runs on the device.

Values are plain tuples with the fields of cns.h: (unscaled, scale) for a decimal, (seconds,
nanoseconds, zone) for a time, zone None when it has none, (months, seconds, nanoseconds) for a
duration. Compiling shapes does not need this module. A number that its C field cannot hold raises
OverflowError, a tuple that is no value of its type ValueError.

A layout is (records, fields, values, fingerprint), what the verifier asks of a cns_layout:
  records  per record, the number of its fields
  fields   for all records in order, per field: (capacity, index of its value)
  values   per value: (form, tag, size, count, inner, capacity), as in cns_value_layout and its type
"""

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.stdint cimport INT16_MIN, UINT16_MAX, int8_t, int16_t, int32_t, int64_t, uint16_t, uint32_t
from libc.string cimport memcpy, memset


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
    ctypedef struct cns_model:
        pass
    ctypedef struct cns_type:
        int form
        int tag
        int size
        uint16_t count
    ctypedef struct cns_value_layout:
        cns_type type
        uint32_t size
        uint16_t inner
        uint16_t capacity
    ctypedef struct cns_field_layout:
        uint16_t value
        uint16_t capacity
    ctypedef struct cns_record_layout:
        uint16_t field_count
        const cns_field_layout *fields
    ctypedef struct cns_layout:
        const cns_model *model
        const cns_record_layout *records
        const cns_value_layout *values
        uint16_t record_count
        uint16_t value_count
        uint32_t fingerprint
    int CNS_RULE_COUNT
    ctypedef struct cns_optimized:
        uint32_t before
        uint32_t after
        uint32_t rounds
        uint32_t *removed
    size_t CNS_OPTIMIZE_SCRATCH(size_t words)
    ctypedef enum cns_reason:
        pass
    ctypedef struct cns_fault:
        cns_reason reason
        uint32_t offset
    ctypedef struct cns_limits:
        uint16_t register_count
    ctypedef struct cns_image:
        pass
    cns_status cns_image_load(cns_image *image, const cns_layout *layout, const uint32_t *words,
                              size_t count, const cns_limits *limits, uint16_t *scratch,
                              size_t scratch_count, cns_fault *fault)
    const char *cns_reason_text(cns_reason reason)
    cns_status cns_image_optimize(const cns_layout *layout, uint32_t *words, size_t *count,
                                  uint16_t *scratch, size_t scratch_count, cns_optimized *done)
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


cdef class Memory:
    """Zeros that live as long as this object."""
    cdef void *at

    def __cinit__(self, size_t count, size_t size):
        self.at = PyMem_Calloc(max(count, 1), size)
        if self.at == NULL:
            raise MemoryError

    def __dealloc__(self):
        PyMem_Free(self.at)


cdef Memory as_values(values):
    memory = Memory(len(values), sizeof(cns_value_layout))
    cdef cns_value_layout *value = <cns_value_layout *>memory.at
    for form, tag, size, count, inner, capacity in values:
        value.type.form = form
        value.type.tag = tag
        value.type.count = count
        value.size = size
        value.inner = inner
        value.capacity = capacity
        value += 1
    return memory


cdef Memory as_fields(fields):
    memory = Memory(len(fields), sizeof(cns_field_layout))
    cdef cns_field_layout *field = <cns_field_layout *>memory.at
    for capacity, value in fields:
        field.capacity = capacity
        field.value = value
        field += 1
    return memory


cdef Memory as_records(records, Memory fields):
    memory = Memory(len(records), sizeof(cns_record_layout))
    cdef cns_record_layout *record = <cns_record_layout *>memory.at
    cdef cns_field_layout *first = <cns_field_layout *>fields.at
    for count in records:
        record.field_count = count
        record.fields = first
        first += <uint16_t>count
        record += 1
    return memory


cdef str why(cns_layout *layout, Memory words, size_t count, Memory scratch, size_t size):
    """Return why the loader refuses an image, and at which word."""
    cdef cns_image image
    cdef cns_limits limits
    cdef cns_fault fault
    memset(&limits, 0, sizeof(limits))
    memset(&fault, 0, sizeof(fault))
    limits.register_count = UINT16_MAX
    cns_image_load(&image, layout, <uint32_t *>words.at, count, &limits, <uint16_t *>scratch.at,
                   size, &fault)
    return f"{cns_reason_text(fault.reason).decode()} (word {fault.offset})"


def optimize(bytes image, layout):
    """Return an image optimized, and (words before, words after, rounds, words by rule).

    The rules are those of CNS_RULES, in order. Raises ValueError for an image that the loader
    refuses, or a layout whose parts do not fit together.
    """
    records, fields, values, fingerprint = layout
    if sum(records) != len(fields) or any(value >= len(values) for _, value in fields):
        raise ValueError("a layout whose records, fields and values do not fit together")
    cdef Memory field_memory = as_fields(fields)
    cdef Memory record_memory = as_records(records, field_memory)
    cdef Memory value_memory = as_values(values)
    cdef Memory model = Memory(1, sizeof(cns_model))
    cdef Memory layout_memory = Memory(1, sizeof(cns_layout))
    cdef cns_layout *made = <cns_layout *>layout_memory.at
    made.model = <cns_model *>model.at
    made.records = <cns_record_layout *>record_memory.at
    made.values = <cns_value_layout *>value_memory.at
    made.record_count = len(records)
    made.value_count = len(values)
    made.fingerprint = fingerprint
    cdef size_t count = len(image) // sizeof(uint32_t)
    cdef size_t needed = CNS_OPTIMIZE_SCRATCH(count)
    cdef Memory words = Memory(count, sizeof(uint32_t))
    cdef Memory scratch = Memory(needed, sizeof(uint16_t))
    cdef cns_optimized done
    memcpy(words.at, <const char *>image, count * sizeof(uint32_t))
    cdef cns_status status = cns_image_optimize(
        made, <uint32_t *>words.at, &count, <uint16_t *>scratch.at, needed, &done)
    if status != CNS_OK:
        raise ValueError(why(made, words, count, scratch, needed))
    removed = tuple([done.removed[i] for i in range(CNS_RULE_COUNT)])
    optimized = (<const char *>words.at)[:count * sizeof(uint32_t)]
    return optimized, (done.before, done.after, done.rounds, removed)
