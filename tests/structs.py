# SPDX-License-Identifier: Apache-2.0
"""The structs of cns.h as ctypes."""

from __future__ import annotations

import ctypes

NO_ZONE = -(2**15)


class Str(ctypes.Structure):
    """cns_str; bytes that it is made of live as long as it does."""

    length: int
    _fields_ = (("data", ctypes.c_char_p), ("length", ctypes.c_uint32))

    @property
    def address(self) -> int | None:
        """Where the bytes are; `data` would read on to a NUL, which a cns_str need not have."""
        return ctypes.c_void_p.from_buffer(self, 0).value

    def text(self) -> bytes:
        """Return the bytes."""
        return ctypes.string_at(self.address, self.length) if self.address else b""


class LangStr(ctypes.Structure):
    """cns_langstr."""

    _fields_ = (("text", Str), ("language", Str))


class Decimal(ctypes.Structure):
    """cns_decimal."""

    unscaled: int
    scale: int
    _fields_ = (("unscaled", ctypes.c_int64), ("scale", ctypes.c_int8))


class DateTime(ctypes.Structure):
    """cns_datetime."""

    seconds: int
    nanoseconds: int
    zone: int
    _fields_ = (
        ("seconds", ctypes.c_int64),
        ("nanoseconds", ctypes.c_uint32),
        ("zone", ctypes.c_int16),
    )


class Duration(ctypes.Structure):
    """cns_duration."""

    seconds: int
    months: int
    nanoseconds: int
    _fields_ = (
        ("seconds", ctypes.c_int64),
        ("months", ctypes.c_int32),
        ("nanoseconds", ctypes.c_int32),
    )


class RefStruct(ctypes.Structure):
    """cns_ref."""

    _fields_ = (
        ("id", ctypes.c_uint32),
        ("class_id", ctypes.c_uint32),
        ("record", ctypes.c_void_p),
    )


class TypedStr(ctypes.Structure):
    """cns_typed."""

    _fields_ = (("lexical", Str), ("datatype", ctypes.c_uint32))


class TermUnion(ctypes.Union):
    """The member `as` of cns_term; a bool is a byte here, since it may hold any."""

    _fields_ = (
        ("node", RefStruct),
        ("boolean", ctypes.c_uint8),
        ("integer", ctypes.c_int64),
        ("natural", ctypes.c_uint64),
        ("single", ctypes.c_float),
        ("real", ctypes.c_double),
        ("decimal", Decimal),
        ("datetime", DateTime),
        ("duration", Duration),
        ("string", Str),
        ("langstr", LangStr),
        ("typed", TypedStr),
    )


class Term(ctypes.Structure):
    """cns_term."""

    _fields_ = (("tag", ctypes.c_uint8), ("as_", TermUnion))


class TypeInfo(ctypes.Structure):
    """cns_type."""

    _fields_ = (
        ("form", ctypes.c_uint8),
        ("tag", ctypes.c_uint8),
        ("size", ctypes.c_uint8),
        ("count", ctypes.c_uint16),
        ("terms", ctypes.POINTER(ctypes.c_uint16)),
    )


class Check(ctypes.Structure):
    """cns_check."""

    _fields_ = (
        ("component", ctypes.c_uint8),
        ("severity", ctypes.c_uint8),
        ("type", ctypes.c_uint16),
    )


class Text(ctypes.Structure):
    """cns_check_text."""

    _fields_ = (
        ("shape", ctypes.c_char_p),
        ("path", ctypes.c_char_p),
        ("message", ctypes.c_char_p),
    )


class Model(ctypes.Structure):
    """cns_model."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("checks", ctypes.POINTER(Check)),
        ("texts", ctypes.POINTER(Text)),
        ("types", ctypes.POINTER(TypeInfo)),
        ("terms", ctypes.POINTER(ctypes.c_char_p)),
        ("check_count", ctypes.c_uint16),
        ("type_count", ctypes.c_uint16),
        ("term_count", ctypes.c_uint32),
        ("handlers", ctypes.c_void_p),
        ("handler_count", ctypes.c_uint32),
        ("find", ctypes.c_void_p),
        ("image", ctypes.c_void_p),
        ("fingerprint", ctypes.c_uint32),
    )


class ValueLayout(ctypes.Structure):
    """cns_value_layout."""

    _fields_ = (
        ("type", TypeInfo),
        ("size", ctypes.c_uint32),
        ("offset", ctypes.c_uint16),
        ("inner", ctypes.c_uint16),
        ("capacity", ctypes.c_uint16),
        ("invalid", ctypes.c_uint8),
    )


class FieldLayout(ctypes.Structure):
    """cns_field_layout."""

    _fields_ = (
        ("offset", ctypes.c_uint32),
        ("presence", ctypes.c_uint32),
        ("property", ctypes.c_uint16),
        ("value", ctypes.c_uint16),
        ("capacity", ctypes.c_uint16),
    )


class RecordLayout(ctypes.Structure):
    """cns_record_layout."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("has", ctypes.c_uint32),
        ("id", ctypes.c_uint32),
        ("class_id", ctypes.c_uint32),
        ("type", ctypes.c_uint32),
        ("class_count", ctypes.c_uint16),
        ("field_count", ctypes.c_uint16),
        ("circle", ctypes.c_uint16),
        ("classes", ctypes.POINTER(ctypes.c_uint16)),
        ("fields", ctypes.POINTER(FieldLayout)),
        ("sound", ctypes.c_void_p),
    )


class LayoutTable(ctypes.Structure):
    """cns_layout."""

    _fields_ = (
        ("model", ctypes.POINTER(Model)),
        ("records", ctypes.POINTER(RecordLayout)),
        ("values", ctypes.POINTER(ValueLayout)),
        ("record_count", ctypes.c_uint16),
        ("value_count", ctypes.c_uint16),
        ("depth", ctypes.c_uint32),
        ("fingerprint", ctypes.c_uint32),
        ("empty", ctypes.c_void_p),
    )


class CheckInfo(ctypes.Structure):
    """cns_check_info."""

    _fields_ = (
        ("component", ctypes.c_uint8),
        ("severity", ctypes.c_uint8),
        ("type", ctypes.POINTER(TypeInfo)),
        ("text", Text),
    )


class Register(ctypes.Structure):
    """cns_register."""

    _fields_ = (
        ("at", ctypes.c_void_p),
        ("as_", ctypes.c_void_p),
        ("n", ctypes.c_uint32),
    )


class Fault(ctypes.Structure):
    """cns_fault."""

    _fields_ = (("reason", ctypes.c_int), ("offset", ctypes.c_uint32))


class Limits(ctypes.Structure):
    """cns_limits."""

    _fields_ = (
        ("registers", ctypes.POINTER(Register)),
        ("register_count", ctypes.c_uint16),
        ("steps", ctypes.c_uint32),
    )


class Section(ctypes.Structure):
    """cns_section."""

    _fields_ = (("start", ctypes.c_uint32), ("length", ctypes.c_uint32))


class Image(ctypes.Structure):
    """cns_image."""

    _fields_ = (
        ("model", Model),
        ("layout", ctypes.c_void_p),
        ("words", ctypes.c_void_p),
        ("limits", Limits),
        ("sections", Section * 9),
        ("function_count", ctypes.c_uint32),
        ("report", ctypes.c_uint8),
    )


class Denoter(ctypes.Structure):
    """cns_denoter."""

    _fields_ = (
        ("layout", ctypes.c_void_p),
        ("iri", ctypes.c_void_p),
        ("names", ctypes.c_void_p),
        ("label", ctypes.c_char_p),
    )


class Violation(ctypes.Structure):
    """cns_violation."""

    _fields_ = (
        ("focus", ctypes.c_void_p),
        ("value", ctypes.c_void_p),
        ("focus_id", ctypes.c_uint32),
        ("check", ctypes.c_uint16),
        ("detail_of", ctypes.c_uint16),
    )


class Result(ctypes.Structure):
    """cns_result."""

    _fields_ = (
        ("model", ctypes.POINTER(Model)),
        ("violations", ctypes.POINTER(Violation)),
        ("capacity", ctypes.c_uint16),
        ("count", ctypes.c_uint16),
        ("truncated", ctypes.c_uint16),
        ("status", ctypes.c_uint8),
        ("conforms", ctypes.c_uint8),
        ("signal_id", ctypes.c_uint32),
        ("steps", ctypes.c_uint32),
    )


class Civil(ctypes.Structure):
    """cns_civil."""

    _fields_ = [
        ("year", ctypes.c_int64),
        ("month", ctypes.c_uint8),
        ("day", ctypes.c_uint8),
        ("hour", ctypes.c_uint8),
        ("minute", ctypes.c_uint8),
        ("second", ctypes.c_uint8),
    ]


class Pattern(ctypes.Structure):
    """cns_pattern."""

    _fields_ = [
        ("next", ctypes.c_void_p),
        ("classes", ctypes.c_void_p),
        ("ranges", ctypes.c_void_p),
        ("range_classes", ctypes.c_void_p),
        ("range_count", ctypes.c_uint16),
        ("start", ctypes.c_uint16),
        ("live", ctypes.c_uint16),
        ("accepting", ctypes.c_uint16),
        ("first", ctypes.c_uint8),
        ("count", ctypes.c_uint8),
        ("beyond", ctypes.c_uint8),
        ("within", ctypes.c_uint8),
        ("stored", ctypes.c_uint8),
    ]


# By their names in C, for comparing sizes.
RUNTIME_STRUCTS: dict[str, type[ctypes.Structure]] = {
    "cns_str": Str,
    "cns_langstr": LangStr,
    "cns_decimal": Decimal,
    "cns_datetime": DateTime,
    "cns_duration": Duration,
    "cns_ref": RefStruct,
    "cns_typed": TypedStr,
    "cns_term": Term,
    "cns_type": TypeInfo,
    "cns_check": Check,
    "cns_check_text": Text,
    "cns_model": Model,
    "cns_value_layout": ValueLayout,
    "cns_field_layout": FieldLayout,
    "cns_record_layout": RecordLayout,
    "cns_layout": LayoutTable,
    "cns_denoter": Denoter,
    "cns_violation": Violation,
    "cns_result": Result,
    "cns_civil": Civil,
    "cns_pattern": Pattern,
    "cns_check_info": CheckInfo,
    "cns_register": Register,
    "cns_fault": Fault,
    "cns_limits": Limits,
    "cns_section": Section,
    "cns_image": Image,
}
