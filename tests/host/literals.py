# SPDX-License-Identifier: Apache-2.0
"""literal.h as ctypes, and lexical forms to try it with: good ones, and almost good ones."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from rdflib import Literal

from tests.fuzz.fuzz_literal import CORE, HOST
from tests.reference.terms import XSD, datatype_of
from tests.reference.terms import literal as term
from tests.reference.xml_names import NAME
from tests.runtime import toolchain
from tests.runtime.native import rows, string


class Value(ctypes.Structure):
    """cns_literal; its values are looked at by comparing."""

    datatype: int
    value: int
    well_typed: bool
    _fields_ = (
        ("datatype", ctypes.c_uint8),
        ("value", ctypes.c_uint8),
        ("well_typed", ctypes.c_bool),
        ("space", ctypes.c_uint64 * 5),
    )


def build(folder: Path) -> ctypes.CDLL:
    """Compile what reads and compares literals into a shared library."""
    library = folder / "libliteral.so"
    flags = [*toolchain.C11, "-O2", "-shared", "-fPIC", "-Wl,--no-undefined"]
    toolchain.compile_c("gcc", *flags, *HOST, *CORE, output=library)
    host = ctypes.CDLL(str(library))
    host.cns_literal_read.restype = Value
    host.cns_literal_tagged.restype = Value
    return host


class Read:
    """A literal that the C has read, and the text that it points into."""

    def __init__(self, host: ctypes.CDLL, name: str, lexical: str) -> None:
        self.host, self.text = host, lexical.encode()
        self.value: Value = host.cns_literal_read(datatype(host, XSD[name]), string(self.text))

    def compare(self, other: Read) -> int:
        """Return the cns_order of the two."""
        order: int = self.host.cns_literal_compare(
            ctypes.byref(self.value), ctypes.byref(other.value)
        )
        return order


def read(host: ctypes.CDLL, literal: Literal) -> Read:
    """Read a literal of a datatype of XSD."""
    return Read(host, datatype_of(literal).removeprefix(XSD), str(literal))


def datatype(host: ctypes.CDLL, iri: str) -> int:
    """Return the cns_datatype with this IRI."""
    found: int = host.cns_datatype_named(string(iri.encode()))
    return found


def typed(name: str, lexical: str) -> Literal:
    """Make a literal of a datatype of XSD with exactly this form."""
    return term(lexical, str(XSD[name]))


# ---- Numbers -------------------------------------------------------------------------------

INTEGERS = [name for _, member, name in rows("DATATYPES") if member in ("integer", "natural")]
SIGNS = st.sampled_from(["", "", "-", "+"])
ZEROS = st.sampled_from(["", "", "0", "000"])
TAILS = st.sampled_from(["", "", ".", ".0", ".1", "." + "0" * 20, "." + "0" * 30 + "1", ".5"])
EDGES = sorted({(1 << bits) + d for bits in (0, 7, 8, 15, 24, 31, 53, 63, 64) for d in (-1, 0, 1)})
DIGITS = (
    st.sampled_from(EDGES).map(str)
    | st.integers(0, 300).map(str)
    | st.integers(0, 10**25).map(str)
    | st.integers(300, 900).map(lambda zeros: "1" + "0" * zeros)
)


@cache
def decimal_text(number: Fraction) -> str:
    """Return all digits of a fraction of a power of two."""
    places = number.denominator.bit_length() - 1
    digits = str(number.numerator * 5**places).rjust(places + 1, "0")
    return f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}"


@st.composite
def halves(draw: st.DrawFn) -> str:
    """A number half way between two floats or doubles, exactly or almost."""
    single = draw(st.booleans())
    bits, least, most = (24, -149, 104) if single else (53, -1074, 971)
    exponent = draw(st.sampled_from([least, -bits, 0, most]) | st.integers(least, most))
    mantissa = draw(st.integers(0, 3) | st.integers(2 ** (bits - 1), 2**bits - 1))
    half = Fraction(2 * mantissa + 1, 2) * Fraction(2) ** exponent
    text = decimal_text(half)
    change = draw(st.sampled_from(["", "", "1", "0" * 900, "0" * 900 + "1", "less"]))
    return text[:-1] + "4999" if change == "less" else text + change


NEAR = st.sampled_from(["1", "1.5", "1.50", "1.49", "2", "9.9", "10", "10.1", "-1.5", "-2", "-10"])
DECIMALS = NEAR | st.builds("".join, st.tuples(SIGNS, ZEROS, DIGITS, TAILS)) | halves()
EXPONENTS = st.sampled_from(
    ["", "", "E0", "e1", "E-1", "e+10", "E22", "e-22", "E400", "E-400", "e-800", "E9" + "9" * 30]
) | st.integers(-350, 350).map(lambda power: f"E{power}")
FLOATS = st.floats() | st.floats(width=32)
BINARIES = (
    st.builds("".join, st.tuples(DECIMALS, EXPONENTS))
    | FLOATS.map(lambda number: repr(number).replace("inf", "INF").replace("nan", "NaN"))
    | st.sampled_from(["INF", "-INF", "+INF", "NaN", "-0", "0e0", "1E-45", "7E-46", "5E-324"])
)

# ---- Times ---------------------------------------------------------------------------------

LAST_YEARS = (0, 1, 4, 1900, 1972, 1999, 2000, 2001, 9999, 10000, 10001, 20000)
YEARS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "", "-"]),
        st.sampled_from([*LAST_YEARS, 10**23 - 1, 10**23, 10**23 + 1]).map("{:04d}".format),
    ),
)
MONTHS = st.sampled_from(["01", "02", "03", "12"])
DAYS = st.sampled_from(["01", "02", "28", "29", "30", "31"])
CLOCKS = st.sampled_from(["00:00:00", "24:00:00", "23:59:59", "09:59:59", "10:00:00", "14:00:00"])
FRACTIONS = st.sampled_from(["", "", "", ".0", ".1", ".10", ".9999", "." + "0" * 30 + "1"])
ZONES = st.sampled_from(["", "", "Z", "+14:00", "-14:00", "+05:30", "-00:00", "-13:59"])
PARTS = {
    "dateTime": (YEARS, "-", MONTHS, "-", DAYS, "T", CLOCKS, FRACTIONS),
    "dateTimeStamp": (YEARS, "-", MONTHS, "-", DAYS, "T", CLOCKS, FRACTIONS),
    "date": (YEARS, "-", MONTHS, "-", DAYS),
    "time": (CLOCKS, FRACTIONS),
    "gYear": (YEARS,),
    "gYearMonth": (YEARS, "-", MONTHS),
    "gMonth": ("--", MONTHS),
    "gMonthDay": ("--", MONTHS, "-", DAYS),
    "gDay": ("---", DAYS),
}


def instants(name: str) -> st.SearchStrategy[str]:
    """Draw forms of a date or time."""
    parts = [st.just(part) if isinstance(part, str) else part for part in PARTS[name]]
    return st.builds("".join, st.tuples(*parts, ZONES))


COUNTS = st.sampled_from(["0", "1", "2", "12", "27", "28", "30", "31", "400", "4800", "146097"])
COUNTS |= st.integers(0, 800).map(str) | st.sampled_from(["9" * 30, "1" + "0" * 30, "0" * 40])
SECONDS = st.builds("".join, st.tuples(COUNTS, st.sampled_from(["", ".0", ".5", ".50", ".51"])))


@st.composite
def durations(draw: st.DrawFn, date: str, time: str) -> str:
    """A duration with some of these fields."""

    def fields(letters: str) -> str:
        counts = [
            draw(SECONDS if x == "S" else COUNTS) + x for x in letters if draw(st.booleans())
        ]
        return "".join(counts)

    clock = fields(time)
    return draw(st.sampled_from(["", "-"])) + "P" + fields(date) + ("T" + clock if clock else "")


@st.composite
def near_durations(draw: st.DrawFn) -> str:
    """A duration of months, or of about as many days: one that the order may not know."""
    months, sign = draw(st.integers(0, 60) | st.just(4800)), draw(st.sampled_from(["", "-"]))
    if draw(st.booleans()):
        return f"{sign}P{months}M"
    return f"{sign}P{round(months * 30.436875) + draw(st.integers(-4, 4))}D"


# ---- Text ----------------------------------------------------------------------------------

NAMES = st.text(st.sampled_from("aaaZé_é:-1 \t/·\u0300\U0001f600"), max_size=8)
PAIRS = st.text(st.sampled_from("0aF9"), max_size=8)
BASE64 = st.text(st.sampled_from("AAAAQEBg+/9 ="), max_size=13)
TEXT = st.text(max_size=8)
NAMED = (
    "string normalizedString token language NMTOKEN Name NCName ID IDREF ENTITY NMTOKENS IDREFS "
    "ENTITIES QName NOTATION anyURI"
)
# The first and last characters of the ranges of XML's names, and those beside them.
NAME_EDGES = sorted(
    {
        chr(code)
        for first, last in NAME
        for code in (first - 1, first, last, last + 1)
        if not 0xD800 <= code <= 0xDFFF
    }
)

FORMS: dict[str, st.SearchStrategy[str]] = {
    **{name: st.builds("".join, st.tuples(SIGNS, ZEROS, DIGITS)) for name in INTEGERS},
    "decimal": DECIMALS,
    "float": BINARIES,
    "double": BINARIES,
    "boolean": st.sampled_from(["true", "false", "1", "0"]),
    **{name: instants(name) for name in PARTS},
    "duration": durations("YMD", "HMS") | near_durations(),
    "yearMonthDuration": durations("YM", "") | near_durations(),
    "dayTimeDuration": durations("D", "HMS") | near_durations(),
    **dict.fromkeys(NAMED.split(), NAMES | TEXT),
    "hexBinary": PAIRS,
    "base64Binary": BASE64,
}
# Among these there is an order.
GROUPS = (
    [*INTEGERS, "decimal", "float", "double"],
    ["integer", "decimal", "float", "double"],
    ["float"],
    *([name] for name in PARTS),
    ["dateTime", "dateTimeStamp"],
    ["duration", "yearMonthDuration", "dayTimeDuration"],
    ["string", "token", "Name", "boolean", "integer"],
    ["boolean"],
    [*NAMED.split(), "hexBinary", "base64Binary"],
    sorted(FORMS),
)


@st.composite
def mutated(draw: st.DrawFn, form: str) -> str:
    """The form, often with a letter too many, too few or another one."""
    if draw(st.integers(0, 3)) > 0:
        return form
    at, letter = (
        draw(st.integers(0, len(form))),
        draw(st.sampled_from("0159+-.:TZPYMDHSEe \n\tINFé")),
    )
    change: Callable[[], str] = draw(
        st.sampled_from(
            [
                lambda: form[:at] + letter + form[at:],
                lambda: form[:at] + form[at + 1 :],
                lambda: form[:at] + letter + form[at + 1 :],
                lambda: form[:at],
                lambda: form[at:],
            ]
        )
    )
    return change()


def literals(names: list[str]) -> st.SearchStrategy[Literal]:
    """Draw literals of these datatypes."""
    return st.sampled_from(names).flatmap(
        lambda name: FORMS[name].flatmap(mutated).map(lambda form: typed(name, form))
    )
